"""Journals that somebody hands in: played through an exercise, as bytes, whole and spoiled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from negsim.classroom.grading import Grade, grade
from negsim.classroom.lesson import Lesson
from negsim.classroom.questions import Given, Question
from negsim.classroom.taking import Taking, header_of
from negsim.journal import (
    AnyEntry,
    Header,
    as_line,
    parse_journal,
)
from negsim.session import Node, Session
from tests.classroom.lessons import CHOOSE, REACH, made

PAPER = (
    "answer/letter/weir/rejected",
    "answer/letter/gate/talks",
    "answer/letter/gauge/counter",
    "clear/letter",
)
DELIVER = "deliver/letter/messenger"

TASKS: dict[str, Any] = {
    "write": {**REACH, "within": {"rounds": 8}, "weight": 2},
    "side": CHOOSE,
    "why": {"kind": "explain", "ask": "Why?", "rubric": [{"text": "Names a fact."}]},
}


def lesson_of(folder: Path, **parts: Any) -> Lesson:
    """Lowmill writes its letter, then is asked two things."""
    parts = {"seats": ["lowmill"], "start": "promise", "others": "wait", "tasks": TASKS, **parts}
    folder.mkdir(exist_ok=True)
    return made(folder, **parts)


class Student:
    """Somebody who takes an exercise; `entries` are what they wrote."""

    def __init__(self, lesson: Lesson, team: str | None = None, *names: str, **header: Any) -> None:
        seed = header.pop("seed", 1)
        found = header_of(lesson, team=team, members=[*names], seed=seed)
        self.lesson = lesson
        self.header = found.model_copy(update=header)
        self.entries: list[AnyEntry] = []
        self.session = Session(lesson.case, self.header, self.entries.append)
        self.taking = Taking(lesson, self.session)
        self.taking.go_on()

    def take(self, *actions: str) -> Student:
        for action in actions:
            self.taking.sitting.take(action)
            self.taking.moved()
        return self

    def passing(self) -> Student:
        self.taking.sitting.end_turn()
        self.taking.moved()
        return self

    def finish(self) -> Student:
        self.taking.finish()
        return self

    def answer(self, **given: Given) -> Student:
        self.taking.answer(given)
        return self

    def rest(self, right: bool = True) -> Student:
        """Answers all that is asked from here on; what is played is done with as it stands."""
        while self.taking.task is not None:
            if self.taking.plays:
                self.finish()
            else:
                keyed = self.taking.keyed(self.taking.task)
                self.taking.answer({key: said(it, right) for key, it in keyed.items()})
        return self

    @property
    def raw(self) -> bytes:
        return as_bytes(self.header, self.entries)

    @property
    def grade(self) -> Grade:
        return graded(self.lesson, self.header, self.entries)


def full(lesson: Lesson, team: str | None = None, *names: str, **header: Any) -> Student:
    """Somebody who delivers the letter and is right in everything."""
    student = Student(lesson, team, *names, **header).take(*PAPER, DELIVER)
    return student.finish().rest()


def said(question: Question, right: bool) -> Given:
    """A right answer to a question, or one as wrong as can be."""
    names = [it.id for it in question.choices]
    good = [it.id for it in question.right]
    bad = [it for it in names if it not in good]
    match question.form:
        case "one":
            return (good or names)[0] if right else (bad or names)[0]
        case "some":
            return good if right else bad
        case "order":
            return good if right else good[::-1]
        case "text":
            return "Because of what is reported."


def as_bytes(header: Header, entries: Iterable[AnyEntry]) -> bytes:
    line, before = as_line(header, "")
    lines = [line]
    for entry in entries:
        line, before = as_line(entry, before)
        lines.append(line)
    return b"".join(lines)


def graded(lesson: Lesson, header: Header, entries: Sequence[AnyEntry]) -> Grade:
    return grade(lesson, parse_journal(as_bytes(header, entries), "x.jsonl"))


class Forger(Student):
    """Somebody who writes entries by other means than the exercise."""

    def act(self, action: str, by: Any = None) -> Forger:
        self.session.apply(action, by)
        return self

    def go(self, node: Node | str) -> Forger:
        self.session.goto(node if isinstance(node, str) else node.id)
        return self

    def write(self, task: str, **given: Given) -> Forger:
        self.session.answer(task, {key: _kept(it) for key, it in given.items()})
        return self

    def inject(self, name: str) -> Forger:
        self.session.inject(name)
        return self


def _kept(given: Given) -> str | list[str]:
    return given if isinstance(given, str) else [*given]
