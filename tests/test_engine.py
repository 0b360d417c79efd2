"""The engine's contract, on every pack and on made-up games.

What the engine answers from its index is held against the conditions of the table, evaluated here
in the plainest way.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negsim.engine import (
    apply_action,
    initial_state,
    is_terminal,
    legal_actions,
    mover,
    observation,
    outcome,
    read,
    refusal,
    values,
)
from negsim.errors import GameError, IllegalActionError, UnknownNameError
from negsim.pack.load import LoadedPack
from negsim.rules import (
    EVERYTHING,
    NEVER,
    TURN,
    Action,
    All,
    AnyOf,
    AtLeast,
    Condition,
    Ending,
    Game,
    Is,
    Not,
    Requirement,
    Set,
    Shift,
    State,
    Variable,
    is_,
)
from tests.effort import some
from tests.games import games, walk

CHOICES = st.lists(st.integers(0, 10_000), max_size=60)


def holds(condition: Condition, now: dict[str, str]) -> bool:
    match condition:
        case Is(variable, wanted):
            return now[variable] in wanted
        case Not(part):
            return not holds(part, now)
        case All(parts):
            return all(holds(part, now) for part in parts)
        case AnyOf(parts):
            return any(holds(part, now) for part in parts)
        case AtLeast(number, parts):
            return sum(holds(part, now) for part in parts) >= number


def expected_legal(game: Game, now: dict[str, str]) -> list[str]:
    if any(ending.when is not None and holds(ending.when, now) for ending in game.endings):
        return []
    return [
        action.id
        for action in game.actions
        if action.mover == now[TURN] and all(holds(need.condition, now) for need in action.when)
    ]


def expected_after(game: Game, now: dict[str, str], action: Action) -> dict[str, str]:
    after = dict(now)
    for effect in action.then:
        if not holds(effect.when, now):
            continue
        if isinstance(effect, Set):
            after[effect.variable] = effect.value
        else:
            domain = game.variable(effect.variable).values
            place = domain.index(after[effect.variable]) + effect.by
            after[effect.variable] = domain[max(0, min(place, len(domain) - 1))]
    return after


def check_contract(game: Game, state: State) -> None:
    now = values(game, state)
    actions = legal_actions(game, state)
    assert [action.id for action in actions] == expected_legal(game, now)
    assert actions == legal_actions(game, State(bytes(state)))
    assert bool(actions) != is_terminal(game, state)
    assert (outcome(game, state) is not None) == is_terminal(game, state)
    assert mover(game, state) == (None if is_terminal(game, state) else now[TURN])
    reached = outcome(game, state)
    if reached is not None:
        first = next(e for e in game.endings if e.when is not None and holds(e.when, now))
        assert (reached.ending, reached.reason) == (first, first.reason)
    for action in game.actions:
        reason = refusal(game, state, action)
        assert refusal(game, state, action.id) == reason
        if action in actions:
            assert reason is None
            assert values(game, apply_action(game, state, action)) == expected_after(
                game, now, action
            )
        else:
            assert reason
            with pytest.raises(IllegalActionError) as caught:
                apply_action(game, state, action)
            assert caught.value.reason == reason
            assert str(caught.value) == f"{action.id} is refused: {reason}"


@given(games(), CHOICES)
@settings(max_examples=some(150))
def test_contract_on_made_up_games(game: Game, choices: list[int]) -> None:
    for state in walk(game, choices[:12]):
        check_contract(game, state)


@given(data=st.data())
@settings(max_examples=some(12))
def test_contract_on_every_pack(pack: LoadedPack, data: st.DataObject) -> None:
    level = data.draw(st.sampled_from(["full", *pack.pack.levels]))
    game = pack.at(level)
    for state in walk(game, data.draw(CHOICES))[::6]:
        check_contract(game, state)


@given(games(), CHOICES)
@settings(max_examples=some(60))
def test_a_state_is_its_values(game: Game, choices: list[int]) -> None:
    states = walk(game, choices)
    for state in states:
        same = State(
            bytes(
                game.variables[i].values.index(v)
                for i, v in enumerate(values(game, state).values())
            )
        )
        assert same == state
        assert hash(same) == hash(state)
        assert all(read(game, state, name) == value for name, value in values(game, state).items())


@given(games(), CHOICES, CHOICES)
@settings(max_examples=some(150))
def test_what_is_hidden_changes_no_observation(
    game: Game, one: list[int], other: list[int]
) -> None:
    """The values that a viewpoint sees decide its observation; the hidden and blurred do not."""
    a, b = walk(game, one)[-1], walk(game, other)[-1]
    for viewpoint in game.viewpoints:
        mixed = bytearray(b)
        for place, variable in enumerate(game.variables):
            sights = [sight for sight in variable.sights if sight.viewpoint == viewpoint]
            if not sights:
                continue
            blur = sights[0].blur
            seen, hidden = variable.values[a[place]], variable.values[b[place]]
            if blur.get(seen, seen) != blur.get(hidden, hidden):
                mixed[place] = a[place]
        assert observation(game, a, viewpoint) == observation(game, State(bytes(mixed)), viewpoint)


def test_everything_sees_every_value(pack: LoadedPack) -> None:
    state = initial_state(pack.game)
    assert observation(pack.game, state, EVERYTHING) == values(pack.game, state)


def toy() -> Game:
    """Ann can raise a level and say yes; Bob can only pass; at the top with a yes it ends."""
    raised = Requirement(is_("level", "low", "mid"), "the level is at its top", "order")
    said = Requirement(is_("said", "no"), "yes was said", "once")
    blocked = Requirement(NEVER, "this can never be", "pack")
    return Game(
        "toy",
        (
            Variable(TURN, ("ann", "bob"), "ann"),
            Variable("level", ("low", "mid", "high"), "low"),
            Variable("said", ("no", "yes"), "no"),
        ),
        (
            Action("raise/level", "ann", "Ann raises.", (raised,), (Shift("level", 1),)),
            Action("say/yes", "ann", "Ann says yes.", (said,), (Set("said", "yes"),)),
            Action("never/ever", "bob", "Never.", (blocked,)),
            Action("pass/ann", "ann", "", then=(Set(TURN, "bob"),)),
            Action("pass/bob", "bob", "", then=(Set(TURN, "ann"),)),
        ),
        (
            Ending(
                "top",
                "The top",
                "Ann is at the top.",
                All((is_("level", "high"), is_("said", "yes"))),
            ),
            Ending("lapsed", "Lapsed", "All passed.", None),
        ),
        excluded={"raise/roof": "there is no roof"},
    )


def test_refusals_say_why() -> None:
    game = toy()
    state = initial_state(game)
    assert refusal(game, state, "never/ever") == "it is the turn of ann, and this is for bob"
    assert refusal(game, state, "raise/roof") == "there is no roof"
    with pytest.raises(IllegalActionError, match="raise/roof is refused: there is no roof"):
        apply_action(game, state, "raise/roof")
    with pytest.raises(UnknownNameError) as caught:
        refusal(game, state, "raise/levle")
    assert str(caught.value) == 'no action "raise/levle" in toy; did you mean "raise/level"?'
    state = apply_action(game, apply_action(game, state, "raise/level"), "raise/level")
    assert refusal(game, state, "raise/level") == "the level is at its top (level is high)"
    state = apply_action(game, state, "say/yes")
    assert refusal(game, state, "pass/ann") == "the line has ended: The top"
    reached = outcome(game, state)
    assert reached is not None
    assert reached.reason == "Ann is at the top."


def test_unknown_names_offer_near_ones() -> None:
    game = toy()
    with pytest.raises(UnknownNameError, match='no viewpoint "nobody" in toy'):
        observation(game, initial_state(game), "nobody")
    with pytest.raises(UnknownNameError, match='no variable "lvel" in toy; did you mean "level"'):
        read(game, initial_state(game), "lvel")


@pytest.mark.parametrize(
    ("variables", "actions", "message"),
    [
        ((), (), "there is no variable turn"),
        ((("turn", "a"), ("x", "")), (), "x needs 1 to 255 distinct values"),
        ((("turn", "a"), ("turn", "a")), (), "two variables are called turn"),
        ((("turn", "a"),), (("go", "b", ()),), "go is b's, who never moves"),
        ((("turn", "a"),), (("go", "a", ()), ("go", "a", ())), "two actions have one id: go"),
        ((("turn", "a"),), (("go", "a", (Set("y", "1"),)),), "go changes y, which does not exist"),
        ((("turn", "a"),), (("go", "a", (Set("turn", "z"),)),), "go sets turn to z"),
        (
            (("turn", "a"), ("x", "01")),
            (("go", "a", (Set("x", "1", is_("x", "0")),)),),
            "an effect of go depends on x, changed too",
        ),
        (
            (("turn", "a"), ("x", "01")),
            (("go", "a", (Set("x", "1", is_("turn", "q")),)),),
            "go tests turn for q",
        ),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(
    variables: tuple[tuple[str, str], ...],
    actions: tuple[tuple[str, str, tuple[Set, ...]], ...],
    message: str,
) -> None:
    with pytest.raises(GameError) as caught:
        Game(
            "broken",
            tuple(Variable(name, tuple(domain), domain[:1]) for name, domain in variables),
            tuple(Action(name, who, "", then=then) for name, who, then in actions),
            (),
        )
    assert message in str(caught.value)
