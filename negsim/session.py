"""A session: the tree of every line that was tried, folded from the entries of a journal.

The record is a branch of the tree from the start, so that a line can follow it, leave it, and come
to a state of it again. Nothing is ever removed: undo goes back and keeps the branch. Each verb
gives its entry to the journal before the tree changes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from types import MappingProxyType

from negsim.engine import apply_action, initial_state, state_hash
from negsim.errors import NegsimError, UnknownNameError, quote
from negsim.journal import (
    LONGEST_NAME,
    Answered,
    AnyEntry,
    Applied,
    Given,
    Header,
    Injected,
    Journal,
    JournalError,
    Named,
    Noted,
    Went,
    as_name,
    cleaned,
)
from negsim.pack.compile import FULL
from negsim.pack.load import LoadedPack
from negsim.pack.models import By
from negsim.pack.references import absent
from negsim.replay import Frame, tell, with_passes
from negsim.rules import NATURE, Game, State

START = "0"
"""The id of the place where every line starts; `start` means it too."""
LONGEST = 4000
"""The longest text of an answer, in letters."""
RESERVED = re.compile(r"\d+|r\d+(\+\d+)?|start|record", re.ASCII)
"""What means a place already and so can be no name."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A place in the tree: the action that led to it, and the state there.

    Its id is `0` at the start; the number of the entry that first led there; or, on the record,
    `r12` after step 12 and `r12+1` one pass later. `round` counts from 1. `path` is a digest of the
    action ids up to here, from which chance is drawn. `by` says who chose the action, if not a
    person.
    """

    id: str
    parent: Node | None = field(repr=False)
    action: str
    state: State = field(repr=False)
    round: int
    path: bytes = field(repr=False)
    by: By | None = None

    @property
    def recorded(self) -> bool:
        """Whether the place is the start or on the record."""
        return self.id == START or self.id.startswith("r")

    @property
    def line(self) -> list[Node]:
        """The places from the first action to this one; without the start."""
        found = []
        node: Node | None = self
        while node is not None and node.parent is not None:
            found.append(node)
            node = node.parent
        return found[::-1]


def child(game: Game, parent: Node, action: str, state: State, name: str, by: By | None) -> Node:
    """The place to which an action leads, called by that name."""
    rounds = parent.round + (action == f"pass/{game.movers[-1]}")
    path = sha256(parent.path + b"\0" + action.encode()).digest()[:16]
    return Node(name, parent, action, state, rounds, path, by)


@dataclass(frozen=True, slots=True)
class Answer:
    """A task that was answered: the number of its entry, where the session stood, what was said."""

    entry: int
    node: Node
    task: str
    given: Mapping[str, Given]


@dataclass(frozen=True)
class Case:
    """A pack at one level, with its record as the branch that every session has."""

    loaded: LoadedPack
    level: str = FULL

    @cached_property
    def game(self) -> Game:
        """The game at the level. Raises UnknownNameError."""
        return self.loaded.at(self.level)

    @cached_property
    def frames(self) -> tuple[Frame, ...]:
        """The steps of the record as they are told at the level."""
        return tuple(tell(self.game, self.loaded.record, self.level, self.loaded.game))

    @cached_property
    def trunk(self) -> tuple[Node, ...]:
        """The start and the places of the record, passes included."""
        node = Node(START, None, "", initial_state(self.game), 1, b"")
        found = [node]
        last = 0
        for frame in self.frames:
            if frame.played is None:
                continue
            for count, taken in enumerate(with_passes(self.game, node.state, frame.played), 1):
                is_pass = count <= len(frame.played.passes)
                name = f"r{last}+{count}" if is_pass else f"r{frame.number}"
                node = child(self.game, node, taken.action, taken.after, name, "record")
                found.append(node)
            last = frame.number
        return tuple(found)

    @cached_property
    def recorded(self) -> Mapping[State, Node]:
        """For each state of the record the last place that has it."""
        return {node.state: node for node in self.trunk}

    @cached_property
    def recorded_by(self) -> Mapping[str, list[str]]:
        """For each mover the actions of the record that are theirs, passes left out."""
        found: dict[str, list[str]] = {}
        for node in self.trunk[1:]:
            action = self.game.action(node.action)
            if not action.is_pass:
                found.setdefault(action.mover, []).append(action.id)
        return found

    def following(self, node: Node) -> Node | None:
        """The place of the record that follows this one: none at its end, and off the record.

        A line that has come to a state of the record again is followed on from there.
        """
        if not node.recorded:
            node = self.recorded.get(node.state, node)
        if not node.recorded:
            return None
        place = self._places[node.id] + 1
        return self.trunk[place] if place < len(self.trunk) else None

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {node.id: place for place, node in enumerate(self.trunk)}


def _forget(entry: AnyEntry) -> None:
    """Keeps nothing: a session without a journal."""


class Session:
    """The tree and where the session stands in it: `here`.

    `names` and `notes` are by node id, and so is `noted`, the entry of the first note; `answers`
    are those to an exercise, and `injects` what it brought from outside, in their order; `stood` is
    where the session stood after each entry, by its number as text. `nature`, where it is set,
    decides in place of chance. Where `keep` raises, nothing has changed.
    """

    def __init__(
        self, case: Case, header: Header, keep: Callable[[AnyEntry], None] = _forget
    ) -> None:
        self.case = case
        self.game = case.game
        self.header = header
        self.keep = keep
        self.here = case.trunk[0]
        self.entries = 0
        self._nodes = {node.id: node for node in case.trunk}
        self._children: dict[str, tuple[Node, ...]] = {
            node.parent.id: (node,) for node in case.trunk if node.parent is not None
        }
        self._latest: dict[str, Node] = {}
        self._names: dict[str, str] = {}
        self._notes: dict[str, tuple[str, ...]] = {}
        self.noted: dict[str, int] = {}
        self.nature: Callable[[Node], str] | None = None
        self.answers: tuple[Answer, ...] = ()
        self.injects: tuple[tuple[str, Node], ...] = ()
        self.stood: dict[str, Node] = {}

    @property
    def nodes(self) -> Mapping[str, Node]:
        """Every place by its id: those of the record first, then in the order of their finding."""
        return MappingProxyType(self._nodes)

    @property
    def names(self) -> Mapping[str, str]:
        """The names that were given, by node id."""
        return MappingProxyType(self._names)

    @property
    def notes(self) -> Mapping[str, tuple[str, ...]]:
        """The notes, in the order of their writing, by node id."""
        return MappingProxyType(self._notes)

    def children(self, node: Node) -> tuple[Node, ...]:
        """The places one action further, that of the record first."""
        return self._children.get(node.id, ())

    def apply(self, action_id: str, by: By | None = None) -> Node:
        """Takes the action here, a pass too. Raises IllegalActionError with the reason.

        Where it was taken before, the place is the same.
        """
        self._append(
            Applied(
                id=self.entries + 1,
                parent=self.here.id,
                action=action_id,
                state=state_hash(self.game, apply_action(self.game, self.here.state, action_id)),
                by=by,
            )
        )
        return self.here

    def undo(self) -> Node:
        """Goes one action back; the branch stays. Raises NegsimError at the start."""
        if self.here.parent is None:
            raise NegsimError("this is the start; there is nothing to undo")
        return self._go(self.here.parent)

    def redo(self) -> Node:
        """Goes one action forth: to where the session last was beyond. Raises NegsimError."""
        node = self.undone
        if node is None:
            raise NegsimError("nothing was undone here; there is nothing to redo")
        return self._go(node)

    @property
    def undone(self) -> Node | None:
        """Where the session last was one action beyond, if it was."""
        return self._latest.get(self.here.id)

    def goto(self, where: str) -> Node:
        """Goes to a place by its id, its name, `start` or `record`. Raises UnknownNameError."""
        return self._go(self.find(where))

    def name(self, text: str) -> None:
        """Gives this place a name, in place of the one it had. Raises NegsimError."""
        self._append(Named(id=self.entries + 1, name=self._free(as_name(text))))

    def note(self, text: str) -> None:
        """Writes a note on this place. Raises NegsimError where it is empty or too long."""
        self._append(Noted(id=self.entries + 1, text=cleaned(text, 600)))

    def answer(self, task: str, given: Mapping[str, Given]) -> Answer:
        """Answers a task of an exercise here, or is done with one that was played.

        Raises NegsimError where a text is empty or too long.
        """
        clean = {
            name: cleaned(it, LONGEST)
            if isinstance(it, str)
            else [cleaned(one, LONGEST) for one in it]
            for name, it in given.items()
        }
        self._append(Answered(id=self.entries + 1, task=task, answers=clean))
        return self.answers[-1]

    def inject(self, name: str) -> None:
        """Hears of something from outside, as the exercise has it."""
        self._append(Injected(id=self.entries + 1, inject=name))

    def find(self, where: str) -> Node:
        """The place that has this id or name. Raises UnknownNameError."""
        if where in ("start", "record"):
            return self.case.trunk[0 if where == "start" else -1]
        if where in self._nodes:
            return self._nodes[where]
        named = {name: node_id for node_id, name in self._names.items()}
        if where not in named:
            known = [*named, *self._nodes, "start", "record"]
            raise UnknownNameError("place", where, known, "this session")
        return self._nodes[named[where]]

    def same_state(self, node: Node) -> tuple[Node, ...]:
        """The other places that have the same state."""
        return tuple(it for it in self._nodes.values() if it.state == node.state and it is not node)

    def left_record(self, node: Node) -> Node | None:
        """The last place that the line to a node shares with the record; None where it is on it."""
        last = node
        while not last.recorded and last.parent is not None:
            last = last.parent
        return None if last is node else last

    def joins_record(self, node: Node) -> Node | None:
        """The place of the record that has this state, where the line to it has left the record."""
        return None if node.recorded else self.case.recorded.get(node.state)

    def _go(self, node: Node) -> Node:
        state = state_hash(self.game, node.state)
        self._append(Went(id=self.entries + 1, to=node.id, state=state))
        return node

    def _free(self, name: str) -> str:
        if RESERVED.fullmatch(name):
            raise NegsimError(f"{quote(name)} means a place already; choose another name")
        taken = next((it for it, known in self._names.items() if known == name), None)
        if taken not in (None, self.here.id):
            raise NegsimError(f"the name {quote(name)} is taken by place {taken}; choose another")
        return name

    def _append(self, entry: AnyEntry) -> None:
        self.keep(entry)
        self.fold(entry)

    def fold(self, entry: AnyEntry) -> None:
        """Does what an entry says. Raises NegsimError, and changes nothing, where it cannot be."""
        match entry:
            case Applied():
                self._move(self._reached(entry))
            case Went():
                node = self._nodes.get(entry.to)
                if node is None:
                    raise NegsimError(f"there is no place {quote(entry.to)} to go to")
                self.match(node.state, entry.state, node.id)
                self._move(node)
            case Named():
                self._names[self.here.id] = self._free(_whole(entry.name, LONGEST_NAME))
            case Noted():
                _whole(entry.text, 600)
                self.noted.setdefault(self.here.id, entry.id)
                self._notes[self.here.id] = (*self.notes.get(self.here.id, ()), entry.text)
            case Answered():
                for given in entry.answers.values():
                    for text in [given] if isinstance(given, str) else given:
                        _whole(text, LONGEST)
                answer = Answer(entry.id, self.here, entry.task, entry.answers)
                self.answers = (*self.answers, answer)
            case Injected():
                self.injects = (*self.injects, (entry.inject, self.here))
        self.entries = entry.id
        self.stood[str(entry.id)] = self.here

    def _reached(self, entry: Applied) -> Node:
        """The place to which the action leads from here, new unless it was taken before."""
        if entry.parent != self.here.id:
            raise NegsimError(f"it goes on from {quote(entry.parent)}, not from {self.here.id}")
        children = self.children(self.here)
        node = next((it for it in children if it.action == entry.action), None)
        state = node.state if node else apply_action(self.game, self.here.state, entry.action)
        self.match(state, entry.state, entry.action)
        if node is None:
            node = child(self.game, self.here, entry.action, state, str(entry.id), entry.by)
            self._nodes[node.id] = node
            self._children[self.here.id] = (*children, node)
        return node

    def match(self, state: State, wanted: str, what: str) -> None:
        """Raises NegsimError where the state has another hash than an entry says."""
        if state_hash(self.game, state) != wanted:
            raise NegsimError(f"{quote(what)} leads to another state than it did")

    def _move(self, node: Node) -> None:
        if node.parent is self.here:
            self._latest[self.here.id] = node
        elif self.here.parent is node:
            self._latest[node.id] = self.here
        self.here = node


def _whole(text: str, longest: int) -> str:
    """The text, if it is as `cleaned` leaves it. Raises NegsimError."""
    if cleaned(text, longest) != text:
        raise NegsimError(f"{quote(text)} has characters that are never kept")
    return text


def replayed(journal: Journal, case: Case, keep: Callable[[AnyEntry], None] = _forget) -> Session:
    """The session that a journal tells, every action tried anew.

    Where the pack is another than the journal was written with, it goes on as long as every state
    is the same: places are then found by their states, since the record may be numbered anew.
    Raises JournalError at the first entry that cannot be, NegsimError where the case is another.
    """
    header, pack = journal.header, case.loaded.pack.id
    if (header.pack, header.level) != (pack, case.level):
        played = f"{quote(header.pack)} at the level {quote(header.level)}"
        raise NegsimError(f"{quote(journal.file)} is a session of {played}, not of {quote(pack)}")
    seats = {it for it in case.game.movers if it != NATURE}
    for seat in (header.seat, header.beside):
        if seat is not None and seat not in seats:
            raise JournalError(journal.file, 0, absent("seat", seat, seats))
    session = Session(case, header)
    anew = changed(header, case)
    for entry in journal.entries:
        try:
            session.fold(_meant(entry, session) if anew else entry)
        except NegsimError as error:
            message = f"{error} ({_since(header) if anew else _SAME})"
            raise JournalError(journal.file, entry.id, message) from error
    session.keep = keep
    return session


_SAME = "the pack is the same, so the journal was not written by playing it"


def _since(header: Header) -> str:
    return f"the pack {quote(header.pack)} has changed since the journal was written"


def _meant(entry: AnyEntry, session: Session) -> AnyEntry:
    """The entry of another version of the pack, with the places as they are called now."""
    if isinstance(entry, Applied):
        return entry.model_copy(update={"parent": session.here.id})
    if isinstance(entry, Went):
        there = (session.stood.get(entry.to), session.nodes.get(entry.to), *session.nodes.values())
        for node in there:
            if node is not None and state_hash(session.game, node.state) == entry.state:
                return entry.model_copy(update={"to": node.id})
    return entry


def changed(header: Header, case: Case) -> bool:
    """Whether the pack's files are others than those that the session was played with."""
    return header.content != case.loaded.content_hash


def salvaged(header: Header, entries: Iterable[AnyEntry], case: Case) -> tuple[list[AnyEntry], int]:
    """Of entries some of which are missing, those that can still be played; and how many cannot.

    Places are found again by what led to them, since the entries are numbered anew. After a gap
    it is not known where the session stood until an entry says so; names and notes wait for that.
    """
    kept: list[AnyEntry] = []
    session = Session(case, header, kept.append)
    now = {node.id: node for node in case.trunk}
    lost, last, adrift = 0, 0, False
    for entry in entries:
        adrift = adrift or entry.id != last + 1
        last = entry.id
        try:
            if adrift and isinstance(entry, Named | Noted | Answered | Injected):
                raise NegsimError("it is not known what place it is about")
            match entry:
                case Applied():
                    parent = now.get(entry.parent)
                    if parent is None:
                        raise NegsimError("what it rests on is missing")
                    if parent is not session.here:
                        session.goto(parent.id)
                    after = apply_action(case.game, parent.state, entry.action)
                    session.match(after, entry.state, entry.action)
                    now[str(entry.id)] = session.apply(entry.action, entry.by)
                case Went():
                    session.match(now[entry.to].state, entry.state, entry.to)
                    session.goto(now[entry.to].id)
                case Named():
                    session.name(entry.name)
                case Noted():
                    session.note(entry.text)
                case Answered():
                    session.answer(entry.task, entry.answers)
                case Injected():
                    session.inject(entry.inject)
            adrift = False
        except (NegsimError, KeyError):
            lost += 1
            adrift = True
    return kept, lost
