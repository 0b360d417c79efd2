"""What is told of a class: charts and columns beside the tables and listings of a debrief.

Every chart holds whole numbers, and gives them as a table too: whoever does not see the picture
reads the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from negsim.debrief import Listing, Table, Told
from negsim.debrief.told import Mark, columns_of

SIGNS: Mapping[str, Mark] = {"right": "yes", "the record": "reported"}
"""How the signs of bars are marked."""


@dataclass(frozen=True, slots=True)
class Bar:
    """How many did a thing; `sign` is what else is to be said of it: `right`, `the record`."""

    label: Told
    count: int
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar for each thing, out of so many; the first column is called `what`."""

    title: str
    what: str
    of: int
    bars: tuple[Bar, ...]

    @property
    def table(self) -> Table:
        """The figures."""
        signed = any(it.sign for it in self.bars)
        columns = columns_of(self.what, f"Of {self.of}", "Share", *(["Sign"] if signed else ()))
        rows = tuple(
            (it.label, Told(str(it.count)), Told(share(it.count, self.of)), *_sign(it, signed))
            for it in self.bars
        )
        return Table(self.title, columns, rows)

    @property
    def summary(self) -> str:
        """The picture in words."""
        told = [f"{it.label.text}: {it.count}" for it in self.bars if it.count]
        return f"Out of {self.of}. {'; '.join(told) or 'Nobody'}."


def _sign(bar: Bar, signed: bool) -> list[Told]:
    return [Told(bar.sign, mark=SIGNS.get(bar.sign, ""))] if signed else []


@dataclass(frozen=True, slots=True)
class Stack:
    """One point: how many gave each kind of answer, how many of those under a condition, and what
    is reported of it."""

    label: Told
    counts: tuple[int, ...]
    hanging: int
    record: Told


@dataclass(frozen=True, slots=True)
class Stacks:
    """A bar for each point, cut into the answers that were given; `record` heads what is
    reported."""

    title: str
    of: int
    kinds: tuple[str, ...]
    rows: tuple[Stack, ...]
    record: str

    @property
    def table(self) -> Table:
        """The figures."""
        hangs = any(it.hanging for it in self.rows)
        columns = columns_of("Point", *self.kinds, *(["under a condition"] if hangs else ()))
        rows = tuple(
            (
                it.label,
                *(Told(str(count)) for count in it.counts),
                *([Told(str(it.hanging))] if hangs else ()),
                it.record,
            )
            for it in self.rows
        )
        return Table(self.title, (*columns, Told(self.record, mark="reported")), rows)

    @property
    def summary(self) -> str:
        """The picture in words."""
        told = []
        for it in self.rows:
            pairs = zip(self.kinds, it.counts, strict=True)
            told.append(f"{it.label.text}: {', '.join(f'{k} {n}' for k, n in pairs if n)}")
        return f"{self.of} papers. {'; '.join(told)}."


@dataclass(frozen=True, slots=True)
class Branch:
    """Steps that were taken one after the other by the same number, `depth` branchings deep.

    `left` of them left the record with the first of these steps; `rest` says that it stands for
    several branches that are not drawn.
    """

    text: str
    count: int
    depth: int
    recorded: bool = False
    left: int = 0
    rest: bool = False

    @property
    def said(self) -> str:
        """Where it stands to the record, in words."""
        if self.recorded:
            return "on the record"
        return f"{self.left} left the record here" if self.left else ""


@dataclass(frozen=True, slots=True)
class Tree:
    """The branches that were taken, each before those that follow it."""

    title: str
    of: int
    branches: tuple[Branch, ...]

    @property
    def table(self) -> Table:
        """The figures; branches are numbered, and each names the one that it follows."""
        rows, above = [], dict[int, int]()
        for number, it in enumerate(self.branches, 1):
            above[it.depth] = number
            follows = str(above[it.depth - 1]) if it.depth else ""
            cells = (str(number), follows, it.text, str(it.count), it.said)
            rows.append(tuple(Told(cell) for cell in cells))
        columns = columns_of("No.", "Follows", "Steps", f"Of {self.of}", "Beside the record")
        return Table(self.title, columns, tuple(rows))

    @property
    def summary(self) -> str:
        """The picture in words."""
        left = sum(it.left for it in self.branches)
        return f"{len(self.branches)} branches, taken by {self.of}. {left} left the record."


@dataclass(frozen=True, slots=True)
class Beside:
    """Listings that stand beside each other."""

    title: str
    columns: tuple[Listing, ...]


Chart: TypeAlias = Bars | Stacks | Tree
Block: TypeAlias = Table | Listing | Chart | Beside


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what is told; without blocks where it does not apply."""

    id: str
    title: str
    lead: str
    blocks: tuple[Block, ...]

    @property
    def plain(self) -> Iterator[Table | Listing]:
        """Its blocks as tables and listings alone."""
        for block in self.blocks:
            if isinstance(block, Beside):
                yield from block.columns
            elif isinstance(block, Table | Listing):
                yield block
            else:
                yield block.table


@dataclass(frozen=True, slots=True)
class Together:
    """Everything that is told of a class, in its order."""

    title: str
    about: Listing
    parts: tuple[Part, ...]

    def part(self, name: str) -> Part:
        """The part of that id. Raises KeyError."""
        return {it.id: it for it in self.parts}[name]


def part_of(name: str, title: str, lead: str, *blocks: Block) -> Part:
    """The part; without the blocks that hold nothing."""
    return Part(name, title, lead, tuple(it for it in blocks if _holds(it)))


def _holds(block: Block) -> bool:
    match block:
        case Table() | Stacks():
            return bool(block.rows)
        case Listing():
            return bool(block.entries)
        case Bars():
            return bool(block.of and block.bars)
        case Tree():
            return bool(block.branches)
        case Beside():
            return any(it.entries for it in block.columns)


def share(count: int, of: int) -> str:
    """A share in whole hundredths."""
    return f"{(200 * count + of) // (2 * of)} %" if of else "none"


def as_data(told: Together) -> dict[str, Any]:
    """The same for programs: parts in their order, each block with its kind."""
    return {
        "title": told.title,
        "about": asdict(told.about)["entries"],
        "parts": [
            {
                "id": part.id,
                "title": part.title,
                "lead": part.lead,
                "blocks": [{"kind": type(it).__name__.lower(), **asdict(it)} for it in part.blocks],
            }
            for part in told.parts
            if part.blocks
        ],
    }
