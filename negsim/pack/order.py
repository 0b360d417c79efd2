"""`order.txt`: an order of the variables that a pack may bring, so that proofs are fast at once.

Any order gives the same answers, so names that the game does not have are passed over.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

FILE = "order.txt"
MOST = 100_000
HEAD = """\
# An order of the variables with which questions about all lines are answered fast; any order gives
# the same answers. Written by: negsim check --prove --keep-order
"""


def read_order(folder: Path) -> tuple[str, ...]:
    """The order that the pack in the folder brings, or nothing."""
    try:
        with (folder / FILE).open(encoding="utf-8") as file:
            lines = file.read(MOST).splitlines()
    except (OSError, ValueError):
        return ()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def write_order(folder: Path, order: Iterable[str]) -> None:
    """Writes an order for the pack to bring. Raises OSError."""
    text = HEAD + "".join(f"{name}\n" for name in order)
    (folder / FILE).write_text(text, encoding="utf-8", newline="\n")
