"""YAML as plain data with the place of every part, read as untrusted input.

A pack uses the plain core of YAML 1.2: maps, lists, text, whole numbers, true, false and null.
Anchors, aliases, tags and several documents are refused, so nothing can expand or be constructed.
The walk over the parser's events is a loop, and depth and size are bounded.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol, TypeAlias

import yaml

from negsim.errors import Problem, quote

Data: TypeAlias = "dict[str, Data] | list[Data] | str | int | bool | None"
Path_: TypeAlias = tuple[str | int, ...]
Place: TypeAlias = tuple[int, int]

MAX_BYTES = 2 * 1024 * 1024
"""The largest file that is read, in bytes."""
MAX_DEPTH = 40
"""The deepest nesting that is read."""
MOST_PROBLEMS = 100
"""After so many problems in one file the rest is not read."""
MAX_NODES = 200_000
"""The most values that one file may hold."""
MAX_ENTRIES = 2_000
"""The most entries that one map or list may have."""
VALUE = -1
"""A last step of a path: the mistake is in the value, not in its key."""

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
        """A problem at the part that the path leads to, or at the nearest part around it.

        `at_key` points at a part's key; a path that ends with `VALUE` points at the part itself.
        """
        if at_key and path in self.keys:
            return Problem(self.file, *self.keys[path], message)
        while path and path not in self.places:
            path = path[:-1]
        return Problem(self.file, *self.places.get(path, (1, 1)), message)


def load_yaml(path: Path, shown: str, long: Path_ | None = None) -> Tree | list[Problem]:
    """The file as a tree, or what is wrong with it. `shown` is its name in messages.

    The list at the path `long` may have as many entries as the file has values.
    """
    try:
        if path.is_symlink():
            return [Problem(shown, 0, 0, "the file is a link; put a copy of the file in its place")]
        if not path.exists():
            return [Problem(shown, 0, 0, f"there is no file {quote(path.name)}; create it")]
        if not path.is_file():  # a pipe or a device would be read for ever
            return [Problem(shown, 0, 0, "this is no plain file; put a file of text in its place")]
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        return [Problem(shown, 0, 0, f"the file cannot be read ({error.strerror}); check it")]
    return parse_yaml(raw, shown, long)


@lru_cache(8)  # a pack is often loaded again, and its files are the same
def parse_yaml(raw: bytes, shown: str, long: Path_ | None = None) -> Tree | list[Problem]:
    """The bytes of a file as a tree, or what is wrong with them."""
    if len(raw) > MAX_BYTES:
        return [Problem(shown, 0, 0, "the file is larger than 2 MiB; shorten it")]
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        place = _place(raw[: error.start].decode())
        message = f"the byte {raw[error.start]:02X} is no UTF-8 text; save the file as UTF-8"
        return [Problem(shown, *place, message)]
    found = _HIDDEN.search(text)
    if found is not None:
        return [Problem(shown, *_place(text[: found.start()]), _hidden(found.group()))]
    walk = _Walk(shown, long)
    try:
        for event in yaml.parse(text, Loader=LOADER):
            walk.take(event)
            if walk.stopped:
                break
    except yaml.MarkedYAMLError as error:
        return [*walk.problems, _unreadable(error, walk.last, text, shown)]
    except (yaml.YAMLError, ValueError, OverflowError):  # the last two: escapes beyond Unicode
        message = "the file cannot be read as YAML; look for odd escapes such as \\U"
        return [*walk.problems, Problem(shown, 1, 1, message)]
    if not walk.documents and not walk.problems:
        return [
            Problem(shown, 1, 1, "the file is empty; see `negsim schema` for what belongs in it")
        ]
    if walk.problems:
        return walk.problems
    return Tree(shown, walk.root, walk.places, walk.keys)


_BREAK = re.compile("\r\n|\r|\n")
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
"""Characters that a terminal could obey, or that hide or reorder text."""


def _hidden(char: str) -> str:
    return f"the hidden character U+{ord(char):04X} stands here; remove it"


def _place(before: str) -> Place:
    """The line and column that follow the text before them."""
    lines = _BREAK.split(before)
    return len(lines), len(lines[-1]) + 1


_SENTENCES = (
    (
        "quoted scalar.*(escape|hexa?decimal)",
        True,
        "the quoted text {here} has a backslash that means nothing; write two backslashes",
    ),
    ("quoted scalar", True, "the quote of {here} is never closed; close it"),
    (
        "flow (sequence|mapping)",
        True,
        "the bracket of {here} is not closed, or a comma is missing, up to line {line}; add it",
    ),
    (
        "tab character|cannot start any token\n\t",
        False,
        "a tab stands before {here}; indent with spaces",
    ),
    ("cannot start", False, "{here} starts with a sign of YAML's own; put the text in quotes"),
    (
        "mapping values",
        False,
        "the colon after {before} does not fit here; check the indentation and the line above, "
        "or put a text with a colon in quotes",
    ),
    ("simple key", True, "{here} has no colon; write key: value"),
    (
        "",
        False,
        "{here} does not fit here; check the indentation, and that the quotes and brackets before "
        "it are closed",
    ),
)
"""What a parser says, whether it is about the start of the part, and how it is said here."""


def _unreadable(
    error: yaml.MarkedYAMLError, last: yaml.Event | None, text: str, shown: str
) -> Problem:
    """What a parser says, in a sentence that is the same for libyaml's and PyYAML's own.

    Where the last thing read is a quoted text, the mistake is mostly in its quotes.
    """
    start = _marked(error.context_mark)
    end = _marked(error.problem_mark) or start or (1, 1)
    lines = [*_BREAK.split(text), ""]
    rest = lines[end[0] - 1][end[1] - 1 :]
    said = f"{error.context}: {error.problem}\n{rest}"
    at_start, sentence = next(
        (at_start, sentence)
        for pattern, at_start, sentence in _SENTENCES
        if re.search(pattern, said)
    )
    place = (start if at_start else None) or end
    if isinstance(last, yaml.ScalarEvent) and last.style in ("'", '"') and not at_start and rest:
        opened, closed = _marked(last.start_mark), _marked(last.end_mark)
        if opened is not None and closed is not None and closed[0] == end[0]:
            sentence = "{here} stands after a quoted text; put all of it in the quotes"
            if opened[0] < closed[0]:
                place = opened
                sentence = "the quote of {here} ends only on line {line}; close it here"
    line, column = place
    here, before = lines[line - 1][column - 1 :].strip(), lines[line - 1][: column - 1].strip()
    message = sentence.format(
        here=quote(here, 30) if here else "the end of the line",
        before=quote(before, 30),
        line=end[0],
    )
    return Problem(shown, line, column, message)


class _Mark(Protocol):
    """What both parsers tell of a place; they count from 0."""

    line: int
    column: int


def _marked(mark: _Mark | None) -> Place | None:
    return None if mark is None else (mark.line + 1, mark.column + 1)


class _Walk:
    """Builds the data from the parser's events."""

    def __init__(self, shown: str, long: Path_ | None) -> None:
        self.shown = shown
        self.long = long
        self.root: Data = None
        self.documents = 0
        self.nodes = 0
        self.stopped = False
        self.last: yaml.Event | None = None
        self.problems: list[Problem] = []
        self.places: dict[Path_, Place] = {}
        self.keys: dict[Path_, Place] = {}
        self._open: list[dict[str, Data] | list[Data]] = []
        self._path: list[str | int] = []
        self._key: list[str | None] = []

    def take(self, event: yaml.Event) -> None:
        """The next event of the parser."""
        self.last = event
        place = _marked(event.start_mark) or (1, 1)
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._refuse(place, "a second document starts here; keep one to a file", stop=True)
        elif isinstance(event, yaml.AliasEvent):
            self._refuse(
                place, f"the alias {quote(f'*{event.anchor}')} is not read; write the text"
            )
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
            self._refuse(
                place, f"the file has more than {MAX_NODES} values; remove some", stop=True
            )
            return
        if event.anchor is not None:
            self._refuse(place, f"the anchor {quote(f'&{event.anchor}')} is not read; remove it")
        if event.tag is not None and event.tag != "!":
            written = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._refuse(place, f"the tag {quote(written)} is not read; remove it")
        if isinstance(event, yaml.ScalarEvent):
            found = _HIDDEN.search(event.value) or re.search("\r", event.value)
            if found is not None:
                self._refuse(place, _hidden(found.group()))
            plain = event.implicit[0]
            value = _scalar(event.value) if plain else event.value
            self._value(value, place, written=event.value)
            return
        if len(self._open) >= MAX_DEPTH:
            self._refuse(
                place, f"the file nests deeper than {MAX_DEPTH} levels; flatten it", stop=True
            )
            return
        new: dict[str, Data] | list[Data] = {} if isinstance(event, yaml.MappingStartEvent) else []
        if self._open and isinstance(self._open[-1], dict) and self._key[-1] is None:
            self._refuse(place, "a list or map stands here as a key; write plain text", stop=True)
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
        if len(parent) >= MAX_ENTRIES and self.long != (*self._path,):
            name = quote(self._path[-1]) if self._path else "the file"
            message = f"{name} has more than {MAX_ENTRIES} entries; remove some"
            self._refuse(place, message, stop=True)
        if isinstance(parent, list):
            step = len(parent)
            parent.append(value)
        else:
            key = self._key[-1]
            if key is None:
                key = written if written is not None else "?"
                if key in parent:
                    first = f"first on line {self.keys[(*self._path, key)][0]}"
                    message = f"the key {quote(key)} stands here again ({first}); keep one"
                    self._refuse(place, message)
                self._key[-1] = key
                self.keys.setdefault((*self._path, key), place)
                return key
            step = key
            parent[key] = value
            self._key[-1] = None
        self.places[(*self._path, step)] = place
        return step

    def _refuse(self, place: Place, message: str, *, stop: bool = False) -> None:
        self.problems.append(Problem(self.shown, *place, message))
        self.stopped = self.stopped or stop or len(self.problems) >= MOST_PROBLEMS


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
