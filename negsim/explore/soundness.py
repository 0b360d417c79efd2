"""Whether the rules of a game are sound, for all states that can be reached; with witnesses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from negsim.engine import initial_state
from negsim.errors import quote
from negsim.explore.diagrams import Diagram
from negsim.explore.explorer import Explorer
from negsim.rules import Action, Requirement, describe

Kind: TypeAlias = Literal[
    "stuck", "endless-turn", "no-way-out", "dead-action", "dead-ending", "dead-value", "idle-guard"
]

GRAVE: frozenset[Kind] = frozenset(
    {"stuck", "endless-turn", "no-way-out", "dead-action", "dead-ending"}
)
"""What makes a game unsound; the rest is worth knowing."""


@dataclass(frozen=True, slots=True)
class Defect:
    """Something wrong with the rules.

    `about` is the id of the action, ending or variable, or "". `line` leads to a state that shows
    it, where one does; what never happens has none, and `message` says what stands in the way.
    """

    kind: Kind
    about: str
    message: str
    line: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found for all reachable states of a game, of which there are `states`."""

    game: str
    states: int
    defects: tuple[Defect, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing grave is wrong."""
        return not any(defect.kind in GRAVE for defect in self.defects)


def prove_sound(explorer: Explorer) -> Proof:
    """Looks at all reachable states. Raises NotDecidedError."""
    found = tuple(defects(explorer))
    return Proof(explorer.game.id, explorer.count(), found)


def defects(explorer: Explorer) -> Iterator[Defect]:
    """Everything that is wrong with the game; nothing means that it is sound."""
    yield from _stuck(explorer)
    yield from _endless_turns(explorer)
    yield from _no_way_out(explorer)
    yield from _dead_endings(explorer)
    yield from _dead_actions(explorer)
    yield from _dead_values(explorer)
    yield from _idle_guards(explorer)


def _stuck(explorer: Explorer) -> Iterator[Defect]:
    line = _line(explorer, explorer.whole.stuck)
    if line is not None:
        message = "nobody can do anything, and no ending holds; let somebody act there, or end it"
        yield Defect("stuck", "", message, line)


def _endless_turns(explorer: Explorer) -> Iterator[Defect]:
    if explorer.turns_end:
        return
    arena = explorer.whole
    for mover in explorer.game.movers:
        here = arena.turn[mover] & arena.reached & arena.live
        line = _line(explorer, arena.can_stay(mover, here))
        if line is not None:
            message = f"{mover} can act for ever without passing; let a slot change once a turn"
            yield Defect("endless-turn", mover, message, line)


def _no_way_out(explorer: Explorer) -> Iterator[Defect]:
    lost = explorer.arena().reached
    for goal in explorer.endings:
        lost = lost & ~explorer.can_reach(goal)
    line = _line(explorer, explorer.whole.reached & lost) if lost.satisfiable() else None
    if line is not None:
        yield Defect("no-way-out", "", "no ending can be reached from there; open a way", line)


def _dead_endings(explorer: Explorer) -> Iterator[Defect]:
    start = initial_state(explorer.game)
    for goal in explorer.endings:
        if not explorer.possible(goal, start):
            message = f"the ending {quote(goal.name)} is never reached; change its condition"
            yield Defect("dead-ending", goal.name, message)


def _dead_actions(explorer: Explorer) -> Iterator[Defect]:
    for action in explorer.game.actions:
        blocked = _blocked(explorer, action)
        if blocked is not None:
            message = f"{quote(action.id)} is never possible: {blocked}; drop it or change a rule"
            yield Defect("dead-action", action.id, message)


def _blocked(explorer: Explorer, action: Action) -> str | None:
    """What always stands in the way of an action, or None."""
    arena = explorer.whole
    states = arena.turn[action.mover] & arena.reached & arena.live
    if not states.satisfiable():
        return f"it is never the turn of {action.mover}"
    for need in action.when:
        states = states & explorer.space.where(need.condition)
        if not states.satisfiable():
            return f"{need.otherwise} ({_rule(need)}: {describe(need.condition)})"
    return None


def _rule(need: Requirement) -> str:
    return f"rule {need.rule}"


def _dead_values(explorer: Explorer) -> Iterator[Defect]:
    reached = explorer.whole.reached
    for variable in explorer.game.variables:
        never = [
            value
            for value in variable.values
            if not (reached & explorer.space.value(variable.id, value)).satisfiable()
        ]
        if never:
            message = f"{variable.id} is never {' or '.join(never)}"
            yield Defect("dead-value", variable.id, message)


def _idle_guards(explorer: Explorer) -> Iterator[Defect]:
    """Requirements of the case that hold whenever it is the mover's turn: they refuse nothing."""
    arena = explorer.whole
    live = arena.reached & arena.live
    turns = {mover: live & arena.turn[mover] for mover in explorer.game.movers}
    for action in explorer.game.actions:
        for need in action.when:
            if not (turns[action.mover] & ~explorer.space.where(need.condition)).satisfiable():
                message = (
                    f"{quote(action.id)}: {_rule(need)} refuses nothing, since always "
                    f"{describe(need.condition)}"
                )
                yield Defect("idle-guard", action.id, message)


def _line(explorer: Explorer, states: Diagram) -> tuple[str, ...] | None:
    """The action ids, passes included, of a shortest line to one of the states, or None."""
    if not states.satisfiable():
        return None
    arena = explorer.whole
    line = explorer.line_into(states, arena.layers(states), initial_state(explorer.game))
    return None if line is None else tuple(action.id for action in line)
