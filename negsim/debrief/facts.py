"""The facts that the other sections cite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from negsim.debrief.told import FACTS, Section, Table, Told, columns_of, section_of
from negsim.pack.load import LoadedPack
from negsim.text import INFERRED_NOTE, citation, cites_inferred


def _everything(sections: Iterable[Section]) -> Iterator[Told]:
    for block in (block for section in sections for block in section.blocks):
        if isinstance(block, Table):
            yield from (told for row in block.rows for told in row)
        else:
            yield from block.entries


def cited(sections: Sequence[Section], loaded: LoadedPack) -> Section:
    """The facts that the sections cite, in the order of the pack."""
    cited = {fact for told in _everything(sections) for fact in told.facts}
    rows = tuple(
        (
            Told(it),
            Told(fact.date),
            Told(fact.actor),
            Told(fact.text),
            Told(citation(it, loaded).removeprefix(f"{it} (").removesuffix(")")),
        )
        for it, fact in loaded.facts.facts.items()
        if it in cited
    )
    lead = "In our own words. A claim is what somebody says, and no more."
    if cites_inferred(cited, loaded):
        lead += f" {INFERRED_NOTE}"
    columns = columns_of("Fact", "Date", "Who", "What", "Kind and outlets")
    return section_of(FACTS, "The facts cited", lead, Table("", columns, rows))
