"""Help for where somebody is."""

from __future__ import annotations

from collections.abc import Iterator

from textual.screen import Screen

from negsim.text import wrap
from negsim.tui.verbs import Verbal, key_name


def help_lines(screen: Screen[object], width: int) -> Iterator[str]:
    """What can be done on a screen; what cannot be done now comes with its reason."""
    for key, told in _rows(screen):
        yield from wrap(told, width, f"{key:>7}  ", " " * 9)


def _rows(screen: Screen[object]) -> Iterator[tuple[str, str]]:
    if isinstance(screen, Verbal):
        for it in screen.VERBS:
            reason = screen.unable(it.name)
            not_now = f" (not now: {reason})" if reason is not None else ""
            yield key_name(it.key), f"{it.label}: {it.help}{not_now}"
    own = {f"verb('{it.name}')" for it in getattr(screen, "VERBS", ())}
    for active in screen.active_bindings.values():
        binding = active.binding
        if binding.id and binding.tooltip and binding.action not in own:
            yield key_name(binding.key), f"{binding.description}: {binding.tooltip}"
    yield "mouse", "Whatever is shown can be clicked"
