"""The decisions that end a cycle, and the next cycle or the mirrored exchange they open.

Sources: F99, F103, F104; guards G1, G8, G13; J24 and J62 (July 1914) for break-off.
"""

from __future__ import annotations

from collections.abc import Sequence

from negsim.cycle.analysis import decider
from negsim.cycle.judging import acceptable, counter_offers, talks_worth
from negsim.cycle.paper import Paper
from negsim.cycle.response import opening
from negsim.pack.models import Decision
from negsim.rules import ALWAYS, NEVER, Effect, Not, Requirement, Set, Shift, is_

DECISION_TEXT: dict[Decision, str] = {
    "accept": "accepts what {paper} offers as a whole",
    "talks": "agrees to talks on part of the items on the basis of {paper}",
    "interim": "agrees with {author} on interim steps on the basis of {paper}",
    "restate": "answers {paper} by restating the demand",
    "counter-demand": "takes up the counter-demand of {author}",
    "break-off": "breaks the exchange over {paper} off",
    "act": "turns to measures of its own instead of answering {paper}",
    "lapse": "leaves {paper} without a reply",
}
"""How each decision is said."""

WITHOUT_A_PAPER: tuple[Decision, ...] = ("restate", "break-off", "act", "lapse")
"""What can also be decided where the addressee gave no paper."""


def decision(paper: Paper, mirrored: Paper | None, papers: Sequence[Paper]) -> None:
    """One action for each decision that the case knows."""
    table, exchange = paper.table, paper.exchange
    name, reply = paper.name("decision"), paper.name("reply")
    private = reply in table.variables
    told = table.seen(when=paper.reply_told if private else ALWAYS)
    seen_by = (paper.demander, *paper.insiders) if private else None
    table.variable(
        name,
        ("none", *exchange.decisions),
        "none",
        f"decision of {table.name(paper.demander)} on {paper.title}",
        (*table.seen([paper.demander, *paper.insiders]), *told),
    )
    cycle = paper.name("cycle")
    if exchange.cycles > 1 and "restate" in exchange.decisions:
        numbers = [str(number + 1) for number in range(exchange.cycles)]
        table.variable(cycle, numbers, "1", f"cycle of the exchange on {paper.title}")
    for choice in exchange.decisions:
        needs = _needs(paper, choice, papers)
        if any(need.condition == NEVER for need in needs):
            table.excluded[paper.act("decide", choice)] = next(
                need.otherwise for need in needs if need.condition == NEVER
            )
            continue
        then: list[Effect] = [Set(paper.status, "decided"), Set(name, choice)]
        if choice == "counter-demand" and mirrored is not None:
            then += opening(mirrored)
        last = []
        if choice == "restate" and cycle in table.variables:
            final = str(exchange.cycles)
            last = [Requirement(is_(cycle, final), "another cycle can be opened first", "order")]
            _reopen(paper, needs, cycle, final)
        text = DECISION_TEXT[choice].format(paper=paper.title, author=table.name(paper.author))
        table.action(
            "decide",
            paper.act("decide", choice),
            paper.demander,
            f"{decider(table, paper.demander)} {text}.",
            [*needs, *last],
            then,
            slot=paper.name("decide"),
            seen_by=seen_by,
        )


def _needs(paper: Paper, choice: Decision, papers: Sequence[Paper]) -> list[Requirement]:
    table, exchange = paper.table, paper.exchange
    rule = exchange.judging
    before = [paper.steps["decide"][0]]
    if choice in WITHOUT_A_PAPER and "declined" in paper.statuses:
        before.append("declined")
    needs = [Requirement(paper.at(*before), "no decision before the position is formulated", "G1")]
    if choice == "accept":
        sentence = f"{paper.title} cannot be accepted as a whole when it is judged {rule}"
        needs.append(Requirement(acceptable(paper, rule, papers), sentence, "G13"))
    if choice == "talks":
        sentence = f"judged {rule}, {paper.title} leaves no part to talk on as things stand"
        needs.append(Requirement(talks_worth(paper, rule, papers), sentence, "G13"))
    if choice == "interim":
        sentence = f"{paper.title} makes no other offer that binds both as things stand"
        needs.append(Requirement(counter_offers(paper), sentence, "G8"))
    if choice == "interim" and table.has("bind"):
        needs += [
            Requirement(
                is_(paper.name("bound", party), "yes"),
                f"{table.name(party)} has not bound itself; interim steps bind both",
                "G8",
            )
            for party in (paper.demander, paper.author)
        ]
    return needs


def _reopen(paper: Paper, needs: list[Requirement], cycle: str, final: str) -> None:
    """Restating opens the next cycle: only this exchange's own variables start anew."""
    table = paper.table
    own = f"{paper.id}."
    demand = ("talks", "form", "demand-public", "cycle", "status")
    kept = {paper.name(part) for part in demand}
    then: list[Effect] = [
        Set(name, variable.start)
        for name, variable in table.variables.items()
        if name.startswith(own) and name not in kept
    ]
    asked = paper.steps["ask" if "ask" in paper.steps else "demand"][1]
    table.action(
        "decide",
        paper.act("decide", "restate", "again"),
        paper.demander,
        f"{decider(table, paper.demander)} restates the demand and asks for another paper.",
        [*needs, Requirement(Not(is_(cycle, final)), "no further cycle is left", "order")],
        [*then, Set(paper.status, asked), Shift(cycle, 1)],
        slot=paper.name("decide"),
    )
