"""What the interface remembers from one start to the next: the theme, and the hints followed."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from negsim import places
from negsim.serve import browser

MAX_BYTES = 10_000
"""A file that is larger is not ours."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What is remembered: whether the theme is the light one, and the verbs whose hints are not
    shown any more."""

    light: bool = False
    followed: tuple[str, ...] = ()


def _file() -> Path:
    return places.data() / "interface.json"


def read() -> Settings:
    """What was remembered last; nothing where the file is not as it was written, and in a browser,
    where the next start may be another person's."""
    if browser.browser() is not None:
        return Settings()
    try:
        with _file().open("rb") as file:
            found = json.loads(file.read(MAX_BYTES))
        return Settings(found["light"] is True, tuple(map(str, found["followed"])))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return Settings()


def remember(settings: Settings) -> None:
    """Keeps it for the next start; where that fails, nothing is lost that anybody misses."""
    if browser.browser() is not None:
        return
    with suppress(OSError):
        _file().parent.mkdir(parents=True, exist_ok=True)
        _file().write_text(json.dumps(asdict(settings)), encoding="utf-8")
