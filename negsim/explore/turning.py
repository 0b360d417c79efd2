"""The turning points of a line: after which steps the future was no longer what it had been.

A step is one when an ending is no longer possible after it, or when other coalitions than before
are the smallest that can force an ending. Each comes with the rule that decides it: the first
that refuses the way to the ending that the step left.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from negsim.engine import Taken, apply_action, is_terminal, legal_actions
from negsim.explore.explorer import Coalition, Explorer
from negsim.explore.goals import Goal
from negsim.rules import TURN, Action, Requirement, State, compile_test

MOST_CHANGED = 2
"""How many of the variables that a step changed are tried together for having decided."""


@dataclass(frozen=True, slots=True)
class Decided:
    """Why there is no way: an action on the way, and the requirement that refuses it.

    `variables` are what the step changed that would have to be as before, where they are known.
    """

    action: Action
    requirement: Requirement
    variables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lost:
    """An ending that is no longer possible, and what decides it, where one rule can be named."""

    ending: str
    decided: Decided | None


@dataclass(frozen=True, slots=True)
class Shifted:
    """An ending with the smallest coalitions that could force it before a step, and can after.

    `decided` is what refused the way of a coalition that can only now, or, where there is none,
    what now refuses the way of one that could; None where no one rule can be named.
    """

    ending: str
    before: tuple[Coalition, ...]
    after: tuple[Coalition, ...]
    decided: Decided | None

    @property
    def gained(self) -> bool:
        """Whether some coalition can force it only now."""
        return bool(_only(self.after, self.before))


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """A step of a line, counted from 0: what it closed, and who can force what after it."""

    place: int
    action: str
    lost: tuple[Lost, ...]
    shifted: tuple[Shifted, ...]


def turning_points(explorer: Explorer, line: Sequence[Taken]) -> Iterator[TurningPoint]:
    """The turning points of a line of reachable states, in order.

    Endings are compared from step to step, who can force what only between the starts of rounds:
    as if, after the step, all passed until the next round.
    """
    held: dict[str, tuple[Coalition, ...]] | None = None
    for place, step in enumerate(line):
        if held is None:
            held = forcing(explorer, step.before)
        lost = tuple(_lost(explorer, step))
        now = forcing(explorer, step.after)
        ended = is_terminal(explorer.game, step.after)
        shifted = () if ended else tuple(_shifted(explorer, step, held, now))
        if lost or shifted:
            yield TurningPoint(place, step.action, lost, shifted)
        held = now


def forcing(explorer: Explorer, state: State) -> dict[str, tuple[Coalition, ...]]:
    """For each ending the smallest coalitions that can force it, from the next round's start."""
    settled = explorer.settled(state)
    return {goal.name: explorer.smallest(goal, settled) for goal in explorer.endings}


def _shifted(
    explorer: Explorer,
    step: Taken,
    before: dict[str, tuple[Coalition, ...]],
    after: dict[str, tuple[Coalition, ...]],
) -> Iterator[Shifted]:
    then, now = explorer.settled(step.before), explorer.settled(step.after)
    for goal in explorer.endings:
        had, have = before[goal.name], after[goal.name]
        gained, lost = _only(have, had), _only(had, have)
        if not (gained or lost):
            continue
        there, elsewhere = (now, then) if gained else (then, now)
        line = explorer.steered((gained or lost)[0], goal, there)
        refused = _refused(explorer, line or (), elsewhere)
        yield Shifted(goal.name, had, have, None if refused is None else Decided(*refused))


def _only(able: Iterable[Coalition], others: Collection[Coalition]) -> tuple[Coalition, ...]:
    """Those coalitions that hold none of the others: who holds one can do what that one can."""
    return tuple(it for it in able if not any(other <= it for other in others))


def _lost(explorer: Explorer, step: Taken) -> Iterator[Lost]:
    ended = is_terminal(explorer.game, step.after)
    for goal in explorer.endings:
        if explorer.possible(goal, step.before) and not explorer.possible(goal, step.after):
            yield Lost(goal.name, None if ended else decided(explorer, goal, step))


def decided(explorer: Explorer, goal: Goal, step: Taken) -> Decided | None:
    """What decides that the goal is no longer possible after the step, if one rule does.

    The fewest variables are sought with which, as they were before the step, the goal would still
    be possible; a shortest line from there is followed from where the step led, until the table
    refuses it.
    """
    if explorer.is_default(goal):
        return None
    game = explorer.game
    changed = [
        place
        for place, (old, new) in enumerate(zip(step.before, step.after, strict=True))
        if old != new and game.variables[place].id != TURN
    ]
    for size in range(1, MOST_CHANGED + 1):
        for places in combinations(changed, size):
            other = bytearray(step.after)
            for place in places:
                other[place] = step.before[place]
            found = State(bytes(other))
            if explorer.possible(goal, found):
                names = tuple(game.variables[place].id for place in places)
                refused = _refused(explorer, explorer.line(goal, found) or (), step.after)
                return None if refused is None else Decided(*refused, names)
    return None


def _refused(
    explorer: Explorer, line: Iterable[Action], state: State
) -> tuple[Action, Requirement] | None:
    """The first action of a line that is refused when it is followed from the state, and why."""
    game = explorer.game
    for action in line:
        for need in action.when:
            if not compile_test(game, need.condition)(state):
                return action, need
        if action not in legal_actions(game, state):
            return None
        state = apply_action(game, state, action)
    return None


def dials_that_matter(
    explorer: Explorer, goal: Goal, state: State, dials: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """Of the invented dials, those of whose other values some would make the goal possible."""
    game, found = explorer.game, {}
    for name in dials:
        place = game.position[name]
        values = []
        for number, value in enumerate(game.variables[place].values):
            other = bytearray(state)
            other[place] = number
            if number != state[place] and explorer.possible(goal, State(bytes(other))):
                values.append(value)
        if values and not explorer.possible(goal, state):
            found[name] = tuple(values)
    return found
