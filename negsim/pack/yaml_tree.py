"""YAML as plain data with the place of every part, read as untrusted input.

A pack uses the plain core of YAML 1.2: maps, lists, text, whole numbers, true, false and null.
Anchors, aliases, tags and several documents are refused, so nothing can expand or be constructed.
The walk over the parser's events is a loop, and depth and size are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import yaml

from negsim.errors import Problem, quote

Data: TypeAlias = "dict[str, Data] | list[Data] | str | int | bool | None"
Path_: TypeAlias = tuple[str | int, ...]
Place: TypeAlias = tuple[int, int]

MAX_BYTES = 2 * 1024 * 1024
"""The largest file that is read, in bytes."""
MAX_DEPTH = 40
"""The deepest nesting that is read."""
MAX_NODES = 200_000
"""The most values that one file may hold."""

_INT = re.compile(r"[-+]?[0-9]{1,15}")
_WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None, "~": None}
LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser of libyaml where PyYAML has it, as its wheels do."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A file's data and where each part stands; lines and columns count from 1."""

    file: str
    data: Data
    places: Mapping[Path_, Place]
    keys: Mapping[Path_, Place]

    def problem(self, path: Path_, message: str, *, at_key: bool = False) -> Problem:
        """A problem at the part that the path leads to, or at the nearest part around it."""
        if at_key and path in self.keys:
            return Problem(self.file, *self.keys[path], message)
        while path and path not in self.places:
            path = path[:-1]
        return Problem(self.file, *self.places.get(path, (1, 1)), message)


def load_yaml(path: Path, shown: str) -> Tree | list[Problem]:
    """The file as a tree, or what is wrong with it. `shown` is its name in messages."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return [Problem(shown, 0, 0, f"there is no file {quote(path.name)}; create it")]
    except OSError as error:
        return [Problem(shown, 0, 0, f"cannot be read ({error.strerror}); check the file")]
    return parse_yaml(raw, shown)


def parse_yaml(raw: bytes, shown: str) -> Tree | list[Problem]:
    """The bytes of a file as a tree, or what is wrong with them."""
    if len(raw) > MAX_BYTES:
        return [Problem(shown, 0, 0, "is larger than 2 MiB; split or shorten it")]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1
        return [Problem(shown, line, column, "is not UTF-8 text; save it as UTF-8")]
    found = _control_character(text)
    if found is not None:
        at, char = found
        line = text.count("\n", 0, at) + 1
        message = f"holds the control character U+{ord(char):04X}; remove it"
        return [Problem(shown, line, at - text.rfind("\n", 0, at), message)]
    walk = _Walk(shown)
    try:
        for event in yaml.parse(text, Loader=LOADER):
            walk.take(event)
            if walk.stopped:
                break
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        said = ": ".join(part for part in (error.context, error.problem) if part)
        message = f"is no valid YAML here ({said}); check indentation, quotes and colons"
        return [*walk.problems, Problem(shown, line, column, message)]
    except yaml.YAMLError as error:
        message = f"is no valid YAML ({str(error).splitlines()[0]}); check the file"
        return [*walk.problems, Problem(shown, 1, 1, message)]
    if not walk.documents and not walk.problems:
        return [Problem(shown, 1, 1, "is empty; see `negsim schema` for what belongs in it")]
    if walk.problems:
        return walk.problems
    return Tree(shown, walk.root, walk.places, walk.keys)


def _control_character(text: str) -> tuple[int, str] | None:
    """The first character that a terminal could obey or that hides or reorders text."""
    match = re.search(
        "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]", text
    )
    return (match.start(), match.group()) if match else None


class _Walk:
    """Builds the data from the parser's events."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.root: Data = None
        self.documents = 0
        self.nodes = 0
        self.stopped = False
        self.problems: list[Problem] = []
        self.places: dict[Path_, Place] = {}
        self.keys: dict[Path_, Place] = {}
        self._open: list[dict[str, Data] | list[Data]] = []
        self._path: list[str | int] = []
        self._key: list[str | None] = []

    def take(self, event: yaml.Event) -> None:
        """The next event of the parser."""
        mark = event.start_mark
        place = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._refuse(place, "holds a second document (---); keep one to a file", stop=True)
        elif isinstance(event, yaml.AliasEvent):
            self._refuse(place, f"uses the alias {quote(f'*{event.anchor}')}; write it out")
            self._value(None, place)
        elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            self._node(event, place)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
            self._key.pop()
            if self._open:
                self._path.pop()

    def _node(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, place: Place) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self._refuse(place, f"holds more than {MAX_NODES} values; shorten it", stop=True)
            return
        if event.anchor is not None:
            self._refuse(place, f"uses the anchor {quote(f'&{event.anchor}')}; write it out")
        if event.tag is not None and event.tag != "!":
            self._refuse(place, f"uses the tag {quote(event.tag)}; tags are not read, leave it out")
        if isinstance(event, yaml.ScalarEvent):
            found = _control_character(event.value)
            if found is not None:
                message = f"holds the control character U+{ord(found[1]):04X}; remove it"
                self._refuse(place, message)
            plain = event.implicit[0]
            value = _scalar(event.value) if plain else event.value
            self._value(value, place, written=event.value)
            return
        if len(self._open) >= MAX_DEPTH:
            self._refuse(place, f"is nested deeper than {MAX_DEPTH} levels; flatten it", stop=True)
            return
        new: dict[str, Data] | list[Data] = {} if isinstance(event, yaml.MappingStartEvent) else []
        if self._open and isinstance(self._open[-1], dict) and self._key[-1] is None:
            self._refuse(place, "uses a list or map as a key; a key is plain text", stop=True)
            return
        step = self._value(new, place)
        if self._open:
            self._path.append(step)
        self._open.append(new)
        self._key.append(None)

    def _value(self, value: Data, place: Place, written: str | None = None) -> str | int:
        """Puts a value where it belongs: a key, a value, an entry or the whole."""
        if not self._open:
            self.root = value
            self.places[()] = place
            return ""
        parent = self._open[-1]
        step: str | int
        if isinstance(parent, list):
            step = len(parent)
            parent.append(value)
        else:
            key = self._key[-1]
            if key is None:
                key = written if written is not None else "?"
                if key in parent:
                    first = self.keys[(*self._path, key)][0]
                    self._refuse(
                        place, f"{quote(key)} stands here again (first on line {first}); keep one"
                    )
                self._key[-1] = key
                self.keys[(*self._path, key)] = place
                return key
            step = key
            parent[key] = value
            self._key[-1] = None
        self.places[(*self._path, step)] = place
        return step

    def _refuse(self, place: Place, message: str, *, stop: bool = False) -> None:
        self.problems.append(Problem(self.shown, *place, message))
        self.stopped = self.stopped or stop


def _scalar(text: str) -> str | int | bool | None:
    """A plain scalar as YAML 1.2's core reads it; dates and the like stay text."""
    if text in _WORDS:
        return _WORDS[text]
    if not text:
        return None
    return int(text) if _INT.fullmatch(text) else text


def walk(data: Data, path: Path_ = ()) -> Iterator[tuple[Path_, Data]]:
    """Every part of the data with its path, the whole first."""
    yield path, data
    if isinstance(data, dict):
        for key, value in data.items():
            yield from walk(value, (*path, key))
    elif isinstance(data, list):
        for place, value in enumerate(data):
            yield from walk(value, (*path, place))
