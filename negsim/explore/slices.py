"""The part of a game that a question depends on.

A variable matters where the question or an ending tests it, or where an action that changes a
variable that matters tests it. What else an action does is left out, and so is an action that
does nothing else: in the part it would change nothing. As long as no mover can act for ever
without passing (`turns_end`), each line of the game is a line of the part with such actions left
out, and each line of the part is one of the game, so every answer is that of the whole game.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from negsim.rules import (
    ALWAYS,
    TURN,
    Action,
    All,
    Condition,
    Effect,
    Game,
    Is,
    Not,
    Set,
    atoms,
    moved,
)


@dataclass(frozen=True, slots=True)
class Row:
    """What is left of one or several actions in a part of a game."""

    mover: str
    is_pass: bool
    conditions: tuple[Condition, ...]
    effects: tuple[Effect, ...]


def passes(game: Game) -> dict[str, frozenset[Effect]]:
    """For each mover who can always pass, what passing changes."""
    return {
        action.mover: frozenset(action.then)
        for action in game.actions
        if action.is_pass and not action.when
    }


def relevant(game: Game, asked: Iterable[str] = ()) -> frozenset[str]:
    """The variables that questions about the endings and about these variables depend on."""
    matter = {TURN, *asked}
    for ending in game.endings:
        if ending.when is not None:
            matter |= {atom.variable for atom in atoms(ending.when)}
    passing = passes(game)
    while True:
        before = len(matter)
        for action in game.actions:
            effects = _within(action.then, matter)
            if effects and not _only_passes(action, effects, passing, matter):
                conditions = [need.condition for need in action.when]
                conditions += [effect.when for effect in effects]
                matter |= {atom.variable for it in conditions for atom in atoms(it)}
        if len(matter) == before:
            return frozenset(matter)


def rows(game: Game, variables: frozenset[str]) -> list[Row]:
    """The actions as far as they change these variables, each once.

    One that changes nothing at all stays: it can be taken for ever.
    """
    found: dict[Row, None] = {}
    passing = passes(game)
    for action in game.actions:
        effects = _within(action.then, variables)
        if not action.then or (effects and not _only_passes(action, effects, passing, variables)):
            conditions = tuple(need.condition for need in action.when)
            found[Row(action.mover, action.is_pass, conditions, effects)] = None
    return list(found)


def _within(effects: Iterable[Effect], variables: Collection[str]) -> tuple[Effect, ...]:
    return tuple(effect for effect in effects if effect.variable in variables)


def _only_passes(
    action: Action,
    effects: tuple[Effect, ...],
    passing: Mapping[str, frozenset[Effect]],
    variables: Collection[str],
) -> bool:
    """Whether all that is left of the action is what the mover's pass does anyway."""
    own = passing.get(action.mover)
    if action.is_pass or own is None:
        return False
    return frozenset(effects) == frozenset(_within(own, variables))


def turns_end(game: Game) -> bool:
    """Whether no mover can act for ever without the turn going on: a proof, not a search.

    An action that moves a variable, among the mover's actions that keep the turn, along values
    that none of them leads back from can be taken only finitely often. Leaving such actions out,
    others may become so; when none is left, every turn ends. False means: not proved so.
    """
    return all(_turn_ends(game, mover) for mover in game.movers)


def _turn_ends(game: Game, mover: str) -> bool:
    left = [action for action in game.actions if action.mover == mover and _may_stay(action)]
    while left:
        finite = set()
        for variable in {effect.variable for action in left for effect in action.then}:
            edges = {action.id: _edges(game, action, variable) for action in left}
            graph = {edge for those in edges.values() for edge in those if edge[0] != edge[1]}
            if not _has_cycle(graph):
                finite |= {
                    name
                    for name, those in edges.items()
                    if those and all(old != new for old, new in those)
                }
        if not finite:
            return False
        left = [action for action in left if action.id not in finite]
    return True


def _may_stay(action: Action) -> bool:
    """Whether it can be the mover's turn after the action."""
    return not any(
        isinstance(it, Set)
        and it.variable == TURN
        and it.value != action.mover
        and it.when == ALWAYS
        for it in action.then
    )


def _edges(game: Game, action: Action, variable: str) -> set[tuple[int, int]]:
    """From which value of the variable the action can lead to which."""
    values = game.variable(variable).values
    possible = set(range(len(values)))
    for need in action.when:
        possible &= _allowed(need.condition, variable, values)
    edges = {(old, old) for old in possible}
    for effect in action.then:
        if effect.variable == variable:
            table = moved(effect, values)
            after = {(old, table[new]) for old, new in edges}
            edges = after if effect.when == ALWAYS else edges | after
    return edges


def _allowed(condition: Condition, variable: str, values: tuple[str, ...]) -> set[int]:
    """A superset of the values of the variable with which the condition can hold."""
    match condition:
        case Is(name, wanted) if name == variable:
            return {place for place, value in enumerate(values) if value in wanted}
        case Not(Is(name, wanted)) if name == variable:
            return {place for place, value in enumerate(values) if value not in wanted}
        case All(parts):
            allowed = set(range(len(values)))
            for part in parts:
                allowed &= _allowed(part, variable, values)
            return allowed
        case _:
            return set(range(len(values)))


def _has_cycle(graph: set[tuple[int, int]]) -> bool:
    """Whether the edges contain a cycle."""
    edges = set(graph)
    while edges:
        starts = {old for old, _ in edges}
        kept = {(old, new) for old, new in edges if new in starts}
        if kept == edges:
            return True
        edges = kept
    return False
