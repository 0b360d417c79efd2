"""One line to write in, for a note, a name, or the letters of a filter."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

Purpose: TypeAlias = Literal["note", "name", "filter"]
ASKS: dict[Purpose, str] = {
    "note": "The reason, in a line; enter keeps it, escape leaves it",
    "name": "A name for this place; enter keeps it, escape leaves it",
    "filter": "Letters of an action; enter goes to the list, escape shows all",
}
"""What the line says while it is empty."""


class Line(Input):
    """It is shown while somebody writes in it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", id="line.leave", tooltip="Write nothing"),
    ]

    class Spoken(Message):
        """What stands in the line, and what it is for."""

        def __init__(self, purpose: Purpose, text: str) -> None:
            super().__init__()
            self.purpose = purpose
            self.text = text

    class Written(Spoken):
        """Enter was pressed."""

    class Typed(Spoken):
        """The text is another."""

    class Left(Spoken):
        """The line was left."""

    def __init__(self) -> None:
        super().__init__(id="line", compact=True)
        self.purpose: Purpose = "note"
        self.display = False
        self.cursor_blink = False

    def open(self, purpose: Purpose, text: str = "") -> None:
        """Asks for a line."""
        self.placeholder = ASKS[purpose]
        self.purpose = purpose
        self.value = text
        self.display = True
        self.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Gives the line on."""
        event.stop()
        self.display = self.purpose == "filter" and bool(self.value)
        self.post_message(self.Written(self.purpose, self.value))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Gives on what stands in it."""
        event.stop()
        self.post_message(self.Typed(self.purpose, self.value))

    def action_leave(self) -> None:
        """Leaves it."""
        self.display = False
        self.post_message(self.Left(self.purpose, ""))
