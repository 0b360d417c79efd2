"""SPIN finds exactly the states of a game, and exactly the steps between them.

Run with: pytest -m spin
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings

from negsim.pack.load import LoadedPack
from negsim.pack.models import Pack
from negsim.rules import (
    ALWAYS,
    NEVER,
    TURN,
    Action,
    All,
    AnyOf,
    AtLeast,
    Condition,
    Effect,
    Ending,
    Game,
    Is,
    Not,
    Requirement,
    Set,
    Shift,
    Variable,
    is_,
)
from tests import small_packs
from tests.export.spin import spin
from tests.games import games
from tests.search import search
from tests.small_packs import small_game
from tests.tables import load_table, table

pytestmark = pytest.mark.spin


def same(game: Game, folder: Path) -> None:
    found = spin(game, folder)
    known = search(game)
    assert (found.states, found.steps) == (len(known.states), len(known.steps))


def test_two_towns(two_towns: LoadedPack, tmp_path: Path) -> None:
    assert spin(two_towns.game, tmp_path).states == 79_128


def test_a_table_of_13_million_states(tmp_path: Path) -> None:
    found = spin(load_table("table-13m"), tmp_path, table=26)
    expected = table("table-13m")["expected"]
    assert found.states == expected["states"] == 13_083_912
    assert found.steps == expected["transitions"]


@pytest.mark.parametrize(
    "make",
    [
        small_packs.every_step,
        small_packs.linked,
        small_packs.in_confidence,
        small_packs.extended,
        small_packs.accepted_in_parts,
    ],
)
def test_small_packs(make: Callable[[], Pack], tmp_path: Path) -> None:
    same(small_game(make()), tmp_path)


@settings(max_examples=8, phases=[Phase.generate])  # shrinking would compile for minutes
@given(games())
def test_games_that_are_made_up(game: Game) -> None:
    with tempfile.TemporaryDirectory() as folder:
        same(game, Path(folder))


def tiny(
    *actions: tuple[Condition, tuple[Effect, ...]],
    ending: Condition | None = None,
    names: tuple[str, str] = ("a", "b"),
    sizes: tuple[int, int] = (5, 5),
) -> Game:
    return Game(
        "tiny */ \\ \n #define",
        (
            Variable(TURN, ("ann",), "ann"),
            *(
                Variable(name, tuple(f"*/{it}\n" for it in range(size)), f"*/{size // 2}\n")
                for name, size in zip(names, sizes, strict=True)
            ),
        ),
        tuple(
            Action(f"do/{place}*/\n", "ann", "", (Requirement(when, "", "pack"),), then)
            for place, (when, then) in enumerate(actions)
        ),
        (Ending("e", "*/ the \\\nend", "", ending),),
    )


def low(name: str) -> Is:
    return is_(name, "*/0\n", "*/1\n")


TINY = {
    "no action": tiny(),
    "an action that changes nothing": tiny((ALWAYS, ())),
    "over at the start": tiny((ALWAYS, (Shift("a", 1),)), ending=ALWAYS),
    "an ending that never holds": tiny((ALWAYS, (Shift("a", 1),)), ending=NEVER),
    "shifts stop at the ends": tiny(
        (ALWAYS, (Shift("a", 2),)), (ALWAYS, (Shift("a", -3), Shift("b", 1))),
        (ALWAYS, (Shift("b", -9),)), (ALWAYS, (Shift("b", 9), Shift("a", 0))),
    ),
    "one after the other": tiny(
        (ALWAYS, (Set("a", "*/4\n", when=low("b")), Shift("a", -1), Shift("a", -1, when=low("b")))),
        (ALWAYS, (Shift("b", -1),)),
        (low("a"), (Shift("b", 3),)),
    ),
    "every kind of condition": tiny(
        (AtLeast(0, ()), (Shift("a", 1),)),
        (AtLeast(1, ()), (Shift("b", 1),)),
        (AtLeast(2, (low("a"), Not(low("b")), AnyOf((low("a"), low("b"))))), (Shift("b", -1),)),
        (Not(All((low("a"), Not(AnyOf((low("b"),)))))), (Shift("a", -2),)),
        (Is("a", frozenset()), (Shift("b", -2),)),
    ),
    "variables that nothing reads": tiny(
        (ALWAYS, (Shift("a", 1),)), (ALWAYS, (Shift("a", -1), Shift("b", 1)))
    ),
    "names that are alike": tiny(
        (ALWAYS, (Shift("a.b", 1),)), (low("a-b"), (Shift("a-b", 1),)), names=("a.b", "a-b")
    ),
    "names that mean something": tiny(
        (ALWAYS, (Shift("do", 1),)), (ALWAYS, (Shift("*/", 1),)), names=("do", "*/")
    ),
    "the largest variable": tiny(
        (ALWAYS, (Shift("a", 100),)), (ALWAYS, (Shift("a", -200), Shift("b", 1))), sizes=(255, 1)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TINY)
def test_corners(name: str, tmp_path: Path) -> None:
    same(TINY[name], tmp_path)
