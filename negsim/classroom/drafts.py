"""The answers to a task that is not handed in yet, kept in a hidden file beside the journal.

The journal alone tells what was answered; this only spares who is interrupted from answering again.
What it holds is not believed: what no longer fits is left out, and without it nothing is lost.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from negsim.classroom.questions import Given, Question
from negsim.errors import NegsimError
from negsim.session import LONGEST

MOST = 1024 * 1024
"""The largest file that is read, in bytes."""


class Drafts:
    """The draft of one session's answers; without a journal on disk nothing is kept."""

    def __init__(self, journal: Path | None, session: str) -> None:
        self._path = journal.with_name(f".{journal.name}.answers") if journal is not None else None
        self._session = session

    def load(self, task: str, asked: Mapping[str, Question]) -> dict[str, Given]:
        """The answers to a task that were kept, as far as they answer what is asked."""
        found = self._read()
        if found.get("session") != self._session or found.get("task") != task:
            return {}
        given = found.get("given")
        if not isinstance(given, dict):
            return {}
        return {key: given[key] for key in asked if key in given and _fits(asked[key], given[key])}

    def _read(self) -> dict[str, object]:
        if self._path is None:
            return {}
        try:
            with self._path.open("rb") as file:
                found = json.loads(file.read(MOST))
        except (OSError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def save(self, task: str, given: Mapping[str, Given]) -> None:
        """Keeps the answers, in place of those before."""
        if self._path is None:
            return
        kept = {"session": self._session, "task": task, "given": dict(given)}
        new = self._path.with_name(f"{self._path.name}.new")
        with suppress(OSError):
            new.write_text(json.dumps(kept), encoding="ascii")
            os.replace(new, self._path)

    def clear(self) -> None:
        """Forgets them: they are in the journal now."""
        if self._path is not None:
            with suppress(OSError):
                self._path.unlink()


def _fits(question: Question, given: object) -> bool:
    if isinstance(given, list):
        if question.form in ("one", "text") or not all(isinstance(it, str) for it in given):
            return False
    elif not isinstance(given, str) or len(given) > LONGEST:
        return False
    with suppress(NegsimError):
        question.chosen(given)
        return True
    return False
