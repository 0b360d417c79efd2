"""Which exercises there are and what they are called, without reading them whole.

Those of the packs that ship, and a teacher's own in the folder `exercises` of the user's data; one
of these takes the place of one that ships with the same name. Little is imported here: the first
screen is to be there at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from os.path import isfile
from pathlib import Path

import yaml

from negsim import places
from negsim.errors import UnknownNameError
from negsim.pack.catalogue import pack_ids, shipped
from negsim.pack.yaml_tree import LOADER, MAX_BYTES

FOLDER = "exercises"
"""Where a pack keeps its exercises."""
OWN = "own"
"""What stands for the pack where a teacher's own file names none."""


@dataclass(frozen=True, slots=True)
class Heading:
    """An exercise as it is listed; `readable` is False where its head is no plain YAML. `id` is
    `pack/name`, `own` whether it is a teacher's own."""

    id: str
    path: Path
    title: str = ""
    about: str = ""
    minutes: int = 0
    level: str = "full"
    seats: tuple[str, ...] = ()
    tasks: int = 0
    own: bool = False

    @property
    def readable(self) -> bool:
        """Whether its file is in order, as far as its head tells."""
        return bool(self.title and self.about and self.minutes and self.tasks)


def headings(pack: str | None = None) -> list[Heading]:
    """The exercises of a pack, or of all, in order; also those that cannot be read."""
    found: dict[str, Heading] = {}
    for name in pack_ids():
        for path in sorted((shipped() / name / FOLDER).glob("*.yaml")):
            it = _of_file(path, name)
            found[it.id] = it
    for path in sorted(places.exercises().glob("*.yaml")):
        it = _of_file(path)
        found[it.id] = it
    return [found[it] for it in sorted(found) if pack is None or it.split("/")[0] in (pack, OWN)]


def heading(name: str) -> Heading | None:
    """The head of the exercise called `pack/name`; None where there is none."""
    return next((it for it in headings(name.partition("/")[0]) if it.id == name), None)


def ships(name: str) -> bool:
    """Whether the exercise called so comes with a pack that ships, and so was proved before."""
    known = heading(name)
    return known is not None and not known.own


def lesson_ids() -> list[str]:
    """The exercises that have a name, as `pack/name`, in order."""
    return [it.id for it in headings()]


def find_lesson(name: str) -> Path:
    """The file of an exercise: one called `pack/name`, or any by its path.

    Raises UnknownNameError with near names.
    """
    known = heading(name)
    if known is not None:
        return known.path
    if isfile(name):
        return Path(name)
    raise UnknownNameError("exercise", name, lesson_ids())


def _of_file(path: Path, pack: str | None = None) -> Heading:
    try:
        return _heading(path, pack, path.stat().st_mtime_ns)
    except OSError:
        return Heading(f"{pack or OWN}/{path.stem}", path, own=pack is None)


@lru_cache(256)
def _heading(path: Path, pack: str | None, written: int) -> Heading:
    """`written` is when: what was read holds until the file is another."""
    try:
        found, seats, tasks = _head(path)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        found, seats, tasks = {}, (), 0
    minutes, of = found.get("minutes", ""), pack or found.get("pack", "")
    return Heading(
        f"{of if of in pack_ids() else OWN}/{path.stem}",
        path,
        found.get("title", ""),
        found.get("about", ""),
        int(minutes) if minutes in ("20", "50", "90") else 0,
        found.get("level", "full"),
        seats,
        tasks,
        own=pack is None,
    )


def _head(path: Path) -> tuple[dict[str, str], tuple[str, ...], int]:
    """The texts at the top of a file, its seats, and how many tasks it has. What is nested in them
    is passed over, however deep it is."""
    found: dict[str, str] = {}
    seats: list[str] = []
    keys: list[str | None] = []
    tasks = 0
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
        elif isinstance(event, yaml.ScalarEvent) and keys:
            if len(keys) == 2 and keys[0] == "seats":
                seats.append(event.value)
            elif keys[-1] is None:
                keys[-1] = event.value
            else:
                if len(keys) == 1:
                    found[keys[0] or ""] = event.value
                keys[-1] = None
    return found, (*seats,), tasks
