"""`negsim schema`: the format as JSON Schema, for editors."""

from __future__ import annotations

import click

from negsim.cli.output import show_json

FILES = {"pack": "Pack", "facts": "Facts", "record": "Script", "branches": "Branches"}


@click.command("schema")
@click.argument("file", type=click.Choice(list(FILES)), default="pack")
def command(file: str) -> None:
    """Print the format as JSON Schema, for editors.

    Editors complete and explain the keys of a pack's file from it.
    FILE is pack (the default), facts, record or branches.

    \b
    Example:
      negsim schema pack > pack.schema.json
    """
    from negsim.pack.schema import schema

    show_json(schema(FILES[file]))
