"""A class as Markdown: charts as the tables of their figures; nothing told is read as markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from negsim.classroom.together import Beside, Part, Together
from negsim.debrief import Listing, Table, Told
from negsim.export.debrief_markdown import plain


def class_markdown(told: Together) -> str:
    """The class as a Markdown document."""
    return "\n".join(_lines(told)) + "\n"


def _lines(told: Together) -> Iterator[str]:
    yield from (f"# {plain(told.title)}", "")
    yield from _listing(told.about)
    for part in told.parts:
        if part.blocks:
            yield from _part(part)


def _part(part: Part) -> Iterator[str]:
    yield from ("", f"## {plain(part.title)}")
    if part.lead:
        yield from ("", plain(part.lead))
    for block in part.blocks:
        if block.title:
            yield from ("", f"### {plain(block.title)}")
        if isinstance(block, Beside):
            for column in block.columns:
                if column.entries:
                    yield from ("", f"#### {plain(column.title)}", "", *_listing(column))
        elif isinstance(block, Listing):
            yield from ("", *_listing(block))
        else:
            yield from ("", *_table(block if isinstance(block, Table) else block.table))


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
