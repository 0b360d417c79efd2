"""Two lines beside each other: where they part, what each does then, and how their ends differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import ClassVar, TypeAlias

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, Screen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from negsim.compare import (
    NO_STEP,
    Pair,
    acts,
    columns,
    compare,
    differing,
    parting,
    reached,
)
from negsim.errors import quote
from negsim.replay import Frame
from negsim.rules import EVERYTHING
from negsim.session import Case, Node, Session
from negsim.sitting import Sitting
from negsim.text import fact_lines, wrap
from negsim.tui.keys import Keys
from negsim.tui.plain import content
from negsim.tui.reader import Reader, page_width
from negsim.views import marks, party_name, place, steps

LONGEST = 1_000
"""Of a longer line only so many steps are told before the parting, and after it."""
MOST = 200
"""So many ends of lines can be chosen from, the newest."""
ALONE = "There is no other line to compare with yet. Go back, try another branch, or name a place."


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A place whose line can be compared, what it is called, and where it is in words."""

    node: Node
    called: str
    where: str


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A part of the comparison: its text, and the places whose steps it tells, if it tells any."""

    text: str
    nodes: tuple[Node, ...] = ()


def ahead(sitting: Sitting, node: Node) -> bool:
    """Whether a place is in the record's future, which a seat in play is not to be shown."""
    if sitting.sees_ahead or not node.recorded:
        return False
    known = (sitting.case.trunk[0], *sitting.here.line)
    return node not in known and node.id not in sitting.session.names


def candidates(sitting: Sitting) -> list[Candidate]:
    """What can be compared: here, the record to its end, places with names, ends of lines."""
    session, record = sitting.session, sitting.case.trunk[-1]
    found = {sitting.here.id: "this line"}
    if not ahead(sitting, record):
        found.setdefault(record.id, "the record")
    for name_id, name in session.names.items():
        found.setdefault(name_id, quote(name))
    for node in _ends(session):
        found.setdefault(node.id, f"the line to {node.id}")
    nodes = session.nodes
    return [Candidate(nodes[it], said, _where(sitting, nodes[it])) for it, said in found.items()]


def _ends(session: Session) -> list[Node]:
    """The last places of lines that have left the record, the newest first."""
    newest = reversed([*session.nodes.values()])
    ends = (it for it in newest if not it.recorded and not session.children(it))
    return [*islice(ends, MOST)]


def _where(sitting: Sitting, node: Node) -> str:
    told = (it for it in marks(sitting.session, node, sitting.eyes) if not it.startswith("<-"))
    where = place(sitting.case, node, sitting.eyes)
    return "  ".join([where, *(f"[{mark}]" for mark in told)])


def compared(
    case: Case, first: Node, second: Node, called: Pair, viewpoint: str, width: int
) -> tuple[list[Line], int]:
    """The comparison, part by part, and which part tells where the lines part."""
    found = compare(case, first, second, viewpoint)
    lines = []
    if viewpoint != EVERYTHING:
        eyes = party_name(case.loaded.pack, viewpoint)
        lines += _said(f"As {eyes} could see it.", width)
    shared = acts(case, found.shared)
    if len(shared) > LONGEST:
        left_out = len(shared) - LONGEST
        lines += _said(f"{left_out:,} steps before are the same.", width)
    for number, node in [*enumerate(shared, 1)][-LONGEST:]:
        text = wrap(_text(case, node), width, f"{number:>4} = ", "       ")
        lines.append(Line("\n".join(text), (node,)))
    there = len(lines)
    if found.same:
        same = "They are the same line." if viewpoint == EVERYTHING else "They look the same."
        return [*lines, *_said(same, width)], there
    lines += _said(f"--- {parting(case, found, called, viewpoint)}", width)
    if found.first or found.second:
        heads = [f"{number}  {name}" for number, name in enumerate(called, 1)]
        lines.append(Line("\n".join(columns(heads, width))))
        pairs = [*zip_longest(acts(case, found.first), acts(case, found.second))] or [(None, None)]
        for number, pair in enumerate(pairs[:LONGEST], len(shared) + 1):
            before = pairs[number - len(shared) - 2] if number > len(shared) + 1 else None
            lines.append(_beside(case, number, pair, before, width))
        if len(pairs) > LONGEST:
            lines += _said(f"{len(pairs) - LONGEST:,} more steps.", width)
    for title, rows in differing(case, found):
        lines += _said(f"--- {title}, at the ends", width)
        for what, values in rows:
            text = [*wrap(what, width, "", "  "), *columns(values, width, "  ")]
            lines.append(Line("\n".join(text)))
    lines += _said("--- Ending", width)
    lines.append(Line("\n".join(columns(reached(found), width, "  "))))
    return lines, there


def _said(text: str, width: int) -> list[Line]:
    return [Line("\n".join(wrap(text, width, "", "    ")))]


Beside: TypeAlias = tuple[Node | None, Node | None]
"""A step of each line; None where a line goes no further."""


def _beside(case: Case, number: int, pair: Beside, before: Beside | None, width: int) -> Line:
    """A step of each line, as text; where one goes no further, that is said once."""

    def text(side: int) -> str:
        node = pair[side]
        if node is not None:
            return _text(case, node)
        return NO_STEP if before is None or before[side] is not None else ""

    told = columns((text(0), text(1)), width, f"{number:>4}   ", "       ")
    return Line("\n".join(told), tuple(it for it in pair if it is not None))


def _text(case: Case, node: Node) -> str:
    action = case.game.action(node.action)
    return action.text or action.id


def cited(case: Case, node: Node) -> tuple[str, ...]:
    """The facts behind a step: those that the record gives, or else those of the action."""
    for step in steps(case, node, EVERYTHING):
        if isinstance(step, Frame) and step.played is not None:
            return step.facts
    return case.game.action(node.action).facts


def facts_behind(case: Case, nodes: Iterable[Node], width: int) -> Iterator[str]:
    """The facts behind some steps, each step with its text."""
    for node in nodes:
        yield from wrap(_text(case, node), width)
        facts = cited(case, node)
        if not facts:
            yield from wrap("It cites no facts.", width, "  ")
        for fact in facts:
            yield from fact_lines(fact, case.loaded, width, "  ")
        yield ""


class Choose(ModalScreen[Candidate | None]):
    """A list of places; enter takes one of them, escape none."""

    CSS = """
    Choose { align: center middle; }
    Choose #choose { width: 90%; max-width: 110; height: auto; max-height: 90%; padding: 1 2;
        border: round $primary; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Back", id="choose.back", tooltip="Choose none"),
    ]

    def __init__(self, title: str, found: list[Candidate], marked: Node) -> None:
        super().__init__()
        self._title = title
        self._found = found
        self._marked = marked

    def compose(self) -> ComposeResult:
        """The places, one after the other."""
        options = (Option(content(f"{it.called}, {it.where}")) for it in self._found)
        places = OptionList(*options, id="choose", markup=False)
        places.border_title = content(self._title)
        places.border_subtitle = "enter: take it   escape: back"
        yield places

    def on_mount(self) -> None:
        """Marks the place that is chosen now."""
        nodes = [it.node for it in self._found]
        here = nodes.index(self._marked) if self._marked in nodes else 0
        self.query_one(OptionList).highlighted = here

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Takes the place."""
        self.dismiss(self._found[event.option_index])


class Ends(OptionList):
    """The two places; enter chooses another one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Choose", id="compare.end", tooltip="Choose another line"),
    ]


class Steps(OptionList):
    """The lines beside each other; enter opens the facts behind a step."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Facts", id="compare.facts", tooltip="The facts behind a step"),
    ]


class CompareScreen(Screen[None]):
    """Two lines, aligned by step, seen with the eyes of the sitting.

    Each ends at a place: here and the record's end, if no others are given; where a seat in play
    is not to be shown that, the newest other line.
    """

    CSS = """
    CompareScreen #ends { height: auto; max-height: 4; border: none; background: $panel; }
    CompareScreen #steps { height: 1fr; border: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "choose(0)", "Left line", id="compare.first", tooltip="Choose the left line"),
        Binding(
            "2", "choose(1)", "Right line", id="compare.second", tooltip="Choose the right line"
        ),
        Binding("p", "parting", "Parting", id="compare.parting", tooltip="Where the lines part"),
        Binding("escape", "app.pop_screen", "Back", id="compare.back", tooltip="Back"),
    ]

    def __init__(
        self, sitting: Sitting, first: Node | None = None, second: Node | None = None
    ) -> None:
        super().__init__()
        self._sitting = sitting
        self.chosen = [self._end(first, 0), self._end(second, 1)]
        self._lines: list[Line] = []
        self._there = 0

    def _end(self, node: Node | None, side: int) -> Candidate:
        """The place that is asked for, if it may be shown, or the one that is meant without."""
        sitting = self._sitting
        found = candidates(sitting)
        if node is not None and not ahead(sitting, node):
            other = Candidate(node, f"the line to {node.id}", _where(sitting, node))
            return next((it for it in found if it.node is node), other)
        return found[min(side, len(found) - 1)]

    def compose(self) -> ComposeResult:
        """The two ends, the lines beside each other, and what can be done."""
        yield Ends(id="ends", markup=False)
        yield Steps(id="steps", markup=False)
        yield Keys()

    def on_mount(self) -> None:
        """The arrows move along the steps at once."""
        self.query_one("#steps").focus()

    def on_resize(self) -> None:
        """Sets the lines for the width."""
        self._fill(self.query_one("#steps", OptionList).highlighted)

    def _fill(self, marked: int | None = None) -> None:
        """Compares anew; marks where the lines part, or the part that is given."""
        sitting, width = self._sitting, max(40, min(self.size.width - 4, 160))
        first, second = self.chosen
        ends = self.query_one("#ends", OptionList)
        side = ends.highlighted
        told = [
            wrap(f"{n}  {it.called}, {it.where}", width - 4) for n, it in enumerate(self.chosen, 1)
        ]
        ends.set_options(Option(content(it[0] + (" ..." if it[1:] else ""))) for it in told)
        ends.highlighted = side
        called = first.called, second.called
        self._lines, self._there = compared(
            sitting.case, first.node, second.node, called, sitting.eyes, width
        )
        if len(candidates(sitting)) == 1:
            self._lines = _said(ALONE, width)
        parts = self.query_one("#steps", OptionList)
        parts.set_options(Option(content(it.text)) for it in self._lines)
        parts.highlighted = min(self._there if marked is None else marked, len(self._lines) - 1)

    def action_choose(self, side: int) -> None:
        """Asks for the place at which one of the lines ends."""

        def take(chosen: Candidate | None) -> None:
            if chosen is not None:
                self.chosen[side] = chosen
                self._fill()

        title = f"Which line stands on the {('left', 'right')[side]}?"
        choose = Choose(title, candidates(self._sitting), self.chosen[side].node)
        self.app.push_screen(choose, take)

    def action_parting(self) -> None:
        """Goes to where the lines part."""
        steps = self.query_one("#steps", OptionList)
        steps.focus()
        steps.highlighted = min(self._there, len(self._lines) - 1)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Chooses another line, or opens the facts behind a step."""
        if event.option_list.id == "ends":
            self.action_choose(event.option_index)
            return
        nodes = self._lines[event.option_index].nodes
        if nodes:
            width = page_width(self.size.width)
            lines = facts_behind(self._sitting.case, nodes, width)
            self.app.push_screen(Reader("The facts behind this step", lines))
