"""What is shown while a session is opened, which may take a moment."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.worker import Worker, WorkerState

from negsim.tui.faults import as_told
from negsim.tui.kept import Kept
from negsim.tui.plain import Plain

if TYPE_CHECKING:
    from negsim.tui.app import Negsim


class Opening(ModalScreen[None]):
    """Opens a session in a thread; escape leaves it."""

    app: Negsim
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave it", id="opening.leave", tooltip="Do not wait for it"),
    ]

    def __init__(self, make: Callable[[], Kept], opened: Callable[[Kept], None]) -> None:
        super().__init__()
        self._make = make
        self._opened = opened
        self._left = False
        self._kept: Kept | None = None
        self._lock = Lock()

    def compose(self) -> ComposeResult:
        """One line."""
        yield Plain("Opening ... (escape leaves it)", id="opening")

    def on_mount(self) -> None:
        """Starts."""
        self.run_worker(self._open, thread=True, exit_on_error=False)

    def _open(self) -> Kept | None:
        kept = self._make()
        with self._lock:
            if not self._left:
                self._kept = kept
                return kept
        kept.close()
        return None

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Gives the session on, or says why there is none."""
        if event.state in (WorkerState.SUCCESS, WorkerState.ERROR):
            self._close(event.worker)

    def _close(self, worker: Worker[Kept | None]) -> None:
        if self._left:
            return
        if not self.is_active:  # something else is shown over it, as where the terminal is small
            self.set_timer(0.1, lambda: self._close(worker))
            return
        self.app.pop_screen()
        if worker.error is not None:
            self.app.complain(as_told(worker.error))
        elif worker.result is not None:
            self._opened(worker.result)  # at once: no key comes between

    def action_leave(self) -> None:
        """Leaves it; a session that comes to be open is closed again."""
        if not self.is_current:  # a key that was on its way when it closed
            return
        with self._lock:
            self._left = True
            if self._kept is not None:  # it was open already, and nobody had heard of it
                self._kept.close()
        self.app.pop_screen()
