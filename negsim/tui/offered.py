"""The sessions to go on with, as the first screen lists them: read no further than needed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from negsim import places
from negsim.serve import browser

MOST = 8
"""So many are offered."""
LONGEST = 64 * 1024
"""A header is no longer than this, in bytes."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A session: its file, its pack, when it was played last, and what it is, or why it cannot be
    read."""

    path: Path
    pack: str
    played: str
    about: str
    readable: bool = True


def offered() -> list[Offered]:
    """The last sessions in which something was done, the one written last first."""
    ours = (path for path in places.journals() if browser.is_ours(path))
    found: list[Offered] = []
    for it in _read(ours):
        found.append(it)
        if len(found) == MOST:
            break
    return found


def _read(paths: Iterator[Path]) -> Iterator[Offered]:
    for path in paths:
        try:
            played = f"{datetime.fromtimestamp(path.stat().st_mtime):%Y-%m-%d %H:%M}"
            with path.open("rb") as file:
                header = json.loads(file.readline(LONGEST))
                steps = sum(1 for _ in file)
            pack, level = str(header["pack"]), str(header["level"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            yield Offered(path, "", "", "Its first line does not tell what it is.", False)
            continue
        if steps:
            seat = f"seat {header['seat']}" if "seat" in header else "all parties"
            told = f"{seat}, level {level}" if level != "full" else seat
            yield Offered(path, pack, played, f"{told}, {steps} entries")
