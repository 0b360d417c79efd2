"""Exercises as files: what is read, what is wrong with its place, what ships."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from negsim.classroom.catalogue import find_lesson, lesson_ids
from negsim.classroom.lesson import glossary, load_lesson, problems_of
from negsim.classroom.taking import header_of
from negsim.errors import InputError, NegsimError, UnknownNameError
from negsim.pack.catalogue import pack_ids, shipped
from negsim.pack.load import LoadedPack
from tests.classroom.lessons import CHOOSE, REACH, made, written


def said(folder: Path, **parts: Any) -> list[str]:
    with pytest.raises(InputError) as error:
        made(folder, **parts)
    return str(error.value).splitlines()


def test_a_place_is_after_a_step_or_where_it_starts(tmp_path: Path) -> None:
    lesson = made(tmp_path, start="promise", line=["answer/letter/weir/rejected"])
    assert lesson.id == "two-towns/try"
    assert lesson.place(None) is lesson.start
    assert lesson.start.action == "answer/letter/weir/rejected"
    assert lesson.place("start") is lesson.case.trunk[0]
    assert lesson.place("record") is lesson.case.trunk[-1]
    assert lesson.place("clear").action == "clear/letter"


def test_a_step_that_a_level_only_tells_is_the_place_before(tmp_path: Path) -> None:
    lesson = made(tmp_path, pack="january-2022", level="basic")
    told = next(it for it in lesson.case.frames if it.played is None and it.step.id is not None)
    place = lesson.place(told.step.id)
    assert int(place.id[1:].partition("+")[0]) < told.number


def test_the_line_between_two_steps(tmp_path: Path) -> None:
    lesson = made(tmp_path)
    between = lesson.between("promise", "clear")
    assert between[0].parent is lesson.place("promise")
    assert between[-1] is lesson.place("clear")
    assert lesson.between("delivery", None)[-1] is lesson.case.trunk[-1]


MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"level": "easy"}, 'no level "easy"; there is "full"'),
    ({"concepts": ["demnd"]}, 'no concept "demnd"; did you mean "demand"?'),
    ({"seats": ["lowmil"]}, 'no seat "lowmil"; did you mean "lowmill"?'),
    ({"seats": ["lowmill", "lowmill"]}, "a seat stands twice; name two"),
    ({"private": {"lowmill": "You."}}, 'no seat "lowmill"; correct it or add one of that name'),
    ({"start": "promis"}, 'no step "promis" in the record; did you mean "promise"?'),
    (
        {"line": ["clear/letter"]},
        "clear/letter is refused: the letter of Lowmill is not at this step",
    ),
    ({"facts": ["F1"]}, 'no fact "F1"; correct it or add one of that name'),
    ({"brief": "As [F99] says."}, 'no fact "F99"; correct it or add one of that name'),
    ({"pack": "two-twns"}, 'no pack "two-twns"; did you mean "two-towns"?'),
    (
        {"injects": {"a": {"round": 1, "sender": "x", "text": "y", "effect": "clear/letter"}}},
        'no action of nature "clear/letter"',
    ),
    ({"check": {"side": CHOOSE}}, '"side" is the name of a question before play; rename one'),
]
TASKS: list[tuple[dict[str, Any], str]] = [
    (
        {**CHOOSE, "options": {"a": {"text": "A"}, "b": {"text": "B"}}},
        "no answer is right; mark one with `right: true`",
    ),
    (
        {**CHOOSE, "options": {it: {"text": it, "right": True} for it in "ab"}},
        "every answer is right; add one that is not",
    ),
    ({**CHOOSE, "after": "dlivery"}, 'no step "dlivery" in the record; did you mean "delivery"?'),
    ({**CHOOSE, "shows": {"paper": "leter"}}, 'no paper "leter"; did you mean "letter"?'),
    ({**CHOOSE, "shows": {"steps": ["x"]}}, 'no step "x" in the record'),
    ({**REACH, "goal": {}}, "it names neither `when` nor `ending`; add one"),
    ({**REACH, "goal": {"ending": "talk"}}, 'no ending "talk"; did you mean "talks"?'),
    ({**REACH, "goal": {"when": {"letter.stag": "response"}}}, 'no variable "letter.stag"'),
    ({**REACH, "goal": {"when": {"letter.stage": "respons"}}}, '"respons"'),
    (
        {"kind": "judge", "ask": "Read.", "paper": "leter"},
        'no paper "leter"; did you mean "letter"?',
    ),
    (
        {
            "kind": "match",
            "ask": "Match.",
            "things": {it: {"text": it, "right": ["z"]} for it in "ab"},
            "choices": {"x": "X", "y": "Y"},
        },
        'no choice "z"',
    ),
    (
        {
            "kind": "predict",
            "ask": "Guess.",
            "until": "delivery",
            "values": {"weir": {"ask": "?", "of": "letter.wier"}},
            "because": {it: {"text": it} for it in "ab"},
        },
        'no variable "letter.wier"; did you mean "letter.weir" or',
    ),
    (
        {"kind": "compare", "ask": "Which?", "ending": "whole", "right": ["clear/leter"]},
        'no action "clear/leter" on the line; did you mean "clear/letter" or',
    ),
]


@pytest.mark.parametrize(("parts", "message"), MISTAKES)
def test_mistakes_are_told_with_their_place(
    parts: dict[str, Any], message: str, tmp_path: Path
) -> None:
    first = said(tmp_path, **parts)[0]
    assert first.startswith("try.yaml:")
    assert message in first


@pytest.mark.parametrize(("task", "message"), TASKS)
def test_mistakes_of_tasks_are_told_with_their_place(
    task: dict[str, Any], message: str, tmp_path: Path
) -> None:
    lines = said(tmp_path, tasks={"it": task})
    assert any(message in line for line in lines), lines
    text = (tmp_path / "try.yaml").read_text()
    first = text[: text.index('"it"')].count("\n") + 1
    assert all(int(line.split(":")[1]) >= first for line in lines)


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    lines = said(tmp_path, seats=["x"], start="y", tasks={"it": {**CHOOSE, "after": "z"}})
    assert len(lines) == 3


UNREADABLE = [
    (b"", "is empty"),
    (b"format: 2\n", "write 1, without quotes"),
    (b"tasks: &a [*a]\n", "anchor"),
    (b"\xff\xfe", "UTF-8"),
    (
        b"format: 1\ntasks: {a: {kind: chose, ask: x}}\n",
        '2:12: "chose" is no kind that fits here; did you mean "choose"',
    ),
    (b"format: 1\ntasks: {a: {kind: [], ask: x}}\n", 'an empty list is no kind .* "attribute", '),
    (b"format: 1\ntasks: {a: {kind: , ask: x}}\n", "nothing is no kind that fits here"),
    (b"format: 1\ntasks: {a: {ask: x}}\n", '"kind" is missing; add it'),
]


@pytest.mark.parametrize(("raw", "message"), UNREADABLE)
def test_a_file_that_cannot_be_read_is_told(raw: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(raw)
    with pytest.raises(InputError, match=message):
        load_lesson(path)


def test_an_exercise_without_a_pack_is_told(tmp_path: Path) -> None:
    data = written()
    del data["pack"]
    (tmp_path / "own.yaml").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(InputError, match="it stands in no pack's folder; add `pack:`"):
        load_lesson(tmp_path / "own.yaml")


def test_a_name_that_no_journal_keeps_is_told(tmp_path: Path) -> None:
    data = json.dumps(written())
    for letters in (110, 111):
        path = tmp_path / f"{'x' * letters}.yaml"
        path.write_text(data, encoding="utf-8")
    with pytest.raises(InputError, match="its name has 111 letters; rename the file, to at most 1"):
        load_lesson(path)
    lesson = load_lesson(tmp_path / f"{'x' * 110}.yaml")
    assert header_of(lesson).exercise == lesson.id


def test_no_path_leads_out(tmp_path: Path) -> None:
    outside = {"pack": "../two-towns"}
    assert 'no pack "../two-towns"' in said(tmp_path, **outside)[0]


def test_the_file_is_hashed_as_it_is(tmp_path: Path) -> None:
    first = made(tmp_path).content_hash
    assert made(tmp_path).content_hash == first
    assert made(tmp_path, about="Another.").content_hash != first


def test_a_name_finds_what_ships_and_a_path_anything(tmp_path: Path) -> None:
    assert lesson_ids()
    for name in lesson_ids():
        assert find_lesson(name).is_file()
    path = tmp_path / "own.yaml"
    path.write_text("format: 1\n")
    assert find_lesson(str(path)) == path
    with pytest.raises(UnknownNameError, match=r'no exercise ".+"; did you mean'):
        find_lesson(f"{lesson_ids()[0]}s")


def test_whatever_ships_is_in_order(packs: dict[str, LoadedPack]) -> None:
    for name in pack_ids():
        for stem, found in problems_of(shipped() / name, packs[name]):
            assert not isinstance(found, NegsimError), (stem, str(found))
            assert found.id == f"{name}/{stem}"


def test_every_kind_of_task_and_every_stage_ships(packs: dict[str, LoadedPack]) -> None:
    lessons = [it for name in pack_ids() for _, it in problems_of(shipped() / name, packs[name])]
    kinds = {
        task.kind
        for it in lessons
        if not isinstance(it, NegsimError)
        for task in it.exercise.tasks.values()
    }
    assert kinds == {
        "attribute", "avoid", "choose", "compare", "explain", "find", "judge", "match", "order",
        "predict", "reach", "seal",
    }  # fmt: skip
    assert len([it for it in lesson_ids() if it.startswith("january-2022/")]) == 10


def test_the_glossary_is_whole() -> None:
    words = glossary().concepts
    assert {"demand", "leak", "red-line", "linkage", "judging-rule", "turning-point"} <= set(words)
    assert all(it.title and it.about and it.source for it in words.values())
