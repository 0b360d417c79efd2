"""After which steps of a line the future is another, and which rule decides that it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negsim.engine import Taken, apply_action, initial_state, is_terminal, legal_actions, refusal
from negsim.explore.explorer import Coalition, Explorer
from negsim.explore.goals import Goal
from negsim.explore.turning import (
    MOST_CHANGED,
    Decided,
    Shifted,
    TurningPoint,
    decided,
    dials_that_matter,
    turning_points,
)
from negsim.pack.compile import FULL
from negsim.pack.load import LoadedPack
from negsim.replay import find_point
from negsim.rules import TURN, Game, Set, State, compile_test, is_
from tests.effort import some
from tests.explore.compare import coalitions
from tests.explore.judge import Judge
from tests.explore.made import act, build, latched_games, opened, passing
from tests.games import games

MEMORY = 2
"""Megabytes: more than enough for small games, and quickly allocated."""
CHOICES = st.lists(st.integers(0, 10_000), min_size=2, max_size=12)
YES_NO = ("no", "yes")


def line_of(game: Game, choices: Sequence[int]) -> list[Taken]:
    """The steps of a line that takes, at each state, the action that a number picks."""
    state, line = initial_state(game), []
    for choice in choices:
        actions = legal_actions(game, state)
        if not actions:
            break
        action = actions[choice % len(actions)]
        after = apply_action(game, state, action)
        line.append(Taken(action.id, state, after))
        state = after
    return line


def taken(game: Game, *ids: str) -> list[Taken]:
    state, line = initial_state(game), []
    for action in ids:
        after = apply_action(game, state, action)
        line.append(Taken(action, state, after))
        state = after
    return line


# The record of the two towns


def alone(*names: str) -> Coalition:
    return frozenset(names)


BOTH = (alone("highwell", "lowmill"),)
HIGHWELL = (alone("highwell"),)
EITHER = (alone("highwell"), alone("lowmill"))


def test_the_record_of_the_two_towns(two_towns: LoadedPack) -> None:
    """The text is cleared, handed over, and answered: these three, and no other of its steps."""
    game = two_towns.game
    record = find_point(game, two_towns.record, FULL, game, "record")
    points = list(turning_points(Explorer(game), record.steps))
    assert [(record.numbers[it.place], it.action) for it in points] == [
        ("step 10", "clear/letter"),
        ("step 11", "deliver/letter/messenger"),
        ("step 20", "decide/letter/talks"),
    ]
    cleared, handed_over, answered = points

    (lost,) = cleared.lost
    assert lost.ending == "whole"
    assert lost.decided is not None
    assert lost.decided.action.id == "redraft/letter/weir"
    assert lost.decided.requirement.rule == "order"
    assert lost.decided.requirement.otherwise == "the letter of Lowmill is not being drafted"
    assert lost.decided.variables == ("letter.status",)
    assert cleared.shifted == (Shifted("whole", BOTH, (), replace(lost.decided, variables=())),)
    assert not cleared.shifted[0].gained

    assert handed_over.lost == ()
    assert [(it.ending, it.before, it.after) for it in handed_over.shifted] == [
        ("talks", BOTH, HIGHWELL),
        ("broken-off", BOTH, HIGHWELL),
        ("unanswered", BOTH, HIGHWELL),
        ("lapsed", EITHER, HIGHWELL),
    ]
    assert [it.gained for it in handed_over.shifted] == [True, True, True, False]
    assert handed_over.shifted[3].decided is None
    for it in handed_over.shifted[:3]:
        assert it.decided is not None
        assert it.decided.action.id == "receive/letter"
        assert it.decided.requirement.rule == "G1"

    assert [(it.ending, it.decided) for it in answered.lost] == [
        ("broken-off", None),
        ("unanswered", None),
        ("lapsed", None),
    ]
    assert answered.shifted == ()


# Made-up games


def settled(judge: Judge, state: State) -> State:
    """The start of the next round if all pass, or where that ends the line."""
    first = judge.game.movers[0]
    while state not in judge.ending_of and judge.turn(state) != first:
        state = judge.found.legal(state)[f"pass/{judge.turn(state)}"]
    return state


def smallest(judge: Judge, ending: str, state: State) -> set[Coalition]:
    """The coalitions of parties that can force the ending, and none of whose parts can."""
    parties = [name for name in judge.game.movers if name != "nature"]
    able = [it for it in coalitions(parties) if state in judge.forces(it, ending)]
    return {it for it in able if not any(other < it for other in able)}


def started_at(game: Game, state: State) -> Game:
    """The game with this state for a start."""
    return replace(
        game,
        variables=tuple(
            replace(variable, start=variable.values[place])
            for variable, place in zip(game.variables, state, strict=True)
        ),
    )


def restored(game: Game, step: Taken, names: Sequence[str]) -> State:
    """The state after the step, with these variables as they were before it."""
    other = bytearray(step.after)
    for name in names:
        other[game.position[name]] = step.before[game.position[name]]
    return State(bytes(other))


def check_decided(explorer: Explorer, goal: Goal, step: Taken, found: Decided) -> None:
    """The variables really differ, and make the goal possible; the requirement really refuses."""
    game = explorer.game
    assert 1 <= len(found.variables) <= MOST_CHANGED
    for name in found.variables:
        assert name != TURN
        assert step.before[game.position[name]] != step.after[game.position[name]]
    other = restored(game, step, found.variables)
    assert other in Judge(started_at(game, other)).possible(goal.name)
    line = explorer.line(goal, other)
    assert line is not None
    state = step.after
    for action in line:
        if not all(compile_test(game, need.condition)(state) for need in action.when):
            break
        state = apply_action(game, state, action)
    else:
        raise AssertionError("the table refuses nothing of the line")
    assert action == found.action
    said = refusal(game, state, action)
    assert said is not None
    assert said.startswith(found.requirement.otherwise)
    assert found.requirement in action.when
    assert not compile_test(game, found.requirement.condition)(state)


def check_shifted(explorer: Explorer, judge: Judge, step: Taken, found: Shifted) -> None:
    """It can be forced on one side of the step only; followed on the other, the way there ends at
    the first requirement that does not hold, if it ends."""
    game, goal = explorer.game, explorer.ending(found.ending)
    then, now = settled(judge, step.before), settled(judge, step.after)
    new = [it for it in found.after if then not in judge.forces(it, found.ending)]
    old = [it for it in found.before if now not in judge.forces(it, found.ending)]
    assert found.gained == bool(new)
    coalition, there, state = (new[0], now, then) if new else (old[0], then, now)
    line = explorer.steered(coalition, goal, there)
    assert (line is None) == (found.ending == judge.default)
    for action in line or ():
        unmet = [it for it in action.when if not compile_test(game, it.condition)(state)]
        if unmet:
            assert found.decided == Decided(action, unmet[0])
            return
        if refusal(game, state, action) is not None:
            break
        state = apply_action(game, state, action)
    assert found.decided is None


def check(game: Game, choices: Sequence[int]) -> list[TurningPoint]:
    """The turning points of a line are those that the list of all states shows."""
    explorer, judge = Explorer(game, memory=MEMORY), Judge(game)
    line = line_of(game, choices)
    points = list(turning_points(explorer, line))
    found = {point.place: point for point in points}
    assert list(found) == sorted(found)
    for place, step in enumerate(line):
        lost = [
            ending.id
            for ending in game.endings
            if step.before in judge.possible(ending.id)
            and step.after not in judge.possible(ending.id)
        ]
        ended = is_terminal(game, step.after)
        before, after = settled(judge, step.before), settled(judge, step.after)
        shifts = {
            ending.id: (smallest(judge, ending.id, before), smallest(judge, ending.id, after))
            for ending in game.endings
        }
        shifted = {name: it for name, it in shifts.items() if it[0] != it[1] and not ended}
        assert (place in found) == bool(lost or shifted)
        if place not in found:
            continue
        point = found[place]
        assert point.action == step.action
        assert [it.ending for it in point.lost] == lost
        assert {it.ending: (set(it.before), set(it.after)) for it in point.shifted} == shifted
        for it in point.lost:
            goal = explorer.ending(it.ending)
            if it.decided is not None:
                assert not ended
                assert not explorer.is_default(goal)
                check_decided(explorer, goal, step, it.decided)
            elif not ended:
                assert decided(explorer, goal, step) is None
        for shift in point.shifted:
            check_shifted(explorer, judge, step, shift)
    return points


@settings(max_examples=some(40))
@given(games(), CHOICES)
def test_made_up_games(game: Game, choices: list[int]) -> None:
    check(opened(game), choices)


@settings(max_examples=some(60))
@given(latched_games(), CHOICES)
def test_games_whose_turns_end(game: Game, choices: list[int]) -> None:
    check(game, choices)


# What decides


def bridge() -> Game:
    """Bob can burn the bridge and sink the boat; ann crosses by either, once she has packed."""
    return build(
        "bridge",
        ("ann", "bob"),
        {"bridge": ("up", "burnt"), "boat": ("afloat", "sunk"), "bag": YES_NO, "over": YES_NO},
        [
            act("do/pack", "ann", Set("bag", "yes"), when=[is_("bag", "no")]),
            act(
                "walk/bridge",
                "ann",
                Set("over", "yes"),
                when=[is_("bag", "yes"), is_("bridge", "up")],
            ),
            act(
                "walk/boat",
                "ann",
                Set("over", "yes"),
                when=[is_("bag", "yes"), is_("boat", "afloat")],
            ),
            act("do/burn", "bob", Set("bridge", "burnt")),
            act("do/sink", "bob", Set("boat", "sunk")),
            act("do/storm", "bob", Set("bridge", "burnt"), Set("boat", "sunk")),
            *passing("ann", "bob"),
        ],
        {"crossed": is_("over", "yes")},
    )


def test_a_later_action_on_the_way_is_refused() -> None:
    """Packing is still allowed; the way is closed at what comes after it."""
    game = bridge()
    line = taken(game, "pass/ann", "do/burn", "do/sink", "pass/bob", "do/pack")
    (point,) = turning_points(Explorer(game, memory=MEMORY), line)
    assert (point.place, point.action) == (2, "do/sink")
    (lost,) = point.lost
    assert lost.ending == "crossed"
    assert lost.decided is not None
    assert lost.decided.action.id == "walk/boat"
    assert lost.decided.requirement.condition == is_("boat", "afloat")
    assert lost.decided.variables == ("boat",)
    assert [(it.ending, it.before, it.after) for it in point.shifted] == [
        ("crossed", (alone("ann"),), ()),
        ("lapsed", (alone("ann"),), (alone(),)),
    ]
    crossed, lapsed = point.shifted
    assert crossed.decided == Decided(lost.decided.action, lost.decided.requirement)
    assert (crossed.gained, lapsed.gained, lapsed.decided) == (False, True, None)


def test_the_fewest_variables_that_decide() -> None:
    """The storm takes both; one of them would be enough."""
    game = bridge()
    line = taken(game, "pass/ann", "do/storm")
    (point,) = turning_points(Explorer(game, memory=MEMORY), line)
    (lost,) = point.lost
    assert lost.decided is not None
    assert lost.decided.variables == ("bridge",)
    assert lost.decided.action.id == "walk/bridge"


def two_locks(locks: int) -> Game:
    """Ann opens only if no lock is shut; bob shuts all of them at once."""
    names = [f"lock{number}" for number in range(locks)]
    return build(
        "two-locks",
        ("ann", "bob"),
        {**dict.fromkeys(names, YES_NO), "open": YES_NO},
        [
            act("do/open", "ann", Set("open", "yes"), when=[is_(name, "no") for name in names]),
            *(act(f"do/{name}", "bob", Set(name, "yes")) for name in names),
            act("do/shut", "bob", *(Set(name, "yes") for name in names)),
            *passing("ann", "bob"),
        ],
        {"open": is_("open", "yes")},
    )


@pytest.mark.parametrize(("locks", "variables"), [(1, 1), (2, 2), (3, None)])
def test_several_variables_that_decide_together(locks: int, variables: int | None) -> None:
    """More than two at once is not tried: then no one rule is named."""
    game = two_locks(locks)
    line = taken(game, "pass/ann", "do/shut")
    (point,) = turning_points(Explorer(game, memory=MEMORY), line)
    (lost,) = point.lost
    if variables is None:
        assert lost.decided is None
    else:
        assert lost.decided is not None
        assert lost.decided.variables == ("lock0", "lock1")[:variables]
        assert lost.decided.requirement.condition == is_("lock0", "no")


def test_an_ending_reached_decides_by_no_rule() -> None:
    game = bridge()
    line = taken(game, "do/pack", "walk/boat")
    (point,) = turning_points(Explorer(game, memory=MEMORY), line)
    assert [(it.ending, it.decided) for it in point.lost] == [("lapsed", None)]
    assert point.shifted == ()


def test_a_line_without_steps_has_none() -> None:
    assert list(turning_points(Explorer(bridge(), memory=MEMORY), [])) == []


def gate() -> Game:
    """Ann crosses where bob has opened the gate, which he cannot shut again."""
    return build(
        "gate",
        ("ann", "bob"),
        {"gate": ("shut", "open"), "bag": YES_NO, "over": YES_NO},
        [
            act("do/pack", "ann", Set("bag", "yes"), when=[is_("bag", "no")]),
            act(
                "do/cross",
                "ann",
                Set("over", "yes"),
                when=[is_("bag", "yes"), is_("gate", "open")],
            ),
            act("do/open", "bob", Set("gate", "open"), when=[is_("gate", "shut")]),
            *passing("ann", "bob"),
        ],
        {"crossed": is_("over", "yes")},
    )


def test_what_refused_the_way_of_who_can_only_now() -> None:
    """Packing was allowed before too; it was the gate that stood in the way."""
    line = taken(gate(), "pass/ann", "do/open")
    (point,) = turning_points(Explorer(gate(), memory=MEMORY), line)
    assert (point.place, point.lost) == (1, ())
    crossed, lapsed = point.shifted
    assert (crossed.before, crossed.after) == ((alone("ann", "bob"),), (alone("ann"),))
    assert crossed.gained
    assert crossed.decided is not None
    assert crossed.decided.action.id == "do/cross"
    assert crossed.decided.requirement.condition == is_("gate", "open")
    assert (lapsed.before, lapsed.after) == ((alone("ann"), alone("bob")), (alone("ann"),))
    assert (lapsed.gained, lapsed.decided) == (False, None)


def test_a_larger_coalition_that_is_needed_now_could_before_too() -> None:
    """With the boat sunk ann needs bob, who alone can let down the bridge: that is a loss."""
    game = build(
        "ferry",
        ("ann", "bob"),
        {"bridge": ("up", "down"), "boat": ("afloat", "sunk"), "over": YES_NO},
        [
            act("go/boat", "ann", Set("over", "yes"), when=[is_("boat", "afloat")]),
            act("go/bridge", "ann", Set("over", "yes"), when=[is_("bridge", "down")]),
            act("do/sink", "ann", Set("boat", "sunk")),
            act("do/lower", "bob", Set("bridge", "down")),
            *passing("ann", "bob"),
        ],
        {"crossed": is_("over", "yes")},
    )
    (point,) = turning_points(Explorer(game, memory=MEMORY), taken(game, "do/sink"))
    crossed = point.shifted[0]
    assert (crossed.before, crossed.after) == ((alone("ann"),), (alone("ann", "bob"),))
    assert not crossed.gained
    assert crossed.decided is not None
    assert crossed.decided.action.id == "go/boat"
    assert crossed.decided.requirement.condition == is_("boat", "afloat")


def test_who_can_now_comes_before_who_no_longer_can() -> None:
    """The boat is handed over: what is told is why its new owner could not go before."""
    owners, over = ("ann", "bob"), Set("over", "yes")
    game = build(
        "handed-over",
        owners,
        {"owner": owners, "over": YES_NO},
        [
            *(act(f"go/{name}", name, over, when=[is_("owner", name)]) for name in owners),
            act("do/give", "ann", Set("owner", "bob"), when=[is_("owner", "ann")]),
            *passing(*owners),
        ],
        {"crossed": is_("over", "yes")},
    )
    (point,) = turning_points(Explorer(game, memory=MEMORY), taken(game, "do/give"))
    crossed = point.shifted[0]
    assert (crossed.before, crossed.after) == ((alone("ann"),), (alone("bob"),))
    assert crossed.gained
    assert crossed.decided is not None
    assert crossed.decided.action.id == "go/bob"


def test_what_each_action_gives_and_takes() -> None:
    """Opening lets ann cross alone, and so no longer lets bob keep her from it."""
    explorer = Explorer(gate(), memory=MEMORY)
    state = taken(gate(), "pass/ann")[-1].after
    nothing: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    shifts = {it: explorer.shifts(state, it) for it in (alone("ann"), alone("bob"))}
    assert shifts == {
        alone("ann"): {"do/open": (("crossed",), ()), "pass/bob": nothing},
        alone("bob"): {"do/open": ((), ("lapsed",)), "pass/bob": nothing},
    }
    assert explorer.shifts(taken(gate(), "do/pack")[-1].after, alone("ann")) == {
        "pass/ann": nothing
    }


def test_a_line_that_is_steered() -> None:
    """Bob passes on the way, where he may; with him it is he who opens."""
    game = gate()
    explorer = Explorer(game, memory=MEMORY)
    crossed, lapsed = explorer.endings
    both, ann = alone("ann", "bob"), alone("ann")
    start, opened_ = initial_state(game), taken(game, "pass/ann", "do/open")[-1].after

    def ids(names: Coalition, goal: Goal, state: State) -> list[str] | None:
        line = explorer.steered(names, goal, state)
        return None if line is None else [it.id for it in line if not it.is_pass]

    assert ids(ann, crossed, start) is None
    assert sorted(ids(both, crossed, start) or ()) == ["do/cross", "do/open", "do/pack"]
    assert ids(ann, crossed, opened_) == ["do/pack", "do/cross"]
    assert ids(ann, lapsed, start) is None
    over = taken(game, "pass/ann", "do/open", "pass/bob", "do/pack", "do/cross")[-1].after
    assert explorer.steered((), crossed, over) == ()


# Dials


def moody() -> Game:
    """Bob deals where ann is calm or wary; she grows wary, then angry; weather means nothing."""
    return build(
        "moody",
        ("ann", "bob"),
        {
            "mood": ("calm", "wary", "angry"),
            "weather": ("fair", "foul"),
            "deal": YES_NO,
        },
        [
            act("do/wary", "ann", Set("mood", "wary"), when=[is_("mood", "calm")]),
            act("do/angry", "ann", Set("mood", "angry"), when=[is_("mood", "wary")]),
            act("do/rain", "ann", Set("weather", "foul"), when=[is_("weather", "fair")]),
            act("do/deal", "bob", Set("deal", "yes"), when=[is_("mood", "calm", "wary")]),
            *passing("ann", "bob"),
        ],
        {"deal": is_("deal", "yes")},
    )


def test_the_dials_that_matter() -> None:
    game = moody()
    explorer = Explorer(game, memory=MEMORY)
    goal, dials = explorer.ending("deal"), ("mood", "weather")
    line = taken(game, "do/wary", "do/rain", "do/angry")
    for step in line:
        assert dials_that_matter(explorer, goal, step.before, dials) == {}
    lost = line[-1].after
    assert dials_that_matter(explorer, goal, lost, dials) == {"mood": ("calm", "wary")}
    assert dials_that_matter(explorer, goal, lost, ("weather",)) == {}
    (point,) = turning_points(explorer, line)
    assert point.place == 2
    assert point.lost[0].decided == decided(explorer, goal, line[-1])
    assert point.lost[0].decided is not None
    assert point.lost[0].decided.variables == ("mood",)


def test_a_dial_that_never_had_a_value_is_not_said_to_help() -> None:
    """Of what no line reaches, nothing is known."""
    game = moody()
    game = replace(game, actions=tuple(it for it in game.actions if it.id != "do/wary"))
    game = started_at(game, State(bytes([game.variable(TURN).values.index("ann"), 2, 0, 0])))
    explorer = Explorer(game, memory=MEMORY)
    start = initial_state(game)
    assert dials_that_matter(explorer, explorer.ending("deal"), start, ("mood",)) == {}
