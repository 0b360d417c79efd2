"""Looking back along lines: against the list of all states, and telling nothing hidden."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negsim.engine import apply_action, initial_state, legal_actions
from negsim.explore.explorer import Explorer
from negsim.explore.hindsight import Hindsight
from negsim.pack.load import LoadedPack
from negsim.rules import EVERYTHING, Action, Game, Set, Sight, State, is_
from tests.effort import some
from tests.explore.judge import Judge, States
from tests.explore.made import act, build, passing
from tests.explore.test_seats import MEMORY, Seen, alike, seen, sighted_games


class Plain:
    """What a viewpoint can say of a line, by going through the list of all states."""

    def __init__(self, judge: Judge, viewpoint: str) -> None:
        self.judge = judge
        self.viewpoint = viewpoint
        every = viewpoint == EVERYTHING
        self._alike: Mapping[Seen, States] = {} if every else alike(judge, viewpoint)

    def compatible(self, state: State) -> States:
        if self.viewpoint == EVERYTHING:
            return frozenset({state})
        return self._alike[seen(self.judge.game, state, self.viewpoint)]

    def possible(self, state: State, ending: str) -> bool:
        return bool(self.compatible(state) & self.judge.possible(ending))

    def closings(self, states: Sequence[State]) -> dict[int, tuple[str, ...]]:
        found: dict[int, tuple[str, ...]] = {}
        for ending in (it.id for it in self.judge.game.endings):
            open_at = [place for place, it in enumerate(states) if self.possible(it, ending)]
            if open_at and open_at[-1] < len(states) - 1:
                found[open_at[-1]] = (*found.get(open_at[-1], ()), ending)
        return dict(sorted(found.items()))

    def instead(self, state: State, taken: Action, ending: str) -> set[str]:
        game, judge = self.judge.game, self.judge
        there = [
            it
            for it in self.compatible(state)
            if judge.turn(it) == taken.mover and it not in judge.ending_of
        ]
        can = [{it.id for it in legal_actions(game, other)} for other in there]
        own = self.viewpoint in (EVERYTHING, taken.mover)
        sure = {it.id for it in legal_actions(game, state)} if own else set.intersection(*can)
        return {
            name
            for name in sure - {taken.id}
            if any(
                apply_action(game, other, name) in judge.possible(ending)
                for other, those in zip(there, can, strict=True)
                if name in those
            )
        }


def walk(game: Game, steps: int, random: Random) -> tuple[list[State], list[Action]]:
    """A line at random, seldom by passing alone."""
    states, taken = [initial_state(game)], list[Action]()
    while len(taken) < steps and (actions := legal_actions(game, states[-1])):
        weights = [1 if it.is_pass else 3 for it in actions]
        (action,) = random.choices(actions, weights)
        taken.append(action)
        states.append(apply_action(game, states[-1], action))
    return states, taken


def check(hindsight: Hindsight, plain: Plain, states: list[State], taken: list[Action]) -> int:
    """Compares everything about a line; how many endings were closed."""
    found = hindsight.closings(states)
    assert found == plain.closings(states)
    assert list(found) == sorted(found)
    for step, endings in found.items():
        others = hindsight.instead(states[step], taken[step], endings)
        assert others.keys() == set(endings)
        for ending, choices in others.items():
            ids = [it.id for it in choices]
            assert len(ids) == len(set(ids))
            assert set(ids) == plain.instead(states[step], taken[step], ending)
    return sum(map(len, found.values()))


@settings(max_examples=some(25))
@given(sighted_games(), st.integers(0, 10_000))
def test_made_up_games(game: Game, seed: int) -> None:
    explorer, judge = Explorer(game, memory=MEMORY), Judge(game)
    for viewpoint in (EVERYTHING, *game.viewpoints):
        hindsight, plain = Hindsight(explorer, viewpoint), Plain(judge, viewpoint)
        for number in range(3):
            check(hindsight, plain, *walk(game, 12, Random(seed + number)))


@pytest.fixture(scope="module")
def towns(two_towns: LoadedPack) -> tuple[Explorer, Judge]:
    return Explorer(two_towns.game), Judge(two_towns.game)


@pytest.mark.parametrize("viewpoint", [EVERYTHING, "highwell", "lowmill", "fishers", "public"])
def test_random_lines_of_a_whole_case(towns: tuple[Explorer, Judge], viewpoint: str) -> None:
    explorer, judge = towns
    hindsight, plain = Hindsight(explorer, viewpoint), Plain(judge, viewpoint)
    closed = [check(hindsight, plain, *walk(explorer.game, 60, Random(seed))) for seed in range(12)]
    assert sum(closed) > 12


def test_what_is_most_like_the_step_comes_first(towns: tuple[Explorer, Judge]) -> None:
    explorer, _ = towns
    hindsight = Hindsight(explorer, EVERYTHING)
    told = 0
    for seed in range(30):
        states, taken = walk(explorer.game, 60, Random(seed))
        for step, endings in hindsight.closings(states).items():
            for choices in hindsight.instead(states[step], taken[step], endings).values():
                assert [it.is_pass for it in choices] == sorted(it.is_pass for it in choices)
                slot = taken[step].slot
                like = [bool(slot) and it.slot == slot for it in choices if not it.is_pass]
                assert like == sorted(like, reverse=True)
                told += any(like) and not all(like)
    assert told


def test_the_work_can_be_stopped_at_every_place(towns: tuple[Explorer, Judge]) -> None:
    class StopError(Exception):
        pass

    def stop() -> None:
        calls.append(1)
        if len(calls) == 3:
            raise StopError

    explorer, _ = towns
    calls: list[int] = []
    states = next(
        states
        for states, _ in (walk(explorer.game, 60, Random(seed)) for seed in range(30))
        if min(Hindsight(explorer, EVERYTHING).closings(states), default=99) < len(states) - 5
    )
    with pytest.raises(StopError):
        Hindsight(explorer, "public").closings(states, stop)


def test_a_line_that_has_not_begun_closed_nothing(towns: tuple[Explorer, Judge]) -> None:
    explorer, judge = towns
    start: Collection[State] = [judge.states[0]]
    assert Hindsight(explorer, "public").closings([*start]) == {}


def unseen_end() -> Game:
    """Bob may have ended the line, or have passed the turn on, which ann does not see."""
    no = [is_("x", "no"), is_("y", "no")]
    game = build(
        "unseen-end",
        ("ann", "bob"),
        dict.fromkeys(("over", "x", "y"), ("no", "yes")),
        [
            act("do/end", "bob", Set("over", "yes"), when=[is_("over", "no")]),
            act("do/x", "bob", Set("x", "yes"), when=no),
            act("do/y", "bob", Set("y", "yes"), when=[*no, is_("over", "no")]),
            *passing("ann", "bob"),
        ],
        {"over": is_("over", "yes"), "all": is_("y", "yes")},
    )
    variables = tuple(
        replace(it, sights=(Sight("ann"),) if it.id in ("x", "y") else ()) for it in game.variables
    )
    return replace(game, variables=variables, viewpoints=("ann",))


def test_what_another_could_do_is_asked_where_it_could_act() -> None:
    """Not where the line has ended, or somebody else has the turn."""
    game = unseen_end()
    judge = Judge(game)
    explorer, start = Explorer(game, memory=MEMORY), judge.states[0]
    taken = game.action("do/x")
    states = [start, apply_action(game, start, "pass/ann")]
    states.append(apply_action(game, states[-1], taken))
    hindsight, plain = Hindsight(explorer, "ann"), Plain(judge, "ann")
    assert len(plain.compatible(states[1])) == 3
    assert hindsight.closings(states) == plain.closings(states) == {1: ("all",)}
    others = hindsight.instead(states[1], taken, ("all",))["all"]
    assert {it.id for it in others} == plain.instead(states[1], taken, "all")
    assert [it.id for it in others] == ["do/y", "pass/bob"]
