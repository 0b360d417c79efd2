"""Exact answers about January 2022 at full level, its order of variables known, nothing kept.

    python tests/bench/bench_january.py

Prints what each kind of question takes, and the most memory that the process held.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from itertools import combinations
from statistics import median
from time import perf_counter
from typing import TypeVar

from negsim.engine import initial_state
from negsim.explore.explorer import Explorer
from negsim.pack.catalogue import find_pack
from negsim.pack.load import load_pack
from negsim.replay import find_point

T = TypeVar("T")


def timed(what: str, work: Callable[[], T]) -> T:
    start = perf_counter()
    found = work()
    print(f"{what:<58} {perf_counter() - start:8.2f} s", flush=True)
    return found


def main() -> None:
    loaded = load_pack(find_pack("january-2022"))
    game = loaded.game
    explorer = timed("the table as diagrams", lambda: Explorer(game, loaded.order))
    states = timed("reachable set, whole game", explorer.count)
    print(f"  {states:,} states, {explorer.whole.reached.node_count():,} nodes")
    timed("reachable set, the part that endings depend on", explorer.arena)
    goals = [goal for goal in explorer.endings if not explorer.is_default(goal)]
    start = perf_counter()
    for goal in goals:
        timed(f"  can reach {goal.name}", partial(explorer.can_reach, goal))
    print(f"{'all backward sets':<58} {perf_counter() - start:8.2f} s")
    taken = []
    for size in (1, 2, 3, 4):
        for coalition in combinations(explorer.parties, size):
            for goal in goals:
                start = perf_counter()
                explorer.stages(coalition, goal)
                taken.append((perf_counter() - start, "+".join(coalition), goal.name))
    slowest = max(taken)
    print(
        f"forces: {len(taken)} questions, median {median(it[0] for it in taken):.2f} s, "
        f"slowest {slowest[0]:.2f} s ({slowest[1]}: {slowest[2]}), "
        f"all {sum(it[0] for it in taken):.1f} s"
    )
    start = perf_counter()
    for goal in goals:
        timed(f"  distances to {goal.name}", partial(explorer.layers, goal))
    print(f"{'all distances':<58} {perf_counter() - start:8.2f} s")
    record = find_point(game, loaded.record, "full", game, "record")
    places = [initial_state(game), *(step.after for step in record.steps)]
    closing = []
    for state in places:
        start = perf_counter()
        explorer.closes(state)
        closing.append(perf_counter() - start)
    print(
        f"what every action of a state closes: median {1000 * median(closing):.1f} ms, "
        f"most {1000 * max(closing):.1f} ms, over {len(places)} states"
    )
    explorer.possible(goals[0], places[0])
    start = perf_counter()
    for _ in range(1000):
        explorer.possible(goals[0], places[0])
    print(f"is an ending still possible: {1000 * (perf_counter() - start):.1f} us a question")
    if sys.platform != "win32":
        import resource

        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"most memory: {most:.0f} MB")


if __name__ == "__main__":
    main()
