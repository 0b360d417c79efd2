"""Pressure, signals, red lines, links and contacts: what runs beside every stage.

Sources: F36-F44, F61-F68, F91-F97, F107-F117; guards G1, G2, G9, G14, G15.
"""

from __future__ import annotations

from collections.abc import Sequence

from negsim.cycle.analysis import decider
from negsim.cycle.judging import outcome
from negsim.cycle.paper import AGREED, Paper
from negsim.cycle.response import consensus
from negsim.cycle.table import Table, capital, words
from negsim.pack.models import RedLine, Signal
from negsim.rules import All, AnyOf, Not, Requirement, Set, Shift, is_


def red_lines(table: Table, papers: Sequence[Paper]) -> None:
    """Any voice declares a red line; its decider alone moves it, which ends the turn (G2)."""
    if not table.has("red-line"):
        return
    for party_id, party in table.pack.parties.items():
        for line, it in party.red_lines.items():
            name = table.variable(
                f"{party_id}.{line}.red-line",
                ("open", "standing"),
                "standing" if it.declared else "open",
                f"red line {words(line)} of {party.name}",
                table.seen([party_id]),
            )
            crossing = [
                Requirement(
                    Not(paper.answered(item, *AGREED)),
                    f"{paper.title} agrees to {table.pack.items[item].title}",
                    "G2",
                )
                for paper in papers
                if paper.author == party_id
                for item in it.items
                if item in paper.items and set(paper.answers(item)) & set(AGREED)
            ]
            table.action(
                "red-line",
                f"red-line/{party_id}/{line}/declare",
                party_id,
                f"{capital(party.name)} declares its red line {words(line)}.",
                [Requirement(is_(name, "open"), "the red line stands", "once"), *crossing],
                [Set(name, "standing")],
                slot=name,
                authority="spokesperson",
            )
            table.action(
                "red-line",
                f"red-line/{party_id}/{line}/move",
                party_id,
                f"{decider(table, party_id)} moves the red line {words(line)}.",
                [
                    Requirement(is_(name, "standing"), "the red line does not stand", "order"),
                    *_of_all_members(party_id, it, papers),
                ],
                [Set(name, "open")],
                authority="decider",
                seen_by=[party_id],
                ends_turn=True,
            )


def _of_all_members(party: str, line: RedLine, papers: Sequence[Paper]) -> list[Requirement]:
    """A body moves its red line on a matter of consensus with the consent of all (G2, G5)."""
    bodies = [paper for paper in papers if paper.author == party and paper.exchange.members]
    needs = [need for paper in bodies for item in line.items for need in consensus(paper, item)]
    return list(dict.fromkeys(needs))


def consents(table: Table, papers: Sequence[Paper]) -> None:
    """Members consent, one by one, to a matter of consensus (G5; F52 F53)."""
    if not table.has("consent"):
        return
    for topic, it in table.pack.topics.items():
        authors = [paper.author for paper in papers if set(it.items) & set(paper.items)]
        side = [*it.members, *authors]
        for member in it.members:
            name = table.flag(
                f"{topic}.{member}.consent",
                f"{table.name(member)}: consent to {it.title}",
                table.seen(side),
            )
            table.action(
                "consent",
                f"consent/{topic}/{member}",
                member,
                f"{table.start(member)} consents to {it.title}.",
                [Requirement(is_(name, "no"), "the consent is given", "once")],
                [Set(name, "yes")],
                slot=name,
                seen_by=side,
            )


def links(table: Table, papers: Sequence[Paper]) -> None:
    """The demander unties a package or ties it again, which ends its turn (F107 F108; G9)."""
    for link, it in table.pack.links.items():
        answering = [paper for paper in papers if any(item in paper.items for item in it.items)]
        if not (answering and it.may_delink and table.has("link") and table.has("take-up")):
            continue
        demander = answering[0].demander
        name = table.variable(f"{link}.link", ("linked", "delinked"), "linked", it.title)
        table.action(
            "link",
            f"link/{link}/untie",
            demander,
            f"{table.start(demander)} no longer ties the items of {it.title} together.",
            [Requirement(is_(name, "linked"), "the items are not tied", "once")],
            [Set(name, "delinked")],
            slot=name,
        )
        open_ = [
            Requirement(
                is_(outcome(paper, item), "pending"),
                f"{table.pack.items[item].title} was dealt with already",
                "order",
            )
            for paper in answering
            for item in it.items
            if item in paper.items
        ]
        table.action(
            "link",
            f"link/{link}/tie",
            demander,
            f"{table.start(demander)} ties the items of {it.title} together again.",
            [Requirement(is_(name, "delinked"), "the items are tied", "order"), *open_],
            [Set(name, "linked")],
            ends_turn=True,
        )


def postures(table: Table) -> None:
    """Build-up and draw-down, one place a turn (G14)."""
    if not table.has("posture"):
        return
    for party_id, party in table.pack.parties.items():
        posture = party.posture
        if posture is None:
            continue
        name = table.variable(
            f"{party_id}.posture", posture.levels, posture.start, f"{party.name}: {posture.title}"
        )
        free, spent = table.spend(party_id, f"{party_id}.moved", f"{party.name} moved this turn")
        for direction, verb, by, end in (
            ("build-up", "builds up", 1, posture.levels[-1]),
            ("draw-down", "draws down", -1, posture.levels[0]),
        ):
            table.action(
                "posture",
                f"posture/{party_id}/{direction}",
                party_id,
                f"{capital(party.name)} {verb}: {posture.title}.",
                [free, Requirement(Not(is_(name, end)), f"{posture.title}: at the end", "order")],
                [Shift(name, by), spent],
                slot=name,
            )


def threats(table: Table) -> None:
    """Measures announced for a case, each once."""
    for party_id, party in table.pack.parties.items():
        for threat, it in party.threats.items() if table.has("threaten") else ():
            name = table.flag(f"{party_id}.{threat}.threat", it.text)
            table.action(
                "threaten",
                f"threaten/{party_id}/{threat}",
                party_id,
                it.text,
                [Requirement(is_(name, "no"), "the measure was announced", "once")],
                [Set(name, "yes")],
                slot=name,
                cited=it,
            )


def contacts(table: Table) -> None:
    """The next contact is announced, once."""
    if not table.has("contact"):
        return
    kinds = dict.fromkeys(kind for party in table.pack.parties.values() for kind in party.contacts)
    if not kinds:
        return
    name = table.variable("contact", ("none", *kinds), "none", "the next contact announced")
    for party_id, party in table.pack.parties.items():
        for kind, it in party.contacts.items():
            table.action(
                "contact",
                f"contact/{party_id}/{kind}",
                party_id,
                f"{capital(party.name)} announces the next contact: {words(kind)}.",
                [Requirement(is_(name, "none"), "a next contact is announced", "once")],
                [Set(name, kind)],
                slot=name,
                authority="minister",
                cited=it,
            )


def signals(table: Table, papers: Sequence[Paper]) -> None:
    """What voices say, one signal a voice and turn. It commits to nothing (G3)."""
    if not table.has("signal"):
        return
    for party_id, party in table.pack.parties.items():
        for voice_id, voice in party.voices.items():
            if not voice.signals:
                continue
            slot = f"{party_id}.{voice_id}.spoke"
            free, spent = table.spend(party_id, slot, f"{voice.name} spoke this turn")
            for signal_id, signal in voice.signals.items():
                table.action(
                    "signal",
                    f"signal/{party_id}/{voice_id}/{signal_id}",
                    party_id,
                    signal.text,
                    [free, *_assessable(signal, party_id, papers)],
                    [spent],
                    slot=slot,
                    authority=voice.authority,
                    cited=signal,
                )


def _assessable(signal: Signal, party: str, papers: Sequence[Paper]) -> list[Requirement]:
    """An assessment rests on the paper or on what its author said of it in public (G1, G15)."""
    found = [paper for paper in papers if paper.id == signal.assesses]
    if not found:
        return []
    paper = found[0]
    public = is_(paper.name("publicity"), "gist", "text", "leaked")
    held = All((paper.at(*paper.from_step("receive"), "decided"), paper.written))
    known = AnyOf((public, held)) if party == paper.demander else public
    sentence = f"{paper.title} is neither received nor public in gist; voices do not run ahead"
    return [Requirement(known, sentence, "G15")]
