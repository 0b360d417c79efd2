"""Pictures of the record, one a step, drawn by the interface itself without a terminal."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot

from negsim.journal import new_header
from negsim.pack.load import LoadedPack
from negsim.session import Case, Session
from negsim.sitting import Sitting
from negsim.tui.app import Negsim
from negsim.tui.hints import HINTS
from negsim.tui.rest import settled
from negsim.tui.settings import Settings
from negsim.tui.table import Table

SIZE = 120, 40
"""Columns and lines of a picture."""


class _Drawer(Negsim):
    """The interface at the table of a session that is kept nowhere."""

    def __init__(self, sitting: Sitting) -> None:
        super().__init__()
        self.settings = Settings(followed=tuple(verb for one in HINTS.values() for verb, _ in one))
        self._sitting = sitting

    def open_first(self) -> None:
        """The table of the record."""
        self.push_screen(Table(self._sitting, follow=True))


def record_pictures(loaded: LoadedPack, level: str, viewpoint: str) -> list[tuple[str, str]]:
    """The record as the viewpoint sees it: the id of each place where it is told, and its picture
    as SVG. Raises UnknownNameError."""
    case = Case(loaded, level)
    header = new_header(loaded.pack.id, loaded.content_hash, level, seed=0)
    sitting = Sitting(Session(case, header))
    sitting.see_with(viewpoint)
    app = _Drawer(sitting)
    drawn: list[tuple[str, str]] = []

    async def draw(pilot: Pilot[Any]) -> None:
        await settled(app)
        for place in sitting.stations:
            while place not in (case.trunk[0], *sitting.here.line):
                app.simulate_key("right")
                await settled(app)
            drawn.append((place.id, app.export_screenshot()))
        app.exit()

    app.run(headless=True, size=SIZE, auto_pilot=draw)
    return drawn
