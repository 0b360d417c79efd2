"""When an application has heard and painted all there is, without a look at the clock: on a busy
machine nothing can be told from that.

Textual says of no screen that it is done; this looks at its queues.
"""

from __future__ import annotations

import asyncio
from asyncio import Queue
from typing import Any

from textual.app import App
from textual.message import Message

LONGEST = 20_000
"""After so many turns of the loop something goes round in circles."""


async def settled(app: App[Any]) -> None:
    """Waits until what was posted has been heard, and what that posted too."""
    quiet, heard = 0, asyncio.Event()
    for _ in range(LONGEST):
        await asyncio.sleep(0)
        if app._exception is not None:
            raise app._exception
        quiet = 0 if _busy(app) else quiet + 1
        if quiet < 3:
            continue
        if heard.is_set() or app._exit:
            return
        app.call_later(app.screen.call_later, heard.set)  # who waits for another is not done
        quiet = 0
    raise RuntimeError("it never comes to rest")


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
