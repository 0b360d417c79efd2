"""What the tests of the interface share: sessions, and an app that holds a widget behind a tab."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from typing import Generic, TypeVar

from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Label, TabbedContent, TabPane

from negsim.engine import legal_actions
from negsim.journal import new_header
from negsim.pack.load import LoadedPack
from negsim.pack.models import Branches as Branched
from negsim.pack.models import Facts, Pack, Script
from negsim.session import Case, Session
from negsim.sitting import Sitting
from tests.small_packs import small_game, small_pack
from tests.tui.settling import settle

W = TypeVar("W", bound=Widget)

HOSTILE = "[@click=app.quit]press[/] [bold red]me[/bold red] [/] [$x] \\[y"
"""What would be an action, a style or a mistake, if it were read as markup."""


def sitting_of(loaded: LoadedPack, *, seat: str | None = None, level: str = "full") -> Sitting:
    """A session that is kept nowhere."""
    header = new_header(loaded.pack.id, loaded.content_hash, level, seed=1, seat=seat)
    return Sitting(Session(Case(loaded, level), header))


def loaded_of(pack: Pack, record: list[str]) -> LoadedPack:
    """A small pack whose record takes these actions; what it can say of a step is hostile."""
    steps = [{"do": it, "basis": "invented", "text": HOSTILE, "dated": HOSTILE} for it in record]
    return LoadedPack(
        Path("nowhere"),
        pack,
        Facts.model_validate({"format": 1, "sources": {}, "facts": {}}),
        Script.model_validate({"format": 1, "steps": steps, "ends": HOSTILE}),
        Branched.model_validate({"format": 1, "branches": []}),
        {},
        {"full": small_game(pack)},
    )


def hostile() -> LoadedPack:
    """A pack in which everything that a pack can name has a hostile name."""
    pack = small_pack(
        "hostile",
        {"gate": ["rejected", "talks"]},
        letter={"title": HOSTILE, "decisions": ["talks", "lapse"]},
        items={"gate": {"title": HOSTILE}},
        parties={"north": {"name": HOSTILE}, "south": {"name": HOSTILE}},
        endings={
            "talks": {"title": HOSTILE, "reason": HOSTILE, "when": {"letter.decision": "talks"}},
            "lapsed": {"title": HOSTILE, "reason": HOSTILE},
        },
    )
    return loaded_of(pack, ["demand/letter", "pass/north"])


def wander(session: Session, count: int, seed: int, jumps: float = 0.02) -> None:
    """Plays at random until the tree has so many places, and now and then elsewhere."""
    random = Random(seed)
    places = list(session.nodes)
    while len(session.nodes) < count:
        actions = legal_actions(session.game, session.here.state)
        if not actions or random.random() < jumps:
            session.goto(random.choice(places))
        else:
            session.apply(random.choice(actions).id)
            if session.here.id not in places[-1:]:
                places.append(session.here.id)


class Holder(App[None], Generic[W]):
    """A widget behind the second of two tabs; hears the messages that come out of it."""

    CSS = "Endings, Branches, Timeline { height: 1fr; }"

    def __init__(self, make: Callable[[], W], *, opened: bool = True) -> None:
        super().__init__()
        self.widget = make()
        self.heard: list[Message] = []
        self._opened = opened

    def compose(self) -> ComposeResult:
        with TabbedContent(id="tabs", initial="held" if self._opened else "empty"):
            with TabPane("Empty", id="empty"):
                yield Label("nothing")
            with TabPane("Held", id="held"):
                yield self.widget

    def on_mount(self) -> None:
        if self._opened:
            self.widget.focus()

    def on_branches_went(self, event: Message) -> None:
        self.heard.append(event)

    def on_timeline_cited(self, event: Message) -> None:
        self.heard.append(event)

    def on_endings_closing(self, event: Message) -> None:
        self.heard.append(event)

    def open(self, tab: str) -> None:
        """Opens a tab: "empty" or "held"."""
        self.query_one(TabbedContent).active = tab

    @property
    def text(self) -> str:
        """Everything on the screen, a line each."""
        strips = self.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)


def holding(
    make: Callable[[], W],
    test: Callable[[Holder[W], Pilot[None]], Awaitable[None]],
    *,
    opened: bool = True,
    size: tuple[int, int] = (100, 40),
) -> None:
    """Runs the test with an app that holds the widget."""

    async def run() -> None:
        app = Holder(make, opened=opened)
        async with app.run_test(size=size) as pilot:
            await settle(pilot.app)
            await test(app, pilot)

    asyncio.run(run())


async def until(pilot: Pilot[None], holds: Callable[[], object]) -> None:
    """Waits for what a thread is to bring; fails where it does not come within a minute."""
    async with asyncio.timeout(60):
        while not holds():
            await pilot.pause(0.01)
        await settle(pilot.app)
