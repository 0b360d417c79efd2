"""`negsim export`: a pack's game in the format of another tool."""

from __future__ import annotations

from pathlib import Path

import click

from negsim.errors import NegsimError, quote
from negsim.pack.catalogue import find_pack
from negsim.pack.compile import FULL
from negsim.pack.load import LoadedPack, load_pack

FORMATS = ("mermaid", "dot", "promela", "json")


@click.command("export")
@click.argument("pack")
@click.option(
    "--to",
    "to",
    type=click.Choice(FORMATS),
    required=True,
    help="mermaid and dot draw the stages; promela and json hold the whole table.",
)
@click.option(
    "--level", default=FULL, metavar="NAME", help="The level that is exported: full, or a name."
)
@click.option("--output", metavar="FILE", help="Write to this file, in UTF-8, instead of printing.")
def command(pack: str, to: str, level: str, output: str | None) -> None:
    """Draw a pack's stages, or give its rules to another tool.

    A picture of stages and steps for Mermaid or Graphviz, the whole game as a model for SPIN, or
    all its rules as JSON. PACK is the name of a pack that ships, or a folder.

    \b
    Examples:
      negsim export two-towns --to dot | dot -Tsvg -o two-towns.svg
      negsim export january-2022 --to mermaid --level basic
      negsim export two-towns --to json --output two-towns.json
    """
    loaded = load_pack(find_pack(pack), branches_too=False)
    text = _text(loaded, level, to).encode()
    if output is None:
        click.echo(text, nl=False)  # as bytes: the same on every system, whatever its encoding
        return
    try:
        Path(output).write_bytes(text)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise NegsimError(f"cannot write {quote(output)}: {why}; name another file") from error


def _text(loaded: LoadedPack, level: str, to: str) -> str:
    game = loaded.at(level)
    match to:
        case "mermaid":
            from negsim.export.mermaid import mermaid

            return mermaid(game, loaded.pack)
        case "dot":
            from negsim.export.dot import dot

            return dot(game, loaded.pack)
        case "promela":
            from negsim.export.promela import promela

            return promela(game)
        case _:
            from negsim.export.table import table

            return table(game, loaded.pack, level, loaded.content_hash)
