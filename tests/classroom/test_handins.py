"""What students hand in: every way in which a file can be bad, and none that stops the others."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negsim.classroom import handins
from negsim.classroom.collected import Collected, collected_in
from negsim.classroom.grading import Grader
from negsim.classroom.handins import HandIn, find, hand_ins
from negsim.classroom.lesson import Lesson
from negsim.errors import NegsimError
from negsim.export.grades import canvas, grades_csv
from tests.classroom.handed import PAPER, Forger, Student, as_bytes, full, lesson_of

Folder = Path


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    return lesson_of(tmp_path_factory.mktemp("exercises"))


@pytest.fixture
def folder(tmp_path: Path, lesson: Lesson) -> Folder:
    """A folder in which one good file lies already."""
    found = tmp_path / "handed-in"
    found.mkdir()
    (found / "good.jsonl").write_bytes(good(lesson).raw)
    return found


def good(lesson: Lesson) -> Student:
    return full(lesson, "Good", "Ada", session="a" * 32, seed=2)


def read(lesson: Lesson, folder: Path, **more: Any) -> dict[str, HandIn]:
    return {it.file: it for it in hand_ins(lesson, find([str(folder)]), **more)}


def kinds(it: HandIn) -> list[str]:
    return [one.kind for one in it.findings]


def changed(raw: bytes) -> bytes:
    return raw.replace(b"rejected", b"accepted", 1)


def swapped(raw: bytes) -> bytes:
    lines = raw.splitlines(True)
    lines[3], lines[4] = lines[4], lines[3]
    return b"".join(lines)


def impossible(lesson: Lesson) -> bytes:
    """Bound by right hashes, and never played."""
    student = good(lesson)
    entries = [*student.entries]
    last = next(it for it in entries if getattr(it, "action", "") == PAPER[0])
    entries[entries.index(last)] = last.model_copy(update={"state": "0" * 16})
    return as_bytes(student.header, entries)


BAD: dict[str, tuple[str, Callable[[Lesson], bytes]]] = {
    "changed": ("tampered", lambda it: changed(good(it).raw)),
    "swapped": ("tampered", lambda it: swapped(good(it).raw)),
    "line missing": ("tampered", lambda it: b"".join(good(it).raw.splitlines(True)[:2] * 2)),
    "header changed": ("tampered", lambda it: good(it).raw.replace(b'"Good"', b'"Fine"')),
    "never played": ("tampered", impossible),
    "empty": ("empty", lambda it: b""),
    "blank": ("empty", lambda it: b"\n \n"),
    "text": ("no journal", lambda it: b"My essay on the weir.\n"),
    "zip": ("no journal", lambda it: b"PK\x03\x04\x00\xff" * 50),
    "deep": ("no journal", lambda it: b"[" * 100_000),
    "cut at once": ("no journal", lambda it: good(it).raw[:40]),
    "foreign pack": ("foreign pack", lambda it: full(it, pack="january-2022").raw),
    "no exercise": ("no exercise", lambda it: full(it, exercise=None, task=None).raw),
    "other exercise": (
        "wrong exercise",
        lambda it: full(it, exercise="two-towns/other", task="0" * 64).raw,
    ),
    "other level": ("wrong exercise", lambda it: full(it, level="basic").raw),
    "too large": ("too large", lambda it: good(it).raw + b"x" * handins.MOST_BYTES),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_named_and_stops_no_other(lesson: Lesson, folder: Path, name: str) -> None:
    kind, make = BAD[name]
    (folder / "bad.jsonl").write_bytes(make(lesson))
    found = read(lesson, folder)
    assert kinds(found["bad.jsonl"]) == [kind]
    assert found["bad.jsonl"].findings[0].said
    assert found["bad.jsonl"].grade is None
    assert found["bad.jsonl"].wrong
    assert found["good.jsonl"].grade is not None
    assert not found["good.jsonl"].findings


def test_a_cut_file_is_graded_as_far_as_it_is_whole(lesson: Lesson, folder: Path) -> None:
    raw = full(lesson, "Cut", session="b" * 32).raw
    (folder / "cut.jsonl").write_bytes(raw[:-30])
    it = read(lesson, folder)["cut.jsonl"]
    assert kinds(it) == ["cut"]
    assert not it.wrong
    assert it.grade is not None
    assert it.grade.done == 2


def test_another_exercise_of_the_same_file_is_this_one(lesson: Lesson, folder: Path) -> None:
    raw = full(lesson, "Renamed", exercise="two-towns/as-it-was-called").raw
    (folder / "renamed.jsonl").write_bytes(raw)
    assert not read(lesson, folder)["renamed.jsonl"].findings


@pytest.mark.parametrize(
    ("part", "kind"), [("task", "exercise changed"), ("content", "pack changed")]
)
def test_what_changed_since_is_named_and_graded(
    lesson: Lesson, folder: Path, part: str, kind: str
) -> None:
    (folder / "old.jsonl").write_bytes(full(lesson, "Old", **{part: "0" * 64}).raw)
    it = read(lesson, folder)["old.jsonl"]
    assert kinds(it) == [kind]
    assert not it.wrong
    assert it.grade is not None
    assert it.grade.performance == 1


def test_the_same_file_twice_counts_once(lesson: Lesson, folder: Path) -> None:
    (folder / "zz.jsonl").write_bytes((folder / "good.jsonl").read_bytes())
    found = read(lesson, folder)
    assert found["zz.jsonl"].findings[0].said == 'the same as "good.jsonl"'
    assert found["zz.jsonl"].grade is None
    assert found["good.jsonl"].grade is not None
    assert not found["good.jsonl"].wrong


def test_an_earlier_state_of_a_file_does_not_count(lesson: Lesson, folder: Path) -> None:
    lines = (folder / "good.jsonl").read_bytes().splitlines(True)
    (folder / "early.jsonl").write_bytes(b"".join(lines[:-1]))
    found = read(lesson, folder)
    assert found["early.jsonl"].findings[0].said == 'an earlier state of "good.jsonl"'
    assert found["early.jsonl"].grade is None
    assert not found["good.jsonl"].wrong


def test_a_copy_under_another_name_is_named_at_both(lesson: Lesson, folder: Path) -> None:
    (folder / "copy.jsonl").write_bytes(full(lesson, "Thief", "Bo", session="a" * 32).raw)
    found = read(lesson, folder)
    assert kinds(found["copy.jsonl"]) == kinds(found["good.jsonl"]) == ["copied"]
    assert "under other names" in found["good.jsonl"].findings[0].said
    assert found["good.jsonl"].wrong


def test_a_session_that_goes_on_in_two_ways_is_named(lesson: Lesson, folder: Path) -> None:
    student = Student(lesson, "Good", "Ada").take(*PAPER)
    student.header = good(lesson).header
    (folder / "other.jsonl").write_bytes(student.finish().rest().raw)
    found = read(lesson, folder)
    assert kinds(found["other.jsonl"]) == kinds(found["good.jsonl"]) == ["copied"]
    assert "played on differently" in found["good.jsonl"].findings[0].said


@pytest.mark.parametrize("names", [("Good", "Ada"), ("good ", "ADA")])
def test_a_second_try_is_to_be_looked_at_first(
    lesson: Lesson, folder: Path, names: tuple[str, str]
) -> None:
    """What is right is told at once, so that whoever begins anew knows it."""
    poor = Student(lesson, *names, session="b" * 32).finish().rest(right=False)
    (folder / "before.jsonl").write_bytes(poor.raw)
    found = read(lesson, folder)
    assert kinds(found["before.jsonl"]) == kinds(found["good.jsonl"]) == ["several"]
    assert found["good.jsonl"].wrong
    assert found["before.jsonl"].findings[0].said == (
        'the same names handed in another session: "good.jsonl"; leave only the one that counts'
    )
    entered = canvas(lesson, [*found.values()], None)
    assert "Ada" not in entered.text
    assert len(entered.left_out) == 2


def test_a_copy_under_another_session_id_is_named_at_both(lesson: Lesson, folder: Path) -> None:
    student = good(lesson)
    header = student.header.model_copy(
        update={"session": "c" * 32, "team": "Thief", "members": ["Bo"]}
    )
    (folder / "copy.jsonl").write_bytes(as_bytes(header, student.entries))
    found = read(lesson, folder)
    assert kinds(found["copy.jsonl"]) == kinds(found["good.jsonl"]) == ["copied"]
    assert found["good.jsonl"].findings[0].said == (
        'its seed and all its entries are those of "copy.jsonl", under another session id'
    )


def test_the_same_answers_from_another_seed_are_no_copy(lesson: Lesson, folder: Path) -> None:
    (folder / "other.jsonl").write_bytes(full(lesson, "Other", "Bo", seed=3).raw)
    found = read(lesson, folder)
    assert not found["other.jsonl"].findings
    assert not found["good.jsonl"].findings


def test_who_did_nothing_copied_nothing(lesson: Lesson, folder: Path) -> None:
    for name in ("One", "Two"):
        (folder / f"{name}.jsonl").write_bytes(Student(lesson, name, seed=4).raw)
    found = read(lesson, folder)
    assert not found["One.jsonl"].findings
    assert not found["Two.jsonl"].findings


def test_what_is_against_the_rules_is_named(lesson: Lesson, folder: Path) -> None:
    student = Forger(lesson, "Forger").write("dance")
    (folder / "forged.jsonl").write_bytes(student.raw)
    it = read(lesson, folder)["forged.jsonl"]
    assert kinds(it) == ["not by the rules"]
    assert it.wrong
    assert it.grade is not None


# Fingerprints.


def collected(student: Student, folder: Path) -> list[Collected]:
    from negsim.journal import parse_journal

    mark = parse_journal(student.raw, "x").fingerprint
    return collected_in(f"{mark}  {folder / 'good.jsonl'}\n", "marks.txt")


def test_a_file_that_was_not_touched_is_right(lesson: Lesson, folder: Path) -> None:
    marks = collected(good(lesson), folder)
    assert not read(lesson, folder, collected=marks)["good.jsonl"].findings


def test_a_file_rewritten_when_time_was_up_is_found(lesson: Lesson, folder: Path) -> None:
    before = Student(lesson, "Good", "Ada", session="a" * 32, seed=2).finish().rest(right=False)
    it = read(lesson, folder, collected=collected(before, folder))["good.jsonl"]
    assert kinds(it) == ["rewritten"]
    assert it.wrong


def test_what_came_after_time_was_up_does_not_count(lesson: Lesson, folder: Path) -> None:
    before = Student(lesson, "Good", "Ada", session="a" * 32, seed=2).take(*PAPER)
    it = read(lesson, folder, collected=collected(before, folder))["good.jsonl"]
    assert kinds(it) == ["late"]
    assert it.grade is not None
    assert it.grade.performance == 0


def test_a_file_of_which_none_was_collected_is_named(lesson: Lesson, folder: Path) -> None:
    marks = [Collected("3-0123456789abcdef", "other.jsonl")]
    assert kinds(read(lesson, folder, collected=marks)["good.jsonl"]) == ["no fingerprint"]


@pytest.mark.parametrize("text", ["", "good.jsonl", '[{"file": "a"}]', "[[]]", '[{"a":', "[1]"])
def test_what_are_no_fingerprints_is_said(text: str) -> None:
    with pytest.raises(NegsimError):
        collected_in(text, "marks.txt")


# Finding the files.


def test_a_link_out_of_the_folder_is_not_followed(
    lesson: Lesson, folder: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.jsonl").write_bytes(full(lesson, "Secret").raw)
    (folder / "file.jsonl").symlink_to(outside / "secret.jsonl")
    (folder / "all").symlink_to(outside)
    (folder / "inside.jsonl").symlink_to(folder / "good.jsonl")
    found = read(lesson, folder)
    assert sorted(found) == ["all", "file.jsonl", "good.jsonl"]
    assert kinds(found["all"]) == kinds(found["file.jsonl"]) == ["link"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_a_pipe_is_not_waited_for(lesson: Lesson, folder: Path) -> None:
    os.mkfifo(folder / "pipe.jsonl")
    assert kinds(read(lesson, folder)["pipe.jsonl"]) == ["unreadable"]


def test_a_file_that_cannot_be_read_is_named(lesson: Lesson, folder: Path) -> None:
    with patch.object(Path, "open", side_effect=PermissionError(13, "Permission denied")):
        found = read(lesson, folder)
    assert found["good.jsonl"].findings[0].said == "it cannot be read (Permission denied)"


def test_files_are_found_once_and_in_folders(lesson: Lesson, folder: Path) -> None:
    (folder / "Bo").mkdir()
    (folder / "Bo" / "good.jsonl").write_bytes(full(lesson, "Bo").raw)
    (folder / ".good.jsonl.lock").write_text("")
    words = [str(folder), str(folder / "good.jsonl"), str(folder / "Bo" / ".." / "good.jsonl")]
    assert [it.file for it in find(words)] == ["Bo/good.jsonl", "good.jsonl"]


def test_too_many_files_are_refused(folder: Path) -> None:
    with (
        patch.object(handins, "MOST_FILES", 0),
        pytest.raises(NegsimError, match="more than 0 files"),
    ):
        find([str(folder)])


@pytest.mark.parametrize("word", ["nowhere", "a\0b"])
def test_what_is_not_there_is_said(word: str) -> None:
    with pytest.raises(NegsimError, match="no file or folder"):
        find([word])


# The same, whatever the order and the machine.


def test_the_order_of_files_changes_nothing(lesson: Lesson, tmp_path: Path) -> None:
    tables = []
    for turn in range(3):
        folder = tmp_path / f"machine-{turn}" / "handed-in"
        folder.mkdir(parents=True)
        files = {f"{name}.jsonl": make(lesson) for name, (_, make) in BAD.items() if name < "no"}
        for team in ("B", "A", "é"):
            session = f"{ord(team):032x}"
            files[f"{team}.jsonl"] = full(lesson, team, session=session).raw
        names = sorted(files)
        Random(turn).shuffle(names)
        for name in names:
            (folder / name).write_bytes(_same_session(lesson, name, files))
        found = find([str(folder / it) for it in names])
        Random(turn + 5).shuffle(found)
        tables.append(grades_csv(lesson, hand_ins(lesson, found)))
    assert len(set(tables)) == 1
    assert "machine" not in tables[0]


_made: dict[str, bytes] = {}


def _same_session(lesson: Lesson, name: str, files: dict[str, bytes]) -> bytes:
    """The bytes that were made first: sessions have random ids."""
    return _made.setdefault(name, files[name])


@given(st.binary(max_size=300), st.integers(0, 4000), st.integers(0, 255))
def test_no_bytes_stop_the_others(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, place: int, byte: int
) -> None:
    global _graded
    if _graded is None:
        made = lesson_of(tmp_path_factory.mktemp("noise"))
        _graded = (made, good(made).raw)
    lesson, raw = _graded
    grader = Grader(lesson)
    place %= len(raw)
    spoiled = raw[:place] + bytes([byte]) + raw[place + 1 :]
    for it in (noise, raw[:place], spoiled, raw + noise, noise + raw):
        found = handins.judged(grader, "x.jsonl", it or b" ")
        assert found.grade is not None or found.wrong
        if it == spoiled != raw:
            assert found.wrong or place >= raw.rindex(b"\n", 0, -1)


_graded: tuple[Lesson, bytes] | None = None
