"""Keys for an application in a test, heard one by one.

Nothing waits by the clock, as Textual's own pilot does: that costs most of a test's time.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from textual import events
from textual.app import App

from negsim.tui.rest import settled

settle = settled
KEYS = {" ": "space", "/": "slash", "?": "question_mark", "'": "apostrophe"}


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
