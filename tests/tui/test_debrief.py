"""The debrief on the screen: every key at both sizes, what is saved, and what is not told yet."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import OptionList

from negsim.debrief import debrief
from negsim.debrief.rows import kept
from negsim.errors import NegsimError
from negsim.export.debrief_html import debrief_html
from negsim.export.debrief_markdown import debrief_markdown
from negsim.journal_file import file_of
from negsim.pack.catalogue import shipped
from negsim.pack.load import load_pack
from negsim.sitting import Sitting
from negsim.text import fact_lines
from negsim.tui.debrief import AWAITED, NO_TURNING, DebriefScreen, Telling
from negsim.tui.deliver import save
from negsim.tui.plain import Plain
from negsim.tui.reader import Reader
from tests.tui import HOSTILE, hostile, sitting_of, until, wander
from tests.tui.app_tests import LARGE, SIZE, SMALL
from tests.tui.settling import settle

TWO_TOWNS = load_pack(shipped() / "two-towns", branches_too=False)
JANUARY = load_pack(shipped() / "january-2022", branches_too=False)
Test = Callable[["Shown", Pilot[None]], Awaitable[None]]


class Shown(App[None]):
    """The debrief over an empty screen."""

    def __init__(self, sitting: Sitting) -> None:
        super().__init__()
        self.debrief = DebriefScreen(sitting)

    def on_mount(self) -> None:
        self.push_screen(self.debrief)

    @property
    def text(self) -> str:
        """Everything on the screen, a line each."""
        strips = self.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    @property
    def sections(self) -> OptionList:
        return self.debrief.query_one("#sections", OptionList)

    @property
    def telling(self) -> Telling:
        return self.debrief.query_one(Telling)

    @property
    def section(self) -> str | None:
        option = self.sections.highlighted_option
        return option.id if option is not None else None

    @property
    def entry(self) -> str:
        option = self.telling.highlighted_option
        return str(option.prompt) if option is not None else ""

    @property
    def said(self) -> str:
        """What is said in place, on one line."""
        said = self.debrief.query_one("#said", Plain)
        return str(said.content) if said.display else ""

    async def press(self, pilot: Pilot[None], *keys: str) -> None:
        for key in keys:
            self.simulate_key(key)
            await settle(pilot.app)

    async def open(self, pilot: Pilot[None], section: str) -> None:
        """Marks a section and goes into it."""
        self.sections.focus()
        self.sections.highlighted = self.sections.get_option_index(section)
        await settle(pilot.app)
        await self.press(pilot, "enter")


def showing(sitting: Sitting, test: Test, size: tuple[int, int] = (80, 24)) -> None:
    async def run() -> None:
        app = Shown(sitting)
        async with app.run_test(size=size) as pilot:
            await settle(pilot.app)
            await test(app, pilot)

    asyncio.run(run())


def at_end(level: str = "full") -> Sitting:
    sitting = sitting_of(JANUARY, level=level)
    sitting.session.goto("record")
    return sitting


# The sections


@SIZE
def test_the_judging_rules_come_after_the_line(size: tuple[int, int]) -> None:
    """All sections that have something to tell are in sight at once; what is empty is left out."""
    sitting = at_end()
    told = debrief(sitting.session)

    async def test(app: Shown, pilot: Pilot[None]) -> None:
        ids = [it.id for it in app.sections.options]
        assert ids[:2] == ["line", "judging"]
        empty = {it.id for it in told.sections if not it.blocks} - {"turning"}
        assert empty == {"notes"}
        assert {*ids} == {it.id for it in told.sections} - empty
        assert app.sections.has_focus
        assert app.sections.max_scroll_y == 0
        assert "Debrief: Drafts, papers and a leak" in app.text
        assert "A debrief tells what a line came to in this model" in app.text
        for title in ("The papers under three", "The facts cited"):
            assert title in app.text

    showing(sitting, test, size)


@SIZE
def test_the_arrows_show_the_sections_and_go_into_one(size: tuple[int, int]) -> None:
    async def test(app: Shown, pilot: Pilot[None]) -> None:
        await app.press(pilot, "down")
        assert app.section == "judging"
        assert "How each rule reads the papers in this model" in app.text
        assert app.telling.scroll_y == 0
        await app.press(pilot, "up", "down", "right")
        assert app.telling.has_focus
        assert app.entry.startswith("All or nothing: each point")
        await app.press(pilot, "down")
        assert app.entry.startswith("Item by item: each point")
        await app.press(pilot, "left")
        assert app.sections.has_focus
        await app.press(pilot, "enter")
        assert app.telling.has_focus
        assert app.entry.startswith("Item by item: each point")
        await app.press(pilot, "left", "down", "enter")
        assert app.section == "items"
        assert app.entry.startswith("no further admissions")
        await app.press(pilot, "shift+tab")
        assert app.sections.has_focus
        await app.press(pilot, "tab")
        assert app.telling.has_focus

    showing(at_end(), test, size)


@SIZE
def test_each_entry_can_be_come_to_and_what_is_marked_is_in_sight(size: tuple[int, int]) -> None:
    async def test(app: Shown, pilot: Pilot[None]) -> None:
        await app.open(pilot, "judging")
        found = [it for it in app.telling.options if not it.disabled]
        for option in found:
            assert app.telling.highlighted_option is option
            assert in_sight(app)
            await app.press(pilot, "down")
        await app.press(pilot, "end")
        for option in reversed(found):
            assert app.telling.highlighted_option is option
            assert in_sight(app)
            await app.press(pilot, "up")
        await app.press(pilot, "end", "home")
        assert app.telling.scroll_y == 0
        assert "How each rule reads the papers" in app.text

    showing(at_end("basic"), test, size)


def in_sight(app: Shown) -> bool:
    """Whether all lines of the marked entry are shown where they are the only ones like it."""
    telling = app.telling
    assert telling.highlighted is not None
    top = telling._index_to_line[telling.highlighted] - telling.scroll_offset.y
    lines, region = app.entry.split("\n"), telling.scrollable_content_region
    strips = app.debrief._compositor.render_strips()[region.y + top : region.bottom]
    shown = [strip.crop(region.x, region.right).text.rstrip() for strip in strips]
    return top >= 0 and shown[: len(lines)] == lines


@SIZE
def test_the_head_of_a_table_stays_in_sight(size: tuple[int, int]) -> None:
    """And nothing but it, below where the table began and above where it ends."""

    async def test(app: Shown, pilot: Pilot[None]) -> None:
        await app.open(pilot, "judging")
        region = app.telling.scrollable_content_region
        heads = 0
        for top in range(int(app.telling.max_scroll_y) + 1):
            app.telling.scroll_to(y=top, animate=False, immediate=True)
            await settle(pilot.app)
            strips = app.debrief._compositor.render_strips()[region.y : region.bottom]
            shown = [strip.crop(region.x, region.right).text.rstrip() for strip in strips]
            texts = [str(it.prompt) for it in app.telling.options]
            lines = [line for text in texts for line in text.split("\n")]
            head = kept(app.telling.rows, top)
            heads += bool(head)
            wanted = [lines[it] for it in head] + lines[top + len(head) :]
            assert shown == wanted[: len(shown)]
            assert shown[0].startswith("Point ") or not head
        assert heads > 20

    showing(at_end(), test, size)


@SIZE
def test_marks_are_told_by_signs(size: tuple[int, int]) -> None:
    async def test(app: Shown, pilot: Pilot[None]) -> None:
        await app.open(pilot, "judging")
        assert "Signs:  > this line   = reported   + yes   - no   ? not reported" in app.text
        assert any(str(it.prompt).count("- no ") >= 3 for it in app.telling.options)
        await app.open(pilot, "line")
        await app.press(pilot, "end")
        assert "* Outside the record: The reporting used here ends" in app.text

    showing(at_end(), test, size)


# The facts


@SIZE
def test_enter_opens_the_facts_of_an_entry(size: tuple[int, int]) -> None:
    sitting = at_end()

    async def test(app: Shown, pilot: Pilot[None]) -> None:
        await app.open(pilot, "items")
        await app.press(pilot, "enter")
        assert isinstance(app.screen, Reader)
        assert "Reported of the US paper: refused. Support for the open door" in app.text
        await app.press(pilot, "end")
        last = fact_lines("F62", sitting.case.loaded, 500, "")[1]
        await until(pilot, lambda: "".join(last.split()) in "".join(app.text.split()))
        assert "No fact is cited" not in app.text
        await app.press(pilot, "escape")
        assert app.telling.has_focus
        assert app.entry.startswith("no further admissions")
        await app.open(pilot, "open")
        await app.press(pilot, "enter")
        assert isinstance(app.screen, Reader)
        assert "No fact is cited." in app.text
        await app.press(pilot, "escape")
        await app.open(pilot, "facts")
        await app.press(pilot, "enter")
        assert isinstance(app.screen, Reader)
        assert app.text.count("F17") >= 2

    showing(sitting, test, size)


def test_what_is_clicked_is_opened() -> None:
    async def test(app: Shown, pilot: Pilot[None]) -> None:
        await pilot.click("#sections", offset=(5, 1))
        await settle(pilot.app)
        assert app.section == "judging"
        assert app.telling.has_focus
        await app.open(pilot, "items")
        row = app.text.split("\n").index(next(it for it in app.text.split("\n") if "(D1, " in it))
        await pilot.click(offset=(40, row))
        await settle(pilot.app)
        assert isinstance(app.screen, Reader)

    showing(at_end(), test, (120, 40))


@SIZE
def test_escape_goes_back(size: tuple[int, int]) -> None:
    async def test(app: Shown, pilot: Pilot[None]) -> None:
        await app.press(pilot, "down", "enter", "down", "escape")
        assert app.screen is not app.debrief
        assert len(app.screen_stack) == 1

    showing(at_end(), test, size)


# What is saved


@SIZE
def test_it_is_saved_where_negsim_was_started(
    size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    sitting = at_end("basic")
    sitting.session.note("seen [b]so[/b]")
    told = debrief(sitting.session)
    name = f"{file_of(sitting.session.header).stem}-debrief"

    async def test(app: Shown, pilot: Pilot[None]) -> None:
        await app.press(pilot, "e")
        assert sorted(it.name for it in tmp_path.iterdir()) == [f"{name}.html", f"{name}.md"]
        assert (tmp_path / f"{name}.html").read_bytes() == debrief_html(told).encode()
        assert (tmp_path / f"{name}.md").read_bytes() == debrief_markdown(told).encode()
        for ending in ("html", "md"):
            assert str(tmp_path / f"{name}.{ending}") in app.said
        assert "Turning points were not worked out yet" in app.said
        assert app.sections.has_focus
        await app.press(pilot, "e", "down", "enter", "e")
        assert str(tmp_path / f"{name}-3.html") in app.said
        assert len(list(tmp_path.iterdir())) == 6

    showing(sitting, test, size)


@SIZE
def test_what_is_marked_stays_in_sight_when_something_is_said(
    size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    async def test(app: Shown, pilot: Pilot[None]) -> None:
        await app.open(pilot, "judging")
        while not app.telling.scroll_y:
            await app.press(pilot, "down")
        await app.press(pilot, "e")
        await until(pilot, lambda: in_sight(app))

    showing(at_end(), test, size)


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text("mine")
    (tmp_path / "x-2.html").symlink_to("nowhere")
    pages = {"html": "<p>", "md": "p\n"}
    assert [it.name for it in save("x", pages, tmp_path)] == ["x-3.html", "x-3.md"]
    assert (tmp_path / "x.md").read_text() == "mine"
    assert {it.name for it in tmp_path.iterdir()} == {"x.md", "x-2.html", "x-3.html", "x-3.md"}


def test_what_cannot_be_written_whole_is_not_left(tmp_path: Path) -> None:
    with pytest.raises(NegsimError, match="too long"):
        save("x", {"html": "<p>", "m" * 300: "p"}, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_that_it_cannot_be_saved_is_said_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()

    async def test(app: Shown, pilot: Pilot[None]) -> None:
        await app.press(pilot, "e")
        assert app.said == "No: the current folder is gone; start negsim in another."
        await app.press(pilot, "down")
        assert app.section == "judging"
        os.chdir(tmp_path)
        await app.press(pilot, "e")
        assert app.said.startswith(f"Saved: {tmp_path}")

    showing(at_end("basic"), test)


def test_that_a_file_cannot_be_written_is_said_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    def full(path: Path, *args: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    async def test(app: Shown, pilot: Pilot[None]) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(Path, "open", full)
            await app.press(pilot, "e")
        assert app.said.startswith("No: nothing can be saved in")
        assert "No space left on device" in app.said
        assert app.said.endswith(".")

    showing(at_end("basic"), test)


def test_a_browser_is_given_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    sitting = at_end("basic")
    given_: dict[str, str] = {}

    def deliver(app: App[None], text: StringIO, *, save_filename: str) -> None:
        given_[save_filename] = text.read()

    monkeypatch.setattr(App, "is_web", property(lambda app: True))
    monkeypatch.setattr(App, "deliver_text", deliver)

    async def test(app: Shown, pilot: Pilot[None]) -> None:
        await app.press(pilot, "e")
        told, name = app.debrief.told, file_of(sitting.session.header).stem
        assert given_ == {
            f"{name}-debrief.html": debrief_html(told),
            f"{name}-debrief.md": debrief_markdown(told),
        }
        assert "Your browser is given" in app.said
        assert list(tmp_path.iterdir()) == []

    showing(sitting, test)


# Turning points


@SIZE
def test_turning_points_come_when_they_are_worked_out(
    size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    sitting = at_end()
    turning = [("A step", ["It closes an ending.", HOSTILE])]

    async def test(app: Shown, pilot: Pilot[None]) -> None:
        await app.open(pilot, "turning")
        assert AWAITED in app.text
        app.debrief.show_turning(turning)
        await settle(pilot.app)
        assert AWAITED not in app.text
        for text in ("A step", "It closes an ending.", HOSTILE):
            assert text in app.text
        assert app.section == "turning"
        assert app.debrief.told == debrief(sitting.session, turning=turning)
        await app.press(pilot, "e")
        assert "not worked out yet" not in app.said
        page = next(tmp_path.glob("*.html")).read_text(encoding="utf-8")
        assert page == debrief_html(debrief(sitting.session, turning=turning))
        app.debrief.show_turning([])
        await settle(pilot.app)
        assert NO_TURNING in app.text
        app.debrief.show_turning([], "It takes too long.")
        await settle(pilot.app)
        assert "It takes too long." in app.text
        await app.open(pilot, "open")
        await app.press(pilot, "down")
        before = app.telling.highlighted
        app.debrief.show_turning(turning)
        await settle(pilot.app)
        assert app.telling.highlighted == before
        assert app.section == "open"

    showing(sitting, test, size)


def test_turning_points_may_be_known_before_the_screen_is_there_or_after_it() -> None:
    sitting = at_end("basic")

    async def test(app: Shown, pilot: Pilot[None]) -> None:
        early = DebriefScreen(sitting)
        early.show_turning([("A step", ["It closes an ending."])])
        app.pop_screen()
        app.debrief = early
        await app.push_screen(early)
        await until(pilot, lambda: app.section == "line")
        await app.open(pilot, "turning")
        assert "It closes an ending." in app.text
        await app.press(pilot, "escape")
        assert app.screen is not early
        early.show_turning([])  # too late, and no harm

    showing(sitting, test)


# Any debrief


@SIZE
def test_texts_are_shown_as_they_are(size: tuple[int, int]) -> None:
    sitting = sitting_of(hostile())
    session = sitting.session
    session.goto("record")
    session.note(HOSTILE)
    session.name(HOSTILE[:40])
    session.apply("answer/letter/gate/talks")
    turning = [("\x1b[2J\u202e" + "x" * 10_000, [HOSTILE, "x" * 10_000])]

    async def test(app: Shown, pilot: Pilot[None]) -> None:
        app.debrief.show_turning(turning)
        seen = ""
        for option in list(app.sections.options):
            await app.open(pilot, option.id or "")
            for key in ("home", "end"):
                await app.press(pilot, key)
                assert all(line.isprintable() for line in app.text.split("\n"))
                seen += "".join(app.text.split())
        for section in ("items", "turning"):
            await app.open(pilot, section)
            await app.press(pilot, "enter")
            assert isinstance(app.screen, Reader)
            assert HOSTILE[:30] in app.text
            await app.press(pilot, "escape")
        assert "".join(HOSTILE.split()) in seen.replace("▌", "")
        assert "\\x1b[2J\\u202exxx" in seen

    showing(sitting, test, size)


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from((SMALL, LARGE)))
def test_any_place_can_be_shown(seed: int, size: tuple[int, int]) -> None:
    sitting = sitting_of(TWO_TOWNS)
    sitting.session.goto(["0", "r8", "record"][seed % 3])
    wander(sitting.session, 60, seed, jumps=0.1)

    async def test(app: Shown, pilot: Pilot[None]) -> None:
        assert app.debrief.told == debrief(sitting.session)
        for option in list(app.sections.options):
            assert app.section == option.id
            assert app.telling.option_count
            assert app.telling.highlighted_option is not None
            assert app.telling.max_scroll_x == 0
            await app.press(pilot, "down")

    showing(sitting, test, size)


def test_another_width_sets_the_lines_anew() -> None:
    async def test(app: Shown, pilot: Pilot[None]) -> None:
        await app.open(pilot, "items")
        await app.press(pilot, "down", "down")
        before, lines = app.telling.highlighted, app.entry.count("\n")
        await pilot.resize_terminal(60, 20)
        await settle(pilot.app)
        assert app.telling.highlighted == before
        assert app.entry.count("\n") > lines
        assert app.telling.max_scroll_x == 0
        await pilot.resize_terminal(160, 50)
        await settle(pilot.app)
        assert app.entry.count("\n") < lines
        assert app.telling.has_focus

    showing(at_end(), test)
