"""A debrief as Markdown: headings, lists and tables; what it tells is never read as markup."""

from __future__ import annotations

from collections.abc import Iterator

from negsim.debrief import Debrief, Section, Table
from negsim.export.markdown import listing, plain, table


def debrief_markdown(debrief: Debrief) -> str:
    """The debrief as a Markdown document."""
    return "\n".join(_lines(debrief)) + "\n"


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
        yield from table(block) if isinstance(block, Table) else listing(block)
