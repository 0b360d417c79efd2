"""Orders of variables: each is one, none changes an answer, and memory is never exceeded."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oxidd.bcdd import BCDDFunction, BCDDManager

from negsim import store
from negsim.engine import initial_state
from negsim.explore import diagrams, tuning
from negsim.explore.diagrams import Diagram, NotDecidedError, Space
from negsim.explore.explorer import Explorer
from negsim.explore.order import completed, copy, force_order, sifted, touched
from negsim.explore.seats import Seat
from negsim.explore.soundness import prove_sound
from negsim.explore.tuning import good_order
from negsim.pack.load import LoadedPack
from negsim.pack.order import MOST, read_order, write_order
from negsim.rules import TURN, Game, State
from tests import small_packs
from tests.effort import some
from tests.explore.judge import Judge
from tests.explore.made import latched_games

MEMORY = 2
"""Megabytes: more than enough for small games, and quickly allocated."""
SMALL = small_packs.small_game(small_packs.confidential())
NAMES = tuple(variable.id for variable in SMALL.variables)
JUDGE = Judge(SMALL)


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder for what is kept, so that the user's own is left alone."""
    monkeypatch.setenv("NEGSIM_HOME", str(tmp_path / "home"))


def names(game: Game) -> list[str]:
    return sorted(variable.id for variable in game.variables)


# Orders that are found


@settings(max_examples=some(30))
@given(latched_games())
def test_the_first_order_has_every_variable_once(game: Game) -> None:
    order = force_order(game)
    assert sorted(order) == names(game)
    assert force_order(game) == order


def test_the_first_order_of_what_ships(packs: dict[str, LoadedPack]) -> None:
    for pack in packs.values():
        for game in pack.games.values():
            order = force_order(game)
            assert sorted(order) == names(game)
            assert force_order(game) == order


def spans(game: Game, order: Sequence[str]) -> float:
    """How far what one action touches is apart, on average."""
    place = {name: number for number, name in enumerate(order)}
    groups = {touched(action) for action in game.actions}
    return sum(
        (max(place[name] for name in group) - min(place[name] for name in group)) / len(group)
        for group in groups
    )


def test_the_first_order_brings_together_what_is_touched_together(january: LoadedPack) -> None:
    game = january.game
    shuffled = names(game)
    random.Random(1).shuffle(shuffled)
    table = [variable.id for variable in game.variables]
    assert spans(game, force_order(game)) < min(spans(game, shuffled), spans(game, table))


def test_what_an_action_touches() -> None:
    """What it tests, what it changes, what its changes depend on, and whose turn it is."""
    for action in SMALL.actions:
        found = touched(action)
        assert TURN in found
        assert {effect.variable for effect in action.then} <= found
    tested = touched(SMALL.action("decide/letter/lapse"))
    assert {"letter.status", "letter.decision"} <= tested


def test_a_good_order_has_every_variable_once(two_towns: LoadedPack) -> None:
    order = good_order(two_towns.game)
    assert sorted(order) == names(two_towns.game)
    assert good_order(two_towns.game) == order


def test_a_good_order_is_found_by_sifting(
    two_towns: LoadedPack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The two towns are sifted only if little is thought to be much."""
    game = two_towns.game
    monkeypatch.setattr(tuning, "FIRST_SIFT", 50)
    said: list[str] = []
    order = good_order(game, watch=lambda what, nodes: said.append(what))
    assert "an order of the variables" in said
    assert sorted(order) == names(game)
    assert good_order(game) == order
    found, first = Explorer(game, order), Explorer(game, force_order(game))
    assert found.whole.reached.node_count() < first.whole.reached.node_count()
    assert found.count() == first.count()


# Orders that are given


def test_a_whole_hint_is_taken_as_it_is() -> None:
    for order in (NAMES, NAMES[::-1]):
        assert completed(order, SMALL) == order


def test_no_hint_is_the_first_order() -> None:
    assert completed((), SMALL) == force_order(SMALL)


def test_unknown_names_are_passed_over_and_each_name_counts_once() -> None:
    order = NAMES[::-1]
    assert completed(["gone", *order[:2], "", order[0], *order, "also/gone"], SMALL) == order


@given(st.lists(st.sampled_from([*NAMES, "gone", "lost"]), max_size=12))
def test_any_hint_gives_an_order(hint: list[str]) -> None:
    """What it names keeps its order; what it lacks joins it."""
    order = completed(hint, SMALL)
    assert sorted(order) == names(SMALL)
    known = [name for name in dict.fromkeys(hint) if name in NAMES]
    assert [name for name in order if name in known] == known


def test_what_a_hint_lacks_goes_beside_its_neighbour() -> None:
    order = force_order(SMALL)
    for number, name in enumerate(order):
        hint = [it for it in order[::-1] if it != name]
        found = completed(hint, SMALL)
        if number:
            assert found.index(name) == found.index(order[number - 1]) + 1
        else:
            assert found[0] == name


def test_the_order_of_a_pack_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert read_order(tmp_path) == ()
    write_order(tmp_path, NAMES)
    assert read_order(tmp_path) == NAMES
    file = tmp_path / "order.txt"
    assert file.read_bytes().count(b"\r") == 0
    file.write_text("# a note\n\n  turn  \r\nletter.gate", encoding="utf-8")
    assert read_order(tmp_path) == ("turn", "letter.gate")
    file.write_bytes(b"\xff\xfe")
    assert read_order(tmp_path) == ()
    file.write_text("x\n" * MOST, encoding="utf-8")
    assert len(read_order(tmp_path)) == MOST // 2
    file.unlink()
    file.mkdir()
    assert read_order(tmp_path) == ()


def test_the_order_that_january_brings_is_whole(january: LoadedPack) -> None:
    assert sorted(january.order) == names(january.game)


# Copies


def states_of(space: Space, found: Diagram) -> set[State]:
    return {state for state in JUDGE.states if space.contains(found, state)}


@settings(max_examples=some(30))
@given(st.permutations(NAMES), st.permutations(NAMES), st.integers(0, 2**20 - 1))
def test_a_copy_is_the_same_set_in_any_order(one: list[str], two: list[str], chosen: int) -> None:
    states = {it for number, it in enumerate(JUDGE.states) if chosen >> number % 20 & 1}
    first, second = Space(SMALL, one, MEMORY), Space(SMALL, two, MEMORY)
    found = first.none
    for state in states:
        found = found | first.state(state)
    bits = {
        old: new
        for name in one
        for old, new in zip(first.bits[name], second.bits[name], strict=True)
    }
    copied = copy(found, second.manager, bits)
    assert states_of(second, copied) == states
    assert second.count(copied, NAMES) == len(states)
    assert copy(~found, second.manager, bits) == ~copied


def test_nothing_and_everything_are_copied() -> None:
    space, other = Space(SMALL, NAMES, MEMORY), Space(SMALL, NAMES[::-1], MEMORY)
    assert copy(space.none, other.manager, {}) == other.none
    assert copy(space.everything, other.manager, {}) == other.everything


def test_a_deep_set_is_copied() -> None:
    """Deeper than the interpreter can call itself."""
    one, two = (BCDDManager(100_000, 10_000, 1) for _ in range(2))
    bits, others = one.add_vars(3000), two.add_vars(3000)
    found: BCDDFunction = one.true()
    for bit in reversed(bits):
        found = found & one.var(bit)
    copied = copy(found, two, dict(zip(bits, others, strict=True)))
    assert copied.node_count() == found.node_count()
    assert copied.sat_count(3000) == 1


# Sifting


@settings(max_examples=some(15))
@given(st.permutations(NAMES))
def test_sifting_never_makes_a_set_larger(order: list[str]) -> None:
    explorer = Explorer(SMALL, order, MEMORY)
    before = explorer.whole.reached
    better = sifted(before, explorer.space.bits, order)
    assert sorted(better) == names(SMALL)
    assert sifted(before, explorer.space.bits, order) == better
    after = Explorer(SMALL, better, MEMORY).whole.reached
    assert after.node_count() <= before.node_count()


def test_sifting_finds_what_belongs_together(two_towns: LoadedPack) -> None:
    order = names(two_towns.game)
    random.Random(3).shuffle(order)
    explorer = Explorer(two_towns.game, order)
    before = explorer.whole.reached
    better = sifted(before, explorer.space.bits, order)
    after = Explorer(two_towns.game, better).whole.reached
    assert after.node_count() < 0.7 * before.node_count()


# Any order gives the same answers


@settings(max_examples=some(15))
@given(st.permutations(NAMES))
def test_answers_are_those_of_every_order(order: list[str]) -> None:
    explorer = Explorer(SMALL, order, MEMORY)
    assert explorer.count() == len(JUDGE.states)
    for goal in explorer.endings:
        forced = {name: JUDGE.forces({name}, goal.name) for name in explorer.parties}
        possible = JUDGE.possible(goal.name)
        for state in JUDGE.states:
            assert explorer.possible(goal, state) == (state in possible)
            for name, states in forced.items():
                assert explorer.forces({name}, goal, state) == (state in states)
    start = initial_state(SMALL)
    first = Explorer(SMALL, memory=MEMORY)
    assert first.endings == explorer.endings
    for goal in first.endings:
        assert first.line(goal, start) == explorer.line(goal, start)
        assert first.smallest(goal, start) == explorer.smallest(goal, start)
    assert prove_sound(first) == prove_sound(explorer)


# Memory


def test_too_little_memory_is_said(january: LoadedPack) -> None:
    """In every question; what is not decided is not answered."""
    game = january.game
    order = completed(january.order, game)
    start = initial_state(game)

    def ending(explorer: Explorer) -> object:
        return explorer.possible(explorer.ending("interim"), start)

    for ask in (
        Explorer.count,
        ending,
        prove_sound,
        lambda explorer: explorer.smallest(explorer.ending("interim"), start),
    ):
        with pytest.raises(NotDecidedError) as caught:
            ask(Explorer(game, order, 1))
        assert str(caught.value) == (
            "not decided within 1 MB; allow more with --memory, or ask at a simpler level"
        )
        assert caught.value.memory == 1


def test_with_little_memory_an_answer_is_right_or_none(january: LoadedPack) -> None:
    """The basic level from little memory up to enough; with a poor order it needs more."""
    game = january.at("basic")
    right = Explorer(game, memory=20).count()
    told: list[int | None] = []
    for order in (force_order(game), names(game)):
        for memory in (1, 2, 4, 20):
            try:
                told.append(Explorer(game, order, memory).count())
            except NotDecidedError:
                told.append(None)
    assert right in told
    assert {*told} <= {None, right}


def test_an_explorer_that_lacked_memory_can_be_asked_again(january: LoadedPack) -> None:
    """What it could not finish is not taken for finished."""
    game = january.game
    explorer = Explorer(game, completed(january.order, game), 1)
    for _ in range(2):
        with pytest.raises(NotDecidedError):
            explorer.count()
    assert explorer.kept == {}


QUESTIONS: dict[str, Callable[[Explorer], object]] = {
    "count": Explorer.count,
    "prove": prove_sound,
    "possible": lambda it: it.still_possible(initial_state(it.game)),
    "forces": lambda it: it.smallest(it.endings[0], initial_state(it.game)),
    "seat": lambda it: Seat(it, "public", initial_state(it.game)).possible(it.endings[0]),
}


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
def test_with_next_to_no_memory_nothing_else_is_said(
    january: LoadedPack, ask: Callable[[Explorer], object], tmp_path: Path
) -> None:
    """Wherever it runs out: while the variables, the actions or the answers are worked out."""
    game = january.at("basic")
    right = ask(Explorer(game))

    def asked(nodes: int) -> object:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("NEGSIM_HOME", str(tmp_path / str(nodes)))
            patch.setattr(diagrams, "BCDDManager", lambda *sizes: BCDDManager(nodes, 1 << 12, 1))
            try:
                with store.explored(game, force_order(game), 1) as explorer:
                    return ask(explorer)
            except NotDecidedError:
                return None

    told = [asked(nodes) for nodes in (250, 500, 1000, 2000, 4000, 500_000)]
    assert all(it in (None, right) for it in told)
    assert told[0] is None
    assert told[-1] == right


def test_too_little_memory_for_an_order_is_said(january: LoadedPack) -> None:
    """A pack need not bring one, and finding it takes memory too."""
    with pytest.raises(NotDecidedError):
        good_order(january.game, 1)
