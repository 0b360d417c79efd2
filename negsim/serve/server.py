"""The server: who may come in, and a process of the application for each browser."""

from __future__ import annotations

import asyncio
import html
import os
import re
import secrets
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import aclosing, suppress
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote as in_address

from aiohttp import web
from textual_serve.server import Server, to_int

from negsim.errors import quote
from negsim.serve.browser import ID
from negsim.serve.downloads import Downloads, TornError
from negsim.serve.process import Service

HERE = Path(__file__).parent
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""What tokens are made of: nothing that is mistaken for something else when it is typed."""
HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(:[0-9]{1,5})?", re.IGNORECASE)
MAX_MESSAGE = 64 * 1024
"""The longest message from a browser, in bytes: the longest text that can be pasted."""
STARTING = os.cpu_count() or 1
"""So many processes start at the same time: one after the other, all are ready sooner."""
SIZE = ("width", "height")
PATIENCE = 2.0
"""So many seconds a process has to paint before the next starts."""
HEARTBEAT = 40
"""So many seconds may go by until a browser is asked whether it is there: it may wait as long."""
FILES = 16
"""So many files a browser may keep open: its connections, and the pipes of its process."""
MONTH = 30 * 24 * 60 * 60
NOT_OURS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What comes of messages that no page of ours sends."""
WHO = web.RequestKey("who", str)
"""The id of the browser that asks."""

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""What every answer carries, unless it says otherwise."""
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self' ws://{host} wss://{host}; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
"""What the page may load; the terminal in it writes style sheets of its own."""

NO_TOKEN = (
    "This address is closed. Open the whole address that negsim printed where it was started, "
    "from http to the end of its token. If negsim was started anew, the token is a new one."
)
NO_PAGE = "Only negsim's own page may play."
NO_FILE = "There is no such file."
ENTER = '<meta http-equiv="refresh" content="0; url=/"><p><a href="/">Go in</a></p>'

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def command() -> list[str]:
    """The words that start the application, which imports nothing from where the server started."""
    return [sys.executable, "-P", "-c", "from negsim.tui.app import open_app; open_app()"]


def new_token() -> str:
    """A token of ten letters, 49 bits, that can be read aloud and typed.

    At ten thousand guesses a second it holds for a thousand years: guesses need no other limit.
    """
    drawn = "".join(secrets.choice(LETTERS) for _ in range(10))
    return f"{drawn[:5]}-{drawn[5:]}"


class Gate(Server):
    """Serves the application to at most `most` browsers that bring the token.

    The page is asked for under an address of this machine, or under one of the names.
    """

    def __init__(
        self, argv: Sequence[str], token: str, *, most: int = 40, names: Iterable[str] = ()
    ) -> None:
        super().__init__(argv[0], title="negsim")
        self.argv = argv
        self.token = token
        self.most = most
        own = socket.gethostname()
        self.names = {it.lower() for it in ("localhost", own, f"{own}.local", *names)}
        self.downloads = self.download_manager = Downloads()
        self.live: dict[str, Service] = {}
        self.starting = asyncio.Semaphore(STARTING)
        self.turn = asyncio.Lock()
        self.leaving = False

    def run(self, sock: socket.socket) -> None:
        """Serves until it is told to stop; then ends every process."""
        _open_many(FILES * self.most)
        loop = asyncio.new_event_loop()
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            with suppress(NotImplementedError, AttributeError):  # Windows has not all of it
                loop.add_signal_handler(getattr(signal, name), self.request_exit)
        web.run_app(
            self._make_app(),
            sock=sock,
            loop=loop,
            handle_signals=False,
            access_log=None,
            print=None,
            shutdown_timeout=PATIENCE,
        )

    def request_exit(self) -> None:
        """Ends the server. To ask again does not hurry it: no process is to be left behind."""
        if not self.leaving:
            self.leaving = True
            super().request_exit()

    async def _make_app(self) -> web.Application:
        app = web.Application(middlewares=[self.admit])
        app.add_routes(
            [
                web.get("/", self.handle_index),
                web.get("/ws", self.handle_websocket, allow_head=False),
                web.get("/download/{key}", self.handle_download, allow_head=False),
                web.static("/page", HERE / "page"),
                web.static("/static", self.statics_path),
            ]
        )
        app.on_response_prepare.append(_protect)
        app.on_shutdown.append(self.on_shutdown)
        return app

    async def on_shutdown(self, app: web.Application) -> None:
        """Ends every process."""
        await asyncio.gather(*(service.stop() for service in self.live.values()))

    @web.middleware
    async def admit(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Lets in who brings the token, or the cookie that it was turned into."""
        if not self.is_own(request.host):
            said = f"negsim does not answer to the name {quote(request.host)}. "
            return _page(403, f"{said}Start it with --name and that name, or use the address.")
        if "token" in request.query and request.path == "/":
            if not self._is_token(request.query["token"]):
                return _page(403, NO_TOKEN)
            return self._enter(request)
        if not self._is_token(request.cookies.get(_cookie(request), "")):
            return _page(403, NO_TOKEN)
        who = request.cookies.get("negsim-browser", "")
        if not ID.fullmatch(who):
            return self._enter(request) if request.path == "/" else _page(403, NO_TOKEN)
        if request.path == "/ws" and request.headers.get("Origin") not in _own_origins(request):
            return _page(403, NO_PAGE)
        if request.path in ("/", "/ws") and len(self.live) >= self.most and who not in self.live:
            said = f"No place is free: {self.most} can play at once. Reload when somebody has left."
            return _page(503, said)
        request[WHO] = who
        return await handler(request)

    def is_own(self, host: str) -> bool:
        """Whether that is this machine: an address, which no foreign name gets, or a known name."""
        match = HOST.fullmatch(host)
        if match is None:
            return False
        name = match[1].strip("[]").lower()
        try:
            return bool(ip_address(name))
        except ValueError:
            return name in self.names

    def _is_token(self, word: str) -> bool:
        return secrets.compare_digest(word.encode(errors="replace"), self.token.encode())

    def _enter(self, request: web.Request) -> web.Response:
        """Gives the cookies, and has the page ask again without the token.

        The page asks by itself: a cookie for the same site alone is not sent on when a redirect
        began at another site, such as the chat in which the address was sent.
        """
        page = _page(200, ENTER, is_html=True)
        who = request.cookies.get("negsim-browser", "")
        who = who if ID.fullmatch(who) else secrets.token_hex(16)
        page.set_cookie(_cookie(request), self.token, httponly=True, samesite="Strict")
        page.set_cookie("negsim-browser", who, max_age=MONTH, httponly=True, samesite="Strict")
        return page

    async def handle_index(self, request: web.Request) -> web.StreamResponse:
        """The page with the terminal in it."""
        policy = {"Content-Security-Policy": PAGE_POLICY.format(host=request.host)}
        return web.FileResponse(HERE / "page" / "index.html", headers=policy)

    async def handle_download(self, request: web.Request) -> web.StreamResponse:
        """A file that the application gives to its own browser, to be kept and not to be shown."""
        found = self.downloads.ask(request.match_info["key"], self.live.get(request[WHO]))
        if found is None:
            return _page(404, NO_FILE)
        name = f"attachment; filename*=UTF-8''{in_address(found.file_name)}"
        kind = found.mime_type or "application/octet-stream"
        answer = web.StreamResponse(headers={"Content-Disposition": name, "Content-Type": kind})
        try:
            await answer.prepare(request)
            async with aclosing(self.downloads.download(found.delivery_key)) as pieces:
                async for piece in pieces:
                    await answer.write(piece)
        except TornError:
            if request.transport is not None:
                request.transport.abort()
        return answer

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Plays with one browser. A browser that comes again takes over from its other page."""
        line = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=MAX_MESSAGE, compress=False)
        if not line.can_prepare(request):
            raise web.HTTPBadRequest(text=NO_PAGE)
        browser = request[WHO]
        service = Service(self.argv, browser, line, self.downloads, self.live)
        before, self.live[browser] = self.live.get(browser), service
        try:
            await line.prepare(request)
            if await self._start(service, before, request):
                await self._process_messages(line, service)
        except NOT_OURS:
            pass  # no message of our page
        finally:
            for it in filter(None, (before, service)):
                await it.stop()
            if line.prepared:
                await line.close()
        return line

    async def _start(self, service: Service, before: Service | None, request: web.Request) -> bool:
        """Starts the process when it is its turn and the one before it has ended.

        Not if the browser has come again meanwhile.
        """
        async with self.starting:
            async with self.turn:
                if before is not None:
                    await before.stop()
                if self.live.get(service.browser) is not service:
                    return False
                width, height = (to_int(request.query.get(it, ""), 80) for it in SIZE)
                await service.start(width, height)
            with suppress(TimeoutError):
                await asyncio.wait_for(service.painted.wait(), PATIENCE)
        return True


def _open_many(files: int) -> None:
    """Lets this process open so many files, if it may: some systems begin with room for 256."""
    if sys.platform != "win32":
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = files + 256 if hard == resource.RLIM_INFINITY else min(files + 256, hard)
        if soft != resource.RLIM_INFINITY and most > soft:
            with suppress(ValueError, OSError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _own_origins(request: web.Request) -> tuple[str, str]:
    return f"http://{request.host}", f"https://{request.host}"


def _cookie(request: web.Request) -> str:
    """The name of the token's cookie; browsers send cookies to all ports of a machine."""
    _, _, port = request.host.rpartition(":")
    return f"negsim-{port if port.isdigit() else ''}"


async def _protect(request: web.Request, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


def _page(status: int, said: str, *, is_html: bool = False) -> web.Response:
    body = said if is_html else f"<p>{html.escape(said)}</p>"
    text = f'<!doctype html><html lang="en"><title>negsim</title>{body}</html>\n'
    return web.Response(status=status, text=text, content_type="text/html")
