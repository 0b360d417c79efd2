"""Why an ending is closed, and why an action is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from negsim.engine import outcome
from negsim.errors import NegsimError
from negsim.rules import EVERYTHING, Action, Ending
from negsim.sitting import Sitting
from negsim.text import wrap
from negsim.tui.endings import Endings
from negsim.tui.keys import Keys
from negsim.tui.plain import Plain, content
from negsim.tui.reader import Reader, page_width
from negsim.views import party_name

if TYPE_CHECKING:
    from negsim.explore.seats import Verdict
    from negsim.outlook import Outlook

CLOSED, REFUSED = "Why is an ending closed?", "Why is an action refused?"
"""What stands over the two parts of the list."""
NOTHING_REFUSED = "  (nothing is refused here)"
NOTHING_FOUND = "  (nothing else has these letters)"
WORKING = "working out"
ENDING, ACTION = "ending:", "action:"
"""What the ids of the two kinds of entries begin with."""


def ending_lines(
    sitting: Sitting, outlook: Outlook | None, ending: Ending, width: int
) -> Iterator[str]:
    """Whether an ending is closed, and if so by which step, which rule, and what would have kept
    it; as far as that is worked out."""
    from negsim.answers import MODEL, prospect_lines

    ended = outcome(sitting.game, sitting.here.state)
    if ended is not None and ended.ending == ending:
        yield from wrap(f"{ending.title}: this ending is reached. {ended.reason}", width)
        return
    if outlook is not None and outlook.error:
        yield from (*wrap(f"Not worked out further: {outlook.error}", width), "")
    found = outlook.prospects if outlook is not None else ()
    it = next((it for it in found if it.ending == ending.id), None)
    if outlook is None or it is None or it.possible is None:
        if outlook is None or not outlook.error:
            yield from wrap(f"{ending.title}: {WORKING} whether it is still possible ...", width)
        return
    if it.possible != "no" and ended is None:
        yield from wrap(ending.title, width)
        yield from prospect_lines(sitting.pack, it, width)
    else:
        yield from _closed(sitting, outlook, ending, width)
    if sitting.eyes != EVERYTHING:
        eyes = party_name(sitting.pack, sitting.eyes)
        text = f"Answered over all states that {eyes} cannot tell from those of this line."
        yield from ("", *wrap(text, width))
    yield from ("", *wrap(MODEL, width))


def _closed(sitting: Sitting, outlook: Outlook, ending: Ending, width: int) -> Iterator[str]:
    """By which step of the line an ending was closed."""
    from negsim.answers import turn_lines

    yield from wrap(f"{ending.title}: no longer possible in this model.", width)
    ended = outcome(sitting.game, sitting.here.state)
    if ended is not None:
        yield from wrap(f"The line has ended: {ended.ending.title}.", width)
    if outlook.turns is None:
        if not outlook.error:
            yield f"{WORKING.capitalize()} which step closed it ..."
        return
    turn = next((it for it in outlook.turns if ending.id in it.endings), None)
    if turn is not None:
        yield "The step that closed it:"
        yield from turn_lines(sitting.case, turn, sitting.eyes, width, ending.id)
        if any(it.reasons is None for it in turn.closed if it.ending == ending.id):
            yield f"  {WORKING.capitalize()} which rule did ..."
    elif ended is None:
        yield from wrap("At no place of this line was it possible.", width)


def refused_lines(sitting: Sitting, action: Action, width: int) -> Iterator[str]:
    """Why an action cannot be taken now, in the words of the rule."""
    yield from (*wrap(action.text or action.id, width), "")
    try:
        said = sitting.refused(action.id) or "It is not refused: it can be taken now."
    except NegsimError as error:
        said = str(error)
    yield from wrap(said, width)


def refusals(sitting: Sitting) -> tuple[Action, ...]:
    """What is refused to the person; what is refused to others is not theirs to know."""
    return sitting.refusals if sitting.for_all or sitting.mover == sitting.seat else ()


class Whys(OptionList):
    """What can be asked; enter opens the answer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Read", id="why.read", tooltip="Read it on a page of its own"),
    ]


class WhyScreen(Screen[None]):
    """The endings, if they may be shown, and what is refused; of what is marked, why.

    `endings` is the table's own widget, which works them out; None: they may not be shown. A letter
    begins to look for what has it.
    """

    CSS = """
    WhyScreen #letters { height: 1; border: none; padding: 0 1; }
    WhyScreen #both { height: 1fr; }
    WhyScreen #whys { width: 1fr; height: 1fr; border: none; padding: 0 1; }
    WhyScreen #answer { height: 12; padding: 0 1; border-top: solid $panel; }
    WhyScreen.-wide #both { layout: horizontal; }
    WhyScreen.-wide #answer {
        width: 55%; height: 1fr; border-top: none; border-left: solid $panel;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "letters", "Filter", id="why.filter", tooltip="Look for some letters"),
        Binding("up", "mark(-1)", "Up", id="why.up", show=False),
        Binding("down", "mark(1)", "Down", id="why.down", show=False),
        Binding("escape", "back", "Back", id="why.back", tooltip="Show all again, or go back"),
    ]

    def __init__(self, sitting: Sitting, endings: Endings | None) -> None:
        super().__init__()
        self._sitting = sitting
        self._endings = endings
        self._refused = {f"{ACTION}{it.id}": it for it in refusals(sitting)}
        told = sitting.game.endings if endings is not None else ()
        self._told = {f"{ENDING}{it.id}": it for it in told}

    def compose(self) -> ComposeResult:
        """Letters to look for, what there is to ask, and the answer."""
        letters = Input(
            placeholder="letters of what you look for", select_on_focus=False, id="letters"
        )
        letters.cursor_blink = False
        yield letters
        with Container(id="both"):
            yield Whys(id="whys", markup=False)
            with VerticalScroll(id="answer"):
                yield Plain()
        yield Keys()

    def on_mount(self) -> None:
        """Asks for what is not worked out yet, and lists everything."""
        if self._endings is not None:
            self._endings.look_back()
            self.watch(self._endings, "found", self._news, init=False)
        self._list()
        self._whys.focus()

    def on_resize(self) -> None:
        """Sets the answer for the new width."""
        self.call_after_refresh(self._answer)

    @property
    def _whys(self) -> Whys:
        return self.query_one(Whys)

    @property
    def _letters(self) -> Input:
        return self.query_one(Input)

    # The list

    def _list(self) -> None:
        """What has the letters; what is marked stays so."""
        letters, whys = self._letters.value.lower(), self._whys
        before = whys.highlighted_option
        endings = {
            name: it for name, it in self._told.items() if letters in f"{it.title} {it.id}".lower()
        }
        actions = {
            name: it
            for name, it in self._refused.items()
            if letters in f"{it.text} {it.id}".lower()
        }
        options = [Option(self._ending(it), id=name) for name, it in endings.items()]
        if options:
            options.insert(0, _heading(CLOSED))
        if actions or not letters:
            options.append(_heading(REFUSED))
        for name, action in actions.items():
            options.append(Option(content(f"no: {action.text or action.id}"), id=name))
        if not actions:
            options.append(_heading(NOTHING_FOUND if letters else NOTHING_REFUSED))
        whys.set_options(options)
        names = [*endings, *actions]
        if before is not None and before.id in names:
            whys.highlighted = whys.get_option_index(str(before.id))
        elif names:
            whys.highlighted = whys.get_option_index(names[0])
        self._answer()

    def _ending(self, ending: Ending) -> Content:
        """An ending with what is known of it, as a sign."""
        from negsim.outlook import SIGNS

        ended, here = outcome(self._sitting.game, self._sitting.here.state), self._outlook
        verdict: Verdict | None = None
        if ended is not None:
            verdict = "yes" if ended.ending == ending else "no"
        elif here is not None:
            verdict = next(it.possible for it in here.prospects if it.ending == ending.id)
        return content(f"{SIGNS[verdict]} {ending.title}")

    @property
    def _outlook(self) -> Outlook | None:
        return self._endings.here if self._endings is not None else None

    def _news(self) -> None:
        """Something new is known of the endings."""
        whys = self._whys
        shown = {option.id for option in whys.options}
        for name, ending in self._told.items():
            if name in shown:
                whys.replace_option_prompt(name, self._ending(ending))
        self._answer()

    # The answer

    def _lines(self, width: int) -> list[str]:
        option = self._whys.highlighted_option
        name = option.id if option is not None else None
        if name in self._told:
            return [*ending_lines(self._sitting, self._outlook, self._told[name], width)]
        if name in self._refused:
            return [*refused_lines(self._sitting, self._refused[name], width)]
        return []

    def _answer(self) -> None:
        """Tells why, of what is marked."""
        width = self.query_one("#answer").scrollable_content_region.width
        self.query_one(Plain).show(self._lines(max(30, width)))

    def on_option_list_option_highlighted(self) -> None:
        """Tells why."""
        self.query_one("#answer").scroll_home(animate=False)
        self._answer()

    def on_option_list_option_selected(self) -> None:
        """Opens the answer on a page of its own."""
        width = page_width(self.size.width)
        self.app.push_screen(Reader("Why", self._lines(width)))

    # Looking for letters

    def on_key(self, event: events.Key) -> None:
        """A letter or digit begins to look for what has it."""
        if self.focused is self._whys and event.character and event.character.isalnum():
            event.stop()
            self._letters.focus()
            self._letters.insert_text_at_cursor(event.character)

    def on_input_changed(self) -> None:
        """Shows what has the letters."""
        self._list()

    def on_input_submitted(self) -> None:
        """Goes to what was found."""
        self._whys.focus()

    def action_letters(self) -> None:
        """Goes to where letters are written."""
        self._letters.focus()

    def action_mark(self, by: int) -> None:
        """Moves along what was found while letters are written."""
        if by > 0:
            self._whys.action_cursor_down()
        else:
            self._whys.action_cursor_up()

    def action_back(self) -> None:
        """Shows everything again, or goes back."""
        if self._letters.value:
            self._letters.value = ""
            self._whys.focus()
        else:
            self.app.pop_screen()


def _heading(text: str) -> Option:
    return Option(content(text), disabled=True)
