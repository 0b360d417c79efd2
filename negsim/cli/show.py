"""`negsim show`: a pack at a glance, or its facts."""

from __future__ import annotations

from typing import Any

import click

from negsim.cli.output import json_option, show, show_json, width
from negsim.pack.catalogue import find_pack
from negsim.pack.compile import FULL
from negsim.pack.load import LoadedPack, load_pack
from negsim.text import (
    INFERRED_NOTE,
    cites_inferred,
    fact_lines,
    point_lines,
    show_lines,
    source_lines,
    wrap,
)


@click.command("show")
@click.argument("pack")
@click.option(
    "--level",
    default=FULL,
    metavar="NAME",
    help="The level whose items are shown: full, or a name.",
)
@click.option(
    "--facts", is_flag=True, help="Print every fact and disagreement of the pack instead."
)
@click.option("--points", is_flag=True, help="Print the decision points with their alternatives.")
@json_option
def command(pack: str, level: str, facts: bool, points: bool, as_json: bool) -> None:
    """Show a pack at a glance, its facts or its choices.

    Parties, papers, items with what is reported of each, endings and decision points.
    PACK is the name of a pack that ships, or a folder.

    \b
    Examples:
      negsim show two-towns
      negsim show january-2022 --facts
    """
    if facts and points:
        raise click.UsageError("choose one of --facts and --points")
    loaded = load_pack(find_pack(pack), branches_too=False)
    game = loaded.at(level)
    if as_json:
        show_json(_data(loaded, level, len(game.variables), len(game.actions)))
    elif facts:
        show(_facts(loaded))
    elif points:
        show(point_lines(loaded, width()))
    else:
        show(show_lines(loaded, level, width()))
        show(["", f"{len(game.variables)} variables, {len(game.actions)} actions at this level."])


def _facts(loaded: LoadedPack) -> list[str]:
    lines = []
    for fact_id in loaded.facts.facts:
        lines += fact_lines(fact_id, loaded, width(), "")
    if loaded.facts.sources:
        lines = ["Sources", *source_lines(loaded, width()), "", "Facts", *lines]
    if loaded.facts.disagreements:
        lines += ["", "Where the sources differ or are unclear"]
    for name, it in loaded.facts.disagreements.items():
        text = f"{name}  {it.matter} Treatment: {it.treatment} [{' '.join(it.facts)}]"
        lines += wrap(text, width(), "", "     ")
    if not lines:
        lines = ["The case is invented; it has no facts."]
    if cites_inferred(loaded.facts.facts, loaded):
        lines += ["", *wrap(INFERRED_NOTE, width())]
    return lines


def _data(loaded: LoadedPack, level: str, variables: int, actions: int) -> dict[str, Any]:
    return {
        "level": level,
        "variables": variables,
        "actions": actions,
        "hash": loaded.content_hash,
        "pack": loaded.pack.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        "facts": loaded.facts.model_dump(mode="json", exclude_defaults=True),
    }
