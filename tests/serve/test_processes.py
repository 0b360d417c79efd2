"""What becomes of the processes that play."""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import ClientError, WSMsgType, web

from negsim.places import sessions
from negsim.serve import browser, downloads, process, server
from tests.serve.served import FAKE, alive
from tests.serve.visitors import awaited, ended, gate, told, until_awaited, visitors


@awaited
async def test_a_reload_is_the_same_browser_and_ends_its_other_page() -> None:
    async with visitors(gate(), 2) as [one, other]:
        await one.enter()
        await other.enter()
        first = await one.play()
        before = await told(first)
        assert before["pid"] == before["group"] != os.getpgid(0)
        second = await one.play()
        after = await told(second)
        assert after["browser"] == before["browser"]
        assert await ended(before["pid"])
        assert (await first.receive(timeout=5)).type == WSMsgType.CLOSE
        third = await other.play()
        assert (await told(third))["browser"] != after["browser"]
        assert alive(after["pid"])
        await second.close()
        await third.close()
        assert await ended(after["pid"])


@awaited
async def test_the_last_of_many_pages_of_one_browser_plays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those between the first and the last begin nothing."""
    monkeypatch.setattr(server, "STARTING", 1)
    monkeypatch.setattr(server, "PATIENCE", 0.3)
    async with visitors(gate("shy")) as [it]:
        await it.enter()
        lines = [await it.play() for _ in range(4)]
        last = await told(lines[-1])
        assert await ended((await told(lines[0]))["pid"])
        for line in lines[:-1]:
            assert (await line.receive(timeout=5)).type == WSMsgType.CLOSE
        assert alive(last["pid"])
        await lines[-1].close()


@awaited
async def test_a_page_that_is_gone_before_it_plays_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def gone(*words: object) -> None:
        raise ConnectionResetError

    it_is = gate()
    async with visitors(it_is) as [it]:
        await it.enter()
        line = await it.play()
        pid = (await told(line))["pid"]
        monkeypatch.setattr(web.WebSocketResponse, "prepare", gone)
        with pytest.raises(ClientError):
            await it.play()
        assert await ended(pid)
        assert await until_awaited(lambda: not it_is.live)


@pytest.mark.parametrize(("words", "patience"), [((), 30.0), (("shy",), 0.3)])
@awaited
async def test_a_process_starts_when_the_one_before_has_painted_or_had_its_time(
    words: tuple[str, ...], patience: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "STARTING", 1)
    monkeypatch.setattr(server, "PATIENCE", patience)
    monkeypatch.setattr(process, "PAINTED", 150)
    async with visitors(gate(*words), 2) as them:
        for it in them:
            await it.enter()
        start = time.monotonic()
        lines = [await it.play() for it in them]
        for line in lines:
            await told(line)
        taken = time.monotonic() - start
        assert taken > patience if words else taken < patience
        for line in lines:
            await line.close()


@awaited
async def test_a_process_that_does_not_end_is_killed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(process, "PATIENCE", 0.2)
    async with visitors(gate("stubborn")) as [it]:
        await it.enter()
        line = await it.play()
        pid = (await told(line))["pid"]
        await line.close()
        assert await ended(pid)
    assert capsys.readouterr() == ("", "")


@awaited
async def test_a_process_that_is_told_to_end_while_it_begins_ends() -> None:
    async def nothing(*words: object) -> None: ...

    page: Any = SimpleNamespace(send_bytes=nothing, send_str=nothing, close=nothing)
    service = process.Service(FAKE, "1" * 32, page, downloads.Downloads(), {})
    starting = asyncio.create_task(service.start(80, 24))
    await asyncio.sleep(0)
    await service.stop()
    await starting
    assert service._process is not None
    assert await ended(service._process.pid)


@awaited
async def test_a_process_without_a_group_is_killed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows."""
    monkeypatch.setattr(process, "PATIENCE", 0.2)
    monkeypatch.setattr(process, "sys", SimpleNamespace(platform="win32"))
    monkeypatch.setattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0, raising=False)
    monkeypatch.delattr(os, "killpg")
    async with visitors(gate("stubborn")) as [it]:
        await it.enter()
        line = await it.play()
        about = await told(line)
        assert about["group"] == os.getpgid(0)
        await line.close()
        assert await ended(about["pid"])


@pytest.mark.parametrize("soon", [True, False])
@awaited
async def test_a_process_that_fails_is_told_of_and_fails_not_for_ever(
    soon: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if not soon:
        monkeypatch.setattr(process, "SOON", 0.0)
    async with visitors(gate("failing")) as [it]:
        await it.enter()
        line = await it.play()
        about = await told(line)
        monkeypatch.setenv(browser.VARIABLE, about["browser"])
        sessions().mkdir()
        journal = sessions() / "a.jsonl"
        journal.touch()
        browser.opened(journal)
        assert (await line.receive(timeout=5)).type == WSMsgType.CLOSE
        said: list[str] = []

        def is_told() -> bool:
            said.append(capsys.readouterr().err)
            return "thing" in "".join(said)

        assert await until_awaited(is_told)
    assert "".join(said).splitlines()[1] == r"  no such \x1b[31mthing"
    assert browser.current() == (None if soon else journal)
    assert browser.is_ours(journal)


@awaited
async def test_the_server_ends_its_processes_when_it_ends() -> None:
    async with visitors(gate(), 2) as them:
        pids = []
        for it in them:
            await it.enter()
            pids.append((await told(await it.play()))["pid"])
        assert all(map(alive, pids))
    assert [await ended(pid) for pid in pids] == [True, True]


@pytest.mark.parametrize(
    "message",
    [
        "{}",
        "[]",
        "not json",
        '["stdin"]',
        '["stdin", 5]',
        '["stdin", "\\ud800"]',
        '["resize", {"width": Infinity, "height": 1}]',
        '["resize", {"width": "x", "height": 1}]',
        "[" * 50_000,
        '["stdin", "' + "x" * server.MAX_MESSAGE + '"]',
    ],
    ids=lambda message: message[:20],
)
@awaited
async def test_a_message_that_is_none_ends_the_page(
    message: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with visitors(gate()) as [it]:
        await it.enter()
        line = await it.play()
        pid = (await told(line))["pid"]
        await line.send_str(message)
        assert (await line.receive(timeout=5)).type in (WSMsgType.CLOSE, WSMsgType.CLOSED)
        assert await ended(pid)
    assert not caplog.records


@awaited
async def test_a_screen_is_not_larger_than_screens_are() -> None:
    async with visitors(gate()) as [it]:
        await it.enter()
        line = await it.play()
        await told(line)
        await line.send_json(["resize", {"width": 10**12, "height": -4}])
        assert await told(line) == {"type": "resize", "width": 500, "height": 1}
        await line.close()
