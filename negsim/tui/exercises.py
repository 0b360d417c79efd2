"""Exercises as the first screens list them.

Nothing of `negsim.classroom` is imported: the first screen is to be there at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from negsim.errors import printable
from negsim.pack.catalogue import pack_ids, shipped
from negsim.pack.yaml_tree import LOADER, MAX_BYTES


@dataclass(frozen=True, slots=True)
class Heading:
    """An exercise as it is listed; `readable` is False where its head is no plain YAML."""

    id: str
    title: str
    about: str
    minutes: str
    tasks: int
    readable: bool = True


def exercises_of(pack: str) -> list[Heading]:
    """The exercises of a pack that ships, in order."""
    return [_of_file(f"{pack}/{path.stem}", path) for path in _files(pack)]


def heading(name: str) -> Heading | None:
    """The head of an exercise that ships, called `pack/name`; None where there is none."""
    pack, _, stem = name.partition("/")
    path = next((it for it in _files(pack) if it.stem == stem), None)
    return _of_file(name, path) if path is not None else None


def _files(pack: str) -> list[Path]:
    """The files of a pack's exercises; a name from outside becomes no path."""
    return sorted((shipped() / pack / "exercises").glob("*.yaml")) if pack in pack_ids() else []


def _of_file(name: str, path: Path) -> Heading:
    try:
        return _heading(name, path, path.stat().st_mtime_ns)
    except OSError:
        return _unreadable(name)


@lru_cache(256)
def _heading(name: str, path: Path, written: int) -> Heading:
    """`written` is when: what was read holds until the file is another."""
    found: dict[str, str] = {}
    keys: list[str | None] = []
    tasks = 0
    try:
        with path.open("rb") as file:
            text = file.read(MAX_BYTES).decode("utf-8-sig")
        for event in yaml.parse(text, Loader=LOADER):
            if isinstance(event, yaml.CollectionStartEvent):
                tasks += len(keys) == 2 and keys[0] == "tasks" and keys[1] is not None
                keys.append(None)
            elif isinstance(event, yaml.CollectionEndEvent):
                keys.pop()
                if keys:
                    keys[-1] = None
            elif isinstance(event, yaml.ScalarEvent) and keys and keys[-1] is None:
                keys[-1] = event.value
            elif isinstance(event, yaml.ScalarEvent) and keys:
                if len(keys) == 1 and keys[0] is not None:
                    found[keys[0]] = event.value
                keys[-1] = None
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return _unreadable(name)
    title, about, minutes = (found.get(it, "") for it in ("title", "about", "minutes"))
    if not (title and about and minutes and tasks):
        return _unreadable(name)
    return Heading(name, title, about, minutes, tasks)


def _unreadable(name: str) -> Heading:
    return Heading(name, printable(name), "", "", 0, False)
