"""What can be done on a screen: each thing once, for its key, the footer, the palette and help."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from negsim.errors import printable
from negsim.tui.faults import as_told


@dataclass(frozen=True, slots=True)
class Verb:
    """Something that can be done: the screen's method `do_<name>` does it, what follows a space in
    the name being its argument."""

    name: str
    key: str
    label: str
    help: str
    shown: bool = True
    """Whether the footer has room for it."""


def bindings(screen: str, verbs: Sequence[Verb]) -> list[BindingType]:
    """The keys of the verbs."""
    return [
        Binding(
            it.key, f"verb('{it.name}')", it.label, it.shown,
            id=f"{screen}.{it.name.replace(' ', '-')}", tooltip=it.help,
        )
        for it in verbs
    ]  # fmt: skip


class Verbal(Screen[None]):
    """A screen whose verbs say why they cannot be done, where they cannot."""

    VERBS: ClassVar[Sequence[Verb]] = ()

    def unable(self, name: str) -> str | None:
        """Why a verb cannot be done now, or None."""
        return None

    def say(self, text: str) -> None:
        """Says something in place."""
        self.notify(printable(text), markup=False)

    def action_verb(self, name: str) -> None:
        """Does it, or says why not; a fault is told in place."""
        if not self.is_active:  # chosen in the palette, and left before it was heard
            return
        try:
            reason = self.unable(name)
            if reason is None:
                verb, _, word = name.partition(" ")
                getattr(self, f"do_{verb}")(*filter(None, [word]))
            else:
                self.say(f"No: {reason}.")
        except Exception as error:
            self.say(f"No: {as_told(error)}")

    def commands(self) -> Iterator[SystemCommand]:
        """The verbs for the palette, those that cannot be done with their reason."""
        for it in self.VERBS:
            reason = self.unable(it.name)
            told = it.help if reason is None else f"not now: {reason}"
            yield SystemCommand(
                it.label, _unmarked(f"{key_name(it.key)}: {told}"), _call(self, it.name)
            )


def key_name(key: str) -> str:
    """A key as it is told."""
    named = {"question_mark": "?", "slash": "/", "escape": "esc"}
    return "/".join(named.get(one, one.replace("ctrl+", "^")) for one in key.split(","))


def _call(screen: Verbal, name: str) -> Any:
    return lambda: screen.action_verb(name)


def _unmarked(text: str) -> str:
    """The text for where Textual reads markup: nothing starts it but a bracket."""
    return printable(text).replace("[", "(").replace("]", ")")
