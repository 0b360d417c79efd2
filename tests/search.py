"""A plain explicit search: every state that a game can reach, every step, and a line to each.

Breadth first and without cleverness, so that it can judge what computes the same in other ways.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from negsim.engine import apply_action, initial_state, legal_actions
from negsim.rules import Action, Game, State

MOST_STATES = 200_000
"""Where a search gives up: the games it is meant for are far smaller."""


class TooManyStatesError(Exception):
    """The game is too large to be listed."""


@dataclass(frozen=True, slots=True)
class Step:
    """One action taken in one state."""

    before: State
    action: Action
    after: State


@dataclass(frozen=True)
class Search:
    """The reachable states in the order in which they were found, and the steps between them."""

    game: Game
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    came_by: dict[State, Step] = field(repr=False)

    def line(self, state: State) -> tuple[str, ...]:
        """The ids of the actions of a shortest line to the state."""
        ids: list[str] = []
        while (step := self.came_by.get(state)) is not None:
            ids.append(step.action.id)
            state = step.before
        return tuple(reversed(ids))

    @cached_property
    def _legal(self) -> dict[State, dict[str, State]]:
        found: dict[State, dict[str, State]] = {state: {} for state in self.states}
        for step in self.steps:
            found[step.before][step.action.id] = step.after
        return found

    def legal(self, state: State) -> dict[str, State]:
        """What can be done in a reachable state, by id, with the state that it leads to."""
        return self._legal[state]

    def value(self, state: State, variable: str) -> str:
        """The value of a variable."""
        place = self.game.position[variable]
        return self.game.variables[place].values[state[place]]

    def values(self, variable: str) -> set[str]:
        """The values of a variable in all reachable states."""
        return {self.value(state, variable) for state in self.states}


def search(game: Game, most: int = MOST_STATES) -> Search:
    """All that can be reached from the start. Raises TooManyStatesError."""
    start = initial_state(game)
    came_by: dict[State, Step] = {}
    states = [start]
    known = {start}
    steps: list[Step] = []
    for state in states:
        for step in successors(game, state):
            steps.append(step)
            if step.after not in known:
                if len(known) >= most:
                    raise TooManyStatesError(f"{game.id} has more than {most} states")
                known.add(step.after)
                came_by[step.after] = step
                states.append(step.after)
    return Search(game, tuple(states), tuple(steps), came_by)


def successors(game: Game, state: State) -> Iterator[Step]:
    """Every legal action with what it leads to."""
    for action in legal_actions(game, state):
        yield Step(state, action, apply_action(game, state, action))
