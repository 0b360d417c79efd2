"""The independent judge of the explorer: plain algorithms on an explicit list of all states.

It shares no code with what it judges: no diagrams, no slices, conditions are read anew, and what a
coalition avoids is worked out as what can be kept up for ever, not as what the others cannot force.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from typing import TypeAlias

from negsim.rules import TURN, All, AnyOf, AtLeast, Condition, Game, Is, Not, State
from tests.search import Search, Step, search

Asked: TypeAlias = str | Condition
"""The id of an ending, or a condition that some state of a line is to fulfil."""
States: TypeAlias = frozenset[State]


def holds(condition: Condition, values: Mapping[str, str]) -> bool:
    """Whether the condition holds with these values."""
    match condition:
        case Is(variable, wanted):
            return values[variable] in wanted
        case Not(part):
            return not holds(part, values)
        case All(parts):
            return all(holds(part, values) for part in parts)
        case AnyOf(parts):
            return any(holds(part, values) for part in parts)
        case AtLeast(number, parts):
            return len([part for part in parts if holds(part, values)]) >= number


class Judge:
    """What is true of every reachable state of a game that is small enough to be listed."""

    def __init__(self, game: Game, most: int = 200_000) -> None:
        self.game = game
        self.found: Search = search(game, most)
        self.states = self.found.states
        self.everywhere: States = frozenset(self.states)
        self.default = next((it.id for it in game.endings if it.when is None), None)
        self._after = {it: tuple(self.found.legal(it).values()) for it in self.states}
        self._turn = {state: self.found.value(state, TURN) for state in self.states}
        self.steps_to: dict[State, list[Step]] = {state: [] for state in self.states}
        for step in self.found.steps:
            self.steps_to[step.after].append(step)
        self._forced: dict[tuple[frozenset[str], Asked], States] = {}
        self._avoided: dict[tuple[frozenset[str], Asked], States] = {}
        self._possible: dict[Asked, States] = {}
        self._distances: dict[Asked, dict[State, int]] = {}

    # What the states are

    @cached_property
    def ending_of(self) -> dict[State, str]:
        """The states in which the line has stopped, with the first ending that holds there."""
        tested = [(it.id, self.where(it.when)) for it in self.game.endings if it.when is not None]
        found: dict[State, str] = {}
        for ending, where in reversed(tested):
            found.update(dict.fromkeys(where, ending))
        return found

    def turn(self, state: State) -> str:
        """Whose turn it is."""
        return self._turn[state]

    def after(self, state: State) -> tuple[State, ...]:
        """The states that one action leads to."""
        return self._after[state]

    def where(self, condition: Condition) -> States:
        """The reachable states in which the condition holds."""
        ids = [variable.id for variable in self.game.variables]
        names = [variable.values for variable in self.game.variables]
        return frozenset(
            state
            for state in self.states
            if holds(
                condition,
                {
                    name: values[place]
                    for name, values, place in zip(ids, names, state, strict=True)
                },
            )
        )

    def target(self, asked: Asked) -> States:
        """The states in which what is asked for is met: none for the default ending."""
        if isinstance(asked, str):
            return frozenset(it for it, ending in self.ending_of.items() if ending == asked)
        return self.where(asked)

    # What is possible

    @cached_property
    def endless(self) -> States:
        """The states from which a line can go on for ever: whoever has no way on drops out."""
        return self._thinned(
            self.everywhere - set(self.ending_of),
            lambda state, left: any(after in left for after in self.after(state)),
        )

    def possible(self, asked: Asked) -> States:
        """From where some line has the ending, or meets the condition."""
        if asked not in self._possible:
            goal = self.endless if asked == self.default else self.target(asked)
            self._possible[asked] = frozenset(self._grown(goal, lambda state, found: True))
        return self._possible[asked]

    def distances(self, asked: Asked) -> dict[State, int]:
        """The least number of actions to the goal, passes not counted, where it is possible."""
        if asked not in self._distances:
            distance = dict.fromkeys(self.target(asked), 0)
            queue = deque(distance)
            while queue:
                state = queue.popleft()
                for step in self.steps_to[state]:
                    further = distance[state] + (not step.action.is_pass)
                    if further < distance.get(step.before, len(self.states) + 1):
                        distance[step.before] = further
                        if step.action.is_pass:
                            queue.appendleft(step.before)
                        else:
                            queue.append(step.before)
            self._distances[asked] = distance
        return self._distances[asked]

    def closes(self, state: State) -> dict[str, tuple[str, ...]]:
        """For each legal action, the endings possible before it and no longer after it."""
        sets = [(ending.id, self.possible(ending.id)) for ending in self.game.endings]
        return {
            action: tuple(name for name, where in sets if state in where and after not in where)
            for action, after in self.found.legal(state).items()
        }

    # What can be forced and avoided

    def forces(self, coalition: Collection[str], asked: Asked) -> States:
        """From where the coalition makes sure of the ending or condition, whatever the others do.

        The default ending is what a line has that stays out of the others.
        """
        key = frozenset(coalition), asked
        if key not in self._forced:
            if asked == self.default:
                self._forced[key] = self.kept_out(key[0], set(self.ending_of))
            else:
                self._forced[key] = frozenset(self.attracted(key[0], self.target(asked)))
        return self._forced[key]

    def avoids(self, coalition: Collection[str], asked: Asked) -> States:
        """From where the coalition makes sure that the ending or condition is never met."""
        key = frozenset(coalition), asked
        if key not in self._avoided:
            if asked == self.default:
                self._avoided[key] = frozenset(self.attracted(key[0], set(self.ending_of)))
            else:
                self._avoided[key] = self.kept_out(key[0], self.target(asked))
        return self._avoided[key]

    def attracted(self, coalition: Collection[str], target: Collection[State]) -> dict[State, int]:
        """The least set with the target, the coalition's states with an action into the set, and
        the others' with actions that all lead into it; numbered as they join."""

        def joins(state: State, found: Collection[State]) -> bool:
            if state in self.ending_of:
                return False
            led = self._after[state]
            if self._turn[state] in coalition:
                return any(after in found for after in led)
            return bool(led) and all(after in found for after in led)

        return self._grown(target, joins)

    def kept_out(self, coalition: Collection[str], target: Collection[State]) -> States:
        """The greatest set without the target in which the coalition can stay, and which the
        others cannot leave. Where nobody can move, the line stays."""

        def stays(state: State, left: Collection[State]) -> bool:
            led = self._after[state]
            if self._turn[state] in coalition:
                return not led or any(after in left for after in led)
            return all(after in left for after in led)

        return self._thinned(self.everywhere - set(target), stays)

    # How turns go

    def acts_for_ever(self) -> bool:
        """Whether some line of actions goes round in a circle while one mover keeps the turn."""
        within = self._thinned(
            self.everywhere,
            lambda state, left: any(
                after in left and self.turn(after) == self.turn(state)
                for after in self.after(state)
            ),
        )
        return bool(within)

    # Fixpoints

    def _grown(
        self, start: Collection[State], joins: Callable[[State, Collection[State]], bool]
    ) -> dict[State, int]:
        """The least set with the start and every state that joins it, numbered in that order; only
        a step into the set can make a state join."""
        found = {state: number for number, state in enumerate(start)}
        queue = deque(found)
        while queue:
            for step in self.steps_to[queue.popleft()]:
                if step.before not in found and joins(step.before, found):
                    found[step.before] = len(found)
                    queue.append(step.before)
        return found

    def _thinned(
        self, start: Collection[State], stays: Callable[[State, Collection[State]], bool]
    ) -> States:
        """The greatest part of the start in which every state stays; only a step to a state that
        drops out can make another drop out."""
        left = set(start)
        queue = list(left)
        while queue:
            state = queue.pop()
            if state in left and not stays(state, left):
                left.remove(state)
                queue += [step.before for step in self.steps_to[state] if step.before in left]
        return frozenset(left)
