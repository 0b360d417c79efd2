"""`negsim export`: a pack's game in the format of another tool."""

from __future__ import annotations

from pathlib import Path

import click

from negsim.errors import NegsimError, printable, quote
from negsim.pack.catalogue import find_pack
from negsim.pack.compile import FULL
from negsim.pack.load import LoadedPack, load_pack
from negsim.rules import EVERYTHING

FORMATS = ("mermaid", "dot", "promela", "json", "svg")


@click.command("export")
@click.argument("pack")
@click.argument("folder", required=False)
@click.option(
    "--to",
    "to",
    type=click.Choice(FORMATS),
    required=True,
    help="mermaid and dot draw the stages; promela and json hold the whole table; svg draws the "
    "screen, a picture for each step of the record, into FOLDER.",
)
@click.option(
    "--level", default=FULL, metavar="NAME", help="The level that is exported: full, or a name."
)
@click.option("--output", metavar="FILE", help="Write to this file, in UTF-8, instead of printing.")
@click.option(
    "--viewpoint", metavar="NAME", help="For svg: whose eyes the record is seen with; or all."
)
def command(
    pack: str, folder: str | None, to: str, level: str, output: str | None, viewpoint: str | None
) -> None:
    """Draw a pack's stages, or give its rules to another tool.

    A picture of stages and steps for Mermaid or Graphviz, the whole game as a model for SPIN, or
    all its rules as JSON. PACK is the name of a pack that ships, or a folder.

    \b
    Examples:
      negsim export two-towns --to dot | dot -Tsvg -o two-towns.svg
      negsim export january-2022 --to mermaid --level basic
      negsim export two-towns --to json --output two-towns.json
      negsim export two-towns --to svg pictures
    """
    if to == "svg":
        if folder is None or output is not None:
            raise click.UsageError("svg needs a folder for its pictures, and no --output")
        _draw(load_pack(find_pack(pack), branches_too=False), level, Path(folder), viewpoint)
        return
    if folder is not None or viewpoint is not None:
        raise click.UsageError(f"a folder and --viewpoint are for svg, not for {to}")
    loaded = load_pack(find_pack(pack), branches_too=False)
    text = _text(loaded, level, to).encode()
    if output is None:
        click.echo(text, nl=False)  # as bytes: the same on every system, whatever its encoding
        return
    _write(Path(output), text)


def _write(path: Path, text: bytes) -> None:
    try:
        path.write_bytes(text)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise NegsimError(f"cannot write {quote(path)}: {why}; name another file") from error


def _draw(loaded: LoadedPack, level: str, folder: Path, viewpoint: str | None) -> None:
    """A picture for each step of the record, numbered as the record numbers its steps."""
    from negsim.tui.pictures import record_pictures

    pictures = record_pictures(loaded, level, viewpoint or EVERYTHING)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise NegsimError(f"cannot make {quote(folder)}: {why}; name another folder") from error
    for step, picture in pictures:
        _write(folder / f"step-{int(step.removeprefix('r')):03}.svg", picture.encode())
    click.echo(f"{len(pictures)} pictures are in {printable(str(folder))}")


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
