"""What hides everything while the keys go from one who sits at the terminal to the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from negsim.tui.plain import Plain

if TYPE_CHECKING:
    from negsim.tui.app import Negsim


class Curtain(Screen[None]):
    """Nothing of what lies under it is seen until who is named sits down."""

    app: Negsim
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", id="curtain.open", tooltip="Who is named sits down"),
        Binding(
            "escape", "home", "Home", id="curtain.home", tooltip="Leave; everything is kept",
        ),
    ]  # fmt: skip

    def __init__(self, who: str, then: Callable[[], None] | None = None) -> None:
        super().__init__()
        self._who = who
        self._then = then

    def compose(self) -> ComposeResult:
        """To whom the keys go."""
        yield Plain(
            f"Hand the keys to {self._who}. Enter once they sit.\n\n"
            "Who hands them over looks away until they come back. escape: leave; all is kept",
            id="curtain",
        )

    def action_open(self) -> None:
        """Shows what is for their eyes."""
        if not self.is_active:  # a key that came faster has opened it
            return
        self.app.pop_screen()
        if self._then is not None:
            self._then()

    def action_home(self) -> None:
        """Leaves the session."""
        if self.is_active:
            self.app.close_session()
