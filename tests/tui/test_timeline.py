"""The line step by step: the record with its dates and citations, what is only told, own steps."""

from __future__ import annotations

from textual.pilot import Pilot

from negsim.pack.catalogue import shipped
from negsim.pack.load import load_pack
from negsim.rules import EVERYTHING
from negsim.tui.timeline import LONGEST, Timeline
from negsim.views import steps
from tests.tui import HOSTILE, Holder, holding, hostile, sitting_of, until
from tests.tui.settling import settle

TWO_TOWNS = load_pack(shipped() / "two-towns", branches_too=False)
JANUARY = load_pack(shipped() / "january-2022", branches_too=False)


def cited(app: Holder[Timeline]) -> list[tuple[tuple[str, ...], str]]:
    return [(it.facts, it.title) for it in app.heard if isinstance(it, Timeline.Cited)]


def test_the_whole_record_is_told_at_every_level() -> None:
    """With what is only told, also where a level leaves a step out before it."""
    for level in ("full", *JANUARY.pack.levels):
        case = sitting_of(JANUARY, level=level).case
        told = [step for node in case.trunk for step in steps(case, node, EVERYTHING)]
        assert told == [*case.frames, None]


def test_a_step_is_asked_for_its_facts_and_the_last_one_is_in_view() -> None:
    sitting = sitting_of(JANUARY)
    sitting.session.goto("record")
    frames = sitting.case.frames

    async def test(app: Holder[Timeline], pilot: Pilot[None]) -> None:
        line = app.widget
        line.show(sitting)
        await settle(pilot.app)
        assert line.option_count == len(frames) + 1
        assert line.highlighted == len(frames)
        assert line.scroll_y == line.max_scroll_y > 0
        app.simulate_key("enter")  # how the record ends cites nothing
        app.simulate_key("up")
        app.simulate_key("enter")
        await settle(pilot.app)
        assert cited(app) == [(frames[-1].facts, frames[-1].text)]
        assert frames[-1].facts

    holding(Timeline, test)


def test_own_steps_come_after_those_of_the_record() -> None:
    sitting = sitting_of(TWO_TOWNS)

    async def test(app: Holder[Timeline], pilot: Pilot[None]) -> None:
        line = app.widget
        line.show(sitting)
        await settle(pilot.app)
        assert "nothing was done yet" in app.text
        app.simulate_key("enter")
        await settle(pilot.app)
        assert cited(app) == []
        for _ in range(3):
            sitting.follow()
        line.show(sitting)
        sitting.take("answer/letter/weir/accepted")
        line.show(sitting)
        await settle(pilot.app)
        assert line.option_count == 4
        assert "nothing was done yet" not in app.text
        assert "Round 1, off the record: Lowmill drafts" in app.text
        app.simulate_key("enter")
        await settle(pilot.app)
        text = sitting.game.action("answer/letter/weir/accepted").text
        assert cited(app) == [((), text)]
        sitting.undo()
        line.show(sitting)
        await settle(pilot.app)
        assert line.option_count == 3
        assert "off the record" not in app.text

    holding(Timeline, test)


def test_other_eyes_and_another_width() -> None:
    sitting = sitting_of(TWO_TOWNS)
    sitting.session.goto("r8")

    async def test(app: Holder[Timeline], pilot: Pilot[None]) -> None:
        line = app.widget
        line.show(sitting)
        await settle(pilot.app)
        assert line.option_count == 8
        assert "drafts" in app.text
        sitting.see_with("public")
        line.show(sitting)
        await settle(pilot.app)
        assert line.option_count < 8
        assert "drafts" not in app.text
        sitting.see_with(EVERYTHING)
        line.show(sitting)
        await pilot.resize_terminal(50, 30)
        await settle(pilot.app)
        assert line.option_count == 8
        assert line.max_scroll_x == 0

    holding(Timeline, test)


def test_nothing_is_done_while_nobody_looks() -> None:
    sitting = sitting_of(TWO_TOWNS)
    sitting.session.goto("r8")

    async def test(app: Holder[Timeline], pilot: Pilot[None]) -> None:
        app.widget.show(sitting)
        await settle(pilot.app)
        assert app.widget.option_count == 0
        app.open("held")
        await until(pilot, lambda: app.widget.option_count == 8)
        assert app.widget.highlighted == 7

    holding(Timeline, test, opened=False)


def test_texts_are_shown_as_they_are() -> None:
    sitting = sitting_of(hostile())
    sitting.session.goto("record")
    sitting.session.apply("answer/letter/gate/talks")

    async def test(app: Holder[Timeline], pilot: Pilot[None]) -> None:
        app.widget.show(sitting)
        await settle(pilot.app)
        assert f"     {HOSTILE}" in app.text
        assert f"off the record: {HOSTILE} drafts its answer" in app.text
        for key in ("up", "up", "up", "enter"):
            app.simulate_key(key)
        await settle(pilot.app)
        assert cited(app) == [((), HOSTILE)]

    holding(Timeline, test, size=(240, 40))


def test_of_a_very_long_line_the_last_places_are_told() -> None:
    sitting = sitting_of(TWO_TOWNS)
    session = sitting.session
    session.goto("r15")
    while len(session.here.line) <= LONGEST + 100:
        for way in ("build-up", "draw-down"):
            for action in (
                f"posture/highwell/{way}",
                *(f"pass/{it}" for it in session.game.movers),
            ):
                session.apply(action)

    async def test(app: Holder[Timeline], pilot: Pilot[None]) -> None:
        line = app.widget
        line.show(sitting)
        await settle(pilot.app)
        assert line.option_count == LONGEST // 4 + 1
        assert line.highlighted == LONGEST // 4
        app.simulate_key("home")
        await settle(pilot.app)
        assert "the last 1,000 places are told" in app.text

    holding(Timeline, test)
