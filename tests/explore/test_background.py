"""Work in a thread: its result, its error, its progress, and that it stops soon when told to."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from negsim import store
from negsim.background import Background, StoppedError, ended
from negsim.engine import initial_state
from negsim.explore.arena import Watch
from negsim.explore.explorer import Explorer
from negsim.explore.order import completed
from negsim.pack.load import LoadedPack

SOON = 20.0
"""Seconds: far more than stopping takes, so that a busy machine fails nothing."""


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder for what is kept, so that the user's own is left alone."""
    monkeypatch.setenv("NEGSIM_HOME", str(tmp_path / "home"))


def test_the_result() -> None:
    work = Background(lambda watch: 6 * 7)
    assert work.result() == 42
    assert work.result() == 42
    assert work.wait(0)


def test_nothing_is_a_result_too() -> None:
    assert Background(lambda watch: None).result() is None


def test_it_works_in_a_thread_of_its_own() -> None:
    assert Background(lambda watch: threading.get_ident()).result() != threading.get_ident()


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt(), SystemExit(3)])
def test_an_error_reaches_who_asks(error: BaseException) -> None:
    """Whatever it is, and as often as the result is asked for."""

    def fail(watch: Watch) -> None:
        raise error

    work = Background(fail)
    for _ in range(2):
        with pytest.raises(type(error)) as caught:
            work.result()
        assert caught.value is error


def test_what_it_is_doing_is_said() -> None:
    started, go_on = threading.Event(), threading.Event()

    def task(watch: Watch) -> str:
        watch("the first thing", 1)
        started.set()
        assert go_on.wait(SOON)
        watch("the second thing", 2)
        return "done"

    work = Background(task)
    assert started.wait(SOON)
    assert work.doing == "the first thing"
    assert not work.wait(0.01)
    go_on.set()
    assert work.result() == "done"
    assert work.doing == "the second thing"


def test_it_stops_at_its_next_step() -> None:
    steps = 0

    def task(watch: Watch) -> None:
        nonlocal steps
        while True:
            watch("counting", steps)
            steps += 1
            time.sleep(0.001)

    work = Background(task)
    assert not work.wait(0.02)
    work.stop()
    done = steps
    assert work.wait(0)
    with pytest.raises(StoppedError):
        work.result()
    assert steps == done


def test_what_is_done_before_it_is_stopped_stays_done() -> None:
    work = Background(lambda watch: "done")
    assert work.wait(SOON)
    work.stop()
    assert work.result() == "done"


def test_a_long_exploration_stops_soon(january: LoadedPack) -> None:
    """In the middle of what takes many seconds; until then it says what it does."""
    game = january.game
    order = completed(january.order, game)
    said: list[str] = []

    def task(watch: Watch) -> tuple[str, ...]:
        def heard(what: str, nodes: int) -> None:
            said.append(what)
            assert nodes > 0
            watch(what, nodes)

        return Explorer(game, order, watch=heard).still_possible(initial_state(game))

    work = Background(task)
    assert not work.wait(0.3)
    started = time.monotonic()
    work.stop()
    assert time.monotonic() - started < SOON
    assert work.wait(0)
    with pytest.raises(StoppedError):
        work.result()
    assert set(said) == {"reachable states"}
    assert work.doing == "reachable states"


def test_what_was_finished_before_it_was_stopped_is_kept(two_towns: LoadedPack) -> None:
    """Stopped at the first set that can reach a goal: all that can be reached is known by then."""
    game = two_towns.game
    arrived = threading.Event()

    def task(watch: Watch) -> tuple[str, ...]:
        def heard(what: str, nodes: int) -> None:
            if what == "states that can reach a goal":
                arrived.set()
                while True:
                    watch(what, nodes)
                    time.sleep(0.001)
            watch(what, nodes)

        with store.explored(game, watch=heard) as explorer:
            return explorer.still_possible(initial_state(game))

    work = Background(task)
    assert arrived.wait(SOON)
    work.stop()
    with pytest.raises(StoppedError):
        work.result()
    with store.explored(game) as explorer:
        (name,) = explorer.kept
        assert name.startswith("reached without ")
        right = Explorer(game, explorer.order)
        for state in (initial_state(game),):
            assert explorer.still_possible(state) == right.still_possible(state)
        assert explorer.count() == right.count() == 79_128


def test_an_explorer_that_was_stopped_can_be_asked_again(two_towns: LoadedPack) -> None:
    """What was not finished is begun anew."""
    game = two_towns.game
    asked = 0

    def impatient(what: str, nodes: int) -> None:
        nonlocal asked
        asked += 1
        if asked in (3, 20, 50):
            raise StoppedError

    explorer = Explorer(game, [variable.id for variable in game.variables], watch=impatient)
    stops = 0
    while True:
        try:
            found = explorer.smallest(explorer.ending("talks"), initial_state(game))
            break
        except StoppedError:
            stops += 1
    assert stops >= 2
    assert found == (frozenset({"highwell", "lowmill"}),)


def test_whether_all_work_has_ended() -> None:
    go = threading.Event()
    work = Background(lambda watch: go.wait())
    assert not ended(0.01)
    go.set()
    assert ended(SOON)
    assert work.wait(0)


@pytest.mark.parametrize("code", [0, 3])
def test_the_interface_is_left_while_something_works(code: int) -> None:
    """Without Python's own end, which waits for nothing and tears the diagrams."""
    told = f"""
import atexit, time
from negsim.background import Background
from negsim.tui.app import _leave
atexit.register(print, "Python's own end")
work = Background(lambda watch: time.sleep(60))
print("left", end="")
_leave({code})
"""
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, timeout=50)
    assert (done.returncode, done.stdout, done.stderr) == (code, "left", "")
