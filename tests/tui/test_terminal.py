"""The real program in a real pseudo-terminal: played by keyboard, killed, and left in every way."""

from __future__ import annotations

import os
import re
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals", allow_module_level=True)

import fcntl
import pty
import select
import termios

from negsim.journal import read_journal

OBEYED = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]P_][^\x07\x1b]*(\x07|\x1b\\)|\x1b.")
"""What the terminal obeys, and does not show."""
PATIENCE = 60.0
"""Seconds in which whatever is waited for must come, on a busy machine."""
KEYS = {"enter": b"\r", "down": b"\x1b[B", "right": b"\x1b[C", "ctrl+q": b"\x11", "escape": b"\x1b"}


class Terminal:
    """A terminal in which negsim runs."""

    def __init__(self, home: Path, size: tuple[int, int] = (80, 24), *words: str) -> None:
        width, height = size
        self._side, other = pty.openpty()
        self._resize(other, width, height)
        environment = {
            **{name: it for name, it in os.environ.items() if name not in ("COLUMNS", "LINES")},
            "NEGSIM_HOME": str(home),
            "TERM": "xterm-256color",
            "TEXTUAL_ANIMATIONS": "none",
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "negsim", *words],
            stdin=other, stdout=other, stderr=other, cwd=home, env=environment,
            start_new_session=True, preexec_fn=_own_terminal,
        )  # fmt: skip
        os.close(other)
        self.painted = b""

    def _resize(self, side: int, width: int, height: int) -> None:
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def resize(self, width: int, height: int) -> None:
        """Gives the window another size."""
        self._resize(self._side, width, height)
        self.process.send_signal(signal.SIGWINCH)

    def read(self, seconds: float) -> bool:
        """Reads what is painted, for at most so long; False once the program has closed it."""
        if not select.select([self._side], [], [], seconds)[0]:
            return True
        try:
            found = os.read(self._side, 65536)
        except OSError:  # so says Linux where nobody writes any more
            return False
        self.painted += found
        return bool(found)

    @property
    def text(self) -> str:
        """What was painted since it was looked at last, its words on one line."""
        return " ".join(OBEYED.sub(b" ", self.painted).decode("utf-8", "replace").split())

    def until(self, *words: str) -> str:
        """Waits until all these words were painted since the last wait; what else was."""
        end = time.monotonic() + PATIENCE
        while not all(it in self.text for it in words):
            assert time.monotonic() < end, (words, self.text[-2000:])
            assert self.read(0.1), (words, self.text[-2000:])
        text, self.painted = self.text, b""
        return text

    def press(self, *keys: str) -> None:
        """Presses keys."""
        for key in keys:
            os.write(self._side, KEYS.get(key, key.encode()))
            time.sleep(0.05)

    def ended(self) -> int:
        """Waits for the end; the exit code."""
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < end, self.text[-2000:]
            self.read(0.05)
        return self.process.wait()

    def hang_up(self) -> None:
        """Closes the window."""
        os.close(self._side)
        self._side = -1

    def close(self) -> None:
        """Leaves nothing behind."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self._side >= 0:
            os.close(self._side)


def _own_terminal() -> None:
    """The terminal is the one that tells the program when it is closed."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    """What is opened is closed, whatever comes."""
    opened: list[Terminal] = []
    yield opened
    for it in opened:
        it.close()


def journal(home: Path) -> Path:
    (path,) = (home / "sessions").glob("*.jsonl")
    return path


def actions(home: Path) -> list[str]:
    return [it.action for it in read_journal(journal(home)).entries if it.did == "applied"]


def start_playing(terminal: Terminal) -> None:
    """From the first screen to a free exploration of the two towns, one action on."""
    terminal.until("negsim steps through", "Two towns and a weir")
    terminal.press("down", "enter")
    terminal.until("How to start", "Explore freely")
    terminal.press("down", "down", "down", "enter")
    terminal.until("Highwell has the turn")
    terminal.press("enter")
    terminal.until("round 1 |")


def test_a_turn_is_played_by_keyboard_killed_gone_on_with_and_left(
    tmp_path: Path, terminals: list[Terminal]
) -> None:
    terminal = Terminal(tmp_path)
    terminals.append(terminal)
    start_playing(terminal)
    assert actions(tmp_path) == ["demand/letter"], "on disk before it is shown"
    terminal.process.send_signal(signal.SIGKILL)
    assert terminal.ended() == -signal.SIGKILL

    again = Terminal(tmp_path)
    terminals.append(again)
    again.until("Go on", "all parties, 1 entr")
    again.press("enter")
    again.until("Highwell has the turn")
    again.press("p")
    again.until("Round 2.")
    again.press("ctrl+q")
    assert again.ended() == 0
    assert actions(tmp_path)[:2] == ["demand/letter", "pass/highwell"]
    assert b"\x1b[?1049l" in again.painted, "the terminal is given back"


@pytest.mark.parametrize("how", ["window", "hangup", "terminate"])
def test_nothing_is_left_running_where_the_window_is_closed(
    how: str, tmp_path: Path, terminals: list[Terminal]
) -> None:
    terminal = Terminal(tmp_path)
    terminals.append(terminal)
    start_playing(terminal)
    if how == "window":
        terminal.hang_up()
    else:
        terminal.process.send_signal(signal.SIGHUP if how == "hangup" else signal.SIGTERM)
    end = time.monotonic() + PATIENCE
    while terminal.process.poll() is None:
        assert time.monotonic() < end, "it lives on without a terminal"
        if terminal._side >= 0:
            terminal.read(0.05)
        time.sleep(0.05)
    with pytest.raises(ProcessLookupError):
        os.killpg(terminal.process.pid, 0)
    assert actions(tmp_path) == ["demand/letter"]
    assert read_journal(journal(tmp_path)).torn == 0


def test_too_small_a_terminal_says_so_until_it_grows(
    tmp_path: Path, terminals: list[Terminal]
) -> None:
    terminal = Terminal(tmp_path, (50, 15))
    terminals.append(terminal)
    terminal.until("60 columns and 20 lines", "negsim play two-towns")
    terminal.resize(80, 24)
    terminal.until("Two towns and a weir")
    terminal.resize(50, 15)
    terminal.until("negsim play two-towns")
    terminal.press("ctrl+q")
    assert terminal.ended() == 0


def test_with_plain_letters_and_no_colours_nothing_else_is_written(
    tmp_path: Path, terminals: list[Terminal], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    terminal = Terminal(tmp_path, (80, 24), "--ascii")
    terminals.append(terminal)
    terminal.until("Two towns and a weir")
    terminal.press("enter", "down", "enter")
    terminal.until("the turn")
    terminal.press("ctrl+q")
    assert terminal.ended() == 0
    assert terminal.painted.isascii()
