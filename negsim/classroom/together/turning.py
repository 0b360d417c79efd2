"""Turning points of the class's lines, and the endings that were reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from negsim.answers import ending_title
from negsim.classroom.lesson import task_title
from negsim.classroom.together.hands import Class
from negsim.classroom.together.told import Bar, Bars, Block, Part, part_of
from negsim.debrief.told import Listing, Table, Told, columns_of
from negsim.engine import is_terminal, outcome
from negsim.explore.arena import Watch, unwatched
from negsim.explore.hindsight import Hindsight
from negsim.others import all_passed
from negsim.rules import State

MOST = 15
"""So many steps are told: those that most passed."""

Closed = Mapping[tuple[State, State], tuple[str, ...]]
"""For each step between two states the endings that it closed."""
Turned = Mapping[tuple[str, ...], Mapping[int, tuple[str, ...]]]
"""For each line, as the digests of its places, the endings that each step closed, from 0."""


def closings(group: Class, hindsight: Hindsight, watch: Watch = unwatched) -> Turned:
    """What the steps of the class's lines closed. `watch` may raise to stop the work."""
    found = {}
    for states in _lines(group).values():
        key = _key(states)
        if key not in found:
            found[key] = hindsight.closings(states, lambda: watch("turning points", 0))
    return found


def _key(states: list[State]) -> tuple[str, ...]:
    return tuple(it.hex() for it in states)


def _lines(group: Class) -> dict[tuple[str, int], list[State]]:
    """The lines of tasks that are played, by task and number."""
    found = {}
    for name in group.played:
        for number, taking in enumerate(group.takings):
            course = group.course(taking, name)
            if course and course[0].parent is not None:
                found[name, number] = [course[0].parent.state, *(it.state for it in course)]
    return found


def turning(group: Class, turned: Turned | None) -> Part:
    """The steps that closed an ending, and how many passed them; None: not worked out."""
    lead = (
        "Steps after which an ending was no longer possible in this model, whatever anybody did. "
        "Another rule would give another turning point."
    )
    blocks: list[Block] = []
    if turned is None:
        if _lines(group):
            text = "They were not worked out in the time that was allowed."
            blocks.append(Listing("", (Told(text, (), "Not told"),)))
        return part_of("turning", "Turning points", lead, *blocks)
    game = group.lesson.game
    for name in group.played:
        passed: Counter[tuple[str, tuple[str, ...]]] = Counter()
        recorded: set[str] = set()
        ending: set[tuple[str, tuple[str, ...]]] = set()
        lines = 0
        for taking in group.takings:
            course = group.course(taking, name)
            if not course or course[0].parent is None:
                continue
            lines += 1
            states = [course[0].parent.state, *(it.state for it in course)]
            for step, endings in turned.get(_key(states), {}).items():
                passed[course[step].action, endings] += 1
                if course[step].recorded:
                    recorded.add(course[step].action)
                if is_terminal(game, course[step].state):
                    ending.add((course[step].action, endings))
        order = sorted(passed, key=lambda it: (-passed[it], it))
        rows = tuple(
            (
                Told(game.action(action).text or action),
                Told("; ".join(ending_title(game, it) for it in endings)),
                Told(f"{passed[action, endings]} of {lines}"),
                Told(
                    ("on the record" if action in recorded else "off the record")
                    + ("; the line ended there" if (action, endings) in ending else "")
                ),
            )
            for action, endings in order[:MOST]
        )
        columns = columns_of(
            "Step", "No longer possible after it", "Passed by", "Beside the record"
        )
        title = task_title(group.lesson, name)
        blocks.append(Table(title, columns, rows))
        if len(order) > MOST:
            text = f"{len(order) - MOST} other steps, each passed by fewer"
            blocks.append(Listing("", (Told(text, (), "Not shown"),)))
        if lines and not order:
            text = "No step of these lines closed an ending in this model."
            blocks.append(Listing("", (Told(text, (), title),)))
    return part_of("turning", "Turning points", lead, *blocks)


def endings(group: Class) -> Part:
    """Where the lines stopped, and how many did what was asked."""
    game = group.lesson.game
    blocks: list[Block] = []
    for name in group.played:
        stopped: Counter[str] = Counter()
        for node in group.ends(name).values():
            reached = outcome(game, node.state)
            if reached is not None:
                stopped[reached.ending.id] += 1
            elif game.default_ending is not None and all_passed(game, node):
                stopped[game.default_ending.id] += 1
            else:
                stopped[""] += 1
        bars = [
            Bar(Told(it.title, tuple(it.facts)), stopped[it.id])
            for it in game.endings
            if stopped[it.id]
        ]
        if stopped[""]:
            bars.append(Bar(Told("none: the line stopped before an ending"), stopped[""]))
        of = sum(stopped.values())
        blocks.append(
            Bars(group.titled(name, "where the lines stopped"), "Ending", of, tuple(bars))
        )
        finished = [it for it in group.takings if name in it.answers]
        done = sum(it.succeeded(name) for it in finished)
        if finished:
            task = group.lesson.exercise.tasks[name]
            told = (
                Told(task.ask, (), "Asked"),
                Told(f"{done} of {len(finished)} who finished it", (), "Done as it was asked"),
            )
            blocks.append(Listing("", told))
    lead = "An ending is no verdict on who played well: others acted too."
    return part_of("endings", "Endings reached", lead, *blocks)
