"""A page of text to read: help, facts, reasons, comparisons."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from negsim.tui.plain import Plain

WIDEST = 104
"""The page is no wider than this."""


def page_width(screen: int) -> int:
    """The columns for text on a page over a screen that has so many."""
    return min(WIDEST, screen * 9 // 10) - 8


class Reader(ModalScreen[None]):
    """Text over the screen before; escape goes back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "app.pop_screen", "Back", id="reader.back", tooltip="Close it"),
    ]

    def __init__(self, title: str, lines: Iterable[str]) -> None:
        super().__init__()
        self._title = title
        self._lines = list(lines)

    def compose(self) -> ComposeResult:
        """A title and the text."""
        with VerticalScroll(id="page"):
            yield Plain(self._title, classes="heading")
            yield Plain("\n".join(self._lines))
            yield Plain("\nescape: back", classes="hint")

    def on_mount(self) -> None:
        """The arrows scroll at once."""
        self.query_one("#page").focus()
