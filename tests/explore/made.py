"""Games for the explorer: made up by hypothesis with turns that end, and some built by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain

from hypothesis import strategies as st

from negsim.rules import (
    ALWAYS,
    TURN,
    Action,
    All,
    AnyOf,
    AtLeast,
    Condition,
    Effect,
    Ending,
    Game,
    Is,
    Not,
    Requirement,
    Set,
    Shift,
    Variable,
    atoms,
    is_,
)
from tests.explore.judge import holds

Values = Mapping[str, tuple[str, ...]]
"""The values of each variable."""


# Built by hand


def act(action_id: str, mover: str, *effects: Effect, when: Sequence[Condition] = ()) -> Action:
    """An action with these effects where all of `when` hold."""
    needs = tuple(
        Requirement(condition, f"{action_id} is not allowed", "pack") for condition in when
    )
    return Action(action_id, mover, action_id, needs, effects)


def passing(*movers: str, then: Mapping[str, Sequence[Effect]] | None = None) -> list[Action]:
    """A pass for each mover, to the next; `then` adds to what a mover's pass changes."""
    following = (*movers[1:], movers[0])
    return [
        act(f"pass/{mover}", mover, *(then or {}).get(mover, ()), Set(TURN, after))
        for mover, after in zip(movers, following, strict=True)
    ]


def build(
    game_id: str,
    movers: Sequence[str],
    variables: Values,
    actions: Sequence[Action],
    endings: Mapping[str, Condition],
) -> Game:
    """A game that starts at the first values; it lapses where nothing else ends it."""
    everything = {TURN: tuple(movers), **variables}
    return Game(
        game_id,
        tuple(Variable(name, values, values[0]) for name, values in everything.items()),
        tuple(actions),
        (
            *(Ending(name, name, f"it is {name}", when) for name, when in endings.items()),
            Ending("lapsed", "lapsed", "all passed", None),
        ),
    )


# Made up


@st.composite
def conditions(draw: st.DrawFn, known: Values, depth: int = 2) -> Condition:
    """Any condition on the variables, the empty ones among them."""
    kinds = ["is", "is", "is", "not", "all", "any", "count"]
    kind = draw(st.sampled_from(kinds)) if depth else "is"
    if kind == "is":
        name = draw(st.sampled_from(sorted(known)))
        return Is(name, draw(st.frozensets(st.sampled_from(known[name]), min_size=1, max_size=2)))
    if kind == "not":
        return Not(draw(conditions(known, depth - 1)))
    parts = tuple(draw(st.lists(conditions(known, depth - 1), max_size=3)))
    if kind == "all":
        return All(parts)
    if kind == "any":
        return AnyOf(parts)
    return AtLeast(draw(st.integers(0, len(parts) + 1)), parts)


@st.composite
def effects(draw: st.DrawFn, known: Values) -> tuple[Effect, ...]:
    """Changes of one or two of the variables, in all cases or in some."""
    changed = draw(st.lists(st.sampled_from(sorted(known)), min_size=1, max_size=2, unique=True))
    tested = {name: values for name, values in known.items() if name not in changed}
    found: list[Effect] = []
    for name in changed:
        when: Condition = ALWAYS
        if draw(st.booleans()) and tested:
            when = draw(conditions(tested, 1))
        if draw(st.booleans()):
            found.append(Set(name, draw(st.sampled_from(known[name])), when))
        else:
            found.append(Shift(name, draw(st.integers(-2, 2)), when))
    return tuple(found)


@st.composite
def latched_games(draw: st.DrawFn, *, flaws: bool = False) -> Game:
    """Games whose turns end: each action can be taken once in a turn, and the mover's pass, or a
    jump that hands the turn over, makes it free again.

    Endings test only some of the variables, so that the others do not matter to them. With `flaws`
    some actions miss a part of that, so that a turn may well not end.
    """
    movers = draw(st.sampled_from([("ann", "bob"), ("ann", "nature"), ("ann", "bob", "nature")]))
    sizes = draw(st.sampled_from([(2, 3), (3, 4), (5, 2), (3, 3), (2, 2, 3), (2, 3, 3)]))
    known = {
        f"v{number}": tuple(str(value) for value in range(size))
        for number, size in enumerate(sizes)
    }
    latches: dict[str, list[str]] = {mover: [] for mover in movers}
    actions = []
    for number in range(draw(st.integers(3, 5))):
        mover = movers[number] if number < len(movers) else draw(st.sampled_from(movers))
        own = latches[mover]
        latch = f"l{number}"
        if own and draw(st.integers(0, 3)) == 0:
            latch = own[0]
        else:
            own.append(latch)
        sort = draw(st.integers(0, 11)) if flaws else 11
        needs: list[Condition] = [] if sort < 2 else [is_(latch, "no")]
        changes = list(draw(effects(known)))
        if draw(st.integers(0, 5)) == 0:
            changes.append(Set(TURN, draw(st.sampled_from(movers)), draw(conditions(known, 1))))
            changes = _consistent(changes)
        if sort == 2:
            changes.append(Set(latch, "yes", draw(conditions({TURN: movers}, 0))))
            changes = _consistent(changes)
        elif sort != 3:
            changes.append(Set(latch, "yes"))
        needs += draw(st.lists(conditions(known, 0), max_size=1))
        actions.append(act(f"do/{number}", mover, *changes, when=needs))
    passes = passing(
        *movers, then={it: [Set(latch, "no") for latch in latches[it]] for it in movers}
    )
    for number in range(draw(st.integers(0, 2))):
        leaving = draw(st.sampled_from(passes))
        done = draw(effects(known))
        only = draw(st.lists(conditions(known, 0), max_size=1))
        to = draw(st.sampled_from([it for it in movers if it != leaving.mover]))
        actions.append(
            act(
                f"jump/{number}",
                leaving.mover,
                *done,
                *leaving.then[:-1],
                Set(TURN, to),
                when=only,
            )
        )
    if draw(st.booleans()):
        clock = draw(st.sampled_from(sorted(known)))
        first = passes[0]
        passes[0] = act(first.id, first.mover, Shift(clock, 1), *first.then)
    actions += passes
    closed = {name: ("no", "yes") for name in chain(*latches.values())}
    tested = {"v0": known["v0"]} if draw(st.integers(0, 2)) else known
    endings = draw(st.lists(conditions(tested, 1), min_size=1, max_size=2))
    return opened(
        build(
            "latched",
            movers,
            {**known, **closed},
            actions,
            {f"e{number}": condition for number, condition in enumerate(endings)},
        )
    )


def opened(game: Game) -> Game:
    """The game, each ending that would hold at its start turned round: so there is more to see."""
    start = {variable.id: variable.start for variable in game.variables}
    return replace(
        game,
        endings=tuple(
            ending
            if ending.when is None or not holds(ending.when, start)
            else replace(ending, when=Not(ending.when))
            for ending in game.endings
        ),
    )


def _consistent(changes: Sequence[Effect]) -> list[Effect]:
    """The changes without those conditions that test what another of them changes."""
    changed = {it.variable for it in changes}
    return [
        it
        if not {atom.variable for atom in atoms(it.when)} & changed
        else (Set(it.variable, it.value) if isinstance(it, Set) else Shift(it.variable, it.by))
        for it in changes
    ]


@st.composite
def with_questions(
    draw: st.DrawFn, made: st.SearchStrategy[Game]
) -> tuple[Game, tuple[Condition, ...]]:
    """A game and some conditions on its variables to ask for."""
    game = opened(draw(made))
    known = {variable.id: variable.values for variable in game.variables}
    return game, tuple(draw(st.lists(conditions(known), min_size=1, max_size=2)))
