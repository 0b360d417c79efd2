"""Thirty browsers at once: memory, and the time until the first screen is painted.

Run: python -m tests.bench.bench_serve [--count 30] [--pages 3]
The browsers are websockets without a screen, so that the server is measured: all come at the same
moment, with all processes started at once, and then with two at once, the next when one of them
has painted; then one comes every second, and those open the table of the first case at its
simplest level. At the end so many pages of a real Chromium are opened, one after the other. The
time is from the call to the foot of the first screen. Memory is the proportional share that Linux
tells (Pss), so what processes share counts once.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import aiohttp

from tests.serve.chromium import chromium
from tests.serve.served import Served, served

FOOT = "Quit"
"""What the first screen has at its foot."""
DOWN, ENTER = "\x1b[B", "\r"
TABLE = ((ENTER, b"How to start"), (DOWN + ENTER, b"Pass"))
"""The keys to the table of the first case, and what is painted then."""


async def come(
    it: Served, wait: float, there: list[float], all_there: asyncio.Event, table: bool
) -> None:
    """A browser that comes after so many seconds, and stays until all are there."""
    await asyncio.sleep(wait)
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        async with session.get(it.address):
            start = perf_counter()
        async with session.ws_connect(f"{it.home}ws", origin=it.home.rstrip("/")) as line:
            seen = b""
            while FOOT.encode() not in seen:
                seen += await line.receive_bytes(timeout=120)
            taken = perf_counter() - start
            for keys, painted in TABLE if table else ():
                await line.send_json(["stdin", keys])
                seen = b""
                while painted not in seen:
                    seen += await line.receive_bytes(timeout=120)
            there.append(taken)
            reading = asyncio.create_task(read(line))
            await all_there.wait()
            reading.cancel()


async def read(line: aiohttp.ClientWebSocketResponse) -> None:
    """Hears whatever comes, and so answers when it is asked whether it is there."""
    async for _ in line:
        pass


def memory(pid: int) -> float:
    """What a process takes, in MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


async def crowd(
    count: int, between: float, starting: int, title: str, *, table: bool = False
) -> None:
    with served("--most", str(count), starting=starting) as it:
        there: list[float] = []
        gone = asyncio.Event()
        tasks = [
            asyncio.create_task(come(it, number * between, there, gone, table))
            for number in range(count)
        ]
        while len(there) < count:
            await asyncio.sleep(0.1)
        apps = [memory(pid) for pid in it.children]
        server = memory(it.process.pid)
        gone.set()
        await asyncio.gather(*tasks)
        print(
            f"{title}: first {min(there):.2f} s, median {median(there):.2f} s, "
            f"last {max(there):.2f} s; {sum(apps):.0f} MB for {len(apps)} processes "
            f"({median(apps):.0f} each), {server:.0f} MB for the server"
        )


async def real(count: int) -> None:
    with served() as it:
        async with chromium() as browser:
            times = []
            for _ in range(count):
                page = await browser.page()
                start = perf_counter()
                await page.open(it.address)
                await page.shows(FOOT, 60)
                times.append(perf_counter() - start)
    shown = ", ".join(f"{it:.2f}" for it in times)
    print(f"a page of Chromium, from the address to the painted screen: {shown} s")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--pages", type=int, default=3)
    words = parser.parse_args()
    print(f"{os.cpu_count()} cores, load before: {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as home:
        os.environ["NEGSIM_HOME"] = home
        await crowd(words.count, 0, 99, f"{words.count} at the same moment, all started at once")
        await crowd(words.count, 0, 2, f"{words.count} at the same moment, two started at once")
        await crowd(words.count, 1, 2, f"{words.count}, one every second, to the table", table=True)
        await real(words.pages)


if __name__ == "__main__":
    asyncio.run(main())
