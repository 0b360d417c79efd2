"""`negsim list`: the packs, a line each, without loading them."""

from __future__ import annotations

import textwrap
from dataclasses import asdict

import click

from negsim.cli.output import json_option, show, show_json, width
from negsim.errors import printable
from negsim.pack.catalogue import Headline, headline, pack_ids, shipped


@click.command("list")
@json_option
def command(as_json: bool) -> None:
    """List the packs that ship with negsim.

    \b
    Example:
      negsim list
    """
    heads = _heads()
    if as_json:
        show_json([asdict(head) | {"minutes": _number(head.minutes)} for head in heads])
    else:
        show(_lines(heads))


def _number(written: str) -> int | str:
    return int(written) if written.isascii() and written.isdecimal() else written


def _heads() -> list[Headline]:
    folder = shipped()
    return [headline(folder / name) for name in pack_ids(folder)]


def _lines(heads: list[Headline]) -> list[str]:
    lines = []
    for head in heads:
        if not head.readable:
            lines.append(f"{head.id}: cannot be read; try: negsim check {head.id}")
            continue
        lines.append(printable(f"{head.id}: {head.title} ({head.minutes} min, {head.difficulty})"))
        lines += textwrap.wrap(
            printable(head.about), width(), initial_indent="  ", subsequent_indent="  "
        )
    return lines


def welcome() -> None:
    """What `negsim` alone says: the packs, and what to type next."""
    show(["negsim replays diplomatic exchanges, step by step.", "", "Packs:"])
    show(_lines(_heads()))
    show(
        [
            "",
            "Type next:",
            "  negsim replay january-2022   the record, step by step, with its sources",
            "  negsim play two-towns --seat lowmill   a small invented case: ten minutes",
            "  negsim replay january-2022 --viewpoint public   what the public could know",
            "  negsim show january-2022     parties, papers, items, endings, decision points",
            "  negsim --help                all commands",
        ]
    )
