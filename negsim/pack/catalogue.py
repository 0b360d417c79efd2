"""Where packs are and what they are called, without reading them whole."""

from __future__ import annotations

from dataclasses import dataclass
from os.path import exists, isdir, lexists
from pathlib import Path

import yaml

from negsim.errors import NegsimError, UnknownNameError, quote
from negsim.pack.yaml_tree import LOADER, MAX_BYTES

HEADLINE_KEYS = ("title", "about", "minutes", "difficulty")
"""What the list shows of a pack; these keys stand at the head of pack.yaml."""


@dataclass(frozen=True, slots=True)
class Headline:
    """A pack as the list shows it; `readable` is False where its head is no plain YAML."""

    id: str
    title: str
    about: str
    minutes: str
    difficulty: str
    readable: bool = True


def shipped() -> Path:
    """The folder of the packs that come with negsim: in the wheel, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "scenarios"
    return inside if inside.is_dir() else package.parent / "scenarios"


def pack_ids(folder: Path | None = None) -> list[str]:
    """The names of the packs in a folder, in order."""
    return sorted(path.parent.name for path in (folder or shipped()).glob("*/pack.yaml"))


def find_pack(name: str) -> Path:
    """The folder of a pack: any by its path, or else one that ships, by its name.

    Raises UnknownNameError with near names, or NegsimError where the path is no pack's folder.
    """
    folder = shipped()
    known = pack_ids(folder)
    path = Path(name)
    if path.name == "pack.yaml":
        path = path.parent
    if name in known and not exists(path / "pack.yaml"):
        return folder / name
    if not name.strip() or not exists(path):
        raise UnknownNameError("pack", name, known)
    if not isdir(path):
        raise NegsimError(f"{quote(name)} is no folder; name the folder of a pack")
    if not lexists(path / "pack.yaml"):
        raise NegsimError(f"{quote(name)} holds no pack.yaml; name the folder of a pack")
    return path


def headline(folder: Path) -> Headline:
    """The head of a pack, read only as far as needed."""
    found: dict[str, str] = {}
    depth, key = 0, None
    try:
        with (folder / "pack.yaml").open("rb") as file:
            text = file.read(MAX_BYTES).decode("utf-8-sig")
        for event in yaml.parse(text, Loader=LOADER):
            if isinstance(event, yaml.CollectionStartEvent):
                depth, key = depth + 1, None
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            elif isinstance(event, yaml.ScalarEvent) and depth == 1:
                if key is None:
                    key = event.value
                else:
                    found[key] = event.value
                    key = None
            if all(wanted in found for wanted in HEADLINE_KEYS):
                break
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        pass
    readable = all(wanted in found for wanted in HEADLINE_KEYS)
    title, about, minutes, difficulty = (found.get(wanted, "") for wanted in HEADLINE_KEYS)
    return Headline(folder.name, title, about, minutes, difficulty, readable)
