"""Reads a table in JSON back into a game, by the description of its shape alone."""

from __future__ import annotations

import json
from typing import Any

from negsim.rules import (
    Action,
    All,
    AnyOf,
    AtLeast,
    Condition,
    Derived,
    Effect,
    Ending,
    Game,
    Is,
    Not,
    Requirement,
    Set,
    Shift,
    Sight,
    Variable,
)

Data = dict[str, Any]


def read_table(text: str) -> Game:
    data: Data = json.loads(text)
    assert data["format"] == 1
    return Game(
        data["game"],
        tuple(_variable(it) for it in data["variables"]),
        tuple(_action(it) for it in data["actions"]),
        tuple(_ending(it) for it in data["endings"]),
        tuple(
            Derived(
                it["id"],
                it["variable"],
                {group["label"]: frozenset(group["values"]) for group in it["groups"]},
            )
            for it in data["derived"]
        ),
        tuple(data["viewpoints"]),
        {it["id"]: it["reason"] for it in data["excluded"]},
    )


def _condition(data: Data) -> Condition:
    match data:
        case {"is": variable, "values": values}:
            return Is(variable, frozenset(values))
        case {"all": parts}:
            return All(tuple(_condition(part) for part in parts))
        case {"any": parts}:
            return AnyOf(tuple(_condition(part) for part in parts))
        case {"not": part}:
            return Not(_condition(part))
        case {"at_least": number, "of": parts}:
            return AtLeast(number, tuple(_condition(part) for part in parts))
    raise AssertionError(data)


def _variable(data: Data) -> Variable:
    sights = tuple(Sight(it["viewpoint"], _condition(it["when"]), it["as"]) for it in data["seen"])
    return Variable(data["id"], tuple(data["values"]), data["start"], data["title"], sights)


def _effect(data: Data) -> Effect:
    when = _condition(data["when"])
    if "set" in data:
        return Set(data["set"], data["to"], when)
    return Shift(data["shift"], data["by"], when)


def _action(data: Data) -> Action:
    return Action(
        data["id"],
        data["mover"],
        data["text"],
        tuple(
            Requirement(_condition(it["condition"]), it["otherwise"], it["rule"])
            for it in data["when"]
        ),
        tuple(_effect(it) for it in data["then"]),
        data["basis"],
        tuple(data["facts"]),
        data["slot"],
        data["authority"],
        frozenset(data["seen_by"]),
        data["weight"],
    )


def _ending(data: Data) -> Ending:
    when = _condition(data["when"]) if data["when"] is not None else None
    return Ending(
        data["id"], data["title"], data["reason"], when, data["basis"], tuple(data["facts"])
    )
