"""The papers of the line and the reported ones, side by side under each judging rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from negsim.cycle.paper import Paper
from negsim.debrief.line import Line
from negsim.debrief.points import point
from negsim.debrief.reading import Reading, readings, reported
from negsim.debrief.told import Listing, Mark, Section, Table, Told, section_of
from negsim.pack.models import Judging
from negsim.text import NOT_REPORTED

RULES: Mapping[Judging, tuple[str, str]] = {
    "all-or-nothing": (
        "All or nothing",
        "each point has to be agreed in full and without a condition; else there is no part to "
        "talk on either",
    ),
    "item-by-item": ("Item by item", "each point has to be agreed, in full or part"),
    "core-weighted": (
        "Core-weighted",
        "each core point has to be agreed, in full or part; where no point is core, each point",
    ),
}
"""The judging rules in words."""
COUNTS = "An offer under a condition counts where its author holds the condition to be met."
"""What holds under every rule (G7)."""
VERDICTS: Mapping[bool | None, tuple[str, Mark]] = {
    True: ("yes", "yes"),
    False: ("no", "no"),
    None: (NOT_REPORTED, "unknown"),
}
"""How a rule's reading is said."""


def judging(line: Line) -> Section:
    """The papers of the line and the reported ones, under each rule, per point and as a whole."""
    columns: list[_Column] = []
    told = {} if line.pack.invented else readings(line.pack, reported(line.case))
    for text in line.texts:
        paper, taken = text.paper.id, None
        if text.written:
            called = text.title if text.delivered else f"{text.title} (a draft)"
            read = readings(line.pack, text.values)[paper]
            if line.taking_up:
                taken = readings(line.pack, text.values, taken_up=True)[paper]
            columns.append(
                _Column(text.paper, Told(f"{called}, on this line", mark="line"), read, taken)
            )
        if paper in told and any(it.reported.get(paper) for it in text.paper.items.values()):
            source = Told(f"{text.paper.title}, as reported", mark="reported")
            columns.append(_Column(text.paper, source, told.pop(paper), None))
    rules = []
    for rule, (title, asks) in RULES.items():
        judged_so = [it.title for it in line.pack.exchanges.values() if it.judging == rule]
        own = f". The rule of this case for {', '.join(judged_so)}" if judged_so else ""
        rules.append(Told(asks + own, (), title))
    tables = [
        _under(line, rule, number, [it for it in columns if it.paper.demander == demander])
        for demander in dict.fromkeys(it.paper.demander for it in columns)
        for number, rule in enumerate(get_args(Judging))
    ]
    lead = (
        "How each rule reads the papers in this model: whether a point counts, whether the whole "
        f"could be accepted, and whether it leaves a part to talk on. {COUNTS}"
    )
    if line.taking_up:
        lead += (
            " A text is read for what it offers; with what was taken up, as the decisions of the "
            "model read it."
        )
    how = [Listing("The rules", tuple(rules))] if tables else []
    return section_of("judging", "The papers under three judging rules", lead, *how, *tables)


@dataclass(frozen=True, slots=True)
class _Column:
    """A paper of the line or a reported one, with its readings rule by rule."""

    paper: Paper
    title: Told
    read: tuple[Reading, ...]
    taken_up: tuple[Reading, ...] | None


def _under(line: Line, rule: Judging, number: int, columns: Sequence[_Column]) -> Table:
    """The table of one rule: a row for each point, then the papers as wholes."""
    rows = []
    for item_id in dict.fromkeys(item for it in columns for item in it.paper.items):
        cells = [_verdict(it.read[number].points, item_id, it.paper) for it in columns]
        rows.append((Told(point(line.pack.items[item_id]).text), *cells))
    rows.append((Told("The text as a whole"), *(_yes(it.read[number].whole) for it in columns)))
    rows.append((Told("A part to talk on"), *(_yes(it.read[number].part) for it in columns)))
    if line.taking_up:
        taken = [it.taken_up[number] if it.taken_up else None for it in columns]
        whole = [_yes(it.whole) if it else Told(NOT_REPORTED, mark="unknown") for it in taken]
        part = [_yes(it.part) if it else Told(NOT_REPORTED, mark="unknown") for it in taken]
        rows.append((Told("The whole, with what was taken up"), *whole))
        rows.append((Told("A part, with what was taken up"), *part))
    title = f"{RULES[rule][0]}, as {line.name(columns[0].paper.demander)} would read"
    return Table(title, (Told("Point"), *(it.title for it in columns)), tuple(rows))


def _verdict(points: Mapping[str, bool | None], item: str, paper: Paper) -> Told:
    if item in points:
        return _yes(points[item])
    return Told("not weighed" if item in paper.items else "no point of it")


def _yes(verdict: bool | None) -> Told:
    text, mark = VERDICTS[verdict]
    return Told(text, mark=mark)
