"""Consultation: four depths in order, per partner; assent of members; what would surprise.

Sources: F45-F50 (the four depths, no surprises), guard G4; F52, guard G5 (consensus);
no veto of a consulted party is reported, so whether it can block is a parameter, default no.
"""

from __future__ import annotations

from itertools import pairwise

from negsim.cycle.paper import Paper, either
from negsim.rules import AnyOf, Condition, Effect, Is, Requirement, Set, is_

DEPTHS = ("none", "informed", "previewed", "asked", "incorporated")
"""How deeply a partner was consulted, in order (F46 F47 F48 F49)."""
SHOWN = DEPTHS[2:]
"""The depths at which the partner has seen the draft."""

DEPTH_TEXT = {
    "informed": "tells {partner} that {paper} is being written",
    "previewed": "shows {partner} a preview of {paper}",
    "asked": "asks {partner} for comments on {paper}",
    "incorporated": "works the comments of {partner} into {paper}",
}


def consultation(paper: Paper) -> None:
    """Depth by depth for each partner, and a new preview after a late change."""
    table = paper.table
    if not table.has("consult"):
        return
    for partner in paper.exchange.partners:
        side = table.seen([*paper.insiders, partner])
        who = table.name(partner)
        depth = table.variable(
            paper.name(partner, "depth"), DEPTHS, "none", f"{who}: depth of consultation", side
        )
        stale = table.flag(
            paper.name(partner, "stale"), f"{who}: the draft changed since it was shown", side
        )
        reached = table.seen([*paper.insiders, partner], paper.at(*paper.stands, "decided"))
        table.flag(paper.name(partner, "surprised"), f"{who}: surprised by {paper.title}", reached)
        for before, after in pairwise(DEPTHS):
            needs = [
                paper.drafting,
                Requirement(
                    is_(depth, before), f"the depths for {who} come in order, each once", "order"
                ),
            ]
            if after == "previewed":
                needs.append(Requirement(begun(paper), "there is no draft to show yet", "order"))
            if after in ("asked", "incorporated"):
                needs.append(_current(stale, who))
            table.action(
                "consult",
                paper.act("consult", partner, after),
                paper.author,
                f"{table.start(paper.author)} "
                f"{DEPTH_TEXT[after].format(partner=who, paper=paper.title)}.",
                needs,
                [Set(depth, after)],
                slot=f"{depth}.{after}",
                authority="minister",
                seen_by=(*paper.insiders, partner),
            )
        table.action(
            "consult",
            paper.act("consult", partner, "shown-again"),
            paper.author,
            f"{table.start(paper.author)} shows {who} the changed draft of {paper.title}.",
            [
                paper.drafting,
                Requirement(is_(depth, *SHOWN), f"no draft was shown to {who} before", "order"),
                Requirement(is_(stale, "yes"), f"the draft stands as it was shown to {who}", "G4"),
            ],
            [Set(stale, "no")],
            authority="minister",
            seen_by=(*paper.insiders, partner),
        )


def _current(stale: str, who: str) -> Requirement:
    sentence = f"the draft has changed since it was shown to {who}; show it again first"
    return Requirement(is_(stale, "no"), sentence, "G4")


def begun(paper: Paper) -> Condition:
    """At least one item of the paper is answered."""
    return either([paper.answered(item, *paper.answers(item)) for item in paper.items])


def draft_changed(paper: Paper) -> list[Effect]:
    """What every change of a draft does: who saw it holds an old text, who assented is asked anew.

    Guard G4.
    """
    table = paper.table
    effects: list[Effect] = []
    if table.has("consult"):
        for partner in paper.exchange.partners:
            shown = is_(paper.name(partner, "depth"), *SHOWN)
            effects.append(Set(paper.name(partner, "stale"), "yes", shown))
    if table.has("assent"):
        effects += [Set(paper.name(party, "assent"), "none") for party in assenting(paper)]
    return effects


def surprises(paper: Paper) -> list[Effect]:
    """What delivery does to partners that were not shown the text as it is delivered (G4)."""
    if not paper.table.has("consult"):
        return []
    return [
        Set(
            paper.name(partner, "surprised"),
            "yes",
            AnyOf((is_(paper.name(partner, "stale"), "yes"), _never_shown(paper, partner))),
        )
        for partner in paper.exchange.partners
    ]


def _never_shown(paper: Paper, partner: str) -> Is:
    return is_(paper.name(partner, "depth"), "none", "informed")


def assenting(paper: Paper) -> list[str]:
    """Whose assent the text needs: every member of a collective author, and who can block."""
    partners = paper.exchange.partners
    return [*paper.exchange.members, *(name for name, it in partners.items() if it.can_block)]


def assent(paper: Paper) -> None:
    """Members of a collective addressee, and partners that can block, assent to the text (G5)."""
    table = paper.table
    if not table.has("assent"):
        return
    for party in assenting(paper):
        side = table.seen([*paper.insiders, party])
        name = table.variable(
            paper.name(party, "assent"),
            ("none", "given"),
            "none",
            f"{table.name(party)}: assent to {paper.title}",
            side,
        )
        needs = [paper.drafting]
        if party in paper.insiders:
            needs.append(Requirement(begun(paper), "there is no draft yet", "order"))
        else:
            shown = is_(paper.name(party, "depth"), *SHOWN)
            current = is_(paper.name(party, "stale"), "no")
            needs.append(Requirement(shown, f"no draft was shown to {table.name(party)}", "order"))
            needs.append(Requirement(current, "the draft has changed since it was shown", "G4"))
        needs.append(Requirement(is_(name, "none"), "the assent is given", "once"))
        table.action(
            "assent",
            paper.act("assent", party),
            party,
            f"{table.start(party)} assents to {paper.title}.",
            needs,
            [Set(name, "given")],
            slot=name,
            seen_by=(*paper.insiders, party),
        )


def assented(paper: Paper) -> list[Requirement]:
    """What clearing a collective or blockable paper needs (G5)."""
    if not paper.table.has("assent"):
        return []
    return [
        Requirement(
            is_(paper.name(party, "assent"), "given"),
            f"the text lacks the assent of {paper.table.name(party)}; every one is needed",
            "G5",
        )
        for party in assenting(paper)
    ]
