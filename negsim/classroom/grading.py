"""An exercise graded by playing its journal again: what the file says of itself counts for nothing.

Participation and performance stand apart, each from 0 to 1. What a role was dealt earns nothing,
and neither does a guess that can be looked up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from negsim.classroom.conduct import Breach, Foreseen, breaches
from negsim.classroom.goals import Course
from negsim.classroom.lesson import Lesson, task_title
from negsim.classroom.models import PLAYED, Avoid, Find, Judge, Predict, Reach, Seal, Task
from negsim.classroom.questions import Choice, Given, Question, questions
from negsim.classroom.taking import Taking
from negsim.errors import NegsimError, quote
from negsim.journal import Journal
from negsim.rules import NATURE, State
from negsim.session import Node, replayed
from negsim.views import party_name


@dataclass(frozen=True, slots=True)
class Row:
    """One question of a task as it was answered. `score` is None where nothing can be earned;
    `given` is empty where there was no answer, or none to this question."""

    key: str
    ask: str
    given: tuple[str, ...]
    right: tuple[str, ...]
    score: float | None
    feedback: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """One task: how far it was taken part in, and what it earned; None where it is never graded.

    `matched` is how many predictions the record bears out, of how many. `said` is what came of a
    task that is played.
    """

    task: str
    title: str
    kind: str
    weight: int
    answered: bool
    took: float
    score: float | None
    matched: tuple[int, int] | None = None
    rows: tuple[Row, ...] = ()
    said: str = ""


LONGEST = 5_000
"""A journal of more entries is not graded: a lesson has some hundreds."""


@dataclass(frozen=True, slots=True)
class Grade:
    """What a journal is worth. `performance` is None where the exercise grades nothing."""

    session: str
    fingerprint: str
    team: str
    members: tuple[str, ...]
    participation: float
    performance: float | None
    marks: tuple[Mark, ...]
    breaches: tuple[Breach, ...] = ()

    @property
    def done(self) -> int:
        """How many tasks were answered."""
        return sum(it.answered for it in self.marks)

    @property
    def matched(self) -> tuple[int, int]:
        """How many predictions the record bears out, of how many were made."""
        found = [it.matched for it in self.marks if it.matched is not None]
        return sum(it for it, _ in found), sum(it for _, it in found)


def grade(lesson: Lesson, journal: Journal) -> Grade:
    """The grade of one journal. Raises NegsimError where it cannot be played again."""
    return Grader(lesson).grade(journal)


class Grader:
    """Grades the journals of one exercise; what a task asks is worked out once for all."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        self._asked: dict[tuple[str, State | None], tuple[Question, ...]] = {}
        self._foreseen: Foreseen = {}

    def grade(self, journal: Journal) -> Grade:
        """The grade of a journal. Raises NegsimError where it cannot be played again."""
        if len(journal.entries) > LONGEST:
            raise NegsimError(
                f"{quote(journal.file)} has {len(journal.entries):,} entries, and more than "
                f"{LONGEST:,} entries are not graded"
            )
        session = replayed(journal, self.lesson.case)
        taking = Taking(self.lesson, session)
        found = breaches(taking, journal, self._foreseen)
        void = {it.task for it in found}
        tasks = self.lesson.exercise.tasks
        marks = tuple(self._mark(taking, it, it in void) for it in tasks)
        session.nature = None  # it holds the taking, which holds the session
        header = journal.header
        return Grade(
            header.session,
            journal.fingerprint,
            header.team or "",
            (*header.members,),
            mean(it.took for it in marks),
            _weighed(marks),
            marks,
            found,
        )

    def _mark(self, taking: Taking, name: str, void: bool) -> Mark:
        task = self.lesson.exercise.tasks[name]
        if isinstance(task, PLAYED):
            return self._played(taking, name, task, void)
        answer = taking.answers.get(name)
        own = isinstance(task, Judge) and task.own
        state = (answer.node if answer is not None else taking.session.here).state
        asked = self._keyed(name, task, state if own else None)
        graded = [it for it in asked.values() if it.graded]
        given = answer.given if answer is not None else {}
        rows = [self._row(key, it, given.get(key)) for key, it in asked.items()]
        scores = [it.score for it in rows if it.score is not None]
        score = (0.0 if void else mean(scores)) if graded else None
        took = mean(bool(it.given) for it in rows)
        return Mark(
            name,
            task_title(self.lesson, name),
            task.kind,
            task.weight,
            answer is not None,
            took,
            score,
            _matched(rows, asked, given) if isinstance(task, Predict) else None,
            (*rows,) if answer is not None else (),
        )

    def _played(self, taking: Taking, name: str, task: Reach | Avoid | Find, void: bool) -> Mark:
        answer = taking.answers.get(name)
        finished = answer is not None
        course = taking.played(name) if finished else None
        good = finished and not void and taking.succeeded(name)
        took = float(finished)
        if task.reasons and answer is not None and course is not None:
            took = 0.5 + 0.5 * _reasoned(taking, course, answer.entry)
        said = _course_said(course, good, void) if course is not None else ""
        title = task_title(self.lesson, name)
        return Mark(
            name, title, task.kind, task.weight, finished, took, float(good), None, (), said
        )

    def _keyed(self, name: str, task: Task, own: State | None) -> Mapping[str, Question]:
        """The questions of a task by the key of their answers, as `Taking.keyed` has them."""
        if (name, own) not in self._asked:
            self._asked[name, own] = questions(self.lesson, name, own)
        found, seats = self._asked[name, own], self.lesson.exercise.seats
        if len(seats) == 2 and isinstance(task, Seal):
            return {f"{it.id}/{seat}": it for seat in seats for it in found}
        return {it.id: it for it in found}

    def _row(self, key: str, question: Question, given: Given | None) -> Row:
        chosen: tuple[Choice, ...] = ()
        score, text = 0.0, ""
        with suppress(NegsimError):  # what is no answer to this earns nothing
            if given is not None:
                chosen = question.chosen(given)
                score = question.score(given)
                text = given if question.form == "text" and isinstance(given, str) else ""
        right = question.right
        seat = key.removeprefix(question.id).removeprefix("/")
        who = f"{party_name(self.lesson.loaded.pack, seat)}: " if seat else ""
        facts = dict.fromkeys(fact for it in (*chosen, *right) for fact in it.facts)
        return Row(
            key,
            who + question.ask,
            (text,) if text else tuple(it.text for it in chosen),
            tuple(it.text for it in right),
            score if question.graded else None,
            tuple(dict.fromkeys(it.feedback for it in chosen if it.feedback)),
            tuple(facts),
        )


def mean(numbers: Iterable[float]) -> float:
    """The mean; of nothing, 0."""
    found = [*numbers]
    return sum(found) / len(found) if found else 0.0


def _weighed(marks: Sequence[Mark]) -> float | None:
    """The mean of the scores by the weights of their tasks; None where nothing is graded."""
    graded = [(it.weight, it.score) for it in marks if it.score is not None and it.weight]
    whole = sum(weight for weight, _ in graded)
    return sum(weight * score for weight, score in graded) / whole if whole else None


def _matched(
    rows: Sequence[Row], asked: Mapping[str, Question], given: Mapping[str, Given]
) -> tuple[int, int]:
    """How many guesses the record bears out, of how many were made."""
    made = [it.key for it in rows if it.given and not asked[it.key].graded]
    return sum(asked[it].fits(given[it]) for it in made), len(made)


def _reasoned(taking: Taking, course: Course, before: int) -> float:
    """The share of the answers of a paper that had a reason at their place before that entry; of
    none, all, unless nothing was done."""
    session = taking.session
    papers = [it for it in course.line if _answers(taking, it)]
    if not papers:
        return float(course.actions > 0)
    return mean(session.noted.get(it.id, before) < before for it in papers)


def _answers(taking: Taking, node: Node) -> bool:
    """Whether the player answered an item of a paper there."""
    action = taking.session.game.action(node.action)
    own = action.mover in taking.seats if taking.seats else action.mover != NATURE
    return action.kind == "answer" and node.by is None and own


def _course_said(course: Course, good: bool, void: bool) -> str:
    actions = "1 action" if course.actions == 1 else f"{course.actions} actions"
    rounds = "1 round" if course.rounds == 1 else f"{course.rounds} rounds"
    what = "done as it was asked" if good else "not done as it was asked"
    if void:
        what = "not played by the rules of the exercise, so that it earns nothing"
    return f"{what}; {actions}, {rounds}"
