"""What is asked for: a line with an ending, or with a state that fulfils a condition."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from negsim.rules import All, AnyOf, AtLeast, Condition, Is, Not


@dataclass(frozen=True, slots=True)
class Goal:
    """An ending by its id, or, with a condition, a state that fulfils it, by whatever name."""

    name: str
    condition: Condition | None = None

    @property
    def key(self) -> str:
        """What names the goal and no other, for keeping its sets."""
        return self.name if self.condition is None else json.dumps(plain(self.condition))


def plain(condition: Condition) -> list[Any]:
    """The condition as nested lists: equal for equal conditions, in every process."""
    match condition:
        case Is(variable, values):
            return ["is", variable, *sorted(values)]
        case Not(part):
            return ["not", plain(part)]
        case All(parts):
            return ["all", *map(plain, parts)]
        case AnyOf(parts):
            return ["any", *map(plain, parts)]
        case AtLeast(number, parts):
            return ["at-least", number, *map(plain, parts)]
