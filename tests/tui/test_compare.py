"""Two lines beside each other: aligned by step, with what differs at their ends, for whose eyes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import OptionList

from negsim.compare import acts, compare, differing, parting, reached
from negsim.pack.catalogue import shipped
from negsim.pack.load import load_pack
from negsim.rules import EVERYTHING
from negsim.session import Case, Node
from negsim.sitting import Sitting
from negsim.tui import compare as screen
from negsim.tui.compare import (
    ALONE,
    Choose,
    CompareScreen,
    Line,
    ahead,
    candidates,
    cited,
    compared,
)
from negsim.tui.reader import Reader
from negsim.views import place
from tests.effort import some
from tests.tui import HOSTILE, hostile, sitting_of, wander
from tests.tui.settling import press, settle

TWO_TOWNS = load_pack(shipped() / "two-towns", branches_too=False)
JANUARY = load_pack(shipped() / "january-2022", branches_too=False)
CASE = Case(TWO_TOWNS)
CALLED = ("one", "other")
SIZES = [(80, 24), (120, 40)]


def branched(seat: str | None = None) -> Sitting:
    """Two lines that leave the record at r3; the session stands at the end of the second."""
    sitting = sitting_of(TWO_TOWNS, seat=seat)
    session = sitting.session
    session.goto("r3")
    session.apply("answer/letter/weir/accepted")
    session.apply("answer/letter/gate/talks")
    session.goto("r3")
    session.apply("answer/letter/gate/silent")
    return sitting


def text_of(lines: list[Line]) -> str:
    return "\n".join(line.text for line in lines)


# What can be compared


def test_here_the_record_names_and_the_newest_ends() -> None:
    sitting = branched()
    session = sitting.session
    session.goto("3")
    session.name("a name")
    session.goto("5")
    told = [(it.node.id, it.called) for it in candidates(sitting)]
    record = sitting.case.trunk[-1].id
    assert told == [("5", "this line"), (record, "the record"), ("3", '"a name"')]
    session.goto("2")
    told = [(it.node.id, it.called) for it in candidates(sitting)]
    assert told[3:] == [("5", "the line to 5")]
    for it in candidates(sitting):
        assert it.where.startswith(place(sitting.case, it.node, EVERYTHING))
        assert "<- here" not in it.where


def test_a_seat_in_play_is_not_shown_what_the_record_does_next() -> None:
    sitting = branched("lowmill")
    trunk = sitting.case.trunk
    assert "the record" not in [it.called for it in candidates(sitting)]
    line = sitting.here.line
    assert [it for it in trunk if ahead(sitting, it)] == [
        it for it in trunk if it is not trunk[0] and it not in line
    ]
    shown = CompareScreen(sitting, trunk[-1], trunk[9])
    assert [it.node.id for it in shown.chosen] == ["5", "3"]
    sitting.session.goto("record")
    assert candidates(sitting)[0].node is trunk[-1]
    assert CompareScreen(sitting, trunk[9]).chosen[0].node is trunk[9]
    assert not any(ahead(sitting, it) for it in trunk)


def test_a_seat_is_shown_places_of_the_record_that_it_named() -> None:
    sitting = branched("lowmill")
    sitting.session.goto("r8")
    sitting.session.name("as it was")
    sitting.session.goto("5")
    assert [it.node.id for it in candidates(sitting)] == ["5", "r8", "3"]
    named = sitting.session.nodes["r8"]
    assert CompareScreen(sitting, named).chosen[0].node is named


def test_of_very_many_lines_the_newest_can_be_chosen() -> None:
    sitting = sitting_of(TWO_TOWNS)
    wander(sitting.session, 1_500, 3, jumps=0.4)
    sitting.session.goto("0")
    ends = [it for it in candidates(sitting) if it.called.startswith("the line to")]
    assert len(ends) == screen.MOST
    numbers = [int(it.node.id) for it in ends]
    assert numbers == sorted(numbers, reverse=True)
    assert not any(sitting.session.children(it.node) for it in ends)


# What is told


@settings(max_examples=some(30))
@given(
    st.integers(0, 10_000),
    st.sampled_from([EVERYTHING, *TWO_TOWNS.pack.viewpoints, "lowmill"]),
    st.sampled_from([60, 76, 116]),
)
def test_it_is_the_comparison(seed: int, viewpoint: str, width: int) -> None:
    """Every step and difference once, aligned, and nothing wider than there is room."""
    sitting = sitting_of(TWO_TOWNS)
    session = sitting.session
    session.goto(("0", "r3", "r8")[seed % 3])
    wander(session, 60, seed, jumps=0.1)
    places = [*session.nodes.values()]
    first, second = places[seed % len(places)], places[-1]
    found = compare(sitting.case, first, second, viewpoint)
    lines, there = compared(sitting.case, first, second, CALLED, viewpoint, width)
    assert all(len(line) <= width for it in lines for line in it.text.split("\n"))
    shared = acts(sitting.case, found.shared)
    before = lines[there - len(shared) : there]
    assert [it.nodes for it in before] == [(node,) for node in shared]
    after = [it.nodes for it in lines[there:] if it.nodes]
    own = acts(sitting.case, found.first), acts(sitting.case, found.second)
    for side in (0, 1):
        together = min(map(len, own))
        assert [nodes[side] for nodes in after[:together]] == own[side][:together]
    assert [node for nodes in after for node in nodes if node in own[0]] == own[0]
    assert [node for nodes in after for node in nodes if node in own[1]] == own[1]
    if found.same:
        return
    told = " ".join(text_of(lines).split())
    assert " ".join(parting(sitting.case, found, CALLED, viewpoint).split()) in told
    for title, rows in differing(sitting.case, found):
        assert f"--- {title}, at the ends" in told
        for what, values in rows:
            if width == 116:
                assert f"{what} {values[0]} | {values[1]}" in told
    assert " | ".join(reached(found)) in " ".join(text_of(lines[-1:]).split()) or width == 60


def test_where_a_line_goes_no_further_it_is_said_once() -> None:
    sitting = branched()
    node = sitting.session.nodes["5"]
    lines, there = compared(sitting.case, node, sitting.case.trunk[-1], CALLED, EVERYTHING, 116)
    text = text_of(lines)
    assert text.count("no further step") == 1
    assert lines[there].text.startswith("--- They part after step 3 of the record: ")
    assert lines[there + 1].text.split("|")[0].strip() == "1  one"
    assert lines[there - 1].text.startswith("   3 = ")
    assert lines[there + 2].text.startswith("   4   ")
    same, last = compared(sitting.case, node, node, CALLED, EVERYTHING, 116)
    assert same[last].text == "They are the same line."
    assert len(same) == last + 1


def test_a_seat_is_told_the_same_where_it_sees_the_same() -> None:
    """What Lowmill drafts shows in no comparison of others."""
    drafting = [node for node in CASE.trunk if node.id in ("r4", "r5", "r7", "r8")]
    for viewpoint in ("highwell", "public"):
        for other in (CASE.trunk[2], CASE.trunk[-1]):
            told = [
                text_of(compared(CASE, node, other, CALLED, viewpoint, 116)[0]) for node in drafting
            ]
            assert len(set(told)) == 1
            assert "could see it" in told[0]
            assert "drafts" not in told[0]
    own = [text_of(compared(CASE, it, CASE.trunk[2], CALLED, "lowmill", 116)[0]) for it in drafting]
    assert len(set(own)) == len(own)


def test_of_very_long_lines_a_part_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "LONGEST", 2)
    sitting = branched()
    node = sitting.session.nodes["5"]
    lines, there = compared(sitting.case, node, sitting.case.trunk[-1], CALLED, EVERYTHING, 116)
    assert lines[0].text == "1 steps before are the same."
    assert [it.text[:6].strip() for it in lines[1:there]] == ["2 =", "3 ="]
    assert sum(bool(it.nodes) for it in lines[there:]) == 2
    assert "15 more steps." in text_of(lines)


def test_the_facts_of_a_step_are_those_of_the_record_there() -> None:
    case = Case(JANUARY)
    told = {f"r{it.number}": it.facts for it in case.frames if it.played is not None}
    acted = acts(case, case.trunk[1:])
    assert {it.id: cited(case, it) for it in acted} == told
    assert any(told[it.id] != case.game.action(it.action).facts for it in acted)
    session = sitting_of(JANUARY).session
    action = next(it for it in session.game.actions if it.facts and it.id == acted[0].action)
    off = Node("7", case.trunk[0], action.id, case.trunk[0].state, 1, b"")
    assert cited(case, off) == action.facts


# On the screen


class Empty(App[None]):
    """Holds nothing but the screen that is pushed."""

    @property
    def text(self) -> str:
        strips = self.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    def steps(self) -> OptionList:
        return self.screen.query_one("#steps", OptionList)


def showing(
    pushed: CompareScreen,
    test: Callable[[Empty, Pilot[None]], Awaitable[None]],
    size: tuple[int, int] = (120, 40),
) -> None:
    async def run() -> None:
        app = Empty()
        async with app.run_test(size=size) as pilot:
            app.push_screen(pushed)
            await settle(pilot.app)
            await test(app, pilot)

    asyncio.run(run())


@pytest.mark.parametrize("size", SIZES)
def test_both_columns_stand_beside_each_other(size: tuple[int, int]) -> None:
    sitting = branched()
    shown = CompareScreen(sitting)

    async def test(app: Empty, pilot: Pilot[None]) -> None:
        assert [it.called for it in shown.chosen] == ["this line", "the record"]
        columns = [line for line in app.text.split("\n") if " | " in line]
        assert len(columns) > 8
        assert len({line.index(" | ") for line in columns}) == 1
        assert "1  this line, after: " in app.text
        assert "2  the record, after: " in app.text
        assert "--- They part after step 3 of the record" in app.text
        assert app.steps().max_scroll_x == 0
        wanted, there = compared(
            sitting.case, shown.chosen[0].node, shown.chosen[1].node,
            ("this line", "the record"), EVERYTHING, size[0] - 4,
        )  # fmt: skip
        assert app.steps().highlighted == there
        rows = sum(it.text.count("\n") + 1 for it in wanted)
        assert app.steps().virtual_size.height == rows, "no line is broken once more"
        await pilot.resize_terminal(*SIZES[size == SIZES[0]])
        await settle(pilot.app)
        assert len({line.index(" | ") for line in app.text.split("\n") if " | " in line}) == 1

    showing(shown, test, size)


def test_enter_opens_the_facts_of_both_steps() -> None:
    sitting = sitting_of(JANUARY)
    sitting.session.goto("r6")
    sitting.session.apply("pass/russia")
    sitting.session.goto("r6")

    async def test(app: Empty, pilot: Pilot[None]) -> None:
        await press(pilot.app, "home", "down", "enter")
        assert isinstance(app.screen, Reader)
        frame = sitting.case.frames[1]
        assert frame.facts
        assert all(fact in app.text for fact in frame.facts[:2])
        await press(pilot.app, "escape")
        assert isinstance(app.screen, CompareScreen)
        await press(pilot.app, "end", "enter")
        assert isinstance(app.screen, CompareScreen), "the endings cite nothing"

    showing(CompareScreen(sitting), test)


def test_of_an_invented_step_it_is_said_that_it_cites_nothing() -> None:
    async def test(app: Empty, pilot: Pilot[None]) -> None:
        await press(pilot.app, "down", "down", "enter")
        assert isinstance(app.screen, Reader)
        assert app.text.count("It cites no facts.") == 2
        assert "Lowmill drafts" in app.text
        assert "Lowmill tells the fishers" in app.text

    showing(CompareScreen(branched()), test)


def test_p_goes_to_where_they_part() -> None:
    async def test(app: Empty, pilot: Pilot[None]) -> None:
        there = app.steps().highlighted
        await press(pilot.app, "end", "tab")
        assert app.steps().highlighted != there
        await press(pilot.app, "p")
        assert app.steps().highlighted == there
        assert app.focused is app.steps()

    showing(CompareScreen(branched()), test)


def test_the_lines_are_chosen_by_key() -> None:
    shown = CompareScreen(branched())

    async def test(app: Empty, pilot: Pilot[None]) -> None:
        await press(pilot.app, "2")
        assert isinstance(app.screen, Choose)
        assert "Which line stands on the right?" in app.text
        assert app.screen.query_one(OptionList).highlighted == 1, "the record is chosen now"
        await press(pilot.app, "end", "enter")
        assert [it.node.id for it in shown.chosen] == ["5", "3"]
        assert "the line to 3" in app.text
        await press(pilot.app, "1", "down", "enter")
        assert [it.called for it in shown.chosen] == ["the record", "the line to 3"]
        for way in ("escape", "q"):
            await press(pilot.app, "1", "down", way)
            assert isinstance(app.screen, CompareScreen)
            assert [it.called for it in shown.chosen] == ["the record", "the line to 3"]

    showing(shown, test)


def test_the_lines_are_chosen_from_the_top_and_by_mouse() -> None:
    shown = CompareScreen(branched())

    async def test(app: Empty, pilot: Pilot[None]) -> None:
        await press(pilot.app, "shift+tab", "down", "down", "enter")
        assert isinstance(app.screen, Choose)
        assert "on the right" in app.text
        await press(pilot.app, "end", "enter")
        assert shown.chosen[1].node.id == "3"
        await pilot.click("#ends", offset=(5, 0))
        await settle(pilot.app)
        assert isinstance(app.screen, Choose)
        assert "on the left" in app.text

    showing(shown, test)


def test_escape_goes_back() -> None:
    async def test(app: Empty, pilot: Pilot[None]) -> None:
        await press(pilot.app, "escape")
        assert not isinstance(app.screen, CompareScreen)

    showing(CompareScreen(branched()), test)


def test_where_there_is_no_other_line_it_is_said() -> None:
    sitting = sitting_of(TWO_TOWNS, seat="lowmill")

    async def test(app: Empty, pilot: Pilot[None]) -> None:
        assert " ".join(ALONE.split()) in " ".join(app.text.split())
        await press(pilot.app, "enter", "p", "end", "enter")
        assert isinstance(app.screen, CompareScreen)
        await press(pilot.app, "1", "enter")
        assert isinstance(app.screen, CompareScreen)

    showing(CompareScreen(sitting), test)


def test_it_is_seen_with_the_eyes_of_the_sitting() -> None:
    sitting = branched()
    sitting.see_with("public")

    async def test(app: Empty, pilot: Pilot[None]) -> None:
        assert "As the public could see it." in app.text
        assert "drafts" not in app.text.split("ends")[-1]
        assert "no further step" in app.text

    showing(CompareScreen(sitting), test)


@pytest.mark.parametrize("size", SIZES)
def test_texts_are_shown_as_they_are(size: tuple[int, int]) -> None:
    sitting = sitting_of(hostile())
    session = sitting.session
    session.goto("record")
    session.apply("answer/letter/gate/talks")
    session.name(HOSTILE)

    async def test(app: Empty, pilot: Pilot[None]) -> None:
        assert "[@click=app.quit]press[/]" in app.text
        assert "--- They are the same to the end of the record" in app.text
        await press(pilot.app, "2")
        assert "[@click=app.quit]press[/]" in app.text
        await press(pilot.app, "escape", "home", "enter")
        assert isinstance(app.screen, Reader)
        assert "[@click=app.quit]press[/]" in app.text

    showing(CompareScreen(sitting), test, size)
