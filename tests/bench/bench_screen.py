"""The interface in a real pseudo-terminal: first paint, keys to their repaint, memory.

Run: python -m tests.bench.bench_screen [--keys 60] [--pack january-2022]
Linux. Size 120x40. First paint is from the start of the process to the foot of the first screen;
beside it, in the same run, the smallest Textual app that paints a foot. Then a
session of 10,000 places is opened, and each key is timed from its writing to the last byte that
it brings, until nothing comes for a while. Memory is the proportional share (Pss) and what is
resident (Rss).
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import tempfile
import termios
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

from negsim import journal_file
from negsim.journal import Header
from negsim.pack.catalogue import find_pack
from negsim.pack.load import load_pack
from negsim.session import Case, Session
from tests.tui import wander

COLUMNS, LINES = 120, 40
PLACES = 10_000
QUIET, PATIENCE = 0.08, 1.5
"""Nothing more comes after so many seconds without a byte; for the first one it may take longer."""
NEGSIM = [sys.executable, "-m", "negsim"]
BARE = [
    sys.executable,
    "-c",
    "from textual.app import App\n"
    "from textual.widgets import Footer\n"
    "class Bare(App):\n"
    "    BINDINGS = [('q', 'quit', 'Quit')]\n"
    "    def compose(self):\n"
    "        yield Footer()\n"
    "Bare().run()\n",
]
TABBED = [
    sys.executable,
    "-c",
    "from textual.app import App\n"
    "from textual.widgets import OptionList, TabbedContent, TabPane\n"
    "class Tabbed(App):\n"
    "    BINDINGS = [(key, f'show({key!r})', 'Tab') for key in 'ab']\n"
    "    def compose(self):\n"
    "        with TabbedContent():\n"
    "            for key in 'ab':\n"
    "                with TabPane(key, id=key):\n"
    "                    yield OptionList(*(f'{key} Quit {it}' for it in range(50)))\n"
    "    def action_show(self, key):\n"
    "        self.query_one(TabbedContent).active = key\n"
    "Tabbed().run()\n",
]
"""The smallest Textual app that has two tabs with a list each."""
HOME = "\x1b[H"
KEYS = {
    "down in the actions": (f"t{HOME}", "\x1b[B"),
    "down in the branches": (f"b{HOME}", "\x1b[B"),
    "page down in the branches": (f"b{HOME}", "\x1b[6~"),
    "other eyes": ("t", "v"),
    "to the timeline": ("t", "l"),
    "to the branches": ("t", "b"),
    "to the items": ("t", "i"),
    "pass": ("t", "p"),
    "undo": ("t", "u"),
}
"""What is timed: the keys that come before, and the one that is timed."""


class Terminal:
    """A process at a pseudo-terminal of its own."""

    def __init__(self, words: Sequence[str]) -> None:
        self.start = perf_counter()
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
            os.environ["TEXTUAL_ANIMATIONS"] = "none"
            os.execv(words[0], [*words])
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))

    def read(self, until: bytes = b"", first: float = 30.0) -> tuple[bytes, float]:
        """What comes, and when its last byte came: until some words, and then until nothing
        comes for a while; for the first byte it waits so many seconds."""
        found, last = b"", perf_counter()
        while True:
            waits = QUIET if found and until in found else first
            ready, _, _ = select.select([self.file], [], [], waits)
            if not ready:
                return found, last
            try:
                found += os.read(self.file, 1 << 16)
            except OSError:
                return found, last
            last = perf_counter()

    def key(self, key: str) -> float:
        """Milliseconds from a key to the last byte that it brings."""
        start = perf_counter()
        os.write(self.file, key.encode())
        found, last = self.read(first=PATIENCE)
        return (last - start) * 1000 if found else 0.0

    @property
    def memory(self) -> tuple[float, float]:
        """Megabytes, in proportional share and resident."""
        text = Path(f"/proc/{self.pid}/smaps_rollup").read_text()
        kilobytes = dict(re.findall(r"^(\w+):\s+(\d+) kB", text, re.MULTILINE))
        return int(kilobytes["Pss"]) / 1024, int(kilobytes["Rss"]) / 1024


@contextmanager
def terminal(words: Sequence[str]) -> Iterator[Terminal]:
    found = Terminal(words)
    try:
        yield found
    finally:
        os.kill(found.pid, signal.SIGKILL)
        os.waitpid(found.pid, 0)
        os.close(found.file)


def first_paints(times: int) -> None:
    for name, words in {"negsim": NEGSIM, "the smallest Textual app": BARE}.items():
        found = []
        for _ in range(times):
            with terminal(words) as it:
                _, last = it.read(b"Quit")
                found.append(last - it.start)
        print(f"first paint of {name}: median {median(found):.3f} s, least {min(found):.3f} s")


def places(pack: str) -> Path:
    """A session of 10,000 places, kept where sessions are kept."""
    loaded = load_pack(find_pack(pack), branches_too=False)
    header = Header(pack=pack, content=loaded.content_hash, session="0" * 32, seed=1)
    path = journal_file.file_of(header)
    with journal_file.create(path, header) as writer:
        session = Session(Case(loaded), header, writer.append)
        wander(session, PLACES, 1)
    return path


def keys(count: int) -> None:
    every: list[float] = []
    with terminal(NEGSIM) as it:
        it.read(b"Quit")
        start = perf_counter()
        os.write(it.file, b"\r")
        _, last = it.read(b"Pass")
        print(f"opening {PLACES:,} places: {last - start:.2f} s")
        for name, (before, key) in KEYS.items():
            found = []
            for _ in range(count):
                it.key(before)
                if took := it.key(key):  # a key that changes nothing paints nothing
                    found.append(took)
            if not found:
                print(f"{name:>28}: nothing was painted")
                continue
            every += found
            found.sort()
            print(
                f"{name:>28}: {len(found)} times, "
                f"median {median(found):5.1f} ms, 95% {_high(found):5.1f} ms"
            )
        print(f"{'all of them':>28}: 95% {_high(sorted(every)):.1f} ms")
        pss, rss = it.memory
        print(f"memory: {pss:.0f} MB in proportional share, {rss:.0f} MB resident")


def tabs(count: int) -> None:
    with terminal(TABBED) as it:
        it.read(b"Quit")
        found = sorted(it.key("ba"[number % 2]) for number in range(count))
    print(
        f"another tab in the smallest Textual app with two: {count} times, "
        f"median {median(found):.1f} ms, 95% {_high(found):.1f} ms"
    )


def _high(found: Sequence[float]) -> float:
    return found[min(len(found) - 1, len(found) * 95 // 100)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=60)
    parser.add_argument("--paints", type=int, default=7)
    parser.add_argument("--pack", default="january-2022")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NEGSIM_HOME"] = folder
        first_paints(given.paints)
        start = perf_counter()
        places(given.pack)
        print(f"(writing them took {perf_counter() - start:.1f} s)")
        keys(given.keys)
        tabs(given.keys)


if __name__ == "__main__":
    main()
