"""What a task asks, as questions with their right answers; and what an answer to one is worth.

Every kind of task becomes rows of the same form here, so that screens, prompt, print and grading
know questions alone. Tasks that are played ask nothing; they are in `negsim.classroom.goals`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, TypeAlias

from negsim.classroom.lesson import Lesson
from negsim.classroom.models import (
    Attribute,
    Choose,
    Compare,
    Explain,
    Judge,
    Match,
    Option,
    Order,
    Predict,
    Seal,
    Task,
)
from negsim.cycle.table import words
from negsim.debrief.reading import Reading, level_pack, readings
from negsim.engine import outcome, values
from negsim.errors import NegsimError, UnknownNameError
from negsim.others import drawn
from negsim.rules import State, Variable
from negsim.session import Node
from negsim.views import said

Form: TypeAlias = Literal["one", "some", "order", "text"]
"""One choice, all that are right, all of them put in order, or a text."""
Given: TypeAlias = str | Sequence[str]

KINDS = {
    "event": "event: the outlet tells it in its own voice",
    "claim": "claim: somebody says it",
    "content": "leaked content: it stands in a leaked paper",
    "assessment": "assessment: outlet or analyst judges it",
    "background": "background: a role, a rule or a duration",
}
"""The kinds of fact, in words."""
YES, NO = "yes", "no"
NONE = "none"
"""Predicted of endings: the record shows none."""

UNSET: Mapping[str, str] = {
    "depth": "not consulted",
    "assent": "no assent",
    "status": "not demanded",
    "promise": "no promise",
    "extension": "no more time asked for",
    "confidentiality": "no request to keep it secret",
    "decision": "no decision",
    "contact": "no contact announced",
}
"""What `none` means of each part of an exchange that is no item, and of the next contact."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be chosen: `right` where it is one of the right ones."""

    id: str
    text: str
    right: bool = False
    feedback: str = ""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is asked.

    The choices of an order stand in the right one; those that are `alike` may change places.
    `graded` is False where nothing can be earned: what can be looked up, and texts.
    """

    id: str
    ask: str
    form: Form
    choices: tuple[Choice, ...] = ()
    alike: tuple[frozenset[str], ...] = ()
    graded: bool = True

    def choice(self, name: str) -> Choice:
        """The choice of that id. Raises UnknownNameError."""
        for it in self.choices:
            if it.id == name:
                return it
        raise UnknownNameError("answer", name, [it.id for it in self.choices])

    @property
    def right(self) -> tuple[Choice, ...]:
        """The right choices; of an order all, as they should stand."""
        if self.form == "order":
            return self.choices
        return tuple(it for it in self.choices if it.right)

    def chosen(self, given: Given) -> tuple[Choice, ...]:
        """The choices that an answer names. Raises NegsimError where it is no answer to this."""
        if self.form == "text":
            if not isinstance(given, str) or not given.strip():
                raise NegsimError("write a text")
            return ()
        names = [given] if isinstance(given, str) else list(given)
        found = tuple(self.choice(name) for name in names)
        if len(set(names)) < len(names):
            raise NegsimError("an answer stands twice; name each once")
        if self.form == "one" and len(names) != 1:
            raise NegsimError("choose one answer")
        if self.form == "some" and not names:
            raise NegsimError("choose at least one answer")
        if self.form == "order" and len(names) != len(self.choices):
            raise NegsimError(f"put all {len(self.choices)} in order")
        return found

    def fits(self, given: Given) -> bool:
        """Whether what was chosen is among what is right, graded or not: of a guess, whether the
        record bears it out. Raises NegsimError where it is no answer to this."""
        found = self.chosen(given)
        return bool(found) and all(it.right for it in found)

    def score(self, given: Given) -> float:
        """What an answer is worth, 0 to 1; 0 where nothing can be earned.

        One choice is right or not. Of several, each right one counts for and each wrong one
        against. Of an order, each pair counts, so that the reverse, and what chance gives on the
        average, earn nothing. Raises NegsimError where it is no answer to this.
        """
        found = self.chosen(given)
        if not self.graded:
            return 0.0
        if self.form == "order":
            return self._in_order(found)
        hits = sum(it.right for it in found)
        return max(0.0, (2 * hits - len(found)) / (len(self.right) if self.form == "some" else 1))

    def _in_order(self, found: Sequence[Choice]) -> float:
        place = {it.id: number for number, it in enumerate(self.choices)}
        pairs = [
            place[first.id] < place[second.id]
            for first, second in combinations(found, 2)
            if not any({first.id, second.id} <= group for group in self.alike)
        ]
        return max(0.0, 2 * sum(pairs) / len(pairs) - 1) if pairs else 1.0


def questions(lesson: Lesson, name: str, own: State | None = None) -> tuple[Question, ...]:
    """What the task of that id asks; `own` is the player's state, for who judges their own paper.

    A task that is played asks nothing.
    """
    return tuple(_questions(lesson, name, lesson.exercise.tasks[name], own))


def checks(lesson: Lesson) -> dict[str, Question]:
    """What is asked before play, by id."""
    return {name: _choose(task, name) for name, task in lesson.exercise.check.items()}


def shown(question: Question, seed: str) -> tuple[Choice, ...]:
    """The choices as they are shown: an order drawn from the seed, and never the right one."""
    if question.form != "order":
        return question.choices
    found = list(question.choices)
    mixed: list[Choice] = []
    while found:
        mixed.append(found.pop(drawn(f"{seed} {question.id} {len(found)}".encode(), len(found))))
    return tuple(mixed if tuple(mixed) != question.choices else reversed(mixed))


def _questions(lesson: Lesson, name: str, task: Task, own: State | None) -> Iterator[Question]:
    match task:
        case Choose():
            yield _choose(task, name)
        case Order():
            yield Question(
                name,
                task.ask,
                "order",
                tuple(
                    Choice(it, one.text, True, "", (*one.facts,))
                    for it, one in task.entries.items()
                ),
                tuple(frozenset(group) for group in task.alike),
            )
        case Match():
            for thing, it in task.things.items():
                yield _one(thing, it.text, task.choices, it.right, it.feedback, it.facts)
        case Attribute():
            for thing, one in task.statements.items():
                kind = lesson.loaded.facts.facts[one.fact].kind
                yield _one(
                    f"{thing}/who",
                    f"Who says it? {one.text}",
                    task.who,
                    one.who,
                    one.feedback,
                    [one.fact],
                )
                yield _one(
                    f"{thing}/kind", f"What is it? {one.text}", KINDS, [kind], None, [one.fact]
                )
        case Predict():
            yield from _predictions(lesson, task)
            choices = tuple(_options(task.because))
            yield Question("because", "Why? Choose the best reason.", "one", choices)
        case Compare():
            yield _turning(lesson, task)
        case Judge():
            state = own if task.own and own is not None else lesson.place(task.after).state
            yield from _judging(lesson, task, state)
        case Seal():
            if task.choices is not None:
                verdicts = tuple(Choice(it, text) for it, text in task.choices.items())
                yield Question("verdict", task.ask, "one", verdicts, graded=False)
            yield Question("reason", "Your reason, in a line:", "text", graded=False)
        case Explain():
            yield Question(name, task.ask, "text", graded=False)


def _options(options: Mapping[str, Option]) -> Iterator[Choice]:
    for name, it in options.items():
        yield Choice(name, it.text, it.right, it.feedback or "", (*it.facts,))


def _choose(task: Choose, name: str) -> Question:
    choices = tuple(_options(task.options))
    return Question(name, task.ask, "some" if task.several else "one", choices)


def _one(
    name: str,
    ask: str,
    choices: Mapping[str, str],
    right: Sequence[str],
    feedback: str | None,
    facts: Sequence[str],
) -> Question:
    """A question with the choices of its task; the facts stand behind the right ones."""
    return Question(
        name,
        ask,
        "one",
        tuple(
            Choice(it, text, it in right, feedback or "", (*facts,) if it in right else ())
            for it, text in choices.items()
        ),
    )


def _predictions(lesson: Lesson, task: Predict) -> Iterator[Question]:
    game, state = lesson.game, lesson.place(task.until).state
    reached = outcome(game, state)
    for name, it in task.values.items():
        if it.of == "ending":
            right = reached.ending.id if reached is not None else NONE
            domain = {one.id: one.title for one in game.endings} | {NONE: "none of these"}
        else:
            right = values(game, state)[it.of]
            variable = game.variable(it.of)
            domain = {value: _predicted(lesson, value, variable) for value in variable.values}
        choices = tuple(
            Choice(value, text, value == right, "", (*it.facts,) if value == right else ())
            for value, text in domain.items()
        )
        yield Question(name, it.ask, "one", choices, graded=False)


def _predicted(lesson: Lesson, value: str, variable: Variable) -> str:
    if value != NONE:
        return said(value, variable)
    paper, _, part = variable.id.partition(".")
    exchange = lesson.loaded.pack.exchanges.get(paper)
    if exchange is None:
        return UNSET.get(variable.id, said(value, variable))
    if part in exchange.items:
        return "no answer yet"
    return UNSET.get(part.rpartition(".")[2], said(value, variable))


def steps(lesson: Lesson, task: Compare) -> list[Node]:
    """The places of the line that a comparison is about, passes left out."""
    found = (
        lesson.walk(task.after, task.line) if task.line else lesson.between(task.after, task.until)
    )
    return [it for it in found if not lesson.game.action(it.action).is_pass]


def _turning(lesson: Lesson, task: Compare) -> Question:
    actions = [lesson.game.action(it.action) for it in steps(lesson, task)]
    told = [
        Choice(str(number), it.text, it.id in task.right) for number, it in enumerate(actions, 1)
    ]
    return Question("step", task.ask, "one", tuple(told))


def _judging(lesson: Lesson, task: Judge, state: State) -> Iterator[Question]:
    pack = level_pack(lesson.case)
    found: dict[str, Reading] = {
        it.rule: it for it in readings(pack, values(lesson.game, state))[task.paper]
    }
    for rule in task.rules:
        reading = found[rule]
        for item, met in reading.points.items():
            ask = f"{words(rule)}: does it count as met: {pack.items[item].title}?"
            yield _yes_no(f"{rule}/{item}", ask, met)
        ask = f"{words(rule)}: is the paper accepted as a whole?"
        yield _yes_no(f"{rule}/whole", ask, reading.whole)
        ask = f"{words(rule)}: does the paper leave a part to talk on?"
        yield _yes_no(f"{rule}/part", ask, reading.part)


def _yes_no(name: str, ask: str, right: bool | None) -> Question:
    choices = (Choice(YES, "yes", right is True), Choice(NO, "no", right is False))
    return Question(name, ask, "one", choices, graded=right is not None)
