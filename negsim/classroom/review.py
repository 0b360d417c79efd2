"""What an author of an exercise should look at, though nothing is broken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from negsim.classroom.lesson import Lesson
from negsim.classroom.models import (
    Attribute,
    Choose,
    Compare,
    Explain,
    Option,
    Plays,
    Predict,
    Seal,
    Task,
)
from negsim.errors import quote
from negsim.lint import MENTION
from negsim.pack.conditions import Mistake
from negsim.pack.references import cited_facts
from negsim.pack.yaml_tree import Path_, walk

AT_THE_KEYS = {20: 20, 50: 22, 90: 40}
"""So many minutes of a slot are left for the tasks: brief, roles and talk take the rest."""
FEWEST = 3
"""With so many questions it is no accident that the right answer is always the longest."""


def doubts(lesson: Lesson) -> Iterator[Mistake]:
    """What should be looked at, each with its path."""
    yield from _slot(lesson)
    yield from _weights(lesson)
    yield from _lengths(lesson)
    yield from _left_open(lesson)
    yield from _given_away(lesson)
    yield from _attributed(lesson)


def _slot(lesson: Lesson) -> Iterator[Mistake]:
    """The tasks fit the slot."""
    exercise = lesson.exercise
    wanted = sum(it.minutes or 0 for it in exercise.tasks.values())
    there = AT_THE_KEYS[exercise.minutes]
    if wanted > there:
        message = (
            f"the tasks take {wanted} minutes, and {there} of {exercise.minutes} are at the keys; "
            "shorten them or take a longer slot"
        )
        yield ("minutes",), message


def _weights(lesson: Lesson) -> Iterator[Mistake]:
    """What is never graded has no weight."""
    for name, task in lesson.exercise.tasks.items():
        if isinstance(task, Seal | Explain) and "weight" in task.model_fields_set and task.weight:
            message = f"a task of the kind {task.kind} is never graded; leave its weight out"
            yield ("tasks", name, "weight"), message


def _lengths(lesson: Lesson) -> Iterator[Mistake]:
    """The right answer is not always the longest."""
    asked = [*_chosen(lesson)]
    if len(asked) >= FEWEST and all(_longest_is_right(it) for it in asked):
        message = (
            f"in all {len(asked)} questions the right answer is the longest; make some wrong ones "
            "as long"
        )
        yield ("tasks",), message


def _chosen(lesson: Lesson) -> Iterator[Iterable[Option]]:
    exercise = lesson.exercise
    for task in (*exercise.check.values(), *exercise.tasks.values()):
        if isinstance(task, Choose):
            yield task.options.values()
        elif isinstance(task, Predict):
            yield task.because.values()


def _longest_is_right(options: Iterable[Option]) -> bool:
    right = min(len(it.text) for it in options if it.right)
    return all(len(it.text) < right for it in options if not it.right)


def _left_open(lesson: Lesson) -> Iterator[Mistake]:
    """Nothing that can be looked up during a task tells its answers."""
    exercise = lesson.exercise
    for hidden, answered in (("record", (Predict,)), ("facts", (Predict, Attribute))):
        there = hidden == "record" or lesson.loaded.facts.facts
        name = next((it for it, task in exercise.tasks.items() if isinstance(task, answered)), None)
        if name is not None and there and hidden not in exercise.hides:
            path: Path_ = ("hides",) if "hides" in exercise.model_fields_set else ("tasks", name)
            message = f"the {hidden} can be looked up in the task {quote(name)}"
            yield path, f"{message}, which asks for it; add `{hidden}` to `hides`"


def _given_away(lesson: Lesson) -> Iterator[Mistake]:
    """Nothing that is read before a prediction tells what came."""
    exercise = lesson.exercise
    told = {fact: "the brief" for fact in [*exercise.facts, *_mentioned(exercise.brief)]}
    for text in exercise.private.values():
        told |= {fact: "the private brief" for fact in _mentioned(text)}
    for asked in exercise.check.values():
        told |= {fact: "a question before play" for fact in _cited(asked)}
    seen = {_number(lesson, exercise.start): "the start of the exercise"}
    played = None
    for name, task in exercise.tasks.items():
        where = f"the task {quote(name)}"
        if isinstance(task, Predict):
            before = {**{fact: "the task itself" for fact in _read_with(lesson, task)}, **told}
            yield from _asked(name, task, before)
            own = {step: "this task" for step in _steps_told(lesson, task)}
            yield from _passed(lesson, name, task, {**own, **seen})
            if played is not None:
                yield (
                    ("tasks", name),
                    f"in {played} the others play the record before this is predicted; set "
                    "`others: wait`, or change the order",
                )
        told = {**{fact: where for fact in (*_cited(task), *_read_with(lesson, task))}, **told}
        for step in _steps_told(lesson, task):
            seen.setdefault(step, where)
        if isinstance(task, Predict):
            seen.setdefault(_number(lesson, task.until), where)
        if isinstance(task, Plays) and exercise.seats and exercise.others == "record":
            played = played or where


def _attributed(lesson: Lesson) -> Iterator[Mistake]:
    """No statement's fact stands beside it: its kind and who it is of are told with it."""
    for name, task in lesson.exercise.tasks.items():
        beside = {*task.shows.facts, *_mentioned(task.ask)}
        for thing, it in task.statements.items() if isinstance(task, Attribute) else ():
            if it.fact in beside:
                message = f"{quote(it.fact)} stands beside the task with its kind; take it out"
                yield ("tasks", name, "statements", thing, "fact"), message


def _asked(name: str, task: Predict, told: dict[str, str]) -> Iterator[Mistake]:
    for value, asked in task.values.items():
        for number, fact in enumerate(asked.facts):
            if fact in told:
                path: Path_ = ("tasks", name, "values", value, "facts", number)
                yield (
                    path,
                    f"{told[fact]} cites {quote(fact)} before this is predicted; take it out",
                )


def _passed(lesson: Lesson, name: str, task: Predict, seen: dict[int, str]) -> Iterator[Mistake]:
    until = _number(lesson, task.until)
    where = next((it for step, it in seen.items() if step >= until), None)
    if where is not None:
        message = f"{where} shows the record up to {quote(task.until)} or beyond; change the order"
        yield ("tasks", name, "until"), message


def _number(lesson: Lesson, step: str) -> int:
    """The number of a step of the record: 0 at the start."""
    named = (it.number for it in lesson.case.frames if it.step.id == step)
    return next(named, len(lesson.loaded.record.steps) if step == "record" else 0)


def _steps_told(lesson: Lesson, task: Task) -> Iterator[int]:
    """The steps of the record up to which a task tells it before it is answered."""
    for step in (task.after, *task.shows.steps):
        if step is not None:
            yield _number(lesson, step)
    if isinstance(task, Compare) and not task.line:
        yield _number(lesson, task.until or "record")
    if isinstance(task, Plays):
        yield _waited(lesson, task)


def _waited(lesson: Lesson, task: Plays) -> int:
    """The step of the record to which the others come while the player only passes: they follow it
    as long as the line does, whatever their rule."""
    seats, node = lesson.exercise.seats, lesson.place(task.after)
    last = _number(lesson, task.after or lesson.exercise.start)
    while (following := lesson.case.following(node)) is not None:
        action = lesson.game.action(following.action)
        if not action.is_pass and (not seats or action.mover in seats):
            break
        node, last = following, int(following.id[1:].partition("+")[0])
    return last


def _read_with(lesson: Lesson, task: Task) -> Iterator[str]:
    """The facts that are read before a task is answered."""
    yield from task.shows.facts
    yield from _mentioned(task.ask)
    numbers = [_number(lesson, it) for it in task.shows.steps]
    for frame in lesson.case.frames:
        if numbers and min(numbers) <= frame.number <= max(numbers):
            yield from frame.facts


def _cited(task: Task) -> Iterator[str]:
    """The facts that a task cites anywhere, also in what is said once it was answered."""
    data = task.model_dump(by_alias=True)
    yield from (fact for _, fact in cited_facts(data))
    for _, part in walk(data):
        yield from _mentioned(part) if isinstance(part, str) else ()


def _mentioned(text: str) -> list[str]:
    return MENTION.findall(text)
