"""A task that is played, in line mode."""

from __future__ import annotations

from collections.abc import Iterator

from negsim.classroom.models import Plays
from negsim.classroom.talk import BOTH, Talk, help_lines
from negsim.classroom.telling import inject_lines, left_lines, word_lines
from negsim.errors import NegsimError, printable, quote
from negsim.prompt import HELP, RULES, TELLS, Lines, Prompt
from negsim.rules import NATURE
from negsim.session import Node
from negsim.text import wrap
from negsim.views import party_name, place

PLAYED = (
    ("done", "be done with this task; what comes after does not count for it"),
    ("bring NAME", "bring in what whoever leads the class says"),
    ("words", "the words that the exercise teaches"),
)
"""What can be typed besides where a task is played."""
REASON = 600
"""The longest reason, in letters."""


class Playing(Prompt):
    """The prompt while a task is played: what comes from outside, the limits, reasons, and the
    curtain between two who sit at one terminal."""

    def __init__(self, talk: Talk, name: str) -> None:
        self.talk = talk
        self.taking = talk.taking
        super().__init__(
            self.taking.session,
            talk.read,
            talk.write,
            talk.width,
            talk.closes,
            talk.kept,
            talk.again,
            self.taking.sitting,
        )
        task = self.taking.lesson.exercise.tasks[name]
        assert isinstance(task, Plays)
        self.name = name
        self.task = task
        self.ended = "What now: `done`, undo, or quit."
        self.commands = {
            **self.commands,
            "done": self._done,
            "bring": self._bring,
            "words": self._words,
        }
        self._finished = False
        self._warned = False
        self._fresh = not self.taking.played(name).actions
        since = self.taking.began(name) if self._fresh else self.taking.session.here
        self._told = since
        self._told_to: dict[str, Node] = dict.fromkeys(self.taking.seats, since)
        self._who = self.sitting.eyes

    def play(self) -> None:
        """Asks and answers until the task is done. Raises LeavingError."""
        self._say(self._opening())
        self._say(self._asked())
        while not self._finished:
            self._hear(self.talk.ask("> "))

    def _opening(self) -> Iterator[str]:
        others = {*self.sitting.game.movers} - {NATURE, *self.taking.seats}
        if self.taking.seats and others:
            yield from wrap(RULES[self.sitting.session.header.others], self._columns)
        yield from wrap("Type `done` when you are done with this task.", self._columns)
        if not self._fresh:
            self._settle()
            where = place(self.sitting.case, self.sitting.here, self.sitting.eyes)
            yield from wrap(f"You stand {where}", self._columns)

    def _settle(self) -> None:
        """What follows a move, and who looks at the screen then."""
        self.taking.moved()
        eyes = self.sitting.eyes
        if eyes != self._who:
            self._told_to[self._who] = self.sitting.here
            self._told = self._told_to.get(eyes, self.sitting.here)
            self._explained.clear()
            self._who = eyes
        while self._told.parent is not None and self._told not in self.sitting.here.line:
            self._told = self._told.parent
        if self.talk.hand_over(eyes if len(self.taking.seats) == 2 else BOTH):
            self._say(self._again_asked())

    def _again_asked(self) -> Iterator[str]:
        seat = party_name(self.sitting.pack, self.sitting.eyes)
        yield from wrap(f"For {seat} alone. Your task: {self.task.ask}", self._columns)

    def _moved(self) -> Iterator[str]:
        self._settle()
        yield from super()._moved()

    def _asked(self) -> Iterator[str]:
        self._settle()
        yield from self._heard()
        yield from super()._asked()
        if self.sitting.mover is None:
            yield from self._left()

    def _heard(self) -> Iterator[str]:
        """What came from outside and was not told here yet."""
        injects = self.taking.lesson.exercise.injects
        eyes = self.sitting.eyes
        for name, _ in self.taking.session.injects:
            it = injects.get(name)
            if it is None or (eyes, name) in self.talk.heard:
                continue
            self.talk.heard.add((eyes, name))
            if not it.to or not self.taking.seats or eyes in it.to:
                yield from inject_lines(it, self._columns)

    def _turn(self) -> Iterator[str]:
        stopped = self.sitting.rules.stopped
        if stopped is None:
            yield from super()._turn()
            yield from self._left()
        else:
            yield from wrap(f"Nothing more can be played: {stopped}.", self._columns)
            yield from wrap(self.ended, self._columns)

    def _left(self) -> Iterator[str]:
        return left_lines(self.task, self.taking.played(self.name), self._columns)

    def _answer(self, words: str) -> Lines:
        return super()._answer(words) if words else self._turn()

    def _take(self, action_id: str) -> None:
        action = self.sitting.own(action_id)
        reason = None
        may = self.sitting.rules.stopped is None and action in self.sitting.choices
        if self.task.reasons and action.kind == "answer" and may:
            self._say(wrap(action.text, self._columns))
            reason = self._reason()
        self.sitting.take(action_id, reason)

    def _reason(self) -> str | None:
        while True:
            words = self.talk.ask("Why? In one line (Enter: no reason; back: do not): ")
            if words.lower() == "back":
                raise NegsimError("it was not done")
            length = len(printable(" ".join(words.split())))
            if length <= REASON:
                return words or None
            self.talk.refused(f"that is {length} letters; write at most {REASON}")

    def _done(self, rest: str) -> Lines:
        if rest:
            raise NegsimError(f"done stands alone; leave out {quote(rest)}")
        course = self.taking.played(self.name)
        began = course.actions or course.rounds or self.taking.tried(self.name)
        if not began and not self._warned:
            self._warned = True
            raise NegsimError("you have done nothing in this task yet; `done` again leaves it so")
        self.taking.finish()
        self._finished = True
        return ()

    def _bring(self, name: str) -> Lines:
        if not name:
            raise NegsimError("bring needs the name that whoever leads the class tells you")
        self.taking.bring(name)
        return self._asked()

    def _words(self, _: str) -> Lines:
        return word_lines(self.taking.lesson, self._columns)

    def _brief(self, _: str) -> Lines:
        return self.talk.brief()

    def _help(self, _: str) -> Lines:
        hides = self.sitting.rules.hides
        hidden = [it for it, tells in TELLS.items() if hides.intersection(tells)]
        told = [(what, does) for what, does in HELP if _first(what) not in (*hidden, "tree")]
        if not self.sitting.rules.final:
            tree = "" if "tree" in hidden else "tree, "
            told.append((f"{tree}goto PLACE", "go to a place of this task by its number or name"))
        return help_lines((*PLAYED, *told), self._columns)


def _first(what: str) -> str:
    """The command that a line of the help begins with."""
    return what.replace(",", " ").split()[0]
