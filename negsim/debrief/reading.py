"""How the judging rules read a paper, of a line or as it is reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias, get_args

from negsim.cycle.judging import acceptable, talks_worth, wanted, weighed
from negsim.cycle.paper import Paper, both
from negsim.cycle.table import Table
from negsim.engine import values
from negsim.pack.compile import FULL, at_level
from negsim.pack.models import Judging, Kind, Pack
from negsim.rules import All, AnyOf, AtLeast, Condition, Is, Not
from negsim.session import Case

Known: TypeAlias = Mapping[str, str | None]
"""Values by variable; None: not reported."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a judging rule reads a paper: yes, no, or None where it turns on what is not reported.

    `points` says of each item that the rule weighs whether it counts; `whole`, whether the paper
    could be accepted as a whole; `part`, whether it leaves a part to talk on.
    """

    rule: Judging
    points: Mapping[str, bool | None]
    whole: bool | None
    part: bool | None


def readings(pack: Pack, known: Known, *, taken_up: bool = False) -> dict[str, tuple[Reading, ...]]:
    """How each judging rule reads each paper of a pack that is cut to its level, by paper.

    What the texts say is read, as if everything in them were taken up and nothing tied together;
    or, with `taken_up`, what was taken up counts, as it does in the decisions of the model.
    """
    texts = _as_texts(pack)
    known = {**{name: "no" for paper in texts for name in _flags(paper)}, **known}
    papers = papers_of(pack) if taken_up else texts
    return {
        paper.id: tuple(
            Reading(
                rule,
                {
                    item: holds(both(wanted(paper, item, rule, papers)), known)
                    for item in weighed(text, rule)
                },
                holds(acceptable(paper, rule, papers), known),
                holds(talks_worth(paper, rule, papers), known),
            )
            for rule in get_args(Judging)
        )
        for paper, text in zip(papers, texts, strict=True)
    }


def reported(case: Case) -> dict[str, str | None]:
    """The papers as they are reported, with where the record leaves everything else."""
    known: dict[str, str | None] = dict(values(case.game, case.trunk[-1].state))
    for paper in _as_texts(level_pack(case)):
        for item_id, item in paper.items.items():
            cell = item.reported.get(paper.id)
            known[paper.name(item_id)] = cell.answer if cell else None
            hangs = paper.hangs(item_id)
            if hangs is not None:
                known[hangs] = ("yes" if cell.only_if else "no") if cell else None
    return {name: None if value == "unjudged" else value for name, value in known.items()}


def holds(condition: Condition, known: Known) -> bool | None:
    """Whether the condition holds; None where that turns on what is not known."""
    match condition:
        case Is(variable, allowed):
            value = known.get(variable)
            return None if value is None else value in allowed
        case Not(part):
            inner = holds(part, known)
            return None if inner is None else not inner
        case All(parts):
            needed = len(parts)
        case AnyOf(parts):
            needed = 1
        case AtLeast(needed, parts):
            pass
    found = [holds(part, known) for part in parts]
    if found.count(True) >= needed:
        return True
    return None if len(found) - found.count(False) >= needed else False


def level_pack(case: Case) -> Pack:
    """The pack as it is played at the case's level."""
    pack = case.loaded.pack
    return pack if case.level == FULL else at_level(pack, pack.levels[case.level])


def papers_of(pack: Pack) -> list[Paper]:
    """The papers of a pack, as the procedure has them."""
    table = Table(pack)
    return [Paper(table, name, exchange) for name, exchange in pack.exchanges.items()]


def _as_texts(pack: Pack) -> list[Paper]:
    """The papers where any answer can stand and nothing is taken up: what is read is the text."""
    exchanges = {it: pack.exchanges[it].model_copy(update={"answers": {}}) for it in pack.exchanges}
    table = Table(pack)
    kinds = [kind for kind in get_args(Kind) if kind != "take-up" and table.has(kind)]
    parts = {"kinds": kinds, "procedures": {}, "exchanges": exchanges}
    return papers_of(pack.model_copy(update=parts))


def _flags(paper: Paper) -> list[str]:
    """The variables that say of offers whether they carry a condition."""
    return [name for item in paper.items if (name := paper.hangs(item)) is not None]
