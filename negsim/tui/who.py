"""Who takes an exercise: asked once, before its brief, since a journal begins with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from negsim.errors import NegsimError
from negsim.journal import MOST_MEMBERS, as_name
from negsim.tui.plain import Plain


class Who(ModalScreen[None]):
    """The names of who sits there, and their team's; each may stay empty."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "app.pop_screen", "Back", id="who.back", tooltip="Begin nothing"),
    ]

    def __init__(self, title: str, begin: Callable[[str | None, list[str]], None]) -> None:
        super().__init__()
        self._title = title
        self._begin = begin

    def compose(self) -> ComposeResult:
        """Two lines to write in."""
        with Vertical(id="page"):
            yield Plain(self._title, classes="heading")
            yield Plain("Your names, with commas between. Your teacher sees them.")
            yield Input(id="members", compact=True, placeholder="may stay empty")
            yield Plain("\nThe name of your team, if you have one")
            yield Input(id="team", compact=True, placeholder="may stay empty")
            yield Plain(id="wrong")
            yield Plain("\nenter: go on   escape: back", classes="hint")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """On to the other line, and then to the brief."""
        if not self.is_active:  # a key that came faster has begun it
            return
        if event.input.id == "members":
            self.query_one("#team", Input).focus()
            return
        try:
            members = names(self.query_one("#members", Input).value)
            team = as_name(event.value) if event.value.strip() else None
        except NegsimError as error:
            self.query_one("#wrong", Plain).show(f"No: {error}")
            return
        self.app.pop_screen()
        self._begin(team, members)


def names(line: str) -> list[str]:
    """The names that stand in a line, with commas between. Raises NegsimError."""
    found = [as_name(it) for it in line.split(",") if it.strip()]
    if len(found) > MOST_MEMBERS:
        raise NegsimError(f"these are {len(found)} names; write at most {MOST_MEMBERS}")
    return found
