"""What a seat is told is so in all states that it cannot tell apart, and tells it nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negsim.engine import apply_action, legal_actions, observation
from negsim.errors import UnknownNameError
from negsim.explore.explorer import Explorer
from negsim.explore.goals import Goal
from negsim.explore.seats import Seat, Verdict
from negsim.pack.compile import FULL
from negsim.pack.load import LoadedPack
from negsim.replay import find_point
from negsim.rules import EVERYTHING, TURN, AtLeast, Game, Set, Sight, State, Variable, is_
from tests.effort import some
from tests.explore.compare import coalitions, spread
from tests.explore.judge import Asked, Judge, States
from tests.explore.made import act, build, opened, passing
from tests.games import conditions, games

MEMORY = 2
"""Megabytes: more than enough for small games, and quickly allocated."""
MOST = 5
"""How many states of a made-up game are sat in."""
Seen = tuple[tuple[str, str], ...]


def seen(game: Game, state: State, viewpoint: str) -> Seen:
    """What the viewpoint observes, in an order that can be compared."""
    return tuple(sorted(observation(game, state, viewpoint).items()))


def alike(judge: Judge, viewpoint: str) -> Mapping[Seen, States]:
    """The reachable states by what the viewpoint observes in them."""
    found: dict[Seen, set[State]] = {}
    for state in judge.states:
        found.setdefault(seen(judge.game, state, viewpoint), set()).add(state)
    return {key: frozenset(states) for key, states in found.items()}


def verdict(compatible: States, within: States) -> Verdict:
    """Whether all of the states, none, or some are within."""
    inside = len(compatible & within)
    return "yes" if inside == len(compatible) else "no" if not inside else "depends"


def surely_closed(judge: Judge, state: State, compatible: States) -> dict[str, tuple[str, ...]]:
    """For each action here, the endings possible in some compatible state and in none after it."""
    game = judge.game
    found = {}
    for action in legal_actions(game, state):
        after = {
            apply_action(game, other, action)
            for other in compatible
            if action in legal_actions(game, other)
        }
        found[action.id] = tuple(
            ending.id
            for ending in game.endings
            if compatible & judge.possible(ending.id) and not after & judge.possible(ending.id)
        )
    return found


@st.composite
def sighted_games(draw: st.DrawFn) -> Game:
    """Games in which what a viewpoint sees of a variable depends on others, and may be blurred."""
    game = opened(draw(games()))
    names = [variable.id for variable in game.variables if variable.id != TURN]

    def seen_by(variable: Variable) -> Variable:
        if variable.id == TURN:
            return variable if draw(st.booleans()) else replace(variable, sights=(Sight("ann"),))
        sights: list[Sight] = []
        for viewpoint in draw(st.lists(st.sampled_from(game.viewpoints), max_size=3)):
            blur = draw(st.sampled_from([{}, {"low": "lower", "mid": "lower"}, {"low": "high"}]))
            sights.append(Sight(viewpoint, draw(conditions(names, 1)), blur))
        return replace(variable, sights=tuple(sights))

    return replace(game, variables=tuple(seen_by(it) for it in game.variables))


def differences(explorer: Explorer, judge: Judge, viewpoint: str) -> Iterator[str]:
    """What a viewpoint is told that is not so, at a few states."""
    game = judge.game
    goals: dict[Asked, Goal] = {ending.id: explorer.ending(ending.id) for ending in game.endings}
    some = is_(game.variables[-1].id, game.variables[-1].values[-1])
    goals[some] = explorer.holds(some)
    groups = alike(judge, viewpoint)
    for state in spread(judge.states, MOST):
        seat = Seat(explorer, viewpoint, state)
        compatible = groups[seen(game, state, viewpoint)]
        if explorer.whole.count(seat.compatible) != len(compatible):
            yield f"{viewpoint} at {state!r}: not {len(compatible)} states"
        if not all(explorer.space.contains(seat.compatible, other) for other in compatible):
            yield f"{viewpoint} at {state!r}: other states"
        for asked, goal in goals.items():
            if seat.possible(goal) != verdict(compatible, judge.possible(asked)):
                yield f"{viewpoint} at {state!r}: {goal.name} possible {seat.possible(goal)}"
            for coalition in coalitions(game.movers):
                if seat.forces(coalition, goal) != verdict(
                    compatible, judge.forces(coalition, asked)
                ):
                    yield f"{viewpoint} at {state!r}: {goal.name} forced by {sorted(coalition)}"
                if seat.avoids(coalition, goal) != verdict(
                    compatible, judge.avoids(coalition, asked)
                ):
                    yield f"{viewpoint} at {state!r}: {goal.name} avoided by {sorted(coalition)}"
        own = judge.turn(state) == viewpoint
        right = surely_closed(judge, state, compatible) if own else {}
        if seat.closes() != right:
            yield f"{viewpoint} at {state!r}: closes {seat.closes()}, not {right}"


@settings(max_examples=some(20))
@given(sighted_games())
def test_made_up_games(game: Game) -> None:
    explorer, judge = Explorer(game, memory=MEMORY), Judge(game)
    for viewpoint in game.viewpoints:
        assert next(differences(explorer, judge, viewpoint), None) is None


@settings(max_examples=some(20))
@given(sighted_games())
def test_who_sees_everything_gets_the_plain_answers(game: Game) -> None:
    explorer, judge = Explorer(game, memory=MEMORY), Judge(game)
    said: dict[bool, Verdict] = {True: "yes", False: "no"}
    for state in spread(judge.states, MOST):
        seat = Seat(explorer, EVERYTHING, state)
        assert explorer.whole.count(seat.compatible) == 1
        assert explorer.space.some(seat.compatible) == state
        assert seat.closes() == explorer.closes(state)
        for goal in explorer.endings:
            assert seat.possible(goal) == said[explorer.possible(goal, state)]
            for coalition in coalitions(game.movers):
                assert seat.forces(coalition, goal) == said[explorer.forces(coalition, goal, state)]
                assert seat.avoids(coalition, goal) == said[explorer.avoids(coalition, goal, state)]


def answers(explorer: Explorer, viewpoint: str, state: State) -> list[object]:
    """All that a seat can be told but for what it can do, which the table lists anyway."""
    seat = Seat(explorer, viewpoint, state)
    told: list[object] = []
    for goal in explorer.endings:
        told.append(seat.possible(goal))
        for coalition in coalitions(explorer.parties):
            told += [seat.forces(coalition, goal), seat.avoids(coalition, goal)]
    return told


@settings(max_examples=some(20))
@given(sighted_games())
def test_states_that_look_alike_get_the_same_answers(game: Game) -> None:
    """No answer betrays what the seat cannot see."""
    explorer, judge = Explorer(game, memory=MEMORY), Judge(game)
    for viewpoint in game.viewpoints:
        for group in list(alike(judge, viewpoint).values())[:4]:
            told = [answers(explorer, viewpoint, state) for state in sorted(group)[:3]]
            assert all(it == told[0] for it in told)


def test_an_unknown_viewpoint_is_refused() -> None:
    game = build("small", ("ann",), {"v": ("no",)}, passing("ann"), {})
    explorer = Explorer(game, memory=MEMORY)
    state = Judge(game).states[0]
    with pytest.raises(UnknownNameError, match='no viewpoint "carl"'):
        _ = Seat(explorer, "carl", state).compatible


def test_a_state_that_has_ended_opens_nothing() -> None:
    """Ann sees v only, so bob may have ended the line; from there nothing can be done any more.

    After her action nothing is loud any more. It would be if one could act where the line ended.
    """
    yes_no = ("no", "yes")
    quiet = [is_("v", "no"), is_("w", "no")]
    game = build(
        "ended-unseen",
        ("ann", "bob"),
        {"v": yes_no, "w": yes_no, "x": yes_no},
        [
            act("do/hit", "ann", Set("v", "yes"), when=[is_("v", "no")]),
            act("do/shout", "ann", Set("x", "yes"), when=[is_("w", "yes"), is_("v", "yes")]),
            act("do/end", "bob", Set("w", "yes"), Set(TURN, "ann"), when=quiet),
            act("do/both", "bob", Set("w", "yes"), Set("v", "yes"), when=quiet),
            *passing("ann", "bob"),
        ],
        {"quiet": AtLeast(2, (is_("w", "yes"), is_("v", "no"))), "loud": is_("x", "yes")},
    )
    variables = tuple(
        replace(it, sights=(Sight("ann"),) if it.id in (TURN, "v") else ()) for it in game.variables
    )
    game = replace(game, variables=variables, viewpoints=("ann",))
    explorer, judge = Explorer(game, memory=MEMORY), Judge(game)
    start = judge.states[0]
    right = surely_closed(judge, start, alike(judge, "ann")[seen(game, start, "ann")])
    assert right["do/hit"] == ("quiet", "loud")
    assert Seat(explorer, "ann", start).closes() == right


# A whole case


@pytest.fixture(scope="module")
def towns(two_towns: LoadedPack) -> tuple[Explorer, Judge]:
    return Explorer(two_towns.game), Judge(two_towns.game)


@pytest.mark.parametrize("viewpoint", ["highwell", "public"])
def test_a_whole_case(towns: tuple[Explorer, Judge], two_towns: LoadedPack, viewpoint: str) -> None:
    """At the steps of the record, and at some more states, against the list of all states."""
    explorer, judge = towns
    groups = alike(judge, viewpoint)
    steps = find_point(judge.game, two_towns.record, FULL, two_towns.game, "record").steps
    told: set[tuple[str, str]] = set()
    for state in (*(it.after for it in steps[::4]), *spread(judge.states, 4)):
        states = groups[seen(judge.game, state, viewpoint)]
        seat = Seat(explorer, viewpoint, state)
        assert explorer.whole.count(seat.compatible) == len(states)
        assert explorer.space.contains(seat.compatible, max(states))
        for goal in explorer.endings:
            assert seat.possible(goal) == verdict(states, judge.possible(goal.name))
            told.add(("possible", seat.possible(goal)))
        for asked in ("talks", "lapsed"):
            goal, alone = explorer.ending(asked), frozenset({"highwell"})
            assert seat.forces(alone, goal) == verdict(states, judge.forces(alone, asked))
            assert seat.avoids(alone, goal) == verdict(states, judge.avoids(alone, asked))
            told.add(("forced", seat.forces(alone, goal)))
        for other in (min(states), max(states)):
            assert answers(explorer, viewpoint, other) == answers(explorer, viewpoint, state)
        if judge.turn(state) == viewpoint:
            assert seat.closes() == Seat(explorer, viewpoint, max(states)).closes()
    assert ("possible", "depends") in told
    assert {("forced", "yes"), ("forced", "no")} <= told


def test_what_closes_an_ending_betrays_no_draft(towns: tuple[Explorer, Judge]) -> None:
    """While Lowmill drafts, Highwell is not told what Lowmill could do: that shows the draft."""
    explorer, judge = towns
    at_work = [state for state in judge.states if judge.turn(state) == "lowmill"]
    groups: dict[Seen, State] = {}
    for state in spread(at_work, 400):
        like = groups.setdefault(seen(judge.game, state, "highwell"), state)
        told = [Seat(explorer, "highwell", it).closes() for it in (like, state)]
        assert told[0] == told[1]
