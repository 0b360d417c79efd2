"""Answers for a seat: taken over all states that it cannot tell from the one it is in.

So no answer betrays what the seat cannot see, such as a draft that it was not shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from negsim.engine import legal_actions, mover, observation
from negsim.explore.diagrams import Diagram, move
from negsim.explore.explorer import Explorer
from negsim.explore.goals import Goal
from negsim.rules import EVERYTHING, Sight, State, Variable

Verdict: TypeAlias = Literal["yes", "no", "depends"]
"""An answer in all compatible states, in none, or in some: it depends on what is hidden."""


@dataclass(frozen=True)
class Seat:
    """What a viewpoint can be told of the future from a state; raises UnknownNameError."""

    explorer: Explorer
    viewpoint: str
    state: State

    @property
    def compatible(self) -> Diagram:
        """The reachable states in which the viewpoint observes just what it observes here."""
        explorer = self.explorer
        if self.viewpoint == EVERYTHING:
            return explorer.whole.of(self.state)
        seen = observation(explorer.game, self.state, self.viewpoint)
        found = explorer.whole.reached
        for variable in explorer.game.variables:
            found = found & self._looks(variable, seen.get(variable.id))
        return found

    def _looks(self, variable: Variable, label: str | None) -> Diagram:
        """The states in which the viewpoint sees the variable as this, or not at all."""
        space = self.explorer.space
        unseen, found = space.everything, space.none
        for sight in variable.sights:
            if sight.viewpoint != self.viewpoint:
                continue
            here = unseen & space.where(sight.when)
            unseen = unseen & ~here
            for value in variable.values:
                if _seen(sight, value) == label:
                    found = found | (here & space.value(variable.id, value))
        return unseen if label is None else found

    def _verdict(self, states: Diagram, within: Diagram) -> Verdict:
        if not (states & ~within).satisfiable():
            return "yes"
        return "depends" if (states & within).satisfiable() else "no"

    def possible(self, goal: Goal) -> Verdict:
        """Whether some line meets the goal, from the states that the seat cannot tell apart."""
        return self._verdict(self.compatible, self.explorer.can_reach(goal))

    def forces(self, coalition: frozenset[str], goal: Goal) -> Verdict:
        """Whether the coalition can make sure of the goal."""
        return self._verdict(self.compatible, self.explorer.winning(coalition, goal))

    def avoids(self, coalition: frozenset[str], goal: Goal) -> Verdict:
        """Whether the coalition can make sure that the goal is never met."""
        others = frozenset(self.explorer.game.movers) - coalition
        opposite: dict[Verdict, Verdict] = {"yes": "no", "no": "yes", "depends": "depends"}
        return opposite[self.forces(others, goal)]

    def closes(self) -> dict[str, tuple[str, ...]]:
        """For each of the seat's own actions here, the endings that it surely closes.

        An ending is closed where it was possible in some state that the seat cannot tell apart,
        and is in none of them after the action. What another mover could do is not told: which
        actions it has would show its draft.
        """
        explorer = self.explorer
        if self.viewpoint not in (EVERYTHING, mover(explorer.game, self.state)):
            return {}
        compatible = self.compatible & explorer.whole.live
        possible = [
            (goal.name, explorer.can_reach(goal))
            for goal in explorer.endings
            if self.possible(goal) != "no"
        ]
        found = {}
        for action in legal_actions(explorer.game, self.state):
            conditions = [need.condition for need in action.when]
            after = move(
                explorer.space, action.mover, conditions, action.then, is_pass=action.is_pass
            ).image(compatible)
            found[action.id] = tuple(
                name for name, states in possible if not (after & states).satisfiable()
            )
        return found


def _seen(sight: Sight, value: str) -> str:
    return sight.blur.get(value, value)
