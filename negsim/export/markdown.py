"""What all pages of Markdown have in common: nothing that is told is read as markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from negsim.debrief import Listing, Table, Told
from negsim.errors import printable

SIGNS = re.compile(r"[\\`*_{}\[\]<>#+=|~$^&@]|(?<=\w):(?=//)|(?<=www)\.", re.IGNORECASE)
"""Signs that could mean something to Markdown wherever they stand, or make a link of an address."""
OPENING = re.compile(r"\d{1,9}(?=[.)])|(?=-)")
"""What a backslash follows at the start of a block, lest it begin a list or a line across."""


def plain(text: str) -> str:
    """The text on one line, with a backslash before whatever could be read as markup."""
    escaped = SIGNS.sub(r"\\\g<0>", printable(" ".join(text.split())))
    start = OPENING.match(escaped)
    return escaped if start is None else f"{start[0]}\\{escaped[start.end() :]}"


def listing(block: Listing) -> Iterator[str]:
    """A list of what is told."""
    for told in block.entries:
        label = f"**{plain(told.label)}:** " if told.label else ""
        yield f"- {label}{_words(told)}"


def table(block: Table) -> Iterator[str]:
    """A table of what is told."""
    yield _row(block.columns)
    yield "|" + " --- |" * len(block.columns)
    for row in block.rows:
        yield _row(row)


def _row(cells: Sequence[Told]) -> str:
    return "| " + " | ".join(_words(it) for it in cells) + " |"


def _words(told: Told) -> str:
    cited = f" ({', '.join(plain(it) for it in told.facts)})" if told.facts else ""
    return plain(told.text) + cited
