"""The whole table as a Promela model for SPIN.

Each state of the game is one state of the model, so SPIN's "states, stored" is the number of
states that the game can reach: every variable is a byte that starts as the game does, and the one
process has one place, to which every action returns within the step that it takes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from negsim.errors import printable
from negsim.rules import (
    ALWAYS,
    TURN,
    Action,
    All,
    AnyOf,
    AtLeast,
    Condition,
    Effect,
    Game,
    Is,
    Not,
    Set,
    Shift,
    Variable,
    atoms,
    is_,
)

Names: TypeAlias = Mapping[str, str]
"""The name of each variable in the model."""

LONGEST = 60
"""Names are cut here; what follows keeps them apart."""

HEAD = """\
/*
 * {title}
 * {counts}
 *
 * Counting the states that can be reached:
 *   spin -a FILE
 *   cc -O2 -DSAFETY -DNOREDUCE -DMEMLIM=8192 -o pan pan.c
 *   ./pan -m20000000 -w26
 * Without -DNOREDUCE states may be left out.
 */
"""


def promela(game: Game) -> str:
    """The game as a Promela model."""
    names = _names(variable.id for variable in game.variables)
    counts = f"{len(game.variables)} variables, {len(game.actions)} actions"
    lines = [HEAD.format(title=_comment(game.id), counts=counts)]
    for variable in game.variables:
        lines += _variable(variable, names[variable.id])
    lines += ["", *_endings(game, names), "", "active proctype game() {", "end: do"]
    for action in game.actions:
        lines += _action(game, action, names)
    unread = [variable for variable in game.variables if variable.id not in _read(game)]
    if unread or not game.actions:
        tests = [f"{names[it.id]} > {len(it.values) - 1}" for it in unread]
        lines.append("  /* never possible: SPIN would leave out variables that nothing reads */")
        lines.append(f"  :: {' || '.join(tests) or 'false'}")
    lines += ["  od", "}", ""]
    return "\n".join(lines)


def _names(ids: Iterable[str]) -> dict[str, str]:
    """A safe name for each id, no two alike even where ids differ in signs only."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in ids:
        plain = "v_" + re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")[:LONGEST]
        chosen, number = plain, 2
        while chosen in taken:
            chosen, number = f"{plain}__{number}", number + 1
        taken.add(chosen)
        found[name] = chosen
    return found


def _read(game: Game) -> set[str]:
    """The variables that a condition reads."""
    conditions = [ending.when for ending in game.endings if ending.when is not None]
    for action in game.actions:
        conditions += [need.condition for need in action.when]
        conditions += [effect.when for effect in action.then]
    return {TURN, *(atom.variable for condition in conditions for atom in atoms(condition))}


def _comment(text: str) -> str:
    """Text within a comment: on one line, and unable to end it."""
    return printable(text).replace("*/", "* /").replace("/*", "/ *").replace("??/", "? ?/")


def _variable(variable: Variable, name: str) -> list[str]:
    start = variable.values.index(variable.start)
    values = ", ".join(f"{place} {value}" for place, value in enumerate(variable.values))
    return [
        f"byte {name} = {start}; /* {_comment(variable.id)}: {_comment(values)} */",
    ]


def _endings(game: Game, names: Names) -> list[str]:
    """The macro that holds where an ending does, so that nothing more is possible."""
    lines, macros = [], []
    for place, ending in enumerate(game.endings):
        about = f"/* {_comment(ending.id)}: {_comment(ending.title)} */"
        if ending.when is None:
            lines.append(f"/* no state: */ {about}")
            continue
        macros.append(f"ending_{place}")
        lines += [about, f"#define ending_{place} ({_test(game, names, ending.when)})"]
    return [*lines, f"#define ended ({' || '.join(macros) or 'false'})"]


def _action(game: Game, action: Action, names: Names) -> list[str]:
    needs = All((is_(TURN, action.mover), *(need.condition for need in action.when)))
    guard = f"!ended && {_test(game, names, needs)}"
    steps = [_effect(game, effect, names) for effect in action.then]
    return [
        f"  /* {_comment(action.id)} */",
        f"  :: d_step {{ {'; '.join([guard, *steps] if steps else [guard, 'skip'])} }}",
    ]


def _test(game: Game, names: Names, condition: Condition) -> str:
    """The condition as an expression, in brackets where something may stand beside it."""

    def joined(parts: Iterable[Condition], sign: str, empty: str) -> str:
        found = [inner(part) for part in parts]
        return found[0] if len(found) == 1 else f"({sign.join(found)})" if found else empty

    inner: Callable[[Condition], str] = lambda part: _test(game, names, part)  # noqa: E731
    match condition:
        case Is(variable, values):
            known = game.variable(variable).values
            places = [place for place, value in enumerate(known) if value in values]
            tests = [f"{names[variable]} == {place}" for place in places]
            return f"({' || '.join(tests)})" if tests else "false"
        case Not(part):
            return f"!({inner(part)})"
        case All(parts):
            return joined(parts, " && ", "true")
        case AnyOf(parts):
            return joined(parts, " || ", "false")
        case AtLeast(number, parts):
            return f"({' + '.join(map(inner, parts)) or '0'} >= {number})"


def _effect(game: Game, effect: Effect, names: Names) -> str:
    """The effect as an assignment; what it depends on is never changed by the same action."""
    name = names[effect.variable]
    values = game.variable(effect.variable).values
    match effect:
        case Set(_, value):
            new = str(values.index(value))
        case Shift(_, by):
            new = _shifted(name, by, len(values) - 1)
    if effect.when != ALWAYS:
        new = f"({_test(game, names, effect.when)} -> {new} : {name})"
    return f"{name} = {new}"


def _shifted(name: str, by: int, last: int) -> str:
    """The place that a shift leads to, stopping at the ends."""
    if by == 0:
        return name
    if abs(by) >= last:
        return str(last if by > 0 else 0)
    if by > 0:
        return f"({name} > {last - by} -> {last} : {name} + {by})"
    return f"({name} < {-by} -> 0 : {name} - {-by})"
