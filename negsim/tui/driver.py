"""What the application is driven by in a browser: it has the keys, and ends with the server."""

from __future__ import annotations

import os
from functools import partial
from threading import Lock, Timer
from typing import Any

from textual.app import App
from textual.drivers.web_driver import WebDriver
from textual.events import AppFocus
from textual.messages import ExitApp

PATIENCE = 3.0
"""So many seconds the application has to end by itself."""


class BrowserDriver(WebDriver):
    """Textual's driver for the web, which by itself starts without the focus, outlives a server
    that was killed, and mixes up the pieces of a file with what it paints meanwhile."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._writing = Lock()
        self._write = partial(self._write_whole)

    def _write_whole(self, packet: bytes) -> int:
        """Writes a packet in one go: the thread that paints and the one that reads both write."""
        rest = memoryview(packet)
        with self._writing:
            while rest:
                rest = rest[os.write(self.fileno, rest) :]
        return len(packet)

    def start_application_mode(self) -> None:
        """Starts with the focus: the page has it, and may have said so too early."""
        super().start_application_mode()
        self._app.call_later(self._app.post_message, AppFocus())

    def run_input_thread(self) -> None:
        """Reads what the server sends; when that ends before the application, ends it too."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            last = Timer(PATIENCE, os._exit, (1,))
            last.daemon = True
            last.start()
            self._app.post_message(ExitApp())
