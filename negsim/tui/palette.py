"""The palette: everything by name."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.command import CommandPalette


class Palette(CommandPalette):
    """Textual's own, which closes once: a key pressed twice closed what lies under it too."""

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Closes it, where it is open still."""
        return super().dismiss(result) if self.is_active else AwaitComplete()
