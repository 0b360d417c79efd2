"""`negsim replay`: the record of a pack, step by step."""

from __future__ import annotations

import re
from typing import Any

import click

from negsim.cli.output import json_option, show, show_json, width
from negsim.errors import UnknownNameError
from negsim.pack.catalogue import find_pack
from negsim.pack.compile import FULL
from negsim.pack.load import LoadedPack, load_pack
from negsim.replay import Frame, sees, tell
from negsim.rules import EVERYTHING, Game
from negsim.text import closing, learned, replay_lines, stage_changes

DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


def _date(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not DATE.fullmatch(value):
        raise click.BadParameter(
            f'"{value}" is no date; write a day, a month or a year, as in 2022-01-30'
        )
    return value


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
@json_option
def command(
    pack: str, viewpoint: str, until: str | None, level: str, facts: bool, as_json: bool
) -> None:
    """Replay a record step by step, every step cited.

    Each step tells its date, round, stage and mover, what happened, its basis and its facts.
    PACK is the name of a pack that ships, or a folder.

    \b
    Examples:
      negsim replay january-2022
      negsim replay january-2022 --viewpoint public --until 2022-01-30
    """
    loaded = load_pack(find_pack(pack))
    game = loaded.at(level)
    if viewpoint not in (*game.viewpoints, EVERYTHING):
        raise UnknownNameError("viewpoint", viewpoint, (*game.viewpoints, EVERYTHING), pack)
    frames = tell(game, loaded.record, level, loaded.game)
    if until is not None:
        frames = [frame for frame in frames if _by(frame, until)]
    if not frames:
        click.echo(f"Nothing in the record is dated up to {until}.")
    elif as_json:
        show_json(_data(loaded, game, frames, viewpoint))
    else:
        show(replay_lines(loaded, game, frames, viewpoint, width(), facts=facts))
    if any(frame.refusal is not None for frame in frames):
        raise click.exceptions.Exit(1)


def _by(frame: Frame, until: str) -> bool:
    """Whether the step lies within the time; a month counts whole, and undated steps too."""
    date = frame.step.date
    return date is None or date[: len(until)] <= until


def _data(loaded: LoadedPack, game: Game, frames: list[Frame], viewpoint: str) -> dict[str, Any]:
    steps = []
    for place, frame in enumerate(frames):
        if not sees(frame, viewpoint):
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
                "learned": learned(frames, place, game, loaded, viewpoint),
                "ending": frame.outcome.ending.id if frame.outcome is not None else None,
                "refusal": frame.refusal,
            }
        )
    return {
        "pack": loaded.pack.id,
        "hash": loaded.content_hash,
        "viewpoint": viewpoint,
        "steps": steps,
        "closing": " ".join(closing(loaded, frames, 10_000)),
    }
