"""From a valid pack to its game: the cycle's rules, then what the case adds, at a level."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from negsim.cycle import close_turns, expand
from negsim.cycle.table import Table
from negsim.errors import quote, suggestion
from negsim.pack.conditions import Mistake, Reader
from negsim.pack.models import Exchange, Item, Level, OwnAction, OwnEnding, Pack
from negsim.pack.yaml_tree import Path_
from negsim.rules import (
    ALWAYS,
    NATURE,
    TURN,
    Action,
    Effect,
    Ending,
    Game,
    Requirement,
    Set,
    describe,
    is_,
)

PLAIN_ID = re.compile(r"[a-z0-9-]+(/[a-z0-9-]+)*")
MOST_MISTAKES = 100
"""How many mistakes of a pack's actions are told at once."""

FULL = "full"
"""The level that leaves nothing out."""


def compile_pack(pack: Pack, level: str = FULL) -> tuple[Game | None, list[Mistake]]:
    """The game of a pack whose references are in order, and what is wrong in its own rules.

    The game is None where something is wrong. At a level other than "full", what refers to parts
    that the level leaves out is left out with them.
    """
    whole = level == FULL
    added = {} if whole else pack.levels[level].actions
    if not whole:
        pack = at_level(pack, pack.levels[level])
    table = expand(pack)
    reader = Reader(table.variables, table.derived)
    _own_variables(table, pack, reader)
    _cite_answers(table, pack)
    for action_id, own in pack.actions.items():
        path: Path_ = ("actions", action_id)
        if action_id in added:
            path = ("levels", level, *path)
        lenient = not whole and action_id not in added
        _own_action(table, reader, path, own, lenient=lenient)
        if len(reader.mistakes) >= MOST_MISTAKES:
            break
    close_turns(table)
    endings = []
    for ending_id, ending in pack.endings.items():
        tried = Reader(table.variables, table.derived, kept_only=not whole)
        found = _ending(tried, ending_id, ending)
        if whole:
            reader.mistakes += tried.mistakes
        if not tried.mistakes:
            endings.append(found)
    if reader.mistakes:
        return None, reader.mistakes
    name = pack.id if whole else f"{pack.id} ({level})"
    game = Game(
        name,
        tuple(table.variables.values()),
        tuple(table.actions.values()),
        tuple(endings),
        tuple(table.derived.values()),
        table.viewpoints,
        table.excluded,
    )
    return game, []


def at_level(pack: Pack, level: Level) -> Pack:
    """The pack with the level's points, exchanges, answers, kinds of action and decisions."""
    stands_for = {point: set(item.covers or [point]) for point, item in level.items.items()}
    exchanges = {
        name: _exchange_at(pack.exchanges[name], level, stands_for) for name in level.exchanges
    }
    kept = set(level.items)
    return pack.model_copy(
        update={
            "items": level.items,
            "exchanges": exchanges,
            "kinds": level.kinds,
            "actions": {**pack.actions, **level.actions},
            "links": {n: it for n, it in pack.links.items() if set(it.items) <= kept},
            "topics": {},
            "procedures": {},
            "dials": pack.dials if level.dials else {},
        }
    )


def _exchange_at(exchange: Exchange, level: Level, stands_for: Mapping[str, set[str]]) -> Exchange:
    kept = {*level.decisions, exchange.deadline.on_silence}
    points = [point for point, covers in stands_for.items() if covers & set(exchange.items)]
    return exchange.model_copy(
        update={
            "items": points,
            "answers": dict.fromkeys(points, level.answers),
            "decisions": [it for it in exchange.decisions if it in kept],
            "cycles": 1,
            "couriers": {},
        }
    )


def _own_variables(table: Table, pack: Pack, reader: Reader) -> None:
    for name, dial in pack.dials.items():
        _free(table, reader, ("dials", name), name)
        table.variable(name, [str(value) for value in dial.levels], str(dial.start), dial.title)
    for name, own in pack.variables.items():
        _free(table, reader, ("variables", name), name)
        sights = table.seen(own.seen_by) if own.seen_by is not None else table.seen()
        table.variable(name, own.values, own.start, own.title, sights)
    for action_id, action in pack.actions.items():
        if action.mover == NATURE:
            table.flag(_happened(action_id), f"whether {action_id} has happened")


def _free(table: Table, reader: Reader, path: tuple[str, str], name: str) -> None:
    if name in table.variables:
        reader.mistakes.append((path, f"{quote(name)} is a variable of the procedure; rename it"))


def _happened(action_id: str) -> str:
    return action_id.replace("/", ".")


def _cite_answers(table: Table, pack: Pack) -> None:
    """The answers that the item matrix reports are reported, with its facts."""
    for item_id, item in pack.items.items():
        for paper, cell in item.reported.items():
            for ending in ("", "/only-if"):
                action_id = f"answer/{paper}/{item_id}/{cell.answer}{ending}"
                if action_id in table.actions and cell.only_if == bool(ending):
                    table.actions[action_id] = replace(
                        table.actions[action_id], basis="reported", facts=tuple(cell.facts)
                    )


def _own_action(
    table: Table, reader: Reader, path: Path_, own: OwnAction, *, lenient: bool
) -> None:
    action_id = str(path[-1])
    base = table.actions.get(action_id)
    if own.mover is not None or action_id.startswith("own/"):
        if lenient and own.mover != NATURE and not table.has("own"):
            return
        wrong = _misnamed(table, action_id, own)
        if wrong is not None:
            reader.mistakes.append((path, wrong))
            return
        base = _new_action(table, action_id, own)
    if base is None:
        if not lenient:
            hint = suggestion(action_id, table.actions) or (
                "; a new action needs a mover and an id that starts with own/"
            )
            reader.mistakes.append(
                (path, f"no stage of this case admits the action {quote(action_id)}{hint}")
            )
        return
    tried = Reader(table.variables, table.derived)
    condition = tried.condition(own.when, (*path, "when"))
    then = tried.effects(own.then, (*path, "then"), base.then)
    for name in own.then if not tried.mistakes else ():
        wrong = _may_not_change(table, base, name)
        if wrong is not None:
            tried.mistakes.append(((*path, "then", name), wrong))
    if lenient and tried.mistakes:
        # They speak of what the level leaves out; the words and the citations still hold.
        condition, then = ALWAYS, []
    else:
        reader.mistakes += tried.mistakes
    needs = base.when
    if condition != ALWAYS:
        otherwise = own.otherwise or f"in this case it needs: {describe(condition)}"
        needs = (*needs, Requirement(condition, otherwise, "pack"))
    table.actions[action_id] = replace(
        base,
        text=own.text or base.text,
        when=needs,
        then=(*base.then, *then),
        basis=own.basis if own.facts or own.basis != "invented" else base.basis,
        facts=tuple(dict.fromkeys((*base.facts, *own.facts))),
        weight=own.weight or base.weight if base.mover == NATURE else 0,
    )


def _may_not_change(table: Table, action: Action, name: str) -> str | None:
    """What keeps an action from changing a variable by the pack's word.

    Slots of the procedure change by its own actions, each once a turn (rule of play 1); and what
    somebody can see does not move with an act that they cannot see (rule of play 8).
    """
    pack, variable = table.pack, table.variables.get(name)
    if name == TURN:
        return "the turn passes by itself when its owner passes; leave this out"
    if variable is None:
        return None
    if name not in pack.dials and name not in pack.variables and action.kind not in ("own", NATURE):
        return (
            f"{quote(name)} changes by actions of the procedure only; change a dial or a variable "
            "of the case, or add an action of your own"
        )
    unaware = {sight.viewpoint for sight in variable.sights} - action.seen_by
    if unaware and (name in pack.dials or name in pack.variables):
        who = quote(sorted(unaware)[0])
        return f"{who} sees {quote(name)} and not this action; move it with an action that all see"
    return None


def _misnamed(table: Table, action_id: str, own: OwnAction) -> str | None:
    """What keeps a new action from being one."""
    prefix = "nature/" if own.mover == NATURE else "own/"
    if own.mover is None:
        return f"the new action {quote(action_id)} has no mover; add one"
    if action_id in table.actions:
        return (
            f"{quote(action_id)} is an action of the procedure; leave its mover out, or rename it"
        )
    if not action_id.startswith(prefix):
        return f"the id of this new action must start with {quote(prefix)}; rename it"
    if not PLAIN_ID.fullmatch(action_id):
        return f"{quote(action_id)} is no id; use small letters, digits, hyphens and slashes"
    if own.text is None:
        return "a new action needs a text; say what happens in a sentence"
    return None


def _new_action(table: Table, action_id: str, own: OwnAction) -> Action:
    mover, text = own.mover or NATURE, own.text or action_id
    flag = _happened(action_id)
    if mover == NATURE:
        once = Requirement(is_(flag, "no"), "this has happened; it happens once", "once")
        used: Effect = Set(flag, "yes")
    else:
        once, used = table.spend(mover, flag, text)
    return Action(
        action_id,
        mover,
        text,
        (once,),
        (used,),
        basis=own.basis,
        slot=flag,
        weight=int(mover == NATURE),
        seen_by=frozenset(table.viewpoints if own.seen_by is None else (*own.seen_by, mover)),
    )


def _ending(reader: Reader, ending_id: str, ending: OwnEnding) -> Ending:
    path = ("endings", ending_id, "when")
    when = reader.condition(ending.when, path) if ending.when is not None else None
    return Ending(ending_id, ending.title, ending.reason, when, ending.basis, tuple(ending.facts))


def level_items(pack: Pack, level: str) -> Mapping[str, Item]:
    """The items, or the points of a level."""
    return pack.items if level == FULL else pack.levels[level].items
