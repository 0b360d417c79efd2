"""What the commands share: the width, printing, and the pack that a word names."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from negsim.errors import NegsimError, quote
from negsim.explore import MEMORY

if TYPE_CHECKING:
    from negsim.explore.arena import Watch

T = TypeVar("T")

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
    """Prints data as JSON, for programs; what a terminal could obey stands as JSON's own escape."""
    text = json.dumps(data, indent=2, ensure_ascii=False)
    shown = (
        char if char.isprintable() or char == "\n" else json.dumps(char)[1:-1] for char in text
    )
    click.echo("".join(shown))


def write_text(path: Path, text: str) -> None:
    """Writes a file that was asked for. Raises NegsimError where it cannot be."""
    try:
        path.write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is no path"
        raise NegsimError(f"{quote(path)} cannot be written ({said}); name another file") from error


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")

memory_option = click.option(
    "--memory",
    type=click.IntRange(20, 1_000_000),
    default=MEMORY,
    show_default=True,
    metavar="MB",
    help="How many megabytes the search may take.",
)
"""How large the sets of states may become."""


def worked_out(task: Callable[[Watch], T]) -> T:
    """What the task gives, worked out in a thread; says on a terminal what it is doing.

    Ctrl-C stops it; what it had finished is kept.
    """
    from negsim.background import Background

    work = Background(task)
    shown = False
    terminal = sys.stderr is not None and sys.stderr.isatty()
    try:
        if not work.wait(1.0):
            while not work.wait(0.2):
                if terminal:
                    note = f"working out {work.doing} (kept for the next time; Ctrl-C stops) ..."
                    click.echo(f"\r\x1b[K{note[: width() - 1]}", nl=False, err=True)
                    shown = True
    except KeyboardInterrupt:
        work.stop()
        raise
    finally:
        if shown:
            click.echo("\r\x1b[K", nl=False, err=True)
    return work.result()
