"""The process of the application that plays for a browser."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import click
from aiohttp import web
from textual_serve.app_service import AppService

from negsim.errors import printable
from negsim.serve import browser as browsers
from negsim.serve.downloads import Downloads

LARGEST = (500, 200)
"""The largest screen, in columns and rows."""
PAINTED = 100
"""The first packet of so many bytes paints the first screen."""
PATIENCE = 2.0
"""So many seconds a process has to end by itself."""
SOON = 10.0
"""A process that fails before so many seconds would fail again where a reload goes on."""
PRELUDE = b"__GANGLION__\n"
"""What Textual says first."""
MAX_SAID = 20_000
"""So many characters at the end of what a failed process said are shown."""


class Service(AppService):
    """The process that plays for one browser, in a process group of its own.

    While it runs, `live` has it under the browser's id.
    """

    def __init__(
        self,
        argv: Sequence[str],
        browser: str,
        line: web.WebSocketResponse,
        downloads: Downloads,
        live: dict[str, Service],
    ) -> None:
        async def close() -> None:
            await line.close()

        super().__init__(
            argv[0],
            write_bytes=line.send_bytes,
            write_str=line.send_str,
            close=close,
            download_manager=downloads,
        )
        self.argv = argv
        self.browser = browser
        self.live = live
        self.painted = asyncio.Event()
        self._ending: asyncio.Task[None] | None = None

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        return super()._build_environment(width, height) | {
            browsers.VARIABLE: self.browser,
            "TEXTUAL_DRIVER": "negsim.tui.driver:BrowserDriver",
        }

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        self._process = await asyncio.create_subprocess_exec(
            *self.argv,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=self._build_environment(*_bounded(width, height)),
            **_apart(),
        )
        self._stdin = self._process.stdin
        if self._ending is not None:  # it was told to end while it began
            _kill(self._process)
        return self._process

    async def set_terminal_size(self, width: int, height: int) -> None:
        """Tells the process the size of the screen, within bounds."""
        await super().set_terminal_size(*_bounded(width, height))

    async def on_data(self, payload: bytes) -> None:
        """Passes on what is painted; when nobody looks any more, throws it away."""
        if len(payload) >= PAINTED:
            self.painted.set()
        with suppress(ConnectionResetError):
            await super().on_data(payload)

    async def run(self) -> None:
        """Passes on what the process says until it ends; then closes the page.

        What it says of its own failure is shown where the server was started.
        """
        process = self._process
        assert process is not None
        assert process.stdout is not None
        assert process.stderr is not None
        began = asyncio.get_running_loop().time()
        complaint = asyncio.create_task(process.stderr.read())
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionResetError):
                while await process.stdout.readline() not in (PRELUDE, b""):
                    pass
                while True:
                    await self._pass_on(process.stdout)
        finally:
            by_itself = self._ending is None
            await self.remote_close()
        said = await complaint
        code = await process.wait()
        if code and by_itself:
            if code > 0 and asyncio.get_running_loop().time() - began < SOON:
                browsers.left(self.browser)
            _tell(said)

    async def _pass_on(self, stdout: asyncio.StreamReader) -> None:
        head = await stdout.readexactly(5)
        payload = await stdout.readexactly(int.from_bytes(head[1:], "big"))
        if head[:1] == b"D":
            await self.on_data(payload)
        elif head[:1] == b"M":
            await self.on_meta(payload)
        else:
            await self.on_packed(payload)

    async def stop(self) -> None:
        """Ends the process, and kills it if it does not, also when whoever waits gives up."""
        self._ending = self._ending or asyncio.create_task(self._end())
        await asyncio.shield(self._ending)

    async def _end(self) -> None:
        if self._process is not None:
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._download_manager.cancel_app_downloads(self.app_service_id)
                    await self.send_meta({"type": "quit"})
                    await self._process.wait()
            except TimeoutError:
                _kill(self._process)
                await self._process.wait()
            self.stdin.close()
        if self.live.get(self.browser) is self:
            del self.live[self.browser]


def _apart() -> dict[str, Any]:
    """What keeps the signals of the server's terminal, and of its children, from each other."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _tell(said: bytes) -> None:
    """Shows at the server what a process said of its failure; its words may be anybody's."""
    click.echo("The application of a browser failed; what was played is kept.", err=True)
    for line in said.decode(errors="replace")[-MAX_SAID:].splitlines():
        click.echo(f"  {printable(line)}", err=True)


def _kill(process: Process) -> None:
    """Kills a process with whatever it has started."""
    with suppress(ProcessLookupError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)


def _bounded(width: int, height: int) -> tuple[int, int]:
    return max(1, min(int(width), LARGEST[0])), max(1, min(int(height), LARGEST[1]))
