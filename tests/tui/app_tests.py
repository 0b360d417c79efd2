"""The whole application in a test: keys go in, and what is painted, kept and said comes out."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from textual import events
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip

from negsim.journal import read_journal
from negsim.pack.catalogue import shipped
from negsim.pack.load import LoadedPack, load_pack
from negsim.places import journals
from negsim.session import Case, Session, replayed
from negsim.sitting import Sitting
from negsim.tui.app import Negsim
from negsim.tui.home import Start
from negsim.tui.plain import Plain
from negsim.tui.table import Table
from tests.tui.settling import KEYS, post_key, press, settle

SMALL, LARGE = (80, 24), (120, 40)
SIZE = pytest.mark.parametrize(
    "size", [SMALL, pytest.param(LARGE, marks=pytest.mark.long)], ids=["80x24", "120x40"]
)
"""The sizes that are looked at; the larger one only with `-m long`."""
FAULT = "fault of negsim"
"""What is said of an exception that nobody raised on purpose."""
SHIPPED = shipped()


class Play:
    """The application that a test plays with."""

    def __init__(self, app: Negsim, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    async def settle(self) -> None:
        """Waits until what was posted has been heard, and what that posted too."""
        await settle(self.app)

    async def press(self, *keys: str) -> None:
        """Presses keys one after the other."""
        await press(self.app, *keys)

    async def burst(self, *keys: str) -> None:
        """Presses keys faster than they are heard."""
        for key in keys:
            post_key(self.app, key)
        await self.settle()

    async def write(self, text: str) -> None:
        """Writes into what has the keys."""
        for letter in text:
            self.app.post_message(events.Key(KEYS.get(letter, letter), letter))
        await self.settle()

    async def until(self, holds: Callable[[], object]) -> None:
        """Waits for what a thread is to bring; fails where it does not come within a minute."""
        async with asyncio.timeout(60):
            while not holds():
                await self.pilot.pause(0.005)
            await self.settle()

    async def resize(self, width: int, height: int) -> None:
        """Gives the terminal another size."""
        await self.pilot.resize_terminal(width, height)
        await self.settle()

    async def start(
        self, pack: str = "two-towns", level: str = "full", seat: str | None = None,
        *, follow: bool = False,
    ) -> None:  # fmt: skip
        """Opens the table of a new session."""
        self.app.begin_session(Start(pack, level, seat, follow, "", ""))
        await self.until_table()

    async def resume(self, path: Path) -> None:
        """Opens the table of a session that was kept."""
        self.app.resume_session(path)
        await self.until_table()

    async def until_table(self) -> None:
        """Waits for the table, and for who has the arrows there."""
        await self.until(lambda: isinstance(self.screen, Table) and self.screen.focused)

    # What there is to see.

    @property
    def screen(self) -> Screen[object]:
        return self.app.screen

    @property
    def rows(self) -> list[str]:
        """What is painted, row by row, as the terminal would be given it."""
        return ["".join(segment.text for segment in strip) for strip in self.strips]

    @property
    def strips(self) -> list[Strip]:
        self.app.screen._on_timer_update()
        return self.app.screen._compositor.render_strips()

    @property
    def text(self) -> str:
        """What is painted, its words on one line."""
        return " ".join(" ".join(self.rows).split())

    def shown(self, name: str) -> str:
        """The text of a part of the screen, its words on one line; "" where it is not shown."""
        part = self.app.screen.query_one(f"#{name}", Plain)
        return " ".join(str(part.content).split()) if part.display else ""

    @property
    def says(self) -> str:
        return self.shown("says")

    def says_of(self, table: Table) -> str:
        """What a table says, wherever it lies."""
        return self.content(table, "says")

    def content(self, screen: Screen[Any], name: str) -> str:
        """The lines of a part of a screen."""
        return str(screen.query_one(f"#{name}", Plain).content)

    @property
    def told(self) -> str:
        """What was said in passing, its words on one line."""
        return " ".join(" ".join(it.message for it in self.app._notifications).split())

    @property
    def table(self) -> Table:
        found = next((it for it in self.app.screen_stack if isinstance(it, Table)), None)
        assert found is not None, self.app.screen_stack
        return found

    @property
    def sitting(self) -> Sitting:
        return self.table.sitting

    @property
    def session(self) -> Session:
        return self.sitting.session

    @property
    def path(self) -> Path:
        """The journal of the session that is played."""
        assert self.app.kept is not None
        return self.app.kept.writer.path


Test = Callable[[Play], Awaitable[None]]


def playing(
    test: Test, size: tuple[int, int] = SMALL, *, plain: bool = False, told: bool = False,
    endings: bool = False,
) -> None:  # fmt: skip
    """Runs the test with the application; `told` shows what it says in passing, and `endings` has
    the endings worked out, which takes long."""

    async def run() -> None:
        app = Negsim(plain=plain)
        async with app.run_test(size=size, notifications=told) as pilot:
            play = Play(app, pilot)
            await play.settle()
            await test(play)

    with quick(endings=endings):
        asyncio.run(run())


@contextmanager
def quick(*, endings: bool = False) -> Iterator[None]:
    """Leaves out what takes long: packs are loaded once, what is painted is only painted where a
    test looks at it, nothing is collected, and unless they are wanted no endings are worked out."""
    with ExitStack() as stack:
        stack.enter_context(patch("negsim.tui.kept.load_pack", load))
        stack.enter_context(patch("textual.screen.Screen._compositor_refresh"))
        if not endings:
            stack.enter_context(patch("negsim.tui.endings.Endings._ask"))
        gc.disable()
        stack.callback(gc.enable)
        yield


@cache
def _shipped(path: Path) -> LoadedPack:
    return load_pack(path, branches_too=False)


def load(path: Path, *, branches_too: bool) -> LoadedPack:
    """A pack; one that ships is loaded once for all tests."""
    ships = path.parent == SHIPPED
    return _shipped(path) if ships else load_pack(path, branches_too=branches_too)


def again(case: Case) -> Session:
    """The one session that is kept, read from the disk and replayed."""
    (path,) = journals()
    return replayed(read_journal(path), case)


def same(one: Session, other: Session) -> bool:
    """Whether two sessions hold the same, and stand at the same place."""
    return all(
        (
            one.here.id == other.here.id,
            one.entries == other.entries,
            {it.id: it.state for it in one.nodes.values()}
            == {it.id: it.state for it in other.nodes.values()},
            dict(one.names) == dict(other.names),
            dict(one.notes) == dict(other.notes),
        )
    )


def shown_in(loaded: LoadedPack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions of any pack are of this one."""
    monkeypatch.setattr("negsim.tui.kept.find_pack", Path)
    monkeypatch.setattr("tests.tui.app_tests.load_pack", lambda path, **options: loaded)
