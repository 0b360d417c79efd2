"""Small games that hypothesis makes up, and random walks through any game."""

from __future__ import annotations

from hypothesis import strategies as st

from negsim.engine import apply_action, initial_state, legal_actions
from negsim.rules import (
    TURN,
    Action,
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
    Sight,
    State,
    Variable,
)

MOVERS = ("ann", "bob", "nature")
VALUES = ("low", "mid", "high")


@st.composite
def conditions(draw: st.DrawFn, names: list[str], depth: int = 2) -> Condition:
    kind = draw(st.sampled_from(["is", "is", "not", "any", "count"] if depth else ["is"]))
    if kind == "is":
        values = draw(st.frozensets(st.sampled_from(VALUES), min_size=1, max_size=2))
        return Is(draw(st.sampled_from(names)), values)
    if kind == "not":
        return Not(draw(conditions(names, depth - 1)))
    parts = tuple(draw(st.lists(conditions(names, depth - 1), min_size=1, max_size=3)))
    if kind == "any":
        return AnyOf(parts)
    return AtLeast(draw(st.integers(1, len(parts))), parts)


@st.composite
def effects(draw: st.DrawFn, names: list[str]) -> tuple[Effect, ...]:
    changed = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
    unchanged = [name for name in names if name not in changed]
    found: list[Effect] = []
    for name in changed:
        more: dict[str, Condition] = {}
        if draw(st.booleans()) and unchanged:
            more["when"] = draw(conditions(unchanged, 1))
        if draw(st.booleans()):
            found.append(Set(name, draw(st.sampled_from(VALUES)), **more))
        else:
            found.append(Shift(name, draw(st.integers(-2, 2)), **more))
    return tuple(found)


@st.composite
def games(draw: st.DrawFn) -> Game:
    """Up to four variables of three values, three movers who can always pass, and some endings."""
    names = [f"v{place}" for place in range(draw(st.integers(2, 4)))]
    variables = [Variable(TURN, MOVERS, MOVERS[0], sights=(Sight("ann"), Sight("bob")))]
    for name in names:
        sights: list[Sight] = []
        for viewpoint in ("ann", "bob"):
            if draw(st.booleans()):
                blur = {"low": "lower", "mid": "lower"} if draw(st.booleans()) else {}
                sights.append(Sight(viewpoint, blur=blur))
        start = draw(st.sampled_from(VALUES))
        variables.append(Variable(name, VALUES, start, sights=tuple(sights)))
    actions = []
    for place in range(draw(st.integers(1, 6))):
        needs = tuple(
            Requirement(condition, f"need {number} of a{place} fails", "pack")
            for number, condition in enumerate(draw(st.lists(conditions(names), max_size=2)))
        )
        mover = draw(st.sampled_from(MOVERS))
        actions.append(Action(f"do/a{place}", mover, f"a{place}", needs, draw(effects(names))))
    for mover, following in zip(MOVERS, (*MOVERS[1:], MOVERS[0]), strict=True):
        actions.append(Action(f"pass/{mover}", mover, "", then=(Set(TURN, following),)))
    endings = [
        Ending(f"e{place}", f"E{place}", f"reason {place}", condition)
        for place, condition in enumerate(draw(st.lists(conditions(names), max_size=2)))
    ]
    endings.append(Ending("lapsed", "Lapsed", "all passed", None))
    return Game(
        "made-up", tuple(variables), tuple(actions), tuple(endings), viewpoints=("ann", "bob")
    )


def walk(game: Game, choices: list[int]) -> list[State]:
    """The states of a line that takes, at each state, the action that a number picks."""
    states = [initial_state(game)]
    for choice in choices:
        actions = legal_actions(game, states[-1])
        if not actions:
            break
        states.append(apply_action(game, states[-1], actions[choice % len(actions)]))
    return states
