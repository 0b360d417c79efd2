"""Who moves where nobody is asked: the record, a rule, chance."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negsim.engine import legal_actions, mover
from negsim.journal import AnyEntry
from negsim.others import CALM, advance, all_passed, by_chance, draw, false_draws, unasked
from negsim.pack.catalogue import find_pack
from negsim.pack.load import LoadedPack, load_pack
from negsim.pack.models import Others
from negsim.session import Case, Session, replayed
from tests.play.table import as_journal, header

TOWNS = Case(load_pack(find_pack("two-towns")))


def session(pack: LoadedPack, seat: str | None, others: Others = "wait", seed: int = 1) -> Session:
    return Session(Case(pack), header(pack, seat=seat, others=others, seed=seed))


def on_record(pack: LoadedPack, seat: str) -> Session:
    """A session whose seat does what the record does, to its end."""
    sitting = session(pack, seat)
    while (step := sitting.case.following(sitting.here)) is not None:
        chosen = unasked(sitting, sitting.here)
        if chosen is not None:
            assert chosen[0] == step.action
        sitting.apply(step.action)
    return sitting


@pytest.mark.parametrize("seat", ["highwell", "lowmill"])
def test_who_does_what_the_record_does_comes_to_its_end(two_towns: LoadedPack, seat: str) -> None:
    sitting = on_record(two_towns, seat)
    assert sitting.here is sitting.case.trunk[-1]
    assert sitting.left_record(sitting.here) is None


@pytest.mark.parametrize("seat", ["russia", "us", "nato", "allies"])
def test_every_seat_of_january_can_follow_the_record(january: LoadedPack, seat: str) -> None:
    sitting = on_record(january, seat)
    assert sitting.here is sitting.case.trunk[-1]


def test_a_line_that_comes_back_to_a_state_of_the_record_is_followed_on(
    two_towns: LoadedPack,
) -> None:
    sitting = session(two_towns, "lowmill")
    sitting.goto("r3")
    for action in ("pass/lowmill", "pass/nature", "pass/highwell"):
        sitting.apply(action)
    joined = sitting.joins_record(sitting.here)
    assert joined is not None
    assert joined.id == "r3"
    following = sitting.case.following(sitting.here)
    assert following is not None
    assert following.id == "r4"


def test_off_the_record_the_others_wait(two_towns: LoadedPack) -> None:
    sitting = session(two_towns, "highwell")
    sitting.apply("posture/highwell/build-up")
    sitting.apply("pass/highwell")
    moves = list(advance(sitting))
    assert [(node.action, node.by) for node in moves] == [
        ("pass/lowmill", "rule"),
        ("pass/nature", "chance"),
    ]
    assert mover(sitting.game, sitting.here.state) == "highwell"


def test_who_asks_is_asked_for_everybody(two_towns: LoadedPack) -> None:
    sitting = session(two_towns, "highwell", "ask")
    for action in ("posture/highwell/build-up", "demand/letter", "ask/letter", "pass/highwell"):
        sitting.apply(action)
    assert list(advance(sitting)) == []
    assert mover(sitting.game, sitting.here.state) == "lowmill"
    assert session(two_towns, None).header.seat is None
    free = session(two_towns, None)
    assert unasked(free, free.here) is None


def test_the_others_take_the_steps_of_the_record_that_are_theirs(two_towns: LoadedPack) -> None:
    sitting = session(two_towns, "highwell", "record")
    for action in ("posture/highwell/build-up", "demand/letter", "ask/letter", "pass/highwell"):
        sitting.apply(action)
    recorded = [
        node.action
        for node in sitting.case.trunk[1:]
        if sitting.game.action(node.action).mover == "lowmill" and "pass" not in node.action
    ]
    moves = [node.action for node in advance(sitting) if node.by == "record"]
    assert moves == recorded[: len(moves)]
    assert len(moves) > 5


def test_a_seat_that_can_only_pass_is_not_asked_until_a_round_brought_nothing(
    two_towns: LoadedPack,
) -> None:
    sitting = session(two_towns, "lowmill")
    sitting.apply("posture/highwell/build-up")
    sitting.apply("pass/highwell")
    moves = [node.action for node in advance(sitting)]
    assert moves == ["pass/lowmill", "pass/nature", "pass/highwell"]
    assert all_passed(sitting.game, sitting.here)
    assert [it.id for it in legal_actions(sitting.game, sitting.here.state)] == ["pass/lowmill"]


@given(st.integers(0, 10**12 - 1), st.lists(st.integers(0, 50), max_size=25))
def test_what_is_drawn_hangs_on_the_seed_and_the_line_alone(seed: int, picks: list[int]) -> None:
    """Undo and another way round draw the same; so does whoever replays the journal."""

    def play(stray: bool) -> list[str]:
        kept: list[AnyEntry] = []
        made = header(TOWNS.loaded, seat="highwell", others="random", seed=seed)
        sitting = Session(TOWNS, made, kept.append)
        for pick in picks:
            list(advance(sitting))
            choices = legal_actions(sitting.game, sitting.here.state)
            if not choices:
                break
            if stray:
                here = sitting.here
                sitting.apply(choices[-1].id)
                list(advance(sitting))
                while sitting.here is not here:
                    sitting.undo()
            sitting.apply(choices[pick % len(choices)].id)
        again = replayed(as_journal(made, kept), TOWNS)
        assert [it.id for it in again.here.line] == [it.id for it in sitting.here.line]
        assert list(false_draws(again)) == []
        return [node.action for node in sitting.here.line]

    assert play(False) == play(True)


def test_chance_keeps_to_its_weights(two_towns: LoadedPack) -> None:
    sitting = session(two_towns, None)
    while "nature/leak/letter" not in {
        it.id for it in legal_actions(sitting.game, sitting.here.state)
    }:
        step = sitting.case.following(sitting.here)
        assert step is not None
        if mover(sitting.game, sitting.here.state) == "nature":
            assert [it.id for it in legal_actions(sitting.game, sitting.here.state)] == [
                "pass/nature"
            ]
        sitting.apply(step.action)
        if sitting.here is sitting.case.trunk[-1]:
            pytest.fail("the letter can never leak")
    drawn = Counter(by_chance(sitting.game, sitting.here, seed).id for seed in range(4_000))
    assert 300 < drawn["nature/leak/letter"] < 500  # one turn in ten
    assert drawn.keys() == {"nature/leak/letter", "pass/nature"}
    assert CALM == 9


def test_a_draw_takes_every_choice_in_proportion() -> None:
    node = TOWNS.trunk[0]
    actions = TOWNS.game.actions[:3]
    weights = [(actions[0], 1), (actions[1], 0), (actions[2], 3)]
    drawn = Counter(draw(node, seed, weights).id for seed in range(2_000))
    assert drawn[actions[1].id] == 0
    assert 420 < drawn[actions[0].id] < 580
    with pytest.raises(ZeroDivisionError):
        draw(node, 1, [(actions[0], 0)])


def test_a_draw_that_the_seed_does_not_give_is_found(two_towns: LoadedPack) -> None:
    kept: list[AnyEntry] = []
    made = header(two_towns, seat=None, seed=1)
    sitting = Session(Case(two_towns), made, kept.append)
    while (step := sitting.case.following(sitting.here)) is not None:
        legal = {it.id for it in legal_actions(sitting.game, sitting.here.state)}
        if "nature/leak/letter" in legal:
            break
        sitting.apply(step.action)
    drawn = by_chance(sitting.game, sitting.here, 1).id
    other = "pass/nature" if drawn != "pass/nature" else "nature/leak/letter"
    sitting.apply(other, "chance")
    again = replayed(as_journal(made, kept), Case(two_towns))
    false = [node.action for node in false_draws(again)]
    assert false == ([] if sitting.here.recorded else [other])
