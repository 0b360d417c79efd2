"""The table: the work at hand in the centre, and whatever else there is to look at behind tabs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, TabbedContent, TabPane

from negsim.rules import EVERYTHING
from negsim.sitting import Sitting
from negsim.text import fact_lines, wrap
from negsim.tui.actions import PASS, REFUSED, Actions, why_not
from negsim.tui.branches import Branches
from negsim.tui.centre import Centre, Work
from negsim.tui.draft import Draft
from negsim.tui.endings import Endings
from negsim.tui.faults import as_told
from negsim.tui.hints import hint
from negsim.tui.items import Items
from negsim.tui.keys import Keys
from negsim.tui.line import Line
from negsim.tui.plain import Plain, content
from negsim.tui.reader import Reader, page_width
from negsim.tui.record import Record
from negsim.tui.stage import stage_bar
from negsim.tui.timeline import Timeline, entry
from negsim.tui.verbs import Verb, Verbal, bindings
from negsim.views import brief_lines, move_lines, paper_lines, party_name, steps

if TYPE_CHECKING:
    from negsim.tui.app import Negsim

TABS = {
    "table": ("Table", "t"),
    "timeline": ("Timeline", "l"),
    "items": ("Items", "i"),
    "papers": ("Papers", "k"),
    "seat": ("Seat", "y"),
    "branches": ("Branches", "b"),
    "endings": ("Endings", "g"),
}
"""The tabs, each with the key that opens it."""
LATER = ("branches", "endings")
"""The tabs that a simpler level shows once a line has come to its end."""
HIDDEN = "it is hidden until the debrief"
HIDES: Mapping[str, frozenset[str]] = {
    "next": frozenset({"record"}),
    "step 1": frozenset({"record"}),
    "step -1": frozenset({"record"}),
    "facts": frozenset({"facts"}),
    "debrief": frozenset({"record", "endings", "branches", "facts"}),
    "compare": frozenset({"record", "branches"}),
    "show branches": frozenset({"branches", "endings"}),
    "show endings": frozenset({"branches", "endings"}),
}
"""What an exercise may hide, each with the verbs that would show it."""


class Tabs(TabbedContent):
    """Tabs that open for who has the arrows now: who had them before asks no more, else two tabs
    would open each other for ever where keys come fast."""

    def on_tab_pane_focused(self, event: TabPane.Focused) -> None:
        """Passes over what is no longer so."""
        focused = self.screen.focused
        if focused is None or event.tab_pane not in focused.ancestors:
            event.prevent_default()


class Table(Verbal):
    """The session that is played."""

    app: Negsim
    VERBS: ClassVar[Sequence[Verb]] = (
        Verb("pass", "p", "Pass", "End the turn"),
        Verb("undo", "u", "Undo", "One decision back; nothing is lost"),
        Verb("redo", "r", "Redo", "One decision forth again", False),
        Verb("next", "n", "Next", "Take the record's next step"),
        Verb("eyes", "v", "Eyes", "See with the next one's eyes"),
        Verb("step 1", "right", "Step", "A step of the record on, while it is followed", False),
        Verb("step -1", "left", "Back", "The step of the record before", False),
        Verb("all", "a", "Actions", "The record or the draft, and then all actions"),
        Verb("why", "w", "Why", "Why an ending is closed, or an action refused"),
        Verb("facts", "f", "Facts", "The facts behind what is marked"),
        Verb("debrief", "d", "Debrief", "What the line came to, beside what is reported"),
        Verb("compare", "c", "Compare", "This line beside another, or beside the record", False),
        Verb("note", "o", "Note", "Write the reason for what was done last", False),
        Verb("name", "m", "Name", "Give this place a name", False),
        Verb("filter", "slash", "Filter", "Show only actions that have some letters", False),
        Verb("refused", "x", "Refused", "Show what is refused among the actions", False),
        Verb("export", "e", "Export", "Save a picture, the line or the debrief", False),
        *(
            Verb(f"show {tab}", key, title, f"Open the tab {title}", False)
            for tab, (title, key) in TABS.items()
        ),
        Verb("home", "escape", "Home", "Back to the cases; everything is kept", False),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings("table", VERBS)

    def __init__(
        self, sitting: Sitting, path: Path | None = None, *, says: str = "", follow: bool = False
    ) -> None:
        super().__init__()
        self.sitting = sitting
        self.path = path
        self._says = says
        self._told = self.sitting.here
        follow = follow or (sitting.session.entries > 0 and sitting.here.recorded)
        self._centre = Centre(sitting, "record" if follow else "draft", self._closes)

    def compose(self) -> ComposeResult:
        """The stage above, the work in the middle, the rest behind tabs."""
        yield Plain(id="stage")
        with Tabs(id="tabs", initial="tab-table"):
            with _pane("table"):
                yield Plain(id="news")
                yield self._centre
            with _pane("timeline"):
                yield Timeline()
            with _pane("items"):
                yield Items()
            for name in PANES:
                with _pane(name), VerticalScroll(classes="pane"):
                    yield Plain(id=name)
            with _pane("branches"):
                yield Branches()
            with _pane("endings"):
                yield Endings()
        yield Line()
        yield Plain(id="says")
        yield Keys()

    def on_mount(self) -> None:
        """Plays for whoever is not asked, and shows where things stand."""
        self._try(self.sitting.go_on, says=self._says)
        self._focus()

    def on_resize(self) -> None:
        """The lines are set anew for the width."""
        if self.is_mounted:
            self.refresh_table()

    # What is shown.

    @property
    def columns(self) -> int:
        """The columns that text is set in."""
        return max(40, min(self.size.width - 4, 110))

    def refresh_table(self) -> None:
        """Shows the state of the session everywhere that can be seen; a fault is told in place."""
        try:
            self._show_all()
        except Exception as error:
            self.say(f"No: {as_told(error)}")

    def _show_all(self) -> None:
        sitting = self.sitting
        self.query_one("#stage", Plain).show(stage_bar(sitting, self.size.width - 2))
        tabs = self.query_one(TabbedContent)
        for tab in LATER:
            (tabs.show_tab if sitting.reveals else tabs.hide_tab)(f"tab-{tab}")
        if sitting.seat is None:
            tabs.hide_tab("tab-seat")
        self._show_news()
        self._show_centre()
        self.query_one(Timeline).show(sitting)
        self.query_one(Branches).show(sitting)
        self.query_one(Endings).show(sitting)
        self._show_pane()
        self._show_says()

    def _show_news(self) -> None:
        """What was done since it was told last."""
        sitting = self.sitting
        news = list(sitting.news(self._told))
        self._told = sitting.here
        told = list(move_lines(sitting.case, news, sitting.eyes, self.columns))
        room = max(2, self.size.height // 5)
        if len(told) > room:
            told = ["... (l tells all of it)", *told[1 - room :]]
        self.query_one("#news", Plain).show(told)
        self.query_one("#news").display = bool(told) and self.centre != "record"

    @property
    def centre(self) -> Work:
        """What stands in the centre."""
        return self._centre.work

    @property
    def marked(self) -> str:
        """The id of the action, or entry, that is marked in it."""
        return self._centre.marked

    def _show_centre(self) -> None:
        had = self.focused is not None and self._centre in self.focused.ancestors
        self._centre.show(self.columns)
        if had:
            self._focus()

    def _closes(self, action_id: str) -> str:
        """Which endings an action closes, where that is shown."""
        if action_id not in self.sitting.game.by_id or not self.sitting.reveals:
            return ""
        return self.query_one(Endings).closes(action_id)

    def _show_pane(self) -> None:
        name = self.query_one(TabbedContent).active.removeprefix("tab-")
        if name == "items":
            self.query_one(Items).show(self.sitting)
        elif name in PANES:
            self.query_one(f"#{name}", Plain).show(PANES[name](self.sitting, self.columns))

    def _show_says(self) -> None:
        says = self._says
        if not says:
            seated = self.sitting.seat is not None
            told = hint(self.centre, self.app.settings.followed, seated=seated)
            says = f"Hint: {told}" if told is not None else ""
        self.query_one("#says", Plain).show(says)
        self.query_one("#says").display = bool(says)

    def say(self, text: str) -> None:
        """Says it above the keys, until something else is done."""
        self._says = text
        self._show_says()

    def _focus(self) -> None:
        """The arrows are for what is shown."""
        active = self.query_one(TabbedContent).active
        inside = {
            "tab-table": self._centre.arrows,
            "tab-timeline": "#timeline",
            "tab-items": "#item-table",
            "tab-branches": "#branches",
            "tab-endings": "#endings",
        }
        self.query_one(inside.get(active, f"#{active} .pane")).focus()

    # What happens.

    def _try(self, verb: Callable[[], None], followed: str = "", says: str = "") -> None:
        """Does it, and shows what came of it; what cannot be is said in place."""
        self._says = says
        try:
            verb()
        except Exception as error:
            self._says = f"No: {as_told(error)}"
        else:
            if followed:
                self.app.followed(followed)
        self.refresh_table()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Tells what the marked action does."""
        if event.option_list.id == "actions":
            self._centre.show_preview()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Takes the marked action, or says why it cannot be."""
        name = event.option_id or ""
        if event.option_list.id != "actions":
            return
        if name == PASS:
            self.action_verb("pass")
        elif name.startswith(REFUSED):
            self.say(f"No: {why_not(self.sitting, name.removeprefix(REFUSED))}")
        else:
            self._try(lambda: self.sitting.take(name), "take")

    def on_draft_marked(self) -> None:
        """Tells what the marked answer does."""
        self._centre.show_preview()

    def on_draft_chosen(self, event: Draft.Chosen) -> None:
        """Writes the answer."""
        self._try(lambda: self.sitting.take(event.action.id), "take")

    def on_record_step(self, event: Record.Step) -> None:
        """A step of the record on, or back."""
        sitting = self.sitting
        if event.by > 0 and (reason := self.unable("next")) is not None:
            self.say(f"No: {reason}.")
        elif event.by > 0:
            self._try(sitting.follow, "step")
        elif event.by < 0:
            self._try(sitting.step_back, "step")
        else:
            self.refresh_table()

    def on_record_leave(self) -> None:
        """From here on the person acts."""
        self._centre.wanted = "draft"
        self.app.followed("leave")
        self.refresh_table()

    def on_branches_went(self, event: Branches.Went) -> None:
        """Goes to the place that was chosen in the tree."""
        self._try(lambda: self.sitting.goto(event.node_id))

    def on_timeline_cited(self, event: Timeline.Cited) -> None:
        """Opens the facts behind a step."""
        self.read(event.title, event.facts)

    def on_items_cited(self, event: Items.Cited) -> None:
        """Opens the facts behind an item."""
        self.read(event.title, event.facts, event.lines)

    def on_endings_closing(self) -> None:
        """The explorer knows what the actions close: the preview is shown again."""
        self._centre.show_preview()

    def on_tabbed_content_tab_activated(self) -> None:
        """The tab is filled, and has the arrows; a sign tells which one it is."""
        tabs = self.query_one(TabbedContent)
        for tab in TABS:
            tabs.get_tab(f"tab-{tab}").label = _label(tab, tabs.active == f"tab-{tab}")
        self._show_pane()
        if not self.query_one(Line).has_focus:  # it may have been opened with the tab
            self._focus()

    def on_line_written(self, event: Line.Written) -> None:
        """A line was written, for one of three things."""
        match event.purpose:
            case "note" if not event.text.strip():
                self._says = ""
            case "note":
                self._try(lambda: self.sitting.session.note(event.text), "note")
            case "name":
                self._try(lambda: self.sitting.session.name(event.text))
            case "filter":
                self._says = ""
        if self._says:  # what was written is not lost
            self.query_one(Line).open(event.purpose, event.text)
        else:
            self._focus()

    def on_line_typed(self, event: Line.Typed) -> None:
        """The letters of the filter."""
        if event.purpose == "filter":
            self._centre.letters = event.text
            self._show_centre()

    def on_line_left(self, event: Line.Left) -> None:
        """The line was left without being written."""
        if event.purpose == "filter":
            self._centre.letters = ""
        self._says = ""
        self.refresh_table()
        self._focus()

    # What can be done.

    def unable(self, name: str) -> str | None:
        """Why it cannot be done now."""
        sitting = self.sitting
        seated = f"you sit for {party_name(sitting.pack, sitting.seat or EVERYTHING)}"
        if sitting.rules.hides & HIDES.get(name, frozenset()):
            return HIDDEN
        match name:
            case "pass" if sitting.mover is None:
                return "the line has ended; u goes back"
            case "undo" if sitting.decided is None:
                return "nothing was decided before this"
            case "redo" if sitting.session.undone is None:
                return "nothing was undone here"
            case "next" if not sitting.sees_ahead:
                return f"{seated}; the others follow the record by themselves"
            case "next" if sitting.case.following(sitting.here) is None:
                return "no step of the record follows here"
            case "step 1" | "step -1" if self.centre != "record":
                return "the record is followed no more; a leads back to it, where the line is on it"
            case "eyes" if sitting.seat is not None:
                return f"{seated} and see with its eyes"
            case "debrief" if not sitting.sees_ahead:
                return "the debrief comes when the line has come to its end"
            case "show seat" if sitting.seat is None:
                return "you act for everybody and have no seat"
            case "show branches" | "show endings" if not sitting.reveals:
                return "at this level they come once a line has come to its end"
            case "filter" | "refused" if "actions" not in self._centre.there:
                return "what can be done is withheld from these eyes"
            case "all" if len(self._centre.there) == 1:
                return "there is nothing else to show in the centre"
        return None

    def do_pass(self) -> None:
        """Ends the turn."""
        self._try(self.sitting.end_turn, "pass")

    def do_undo(self) -> None:
        """One decision back."""
        self._try(self.sitting.undo, "undo")

    def do_redo(self) -> None:
        """One decision forth."""
        self._try(self.sitting.redo)

    def do_next(self) -> None:
        """The record's next step."""
        self._try(self.sitting.follow)

    def do_step(self, by: str) -> None:
        """A step of the record, whatever tab is open."""
        self.query_one(Record).pause()
        self.on_record_step(Record.Step(int(by)))

    def do_eyes(self) -> None:
        """The next viewpoint."""
        there = [EVERYTHING, *self.sitting.game.viewpoints]
        following = there[(there.index(self.sitting.eyes) + 1) % len(there)]
        self._try(lambda: self.sitting.see_with(following), "eyes")

    def do_all(self) -> None:
        """What else can stand in the centre."""
        found = self._centre.there
        self._centre.wanted = found[(found.index(self.centre) + 1) % len(found)]
        self.query_one(TabbedContent).active = "tab-table"
        self._try(lambda: None, "all")
        self._focus()

    def do_refused(self) -> None:
        """Shows or hides what is refused."""
        self._centre.refused = not self._centre.refused
        self._see_actions()
        if self._centre.refused:
            self.query_one(Actions).mark_refused()

    def do_filter(self) -> None:
        """Opens the line for letters."""
        self._see_actions()
        self.query_one(Line).open("filter", self._centre.letters)

    def _see_actions(self) -> None:
        self._centre.wanted = "actions"
        self.query_one(TabbedContent).active = "tab-table"
        self.refresh_table()
        self._focus()

    def do_note(self) -> None:
        """Opens the line for a reason."""
        self.say("")
        self.query_one(Line).open("note")

    def do_name(self) -> None:
        """Opens the line for a name."""
        self.say("")
        self.query_one(Line).open("name", self.sitting.session.names.get(self.sitting.here.id, ""))

    def do_show(self, tab: str) -> None:
        """Opens a tab."""
        self.query_one(TabbedContent).active = f"tab-{tab}"
        self.app.followed(f"show {tab}")
        self._show_says()
        self._focus()

    def do_facts(self) -> None:
        """The facts behind the marked action, or behind the last step."""
        sitting = self.sitting
        self.app.followed("facts")
        action = sitting.game.by_id.get(self.marked.removeprefix(REFUSED))
        if self.centre == "record" or action is None:
            self.read(*_last_step(sitting))
        elif not sitting.sees_ahead:
            when = "in the debrief" if "record" in sitting.rules.hides else "once your line is over"
            told = f"The facts behind an action are shown {when}: what is reported of it could "
            told += "tell what was done. "
            told += "y has the facts of your brief. " if sitting.seat is not None else ""
            told += action.text
            self.app.push_screen(Reader("Facts", wrap(told, page_width(self.size.width))))
        else:
            self.read(action.text, action.facts)

    def read(self, title: str, facts: Iterable[str], lines: Sequence[str] = ()) -> None:
        """Opens the source reader on these facts."""
        loaded = self.sitting.case.loaded
        width = page_width(self.size.width)
        told = [line for fact in facts for line in (*fact_lines(fact, loaded, width, ""), "")]
        none = "It cites no facts: in this model it is invented."
        if told and "facts" in self.sitting.rules.hides:
            told, none = [], "Its facts are hidden until the debrief."
        said = [it for line in lines for it in wrap(line, width, "", "  ")]
        self.app.push_screen(Reader(title, [*said, *(told or [none])]))

    def do_why(self) -> None:
        """Why an ending is closed, or an action refused."""
        from negsim.tui.why import WhyScreen

        self.app.followed("why")
        endings = self.query_one(Endings) if self.sitting.reveals else None
        self.app.push_screen(WhyScreen(self.sitting, endings))

    def do_compare(self) -> None:
        """Two lines beside each other."""
        from negsim.tui.compare import CompareScreen

        self.app.push_screen(CompareScreen(self.sitting))

    def do_debrief(self) -> None:
        """What the line came to."""
        from negsim.tui.debrief import look_back

        look_back(self.app, self.sitting, self.query_one(Endings))

    def do_export(self) -> None:
        """Saves a picture, the line, or the debrief."""
        from negsim.tui.export import ExportScreen

        self.app.push_screen(ExportScreen(self.sitting, self.path, self.app.export_screenshot()))

    def do_home(self) -> None:
        """Shows all actions again where a filter hides some; else leaves the session."""
        if self._centre.letters:
            self.query_one(Line).action_leave()
        else:
            self.app.close_session()


def _pane(tab: str) -> TabPane:
    return TabPane(_label(tab, tab == "table"), id=f"tab-{tab}")


def _label(tab: str, opened: bool) -> Content:
    title, key = TABS[tab]
    return content(f"{'>' if opened else ' '}{title} {key}")


def _last_step(sitting: Sitting) -> tuple[str, list[str]]:
    """The last step that the eyes see on the line, with its facts and those told before it."""
    case, eyes = sitting.case, sitting.eyes
    told = (list(steps(case, node, eyes)) for node in reversed(sitting.here.line))
    entries = [entry(case, it, eyes, 90) for it in next(filter(None, told), [])]
    facts = [fact for it in entries for fact in it.facts or ()]
    title = next((it.title for it in reversed(entries) if it.title), "Facts")
    return title, list(dict.fromkeys(facts))


PANES: dict[str, Callable[[Sitting, int], Iterable[str]]] = {
    "papers": lambda sitting, width: paper_lines(sitting.case, sitting.known, width),
    "seat": lambda sitting, width: brief_lines(sitting.case, sitting.seat or "", width),
}
"""What stands behind the tabs that only have lines of text."""
