"""Looking back along a line: after which step an ending was closed, and what would have kept it.

For a viewpoint every answer is taken over all states that it cannot tell from the one on the line
(`Seat`). What it observes may widen again, so an ending is closed for it by the last step before
which it was possible.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from negsim.engine import observation
from negsim.explore.diagrams import move
from negsim.explore.explorer import Explorer
from negsim.explore.goals import Goal
from negsim.explore.seats import Seat
from negsim.rules import EVERYTHING, TURN, Action, State


class Hindsight:
    """What was possible along lines, as a viewpoint sees them; what looks alike is asked once."""

    def __init__(self, explorer: Explorer, viewpoint: str) -> None:
        self.explorer = explorer
        self.viewpoint = viewpoint
        self._known: dict[object, frozenset[str]] = {}

    def possible(self, state: State) -> frozenset[str]:
        """The endings that are possible in some state that the viewpoint cannot tell apart."""
        explorer, viewpoint = self.explorer, self.viewpoint
        if viewpoint == EVERYTHING:
            return frozenset(explorer.still_possible(state))
        looks = tuple(sorted(observation(explorer.game, state, viewpoint).items()))
        if looks not in self._known:
            seat = Seat(explorer, viewpoint, state)
            self._known[looks] = frozenset(
                goal.name for goal in explorer.endings if seat.possible(goal) != "no"
            )
        return self._known[looks]

    def closings(
        self, states: Sequence[State], between: Callable[[], object] = bool
    ) -> dict[int, tuple[str, ...]]:
        """For each step of a line, counted from 0, the endings that it closed; in order.

        `states` are those before the first step and after each. What is possible at the last is
        closed by none, and neither is what never was. `between` is called at every place, and may
        raise to stop the work.
        """
        names = [goal.name for goal in self.explorer.endings]
        left = set(names) - self.possible(states[-1])
        found: dict[int, tuple[str, ...]] = {}
        for step in range(len(states) - 2, -1, -1):
            if not left:
                break
            between()
            closed = left & self.possible(states[step])
            if closed:
                found[step] = tuple(name for name in names if name in closed)
                left -= closed
        return dict(sorted(found.items()))

    def instead(
        self, state: State, taken: Action, endings: Collection[str]
    ) -> dict[str, tuple[Action, ...]]:
        """For each ending the other choices at a state with which it could have stayed possible.

        Of another mover than the viewpoint, those that it has in every state that cannot be told
        apart: which others it has would show what is hidden. What fills the same slot comes first,
        and to pass last.
        """
        if self.viewpoint in (EVERYTHING, taken.mover):
            closed = Seat(self.explorer, self.viewpoint, state).closes()
        else:
            closed = self._closed_by(state, taken.mover, endings)
        choices = [self.explorer.game.action(name) for name in closed if name != taken.id]
        choices.sort(key=lambda it: _unlike(it, taken))
        return {
            ending: tuple(it for it in choices if ending not in closed[it.id]) for ending in endings
        }

    def _closed_by(
        self, state: State, mover: str, endings: Collection[str]
    ) -> dict[str, tuple[str, ...]]:
        """For each action that the mover has wherever the viewpoint cannot tell, the endings, of
        these, that it surely closes."""
        explorer = self.explorer
        space, whole = explorer.space, explorer.whole
        there = Seat(explorer, self.viewpoint, state).compatible & whole.live
        there = there & space.value(TURN, mover)
        found = {}
        for action in explorer.game.actions:
            if action.mover != mover:
                continue
            conditions = [need.condition for need in action.when]
            its = move(space, mover, conditions, action.then, is_pass=action.is_pass)
            if not (there & ~its.guard).satisfiable():
                after = its.image(there)
                found[action.id] = tuple(
                    name
                    for name in endings
                    if not (after & explorer.can_reach(Goal(name))).satisfiable()
                )
        return found


def _unlike(action: Action, other: Action) -> tuple[bool, bool, bool]:
    """How little an action is like another: what fills the same slot is most like it."""
    same = bool(other.slot) and action.slot == other.slot
    return action.is_pass, not same, action.kind != other.kind
