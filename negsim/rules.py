"""The table of rules: finite variables, conditions, effects, actions, endings, and the game.

Plain immutable data. The engine, the replay, the linter and whatever explores all lines read this
table and nothing else; nothing is allowed or forbidden anywhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any, Literal, NewType, TypeAlias, cast

from negsim.errors import GameError, UnknownNameError

State = NewType("State", bytes)
"""One byte for each variable of the game, in its order: the index of the variable's value."""

Basis: TypeAlias = Literal["reported", "inferred", "invented", "procedural"]
"""Where an action comes from. Passes alone are procedural."""

EVERYTHING = "everything"
"""The viewpoint that sees every variable."""

TURN = "turn"
"""The variable whose value names the mover."""

NATURE = "nature"
"""The mover of chance events."""


@dataclass(frozen=True, slots=True)
class Is:
    """True where the variable has one of the values."""

    variable: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class All:
    """True where every part is; `All(())` is always true."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True where at least one part is; `AnyOf(())` is never true."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True where the part is not."""

    part: Condition


@dataclass(frozen=True, slots=True)
class AtLeast:
    """True where at least `number` of the parts are."""

    number: int
    parts: tuple[Condition, ...]


Condition: TypeAlias = Is | All | AnyOf | Not | AtLeast

ALWAYS = All(())
NEVER = AnyOf(())


def is_(variable: str, *values: str) -> Is:
    """Short for `Is(variable, frozenset(values))`."""
    return Is(variable, frozenset(values))


def atoms(condition: Condition) -> Iterator[Is]:
    """Every test of a variable in the condition, from left to right."""
    match condition:
        case Is():
            yield condition
        case Not(part):
            yield from atoms(part)
        case All(parts) | AnyOf(parts) | AtLeast(_, parts):
            for part in parts:
                yield from atoms(part)


def _plainly(it: Is) -> str:
    return f"{it.variable} is {' or '.join(sorted(it.values)) or 'impossible'}"


def describe(condition: Condition, tell: Callable[[Is], str] = _plainly) -> str:
    """The condition in words; `tell` says what a variable is."""
    match condition:
        case Is():
            return tell(condition)
        case Not(part):
            return f"not ({describe(part, tell)})"
        case All(parts):
            return " and ".join(describe(part, tell) for part in parts) or "always"
        case AnyOf(parts):
            return " or ".join(f"({describe(part, tell)})" for part in parts) or "never"
        case AtLeast(number, parts):
            return f"at least {number} of: " + "; ".join(describe(part, tell) for part in parts)


def as_data(condition: Condition) -> dict[str, Any]:
    """The condition as plain data, equal for equal conditions in every process.

    `{"is": variable, "values": [...]}`, `{"all": [...]}`, `{"any": [...]}`, `{"not": ...}` or
    `{"at_least": number, "of": [...]}`; values in alphabetical order.
    """
    match condition:
        case Is(variable, values):
            return {"is": variable, "values": sorted(values)}
        case Not(part):
            return {"not": as_data(part)}
        case All(parts):
            return {"all": [as_data(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [as_data(part) for part in parts]}
        case AtLeast(number, parts):
            return {"at_least": number, "of": [as_data(part) for part in parts]}


@dataclass(frozen=True, slots=True)
class Set:
    """Gives the variable the value, where `when` held before the action."""

    variable: str
    value: str
    when: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class Shift:
    """Moves the variable by so many places along its values, stopping at the ends."""

    variable: str
    by: int
    when: Condition = ALWAYS


Effect: TypeAlias = Set | Shift


def moved(effect: Effect, values: tuple[str, ...]) -> tuple[int, ...]:
    """For the place of each of the variable's values, the place of the one after the effect."""
    match effect:
        case Set(_, value):
            return (values.index(value),) * len(values)
        case Shift(_, by):
            last = len(values) - 1
            return tuple(min(max(old + by, 0), last) for old in range(len(values)))


@dataclass(frozen=True, slots=True)
class Sight:
    """How a viewpoint sees a variable while `when` holds.

    `blur` maps a value to what is seen in its place; a value it does not name is seen as it is.
    """

    viewpoint: str
    when: Condition = ALWAYS
    blur: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Variable:
    """A finite variable: 1 to 255 distinct values in an order that `Shift` and ranges follow.

    `sights` are tried in order, the first whose viewpoint and condition fit is how it is seen;
    where none fits it is hidden. The viewpoint "everything" needs none.
    """

    id: str
    values: tuple[str, ...]
    start: str
    title: str = ""
    sights: tuple[Sight, ...] = ()


@dataclass(frozen=True, slots=True)
class Derived:
    """Another name for a coarser reading of a variable: a label stands for several of its values.

    So `us-paper.stage: analysis` reads `us-paper.status`, and costs no variable. The labels are in
    order and partition the values.
    """

    id: str
    variable: str
    groups: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition of an action, the sentence that refuses it, and the rule that says so.

    `rule` is an id of the procedure (G1 to G15), "order" for the order of the steps,
    "once" for the one change of a slot in a turn, or "pack" for a rule of the case.
    """

    condition: Condition
    otherwise: str
    rule: str


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a mover can do. The id reads as a path: `answer/us-paper/enlargement/rejected`.

    `slot` is what the action fills: it changes at most once in a turn. `seen_by` names the
    viewpoints that see it happen. `weight` serves nature's draws only. `authority` is the rank of
    the voice that acts.
    """

    id: str
    mover: str
    text: str
    when: tuple[Requirement, ...] = ()
    then: tuple[Effect, ...] = ()
    basis: Basis = "invented"
    facts: tuple[str, ...] = ()
    slot: str = ""
    authority: str = "decider"
    seen_by: frozenset[str] = frozenset()
    weight: int = 0

    @property
    def kind(self) -> str:
        """The first part of the id: demand, consult, answer, ..."""
        return self.id.partition("/")[0]

    @property
    def is_pass(self) -> bool:
        """Whether the action only ends the mover's turn."""
        return self.kind == "pass"


@dataclass(frozen=True, slots=True)
class Ending:
    """A named condition at which a line stops; `reason` is the sentence that the outcome carries.

    An ending without a condition is never met by a state: it is the game's default ending, which
    a line that goes on passing for ever has.
    """

    id: str
    title: str
    reason: str
    when: Condition | None
    basis: Basis = "invented"
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Game:
    """A compiled pack: the whole table. Raises GameError when it contradicts itself.

    `movers` are in the order of their turns, which is the order of the values of `turn`.
    `excluded` gives, for action ids that the case or a slow procedure rules out, the reason.
    """

    id: str
    variables: tuple[Variable, ...]
    actions: tuple[Action, ...]
    endings: tuple[Ending, ...]
    derived: tuple[Derived, ...] = ()
    viewpoints: tuple[str, ...] = ()
    excluded: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        problems = list(_contradictions(self))
        if problems:
            raise GameError(f"{self.id}: " + "; ".join(problems))

    @cached_property
    def position(self) -> Mapping[str, int]:
        """The place of each variable in a state."""
        return {variable.id: place for place, variable in enumerate(self.variables)}

    @cached_property
    def by_id(self) -> Mapping[str, Action]:
        """The actions by id."""
        return {action.id: action for action in self.actions}

    @cached_property
    def movers(self) -> tuple[str, ...]:
        """Who moves, in the order of a round."""
        return self.variable(TURN).values

    @cached_property
    def default_ending(self) -> Ending | None:
        """The ending of a line that goes on passing for ever, if the game names one."""
        return next((ending for ending in self.endings if ending.when is None), None)

    @cached_property
    def sights_of(self) -> Mapping[str, tuple[SightLine, ...]]:
        """For each viewpoint, the variables it may see and how; made at first use."""
        return {
            viewpoint: tuple(
                (
                    place,
                    variable,
                    tuple(
                        (compile_test(self, sight.when), sight.blur)
                        for sight in variable.sights
                        if sight.viewpoint == viewpoint
                    ),
                )
                for place, variable in enumerate(self.variables)
            )
            for viewpoint in self.viewpoints
        }

    @cached_property
    def digests(self) -> tuple[tuple[int, ...], ...]:
        """For each variable and value 64 bits of the SHA-256 of `variable=value`."""
        return tuple(
            tuple(_digest(f"{variable.id}={value}") for value in variable.values)
            for variable in self.variables
        )

    @cached_property
    def index(self) -> Index:
        """The table arranged for speed; made at first use."""
        return Index(self)

    def variable(self, name: str) -> Variable:
        """The variable of that name, or UnknownNameError with near names."""
        place = self.position.get(name)
        if place is None:
            raise UnknownNameError("variable", name, self.position, self.id)
        return self.variables[place]

    def action(self, action_id: str) -> Action:
        """The action of that id, or UnknownNameError with near ids."""
        action = self.by_id.get(action_id)
        if action is None:
            raise UnknownNameError("action", action_id, self.by_id, self.id)
        return action


Test: TypeAlias = Callable[[bytes], bool]
SightLine: TypeAlias = tuple[int, Variable, tuple[tuple[Test, Mapping[str, str]], ...]]


_Masks: TypeAlias = list[tuple[int, tuple[int, ...]]]
"""For the place of a variable, the rows that each of its values leaves."""
STATES_KEPT = 4096
"""Of so many states it is remembered which actions they allow."""
LISTS_KEPT = 4096
"""How many different lists of legal actions an index remembers before it starts anew."""


class Index:
    """The table arranged for speed: for each variable and value, the set of rows it does not rule
    out, as the bits of an integer. Rows are the endings, then the actions. The conjunction of the
    sets of a state's values leaves the rows that hold, but for those in `rest`, whose conditions
    are no conjunction of tests and are asked one by one.
    """

    __slots__ = (
        "_known",
        "_lists",
        "_tables",
        "effects",
        "endings",
        "everything",
        "masks",
        "rest",
        "row_of",
        "rows",
    )

    def __init__(self, game: Game) -> None:
        endings = [ending for ending in game.endings if ending.when is not None]
        conditions = [ending.when for ending in endings if ending.when is not None]
        for action in game.actions:
            mine = is_(TURN, action.mover)
            conditions.append(All((mine, *(need.condition for need in action.when))))
        self.endings = (1 << len(endings)) - 1
        self.rows: tuple[Ending | Action, ...] = (*endings, *game.actions)
        self.row_of = {action.id: len(endings) + i for i, action in enumerate(game.actions)}
        self.rest: list[tuple[int, Test]] = []
        self._known: dict[State, int] = {}
        self._tables: dict[int, tuple[_Masks, list[tuple[int, Test]]]] = {}
        self._lists: dict[int, tuple[Action, ...]] = {}
        self.everything = (1 << len(conditions)) - 1
        masks = [[self.everything] * len(variable.values) for variable in game.variables]
        for row, condition in enumerate(conditions):
            tests, rest = _split(game, condition)
            for test in tests:
                place = game.position[test.variable]
                for value, name in enumerate(game.variables[place].values):
                    if name not in test.values:
                        masks[place][value] &= ~(1 << row)
            if rest:
                self.rest.append((1 << row, compile_test(game, All(tuple(rest)))))
        self.masks = [
            (place, tuple(row))
            for place, row in enumerate(masks)
            if any(mask != self.everything for mask in row)
        ]
        self.effects = {
            action.id: tuple(_compile_effect(game, effect) for effect in action.then)
            for action in game.actions
        }

    def enabled(self, state: State) -> int:
        """The rows that hold in the state, as bits.

        The last answers are kept: an action is mostly listed and then applied, and a class that is
        graded comes by the same states.
        """
        rows = self._known.get(state)
        if rows is None:
            rows = _among(self.everything, self.masks, self.rest, state)
            if len(self._known) >= STATES_KEPT:
                self._known.clear()
            self._known[state] = rows
        return rows

    def allows(self, state: State, action_id: str) -> bool:
        """Whether the action is legal: its row holds, and no ending."""
        row = self.row_of.get(action_id)
        if row is None:
            return False
        rows = self._known.get(state)
        wanted = 1 << row | self.endings
        if rows is not None:
            return rows & wanted == 1 << row
        table = self._tables.get(row)
        if table is None:
            masks = [it for it in self.masks if any(mask & wanted != wanted for mask in it[1])]
            table = self._tables[row] = masks, [it for it in self.rest if it[0] & wanted]
        return _among(wanted, *table, state) == 1 << row

    def actions_of(self, rows: int) -> tuple[Action, ...]:
        """The actions among the rows, in the table's order; none where an ending is among them."""
        known = self._lists.get(rows)
        if known is None:
            chosen = () if rows & self.endings else _bits(rows)
            known = tuple(cast(Action, self.rows[row]) for row in chosen)
            if len(self._lists) >= LISTS_KEPT:
                self._lists.clear()
            self._lists[rows] = known
        return known


def _among(rows: int, masks: _Masks, rest: Iterable[tuple[int, Test]], state: State) -> int:
    """Those of the rows that hold in the state, as bits."""
    for place, mask in masks:
        rows &= mask[state[place]]
    for bit, test in rest:
        if rows & bit and not test(state):
            rows ^= bit
    return rows


def _digest(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest()[:8])


def _bits(number: int) -> Iterator[int]:
    """The places of the ones in a number, from the lowest."""
    while number:
        low = number & -number
        yield low.bit_length() - 1
        number ^= low


def compile_test(game: Game, condition: Condition) -> Test:
    """The condition as a function of a state's bytes."""
    match condition:
        case Is(variable, values):
            place = game.position[variable]
            wanted = frozenset(
                i for i, value in enumerate(game.variables[place].values) if value in values
            )
            return lambda state: state[place] in wanted
        case Not(part):
            inner = compile_test(game, part)
            return lambda state: not inner(state)
        case All(parts):
            return _first(game, parts, False)
        case AnyOf(parts):
            return _first(game, parts, True)
        case AtLeast(number, parts):
            tests = [compile_test(game, part) for part in parts]
            return lambda state: sum(test(state) for test in tests) >= number


def _first(game: Game, parts: Iterable[Condition], decides: bool) -> Test:
    """Whether some part has the value that decides, or else the other. Loops, since a generator for
    each state takes twice as long."""
    plain: list[tuple[int, frozenset[int]]] = []
    tests: list[Test] = []
    for part in parts:
        if isinstance(part, Is):
            place = game.position[part.variable]
            names = enumerate(game.variables[place].values)
            fits = (value for value, name in names if (name in part.values) is decides)
            plain.append((place, frozenset(fits)))
        else:
            tests.append(compile_test(game, part))

    def test(state: bytes) -> bool:
        for place, fitting in plain:
            if state[place] in fitting:
                return decides
        for one in tests:
            if one(state) is decides:
                return decides
        return not decides

    return test


def _compile_effect(game: Game, effect: Effect) -> tuple[Test | None, int, tuple[int, ...]]:
    """Where the effect applies (None: always), the variable's place, and old value -> new."""
    place = game.position[effect.variable]
    table = moved(effect, game.variables[place].values)
    return None if effect.when == ALWAYS else compile_test(game, effect.when), place, table


def _split(game: Game, condition: Condition) -> tuple[list[Is], list[Condition]]:
    """A condition as plain tests that must all hold, and what else must hold."""
    match condition:
        case Is():
            return [condition], []
        case Not(Is(variable, values)):
            return [Is(variable, frozenset(game.variable(variable).values) - values)], []
        case All(parts):
            tests: list[Is] = []
            rest: list[Condition] = []
            for part in parts:
                more_tests, more_rest = _split(game, part)
                tests += more_tests
                rest += more_rest
            return tests, rest
        case _:
            return [], [condition]


def _contradictions(game: Game) -> Iterator[str]:
    """What makes the table unusable, a sentence each."""
    values: dict[str, frozenset[str]] = {}
    for variable in game.variables:
        if variable.id in values:
            yield f"two variables are called {variable.id}"
        values[variable.id] = frozenset(variable.values)
        if not 1 <= len(variable.values) <= 255 or len(values[variable.id]) != len(variable.values):
            yield f"{variable.id} needs 1 to 255 distinct values"
        if variable.start not in values[variable.id]:
            yield f"{variable.id} starts at {variable.start}, which is none of its values"
    if TURN not in values:
        yield f"there is no variable {TURN}"
        return
    ids = [action.id for action in game.actions]
    if len(set(ids)) != len(ids):
        yield "two actions have one id: " + next(i for i in ids if ids.count(i) > 1)

    def check(where: str, condition: Condition) -> Iterator[str]:
        for atom in atoms(condition):
            unknown = atom.values - values.get(atom.variable, frozenset())
            if unknown:
                yield f"{where} tests {atom.variable} for {', '.join(sorted(unknown))}"

    for variable in game.variables:
        for sight in variable.sights:
            yield from check(f"a sight of {variable.id}", sight.when)
    for ending in game.endings:
        if ending.when is not None:
            yield from check(f"ending {ending.id}", ending.when)
    for action in game.actions:
        if action.mover not in values[TURN]:
            yield f"{action.id} is {action.mover}'s, who never moves"
        for need in action.when:
            yield from check(action.id, need.condition)
        changed = {effect.variable for effect in action.then}
        for effect in action.then:
            yield from check(action.id, effect.when)
            if effect.variable not in values:
                yield f"{action.id} changes {effect.variable}, which does not exist"
            elif isinstance(effect, Set) and effect.value not in values[effect.variable]:
                yield f"{action.id} sets {effect.variable} to {effect.value}"
            read = {atom.variable for atom in atoms(effect.when)} & changed
            if read:
                yield f"an effect of {action.id} depends on {', '.join(sorted(read))}, changed too"
