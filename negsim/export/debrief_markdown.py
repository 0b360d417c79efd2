"""A debrief as Markdown: headings, lists and tables; what it tells is never read as markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from negsim.debrief import Debrief, Listing, Section, Table, Told
from negsim.errors import printable

SIGNS = re.compile(r"[\\`*_{}\[\]<>#+=|~$^&@]|(?<=\w):(?=//)|(?<=www)\.", re.IGNORECASE)
"""Signs that could mean something to Markdown wherever they stand, or make a link of an address."""
OPENING = re.compile(r"\d{1,9}(?=[.)])|(?=-)")
"""What a backslash follows at the start of a block, lest it begin a list or a line across."""


def debrief_markdown(debrief: Debrief) -> str:
    """The debrief as a Markdown document."""
    return "\n".join(_lines(debrief)) + "\n"


def plain(text: str) -> str:
    """The text on one line, with a backslash before whatever could be read as markup."""
    escaped = SIGNS.sub(r"\\\g<0>", printable(" ".join(text.split())))
    start = OPENING.match(escaped)
    return escaped if start is None else f"{start[0]}\\{escaped[start.end() :]}"


def _lines(debrief: Debrief) -> Iterator[str]:
    yield f"# {plain(debrief.title)}"
    for section in debrief.sections:
        if section.blocks:
            yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    yield from ("", f"## {plain(section.title)}")
    if section.lead:
        yield from ("", plain(section.lead))
    for block in section.blocks:
        if block.title:
            yield from ("", f"### {plain(block.title)}")
        yield ""
        yield from _table(block) if isinstance(block, Table) else _listing(block)


def _listing(listing: Listing) -> Iterator[str]:
    for told in listing.entries:
        label = f"**{plain(told.label)}:** " if told.label else ""
        yield f"- {label}{_words(told)}"


def _table(table: Table) -> Iterator[str]:
    yield _row(table.columns)
    yield "|" + " --- |" * len(table.columns)
    for row in table.rows:
        yield _row(row)


def _row(cells: Sequence[Told]) -> str:
    return "| " + " | ".join(_words(it) for it in cells) + " |"


def _words(told: Told) -> str:
    cited = f" ({', '.join(plain(it) for it in told.facts)})" if told.facts else ""
    return plain(told.text) + cited
