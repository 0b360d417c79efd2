"""The class: what was handed in, in an order that is no file's and no name's."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from hashlib import sha256

from negsim.classroom.lesson import Lesson, task_title
from negsim.classroom.models import PLAYED, Judge
from negsim.classroom.questions import Question
from negsim.classroom.taking import Taking
from negsim.debrief.reading import level_pack
from negsim.debrief.told import Told
from negsim.errors import NegsimError
from negsim.journal import Given
from negsim.pack.models import Pack
from negsim.session import Node


class Class:
    """An exercise and those who took it; with `names`, words are told with their team."""

    def __init__(self, lesson: Lesson, takings: Iterable[Taking], *, names: bool = False) -> None:
        self.lesson = lesson
        self.takings = tuple(sorted(takings, key=lambda it: it.session.header.session))
        self.names = names
        self._asked: dict[str, dict[str, Question]] = {}

    @cached_property
    def pack(self) -> Pack:
        """The pack at the level that was played."""
        return level_pack(self.lesson.case)

    def who(self, taking: Taking) -> str:
        """Whose it is, if that is told."""
        header = taking.session.header
        if not self.names:
            return ""
        return header.team or ", ".join(header.members) or "a team without a name"

    def titled(self, name: str, ask: str) -> str:
        """A task by its title, with what is asked."""
        title = task_title(self.lesson, name)
        return f"{title} {ask}" if title[-1] in ".?!" else f"{title}: {ask}"

    # Tasks that are played.

    @property
    def played(self) -> list[str]:
        """The tasks that are played, by id."""
        tasks = self.lesson.exercise.tasks
        return [name for name, task in tasks.items() if isinstance(task, PLAYED)]

    def course(self, taking: Taking, name: str) -> list[Node]:
        """The places of a task that is played, from its start to where it was done with or the
        session stands; none where it was not come to."""
        if name not in taking.answers and name != taking.task:
            return []
        if name == taking.task and not taking.session.entries:
            return []
        line = list(taking.played(name).line)
        parent = line[0].parent if line else None
        return line if parent is not None and parent.id == taking.began(name).id else []

    def ends(self, name: str) -> dict[Taking, Node]:
        """Where each line of a task stopped; only of those who took a step in it."""
        game = self.lesson.game
        found = {}
        for taking in self.takings:
            line = self.course(taking, name)
            if any(not game.action(it.action).is_pass for it in line):
                found[taking] = line[-1]
        return found

    # Tasks that ask.

    def keyed(self, taking: Taking, name: str) -> dict[str, Question]:
        """The questions of a task by the key of their answers."""
        task = self.lesson.exercise.tasks[name]
        if isinstance(task, Judge) and task.own:
            return taking.keyed(name)
        if name not in self._asked:
            self._asked[name] = taking.keyed(name)
        return self._asked[name]

    def given(self, name: str) -> dict[str, list[tuple[Taking, Question, Given]]]:
        """What was answered to each question of a task, by its key; what is no answer to it is
        left out."""
        found: dict[str, list[tuple[Taking, Question, Given]]] = {}
        for taking in self.takings:
            answer = taking.answers.get(name)
            if answer is None:
                continue
            for key, question in self.keyed(taking, name).items():
                given = answer.given.get(key)
                if given is not None and _is_answer(question, given):
                    found.setdefault(key, []).append((taking, question, given))
        return found


def _is_answer(question: Question, given: Given) -> bool:
    try:
        question.chosen(given)
    except NegsimError:
        return False
    return True


def few(texts: Iterable[tuple[str, str]], most: int) -> tuple[Told, ...]:
    """Of texts with whose they are at most so many, in the order of the alphabet, and how many are
    left out. Which ones is drawn from the texts alone."""
    every = sorted(texts)
    some = sorted(every, key=lambda it: sha256("\0".join(it).encode()).digest())[:most]
    some.sort(key=lambda it: (it[0].casefold(), it))
    told = [Told(text, (), who, "person") for text, who in some]
    if len(every) > len(some):
        told.append(Told(f"and {len(every) - len(some)} more that are not shown here"))
    return tuple(told)
