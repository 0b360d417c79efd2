"""That what an exercise sets can be done: shown by the explorer, and by playing it as it is taken.

The explorer tells whether any line does it. Whether the player's seat can do it against the stated
others, within the limits, is told by a search over its choices that plays for the others as a
session does; the search is bounded, and says so where it comes to no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import Literal, TypeAlias

from negsim.classroom.goals import course, holds, played_out
from negsim.classroom.lesson import Lesson
from negsim.classroom.models import Avoid, Compare, Plays
from negsim.classroom.taking import by_chance, leads_chance
from negsim.engine import apply_action, is_terminal, legal_actions, mover
from negsim.errors import InputError, Problem, quote
from negsim.explore.arena import Watch, unwatched
from negsim.explore.diagrams import NotDecidedError
from negsim.explore.explorer import Explorer
from negsim.explore.goals import Goal, ending_where
from negsim.explore.hindsight import Hindsight
from negsim.journal import new_header
from negsim.others import LONGEST, all_passed, unasked
from negsim.pack.compile import FULL
from negsim.pack.models import By
from negsim.pack.yaml_tree import Path_
from negsim.rules import EVERYTHING
from negsim.session import Node, Session, child

Between: TypeAlias = Callable[[], object]
"""Is called now and then, and may raise to stop the work."""
Verdict: TypeAlias = Literal["proved", "refuted", "undecided"]

MOST = 3_000
"""After so many places the search is given up."""
FEW = 500
"""After so many places, where somebody waits to begin: they are searched in half a second."""
SEEDS = (0, 1, 2)
"""Where the others take any action, drawn, it is to be done with each of these seeds."""
SMALL = 40
"""A game of no more variables than this is explored within a second, and so without being asked."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found of a task: a sentence, and the line that shows it, passes included.

    `doubt` is what an author should look at though it can be done.
    """

    task: str
    path: Path_
    verdict: Verdict
    sentence: str
    line: tuple[str, ...] = ()
    doubt: str | None = None


def to_prove(lesson: Lesson) -> bool:
    """Whether anything in the exercise is for the explorer."""
    return any(isinstance(it, Plays | Compare) for it in lesson.exercise.tasks.values())


def is_small(lesson: Lesson) -> bool:
    """Whether its level is explored in no time."""
    return len(lesson.game.variables) <= SMALL


def proofs(lesson: Lesson, explorer: Explorer, between: Between = bool) -> Iterator[Proof]:
    """What is found of each task that is played or compares.

    A task that names no place of its own begins where the line that was found for the task before
    leads. `between` is called at every place of a search, and may raise to stop it.
    """
    here = lesson.start
    for name, task in lesson.exercise.tasks.items():
        here = lesson.place(task.after) if task.after is not None else here
        if isinstance(task, Compare):
            yield _comparison(lesson, name, task, explorer)
        elif isinstance(task, Plays):
            proof, here = _played(lesson, name, task, here, explorer, between)
            yield proof


class _EnoughError(Exception):
    """The search has taken long enough."""


def refuted(lesson: Lesson, explorer: Explorer, between: Between = bool) -> list[Problem]:
    """What is set and cannot be done, each with its place; the search for it is cut short."""
    found: list[Problem] = []
    places = count(1)

    def counting() -> None:
        between()
        if next(places) > FEW:
            raise _EnoughError

    with suppress(_EnoughError):
        for it in proofs(lesson, explorer, counting):
            if it.verdict == "refuted":
                message = f"task {quote(it.task)}: {it.sentence}"
                found.append(lesson.tree.problem(it.path, message, at_key=True))
    return found


def prove(lesson: Lesson, memory: int, watch: Watch = unwatched) -> None:
    """Proves in a moment, and with so many megabytes, that what an exercise sets can be done.

    Raises InputError with what cannot. What is not decided so soon keeps nobody from beginning:
    `negsim check` tells of it.
    """
    if not (to_prove(lesson) and is_small(lesson)):
        return
    from negsim import store

    hint = lesson.loaded.order if lesson.exercise.level == FULL else ()
    with suppress(NotDecidedError):
        with store.explored(lesson.game, hint, memory, watch) as explorer:
            problems = refuted(lesson, explorer, lambda: watch(f"the exercise {lesson.id}", 0))
        if problems:
            raise InputError(problems)


# Turning points.


def _comparison(lesson: Lesson, name: str, task: Compare, explorer: Explorer) -> Proof:
    """The step that closed the ending on the line, and no other, is right."""
    if task.line:
        nodes = lesson.walk(task.after, task.line)
    else:
        nodes = lesson.between(task.after, task.until)
    path: Path_ = ("tasks", name, "right")
    title = quote(task.ending)
    if not nodes or nodes[0].parent is None:
        return Proof(name, ("tasks", name), "refuted", "its line has no step; name a longer one")
    states = [nodes[0].parent.state, *(it.state for it in nodes)]
    closings = Hindsight(explorer, EVERYTHING).closings(states)
    closed = next((nodes[at] for at, them in closings.items() if task.ending in them), None)
    if closed is None:
        possible = task.ending in explorer.still_possible(states[-1])
        why = "it is still possible at its end" if possible else "it never was possible on it"
        sentence = f"no step of the line closes {title}: {why}; name another ending or line"
        return Proof(name, ("tasks", name, "ending"), "refuted", sentence)
    if lesson.game.action(closed.action).is_pass:
        sentence = f"{title} is closed by passing, which is no step to choose; name another ending"
        return Proof(name, ("tasks", name, "ending"), "refuted", sentence)
    if closed.action not in task.right:
        sentence = f"the step that closes {title} is {quote(closed.action)}; name it here"
        return Proof(name, path, "refuted", sentence, (closed.action,))
    for number, action in enumerate(task.right):
        if action != closed.action:
            sentence = (
                f"{quote(action)} does not close {title}, but {quote(closed.action)} does; "
                "leave it out"
            )
            return Proof(name, (*path, number), "refuted", sentence, (closed.action,))
    if task.beside:
        other = lesson.walk(task.after, task.beside)[-1]
        if task.ending not in explorer.still_possible(other.state):
            sentence = f"{title} does not stay possible on the branch beside it; name another"
            return Proof(name, ("tasks", name, "beside"), "refuted", sentence)
    if sum(it.action == closed.action for it in nodes) > 1:
        sentence = f"{quote(closed.action)} stands twice on the line; end it before the other"
        return Proof(name, path, "refuted", sentence)
    return Proof(name, path, "proved", f"{title} is closed there", (closed.action,))


# What is played.


def _played(
    lesson: Lesson, name: str, task: Plays, start: Node, explorer: Explorer, between: Between
) -> tuple[Proof, Node]:
    """What is found of a task that is played from there, and where the line found leads."""
    path: Path_ = ("tasks", name, "goal")
    goal = _goal(lesson, name, task, explorer)
    if holds(lesson, name, start):
        sentence = "it holds already where the task is set; change the goal or the place"
        return Proof(name, path, "refuted", sentence), start
    possible = explorer.possible(goal, start.state)
    if isinstance(task, Avoid):
        if explorer.forces((), goal, start.state):
            sentence = "in this model every line comes to it; nobody can avoid it"
            return Proof(name, path, "refuted", sentence), start
    elif not possible:
        sentence = "no line from where the task is set does it; change the goal or the place"
        return Proof(name, path, "refuted", sentence), start
    line: list[Node] = []
    last = start
    for table in _tables(lesson):
        found = table.search(name, start, explorer, goal, between)
        if isinstance(found, str):
            return _failed(name, found, table), start
        if not line:
            line, last = found.line[len(start.line) :], found
    ids = tuple(it.action for it in line)
    doubt = None
    if isinstance(task, Avoid):
        sentence = "it can be avoided"
        if not possible:
            doubt = "nothing from where the task is set leads to it; there is nothing to avoid"
    else:
        sentence = "it can be done"
        if not course(lesson, name, start, last, lesson.exercise.seats).actions:
            doubt = "it comes about without an action of the player; there is nothing to do"
    return Proof(name, path, "proved", sentence, ids, doubt), last


def _failed(name: str, found: Literal["refuted", "undecided"], table: _Table) -> Proof:
    path: Path_ = ("tasks", name, "goal")
    if found == "undecided":
        sentence = (
            f"among {MOST:,} places none was found where it is done{table.words}; play it "
            "through, or set it nearer"
        )
        return Proof(name, path, found, sentence)
    sentence = (
        f"the player cannot do it against the others, within the limits{table.words}; loosen the "
        "limits, or change the goal or the place"
    )
    return Proof(name, path, found, sentence)


def _goal(lesson: Lesson, name: str, task: Plays, explorer: Explorer) -> Goal:
    """The goal for the explorer. Of the default ending it leaves the condition out: no set of
    states has both, so that it is only told that the ending is possible."""
    ending, condition = task.goal.ending, lesson.goals[name]
    if ending is None:
        return explorer.holds(condition)
    where = ending_where(lesson.game, ending, condition)
    return explorer.ending(ending) if where is None else explorer.holds(where)


def _tables(lesson: Lesson) -> list[_Table]:
    """How the exercise may be met with: with each seed where the others are drawn; and with
    whatever may come from outside, or without it."""
    seeds = SEEDS if lesson.exercise.others == "random" and lesson.exercise.seats else SEEDS[:1]
    moved = any(it.effect is not None and it.odds != 100 for it in lesson.exercise.injects.values())
    return [
        _Table(lesson, seed, all_come) for seed in seeds for all_come in (False, True)[: moved + 1]
    ]


class _Table:
    """Who sits there, what the others do, and what comes from outside."""

    def __init__(self, lesson: Lesson, seed: int, all_come: bool) -> None:
        exercise = lesson.exercise
        seats = [*exercise.seats, None, None]
        header = new_header(
            lesson.loaded.pack.id,
            "0" * 64,
            exercise.level,
            seed=seed,
            seat=seats[0],
            others=exercise.others,
            beside=seats[1],
        )
        self.lesson = lesson
        self.session = Session(lesson.case, header)
        if leads_chance(lesson):
            self.session.nature = self._nature
        self.seed = seed
        self.all_come = all_come
        self.for_all = header.seat is None or header.others == "ask"
        self.came: frozenset[str] = frozenset()

    @property
    def words(self) -> str:
        """What is particular to this table, in words."""
        drawn = self.lesson.exercise.others == "random" and bool(self.lesson.exercise.seats)
        said = f" with the seed {self.seed}" if drawn else ""
        return said + (" once all has come from outside" if self.all_come else "")

    def search(
        self, name: str, start: Node, explorer: Explorer, goal: Goal, between: Between
    ) -> Node | Literal["refuted", "undecided"]:
        """The last place of a line that does the task; or that there is none, or none was found.

        What the explorer says is nearest to the goal is tried first. What looks alike, with as much
        of the limits left, is tried once.
        """
        lesson = self.lesson
        task = lesson.exercise.tasks[name]
        assert isinstance(task, Plays)
        avoids = isinstance(task, Avoid)
        numbers = count()
        waiting: list[tuple[int, int, int, Node]] = []
        known: set[object] = set()

        def distance(node: Node) -> int | None:
            if explorer.is_default(goal):
                return 0 if explorer.possible(goal, node.state) else None
            return explorer.distance(goal, node.state)

        def found(places: list[Node]) -> Node | None:
            """Files where these places lead to, unless the task is done or lost on the way."""
            here = places[-1]
            if any(holds(lesson, name, it) for it in places):
                return None if avoids else here
            so_far = course(lesson, name, start, here, lesson.exercise.seats)
            if avoids and played_out(lesson, so_far):
                return here
            ends = is_terminal(lesson.game, here.state)
            if ends or so_far.limit is not None:
                return None
            left = distance(here)
            if left is None and not avoids:
                return None
            key = self._alike(here, so_far.actions if task.within.actions else 0)
            if key not in known:
                known.add(key)
                first = (-here.round, so_far.actions) if avoids else (left or 0, so_far.actions)
                heappush(waiting, (*first, next(numbers), here))
            return None

        places = self._on(start, None, [start])
        end = found(places)
        while end is None and waiting:
            between()
            if len(known) > MOST:
                return "undecided"
            here = heappop(waiting)[-1]
            for action in self._choices(here):
                end = found(self._on(start, here, [self._taken(here, action)]))
                if end is not None:
                    break
        return end if end is not None else "refuted"

    def _alike(self, here: Node, actions: int) -> object:
        """What two places share from which the same can follow."""
        exercise = self.lesson.exercise
        rounds = here.round if exercise.injects or self._counts_rounds else 0
        others: object = here.id if here.recorded else None
        if not self.for_all and exercise.others == "random":
            others = here.path
        elif not self.for_all and exercise.others == "record":
            taken = (it.action for it in here.line if not it.action.startswith("pass/"))
            others = frozenset(it for it in taken if not self._sits(it))
        return here.state, rounds, actions, others

    @property
    def _counts_rounds(self) -> bool:
        tasks = self.lesson.exercise.tasks.values()
        return any(it.within.rounds is not None for it in tasks if isinstance(it, Plays))

    def _sits(self, action: str) -> bool:
        return self.session.header.sits(self.lesson.game.action(action).mover)

    def _choices(self, here: Node) -> Iterator[str]:
        """What the player can do: their own actions, and to pass for whoever has the turn."""
        who = mover(self.lesson.game, here.state)
        own = who is not None and (self.for_all or self.session.header.sits(who))
        for action in legal_actions(self.lesson.game, here.state):
            if own or action.is_pass:
                yield action.id

    def _taken(self, here: Node, action: str, by: By | None = None) -> Node:
        """The place to which an action leads: on the record, where it goes on there."""
        following = self.lesson.case.following(here) if here.recorded else None
        if following is not None and following.action == action:
            return following
        game = self.lesson.game
        return child(game, here, action, apply_action(game, here.state, action), "", by)

    def _on(self, start: Node, asked: Node | None, places: list[Node]) -> list[Node]:
        """The places with those that follow without asking; `asked` is where the player was last:
        what comes from outside, comes once they are asked."""
        since = asked.round - start.round + 1 if asked is not None else 0
        self.came = frozenset(
            name
            for name, it in self.lesson.exercise.injects.items()
            if since >= it.round and (self.all_come or it.odds == 100)
        )
        header, game = self.session.header, self.lesson.game
        trunk = self.lesson.case.trunk
        stops = trunk[-1] if len(trunk) > 1 else None
        for _ in range(LONGEST):
            here = places[-1]
            if here is stops:
                break
            chosen = unasked(self.session, here)
            if chosen is None:
                break
            after = self._taken(here, *chosen)
            places.append(after)
            who = mover(game, after.state)
            answers = who is None or header.sits(who) or header.others == "ask"
            if all_passed(game, after) and answers:
                break
        return places

    def _nature(self, node: Node) -> str:
        came = [name for name in self.lesson.exercise.injects if name in self.came]
        return by_chance(self.lesson, node, came)
