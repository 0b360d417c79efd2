"""Random keys on the whole application: it never fails, and the journal on disk is what is shown.

The default run presses hundreds of keys, `pytest -m long` thousands.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from negsim.journal import read_journal
from negsim.pack.load import LoadedPack
from negsim.session import Session, replayed
from negsim.sitting import Sitting
from negsim.tui.app import Negsim
from negsim.tui.home import Home
from negsim.tui.opening import Opening
from negsim.tui.stage import stage_bar
from negsim.tui.table import Table
from tests.small_packs import ALL, Part, small_pack
from tests.tui import HOSTILE, hostile, loaded_of
from tests.tui.app_tests import FAULT, SHIPPED, Play, load, quick, same

KEYS = [
    *"ppuurnnnvaaxwfdcomelikybgt?/",
    *["enter"] * 8, *["down"] * 6, "up", "up", *["right"] * 4, "left", "left", *["escape"] * 6,
    "space", "tab", "shift+tab", "home", "end", "pagedown", "backspace", "ctrl+p", *"123", *"[s",
]  # fmt: skip
"""The keys, those that play more often. None of them waits: `space` has its own test."""
FAST = [it for it in KEYS if it != "pagedown"]
"""Textual 8.2 turns no page of a list that is not painted yet: it says so in place."""
SIZES = [(80, 24), (120, 40), (60, 20), (59, 19), (200, 60)]
EVERY = 25
"""After so many keys the journal is read again and replayed."""


def packs() -> dict[str, LoadedPack]:
    """Small packs, of which two have hostile names."""
    names: dict[str, Part] = {"north": {"name": HOSTILE}, "south": {"name": HOSTILE}}
    made = [make() for make in ALL if make.__name__ in ("every_step", "linked", "consulted")]
    bad = small_pack("bad", {"gate": ["rejected", "talks"]}, ["redraft", "ask"], parties=names)
    return {
        "hostile": hostile(),
        "bad": loaded_of(bad, []),
        **{it.id: loaded_of(it, ["demand/letter"]) for it in made},
    }


PACKS = packs()
STARTS = [("two-towns", None), ("two-towns", "highwell"), ("two-towns", "lowmill")]
STARTS += [(name, seat) for name in PACKS for seat in (None, "north", "south")]


class Keys(RuleBasedStateMachine):
    """Somebody who presses keys without looking."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.runner = self.stack.enter_context(asyncio.Runner())
        self.home = Path(self.stack.enter_context(TemporaryDirectory()))
        self.stack.enter_context(patch.dict("os.environ", {"NEGSIM_HOME": str(self.home)}))
        self.stack.enter_context(quick())
        self.stack.enter_context(patch("negsim.tui.kept.find_pack", find_any))
        self.stack.enter_context(patch("negsim.tui.kept.load_pack", load_any))
        self.stack.enter_context(patch("negsim.tui.deliver.Path.cwd", lambda: self.home))
        self.app = Negsim()
        self.running = self.app.run_test(size=(80, 24))
        self.play = Play(self.app, self.run(self.running.__aenter__()))
        self.pressed = 0

    def run(self, what: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(what)

    @initialize(start=st.sampled_from(STARTS), follow=st.booleans())
    def begin(self, start: tuple[str, str | None], follow: bool) -> None:
        pack, seat = start
        self.run(self.play.start(pack, "full", seat, follow=follow and seat is None))

    @rule(keys=st.lists(st.sampled_from(KEYS), min_size=1, max_size=6))
    def press(self, keys: list[str]) -> None:
        self.run(self.play.press(*keys))
        self.check(len(keys))

    @rule(keys=st.lists(st.sampled_from(FAST), min_size=5, max_size=12))
    def hold(self, keys: list[str]) -> None:
        """Keys that come faster than they are heard."""
        self.run(self.play.burst(*keys))
        self.check(len(keys))

    @rule(size=st.sampled_from(SIZES))
    def resize(self, size: tuple[int, int]) -> None:
        self.run(self.play.resize(*size))
        self.check(1)

    def check(self, keys: int) -> None:
        """Nothing failed, and the journal has an entry for each of the session's."""
        app, play = self.app, self.play
        if isinstance(app.screen, Opening):
            self.run(play.until(lambda: not isinstance(app.screen, Opening)))
        assert app._exception is None
        assert not app._exit
        assert FAULT not in play.told
        table = next((it for it in app.screen_stack if isinstance(it, Table)), None)
        before, self.pressed = self.pressed, self.pressed + keys
        if table is None:
            kept = app.kept
            if kept is not None:  # an exercise, between what is played of it
                assert kept.taking is not None
                self.count(kept.taking.session)
            if isinstance(app.screen, Home) and self.pressed // EVERY != before // EVERY:
                self.run(play.start(follow=True))
            return
        if not table.query("#says"):  # it is being built yet
            self.run(play.until(lambda: table.query("#says")))
        assert FAULT not in play.says_of(table), play.says_of(table)
        self.count(table.sitting.session)
        if self.pressed // EVERY != before // EVERY:
            self.replay(table)

    def count(self, session: Session) -> None:
        with self.play.path.open("rb") as file:
            assert sum(1 for _ in file) == session.entries + 1

    def replay(self, table: Table) -> None:
        """What the journal tells is what the session holds and the screen shows."""
        sitting, session = table.sitting, table.sitting.session
        told = replayed(read_journal(self.play.path), session.case)
        assert same(told, session)
        again = Sitting(told, sitting.rules)
        if sitting.seat is None:
            again.see_with(sitting.eyes)
        if self.app.screen is table:  # what lies beneath is set anew once it is seen
            bar = "\n".join(stage_bar(again, table.size.width - 2))
            assert self.play.content(table, "stage") == bar

    def teardown(self) -> None:
        table = next((it for it in self.app.screen_stack if isinstance(it, Table)), None)
        try:
            if table is not None:
                self.replay(table)
            self.run(self.running.__aexit__(None, None, None))
        finally:
            self.stack.close()


def find_any(name: str) -> Path:
    return Path(name) if name in PACKS else SHIPPED / name


def load_any(path: Path, *, branches_too: bool) -> LoadedPack:
    """A small pack by its name, or one that ships."""
    return PACKS[path.name] if path.name in PACKS else load(path, branches_too=branches_too)


def press_keys(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Keys,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=[*HealthCheck],
            phases=[Phase.generate],  # to make a failure smaller would take minutes
        ),
    )


def test_random_keys() -> None:
    press_keys(4, 20)


@pytest.mark.long
def test_more_random_keys() -> None:
    press_keys(20, 40)
