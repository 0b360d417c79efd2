"""The interface in a real browser, which is driven by its keyboard."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from functools import wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from negsim.journal import read_journal
from negsim.places import journals
from tests.serve.chromium import Chromium, Page, chromium
from tests.serve.giving import FILE, TEXT
from tests.serve.served import Served, all_gone, served

pytestmark = pytest.mark.browser

HOME = "Two towns"
"""What the first screen has."""
TABLE = "he letter of Lowmill"
"""What the table of the two towns has."""
ACT, PASS = "Enter", "p"
"""The keys that take the marked action, and that end the turn."""


async def sit(page: Page) -> None:
    """From the first screen to the table: the two towns, as Lowmill."""
    await page.shows(HOME)
    await page.press("ArrowDown", "Enter")
    await page.shows("Take a seat: Lowmill")
    await page.press("ArrowDown", "ArrowDown", "Enter")
    await page.shows(TABLE)


async def take_turn(page: Page, key: str) -> None:
    """Presses a key at the table; the one journal has more entries then."""
    await page.shows(TABLE)
    before = entries()
    await page.press(key)
    await page.until(lambda: entries() > before)


async def play(page: Page) -> None:
    """Begins a session and takes an action, by the keyboard alone."""
    await sit(page)
    await take_turn(page, ACT)


def entries() -> int:
    """How many entries the one journal has."""
    (path,) = journals()
    return len(read_journal(path).entries)


Scenario = Callable[[Served, Chromium], Coroutine[Any, Any, None]]


def driven(*words: str, argv: Sequence[str] = ()) -> Callable[[Scenario], Callable[[], None]]:
    """A test with a server and a browser."""

    def wrapped(scenario: Scenario) -> Callable[[], None]:
        @wraps(scenario)
        def run() -> None:
            async def both() -> None:
                with served(*words, argv=argv) as it:
                    async with chromium() as browser:
                        await scenario(it, browser)

            asyncio.run(both())

        del run.__wrapped__  # pytest would ask for its arguments
        return run

    return wrapped


@asynccontextmanager
async def foreign(body: str, host: str) -> AsyncIterator[str]:
    """The address of a page at another origin."""

    async def page(request: web.Request) -> web.Response:
        return web.Response(text=f"<!doctype html>{body}", content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page)
    async with TestServer(app) as site:
        yield f"http://{host}:{site.port}/"


def all_from(page: Page, home: str) -> bool:
    """Whether all that the page asked for is there."""
    return {urlsplit(address).netloc for address in page.requested} == {urlsplit(home).netloc}


@driven()
async def test_a_turn_is_played_by_the_keyboard_and_a_reload_goes_on(
    it: Served, browser: Chromium
) -> None:
    page = await browser.page()
    await page.open(it.address)
    await play(page)
    assert await page.value("location.href") == it.home
    assert await page.value("document.cookie") == ""
    before = it.children
    await page.reload()
    await page.shows(TABLE)
    assert all_gone(before)
    await take_turn(page, PASS)
    assert len(it.children) == 1
    assert all_from(page, it.home)
    assert any(address.endswith(".ttf") for address in page.requested)
    assert not [said for said in page.said if "WebGL" not in said]


@driven("--host", "0.0.0.0")
async def test_others_on_the_network_play_at_the_printed_address(
    it: Served, browser: Chromium
) -> None:
    address = it.addresses[0]
    page = await browser.page()
    await page.open(address)
    await sit(page)
    assert await page.value("location.href") == address.partition("?")[0]
    assert all_from(page, address)


@driven("--most", "1")
async def test_beyond_the_most_the_page_says_so(it: Served, browser: Chromium) -> None:
    one, other = [await browser.page() for _ in range(2)]
    await one.open(it.address)
    await one.shows(HOME)
    await other.open(it.address)
    await other.says("No place is free: 1 can play at once. Reload when somebody has left.")
    children = it.children
    await one.close()
    assert all_gone(children)
    await other.reload()
    await other.shows(HOME)


@driven()
async def test_another_browser_plays_for_itself(it: Served, browser: Chromium) -> None:
    pages = [await browser.page() for _ in range(2)]
    await pages[0].open(it.address)
    await play(pages[0])
    await pages[1].open(it.address)
    await pages[1].shows(HOME)
    assert TABLE not in pages[1].text
    children = it.children
    assert len(children) == 2
    for page in pages:
        await page.close()
    assert all_gone(children)


@driven()
async def test_an_application_that_was_killed_is_gone_on_with(
    it: Served, browser: Chromium
) -> None:
    page = await browser.page()
    await page.open(it.address)
    await play(page)
    (child,) = it.children
    os.kill(child, signal.SIGKILL)
    await page.says("Go on here")
    page.painted.clear()
    await page.press("Enter")
    await take_turn(page, PASS)


@driven()
async def test_a_page_says_that_the_server_is_gone(it: Served, browser: Chromium) -> None:
    page = await browser.page()
    await page.open(it.address)
    await page.shows(HOME)
    children = it.children
    it.process.kill()
    await page.says("Nothing plays here any more")
    assert all_gone(children)


@driven(argv=[sys.executable, "-m", "tests.serve.giving"])
async def test_a_file_that_the_application_gives_is_kept_by_the_browser(
    it: Served, browser: Chromium
) -> None:
    profile = await browser.profile()
    page = await browser.page(profile)
    with TemporaryDirectory() as folder:
        await browser.keep_files_in(Path(folder), profile)
        await page.open(it.address)
        await page.shows("Ready to give")
        kept_as = Path(folder, FILE)  # empty until it is there as a whole
        for key in ("t", "b"):
            await page.press(key)
            await page.until(lambda: kept_as.exists() and kept_as.stat().st_size > 0)
            assert kept_as.read_text(encoding="utf-8") == TEXT
            kept_as.unlink()
            page.painted.clear()
            await page.until(lambda: len(page.painted) > 1000)  # it plays on
    assert await browser.windows(profile) == [it.home]
    assert all_from(page, it.home)


@driven()
async def test_a_second_page_takes_over_and_the_first_can_take_it_back(
    it: Served, browser: Chromium
) -> None:
    profile = await browser.profile()
    first, second = [await browser.page(profile) for _ in range(2)]
    await first.open(it.address)
    await play(first)
    await second.open(it.home)
    await second.shows(TABLE)
    await first.says("Go on here")
    await take_turn(second, PASS)
    first.painted.clear()
    await first.call("Page.bringToFront")
    await first.press("Enter")
    await take_turn(first, PASS)


@driven()
async def test_the_address_works_from_a_link_on_another_site(it: Served, browser: Chromium) -> None:
    async with foreign(f'<a id="it" href="{it.address}">Play</a>', "localhost") as address:
        page = await browser.page()
        await page.open(address)
        await page.says("Play")
        await page.value("document.querySelector('#it').click()")
        await page.shows(HOME)
        assert await page.value("document.referrer") == ""


@driven()
async def test_a_wrong_token_is_refused(it: Served, browser: Chromium) -> None:
    page = await browser.page()
    for address in (it.home, f"{it.home}?token=wrong"):
        await page.open(address)
        await page.says("This address is closed.")
    assert it.children == []


@driven()
async def test_another_origin_is_refused(it: Served, browser: Chromium) -> None:
    """Even one on this machine, to which the browser gives the cookies along."""
    profile = await browser.profile()
    page = await browser.page(profile)
    await page.open(it.address)
    await page.shows(HOME)
    before = it.children
    opens = f"""new Promise((told) => {{
        const line = new WebSocket("{it.home.replace("http", "ws")}ws");
        line.onopen = () => told("open");
        line.onerror = () => told("refused");
    }})"""
    for host in ("127.0.0.1", "localhost"):
        async with foreign(f'elsewhere<iframe src="{it.home}"></iframe>', host) as address:
            other = await browser.page(profile)
            await other.open(address)
            await other.says("elsewhere")
            assert await other.value(opens) == "refused"
            assert await other.value(f"fetch('{it.home}').then(() => 'read', () => 'no')") == "no"
    assert it.children == before
    assert await page.value(opens) == "open"
