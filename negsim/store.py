"""What was worked out about a game, kept on disk under the fingerprint of its table.

A change to a pack or to the procedure is another table, and so starts anew. The store is a cache:
what cannot be read is worked out again, and what cannot be written is left out.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from oxidd.util import DDDMPFile, DDMemoryError

from negsim.explore import MEMORY
from negsim.explore.arena import Watch, unwatched
from negsim.explore.diagrams import NotDecidedError
from negsim.explore.explorer import Explorer
from negsim.explore.order import completed
from negsim.places import cache
from negsim.rules import Effect, Game, Set, as_data

FORMAT = 2
"""Raised whenever the names or the meaning of kept sets change."""
SETS, INDEX = "sets.dddmp", "index"
"""The sets; and a line with the checksum of both files, then what the sets are called, as JSON."""


def fingerprint(game: Game) -> str:
    """The SHA-256 of the table, in hexadecimal: of what decides answers, not of its words."""
    table = [
        [[variable.id, variable.values, variable.start] for variable in game.variables],
        [
            [
                action.id,
                action.mover,
                [as_data(need.condition) for need in action.when],
                [_plain_effect(effect) for effect in action.then],
            ]
            for action in game.actions
        ],
        [[ending.id, as_data(ending.when) if ending.when else None] for ending in game.endings],
    ]
    return hashlib.sha256(json.dumps([FORMAT, table]).encode()).hexdigest()


def _plain_effect(effect: Effect) -> list[Any]:
    what = effect.value if isinstance(effect, Set) else effect.by
    return [effect.variable, what, as_data(effect.when)]


def explorer(
    game: Game,
    hint: Sequence[str] = (),
    memory: int = MEMORY,
    watch: Watch = unwatched,
) -> Explorer:
    """An explorer of the game with everything that was kept of it.

    `hint` is an order of variables to use where none was kept: a pack may bring one.
    """
    kept = _read(cache() / fingerprint(game))
    if kept is None:
        return Explorer(game, completed(hint, game) if hint else None, memory, watch)
    index, sets = kept
    found = Explorer(game, index["order"], memory, watch)
    with tempfile.TemporaryDirectory() as copies:
        path = Path(copies) / SETS  # a copy, so that what was checked is what is read
        path.write_bytes(sets)
        with DDDMPFile(path) as file:
            diagrams = iter(found.space.manager.import_dddmp(file))
    found.kept = {
        name: tuple(next(diagrams) for _ in range(count)) for name, count in index["sets"]
    }
    return found


@contextmanager
def explored(
    game: Game, hint: Sequence[str] = (), memory: int = MEMORY, watch: Watch = unwatched
) -> Iterator[Explorer]:
    """An explorer of the game (`explorer`); what it works out is kept, also when it is stopped.

    Raises NotDecidedError where the memory does not suffice.
    """
    try:
        found = explorer(game, hint, memory, watch)
        before = len(found.kept)
        try:
            yield found
        finally:
            if len(found.kept) != before:
                keep(found)
    except DDMemoryError as error:
        raise NotDecidedError(memory) from error


def _read(place: Path) -> tuple[dict[str, Any], bytes] | None:
    """The index and the sets that are kept in a folder, or None where nothing whole is."""
    try:
        digest, _, index = (place / INDEX).read_bytes().partition(b"\n")
        sets = (place / SETS).read_bytes()
    except OSError:
        return None
    return (json.loads(index), sets) if digest == _digest(index, sets) else None


def _digest(index: bytes, sets: bytes) -> bytes:
    return hashlib.sha256(index + b"\0" + sets).hexdigest().encode()


def keep(explorer: Explorer) -> None:
    """Writes what the explorer has worked out; a reader finds the old or the new, never half."""
    if not explorer.kept:
        return
    place = cache() / fingerprint(explorer.game)
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place) as drafts:
            sets, index = Path(drafts) / SETS, Path(drafts) / INDEX
            diagrams = [diagram for those in explorer.kept.values() for diagram in those]
            explorer.space.manager.export_dddmp(sets, diagrams)
            content = {
                "game": explorer.game.id,
                "order": explorer.order,
                "sets": [[name, len(those)] for name, those in explorer.kept.items()],
            }
            written = json.dumps(content).encode()
            index.write_bytes(_digest(written, sets.read_bytes()) + b"\n" + written)
            os.replace(sets, place / SETS)
            os.replace(index, place / INDEX)
    except OSError:
        return
