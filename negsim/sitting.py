"""A person at a session: what they may do, what is done for others, whose eyes they see with.

The prompt and the screens stand on this. A seat is told nothing that it cannot know: neither why
another's action is refused, nor that it is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from negsim.engine import is_terminal, legal_actions, mover, observation, refusal
from negsim.errors import NegsimError, UnknownNameError
from negsim.others import advance, all_passed, unasked
from negsim.pack.compile import FULL
from negsim.pack.models import Pack
from negsim.replay import play
from negsim.rules import EVERYTHING, NATURE, Action
from negsim.session import Node, Session
from negsim.views import party_name, saw, seen_line

REMEMBERED = 500
"""So many places' knowledge is remembered: on a long line it takes long to work out."""


@dataclass(slots=True)
class HouseRules:
    """What an exercise allows besides the rules of the case.

    `hides` is what is not shown before its debrief, of "record", "endings", "branches" and "facts".
    `final` is whether a paper that was delivered stays delivered, and only undo leads back.
    `stopped` is why nothing more can be played, if so. `since` is where the task that is played
    began: nothing leads back before it.
    """

    hides: frozenset[str] = frozenset()
    final: bool = False
    stopped: str | None = None
    since: Node | None = None


class Sitting:
    """A session, the seat that a person has in it, if any, and the eyes they see with.

    Every verb plays on for the others until a person is asked. Raises NegsimError where a thing
    cannot be done; then nothing has changed.
    """

    def __init__(self, session: Session, rules: HouseRules | None = None) -> None:
        self.session = session
        self.rules = rules or HouseRules()
        self.case = session.case
        self.game = session.game
        self.seat = session.header.seat
        self.eyes = self.seat or EVERYTHING
        self._known: dict[tuple[str, str], Mapping[str, str]] = {}
        self._revealed = False
        self._looked = len(self.case.trunk)

    @property
    def pack(self) -> Pack:
        """The pack that is played."""
        return self.case.loaded.pack

    @property
    def here(self) -> Node:
        """Where the session stands."""
        return self.session.here

    @property
    def mover(self) -> str | None:
        """Who has the turn; nobody at an ending."""
        return mover(self.game, self.here.state)

    @property
    def choices(self) -> tuple[Action, ...]:
        """What can be done here besides to pass, in the table's order."""
        return tuple(it for it in legal_actions(self.game, self.here.state) if not it.is_pass)

    @property
    def known(self) -> Mapping[str, str]:
        """What the eyes know here, after all that they saw on the line."""
        here, eyes = self.here, self.eyes
        if (here.id, eyes) not in self._known:
            if len(self._known) > REMEMBERED:
                self._known.clear()
            self._known[here.id, eyes] = self._knows(here, eyes)
        return self._known[here.id, eyes]

    def _knows(self, node: Node, eyes: str) -> Mapping[str, str]:
        """What eyes know at a place: what they knew one action before, if that is remembered, and
        what they see now. Who sees everything remembers nothing else."""
        before = self._known.get((node.parent.id, eyes)) if node.parent is not None else None
        seen = observation(self.game, node.state, eyes)
        if eyes == EVERYTHING:
            return seen
        return {**before, **seen} if before is not None else seen_line(self.case, node, eyes)

    @property
    def for_all(self) -> bool:
        """Whether the person acts for every party."""
        return self.seat is None or self.session.header.others == "ask"

    @property
    def over(self) -> bool:
        """Whether the line has come to its end: an ending, or the end of the record, from where
        it may go on; or where a seat can only pass on and on."""
        stops = self._record_stops
        on = stops is not None and stops in self.here.line
        return on or is_terminal(self.game, self.here.state) or self.lapses

    @property
    def lapses(self) -> bool:
        """Whether all that is left for a seat is to pass, after a round in which all did."""
        return self.seat is not None and self.idle and not self.choices

    @property
    def _record_stops(self) -> Node | None:
        """The last place of the record, if it has any but its start."""
        last = self.case.trunk[-1]
        return last if last.parent is not None else None

    @property
    def reveals(self) -> bool:
        """Whether the tree of branches and the endings are shown.

        At a simpler level only once a line has come to its end, so that nobody is lost in them.
        """
        if self.rules.hides & {"endings", "branches"}:
            return False
        if not self._revealed:
            nodes = self.session.nodes
            new = islice(nodes.values(), self._looked, None)
            self._revealed = self.case.level == FULL or self.over
            self._revealed |= any(is_terminal(self.game, it.state) for it in new)
            self._looked = len(nodes)
        return self._revealed

    @property
    def sees_ahead(self) -> bool:
        """Whether the record's steps to come, and other parties' papers, are the person's to see:
        a seat is told of them once its line is over."""
        return "record" not in self.rules.hides and (self.seat is None or self.over)

    @property
    def _seated(self) -> str:
        return f"you sit for {party_name(self.pack, self.seat or EVERYTHING)}"

    def go_on(self) -> None:
        """Plays for whoever is not asked. Where the record stops, to play on is a choice."""
        stops = self._record_stops
        if self.here is stops:
            return
        for node in advance(self.session):
            if node is stops:
                return

    def own(self, action_id: str) -> Action:
        """The action, if it is the person's to take. Raises UnknownNameError and NegsimError."""
        action = self.game.action(action_id)
        if self.for_all or action.mover == self.seat:
            return action
        raise NegsimError(f"that is for {party_name(self.pack, action.mover)}; {self._seated}")

    def sit(self, seat: str) -> None:
        """Takes the seat of one of two who sit at the same terminal."""
        self.seat = self.eyes = seat

    def _may_play(self) -> None:
        if self.rules.stopped is not None:
            raise NegsimError(self.rules.stopped)

    def take(self, action_id: str, reason: str | None = None) -> None:
        """Takes an action; who acts for all has those pass whose turn comes before. A reason is
        noted where the action led, before the others play."""
        action = self.own(action_id)
        self._may_play()
        passes = play(self.game, self.here.state, action.id).passes
        if passes and not self.for_all:
            raise NegsimError("its turn has not come; pass first")
        for one in passes:
            self.session.apply(f"pass/{one}")
        self.session.apply(action.id)
        if reason is not None:
            self.session.note(reason)
        self.go_on()

    def end_turn(self) -> None:
        """Passes for whoever has the turn."""
        if self.mover is None:
            raise NegsimError("the line has ended; undo, or goto another place")
        self._may_play()
        self.session.apply(f"pass/{self.mover}")
        self.go_on()

    @property
    def decided(self) -> Node | None:
        """Where the person decided last, if they did."""
        target = self.here.parent
        while target is not None and unasked(self.session, target) is not None:
            target = target.parent
        return target

    def undo(self) -> None:
        """Goes one decision back, over what was done without asking."""
        target = self.decided
        if target is None:
            raise NegsimError("you have decided nothing before this; there is nothing to undo")
        if not self._is_own(target):
            raise NegsimError("the turn before was the other's, and stays as it is")
        if self._before(target):
            raise NegsimError("the task began here; nothing before it can be undone")
        since = self.here.line[len(target.line) :]
        if self.rules.final and any(self._hands_over(it) for it in since):
            raise NegsimError("a paper that was delivered stays delivered until the debrief")
        while self.here is not target:
            self.session.undo()

    def _hands_over(self, node: Node) -> bool:
        return self.game.action(node.action).kind == "deliver"

    def _is_own(self, node: Node) -> bool:
        """Whether what was done at a place was not done by the other of two who sit here."""
        return self.session.header.beside is None or mover(self.game, node.state) == self.seat

    def _before(self, node: Node) -> bool:
        """Whether a place does not lie on a line from where the task began."""
        since = self.rules.since
        return since is not None and since is not node and since not in node.line

    def redo(self) -> None:
        """Goes one decision forth again."""
        self.session.redo()
        with suppress(NegsimError):
            while unasked(self.session, self.here) is not None:
                self.session.redo()
        self.go_on()

    def follow(self) -> None:
        """Takes the record's next step, with the passes before it."""
        self._may_play()
        if "record" in self.rules.hides:
            raise NegsimError("what the record shows next is hidden until the debrief")
        step = self.case.following(self.here)
        if step is None:
            raise NegsimError("no step of the record follows here; see `tree` and `goto record`")
        while step is not None:
            self.session.apply(step.action)
            if not step.action.startswith("pass/"):
                break
            step = self.case.following(self.here)
        self.go_on()

    @property
    def stations(self) -> tuple[Node, ...]:
        """Where the record is told: its start, and each place after an action that is no pass."""
        start, *rest = self.case.trunk
        return (start, *(it for it in rest if not self.game.action(it.action).is_pass))

    def step_back(self) -> None:
        """Goes to where the record is told before here."""
        passed = {it.id for it in self.here.line}
        before = [it for it in self.stations if it is not self.here and it.id in passed]
        if self.here.parent is None:
            raise NegsimError("this is the start of the record")
        self.session.goto(before[-1].id if before else self.case.trunk[0].id)

    def goto(self, where: str) -> None:
        """Goes to a place by its id or name."""
        if self.rules.final:
            raise NegsimError("in this exercise only undo goes back, and never over a delivery")
        node = self.session.find(where)
        if self._before(node):
            raise NegsimError("that is before the task began, or beside it")
        been = node in self.here.line or node.id in self.session.names
        if node.recorded and node.parent is not None and not been and "record" in self.rules.hides:
            raise NegsimError("what the record shows is hidden until the debrief")
        self.session.goto(where)
        self.go_on()

    def see_with(self, viewpoint: str) -> None:
        """Changes the eyes; who has a seat keeps its own."""
        if self.seat is not None:
            raise NegsimError(f"{self._seated} and see with its eyes")
        known = [*self.game.viewpoints, EVERYTHING]
        if viewpoint not in known:
            raise UnknownNameError("viewpoint", viewpoint, known, self.pack.id)
        self.eyes = viewpoint

    @property
    def idle(self) -> bool:
        """Whether, as far as the eyes see, a round of passes has led here and changed nothing."""
        if self.eyes == EVERYTHING:
            return all_passed(self.game, self.here)
        last = self.here.line[-len(self.game.movers) :]
        return len(last) == len(self.game.movers) and not any(
            saw(self.case, node, self.eyes) for node in last
        )

    @property
    def refusals(self) -> tuple[Action, ...]:
        """What who has the turn could do in other states, and cannot here; a seat hears its own."""
        if not (self.for_all or self.mover == self.seat):
            return ()
        can = {action.id for action in self.choices}
        return tuple(
            action
            for action in self.game.actions
            if action.mover == self.mover and action.id not in can and not action.is_pass
        )

    def refused(self, action_id: str) -> str | None:
        """Why an action cannot be taken now, in the words of the rule; None where it can be."""
        if action_id in self.game.excluded:
            return self.game.excluded[action_id]
        action = self.own(action_id)
        state = self.here.state
        if refusal(self.game, state, action) is None:
            return None
        try:
            passes = play(self.game, state, action.id).passes
        except NegsimError as error:
            return str(error)
        if passes == (NATURE,):
            return "Only the turn is wrong: chance comes first; pass."
        waits = [party_name(self.pack, who) for who in passes]
        return f"Only the turn is wrong: it can be done once {' and '.join(waits)} passed."

    def news(self, since: Node) -> Iterator[Node]:
        """The places between an earlier one and here, where it lies on the line here."""
        line = self.here.line
        if since.parent is None:
            yield from line
        elif since in line:
            yield from line[line.index(since) + 1 :]
