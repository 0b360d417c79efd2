"""The debrief of a line on the screen: its sections, what each tells, and the facts behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.strip import Strip
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from negsim.answers import turns_told
from negsim.debrief import TURNING, Debrief, Section, debrief, with_turning
from negsim.debrief.rows import Role, Row, kept, section_rows
from negsim.errors import NegsimError, printable
from negsim.journal_file import file_of
from negsim.sitting import Sitting
from negsim.text import fact_lines, wrap
from negsim.tui.deliver import give
from negsim.tui.keys import Keys
from negsim.tui.plain import Plain, content
from negsim.tui.reader import Reader
from negsim.tui.verbs import Verb, Verbal, bindings

if TYPE_CHECKING:
    from negsim.outlook import Outlook
    from negsim.tui.endings import Endings

FIRST = ("line", "judging")
"""The sections that a class talks about first."""
WIDEST = 110
"""Lines are not set wider than this."""
AWAITED = "Turning points are being worked out."
NO_TURNING = "None was found on this line."
STYLES: Mapping[Role, str] = {"lead": "dim", "title": "bold", "head": "bold", "entry": ""}
"""How a row is set; colours say nothing here."""


def listed(told: Debrief) -> list[Section]:
    """The sections that there is something to tell in, those first that are talked about first."""
    there = [it for it in told.sections if it.blocks or it.id == TURNING]
    return sorted(there, key=lambda it: FIRST.index(it.id) if it.id in FIRST else len(FIRST))


def pages(told: Debrief) -> dict[str, str]:
    """The debrief as it is saved, by the ending of the file."""
    from negsim.export.debrief_html import debrief_html  # takes long to import, and is seldom used
    from negsim.export.debrief_markdown import debrief_markdown

    return {"html": debrief_html(told), "md": debrief_markdown(told)}


def look_back(app: App[Any], sitting: Sitting, endings: Endings) -> None:
    """Opens the debrief of where a session stands; `endings` works out its turning points."""
    screen = DebriefScreen(sitting)

    def tell(outlook: Outlook) -> None:
        if outlook.turns is not None:
            screen.show_turning(turns_told(sitting.case, outlook.turns))
        elif outlook.error:
            screen.show_turning((), f"They were not worked out: {outlook.error}")

    app.push_screen(screen)
    endings.debrief(tell)


class Telling(OptionList):
    """What a section tells: the arrows go from entry to entry, enter opens the facts of one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Facts", id="debrief.facts", tooltip="The facts of an entry"),
        Binding(
            "left", "screen.list", "Sections", id="debrief.sections",
            tooltip="Back to the list of sections",
        ),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__(id="telling", markup=False)
        self.rows: Sequence[Row] = ()

    def show(self, rows: Sequence[Row], marked: int) -> None:
        """Shows other rows, one of them marked."""
        self.rows = rows
        self.set_options(Option(_styled(it), disabled=it.role != "entry") for it in rows)
        self.highlighted = marked

    def render_line(self, y: int) -> Strip:
        """A line in sight; the head of a table stays there while its rows are."""
        top = self.scroll_offset.y
        head = kept(self.rows, top)
        return super().render_line(head[y] - top if y < len(head) else y)

    def on_resize(self) -> None:
        """What is marked does not slip under an edge."""
        if self.has_focus:
            self.scroll_to_highlight()

    def scroll_to_highlight(self, top: bool = False) -> None:
        """What stands above the first entry comes into view with it, and no head covers one."""
        super().scroll_to_highlight(top)
        if self.highlighted is None:
            return
        above = self.rows[: self.highlighted]
        line = sum(len(it.lines) for it in above)
        covered = len(kept(self.rows, self.scroll_offset.y))
        if all(it.role != "entry" for it in above):
            line = covered = 0
        if line < self.scroll_offset.y + covered:
            self.scroll_to(y=line - covered, animate=False, immediate=True)


class Sections(OptionList):
    """The sections of the debrief: enter goes into one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,right", "select", "Read", id="debrief.read", tooltip="Go into the section"),
    ]


class DebriefScreen(Verbal):
    """The debrief of the line to where the session stands, told with all eyes open."""

    VERBS: ClassVar[Sequence[Verb]] = (
        Verb("save", "e", "Save", "Save the debrief as a page (HTML) and as Markdown"),
        Verb("back", "escape", "Back", "Back to the table"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings("debrief", VERBS)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012
    CSS_PATH = "debrief.tcss"

    def __init__(self, sitting: Sitting) -> None:
        super().__init__()
        self.sitting = sitting
        self._node = sitting.here
        self._awaited = AWAITED
        self._turned = False

    @cached_property
    def told(self) -> Debrief:
        """The debrief as it is known so far."""
        return debrief(self.sitting.session, self._node)

    def compose(self) -> ComposeResult:
        """The sections, and what the marked one tells."""
        yield Plain("Debrief", id="debrief-title")
        with Container(id="debrief"):
            yield Sections(id="sections", markup=False)
            yield Telling()
        yield Plain(id="said", classes="-none")
        yield Keys()

    def on_mount(self) -> None:
        """A long line takes a moment: the screen is there before."""
        self.query_one(Telling).add_option(Option("One moment ...", disabled=True))
        self.call_after_refresh(self._list)

    def _list(self) -> None:
        self.query_one("#debrief-title", Plain).show(self.told.title)
        sections = self.query_one(Sections)
        sections.set_options(Option(content(it.title), id=it.id) for it in listed(self.told))
        sections.highlighted = 0
        sections.focus()

    def show_turning(self, turning: Sequence[tuple[str, Sequence[str]]], note: str = "") -> None:
        """Tells the turning points once they are worked out; or why there are none, if need be."""
        self._awaited, self._turned = note or NO_TURNING, True
        self.told = with_turning(self.told, turning)
        if self.is_mounted and self.is_attached and self._marked == TURNING:
            self._tell()

    # What the marked section tells.

    @property
    def _marked(self) -> str | None:
        """The id of the section that is told."""
        option = self.query_one(Sections).highlighted_option
        return option.id if option is not None else None

    @on(OptionList.OptionHighlighted, "#sections")
    def _other_section(self) -> None:
        self._tell()
        self.query_one(Telling).scroll_to(y=0, animate=False)

    def on_resize(self) -> None:
        """Sets the lines for the new width."""
        self.call_after_refresh(self._tell)

    def _tell(self) -> None:
        """Sets the section, with the same entry marked where it is the same section."""
        if self._marked is None:
            return
        telling = self.query_one(Telling)
        width = max(40, min(telling.scrollable_content_region.width - 2, WIDEST))
        rows = list(self._section_rows(self.told.section(self._marked), width))
        same = [it.told for it in telling.rows] == [it.told for it in rows]
        first = next(n for n, it in enumerate(rows) if it.role == "entry")
        marked = telling.highlighted if same else None
        telling.show(rows, first if marked is None else marked)

    def _section_rows(self, section: Section, width: int) -> Iterator[Row]:
        yield from section_rows(section, width)
        if not section.blocks:
            yield Row("entry", ("", *wrap(self._awaited, width)), (self._awaited,))

    @on(OptionList.OptionSelected, "#sections")
    def _read(self) -> None:
        """Goes into the section."""
        self.query_one(Telling).focus()

    def action_list(self) -> None:
        """Goes back to the list of sections."""
        self.query_one(Sections).focus()

    @on(OptionList.OptionSelected, "#telling")
    def _open_facts(self, event: OptionList.OptionSelected) -> None:
        """Opens the entry with the facts that it rests on."""
        row, loaded = self.query_one(Telling).rows[event.option_index], self.sitting.case.loaded
        width = max(40, min(self.size.width * 9 // 10 - 8, 90))
        lines = [line for it in row.told for line in wrap(it, width, "", "  ")]
        for fact in row.facts:
            lines += ["", *fact_lines(fact, loaded, width, "")]
        title = self.told.section(self._marked or "").title
        self.app.push_screen(
            Reader(title, lines if row.facts else [*lines, "", "No fact is cited."])
        )

    # What can be done.

    def say(self, text: str) -> None:
        """Says something in place."""
        said = self.query_one("#said", Plain)
        said.show(printable(text))
        said.remove_class("-none")

    def do_save(self) -> None:
        """Saves it where negsim was started; in a browser, where the browser puts what it loads."""
        name = f"{file_of(self.sitting.session.header).stem}-debrief"
        later = "" if self._turned else " Turning points were not worked out yet."
        try:
            self.say(give(self.app, name, pages(self.told)) + later)
        except NegsimError as error:
            self.say(f"No: {error}.")
        except OSError as error:  # the folder itself may be gone
            self.say(f"No: nothing can be saved here ({error.strerror}).")

    def do_back(self) -> None:
        """Goes back."""
        self.dismiss()


def _styled(row: Row) -> Content:
    text = content("\n".join(row.lines))
    return text.stylize(STYLES[row.role]) if STYLES[row.role] else text
