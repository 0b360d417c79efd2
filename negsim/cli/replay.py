"""`negsim replay`: the record of a pack, step by step."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import click

from negsim.cli.output import json_option, memory_option, show, show_json, width, worked_out
from negsim.errors import UnknownNameError, quote
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
@click.argument("pack")
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
@click.option("--level", default=FULL, metavar="NAME", help="Play at a simpler level, as basic.")
@click.option("--facts", is_flag=True, help="Print the cited facts in full.")
@click.option("--turning-points", is_flag=True, help="Mark the steps that closed something.")
@memory_option
@json_option
def command(
    pack: str,
    viewpoint: str,
    until: str | None,
    level: str,
    facts: bool,
    turning_points: bool,
    memory: int,
    as_json: bool,
) -> None:
    """Replay a record step by step, every step cited.

    Each step tells its date, round, stage and mover, what happened, its basis and its facts.
    PACK is the name of a pack that ships, or a folder.

    \b
    Examples:
      negsim replay january-2022
      negsim replay january-2022 --viewpoint public --until 2022-01-30
    """
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
