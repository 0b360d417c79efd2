"""What lies ahead of a place, worked out bit by bit in a thread: quick answers first.

Every answer is about the model. For a viewpoint it is taken over all states that it cannot tell
apart (`Seat`), so that none betrays what the viewpoint cannot see.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from negsim import store
from negsim.answers import MODEL, any_of
from negsim.background import Background, StoppedError
from negsim.errors import NegsimError, quote
from negsim.explore import MEMORY
from negsim.explore.arena import Watch
from negsim.explore.explorer import Coalition, Explorer
from negsim.explore.goals import Goal
from negsim.explore.seats import Seat, Verdict
from negsim.pack.compile import FULL
from negsim.pack.models import Pack
from negsim.rules import EVERYTHING, Game
from negsim.session import Case, Node
from negsim.text import wrap
from negsim.views import party_name

PAUSE = 0.2
"""What is being worked out is told once in so many seconds."""


@dataclass(frozen=True, slots=True)
class Able:
    """The smallest coalitions that can do a thing; and those that can in some states, where it
    depends on what is hidden."""

    surely: tuple[Coalition, ...] = ()
    perhaps: tuple[Coalition, ...] = ()


@dataclass(frozen=True, slots=True)
class Prospect:
    """What is known of an ending ahead; None is not worked out yet.

    `endless` says that it is the ending of lines that go on for ever. `steps` is the least number
    of actions to it, in the nearest of the states that cannot be told apart.
    """

    ending: str
    title: str
    endless: bool
    possible: Verdict | None = None
    steps: int | None = None
    sure: Able | None = None
    prevent: Able | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is known so far at a place, and to whom: each ending, and those that each action closes.

    `doing` is what is being worked out, `error` why it was given up.
    """

    node: Node
    viewpoint: str
    prospects: tuple[Prospect, ...] = ()
    closes: Mapping[str, tuple[str, ...]] | None = None
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


# In words


def prospect_lines(pack: Pack, it: Prospect, width: int) -> Iterator[str]:
    """What is known of an ending, indented, without its title."""
    match it.possible:
        case None:
            yield from wrap("not worked out yet", width, "    ")
            return
        case "no":
            yield from wrap("no longer possible in this model", width, "    ")
            return
        case "yes":
            said = "still possible"
        case "depends":
            said = "it depends on what is not seen from here whether it is still possible"
    if it.endless:
        said += ", where everybody goes on passing"
    elif it.steps is not None:
        said += f"; {'1 step' if it.steps == 1 else f'{it.steps} steps'} at least"
    yield from wrap(said, width, "    ", "      ")
    if it.sure is not None:
        said = _able(pack, it.sure, "it comes of itself")
        yield from wrap(f"can make sure of it: {said}", width, "    ", "      ")
    if it.prevent is not None:
        said = _able(pack, it.prevent, "it is excluded")
        yield from wrap(f"can prevent it: {said}", width, "    ", "      ")


def _able(pack: Pack, who: Able, always: str) -> str:
    said = any_of(pack, who.surely, "nobody for sure" if who.perhaps else "nobody", always)
    if who.perhaps:
        said += f". Depending on what is not seen: {any_of(pack, who.perhaps, '', always)}"
    return said


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
        return f"Working out what it closes{doing} ..."
    if action_id not in outlook.closes:
        return ""
    titles = {ending.id: ending.title for ending in game.endings}
    lost = "; ".join(titles[it] for it in outlook.closes[action_id])
    return f"Closes in this model: {lost or 'nothing'}."


# In a thread


@dataclass(frozen=True, slots=True)
class _Asked:
    node: Node
    viewpoint: str
    far: bool


class _PutOffError(Exception):
    """Another thing is asked now."""


class Lookout:
    """Works out what is asked in a thread, with one explorer of the game, until it is stopped.

    `tell` hears in that thread whatever is new. What is possible, and what each action closes,
    comes first, and comes for a new place also while something longer is worked out: the sets that
    it needs do not hang on the place. Where the memory does not suffice, the longer answers are
    given up, or all; the outlook says so.
    """

    def __init__(self, case: Case, tell: Callable[[Outlook], None], memory: int = MEMORY) -> None:
        self.case = case
        self._tell = tell
        self._memory = memory
        self._changed = threading.Condition()
        self._work: Background[None] | None = None
        self._stopped = False
        self._asked: _Asked | None = None
        self._failed = ""
        # What follows belongs to the thread.
        self._done: _Asked | None = None
        self._near: _Asked | None = None
        self._all_possible = False
        self._about = ""
        self._told = 0.0

    def ask(self, node: Node, viewpoint: str, *, far: bool) -> None:
        """Asks for a place in place of the last one; `far`: also how far, and who can do what."""
        asked = _Asked(node, viewpoint, far)
        if asked == self._asked:
            return
        with self._changed:
            self._asked = asked
            self._changed.notify()
        if self._failed:
            self._tell(Outlook(node, viewpoint, error=self._failed))
        elif self._work is None:
            self._work = Background(self._serve)

    def put_off(self) -> None:
        """Leaves what takes long for another time."""
        if self._asked is not None:
            self.ask(self._asked.node, self._asked.viewpoint, far=False)

    def stop(self) -> None:
        """Ends the work at its next step, without waiting for that; what is finished is kept."""
        with self._changed:
            self._stopped = True
            self._changed.notify()

    def wait(self, seconds: float) -> bool:
        """Waits for at most so long until nothing is worked out any more; whether that is so."""
        return self._work is None or self._work.wait(seconds)

    def _serve(self, watch: Watch) -> None:
        del watch  # one that wakes a sleeper is needed
        case = self.case
        hint = case.loaded.order if case.level == FULL else ()
        try:
            with store.explored(case.game, hint, self._memory, self._heard) as explorer:
                self._explorer = explorer
                while True:
                    self._answer(explorer, self._next())
        except StoppedError:
            return
        except Exception as error:
            self._failed = str(error) if isinstance(error, NegsimError) else repr(error)
            asked = self._asked
            if asked is not None:
                self._tell(Outlook(asked.node, asked.viewpoint, error=self._failed))

    def _next(self) -> _Asked:
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or self._asked is not self._done)
            if self._stopped or self._asked is None:
                raise StoppedError
            return self._asked

    def _heard(self, what: str, nodes: int) -> None:
        """Told by the explorer at every step what it does: the place to stop, or turn to others."""
        del nodes
        asked = self._asked
        if self._stopped or asked is None:
            raise StoppedError
        if self._all_possible:
            if not asked.far:
                raise _PutOffError
            self._look_near(self._explorer, asked)
        if time.monotonic() - self._told > PAUSE:
            self._say(asked, doing=f"{what}{self._about}")

    def _answer(self, explorer: Explorer, asked: _Asked) -> None:
        error = ""
        try:
            self._look_near(explorer, asked)
            if asked.far:
                self._look_far(explorer, asked)
        except _PutOffError:
            return
        except NegsimError as refused:
            if not self._all_possible:
                raise
            error = str(refused)
        finally:
            self._about = ""
        self._done = asked
        self._say(asked, doing="", error=error)

    def _say(self, asked: _Asked, **news: Any) -> None:
        """Tells what is new about the place that is asked for; what is about another is dropped."""
        if not hasattr(self, "_found") or not self._found.is_for(asked.node, asked.viewpoint):
            named = [(it.id, it.title) for it in self.case.game.endings]
            default = self.case.game.default_ending
            endless = default.id if default is not None else None
            self._found = Outlook(
                asked.node,
                asked.viewpoint,
                tuple(Prospect(name, title, name == endless) for name, title in named),
            )
        self._found = replace(self._found, **news)
        self._told = time.monotonic()
        self._tell(self._found)
