"""Every error a person can meet. Each message says where, what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


class NegsimError(Exception):
    """The root: whatever is raised on purpose. Commands print it without a traceback."""


class GameError(NegsimError):
    """A rule table contradicts itself; the message lists each contradiction."""


class UnknownNameError(NegsimError):
    """A pack, action, variable, value or viewpoint that does not exist."""

    def __init__(self, kind: str, name: str, known: Iterable[str], where: str = "") -> None:
        place = f" in {where}" if where else ""
        super().__init__(f"no {kind} {quote(name)}{place}{suggestion(name, known)}")
        self.name = name


class IllegalActionError(NegsimError):
    """An action that the rules refuse in this state; `reason` is the sentence why."""

    def __init__(self, action_id: str, reason: str) -> None:
        super().__init__(f"{action_id} is refused: {reason}")
        self.action_id = action_id
        self.reason = reason


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in one file. Lines and columns count from 1; 0 is the file as a whole."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class InputError(NegsimError):
    """A pack or a script that cannot be used: carries every problem found in it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def quote(text: object, limit: int = 60) -> str:
    """Text from outside, in double quotes, on one line, harmless to a terminal and bounded."""
    shown = printable(str(text))
    return f'"{shown if len(shown) <= limit else shown[: limit - 3] + "..."}"'


def printable(text: str) -> str:
    """The text with whatever a terminal could obey, or a reader not see, written as an escape."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in text
    )


def suggestion(name: str, known: Iterable[str]) -> str:
    """The end of a message on an unknown name: `; did you mean "x"?`, or what there is."""
    names = list(known)
    near = get_close_matches(name, names, n=3, cutoff=0.6)
    if near:
        return "; did you mean " + " or ".join(quote(item) for item in near) + "?"
    if names and len(names) <= 12:
        return "; there is " + ", ".join(sorted(quote(item) for item in names))
    return ""
