"""`negsim debrief`: files in, a page out; what is amiss is named and stops nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from negsim.classroom.lesson import Lesson
from negsim.cli import debrief as command
from tests.classroom.classes import AGREED, AS_TOLD, exercise, hand, handed, rightly, wrongly
from tests.conftest import Call, Result


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    return exercise(tmp_path)


@pytest.fixture
def folder(tmp_path: Path, lesson: Lesson) -> Path:
    return handed(
        tmp_path / "in",
        hand(lesson, 1, AS_TOLD, rightly, note="It is our weir."),
        hand(lesson, 2, AGREED, wrongly, team="The Fearless"),
    )


Run = Callable[..., Result]


@pytest.fixture
def run(call: Call, tmp_path: Path) -> Run:
    def ran(folder: Path, *words: str) -> Result:
        return call("debrief", str(folder), "--exercise", str(tmp_path / "try.yaml"), *words)

    return ran


def test_the_markdown_is_printed(run: Run, folder: Path) -> None:
    result = run(folder)
    assert result.code == 0
    assert result.out.startswith("# A try\n\n- **Handed in:** 2, of which 2 did all 8 tasks\n")
    assert "| Lowmill clears the text" in result.out
    assert "Fearless" not in result.out
    assert result.err == ""


def test_pages_are_written_and_never_over_others(run: Run, folder: Path, tmp_path: Path) -> None:
    html, markdown = tmp_path / "out.html", tmp_path / "out.md"
    words = ("--html", str(html), "--markdown", str(markdown))
    result = run(folder, *words)
    assert (result.code, result.out) == (0, "")
    before = html.read_bytes(), markdown.read_bytes()
    assert before[0].startswith(b"<!DOCTYPE html>")
    assert before[1] == run(folder).out.encode()
    html.write_text("mine")
    refused = run(folder, *words)
    assert (refused.code, refused.out) == (2, "")
    assert 'out.html" is there already; add --force' in refused.err
    assert html.read_text() == "mine"
    assert run(folder, *words, "--force").code == 0
    assert (html.read_bytes(), markdown.read_bytes()) == before


def test_a_page_among_the_files_is_no_hand_in(run: Run, folder: Path) -> None:
    words = ("--html", str(folder / "out.html"), "--force")
    assert run(folder, *words).code == 0
    assert run(folder, *words).code == 0


def test_nothing_is_written_where_it_cannot_be(run: Run, folder: Path, tmp_path: Path) -> None:
    result = run(folder, "--html", str(tmp_path / "none" / "out.html"))
    assert result.code == 2
    assert "cannot be written" in result.err


def test_names_only_where_they_are_asked_for(run: Run, folder: Path) -> None:
    assert "Fearless" in run(folder, "--names").out


def test_json(run: Run, folder: Path) -> None:
    data = json.loads(run(folder, "--json").out)
    assert data["exercise"] == "two-towns/try"
    assert [it["id"] for it in data["parts"]][:3] == ["papers", "reasons", "answers"]
    assert data["parts"][0]["blocks"][0]["kind"] == "stacks"
    assert sorted(it["file"] for it in data["files"]) == ["000.jsonl", "001.jsonl"]


def test_what_is_amiss_is_named_and_stops_nothing(run: Run, folder: Path, lesson: Lesson) -> None:
    raw = (folder / "000.jsonl").read_bytes()
    (folder / "changed.jsonl").write_bytes(raw.replace(b"gauge/counter", b"gauge/acceptd"))
    (folder / "empty.jsonl").touch()
    (folder / "twice.jsonl").write_bytes(raw)
    (folder / "evil\x1b[31m.jsonl").write_bytes(b"\x1b[31m")
    result = run(folder)
    assert result.code == 1
    assert "**Handed in:** 2, of which 2 did all 8 tasks" in result.out
    assert "**Files that could not be used:** 4" in result.out
    assert "empty.jsonl: " in result.err
    assert "changed.jsonl: " in result.err
    assert "twice.jsonl: the same as" in result.err
    assert "\x1b" not in result.err + result.out


def test_of_many_files_alike_three_are_named(run: Run, folder: Path) -> None:
    for number in range(7):
        (folder / f"empty-{number}.jsonl").touch()
    (line,) = run(folder).err.splitlines()
    assert line.startswith("empty-0.jsonl, empty-1.jsonl, empty-2.jsonl and 4 more: ")


def test_only_broken_files(run: Run, tmp_path: Path, lesson: Lesson) -> None:
    broken = handed(tmp_path / "in", b"", b"nothing")
    result = run(broken, "--html", str(tmp_path / "out.html"))
    assert result.code == 1
    assert "none of these files can be used" in result.err
    assert not (tmp_path / "out.html").exists()


def test_no_files_and_no_exercise(run: Run, call: Call, tmp_path: Path, lesson: Lesson) -> None:
    nobody = handed(tmp_path / "in")
    result = run(nobody)
    assert result.code == 2
    assert "there is no file to debrief" in result.err
    result = call("debrief", str(nobody), "--exercise", "two-towns/none")
    assert result.code == 2
    assert 'no exercise "two-towns/none"' in result.err


def test_turning_points_that_take_too_long_are_left_out(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "SECONDS", 0.0)
    result = run(folder)
    assert result.code == 0
    assert "They were not worked out in the time that was allowed." in result.out
    assert "turning points were not worked out in 0 s" in result.err
