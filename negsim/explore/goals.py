"""What is asked for: a line with an ending, or with a state that fulfils a condition."""

from __future__ import annotations

import json
from dataclasses import dataclass

from negsim.rules import All, Condition, Game, Not, as_data


@dataclass(frozen=True, slots=True)
class Goal:
    """An ending by its id, or, with a condition, a state that fulfils it, by whatever name."""

    name: str
    condition: Condition | None = None

    @property
    def key(self) -> str:
        """What names the goal and no other, for keeping its sets."""
        return self.name if self.condition is None else json.dumps(as_data(self.condition))


def ending_where(game: Game, ending_id: str, condition: Condition) -> Condition | None:
    """Where a line has the ending and fulfils the condition; None for the default ending.

    Of several endings that hold, the first in the table's order counts.
    """
    before: list[Condition] = []
    for ending in game.endings:
        if ending.when is None:
            continue
        if ending.id == ending_id:
            return All((ending.when, *before, condition))
        before.append(Not(ending.when))
    return None
