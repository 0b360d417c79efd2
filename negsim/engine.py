"""Playing a game: pure functions of (game, state). The verbs are those of the field's tools.

`legal_actions` and `refusal` read the same conditions of the table; `apply_action` always checks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import getitem
from typing import cast

from negsim.errors import IllegalActionError, UnknownNameError
from negsim.rules import (
    EVERYTHING,
    TURN,
    Action,
    Ending,
    Game,
    Is,
    Requirement,
    State,
    compile_test,
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a line stopped: the ending and the sentence that says why."""

    ending: Ending
    reason: str


@dataclass(frozen=True, slots=True)
class Taken:
    """One action of a line, by its id, with the states before and after it."""

    action: str
    before: State
    after: State


def initial_state(game: Game) -> State:
    """The state before anybody has moved."""
    return State(bytes(variable.values.index(variable.start) for variable in game.variables))


def read(game: Game, state: State, variable: str) -> str:
    """The value of a variable. Raises UnknownNameError."""
    found = game.variable(variable)
    return found.values[state[game.position[variable]]]


def values(game: Game, state: State) -> dict[str, str]:
    """Every variable with its value, in the order of the table."""
    return {
        variable.id: variable.values[place]
        for variable, place in zip(game.variables, state, strict=True)
    }


def state_hash(game: Game, state: State) -> str:
    """16 hexadecimal digits: the sum, modulo 2^64, of a digest of each `variable=value`.

    The order of the table does not matter to it, so that a journal outlives what an author moves.
    """
    return f"{sum(map(getitem, game.digests, state)) & 0xFFFFFFFFFFFFFFFF:016x}"


def mover(game: Game, state: State) -> str | None:
    """Who may act: a party, or nature; None where the state is an ending."""
    return None if is_terminal(game, state) else read(game, state, TURN)


def is_terminal(game: Game, state: State) -> bool:
    """Whether an ending holds, so that nobody moves."""
    index = game.index
    return bool(index.enabled(state) & index.endings)


def outcome(game: Game, state: State) -> Outcome | None:
    """The ending reached, the first in the table's order where several hold, or None."""
    index = game.index
    held = index.enabled(state) & index.endings
    if not held:
        return None
    ending = cast(Ending, index.rows[(held & -held).bit_length() - 1])
    return Outcome(ending, ending.reason)


def legal_actions(game: Game, state: State) -> tuple[Action, ...]:
    """What the mover can do, in the table's order; empty exactly where the state is terminal."""
    index = game.index
    return index.actions_of(index.enabled(state))


def refusal(game: Game, state: State, action: Action | str) -> str | None:
    """The sentence why the action is refused here, or None where it is legal.

    Takes an id too; an id that the case rules out gives the reason for that.
    Raises UnknownNameError for an id that the game does not have.
    """
    if isinstance(action, str):
        if action in game.excluded:
            return game.excluded[action]
        action = game.action(action)
    ended = outcome(game, state)
    if ended is not None:
        return f"the line has ended: {ended.ending.title}"
    turn = read(game, state, TURN)
    if turn != action.mover:
        return f"it is the turn of {turn}, and this is for {action.mover}"
    for need in action.when:
        if not compile_test(game, need.condition)(state):
            return f"{need.otherwise}{_now(game, state, need, action.mover)}"
    return None


def _now(game: Game, state: State, need: Requirement, viewpoint: str) -> str:
    """What stands in the way of a plain requirement, as the mover sees it."""
    condition = need.condition
    if not isinstance(condition, Is):
        return ""
    eyes = viewpoint if viewpoint in game.viewpoints else EVERYTHING
    seen = observation(game, state, eyes).get(condition.variable)
    return f" ({condition.variable} is {seen})" if seen is not None else ""


def apply_action(game: Game, state: State, action: Action | str) -> State:
    """The state after the action. Raises IllegalActionError with the reason where it is refused."""
    action_id = action if isinstance(action, str) else action.id
    index = game.index
    if not index.allows(state, action_id):
        raise IllegalActionError(action_id, refusal(game, state, action_id) or "it is not legal")
    after = bytearray(state)
    for test, place, table in index.effects[action_id]:
        if test is None or test(state):
            after[place] = table[after[place]]
    return State(bytes(after))


def observation(game: Game, state: State, viewpoint: str) -> Mapping[str, str]:
    """What the viewpoint can see now: variable -> value or blurred label; the hidden are absent.

    Raises UnknownNameError for a viewpoint that the game does not have.
    """
    if viewpoint == EVERYTHING:
        return values(game, state)
    sights = game.sights_of.get(viewpoint)
    if sights is None:
        raise UnknownNameError("viewpoint", viewpoint, (*game.viewpoints, EVERYTHING), game.id)
    seen = {}
    for place, variable, choices in sights:
        for test, blur in choices:
            if test(state):
                value = variable.values[state[place]]
                seen[variable.id] = blur.get(value, value)
                break
    return seen
