"""A paper while it is drafted: points, answers, reasons, and who has seen it."""

from __future__ import annotations

import pytest

from negsim.engine import read
from negsim.tui.draft import Draft, Points, _rows
from negsim.views import said
from tests.small_packs import small_pack
from tests.tui import loaded_of
from tests.tui.app_tests import SIZE, Play, again, playing, same, shown_in

AT_LETTER = ("demand/letter", "ask/letter", "promise/letter/no-date")


async def drafting(play: Play, *, follow: bool = False) -> None:
    """At the letter of Lowmill, before anything is written."""
    await play.start(follow=follow)
    for it in AT_LETTER:
        play.sitting.take(it)
    play.table.refresh_table()
    await play.settle()
    assert play.table.centre == "draft"


def rows(play: Play) -> list[list[str]]:
    table = play.table.query_one(Points)
    return [[str(it) for it in table.get_row_at(place)] for place in range(table.row_count)]


def answer(play: Play, item: str) -> str:
    return read(play.sitting.game, play.session.here.state, f"letter.{item}")


@SIZE
def test_a_digit_writes_an_answer_and_the_next_open_point_is_marked(size: tuple[int, int]) -> None:
    async def test(play: Play) -> None:
        await drafting(play)
        assert "Draft: the letter of Lowmill. 0 of 3 points have an answer." in play.text
        assert rows(play) == [
            ["a lower weir", "-", "-"],
            ["an open gate at night", "-", "-"],
            ["a common water gauge", "-", "-"],
        ]
        assert play.shown("answers") == f">1 {said('rejected')} 2 {said('accepted')}"
        assert play.shown("shown-to") == "Who has seen the draft: The fishers: not told."
        await play.press("2")
        assert answer(play, "weir") == "accepted"
        assert "1 of 3 points" in play.shown("drafted")
        assert rows(play)[0] == ["a lower weir", "-", said("accepted")]
        assert play.table.query_one(Points).cursor_row == 1
        await play.press("9", "8")
        assert play.session.here.action == "answer/letter/weir/accepted", "no such answer"
        assert same(again(play.session.case), play.session)

    playing(test, size)


def test_left_and_right_mark_an_answer_and_enter_writes_it() -> None:
    async def test(play: Play) -> None:
        await drafting(play)
        await play.press("down")
        draft = play.table.query_one(Draft)
        marks = [draft.action]
        for _ in (marks[0] and draft.marked.actions) or ():  # type: ignore[union-attr]
            await play.press("right")
            marks.append(draft.action)
        assert marks[0] is marks[-1], "round about"
        assert len({it.id for it in marks if it}) == len(marks) - 1
        await play.press("left")
        assert draft.action is marks[-2]
        marked = draft.action
        assert marked is not None
        assert marked.text.split("\n")[0][:20] in play.shown("preview-text")
        await play.press("down", "up")
        assert draft.action is marks[0], "another point begins at its first answer"
        await play.press("left", "enter")
        assert play.session.here.action == marked.id

    playing(test)


def test_a_reason_stands_beside_the_answer_it_was_given_for() -> None:
    async def test(play: Play) -> None:
        await drafting(play)
        await play.press("1", "o")
        await play.write("the [b]mill")
        await play.press("enter", "up", "up")
        assert play.shown("answers") == '>1 take it back Reason: "the [b]mill"'
        await play.press("1")
        assert "redraft/letter/weir" in [it.action for it in play.session.here.line]

    playing(test)


def test_who_has_seen_which_version() -> None:
    async def test(play: Play) -> None:
        await drafting(play)
        for it, seen in {
            "consult/letter/fishers/informed": "informed",
            "answer/letter/weir/accepted": "informed",
            "consult/letter/fishers/previewed": "previewed",
            "answer/letter/gate/talks": "previewed, an earlier version",
            "consult/letter/fishers/shown-again": "previewed",
        }.items():
            play.sitting.take(it)
            play.table.refresh_table()
            await play.settle()
            told = play.shown("shown-to")
            assert told.removeprefix("Who has seen the draft: The fishers: ").startswith(seen), it
            assert ("earlier version" in told) == ("earlier version" in seen)

    playing(test)


def test_what_was_said_aloud_comes_with_its_facts() -> None:
    """On the record of January 2022, where the answers were said aloud before they were written."""

    async def test(play: Play) -> None:
        await play.start("january-2022", "basic")
        while play.table.centre != "draft":
            await play.press("n")
        found = [it for it in rows(play) if it[1] != "-"]
        points = {it.title: it for it in play.table.query_one(Draft).rows}
        for title, aloud, _ in found:
            assert points[title].facts
            assert aloud == f"{points[title].aloud} [{' '.join(points[title].facts)}]"
        await play.press("f")
        assert play.screen.query("#page")

    playing(test)


def test_nothing_is_written_by_a_click_on_the_marked_point() -> None:
    async def test(play: Play) -> None:
        await drafting(play)
        entries = play.session.entries
        for _ in range(2):
            await play.pilot.click(Points, offset=(5, 2))
            await play.settle()
        assert play.session.entries == entries
        assert play.table.query_one(Points).cursor_row == 1

    playing(test)


def test_a_draft_of_one_point_is_taken_back_and_written_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pack = small_pack("one", {"gate": ["rejected", "talks"]}, ["redraft"])
    shown_in(loaded_of(pack, []), monkeypatch)

    async def test(play: Play) -> None:
        await play.start("one")
        play.sitting.take("demand/letter")
        play.sitting.end_turn()
        play.table.refresh_table()
        await play.settle()
        assert play.table.centre == "draft"
        await play.press("1")
        assert play.session.here.action == "answer/letter/gate/rejected"
        told = [it.id for it in play.sitting.choices]
        assert play.table.centre == ("draft" if any("answer/" in it for it in told) else "actions")

    playing(test)


def test_answers_are_set_in_as_few_lines_as_have_room() -> None:
    assert [*_rows(["1 one", "2 two", "3 three"], 14)] == ["1 one  2 two", "3 three"]
    assert [*_rows(["1 one", "2 two", "3 three"], 100)] == ["1 one  2 two  3 three"]
    assert [*_rows(["1 much too long for it"], 5)] == ["1 much too long for it"]
    assert [*_rows([], 5)] == []
