"""Lines: playing a list of action ids, with the passes between them, and what a viewpoint knew.

A line is told as frames: one for each step of a script, with the state before and after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from negsim.engine import (
    apply_action,
    initial_state,
    is_terminal,
    legal_actions,
    observation,
    outcome,
    read,
    refusal,
)
from negsim.errors import IllegalActionError
from negsim.rules import EVERYTHING, TURN, Action, Game, State


@dataclass(frozen=True, slots=True)
class Played:
    """An action as it was taken; `passes` are the movers that passed just before it."""

    action: Action
    passes: tuple[str, ...]
    before: State
    after: State


def pass_until(game: Game, state: State, action: Action) -> tuple[State, tuple[str, ...]]:
    """Passes until the action is legal, at most once round the table.

    Raises IllegalActionError with the first reason that is not about the turn, where one round of
    passes does not make it legal. Slots that were used this turn are free again in the next one.
    """
    passes: list[str] = []
    start = state
    reason: str | None = None
    for _ in range(len(game.movers) + 1):
        why = refusal(game, state, action)
        if why is None:
            return state, tuple(passes)
        turn = read(game, state, TURN)
        if reason is None and turn == action.mover:
            reason = why
        step = game.action(f"pass/{turn}")
        if is_terminal(game, state) or refusal(game, state, step) is not None:
            reason = reason or why
            break
        state = apply_action(game, state, step)
        passes.append(turn)
    raise IllegalActionError(action.id, reason or refusal(game, start, action) or "it is not legal")


def play(game: Game, state: State, action_id: str) -> Played:
    """The action, with passes before it where its turn has not come.

    Raises UnknownNameError or IllegalActionError.
    """
    if action_id in game.excluded:
        raise IllegalActionError(action_id, game.excluded[action_id])
    action = game.action(action_id)
    before, passes = pass_until(game, state, action)
    return Played(action, passes, before, apply_action(game, before, action))


def play_line(game: Game, action_ids: Iterable[str]) -> Iterator[Played]:
    """Each action from the start, with the passes before it."""
    state = initial_state(game)
    for action_id in action_ids:
        played = play(game, state, action_id)
        state = played.after
        yield played


def lapses(game: Game, state: State) -> bool:
    """Whether nobody can do anything but pass, for a whole round: the default ending."""
    seen = state
    for _ in game.movers:
        actions = legal_actions(game, state)
        if len(actions) != 1 or not actions[0].is_pass:
            return False
        state = apply_action(game, state, actions[0])
    return state == seen


def sees(game: Game, action: Action, viewpoint: str) -> bool:
    """Whether the viewpoint sees the action happen."""
    return viewpoint == EVERYTHING or viewpoint in action.seen_by


def view(game: Game, line: Sequence[Played], viewpoint: str) -> Mapping[str, str]:
    """What the viewpoint knows after the line: of each variable what it saw last.

    A fold over the line (rule of play 8): what was seen once is kept when it is hidden again.
    """
    state = line[0].before if line else initial_state(game)
    known = dict(observation(game, state, viewpoint))
    for played in line:
        known |= observation(game, played.after, viewpoint)
    return known


__all__ = [
    "Played",
    "lapses",
    "outcome",
    "pass_until",
    "play",
    "play_line",
    "sees",
    "view",
]
