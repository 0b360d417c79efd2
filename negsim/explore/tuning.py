"""Finding a good order of the variables: explore, sift when the sets grow, and go on."""

from __future__ import annotations

from oxidd.util import DDMemoryError

from negsim.engine import initial_state
from negsim.explore import MEMORY
from negsim.explore.arena import Arena, Watch, unwatched
from negsim.explore.diagrams import Diagram, NotDecidedError, Space
from negsim.explore.order import copy, force_order, sifted
from negsim.rules import Game

FIRST_SIFT = 1_000
"""A set closed under some of the moves is sifted when it first has more nodes than this, and again
whenever it has doubled."""
TOO_LARGE = 60_000
"""A set that is not closed is sifted only when it has grown as large as this."""


class _GrownError(Exception):
    """The set has grown so much that a better order is worth the search."""

    def __init__(self, found: Diagram) -> None:
        self.found = found


def good_order(game: Game, memory: int = MEMORY, watch: Watch = unwatched) -> tuple[str, ...]:
    """An order of the variables in which all reachable states make a small diagram.

    Deterministic; takes from milliseconds to minutes. Raises NotDecidedError.
    """
    order = force_order(game)
    everything = frozenset(order)
    space = Space(game, order, memory)
    found = space.state(initial_state(game))
    limit = FIRST_SIFT

    def grown(found: Diagram, closed: bool) -> None:
        if found.node_count() > (limit if closed else max(TOO_LARGE, 8 * limit)):
            raise _GrownError(found)

    while True:
        arena = Arena(space, everything, turns_end=True, watch=watch)
        try:
            arena.reachable(found, grown)
        except _GrownError as error:
            found = error.found
        except DDMemoryError as error:
            raise NotDecidedError(memory) from error
        else:
            return order
        order = sifted(found, space.bits, order)
        watch("an order of the variables", found.node_count())
        bigger = Space(game, order, memory)
        renamed = {
            old: new
            for name in order
            for old, new in zip(space.bits[name], bigger.bits[name], strict=True)
        }
        found = copy(found, bigger.manager, renamed)
        space = bigger
        limit = max(FIRST_SIFT, 2 * found.node_count())
