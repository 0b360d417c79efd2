"""Keys for an application in a test, and how to wait until it has heard them.

Nothing here waits by the clock, as Textual's own pilot does: that costs most of a test's time.
"""

from __future__ import annotations

import asyncio
import unicodedata
from asyncio import Queue
from typing import Any

from textual import events
from textual.app import App
from textual.message import Message

LONGEST = 20_000
"""After so many turns of the loop something goes round in circles."""
KEYS = {" ": "space", "/": "slash", "?": "question_mark", "'": "apostrophe"}


async def settle(app: App[Any]) -> None:
    """Waits until what was posted has been heard, and what that posted too."""
    quiet, heard = 0, asyncio.Event()
    for _ in range(LONGEST):
        await asyncio.sleep(0)
        if app._exception is not None:
            raise app._exception
        quiet = 0 if _busy(app) else quiet + 1
        if quiet == 3 and (heard.is_set() or app._exit):
            return
        if quiet == 3:  # who waits for another has nothing to hear, and is not done
            app.call_later(app.screen.call_later, heard.set)
            quiet = 0
    raise AssertionError("it never comes to rest")


def _busy(app: App[Any]) -> bool:
    """Whether there is something to be heard yet; what waits for a repaint is not let wait."""
    for it in (app, *app._registry):
        queue: Queue[Message | None] | None = it._message_queue
        if it._pending_message or it._next_callbacks or (queue and not queue.empty()):
            return True
    if app._running and app.screen._callbacks:
        app.screen._on_timer_update()
        return True
    return False


async def press(app: App[Any], *keys: str) -> None:
    """Presses keys one after the other."""
    for key in keys:
        post_key(app, key)
        await settle(app)


def post_key(app: App[Any], key: str) -> None:
    """Presses a key, and does not wait until it is heard."""
    key = KEYS.get(key, key)
    app.post_message(events.Key(key, _letter(key)))


def _letter(key: str) -> str | None:
    """The letter that a key writes, if it writes one."""
    if len(key) == 1:
        return key
    try:
        return unicodedata.lookup(key.replace("_", " ").upper().replace("SLASH", "SOLIDUS"))
    except KeyError:
        return None
