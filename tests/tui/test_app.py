"""What holds on every screen: too little room, themes, letters, settings, help, faults."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from rich.segment import Segment
from textual.color import Color
from textual.widgets import OptionList

from negsim import places
from negsim.errors import NegsimError
from negsim.tui import settings
from negsim.tui.app import Negsim, open_app
from negsim.tui.hints import HINTS, hint
from negsim.tui.home import Home, Ways
from negsim.tui.letters import SIGNS, PlainLetters, plain
from negsim.tui.reader import Reader
from negsim.tui.settings import Settings
from negsim.tui.small import HEIGHT, WIDTH, TooSmall
from negsim.tui.table import Table
from negsim.tui.verbs import Verb, Verbal, key_name
from tests.conftest import Call
from tests.tui.app_tests import FAULT, LARGE, SMALL, Play, playing

# Too little room


@pytest.mark.parametrize("size", [(WIDTH - 1, HEIGHT), (WIDTH, HEIGHT - 1), (10, 3)])
def test_where_there_is_too_little_room_it_says_what_to_do(size: tuple[int, int]) -> None:
    async def test(play: Play) -> None:
        assert isinstance(play.screen, TooSmall)
        if size[0] >= 30 and size[1] >= HEIGHT - 1:
            for told in (f"{WIDTH} columns and {HEIGHT} lines", "negsim play two-towns"):
                assert told in play.text.replace("│ ", "").replace("│", ""), play.text
        await play.press("enter", "?", "escape", "p", "ctrl+p")
        await play.resize(WIDTH, HEIGHT)
        while not isinstance(play.screen, Home):
            assert not isinstance(play.screen, TooSmall)
            await play.press("escape")
        assert not any(isinstance(it, TooSmall) for it in play.app.screen_stack)

    playing(test, size)


def test_there_is_room_enough_at_its_least_size() -> None:
    async def test(play: Play) -> None:
        assert isinstance(play.screen, Home)
        await play.start()
        assert isinstance(play.screen, Table)
        assert play.table.query_one("#actions").size.height >= 3

    playing(test, (WIDTH, HEIGHT))


def test_it_grows_and_shrinks_over_any_screen_and_nothing_is_lost() -> None:
    async def test(play: Play) -> None:
        await play.start()
        screens: list[tuple[str, ...]] = [(), ("?",), ("ctrl+p",), ("o",), ("w",)]
        for keys in screens:
            await play.press(*keys)
            before = play.app.screen_stack[:]
            await play.resize(40, 10)
            assert isinstance(play.screen, TooSmall)
            await play.press("n", "p", "enter", "escape")
            await play.resize(20, 5)
            await play.resize(*LARGE)
            assert play.app.screen_stack == before, keys
            await play.resize(*SMALL)
            if keys:
                await play.press("escape")
            assert isinstance(play.screen, Table), keys
        assert play.session.entries == 0

    playing(test)


@pytest.mark.parametrize("keys", ["?", "o", "small"])
def test_ctrl_q_leaves_from_everywhere(keys: str) -> None:
    async def test(play: Play) -> None:
        if keys == "small":
            await play.resize(40, 10)
        elif keys == "o":
            await play.start()
            await play.press("o")
        else:
            await play.press("?")
        await play.press("ctrl+q")
        assert play.app._exit

    playing(test)


# Themes and letters


def test_the_theme_changes_and_is_remembered() -> None:
    async def dark(play: Play) -> None:
        assert play.app.theme == "negsim-dark"
        await play.press("ctrl+p")
        await play.write("light")
        await play.until(lambda: "The other theme" in play.text)
        await play.press("down", "enter")
        await play.until(lambda: play.app.theme == "negsim-light")

    async def light(play: Play) -> None:
        assert play.app.theme == "negsim-light"
        play.app.action_light()
        assert play.app.theme == "negsim-dark"

    playing(dark)
    assert settings.read().light
    playing(light)
    assert not settings.read().light


def colours(play: Play) -> set[tuple[int, int, int]]:
    found = set()
    for strip in play.strips:
        for segment in strip:
            for one in (segment.style.color, segment.style.bgcolor) if segment.style else ():
                if one is not None and one.triplet is not None:
                    found.add(tuple(one.triplet))
    return found  # type: ignore[return-value]


def test_without_colours_only_greys_are_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def test(play: Play) -> None:
        await play.start(follow=True)
        for key in ("right", "enter", "i", "e"):
            await play.press(key)
            filtered = set()
            for strip in play.strips:
                for one in play.app._filters:
                    strip = strip.apply_filter(one, Color(0, 0, 0))
                for segment in strip:
                    style = segment.style
                    for it in (style.color, style.bgcolor) if style else ():
                        if it is not None and it.triplet is not None:
                            filtered.add(it.triplet)
            assert filtered
            assert all(max(it) - min(it) <= 1 for it in filtered), filtered

    playing(test)


def test_with_plain_letters_nothing_else_is_painted() -> None:
    async def test(play: Play) -> None:
        await play.start("january-2022", "basic", follow=True)
        keys = ("right", "enter", "l", "i", "k", "w", "escape", "d", "escape", "e", "escape", "?")
        for key in keys:
            await play.press(key)
            assert play.screen._compositor is not None
            for strip in play.strips:
                for one in play.app.get_line_filters():
                    strip = strip.apply_filter(one, Color(0, 0, 0))
                assert strip.text.isascii(), strip.text
                assert strip.cell_length <= 80

    playing(test, plain=True)


def test_each_letter_keeps_its_cells() -> None:
    from rich.cells import cell_len

    chars = [*map(chr, range(0x20, 0x3000)), *"界🔎é한", *SIGNS]
    for char in filter(str.isprintable, chars):
        found = plain(char)
        assert found.isascii()
        assert len(found) == cell_len(char), hex(ord(char))
    assert plain("é") == "e"
    assert plain("─") == "-"
    assert plain("│") == "|"
    assert plain("╭") == "+"
    segments = PlainLetters().apply([Segment("a│é"), Segment("b")], Color(0, 0, 0))
    assert [it.text for it in segments] == ["a|e", "b"]


# What is remembered


def file() -> Path:
    return places.data() / "interface.json"


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"light": true}', '{"light": 1, "followed": 3}', "[" * 9_000, "null"],
)
def test_settings_that_are_not_as_they_were_written_are_none(text: str) -> None:
    file().parent.mkdir(parents=True, exist_ok=True)
    file().write_text(text)
    assert settings.read() == Settings()


def test_settings_are_remembered_where_they_can_be() -> None:
    settings.remember(Settings(True, ("take",)))
    assert settings.read() == Settings(True, ("take",))
    assert json.loads(file().read_text()) == {"light": True, "followed": ["take"]}
    file().unlink()
    file().mkdir()
    settings.remember(Settings())
    assert settings.read() == Settings()


def test_in_a_browser_nothing_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    settings.remember(Settings(True, ("take",)))
    monkeypatch.setenv("NEGSIM_BROWSER", "a" * 32)
    assert settings.read() == Settings()
    settings.remember(Settings(False, ("pass",)))
    monkeypatch.delenv("NEGSIM_BROWSER")
    assert settings.read() == Settings(True, ("take",))


def test_a_hint_goes_once_it_is_followed_and_stays_gone() -> None:
    told: list[str] = []

    async def test(play: Play) -> None:
        await play.start()
        told.append(play.says)
        await play.press("enter")
        told.append(play.says)

    playing(test)
    first, second, third = (text for _, text in HINTS["actions"])
    assert told == [f"Hint: {first}", f"Hint: {second}"]
    playing(test)
    assert told[2:] == [f"Hint: {second}", f"Hint: {second}"]
    assert third


def test_every_hint_can_be_followed() -> None:
    """By a verb of the table, or by what a centre does."""
    verbs = {it.name for it in Table.VERBS} | {"step", "leave", "take"}
    for centre, hints in HINTS.items():
        assert {verb for verb, _ in hints} <= verbs
        assert hint(centre, verbs, seated=True) is None
        assert hint(centre, verbs - {"show seat"}, seated=True) is not None
    assert hint("withheld", (), seated=False) is None


# Verbs and help


def test_keys_are_told_in_plain_letters() -> None:
    names = ["question_mark", "slash", "escape,q", "ctrl+p", "a"]
    assert [key_name(it) for it in names] == ["?", "/", "esc/q", "^p", "a"]


def test_every_screen_has_its_verbs_and_no_key_twice() -> None:
    for screen in (Home, Table):
        keys = [key for it in screen.VERBS for key in it.key.split(",")]
        assert len(keys) == len(set(keys))
        for it in screen.VERBS:
            assert callable(getattr(screen, f"do_{it.name.partition(' ')[0]}"))
            assert it.help
            assert it.label.isascii()


def test_a_verb_that_fails_is_said_and_told_in_the_palette_without_markup() -> None:
    class Bad(Verbal):
        VERBS = (Verb("break", "b", "Break", "[bold]Breaks[/bold] \x1b it"),)

        def do_break(self) -> None:
            raise ZeroDivisionError

        def unable(self, name: str) -> str | None:
            return "[b]no[/b]" if name == "x" else None

    async def test(play: Play) -> None:
        bad = Bad()
        play.app.push_screen(bad)
        await play.settle()
        assert [it.help for it in bad.commands()] == ["b: (bold)Breaks(/bold) \\x1b it"]
        bad.action_verb("break")
        bad.action_verb("x")
        await play.settle()
        assert FAULT in play.told
        assert "No: [b]no[/b]." in play.told

    playing(test, told=True)


def test_a_key_that_fails_is_told_and_everything_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(self: OptionList) -> None:
        raise KeyError("[b]")

    async def test(play: Play) -> None:
        monkeypatch.setattr(OptionList, "action_page_down", fails)
        await play.press("pagedown")
        assert play.told.startswith("This is a fault of negsim: KeyError('[b]')")
        await play.press("down", "enter")
        assert isinstance(play.screen, Ways)

    playing(test)


def test_a_key_that_comes_before_a_table_is_built_does_nothing() -> None:
    async def test(play: Play) -> None:
        await play.start()
        table = Table(play.sitting)
        play.app.push_screen(table)
        await play.app.run_action("verb('undo')", table)
        await play.settle()
        assert play.told == ""
        assert "nothing was decided" not in play.says
        await play.app.run_action("verb('undo')", table)
        assert play.says == "No: nothing was decided before this."

    playing(test, told=True)


def test_the_palette_closes_once_however_often_a_key_is_pressed() -> None:
    """Else it closes what lies under it too, and a session stays open that nobody sees."""

    async def test(play: Play) -> None:
        await play.start()
        await play.press("ctrl+p")
        await play.write("undo")
        await play.until(lambda: "One decision back" in play.text or "not now" in play.text)
        await play.press("down")
        await play.burst("enter", "enter", "enter")
        await play.until(lambda: isinstance(play.screen, Table))
        assert play.says == "No: nothing was decided before this."

    playing(test)


def test_help_scrolls_and_closes_with_each_of_its_keys() -> None:
    async def test(play: Play) -> None:
        await play.start()
        for key in ("escape", "q", "enter"):
            await play.press("?")
            assert isinstance(play.screen, Reader)
            await play.press("pagedown", "end", "x", "p", key)
            assert isinstance(play.screen, Table)
        assert play.session.entries == 0

    playing(test)


def test_a_complaint_is_shown_as_it_is_and_harmless() -> None:
    async def test(play: Play) -> None:
        play.app.complain(NegsimError("[@click=app.quit]a[/] \x1b[2Jb\u202e"))
        await play.settle()
        assert play.told == "[@click=app.quit]a[/] \\x1b[2Jb\\u202e"
        assert "[@click=app.quit]a[/]" in play.text
        assert "\u202e" not in play.text

    playing(test, LARGE, told=True)


def test_everything_can_be_clicked() -> None:
    async def test(play: Play) -> None:
        await play.pilot.click(OptionList, offset=(5, 2))
        await play.settle()
        if isinstance(play.screen, Home):  # the first click marked it
            await play.pilot.click(OptionList, offset=(5, 2))
            await play.settle()
        assert isinstance(play.screen, Ways)
        await play.pilot.click(OptionList, offset=(5, 3))
        await play.until_table()
        assert play.sitting.seat is None
        await play.pilot.click("#actions", offset=(5, 1))
        await play.settle()
        assert play.session.entries == 1
        await play.pilot.click("#--content-tab-tab-items")
        await play.settle()
        assert play.screen.focused is play.table.query_one("#item-table")
        keys = play.rows[-1]
        await play.pilot.click("#keys", offset=(keys.index("Undo"), 0))
        await play.settle()
        assert play.session.here.parent is None
        await play.pilot.click("#keys", offset=(keys.index("Help"), 0))
        await play.settle()
        assert isinstance(play.screen, Reader)

    playing(test)


# `negsim` alone


def test_alone_on_a_terminal_it_opens_the_interface(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[bool] = []
    monkeypatch.setattr("negsim.tui.app.open_app", lambda plain: opened.append(plain))
    monkeypatch.setattr("negsim.cli._at_a_terminal", lambda: True)
    assert call() == (0, "", "")
    assert call("--ascii").code == 0
    monkeypatch.setenv("NEGSIM_ASCII", "1")
    assert call().code == 0
    assert opened == [False, True, True]
    assert call("list").code == 0, "a command opens nothing"
    assert len(opened) == 3


@pytest.mark.parametrize("gone", ["stdin", "stdout", "stderr"])
def test_where_one_stream_is_no_terminal_it_lists_the_packs(
    gone: str, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("negsim.tui.app.open_app", lambda plain: pytest.fail("it opens"))
    for name in {"stdin", "stdout", "stderr"} - {gone}:
        monkeypatch.setattr(getattr(sys, name), "isatty", lambda: True, raising=False)
    assert "negsim play two-towns" in call().out


def test_it_runs_the_application(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[bool] = []
    monkeypatch.setattr(Negsim, "run", lambda self: ran.append(self._plain))
    open_app(plain=True)
    assert ran == [True]
