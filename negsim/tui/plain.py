"""Text from packs, notes and names, which is never read as markup."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.text import Text
from textual.content import Content
from textual.widgets import Static

from negsim.errors import printable


def content(text: str) -> Content:
    """The text as it is, each line made harmless to a terminal."""
    return Content("\n".join(printable(line) for line in text.split("\n")))


def cell(text: str) -> Text:
    """The same for a table, which breaks such text into lines."""
    return Text(printable(text))


class Plain(Static):
    """Lines of plain text."""

    def __init__(self, text: str = "", **options: Any) -> None:
        super().__init__(content(text), markup=False, **options)

    def show(self, lines: Iterable[str] | str) -> None:
        """Shows other lines in their place."""
        self.update(content(lines if isinstance(lines, str) else "\n".join(lines)))
