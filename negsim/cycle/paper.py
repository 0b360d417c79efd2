"""One exchange while it is turned into rules: its names, its path of steps, its sights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from negsim.cycle.table import Table
from negsim.pack.models import Answer, Exchange, Item, Kind
from negsim.rules import (
    ALWAYS,
    All,
    AnyOf,
    Condition,
    Derived,
    Effect,
    Is,
    Requirement,
    Set,
    Sight,
    is_,
)

STEPS: tuple[tuple[Kind, str, str], ...] = (
    ("demand", "none", "demanded"),
    ("ask", "demanded", "asked"),
    ("promise", "asked", "promised"),
    ("clear", "promised", "cleared"),
    ("deliver", "cleared", "delivered"),
    ("receive", "delivered", "received"),
    ("read", "received", "read"),
    ("analyse", "read", "analysed"),
    ("position", "analysed", "position"),
    ("decide", "position", "decided"),
)
"""The path of an exchange: each step with the status before and after it."""

WITH_THE_STEP_BEFORE = ("ask", "promise")
"""At a level without these kinds they go with the step before; the others with the one after."""

STAGES = {
    "demand": ("none", "demanded", "asked"),
    "consultation": ("promised",),
    "response": ("cleared", "declined", "delivered"),
    "analysis": ("received", "read", "analysed", "position"),
    "decided": ("decided",),
}
"""The four stages and the decision that ends a cycle, by status."""

STATUSES = (
    "none",
    "demanded",
    "asked",
    "promised",
    "cleared",
    "declined",
    "delivered",
    "received",
    "read",
    "analysed",
    "position",
    "decided",
)

IN_PREPARATION = {"promised": "in preparation", "cleared": "in preparation"}
UNCONFIRMED = {"delivered": "in analysis"}
UNTOLD = {"decided": "in analysis"}
IN_ANALYSIS = dict.fromkeys(("received", "read", "analysed", "position"), "in analysis")

ANSWER_WORDS: dict[Answer, str] = {
    "rejected": "refused",
    "silent": "left out",
    "counter": "another offer",
    "talks": "talks offered",
    "accepted-in-part": "agreed in part",
    "accepted": "agreed",
}
"""How each answer is said; talks is the OPEN of the sources."""

OFFERS: tuple[Answer, ...] = ("counter", "talks", "accepted-in-part", "accepted")
AGREED: tuple[Answer, ...] = ("accepted-in-part", "accepted")
MAY_HANG: tuple[Answer, ...] = OFFERS
"""Answers that may carry a condition."""

GIST: dict[str, str] = {
    "rejected": "refused",
    **{answer: "something offered" for answer in OFFERS},
    **dict.fromkeys(("none", "silent", "counter"), "not in the gist"),
}
"""What a gist tells of an answer: refusals and fields of talks, but no terms, so no other offer
and no condition (F61 F62 F66; what the leak added: F80-F83, F88)."""


def spans(kinds: Iterable[Kind]) -> dict[Kind, tuple[str, str]]:
    """For each step in use, the status it starts from and the one it leads to."""
    used = set(kinds)
    found: dict[Kind, tuple[str, str]] = {}
    start: str | None = None
    last: Kind = "demand"
    for kind, before, after in STEPS:
        if kind in used:
            found[kind] = (start or before, after)
            start, last = None, kind
        elif kind in WITH_THE_STEP_BEFORE:
            found[last] = (found[last][0], after)
        else:
            start = start or before
    return found


class Paper:
    """An exchange, the table it is added to, and the names of its variables."""

    def __init__(self, table: Table, paper_id: str, exchange: Exchange) -> None:
        self.table = table
        self.id = paper_id
        self.exchange = exchange
        self.title = exchange.title
        self.demander = exchange.demander
        self.author = exchange.addressee
        self.status = f"{paper_id}.status"
        self.steps = spans(kind for kind, _, _ in STEPS if table.has(kind))
        self.stands = self._after("deliver")
        """The statuses in which the paper is delivered and the cycle not yet ended."""

    def name(self, *parts: str) -> str:
        """The name of a variable of this exchange."""
        return ".".join((self.id, *parts))

    def act(self, kind: str, *parts: str) -> str:
        """The id of an action on this paper."""
        return "/".join((kind, self.id, *parts))

    @cached_property
    def statuses(self) -> tuple[str, ...]:
        """The statuses that this exchange can have."""
        used = {status for span in self.steps.values() for status in span}
        if self.exchange.may_decline and self.table.has("decline"):
            used.add("declined")
        return tuple(status for status in STATUSES if status in used)

    def _after(self, kind: Kind) -> tuple[str, ...]:
        """The statuses from the end of a step on, before the decision."""
        place = self.statuses.index(self.steps[kind][1])
        return tuple(status for status in self.statuses[place:] if status != "decided")

    def from_step(self, kind: Kind) -> tuple[str, ...]:
        """The statuses from a step's end on; where the step goes with a later one, from its end.

        A step that goes with the decision has no end of its own: where the decision is due, it is
        taken for done.
        """
        place = [name for name, _, _ in STEPS].index(kind)
        used = next(name for name, _, _ in STEPS[place:] if name in self.steps)
        return (self.steps[used][0],) if used == "decide" else self._after(used)

    def at(self, *statuses: str) -> Is:
        """The exchange stands at one of these statuses."""
        return is_(self.status, *(status for status in statuses if status in self.statuses))

    def due(self, kind: Kind, rule: str = "order") -> Requirement:
        """The step is the next one."""
        before = self.steps[kind][0]
        return Requirement(self.at(before), f"{self.title} is not at this step: {DUE[kind]}", rule)

    @cached_property
    def drafting(self) -> Requirement:
        """The paper is being written."""
        first: Kind = "clear" if "clear" in self.steps else "deliver"
        return Requirement(
            self.at(self.steps[first][0]), f"{self.title} is not being drafted", "order"
        )

    @cached_property
    def written(self) -> Condition:
        """There is a text: the first item is answered. From clearing on it stands for all (G12),
        and a draft that is never delivered is dropped, so a decided exchange without a paper has
        none.
        """
        first = self.exchange.items[0]
        return self.answered(first, *self.answers(first))

    @cached_property
    def dropped(self) -> list[Effect]:
        """What becomes of a draft where no paper is given: nobody ever sees it."""
        names = [self.name(item) for item in self.items]
        flags = [name for item in self.items if (name := self.hangs(item)) is not None]
        openings = [it.opened_by for it in self.table.pack.exchanges.values() if it.opened_by]
        if any(opening.paper == self.id for opening in openings):
            flags.append(self.name("counter-demand"))
        return [*(Set(name, "none") for name in names), *(Set(name, "no") for name in flags)]

    @property
    def delivered(self) -> Requirement:
        """The paper is with the demander, and the cycle has not ended."""
        return Requirement(self.at(*self.stands), f"{self.title} is not delivered", "order")

    @cached_property
    def items(self) -> dict[str, Item]:
        """The items that the paper answers."""
        return {item: self.table.pack.items[item] for item in self.exchange.items}

    def answers(self, item: str) -> tuple[Answer, ...]:
        """The answers that an item admits here, in the order of the words."""
        allowed = self.exchange.answers.get(item)
        ruled_out = {
            answer
            for procedure in self.table.pack.procedures.values()
            for answer in procedure.rules_out.get(item, ())
        }
        return tuple(
            answer
            for answer in ANSWER_WORDS
            if (allowed is None or answer in allowed) and answer not in ruled_out
        )

    def hangs(self, item: str) -> str | None:
        """The variable that says whether the offer on an item carries its condition, if it may."""
        conditional = self.exchange.may_hang and self.items[item].only_if is not None
        if not conditional or not set(self.answers(item)) & set(MAY_HANG):
            return None
        return self.name(item, "only-if")

    def answered(self, item: str, *answers: Answer) -> Condition:
        """The paper gives the item one of these answers."""
        return is_(self.name(item), *set(answers) & set(self.answers(item)))

    @cached_property
    def writing(self) -> tuple[str, ...]:
        """Who follows the writing: the insiders, and partners whose assent is needed."""
        blocking = [name for name, it in self.exchange.partners.items() if it.can_block]
        return tuple(name for name in (*self.insiders, *blocking) if name != self.demander)

    @cached_property
    def side(self) -> tuple[str, ...]:
        """Who knows of the exchange from its start: the two roles, and all with a part in it."""
        return (self.demander, *self.writing, *self.exchange.deadline.extension_by)

    @cached_property
    def known(self) -> Condition:
        """Where outsiders know of the exchange.

        Once its demand is public or its paper delivered; of one that a counter-demand within a
        paper opens, once the text of that paper is public.
        """
        opened_by = self.exchange.opened_by
        if opened_by is not None and opened_by.paper is not None:
            return is_(f"{opened_by.paper}.publicity", "text", "leaked")
        publicities = self.exchange.demand_publicity
        if "confidential" not in publicities:
            return ALWAYS
        delivered = self.at(*self.stands, "decided")
        if "published" not in publicities:
            return delivered
        return AnyOf((is_(self.name("demand-public"), "yes"), delivered))

    @property
    def audience(self) -> tuple[str, ...] | None:
        """Who sees the steps before the paper: all (None), or the side of a secret demand."""
        return None if self.known == ALWAYS else self.side

    @property
    def open_sights(self) -> tuple[Sight, ...]:
        """How variables of the request are seen: by the side, and by whoever knows of it."""
        others = [name for name in self.table.viewpoints if name not in self.side]
        return (*self.table.seen(self.side), *self.table.seen(others, self.known))

    @property
    def reply_told(self) -> Condition:
        """The demander has decided, and its reply is not secret."""
        return All((is_(self.name("reply"), "gist", "text"), self.at("decided")))

    @property
    def outcome_sights(self) -> tuple[Sight, ...]:
        """How what follows from the terms is seen: by both sides; by others with the text."""
        sides = (self.demander, *self.insiders)
        others = [name for name in self.table.viewpoints if name not in sides]
        public = is_(self.name("publicity"), "text", "leaked")
        return (*self.table.seen(sides), *self.table.seen(others, public))

    @cached_property
    def insiders(self) -> tuple[str, ...]:
        """Who knows the draft: the author, and the members of a collective one."""
        return (self.author, *self.exchange.members)

    @property
    def terms(self) -> tuple[Sight, ...]:
        """How the terms of the paper are seen, by whom and from when: with the text only."""
        sights = list(self.table.seen(self.insiders))
        publicity = self.name("publicity")
        for partner in self.exchange.partners:
            if self.table.has("consult"):
                current = All(
                    (
                        is_(self.name(partner, "depth"), "previewed", "asked", "incorporated"),
                        is_(self.name(partner, "stale"), "no"),
                    )
                )
                sights.append(Sight(partner, current))
        reached = self.at(*self.stands, "decided")
        sights.append(Sight(self.demander, reached))
        public = tuple(name for name in self.table.viewpoints if name not in self.insiders)
        sights += [Sight(name, is_(publicity, "text", "leaked")) for name in public]
        return tuple(sights)

    def shown(self, item: str) -> tuple[Sight, ...]:
        """How an answer is seen: as the terms, or blurred as far as the gist tells of the item."""
        told = self.exchange.gist
        if told is not None and item not in told:
            return self.terms
        public = [name for name in self.table.viewpoints if name not in self.insiders]
        return (*self.terms, *self.table.seen(public, is_(self.name("publicity"), "gist"), GIST))


DUE: dict[Kind, str] = {
    "demand": "the demand has been made, or its time has not come",
    "ask": "a written answer is asked for once the demand is made",
    "promise": "an answer is promised once it was asked for",
    "clear": "a text is cleared once it was drafted",
    "deliver": "a paper is delivered once its text is ready",
    "receive": "receipt follows delivery",
    "read": "no reading before receipt",
    "analyse": "no analysis before reading",
    "position": "no position before analysis",
    "decide": "no decision before the position is formulated",
}


def paper_variables(paper: Paper) -> None:
    """The status of the exchange and the name of its stage."""
    table = paper.table
    # Where receipt goes with the analysis, delivery is the last that others see of the paper.
    analysing = IN_ANALYSIS if "receive" in paper.steps else IN_ANALYSIS | UNCONFIRMED
    others = [name for name in table.viewpoints if name not in paper.side]
    outside = IN_PREPARATION | analysing
    asking = [name for name in paper.exchange.deadline.extension_by if name not in paper.writing]
    sights = [
        *table.seen([paper.demander], blur=IN_PREPARATION),
        *table.seen(paper.writing, blur=analysing),
    ]
    for names, known in ((asking, ALWAYS), (others, paper.known)):
        if table.has("reply"):
            sights += table.seen(names, All((known, paper.reply_told)), outside)
            sights += table.seen(names, known, outside | UNTOLD)
        else:
            sights += table.seen(names, known, outside)
    table.variable(
        paper.status, paper.statuses, "none", f"where {paper.title} stands", tuple(sights)
    )
    stage_of = {status: stage for stage, statuses in STAGES.items() for status in statuses}
    if "receive" not in paper.steps:
        stage_of["delivered"] = "analysis"
    groups = {
        stage: frozenset(status for status in paper.statuses if stage_of[status] == stage)
        for stage in dict.fromkeys(stage_of[status] for status in paper.statuses)
    }
    stage = paper.name("stage")
    table.derived[stage] = Derived(stage, paper.status, groups)


def either(conditions: Sequence[Condition]) -> Condition:
    """One of the conditions; a single one as it is."""
    return conditions[0] if len(conditions) == 1 else AnyOf(tuple(conditions))


def both(conditions: Sequence[Condition]) -> Condition:
    """All of the conditions; a single one as it is, none always true."""
    if not conditions:
        return ALWAYS
    return conditions[0] if len(conditions) == 1 else All(tuple(conditions))
