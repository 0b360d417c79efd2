"""Sets of states as binary decision diagrams: the variables as bits, conditions as sets, moves.

The only place that knows how a state is encoded.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TypeAlias, TypeVar

from oxidd.bcdd import BCDDFunction, BCDDManager
from oxidd.util import BooleanOperator, DDMemoryError

from negsim.errors import NegsimError
from negsim.explore import MEMORY
from negsim.rules import (
    ALWAYS,
    TURN,
    All,
    AnyOf,
    AtLeast,
    Condition,
    Effect,
    Game,
    Is,
    Not,
    Set,
    State,
    atoms,
    is_,
    moved,
)

Diagram: TypeAlias = BCDDFunction
"""A set of states, or of what is left of states when some variables are forgotten."""

NODE_BYTES, CACHE_BYTES = 50, 20
"""What a node and an entry of the cache were measured to take."""

T = TypeVar("T")


class NotDecidedError(NegsimError):
    """A question needs more memory than it was given."""

    def __init__(self, memory: int) -> None:
        self.memory = memory
        super().__init__(
            f"not decided within {memory} MB; allow more with --memory, or ask at a simpler level"
        )


class Space:
    """The variables of a game as bits of a diagram manager, in the given order of variables.

    A variable of n values takes the bits of n - 1, the highest first; no set holds a combination
    of bits that stands for no value, so counts are exact. The diagrams take `memory` megabytes at
    most; work past that fails with oxidd's DDMemoryError, which `within_memory` tells as
    NotDecidedError.
    """

    def __init__(self, game: Game, order: Sequence[str], memory: int = MEMORY) -> None:
        self.game = game
        self.memory = memory
        self.order = tuple(order)
        nodes = max(memory * 800_000 // NODE_BYTES, 1 << 10)
        self.manager = BCDDManager(nodes, max(memory * 200_000 // CACHE_BYTES, 1 << 10), 1)
        self.none, self.everything = self.manager.false(), self.manager.true()
        self.bits: dict[str, tuple[int, ...]] = {}
        self._value: dict[tuple[str, str], Diagram] = {}
        self._cube: dict[str, Diagram] = {}
        self._pairs: list[tuple[tuple[tuple[int, bool], ...], ...]] = []
        try:
            for name in order:
                self._encode(name)
        except DDMemoryError as error:
            raise NotDecidedError(memory) from error
        for variable in game.variables:
            self._pairs.append(
                tuple(
                    tuple(zip(self.bits[variable.id], self._code(variable.id, place), strict=True))
                    for place in range(len(variable.values))
                )
            )

    def _encode(self, name: str) -> None:
        values = self.game.variable(name).values
        count = (len(values) - 1).bit_length()
        self.bits[name] = tuple(self.manager.add_vars(count)) if count else ()
        self._cube[name] = self._all(self.manager.var(bit) for bit in self.bits[name])
        for place, value in enumerate(values):
            self._value[name, value] = self._all(
                self.manager.var(bit) if one else self.manager.not_var(bit)
                for bit, one in zip(self.bits[name], self._code(name, place), strict=True)
            )

    def _code(self, name: str, place: int) -> tuple[bool, ...]:
        count = len(self.bits[name])
        return tuple(bool(place >> (count - 1 - bit) & 1) for bit in range(count))

    def _all(self, parts: Iterable[Diagram]) -> Diagram:
        return reduce(and_, parts, self.everything)

    def _any(self, parts: Iterable[Diagram]) -> Diagram:
        return reduce(or_, parts, self.none)

    def within_memory(self, work: Callable[[], T]) -> T:
        """What the work gives; it is tried a second time once rubbish is collected."""
        try:
            return work()
        except DDMemoryError:
            self.manager.gc()
        try:
            return work()
        except DDMemoryError as error:
            raise NotDecidedError(self.memory) from error

    def value(self, variable: str, value: str) -> Diagram:
        """The states in which the variable has the value."""
        return self._value[variable, value]

    def where(self, condition: Condition) -> Diagram:
        """The states in which the condition holds.

        A negation holds bits that stand for no value too, so keep the result within valid states.
        """
        match condition:
            case Is(variable, values):
                return self._any(self._value[variable, value] for value in sorted(values))
            case Not(part):
                return ~self.where(part)
            case All(parts):
                return self._all(self.where(part) for part in parts)
            case AnyOf(parts):
                return self._any(self.where(part) for part in parts)
            case AtLeast(number, parts):
                # held[k]: at least k of the parts seen so far hold
                held = [self.everything] + [self.none] * number
                for part in parts:
                    one = self.where(part)
                    for k in range(number, 0, -1):
                        held[k] = held[k] | (held[k - 1] & one)
                return held[number]

    def valid(self, variables: Collection[str]) -> Diagram:
        """The assignments of values to the variables: bits that stand for no value left out."""
        return self._all(
            self._any(self._value[name, value] for value in self.game.variable(name).values)
            for name in self.order
            if name in variables
        )

    def state(self, state: State, variables: Collection[str] | None = None) -> Diagram:
        """The set of this one state, or of all that agree with it on the variables."""
        return self._all(
            self._value[variable.id, variable.values[place]]
            for variable, place in zip(self.game.variables, state, strict=True)
            if variables is None or variable.id in variables
        )

    def contains(self, states: Diagram, state: State) -> bool:
        """Whether the state is in the set."""
        return states.eval(
            [pair for pairs, place in zip(self._pairs, state, strict=True) for pair in pairs[place]]
        )

    def count(self, states: Diagram, variables: Collection[str]) -> int:
        """How many assignments to the variables are in the set, which tests no others."""
        return states.sat_count(sum(len(self.bits[name]) for name in variables))

    def cube(self, variable: str) -> Diagram:
        """All bits of the variable, for forgetting them."""
        return self._cube[variable]

    def forget(self, states: Diagram, variables: Iterable[str]) -> Diagram:
        """What is left of the states when the variables are no longer looked at."""
        return states.exists(self._all(self._cube[name] for name in variables))

    def some(self, states: Diagram) -> State | None:
        """A state of the set, free variables at their first value, or None where it is empty."""
        cube = states.pick_cube()
        if cube is None:
            return None
        found = []
        for variable in self.game.variables:
            place = 0
            for bit in self.bits[variable.id]:
                place = place << 1 | (cube[bit] is True)
            found.append(place)
        return State(bytes(found))


@dataclass(frozen=True, slots=True)
class Case:
    """A conditional effect: where `when` holds, each old value of the variable has its new one."""

    when: Diagram
    otherwise: Diagram
    cube: Diagram
    changes: tuple[tuple[Diagram, Diagram], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """An action as a function on sets, forwards and backwards.

    `family` is what the first variable that it changes belongs to: the name before the first dot.
    `width` is how many variables it tests or changes.
    `stays` and `leaves` say whether the turn can stay with the mover, and whether it can go on.
    `cube` are the variables that are simply set, `new` their new values; `cases` the other
    effects. None of them depends on what another changes (rule of play 9), so their order does
    not matter and no second copy of the variables is needed.
    """

    mover: str
    family: str
    width: int
    stays: bool
    leaves: bool
    is_pass: bool
    guard: Diagram
    cube: Diagram
    new: Diagram
    cases: tuple[Case, ...]

    def image(self, states: Diagram) -> Diagram:
        """The states after the action."""
        after = states.apply_exists(BooleanOperator.AND, self.guard, self.cube) & self.new
        for case in self.cases:
            there = after & case.when
            after = after & case.otherwise
            for old, new in case.changes:
                after = after | (there.apply_exists(BooleanOperator.AND, old, case.cube) & new)
        return after

    def before(self, states: Diagram) -> Diagram:
        """The states from which the action leads into the set."""
        found = states.apply_exists(BooleanOperator.AND, self.new, self.cube)
        for case in reversed(self.cases):
            there = [
                found.apply_exists(BooleanOperator.AND, new, case.cube) & old
                for old, new in case.changes
            ]
            found = (reduce(or_, there) & case.when) | (found & case.otherwise)
        return found & self.guard


def move(
    space: Space,
    mover: str,
    conditions: Iterable[Condition],
    effects: Iterable[Effect],
    *,
    is_pass: bool,
) -> Move:
    """The move of an action of this mover with these conditions and effects."""
    conditions, effects = tuple(conditions), tuple(effects)
    changed = [effect.variable for effect in effects]
    cube = new = space.everything
    cases: list[Case] = []
    stays, leaves = True, False
    for effect in effects:
        always = effect.when == ALWAYS
        if effect.variable == TURN:
            plain = always and isinstance(effect, Set)
            stays = not plain or (isinstance(effect, Set) and effect.value == mover)
            leaves = not plain or not stays
        if isinstance(effect, Set) and always and changed.count(effect.variable) == 1:
            cube = cube & space.cube(effect.variable)
            new = new & space.value(effect.variable, effect.value)
        else:
            when = space.where(effect.when)
            cases.append(Case(when, ~when, space.cube(effect.variable), _changes(space, effect)))
    guard = space.where(All((is_(TURN, mover), *conditions)))
    family = changed[0].partition(".")[0] if changed else ""
    tests = [*conditions, *(effect.when for effect in effects)]
    width = len({TURN, *changed, *(atom.variable for it in tests for atom in atoms(it))})
    return Move(mover, family, width, stays, leaves, is_pass, guard, cube, new, tuple(cases))


def _changes(space: Space, effect: Effect) -> tuple[tuple[Diagram, Diagram], ...]:
    """Which values of the variable become which."""
    if isinstance(effect, Set):
        return ((space.everything, space.value(effect.variable, effect.value)),)
    values = space.game.variable(effect.variable).values
    return tuple(
        (space.value(effect.variable, old), space.value(effect.variable, values[new]))
        for old, new in zip(values, moved(effect, values), strict=True)
    )
