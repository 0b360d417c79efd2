"""A class as Markdown: charts as the tables of their figures; nothing told is read as markup."""

from __future__ import annotations

from collections.abc import Iterator

from negsim.classroom.together import Beside, Part, Together
from negsim.debrief import Listing, Table
from negsim.export.markdown import listing, plain, table


def class_markdown(told: Together) -> str:
    """The class as a Markdown document."""
    return "\n".join(_lines(told)) + "\n"


def _lines(told: Together) -> Iterator[str]:
    yield from (f"# {plain(told.title)}", "")
    yield from listing(told.about)
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
                    yield from ("", f"#### {plain(column.title)}", "", *listing(column))
        elif isinstance(block, Listing):
            yield from ("", *listing(block))
        else:
            yield from ("", *table(block if isinstance(block, Table) else block.table))
