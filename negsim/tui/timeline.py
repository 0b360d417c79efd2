"""The line to where the session stands, step by step, as the viewpoint sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from negsim.replay import Frame
from negsim.session import Case, Node
from negsim.sitting import Sitting
from negsim.tui.plain import content
from negsim.views import step_lines, steps

LONGEST = 1_000
"""Of a longer line only so many of its last places are told."""


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A step as it is listed: its text, its title, and the facts it cites, if it can cite any."""

    text: str
    title: str = ""
    facts: tuple[str, ...] | None = None


def entry(case: Case, step: Frame | Node | None, viewpoint: str, width: int) -> Entry:
    """A step as it is listed."""
    text = "\n".join(step_lines(case, step, viewpoint, width))
    match step:
        case Frame():
            return Entry(text, step.text, step.facts)
        case Node():
            action = case.game.action(step.action)
            return Entry(text, action.text, action.facts)
        case None:
            return Entry(text)


START = Entry("This is the start: nothing was done yet.")
EARLIER = Entry(f"Of this line the last {LONGEST:,} places are told.")


class Timeline(OptionList):
    """What was done, one step after the other; enter asks for the facts behind a step."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Facts", id="timeline.facts", tooltip="The facts behind a step"),
    ]

    class Cited(Message):
        """The facts behind a step are asked for; it may have none."""

        def __init__(self, facts: tuple[str, ...], title: str) -> None:
            super().__init__()
            self.facts = facts
            self.title = title

    def __init__(self) -> None:
        super().__init__(id="timeline", markup=False)
        self._sitting: Sitting | None = None
        self._told: tuple[str, int] | None = None
        self._entries: list[Entry] = []
        self._of: Callable[[Node], list[Entry]] = lambda node: []

    def show(self, sitting: Sitting) -> None:
        """Shows the line to where the session stands, its last step in view."""
        self._sitting = sitting
        if self.is_on_screen:
            self._fill()

    def on_show(self) -> None:
        """Catches up with what was done while nobody looked."""
        self._fill()

    def on_resize(self) -> None:
        """Sets the lines for the new width."""
        if self.is_on_screen:
            self._fill()

    def _fill(self) -> None:
        sitting = self._sitting
        if sitting is None:
            return
        told = sitting.eyes, max(40, min(self.size.width - 4, 110))
        if told != self._told:
            self._told = told
            self._of = cache(partial(_entries, sitting.case, *told))
        line = sitting.here.line
        found = [it for node in line[-LONGEST:] for it in self._of(node)]
        found = [EARLIER, *found] if len(line) > LONGEST else found or [START]
        before, self._entries = self._entries, found
        if found == before:
            return
        if before and found[: len(before)] == before:
            self.add_options(Option(content(it.text)) for it in found[len(before) :])
        else:
            self.set_options(Option(content(it.text)) for it in found)
        self.highlighted = len(found) - 1

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Asks for the facts behind the step."""
        event.stop()
        chosen = self._entries[event.option_index]
        if chosen.facts is not None:
            self.post_message(self.Cited(chosen.facts, chosen.title))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Nobody else needs to know which step is marked."""
        event.stop()


def _entries(case: Case, viewpoint: str, width: int, node: Node) -> list[Entry]:
    return [entry(case, step, viewpoint, width) for step in steps(case, node, viewpoint)]
