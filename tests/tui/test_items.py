"""The items beside the papers, and what is told of one."""

from __future__ import annotations

from negsim.pack.catalogue import shipped
from negsim.pack.load import load_pack
from negsim.pack.references import ALOUD
from negsim.tui.items import Items, about
from negsim.tui.reader import Reader
from negsim.views import said
from tests.tui import sitting_of
from tests.tui.app_tests import SIZE, Play, playing

JANUARY = load_pack(shipped() / "january-2022", branches_too=False)


def rows(play: Play) -> list[list[str]]:
    table = play.table.query_one(Items)
    return [[str(it) for it in table.get_row_at(place)] for place in range(table.row_count)]


@SIZE
def test_signs_and_words_for_each_answer_as_far_as_it_is_known(size: tuple[int, int]) -> None:
    async def test(play: Play) -> None:
        await play.start()
        play.session.goto("r8")
        await play.press("i")
        assert rows(play) == [
            ["a lower weir (core)", f"x {said('rejected')}"],
            ["an open gate at night", f"o {said('talks')}, only if"],
            ["a common water gauge", f"<> {said('counter')}"],
        ]
        for eyes in ("highwell", "lowmill", "fishers", "public"):
            await play.press("v")
            answers = [it[1] for it in rows(play)]
            assert play.sitting.eyes == eyes
            assert (answers == ["? not known"] * 3) == (eyes in ("highwell", "public"))

    playing(test, size)


@SIZE
def test_enter_opens_an_item_and_the_cursor_stays(size: tuple[int, int]) -> None:
    async def test(play: Play) -> None:
        await play.start()
        await play.press("i", "down", "enter")
        assert isinstance(play.screen, Reader)
        for told in (
            "an open gate at night",
            "Priority for who demands it: secondary.",
            "The letter of Lowmill: . no answer yet",
            "An offer on it may hang on: the mill road stays free.",
            "It cites no facts",
        ):
            assert told in play.text
        await play.press("escape", "t", "n", "i")
        assert play.table.query_one(Items).cursor_row == 1

    playing(test, size)


def test_facts_of_january_come_with_an_item() -> None:
    async def test(play: Play) -> None:
        await play.start("january-2022", "basic")
        await play.press("i", "enter")
        item = next(iter(play.table.query_one(Items)._items))[1]
        facts = [*item.facts, *(it for one in item.reported.values() for it in one.facts)]
        assert facts
        assert facts[0] in play.text

    playing(test)


def test_a_seat_is_shown_no_reported_answer_before_its_line_is_over() -> None:
    pack = JANUARY.pack
    seat = pack.exchanges[next(iter(pack.exchanges))].demander
    for seated, at_end in ((False, False), (True, False), (True, True)):
        sitting = sitting_of(JANUARY, seat=seat if seated else None)
        if at_end:
            sitting.session.goto("record")
        for name, item in pack.items.items():
            lines, facts = about(sitting, name, item)
            reported = {fact for it in item.reported.values() for fact in it.facts}
            told = any("Reported as said aloud" in it for it in lines)
            if seated and not at_end:
                assert facts == tuple(dict.fromkeys(item.facts))
                assert not told
            else:
                assert reported <= {*facts}
                assert told == (ALOUD in item.reported)
