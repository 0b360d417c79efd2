"""The ten rules of play, each as a property of every pack.

Where a property speaks of all states it is searched to the end in two-towns, and along long random
lines in the packs that are too large to list.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negsim.engine import initial_state, legal_actions, mover, observation, read, values
from negsim.pack.load import LoadedPack
from negsim.replay import play
from negsim.rules import (
    TURN,
    Action,
    Game,
    Requirement,
    Set,
    Shift,
    State,
    atoms,
)
from negsim.text import NOT_REPORTED, cell, matrix_lines
from tests.effort import some
from tests.games import walk
from tests.search import Search, search

CHOICES = st.lists(st.integers(0, 10_000), min_size=40, max_size=160)
NATURE = "nature"


@pytest.fixture(scope="session")
def all_of_two_towns(two_towns: LoadedPack) -> Search:
    return search(two_towns.game)


def all_games(pack: LoadedPack) -> Iterator[Game]:
    for level in ("full", *pack.pack.levels):
        yield pack.at(level)


def lines(game: Game, choices: list[int]) -> list[tuple[State, Action, State]]:
    """The steps of a random line."""
    states = walk(game, choices)
    found = []
    for choice, before, after in zip(choices, states, states[1:], strict=False):
        actions = legal_actions(game, before)
        found.append((before, actions[choice % len(actions)], after))
    return found


@given(choices=CHOICES)
@settings(max_examples=some(25))
def test_1_a_slot_changes_once_a_turn(pack: LoadedPack, choices: list[int]) -> None:
    """Until the turn passes, no two actions fill the same slot."""
    for game in all_games(pack):
        filled: set[str] = set()
        for before, action, after in lines(game, choices):
            if action.slot:
                assert action.slot not in filled, action.id
                filled.add(action.slot)
            if read(game, before, TURN) != read(game, after, TURN):
                filled.clear()


def test_1_no_cycle_of_states_avoids_a_change_of_turn(all_of_two_towns: Search) -> None:
    assert acyclic_within_turns(all_of_two_towns)


def acyclic_within_turns(found: Search) -> bool:
    """Whether, without the steps that hand the turn on, the graph of states has no cycle."""
    game = found.game
    within: dict[State, list[State]] = defaultdict(list)
    entering: dict[State, int] = defaultdict(int)
    for step in found.steps:
        if read(game, step.before, TURN) == read(game, step.after, TURN):
            within[step.before].append(step.after)
            entering[step.after] += 1
    free = [state for state in found.states if not entering[state]]
    for state in free:
        for after in within[state]:
            entering[after] -= 1
            if not entering[after]:
                free.append(after)
    return len(free) == len(found.states)


def test_1_taking_back_ends_the_turn(pack: LoadedPack) -> None:
    for game in all_games(pack):
        for action in game.actions:
            if action.kind == "redraft" or action.id.endswith(("/reconsider", "/tie", "/move")):
                assert any(isinstance(it, Set) and it.variable == TURN for it in action.then)


def test_2_passes_are_structural(pack: LoadedPack) -> None:
    for game in all_games(pack):
        passes = {action.mover: action for action in game.actions if action.is_pass}
        assert set(passes) == set(game.movers)
        for action in game.actions:
            assert (action.basis == "procedural") == action.is_pass
        assert not any(action.facts for action in passes.values())


@given(choices=CHOICES)
@settings(max_examples=some(15))
def test_2_everybody_can_pass_unless_time_has_run_out(pack: LoadedPack, choices: list[int]) -> None:
    for game in all_games(pack):
        for state in walk(game, choices):
            turn = mover(game, state)
            if turn is None:
                continue
            legal = legal_actions(game, state)
            passing = [action.id for action in legal if action.is_pass]
            overdue = [action.id for action in legal if action.id.startswith("nature/silence/")]
            assert passing == ([] if overdue else [f"pass/{turn}"])


def test_2_replay_inserts_passes(two_towns: LoadedPack) -> None:
    game = two_towns.game
    state = initial_state(game)
    for action_id in ("demand/letter", "ask/letter", "promise/letter/no-date"):
        played = play(game, state, action_id)
        state = played.after
    assert played.passes == ("highwell",)


def test_3_only_a_hard_deadline_counts(pack: LoadedPack) -> None:
    hard = {
        f"{name}.rounds-left"
        for name, exchange in pack.pack.exchanges.items()
        if exchange.deadline.kind == "hard"
    }
    for game in all_games(pack):
        counters = {variable.id for variable in game.variables if "left" in variable.id}
        assert counters <= hard
        for action in game.actions:
            if action.is_pass:
                changed = {effect.variable for effect in action.then if isinstance(effect, Shift)}
                assert changed <= hard
        assert game.default_ending is not None
        assert sum(ending.when is None for ending in game.endings) == 1


def test_4_two_papers_stand_at_different_stages(january: LoadedPack) -> None:
    game = january.game
    state = initial_state(game)
    for step in january.record.steps:
        if step.do is not None:
            state = play(game, state, step.do).after
        if step.id == "delivery-us":
            break
    now = values(game, state)
    assert (now["us-paper.status"], now["nato-paper.status"]) == ("delivered", "cleared")


def test_4_reopening_resets_only_the_exchange_itself(pack: LoadedPack) -> None:
    again = [action for action in pack.game.actions if action.id.endswith("/restate/again")]
    assert bool(again) == any(it.cycles > 1 for it in pack.pack.exchanges.values())
    for action in again:
        paper = action.id.split("/")[1]
        assert {effect.variable.split(".")[0] for effect in action.then} == {paper}


@given(choices=CHOICES)
@settings(max_examples=some(15))
def test_5_events_of_nature_happen_once(pack: LoadedPack, choices: list[int]) -> None:
    """Once a cycle of the exchange that they belong to: reopening it resets the flag."""
    for game in all_games(pack):
        happened: set[str] = set()
        for _, action, _ in lines(game, choices):
            if action.id.endswith("/restate/again"):
                happened.clear()
            if action.mover == NATURE and not action.is_pass:
                assert action.id not in happened
                assert action.weight >= 1
                happened.add(action.id)
            elif action.mover != NATURE:
                assert action.weight == 0


def test_6_no_date_stands_in_the_table(pack: LoadedPack) -> None:
    date = re.compile(r"\d{4}-\d\d|20\d\d|january|february|december", re.IGNORECASE)
    for game in all_games(pack):
        for variable in game.variables:
            assert not any(date.search(word) for word in (variable.id, *variable.values))
        assert not any(date.search(action.id) for action in game.actions)


ASKED_ONLY = ("surprised", "only-if", "decision")
"""What no guard of some packs reads, but questions, readings and debriefs ask."""


def test_7_the_state_is_what_somebody_reads(pack: LoadedPack) -> None:
    """Every variable decides an action, an effect, an ending or what somebody sees."""
    for game in all_games(pack):
        conditions = [
            *(need.condition for action in game.actions for need in action.when),
            *(effect.when for action in game.actions for effect in action.then),
            *(ending.when for ending in game.endings if ending.when is not None),
            *(sight.when for variable in game.variables for sight in variable.sights),
        ]
        used = {atom.variable for condition in conditions for atom in atoms(condition)} | {TURN}
        for variable in game.variables:
            assert variable.id in used or variable.id.split(".")[-1] in ASKED_ONLY, variable.id


def test_8_what_a_mover_cannot_see_changes_no_list(all_of_two_towns: Search) -> None:
    """States that look the same to the mover list the same actions."""
    game = all_of_two_towns.game
    listed: dict[tuple[str, ...], tuple[Action, ...]] = {}
    for state in all_of_two_towns.states:
        turn = mover(game, state)
        if turn is None or turn == NATURE:
            continue
        seen = (turn, *(f"{k}={v}" for k, v in observation(game, state, turn).items()))
        assert listed.setdefault(seen, legal_actions(game, state)) == legal_actions(game, state)
    assert len(listed) < len(all_of_two_towns.states)


@given(choices=CHOICES, other=CHOICES)
@settings(max_examples=some(40))
def test_8_no_list_betrays_a_draft(pack: LoadedPack, choices: list[int], other: list[int]) -> None:
    """Exchanging all that the mover cannot see for another state's values changes no list."""
    for game in all_games(pack):
        a, b = walk(game, choices)[-1], walk(game, other)[-1]
        turn = mover(game, a)
        if turn is None or turn == NATURE:
            continue
        mixed = State(
            bytes(
                there if observes(game, a, turn, place) is None else here
                for place, (here, there) in enumerate(zip(a, b, strict=True))
            )
        )
        if observation(game, mixed, turn) == observation(game, a, turn) and mover(game, mixed):
            assert legal_actions(game, mixed) == legal_actions(game, a)


def observes(game: Game, state: State, viewpoint: str, place: int) -> str | None:
    return observation(game, state, viewpoint).get(game.variables[place].id)


@given(choices=CHOICES)
@settings(max_examples=some(20))
def test_8_an_action_that_is_not_seen_shows_nothing(pack: LoadedPack, choices: list[int]) -> None:
    """But for whose turn it is, that a draft one was shown has changed since, and what a public
    text lets everybody follow."""
    for game in all_games(pack):
        for before, action, after in lines(game, choices):
            for viewpoint in set(game.viewpoints) - action.seen_by:
                was, now = (observation(game, state, viewpoint) for state in (before, after))
                changed = {
                    name for name in was.keys() | now.keys() if was.get(name) != now.get(name)
                }
                stale = {name for name in changed if name.endswith(f".{viewpoint}.stale")}
                if stale:
                    assert action.kind in ("answer", "redraft", "counter-demand")
                    continue
                if action.kind not in FOLLOWED:
                    assert changed <= {TURN}, (action.id, viewpoint)


FOLLOWED = {
    *("talks", "ask", "promise", "decline", "extension"),
    *("judge", "take-up", "set-aside", "bind", "decide"),
}
"""Acts between the two sides that others notice by their results, where an exchange that began in
confidence is known, or the terms or the reply are public."""


def test_9_effects_read_nothing_that_the_action_changes(pack: LoadedPack) -> None:
    for game in all_games(pack):
        for action in game.actions:
            changed = {effect.variable for effect in action.then}
            read_ = {atom.variable for effect in action.then for atom in atoms(effect.when)}
            assert not changed & read_, action.id
            assert all(isinstance(effect, Set | Shift) for effect in action.then)
            assert all(isinstance(need, Requirement) for need in action.when)


def test_10_no_source_is_not_silence(january: LoadedPack) -> None:
    assert cell(None) == NOT_REPORTED == "not reported"
    silent = january.pack.items["weapons"].reported["nato-paper"]
    assert cell(silent) == "left out [F76]"
    matrix = "\n".join(matrix_lines(january, "full", 100))
    assert "the US paper: another offer, only if [F82 F80 F88]" in matrix
    tomahawk = matrix[matrix.index("tomahawk (X1):") : matrix.index("exercises (X2):")]
    assert "said aloud: not reported" in tomahawk
    assert "the NATO paper: not reported" in tomahawk
