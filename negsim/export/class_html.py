"""A class as one HTML page to project: no script, nothing fetched, charts as inline SVG.

Whatever is told goes through the template's escaping; tags are the template's alone. Here charts
are only laid out: where each bar, line and word stands. What a chart shows stands in a table too,
and no colour says anything alone: each has a pattern, and words beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count
from textwrap import wrap

from jinja2 import Template

from negsim.classroom.together import Bars, Beside, Stacks, Together, Tree
from negsim.debrief import FACTS, Listing, Table
from negsim.export.page import plain, template

WIDE = 640
"""The width of charts, in units of a sixteenth of a letter's height."""
LETTER = 9.0
"""The width of a letter."""
LABEL = 250
"""The width for the labels of bars."""
LINE = 20
"""The height of a line of text."""
BROAD, BESIDE = 1100, 300
"""The width of charts that have the whole page; and in it of what is reported."""
INDENT = 24
"""How far a branch is set in below the one that it follows."""
DEEPEST = 14
"""A branch is set in no further than this."""
CODES = {
    "no answer": "-",
    "refused": "R",
    "left out": "L",
    "another offer": "O",
    "talks offered": "T",
    "agreed in part": "P",
    "agreed": "A",
}
"""What stands in the parts of a bar."""
ENOUGH, NARROW = 38, 16
"""A part that is so wide has its code and its number; so wide, its code."""


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text and where it stands."""

    x: float
    y: float
    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A bar, or a part of one; `kind` says how it is filled."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Link:
    """What leads from a branch to one that follows it."""

    path: str
    width: float
    kind: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart as it is laid out."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    words: tuple[Words, ...]
    links: tuple[Link, ...] = ()


def class_html(told: Together) -> str:
    """The class as an HTML document."""
    return _template().render(told=told, numbers=count(1))


def bars(chart: Bars) -> Drawing:
    """A bar for each thing, with its number and what else is to be said after it."""
    boxes: list[Box] = []
    words: list[Words] = []
    y, room = 4.0, WIDE - LABEL - 150
    for it in chart.bars:
        lines = [*_cut(it.label.text, LABEL, 2)]
        words += _lines(2, y, lines)
        width = room * it.count / chart.of if chart.of else 0
        kind = {"right": "right", "the record": "record"}.get(it.sign, "plain")
        boxes.append(Box(LABEL + 8, y + 1, max(width, 1), 22, kind))
        said = f"{it.count}" + (f", {it.sign}" if it.sign else "")
        words.append(Words(LABEL + 16 + max(width, 1), y + 17, said, "strong"))
        y += LINE * len(lines) + 10
    return Drawing(WIDE, int(y), tuple(boxes), tuple(words))


def stacks(chart: Stacks) -> Drawing:
    """A bar for each point, its parts in the order of the answers, with a code in each; and what
    is reported beside it."""
    boxes: list[Box] = []
    words: list[Words] = []
    x, y = 0.0, 4.0
    for kind in chart.kinds:
        said = f"{_code(kind)} {kind}"
        boxes.append(Box(x, y, 26, 18, _fill(kind)))
        words.append(Words(x + 34, y + 15, said))
        x += 34 + LETTER * len(said) + 26
    y += 30
    words.append(Words(BROAD - BESIDE + 16, y + 12, f"{chart.record}:", "strong"))
    y += 22
    room = BROAD - LABEL - 8 - BESIDE
    for row in chart.rows:
        lines = [*_cut(row.label.text, LABEL, 2)]
        told = [*_cut(row.record.text, BESIDE - 16, 2)]
        words += _lines(2, y, lines)
        words += _lines(BROAD - BESIDE + 16, y, told)
        x = LABEL + 8.0
        for kind, number in zip(chart.kinds, row.counts, strict=True):
            width = room * number / chart.of if chart.of else 0.0
            if not number:
                continue
            boxes.append(Box(x, y, width, 24, _fill(kind)))
            said = _code(kind) if width < ENOUGH else f"{_code(kind)} {number}"
            if width >= NARROW:
                middle, wide = x + width / 2, LETTER * len(said) + 6
                boxes.append(Box(middle - wide / 2, y + 4, wide, 16, "ground"))
                words.append(Words(middle, y + 17, said, "middle"))
            x += width
        y += LINE * max(len(lines), len(told)) + 12
    return Drawing(BROAD, int(y), tuple(boxes), tuple(words))


def _code(kind: str) -> str:
    return CODES.get(kind, kind[:1])


def _fill(kind: str) -> str:
    return f"k{[*CODES].index(kind) if kind in CODES else 0}"


def _lines(x: float, y: float, lines: Iterable[str]) -> list[Words]:
    return [Words(x, y + 16 + LINE * number, line) for number, line in enumerate(lines)]


def tree(chart: Tree) -> Drawing:
    """A row for each branch, set in below the one that it follows; thick where many took it."""
    words: list[Words] = []
    links: list[Link] = []
    boxes: list[Box] = []
    at: dict[int, float] = {}
    y = 6.0
    for number, it in enumerate(chart.branches, 1):
        depth = min(it.depth, DEEPEST)
        x = 10 + INDENT * depth
        said = f" ({it.said})" if it.said else ""
        label = f"{number}.  {it.count} of {chart.of}: {it.text}"
        lines = [*_cut(label, BROAD - x - 24 - LETTER * len(said), 2)]
        lines[-1] += said
        thick = 2 + 12 * it.count / chart.of if chart.of else 2.0
        kind = "rest" if it.rest else "record" if it.recorded else "plain"
        top = at.get(depth - 1, y) if depth else y
        if depth:
            links.append(Link(f"M {x - INDENT + 4:g} {top:g} V {y + 10:g} H {x:g}", thick, kind))
        boxes.append(Box(x, y + 10 - thick / 2 - 2, 10, thick + 4, f"{kind}-end"))
        words += _lines(x + 18, y - 1, lines)
        at[depth] = y + 14
        y += LINE * len(lines) + 10
    return Drawing(BROAD, int(y), tuple(boxes), tuple(words), tuple(links))


def _cut(text: str, width: float, most: int) -> Iterator[str]:
    """The text on at most so many lines; what does not fit is cut off, and stands in the table."""
    letters = max(8, int(width / LETTER))
    lines = wrap(plain(text), letters, break_on_hyphens=False) or [""]
    if len(lines) > most:
        last = lines[most - 1][: letters - 3]
        lines[most - 1] = (last if " " not in last else last.rsplit(" ", 1)[0]) + " ..."
    yield from lines[:most]


@cache
def _template() -> Template:
    return template(
        "class.html.jinja",
        {"bars": bars, "stacks": stacks, "tree": tree, "first_of": next},
        {"listing": Listing, "tabular": Table, "bars": Bars, "stacks": Stacks, "tree": Tree}
        | {"beside": Beside},
        FACTS=FACTS,
    )
