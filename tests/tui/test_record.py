"""The record in the centre: steps on and back, playing, leaving, and other eyes."""

from __future__ import annotations

import pytest

from negsim.rules import EVERYTHING
from negsim.tui.debrief import DebriefScreen
from negsim.tui.record import Record
from tests.small_packs import small_pack
from tests.tui import loaded_of
from tests.tui.app_tests import FAULT, LARGE, SIZE, Play, again, playing, same, shown_in


def record(play: Play) -> Record:
    return play.table.query_one(Record)


def place(play: Play) -> str:
    return play.session.here.id


async def waits(play: Play, seconds: float) -> None:
    await play.pilot.pause(seconds)
    await play.settle()


@SIZE
def test_steps_both_ways_to_the_end(size: tuple[int, int]) -> None:
    async def test(play: Play) -> None:
        await play.start(follow=True)
        assert play.screen.focused is record(play)
        assert "The start of the record; 20 steps are played here." in play.text
        assert "Highwell lies upstream, Lowmill downstream" in play.text
        await play.press("left")
        assert play.says == "No: this is the start of the record"
        stations = [it.id for it in play.sitting.stations]
        for count, station in enumerate(stations[1:4], 1):
            await play.press("right")
            assert place(play) == station
            assert f"Step {station[1:]} of the record, {count} of 20 here." in play.text
            assert not play.shown("news"), "the centre tells it"
        await play.press("left", "left")
        assert place(play) == stations[1]
        assert not play.says.startswith("No")
        for _ in stations[2:]:
            await play.press("right")
        assert place(play) == stations[-1] == "r20"
        assert "20 of 20 here" in play.text
        assert "d: the debrief" in play.text
        assert "right: next step" not in play.text
        await play.press("right")
        assert place(play) == "r20"
        assert play.says.startswith("No: no step of the record follows here")
        assert same(again(play.session.case), play.session)
        await play.press("d")
        assert isinstance(play.screen, DebriefScreen)

    playing(test, size)


def test_space_plays_and_pauses_and_the_end_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("negsim.tui.record.PACE", 0.15)

    async def test(play: Play) -> None:
        await play.start(follow=True)
        play.session.goto("r16")
        play.table.refresh_table()
        await play.settle()
        assert "space: play" in play.text
        await play.press("space")
        assert record(play).playing
        assert place(play) == "r17", "the first step comes at once"
        assert "space: pause" in play.text
        await play.until(lambda: place(play) == "r18")
        await play.press("space")
        assert not record(play).playing
        assert "space: play" in play.text
        await waits(play, 0.25)
        assert place(play) == "r18"
        await play.press("space", "left")
        assert not record(play).playing, "a step by hand stops it"
        await play.press("space")
        await play.until(lambda: place(play) == "r20")
        await waits(play, 0.25)
        assert not record(play).playing
        assert not play.says.startswith("No")

    playing(test)


@pytest.mark.parametrize("keys", [["enter"], ["a"], ["b", "home", "enter"], ["p"]])
def test_what_nobody_sees_does_not_play_on(
    keys: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would go on under who has turned to something else, and off the record for ever."""
    monkeypatch.setattr("negsim.tui.record.PACE", 0.4)

    async def test(play: Play) -> None:
        await play.start(follow=True)
        await play.press("right", "space", *keys)
        stands = place(play)
        await waits(play, 0.5)
        assert record(play).playing == (play.table.centre == "record")
        assert record(play).playing or place(play) == stands
        assert not play.says.startswith("No")

    playing(test)


def test_enter_leaves_it_at_the_work_at_hand() -> None:
    async def test(play: Play) -> None:
        await play.start(follow=True)
        await play.press(*["right"] * 4, "enter")
        assert play.table.centre == "draft"
        assert play.screen.focused is play.table.query_one("#points")
        await play.press("1")
        assert not play.session.here.recorded or place(play) == "r5"
        await play.press("a", "a")
        assert play.table.centre in ("draft", "record")

    playing(test)


@SIZE
def test_other_eyes_see_what_they_could_know(size: tuple[int, int]) -> None:
    async def test(play: Play) -> None:
        await play.start(follow=True)
        for _ in range(7):
            await play.press("right")
        assert "talks" in play.shown("record-text")
        for _ in play.sitting.game.viewpoints:
            await play.press("v")
            told = play.shown("record-text")
            if play.sitting.eyes in ("highwell", "fishers", "public"):
                assert "does not see this step" in told
                assert "talks" not in told
            assert "Seen with the eyes of" in told
        await play.press("v")
        assert play.sitting.eyes == EVERYTHING
        assert "talks" in play.shown("record-text")

    playing(test, size)


def test_what_becomes_known_is_told_at_the_step() -> None:
    async def test(play: Play) -> None:
        await play.start(follow=True)
        play.session.goto("r11")
        play.sitting.see_with("public")
        await play.press("right")
        assert "now known:" in play.shown("record-text")

    playing(test, LARGE)


def test_at_the_end_of_a_record_that_reached_no_ending_it_stands() -> None:
    """Who else has nothing to do but pass does not lead off it, away from the debrief."""

    async def test(play: Play) -> None:
        await play.start("january-2022", "basic", follow=True)
        assert "Branches b" not in play.text
        play.session.goto(play.sitting.stations[-2].id)
        play.table.refresh_table()
        await play.settle()
        await play.press("right")
        assert play.session.here is play.session.case.trunk[-1]
        told = play.shown("record-text")
        assert "No ending is reached. The record stops here" in told
        assert "24 February 2022" in told
        assert "d: the debrief" in told
        assert "Branches b" in play.text
        await play.press("p")
        assert not play.session.here.recorded, "to go on is a choice"

    playing(test, LARGE)


def test_a_record_of_no_step_and_one_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for steps in ([], ["demand/letter"]):
        loaded = loaded_of(small_pack("short", {"gate": ["rejected"]}), steps)
        shown_in(loaded, monkeypatch)

        async def test(play: Play) -> None:
            await play.start("short", follow=True)
            last = play.session.case.trunk[-1].id
            await play.press("left", "space", "right", "right", "left", "right", "f", "escape")
            assert place(play) == last
            assert FAULT not in play.says
            assert not record(play).playing

        playing(test)
