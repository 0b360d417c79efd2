"""A class as data: what it wrote, answered and played, to be talked about together.

Told after the exercise, so with all eyes open, and of nobody by name unless that is asked for. No
input, no output: `export/class_html.py` and `export/class_markdown.py` write it as a page.
"""

from __future__ import annotations

from negsim.classroom.together.answers import answers, predictions
from negsim.classroom.together.concepts import concepts
from negsim.classroom.together.hands import Class
from negsim.classroom.together.papers import papers
from negsim.classroom.together.reasons import reasons
from negsim.classroom.together.told import (
    Bar,
    Bars,
    Beside,
    Block,
    Branch,
    Part,
    Stack,
    Stacks,
    Together,
    Tree,
    as_data,
)
from negsim.classroom.together.tree import tree
from negsim.classroom.together.turning import Turned, closings, endings, turning
from negsim.debrief import Listing, Section, Told
from negsim.debrief.facts import cited

__all__ = [
    "Bar",
    "Bars",
    "Beside",
    "Block",
    "Branch",
    "Class",
    "Part",
    "Stack",
    "Stacks",
    "Together",
    "Tree",
    "Turned",
    "as_data",
    "closings",
    "together",
]


def together(group: Class, turned: Turned | None = None, unused: int = 0) -> Together:
    """What is told of a class. `turned` is what the steps of its lines closed (`closings`), where
    that was worked out; `unused`, how many files could not be used."""
    parts = (
        papers(group),
        reasons(group),
        answers(group),
        predictions(group),
        tree(group),
        turning(group, turned),
        endings(group),
        concepts(group),
    )
    plain = [Section(it.id, it.title, it.lead, tuple(it.plain)) for it in parts]
    facts = cited(plain, group.lesson.loaded)
    last = Part(facts.id, facts.title, facts.lead, facts.blocks)
    return Together(group.lesson.exercise.title, _about(group, unused), (*parts, last))


def _about(group: Class, unused: int) -> Listing:
    """How many took it, and what it is about."""
    pack, tasks = group.pack, group.lesson.exercise.tasks
    whole = sum(it.task is None for it in group.takings)
    count = len(group.takings)
    case = f"{pack.title}. {'Everything in it is invented.' if pack.invented else ''}".strip()
    told = (
        Told(f"{count}, of which {whole} did all {len(tasks)} tasks", (), "Handed in"),
        Told(str(unused) if unused else "", (), "Files that could not be used"),
        Told(case, (), "Case"),
        Told(" ".join(group.lesson.exercise.goals), (), "To be learned"),
        Told(group.lesson.loaded.record.ends or "", (), "The record"),
        Told(pack.outside_the_record or "", (), "Outside the record", "outside"),
    )
    return Listing("", tuple(it for it in told if it.text))
