"""The items beside the papers: what each paper says on each, as far as it is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import DataTable

from negsim.cycle.table import capital, words
from negsim.pack.compile import level_items
from negsim.pack.models import Item
from negsim.pack.references import ALOUD
from negsim.sitting import Sitting
from negsim.tui.plain import cell
from negsim.views import opened, said

SIGNS: Mapping[str | None, str] = {
    None: "?",
    "none": ".",
    "rejected": "x",
    "silent": "-",
    "counter": "<>",
    "talks": "o",
    "accepted-in-part": "(+)",
    "accepted": "+",
}
"""A sign beside the words of an answer; what a gist tells has none."""


class Items(DataTable[object]):
    """Rows of items, columns of papers; enter opens what is known of an item, with its facts."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select_cursor", "Facts", id="items.facts", tooltip="The facts of it"),
    ]

    class Cited(Message):
        """An item is asked about."""

        def __init__(self, title: str, lines: list[str], facts: tuple[str, ...]) -> None:
            super().__init__()
            self.title = title
            self.lines = lines
            self.facts = facts

    def __init__(self) -> None:
        super().__init__(id="item-table", cursor_type="row", zebra_stripes=True)
        self._sitting: Sitting | None = None
        self._items: list[tuple[str, Item]] = []

    def show(self, sitting: Sitting) -> None:
        """Shows what the eyes know."""
        self._sitting = sitting
        known, exchanges = sitting.known, sitting.pack.exchanges
        papers = [paper for paper, _ in opened(sitting.pack, known)]
        marked = self.cursor_row
        self.clear(columns=True)
        room = max(50, self.app.size.width - 4 - 2 * (len(papers) + 1))
        first = min(40, room * 40 // 100)
        self.add_column("Item", width=first)
        for paper in papers:
            self.add_column(
                cell(capital(exchanges[paper].title)), width=(room - first) // len(papers)
            )
        items = level_items(sitting.pack, sitting.case.level)
        game = sitting.game
        self._items = [
            (item_id, item)
            for item_id, item in items.items()
            if any(f"{paper}.{item_id}" in game.position for paper in papers)
        ]
        for item_id, item in self._items:
            cells = [_cell(sitting, known, paper, item_id) for paper in papers]
            core = " (core)" if item.priority == "core" else ""
            self.add_row(*map(cell, (item.title + core, *cells)), height=None)
        if self._items:
            self.move_cursor(row=min(marked, len(self._items) - 1))

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Asks for the facts of an item."""
        event.stop()
        if self._sitting is not None and 0 <= event.cursor_row < len(self._items):
            item_id, item = self._items[event.cursor_row]
            lines, facts = about(self._sitting, item_id, item)
            self.post_message(self.Cited(item.title, lines, facts))


def _cell(sitting: Sitting, known: Mapping[str, str], paper: str, item: str) -> str:
    name = f"{paper}.{item}"
    if name not in sitting.game.position:
        return ""
    answer = known.get(name)
    text = {None: "not known", "none": "no answer yet"}.get(answer) or said(answer)
    condition = ", only if" if known.get(f"{name}.only-if") == "yes" else ""
    became = known.get(f"{name}.outcome", "pending")
    after = "" if became == "pending" else f"; {words(became)}"
    return f"{SIGNS.get(answer, '')} {text}{condition}{after}".strip()


def about(sitting: Sitting, item_id: str, item: Item) -> tuple[list[str], tuple[str, ...]]:
    """What is known of an item, and its facts.

    A seat is shown no reported answer that its line has not come to: it could be its own.
    """
    pack, known = sitting.pack, sitting.known
    lines = [f"Priority for who demands it: {item.priority}."]
    for paper, exchange in opened(pack, known):
        if text := _cell(sitting, known, paper, item_id):
            lines.append(f"{capital(exchange.title)}: {text}")
    if item.only_if is not None:
        lines.append(f"An offer on it may hang on: {pack.conditions[item.only_if].title}.")
    for link in pack.links.values():
        if item_id in link.items:
            tied = ", ".join(pack.items[it].title for it in link.items if it != item_id)
            lines.append(f"Linked with: {tied}.")
    facts = [*item.facts]
    if sitting.sees_ahead:
        facts += [fact for it in item.reported.values() for fact in it.facts]
        if (aloud := item.reported.get(ALOUD)) is not None:
            lines.append(f"Reported as said aloud: {said(aloud.answer)}.")
    return [*lines, ""], tuple(dict.fromkeys(facts))
