"""Two made-up tables of rules, far larger than a pack that tests can list, as games.

A table says how many states it has; the numbers were found by other programs.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from negsim.rules import TURN, Action, Effect, Game, Is, Requirement, Set, Shift, Variable

DATA = Path(__file__).parent / "data"
TABLES = ("table-13m", "table-1e15")
EVERYBODY = "all"
"""The one mover of a table, who never passes."""

COMPARES: Mapping[str, Callable[[int, int], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def table(name: str) -> dict[str, Any]:
    """The table as it is written."""
    found: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return found


def load_table(name: str) -> Game:
    """The table as a game; the values of a variable are called by their numbers."""
    data = table(name)
    sizes: dict[str, int] = data["variables"]
    variables = [Variable(TURN, (EVERYBODY,), EVERYBODY)]
    variables += [Variable(it, tuple(map(str, range(sizes[it]))), "0") for it in data["order"]]
    actions = tuple(
        Action(
            row["id"],
            EVERYBODY,
            row["id"],
            tuple(_requirement(sizes, *test) for test in row["when"]),
            tuple(_effect(*change) for change in row["then"]),
        )
        for row in data["actions"]
    )
    return Game(name, tuple(variables), actions, ())


def _requirement(sizes: Mapping[str, int], variable: str, sign: str, number: int) -> Requirement:
    holds = COMPARES[sign]
    values = frozenset(str(it) for it in range(sizes[variable]) if holds(it, number))
    return Requirement(Is(variable, values), f"{variable} {sign} {number} does not hold", "pack")


def _effect(variable: str, sign: str, number: int) -> Effect:
    if sign == "=":
        return Set(variable, str(number))
    assert sign == "+", sign
    return Shift(variable, number)
