"""A section as rows of plain text of a width, for a screen: tables as columns where they fit."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal, TypeAlias

from negsim.debrief.told import FACTS, Listing, Mark, Section, Table, Told
from negsim.errors import printable
from negsim.text import wrap

Role: TypeAlias = Literal["lead", "title", "head", "entry"]
"""What a row is: what introduces a section, the title of a block, its columns, or what is told."""

SIGNS: Mapping[Mark, tuple[str, str]] = {
    "line": (">", "this line"),
    "reported": ("=", "reported"),
    "person": ('"', "the players' words"),
    "outside": ("*", "outside the record"),
    "yes": ("+", "yes"),
    "no": ("-", "no"),
    "unknown": ("?", "not reported"),
}
"""The sign before what has a mark, and what it stands for."""
GAP = 2
"""So many columns are left free between two of a table."""
ENOUGH = 11
"""A column needs no more than this, but for a longer word."""
LONGEST = 18
"""No word makes a column wider than this."""
TALLEST = 7
"""A table with a row of more lines is told one block a row instead."""


@dataclass(frozen=True, slots=True)
class Row:
    """Lines that belong together: what they are, what is told in them in full, and their facts."""

    role: Role
    lines: tuple[str, ...]
    told: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


def section_rows(section: Section, width: int) -> Iterator[Row]:
    """A section, its signs explained."""
    used = {told.mark for block in section.blocks for told in _everything(block)}
    lead = wrap(section.lead, width) if section.lead else []
    lead += _signs([mark for mark in SIGNS if mark in used], width)
    if lead:
        yield Row("lead", tuple(lead))
    for block in section.blocks:
        yield Row("title", ("", *wrap(_plain(block.title), width)) if block.title else ("",))
        if isinstance(block, Listing):
            yield from _listing(block, width)
        else:
            yield from _table(block, width, cites_itself=section.id == FACTS)


def _signs(marks: Sequence[Mark], width: int) -> list[str]:
    """What the signs of these marks stand for; no line ends between a sign and that."""
    told = [" ".join(SIGNS[mark]).replace(" ", "\0") for mark in marks]
    lines = textwrap.wrap(f"Signs:  {'   '.join(told)}", width, subsequent_indent=" " * 8)
    return [line.replace("\0", " ") for line in lines] if told else []


def kept(rows: Sequence[Row], top: int) -> range:
    """Which lines, counted from 0, are kept in sight where that line is the first in sight: those
    of the head of its table, as long as more of the table follows than they take."""
    head, end, line = range(0), 0, 0
    for row in rows:
        if row.role != "entry":
            if line > top:
                break
            head = range(line, line + len(row.lines)) if row.role == "head" else range(0)
        line += len(row.lines)
        end = line
    return head if head and head.stop <= top < end - len(head) else range(0)


def _everything(block: Table | Listing) -> Iterator[Told]:
    if isinstance(block, Listing):
        yield from block.entries
    else:
        yield from block.columns
        for row in block.rows:
            yield from row


def _listing(listing: Listing, width: int) -> Iterator[Row]:
    signed = any(it.mark for it in listing.entries)
    for told in listing.entries:
        text = f"{_plain(told.label)}: {_words(told)}" if told.label else _words(told)
        lead = f"{_sign(told)} " if signed else ""
        lines = wrap(text, width, lead, " " * len(lead) + "  ")
        yield Row("entry", tuple(lines), (text,), told.facts)


def _table(table: Table, width: int, *, cites_itself: bool) -> Iterator[Row]:
    columns = [_signed(it) for it in table.columns]
    cells = [[_signed(it) for it in row] for row in table.rows]
    widths = fitting([columns, *cells], width)
    shown = [_beside(row, widths) for row in (columns, *cells)] if widths else []
    if widths and max(map(len, shown)) <= TALLEST:
        rule = (" " * GAP).join("-" * it for it in widths)
        yield Row("head", (*shown.pop(0), rule))
    else:
        shown = [_beneath(table.columns, row, width) for row in table.rows]
    for row, lines in zip(table.rows, shown, strict=True):
        told = [_under(head, it) for head, it in zip(table.columns, row, strict=True)]
        facts = [fact for it in row for fact in it.facts]
        facts += [row[0].text] if cites_itself else []
        yield Row("entry", tuple(lines), tuple(told), tuple(dict.fromkeys(facts)))


def fitting(rows: Sequence[Sequence[str]], width: int) -> list[int] | None:
    """The widths of the columns of a table, its head first; None where they would be too narrow.

    Each has enough at first, and for a head of three or four lines; what is left goes to what the
    rows hold, and then to the head.
    """
    if any(_is_wide(text) for row in rows for text in row):
        return None
    columns = [*zip(*rows, strict=True)]
    held = [max(map(len, column[1:]), default=1) for column in columns]
    widths = [
        max(min(most, ENOUGH), min(max(len(column[0]) // 3 + 2, *map(_longest, column)), LONGEST))
        for most, column in zip(held, columns, strict=True)
    ]
    left = width - sum(widths) - GAP * (len(widths) - 1)
    if left < 0:
        return None
    for wanted in (held, [max(map(len, column)) for column in columns]):
        while left and (more := [it for it, most in enumerate(wanted) if widths[it] < most]):
            widths[max(more, key=lambda it: wanted[it] / widths[it])] += 1
            left -= 1
    return widths


def _longest(text: str) -> int:
    """The letters of the longest word, with the two before it that set a line in."""
    return max((len(word) + 2 for word in text.split()), default=0)


def _is_wide(text: str) -> bool:
    """Whether the letters do not stand one a column, so that nothing would stand under anything."""
    return not text.isascii() and any(
        unicodedata.east_asian_width(char) in "WF" or unicodedata.combining(char) for char in text
    )


def _beside(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    """The cells of a row, each in its column."""
    columns = [_cell(cell, width) for cell, width in zip(cells, widths, strict=True)]
    gap = " " * GAP
    return [
        gap.join(f"{line:<{width}}" for line, width in zip(lines, widths, strict=True)).rstrip()
        for lines in zip_longest(*columns, fillvalue="")
    ]


def _cell(text: str, width: int) -> list[str]:
    """The lines of a cell."""
    return textwrap.wrap(text, width, subsequent_indent="  ", break_on_hyphens=False) or [""]


def _beneath(columns: Sequence[Told], row: Sequence[Told], width: int) -> list[str]:
    """The cells of a row one beneath the other, each with the title of its column."""
    first, *rest = row
    lines = wrap(_signed(first), width, "", "  ")
    for head, told in zip(columns[1:], rest, strict=True):
        lines += wrap(f"{_sign(told)} {_under(head, told)}", width, "    ", "        ")
    return lines


def _under(head: Told, told: Told) -> str:
    return f"{_plain(head.text)}: {_words(told)}"


def _signed(told: Told) -> str:
    """The words with the sign before them."""
    return f"{_sign(told)} {_words(told)}" if told.mark else _words(told)


def _sign(told: Told) -> str:
    return SIGNS[told.mark][0] if told.mark else " "


def _words(told: Told) -> str:
    cited = f" ({', '.join(map(_plain, told.facts))})" if told.facts else ""
    return _plain(told.text) + cited


def _plain(text: str) -> str:
    """The text on one line, with whatever a reader could not see written as an escape."""
    return printable(" ".join(text.split()))
