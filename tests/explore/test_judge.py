"""The explorer agrees with the judge: on made-up games, on small packs, and on a whole case."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import islice

import pytest
from hypothesis import Phase, find, given, settings

from negsim.explore.explorer import Explorer
from negsim.explore.slices import relevant, turns_end
from negsim.pack.load import LoadedPack
from negsim.pack.models import Pack
from negsim.rules import TURN, Action, AtLeast, Condition, Effect, Game, Set, Shift, is_
from tests import small_packs
from tests.effort import some
from tests.explore.compare import Comparison, spread
from tests.explore.judge import Judge
from tests.explore.made import act, build, latched_games, opened, passing, with_questions
from tests.games import games

MEMORY = 2
"""Megabytes: more than enough for small games, and quickly allocated."""
MOVES = 80
"""How long a play may take that must meet its goal, and is watched that must not."""
YES_NO = ("no", "yes")

Made = tuple[Game, tuple[Condition, ...]]


def differences(game: Game, asked: Sequence[Condition] = ()) -> list[str]:
    """The first few differences between what the explorer says of the game and what is so."""
    comparison = Comparison(Explorer(game, memory=MEMORY), Judge(game), asked)
    return list(islice(comparison.differences(), 3))


@settings(max_examples=some(40))
@given(with_questions(games()))
def test_made_up_games(made: Made) -> None:
    assert differences(*made) == []


@settings(max_examples=some(40))
@given(with_questions(latched_games()))
def test_games_whose_turns_end(made: Made) -> None:
    assert turns_end(made[0])
    assert differences(*made) == []


@settings(max_examples=some(40))
@given(with_questions(latched_games(flaws=True)))
def test_games_whose_turns_may_not_end(made: Made) -> None:
    assert differences(*made) == []


def test_the_made_up_games_have_parts() -> None:
    """Some variables matter to no ending, and something is reached, closed and forced."""

    def telling(game: Game) -> bool:
        judge = Judge(game)
        forced = judge.forces({"ann"}, "e0")
        return len(relevant(game)) < len(game.variables) and 0 < len(forced) < len(judge.states)

    find(latched_games(), telling, settings=settings(max_examples=100, phases=[Phase.generate]))


@settings(max_examples=some(50))
@given(latched_games(flaws=True))
def test_turns_that_are_said_to_end_do(game: Game) -> None:
    """The proof is not asked to find all that end; that it finds some is tested above."""
    if turns_end(game):
        assert not Judge(game).acts_for_ever()


@settings(max_examples=some(50))
@given(games())
def test_turns_that_are_said_to_end_do_in_any_game(game: Game) -> None:
    if turns_end(opened(game)):
        assert not Judge(opened(game)).acts_for_ever()


def test_turns_end_in_the_packs_that_ship(packs: dict[str, LoadedPack]) -> None:
    for pack in packs.values():
        for level, game in pack.games.items():
            assert turns_end(game), f"{pack.pack.id} at {level}"


SMALL = (
    small_packs.mirrored_by_decision,
    small_packs.red_line,
    small_packs.collective,
    small_packs.slow_procedure,
    small_packs.reciprocal_at_once,
    small_packs.confidential,
    small_packs.pressed,
    small_packs.overdue,
    small_packs.extended,
    small_packs.in_confidence,
)


@pytest.mark.parametrize("make", SMALL)
def test_small_packs(make: Callable[[], Pack]) -> None:
    game = small_packs.small_game(make())
    others = [it for it in game.variables if it.id != TURN]
    asked = [is_(it.id, it.values[-1]) for it in others[:: max(1, len(others) // 3)]]
    assert turns_end(game)
    assert differences(game, asked) == []


def test_the_next_round_where_somebody_may_not_pass() -> None:
    """A hard deadline that has run out leaves nature no pass, so nobody passes on from there."""
    game = small_packs.small_game(small_packs.overdue())
    explorer = Explorer(game, memory=MEMORY)
    for state in Judge(game).states:
        explorer.settled(state)


# Games built by hand, at the edges of what the table allows

ENDS = {"over": is_("v", "yes")}


def _go(*to: str) -> list[Effect]:
    return [Set(TURN, name) for name in to]


EDGES = (
    build("nothing-at-all", ("ann",), {}, [], {}),
    build("alone", ("ann",), {"v": ("no",)}, passing("ann"), {}),
    build(
        "a-way-to-be-stuck",
        ("ann", "bob"),
        {"v": YES_NO, "w": YES_NO},
        [
            act("do/stop", "ann", Set("v", "yes")),
            act("do/trap", "bob", Set("w", "yes"), when=[is_("w", "no")]),
            act("pass/ann", "ann", *_go("bob")),
            act("pass/bob", "bob", *_go("ann"), when=[is_("w", "no")]),
        ],
        ENDS,
    ),
    build(
        "a-turn-taken-back",
        ("ann", "bob"),
        {"v": YES_NO, "x": YES_NO},
        [
            act("do/back", "ann", *_go("bob"), Set(TURN, "ann", is_("v", "no")), Set("x", "yes")),
            act("do/stop", "ann", Set("v", "yes")),
            *passing("ann", "bob"),
        ],
        ENDS,
    ),
    build(
        "passing-only-at-times",
        ("ann", "bob"),
        {"v": YES_NO, "w": YES_NO},
        [
            act("do/w", "ann", Set("w", "yes"), when=[is_("w", "no")]),
            act("do/v", "bob", Set("v", "yes"), when=[is_("w", "yes")]),
            act("do/jump", "ann", *_go("bob"), when=[is_("w", "no")]),
            act("pass/ann", "ann", *_go("bob"), when=[is_("w", "yes")]),
            act("pass/bob", "bob", *_go("ann")),
        ],
        ENDS,
    ),
)


@pytest.mark.parametrize("game", EDGES, ids=lambda game: game.id)
def test_games_at_the_edge(game: Game) -> None:
    assert differences(game) == []


IDLE = build(
    "idle",
    ("ann",),
    {"v": YES_NO},
    [act("do/idle", "ann"), act("do/stop", "ann", Set("v", "yes"))],
    ENDS,
)


def test_an_action_that_changes_nothing() -> None:
    """Ann may idle for ever, so the line may lapse."""
    assert differences(IDLE) == []


def test_a_mover_with_two_ways_to_pass() -> None:
    """A shortest line may need one and then the other: a fixed choice would go round for ever."""
    two = (
        Action("pass/ann", "ann", "", then=(Set(TURN, "bob"),)),
        Action("pass/ann/plus", "ann", "", then=(Set("w", "yes"), Set(TURN, "bob"))),
        Action("pass/bob", "bob", "", then=(Shift("z", 1), Set(TURN, "ann"))),
        Action("pass/bob/back", "bob", "", then=(Set("w", "no"), Set("z", "0"), Set(TURN, "ann"))),
    )
    end = act("do/end", "bob", Set("v", "yes"), when=[is_("w", "yes"), is_("z", "2")])
    variables = {"v": YES_NO, "w": YES_NO, "z": ("0", "1", "2")}
    game = build("two-passes", ("ann", "bob"), variables, [*two, end], ENDS)
    assert differences(game) == []


def test_conditions_that_read_alike_are_told_apart() -> None:
    """The words of nested counts do not show where one stops; what is kept must not mix them."""
    game = build(
        "alike",
        ("ann", "bob"),
        {"v": YES_NO, "w": YES_NO, "x": YES_NO},
        [
            act("do/v", "ann", Set("v", "yes"), when=[is_("v", "no")]),
            act("do/x", "ann", Set("x", "yes"), when=[is_("x", "no")]),
            *passing("ann", "bob"),
        ],
        {},
    )
    v, w, x = (is_(name, "yes") for name in "vwx")
    asked = [AtLeast(1, (AtLeast(2, (v, w)), x)), AtLeast(1, (AtLeast(2, (v, w, x)),))]
    assert differences(game, asked) == []
    assert differences(game, asked[::-1]) == []


# A whole case


@pytest.fixture(scope="module")
def whole(two_towns: LoadedPack) -> Comparison:
    """All that can happen in a pack that ships, for both."""
    return Comparison(Explorer(two_towns.game), Judge(two_towns.game))


@pytest.mark.whole
def test_a_whole_case(whole: Comparison) -> None:
    assert list(islice(whole.differences(), 3)) == []


def test_strategies_in_a_whole_case(whole: Comparison) -> None:
    """Played against chance, and against those who answer with what takes longest."""
    explorer, judge = whole.explorer, whole.judge
    dice = random.Random(1)
    played = 0
    for asked, goal in whole.endings.items():
        default = asked == judge.default
        target = judge.target(asked)
        for party in whole.parties:
            wins = judge.forces({party}, asked)
            far = judge.distances("whole") if default else judge.attracted({party}, target)
            starts = [state for state in judge.states if state in wins and state not in target]
            for number, start in enumerate(spread(starts, 12)):
                state = start
                for _ in range(MOVES):
                    if state in judge.ending_of:
                        break
                    action = explorer.strategy({party}, goal, state)
                    if action is not None:
                        state = judge.found.legal(state)[action.id]
                    elif number % 2:
                        state = dice.choice(list(judge.after(state)))
                    else:
                        state = max(judge.after(state), key=lambda it: far.get(it, -1))
                    assert state in wins
                assert default == (state not in judge.ending_of)
                assert default or state in target
                played += 1
    assert played > 50
