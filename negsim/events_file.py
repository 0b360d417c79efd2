"""Lists of events in a file: a table with commas, read as untrusted input.

Nothing in it is evaluated; its size is bounded, and every mistake is told with its place.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from datetime import date
from difflib import get_close_matches
from io import StringIO
from pathlib import Path

from negsim.errors import InputError, Problem, printable, quote, suggestion
from negsim.events import Event
from negsim.replay import DAY, last_day
from negsim.rules import Game

COLUMNS = ("date", "actor", "action", "code", "target", "text")
"""The columns that are read, in any order; others are passed over."""
MAX_BYTES = 2 * 1024 * 1024
"""The largest list that is read, in bytes."""
MAX_EVENTS = 10_000
"""The most events that one list may hold."""
MAX_COLUMNS = 500
"""The most columns that it may have."""
MAX_FIELD = 4_000
"""The longest field that is read, in characters."""
MOST = 100
"""The most problems that are told of one list."""
_HEADER = "date,actor,code,target,text"

HELP = """\
A list of events is a table with commas (CSV) whose first line names the columns, in any order:
date, actor, action, code, target, text. A row names its action by id, or has an event code; the
keys under `match` in pack.yaml say which actions a code, an actor and a target stand for. Other
columns are passed over; rows stand in the order of their dates.

\b
  date,actor,code,target,text
  2021-12-15,Russia,10,US,"Russia presents drafts, and asks for guarantees"
  2022-01-26,US,04,Russia,The US paper is handed over
"""
"""What belongs in a list, for the help of a command; `\\b` keeps the example's lines apart."""


def load_events(path: Path, game: Game) -> list[Event]:
    """The list in a file. Raises InputError with every problem that it has, up to `MOST`.

    A list comes from strangers: it is text, read within bounds. The column of a problem counts the
    columns of the table, and its line is the one on which the row starts.
    """
    shown = printable(str(path))
    events: list[Event] = []
    problems: list[Problem] = []
    for found in _events(_text(path, shown), shown, game):
        if isinstance(found, Event):
            events.append(found)
        else:
            problems.append(found)
        if len(problems) == MOST:
            break
    if problems:
        raise InputError(problems)
    return events


def _text(path: Path, shown: str) -> str:
    """What the file holds. Raises InputError."""
    line, message = 0, ""
    try:
        if not path.exists():
            message = "there is no such file; name a file with a list of events"
        elif not path.is_file():  # a pipe or a device would be read for ever
            message = "this is no plain file; name a file with a list of events"
        else:
            with path.open("rb") as file:
                raw = file.read(MAX_BYTES + 1)
            if len(raw) <= MAX_BYTES:
                return raw.removeprefix(codecs.BOM_UTF8).decode()
            message = f"the file is larger than {MAX_BYTES // 2**20} MiB; split the list"
    except OSError as error:
        message = f"the file cannot be read ({error.strerror}); check it"
    except UnicodeDecodeError as error:
        given = error.object
        line = given[: error.start].count(b"\n") + 1
        message = f"the byte {given[error.start]:02X} is no UTF-8 text; save the file as UTF-8"
    raise InputError([Problem(shown, line, min(line, 1), message)])


def _events(text: str, shown: str, game: Game) -> Iterator[Event | Problem]:
    """The rows as events, or what is wrong with them."""
    rows = _rows(text, shown)
    first = next(rows, None)
    if first is None:
        yield Problem(shown, 1, 1, f"the file is empty; begin with a header, as in {_HEADER}")
        return
    if isinstance(first, Problem):
        yield first
        return
    header = [name.casefold() for name in first[1]]
    wrong = [Problem(shown, first[0], *it) for it in _misnamed(header)]
    if wrong:
        yield from wrong  # the rows under a wrong header would all be wrong
        return
    places = {name: header.index(name) for name in COLUMNS if name in header}
    earliest, since, count = "", 0, 0
    for row in rows:
        if isinstance(row, Problem):
            yield row
            return
        line, fields = row
        count += 1
        if count > MAX_EVENTS:
            yield Problem(shown, line, 1, f"more than {MAX_EVENTS:,} events; split the list")
            return
        if len(fields) != len(header):
            many = f"{len(fields)} field{'s' * (len(fields) != 1)}"
            message = f"the row has {many}, and the header names {len(header)}"
            yield Problem(shown, line, 1, f"{message}; put a text with commas in quotes")
            continue
        event = Event(line, **{name: fields[place] for name, place in places.items()})
        for name, message in _mistakes(event, game, earliest, since):
            yield Problem(shown, line, places[name] + 1, message)
        yield event
        days = _days(event.date)
        if days is not None and days[0] > earliest:
            earliest, since = days[0], line
    if not count:
        yield Problem(shown, first[0], 1, "no events stand under the header; add a row for each")


def _rows(text: str, shown: str) -> Iterator[tuple[int, list[str]] | Problem]:
    """The rows that are not empty, each with its first line; at last what cannot be read."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            fields = [field.strip() for field in next(reader)]
        except StopIteration:
            return
        except csv.Error:
            message = "a quoted field is not closed, or text stands after it"
            yield Problem(shown, line, 1, f"{message}; close it, and double the quotes within it")
            return
        if any(fields):
            yield line, fields


def _misnamed(header: Sequence[str]) -> Iterator[tuple[int, str]]:
    """What is wrong in a header, with the number of the column."""
    if len(header) > MAX_COLUMNS:
        yield 1, f"the header names more than {MAX_COLUMNS:,} columns; leave out what is not read"
        return
    missing = [name for name in COLUMNS if name not in header]
    for place, name in enumerate(header):
        if name in COLUMNS and name in header[:place]:
            yield place + 1, f"the column {quote(name)} stands twice; keep one"
        elif meant := get_close_matches(name, missing, 1, 0.8):
            missing.remove(meant[0])
            yield place + 1, f"unknown column {quote(name)}; did you mean {quote(meant[0])}?"
    if {"action", "code"} <= {*missing}:
        message = 'no column is called "action" or "code"'
        yield 1, f"{message}; name the columns, with commas between, as in {_HEADER}"


def _mistakes(event: Event, game: Game, earliest: str, since: int) -> Iterator[tuple[str, str]]:
    """What is wrong in a row, with the name of the column.

    `earliest` is the day that the rows so far have reached, on the line `since`.
    """
    for name in COLUMNS:
        if len(getattr(event, name)) > MAX_FIELD:
            yield name, f"the {name} has more than {MAX_FIELD:,} characters; shorten it"
    days = _days(event.date)
    if days is not None and days[1] < earliest:
        message = f"{quote(event.date)} lies before the date of line {since}"
        yield "date", f"{message}; put the rows in the order of their dates"
    if event.date and days is None:
        if DAY.fullmatch(event.date):
            yield "date", f"{quote(event.date)} is no day of the calendar; correct it"
        else:
            advice = "write a day, a month or a year, as in 2022-01-26"
            yield "date", f"{quote(event.date)} is no date; {advice}"
    if event.action and event.action not in game.by_id and event.action not in game.excluded:
        hint = (
            suggestion(event.action, game.by_id) or "; see `negsim export PACK --to json` for all"
        )
        yield "action", f"{game.id} has no action {quote(event.action)}{hint}"


def _days(written: str) -> tuple[str, str] | None:
    """The first and the last day of a day, a month or a year; None where it is none."""
    if not DAY.fullmatch(written):
        return None
    try:
        return f"{written}-01-01"[:10], date.fromisoformat(last_day(written)).isoformat()
    except ValueError:
        return None
