"""A small class for tests: an exercise with every kind of task, and journals of who took it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from negsim.classroom.lesson import Lesson
from negsim.classroom.questions import Question
from negsim.classroom.taking import Taking, header_of
from negsim.journal import AnyEntry, Header, as_line, parse_journal
from negsim.session import Session, replayed
from tests.classroom.lessons import CHOOSE, made

SIDE = {**CHOOSE, "several": True, "told": "Keep right."}
TASKS: dict[str, Any] = {
    "write": {
        "kind": "reach",
        "title": "Write the letter",
        "ask": "Deliver the letter.",
        "goal": {"when": {"letter.stage": "response"}},
        "within": {"rounds": 6},
        "reasons": True,
        "concepts": ["demand"],
    },
    "side": SIDE,
    "sorted": {
        "kind": "order",
        "ask": "Put them in order.",
        "entries": {"a": {"text": "One"}, "b": {"text": "Two"}, "c": {"text": "Three"}},
    },
    "match": {
        "kind": "match",
        "ask": "Who is it?",
        "choices": {"up": "Highwell", "down": "Lowmill"},
        "things": {
            "mill": {"text": "Has a mill", "right": ["down"], "feedback": "The mill is below."},
            "floods": {"text": "Is flooded", "right": ["up"]},
        },
    },
    "guess": {
        "kind": "predict",
        "ask": "What will come?",
        "after": "promise",
        "until": "delivery",
        "values": {"weir": {"ask": "On the weir?", "of": "letter.weir"}},
        "because": {"mill": {"text": "It is their mill", "right": True}, "luck": {"text": "Luck"}},
    },
    "judge": {"kind": "judge", "ask": "Read it.", "after": "delivery", "paper": "letter"},
    "sealed": {
        "kind": "seal",
        "ask": "Is it met?",
        "choices": {"yes": "It is met", "no": "It is not"},
        "aim": "What was seen?",
    },
    "why": {"kind": "explain", "ask": "Why?", "rubric": [{"text": "Names a rule.", "points": 2}]},
}
DELIVERED = ("clear/letter", "deliver/letter/messenger")
AS_TOLD = (
    "consult/letter/fishers/informed",
    "answer/letter/weir/rejected",
    "answer/letter/gate/talks/only-if",
    "answer/letter/gauge/counter",
    "consult/letter/fishers/previewed",
    *DELIVERED,
)
"""The letter as the story has it."""
AGREED = (
    "answer/letter/gauge/accepted",
    "answer/letter/gate/silent",
    "answer/letter/weir/accepted",
    *DELIVERED,
)
"""Nearly all is agreed, in another order of drafting."""
BEGUN = ("answer/letter/weir/rejected",)
"""A draft that goes no further."""


def exercise(folder: Path, **parts: Any) -> Lesson:
    """An exercise of two-towns with a task of nearly every kind."""
    return made(folder, **{"seats": ["lowmill"], "start": "promise", "tasks": TASKS, **parts})


Answers = Callable[[Taking, str], dict[str, Any]]


def rightly(taking: Taking, name: str) -> dict[str, Any]:
    """Every question answered right; texts with one word."""
    return {key: _given(question, right=True) for key, question in taking.keyed(name).items()}


def wrongly(taking: Taking, name: str) -> dict[str, Any]:
    """Every question answered wrong."""
    return {key: _given(question, right=False) for key, question in taking.keyed(name).items()}


def _given(question: Question, *, right: bool) -> str | list[str]:
    if question.form == "text":
        return "because" if right else "no idea"
    if question.form == "order":
        ids = [it.id for it in question.choices]
        return ids if right else ids[::-1]
    fitting = [it.id for it in question.choices if it.right == right] or [question.choices[0].id]
    return fitting if question.form == "some" else fitting[0]


def hand(
    lesson: Lesson,
    number: int,
    actions: Sequence[str] = AS_TOLD,
    answers: Answers = rightly,
    *,
    note: str = "",
    team: str | None = None,
    until: str | None = None,
) -> bytes:
    """The journal of somebody who takes it: `actions` are played in each task that is played, with
    a note at each answer; `until` is the task at which they stop."""
    lines: list[bytes] = []
    last = ""

    def keep(entry: Header | AnyEntry) -> None:
        nonlocal last
        line, last = as_line(entry, last)
        lines.append(line)

    header = header_of(lesson, team=team or f"Team {number}", members=[f"Ada {number}"], seed=1)
    header = header.model_copy(update={"session": f"{number:032x}"})
    keep(header)
    session = Session(lesson.case, header, keep)
    taking = Taking(lesson, session)
    taking.go_on()
    while (name := taking.task) is not None and name != until:
        if taking.plays:
            for action in actions:
                taking.sitting.take(action)
                if note and action.startswith("answer/"):
                    session.note(note)
                taking.moved()
            taking.finish()
        else:
            taking.answer(answers(taking, name))
    session.nature = None
    return b"".join(lines)


def handed(folder: Path, *files: bytes) -> Path:
    """A folder with these files."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, raw in enumerate(files):
        (folder / f"{number:03}.jsonl").write_bytes(raw)
    return folder


def taken_from(lesson: Lesson, raw: bytes) -> Taking:
    """The same, replayed."""
    return Taking(lesson, replayed(parse_journal(raw, "a"), lesson.case))
