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

import platformdirs
from oxidd.util import DDDMPFile

from negsim.explore.arena import Watch, unwatched
from negsim.explore.diagrams import MEMORY
from negsim.explore.explorer import Explorer
from negsim.explore.goals import plain
from negsim.explore.order import completed
from negsim.rules import Effect, Game, Set

FORMAT = 1
"""Raised whenever the names or the meaning of kept sets change."""
SETS, INDEX = "sets.dddmp", "index.json"


def folder() -> Path:
    """Where explorations are kept: the user's cache, or `cache` in the folder NEGSIM_HOME."""
    home = os.environ.get("NEGSIM_HOME")
    return Path(home) / "cache" if home else Path(platformdirs.user_cache_dir("negsim", False))


def fingerprint(game: Game) -> str:
    """The SHA-256 of the table, in hexadecimal: of what decides answers, not of its words."""
    table = [
        [[variable.id, variable.values, variable.start] for variable in game.variables],
        [
            [
                action.id,
                action.mover,
                [plain(need.condition) for need in action.when],
                [_plain_effect(effect) for effect in action.then],
            ]
            for action in game.actions
        ],
        [[ending.id, plain(ending.when) if ending.when else None] for ending in game.endings],
    ]
    return hashlib.sha256(json.dumps([FORMAT, table]).encode()).hexdigest()


def _plain_effect(effect: Effect) -> list[Any]:
    what = effect.value if isinstance(effect, Set) else effect.by
    return [effect.variable, what, plain(effect.when)]


def explorer(
    game: Game,
    hint: Sequence[str] = (),
    memory: int = MEMORY,
    watch: Watch = unwatched,
) -> Explorer:
    """An explorer of the game with everything that was kept of it.

    `hint` is an order of variables to use where none was kept: a pack may bring one.
    """
    place = folder() / fingerprint(game)
    index = _index(place)
    if index is None:
        return Explorer(game, completed(hint, game) if hint else None, memory, watch)
    found = Explorer(game, index["order"], memory, watch)
    try:
        with DDDMPFile(place / SETS) as file:
            diagrams = iter(found.space.manager.import_dddmp(file))
        found.kept = {
            name: tuple(next(diagrams) for _ in range(count)) for name, count in index["sets"]
        }
    except Exception:
        found.kept = {}  # a cache that cannot be read is worked out again
    return found


@contextmanager
def explored(
    game: Game, hint: Sequence[str] = (), memory: int = MEMORY, watch: Watch = unwatched
) -> Iterator[Explorer]:
    """An explorer of the game (`explorer`); what it works out is kept, also when it is stopped."""
    found = explorer(game, hint, memory, watch)
    before = len(found.kept)
    try:
        yield found
    finally:
        if len(found.kept) != before:
            keep(found)


def _index(place: Path) -> dict[str, Any] | None:
    """What is kept in a folder, or None where nothing whole is."""
    try:
        index = json.loads((place / INDEX).read_text(encoding="utf-8"))
        whole = index["sha256"] == hashlib.sha256((place / SETS).read_bytes()).hexdigest()
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return index if whole else None


def keep(explorer: Explorer) -> None:
    """Writes what the explorer has worked out; a reader finds the old or the new, never half."""
    if not explorer.kept:
        return
    place = folder() / fingerprint(explorer.game)
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place) as drafts:
            sets, index = Path(drafts) / SETS, Path(drafts) / INDEX
            diagrams = [diagram for those in explorer.kept.values() for diagram in those]
            explorer.space.manager.export_dddmp(sets, diagrams)
            content = {
                "format": FORMAT,
                "game": explorer.game.id,
                "order": explorer.order,
                "sets": [[name, len(those)] for name, those in explorer.kept.items()],
                "sha256": hashlib.sha256(sets.read_bytes()).hexdigest(),
            }
            index.write_text(json.dumps(content), encoding="utf-8")
            os.replace(sets, place / SETS)
            os.replace(index, place / INDEX)
    except OSError:
        return
