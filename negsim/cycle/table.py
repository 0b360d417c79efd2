"""What the files of the procedure share: the table under construction, and words for sentences."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from negsim.pack.models import Cited, Kind, Pack
from negsim.rules import (
    ALWAYS,
    EVERYTHING,
    NATURE,
    TURN,
    Action,
    Condition,
    Derived,
    Effect,
    Requirement,
    Set,
    Sight,
    Variable,
    is_,
)

PUBLIC = "public"
"""The viewpoint of everybody who is no party."""

NO_BLUR: Mapping[str, str] = {}


class Table:
    """The variables and actions that the procedure makes of a pack, in the order they are added."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.variables: dict[str, Variable] = {}
        self.derived: dict[str, Derived] = {}
        self.actions: dict[str, Action] = {}
        self.excluded: dict[str, str] = {}
        self.viewpoints = tuple(dict.fromkeys((*pack.parties, *pack.viewpoints, PUBLIC)))
        self.viewpoints = tuple(name for name in self.viewpoints if name != EVERYTHING)
        self.movers: tuple[str, ...] = tuple(pack.parties)
        self.ending_turn: list[str] = []
        self.turn_resets: dict[str, list[Effect]] = {}
        self.round_effects: list[Effect] = []
        self.overdue: list[Condition] = []

    def has(self, kind: Kind) -> bool:
        """Whether the case, at this level, uses this kind of action."""
        return self.pack.kinds is None or kind in self.pack.kinds

    def name(self, party: str) -> str:
        """A party as it stands within a sentence."""
        return "chance" if party == NATURE else self.pack.parties[party].name

    def start(self, party: str) -> str:
        """A party as it stands at the start of a sentence."""
        return capital(self.name(party))

    def seen(
        self,
        viewpoints: Iterable[str] | None = None,
        when: Condition = ALWAYS,
        blur: Mapping[str, str] = NO_BLUR,
    ) -> tuple[Sight, ...]:
        """Sights for these viewpoints, or for all."""
        chosen = self.viewpoints if viewpoints is None else tuple(dict.fromkeys(viewpoints))
        return tuple(Sight(viewpoint, when, blur) for viewpoint in chosen)

    def variable(
        self,
        name: str,
        values: Sequence[str],
        start: str,
        title: str,
        sights: tuple[Sight, ...] | None = None,
    ) -> str:
        """Adds a variable, seen by all unless said otherwise; gives its name back."""
        shown = self.seen() if sights is None else sights
        self.variables[name] = Variable(name, tuple(values), start, title, shown)
        return name

    def flag(self, name: str, title: str, sights: tuple[Sight, ...] | None = None) -> str:
        """Adds a variable that is `no` at first and may become `yes`."""
        return self.variable(name, ("no", "yes"), "no", title, sights)

    def action(
        self,
        kind: Kind,
        action_id: str,
        mover: str,
        text: str,
        when: Sequence[Requirement],
        then: Sequence[Effect],
        *,
        slot: str = "",
        authority: str = "decider",
        seen_by: Collection[str] | None = None,
        ends_turn: bool = False,
        cited: Cited | None = None,
    ) -> None:
        """Adds an action if its kind is in use; `seen_by` left out means that all see it.

        `cited` is the part of the pack whose basis and facts are the action's too.
        """
        if not self.has(kind):
            return
        if ends_turn:
            self.ending_turn.append(action_id)
        self.actions[action_id] = Action(
            action_id,
            mover,
            text,
            tuple(when),
            tuple(then),
            slot=slot,
            authority=authority,
            seen_by=frozenset(self.viewpoints if seen_by is None else seen_by),
            basis=cited.basis if cited is not None else "invented",
            facts=tuple(cited.facts) if cited is not None else (),
        )

    def event(
        self,
        action_id: str,
        text: str,
        when: Condition,
        then: Sequence[Effect],
        cited: Cited,
        weight: int = 1,
    ) -> None:
        """Adds an event of nature that all see, with the basis of the part that declares it."""
        need = Requirement(when, "this event is not possible here, or has happened", "nature")
        seen_by = frozenset(self.viewpoints)
        self.actions[action_id] = Action(
            action_id,
            NATURE,
            text,
            (need,),
            tuple(then),
            cited.basis,
            tuple(cited.facts),
            seen_by=seen_by,
            weight=weight,
        )

    def spend(self, party: str, name: str, title: str) -> tuple[Requirement, Effect]:
        """The one use of a slot in a turn: what an action requires and what it sets."""
        self.flag(name, title, self.seen([party]))
        self.turn_resets.setdefault(party, []).append(Set(name, "no"))
        need = Requirement(
            is_(name, "no"), f"{self.name(party)} has done this already this turn", "once"
        )
        return need, Set(name, "yes")

    def end_of_turn(self, mover: str) -> tuple[Effect, ...]:
        """What happens when the mover's turn ends: slots are free again, the next one moves.

        With the turn of the last party the clocks of hard deadlines move too, so that chance finds
        in the same round what is overdue.
        """
        place = self.movers.index(mover)
        following = self.movers[(place + 1) % len(self.movers)]
        last = following == NATURE
        resets = self.turn_resets.get(mover, [])
        return (*resets, *(self.round_effects if last else ()), Set(TURN, following))


def capital(text: str) -> str:
    """The sentence with a capital at its start."""
    return text[:1].upper() + text[1:]


def words(name: str) -> str:
    """An id as words."""
    return name.replace("-", " ")
