"""Fingerprints that were collected when time was up, and what they tell of what was handed in.

`negsim journal fingerprint` prints them. A journal that has one of them is what it was then, or
goes on from it; what came later does not count.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

from negsim.errors import NegsimError, quote
from negsim.journal import Journal, shown, why

MOST_BYTES = 8 * 1024 * 1024
"""The largest file of fingerprints that is read, in bytes."""
FINGERPRINT = re.compile(r"(\d{1,9}-[0-9a-f]{16})(?:\s+(.*))?", re.ASCII)

Said: TypeAlias = list[tuple[Literal["late", "rewritten", "no fingerprint"], str]]
"""What is wrong, and that in words."""


@dataclass(frozen=True, slots=True)
class Collected:
    """A fingerprint that was collected when time was up, with the file and session it was of."""

    fingerprint: str
    file: str = ""
    session: str = ""


def in_time(journal: Journal, collected: Sequence[Collected]) -> tuple[Journal, Said]:
    """The part of a journal that was there in time, and what the fingerprints say of it."""
    counts = [_count(it.fingerprint) for it in collected if journal.has(it.fingerprint)]
    if counts:
        count = max(counts)
        late = len(journal.entries) - count
        if not late:
            return journal, []
        entries = "1 entry" if late == 1 else f"{late} entries"
        said = f"{entries} came after its fingerprint was collected and do not count"
        entries_in_time, hashes = journal.entries[:count], journal.hashes[: count + 1]
        return replace(journal, entries=entries_in_time, hashes=hashes, torn=0), [("late", said)]
    name, session = base(journal.file), journal.header.session
    if any(session == it.session or name == it.file for it in collected):
        said = "it is not what it was when its fingerprint was collected"
        return journal, [("rewritten", said)]
    said = "no fingerprint of it was collected, or it is another file than it was"
    return journal, [("no fingerprint", said)]


def _count(fingerprint: str) -> int:
    return int(fingerprint.partition("-")[0])


def collected_in(text: str, file: str) -> list[Collected]:
    """What `negsim journal fingerprint` printed, as lines or as JSON. Raises NegsimError."""
    if text.lstrip().startswith("["):
        return _from_json(text, file)
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        match = FINGERPRINT.fullmatch(line.strip())
        if match is not None:
            found.append(Collected(match[1], base(match[2] or "")))
        elif line.strip():
            raise NegsimError(f"{quote(file)}: line {number}: this is no fingerprint")
    if not found:
        raise NegsimError(f"{quote(file)} has no fingerprint")
    return found


def _from_json(text: str, file: str) -> list[Collected]:
    message = f"{quote(file)} is not what `negsim journal fingerprint --json` prints"
    try:
        rows = [(it["fingerprint"], it["file"], it["session"]) for it in json.loads(text)]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise NegsimError(message) from error
    strings = all(isinstance(it, str) for row in rows for it in row)
    if not rows or not strings or not all(FINGERPRINT.fullmatch(row[0]) for row in rows):
        raise NegsimError(message)
    return [Collected(mark, base(name), session) for mark, name, session in rows]


def base(name: str) -> str:
    """The name of a file without its folders, of any system."""
    return re.split(r"[\\/]", name)[-1].strip()


def fingerprints(path: Path) -> list[Collected]:
    """The fingerprints in a file. Raises NegsimError where it is not one of them."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(MOST_BYTES)
    except (OSError, ValueError) as error:
        raise NegsimError(f"{shown(path)} cannot be read ({why(error)})") from error
    return collected_in(text, path.name)
