"""The endings ahead: what is said of them, in which order they are worked out, and for whom."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.pilot import Pilot

from negsim import store
from negsim.answers import MODEL, Able, Prospect, overview_lines, prospect_lines
from negsim.engine import observation
from negsim.explore.diagrams import NotDecidedError
from negsim.explore.explorer import Coalition, Explorer
from negsim.explore.goals import Goal
from negsim.explore.seats import Seat, Verdict
from negsim.outlook import (
    Asked,
    Lookout,
    Outlook,
    able,
    closing_words,
    outlook_lines,
)
from negsim.pack.catalogue import shipped
from negsim.pack.load import load_pack
from negsim.rules import EVERYTHING
from negsim.session import Case, Node
from negsim.tui.endings import Endings
from tests.effort import some
from tests.tui import HOSTILE, Holder, holding, hostile, sitting_of, until
from tests.tui.settling import settle

TWO_TOWNS = load_pack(shipped() / "two-towns", branches_too=False)
PACK = TWO_TOWNS.pack
GAME = TWO_TOWNS.game
CASE = Case(TWO_TOWNS)
EXPLORER = Explorer(GAME)
HIGHWELL, LOWMILL = frozenset({"highwell"}), frozenset({"lowmill"})
BOTH = HIGHWELL | LOWMILL
PARTIES = ("a", "b", "c", "d")


def ask(node: Node, viewpoint: str = EVERYTHING) -> Outlook:
    """Everything about a place, from a lookout that is asked for it alone."""
    ear = Ear()
    lookout = Lookout(CASE, ear)
    lookout.ask(Asked(node, viewpoint, far=True))
    found = ear.until(whole)
    lookout.stop()
    assert lookout.wait(60)
    return found


def prospect(**known: object) -> Prospect:
    return replace(Prospect("x", "X", False), **known)  # type: ignore[arg-type]


# In words


@pytest.mark.parametrize(
    ("it", "told"),
    [
        (prospect(), "not worked out yet"),
        (prospect(possible="no"), "no longer possible in this model"),
        (prospect(possible="yes"), "still possible"),
        (prospect(possible="yes", steps=1), "still possible; 1 step at least"),
        (
            prospect(possible="depends", steps=0),
            "it depends on what is not seen from here whether it is still possible; 0 steps at "
            "least",
        ),
        (
            prospect(possible="yes", endless=True),
            "still possible, where everybody goes on passing",
        ),
        (
            prospect(possible="yes", sure=Able((LOWMILL, HIGHWELL)), prevent=Able()),
            "still possible can make sure of it: Highwell alone; or Lowmill alone can prevent it: "
            "nobody",
        ),
        (
            prospect(possible="yes", sure=Able((), (BOTH,)), prevent=Able((LOWMILL,), (HIGHWELL,))),
            "still possible can make sure of it: nobody for sure. Depending on what is not seen: "
            "Highwell with Lowmill can prevent it: Lowmill alone. Depending on what is not seen: "
            "Highwell alone",
        ),
        (
            prospect(possible="yes", sure=Able((frozenset(),)), prevent=Able((), (frozenset(),))),
            "still possible can make sure of it: it comes of itself can prevent it: nobody for "
            "sure. Depending on what is not seen: it is excluded",
        ),
    ],
)
def test_what_is_said_of_an_ending(it: Prospect, told: str) -> None:
    assert " ".join(" ".join(prospect_lines(PACK, it, 1_000)).split()) == told


def test_what_an_outlook_rests_on_is_said_once() -> None:
    node = sitting_of(TWO_TOWNS).here
    told = prospect(possible="yes"), prospect(possible="no"), prospect(possible="depends")
    found = Outlook(node, "lowmill", (*told, prospect()), doing="how far X is")
    lines = list(outlook_lines(PACK, found, 1_000))
    text = "\n".join(lines)
    assert text.count(MODEL) == text.count("ull information") == 1
    assert lines[0].endswith("over all states that Lowmill cannot tell from this one:")
    assert "Working out how far X is, kept for the next time." in lines
    assert [line[:3] for line in lines if line.endswith("X")] == ["  +", "  -", "  ?", "   "]
    assert "possible" not in lines[0]
    stopped = "\n".join(outlook_lines(PACK, replace(found, error="no memory"), 1_000))
    assert "Not worked out further: no memory" in stopped
    assert "Working out" not in stopped


def test_what_is_said_of_an_action() -> None:
    found = Outlook(sitting_of(TWO_TOWNS).here, EVERYTHING)
    assert closing_words(GAME, found, "x") == (
        "Working out what it closes; the first time it can take minutes ..."
    )
    doing = replace(found, doing="an order")
    assert closing_words(GAME, doing, "x") == (
        "Working out what it closes (an order); the first time it can take minutes ..."
    )
    failed = replace(found, error="no memory")
    assert closing_words(GAME, failed, "x") == "What it closes is not worked out: no memory"
    one, two = GAME.endings[:2]
    known = replace(found, closes={"x": (one.id, two.id), "y": ()})
    assert closing_words(GAME, known, "x") == f"Closes in this model: {one.title}; {two.title}."
    assert closing_words(GAME, known, "y") == "Closes in this model: nothing."
    assert closing_words(GAME, known, "z") == ""


# Who can


@given(
    st.lists(st.frozensets(st.sampled_from(PARTIES))),
    st.lists(st.frozensets(st.sampled_from(PARTIES))),
)
def test_the_smallest_that_can(surely: list[Coalition], more: list[Coalition]) -> None:
    """Against all coalitions, of which a larger one can do whatever a smaller one can."""

    def verdict(coalition: Coalition) -> Verdict:
        if any(it <= coalition for it in surely):
            return "yes"
        return "depends" if any(it <= coalition for it in more) else "no"

    def smallest(those: list[Coalition]) -> set[Coalition]:
        return {it for it in those if not any(other < it for other in those)}

    found = able(PARTIES, verdict)
    assert {*found.surely} == smallest(surely)
    perhaps = {it for it in smallest(more) if verdict(it) == "depends"}
    assert {*found.perhaps} == perhaps
    assert len({*found.surely}) == len(found.surely)
    assert len({*found.perhaps}) == len(found.perhaps)


@settings(max_examples=some(15))
@given(st.integers(0, len(CASE.trunk) - 1))
def test_who_sees_everything_is_told_what_the_explorer_says(at: int) -> None:
    node = CASE.trunk[at]
    here = ask(node)
    settled = EXPLORER.settled(node.state)
    assert here.closes == EXPLORER.closes(node.state)
    for it in here.prospects:
        goal = EXPLORER.ending(it.ending)
        assert it.possible == ("yes" if EXPLORER.possible(goal, node.state) else "no")
        assert it.steps == EXPLORER.distance(goal, node.state)
        if it.possible == "yes":
            assert it.sure == Able(EXPLORER.smallest(goal, settled))
            assert it.prevent == Able(EXPLORER.smallest_avoiding(goal, settled))
            assert it.endless == EXPLORER.is_default(goal)


def test_what_is_told_at_the_prompt_and_in_the_overview_is_the_same() -> None:
    node = CASE.trunk[7]
    told = " ".join("\n".join(outlook_lines(PACK, ask(node), 1_000)).split())
    for line in overview_lines(EXPLORER, PACK, node.state, "here", 1_000):
        if line.startswith("    "):
            assert line.strip() in told


def test_a_seat_is_told_the_same_where_it_sees_the_same() -> None:
    """What Lowmill drafts shows in no answer to others."""
    drafting = [node for node in CASE.trunk if node.id in ("r4", "r5", "r7", "r8")]
    assert len({node.state for node in drafting}) == len(drafting) == 4
    for viewpoint in ("highwell", "public"):
        assert len({str(observation(GAME, it.state, viewpoint)) for it in drafting}) == 1
        one, *others = [ask(node, viewpoint) for node in drafting]
        assert {it.possible for it in one.prospects} <= {"yes", "depends"}
        assert one.closes == {}
        for other in others:
            assert other.prospects == one.prospects
            assert other.closes == {}
    own = [ask(node, "lowmill").prospects for node in drafting]
    assert own[0] != own[-1]


# In a thread


class Ear:
    """Hears what a lookout tells, in its thread, and hands it over."""

    def __init__(self) -> None:
        self.all: list[Outlook] = []
        self._news: queue.Queue[Outlook] = queue.Queue()

    def __call__(self, outlook: Outlook) -> None:
        self.all.append(outlook)
        self._news.put(outlook)

    def until(self, holds: Callable[[Outlook], bool]) -> Outlook:
        """The first news of which that holds; fails where none comes within a minute."""
        while True:
            found = self._news.get(timeout=60)
            if holds(found):
                return found


def near(it: Outlook) -> bool:
    return it.closes is not None and not it.doing


def whole(it: Outlook) -> bool:
    return near(it) and all(one.prevent or one.possible == "no" for one in it.prospects)


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def lookout(ear: Ear) -> Iterator[Lookout]:
    lookout = Lookout(CASE, ear)
    yield lookout
    lookout.stop()
    assert lookout.wait(60)


def test_quick_answers_come_first(lookout: Lookout, ear: Ear) -> None:
    lookout.ask(Asked(CASE.trunk[3], EVERYTHING, far=True))
    ear.until(whole)
    ranks = []
    for it in ear.all:
        ahead = [one for one in it.prospects if one.possible in ("yes", "depends")]
        possible = sum(one.possible is not None for one in it.prospects)
        steps = sum(one.steps is not None for one in ahead)
        able = sum(one.sure is not None for one in ahead) + sum(
            one.prevent is not None for one in ahead
        )
        assert possible == len(GAME.endings) or it.closes is None
        assert it.closes is not None or not steps
        assert not able or steps == sum(not one.endless for one in ahead)
        ranks.append((possible, it.closes is not None, steps, able))
    assert ranks == sorted(ranks)
    assert {it[0] for it in ranks} >= {*range(1, len(GAME.endings) + 1)}, "one after the other"


def test_what_takes_long_is_worked_out_when_it_is_asked_for(lookout: Lookout, ear: Ear) -> None:
    lookout.ask(Asked(CASE.trunk[3], EVERYTHING, far=False))
    for it in ear.until(near).prospects:
        assert (it.steps, it.sure, it.prevent) == (None, None, None)
    lookout.ask(Asked(CASE.trunk[3], EVERYTHING, far=True))
    ear.until(whole)
    told = len(ear.all)
    lookout.ask(Asked(CASE.trunk[3], EVERYTHING, far=True))
    lookout.put_off()
    lookout.ask(Asked(CASE.trunk[4], EVERYTHING, far=False))
    ear.until(lambda it: it.node is CASE.trunk[4] and near(it))
    assert all(whole(it) for it in ear.all[told:] if it.node is CASE.trunk[3]), "it is kept"


Meanwhile = Callable[[Lookout], None]


def interrupted(monkeypatch: pytest.MonkeyPatch, lookout: Lookout, meanwhile: Meanwhile) -> None:
    """While it is first worked out who can make sure of an ending, something else happens."""
    forces = Seat.forces
    waiting = [meanwhile]

    def meddled(seat: Seat, coalition: Coalition, goal: Goal) -> Verdict:
        if waiting:
            waiting.pop()(lookout)
            seat.explorer.watch("what somebody can force", 0)
        return forces(seat, coalition, goal)

    monkeypatch.setattr(Seat, "forces", meddled)


def test_another_place_is_answered_while_something_long_is_under_way(
    lookout: Lookout, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = CASE.trunk[3], CASE.trunk[9]
    after: list[Outlook] = []
    forces = Seat.forces

    def meddled(seat: Seat, coalition: Coalition, goal: Goal) -> Verdict:
        if seat.state == EXPLORER.settled(here.state) and not after:
            lookout.ask(Asked(there, EVERYTHING, far=True))
            seat.explorer.watch("what somebody can force", 0)
            after.extend(ear.all)
        return forces(seat, coalition, goal)

    monkeypatch.setattr(Seat, "forces", meddled)
    lookout.ask(Asked(here, EVERYTHING, far=True))
    found = ear.until(whole)
    assert found.node is there
    assert after[-1].node is there
    assert after[-1].closes == found.closes
    assert [it.possible for it in after[-1].prospects] == [it.possible for it in found.prospects]
    assert all(it.sure is None for it in after[-1].prospects)
    places = [it.node is here for it in ear.all]
    assert places == sorted(places, reverse=True), "of the place that was left nothing is told"


def test_what_takes_long_can_be_put_off(
    lookout: Lookout, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(monkeypatch, lookout, Lookout.put_off)
    lookout.ask(Asked(CASE.trunk[3], EVERYTHING, far=True))
    found = ear.until(
        lambda it: near(it) and any(one.steps for one in it.prospects) and not it.doing
    )
    assert all(it.sure is None for it in found.prospects)
    lookout.ask(Asked(CASE.trunk[3], EVERYTHING, far=True))
    ear.until(whole)


def test_it_stops_at_once_and_keeps_what_is_finished(
    lookout: Lookout, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(monkeypatch, lookout, Lookout.stop)
    lookout.ask(Asked(CASE.trunk[3], EVERYTHING, far=True))
    assert lookout.wait(60)
    kept = store.explorer(GAME).kept
    assert {f"distance {it.id}" for it in GAME.endings} - {"distance lapsed"} <= kept.keys()
    assert not any(it.sure for it in ear.all[-1].prospects)
    assert not ear.all[-1].error


def test_a_lookout_that_was_never_asked_stops() -> None:
    lookout = Lookout(CASE, Ear())
    lookout.put_off()
    lookout.stop()
    assert lookout.wait(0)


@pytest.mark.parametrize(
    ("error", "told"),
    [(NotDecidedError(7), "not decided within 7 MB"), (ValueError("oh"), "ValueError('oh')")],
)
def test_where_nothing_can_be_worked_out_it_is_said_of_every_place(
    lookout: Lookout, ear: Ear, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    def fails(explorer: Explorer, goal: Goal) -> None:
        raise error

    monkeypatch.setattr(Explorer, "can_reach", fails)
    for node in CASE.trunk[3:5]:
        lookout.ask(Asked(node, EVERYTHING, far=True))
        found = ear.until(lambda it: bool(it.error))
        assert found.node is node
        assert told in found.error
        assert not found.doing


def test_where_the_far_answers_need_too_much_the_near_ones_go_on(
    lookout: Lookout, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def fails(explorer: Explorer, goal: Goal) -> None:
        tried.append(goal)
        raise NotDecidedError(7)

    monkeypatch.setattr(Explorer, "layers", fails)
    for node in CASE.trunk[3:5]:
        lookout.ask(Asked(node, EVERYTHING, far=True))
        found = ear.until(lambda it: bool(it.error))
        assert found.node is node
        assert near(found)
        assert "not decided within 7 MB" in found.error
    assert len(tried) == 2, "with little memory, and then once with all of it"
    lookout.ask(Asked(node, EVERYTHING, far=False))
    assert not ear.until(near).error, "nothing is missing of what was asked for"


# On the screen


def shown(app: Holder[Endings]) -> str:
    return " ".join(app.text.split())


def test_the_endings_are_worked_out_once_somebody_looks() -> None:
    sitting = sitting_of(TWO_TOWNS)
    sitting.session.goto("r12+2")

    async def test(app: Holder[Endings], pilot: Pilot[None]) -> None:
        endings = app.widget
        endings.show(sitting)
        await settle(pilot.app)
        assert endings.lookout is None
        app.open("held")
        await until(pilot, lambda: endings.here is not None and whole(endings.here))
        await settle(pilot.app)
        assert "+ Talks on part of the items still possible; 5 steps at least" in shown(app)
        assert shown(app).count("can prevent it") == 4
        assert shown(app).count("Full information is assumed") == 1
        sitting.session.goto("record")
        endings.show(sitting)
        await settle(pilot.app)
        assert "Ending reached: Talks on part of the items." in shown(app)
        assert "still possible" not in shown(app)

    holding(Endings, test, opened=False)


def test_what_is_told_of_a_place_that_was_left_is_dropped() -> None:
    sitting = sitting_of(TWO_TOWNS)

    async def test(app: Holder[Endings], pilot: Pilot[None]) -> None:
        endings = app.widget
        endings.show(sitting)
        await until(pilot, lambda: endings.here is not None and whole(endings.here))
        before = endings.here
        assert before is not None
        late = replace(before, node=CASE.trunk[5], closes={})
        endings.post_message(Endings.Told(late))
        endings.post_message(Endings.Told(replace(before, viewpoint="public")))
        await settle(pilot.app)
        assert endings.here == before
        sitting.see_with("public")
        assert endings.here is None
        endings.show(sitting)
        await until(pilot, lambda: endings.here is not None and whole(endings.here))
        await settle(pilot.app)
        assert "over all states that the public cannot tell from this one" in shown(app)

    holding(Endings, test)


def test_the_preview_asks_for_what_an_action_closes_and_hears_when_it_is_known() -> None:
    sitting = sitting_of(TWO_TOWNS, seat="lowmill")
    sitting.session.goto("r9")
    state = sitting.here.state
    chosen = "clear/letter"

    async def test(app: Holder[Endings], pilot: Pilot[None]) -> None:
        endings = app.widget
        assert endings.closes(chosen) == "", "nothing was shown yet"
        endings.show(sitting)
        assert endings.closes(chosen).startswith("Working out what it closes")
        await until(pilot, lambda: bool(app.heard))
        assert len(app.heard) == 1
        assert endings.here is not None
        assert endings.here.closes == Seat(EXPLORER, "lowmill", state).closes()
        assert endings.closes(chosen) == "Closes in this model: The whole demand is met."
        assert endings.closes("demand/letter") == "", "not an action of the seat"
        assert all(it.steps is None for it in endings.here.prospects), "nobody looks at them"

    holding(Endings, test, opened=False)


def test_who_leaves_the_tab_leaves_what_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    sitting = sitting_of(TWO_TOWNS)

    async def test(app: Holder[Endings], pilot: Pilot[None]) -> None:
        endings = app.widget
        endings.show(sitting)
        app.open("empty")
        await until(pilot, lambda: put_off == [True])

    put_off: list[bool] = []
    monkeypatch.setattr(Lookout, "put_off", lambda self: put_off.append(True))
    holding(Endings, test)


def test_who_leaves_the_screen_ends_the_work() -> None:
    sitting = sitting_of(TWO_TOWNS)
    left: list[Lookout | None] = []

    async def test(app: Holder[Endings], pilot: Pilot[None]) -> None:
        app.widget.show(sitting)
        await settle(pilot.app)
        left.append(app.widget.lookout)

    holding(Endings, test)
    (lookout,) = left
    assert lookout is not None
    assert lookout.wait(60)


def test_what_cannot_be_decided_is_said_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    sitting = sitting_of(TWO_TOWNS)

    def fails(explorer: Explorer, goal: Goal) -> None:
        raise NotDecidedError(7)

    async def test(app: Holder[Endings], pilot: Pilot[None]) -> None:
        endings = app.widget
        endings.show(sitting)
        await until(pilot, lambda: bool(app.heard))
        await settle(pilot.app)
        assert "Not worked out further: not decided within 7 MB" in shown(app)
        assert "not decided within 7 MB" in endings.closes("demand/letter")
        sitting.follow()
        endings.show(sitting)
        await settle(pilot.app)
        assert "Not worked out further: not decided within 7 MB" in shown(app)

    monkeypatch.setattr(Explorer, "can_reach", fails)
    holding(Endings, test)


def test_texts_are_shown_as_they_are() -> None:
    sitting = sitting_of(hostile())
    sitting.session.goto("record")

    async def test(app: Holder[Endings], pilot: Pilot[None]) -> None:
        endings = app.widget
        endings.show(sitting)
        await until(pilot, lambda: endings.here is not None and whole(endings.here))
        await settle(pilot.app)
        assert f"+ {HOSTILE} still possible" in shown(app)
        assert f"can make sure of it: {HOSTILE} with {HOSTILE}" in shown(app)
        for action in sitting.choices:
            assert endings.closes(action.id).startswith("Closes in this model: ")

    holding(Endings, test, size=(240, 40))
