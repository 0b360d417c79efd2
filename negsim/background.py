"""Work in a thread, with progress, that can be stopped: nothing on a screen waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from negsim.explore.arena import Watch

T = TypeVar("T")
NAME = "negsim.background"
"""What the threads are called."""


class StoppedError(Exception):
    """The work was told to stop."""


class Background(Generic[T]):
    """A task that hears what it is doing through `watch`, and is stopped the next time it asks.

    The diagrams release the interpreter while they work, so whoever waits stays responsive.
    """

    def __init__(self, task: Callable[[Watch], T]) -> None:
        self.doing = ""
        self._stop = threading.Event()
        self._done: Future[T] = Future()
        self._thread = threading.Thread(target=self._run, args=(task,), name=NAME, daemon=True)
        self._thread.start()

    def _run(self, task: Callable[[Watch], T]) -> None:
        try:
            self._done.set_result(task(self._watch))
        except BaseException as error:
            self._done.set_exception(error)

    def _watch(self, what: str, nodes: int) -> None:
        del nodes
        self.doing = what
        if self._stop.is_set():
            raise StoppedError

    def stop(self) -> None:
        """Stops the work at its next step, and waits until it has stopped."""
        self._stop.set()
        self._thread.join()

    def wait(self, seconds: float) -> bool:
        """Waits for at most so long; whether the work is done."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def result(self) -> T:
        """What the work gave, once it is done; raises what it raised."""
        return self._done.result()


def ended(seconds: float) -> bool:
    """Waits for at most so long until no work is under way any more; whether that is so."""
    last = time.monotonic() + seconds
    for thread in threading.enumerate():
        if thread.name == NAME:
            thread.join(max(0.0, last - time.monotonic()))
            if thread.is_alive():
                return False
    return True
