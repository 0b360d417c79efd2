"""Files that an application gives to its browser."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import ClientPayloadError, ClientWebSocketResponse

from negsim.serve import downloads
from negsim.serve.server import Gate
from tests.serve.visitors import awaited, ended, gate, told, until_awaited, visitors


async def promise(it: Gate, name: str = "a.svg") -> None:
    """The one process that plays promises a file under the key k."""
    (service,) = it.live.values()
    await it.downloads.create_download(
        app_service=service,
        delivery_key="k",
        file_name=name,
        open_method="browser",
        mime_type="image/svg+xml",
    )


async def asked(line: ClientWebSocketResponse) -> None:
    """The fake application echoes that a piece is asked for."""
    assert "deliver_chunk_request" in (await line.receive_bytes(timeout=5)).decode()


@awaited
async def test_a_file_is_for_the_browser_whose_application_gives_it() -> None:
    it = gate()
    async with visitors(it, 2) as [one, other]:
        await one.enter()
        await other.enter()
        line = await one.play()
        await told(line)
        await promise(it, 'é "a"; b=c.svg')
        assert (await other.get("/download/k")).status == 404
        assert (await one.get("/download/unknown")).status == 404
        mine = asyncio.create_task(one.get("/download/k"))
        await asked(line)
        assert (await one.get("/download/k")).status == 404
        await it.downloads.chunk_received("k", "<svg/>")
        await asked(line)
        await it.downloads.chunk_received("k", b"")
        answer = await mine
        assert await answer.read() == b"<svg/>"
        kept_as = answer.headers["Content-Disposition"]
        assert kept_as == "attachment; filename*=UTF-8''%C3%A9%20%22a%22%3B%20b%3Dc.svg"
        assert answer.headers["Content-Type"] == "image/svg+xml"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert (await one.get("/download/k")).status == 404
        await line.close()


@pytest.mark.parametrize("how", ["ended", "late"])
@awaited
async def test_a_file_that_is_torn_is_no_whole_file(
    how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "PATIENCE", 5.0 if how == "ended" else 0.1)
    it = gate()
    async with visitors(it) as [one]:
        await one.enter()
        line = await one.play()
        await told(line)
        await promise(it)
        mine = asyncio.create_task(one.get("/download/k"))
        await asked(line)
        await it.downloads.chunk_received("k", b"<svg")
        answer = await mine
        await asked(line)
        if how == "ended":
            await line.close()
        with pytest.raises(ClientPayloadError):
            await answer.read()
        await line.close()


@awaited
async def test_a_promise_is_forgotten_with_the_process() -> None:
    it = gate()
    async with visitors(it) as [one]:
        await one.enter()
        line = await one.play()
        pid = (await told(line))["pid"]
        await promise(it)
        await line.close()
        assert await ended(pid)
        assert await until_awaited(lambda: not it.live)
        assert (await one.get("/download/k")).status == 404
        assert not it.downloads._active_downloads
