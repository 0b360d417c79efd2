"""Every exercise that ships, solved to full marks by one line and failed by another.

`solutions/PACK--NAME.yaml` has, under `full` and `failed`, what is done in each task that is
played: action ids, `pass`, `undo`, `goto:PLACE`, `note:TEXT`. What is asked is answered here.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from negsim.classroom.catalogue import find_lesson, lesson_ids
from negsim.classroom.grading import Grade
from negsim.classroom.lesson import Lesson, load_lesson
from negsim.classroom.models import Plays
from tests.classroom.handed import Student, said

SOLUTIONS = Path(__file__).parent / "solutions"
IDS = lesson_ids()


@cache
def lesson_of(name: str) -> Lesson:
    return load_lesson(find_lesson(name))


@cache
def solution(name: str) -> dict[str, Any]:
    path = SOLUTIONS / f"{name.replace('/', '--')}.yaml"
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def do(student: Student, step: str) -> None:
    """One thing that the player does."""
    sitting = student.taking.sitting
    match step.split(":", 1):
        case ["pass"]:
            sitting.end_turn()
        case ["undo"]:
            sitting.undo()
        case ["goto", place]:
            sitting.goto(place)
        case ["note", text]:
            student.session.note(text)
        case _:
            sitting.take(step)
    student.taking.moved()


def played(name: str, which: str) -> Student:
    """Somebody who takes the exercise as the solution says, with right or with wrong answers."""
    student = Student(lesson_of(name), "Team", "Ada")
    taking, lines = student.taking, solution(name)[which] or {}
    while taking.task is not None:
        if taking.plays:
            for step in lines[taking.task]:
                do(student, step)
            taking.finish()
        else:
            keyed = taking.keyed(taking.task)
            taking.answer({key: said(it, which == "full") for key, it in keyed.items()})
    return student


@cache
def grade_of(name: str, which: str) -> Grade:
    return played(name, which).grade


def test_there_are_exercises() -> None:
    assert IDS


@pytest.mark.parametrize("name", IDS)
def test_the_solution_names_what_is_played(name: str) -> None:
    tasks = lesson_of(name).exercise.tasks
    wanted = {it for it, task in tasks.items() if isinstance(task, Plays)}
    for which in ("full", "failed"):
        assert set(solution(name)[which] or {}) == wanted


@pytest.mark.parametrize("name", IDS)
def test_a_full_line_and_right_answers_earn_everything(name: str) -> None:
    found = grade_of(name, "full")
    assert not found.breaches
    assert [it.task for it in found.marks if it.score not in (None, 1)] == []
    assert found.participation == 1
    assert found.performance == 1
    assert found.done == len(found.marks)


@pytest.mark.parametrize("name", IDS)
def test_a_failed_line_and_wrong_answers_earn_less(name: str) -> None:
    found, full = grade_of(name, "failed"), grade_of(name, "full")
    assert not found.breaches
    assert found.performance is not None
    assert full.performance is not None
    assert 0 <= found.performance < full.performance
    for mark in found.marks:
        if isinstance(lesson_of(name).exercise.tasks[mark.task], Plays):
            assert mark.score == 0, f"{mark.task} is failed by the other line"
