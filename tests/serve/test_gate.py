"""Who is let in, and to what."""

from __future__ import annotations

import asyncio
import re
import time

import pytest
from aiohttp import WSServerHandshakeError

from negsim.serve import browser, server
from negsim.serve.server import new_token
from tests.serve.served import alive
from tests.serve.visitors import TOKEN, awaited, ended, gate, told, visitors

EVERYWHERE = ["/", "/static/js/textual.js", "/page/page.js", "/download/x", "/nowhere", "/ws"]


@pytest.mark.parametrize("path", EVERYWHERE)
@awaited
async def test_nothing_is_served_without_the_token(path: str) -> None:
    async with visitors(gate()) as [it]:
        for headers in ({}, {"Cookie": f"negsim-{it.client.port}=abcde-fghik"}):
            answer = await it.client.get(path, headers=headers)
            assert answer.status == 403
            assert "Open the whole address" in await answer.text()
        assert (await it.get("/?token=wrong")).status == 403
        assert (await it.get("/?token=%ff%ed%a0%80")).status == 403
        assert not it.client.session.cookie_jar.filter_cookies(it.client.make_url("/"))


@awaited
async def test_the_token_becomes_a_cookie_and_leaves_the_address() -> None:
    async with visitors(gate()) as [it]:
        answer = await it.enter()
        assert 'content="0; url=/"' in await answer.text()
        cookies = answer.headers.getall("Set-Cookie")
        assert len(cookies) == 2
        assert all("HttpOnly" in one and "SameSite=Strict" in one for one in cookies)
        page = await it.get()
        assert page.status == 200
        assert "textual-terminal" in await page.text()
        assert TOKEN not in await page.text()
        for path in ("/static/js/textual.js", "/page/page.js", "/page/page.css"):
            assert (await it.get(path)).status == 200


@awaited
async def test_every_answer_is_guarded() -> None:
    async with visitors(gate()) as [it]:
        answers = [await it.get("/"), await it.enter()]
        answers += [await it.get(path) for path in EVERYWHERE]
        for answer in answers:
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["X-Frame-Options"] == "DENY"
            policy = answer.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'")
            assert "frame-ancestors 'none'" in policy
        page = (await it.get()).headers["Content-Security-Policy"]
        assert "script-src 'self';" in page
        assert f"ws://127.0.0.1:{it.client.port} " in page


@awaited
async def test_folders_are_not_listed_and_not_left() -> None:
    async with visitors(gate()) as [it]:
        await it.enter()
        for path in ("/static/", "/static/js/", "/page/", "/page/..%2fserver.py"):
            assert (await it.get(path)).status in (403, 404)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:{port}", 200),
        ("192.168.1.20:{port}", 200),
        ("[::1]:{port}", 200),
        ("localhost:{port}", 200),
        ("class.example:{port}", 200),
        ("evil.example:{port}", 403),
        ("127.0.0.1.evil.example:{port}", 403),
        ("127.0.0.1;evil", 403),
        ("me@127.0.0.1", 403),
    ],
)
@awaited
async def test_only_own_names_are_answered(host: str, status: int) -> None:
    async with visitors(gate()) as [it]:
        await it.enter()
        answer = await it.get("/", Host=host.format(port=it.client.port))
        assert answer.status == status
        if status == 403:
            assert "does not answer to the name" in await answer.text()


@pytest.mark.parametrize("host", ["127.0.0.1:99999", "127.0.0.1:", ""])
@awaited
async def test_a_broken_host_is_no_fault_of_ours(host: str) -> None:
    async with visitors(gate()) as [it]:
        assert 400 <= (await it.get("/", Host=host)).status < 500


@awaited
async def test_the_websocket_wants_its_own_origin() -> None:
    async with visitors(gate()) as [it]:
        await it.enter()
        port = it.client.port or 0
        for origin in ("http://evil.example", f"http://127.0.0.1:{port + 1}", "null"):
            with pytest.raises(WSServerHandshakeError) as refused:
                await it.play(origin)
            assert refused.value.status == 403
        with pytest.raises(WSServerHandshakeError):
            await it.client.ws_connect("/ws")
        line = await it.play()
        assert (await told(line))["browser"]
        await line.close()


@awaited
async def test_a_websocket_that_is_none_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    it_is = gate(most=1)
    async with visitors(it_is) as [it]:
        await it.enter()
        line = await it.play()
        pid = (await told(line))["pid"]
        for method in ("GET", "HEAD", "POST"):
            answer = await it.client.request(method, "/ws", headers={"Origin": it.origin})
            assert answer.status in (400, 405)
        assert len(it_is.live) == 1
        assert alive(pid)
        again = await it.play()
        await told(again)
        assert await ended(pid)
        await again.close()
    assert not caplog.records


@pytest.mark.parametrize("who", ["../../etc/passwd", "1" * 31, "G" * 32, "1" * 32 + "%0a"])
@awaited
async def test_an_id_that_is_none_is_replaced(who: str) -> None:
    async with visitors(gate()) as [it]:
        cookies = {f"negsim-{it.client.port}": TOKEN, "negsim-browser": who}
        it.client.session.cookie_jar.update_cookies(cookies, it.client.make_url("/"))
        with pytest.raises(WSServerHandshakeError) as refused:
            await it.play()
        assert refused.value.status == 403
        given = (await it.get("/")).cookies["negsim-browser"].value
        assert browser.ID.fullmatch(given)
        line = await it.play()
        assert (await told(line))["browser"] == given
        await line.close()


@awaited
async def test_the_websocket_wants_the_token() -> None:
    async with visitors(gate()) as [it]:
        with pytest.raises(WSServerHandshakeError) as refused:
            await it.play()
        assert refused.value.status == 403


@awaited
async def test_beyond_the_most_a_page_says_so_and_a_reload_still_comes_in() -> None:
    async with visitors(gate(most=1), 2) as [one, other]:
        await one.enter()
        await other.enter()
        line = await one.play()
        await told(line)
        full = await other.get()
        assert full.status == 503
        assert "No place is free: 1 can play at once." in await full.text()
        with pytest.raises(WSServerHandshakeError) as refused:
            await other.play()
        assert refused.value.status == 503
        assert (await one.get()).status == 200
        await line.close()
        end = time.monotonic() + 5
        while (await other.get()).status != 200 and time.monotonic() < end:
            await asyncio.sleep(0.02)
        assert (await other.get()).status == 200


def test_tokens_differ_and_can_be_typed() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(re.fullmatch(r"[a-z2-9]{5}-[a-z2-9]{5}", it) for it in tokens)


def test_what_is_served_names_no_address_elsewhere() -> None:
    for path in (server.HERE / "page").iterdir():
        assert not re.search(r"https?://", path.read_text(encoding="utf-8"))
