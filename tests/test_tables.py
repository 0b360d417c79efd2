"""The explorer counts what other programs counted on two large tables."""

from __future__ import annotations

import pytest

from negsim.explore.arena import Arena
from negsim.explore.diagrams import Space
from negsim.explore.order import force_order
from negsim.rules import is_
from tests.tables import TABLES, load_table, table

COUNTS = {
    "table-13m": (13_083_912, 9_891_512),
    "table-1e15": (1_703_100_364_827_152, 1_265_043_337_282_868),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_large_table_is_counted_exactly(name: str) -> None:
    game = load_table(name)
    order = force_order(game)
    arena = Arena(Space(game, order), frozenset(order), turns_end=False)
    met = arena.can_reach(arena.space.where(is_("phase", "4")))
    assert (arena.count(arena.reached), arena.count(met)) == COUNTS[name]
    expected = table(name)["expected"]
    assert COUNTS[name] == (expected["states"], expected["states_that_can_reach_phase_4"])
