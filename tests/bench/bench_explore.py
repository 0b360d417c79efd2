"""How fast all states of a game are found, beside SPIN in the same run, and how that grows.

Run: python -m tests.bench.bench_explore [--limit SECONDS] [--plot FILE]
Needs `spin` and `cc` for the comparison and matplotlib for the plot, and does without either.

1. SPIN searches a table of 13 million states; the time to make and compile its program is left
   out. Ours is told twice: from the rules to the set of all states, and the search alone, once
   the order of the variables is found and the rules are diagrams, which is the like of SPIN's.
2. A table of 1.7 thousand million million states: all of them, and those that can reach phase 4.
3. Packs with more and more items, partners and papers. Finding an order of the variables is timed
   by itself: a pack keeps it. A case that takes longer than the limit is stopped and said to be.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple, TypeVar

from negsim.explore.arena import Arena
from negsim.explore.diagrams import NotDecidedError, Space
from negsim.explore.order import force_order
from negsim.explore.slices import turns_end
from negsim.explore.tuning import good_order
from negsim.pack.models import Pack
from negsim.rules import Game, is_
from tests.export.spin import build, count
from tests.small_packs import small_game, small_pack
from tests.tables import load_table

LIMIT = 60
"""Seconds that a case of the growth may take, unless told otherwise."""
REPEATS = 5
BAR = 40
"""The longest bar, in columns."""

ANSWERS = (("rejected", "talks"), ("silent", "counter", "talks"), ("rejected", "accepted"))
"""What the items admit, by turns."""
KINDS = ("ask", "promise", "consult", "redraft", "clear", "receive", "read", "position")

T = TypeVar("T")


class Case(NamedTuple):
    """A pack's size; every paper answers every item, and every partner is consulted on it."""

    items: int
    partners: int
    papers: int

    def __str__(self) -> str:
        return f"{self.items:>2} items, {self.partners} partners, {self.papers} papers"


CASES = (
    *(Case(items, 1, 1) for items in (3, 4, 6, 8, 10, 12)),
    *(Case(3, partners, 1) for partners in (2, 4, 6, 8)),
    *(Case(3, 1, papers) for papers in (2, 3, 4)),
    Case(6, 4, 2),
    Case(8, 4, 3),
    Case(12, 8, 4),
)


def grown_pack(case: Case) -> Pack:
    """A pack of this size: north demands, and the author of each paper answers in writing."""
    partners = [f"partner-{number}" for number in range(1, case.partners + 1)]
    # A pack has at most twelve parties, so the fourth paper is south's again.
    authors = ["south", "author-2", "author-3", "south"][: case.papers]
    answers = {
        f"item-{number}": list(ANSWERS[number % len(ANSWERS)])
        for number in range(1, case.items + 1)
    }
    paper: dict[str, Any] = {
        "items": list(answers),
        "answers": answers,
        "partners": {name: {} for name in partners},
        "decisions": ["talks", "lapse"],
        "judging": "item-by-item",
    }
    names = ["letter", *(f"paper-{number}" for number in range(2, case.papers + 1))]
    return small_pack(
        f"grown-{case.items}-{case.partners}-{case.papers}",
        answers,
        KINDS,
        letter=paper,
        parties={name: {} for name in (*authors, *partners)},
        exchanges={
            name: {**paper, "title": f"the {name}", "demander": "north", "addressee": author}
            for name, author in zip(names[1:], authors[1:], strict=True)
        },
        endings={
            "talks": {
                "title": "Talks",
                "reason": "North agreed to talks on every paper.",
                "when": {"all": [{f"{name}.decision": "talks"} for name in names]},
            },
            "lapsed": {"title": "Lapsed", "reason": "Everybody went on passing."},
        },
    )


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What the work gives, and its seconds."""
    start = time.perf_counter()
    found = work()
    return found, time.perf_counter() - start


def prepared(game: Game, order: Sequence[str]) -> Arena:
    """The rules as diagrams, nothing searched; movers of the tables never pass."""
    ends = len(game.movers) > 1 and turns_end(game)
    return Arena(Space(game, order), frozenset(order), turns_end=ends)


def explored(game: Game, order: Sequence[str]) -> Arena:
    """All states of the game, found."""
    arena = prepared(game, order)
    assert arena.reached.satisfiable()
    return arena


def searched(arena: Arena) -> float:
    """The seconds of the search for all states."""
    return timed(lambda: arena.reached)[1]


def usual(work: Callable[[], object]) -> float:
    """The median seconds of some repeats."""
    return median(timed(work)[1] for _ in range(REPEATS))


def against_spin() -> None:
    game = load_table("table-13m")
    arena = explored(game, force_order(game))
    states = arena.count(arena.reached)
    ours = usual(lambda: explored(game, force_order(game)))
    order = force_order(game)
    alone = median(searched(prepared(game, order)) for _ in range(REPEATS))
    print(f"1. A table of {states:,} states")
    print(f"   negsim, from the rules to all states: {1e3 * ours:,.1f} ms")
    print(f"   negsim, search alone: {1e3 * alone:,.1f} ms")
    if shutil.which("spin") is None or shutil.which("cc") is None:
        print("   SPIN: not compared, since spin or cc is not installed\n")
        return
    with tempfile.TemporaryDirectory() as folder:
        build(game, Path(folder))
        found = count(Path(folder), table=26)
    assert found.states == states, found
    print(
        f"   SPIN, -O2, search alone: {found.seconds:,.1f} s for the same {found.states:,} states"
    )
    print(
        f"   negsim is {found.seconds / ours:,.0f} x as fast from the rules on, "
        f"{found.seconds / alone:,.0f} x in the search alone (goal: 500)\n"
    )


def huge() -> None:
    game = load_table("table-1e15")
    goal = is_("phase", "4")

    def both() -> tuple[int, int]:
        arena = explored(game, force_order(game))
        met = arena.can_reach(arena.space.where(goal))
        return arena.count(arena.reached), arena.count(met)

    states, met_in = both()
    print(f"2. A table of {states:,} states, of which {met_in:,} can reach phase 4")
    print(f"   both sets from the rules: {usual(both):.2f} s (goal: under 1)\n")


def one_case(case: Case) -> None:
    """Works a case out and prints what is known as soon as it is known, for `in_time`."""

    def tell(**known: float) -> None:
        print(json.dumps(known), flush=True)

    game = small_game(grown_pack(case))
    tell(variables=len(game.variables), actions=len(game.actions))
    try:
        order, seconds = timed(lambda: good_order(game))
        tell(order=seconds)
        arena, seconds = timed(lambda: explored(game, order))
    except NotDecidedError as error:
        tell(memory=error.memory)
        return
    # States are told by their logarithm: the number may be too large for a float.
    tell(
        states=math.log10(arena.count(arena.reached)),
        build=seconds,
        nodes=arena.reached.node_count(),
    )


def in_time(case: Case, limit: float) -> dict[str, float]:
    """What is known of a case after so many seconds, in a process of its own."""
    words = [sys.executable, "-m", "tests.bench.bench_explore", "--case", *map(str, case)]
    known: dict[str, float] = {}
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=limit, check=False)
        out = done.stdout
        if done.returncode:
            known["failed"] = 1
            print(done.stderr.strip().splitlines()[-1], file=sys.stderr)
    except subprocess.TimeoutExpired as late:
        out = (late.stdout or b"").decode() if isinstance(late.stdout, bytes) else late.stdout or ""
    for line in out.splitlines():
        known.update(json.loads(line))
    return known


def growth(limit: float, plot: Path | None) -> None:
    print("3. Packs of growing size")
    head = f"{'variables':>9} {'actions':>7} {'states':>8} {'order':>9} {'build':>9} {'nodes':>9}"
    print(f"   {'':32} {head}")
    found: list[tuple[Case, dict[str, float]]] = []
    for case in CASES:
        known = in_time(case, limit)
        found.append((case, known))
        row = f"{known.get('variables', 0):>9,} {known.get('actions', 0):>7,} "
        if "build" in known:
            row += f"{'10^%.1f' % known['states']:>8} {known['order']:>7.2f} s "  # noqa: UP031
            row += f"{known['build']:>7.3f} s {known['nodes']:>9,}"
        else:
            order = f"{known['order']:>7.2f} s" if "order" in known else f"{'-':>9}"
            why = f"not within {limit:g} s"
            if "memory" in known:
                why = f"not within {known['memory']:g} MB"
            elif "failed" in known:
                why = "failed"
            row += f"{'-':>8} {order}  {why}"
        print(f"   {case!s:32} {row}", flush=True)
    print("\n   Seconds to build, each column of the bar a factor; * stands for no result in time")
    chart(found)
    if plot is not None:
        draw(found, limit, plot)


def chart(found: Sequence[tuple[Case, dict[str, float]]]) -> None:
    """The seconds as bars on a logarithmic scale."""
    seconds = [known["build"] for _, known in found if "build" in known]
    if not seconds:
        return
    low, high = math.log10(min(seconds)) - 0.2, math.log10(max(seconds))
    for case, known in found:
        if "build" in known:
            length = round((math.log10(known["build"]) - low) / max(high - low, 0.1) * BAR)
            print(f"   {case!s:32} {'#' * max(length, 1)} {known['build']:.3f}")
        else:
            print(f"   {case!s:32} {'*' * BAR}")


def draw(found: Sequence[tuple[Case, dict[str, float]]], limit: float, file: Path) -> None:
    """Seconds by states as a picture, if matplotlib is installed."""
    try:
        matplotlib: Any = import_module("matplotlib")
        matplotlib.use("Agg")
        pyplot: Any = import_module("matplotlib.pyplot")
    except ImportError:
        print("\n   No picture: matplotlib is not installed")
        return
    figure, axes = pyplot.subplots(figsize=(8, 5))
    groups: dict[str, Callable[[Case], bool]] = {
        "more items": lambda it: it.partners == it.papers == 1,
        "more partners": lambda it: it.items == 3 and it.papers == 1 and it.partners > 1,
        "more papers": lambda it: it.items == 3 and it.papers > 1,
        "more of all": lambda it: it.items > 3 and it.papers > 1,
    }
    for (label, within), mark in zip(groups.items(), "os^D", strict=True):
        points = [known for case, known in found if within(case) and "build" in known]
        axes.plot(
            [it["states"] for it in points],
            [it["build"] for it in points],
            marker=mark,
            linestyle="none",
            label=label,
        )
    axes.set_yscale("log")
    axes.set_xlabel("reachable states, as a power of ten")
    axes.set_ylabel("seconds to find them all")
    late = sum("build" not in known for _, known in found)
    axes.set_title(f"Growth; {late} of {len(found)} cases were not done within {limit:g} s")
    axes.legend()
    figure.savefig(file, dpi=120, bbox_inches="tight")
    print(f"\n   Picture: {file}")


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast all states of a game are found.")
    parser.add_argument("--limit", type=float, default=LIMIT, help="seconds for a case")
    parser.add_argument("--plot", type=Path, help="a file for the picture of the growth")
    parser.add_argument("--case", type=int, nargs=3, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.case is not None:
        one_case(Case(*chosen.case))
        return
    against_spin()
    huge()
    growth(chosen.limit, chosen.plot)


if __name__ == "__main__":
    main()
