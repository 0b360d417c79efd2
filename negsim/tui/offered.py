"""The sessions to go on with, as the first screen lists them: read no further than needed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from negsim import places
from negsim.classroom.catalogue import heading
from negsim.serve import browser

MOST = 8
"""So many are offered."""
LONGEST = 64 * 1024
"""A header is no longer than this, in bytes."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A session: its file, its pack, when it was played last, and what it is, or why it cannot be
    read. `exercise` is whether one is taken in it; `about` then has its title."""

    path: Path
    pack: str
    played: str
    about: str
    readable: bool = True
    exercise: bool = False


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
                exercise = header.get("exercise")
                steps, answered = _counted(file, tasks=exercise is not None)
            pack, level = str(header["pack"]), str(header["level"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            yield Offered(path, "", "", "Its first line does not tell what it is.", False)
            continue
        if steps and exercise is not None:
            yield Offered(path, pack, played, _taken(str(exercise), answered), exercise=True)
        elif steps:
            seat = f"seat {header['seat']}" if "seat" in header else "all parties"
            told = f"{seat}, level {level}" if level != "full" else seat
            yield Offered(path, pack, played, f"{told}, {steps} entries")


def _counted(lines: Iterable[bytes], *, tasks: bool) -> tuple[int, int]:
    """How many entries there are, and how many tasks they answer."""
    steps, answered = 0, set()
    for line in lines:
        steps += 1
        if tasks and b'"answered"' in line:
            entry = json.loads(line)
            if entry.get("did") == "answered":
                answered.add(str(entry.get("task")))
    return steps, len(answered)


def _taken(name: str, answered: int) -> str:
    """An exercise and how far it is."""
    found = heading(name)
    if found is None:  # a teacher's own, or it is gone
        return f"exercise: {name}, tasks done: {answered}"
    if answered >= found.tasks > 0:
        return f"exercise: {found.title}, done"
    of = f" of {found.tasks}" if found.tasks else ""
    return f"exercise: {found.title}, task {answered + 1}{of}"
