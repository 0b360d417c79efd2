"""Tasks that are played: how far a line has come, and whether it did what was asked.

Only states and the line count, so that whoever replays the journal comes to the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from negsim.classroom.lesson import Lesson
from negsim.classroom.models import Avoid, Find, Plays, Reach
from negsim.engine import is_terminal, outcome
from negsim.others import all_passed
from negsim.rules import NATURE, compile_test
from negsim.session import Node


@dataclass(frozen=True, slots=True)
class Course:
    """What was played of a task: the places from its start on, and what they came to.

    `actions` are those of the player, `rounds` those that were begun. `limit` is why nothing more
    may be played, if so.
    """

    line: tuple[Node, ...]
    actions: int
    rounds: int
    limit: str | None


def holds(lesson: Lesson, name: str, node: Node) -> bool:
    """Whether the goal of the task holds at a place."""
    task = lesson.exercise.tasks[name]
    assert isinstance(task, Plays)
    state = node.state
    if task.goal.ending is not None:
        reached = outcome(lesson.game, state)
        default = lesson.game.default_ending
        lapsed = default is not None and default.id == task.goal.ending
        if reached is not None:
            if reached.ending.id != task.goal.ending:
                return False
        elif not (lapsed and all_passed(lesson.game, node)):
            return False
    return compile_test(lesson.game, lesson.goals[name])(state)


def course(lesson: Lesson, name: str, start: Node, here: Node, seats: Sequence[str]) -> Course:
    """What was played from where the task was set up to a place on a line from there; `seats` are
    the player's, none where they act for all."""
    task = lesson.exercise.tasks[name]
    assert isinstance(task, Plays)
    path = here.line
    line = path[len(start.line) :] if start.parent is None or start in path else []
    own = [node for node in line if _is_own(lesson, node, seats)]
    rounds = here.round - start.round
    limit = None
    if task.within.actions is not None and len(own) >= task.within.actions:
        limit = _over(task.within.actions, "action", "used up")
    elif task.within.rounds is not None and rounds >= task.within.rounds:
        limit = _over(task.within.rounds, "round", "over")
    return Course((*line,), len(own), rounds, limit)


def _over(count: int, what: str, said: str) -> str:
    many = f"one {what} of this task is" if count == 1 else f"{count} {what}s of this task are"
    return f"the {many} {said}"


def _is_own(lesson: Lesson, node: Node, seats: Sequence[str]) -> bool:
    action = lesson.game.action(node.action)
    if action.is_pass or action.mover == NATURE:
        return False  # a step of the record that they took themselves is theirs
    return not seats or action.mover in seats


def done(lesson: Lesson, name: str, found: Course, tried: Iterable[Node] = ()) -> bool:
    """Whether what was asked was done.

    Reach: the goal holds somewhere on the line. Avoid: it holds nowhere, and the line was played to
    the limit, to an ending, or to where a round of passes changed nothing. Find: it holds at any of
    the places off the record that were `tried`.
    """
    task = lesson.exercise.tasks[name]
    if isinstance(task, Find):
        return any(holds(lesson, name, node) for node in tried)
    reached = any(holds(lesson, name, node) for node in found.line)
    if isinstance(task, Reach):
        return reached
    assert isinstance(task, Avoid)
    return not reached and played_out(lesson, found)


def played_out(lesson: Lesson, found: Course) -> bool:
    """Whether the line went as far as it could."""
    if found.limit is not None:
        return True
    if not found.line:
        return False
    last = found.line[-1]
    return is_terminal(lesson.game, last.state) or all_passed(lesson.game, last)
