"""`negsim serve` as a process: what it says, and that nothing is left however it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import aiohttp
import pytest

from negsim.errors import NegsimError
from negsim.serve.address import addresses, listening
from negsim.serve.server import command
from tests.conftest import Call
from tests.serve.served import FAKE, HASTY, POORER, Served, alive, all_gone, served, until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="asks ps, and sends signals")


Player = tuple[aiohttp.ClientSession, aiohttp.ClientWebSocketResponse]


async def players(it: Served, count: int) -> list[Player]:
    """So many browsers that play; their pages are painted."""

    async def player() -> Player:
        session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        async with session.get(it.address) as entered:
            assert entered.status == 200
        line = await session.ws_connect(f"{it.home}ws", origin=it.home.rstrip("/"))
        painted = b""
        while len(painted) < 200:
            painted += await line.receive_bytes(timeout=20)
        return session, line

    return await asyncio.gather(*(player() for _ in range(count)))


async def nothing_is_left(
    *signals: signal.Signals, argv: Sequence[str] = FAKE, first: str = ""
) -> None:
    """Two browsers play; one goes, and then the server is sent the signals."""
    with served("--most", "3", argv=argv, first=first) as it:
        assert it.process.stdout is not None
        said = [it.process.stdout.readline() for _ in range(2)]
        assert said[0] == f"Sessions are kept in {os.environ['NEGSIM_HOME']}{os.sep}sessions\n"
        assert said[1].startswith("At most 3 browsers at once. Ctrl-C stops;")
        playing = await players(it, 2)
        pids = it.children
        assert len(pids) == 2
        await playing[0][0].close()
        assert await asyncio.to_thread(until, lambda: len(it.children) == 1)
        try:
            for how in signals:
                it.process.send_signal(how)
                await asyncio.sleep(0.1)
            code = await asyncio.to_thread(it.process.wait, 10)
            assert code == (-signal.SIGKILL if signal.SIGKILL in signals else 0)
            assert await asyncio.to_thread(all_gone, pids)
        finally:
            for pid in filter(alive, pids):
                os.kill(pid, signal.SIGKILL)
        await playing[1][0].close()


def test_no_process_is_left_however_the_server_is_told_to_end() -> None:
    async def each() -> None:
        await asyncio.gather(
            nothing_is_left(signal.SIGINT, first=POORER),
            nothing_is_left(
                *(signal.SIGHUP, signal.SIGTERM, signal.SIGINT),
                argv=[*FAKE, "stubborn"],
                first=HASTY,
            ),
        )

    asyncio.run(each())


def test_the_application_ends_with_a_server_that_was_killed() -> None:
    asyncio.run(nothing_is_left(signal.SIGKILL, argv=()))


def test_the_application_imports_nothing_from_where_the_server_was_started(tmp_path: Path) -> None:
    (tmp_path / "textual.py").write_text("raise SystemExit('a trap')")
    words = [*command()[:-1], "import textual.drivers"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_call_that_is_wrong_ends_with_2(call: Call) -> None:
    for words in (("--port", "70000"), ("--most", "0"), ("--host", "no.such.name.invalid")):
        result = call("serve", *words)
        assert (result.code, result.out) == (2, "")
        assert words[1] in result.err


def test_a_port_that_is_in_use_is_said() -> None:
    with listening("127.0.0.1", 0) as sock:
        port = sock.getsockname()[1]
        with pytest.raises(NegsimError, match=f"port {port} .*the port is in use"):
            listening("127.0.0.1", port)


@pytest.mark.parametrize("host", ["no.such.name.invalid", "300.1.1.1.1", "a..b", "x" * 300])
def test_what_is_no_address_is_said(host: str) -> None:
    with pytest.raises(NegsimError, match=r"no address .*0\.0\.0\.0"):
        listening(host, 0)


def test_an_address_of_another_machine_is_said() -> None:
    with pytest.raises(NegsimError, match="not one of this machine"):
        listening("192.0.2.77", 0)


def test_a_privileged_port_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*words: object, **more: object) -> socket.socket:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket, "create_server", refused)
    with pytest.raises(NegsimError, match="port 80 is kept for administrators"):
        listening("127.0.0.1", 80)


def test_addresses_are_those_that_others_reach() -> None:
    with listening("127.0.0.1", 0) as sock:
        assert addresses(sock) == [f"http://127.0.0.1:{sock.getsockname()[1]}/"]
    with listening("0.0.0.0", 0) as sock:
        found = addresses(sock)
        assert found[-1] == f"http://127.0.0.1:{sock.getsockname()[1]}/"
        assert not any("0.0.0.0" in it for it in found)
        for it in found:
            host = it.removeprefix("http://").partition(":")[0]
            socket.create_connection((host, sock.getsockname()[1]), 5).close()


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
def test_an_address_of_the_new_kind_is_written_as_browsers_want_it() -> None:
    try:
        sock = listening("::1", 0)
    except NegsimError:
        pytest.skip("no IPv6 loopback here")
    with sock:
        assert addresses(sock) == [f"http://[::1]:{sock.getsockname()[1]}/"]
