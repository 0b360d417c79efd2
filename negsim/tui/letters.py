"""For terminals that show plain letters only: whatever else is painted becomes one of them."""

from __future__ import annotations

import unicodedata
from functools import cache

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

SIGNS = {
    "…": ".",
    "▏": "|",
    "▕": "|",
    "•": "*",
    "●": "*",
    "▶": ">",
    "▼": "v",
    "▲": "^",
    "←": "<",
    "→": ">",
    "↑": "^",
    "↓": "v",
    "\u2013": "-",
    "—": "-",
    "“": '"',
    "”": '"',
    "\u2018": "'",
    "\u2019": "'",
}
"""Signs that have a likeness; lines and corners of boxes are told by their names."""


@cache
def plain(char: str) -> str:
    """A letter that stands for a character, in as many cells."""
    if char.isascii():
        return char
    name = unicodedata.name(char, "")
    if char in SIGNS:
        found = SIGNS[char]
    elif name.startswith("BOX DRAWINGS"):
        upright, across = "VERTICAL" in name, "HORIZONTAL" in name
        ends = name.split()[-1] in ("LEFT", "RIGHT") and " AND " not in name
        found = "-" if across and not upright else "|" if upright and not across else "+"
        found = "-" if not upright and not across and ends else found
    elif "BLOCK" in name or "QUADRANT" in name:
        found = " "
    else:
        found = unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode()[:1] or "?"
    return found * max(1, cell_len(char)) if cell_len(char) else ""


class PlainLetters(LineFilter):
    """Paints with plain letters only."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments with other letters, in the same cells."""
        return [
            Segment("".join(map(plain, text)), style, control) if not text.isascii()
            else Segment(text, style, control)
            for text, style, control in segments
        ]  # fmt: skip
