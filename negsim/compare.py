"""Two lines of one case beside each other: where they part, and what differs at their ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile, zip_longest
from typing import Any, Literal, TypeAlias

from negsim.engine import outcome
from negsim.pack.compile import level_items
from negsim.rules import EVERYTHING, Ending
from negsim.session import Case, Node
from negsim.text import wrap
from negsim.views import bookkeeping, party_name, said, saw, seen_line

Pair: TypeAlias = tuple[str, str]
"""A text of the first line, and one of the second."""
Group: TypeAlias = Literal["items", "papers", "publicity", "other"]
NO_STEP = "no further step"
"""What is said of a line that goes no further."""
ROOM = 60
"""The fewest columns in which two texts stand beside each other."""
PUBLICITY = ("publicity", "demand-public", "reply", "confidentiality")
"""What of a paper is about who knows it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A variable that two places have, or a viewpoint knows, differently; None: not known."""

    group: Group
    variable: str
    title: str
    first: str | None
    second: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The steps that two lines share, what each does after that, how their ends differ, and the
    endings they reached, if any.

    For the viewpoint everything the steps are all actions, passes too; for another, those that it
    sees.
    """

    shared: tuple[Node, ...]
    first: tuple[Node, ...]
    second: tuple[Node, ...]
    differences: tuple[Difference, ...]
    endings: tuple[Ending | None, Ending | None]

    @property
    def same(self) -> bool:
        """Whether the viewpoint cannot tell the lines apart."""
        parted = self.first or self.second or self.differences
        return not parted and self.endings[0] == self.endings[1]


def compare(case: Case, first: Node, second: Node, viewpoint: str = EVERYTHING) -> Comparison:
    """The lines to two places, which may be of two sessions of the case."""
    lines = [
        [it for it in node.line if viewpoint == EVERYTHING or saw(case, it, viewpoint)]
        for node in (first, second)
    ]
    pairs = takewhile(lambda pair: pair[0].action == pair[1].action, zip(*lines, strict=False))
    shared = len(list(pairs))
    known = [seen_line(case, node, viewpoint) for node in (first, second)]
    hidden = bookkeeping(case.game)
    return Comparison(
        tuple(lines[0][:shared]),
        tuple(lines[0][shared:]),
        tuple(lines[1][shared:]),
        tuple(
            Difference(
                _group(case, it.id),
                it.id,
                it.title or it.id,
                known[0].get(it.id),
                known[1].get(it.id),
            )
            for it in case.game.variables
            if it.id not in hidden and known[0].get(it.id) != known[1].get(it.id)
        ),
        (_ending(case, first), _ending(case, second)),
    )


def _group(case: Case, name: str) -> Group:
    paper, _, rest = name.partition(".")
    part = rest.partition(".")[0]
    if paper not in case.loaded.pack.exchanges:
        return "other"
    if part in level_items(case.loaded.pack, case.level):
        return "items"
    return "publicity" if part in PUBLICITY else "papers"


def _ending(case: Case, node: Node) -> Ending | None:
    found = outcome(case.game, node.state)
    return found.ending if found is not None else None


def compare_lines(
    case: Case,
    first: Node,
    second: Node,
    width: int,
    viewpoint: str = EVERYTHING,
    *,
    called: Pair = ("this line", "the other"),
    beside: bool = False,
) -> Iterator[str]:
    """The comparison as text: one thing after the other, or where there is room in two columns."""
    beside = beside and width >= ROOM
    found = compare(case, first, second, viewpoint)
    if viewpoint != EVERYTHING:
        yield from wrap(f"As {party_name(case.loaded.pack, viewpoint)} could see it.", width)
    if found.same:
        yield "They are the same line." if viewpoint == EVERYTHING else "They look the same."
        return
    yield from wrap(parting(case, found, called, viewpoint), width)
    yield from _after(case, found, called, width, beside)
    for title, rows in differing(case, found):
        yield from ("", title)
        for what, values in rows:
            yield from wrap(what, width, "  ", "    ")
            yield from _pair(values, called, width, beside)
    yield from ("", "Ending")
    yield from _pair(reached(found), called, width, beside)


def differing(case: Case, found: Comparison) -> Iterator[tuple[str, list[tuple[str, Pair]]]]:
    """What differs at the ends, in words, group by group: what each is about, and its values."""
    for group, title in _TITLES.items():
        told = {
            it.title: values
            for it in found.differences
            if it.group == group and (values := _values(case, it)) is not None
        }
        if told:
            yield title, list(told.items())


def reached(found: Comparison) -> Pair:
    """The endings of the two lines in words."""
    one, other = (it.title if it is not None else "none reached" for it in found.endings)
    return one, other


def _values(case: Case, it: Difference) -> Pair | None:
    """The two values in words; None where they say the same, or one is at its start and the other
    not known.
    """
    variable = case.game.variable(it.variable)
    if {it.first, it.second} == {None, variable.start}:
        return None
    values = said(it.first, variable), said(it.second, variable)
    return values if values[0] != values[1] else None


_TITLES: Mapping[Group, str] = {
    "items": "Items",
    "papers": "Papers",
    "publicity": "Publicity",
    "other": "Besides",
}


def parting(case: Case, found: Comparison, called: Pair, viewpoint: str) -> str:
    """Where the lines part, in words."""
    if not (found.first or found.second):
        return "The steps look the same."
    shared = acts(case, found.shared)
    if not shared:
        return "They part at the start."
    stops = next((it for it, more in zip(called, _both(found), strict=True) if not more), None)
    lead = "They part" if stops is None else f"They are the same to the end of {stops},"
    last = shared[-1]
    on_record = viewpoint == EVERYTHING and last.recorded
    where = f" step {last.id[1:]} of the record" if on_record else ""
    return f"{lead} after{where}: {case.game.action(last.action).text}"


def _both(found: Comparison) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    return found.first, found.second


def _after(case: Case, found: Comparison, called: Pair, width: int, beside: bool) -> Iterator[str]:
    """What is done after the lines part."""
    if not (found.first or found.second):
        return
    steps = [[_text(case, it) for it in acts(case, nodes)] or [NO_STEP] for nodes in _both(found)]
    if beside:
        for pair in (called, *zip_longest(*steps, fillvalue="")):
            yield from columns(pair, width)
        return
    for name, told in zip(called, steps, strict=True):
        yield ""
        yield from wrap(f"After that, {name}:", width)
        for step in told:
            yield from wrap(step, width, "  ", "    ")


def acts(case: Case, nodes: Sequence[Node]) -> list[Node]:
    """Those of the places to which an action led, passes left out."""
    return [node for node in nodes if not case.game.action(node.action).is_pass]


def _text(case: Case, node: Node) -> str:
    return case.game.action(node.action).text


def _pair(pair: Pair, called: Pair, width: int, beside: bool) -> list[str]:
    if beside:
        return columns(pair, width, "    ")
    return [
        line
        for name, value in zip(called, pair, strict=True)
        for line in wrap(f"{name}: {value}", width, "    ", "      ")
    ]


def columns(
    pair: Sequence[str], width: int, indent: str = "", hanging: str | None = None
) -> list[str]:
    """Two texts beside each other, as lines."""
    half = (width - 3) // 2
    follow = indent + "  " if hanging is None else hanging
    left, right = (wrap(text, half, indent, follow) for text in pair)
    rows = zip_longest(left, right, fillvalue="")
    return [f"{one:<{half}} | {other}".rstrip(" ") for one, other in rows]


def comparison_data(found: Comparison) -> dict[str, Any]:
    """The comparison for programs."""
    return {
        "shared": len(found.shared),
        "first": [node.action for node in found.first],
        "second": [node.action for node in found.second],
        "differences": [
            {
                "group": it.group,
                "variable": it.variable,
                "title": it.title,
                "first": it.first,
                "second": it.second,
            }
            for it in found.differences
        ],
        "endings": [it.id if it is not None else None for it in found.endings],
    }
