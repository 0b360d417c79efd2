"""Loading a pack: its files, every mistake with its place, and its game.

A pack is a folder with `pack.yaml`, `facts.yaml` and `record.yaml`, and may have `branches.yaml`.
It comes from strangers: it is data, read within bounds, and nothing in it names another file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice
from os.path import isdir, lexists  # unlike those of Path, they raise for no path
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from negsim.cycle.table import PUBLIC
from negsim.errors import (
    GameError,
    InputError,
    Problem,
    UnknownNameError,
    printable,
    quote,
)
from negsim.pack.compile import FULL, compile_pack
from negsim.pack.conditions import Mistake, Reader
from negsim.pack.explain import explained
from negsim.pack.models import Branches, Facts, Pack, Script, When
from negsim.pack.order import read_order
from negsim.pack.references import absent, cited_facts, dangling
from negsim.pack.yaml_tree import VALUE, Path_, Tree, load_yaml, parse_yaml
from negsim.rules import Condition, Game

M = TypeVar("M", bound=BaseModel)

FILES = ("pack.yaml", "facts.yaml", "record.yaml", "branches.yaml")
"""The files of a pack; the last may be missing."""
MOST = 100
"""The most problems that are told of one file: more are no help, and near names take time."""


@dataclass(frozen=True, repr=False)
class LoadedPack:
    """A pack whose every file is in order, with where each part stands."""

    folder: Path
    pack: Pack
    facts: Facts
    record: Script
    branches: Branches
    trees: dict[str, Tree]
    games: dict[str, Game]

    def __repr__(self) -> str:
        return f"<pack {self.pack.id}>"

    @property
    def game(self) -> Game:
        """The game at the full level."""
        return self.games[FULL]

    def at(self, level: str) -> Game:
        """The game at a level. Raises UnknownNameError."""
        if level not in self.games:
            raise UnknownNameError("level", level, self.games, self.pack.id)
        return self.games[level]

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The order of variables that the pack brings for the full level, or nothing."""
        return read_order(self.folder)

    @cached_property
    def content_hash(self) -> str:
        """The SHA-256 of the pack's files, in hexadecimal."""
        digest = hashlib.sha256()
        for name in FILES:
            path = self.folder / name
            digest.update(name.encode() + b"\0" + (path.read_bytes() if path.is_file() else b""))
        return digest.hexdigest()


def load_pack(folder: Path, *, branches_too: bool = True) -> LoadedPack:
    """The pack in a folder. Raises InputError with every problem that its files have.

    Who only tells the record can leave the branches unread, and is sooner done.
    """
    if not isdir(folder):
        message = "there is no such folder; name the folder of a pack"
        raise InputError([Problem(printable(str(folder)), 0, 0, message)])
    problems: list[Problem] = []
    trees: dict[str, Tree] = {}
    name = folder.resolve().name
    branched = branches_too and lexists(folder / "branches.yaml")
    for file in FILES:
        path = folder / file
        if file == "branches.yaml" and not branched:
            continue
        tree = load_yaml(path, f"{printable(name)}/{file}")
        if isinstance(tree, Tree):
            trees[file] = tree
        else:
            problems += tree
    pack = read_model(Pack, trees.get("pack.yaml"), problems)
    facts = read_model(Facts, trees.get("facts.yaml"), problems)
    record = read_model(Script, trees.get("record.yaml"), problems)
    branches = (
        read_model(Branches, trees.get("branches.yaml"), problems)
        if branched
        else Branches(format=1, branches=[])
    )
    if facts is not None:
        problems += placed(trees["facts.yaml"], islice(_sourceless(facts), MOST))
        if pack is not None:
            problems += placed(trees["pack.yaml"], islice(dangling(pack, facts, name), MOST))
    for file in ("record.yaml", "branches.yaml"):
        if facts is not None and file in trees:
            problems += placed(trees[file], islice(_uncited(trees[file], facts), MOST))
    if record is not None and pack is not None:
        problems += placed(trees["record.yaml"], islice(unseen(record, pack), MOST))
    if record is not None:
        problems += placed(trees["record.yaml"], islice(undated(record), MOST))
        problems += placed(trees["record.yaml"], islice(_astray(record), MOST))
    if problems or pack is None or facts is None or record is None or branches is None:
        raise InputError(in_order(problems))
    games = {
        level: game
        for level in (FULL, *pack.levels)
        if (game := _game(pack, level, trees["pack.yaml"], problems)) is not None
    }
    if problems:
        raise InputError(in_order(problems))
    return LoadedPack(folder, pack, facts, record, branches, trees, games)


def read_condition(text: str, game: Game, shown: str) -> Condition:
    """A condition written as in a pack, on one line or several.

    Raises InputError with every mistake, its places being those in the text, called `shown`.
    """
    tree = parse_yaml(text.encode("utf-8", "replace"), shown)
    if not isinstance(tree, Tree):
        raise InputError(tree)
    problems: list[Problem] = []
    when = read_model(When, tree, problems)
    if when is None:
        raise InputError(problems)
    derived = {it.id: it for it in game.derived}
    reader = Reader({it.id: it for it in game.variables}, derived)
    condition = reader.condition(when, ())
    if reader.mistakes:
        raise InputError(placed(tree, reader.mistakes))
    return condition


def _game(pack: Pack, level: str, tree: Tree, problems: list[Problem]) -> Game | None:
    """The game at a level, or None, its problems added."""
    try:
        game, mistakes = compile_pack(pack, level)
    except GameError as error:
        said = printable(str(error))
        message = f"the rules contradict themselves ({said}); change what is named here"
        problems.append(tree.problem(("levels", level), message))
        return None
    problems += placed(tree, mistakes)
    return game


def in_order(problems: list[Problem]) -> list[Problem]:
    """The problems by file, in the order of a pack's files, and place; each once."""
    order = {name: place for place, name in enumerate(FILES)}
    return sorted(
        dict.fromkeys(problems),
        key=lambda it: (order.get(it.file.rpartition("/")[2], 9), it.file, it.line, it.column),
    )


def placed(tree: Tree, mistakes: Iterable[Mistake]) -> list[Problem]:
    """Mistakes with the place of the part they are about."""
    return [tree.problem(path, message, at_key=True) for path, message in mistakes]


def _uncited(tree: Tree, facts: Facts) -> Iterator[Mistake]:
    """Facts that a script cites and that do not exist."""
    for path, fact in cited_facts(tree.data):
        if isinstance(fact, str) and fact not in facts.facts:
            yield path, absent("fact", fact, facts.facts)


def unseen(record: Script, pack: Pack) -> Iterator[Mistake]:
    """Viewpoints and levels that steps name and that do not exist."""
    viewpoints = {*pack.parties, *pack.viewpoints, PUBLIC}
    for place, step in enumerate(record.steps):
        for key, names, there in (
            ("seen_by", step.seen_by or [], viewpoints),
            ("levels", step.levels, pack.levels),
            ("left_out", step.left_out, pack.levels),
        ):
            kind = "viewpoint" if key == "seen_by" else "level"
            for number, name in enumerate(names):
                if name not in there:
                    at = name if isinstance(names, dict) else number
                    yield ("steps", place, key, at), absent(kind, name, there)


def _sourceless(facts: Facts) -> Iterator[Mistake]:
    """Sources that do not exist, in facts and disagreements, facts that do not, and false days."""
    for section, entries in (("facts", facts.facts), ("disagreements", facts.disagreements)):
        for name, entry in entries.items():
            for place, source in enumerate(entry.sources):
                if source not in facts.sources:
                    yield (section, name, "sources", place), absent("source", source, facts.sources)
    for name, disagreement in facts.disagreements.items():
        for place, fact in enumerate(disagreement.facts):
            if fact not in facts.facts:
                yield ("disagreements", name, "facts", place), absent("fact", fact, facts.facts)
    for name, source_ in facts.sources.items():
        yield from _false_day(source_.date, ("sources", name, "date", VALUE))


def undated(record: Script) -> Iterator[Mistake]:
    """Days of steps that no calendar has."""
    for place, step in enumerate(record.steps):
        yield from _false_day(step.date, ("steps", place, "date", VALUE))


def _astray(record: Script) -> Iterator[Mistake]:
    """What belongs to scripts and not to a record, which is one line of its own pack."""
    said = "stands in a record, which is one line of its own pack; remove it"
    for key in sorted({"pack", "level", "origin"} & record.model_fields_set):
        yield (key,), f"{quote(key)} {said}"
    for place, step in enumerate(record.steps):
        for key in sorted(
            {"goto", "refused", "because", "name", "note", "by"} & step.model_fields_set
        ):
            yield ("steps", place, key), f"{quote(key)} {said}"


def _false_day(written: str | None, path: Path_) -> Iterator[Mistake]:
    if written is not None:
        year, month, day = [*map(int, written.split("-")), 1, 1][:3]
        try:
            date(year, month, day)
        except ValueError:
            yield path, f"{quote(written)} is no day of the calendar; correct it"


def read_model(kind: type[M], tree: Tree | None, problems: list[Problem]) -> M | None:
    """The data as a model, or None, its problems added."""
    if tree is None:
        return None
    try:
        return kind.model_validate(tree.data)
    except ValidationError as error:
        problems += explained(kind, tree, error, MOST)
        return None
