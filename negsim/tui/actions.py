"""What can be done, grouped and filtered; on request what is refused too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from textual.widgets import OptionList
from textual.widgets.option_list import Option

from negsim.cycle.table import capital
from negsim.errors import NegsimError, quote
from negsim.rules import Action
from negsim.sitting import Sitting
from negsim.text import wrap
from negsim.tui.plain import content
from negsim.views import consequences, group_of

PASS = "pass"
"""The id of the entry that ends a turn."""
REFUSED = "no:"
"""How the id of an entry starts whose action is refused."""


class Actions(OptionList):
    """The actions of who has the turn."""

    def __init__(self) -> None:
        super().__init__(id="actions", markup=False)

    def show(self, sitting: Sitting, letters: str, refused: bool, width: int) -> None:
        """Shows the actions that have these letters, in so many columns; the marked one stays
        marked."""
        marked, place = self.marked, self.highlighted or 0
        self.clear_options()
        self.add_options(_entries(sitting, letters.lower(), refused, width - 4))
        ids = [option.id for option in self.options]
        if marked in ids:
            self.highlighted = ids.index(marked)
        elif ids:
            place = min(place, len(ids) - 1)
            self.highlighted = 0 if ids[place] == PASS else place  # nobody passes by two enters
            if self.highlighted_option is not None and self.highlighted_option.disabled:
                self.action_cursor_down()

    def mark_refused(self) -> None:
        """Marks the first action that is refused, so that it comes into sight."""
        ids = [option.id or "" for option in self.options]
        first = next((place for place, it in enumerate(ids) if it.startswith(REFUSED)), None)
        if first is not None:
            self.highlighted = first

    @property
    def marked(self) -> str:
        """The id of the marked entry; "" where none is."""
        option = self.highlighted_option
        return option.id or "" if option is not None else ""


def _entries(sitting: Sitting, letters: str, refused: bool, width: int) -> Iterator[Option]:
    # A draft has a table of its own, so its many answers come last here.
    ordered = sorted(sitting.choices, key=lambda it: it.kind == "answer")
    choices = [it for it in ordered if fits(it, letters)]
    if letters and not choices:
        yield Option(
            content(f"No action has {quote(letters)} in it; escape shows all."), disabled=True
        )
    yield from _grouped(sitting, choices, "", width)
    if sitting.mover is not None and letters in "pass: end the turn":
        yield Option(content("Pass: end the turn"), id=PASS)
    if refused:
        yield Option(content("Refused now:"), disabled=True)
        found = [it for it in sitting.refusals if fits(it, letters)]
        yield from _grouped(sitting, found, REFUSED, width)


def _grouped(
    sitting: Sitting, actions: Iterable[Action], lead: str, width: int
) -> Iterator[Option]:
    for (_, title), group in groupby(actions, key=lambda it: group_of(sitting.pack, it)):
        yield Option(content(capital(title)), disabled=True)
        for it in group:
            sign = "x " if lead else "  "
            text = "\n".join(wrap(it.text, width, sign, "    "))
            yield Option(content(text), id=lead + it.id)


def fits(action: Action, letters: str) -> bool:
    """Whether an action has these letters, in its text or its id."""
    return letters in f"{action.text} {action.id}".lower()


def preview(sitting: Sitting, name: str, closes: str) -> list[str]:
    """What a marked entry does, or why it is refused; `closes` tells which endings it closes."""
    if name == PASS:
        return ["Ends the turn. The others move until you are asked again."]
    if name.startswith(REFUSED):
        return [capital(why_not(sitting, name.removeprefix(REFUSED)))]
    action = sitting.game.by_id.get(name)
    if action is None:
        return []
    told = [action.text, capital(consequences(sitting.case, sitting.here.state, action)) + "."]
    told += [closes] if closes else []
    step = sitting.case.following(sitting.here)
    shown = sitting.seat is None and sitting.sees_ahead
    if shown and step is not None and step.action == name:
        told.append("This is what the record shows next.")
    return told


def why_not(sitting: Sitting, action_id: str) -> str:
    """Why an action is refused, in the words of the rule."""
    try:
        return sitting.refused(action_id) or "nothing refuses it; it can be done now"
    except NegsimError as error:
        return str(error)
