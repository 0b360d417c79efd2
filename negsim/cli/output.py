"""What the commands share: the width, printing, and the pack that a word names."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from typing import Any

import click

NARROWEST, WIDEST = 40, 100
"""Text is set no narrower and no wider than this, in columns."""


def width() -> int:
    """The columns to write in: the terminal's, 80 where there is none."""
    columns = shutil.get_terminal_size((80, 24)).columns
    return max(NARROWEST, min(columns, WIDEST))


def show(lines: Iterable[str]) -> None:
    """Prints the lines, in one piece."""
    click.echo("\n".join(lines))


def show_json(data: Any) -> None:
    """Prints data as JSON, for programs."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
