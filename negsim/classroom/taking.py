"""Somebody takes an exercise: what is asked now, what was answered, what comes of it.

Screens, prompt and grading stand on this, and everything is told by the journal alone. A task is
answered once. What was answered first counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from negsim.classroom.goals import Course, course, done
from negsim.classroom.lesson import Lesson
from negsim.classroom.models import PLAYED, Find, Inject, Plays, Seal, Task
from negsim.classroom.questions import Choice, Given, Question, questions
from negsim.engine import legal_actions
from negsim.errors import NegsimError, UnknownNameError, quote
from negsim.journal import Header, new_header
from negsim.others import drawn
from negsim.replay import play
from negsim.rules import NATURE
from negsim.session import Answer, Node, Session
from negsim.sitting import HouseRules, Sitting


def header_of(
    lesson: Lesson, *, team: str | None = None, members: list[str] | None = None,
    seed: int | None = None,
) -> Header:  # fmt: skip
    """The header of a new session in which the exercise is taken."""
    exercise = lesson.exercise
    seats = [*exercise.seats, None, None]
    return new_header(
        lesson.loaded.pack.id,
        lesson.loaded.content_hash,
        exercise.level,
        seed=seed,
        seat=seats[0],
        others=exercise.others,
        team=team,
        members=members,
        beside=seats[1],
        exercise=lesson.id,
        task=lesson.content_hash,
    )


@dataclass(frozen=True, slots=True)
class Feedback:
    """What is said of one answer: the question, what was chosen, what is right, what to learn."""

    question: Question
    given: tuple[Choice, ...]
    text: str
    score: float

    @property
    def right(self) -> bool | None:
        """Whether it is wholly right; None where nothing is graded."""
        return self.score == 1 if self.question.graded else None


class Taking:
    """An exercise and the session in which it is taken. Raises NegsimError, as its verbs do, where
    a thing cannot be done; then nothing has changed."""

    def __init__(self, lesson: Lesson, session: Session) -> None:
        self.lesson = lesson
        self.session = session
        self.sitting = Sitting(session)
        if leads_chance(lesson):
            session.nature = self._nature
        self._obey()

    # Where it stands.

    @property
    def seats(self) -> tuple[str, ...]:
        """Who the person sits for; nobody: they act for all."""
        return (*self.lesson.exercise.seats,)

    @property
    def answers(self) -> Mapping[str, Answer]:
        """For each task the answer that counts: the first."""
        found: dict[str, Answer] = {}
        for it in self.session.answers:
            found.setdefault(it.task, it)
        return found

    @property
    def task(self) -> str | None:
        """The task that is to be done now; None once all are."""
        answered = self.answers
        return next((it for it in self.lesson.exercise.tasks if it not in answered), None)

    @property
    def set(self) -> Task:
        """The task that is to be done now. Raises NegsimError once all are."""
        if self.task is None:
            raise NegsimError("every task is done")
        return self.lesson.exercise.tasks[self.task]

    @property
    def plays(self) -> bool:
        """Whether the task is one that is played."""
        return self.task is not None and isinstance(self.set, PLAYED)

    @property
    def progress(self) -> tuple[int, int]:
        """How many tasks are done, and how many there are."""
        tasks = self.lesson.exercise.tasks
        return sum(it in tasks for it in self.answers), len(tasks)

    def began(self, name: str) -> Node:
        """Where the session stood when the task was set."""
        task = self.lesson.exercise.tasks[name]
        if task.after is not None:
            return self.lesson.place(task.after)
        before = self._before(name)
        return before.node if before is not None else self._origin

    @property
    def _origin(self) -> Node:
        """Where the exercise starts, in this session's tree."""
        node = self.session.find(self.lesson.place_id(self.lesson.exercise.start))
        for wanted in self.lesson.start.line[len(node.line) :]:
            children = self.session.children(node)
            node = next((it for it in children if it.action == wanted.action), node)
        return node

    def _before(self, name: str) -> Answer | None:
        """The answer to the task before that one, by which it was set."""
        names = list(self.lesson.exercise.tasks)
        place = names.index(name)
        return self.answers.get(names[place - 1]) if place else None

    def played(self, name: str) -> Course:
        """What was played of a task, up to where it was done with, or to here."""
        answer = self.answers.get(name)
        here = answer.node if answer is not None else self.session.here
        return course(self.lesson, name, self.began(name), here, self.seats)

    def tried(self, name: str) -> list[Node]:
        """The places that were found while the task was under way."""
        before, answer = self._before(name), self.answers.get(name)
        first = before.entry if before is not None else 0
        last = answer.entry if answer is not None else self.session.entries
        return [
            node
            for node in self.session.nodes.values()
            if not node.recorded and first < int(node.id) <= last
        ]

    def succeeded(self, name: str) -> bool:
        """Whether a task that is played was done as it was asked."""
        return done(self.lesson, name, self.played(name), self.tried(name))

    # What is done.

    def go_on(self) -> None:
        """Puts the session where the task is set, if it is not yet, and plays for the others."""
        session = self.session
        if not session.entries:
            session.goto(self.lesson.place_id(self.lesson.exercise.start))
            for action in self.lesson.exercise.line:
                for who in play(session.game, session.here.state, action).passes:
                    session.apply(f"pass/{who}", "rule")
                session.apply(action, "rule")
        name = self.task
        if name is None:
            self._obey()
            return
        place = self.lesson.place(self.lesson.exercise.start)
        opening = 1 + len(self.lesson.start.line) - len(place.line)
        last = session.answers[-1].entry if session.answers else opening
        task = self.lesson.exercise.tasks[name]
        if task.after is not None and session.entries == last:
            where = self.lesson.place_id(task.after)
            if session.here.id != where:
                session.goto(where)
        if isinstance(task, PLAYED):
            self.sitting.go_on()
            self._arrive()
        self._obey()

    def moved(self) -> None:
        """What follows what the person played: what comes from outside, and the limits."""
        self._arrive()
        self._obey()

    def questions(self, name: str) -> tuple[Question, ...]:
        """What a task asks; of one that is played, nothing."""
        own = self.answers.get(name)
        state = (own.node if own is not None else self.session.here).state
        return questions(self.lesson, name, state)

    def answer(self, given: Mapping[str, Given]) -> None:
        """Answers the task. Every question has to be; where two sit, each seals their own, under
        `question/seat`."""
        name = self.task
        if name is None:
            raise NegsimError("every task is done")
        if self.plays:
            raise NegsimError("this task is played; say when you are done")
        asked = self.keyed(name)
        for key in given:
            if key not in asked:
                raise NegsimError(f"nothing asks {quote(key)}")
        for key, question in asked.items():
            if key not in given:
                raise NegsimError(f"not answered yet: {question.ask}")
            question.chosen(given[key])
        self.session.answer(name, {key: _as_kept(it) for key, it in given.items()})
        self.go_on()

    def finish(self) -> None:
        """Is done with a task that is played."""
        if not self.plays or self.task is None:
            raise NegsimError("this task asks for answers")
        self.session.answer(self.task, {})
        self.go_on()

    def keyed(self, name: str) -> dict[str, Question]:
        """The questions of a task by the key of their answers."""
        found = self.questions(name)
        if len(self.seats) == 2 and isinstance(self.lesson.exercise.tasks[name], Seal):
            return {f"{it.id}/{seat}": it for seat in self.seats for it in found}
        return {it.id: it for it in found}

    def feedback(self, name: str) -> list[Feedback]:
        """What is said of the answers to a task that was answered."""
        answer = self.answers[name]
        found = []
        for key, question in self.keyed(name).items():
            given = answer.given.get(key)
            if given is None:
                continue
            text = given if isinstance(given, str) and question.form == "text" else ""
            found.append(Feedback(question, question.chosen(given), text, question.score(given)))
        return found

    # What comes from outside.

    @property
    def due(self) -> list[str]:
        """What comes from outside now and has not come yet, by id; what somebody has to bring is
        left out."""
        came = {name for name, _ in self.session.injects}
        return [
            name
            for name, it in self.lesson.exercise.injects.items()
            if name not in came
            and self._round >= it.round
            and comes(self.session.header.seed, name, it)
        ]

    @property
    def to_bring(self) -> list[str]:
        """What whoever leads the class can bring in now, by id."""
        came = {name for name, _ in self.session.injects}
        return [
            name
            for name, it in self.lesson.exercise.injects.items()
            if name not in came and it.odds is None and self._round >= it.round
        ]

    def bring(self, name: str) -> None:
        """Brings in something from outside. Raises NegsimError where it came, is only drawn, or
        its round has not come."""
        if name not in self.to_bring:
            injects = self.lesson.exercise.injects
            if name not in injects:
                raise UnknownNameError("inject", name, self.to_bring, self.lesson.id)
            it, why = injects[name], "it came already, or is drawn"
            if it.odds is None and self._round < it.round:
                why = f"it comes in round {it.round} of the task at the earliest"
            raise NegsimError(f"{quote(name)} cannot be brought in: {why}")
        self.session.inject(name)

    @property
    def _round(self) -> int:
        """The round of play, from 1, counted from where the task began."""
        return self.session.here.round - self.began(self.task).round + 1 if self.task else 1

    def _arrive(self) -> None:
        if self.plays:
            for name in self.due:
                self.session.inject(name)

    def _nature(self, node: Node) -> str:
        return by_chance(self.lesson, node, [name for name, _ in self.session.injects])

    # The rules of the exercise.

    def _obey(self) -> None:
        """What is hidden, and what can be played now."""
        name, sitting = self.task, self.sitting
        if name is None:
            sitting.rules = HouseRules()
            return
        task = self.lesson.exercise.tasks[name]
        hides = frozenset(self.lesson.exercise.hides)
        stopped = None
        if not isinstance(task, Plays):
            stopped = "nothing is played in this task"
        elif not isinstance(task, Find):
            stopped = self.played(name).limit
        final = not isinstance(task, Find)
        sitting.rules = HouseRules(hides, final, stopped, self.began(name))
        mover = sitting.mover
        if len(self.seats) == 2 and mover in self.seats and mover is not None:
            sitting.sit(mover)


def comes(seed: int, name: str, inject: Inject) -> bool:
    """Whether the seed draws what comes from outside by chance; never what somebody brings in."""
    return drawn(f"{seed} {name}".encode(), 100) < (inject.odds or 0)


def leads_chance(lesson: Lesson) -> bool:
    """Whether the exercise decides in place of chance: where something from outside has effects."""
    return any(it.effect is not None for it in lesson.exercise.injects.values())


def by_chance(lesson: Lesson, node: Node, came: Iterable[str]) -> str:
    """What happens in the turn of chance in such an exercise: the effect of what `came` from
    outside, else what the record goes on with, else nothing."""
    legal = {it.id for it in legal_actions(lesson.game, node.state)}
    taken = {it.action for it in node.line}
    for name in came:
        effect = lesson.exercise.injects[name].effect
        if effect is not None and effect in legal and effect not in taken:
            return effect
    following = lesson.case.following(node)
    if following is not None and following.action in legal:
        return following.action
    return f"pass/{NATURE}" if f"pass/{NATURE}" in legal else min(legal)


def _as_kept(given: Given) -> str | list[str]:
    return given if isinstance(given, str) else list(given)
