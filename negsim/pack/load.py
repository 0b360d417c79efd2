"""Loading a pack: its files, every mistake with its place, and its game.

A pack is a folder with `pack.yaml`, `facts.yaml` and `record.yaml`, and may have `branches.yaml`.
It comes from strangers: it is data, read within bounds, and nothing in it names another file.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from negsim.errors import InputError, NegsimError, Problem, UnknownNameError, quote, suggestion
from negsim.pack.compile import FULL, compile_pack
from negsim.pack.conditions import Mistake
from negsim.pack.explain import explained
from negsim.pack.models import Branches, Facts, Pack, Script
from negsim.pack.references import dangling
from negsim.pack.yaml_tree import Tree, load_yaml
from negsim.rules import Game

M = TypeVar("M", bound=BaseModel)

FILES = ("pack.yaml", "facts.yaml", "record.yaml", "branches.yaml")
"""The files of a pack; the last may be missing."""


@dataclass(frozen=True)
class LoadedPack:
    """A pack whose every file is in order, with where each part stands."""

    folder: Path
    pack: Pack
    facts: Facts
    record: Script
    branches: Branches
    trees: dict[str, Tree]

    @cached_property
    def game(self) -> Game:
        """The game at the full level."""
        return self.at(FULL)

    def at(self, level: str) -> Game:
        """The game at a level. Raises UnknownNameError, or InputError where its rules are wrong."""
        if level != FULL and level not in self.pack.levels:
            raise UnknownNameError("level", level, (FULL, *self.pack.levels), self.pack.id)
        game, mistakes = compile_pack(self.pack, level)
        if game is None:
            raise InputError(in_order(placed(self.trees["pack.yaml"], mistakes)))
        return game

    @cached_property
    def content_hash(self) -> str:
        """The SHA-256 of the pack's files, in hexadecimal."""
        digest = hashlib.sha256()
        for name in FILES:
            path = self.folder / name
            digest.update(name.encode() + b"\0" + (path.read_bytes() if path.is_file() else b""))
        return digest.hexdigest()


def load_pack(folder: Path) -> LoadedPack:
    """The pack in a folder. Raises InputError with every problem that its files have."""
    problems: list[Problem] = []
    trees: dict[str, Tree] = {}
    shown = folder.name
    if not folder.is_dir():
        raise InputError([Problem(str(folder), 0, 0, "is no folder; name the folder of a pack")])
    for name in FILES:
        path = folder / name
        if name == "branches.yaml" and not path.exists():
            continue
        if path.is_symlink():
            message = "is a link; a pack holds plain files only, copy the file here"
            problems.append(Problem(f"{shown}/{name}", 0, 0, message))
            continue
        tree = load_yaml(path, f"{shown}/{name}")
        if isinstance(tree, Tree):
            trees[name] = tree
        else:
            problems += tree
    pack = _model(Pack, trees.get("pack.yaml"), problems)
    facts = _model(Facts, trees.get("facts.yaml"), problems)
    record = _model(Script, trees.get("record.yaml"), problems)
    branches = (
        _model(Branches, trees["branches.yaml"], problems)
        if "branches.yaml" in trees
        else Branches(format=1, branches=[])
    )
    if pack is None or facts is None or record is None or branches is None:
        raise InputError(in_order(problems))
    problems += placed(trees["pack.yaml"], dangling(pack, facts, folder.resolve().name))
    problems += placed(trees["facts.yaml"], _sourceless(facts))
    if problems:
        raise InputError(in_order(problems))
    loaded = LoadedPack(folder, pack, facts, record, branches, trees)
    try:
        loaded.__dict__["game"] = loaded.at(FULL)
    except InputError:
        raise
    except NegsimError as error:
        raise InputError([Problem(f"{shown}/pack.yaml", 1, 1, str(error))]) from error
    return loaded


def in_order(problems: list[Problem]) -> list[Problem]:
    """The problems by file, in the order of a pack's files, and place; each once."""
    order = {name: place for place, name in enumerate(FILES)}
    return sorted(
        dict.fromkeys(problems),
        key=lambda it: (order.get(it.file.rpartition("/")[2], 9), it.file, it.line, it.column),
    )


def placed(tree: Tree, mistakes: list[Mistake]) -> list[Problem]:
    """Mistakes with the place of the part they are about."""
    return [tree.problem(path, message, at_key=True) for path, message in mistakes]


def _sourceless(facts: Facts) -> list[Mistake]:
    """Sources that do not exist, in facts and disagreements, and facts that do not."""
    found: list[Mistake] = []
    for section, entries in (("facts", facts.facts), ("disagreements", facts.disagreements)):
        for name, entry in entries.items():
            for place, source in enumerate(entry.sources):
                if source not in facts.sources:
                    message = f"no source {quote(source)}{suggestion(source, facts.sources)}"
                    found.append(((section, name, "sources", place), message))
    for name, disagreement in facts.disagreements.items():
        for place, fact in enumerate(disagreement.facts):
            if fact not in facts.facts:
                message = f"no fact {quote(fact)}{suggestion(fact, facts.facts)}"
                found.append((("disagreements", name, "facts", place), message))
    return found


def _model(kind: type[M], tree: Tree | None, problems: list[Problem]) -> M | None:
    """The data as a model, or None, its problems added."""
    if tree is None:
        return None
    try:
        return kind.model_validate(tree.data)
    except ValidationError as error:
        problems += explained(kind, tree, error)
        return None
