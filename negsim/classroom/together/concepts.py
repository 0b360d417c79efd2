"""The words of the exercise, with the tasks and the steps that showed them.

These are steps of the record that a task told, and what the class did most.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from negsim.classroom.lesson import glossary, on_record, task_title
from negsim.classroom.models import Compare, Predict, Task
from negsim.classroom.together.hands import Class
from negsim.classroom.together.told import Part, part_of
from negsim.debrief.told import Table, Told, columns_of, without_empty
from negsim.session import Node

MOST = 3
"""So many steps are told of a word."""


def concepts(group: Class) -> Part:
    """Each word of the exercise: what it means, and where it was met."""
    exercise, known = group.lesson.exercise, glossary().concepts
    rows = []
    for name in exercise.concepts:
        tasks = {it: task for it, task in exercise.tasks.items() if name in task.concepts}
        nodes = [node for task in tasks.values() for node in _steps(group, task)]
        texts = {it.id: _told(group, it) for it in nodes}
        texts |= _played(group, [*(tasks or group.played)], known[name].shown_by)
        shown = [*texts.values()][:MOST]
        facts = tuple(dict.fromkeys(it for told in shown for it in told.facts))
        steps = "; ".join(told.text.rstrip(".") for told in shown)
        titles = ", ".join(task_title(group.lesson, it) for it in tasks)
        concept = known[name]
        rows.append(
            (
                Told(concept.title),
                Told(concept.about),
                Told(titles or "the whole exercise"),
                Told(steps, facts),
            )
        )
    columns = columns_of("Word", "What it means here", "Task", "Steps that showed it")
    lead = "The words that the exercise is about, with where they were met."
    table = without_empty(Table("", columns, tuple(rows)))
    return part_of("concepts", "The words", lead, table)


def _steps(group: Class, task: Task) -> Iterator[Node]:
    """The steps of the record that a task showed, or asked about."""
    case = group.lesson.case
    names = [*task.shows.steps, *([task.until] if isinstance(task, Predict) else ())]
    for name in names:
        yield on_record(case, name)
    if isinstance(task, Compare):
        for node in case.trunk:
            if node.action in task.right:
                yield node


def _played(group: Class, tasks: Iterable[str], parts: Sequence[str]) -> dict[str, Told]:
    """What the class did in these tasks that shows a word, what most did first."""
    wanted, found = {*parts}, Counter[str]()
    for name in tasks:
        if name in group.played:
            for taking in group.takings:
                taken = {it.action for it in group.course(taking, name)}
                found.update(it for it in taken if wanted & {*it.split("/")})
    often = sorted(found, key=lambda it: (-found[it], it))[:MOST]
    return {it: Told(group.lesson.game.action(it).text) for it in often}


def _told(group: Class, node: Node) -> Told:
    frame = next((it for it in group.lesson.case.frames if f"r{it.number}" == node.id), None)
    if frame is None:
        return Told(group.lesson.game.action(node.action).text if node.action else "the start")
    return Told(frame.text, frame.facts)
