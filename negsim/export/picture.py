"""What a picture of a game shows, worked out from its table, before any format is chosen.

Each exchange with its stages, the steps from status to status and who takes them, what else can
be done at a stage, and how its decisions end the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

from negsim.cycle.table import capital, words
from negsim.errors import printable
from negsim.pack.models import Pack
from negsim.rules import (
    ALWAYS,
    NATURE,
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
    Set,
    atoms,
    describe,
    moved,
)

STAGE = ".stage"
"""How the names of stages end: `<exchange>.stage` reads `<exchange>.status`."""
MOST_WAYS = 8
"""A step that can be taken in more ways tells only in how many."""
WIDTH = 34
"""Text in a picture is broken into lines of about this length."""
NEVER_ENDS = "no other ending is ever met"


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage with its statuses, in order, and what can be done there without a step."""

    label: str
    statuses: tuple[str, ...]
    work: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Arrow:
    """All that leads from one status to another, a line for each kind of action."""

    before: str
    after: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opening:
    """A step of an exchange that takes another exchange forward, whatever its status.

    `source` and `at` are the exchange and the status that the action leads to, None where it
    takes no exchange a step further.
    """

    source: int | None
    at: str | None
    target: int
    after: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExchangePicture:
    """An exchange: its stages in order, where it starts, and its steps."""

    title: str
    start: str
    stages: tuple[Stage, ...]
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """How an exchange contributes to an ending: what leads to the status brings this about."""

    exchange: int
    status: str
    label: str


@dataclass(frozen=True, slots=True)
class EndingPicture:
    """An ending, its condition in words, and the exchanges' statuses that it can follow from."""

    title: str
    when: str
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that is drawn; `anytime` is what depends on no exchange's status."""

    title: str
    exchanges: tuple[ExchangePicture, ...]
    openings: tuple[Opening, ...]
    endings: tuple[EndingPicture, ...]
    anytime: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    exchange: int
    before: str | None
    after: str
    action: Action
    condition: Condition


def picture(game: Game, pack: Pack) -> Picture:
    """The picture of a game; the pack gives the names of parties and exchanges."""
    derived = [
        it
        for it in game.derived
        if it.id.endswith(STAGE) and it.id.removesuffix(STAGE) in pack.exchanges
    ]
    names = _Names(pack, tuple(it.id.removesuffix(STAGE) for it in derived))
    steps: list[_Step] = []
    work: list[dict[str, list[Action]]] = [{} for _ in derived]
    anytime: list[Action] = []
    for action in game.actions:
        taken = [
            step for place, it in enumerate(derived) for step in _steps(game, place, it, action)
        ]
        steps += taken
        moved = {step.exchange for step in taken}
        tied = bool(moved)
        for place, it in enumerate(derived):
            allowed = _statuses(game, it, action)
            if place not in moved and len(allowed) < len(game.variable(it.variable).values):
                tied = True
                for label, group in it.groups.items():
                    if group & set(allowed) and not moved:
                        work[place].setdefault(label, []).append(action)
        if not tied:
            anytime.append(action)
    return Picture(
        printable(pack.title),
        tuple(
            _exchange(game, names, place, it, steps, work[place])
            for place, it in enumerate(derived)
        ),
        tuple(_openings(names, steps)),
        tuple(_ending(game, ending, steps) for ending in game.endings),
        tuple(_work(names, anytime)),
    )


@dataclass(frozen=True, slots=True)
class _Names:
    pack: Pack
    exchanges: tuple[str, ...]

    def title(self, place: int) -> str:
        return printable(capital(self.pack.exchanges[self.exchanges[place]].title))

    def who(self, mover: str) -> str:
        if mover == NATURE:
            return "Chance"
        party = self.pack.parties.get(mover)
        return printable(capital(party.name if party is not None else mover))

    def kind(self, action: Action) -> str:
        """The kind, or for an action of the case or of chance what its id says."""
        if action.kind in ("own", NATURE):
            return self.way(action) or action.kind
        return printable(words(action.kind))

    def way(self, action: Action) -> str:
        """What the id says beyond the kind, the exchange and the mover."""
        left_out = {*self.exchanges, action.mover}
        parts = [part for part in action.id.split("/")[1:] if part not in left_out]
        return printable(" ".join(words(part) for part in parts))


def _exchange(
    game: Game,
    names: _Names,
    place: int,
    derived: Derived,
    steps: Iterable[_Step],
    work: Mapping[str, Sequence[Action]],
) -> ExchangePicture:
    variable = game.variable(derived.variable)
    arrows: dict[tuple[str, str], list[_Step]] = {}
    for step in steps:
        if step.exchange == place and step.before is not None:
            arrows.setdefault((step.before, step.after), []).append(step)
    return ExchangePicture(
        names.title(place),
        variable.start,
        tuple(
            Stage(
                printable(label),
                tuple(value for value in variable.values if value in group),
                tuple(_work(names, work.get(label, ()))),
            )
            for label, group in derived.groups.items()
        ),
        tuple(
            Arrow(before, after, tuple(_lines(names, found)))
            for (before, after), found in arrows.items()
        ),
    )


def _openings(names: _Names, steps: Sequence[_Step]) -> Iterable[Opening]:
    """The steps that do not look at the status that they change."""
    found: dict[tuple[int | None, str | None, int, str], list[_Step]] = {}
    for step in steps:
        if step.before is None:
            others = [
                it
                for it in steps
                if it.action is step.action and it.exchange != step.exchange and it.before
            ]
            source, at = (others[0].exchange, others[0].after) if others else (None, None)
            found.setdefault((source, at, step.exchange, step.after), []).append(step)
    for (source, at, target, after), those in found.items():
        yield Opening(source, at, target, after, tuple(_lines(names, those)))


def _lines(names: _Names, steps: Iterable[_Step]) -> list[str]:
    """A line for each kind of action and its movers: `Lowmill: deliver (messenger)`."""
    ways: dict[tuple[str, str], dict[str, None]] = {}
    for step in steps:
        action = step.action
        kind, way = names.kind(action), names.way(action)
        found = ways.setdefault((names.who(action.mover), kind), {})
        if step.condition != ALWAYS:
            way = f"{way}, if {printable(describe(step.condition))}".removeprefix(", ")
        if way and way != kind:
            found[way] = None
    lines = []
    for (who, kind), those in ways.items():
        if len(those) > MOST_WAYS:
            lines.append(f"{who}: {kind} ({len(those)} ways)")
        else:
            lines.append(f"{who}: {kind}" + (f" ({', '.join(those)})" if those else ""))
    return lines


def _work(names: _Names, actions: Iterable[Action]) -> list[str]:
    """A line for each mover with the kinds of what it can do; movers alike share one."""
    kinds: dict[str, dict[str, None]] = {}
    for action in actions:
        kinds.setdefault(names.who(action.mover), {})[names.kind(action)] = None
    movers: dict[tuple[str, ...], list[str]] = {}
    for who, those in kinds.items():
        movers.setdefault(tuple(those), []).append(who)
    return [f"{', '.join(those)}: {', '.join(found)}" for found, those in movers.items()]


def _ending(game: Game, ending: Ending, steps: Sequence[_Step]) -> EndingPicture:
    """An ending with the statuses at which a step brings about something that it asks for."""
    ways: dict[tuple[int, str], dict[str, None]] = {}
    asked = list(_asked(ending.when)) if ending.when is not None else []
    for atom in asked:
        for step in steps:
            for effect in step.action.then:
                if (
                    isinstance(effect, Set)
                    and effect.variable == atom.variable
                    and effect.value in atom.values
                    and game.variable(atom.variable).start not in atom.values
                ):
                    found = ways.setdefault((step.exchange, step.after), {})
                    found[printable(words(effect.value))] = None
    return EndingPicture(
        printable(capital(ending.title)),
        printable(describe(ending.when)) if ending.when is not None else NEVER_ENDS,
        tuple(Way(*key, " or ".join(labels)) for key, labels in ways.items()),
    )


def _asked(condition: Condition) -> Iterable[Is]:
    """The tests that help the condition to hold: those that no negation contains."""
    match condition:
        case Is():
            yield condition
        case Not():
            return
        case All(parts) | AnyOf(parts) | AtLeast(_, parts):
            for part in parts:
                yield from _asked(part)


def _steps(game: Game, place: int, derived: Derived, action: Action) -> list[_Step]:
    """The steps that the action takes an exchange, by the status before; None: whatever it is."""
    effects = [effect for effect in action.then if effect.variable == derived.variable]
    if not effects:
        return []
    values = game.variable(derived.variable).values
    condition = next((effect.when for effect in effects if effect.when != ALWAYS), ALWAYS)
    allowed = _statuses(game, derived, action)
    moves = {
        old: {values[new] for new in _after(values, effects, values.index(old))} - {old}
        for old in allowed
    }
    if len(allowed) == len(values) > 1 and all(isinstance(effect, Set) for effect in effects):
        after = sorted({new for news in moves.values() for new in news}, key=values.index)
        return [_Step(place, None, new, action, condition) for new in after]
    return [
        _Step(place, old, new, action, condition)
        for old, news in moves.items()
        for new in sorted(news, key=values.index)
    ]


def _after(values: tuple[str, ...], effects: Iterable[Effect], old: int) -> set[int]:
    """The places of the values that the effects can lead to, their conditions met or not."""
    found = {old}
    for effect in effects:
        table = moved(effect, values)
        after = {table[place] for place in found}
        found = after if effect.when == ALWAYS else found | after
    return found


def _statuses(game: Game, derived: Derived, action: Action) -> list[str]:
    """The statuses at which the action's conditions do not rule it out."""
    condition = All(tuple(need.condition for need in action.when))
    values = game.variable(derived.variable).values
    if all(atom.variable != derived.variable for atom in atoms(condition)):
        return list(values)
    return [value for value in values if _holds(condition, derived.variable, value) is not False]


def _holds(condition: Condition, variable: str, value: str) -> bool | None:
    """Whether the condition holds where the variable has the value; None: it depends on others."""
    match condition:
        case Is(name, wanted):
            return value in wanted if name == variable else None
        case Not(part):
            inner = _holds(part, variable, value)
            return None if inner is None else not inner
        case All(parts):
            return _counted(parts, len(parts), variable, value)
        case AnyOf(parts):
            return _counted(parts, 1, variable, value)
        case AtLeast(number, parts):
            return _counted(parts, number, variable, value)


def _counted(parts: Sequence[Condition], number: int, variable: str, value: str) -> bool | None:
    held = [_holds(part, variable, value) for part in parts]
    if held.count(True) >= number:
        return True
    return None if len(held) - held.count(False) >= number else False


def broken(text: str, width: int = WIDTH) -> list[str]:
    """The text in lines that fit a picture; `text` holds no line breaks."""
    return wrap(text, width, subsequent_indent="  ", break_on_hyphens=False) or [""]
