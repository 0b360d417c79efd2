"""A paper while it is drafted, against plain definitions, wherever random play leads."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negsim.drafting import Point, draft, drafted, shown_to
from negsim.engine import legal_actions, read
from negsim.pack.catalogue import shipped
from negsim.pack.compile import level_items
from negsim.pack.load import LoadedPack, load_pack
from negsim.pack.references import ALOUD
from negsim.replay import sees
from negsim.session import Session
from negsim.sitting import Sitting
from negsim.tui.draft import KEYS, short
from negsim.views import said
from tests.effort import some
from tests.small_packs import ALL
from tests.tui import loaded_of, sitting_of

TWO_TOWNS = load_pack(shipped() / "two-towns", branches_too=False)
JANUARY = load_pack(shipped() / "january-2022", branches_too=False)
PLAYED: dict[str, tuple[LoadedPack, str]] = {
    "two-towns": (TWO_TOWNS, "full"),
    "basic": (JANUARY, "basic"),
    "january": (JANUARY, "full"),
    **{make.__name__: (loaded_of(make(), []), "full") for make in ALL},
}


def drafts(name: str, seed: int, count: int = 40) -> Iterator[tuple[Sitting, str, list[Point]]]:
    """The drafts that random play comes upon; answers are given more often than else."""
    loaded, level = PLAYED[name]
    sitting = sitting_of(loaded, level=level)
    session, random = sitting.session, Random(seed)
    if random.random() < 0.5:
        session.goto(random.choice(session.case.trunk).id)
    for _ in range(count):
        paper = drafted(session.case, sitting.choices)
        answers = [it for it in sitting.choices if it.kind == "answer"]
        assert (paper is None) == (not answers)
        if paper is not None:
            yield sitting, paper, draft(session, session.here, paper, sitting.choices)
        actions = answers if answers and random.random() < 0.5 else ()
        actions = actions or [*legal_actions(session.game, session.here.state)]
        if not actions or random.random() < 0.05:
            session.goto(random.choice([*session.nodes]))
            continue
        session.apply(random.choice(actions).id)
        if random.random() < 0.3:
            session.note(f"note {session.entries}")


def cited(session: Session, author: str) -> set[str]:
    """What the record cites up to where the line leaves it, and told only before its next step, as
    far as the author sees it."""
    steps = [it for it in session.case.frames if it.played is not None]
    line = [it.id for it in (session.case.trunk[0], *session.here.line) if it.recorded]
    last = max(int(it.removeprefix("r").partition("+")[0]) for it in line)
    later = next((it.number for it in steps if it.number > last), float("inf"))
    told = [it for it in session.case.frames if it.number < later]
    return {fact for it in told if sees(session.game, it, author) for fact in it.facts}


@settings(max_examples=some(120))
@given(st.sampled_from([*PLAYED]), st.integers(0, 10_000))
def test_a_row_for_each_point_with_what_the_paper_says(name: str, seed: int) -> None:
    for sitting, paper, points in drafts(name, seed):
        session, game = sitting.session, sitting.game
        items = level_items(sitting.pack, session.case.level)
        assert [it.item for it in points] == [
            it for it in items if f"{paper}.{it}" in game.position
        ]
        for point in points:
            value = read(game, session.here.state, f"{paper}.{point.item}")
            assert (point.answer == "") == (value == "none")
            assert point.answer.removesuffix(", only if") == (
                "" if value == "none" else said(value)
            )
            hangs = f"{paper}.{point.item}.only-if"
            held = hangs in game.position and read(game, session.here.state, hangs) == "yes"
            assert point.answer.endswith(", only if") == held
            assert point.title == items[point.item].title


@settings(max_examples=some(120))
@given(st.sampled_from([*PLAYED]), st.integers(0, 10_000))
def test_each_answer_stands_at_its_point_once(name: str, seed: int) -> None:
    for sitting, paper, points in drafts(name, seed):
        offered = [it.id for point in points for it in point.actions]
        assert len(offered) == len(set(offered))
        answers = {it.id for it in sitting.choices if it.id.startswith(f"answer/{paper}/")}
        assert answers <= {*offered}
        for point in points:
            for it in point.actions:
                assert it.kind in ("answer", "redraft"), it.id
                assert it.id.split("/")[1:3] == [paper, point.item]
                assert short(it)
            assert len(point.actions) <= len(KEYS), "each has a digit"


@settings(max_examples=some(80))
@given(st.sampled_from(["two-towns", "basic", "january"]), st.integers(0, 10_000))
def test_what_was_said_aloud_counts_once_the_record_has_told_it(name: str, seed: int) -> None:
    for sitting, paper, points in drafts(name, seed):
        facts = cited(sitting.session, sitting.pack.exchanges[paper].addressee)
        items = level_items(sitting.pack, sitting.case.level)
        for point in points:
            spoken = items[point.item].reported.get(ALOUD)
            wanted = tuple(it for it in spoken.facts if it in facts) if spoken else ()
            assert point.facts == wanted
            assert bool(point.aloud) == bool(wanted)


@settings(max_examples=some(80))
@given(st.sampled_from(["two-towns", "basic"]), st.integers(0, 10_000))
def test_the_reasons_are_those_of_the_last_answer(name: str, seed: int) -> None:
    for sitting, paper, points in drafts(name, seed):
        for point in points:
            given_at = [
                it
                for it in sitting.here.line
                if it.action.split("/")[0] in ("answer", "redraft")
                and it.action.split("/")[1:3] == [paper, point.item]
            ]
            notes = sitting.session.notes
            assert point.reasons == (notes.get(given_at[-1].id, ()) if given_at else ())


def test_something_is_said_aloud_in_january_before_it_is_written() -> None:
    """Else the tests above would hold of nothing."""
    sitting = sitting_of(JANUARY)
    sitting.session.goto("record")
    paper = next(iter(sitting.pack.exchanges))
    points = draft(sitting.session, sitting.here, paper, sitting.choices)
    assert any(it.aloud for it in points)
    sitting.session.goto("start")
    points = draft(sitting.session, sitting.here, paper, sitting.choices)
    assert not any(it.aloud for it in points)


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        (0, "The fishers: not told"),
        (4, f"The fishers: {said('informed')}"),
        (6, f"The fishers: {said('previewed')}"),
        (7, f"The fishers: {said('previewed')}, an earlier version"),
        (9, f"The fishers: {said('previewed')}"),
    ],
)
def test_who_has_seen_which_version(steps: int, told: str) -> None:
    session = sitting_of(TWO_TOWNS).session
    session.goto(f"r{steps}" if steps else "start")
    (line,) = shown_to(session.case, session.here, "letter")
    assert line == told
