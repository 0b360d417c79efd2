"""`negsim schema`: the format as JSON Schema, for editors."""

from __future__ import annotations

import click

from negsim.cli.output import show_json

FILES = {
    "pack": "Pack",
    "facts": "Facts",
    "record": "Script",
    "branches": "Branches",
    "exercise": "Exercise",
}


@click.command("schema")
@click.argument("file", type=click.Choice(list(FILES)), default="pack")
def command(file: str) -> None:
    """Print the format as JSON Schema, for editors.

    Editors complete and explain the keys of a pack's file from it.
    FILE is pack (the default), facts, record, branches or exercise.

    \b
    Example:
      negsim schema pack > pack.schema.json
    """
    from negsim.pack.schema import schema

    if file == "exercise":
        from negsim.classroom import models

        show_json(schema(FILES[file], models))
    else:
        show_json(schema(FILES[file]))
