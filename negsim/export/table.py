"""The whole table as JSON, for programs: nothing of the game is left out.

The shape is stable: within a `format` keys may be added, and none is renamed, removed or given
another meaning. All text is ASCII, other letters as JSON escapes, so every tool reads it alike.

    format      1
    hash        SHA-256, in hexadecimal, of everything else: the text that `canonical` gives
    game        the name of the game
    pack        {id, title, level, hash}; hash is that of the pack's files
    movers      who moves, in the order of a round: the values of the variable "turn"
    viewpoints  who looks on; "everything", which sees all, is not among them
    variables   [{id, title, values, start, seen}]; a shift goes along the order of the values,
                and the title may be empty
      seen        [{viewpoint, when, as}]: the first entry whose viewpoint and condition fit says
                  how the variable is seen, `as` which value is seen as what, the others as they
                  are; without an entry that fits it is hidden
    derived     [{id, variable, groups}]: another name for a coarser reading of a variable
      groups      [{label, values}], in order; each value is in one
    actions     [{id, kind, mover, text, when, then, basis, facts, slot, authority, seen_by,
                weight}]: possible where it is the mover's turn, every condition of `when` holds
                and no ending does
      when        [{rule, otherwise, condition, words}]: the rule that demands it, the sentence
                  that refuses the action where it does not hold, and the condition in words
      then        [{set, to, when}] or [{shift, by, when}], in their order: gives the variable a
                  value, or moves it along its values, stopping at the ends, where `when` held
                  before the action; no `when` reads what the same action changes
    endings     [{id, title, reason, when, words, basis, facts}], the first that holds counts;
                `when` and `words` are null for the ending of a line that goes on for ever
    excluded    [{id, reason}]: actions that the case rules out

A condition is one of

    {"is": variable, "values": [...]}       true where the variable has one of the values
    {"all": [...]}                          true where every part is; with no part, always
    {"any": [...]}                          true where a part is; with no part, never
    {"not": condition}
    {"at_least": number, "of": [...]}       true where so many of the parts are
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from negsim.pack.models import Pack
from negsim.rules import (
    Action,
    Derived,
    Effect,
    Ending,
    Game,
    Set,
    Shift,
    Variable,
    as_data,
    describe,
)

FORMAT = 1
"""The number of the shape that is described above."""


def table(game: Game, pack: Pack, level: str, pack_hash: str) -> str:
    """The game as JSON text; `level` and `pack_hash` say what it was made of."""
    data: dict[str, Any] = {
        "format": FORMAT,
        "game": game.id,
        "pack": {"id": pack.id, "title": pack.title, "level": level, "hash": pack_hash},
        "movers": list(game.movers),
        "viewpoints": list(game.viewpoints),
        "variables": [_variable(variable) for variable in game.variables],
        "derived": [_derived(game, derived) for derived in game.derived],
        "actions": [_action(action) for action in game.actions],
        "endings": [_ending(ending) for ending in game.endings],
        "excluded": [{"id": it, "reason": reason} for it, reason in game.excluded.items()],
    }
    data = {"format": FORMAT, "hash": table_hash(data), **data}
    return json.dumps(data, indent=2) + "\n"


def table_hash(data: dict[str, Any]) -> str:
    """The hash of a table's data, in which a `hash` that stands there already does not count."""
    return hashlib.sha256(canonical(data).encode()).hexdigest()


def canonical(data: dict[str, Any]) -> str:
    """The data but for its hash as one line: keys in order, no spaces, ASCII only."""
    kept = {key: value for key, value in data.items() if key != "hash"}
    return json.dumps(kept, sort_keys=True, separators=(",", ":"))


def _in_order(game: Game, variable: str, values: frozenset[str]) -> list[str]:
    return [value for value in game.variable(variable).values if value in values]


def _variable(variable: Variable) -> dict[str, Any]:
    return {
        "id": variable.id,
        "title": variable.title,
        "values": list(variable.values),
        "start": variable.start,
        "seen": [
            {
                "viewpoint": sight.viewpoint,
                "when": as_data(sight.when),
                "as": dict(sight.blur),
            }
            for sight in variable.sights
        ],
    }


def _derived(game: Game, derived: Derived) -> dict[str, Any]:
    return {
        "id": derived.id,
        "variable": derived.variable,
        "groups": [
            {"label": label, "values": _in_order(game, derived.variable, values)}
            for label, values in derived.groups.items()
        ],
    }


def _action(action: Action) -> dict[str, Any]:
    return {
        "id": action.id,
        "kind": action.kind,
        "mover": action.mover,
        "text": action.text,
        "when": [
            {
                "rule": need.rule,
                "otherwise": need.otherwise,
                "condition": as_data(need.condition),
                "words": describe(need.condition),
            }
            for need in action.when
        ],
        "then": [_effect(effect) for effect in action.then],
        "basis": action.basis,
        "facts": list(action.facts),
        "slot": action.slot,
        "authority": action.authority,
        "seen_by": sorted(action.seen_by),
        "weight": action.weight,
    }


def _effect(effect: Effect) -> dict[str, Any]:
    when = as_data(effect.when)
    match effect:
        case Set(variable, value):
            return {"set": variable, "to": value, "when": when}
        case Shift(variable, by):
            return {"shift": variable, "by": by, "when": when}


def _ending(ending: Ending) -> dict[str, Any]:
    return {
        "id": ending.id,
        "title": ending.title,
        "reason": ending.reason,
        "when": as_data(ending.when) if ending.when is not None else None,
        "words": describe(ending.when) if ending.when is not None else None,
        "basis": ending.basis,
        "facts": list(ending.facts),
    }
