"""`negsim replay`: the record of a pack, a script, or an outside list of events, step by step."""

from __future__ import annotations

import re
from datetime import date
from inspect import cleandoc
from os.path import isdir
from pathlib import Path
from typing import Any

import click

from negsim.cli.output import (
    json_option,
    memory_option,
    show,
    show_json,
    width,
    worked_out,
    write_text,
)
from negsim.errors import UnknownNameError, quote
from negsim.events_file import HELP as EVENTS
from negsim.events_file import load_events
from negsim.pack.catalogue import find_pack
from negsim.pack.compile import FULL
from negsim.pack.load import LoadedPack, load_pack
from negsim.replay import Frame, knowledge, last_day, last_days, point_of, sees, tell
from negsim.rules import EVERYTHING, Game
from negsim.text import closing, learned, replay_lines, stage_changes

DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)


def _date(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """The last day that the value stands for."""
    if value is None:
        return None
    try:
        if not DATE.fullmatch(value):
            raise ValueError
        return date.fromisoformat(last_day(value)).isoformat()
    except ValueError as error:
        message = f"{quote(value)} is no date; write a day, a month or a year, as in 2022-01-30"
        raise click.BadParameter(message) from error


@click.command("replay")
@click.argument("pack", metavar="PACK_OR_FILE")
@click.option(
    "--viewpoint",
    default=EVERYTHING,
    metavar="NAME",
    help="Whose eyes to see with: a party, public, or everything (the default).",
)
@click.option(
    "--until",
    metavar="DATE",
    callback=_date,
    help="Stop after this day, month or year: 2022-01-30.",
)
@click.option("--level", metavar="NAME", help="Play at a simpler level, as basic.")
@click.option("--facts", is_flag=True, help="Print the cited facts in full.")
@click.option("--turning-points", is_flag=True, help="Mark the steps that closed something.")
@click.option("--junit", metavar="FILE", help="Of a script: write JUnit XML too, for CI.")
@click.option(
    "--events",
    metavar="FILE",
    help="Read an outside list of events against the pack: which of them its rules explain.",
)
@memory_option
@json_option
def command(
    pack: str,
    viewpoint: str,
    until: str | None,
    level: str | None,
    facts: bool,
    turning_points: bool,
    junit: str | None,
    events: str | None,
    memory: int,
    as_json: bool,
) -> None:
    """Replay a record or a script, every step cited and checked.

    Each step tells its date, round, stage and mover, what happened, its basis and its facts.
    PACK_OR_FILE is the name of a pack that ships, the folder of a pack, or a script: a YAML file
    that names a pack and steps, and may expect what holds after them. Exits with 1 where a step is
    refused or an expectation fails.

    \b
    Examples:
      negsim replay january-2022
      negsim replay january-2022 --viewpoint public --until 2022-01-30
      negsim replay lines/my-line.yaml --junit results.xml
      negsim replay january-2022 --events events.csv
    """
    for_record = until is not None or facts or turning_points
    if for_record and (events is not None or is_script(pack)):
        raise click.UsageError("--until, --facts and --turning-points are for a record")
    if is_script(pack):
        if events is not None:
            raise click.UsageError("--events is read against a pack; name one")
        _script(Path(pack), viewpoint.lower(), level, junit, as_json)
        return
    if junit is not None:
        raise click.UsageError("--junit is for a script; name one in place of the pack")
    level = level or FULL
    if events is not None:
        if viewpoint != EVERYTHING:
            raise click.UsageError("--events is read with all eyes; leave out --viewpoint")
        _events(load_pack(find_pack(pack), branches_too=False), level, Path(events), as_json)
        return
    loaded = load_pack(find_pack(pack), branches_too=False)
    game = loaded.at(level)
    viewpoint = viewpoint.lower()
    viewpoints = [*dict.fromkeys((*loaded.pack.viewpoints, EVERYTHING))]
    if viewpoint not in viewpoints:
        raise UnknownNameError("viewpoint", viewpoint, viewpoints, loaded.pack.id)
    if turning_points and viewpoint != EVERYTHING:
        raise click.UsageError(
            f"turning points would betray what {quote(viewpoint)} cannot see; leave out --viewpoint"
        )
    frames = tell(game, loaded.record, level, loaded.game)
    if until is not None:
        days = last_days(loaded.record)
        frames = [frame for frame in frames if days[frame.number - 1] <= until]
    marks = _marks(loaded, game, frames, level, memory) if turning_points else {}
    if as_json:
        show_json(_data(loaded, game, frames, viewpoint, level, marks))
    elif not frames:
        nothing = "has no steps" if until is None else f"has nothing up to {until}"
        click.echo(f"The record {nothing}.")
    else:
        lines = replay_lines(
            loaded, game, frames, viewpoint, width(), level=level, facts=facts, marks=marks
        )
        show(lines)
    if any(frame.refusal is not None for frame in frames):
        raise click.exceptions.Exit(1)


command.help = f"{cleandoc(command.help or '')}\n\n{EVENTS}"


def is_script(word: str) -> bool:
    """Whether the word names a file of YAML that is no pack's own pack.yaml."""
    path = Path(word)
    return path.suffix in (".yaml", ".yml") and path.name != "pack.yaml" and not isdir(path)


def _script(
    path: Path, viewpoint: str, level: str | None, junit_file: str | None, as_json: bool
) -> None:
    """Plays a script and tells it; writes JUnit XML where that is asked for."""
    from negsim.reports import problems, result_lines, results_data
    from negsim.scripts import load_script, run

    loaded = load_script(path, level)
    viewpoints = [*loaded.case.game.viewpoints, EVERYTHING]
    if viewpoint not in viewpoints:
        raise UnknownNameError("viewpoint", viewpoint, viewpoints, loaded.case.loaded.pack.id)
    results = list(run(loaded))
    if as_json:
        show_json(results_data(loaded, results, viewpoint))
    else:
        show(result_lines(loaded, results, viewpoint, width()))
    if junit_file is not None:
        from negsim.export.junit import junit

        cases = [
            (
                f"step {it.frame.number}: {', '.join(it.checks) or it.frame.text}",
                problems(loaded, it),
            )
            for it in results
            if it.checks or it.failures
        ]
        if Path(junit_file).resolve() == path.resolve():
            raise click.UsageError("--junit would write over the script; name another file")
        write_text(Path(junit_file), junit(loaded.tree.file, cases))
    if any(result.failures for result in results):
        raise click.exceptions.Exit(1)


def _events(loaded: LoadedPack, level: str, path: Path, as_json: bool) -> None:
    """Reads an outside list of events against the rules."""
    from negsim.events import read_events
    from negsim.events_text import reading_data, reading_lines

    game = loaded.at(level)
    reading = read_events(game, loaded.pack, load_events(path, game), level)
    if as_json:
        show_json(reading_data(loaded, game, reading))
    else:
        show(reading_lines(loaded, game, reading, width()))
    if not reading.holds:
        raise click.exceptions.Exit(1)


def _marks(
    loaded: LoadedPack, game: Game, frames: list[Frame], level: str, memory: int
) -> dict[int, list[str]]:
    """For the number of each step that is a turning point, the lines that say of what.

    Ctrl-C while they are worked out leaves them out; what was finished is kept.
    """
    from negsim import store
    from negsim.answers import turning_point_lines
    from negsim.explore.arena import Watch
    from negsim.explore.turning import turning_points

    point = point_of(game, [(str(it.number), it.played) for it in frames if it.played is not None])

    def task(watch: Watch) -> dict[int, list[str]]:
        hint = loaded.order if level == FULL else ()
        marks: dict[int, list[str]] = {}
        with store.explored(game, hint, memory, watch) as explorer:
            for it in turning_points(explorer, point.steps):
                after = point.steps[it.place].after
                lines = turning_point_lines(explorer, loaded.pack, it, after, width())
                marks.setdefault(int(point.numbers[it.place]), []).extend(lines)
        return marks

    try:
        return worked_out(task)
    except KeyboardInterrupt:
        click.echo("negsim: stopped; the turning points are not worked out yet", err=True)
        return {}


def _data(
    loaded: LoadedPack,
    game: Game,
    frames: list[Frame],
    viewpoint: str,
    level: str,
    marks: dict[int, list[str]],
) -> dict[str, Any]:
    steps = []
    known = knowledge(game, frames, viewpoint)
    for frame, (before, after) in zip(frames, known, strict=True):
        if not sees(game, frame, viewpoint):
            continue
        played = frame.played
        steps.append(
            {
                "number": frame.number,
                "date": frame.step.date,
                "dated": frame.step.dated,
                "round": frame.round,
                "action": played.action.id if played is not None else None,
                "mover": played.action.mover if played is not None else None,
                "text": frame.text,
                "basis": frame.basis,
                "facts": list(frame.facts),
                "stages": stage_changes(game, loaded.pack, frame, viewpoint),
                "learned": learned(before, after, loaded, level),
                "ending": frame.outcome.ending.id if frame.outcome is not None else None,
                "refusal": frame.refusal if viewpoint == EVERYTHING else None,
                "turning_point": [line.strip() for line in marks.get(frame.number, ())],
            }
        )
    return {
        "pack": loaded.pack.id,
        "hash": loaded.content_hash,
        "title": loaded.pack.title,
        "level": level,
        "viewpoint": viewpoint,
        "hidden": len(frames) - len(steps),
        "steps": steps,
        "closing": " ".join(closing(loaded, frames, 10_000)),
    }
