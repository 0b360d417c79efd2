"""The bar above the table: when, where the papers stand, and who is to move."""

from __future__ import annotations

from collections.abc import Iterator

from negsim.cycle.table import capital
from negsim.engine import observation, outcome
from negsim.rules import EVERYTHING
from negsim.sitting import Sitting
from negsim.text import STAGE_ORDER, stages
from negsim.views import party_name, when


def stage_bar(sitting: Sitting, width: int) -> Iterator[str]:
    """Two lines; where not every paper has room, the least advanced stage stands for all."""
    case, here = sitting.case, sitting.here
    exchanges = sitting.pack.exchanges
    seen = {
        paper: stage
        for paper, stage in stages(
            case.game, observation(case.game, here.state, sitting.eyes)
        ).items()
        if exchanges[paper].opened_by is None or stage != "demand"
    }
    told = "; ".join(f"{exchanges[paper].title}: {stage}" for paper, stage in seen.items())
    line = f"{when(case, here)}. {capital(told)}."
    if len(line) > width and seen:
        least = min(seen.values(), key=STAGE_ORDER.index)
        line = f"{when(case, here)}. {len(seen)} papers, the least advanced: {least}."
    yield line
    yield _turn(sitting)


def _turn(sitting: Sitting) -> str:
    ended = outcome(sitting.game, sitting.here.state)
    debrief = ". d: the debrief" if sitting.sees_ahead else ""
    if ended is not None:
        return f"Ending reached: {ended.ending.title}{debrief}"
    who, eyes = sitting.mover or "", sitting.eyes
    if sitting.seat is not None:
        has = "You have" if who == sitting.seat else f"{_named(sitting, who)} has"
        seat = party_name(sitting.pack, sitting.seat)
        turn = f"{has} the turn. You sit for {seat}"
    else:
        turn = f"{_named(sitting, who)} has the turn. "
        if eyes == EVERYTHING:
            turn += "Everything is seen"
        else:
            turn += f"Seen with the eyes of {party_name(sitting.pack, eyes)}"
    if sitting.lapses and sitting.game.default_ending is not None:
        return f"{turn}. Only to pass is left: {sitting.game.default_ending.title}{debrief}"
    return f"{turn}. {'All passed.' if sitting.idle and not sitting.here.recorded else ''}"


def _named(sitting: Sitting, who: str) -> str:
    return capital(party_name(sitting.pack, who))
