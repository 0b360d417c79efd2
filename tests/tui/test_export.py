"""What can be saved from the table, and what is said where it cannot be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from negsim.errors import NegsimError
from negsim.tui.deliver import save
from negsim.tui.export import ExportScreen
from negsim.tui.table import Table
from tests.conftest import Call
from tests.tui.app_tests import SIZE, Play, playing


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Things are saved in the folder of the test."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@SIZE
def test_the_picture_the_line_and_the_debrief_are_saved(
    size: tuple[int, int], here: Path, call: Call
) -> None:
    stem = ""

    async def test(play: Play) -> None:
        nonlocal stem
        os.chdir(here)
        await play.start()
        await play.press("n", "n", "p", "e")
        stem = play.path.stem
        assert isinstance(play.screen, ExportScreen)
        kept = "".join(play.shown("saved").split())
        assert kept == "".join(f"The session itself is kept in {play.path}".split())
        for name in ("", "line", "debrief"):
            await play.press("down", "enter") if name else await play.press("enter")
            assert play.shown("saved").startswith(f"Saved: {here}")
        await play.press("enter")
        await play.press("q")
        assert isinstance(play.screen, Table)

    playing(test, size)
    names = {path.name for path in here.iterdir()}
    assert names == {
        f"{stem}.svg", f"{stem}.yaml", f"{stem}-debrief.html", f"{stem}-debrief.md",
        f"{stem}-debrief-2.html", f"{stem}-debrief-2.md",
    }  # fmt: skip
    picture = (here / f"{stem}.svg").read_text(encoding="utf-8")
    assert picture.startswith("<svg")
    assert "Lowmill" in picture, "the table, and not the list of what can be saved"
    assert "Save" not in picture
    assert "http" not in picture.replace("http://www.w3.org/2000/svg", "").replace(
        "https://www.textualize.io", ""
    )
    replayed = call("replay", f"{stem}.yaml")
    assert replayed.code == 0, replayed.err
    debrief = (here / f"{stem}-debrief.html").read_text(encoding="utf-8")
    assert debrief.startswith("<!DOCTYPE html>")
    assert "Two towns and a weir" in debrief


def test_a_folder_that_takes_nothing_is_said_and_nothing_is_left(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, *how: object, **more: object) -> None:
        raise OSError(28, "No space left on device")

    async def test(play: Play) -> None:
        await play.start()
        await play.press("e")
        with monkeypatch.context() as patch:
            patch.setattr(Path, "open", full)
            await play.press("enter")
        said = play.shown("saved")
        assert said.startswith('No: nothing can be saved in "')
        assert said.endswith("(No space left on device); start negsim in a folder of your own")
        await play.press("enter")
        assert play.shown("saved").startswith("Saved: ")

    playing(test)
    assert len([*here.iterdir()]) == 1


def test_a_seat_saves_its_debrief_once_the_line_is_over(here: Path) -> None:
    async def test(play: Play) -> None:
        await play.start(seat="lowmill")
        await play.press("e", "end", "enter")
        assert play.shown("saved") == "No: the debrief comes when the line has come to its end."
        play.session.goto("record")
        await play.press("enter")
        assert play.shown("saved").startswith("Saved: ")

    playing(test)
    assert {it.suffix for it in here.iterdir()} == {".html", ".md"}


def test_a_journal_that_is_gone_saves_no_line() -> None:
    async def test(play: Play) -> None:
        await play.start()
        play.path.unlink()
        await play.press("e", "down", "enter")
        assert play.shown("saved").startswith("No: there is no file")

    playing(test)


def test_nothing_is_written_over(tmp_path: Path) -> None:
    first = save("a", {"html": "1", "md": "2"}, tmp_path)
    (tmp_path / "a-2.md").write_text("mine")
    third = save("a", {"html": "3", "md": "4"}, tmp_path)
    assert [it.name for it in (*first, *third)] == ["a.html", "a.md", "a-3.html", "a-3.md"]
    assert (tmp_path / "a-2.md").read_text() == "mine"
    (tmp_path / "b.md").symlink_to(tmp_path / "nowhere")
    assert [it.name for it in save("b", {"md": "5"}, tmp_path)] == ["b-2.md"]
    with pytest.raises(NegsimError, match="nothing can be saved in"):
        save("c", {"md": "6"}, tmp_path / "none")


def test_in_a_browser_it_is_given_to_that(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[str] = []

    async def test(play: Play) -> None:
        await play.start()
        monkeypatch.setattr(type(play.app), "is_web", True)
        monkeypatch.setattr(
            play.app, "deliver_text", lambda text, save_filename: given.append(save_filename)
        )
        await play.press("e", "enter", "end", "enter")
        assert play.shown("saved").startswith("Your browser is given two-towns-")

    playing(test)
    assert [it.partition(".")[2] for it in given] == ["svg", "html", "md"]
    assert not [*here.iterdir()]
