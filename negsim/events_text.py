"""How an outside list of events was read, in words and as plain data.

Fields of the list are shown bounded, on one line, and harmless to a terminal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from negsim.errors import printable, quote
from negsim.events import Event, Reading
from negsim.pack.load import LoadedPack
from negsim.rules import Game
from negsim.text import wrap

LEGEND = (
    'How to read it: line of the list, date, who to whom, code; what the list says; "=>" the '
    "action that explains it. Explained means that in this model a legal line takes that action "
    "there, passes added; it says nothing of causes."
)


def reading_lines(loaded: LoadedPack, game: Game, reading: Reading, width: int) -> Iterator[str]:
    """The reading in words: each event with what explains it, then the failure, and how many."""
    yield from wrap(f"{loaded.pack.title}: a list of events read against {game.id}", width)
    yield ""
    yield from wrap(LEGEND, width)
    yield ""
    for row in reading.rows:
        yield from _event_lines(row.event, width)
        if row.played is None:
            yield from wrap("outside the model: no action fits it", width, "     ", "       ")
        else:
            action, passes = row.played.action, row.played.passes
            after = f" (passing before it: {', '.join(passes)})" if passes else ""
            yield from wrap(f"=> {action.id}{after}: {action.text}", width, "     ", "        ")
            if row.others:
                fits = f"fits too: {', '.join(row.others)}"
                yield from wrap(fits, width, "        ", "          ")
        yield ""
    if reading.failure is not None:
        yield from _event_lines(reading.failure.event, width)
        for action_id, reason in reading.failure.refusals.items():
            yield from wrap(f"!! {action_id} is refused: {reason}", width, "     ", "        ")
        yield from wrap("legal there, passes before them allowed:", width, "     ")
        for mover, names in reading.failure.legal.items():
            yield from wrap(f"{mover}: {', '.join(names)}", width, "       ", "         ")
        if not reading.failure.legal:
            yield from wrap("nothing", width, "       ")
        yield ""
    yield from wrap(closing(reading), width)


def _event_lines(event: Event, width: int) -> Iterator[str]:
    who = " -> ".join(quote(name)[1:-1] for name in (event.actor, event.target) if name)
    parts = (event.date, who, *(quote(it)[1:-1] for it in (event.code, event.action)))
    head = " | ".join(part for part in parts if part)
    yield from wrap(f"{event.line:>3}  {head}", width, "", "     ")
    if event.text:
        yield from wrap(quote(event.text, 240), width, "     ", "      ")


def closing(reading: Reading) -> str:
    """How many events are explained, and whether other choices would explain more."""
    outside = len(reading.rows) - reading.explained
    failed = reading.failure is not None
    counts = [f"{reading.explained} explained", f"{outside} outside the model"]
    counts += [f"1 not explained, {reading.unread} after it not read"] if failed else []
    total = len(reading.rows) + failed + reading.unread
    said = f"{total} event{'s' * (total != 1)}: {', '.join(counts)}."
    if failed and reading.complete:
        said += " No other choice of the actions that fit, and no other passes, explains more."
    elif failed:
        said += " So many choices were open that not all were tried; another may explain more."
    return said


def reading_data(loaded: LoadedPack, game: Game, reading: Reading) -> dict[str, Any]:
    """The reading as plain data; text of the list is harmless to a terminal, as in `printable`."""
    failure = reading.failure
    return {
        "pack": loaded.pack.id,
        "hash": loaded.content_hash,
        "game": game.id,
        "events": [
            {
                **_event_data(row.event),
                "explained": row.played is not None,
                "by": row.played.action.id if row.played is not None else None,
                "passes": list(row.played.passes) if row.played is not None else [],
                "others": list(row.others),
            }
            for row in reading.rows
        ],
        "failure": None
        if failure is None
        else {
            **_event_data(failure.event),
            "refusals": dict(failure.refusals),
            "legal": {mover: list(names) for mover, names in failure.legal.items()},
        },
        "explained": reading.explained,
        "outside": len(reading.rows) - reading.explained,
        "unread": reading.unread,
        "complete": reading.complete,
        "holds": reading.holds,
        "closing": closing(reading),
    }


def _event_data(event: Event) -> dict[str, Any]:
    return {
        name: printable(value) if isinstance(value, str) else value
        for name, value in asdict(event).items()
    }
