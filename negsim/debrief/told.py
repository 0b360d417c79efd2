"""What a debrief is made of: things told, in listings and tables, in sections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Mark: TypeAlias = Literal["", "line", "reported", "outside", "person", "yes", "no", "unknown"]
"""Whose words these are, or what a reading says: for colours, since the words say it too."""
FACTS = "facts"
"""The section of the facts that the others cite: each row starts with the id of one."""
TURNING = "turning"
"""The section of the turning points, which may be worked out later than the others."""


@dataclass(frozen=True, slots=True)
class Told:
    """Something said: its words, the ids of the facts it rests on, and what it is about."""

    text: str
    facts: tuple[str, ...] = ()
    label: str = ""
    mark: Mark = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; the first of a row is what the row is about."""

    title: str
    columns: tuple[Told, ...]
    rows: tuple[tuple[Told, ...], ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Things said one after the other."""

    title: str
    entries: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the debrief; without blocks where it does not apply."""

    id: str
    title: str
    lead: str
    blocks: tuple[Table | Listing, ...]


@dataclass(frozen=True, slots=True)
class Debrief:
    """Everything that is told of a line, in its order."""

    title: str
    sections: tuple[Section, ...]

    def section(self, name: str) -> Section:
        """The section of that id. Raises KeyError."""
        return {it.id: it for it in self.sections}[name]


def columns_of(*titles: str) -> tuple[Told, ...]:
    """Columns with these titles."""
    return tuple(Told(title) for title in titles)


def without_empty(table: Table) -> Table:
    """The table without its last column, where nothing stands in it."""
    if any(row[-1].text for row in table.rows):
        return table
    rows = tuple(row[:-1] for row in table.rows)
    return Table(table.title, table.columns[:-1], rows)


def section_of(name: str, title: str, lead: str, *blocks: Table | Listing) -> Section:
    """The section; without the blocks that hold nothing."""
    full = [it for it in blocks if (it.rows if isinstance(it, Table) else it.entries)]
    return Section(name, title, lead, tuple(full))
