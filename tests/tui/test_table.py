"""The table: every verb, every reason why one cannot be done, and what goes wrong in play."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from textual.widgets import Input, OptionList, TabbedContent, TabPane

from negsim.journal_file import Writer
from negsim.rules import EVERYTHING, State
from negsim.tui.compare import CompareScreen
from negsim.tui.debrief import DebriefScreen
from negsim.tui.draft import Points
from negsim.tui.export import ExportScreen
from negsim.tui.help import help_lines
from negsim.tui.home import Home
from negsim.tui.reader import Reader
from negsim.tui.table import TABS, Table
from negsim.tui.why import WhyScreen
from negsim.views import party_name
from tests.small_packs import small_pack
from tests.tui import loaded_of
from tests.tui.app_tests import FAULT, LARGE, SIZE, Play, again, playing, same, shown_in


def actions(play: Play) -> list[str]:
    """What the list of actions shows."""
    return [str(it.prompt).strip() for it in play.table.query_one("#actions", OptionList).options]


def marked(play: Play) -> str:
    return play.table.marked


def tab(play: Play) -> str:
    return play.table.query_one(TabbedContent).active.removeprefix("tab-")


async def mark(play: Play, action: str) -> None:
    """Moves to an action in the list."""
    for _ in range(200):
        if marked(play) == action:
            return
        await play.press("down")
    raise AssertionError(f"{action} is not in the list")


async def go(play: Play, *acts: str) -> None:
    """Plays without keys, to where a test begins."""
    for it in acts:
        play.sitting.take(it)
    play.table.refresh_table()
    await play.settle()


# Tabs


def test_a_tab_is_not_opened_for_who_had_the_arrows_before() -> None:
    """Else two tabs would open each other for ever where keys come fast."""

    async def test(play: Play) -> None:
        await play.start()
        await play.press("k")
        pane = play.table.query_one("#tab-items", TabPane)
        pane.post_message(TabPane.Focused(pane))
        await play.settle()
        assert tab(play) == "papers"
        play.table.query_one("#item-table").focus()
        await play.settle()
        assert tab(play) == "items"

    playing(test)


# Each verb


@SIZE
def test_turns_are_played_undone_and_done_again(size: tuple[int, int]) -> None:
    async def test(play: Play) -> None:
        await play.start()
        assert play.table.centre == "actions"
        assert "Highwell has the turn" in play.shown("stage")
        await mark(play, "demand/letter")
        assert "Highwell sends its demand to Lowmill" in play.shown("preview-text")
        await play.press("enter")
        assert play.session.here.action == "demand/letter"
        assert "Highwell sends its demand" in play.shown("news")
        assert same(again(play.session.case), play.session), "it is on disk"
        before = play.session.here
        await play.press("u")
        assert play.session.here.parent is None
        assert play.says.startswith("Hint: ")
        await play.press("r")
        assert play.session.here is before
        assert play.session.entries == 3
        await play.press("n", "p")
        assert "Lowmill has the turn" in play.shown("stage")
        await play.press("u")
        assert "Highwell has the turn" in play.shown("stage")
        await mark(play, "pass")
        assert play.shown("preview-text").startswith("Ends the turn")
        await play.press("enter")
        assert play.session.here.action == "pass/highwell"
        await play.press("n")
        assert play.session.here.id == "r3"
        await play.press("n")
        assert play.session.here.action.startswith("consult/"), "no pass is a step of its own"
        assert same(again(play.session.case), play.session)

    playing(test, size)


def test_the_eyes_change_round_about_and_what_they_cannot_know_is_withheld() -> None:
    async def test(play: Play) -> None:
        await play.start()
        for _ in range(7):
            await play.press("n")
        assert "mill" in play.shown("stage")
        assert play.table.centre == "draft"
        seen = [play.sitting.eyes]
        for _ in play.sitting.game.viewpoints:
            await play.press("v")
            seen.append(play.sitting.eyes)
            name = party_name(play.sitting.pack, play.sitting.eyes)
            assert f"Seen with the eyes of {name}" in play.shown("stage")
            own = play.sitting.eyes == play.sitting.mover
            assert play.table.centre == ("draft" if own else "withheld")
            if not own:
                told = play.shown("withheld-text")
                assert "What Lowmill can do, and drafts, is withheld. v: other eyes." in told
                assert "talks" not in told
        await play.press("v")
        assert seen == [EVERYTHING, "highwell", "lowmill", "fishers", "public"]
        assert play.sitting.eyes == EVERYTHING

    playing(test)


@SIZE
def test_every_tab_has_a_key_and_the_arrows(size: tuple[int, int]) -> None:
    async def test(play: Play) -> None:
        await play.start(seat="lowmill")
        entries = play.session.entries
        for name, (title, key) in [*TABS.items(), *reversed(TABS.items())]:
            await play.press(key)
            assert tab(play) == name
            assert f">{title} {key}" in play.text
            assert play.screen.focused is not None
            assert f"tab-{name}" in [it.id for it in play.screen.focused.ancestors]
            if name == "seat":
                assert "The mill stands still if the weir is lowered." in play.text
            if name == "papers":
                assert "the letter of Lowmill" in play.text
        assert play.session.entries == entries

    playing(test, size)


def test_the_centre_changes_round_about() -> None:
    async def test(play: Play) -> None:
        await play.start()
        await go(play, "demand/letter", "ask/letter", "promise/letter/no-date")
        assert play.table.centre == "draft"
        await play.press("i", "a")
        assert (tab(play), play.table.centre) == ("table", "actions")
        assert play.screen.focused is play.table.query_one("#actions")
        await play.press("a")
        assert play.screen.query_one("#record").display, "the line has not left it"
        assert play.screen.focused is play.table.query_one("#record")
        await play.press("a")
        assert play.table.centre == "draft"
        assert isinstance(play.screen.focused, Points)
        await go(play, "answer/letter/weir/accepted")
        assert play.table._centre.there == ["draft", "actions"]

    playing(test)


def test_a_filter_leaves_what_has_its_letters() -> None:
    async def test(play: Play) -> None:
        await play.start()
        await go(play, "demand/letter", "ask/letter", "promise/letter/no-date")
        await play.press("l", "/")
        assert play.table.centre == "actions"
        assert isinstance(play.screen.focused, Input)
        await play.write("FISH")
        assert all("fish" in it for it in actions(play)[1:])
        assert len(actions(play)) == 2
        await play.press("enter", "enter")
        assert play.session.here.action.startswith("consult/letter/fishers/")
        assert all("fish" in it for it in actions(play)[1:]), "it stays"
        await play.press("/")
        assert play.table.query_one("#line", Input).value == "FISH"
        await play.press("escape")
        assert "Pass: end the turn" in actions(play)
        assert isinstance(play.screen, Table)

    playing(test)


def test_escape_shows_all_before_it_leaves_and_what_is_refused_comes_with_the_rule() -> None:
    async def test(play: Play) -> None:
        await play.start()
        await play.press("/")
        await play.write("zz")
        assert actions(play) == ['No action has "zz" in it; escape shows all.']
        await play.press("enter", "escape")
        assert isinstance(play.screen, Table)
        assert "Pass: end the turn" in actions(play)
        assert not play.table.query_one("#line").display
        assert "Refused now:" not in actions(play)
        await play.press("x")
        assert "Refused now:" in actions(play)
        play.table.query_one("#actions", OptionList).highlighted = len(actions(play)) - 3
        await mark(play, "no:decide/letter/accept")
        reason = play.sitting.refused("decide/letter/accept")
        assert reason is not None
        assert play.shown("preview-text").lower() == reason.lower()
        await play.press("enter")
        assert play.says == f"No: {reason}"
        assert play.session.entries == 0
        await play.press("x")
        assert "Refused now:" not in actions(play)
        await play.press("escape")
        assert isinstance(play.screen, Home)

    playing(test)


def test_a_note_and_a_name_are_written_in_a_line() -> None:
    async def test(play: Play) -> None:
        await play.start()
        await play.press("n", "o")
        await play.write("They are [b]flooded[/b], again? /uq")
        await play.press("enter")
        assert play.session.notes[play.session.here.id] == ("They are [b]flooded[/b], again? /uq",)
        await play.press("m")
        await play.write("start here")
        await play.press("enter")
        assert play.session.names == {"r1": "start here"}
        await play.press("m")
        assert play.table.query_one("#line", Input).value == "start here"
        await play.press("escape")
        await play.press("o")
        assert play.table.query_one("#line", Input).value == ""
        await play.write("no")
        await play.press("escape")
        assert len(play.session.notes["r1"]) == 1
        await play.press("o", "enter")
        assert not play.table.query_one("#line").display, "nothing is a line that is not kept"
        assert len(play.session.notes["r1"]) == 1
        await play.press("n", "m")
        await play.write("start here")
        await play.press("enter")
        assert play.says == 'No: the name "start here" is taken by place r1; choose another'
        assert play.table.query_one("#line", Input).value == "start here", "it is not lost"
        await play.press("escape")
        assert play.screen.focused is not play.table.query_one("#line")
        assert same(again(play.session.case), play.session)

    playing(test)


def test_each_screen_over_the_table_opens_and_escape_comes_back() -> None:
    async def test(play: Play) -> None:
        await play.start()
        await play.press("n")
        screens = {
            "w": WhyScreen, "f": Reader, "d": DebriefScreen, "c": CompareScreen,
            "e": ExportScreen, "?": Reader,
        }  # fmt: skip
        for key, screen in screens.items():
            await play.press(key)
            assert isinstance(play.screen, screen), key
            await play.press("escape")
            assert isinstance(play.screen, Table), key
            assert play.screen.focused is not None
        await play.press("escape")
        assert isinstance(play.screen, Home)

    playing(test)


def test_the_facts_behind_what_is_marked_and_behind_the_last_step() -> None:
    async def test(play: Play) -> None:
        await play.start("january-2022", "basic", follow=True)
        await play.press("f")
        assert "It cites no facts" in play.text, "nothing was done yet"
        await play.press("escape", "right", "f")
        facts = next(it for it in play.session.case.frames if it.played).facts
        assert facts
        assert facts[0] in play.text
        await play.press("escape", "enter")
        assert play.table.centre == "actions"
        await play.press("f")
        action = play.sitting.game.by_id[marked(play)]
        assert isinstance(play.screen, Reader)
        assert " ".join(action.text.split()[:3]) in play.text

    playing(test)


def test_a_step_without_citations_says_so() -> None:
    async def test(play: Play) -> None:
        await play.start(follow=True)
        await play.press("right", "f")
        assert "It cites no facts: in this model it is invented." in play.text
        await play.press("escape", "l", "enter")
        assert "It cites no facts: in this model it is invented." in play.text

    playing(test)


# What cannot be done says why

SITS = "you sit for Lowmill"
ENDS = "come once a line has come to its end"


def refused(
    cases: Mapping[str, str], *, level: str = "full", pack: str = "two-towns",
    seat: str | None = None, where: str = "start", eyes: str | None = None,
) -> None:  # fmt: skip
    """Each key says its reason and does nothing; help and the palette say it too."""

    async def test(play: Play) -> None:
        await play.start(pack, level, seat)
        for it in where.split(", "):
            if "/" in it:
                play.session.apply(it)
            elif it != "start":
                play.session.goto(it)
        if eyes is not None:
            play.sitting.see_with(eyes)
        play.table.refresh_table()
        await play.settle()
        entries = play.session.entries
        told = [it.help for it in play.app.get_system_commands(play.screen)]
        for key, reason in cases.items():
            await play.press(key)
            assert play.says == f"No: {reason}."
            assert isinstance(play.screen, Table)
            assert f"(not now: {reason})" in help_of(play)
            assert any(it.endswith(f"not now: {reason}") for it in told)
        assert play.session.entries == entries

    playing(test)


def help_of(play: Play) -> str:
    return " ".join(" ".join(help_lines(play.screen, 1_000)).split())


def test_what_cannot_be_done_at_the_start() -> None:
    refused(
        {
            "u": "nothing was decided before this",
            "r": "nothing was undone here",
            "y": "you act for everybody and have no seat",
        }
    )


def test_what_cannot_be_done_at_an_ending() -> None:
    refused({"p": "the line has ended; u goes back"}, where="record")


def test_what_cannot_be_done_off_the_record_and_with_other_eyes() -> None:
    withheld = "what can be done is withheld from these eyes"
    refused(
        {
            "n": "no step of the record follows here",
            "a": "there is nothing else to show in the centre",
            "x": withheld,
            "/": withheld,
        },
        where="posture/highwell/build-up",
        eyes="public",
    )


def test_what_a_seat_cannot_do() -> None:
    refused(
        {
            "n": f"{SITS}; the others follow the record by themselves",
            "v": f"{SITS} and see with its eyes",
            "d": "the debrief comes when the line has come to its end",
        },
        seat="lowmill",
    )


def test_what_a_simple_level_has_not_before_the_end() -> None:
    reason = "at this level they come once a line has come to its end"
    refused({"b": reason, "g": reason}, pack="january-2022", level="basic")


def test_every_verb_is_in_the_palette_and_in_help_and_is_done_from_there() -> None:
    async def test(play: Play) -> None:
        await play.start()
        told = help_of(play)
        names = [it.title for it in play.app.get_system_commands(play.screen)]
        for verb in Table.VERBS:
            assert verb.label in names
            assert f"{verb.label}: {verb.help}" in told
        await play.press("ctrl+p")
        await play.write("undo")
        await play.until(lambda: "not now: nothing was decided before this" in play.text)
        await play.press("escape", "ctrl+p")
        await play.write("next")
        await play.until(lambda: "n: Take the record's next step" in play.text)
        await play.press("down", "enter")
        await play.until(lambda: play.session.entries == 1)
        assert play.session.here.id == "r1"

    playing(test)


# At a simple level


def test_the_branches_come_once_a_line_has_ended_and_stay() -> None:
    async def test(play: Play) -> None:
        await play.start("january-2022", "basic")
        assert "Branches b" not in play.text
        assert "Closes in this model" not in play.text
        play.session.goto("record")
        play.table.refresh_table()
        await play.settle()
        assert "Branches b" in play.text
        play.session.goto("start")
        play.table.refresh_table()
        await play.settle()
        assert "Branches b" in play.text

    playing(test, LARGE)


# A seat


def test_a_seat_sees_only_its_turn_and_at_the_end_the_debrief() -> None:
    async def test(play: Play) -> None:
        await play.start(seat="highwell")
        for _ in range(12):
            if play.sitting.mover is None:
                break
            choice = play.sitting.choices[0].id if play.sitting.choices else "pass/highwell"
            wanted = ("demand", "ask", "receive", "read", "analyse", "position", "decide")
            choice = next(
                (it.id for it in play.sitting.choices if it.id.split("/")[0] in wanted), "pass"
            )
            if choice == "pass":
                await play.press("p")
            else:
                await mark(play, choice)
                await play.press("enter")
            assert play.sitting.eyes == "highwell"
            assert FAULT not in play.says
        assert play.sitting.mover is None
        assert "Ending reached:" in play.shown("stage")
        assert play.table.centre == "withheld"
        told = play.shown("withheld-text")
        assert told.startswith(
            "Seen with the eyes of Highwell. Your line has come to its end here; d: the"
        )
        await play.press("d")
        assert isinstance(play.screen, DebriefScreen)

    playing(test)


# What goes wrong in play


def test_a_journal_that_cannot_be_written_is_said_in_place_and_play_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def test(play: Play) -> None:
        await play.start()
        await play.press("n")

        def full(self: Writer, line: bytes) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(Writer, "_write", full)
            await play.press("n")
            assert "could not be written (No space left on device)" in play.says
            assert "what was saved before is; make room, and try again" in play.says
            assert play.session.here.id == "r1"
            await play.press("o")
            await play.write("x")
            await play.press("enter")
            assert "could not be written" in play.says
            assert play.table.query_one("#line", Input).value == "x", "it is not lost"
            await play.press("escape")
            assert not play.session.notes
        await play.press("n")
        assert play.session.here.id == "r2"
        assert "could not" not in play.says
        assert same(again(play.session.case), play.session)
        play.path.write_bytes(play.path.read_bytes() + b"\n")
        await play.press("n")
        assert "was changed by another program meanwhile" in play.says
        await play.press("u")
        assert "can no longer be written; leave, and resume it" in play.says
        await play.press("l", "i", "f", "escape", "t")
        assert play.session.here.id == "r2", "who only looks goes on"
        await play.press("escape")
        assert isinstance(play.screen, Home)

    playing(test, LARGE)


def test_a_fault_of_the_engine_is_said_in_place_and_play_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_: object) -> State:
        raise ZeroDivisionError("by nought [/b]")

    async def test(play: Play) -> None:
        await play.start()
        await mark(play, "demand/letter")
        for where in ("session.apply_action", "sitting.legal_actions", "tui.table.stage_bar"):
            with monkeypatch.context() as patch:
                patch.setattr(f"negsim.{where}", fails)
                await play.press("enter")
            assert play.says.startswith("No: This is a fault of negsim: ZeroDivisionError(")
            assert "by nought [/b]" in play.says
            assert "What was done before is kept." in play.says
            await play.press("u")
            assert FAULT not in play.says
        with monkeypatch.context() as patch:
            patch.setattr("negsim.tui.compare.CompareScreen", fails)
            await play.press("c")
        assert FAULT in play.says
        await play.press("n")
        assert FAULT not in play.says
        assert play.session.here.id == "r1"
        await play.press("u")
        await mark(play, "demand/letter")
        play.session.apply("demand/letter")  # the list was painted before
        await play.press("enter")
        assert play.says.startswith("No: demand/letter is refused: ")
        assert same(again(play.session.case), play.session)

    playing(test)


# Small packs


def test_a_pack_with_one_exchange_is_played_to_its_ending(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    endings = {
        "left": {"title": "Left", "reason": "No more.", "when": {"letter.decision": "lapse"}},
        "lapsed": {"title": "Lapsed", "reason": "Everybody went on passing."},
    }
    shown_in(loaded_of(small_pack("one", {"gate": ["rejected"]}, endings=endings), []), monkeypatch)

    async def test(play: Play) -> None:
        await play.start("one")
        for _ in range(9):
            if play.sitting.mover is None:
                break
            if play.table.centre == "actions":
                await mark(play, play.sitting.choices[0].id)
            await play.press("enter")
            assert FAULT not in play.says
        assert play.sitting.mover is None
        assert "Ending reached: Left" in play.shown("stage")
        await play.press("p", "x", "a", "v", "u", "r", "d")
        assert isinstance(play.screen, DebriefScreen)
        await play.press("escape", "b", "g", "i", "k", "l", "t")
        assert FAULT not in play.says
        assert same(again(play.session.case), play.session)

    playing(test)
