"""How the demander reads a paper: what counts as an offer, and the three judging rules.

Conditions only, no actions: the decisions and the taking up of offers ask here.

Sources: G7 (conditions judged by each side), G8 (another offer binds both sides), G11 (the narrower
of two papers counts in collective matters), G13 (the judging rule is explicit; J24, J72, F91, F92).
"""

from __future__ import annotations

from collections.abc import Sequence

from negsim.cycle.paper import AGREED, OFFERS, Paper, both, either
from negsim.pack.models import Answer, Judging
from negsim.rules import NEVER, All, AnyOf, Condition, Not, Requirement, is_


def judged(condition: str, party: str) -> str:
    """The variable of a party's judgement."""
    return f"{condition}.{party}"


def hanging(paper: Paper, condition: str) -> list[Condition]:
    """For each item whose offer may hang on the condition: that it does."""
    return [
        is_(name, "yes")
        for item_id, item in paper.items.items()
        if item.only_if == condition and (name := paper.hangs(item_id)) is not None
    ]


def active(paper: Paper, item_id: str, *parties: str) -> list[Requirement]:
    """An offer under a condition counts once these parties hold the condition to be met (G7)."""
    name, condition = paper.hangs(item_id), paper.items[item_id].only_if
    if name is None or condition is None or not paper.table.has("judge"):
        return []
    title = paper.table.pack.conditions[condition].title
    return [
        Requirement(
            AnyOf((is_(name, "no"), is_(judged(condition, party), "met"))),
            f"the offer stands only if {title}, and {paper.table.name(party)} does not hold "
            "that to be met",
            "G7",
        )
        for party in parties
    ]


def outcome(paper: Paper, item_id: str) -> str:
    """The variable of what became of an item of a paper."""
    return paper.name(item_id, "outcome")


def others(paper: Paper, item_id: str, papers: Sequence[Paper]) -> list[Paper]:
    """For a collective item: the demander's other papers that answer it (G11)."""
    if not paper.items[item_id].collective:
        return []
    return [
        other
        for other in papers
        if other is not paper and item_id in other.items and other.demander == paper.demander
    ]


def stands(paper: Paper) -> Condition:
    """There is a paper, and it was delivered."""
    return All((paper.at(*paper.stands, "decided"), paper.written))


def no_narrower(
    paper: Paper, item_id: str, papers: Sequence[Paper], *answers: Answer
) -> list[Condition]:
    """No other paper that stands gives a collective item less than these answers (G11)."""
    return [
        AnyOf((Not(stands(other)), other.answered(item_id, *answers)))
        for other in others(paper, item_id, papers)
    ]


def counter_offers(paper: Paper) -> Condition:
    """At least one reciprocal item is answered by another offer that counts for both sides."""
    offers: list[Condition] = []
    for item_id, item in paper.items.items():
        if item.reciprocal and "counter" in paper.answers(item_id):
            counts = [
                need.condition for need in active(paper, item_id, paper.author, paper.demander)
            ]
            offers.append(both([paper.answered(item_id, "counter"), *counts]))
    return either(offers) if offers else NEVER


def offered(paper: Paper, item_id: str, papers: Sequence[Paper]) -> Condition:
    """The paper offers something on the item, and the offer counts for its author."""
    if not set(paper.answers(item_id)) & set(OFFERS):
        return NEVER
    counts = [need.condition for need in active(paper, item_id, paper.author)]
    narrower = no_narrower(paper, item_id, papers, *OFFERS)
    return both([paper.answered(item_id, *OFFERS), *counts, *narrower])


def weighed(paper: Paper, rule: Judging) -> list[str]:
    """The items that a judging rule asks about: where the paper ranks none as core, all of them."""
    core = [name for name, item in paper.items.items() if item.priority == "core"]
    return core if rule == "core-weighted" and core else list(paper.items)


def wanted(paper: Paper, item_id: str, rule: Judging, papers: Sequence[Paper]) -> list[Condition]:
    """What a judging rule asks of one item, so that the whole paper can be accepted.

    all-or-nothing: agreed in full, without a condition; the others: agreed, in full or part, its
    condition met in its author's view. What counts was taken up as agreed, so that links,
    conditions and other papers are weighed (G7, G9, G11); at a level without taking up, conditions
    and other papers are weighed here.
    """
    answers: tuple[Answer, ...] = ("accepted",) if rule == "all-or-nothing" else AGREED
    if not set(answers) & set(paper.answers(item_id)):
        return [NEVER]
    hangs = paper.hangs(item_id)
    parts: list[Condition] = [paper.answered(item_id, *answers)]
    if rule == "all-or-nothing" and hangs is not None:
        parts.append(is_(hangs, "no"))
    if paper.table.has("take-up"):
        return [*parts, is_(outcome(paper, item_id), "agreed")]
    parts += no_narrower(paper, item_id, papers, *answers)
    return parts + [need.condition for need in active(paper, item_id, paper.author)]


def acceptable(paper: Paper, rule: Judging, papers: Sequence[Paper]) -> Condition:
    """Whether the demander can accept the paper as a whole under a judging rule (G13; J24, F91).

    All-or-nothing and item-by-item weigh every item, core-weighted every core item.
    """
    parts = [it for name in weighed(paper, rule) for it in wanted(paper, name, rule, papers)]
    return NEVER if NEVER in parts else both(parts)


def talks_worth(paper: Paper, rule: Judging, papers: Sequence[Paper]) -> Condition:
    """Whether the demander can open talks on part of the paper under a judging rule (G13).

    Under all-or-nothing any reservation is a refusal, so there is no part to talk on. Item by item,
    one item taken up (or, at a level without taking up, offered) is enough. Core-weighted, every
    core item must besides be taken up or set aside.
    """
    if rule == "all-or-nothing":
        return NEVER
    if not paper.table.has("take-up"):
        return either([offered(paper, item_id, papers) for item_id in paper.items])
    some = AnyOf(tuple(is_(outcome(paper, item), "talks", "agreed") for item in paper.items))
    if rule == "item-by-item":
        return some
    core = [name for name, item in paper.items.items() if item.priority == "core"]
    return both([some, *(Not(is_(outcome(paper, item), "pending")) for item in core)])
