"""The record while it is followed: the step that was taken last, and how to go on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.timer import Timer

from negsim.replay import Frame
from negsim.rules import EVERYTHING
from negsim.session import Node
from negsim.sitting import Sitting
from negsim.text import learned, wrap
from negsim.tui.plain import Plain
from negsim.views import party_name, seen_line, step_lines, steps

PACE = 5.0
"""Seconds between two steps while the record plays."""


class Record(VerticalScroll):
    """The last step of the record; right and left step, space plays and pauses, enter leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right", "step(1)", "Step", id="record.next", tooltip="The record's next step"),
        Binding("left", "step(-1)", "Back", id="record.back", tooltip="The step before"),
        Binding("space", "play", "Play", id="record.play", tooltip="Play and pause the record"),
        Binding("enter", "leave", "Leave", id="record.leave", tooltip="Go your own way from here"),
    ]

    class Step(Message):
        """A step on or back is wanted."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    class Leave(Message):
        """The record is to be left here."""

    def __init__(self) -> None:
        super().__init__(id="record")
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """The step."""
        yield Plain(id="record-text")

    def on_mount(self) -> None:
        """The record stands until it is played."""
        self._timer = self.set_interval(PACE, self._tick, pause=True)
        self._playing = False

    @property
    def playing(self) -> bool:
        """Whether the record plays."""
        return self._playing

    def show(self, sitting: Sitting, width: int) -> None:
        """Shows the last step to where the session stands; at the end of the record it stops."""
        if sitting.case.following(sitting.here) is None:
            self.pause()
        self.query_one(Plain).show(record_lines(sitting, width, self._playing))
        self.scroll_home(animate=False)

    def pause(self) -> None:
        """Stops playing."""
        self._playing = False
        if self._timer is not None:
            self._timer.pause()

    def action_play(self) -> None:
        """Plays, or pauses."""
        if self._playing:
            self.pause()
        elif self._timer is not None:
            self._playing = True
            self._timer.reset()
            self._timer.resume()
        self._step(1 if self._playing else 0)

    def action_step(self, by: int) -> None:
        """Steps on or back; then nothing plays any more."""
        self.pause()
        self._step(by)

    def action_leave(self) -> None:
        """Leaves the record here."""
        self.pause()
        self.post_message(self.Leave())

    def _tick(self) -> None:
        if self._playing:  # it may have been paused in the same moment
            self._step(1)

    def _step(self, by: int) -> None:
        self.post_message(self.Step(by))


def record_lines(sitting: Sitting, width: int, playing: bool) -> Iterator[str]:
    """The step of the record to where the session stands, as the eyes see it, and what it told."""
    case, here, eyes = sitting.case, sitting.here, sitting.eyes
    places = sitting.stations
    passed = [it for it in here.line if it in places]
    keys = "right: next step   left: back   space: " + ("pause" if playing else "play")
    keys += "   enter: go your own way from here"
    if not passed:
        yield from wrap(f"The start of the record; {len(places) - 1} steps are played here.", width)
        yield ""
        yield from wrap(sitting.pack.opening or sitting.pack.about, width)
    else:
        number = passed[-1].id.removeprefix("r")
        head = f"Step {number} of the record, {len(passed)} of {len(places) - 1} here."
        yield from wrap(head, width)
        yield ""
        yield from _step_lines(sitting, passed[-1], width)
    if case.following(here) is None:
        keys = keys.replace("right: next step   ", "")
        yield from ("", "d: the debrief")
    elif eyes != EVERYTHING:
        yield from (
            "",
            *wrap(f"Seen with the eyes of {party_name(case.loaded.pack, eyes)}.", width),
        )
    yield from ("", *wrap(keys, width))


def _step_lines(sitting: Sitting, node: Node, width: int) -> Iterator[str]:
    case, eyes = sitting.case, sitting.eyes
    told = list(steps(case, node, eyes))
    if not any(isinstance(it, Frame) and it.played is not None for it in told):
        yield from wrap(f"({party_name(case.loaded.pack, eyes)} does not see this step)", width)
    for step in told:
        yield from step_lines(case, step, eyes, width)
        yield ""
    if eyes != EVERYTHING and node.parent is not None:
        before, after = (seen_line(case, it, eyes) for it in (node.parent, node))
        for news in learned(before, after, case.loaded, case.level):
            yield from wrap(f"now known: {news}", width, "     ", "       ")
