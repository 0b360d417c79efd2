"""What was done against the rules of an exercise, told from its journal entry by entry.

Screens and prompt never allow any of it, so it is found only where a journal was written by other
means. A task in which play was not fair earns nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from negsim.classroom.goals import course
from negsim.classroom.models import Find, Judge, Plays
from negsim.classroom.taking import Taking, comes
from negsim.engine import mover
from negsim.errors import quote
from negsim.journal import Answered, AnyEntry, Applied, Injected, Journal, Went
from negsim.others import unasked
from negsim.pack.models import By
from negsim.rules import NATURE
from negsim.session import Node


@dataclass(frozen=True, slots=True)
class Breach:
    """Something against the rules: its entry, what it was, and the task that earns nothing."""

    entry: int
    text: str
    task: str | None = None


Sat: TypeAlias = tuple[str | None, str | None, str]
"""Who sits, who beside them, and what the others do."""
Foreseen: TypeAlias = dict[tuple[bytes, tuple[str, ...], int, Sat], tuple[str, By] | None]
"""What is done without asking after a line and what came from outside, by the seed if it draws, and
by what the header says of seats and others."""


def breaches(
    taking: Taking, journal: Journal, foreseen: Foreseen | None = None
) -> tuple[Breach, ...]:
    """Everything that was done against the rules of the exercise, in the order of the entries.

    Who grades many journals of one exercise gives the same `foreseen` to all: it is filled once.
    """
    return tuple(_Walk(taking, journal, {} if foreseen is None else foreseen).everything())


class _Walk:
    """Goes through the entries again: where the session stood at each, and which task it was."""

    def __init__(self, taking: Taking, journal: Journal, foreseen: Foreseen) -> None:
        self.foreseen = foreseen
        self.taking = taking
        self.lesson = taking.lesson
        self.session = taking.session
        self.journal = journal
        self.exercise = self.lesson.exercise
        self.tasks = [*self.exercise.tasks]
        self.task = self.tasks[0] if self.tasks else None
        self.plays = self._plays()
        header, game = self.session.header, self.session.game
        self.mine = {it for it in game.movers if header.sits(it) or header.others == "ask"}
        self.here = self.session.case.trunk[0]
        self.answered: set[str] = set()
        self.fresh = True
        self.came: list[tuple[str, Node]] = []
        self.sits = self._turn()
        self.by_hand: dict[bytes, int] = {}  # the entries of what a person played, by its line
        self.prepared = {it.path for it in self.lesson.start.line}
        self.due = {
            name: it
            for name, it in self.exercise.injects.items()
            if it.odds is not None and comes(journal.header.seed, name, it)
        }

    def _turn(self) -> str | None:
        """Which of two seats has the turn, if one has."""
        if len(self.exercise.seats) < 2:
            return None
        who = mover(self.session.game, self.here.state)
        return who if who in self.exercise.seats else None

    def _plays(self) -> bool:
        """Whether the task under way is one that is played."""
        return self.task is not None and isinstance(self.exercise.tasks[self.task], Plays)

    @property
    def played(self) -> str | None:
        """The task that is played now, or the next that will be."""
        rest = (it for it in self.tasks if it not in self.answered)
        return next((it for it in rest if isinstance(self.exercise.tasks[it], Plays)), None)

    def everything(self) -> Iterator[Breach]:
        yield from self._header()
        came = self.session.injects
        try:
            for entry in self.journal.entries:
                yield from self._entry(entry, self.session.stood[str(entry.id)])
        finally:
            self.session.injects = came

    def _header(self) -> Iterator[Breach]:
        """The seats and the others are the exercise's, whatever the journal says."""
        header, exercise = self.journal.header, self.exercise
        seats = [it for it in (header.seat, header.beside) if it is not None]
        if seats == exercise.seats and header.others == exercise.others:
            return
        text = "the seat, or what the others do, is not that of the exercise"
        yield Breach(0, text)
        for name, task in exercise.tasks.items():
            if isinstance(task, Plays):
                yield Breach(0, text, name)

    def _entry(self, entry: AnyEntry, node: Node) -> Iterator[Breach]:
        match entry:
            case Applied():
                if self.task is not None and node.path not in self.prepared:
                    yield from self._applied(entry, node)
                self.here = node
                self.sits = self._turn() or self.sits
                self.fresh = self.fresh and node.path in self.prepared
            case Went():
                if self.task is not None:
                    yield from self._went(entry, node)
                self.here = node
                self.fresh = self.fresh and entry.id == 1
            case Answered():
                yield from self._answered(entry)
            case Injected():
                yield from self._injected(entry)
                self.fresh = False
            case _:
                self.fresh = False

    def _applied(self, entry: Applied, node: Node) -> Iterator[Breach]:
        action = self.session.game.by_id[entry.action]
        person = entry.by is None
        last = self.session.case.trunk[-1]
        if not person or not (action.mover in self.mine or (action.is_pass and self.here is last)):
            expected = self._expected(action.mover)
            if expected is None or expected[0] != entry.action:
                yield self._untrue(entry)
            elif not person and entry.by != expected[1]:
                yield self._untrue(entry)
        elif not self.plays:
            text = f"{quote(entry.action)} was played while nothing is played"
            yield Breach(entry.id, text, self.played)
        if person:
            self.by_hand.setdefault(node.path, entry.id)
        if person and self.plays and self.due:
            yield from self._missing(entry)

    def _expected(self, who: str) -> tuple[str, By] | None:
        """What is done here, in the turn of that party or of chance, without asking."""
        came = tuple(name for name, _ in self.came)
        header = self.session.header
        draws = who == NATURE or header.others == "random"
        sat = header.seat, header.beside, header.others
        key = self.here.path, came, header.seed if draws else 0, sat
        if key not in self.foreseen:
            self.session.injects = (*self.came,)
            self.foreseen[key] = unasked(self.session, self.here)
        return self.foreseen[key]

    def _untrue(self, entry: Applied) -> Breach:
        """What was done for another, and would not have been."""
        said = {
            None: "was played for another party",
            "record": "is said to follow the record, and does not",
            "chance": "is said to be drawn, and the seed draws another",
            "rule": "is said to follow from the rule for the others, and does not",
        }[entry.by]
        return Breach(entry.id, f"{quote(entry.action)} {said}", self.played)

    def _missing(self, entry: Applied) -> Iterator[Breach]:
        """What the seed draws comes before anything more is played."""
        came = {name for name, _ in self.came}
        for name, it in self.due.items():
            if name not in came and self._round >= it.round:
                text = f"{quote(name)} is drawn from the seed, and did not come"
                self.came.append((name, self.here))
                yield Breach(entry.id, text, self.task)

    @property
    def _round(self) -> int:
        """The round of play, from 1, counted from where the task began."""
        assert self.task is not None
        return self.here.round - self.taking.began(self.task).round + 1

    def _went(self, entry: Went, node: Node) -> Iterator[Breach]:
        name = self.task
        assert name is not None
        task = self.exercise.tasks[name]
        if self.fresh and self._set(entry, name, node):
            return
        if not self.plays:
            yield from self._strayed(entry, name)
            return
        if isinstance(task, Find):
            start = self.taking.began(name)
            if not (start.parent is None or start is node or start in node.line):
                yield Breach(entry.id, "went to a place that is not on a line from the task", name)
            return
        back = node is self.here.parent
        if back and self._others(node):
            yield Breach(entry.id, "took back what the other seat had done", name)
        elif back and self.session.game.action(self.here.action).kind == "deliver":
            yield Breach(entry.id, f"went back behind {quote(self.here.action)}", name)
        elif not back and node.parent is not self.here:
            yield Breach(entry.id, "went to another place, where only undo goes back", name)

    def _strayed(self, entry: Went, name: str) -> Iterator[Breach]:
        """Where nothing is played the session stays where it is: the next task begins there, and
        a player's own paper is read there."""
        text = "went to another place while nothing is played"
        yield Breach(entry.id, text, self.played)
        task = self.exercise.tasks[name]
        if isinstance(task, Judge) and task.own:
            yield Breach(entry.id, text, name)

    def _others(self, node: Node) -> bool:
        """Whether what is taken back was done by the other of two who sit there."""
        by_hand = self.here.path in self.by_hand
        return by_hand and self.sits not in (None, mover(self.session.game, node.state))

    def _set(self, entry: Went, name: str, node: Node) -> bool:
        """Whether the place is where the task is set; at the first entry, where the exercise
        starts."""
        place = self.exercise.start if entry.id == 1 else self.exercise.tasks[name].after
        return place is not None and node.id == self.lesson.place_id(place)

    def _answered(self, entry: Answered) -> Iterator[Breach]:
        name = entry.task
        if name not in self.exercise.tasks:
            if name not in self.exercise.check:
                yield Breach(entry.id, f"the exercise has no task {quote(name)}")
            return
        if name in self.answered:
            yield Breach(
                entry.id, f"{quote(name)} was answered again; only the first answer counts"
            )
            return
        if name != self.task:
            yield Breach(entry.id, f"{quote(name)} was answered before those before it", name)
        task = self.exercise.tasks[name]
        if isinstance(task, Plays) and not isinstance(task, Find):
            yield from self._line(entry, name)
        self.answered.add(name)
        self.fresh = True
        self.task = next((it for it in self.tasks if it not in self.answered), None)
        self.plays = self._plays()

    def _line(self, entry: Answered, name: str) -> Iterator[Breach]:
        """The line goes on from where the task was set, and no further than its limit."""
        start = self.taking.began(name)
        line = self.here.line
        if start.parent is not None and start not in line:
            text = f"{quote(name)} does not go on from where it was set"
            yield Breach(entry.id, text, name)
            return
        own = [it for it in line[len(start.line) :] if it.path in self.by_hand]
        if not own:
            return
        before = own[-1].parent
        seats = self.taking.seats
        while not seats and before in own and self.session.game.action(before.action).is_pass:
            before = before.parent  # who acts for all passes for others in the same step
        assert before is not None
        limit = course(self.lesson, name, start, before, seats).limit
        if limit is not None:
            yield Breach(self.by_hand[own[-1].path], f"played on, but {limit}", name)

    def _injected(self, entry: Injected) -> Iterator[Breach]:
        name = entry.inject
        it = self.exercise.injects.get(name)
        if it is None:
            yield Breach(entry.id, f"the exercise has no inject {quote(name)}")
            return
        if name in {known for known, _ in self.came}:
            yield Breach(entry.id, f"{quote(name)} came a second time")
            return
        self.came.append((name, self.here))
        task = self.task
        if task is None:
            return
        if it.odds is None:
            if self._round < it.round:
                yield Breach(entry.id, f"{quote(name)} came before its round", self.played)
            return
        if name not in self.due or not self.plays or self._round < it.round:
            yield Breach(
                entry.id, f"{quote(name)} came, and the seed does not draw it there", self.played
            )
