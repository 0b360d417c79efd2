"""What a person at an exercise in line mode hears and says, and the curtain between two of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from negsim.classroom.taking import Taking
from negsim.classroom.telling import opening_lines, private_lines
from negsim.errors import NegsimError
from negsim.prompt import Closes, Lines
from negsim.text import wrap
from negsim.views import party_name

LEAVE = ("quit", "exit", "q")
CURTAIN = 60
"""So many blank lines hide what stands on the screen."""
BOTH = ""
"""Both who sit at one terminal look at it."""


class LeavingError(Exception):
    """The person leaves; everything is kept."""


class Talk:
    """One who sits at a terminal, or two; `kept` is their file, `again` the command that goes on
    with it. `heard` are the things from outside that each seat was told of."""

    def __init__(
        self,
        taking: Taking,
        read: Callable[[str], str],
        write: Callable[[str], None],
        width: Callable[[], int],
        closes: Closes,
        kept: Path,
        again: str,
        forget: Callable[[], None],
    ) -> None:
        self.taking = taking
        self.lesson = taking.lesson
        self.read = read
        self.write = write
        self.width = width
        self.closes = closes
        self.kept = kept
        self.again = again
        self.forget = forget
        self.at = BOTH
        self.heard: set[tuple[str, str]] = set()

    def say(self, lines: Lines) -> None:
        """Writes the lines."""
        for line in lines:
            self.write(line)

    def told(self, text: str) -> None:
        """Writes a text in lines of the width."""
        self.say(wrap(text, self.width()))

    def refused(self, error: NegsimError | str) -> None:
        """Says why something cannot be done, and what can."""
        self.say(wrap(f"No: {error}", self.width(), "", "    "))

    def ask(self, question: str) -> str:
        """A line of input. Raises LeavingError at its end, and where the person says so."""
        try:
            words = self.read(question).strip()
        except EOFError as error:
            raise LeavingError from error
        if words.lower() in LEAVE:
            raise LeavingError
        return words

    # Who looks at the screen.

    @property
    def two(self) -> bool:
        """Whether two sit here."""
        return len(self.taking.seats) == 2

    def hand_over(self, to: str) -> bool:
        """Draws the curtain before another who sits at the terminal; whether it was drawn."""
        if not self.two or to == self.at:
            return False
        self.at = BOTH  # who leaves at the curtain has seen nothing
        self.say([""] * CURTAIN)
        self.forget()
        if to == BOTH:
            self.told("Both look at the screen again.")
            self.ask("Enter when both do: ")
        else:
            self.told(f"Hand over to {self.name_of(to)}.")
            self.ask(f"Enter when {self.name_of(to)} sits here: ")
        self.at = to
        return True

    def name_of(self, seat: str) -> str:
        """A seat as it stands in a sentence."""
        return party_name(self.lesson.loaded.pack, seat)

    def brief(self) -> Lines:
        """The brief again; a private one is told to who alone sits here."""
        yield from opening_lines(self.lesson, self.width())
        alone = self.at if self.two else next(iter(self.taking.seats), BOTH)
        if alone:
            yield from private_lines(self.lesson, alone, self.width())


def help_lines(commands: tuple[tuple[str, str], ...], width: int) -> list[str]:
    """What can be typed, and what each does."""
    return [
        line for what, does in commands for line in wrap(f"{what}: {does}", width, "  ", " " * 6)
    ]
