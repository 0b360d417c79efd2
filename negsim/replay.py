"""Lines: playing a list of action ids, with the passes between them, and what a viewpoint knew.

A script is told as frames: one for each of its steps, with the state before and after it. The
record is such a script.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from negsim.cycle.table import PUBLIC
from negsim.engine import (
    Outcome,
    Taken,
    apply_action,
    initial_state,
    is_terminal,
    observation,
    outcome,
    read,
    refusal,
)
from negsim.errors import IllegalActionError, NegsimError, quote
from negsim.pack.compile import FULL
from negsim.pack.models import Script, Step
from negsim.rules import EVERYTHING, TURN, Action, Basis, Game, State

DAY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-\d\d)?)?", re.ASCII)
STEP = re.compile(r"\d{1,3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Played:
    """An action as it was taken; `passes` are the movers that passed just before it."""

    action: Action
    passes: tuple[str, ...]
    before: State
    after: State


@dataclass(frozen=True, slots=True)
class Frame:
    """A step of a script as it was told or played.

    `number` counts the steps from 1, `round` the rounds from 1. A told step has no `played`. What
    the script asks for and the game refuses is a `refusal`, and the state stays as it was.
    `seen_by` names the viewpoints that see the step or are told of it, None standing for all.
    """

    number: int
    round: int
    step: Step
    played: Played | None
    before: State
    after: State
    text: str
    basis: Basis
    facts: tuple[str, ...]
    seen_by: frozenset[str] | None
    outcome: Outcome | None = None
    refusal: str | None = None


def play(game: Game, state: State, action_id: str) -> Played:
    """The action, with passes before it where its turn has not come: at most one round of them.

    Slots that were used this turn are free again in the next one. Raises UnknownNameError, or
    IllegalActionError with the first reason that is not about the turn.
    """
    if action_id in game.excluded:
        raise IllegalActionError(action_id, game.excluded[action_id])
    action = game.action(action_id)
    passes: list[str] = []
    reason: str | None = None
    why: str | None = "it is not legal"
    before = state
    for _ in range(len(game.movers) + 1):
        why = refusal(game, before, action)
        if why is None:
            return Played(action, tuple(passes), before, apply_action(game, before, action))
        turn = read(game, before, TURN)
        if reason is None and turn == action.mover:
            reason = why
        next_turn = game.action(f"pass/{turn}")
        if is_terminal(game, before) or refusal(game, before, next_turn) is not None:
            break
        before = apply_action(game, before, next_turn)
        passes.append(turn)
    raise IllegalActionError(action_id, reason or str(why))


def play_line(
    game: Game, action_ids: Iterable[str], state: State | None = None
) -> Iterator[Played]:
    """Each action, with the passes before it, from the state given or from the start."""
    state = initial_state(game) if state is None else state
    for action_id in action_ids:
        played = play(game, state, action_id)
        state = played.after
        yield played


def action_at(step: Step, game: Game, level: str) -> str | None:
    """The action that a step takes at a level, or None where it is told only.

    At a level other than "full" a step keeps its action where the level has it.
    """
    if level == FULL:
        return step.do
    if level in step.levels:
        return step.levels[level]
    return step.do if step.do in game.by_id else None


def tell(game: Game, script: Script, level: str = FULL, full: Game | None = None) -> list[Frame]:
    """The script's steps as frames. A refused action is told with its refusal; the line goes on.

    `full` is the game at the full level: from it come the words for what is only told at a level.
    """
    full = full or game
    frames: list[Frame] = []
    state = initial_state(game)
    rounds = 1
    for number, step in enumerate(script.steps, 1):
        if level in step.left_out:
            continue
        action_id = action_at(step, game, level)
        played, refused = None, None
        if action_id is not None:
            try:
                played = play(game, state, action_id)
            except NegsimError as error:
                refused = str(error)
        if played is not None:
            rounds += played.passes.count(game.movers[-1])
        frames.append(frame_of(game, full, number, rounds, step, action_id, played, state, refused))
        state = frames[-1].after
    return frames


def frame_of(
    game: Game,
    full: Game,
    number: int,
    rounds: int,
    step: Step,
    action_id: str | None,
    played: Played | None,
    state: State,
    refused: str | None,
) -> Frame:
    """The step as it is told; `state` is where it stands if nothing was played."""
    own = game.by_id.get(action_id or "") or full.by_id.get(step.do or "")
    after = state if played is None else played.after
    return Frame(
        number,
        rounds,
        step,
        played,
        state if played is None else played.before,
        after,
        step.text or (own.text if own is not None else step.do or ""),
        step.basis,
        tuple(step.facts),
        _known_to(step, own),
        outcome(game, after) if played is not None else None,
        refused,
    )


def _known_to(step: Step, action: Action | None) -> frozenset[str] | None:
    """The viewpoints that see the action or are told of it; what the public is told, all know."""
    told = frozenset(step.seen_by or ())
    if PUBLIC in told or (action is None and step.seen_by is None):
        return None
    return told if action is None else told | action.seen_by


def notices(game: Game, before: State, after: State, viewpoint: str) -> bool:
    """Whether the viewpoint can tell what was done from what it observes.

    Whose turn it is tells nothing, nor how many rounds a deadline leaves; that a draft it was shown
    has changed, not how.
    """
    old, new = (observation(game, state, viewpoint) for state in (before, after))
    names = {it for it in old.keys() | new.keys() if it != TURN and not it.endswith(".rounds-left")}
    changed = {name for name in names if old.get(name) != new.get(name)}
    return bool(changed) and not any(name.endswith(".stale") for name in changed)


def sees(game: Game, frame: Frame, viewpoint: str) -> bool:
    """Whether the viewpoint sees the step, is told of it, or notices what it changed."""
    if viewpoint == EVERYTHING or frame.seen_by is None or viewpoint in frame.seen_by:
        return True
    played = frame.played
    return played is not None and notices(game, played.before, played.after, viewpoint)


def last_days(script: Script) -> list[str]:
    """For each step the day by which it has happened, as far as dates tell; "" before any date.

    A month or year stands for its last day, but for no later day than a later step has.
    """
    days: list[str] = []
    bound = "9999-12-31"
    for step in reversed(script.steps):
        if step.date is not None:
            bound = min(bound, last_day(step.date))
        days.append(bound if bound != "9999-12-31" else "")
    return days[::-1]


def last_day(date: str) -> str:
    """The last day of a day, a month or a year."""
    year, month, day = (*date.split("-"), "", "")[:3]
    if not month:
        return f"{year}-12-31"
    return date if day else f"{date}-{monthrange(int(year), int(month))[1]}"


def knowledge(
    game: Game, frames: Sequence[Frame], viewpoint: str
) -> Iterator[tuple[Mapping[str, str], Mapping[str, str]]]:
    """What the viewpoint knows before and after each frame: of each variable what it saw last.

    A fold over the line (rule of play 8): what was seen once is kept when it is hidden again.
    """
    known = dict(observation(game, initial_state(game), viewpoint))
    for frame in frames:
        before = known
        if frame.played is not None:
            seen = observation(game, frame.before, viewpoint)
            known = {**known, **seen, **observation(game, frame.after, viewpoint)}
        yield before, known


def view(game: Game, states: Iterable[State], viewpoint: str) -> Mapping[str, str]:
    """What the viewpoint knows after a line that went through these states (rule of play 8)."""
    known: dict[str, str] = {}
    for state in states:
        known.update(observation(game, state, viewpoint))
    return known


@dataclass(frozen=True, slots=True)
class Point:
    """A place on a line: its state, `where` in words, its round from 1, and the steps to it.

    The steps include passes; `numbers` says of each which one it is: its number in the script, or
    in the line.
    """

    state: State
    where: str
    round: int
    steps: tuple[Taken, ...]
    numbers: tuple[str, ...]


def find_point(game: Game, script: Script, level: str, full: Game, named: str) -> Point:
    """The place that is named: `start`, `record` (its end), a day, a step, or action ids.

    A day stands for the last step that it has. Raises NegsimError where nothing is so called.
    """
    if named == "start":
        return Point(initial_state(game), "the start", 1, (), ())
    if "/" in named:
        ids = [part.strip() for part in named.split(",") if part.strip()]
        played = list(play_line(game, ids))
        return point_of(game, [(f"step {n}", it) for n, it in enumerate(played, 1)], "that line")
    frames = tell(game, script, level, full)
    days = last_days(script)
    if named == "record":
        chosen, where = frames, "the end of the record"
    elif STEP.fullmatch(named):
        chosen = [frame for frame in frames if frame.number <= int(named)]
        where = f"step {named} of the record"
    elif DAY.fullmatch(named):
        chosen = [frame for frame in frames if "" < days[frame.number - 1] <= last_day(named)]
        where = f"the end of {named}"
        if not chosen:
            raise NegsimError(f"the record has nothing up to {named}")
    else:
        message = (
            f"{quote(named)} is no place on a line; write start, record, a day as in 2022-01-27, "
            "the number of a step, or action ids with commas"
        )
        raise NegsimError(message)
    told = [(_numbered(frame), frame.played) for frame in chosen if frame.played is not None]
    if STEP.fullmatch(named) and not any(frame.number == int(named) for frame in frames):
        raise NegsimError(f"the record has no step {named}; it has {len(script.steps)} steps")
    return point_of(game, told, where)


def _numbered(frame: Frame) -> str:
    date = f", {frame.step.date}" if frame.step.date is not None else ""
    return f"step {frame.number}{date}"


def point_of(game: Game, told: Iterable[tuple[str, Played]], where: str = "") -> Point:
    """The place to which actions lead from the start, each under the number that it is told by."""
    steps: list[Taken] = []
    numbers: list[str] = []
    rounds = 1
    for number, played in told:
        taken = with_passes(game, steps[-1].after if steps else initial_state(game), played)
        steps += taken
        numbers += [number] * len(taken)
        rounds += played.passes.count(game.movers[-1])
    state = steps[-1].after if steps else initial_state(game)
    return Point(state, where, rounds, tuple(steps), tuple(numbers))


def with_passes(game: Game, state: State, played: Played) -> list[Taken]:
    """The passes from the state on and then the action, each with the states around it."""
    found = []
    for mover in played.passes:
        after = apply_action(game, state, f"pass/{mover}")
        found.append(Taken(f"pass/{mover}", state, after))
        state = after
    return [*found, Taken(played.action.id, state, played.after)]
