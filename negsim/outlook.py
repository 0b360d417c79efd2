"""What lies ahead of a place, worked out bit by bit in a thread: quick answers first.

Every answer is about the model. For a viewpoint it is taken over all states that it cannot tell
apart (`Seat`), so that none betrays what the viewpoint cannot see.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from typing import Any

from negsim import store
from negsim.answers import (
    MODEL,
    Able,
    Closed,
    Prospect,
    Turn,
    ending_title,
    prospect_lines,
    reasons,
)
from negsim.background import Background, StoppedError
from negsim.engine import Taken, is_terminal
from negsim.errors import NegsimError, quote
from negsim.explore import MEMORY
from negsim.explore.arena import Watch
from negsim.explore.diagrams import NotDecidedError
from negsim.explore.explorer import Coalition, Explorer
from negsim.explore.goals import Goal
from negsim.explore.hindsight import Hindsight
from negsim.explore.seats import Seat, Verdict
from negsim.explore.turning import decided
from negsim.pack.compile import FULL
from negsim.pack.models import Pack
from negsim.rules import EVERYTHING, Game
from negsim.session import Case, Node
from negsim.text import wrap
from negsim.views import party_name, saw, seen_last

LITTLE = 40
"""Megabytes that suffice for a small game; a larger one is begun anew with all it may take."""
PAUSE = 0.2
"""What is being worked out is told once in so many seconds."""
LULL = 0.2
"""Work begins once nothing else was asked for in so many seconds: keys go before it."""
KEEPING = 60.0
"""What is finished is written to disk once in so many seconds, and when there is nothing to do: it
holds up whoever plays for a moment."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is known so far at a place, and to whom: each ending, those that each action closes,
    and which steps of the line there closed the others; None is not worked out.

    `doing` is what is being worked out, `error` why it was given up.
    """

    node: Node
    viewpoint: str
    prospects: tuple[Prospect, ...] = ()
    closes: Mapping[str, tuple[str, ...]] | None = None
    turns: tuple[Turn, ...] | None = None
    doing: str = ""
    error: str = ""

    def is_for(self, node: Node, viewpoint: str) -> bool:
        """Whether it is about this place, seen with these eyes."""
        return self.node is node and self.viewpoint == viewpoint


def able(parties: Sequence[str], verdict: Callable[[Coalition], Verdict]) -> Able:
    """Who can do a thing that a larger coalition can do too; `verdict` is asked of few of them."""
    surely: list[Coalition] = []
    perhaps: list[Coalition] = []
    for size in range(len(parties) + 1):
        for coalition in map(frozenset, combinations(parties, size)):
            if any(smaller <= coalition for smaller in surely):
                continue
            said = verdict(coalition)
            if said == "yes":
                surely.append(coalition)
            elif said == "depends" and not any(smaller <= coalition for smaller in perhaps):
                perhaps.append(coalition)
    return Able(tuple(surely), tuple(perhaps))


def steps_to(seat: Seat, goal: Goal) -> int | None:
    """The least number of actions to a goal from a state that the seat cannot tell from its own."""
    here = seat.compatible
    layers = enumerate(seat.explorer.layers(goal))
    return next((count for count, it in layers if (it & here).satisfiable()), None)


def deciding(seat: Seat) -> Seat:
    """Where it is compared who can make sure of what: for who sees everything, where the next
    round starts; a seat is told of the turn as it stands."""
    if seat.viewpoint != EVERYTHING:
        return seat
    return Seat(seat.explorer, EVERYTHING, seat.explorer.settled(seat.state))


def turn_at(hindsight: Hindsight, case: Case, node: Node, endings: Sequence[str]) -> Turn:
    """What is told of the step to a place that closed these endings."""
    viewpoint, action = hindsight.viewpoint, case.game.action(node.action)
    own = viewpoint in (EVERYTHING, action.mover)
    if node.parent is None or not (own or saw(case, node, viewpoint)):
        last = seen_last(case, node, viewpoint) or case.trunk[0]
        return Turn(last, tuple(Closed(it, (), ()) for it in endings), seen=False)
    instead = hindsight.instead(node.parent.state, action, endings)
    why = None if viewpoint == EVERYTHING else ()
    return Turn(node, tuple(Closed(it, instead[it], why) for it in endings))


def rules_that_close(explorer: Explorer, case: Case, node: Node, ending: str) -> tuple[str, ...]:
    """Which rule decides that the step to a place closed an ending; none where the line ended."""
    if node.parent is None or is_terminal(case.game, node.state):
        return ()
    goal = explorer.ending(ending)
    step = Taken(node.action, node.parent.state, node.state)
    return reasons(explorer, case.loaded.pack, goal, decided(explorer, goal, step), node.state)


# In words


SIGNS: Mapping[Verdict | None, str] = {"yes": "+", "no": "-", "depends": "?", None: " "}
"""What stands before an ending: possible, not possible, it depends, not worked out."""


def outlook_lines(pack: Pack, outlook: Outlook, width: int) -> Iterator[str]:
    """Everything that is known so far at a place; at the end, once, what the answers rest on."""
    if outlook.viewpoint == EVERYTHING:
        yield "Endings, seen from here, in this model:"
    else:
        eyes = party_name(pack, outlook.viewpoint)
        text = f"Endings, in this model, over all states that {eyes} cannot tell from this one:"
        yield from wrap(text, width)
    if outlook.error:
        yield from ("", *wrap(f"Not worked out further: {outlook.error}", width))
    elif outlook.doing:
        yield from ("", *wrap(f"Working out {outlook.doing}, kept for the next time.", width))
    for it in outlook.prospects:
        yield ""
        yield from wrap(f"{SIGNS[it.possible]} {it.title}", width, "  ", "    ")
        yield from prospect_lines(pack, it, width)
    yield ""
    yield "+ still possible   - no longer   ? it depends"
    yield from wrap(MODEL, width)


def closing_words(game: Game, outlook: Outlook, action_id: str) -> str:
    """Which endings an action closes; nothing where that is not for the viewpoint to know."""
    if outlook.closes is None:
        if outlook.error:
            return f"What it closes is not worked out: {outlook.error}"
        doing = f" ({outlook.doing})" if outlook.doing else ""
        return f"Working out what it closes{doing}; the first time it can take minutes ..."
    if action_id not in outlook.closes:
        return ""
    titles = {ending.id: ending.title for ending in game.endings}
    lost = "; ".join(titles[it] for it in outlook.closes[action_id])
    return f"Closes in this model: {lost or 'nothing'}."


# In a thread


@dataclass(frozen=True, slots=True)
class Asked:
    """A place, whose eyes it is seen with, and what is asked for besides what is possible there.

    `line` is which steps of the line there closed endings; `far` is what takes long: how far the
    endings are, and who can make sure of them or prevent them.
    """

    node: Node
    viewpoint: str
    far: bool = False
    line: bool = False


class PutOffError(Exception):
    """Something else is asked for now."""


class Lookout:
    """Works out in a thread what is asked for last, with one explorer of the game.

    `tell` hears there whatever is new. What is possible, and what each action closes, comes first,
    then which steps closed what; once that was worked out for one place, it comes for another at
    once, also while something longer is under way, for the sets that it needs hang on no place.
    Then come the rules that decide it, and what is far. Where the memory does not suffice, the
    outlook says so.
    """

    def __init__(self, case: Case, tell: Callable[[Outlook], None], memory: int = MEMORY) -> None:
        self.case = case
        self._tell = tell
        self._memory = memory
        self._changed = threading.Condition()
        self._asked: Asked | None = None
        self._stopped = False
        self._work: Background[None] | None = None
        self._failed = ""
        # The rest is the thread's own.
        self._done: Asked | None = None
        self._found: Outlook | None = None
        self._explorer: Explorer | None = None
        self._hindsight: Hindsight | None = None
        self._near_ready = False
        self._may_grow = memory > LITTLE
        self._is_far = False
        self._too_far = ""
        self._no_rules = False
        self._about = ""
        self._told = 0.0
        self._kept = 0.0, 0

    def ask(self, asked: Asked) -> None:
        """Asks for that, in place of what was asked for before."""
        if asked == self._asked:
            return
        with self._changed:
            self._asked = asked
            self._changed.notify()
        if self._failed:
            self._tell(Outlook(asked.node, asked.viewpoint, error=self._failed))
        elif self._work is None:
            self._work = Background(self._serve)

    def put_off(self) -> None:
        """Leaves what takes long for another time."""
        if self._asked is not None:
            self.ask(replace(self._asked, far=False))

    def stop(self) -> None:
        """Ends the work at its next step, and does not wait for that; what is finished is kept."""
        with self._changed:
            self._stopped = True
            self._changed.notify()

    def wait(self, seconds: float) -> bool:
        """Waits for at most so long until the work has ended; whether it has."""
        return self._work is None or self._work.wait(seconds)

    def _serve(self, watch: Watch) -> None:
        del watch  # `_heard` also lets go of what is put off
        try:
            if self._memory > LITTLE:
                try:
                    self._serve_with(LITTLE)
                except NotDecidedError:  # what was worked out is kept, and goes on with more
                    self._near_ready, self._hindsight = False, None
            self._may_grow = False
            self._serve_with(self._memory)
        except StoppedError:
            return
        except Exception as error:
            self._failed = str(error) if isinstance(error, NegsimError) else repr(error)
            if self._asked is not None:
                self._say(self._asked, doing="", error=self._failed)

    def _serve_with(self, memory: int) -> None:
        """Answers with so many megabytes for diagrams, until it is stopped.

        Raises NotDecidedError where they do not suffice for what comes first, or, as long as more
        may be taken, for anything.
        """
        case = self.case
        hint = case.loaded.order if case.level == FULL else ()
        with store.explored(case.game, hint, memory, self._heard) as explorer:
            self._explorer, self._kept = explorer, (time.monotonic(), len(explorer.kept))
            while True:
                self._answer(explorer, self._next())
                self._keep(explorer)

    def _next(self) -> Asked:
        """What is asked for and not yet answered, as soon as nothing else is for a moment."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or self._asked is not self._done)
            while not self._stopped and self._changed.wait_for(self._other(self._asked), LULL):
                pass
        return self._still()

    def _other(self, asked: Asked | None) -> Callable[[], bool]:
        return lambda: self._stopped or self._asked is not asked

    def _still(self, asked: Asked | None = None) -> Asked:
        """What is asked for now; raises PutOffError where that is something else than before."""
        now = self._asked
        if self._stopped or now is None:
            raise StoppedError
        if asked is not None and now is not asked:
            raise PutOffError
        return now

    def _heard(self, what: str, nodes: int) -> None:
        """Hears from the explorer what it does, and answers meanwhile what is quickly answered."""
        del nodes
        asked = self._still()
        if self._near_ready and self._explorer is not None:
            if not (asked.far or (asked.line and not self._is_far)):
                raise PutOffError
            self._near(self._explorer, asked)
            with suppress(PutOffError):  # the next time, something else is asked for
                self._back(self._explorer, asked)
        if time.monotonic() - self._told > PAUSE:
            self._say(asked, doing=self._about or what)

    def _answer(self, explorer: Explorer, asked: Asked) -> None:
        error = self._too_far
        try:
            self._near(explorer, asked)
            self._near_ready = True
            explorer.space.within_memory(partial(self._back, explorer, asked))
            self._why(explorer, asked)
            if asked.far and not error:
                self._is_far = True
                self._far(explorer, asked)
        except PutOffError:
            return
        except NotDecidedError as refused:
            if not self._near_ready or self._may_grow:
                raise
            error = self._too_far = str(refused)
        finally:
            self._about, self._is_far = "", False
        self._done = asked
        self._say(asked, doing="", error=error if asked.far else "")

    def _near(self, explorer: Explorer, asked: Asked) -> None:
        """What is possible, ending by ending, and then what each action closes."""
        seat = Seat(explorer, asked.viewpoint, asked.node.state)
        for place, goal in enumerate(explorer.endings):
            if self._outlook(asked).prospects[place].possible is None:
                if not self._near_ready:
                    self._still(asked)
                    self._about = f"whether {self._named(place)} is still possible"
                self._learn(asked, place, possible=seat.possible(goal))
        if self._outlook(asked).closes is None:
            self._say(asked, closes=seat.closes())

    def _back(self, explorer: Explorer, asked: Asked) -> None:
        """Which steps closed endings, and what would have kept them possible."""
        if not asked.line or self._outlook(asked).turns is not None:
            return
        if self._hindsight is None or self._hindsight.viewpoint != asked.viewpoint:
            self._hindsight = Hindsight(explorer, asked.viewpoint)
        line = asked.node.line
        states = [self.case.trunk[0].state, *(node.state for node in line)]
        found = self._hindsight.closings(states, partial(self._still, asked))
        turns = [
            turn_at(self._hindsight, self.case, line[step], endings)
            for step, endings in found.items()
        ]
        self._say(asked, turns=tuple(turns))

    def _why(self, explorer: Explorer, asked: Asked) -> None:
        """Which rules decide that the endings are closed: for who sees everything alone."""
        turns = list(self._outlook(asked).turns or ()) if asked.line else []
        for place, turn in enumerate(turns):
            closed = list(turn.closed)
            for number, it in enumerate(closed):
                if it.reasons is not None:
                    continue
                title = ending_title(self.case.game, it.ending)
                self._about = f"which rule closed {quote(title)}"
                why = self._rules(explorer, turn.node, it.ending)
                self._keep(explorer)
                self._still(asked)
                closed[number] = replace(it, reasons=why)
                turns[place] = replace(turn, closed=tuple(closed))
                self._say(asked, turns=tuple(turns))

    def _rules(self, explorer: Explorer, node: Node, ending: str) -> tuple[str, ...]:
        """The rules, if any can be named in the memory; where one needs too much, all do."""
        if self._no_rules:
            return ()
        work = partial(rules_that_close, explorer, self.case, node, ending)
        try:
            return explorer.space.within_memory(work)
        except NotDecidedError:
            if self._may_grow:
                raise
            self._no_rules = True
            return ()

    def _far(self, explorer: Explorer, asked: Asked) -> None:
        """How far each ending is, and then who can make sure of each, or prevent it."""
        seat = Seat(explorer, asked.viewpoint, asked.node.state)
        there = deciding(seat)
        ahead = [
            (place, goal)
            for place, goal in enumerate(explorer.endings)
            if self._outlook(asked).prospects[place].possible != "no"
        ]

        def work(place: int, name: str, about: str, question: Callable[[], object]) -> None:
            if getattr(self._outlook(asked).prospects[place], name) is None:
                self._about = about.format(self._named(place))
                found = explorer.space.within_memory(question)
                self._keep(explorer)
                self._still(asked)
                self._learn(asked, place, **{name: found})

        def who(can: Callable[[Coalition, Goal], Verdict], goal: Goal) -> Able:
            def verdict(coalition: Coalition) -> Verdict:
                self._still(asked)
                return can(coalition, goal)

            return able(explorer.parties, verdict)

        for place, goal in ahead:
            work(place, "steps", "how far {} is", partial(steps_to, seat, goal))
        for place, goal in ahead:
            work(place, "sure", "who can make sure of {}", partial(who, there.forces, goal))
            work(place, "prevent", "who can prevent {}", partial(who, there.avoids, goal))

    def _named(self, place: int) -> str:
        return quote(self.case.game.endings[place].title)

    def _keep(self, explorer: Explorer) -> None:
        now, (then, count) = time.monotonic(), self._kept
        if len(explorer.kept) != count and (self._asked is self._done or now - then > KEEPING):
            store.keep(explorer)
            self._kept = now, len(explorer.kept)

    def _outlook(self, asked: Asked) -> Outlook:
        """What is known of the place so far; what was known of another is let go."""
        found = self._found
        if found is None or not found.is_for(asked.node, asked.viewpoint):
            game = self.case.game
            found = Outlook(
                asked.node,
                asked.viewpoint,
                tuple(Prospect(it.id, it.title, it is game.default_ending) for it in game.endings),
            )
        return found

    def _learn(self, asked: Asked, place: int, **news: Any) -> None:
        known = list(self._outlook(asked).prospects)
        known[place] = replace(known[place], **news)
        self._say(asked, prospects=tuple(known))

    def _say(self, asked: Asked, **news: Any) -> None:
        self._found = replace(self._outlook(asked), **news)
        self._told = time.monotonic()
        self._tell(self._found)
