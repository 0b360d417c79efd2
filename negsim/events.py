"""Outside lists of events, read against the rules of a case.

Which action an event stands for, the event says itself, or keys in the pack say it (`match`). The
reading looks for a legal line that takes, event by event, one of the actions that fit. Passes are
put where they help; nothing else is added, so that what the list leaves out is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from negsim.engine import apply_action, initial_state, legal_actions, read
from negsim.errors import IllegalActionError
from negsim.pack.compile import FULL
from negsim.pack.models import Match, Pack
from negsim.replay import Played, play
from negsim.rules import TURN, Game, State

MOST_WAYS = 100_000
"""How many ways of explaining are followed in all; after one event, a hundredth of what is left."""


@dataclass(frozen=True, slots=True)
class Event:
    """A row of a list, its fields as text, empty where it has none; `line` is where it starts."""

    line: int
    date: str = ""
    actor: str = ""
    action: str = ""
    code: str = ""
    target: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """An event that was read; `played` is the action that explains it.

    `others` are further actions that fit and could have been taken there. Without `played` the
    event is outside the model: no action of the game fits it.
    """

    event: Event
    played: Played | None = None
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """The first event that no legal action explains, on the line that was told up to it.

    `refusals` gives for each action that fits the reason why it is refused, `legal` for each mover
    the actions that could be taken there, passes before them allowed.
    """

    event: Event
    refusals: Mapping[str, str]
    legal: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Reading:
    """How far a list is explained. After the first failure `unread` events follow.

    `complete` says that all ways were tried, so that none explains more.
    """

    rows: tuple[Row, ...]
    failure: Failure | None
    unread: int
    complete: bool

    @property
    def explained(self) -> int:
        """How many events a legal action explains."""
        return sum(row.played is not None for row in self.rows)

    @property
    def holds(self) -> bool:
        """Whether something is explained, and nothing that the model has an action for is not."""
        return self.failure is None and self.explained > 0


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to explain the events so far: its last action, and the way before it."""

    state: State
    place: int = -1
    played: Played | None = None
    before: _Way | None = None


def read_events(game: Game, pack: Pack, events: Sequence[Event], level: str = FULL) -> Reading:
    """The events in their order, each explained by an action that fits it, as far as any line can.

    Several actions may fit an event, and a choice can make a later event impossible. So every state
    that the events so far can lead to is kept, each with the first way to it: no legal line, with
    any passes between, explains more events before the first failure. Of the lines that explain as
    many, the one told takes at each event, in turn, the action with the fewest passes before it,
    then the first in the table's order.

    An event that no action fits is outside the model and does not stop the reading: it shows that
    the case leaves something out, not that its procedure was otherwise. Raises UnknownNameError
    where the first event that is not explained names an action that the game does not have.
    """
    keys = _keys(game, pack, level)
    fitting = [_fitting(keys, event) for event in events]
    ways = [_Way(initial_state(game))]
    left, complete = MOST_WAYS, True
    for place, fits in enumerate(fitting):
        if not fits:
            continue
        found = _onwards(game, ways, place, fits)
        if not found:
            rows = _told(game, events[:place], fitting, ways[0])
            failure = _failure(game, events[place], fits, ways[0].state)
            return Reading(rows, failure, len(events) - place - 1, complete)
        ways = found[: max(left // 100, 1)]
        complete = complete and len(ways) == len(found)
        left -= len(ways)
    return Reading(_told(game, events, fitting, ways[0]), None, 0, complete)


def _keys(game: Game, pack: Pack, level: str) -> dict[str, list[Match]]:
    """The keys of each action of the game that has some, in the table's order."""
    own = pack.actions if level == FULL else {**pack.actions, **pack.levels[level].actions}
    return {it.id: own[it.id].match for it in game.actions if it.id in own and own[it.id].match}


def _fitting(keys: Mapping[str, Sequence[Match]], event: Event) -> tuple[str, ...]:
    """The actions that the event may stand for: the one it names, else those with a key for it."""
    if event.action:
        return (event.action,)
    return tuple(name for name, mine in keys.items() if any(_fits(key, event) for key in mine))


def _fits(key: Match, event: Event) -> bool:
    return (
        event.code.startswith(key.code)
        and (key.actor is None or _same(key.actor, event.actor))
        and (key.target is None or _same(key.target, event.target))
    )


def _same(name: str, other: str) -> bool:
    return name.strip().casefold() == other.casefold()


def _onwards(game: Game, ways: Sequence[_Way], place: int, fits: Sequence[str]) -> list[_Way]:
    """The ways that lead on by one of the actions, a way to each state, the first ways first."""
    found: dict[State, _Way] = {}
    met: set[State] = set()
    for way in ways:
        for passes, state in _waiting(game, way.state):
            if state in met:  # what follows was followed from an earlier way
                break
            met.add(state)
            for action in legal_actions(game, state):
                if action.id in fits:
                    after = apply_action(game, state, action)
                    if after not in found:
                        played = Played(action, passes, state, after)
                        found[after] = _Way(after, place, played, way)
    return list(found.values())


def _waiting(game: Game, state: State) -> Iterator[tuple[tuple[str, ...], State]]:
    """The state and those that passing alone leads to, each once, with who has passed."""
    passes: tuple[str, ...] = ()
    met: set[State] = set()
    while state not in met:
        yield passes, state
        met.add(state)
        turn = read(game, state, TURN)
        try:
            state = apply_action(game, state, f"pass/{turn}")
        except IllegalActionError:  # an ending, or something overdue that chance must bring first
            return
        passes = (*passes, turn)


def _told(
    game: Game, events: Sequence[Event], fitting: Sequence[Sequence[str]], way: _Way
) -> tuple[Row, ...]:
    """The rows of a way, with the other actions that could have been taken."""
    taken: dict[int, tuple[Played, State]] = {}
    while way.played is not None and way.before is not None:
        taken[way.place] = way.played, way.before.state
        way = way.before
    rows = []
    for place, event in enumerate(events):
        if place not in taken:
            rows.append(Row(event))
            continue
        played, state = taken[place]
        legal = {name for names in _open(game, state).values() for name in names}
        others = (it for it in fitting[place] if it in legal and it != played.action.id)
        rows.append(Row(event, played, tuple(others)))
    return tuple(rows)


def _failure(game: Game, event: Event, fits: Sequence[str], state: State) -> Failure:
    refusals = {}
    for action_id in fits:
        try:
            play(game, state, action_id)
        except IllegalActionError as error:
            refusals[action_id] = error.reason
    return Failure(event, refusals, _open(game, state))


def _open(game: Game, state: State) -> dict[str, tuple[str, ...]]:
    """For each mover the actions that could be taken next, passes before them allowed."""
    found: dict[str, set[str]] = {}
    for _, waited in _waiting(game, state):
        for action in legal_actions(game, waited):
            if not action.is_pass:
                found.setdefault(action.mover, set()).add(action.id)
    order = [action.id for action in game.actions]
    return {
        mover: tuple(name for name in order if name in found[mover])
        for mover in game.movers
        if mover in found
    }
