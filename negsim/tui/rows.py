"""What came of a task, entry by entry, with the facts behind each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from negsim.classroom.lesson import task_title
from negsim.classroom.models import Plays, Seal
from negsim.classroom.taking import Feedback, Taking
from negsim.classroom.telling import KEPT, choices_text, is_silent, result, verdict
from negsim.cycle.table import capital
from negsim.journal import read_journal
from negsim.text import wrap
from negsim.tui.plain import content
from negsim.views import party_name

CITED = re.compile(r"\bF\d+\b", re.ASCII)
"""A fact as a text cites it."""


@dataclass(frozen=True, slots=True)
class Row:
    """Some lines that are read together, with the facts behind them, and the task they are of."""

    lines: Sequence[str]
    facts: Sequence[str] = ()
    task: str = ""


class Rows(OptionList):
    """What is said of a task, entry by entry."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.verb('on')", "Go on", id="rows.on"),
    ]

    def __init__(self) -> None:
        super().__init__(id="rows", markup=False)
        self.rows: Sequence[Row] = ()

    def show(self, rows: Iterable[Row]) -> None:
        """Shows other entries; the marked one stays so where they are the same."""
        before, marked = self.rows, self.highlighted
        self.rows = [*rows]
        self.set_options(Option(content("\n".join([*it.lines, ""]))) for it in self.rows)
        same = len(before) == len(self.rows) and marked is not None
        self.highlighted = marked if same else (0 if self.rows else None)

    @property
    def marked(self) -> Row:
        """The entry that is marked."""
        place = self.highlighted
        return self.rows[place] if place is not None and place < len(self.rows) else Row(())


def feedback_rows(taking: Taking, name: str, width: int, *, cites: bool) -> Iterator[Row]:
    """What is said of the answers to a task, one entry each; `cites` is whether facts may be
    opened."""
    lesson = taking.lesson
    task = lesson.exercise.tasks[name]
    two = len(taking.seats) == 2
    if is_silent(lesson) and not isinstance(task, Seal):
        yield Row([KEPT])
        return
    if isinstance(task, Plays):
        yield Row(wrap(f"{capital(result(taking, name))}.", width))
    elif isinstance(task, Seal):
        yield Row(wrap("Opened:" if two else "Written:", width))
    keys = [key for key in taking.keyed(name) if key in taking.answers[name].given]
    for key, it in zip(keys, taking.feedback(name), strict=True):
        if isinstance(task, Seal):
            who = party_name(lesson.loaded.pack, key.rpartition("/")[2]) if two else "you"
            yield Row(_answered(it, who, width))
        else:
            yield _said_of(it, width, cites=cites)
    if isinstance(task, Seal) and task.aim:
        yield Row(wrap(f"To talk about: {task.aim}", width), cited(taking, task.aim))
    if task.told and not is_silent(lesson):
        yield Row(wrap(task.told, width), cited(taking, task.told))


def done_rows(taking: Taking, path: Path, width: int) -> Iterator[Row]:
    """The file to hand in, and what came of each task."""
    fingerprint = read_journal(path).fingerprint
    yield Row(
        [
            "Every task is done. Hand in this file:",
            *wrap(str(path), width, "  "),
            f"  fingerprint {fingerprint}",
        ]
    )
    for number, name in enumerate(taking.lesson.exercise.tasks, 1):
        told = f"{number}. {task_title(taking.lesson, name)}: {result(taking, name)}"
        yield Row(wrap(told, width, "", "   "), (), name)


def cited(taking: Taking, text: str) -> list[str]:
    """The facts that a text cites."""
    known = taking.lesson.loaded.facts.facts
    return [it for it in dict.fromkeys(CITED.findall(text)) if it in known]


def _answered(it: Feedback, who: str, width: int) -> list[str]:
    """A question, and what was answered."""
    said = it.text or choices_text(it.question, it.given)
    return [*wrap(it.question.ask, width), *wrap(f"{capital(who)}: {said}", width, "  ", "    ")]


def _said_of(it: Feedback, width: int, *, cites: bool) -> Row:
    """What is said of one answer: what was chosen, what is right, what to learn, which facts."""
    lines, question = _answered(it, "you", width), it.question
    if question.form == "text":
        return Row(lines)
    lines += wrap(verdict(it), width, "  ", "    ")
    for text in dict.fromkeys(one.feedback for one in it.given if one.feedback):
        lines += wrap(text, width, "  ", "    ")
    found = [fact for one in (*it.given, *question.right) for fact in one.facts]
    facts = list(dict.fromkeys(found)) if cites else []
    return Row(
        [*lines, *wrap(f"f: {' '.join(facts)}", width, "  ", "    ")] if facts else lines, facts
    )
