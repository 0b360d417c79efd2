"""The server as a process of its own, and the processes under it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

FAKE = (sys.executable, str(Path(__file__).with_name("fake.py")))
"""Stands in for the application where it does not matter."""
POORER = """
import asyncio, os, signal, subprocess, sys, aiohttp.web, click, textual_serve.server
for module, names in {os: "killpg getpgid setsid", signal: "SIGKILL SIGHUP"}.items():
    for name in names.split():
        delattr(module, name)
del asyncio.SelectorEventLoop.add_signal_handler
sys.modules["resource"] = None
subprocess.CREATE_NEW_PROCESS_GROUP = 0
sys.platform = "win32"
"""
"""Takes away what is not to be had on Windows, as far as that can be done elsewhere."""
HASTY = "from negsim.serve import process; process.PATIENCE = 0.3"
"""Gives processes less time to end."""
RUN = """
from negsim.serve import server
server.STARTING = {starting}
argv = {argv}
server.command = (lambda: argv) if argv else server.command
from negsim.cli.serve import command
command()
"""


@dataclass
class Served:
    """A server that runs, the addresses that it printed, and the one on this machine itself."""

    process: subprocess.Popen[str]
    addresses: list[str]

    @property
    def address(self) -> str:
        return self.addresses[-1]

    @property
    def home(self) -> str:
        return self.address.partition("?")[0]

    @property
    def token(self) -> str:
        return self.address.partition("token=")[2]

    @property
    def children(self) -> list[int]:
        """The processes that it has started."""
        done = subprocess.run(["ps", "-A", "-o", "ppid=,pid="], capture_output=True, text=True)
        rows = (line.split() for line in done.stdout.splitlines())
        return [int(pid) for parent, pid in rows if int(parent) == self.process.pid]


@contextmanager
def served(
    *words: str, starting: int = 2, argv: Sequence[str] = (), first: str = ""
) -> Iterator[Served]:
    """`negsim serve` at a free port; so many processes start at the same time.

    They are the application, unless other words are given to start. A script may run first.
    """
    script = first + RUN.format(starting=starting, argv=list(argv))
    process = subprocess.Popen(
        [sys.executable, "-c", script, "--port", "0", *words],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout is not None
        found = []
        for line in process.stdout:
            found += re.findall(r"http://\S+", line)
            if "//127." in line:
                break
        else:
            raise AssertionError("the server did not start")
        yield Served(process, found)
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and was not asked after does not."""
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return done.stdout.strip()[:1] not in ("", "Z")


def until(holds: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether it comes to hold within so many seconds."""
    end = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < end:
        time.sleep(0.02)
    return held


def all_gone(pids: list[int]) -> bool:
    """Whether the processes come to an end."""
    return until(lambda: not any(map(alive, pids)))
