"""A headless Chromium, spoken to by its DevTools protocol."""

from __future__ import annotations

import asyncio
import base64
import itertools
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
WORDS = (
    "--headless=new",
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
    "--window-size=1200,800",
)
KEYS = {"Enter": (13, "\r"), "Escape": (27, ""), "ArrowDown": (40, ""), "ArrowUp": (38, "")}
ESCAPES = re.compile(r"\x1b(\[[0-9;?$<>]*[a-zA-Z]|[^\[])")


class Page:
    """A page in a profile of its own."""

    def __init__(self, browser: Chromium, target: str, session: str) -> None:
        self.browser = browser
        self.target = target
        self.session = session
        self.requested: list[str] = []
        self.said: list[str] = []
        self.painted = bytearray()
        self.sockets = 0
        self.changed = asyncio.Event()

    async def call(self, method: str, **params: Any) -> Any:
        return await self.browser.call(method, self.session, **params)

    def hear(self, method: str, params: Any) -> None:
        if method == "Network.requestWillBeSent":
            self.requested.append(params["request"]["url"])
        elif method == "Network.webSocketCreated":
            self.requested.append(params["url"])
            self.sockets += 1
            self.painted.clear()
        elif method == "Network.webSocketFrameReceived" and params["response"]["opcode"] == 2:
            self.painted += base64.b64decode(params["response"]["payloadData"])
        elif method == "Log.entryAdded":
            self.said.append(params["entry"]["text"])
        elif method == "Runtime.exceptionThrown":
            self.said.append(str(params["exceptionDetails"]))
        self.changed.set()

    @property
    def text(self) -> str:
        """What the terminal was sent, without its escapes."""
        return ESCAPES.sub("", self.painted.decode(errors="replace"))

    async def open(self, address: str) -> None:
        """Opens an address; what was painted and requested before is forgotten."""
        self.painted.clear()
        self.requested.clear()
        await self.call("Page.navigate", url=address)

    async def reload(self) -> None:
        """Loads the page anew, until it has a line to the server; the old page may be painted on
        meanwhile, which is forgotten."""
        before = self.sockets
        await self.call("Page.reload")
        await self.until(lambda: self.sockets > before)

    async def press(self, *keys: str) -> None:
        """Presses keys, as a keyboard does: whatever has the focus gets them."""
        for key in keys:
            code, text = KEYS.get(key, (ord(key[0].upper()), key))
            about = {"key": key, "code": key, "windowsVirtualKeyCode": code}
            down = {"type": "keyDown", "text": text} if text else {"type": "rawKeyDown"}
            await self.call("Input.dispatchKeyEvent", **down, **about)
            await self.call("Input.dispatchKeyEvent", type="keyUp", **about)

    async def value(self, script: str) -> Any:
        """What a script gives, awaited."""
        found = await self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        return found["result"].get("value")

    async def until(self, holds: Callable[[], bool], seconds: float = 15) -> None:
        """Waits until it holds; fails with what is on the page."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not holds():
                    self.changed.clear()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self.changed.wait(), 0.1)
                return
        body = await self.value("document.body?.innerText")
        raise AssertionError(f"it did not come to hold; the page: {body!r}; {self.text[-2000:]!r}")

    async def shows(self, word: str, seconds: float = 15) -> None:
        """Waits until the terminal was sent a word."""
        await self.until(lambda: word in self.text, seconds)

    async def says(self, word: str, seconds: float = 15) -> None:
        """Waits until the page itself, and not the terminal in it, has a word."""
        async with asyncio.timeout(seconds):
            while word not in str(await self.value("document.body?.innerText")):
                await asyncio.sleep(0.05)

    async def picture(self, path: Path) -> None:
        found = await self.call("Page.captureScreenshot")
        path.write_bytes(base64.b64decode(found["data"]))

    async def close(self) -> None:
        await self.browser.call("Target.closeTarget", targetId=self.target)


class Chromium:
    """The browser; `page` opens a page in a profile of its own."""

    def __init__(self, line: aiohttp.ClientWebSocketResponse) -> None:
        self.line = line
        self.numbers = itertools.count(1)
        self.answers: dict[int, asyncio.Future[Any]] = {}
        self.pages: dict[str, Page] = {}

    async def call(self, method: str, session: str | None = None, **params: Any) -> Any:
        number = next(self.numbers)
        self.answers[number] = asyncio.get_running_loop().create_future()
        message = {"id": number, "method": method, "params": params}
        await self.line.send_json(message | ({"sessionId": session} if session else {}))
        return await asyncio.wait_for(self.answers[number], 30)

    async def listen(self) -> None:
        async for message in self.line:
            told = message.json()
            if (answer := self.answers.pop(told.get("id"), None)) is not None:
                if "error" in told:
                    answer.set_exception(RuntimeError(told["error"]["message"]))
                else:
                    answer.set_result(told["result"])
            elif (page := self.pages.get(told.get("sessionId", ""))) is not None:
                page.hear(told["method"], told["params"])

    async def profile(self) -> str:
        """A profile: cookies of its own."""
        found: str = (await self.call("Target.createBrowserContext"))["browserContextId"]
        return found

    async def keep_files_in(self, folder: Path, profile: str) -> None:
        """Has a profile keep what it downloads in that folder."""
        await self.call(
            "Browser.setDownloadBehavior",
            behavior="allow",
            downloadPath=str(folder),
            browserContextId=profile,
        )

    async def windows(self, profile: str) -> list[str]:
        """The addresses of the pages of a profile, also of those that pages have opened."""
        found = (await self.call("Target.getTargets"))["targetInfos"]
        pages = [it for it in found if it["type"] == "page"]
        return [it["url"] for it in pages if it.get("browserContextId") == profile]

    async def page(self, profile: str | None = None) -> Page:
        """An empty page, in a new profile unless one is given."""
        profile = profile or await self.profile()
        target = (
            await self.call("Target.createTarget", url="about:blank", browserContextId=profile)
        )["targetId"]
        session = (await self.call("Target.attachToTarget", targetId=target, flatten=True))[
            "sessionId"
        ]
        page = self.pages[session] = Page(self, target, session)
        for domain in ("Page", "Network", "Runtime", "Log"):
            await page.call(f"{domain}.enable")
        return page


@asynccontextmanager
async def chromium() -> AsyncIterator[Chromium]:
    """Starts the Chromium that is installed; fails without one."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    assert found, "install Chromium: these tests drive it"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        process = await asyncio.create_subprocess_exec(
            found,
            *WORDS,
            f"--user-data-dir={folder}",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            where = Path(folder, "DevToolsActivePort")
            async with asyncio.timeout(30):
                while not where.exists() or "\n" not in where.read_text():
                    await asyncio.sleep(0.05)
            port, path = where.read_text().split("\n")[:2]
            async with (
                aiohttp.ClientSession() as client,
                client.ws_connect(f"ws://127.0.0.1:{port}{path}", max_msg_size=0) as line,
            ):
                browser = Chromium(line)
                listening = asyncio.create_task(browser.listen())
                try:
                    yield browser
                finally:
                    with suppress(Exception):
                        await browser.call("Browser.close")
                    listening.cancel()
        finally:
            with suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
