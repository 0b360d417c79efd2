"""The debrief of a line that was played: what it came to, beside what is reported of the papers.

Told after play, so with all eyes open, and for any place on a line. No input, no output: a debrief
is data, and `export/debrief_html.py` and `export/debrief_markdown.py` write it as a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from negsim.debrief import course, knowing, points
from negsim.debrief.facts import cited
from negsim.debrief.line import Line
from negsim.debrief.reading import Reading, holds, level_pack, readings, reported
from negsim.debrief.told import FACTS, TURNING, Debrief, Listing, Mark, Section, Table, Told
from negsim.debrief.verdicts import judging
from negsim.session import Node, Session

__all__ = [
    "FACTS",
    "TURNING",
    "Debrief",
    "Listing",
    "Mark",
    "Reading",
    "Section",
    "Table",
    "Told",
    "debrief",
    "holds",
    "level_pack",
    "readings",
    "reported",
    "with_turning",
]


def debrief(
    session: Session,
    node: Node | None = None,
    turning: Sequence[tuple[str, Sequence[str]]] = (),
) -> Debrief:
    """The debrief of the line to a place, or to where the session stands.

    `turning` are turning points that were worked out elsewhere: a step and lines on it.
    """
    line = Line(session, node or session.here)
    sections = (
        course.heading(line),
        points.items(line),
        points.open_points(line),
        knowing.publicity(line),
        points.conditions(line),
        knowing.partners(line),
        judging(line),
        points.aloud(line),
        course.record(line),
        course.turning(turning),
        course.notes(line),
    )
    facts = cited(sections, line.case.loaded)
    return Debrief(f"Debrief: {line.pack.title}", (*sections, facts))


def with_turning(told: Debrief, turning: Sequence[tuple[str, Sequence[str]]]) -> Debrief:
    """The same debrief with other turning points: they may be worked out after it is shown."""
    found = course.turning(turning)
    return replace(told, sections=tuple(found if it.id == TURNING else it for it in told.sections))
