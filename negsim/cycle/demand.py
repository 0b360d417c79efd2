"""The demand: its form and publicity, the talks before, the request and the promise of an answer.

Sources: F18-F20, F29-F32; J08-J10 and J41-J46 (July 1914) for limits and their extension.
"""

from __future__ import annotations

from negsim.cycle.paper import Paper, either
from negsim.cycle.table import capital
from negsim.rules import NATURE, NEVER, All, Requirement, Set, Shift, is_

FORM_WORDS = {"binding": "in legally binding form", "non-binding": "without legal form"}
PUBLICITY_WORDS = {"published": "and publishes it", "confidential": "in confidence"}


def demand(paper: Paper) -> None:
    """The demand is handed over; its form and publicity are chosen where the case leaves a choice.

    A mirrored exchange has no demand of its own: what opens it is the counter-demand.
    """
    table, exchange = paper.table, paper.exchange
    if exchange.opened_by is not None:
        return
    forms, publicities = exchange.forms, exchange.demand_publicity
    side = (paper.demander, *paper.insiders)
    after = paper.steps["demand"][1]
    if len(forms) > 1:
        table.variable(
            paper.name("form"), forms, forms[0], f"form asked of {paper.title}", table.seen(side)
        )
    if len(publicities) > 1:
        title = f"whether the demand for {paper.title} is public"
        table.flag(paper.name("demand-public"), title, paper.open_sights)
    for form in forms:
        for publicity in publicities:
            parts: list[str] = [form] if len(forms) > 1 else []
            if len(publicities) > 1:
                parts.append(publicity)
            then = [Set(paper.status, after)]
            if len(forms) > 1:
                then.append(Set(paper.name("form"), form))
            if len(publicities) > 1 and publicity == "published":
                then.append(Set(paper.name("demand-public"), "yes"))
            table.action(
                "demand",
                paper.act("demand", *parts),
                paper.demander,
                f"{table.start(paper.demander)} hands its demand to {table.name(paper.author)} "
                f"{FORM_WORDS[form]} {PUBLICITY_WORDS[publicity]}.",
                [paper.due("demand")],
                then,
                slot=paper.name("demand"),
                seen_by=paper.side if publicity == "confidential" else None,
            )


def request(paper: Paper) -> None:
    """Talks, the request for a written answer, and its promise, refusal or delay."""
    table, exchange = paper.table, paper.exchange
    needs = [paper.due("ask")] if "ask" in paper.steps else []
    if exchange.talks_first and table.has("talks"):
        title = f"talks held before {paper.title} was asked for"
        talks = table.flag(paper.name("talks"), title, paper.open_sights)
        table.action(
            "talks",
            paper.act("talks"),
            paper.demander,
            f"{table.start(paper.demander)} and {table.name(paper.author)} hold talks.",
            [
                Requirement(paper.at("demanded"), "talks on a demand follow it", "order"),
                Requirement(is_(talks, "no"), "the talks have been held", "once"),
            ],
            [Set(talks, "yes")],
            slot=talks,
            seen_by=paper.audience,
        )
        needs.append(
            Requirement(is_(talks, "yes"), "talks come before the request for an answer", "order")
        )
    if "ask" in paper.steps:
        table.action(
            "ask",
            paper.act("ask"),
            paper.demander,
            f"{table.start(paper.demander)} asks {table.name(paper.author)} "
            "for a formal answer in writing.",
            needs,
            [Set(paper.status, paper.steps["ask"][1])],
            slot=paper.name("ask"),
            seen_by=paper.audience,
        )
    if "promise" in paper.steps:
        _promise(paper)
    if paper.exchange.may_decline:
        table.action(
            "decline",
            paper.act("decline"),
            paper.author,
            f"{table.start(paper.author)} answers aloud only and gives no paper.",
            [_asked(paper)],
            [Set(paper.status, "declined"), *paper.dropped],
            slot=paper.name("promise"),
            seen_by=paper.audience,
        )
    if table.has("extension") and exchange.deadline.extension_by:
        _extension(paper)


def _asked(paper: Paper) -> Requirement:
    before = paper.steps["promise"][0] if "promise" in paper.steps else "promised"
    return Requirement(paper.at(before), "no written answer is asked for now", "order")


def _promise(paper: Paper) -> None:
    table = paper.table
    promises = paper.exchange.promises
    _, after = paper.steps["promise"]
    dated = len(promises) > 1
    if dated:
        values = ("none", *promises)
        title = f"promise of {paper.title}"
        table.variable(paper.name("promise"), values, "none", title, paper.open_sights)
    for promise in promises:
        soft = "for an announced time" if promise == "soft-date" else "without a date"
        table.action(
            "promise",
            paper.act("promise", promise),
            paper.author,
            f"{table.start(paper.author)} promises a written answer {soft}.",
            [paper.due("promise")],
            [Set(paper.status, after)] + ([Set(paper.name("promise"), promise)] if dated else []),
            slot=paper.name("promise"),
            authority="minister",
            seen_by=paper.audience,
        )


def _extension(paper: Paper) -> None:
    """More time is asked for, and granted or refused; only where there is a date (F32; J41-J46)."""
    table, deadline = paper.table, paper.exchange.deadline
    values = ("none", "asked", "granted", "refused")
    title = f"more time for {paper.title}"
    name = table.variable(paper.name("extension"), values, "none", title, paper.open_sights)
    open_ = paper.at("demanded", "asked", "promised", "cleared")
    limits = []
    if deadline.kind == "hard":
        limits.append(is_(paper.name("rounds-left"), *rounds(paper)[1:]))
    if len(paper.exchange.promises) > 1 and "promise" in paper.steps:
        limits.append(is_(paper.name("promise"), "soft-date"))
    elif paper.exchange.promises == ["soft-date"]:
        limits.append(paper.at("promised", "cleared"))
    dated = Requirement(either(limits) if limits else NEVER, "there is no date to extend", "order")
    waiting = Requirement(open_, f"{paper.title} is not awaited now", "order")
    for party in deadline.extension_by:
        table.action(
            "extension",
            paper.act("extension", "ask", party),
            party,
            f"{table.start(party)} asks for more time for {paper.title}.",
            [
                waiting,
                dated,
                Requirement(is_(name, "none"), "more time was asked for already", "once"),
            ],
            [Set(name, "asked")],
            slot=name,
            seen_by=paper.audience,
        )
    for answer in ("granted", "refused"):
        then: list[Set | Shift] = [Set(name, answer)]
        if answer == "granted" and deadline.kind == "hard" and deadline.extension:
            then.append(Shift(paper.name("rounds-left"), deadline.extension))
        table.action(
            "extension",
            paper.act("extension", answer),
            paper.demander,
            f"{table.start(paper.demander)} has more time for {paper.title} {answer}.",
            [waiting, Requirement(is_(name, "asked"), "nobody asks for more time", "order")],
            then,
            slot=name,
            seen_by=paper.audience,
        )


def rounds(paper: Paper) -> tuple[str, ...]:
    """The values of the clock of a hard deadline, from none left."""
    deadline = paper.exchange.deadline
    most = (deadline.rounds or 1) + (deadline.extension if deadline.extension_by else 0)
    return tuple(str(left) for left in range(most + 1))


def clock(paper: Paper) -> None:
    """A hard deadline: the only counter in the state. At none left the declared default follows.

    Rule of play 3; J08, J10, J24.
    """
    table, deadline = paper.table, paper.exchange.deadline
    if deadline.kind != "hard" or deadline.on_silence is None:
        return
    values = rounds(paper)
    name = table.variable(
        paper.name("rounds-left"),
        values,
        str(deadline.rounds),
        f"rounds left for {paper.title}",
        paper.open_sights,
    )
    waiting = paper.at("demanded", "asked", "promised", "cleared")
    table.round_effects.append(Shift(name, -1, waiting))
    overdue = All((waiting, is_(name, "0")))
    table.overdue.append(overdue)
    table.event(
        f"{NATURE}/silence/{paper.id}",
        f"{capital(paper.title)} has not come in time; the declared default follows.",
        overdue,
        [
            Set(paper.status, "decided"),
            Set(paper.name("decision"), deadline.on_silence),
            *paper.dropped,
        ],
        deadline,
    )
