"""The packs that ship: how many states they have, that they are sound, and their shortest lines.

A shortest line that makes no sense as diplomacy is a hole in the rules, so they are kept as golden
files, to be read. NEGSIM_GOLDEN=1 writes them anew.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from negsim.answers import line_lines
from negsim.explore.explorer import Explorer
from negsim.explore.soundness import GRAVE, prove_sound
from negsim.pack.compile import FULL
from negsim.pack.load import LoadedPack
from negsim.replay import find_point, play_line

GOLDEN = Path(__file__).parent / "golden"

STATES = {
    ("two-towns", "full"): 79_128,
    ("january-2022", "basic"): 99_067_617_452,
    ("january-2022", "full"): 645_791_881_744_530_917_354_668_525_853_696,
}
"""How many states can be reached, by pack and level."""

CASES = [
    pytest.param(*case, marks=[pytest.mark.whole] if case == ("january-2022", "full") else [])
    for case in STATES
]


def explored(packs: dict[str, LoadedPack], pack: str, level: str) -> Explorer:
    loaded = packs[pack]
    return Explorer(loaded.at(level), loaded.order if level == FULL and loaded.order else None)


def test_every_level_is_pinned(packs: dict[str, LoadedPack]) -> None:
    assert {(name, level) for name, it in packs.items() for level in it.games} == {*STATES}


@pytest.mark.parametrize(("pack", "level"), CASES)
def test_a_pack_is_sound_and_as_large_as_ever(
    packs: dict[str, LoadedPack], pack: str, level: str
) -> None:
    proof = prove_sound(explored(packs, pack, level))
    assert [it for it in proof.defects if it.kind in GRAVE] == []
    assert proof.states == STATES[pack, level]


@pytest.mark.parametrize(("pack", "level"), CASES)
def test_the_shortest_lines(packs: dict[str, LoadedPack], pack: str, level: str) -> None:
    """To every ending from the start and the end of the record; each is replayed by the engine."""
    loaded = packs[pack]
    explorer = explored(packs, pack, level)
    game = explorer.game
    lines = []
    for start in ("start", "record"):
        point = find_point(game, loaded.record, level, loaded.game, start)
        for goal in explorer.endings:
            lines.append(f"{goal.name}, from {point.where}")
            line = explorer.line(goal, point.state)
            if line is None:
                possible = explorer.possible(goal, point.state)
                lines.append("  by passing for ever" if possible else "  no longer possible")
                continue
            played = [*play_line(game, [it.id for it in line if not it.is_pass], point.state)]
            end = played[-1].after if played else point.state
            assert explorer.space.contains(explorer.target(goal), end)
            assert len(played) == explorer.distance(goal, point.state)
            lines += line_lines(game.movers, line, point.round, 100)
    text = "\n".join(lines) + "\n"
    golden = GOLDEN / f"{pack}.{level}.shortest.txt"
    if os.environ.get("NEGSIM_GOLDEN"):
        golden.write_text(text, encoding="utf-8", newline="\n")
    assert text == golden.read_text(encoding="utf-8")
