"""Which browser this process plays for, and which sessions are that browser's.

`negsim serve` gives each browser an id and starts the application with it in NEGSIM_BROWSER. The
file `.browser-ID` among the sessions has a line for each session that the browser opened, with the
name of its journal, and an empty line where it went back to the first screen. So the last line
tells where a reload goes on. Without the variable nothing is written and every session is offered.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from negsim.places import sessions

VARIABLE = "NEGSIM_BROWSER"
"""The environment variable with the browser's id."""
ID = re.compile(r"[0-9a-f]{32}")
"""What an id looks like."""


def browser() -> str | None:
    """The id of the browser this process plays for; None in a terminal."""
    found = os.environ.get(VARIABLE, "")
    return found if ID.fullmatch(found) else None


def opened(path: Path) -> None:
    """Remembers that the browser plays the session of that journal."""
    if path.parent == sessions():
        _add(path.name)


def left(name: str | None = None) -> None:
    """Remembers that this browser, or the one of that id, went back to the first screen."""
    _add("", name)


def current() -> Path | None:
    """The journal a reload goes on with, if there is one."""
    last = _lines()[-1:]
    path = sessions() / last[0] if last else None
    return path if path is not None and path.name in last and path.is_file() else None


def is_ours(path: Path) -> bool:
    """Whether a session may be offered here: in a browser, only what it has opened itself."""
    return browser() is None or path.name in _lines()


def _file(name: str | None = None) -> Path | None:
    name = name or browser()
    return sessions() / f".browser-{name}" if name else None


def _lines() -> list[str]:
    file = _file()
    if file is None or not file.is_file():
        return []
    return file.read_text(encoding="utf-8", errors="replace").split("\n")[:-1]


def _add(line: str, name: str | None = None) -> None:
    file = _file(name)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(file, "a", encoding="utf-8", newline="\n", opener=_for_the_user) as lines:
            lines.write(f"{line}\n")


def _for_the_user(path: str, flags: int) -> int:
    """Opens a file that nobody else on this machine reads: its name lets a browser in."""
    return os.open(path, flags, 0o600)
