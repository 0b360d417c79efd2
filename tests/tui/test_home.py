"""The first screen, the ways to start, and opening: every key, and every way in which they fail."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from textual.widgets import OptionList

from negsim import journal_file
from negsim.errors import NegsimError
from negsim.pack.catalogue import pack_ids, shipped
from negsim.places import journals
from negsim.tui.home import EXERCISE, Home, Ways
from negsim.tui.kept import Kept, begin
from negsim.tui.offered import MOST
from negsim.tui.opening import Opening
from negsim.tui.reader import Reader
from negsim.tui.table import Table
from tests.tui.app_tests import FAULT, LARGE, SIZE, SMALL, Play, playing

FULL = "full"


def listed(play: Play) -> list[str]:
    """What the list shows, line by line."""
    return [str(it.prompt) for it in play.screen.query_one(OptionList).options]


def marked(play: Play) -> str | None:
    option = play.screen.query_one(OptionList).highlighted_option
    return option.id if option is not None else None


def played(*actions: str, pack: str = "two-towns", seat: str | None = None) -> Path:
    """A session in which something was done."""
    found = begin(pack, FULL, seat)
    for it in actions or ("demand/letter",):
        found.sitting.session.apply(it)
    found.close()
    return found.writer.path


@pytest.fixture
def scenarios(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The packs that ship, in a folder of which they can be spoilt."""
    folder = tmp_path / "scenarios"
    for name in pack_ids():
        (folder / name).mkdir(parents=True)
        for file in (shipped() / name).glob("*.yaml"):
            (folder / name / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr("negsim.pack.catalogue.shipped", lambda: folder)
    monkeypatch.setattr("negsim.tui.home.shipped", lambda: folder)
    return folder


# What is listed


@SIZE
def test_the_cases_come_with_a_line_each_and_the_first_is_told(size: tuple[int, int]) -> None:
    async def test(play: Play) -> None:
        assert listed(play) == [
            "Cases",
            "Drafts, papers and a leak, winter 2021-22  (50 min, intermediate)",
            "Two towns and a weir  (10 min, introductory)",
        ]
        assert marked(play) == "pack/january-2022"
        assert "how they were read. 50 minutes, intermediate. Enter: follow" in play.text
        await play.press("down")
        assert marked(play) == "pack/two-towns"
        assert "An invented quarrel over a river" in play.text
        await play.press("down")
        assert marked(play) == "pack/january-2022", "the heading is no entry"

    playing(test, size)


@SIZE
def test_the_session_played_last_comes_first_and_enter_goes_on(size: tuple[int, int]) -> None:
    earlier = played("posture/highwell/build-up", seat="highwell")
    last = played("demand/letter", "ask/letter")

    async def test(play: Play) -> None:
        told = listed(play)
        assert [told[0], told[2], told[5]] == ["Go on", "Or start a case", "Earlier sessions"]
        assert marked(play) == f"session/{last}"
        assert told[1].endswith("Two towns and a weir: all parties, 2 entries")
        assert told[6].endswith("Two towns and a weir: seat highwell, 1 entries")
        assert last.name in "".join("".join(play.rows).split())
        await play.press("down", "down")
        assert "Played last 20" in play.text
        await play.press("up", "up", "enter")
        await play.until_table()
        assert play.session.here.id == "r2"
        await play.press("escape")
        assert isinstance(play.screen, Home)
        await play.press("down", "down", "down", "enter")
        await play.until_table()
        assert play.sitting.seat == "highwell"

    playing(test, size)
    assert journals() == [last, earlier] or journals() == [earlier, last]


def test_a_session_in_which_nothing_was_done_is_not_offered_nor_are_more_than_a_few() -> None:
    for number in range(MOST + 2):
        played(*["demand/letter", "ask/letter"][: number % 2 + 1])
    played_none = begin("two-towns", FULL, None)
    played_none.close()

    async def test(play: Play) -> None:
        offered = [it for it in play.screen.query_one(OptionList).options if it.id]
        assert len(offered) == MOST + len(pack_ids())
        assert f"session/{played_none.writer.path}" not in [it.id for it in offered]

    playing(test)


def test_what_is_listed_is_read_anew_and_what_was_marked_stays_so() -> None:
    async def test(play: Play) -> None:
        await play.press("down", "enter", "down", "down", "down", "enter")
        await play.until_table()
        await play.press("enter", "escape")
        assert listed(play)[0] == "Go on"
        assert marked(play) == "pack/two-towns"

    playing(test)


# The ways to start


def test_each_way_starts_what_it_says() -> None:
    async def test(play: Play) -> None:
        await play.press("down", "enter")
        assert isinstance(play.screen, Ways)
        ways = listed(play)
        assert ways[:5] == [
            "Follow the record",
            "Take a seat: Highwell",
            "Take a seat: Lowmill",
            "Explore freely",
            "Exercises",
        ]
        abouts = ["Step by step", "The others follow", "The others follow", "You act for everybody"]
        for number, seat in enumerate([None, "highwell", "lowmill", None]):
            if number:
                await play.press("enter")
            await play.press(*["down"] * number)
            assert abouts[number] in play.text
            await play.press("enter")
            await play.until_table()
            assert (play.sitting.seat, play.table.centre == "record") == (seat, number == 0)
            await play.press("escape")
            assert marked(play) == "pack/two-towns"

    playing(test)


def test_the_levels_come_the_simplest_first_and_escape_goes_back() -> None:
    async def test(play: Play) -> None:
        await play.press("enter")
        ids = [it.id for it in play.screen.query_one(OptionList).options]
        levels = [it.split("/")[0] for it in ids if it and not it.startswith(EXERCISE)]
        assert list(dict.fromkeys(levels)) == ["basic", "full"]
        assert ids[0] is None, "a heading"
        assert marked(play) == f"{levels[0]}/None/True"
        await play.press("escape")
        assert isinstance(play.screen, Home)

    playing(test)


def test_keys_that_come_faster_than_they_are_heard_open_one_thing() -> None:
    async def test(play: Play) -> None:
        await play.burst("down", "enter", "enter", "enter")
        assert [type(it) for it in play.app.screen_stack[1:]] == [Home, Ways]
        await play.burst("enter", "escape")
        await play.until(lambda: not isinstance(play.screen, Opening))
        assert isinstance(play.app.screen_stack[1], Home)
        if isinstance(play.screen, Home):
            await play.press("enter")
        if isinstance(play.screen, Ways):
            await play.burst("enter", "enter", "enter")
        await play.until_table()
        assert [type(it) for it in play.app.screen_stack[1:]] == [Home, Table]

    playing(test)


# What cannot be opened


def test_a_pack_whose_head_cannot_be_read_says_so(scenarios: Path) -> None:
    (scenarios / "two-towns" / "pack.yaml").write_bytes(b"title: [")

    async def test(play: Play) -> None:
        assert listed(play)[2] == "two-towns: cannot be read; try: negsim check two-towns"
        await play.press("down", "enter")
        assert isinstance(play.screen, Home)
        assert "pack.yaml:" in play.told

    playing(test, LARGE, told=True)


def test_a_pack_that_is_wrong_within_says_where(scenarios: Path) -> None:
    file = scenarios / "two-towns" / "pack.yaml"
    file.write_text(file.read_text().replace("judging: core-weighted", "judging: by-mood"))

    async def test(play: Play) -> None:
        await play.press("down", "enter")
        assert isinstance(play.screen, Home)
        assert "pack.yaml:" in play.told
        await play.press("up", "enter")
        assert isinstance(play.screen, Ways), "the other can be opened"

    playing(test, LARGE, told=True)


def test_without_any_pack_nothing_is_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("negsim.pack.catalogue.shipped", lambda: tmp_path)
    monkeypatch.setattr("negsim.tui.home.shipped", lambda: tmp_path)

    async def test(play: Play) -> None:
        assert marked(play) is None
        await play.press("enter", "down", "up", "enter")
        assert isinstance(play.screen, Home)

    playing(test)


def complaint(path: Path, *, gone: bool = False) -> str:
    """What is said on the first screen where the first session is opened."""
    heard: list[str] = []

    async def test(play: Play) -> None:
        while marked(play) != f"session/{path}":
            await play.press("down")
        if gone:
            path.unlink()
        await play.press("enter")
        await play.until(lambda: not isinstance(play.screen, Opening))
        assert isinstance(play.screen, Home)
        assert play.app.kept is None
        heard.append(play.told)
        assert play.told[:12] in play.text
        while marked(play) != "pack/january-2022":
            await play.press("down")
        await play.press("enter")
        assert isinstance(play.screen, Ways), "the rest can be opened"

    playing(test, LARGE, told=True)
    return heard[0]


def test_an_unreadable_session_says_so_and_how_to_repair_it() -> None:
    path = played()
    path.write_bytes(b"\x00 no journal\n" * 3)

    async def test(play: Play) -> None:
        assert listed(play)[-1] == f"{path.name}: unreadable", "what can be played comes first"
        await play.press("end")
        assert f"negsim journal verify {path.stem}" in play.text

    playing(test)
    assert "this is no journal: it does not start with a header" in complaint(path)


def test_a_session_that_was_changed_says_where() -> None:
    path = played("demand/letter", "ask/letter")
    path.write_bytes(path.read_bytes().replace(b"demand/letter", b"demand/better"))
    said = complaint(path)
    assert "entry 1: it was changed" in said
    assert "negsim journal repair" in said


def test_a_session_that_another_process_writes_says_which() -> None:
    path = played()
    writer, _ = journal_file.resume(path)
    with writer:
        assert "is being written by process" in complaint(path)


def test_a_session_that_is_gone() -> None:
    assert "there is no file" in complaint(played(), gone=True)


def test_a_session_of_a_pack_that_is_gone(scenarios: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = played()
    (scenarios / "two-towns" / "pack.yaml").rename(scenarios / "pack.yaml")
    assert 'no pack "two-towns"' in complaint(path)


def test_a_session_whose_pack_has_changed_goes_on_while_it_fits(scenarios: Path) -> None:
    path = played()
    file = scenarios / "two-towns" / "pack.yaml"
    file.write_text(file.read_text() + "\n# later\n")

    async def test(play: Play) -> None:
        await play.press("enter")
        await play.until_table()
        assert play.says == 'The pack "two-towns" has changed since; every step still fits.'
        await play.press("right")
        assert play.session.entries == 2

    playing(test)
    guards = "posture: {title: guards, levels: [few, many], start: few}"
    text = file.read_text().replace("name: Lowmill\n", f"name: Lowmill\n    {guards}\n")
    file.write_text(text)
    assert "has changed since the journal was written" in complaint(path)


def test_a_torn_line_is_cut_off_and_said() -> None:
    path = played()
    path.write_bytes(path.read_bytes() + b'{"id":2,"did":"app')

    async def test(play: Play) -> None:
        await play.press("enter")
        await play.until_table()
        assert "the last line was never finished; its 18 bytes are left out" in play.says

    playing(test)


def test_a_session_that_cannot_be_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, header: object) -> None:
        raise NegsimError("the disk is [bold]full[/] \x1b[2J")

    monkeypatch.setattr("negsim.journal_file.create", full)

    async def test(play: Play) -> None:
        await play.press("down", "enter", "enter")
        await play.until(lambda: isinstance(play.screen, Home))
        assert play.told == "the disk is [bold]full[/] \\x1b[2J"
        assert "[bold]full[/]" in play.text

    playing(test, LARGE, told=True)


def test_a_fault_of_negsim_while_a_session_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> Kept:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr("negsim.tui.kept.begin", fails)

    async def test(play: Play) -> None:
        await play.press("down", "enter", "enter")
        await play.until(lambda: isinstance(play.screen, Home))
        assert FAULT in play.told
        assert "by nought" in play.told

    playing(test, LARGE, told=True)


# Opening takes long


class Slow:
    """Opens a session as slowly as the test wants."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.may_begin, self.begun = threading.Event(), threading.Event()
        self.opened: list[Kept] = []
        self._really = begin
        monkeypatch.setattr("negsim.tui.kept.begin", self)

    def __call__(self, pack: str, level: str, seat: str | None) -> Kept:
        self.begun.set()
        assert self.may_begin.wait(60)
        self.opened.append(self._really(pack, level, seat))
        return self.opened[0]


def is_free(path: Path) -> bool:
    """Whether nobody writes the journal."""
    try:
        writer, _ = journal_file.resume(path)
    except NegsimError:
        return False
    writer.close()
    return True


def test_opening_can_be_left_and_the_journal_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(monkeypatch)

    async def test(play: Play) -> None:
        await play.press("down", "enter", "enter")
        await play.until(slow.begun.is_set)
        assert isinstance(play.screen, Opening)
        assert "Opening ... (escape leaves it)" in play.text
        opening = play.screen
        await play.press("escape")
        assert isinstance(play.screen, Home)
        opening.action_leave()  # a second key that was on its way
        assert isinstance(play.screen, Home)
        slow.may_begin.set()
        await play.until(lambda: slow.opened and is_free(slow.opened[0].writer.path))
        assert isinstance(play.screen, Home)
        assert play.app.kept is None

    playing(test)


def test_opening_that_is_left_in_the_moment_in_which_it_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow = Slow(monkeypatch)

    async def test(play: Play) -> None:
        await play.press("down", "enter", "enter")
        await play.until(slow.begun.is_set)
        opening = play.screen
        assert isinstance(opening, Opening)
        worker = next(iter(play.app.workers))
        slow.may_begin.set()
        while worker._task is None or not slow.opened:  # the thread is done; nobody has heard yet
            threading.Event().wait(0.01)
        threading.Event().wait(0.05)
        opening.action_leave()
        await play.until(lambda: isinstance(play.screen, Home))
        await play.until(lambda: is_free(slow.opened[0].writer.path))

    playing(test)


def test_a_terminal_that_is_small_for_a_while_holds_up_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow = Slow(monkeypatch)

    async def test(play: Play) -> None:
        await play.press("down", "enter", "enter")
        await play.until(slow.begun.is_set)
        await play.resize(40, 10)
        slow.may_begin.set()
        await play.until(lambda: slow.opened)
        await play.resize(*SMALL)
        await play.until_table()

    playing(test)


def test_home_lets_go_of_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(play: Play) -> None:
        await play.start()
        path = play.path
        assert not is_free(path)
        await play.press("escape")
        assert is_free(path)

    playing(test)


def test_leaving_lets_go_of_the_session() -> None:
    paths: list[Path] = []

    async def test(play: Play) -> None:
        await play.start()
        paths.append(play.path)

    playing(test)
    assert is_free(paths[0])


# Help and the palette


def test_help_tells_the_keys_of_the_first_screen() -> None:
    async def test(play: Play) -> None:
        await play.press("?")
        assert isinstance(play.screen, Reader)
        for told in ("enter Open:", "^q Quit:", "^p All", "mouse"):
            assert told in play.text, told
        await play.press("escape", "enter", "?")
        assert "esc Back: Back to the cases" in play.text

    playing(test)
