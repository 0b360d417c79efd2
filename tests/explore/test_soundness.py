"""What is wrong with the rules of a game is found, all of it, with a line that shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from negsim.engine import apply_action, initial_state, is_terminal, legal_actions
from negsim.explore.explorer import Explorer
from negsim.explore.soundness import GRAVE, Defect, Proof, prove_sound
from negsim.pack.load import LoadedPack
from negsim.pack.models import Pack
from negsim.rules import (
    TURN,
    Action,
    AnyOf,
    AtLeast,
    Condition,
    Game,
    Requirement,
    Set,
    State,
    Variable,
    is_,
)
from tests import small_packs
from tests.effort import some
from tests.explore.judge import Judge, States
from tests.explore.made import act, build, latched_games, opened, passing
from tests.games import games

MEMORY = 2
"""Megabytes: more than enough for small games, and quickly allocated."""
YES_NO = ("no", "yes")
V, W = is_("v", "yes"), is_("w", "yes")


def prove(game: Game) -> Proof:
    return prove_sound(Explorer(game, memory=MEMORY))


def kinds(proof: Proof) -> list[tuple[str, str]]:
    return [(defect.kind, defect.about) for defect in proof.defects]


# One defect each


def game_of(
    name: str,
    variables: Sequence[str] = (),
    actions: Sequence[Action] = (),
    passes: Sequence[Action] | None = None,
    needs: Sequence[Condition] = (),
    movers: Sequence[str] = ("ann", "bob"),
    **endings: Condition,
) -> Game:
    """Ann does v, which lets bob do w, which ends the line; and what is added to that."""
    return build(
        name,
        movers,
        {"v": YES_NO, "w": YES_NO, **dict.fromkeys(variables, YES_NO)},
        [
            act("do/v", "ann", Set("v", "yes"), when=[is_("v", "no")]),
            act("do/w", "bob", Set("w", "yes"), when=[V, *needs]),
            *actions,
            *(passing("ann", "bob") if passes is None else passes),
        ],
        {"over": W, **endings},
    )


SOUND = game_of("sound")


def replayed(game: Game, defect: Defect) -> State:
    """The state to which the witness leads; the engine refuses a line that is none."""
    assert defect.line is not None
    state = initial_state(game)
    for action in defect.line:
        state = apply_action(game, state, action)
    return state


def keeps_acting(judge: Judge, mover: str) -> States:
    """From where the mover can act for ever without the turn going on, worked out plainly."""
    left = {it for it in judge.states if judge.turn(it) == mover}
    while True:
        kept = {it for it in left if any(after in left for after in judge.after(it))}
        if kept == left:
            return frozenset(left)
        left = kept


def no_ending(judge: Judge) -> States:
    """From where no line has an ending."""
    found = judge.everywhere
    for ending in judge.game.endings:
        found -= judge.possible(ending.id)
    return found


def test_a_game_without_a_defect() -> None:
    proof = prove(SOUND)
    assert proof == Proof("sound", len(Judge(SOUND).states), ())
    assert proof.sound


def test_where_nobody_can_do_anything() -> None:
    """A state in which all is stuck has no way to an ending either, and that is said too."""
    game = game_of(
        "stuck",
        ["t"],
        [act("do/trap", "bob", Set("t", "yes"), when=[is_("t", "no")])],
        [
            act("pass/ann", "ann", Set(TURN, "bob")),
            act("pass/bob", "bob", Set(TURN, "ann"), when=[is_("t", "no")]),
        ],
    )
    proof = prove(game)
    assert kinds(proof) == [("stuck", ""), ("no-way-out", "")]
    for defect in proof.defects:
        state = replayed(game, defect)
        assert defect.line == ("pass/ann", "do/trap")
        assert legal_actions(game, state) == ()
        assert not is_terminal(game, state)
    assert proof.defects[0].message.startswith("nobody can do anything, and no ending holds")
    assert not proof.sound


def test_a_turn_without_end() -> None:
    game = game_of(
        "endless",
        ["tint"],
        [
            act("do/red", "bob", Set("tint", "yes"), when=[is_("tint", "no")]),
            act("do/blue", "bob", Set("tint", "no"), when=[is_("tint", "yes")]),
        ],
    )
    proof = prove(game)
    assert kinds(proof) == [("endless-turn", "bob")]
    (defect,) = proof.defects
    assert defect.line == ("pass/ann",)
    assert replayed(game, defect) in keeps_acting(Judge(game), "bob")
    assert defect.message.startswith("bob can act for ever without passing")
    assert not proof.sound


def test_no_way_to_an_ending() -> None:
    """All can pass for ever, but the game has no ending for that."""
    game = game_of(
        "ruined",
        ["r"],
        [act("do/ruin", "bob", Set("r", "yes"), when=[V, is_("r", "no")])],
        needs=[is_("r", "no")],
    )
    assert kinds(prove(game)) == []
    game = replace(game, endings=game.endings[:1])
    proof = prove(game)
    assert kinds(proof) == [("no-way-out", "")]
    (defect,) = proof.defects
    assert defect.line == ("do/v", "pass/ann", "do/ruin")
    assert replayed(game, defect) in no_ending(Judge(game))
    assert not proof.sound


def with_actions(*actions: Action) -> Game:
    return replace(SOUND, actions=(*SOUND.actions, *actions))


def test_an_action_that_is_never_possible() -> None:
    """What blocks it is the first requirement that leaves nothing of what those before it leave."""
    needs = (
        Requirement(V, "v must come first", "order"),
        Requirement(is_("v", "no"), "v must not have come", "G7"),
        Requirement(W, "this is not asked any more", "G8"),
    )
    proof = prove(with_actions(Action("do/never", "ann", "never", needs, (Set("v", "yes"),))))
    assert kinds(proof) == [("dead-action", "do/never")]
    assert proof.defects[0].message == (
        '"do/never" is never possible: v must not have come (rule G7: v is no); '
        "drop it or change a rule"
    )
    assert proof.defects[0].line is None
    assert not proof.sound


def test_an_action_that_only_an_ending_would_allow() -> None:
    """W holds in some state that is reached, but there the line has ended."""
    needs = (Requirement(W, "w must come first", "pack"),)
    proof = prove(with_actions(Action("do/late", "ann", "late", needs, (Set("v", "yes"),))))
    assert kinds(proof) == [("dead-action", "do/late")]
    assert "w must come first (rule pack: w is yes)" in proof.defects[0].message


def test_an_action_of_one_whose_turn_never_comes() -> None:
    game = game_of(
        "absent", actions=[act("do/x", "carl", Set("v", "no"))], movers=["ann", "bob", "carl"]
    )
    proof = prove(game)
    assert kinds(proof) == [("dead-action", "do/x"), ("dead-value", TURN)]
    assert proof.defects[0].message == (
        '"do/x" is never possible: it is never the turn of carl; drop it or change a rule'
    )


def test_an_ending_whose_condition_never_holds() -> None:
    """Bob does w only after ann has done v, which stays done."""
    both = AtLeast(2, (W, is_("v", "no")))
    proof = prove(game_of("never", never=both))
    assert kinds(proof) == [("dead-ending", "never")]
    assert proof.defects[0].message == 'the ending "never" is never reached; change its condition'
    assert proof.defects[0].line is None
    assert not proof.sound


def test_an_ending_behind_another() -> None:
    """Where both hold, the first in the table's order is the one that is reached."""
    assert kinds(prove(game_of("shadowed", shadowed=AnyOf((W,))))) == [("dead-ending", "shadowed")]


def test_a_default_ending_that_is_never_reached() -> None:
    """Nobody can go on passing for ever where bob's pass ends the line."""
    game = game_of("hurried", passes=passing("ann", "bob", then={"bob": [Set("w", "yes")]}))
    assert kinds(prove(game)) == [("dead-ending", "lapsed")]


def test_values_that_never_come() -> None:
    """It is worth knowing, and no more."""
    u = Variable("u", ("a", "b", "c", "d"), "b")
    game = replace(
        SOUND,
        variables=(*SOUND.variables, u),
        actions=(*SOUND.actions, act("do/u", "ann", Set("u", "c"), when=[is_("u", "b")])),
    )
    proof = prove(game)
    assert proof.defects == (Defect("dead-value", "u", "u is never a or d"),)
    assert proof.sound


def test_a_requirement_that_refuses_nothing() -> None:
    """Where w is yes the line has ended, so nobody is asked whether it is."""
    proof = prove(game_of("idle-guard", needs=[is_("w", "no")]))
    (defect,) = proof.defects
    assert (defect.kind, defect.about, defect.line) == ("idle-guard", "do/w", None)
    assert defect.message == '"do/w": rule pack refuses nothing, since always w is no'
    assert proof.sound


def test_what_is_grave() -> None:
    assert {"dead-value", "idle-guard"}.isdisjoint(GRAVE)
    assert len(GRAVE) == 5


def test_an_action_that_changes_nothing_can_be_taken_for_ever() -> None:
    """Else it would be said that every turn ends."""
    assert kinds(prove(with_actions(act("do/idle", "ann")))) == [("endless-turn", "ann")]


def test_who_can_only_idle_is_not_stuck() -> None:
    """The engine lets ann do it, so nobody may say that nobody can do anything."""
    idle = [act("do/idle", "ann")]
    game = build("nothing-else", ("ann",), {"v": YES_NO}, idle, {"over": V})
    assert legal_actions(game, initial_state(game)) == tuple(idle)
    assert kinds(prove(game)) == [
        ("endless-turn", "ann"),
        ("dead-ending", "over"),
        ("dead-value", "v"),
    ]


# Made-up games, and packs


def explicit(game: Game) -> Counter[tuple[str, str]]:
    """Every defect, from the list of all states."""
    judge = Judge(game)
    found: list[tuple[str, str]] = []
    live = [state for state in judge.states if state not in judge.ending_of]
    if not all(judge.after(state) for state in live):
        found.append(("stuck", ""))
    found += [("endless-turn", mover) for mover in game.movers if keeps_acting(judge, mover)]
    if no_ending(judge):
        found.append(("no-way-out", ""))
    start = initial_state(game)
    for ending in game.endings:
        if start not in judge.possible(ending.id):
            found.append(("dead-ending", ending.id))
    taken = {step.action.id for step in judge.found.steps}
    found += [("dead-action", action.id) for action in game.actions if action.id not in taken]
    for variable in game.variables:
        if judge.found.values(variable.id) != set(variable.values):
            found.append(("dead-value", variable.id))
    for action in game.actions:
        turns = {state for state in live if judge.turn(state) == action.mover}
        for need in action.when:
            if turns <= judge.where(need.condition):
                found.append(("idle-guard", action.id))
    return Counter(found)


def check(game: Game) -> Proof:
    """The proof of a game is what is found one by one, and its lines show it."""
    proof = prove(game)
    judge = Judge(game)
    assert Counter(kinds(proof)) == explicit(game)
    assert proof.states == len(judge.states)
    shown = {
        "stuck": lambda state, about: not judge.after(state) and state not in judge.ending_of,
        "endless-turn": lambda state, about: state in keeps_acting(judge, about),
        "no-way-out": lambda state, about: state in no_ending(judge),
    }
    for defect in proof.defects:
        assert (defect.line is not None) == (defect.kind in shown)
        if defect.line is not None:
            assert shown[defect.kind](replayed(game, defect), defect.about), defect
    assert proof.sound == (not any(kind in GRAVE for kind, _ in kinds(proof)))
    return proof


@settings(max_examples=some(40))
@given(games())
def test_made_up_games(game: Game) -> None:
    check(opened(game))


@settings(max_examples=some(30))
@given(latched_games(flaws=True))
def test_games_whose_turns_may_not_end(game: Game) -> None:
    check(game)


@settings(max_examples=some(30))
@given(latched_games(flaws=True))
def test_games_without_a_default_ending(game: Game) -> None:
    """Then who goes on for ever has no ending."""
    check(replace(game, endings=game.endings[:-1]))


@settings(max_examples=some(40))
@given(latched_games())
def test_games_in_which_somebody_may_not_pass(game: Game) -> None:
    """Ann's pass needs what her first action leaves: so somebody may be stuck."""
    actions = [
        replace(it, when=(Requirement(is_("v0", "0"), "not now", "pack"),))
        if it.id == "pass/ann"
        else it
        for it in game.actions
    ]
    check(replace(game, actions=tuple(actions)))


@pytest.mark.parametrize("make", small_packs.ALL)
def test_small_packs(make: Callable[[], Pack]) -> None:
    assert check(small_packs.small_game(make())).sound


def changed(**more: Any) -> Game:
    """A pack of two answers and a red line, and what is added to it."""
    return small_packs.small_game(
        small_packs.small_pack(
            "changed",
            {"gate": ["rejected", "accepted"]},
            ["red-line", "publicise"],
            letter={"leak": {}},
            parties={"south": {"red_lines": {"wall": {"items": ["gate"]}}}},
            **more,
        )
    )


def test_an_action_that_a_pack_makes_impossible() -> None:
    """The pack asks that there be no decision, and the procedure that there be one."""
    assert check(changed()).sound
    condition = {"when": {"letter.status": "none"}, "otherwise": "it is too late for that"}
    proof = check(changed(actions={"decide/letter/lapse": condition}))
    assert [it for it in kinds(proof) if it[0] in GRAVE] == [("dead-action", "decide/letter/lapse")]
    message = next(it.message for it in proof.defects if it.about == "decide/letter/lapse")
    assert "it is too late for that (rule pack: letter.status is none)" in message


def test_an_ending_that_a_pack_makes_impossible() -> None:
    endings = {
        "met": {
            "title": "Met",
            "reason": "It is met.",
            "when": {"letter.decision": "lapse", "letter.status": "none"},
        },
        "lapsed": {"title": "Lapsed", "reason": "Everybody went on passing."},
    }
    proof = check(changed(endings=endings))
    assert [it for it in kinds(proof) if it[0] in GRAVE] == [("dead-ending", "met")]


def test_the_two_towns_are_sound(two_towns: LoadedPack) -> None:
    explorer = Explorer(two_towns.game)
    assert prove_sound(explorer) == Proof("two-towns", 79_128, ())


def test_the_basic_level_of_january_is_sound(january: LoadedPack) -> None:
    """At this level no text is made public, which is all that is to be known of it."""
    proof = prove_sound(Explorer(january.at("basic")))
    assert proof.sound
    assert proof.states == 99_067_617_452
    assert [(it.kind, it.message) for it in proof.defects] == [
        ("dead-value", "us-paper.publicity is never text"),
        ("dead-value", "nato-paper.publicity is never text"),
    ]
