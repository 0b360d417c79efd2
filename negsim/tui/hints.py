"""One line of help at a time for who is here for the first time; it goes once it is followed."""

from __future__ import annotations

from collections.abc import Collection, Mapping

HINTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "record": (
        ("step", "right goes one step on, left one back; space plays the record"),
        ("facts", "f opens the facts behind the step"),
        ("eyes", "v shows the same with other eyes: what each could know"),
        ("leave", "enter leaves the record here: do something else than what is reported"),
    ),
    "draft": (
        ("take", "up and down mark a point; a digit writes that answer to it"),
        ("note", "o writes the reason for what was done last, in one line"),
        ("all", "a shows all actions, as to consult and to deliver"),
    ),
    "actions": (
        ("take", "up and down mark an action, enter takes it; undo is u"),
        ("pass", "p ends the turn"),
        ("why", "w tells what is refused now, and why"),
    ),
}
"""For each centre of the table: the verb that follows the hint, and what it says."""


SEATED = ("show seat", "y tells what you should know in your seat")
"""The first hint for who takes a seat."""


def hint(centre: str, followed: Collection[str], *, seated: bool) -> str | None:
    """The next hint, if there is one."""
    hints = (*([SEATED] if seated else []), *HINTS.get(centre, ()))
    return next((text for verb, text in hints if verb not in followed), None)
