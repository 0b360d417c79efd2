"""The judge notices a change of a single line of the explorer: so it does look at what it judges.

The games are few and built by hand, each for what some lines of the explorer are there for.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from itertools import islice
from pathlib import Path
from types import CodeType, ModuleType

import pytest

import negsim.explore.explorer
from negsim.explore.explorer import Explorer
from negsim.rules import TURN, Action, AnyOf, AtLeast, Condition, Game, Not, Set, Shift, is_
from tests.explore.compare import Comparison
from tests.explore.judge import Judge
from tests.explore.made import act, build, passing

PACKAGE = "negsim.explore"
FOLDER = Path(negsim.explore.explorer.__file__).parent
MEMORY = 1
YES_NO = ("no", "yes")
ONES, TWOS, MANY = ("0", "1", "2"), ("0", "1", "2"), ("0", "1", "2", "3", "4")


@dataclass(frozen=True)
class Mutation:
    """A line of a module, or a part of one, and what stands in its place."""

    module: str
    old: str
    new: str

    @property
    def text(self) -> str:
        """The changed text of the module. Fails where the line is not there exactly once."""
        text = (FOLDER / f"{self.module}.py").read_text(encoding="utf-8")
        times = text.count(self.old)
        assert times == 1, f"{self.module}.py has {times} times: {self.old!r}; change this table"
        return text.replace(self.old, self.new)


MUTATIONS = (
    # How states, conditions and actions become sets
    Mutation("diagrams", "count = (len(values) - 1)", "count = (len(values) - 2)"),
    Mutation("diagrams", "place >> (count - 1 - bit)", "place >> (count - bit)"),
    Mutation("diagrams", "return ~self.where(part)", "return self.where(part)"),
    Mutation("diagrams", "return held[number]", "return held[max(number - 1, 0)]"),
    Mutation("diagrams", "range(number, 0, -1)", "range(1, number + 1)"),
    Mutation("diagrams", "[name]) for name in variables)", "[name]) for name in self.order)"),
    Mutation("diagrams", "values[new])", "values[max(new - 1, 0)])"),
    Mutation(
        "diagrams",
        "states.apply_exists(BooleanOperator.AND, self.guard, self.cube)",
        "states.apply_forall(BooleanOperator.AND, self.guard, self.cube)",
    ),
    Mutation(
        "diagrams",
        "states.apply_exists(BooleanOperator.AND, self.new, self.cube)",
        "states.apply_forall(BooleanOperator.AND, self.new, self.cube)",
    ),
    Mutation(
        "diagrams",
        "found.apply_exists(BooleanOperator.AND, new, case.cube) & old",
        "found.apply_forall(BooleanOperator.AND, new, case.cube) & old",
    ),
    Mutation("diagrams", "after = after & case.otherwise", "after = after & ~after"),
    Mutation("diagrams", " | (found & case.otherwise)", ""),
    Mutation("diagrams", "return found & self.guard", "return found"),
    Mutation("diagrams", "in reversed(self.cases)", "in self.cases"),
    Mutation("diagrams", "stays = not plain or (", "stays = plain and ("),
    Mutation("diagrams", "All((is_(TURN, mover), *conditions))", "All(tuple(conditions))"),
    # Fixpoints
    Mutation("arena", "self.endings[ending.id] = here & ~ended", "self.endings[ending.id] = here"),
    Mutation("arena", "self.live = self.valid & ~ended", "self.live = self.valid"),
    Mutation("arena", "for own in moves.values():", "for own in list(moves.values())[1:]:"),
    Mutation("arena", "found = within & self.live", "found = within"),
    Mutation("arena", "self._backward(passes, goal & self.reached, live)", "goal & self.reached"),
    Mutation("arena", "self._backward(passes, further, free)", "further"),
    Mutation("arena", "if not it.is_pass]", "if it.stays]"),
    Mutation("arena", "if mover in coalition:", "if mover in list(coalition)[1:]:"),
    Mutation("arena", "won | (here & ~self._others", "won | (here & self._others"),
    Mutation("arena", "escapes = here & self.stuck", "escapes = self.space.none"),
    Mutation("arena", "(*self.leaves[mover], *self.stays[mover])", "self.leaves[mover]"),
    Mutation("arena", "(*self.leaves[mover], *self.stays[mover])", "self.stays[mover]"),
    Mutation("arena", "escapes = escapes | self.can_stay(mover, here)", "pass"),
    Mutation("arena", "return self._backward(self.stays[mover], escapes, here)", "return escapes"),
    Mutation(
        "arena", "lost = self.reached & ~won & ~here", "lost = self.reached & ~won & self.live"
    ),
    Mutation("arena", "found = found & ~it.guard", "found = found & it.guard"),
    # The part that a question depends on
    Mutation("slices", "matter = {TURN, *asked}", "matter = {TURN}"),
    Mutation("slices", "[need.condition for need in action.when]\n", "[]\n"),
    Mutation("slices", "conditions += [effect.when for effect in effects]", "pass"),
    Mutation("slices", "if action.is_pass and not action.when", "if action.is_pass"),
    Mutation("slices", "if action.is_pass or own is None:", "if own is None:"),
    Mutation("slices", "frozenset(effects) == frozenset(_w", "frozenset(effects) <= frozenset(_w"),
    Mutation("slices", "Row(action.mover, action.is_pass,", "Row(action.mover, False,"),
    Mutation("slices", "and it.when == ALWAYS", "and it.when is not None"),
    Mutation("slices", "and it.value != action.mover", "and it.value"),
    Mutation("slices", "if those and all(old", "if those and any(old"),
    Mutation("slices", "if not _has_cycle(graph):", "if graph:"),
    Mutation("slices", "after if effect.when == ALWAYS else edges | after", "after"),
    Mutation("slices", "(old, table[new])", "(old, table[old])"),
    Mutation("slices", "return True\n        edges = kept", "return False\n        edges = kept"),
    Mutation("slices", "return all(_turn_ends", "return any(_turn_ends"),
    # Questions
    Mutation("explorer", " if self.turns_end else frozenset(self.order)", ""),
    Mutation("explorer", "arena.can_reach(arena.can_go_on(arena.reached))", "arena.reached"),
    Mutation("explorer", "others = self._others(coalition)", "others = frozenset(coalition)"),
    Mutation(
        "explorer", "return frozenset(self.game.movers) -", "return frozenset(self.parties) -"
    ),
    Mutation("explorer", "not any(smaller <= coalition for smaller in found) and ", ""),
    Mutation("explorer", "if not self.possible(goal, after)", "if self.possible(goal, after)"),
    Mutation("explorer", "name for name in after if name not in before", "after"),
    Mutation("explorer", "name for name in before if name not in after", "before"),
    Mutation("explorer", "(it for it in actions if it.is_pass), ", "iter(()), "),
    Mutation("explorer", "rank < best[0]", "rank > best[0]"),
    Mutation("explorer", "return low if low < len(stages) else None", "return 0"),
    Mutation("explorer", "range(len(self.parties) + 1)", "range(len(self.parties))"),
    Mutation("explorer", "for _ in self.game.movers:", "for _ in self.game.movers[2:]:"),
)


class _ChangedText(SourceFileLoader):
    """Runs the changed text of a module, whatever is compiled of it already."""

    def __init__(self, mutation: Mutation) -> None:
        super().__init__(f"{PACKAGE}.{mutation.module}", str(FOLDER / f"{mutation.module}.py"))
        self.mutation = mutation

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.mutation.text, self.path, "exec", dont_inherit=True)


class _Finder(MetaPathFinder):
    """Finds the one module that a mutation changes."""

    def __init__(self, mutation: Mutation) -> None:
        self.mutation = mutation

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != f"{PACKAGE}.{self.mutation.module}":
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        assert spec is not None
        spec.loader = _ChangedText(self.mutation)
        return spec


@contextmanager
def _kept() -> Iterator[None]:
    """Forgets the explorer's modules for a while, and puts them back."""
    parent = sys.modules[PACKAGE]
    attributes = dict(vars(parent))
    modules = {name: it for name, it in sys.modules.items() if name.startswith(f"{PACKAGE}.")}
    for name in modules:
        del sys.modules[name]
    try:
        yield
    finally:
        for name in [it for it in sys.modules if it.startswith(f"{PACKAGE}.")]:
            del sys.modules[name]
        sys.modules.update(modules)
        vars(parent).update(attributes)


def changed_explorer(mutation: Mutation) -> type[Explorer]:
    """The explorer over a fresh import of its modules, one with the changed line."""
    finder = _Finder(mutation)
    with _kept():
        sys.meta_path.insert(0, finder)
        try:
            found: type[Explorer] = importlib.import_module(f"{PACKAGE}.explorer").Explorer
        finally:
            sys.meta_path.remove(finder)
    return found


# The games


def latched() -> Game:
    """Two parties and nature, slots that change once a turn, and colours that matter to nothing."""
    passes = passing(
        "ann",
        "bob",
        "nature",
        then={
            "ann": [Set("slot", "no")],
            "bob": [Set("lock", "no"), Set("tint", "0", is_("mark", "yes"))],
            "nature": [Shift("clock", 1)],
        },
    )
    free, open_ = is_("slot", "no"), is_("lock", "no")
    spent, shut = Set("slot", "yes"), Set("lock", "yes")
    return build(
        "latched",
        ("ann", "bob", "nature"),
        {
            "offer": MANY,
            "clock": ONES,
            "mark": YES_NO,
            "mood": YES_NO,
            "tint": TWOS,
            "slot": YES_NO,
            "lock": YES_NO,
        },
        [
            act("do/raise", "ann", Shift("offer", 1), spent, when=[free]),
            act("do/drop", "ann", Shift("offer", -2, is_("mark", "yes")), spent, when=[free]),
            act("do/paint", "ann", Set("tint", "1"), spent, when=[free]),
            act("do/redo", "ann", Set("tint", "2"), Set("slot", "no"), Set(TURN, "bob")),
            act("do/hurry", "ann", Set(TURN, "bob")),
            act(
                "do/mark",
                "bob",
                Set("mark", "yes"),
                Shift("offer", 1, is_("mood", "yes")),
                shut,
                when=[open_, Not(is_("offer", "0"))],
            ),
            act("do/cheer", "bob", Set("mood", "yes"), shut, when=[open_]),
            act("do/take", "bob", Set("clock", "2"), shut, when=[open_, is_("offer", "3", "4")]),
            act("do/wipe", "bob", Set("mark", "no"), Set("lock", "no"), Set(TURN, "nature")),
            act("do/calm", "nature", Set(TURN, "ann")),
            *passes,
        ],
        {
            "deal": AtLeast(2, (is_("offer", "4"), is_("mark", "yes"), is_("clock", "2"))),
            "late": is_("clock", "2"),
            "high": is_("offer", "4"),
        },
    )


def circular() -> Game:
    """Turns that need not end: what ann does she can take back."""
    return build(
        "circular",
        ("ann", "bob"),
        {"v": ONES, "w": YES_NO, "x": YES_NO},
        [
            act("do/up", "ann", Shift("v", 1), when=[Not(is_("v", "2"))]),
            act("do/down", "ann", Shift("v", -1), when=[is_("v", "1")]),
            act("do/turn", "ann", Set("x", "yes", is_("v", "1")), when=[is_("x", "no")]),
            act("do/end", "bob", Set("w", "yes"), when=[is_("v", "2")]),
            act("do/maybe", "bob", Set(TURN, "ann", is_("x", "yes")), Set("w", "no")),
            *passing("ann", "bob"),
        ],
        {"ended": is_("w", "yes")},
    )


def endless() -> Game:
    """Ann paints for ever, which matters to no ending, unless she stops."""
    return build(
        "endless",
        ("ann", "bob"),
        {"tint": YES_NO, "over": YES_NO},
        [
            act("do/red", "ann", Set("tint", "yes")),
            act("do/blue", "ann", Set("tint", "no")),
            act("do/stop", "ann", Set("over", "yes")),
            act("do/over", "bob", Set("over", "yes")),
            act("do/on", "ann", Set(TURN, "bob")),
        ],
        {"stopped": is_("over", "yes")},
    )


def pushed() -> Game:
    """Each must act and then pass; a trap leaves nobody a way on."""
    return build(
        "pushed",
        ("ann", "bob"),
        {"v": ONES, "w": YES_NO, "z": MANY},
        [
            act("do/one", "ann", Set("v", "1"), when=[is_("v", "0")]),
            act(
                "do/two", "ann", Set("v", "2"), Shift("z", 3), Shift("z", -1), when=[is_("v", "1")]
            ),
            act("do/hand", "ann", Set(TURN, "bob"), when=[is_("v", "2")]),
            act("do/trap", "bob", Set("w", "yes"), when=[is_("w", "no")]),
            act("do/end", "bob", Set("z", "4"), when=[is_("w", "no")]),
            act("pass/ann", "ann", Set(TURN, "bob"), when=[is_("v", "1")]),
            act("do/slip", "ann", Set(TURN, "bob"), when=[is_("v", "0")]),
            act("pass/bob", "bob", Set(TURN, "ann"), Set("v", "0"), when=[is_("w", "no")]),
        ],
        {"full": is_("z", "4"), "unmet": Not(AnyOf((is_("v", *ONES), is_("w", "no"))))},
    )


def going_round() -> Iterator[Game]:
    """Games in which ann can act for ever, though each is near to one in which she cannot."""
    zero, one = is_("v", "0"), is_("v", "1")
    rounds: dict[str, list[Action]] = {
        "at-times": [act("do/a", "ann", Set(TURN, "bob", one))],
        "to-herself": [act("do/a", "ann", Set(TURN, "ann"))],
        "to-the-end": [act("do/a", "ann", Shift("v", 1))],
        "back-and-forth": [
            act("do/a", "ann", Shift("v", 1), when=[zero]),
            act("do/b", "ann", Shift("v", -1), when=[one]),
        ],
        "down-and-up": [
            act("do/a", "ann", Shift("v", -1), Shift("v", 1), when=[Not(is_("v", "2"))])
        ],
        "half-shut": [act("do/a", "ann", Set("v", "1", is_("w", "yes")), when=[zero])],
    }
    for name, actions in rounds.items():
        known = {"v": ONES, "w": YES_NO}
        yield build(name, ("ann", "bob"), known, [*actions, *passing("ann", "bob")], {})


GAMES: tuple[tuple[Game, tuple[Condition, ...]], ...] = (
    (pushed(), (is_("w", "yes"), is_("z", "3"))),
    (circular(), (is_("x", "yes"), is_("v", "2"))),
    (endless(), (is_("tint", "yes"),)),
    *((game, ()) for game in going_round()),
    (latched(), (is_("tint", "2"), is_("offer", "1"))),
)


@cache
def judges() -> tuple[Judge, ...]:
    """The judges, who do not depend on what is changed."""
    return tuple(Judge(game) for game, _ in GAMES)


def noticed(explorer: type[Explorer]) -> Iterator[str]:
    """What the judges hold against this explorer."""
    for judge, (game, asked) in zip(judges(), GAMES, strict=True):
        try:
            found = Comparison(explorer(game, memory=MEMORY), judge, asked, most=40)
            yield from found.differences()
        except (AssertionError, RuntimeError) as error:
            yield f"the explorer contradicts itself: {error}"


def test_nothing_is_noticed_where_nothing_is_changed() -> None:
    assert list(islice(noticed(Explorer), 3)) == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda it: f"{it.module}: {it.old} -> {it.new}")
def test_a_changed_line_is_noticed(mutation: Mutation) -> None:
    assert next(noticed(changed_explorer(mutation)), None) is not None


def test_a_changed_line_stays_with_its_test() -> None:
    before = {name: it for name, it in sys.modules.items() if name.startswith(PACKAGE)}
    changed = changed_explorer(MUTATIONS[0])
    after = {name: it for name, it in sys.modules.items() if name.startswith(PACKAGE)}
    assert before == after
    assert changed is not Explorer
    assert negsim.explore.explorer is sys.modules[f"{PACKAGE}.explorer"]
