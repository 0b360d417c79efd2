"""A paper while it is drafted: a row a point, its answers beneath, and who has seen it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import DataTable

from negsim.drafting import Point, draft, shown_to
from negsim.rules import Action
from negsim.sitting import Sitting
from negsim.tui.plain import Plain, cell
from negsim.views import said

KEYS = "1234567890"
"""The keys of the answers to the marked point, in the order of the table."""


class Points(DataTable[object]):
    """The points of a paper; the arrows mark a point and, of its answers, one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "answer(-1)", "Answer before", False, id="draft.before"),
        Binding("right", "answer(1)", "Next answer", False, id="draft.next"),
        Binding(
            "enter", "take", "Write it", id="draft.take", tooltip="Write the marked answer",
        ),
        *(
            Binding(key, f"take({place})", f"Answer {key}", False, id=f"draft.answer-{key}")
            for place, key in enumerate(KEYS)
        ),
    ]  # fmt: skip

    class Answer(Message):
        """The answer before or after the marked one is to be marked."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class Take(Message):
        """The marked answer is to be written, or the one of that place."""

        def __init__(self, place: int | None) -> None:
            super().__init__()
            self.place = place

    def action_answer(self, step: int) -> None:
        """Marks another answer."""
        self.post_message(self.Answer(step))

    def action_take(self, place: int | None = None) -> None:
        """Writes an answer."""
        self.post_message(self.Take(place))

    def action_select_cursor(self) -> None:
        """A click on the marked point writes nothing."""


class Draft(Vertical):
    """The points of a paper; a digit writes the answer of that number to the marked point."""

    class Chosen(Message):
        """An answer was chosen."""

        def __init__(self, action: Action) -> None:
            super().__init__()
            self.action = action

    class Marked(Message):
        """Another point or answer is marked."""

    def __init__(self) -> None:
        super().__init__(id="draft")
        self.rows: Sequence[Point] = ()
        self._answer = 0

    def compose(self) -> ComposeResult:
        """What is drafted, the points, the answers to the marked one, who has seen the draft."""
        yield Plain(id="drafted")
        yield Points(id="points", cursor_type="row", zebra_stripes=True)
        yield Plain(id="answers")
        yield Plain(id="shown-to")

    @property
    def _room(self) -> int:
        """The columns that there are for it, also before it is shown."""
        width = self.app.size.width
        return max(44, width - 4 - (width >= 100) * 50)

    @property
    def points(self) -> Points:
        """The table of points."""
        return self.query_one(Points)

    def show(self, sitting: Sitting, paper: str) -> None:
        """Shows the paper as it is now; the marked point stays marked until it is answered."""
        before = self.marked
        self.rows = draft(sitting.session, sitting.here, paper, sitting.choices)
        table = self.points
        place = table.cursor_row
        table.clear(columns=True)
        room = self._room - 4
        for title, share in (("Point", 44), ("Said aloud so far", 28), ("The paper says", 28)):
            table.add_column(title, width=room * share // 100)
        for row in self.rows:
            aloud = f"{row.aloud} [{' '.join(row.facts)}]" if row.aloud else "-"
            cells = (row.title, aloud, row.answer or "-")
            table.add_row(*map(cell, cells), height=None)
        title = sitting.pack.exchanges[paper].title
        written = sum(bool(row.answer) for row in self.rows)
        self.query_one("#drafted", Plain).show(
            f"Draft: {title}. {written} of {len(self.rows)} points have an answer. "
            "All actions, as to deliver it: a."
        )
        told = "; ".join(shown_to(sitting.case, sitting.here, paper)) or "nobody"
        self.query_one("#shown-to", Plain).show(f"Who has seen the draft: {told}.")
        if self.rows:
            place = min(place, len(self.rows) - 1)
            row = self.rows[place]
            same = before is not None and (before.item, before.answer) == (row.item, row.answer)
            table.move_cursor(row=place if same else _next(self.rows, place))
        if before is None or self.marked is None or before.item != self.marked.item:
            self._answer = 0
        self._show_answers()

    @property
    def marked(self) -> Point | None:
        """The marked point."""
        place = self.points.cursor_row
        return self.rows[place] if 0 <= place < len(self.rows) else None

    @property
    def action(self) -> Action | None:
        """The marked answer to the marked point."""
        actions = self.marked.actions if self.marked is not None else ()
        return actions[min(self._answer, len(actions) - 1)] if actions else None

    def on_data_table_row_highlighted(self) -> None:
        """Shows the answers that the marked point may have."""
        self._answer = 0
        self._show_answers()

    def on_points_answer(self, event: Points.Answer) -> None:
        """Marks the answer before or after."""
        actions = self.marked.actions if self.marked is not None else ()
        if actions:
            self._answer = (self._answer + event.step) % len(actions)
            self._show_answers()

    def on_points_take(self, event: Points.Take) -> None:
        """Takes the marked answer, or the one of that place."""
        point, action = self.marked, self.action
        if point is None or action is None:
            return
        if event.place is not None:
            if event.place >= len(point.actions):
                return
            action = point.actions[event.place]
        self.post_message(self.Chosen(action))

    def _show_answers(self) -> None:
        point, marked = self.marked, self.action
        told = [
            f"{'>' if action is marked else ' '}{key} {short(action)}"
            for key, action in zip(KEYS, point.actions if point else (), strict=False)
        ]
        lines = [*_rows(told, self._room)]
        lines = lines or ["Nothing more can be said on it in this turn."]
        lines += [f'Reason: "{it}"' for it in (point.reasons if point else ())]
        self.query_one("#answers", Plain).show(lines)
        self.post_message(self.Marked())


def _rows(told: Sequence[str], width: int) -> Iterator[str]:
    """The answers in as few lines as have room for them, none of them broken."""
    line = ""
    for it in told:
        if line and len(line) + 2 + len(it) > width:
            yield line
            line = ""
        line = f"{line}  {it}" if line else it
    if line:
        yield line


def _next(rows: Sequence[Point], place: int) -> int:
    """The point from here on that can be answered, or else this one."""
    order = (*range(place, len(rows)), *range(place))
    open_ones = (it for it in order if any(one.kind == "answer" for one in rows[it].actions))
    return next(open_ones, place)


def short(action: Action) -> str:
    """What an answer says, in a word or two."""
    parts = action.id.split("/")
    if parts[0] == "redraft":
        return "take it back"
    return said(parts[3]) + (", only if" if parts[-1] == "only-if" else "")
