"""What is shown where the terminal is too small for anything else."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.screen import ModalScreen

from negsim.tui.plain import Plain

WIDTH, HEIGHT = 60, 20
"""The least columns and lines that the interface needs."""


class TooSmall(ModalScreen[None]):
    """Says so, and what can be done; it goes when the terminal grows."""

    def __init__(self, line_mode: str) -> None:
        super().__init__()
        self._line_mode = line_mode

    def compose(self) -> ComposeResult:
        """A sentence or two."""
        yield Plain(
            f"negsim needs {WIDTH} columns and {HEIGHT} lines. Make the window larger, or the "
            "letters smaller. Everything is kept.\n\nOr leave with ctrl+q and type:\n"
            f"{self._line_mode}\nwhich needs no room.",
            id="small",
        )
