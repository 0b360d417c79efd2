"""A person at a session, against plain definitions, on random play of every kind of verb."""

from __future__ import annotations

from contextlib import suppress
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negsim.engine import legal_actions, outcome
from negsim.errors import NegsimError, UnknownNameError
from negsim.journal import AnyEntry, new_header
from negsim.others import unasked
from negsim.pack.catalogue import shipped
from negsim.pack.compile import FULL
from negsim.pack.load import LoadedPack, load_pack
from negsim.rules import EVERYTHING
from negsim.session import Case, Node, Session
from negsim.sitting import Sitting
from tests.effort import some
from tests.small_packs import every_step, small_pack
from tests.tui import loaded_of

TWO_TOWNS = load_pack(shipped() / "two-towns", branches_too=False)
JANUARY = load_pack(shipped() / "january-2022", branches_too=False)
SHORT = loaded_of(every_step(), ["demand/letter"])
BARE = loaded_of(small_pack("bare", {"gate": ["rejected"]}), [])
CASES = {
    "two-towns": Case(TWO_TOWNS),
    "basic": Case(JANUARY, "basic"),
    "short": Case(SHORT),
    "bare": Case(BARE),
}
CHOSEN = st.tuples(st.sampled_from([*CASES]), st.integers(0, 20), st.integers(0, 10_000))


def sitting_at(case: Case, seat: str | None = None) -> tuple[Sitting, list[AnyEntry]]:
    """A person at a new session, and where its entries are kept."""
    entries: list[AnyEntry] = []
    loaded: LoadedPack = case.loaded
    header = new_header(loaded.pack.id, loaded.content_hash, case.level, seed=1, seat=seat)
    return Sitting(Session(case, header, entries.append)), entries


def seated(name: str, number: int) -> tuple[Sitting, list[AnyEntry]]:
    """A person who acts for all, or has one of the seats."""
    case = CASES[name]
    seats = [None, *(it for it in case.game.movers if it != "nature")]
    return sitting_at(case, seats[number % len(seats)])


def anything(sitting: Sitting, random: Random) -> None:
    """Does something, or is told why it cannot be."""
    match random.choice(["take"] * 6 + ["follow"] * 3 + ["pass", "undo", "redo", "back", "goto"]):
        case "take":
            choices = sitting.choices or legal_actions(sitting.game, sitting.here.state)
            if choices:
                sitting.take(random.choice(choices).id)
        case "follow":
            sitting.follow()
        case "pass":
            sitting.end_turn()
        case "undo":
            sitting.undo()
        case "redo":
            sitting.redo()
        case "back":
            sitting.step_back()
        case _:
            sitting.goto(random.choice([*sitting.session.nodes]))


def wandering(sitting: Sitting, seed: int, count: int = 30) -> int:
    """Does so much at random; what cannot be done changes nothing. How much was done."""
    random, done = Random(seed), 0
    for _ in range(count):
        before = sitting.here, sitting.session.entries
        try:
            anything(sitting, random)
            done += 1
        except NegsimError:
            assert (sitting.here, sitting.session.entries) == before
    return done


def way(node: Node) -> list[Node]:
    """From the start to a place, both included."""
    found = [node]
    while found[-1].parent is not None:
        found.append(found[-1].parent)
    return found[::-1]


def asked(sitting: Sitting, node: Node) -> bool:
    """Whether the person was asked there what to do."""
    return unasked(sitting.session, node) is None


@settings(max_examples=some(60))
@given(CHOSEN)
def test_where_a_line_has_come_to_its_end(chosen: tuple[str, int, int]) -> None:
    name, seat, seed = chosen
    sitting, _ = seated(name, seat)
    random = Random(seed)
    shown = False
    for _ in range(30):
        with suppress(NegsimError):
            anything(sitting, random)
        line = way(sitting.here)
        trunk = sitting.case.trunk
        ended = outcome(sitting.game, sitting.here.state) is not None
        lapses = sitting.seat is not None and sitting.idle and not sitting.choices
        assert sitting.lapses == lapses
        over = ended or lapses or (len(trunk) > 1 and trunk[-1] in line)
        assert sitting.over == over
        assert sitting.sees_ahead == (sitting.seat is None or over)
        tried = [it for it in sitting.session.nodes.values() if not it.recorded]
        shown |= over or any(outcome(sitting.game, it.state) is not None for it in tried)
        assert sitting.reveals == (sitting.case.level == FULL or shown)


@settings(max_examples=some(60))
@given(CHOSEN)
def test_where_the_person_decided_last_and_that_undo_goes_there(
    chosen: tuple[str, int, int],
) -> None:
    name, seat, seed = chosen
    sitting, _ = seated(name, seat)
    sitting.go_on()
    for count in range(6):
        wandering(sitting, seed + count, 5)
        earlier = way(sitting.here)[:-1]
        decided = sitting.decided
        assert decided == next((it for it in reversed(earlier) if asked(sitting, it)), None)
        if decided is None:
            with pytest.raises(NegsimError, match="nothing to undo"):
                sitting.undo()
        else:
            sitting.undo()
            assert sitting.here is decided


@settings(max_examples=some(60))
@given(CHOSEN)
def test_everything_that_was_done_is_in_the_journal(chosen: tuple[str, int, int]) -> None:
    name, seat, seed = chosen
    sitting, entries = seated(name, seat)
    wandering(sitting, seed)
    session = sitting.session
    other = Session(session.case, session.header)
    for entry in entries:
        other.fold(entry)
    assert [it.id for it in other.nodes.values()] == [it.id for it in session.nodes.values()]
    assert (other.here.id, other.entries) == (sitting.here.id, len(entries))


@pytest.mark.parametrize("name", CASES)
def test_the_record_is_told_at_each_step_that_is_no_pass(name: str) -> None:
    sitting, _ = sitting_at(CASES[name])
    steps = [f"r{it.number}" for it in sitting.case.frames if it.played is not None]
    assert [it.id for it in sitting.stations] == ["0", *steps]


@pytest.mark.parametrize("name", CASES)
def test_the_record_is_followed_to_its_end_and_back(name: str) -> None:
    sitting, _ = sitting_at(CASES[name])
    stations, here = sitting.stations, sitting.here
    seen = [here]
    while sitting.case.following(sitting.here) is not None:
        sitting.follow()
        seen.append(next(it for it in reversed(way(sitting.here)) if it in stations))
    assert seen == [*stations]
    assert sitting.here is sitting.case.trunk[-1], "it leads not off the record by itself"
    assert sitting.over == (len(stations) > 1)
    for before in reversed(stations[:-1]):
        sitting.step_back()
        assert sitting.here is before
    with pytest.raises(NegsimError, match="the start of the record"):
        sitting.step_back()


@settings(max_examples=some(40))
@given(CHOSEN)
def test_a_step_back_is_to_what_was_told_before(chosen: tuple[str, int, int]) -> None:
    name, seat, seed = chosen
    sitting, _ = seated(name, seat)
    for count in range(5):
        wandering(sitting, seed + count, 6)
        before = [it for it in way(sitting.here)[:-1] if it in sitting.stations]
        if before:
            sitting.step_back()
            assert sitting.here is before[-1]


def test_where_the_record_stops_nobody_plays_on_by_themselves() -> None:
    """In January 2022 no ending is reached, and who has the turn then may only be able to pass."""
    for seat in (None, *(it for it in JANUARY.game.movers if it != "nature")):
        sitting, _ = sitting_at(Case(JANUARY, "full"), seat)
        sitting.goto("record")
        last = sitting.case.trunk[-1]
        assert sitting.here is last
        assert sitting.over
        assert sitting.sees_ahead
        sitting.go_on()
        assert sitting.here is last
        sitting.end_turn()
        assert sitting.here is not last
        assert sitting.over, "it has come to that end, and goes on"
        sitting.undo()
        sitting.redo()
        assert last in way(sitting.here)


@settings(max_examples=some(40))
@given(CHOSEN)
def test_a_seat_hears_of_nothing_that_is_refused_to_another(chosen: tuple[str, int, int]) -> None:
    name, seat, seed = chosen
    sitting, _ = seated(name, seat)
    sitting.go_on()
    for count in range(5):
        wandering(sitting, seed + count, 4)
        refused = sitting.refusals
        if sitting.seat not in (None, sitting.mover):
            assert refused == ()
        for it in refused:
            assert it.mover == sitting.mover
            assert it not in sitting.choices
            assert sitting.refused(it.id)
        for it in sitting.choices:
            if sitting.seat in (None, it.mover):
                assert sitting.refused(it.id) is None


def test_eyes_are_changed_by_who_has_no_seat() -> None:
    sitting, _ = sitting_at(CASES["two-towns"])
    for eyes in (*sitting.game.viewpoints, EVERYTHING):
        sitting.see_with(eyes)
        assert sitting.eyes == eyes
    with pytest.raises(UnknownNameError, match='did you mean "public"'):
        sitting.see_with("pubic")
    assert sitting.eyes == EVERYTHING
    seat, _ = sitting_at(CASES["two-towns"], "lowmill")
    with pytest.raises(NegsimError, match="you sit for Lowmill and see with its eyes"):
        seat.see_with("public")
    assert seat.eyes == "lowmill"
