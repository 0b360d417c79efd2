"""The keys that can be pressed now, in one line; each can be clicked.

One line of text and not a widget a key, as Textual's own footer has: that one is made anew
whenever something else has the arrows, which took longer than all the rest of a key's work.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from textual.binding import Binding
from textual.content import Content
from textual.events import Click
from textual.screen import Screen
from textual.widgets import Static

from negsim.errors import printable
from negsim.tui.verbs import key_name

LAST = ("question_mark", "ctrl+p")
"""The keys that stand at the right end, however little room there is."""


class Entry(NamedTuple):
    """A key, where it stands in the line, and what it does."""

    key: str
    start: int
    name: str
    label: str

    @property
    def end(self) -> int:
        """The column after it."""
        return self.start + len(self.name) + 1 + len(self.label)


class Keys(Static):
    """The line of keys at the foot of a screen."""

    def __init__(self) -> None:
        super().__init__(id="keys", markup=False)
        self.entries: list[Entry] = []

    def on_mount(self) -> None:
        """Follows what can be pressed."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def on_resize(self) -> None:
        """Shows as many as have room."""
        self._write()

    def _changed(self, screen: Screen[object]) -> None:
        if screen is self.screen:
            self.call_after_refresh(self._write)

    def _write(self) -> None:
        if not self.is_attached:  # it was left before it could be written
            return
        shown = [it.binding for it in self.screen.active_bindings.values() if it.binding.show]
        entries = list(placed(shown, self.size.width))
        if entries == self.entries:
            return
        self.entries = entries
        parts: list[str | tuple[str, str]] = []
        column = 0
        for it in entries:
            parts += [" " * (it.start - column), (it.name, "bold $accent"), f" {it.label}"]
            column = it.end
        self.update(Content.assemble(*parts))

    def on_click(self, event: Click) -> None:
        """Presses the key that was clicked."""
        for it in self.entries:
            if it.start <= event.x < it.end:
                self.app.simulate_key(it.key)


def placed(bindings: list[Binding], width: int) -> Iterator[Entry]:
    """The keys that have room in a line, from the left, and the last ones at its right end."""
    seen: dict[str, Binding] = {}
    for it in bindings:
        seen.setdefault(it.action, it)
    last = [it for it in seen.values() if it.key in LAST]
    end = width - sum(_room(it) for it in last)
    column = 0
    for it in seen.values():
        if it.key not in LAST:
            if column + _room(it) > end:
                break
            yield _entry(it, column)
            column += _room(it)
    for it in last:
        yield _entry(it, end)
        end += _room(it)


def _entry(binding: Binding, start: int) -> Entry:
    return Entry(binding.key, start, key_name(binding.key), printable(binding.description))


def _room(binding: Binding) -> int:
    return _entry(binding, 0).end + 2
