"""The written response: answers item by item, red lines, clearing, delivery, publicity.

Sources: F73-F88 for the kinds of answer, F38-F44 and F58-F72 for delivery and publicity; guards G2,
G3, G5, G6, G8, G10, G12.
"""

from __future__ import annotations

from negsim.cycle.consultation import assented, draft_changed, surprises
from negsim.cycle.paper import AGREED, ANSWER_WORDS, MAY_HANG, Paper
from negsim.cycle.table import capital
from negsim.pack.models import Answer
from negsim.rules import ALWAYS, NATURE, NEVER, All, Condition, Effect, Not, Requirement, Set, is_

PUBLICITIES = ("secret", "gist", "text", "leaked")
"""The publicity of a paper only widens: secret, gist, text, or leaked."""


def answers(paper: Paper) -> None:
    """One action for each item and answer, with or without its condition, and redrafting."""
    table = paper.table
    for item_id, item in paper.items.items():
        admitted = paper.answers(item_id)
        name = table.variable(
            paper.name(item_id),
            ("none", *admitted),
            "none",
            f"{paper.title} on {item.title}",
            paper.shown(item_id),
        )
        hangs = paper.hangs(item_id)
        if hangs is not None:
            table.flag(hangs, f"{paper.title} on {item.title}: only if", paper.terms)
        free = Requirement(is_(name, "none"), f"the draft answers {item.title}; redraft", "once")
        for answer in admitted:
            _answer(paper, item_id, answer, free, None)
            if hangs is not None and answer in MAY_HANG:
                _answer(paper, item_id, answer, free, hangs)
        cleared: list[Effect] = [Set(name, "none")]
        if hangs is not None:
            cleared.append(Set(hangs, "no"))
        table.action(
            "redraft",
            paper.act("redraft", item_id),
            paper.author,
            f"{table.start(paper.author)} takes its draft answer on {item.title} back.",
            [
                paper.drafting,
                Requirement(Not(is_(name, "none")), "the draft says nothing on it yet", "order"),
            ],
            [*cleared, *draft_changed(paper)],
            seen_by=paper.insiders,
            ends_turn=True,
        )
    _ruled_out(paper)


def _answer(
    paper: Paper, item_id: str, answer: Answer, free: Requirement, hangs: str | None
) -> None:
    table, item = paper.table, paper.items[item_id]
    needs = [paper.drafting, free]
    if answer in AGREED:
        needs += _red_lines(paper, item_id) + consensus(paper, item_id)
    condition = table.pack.conditions[item.only_if].title if hangs and item.only_if else ""
    only_if = f", only if {condition}" if condition else ""
    effects: list[Effect] = [Set(paper.name(item_id), answer)]
    if hangs is not None:
        effects.append(Set(hangs, "yes"))
    table.action(
        "answer",
        paper.act("answer", item_id, answer, *(["only-if"] if hangs else [])),
        paper.author,
        f'{table.start(paper.author)} drafts its answer on "{item.title}": '
        f"{ANSWER_WORDS[answer]}{only_if}.",
        needs,
        [*effects, *draft_changed(paper)],
        slot=paper.name(item_id),
        seen_by=paper.insiders,
    )


def _ruled_out(paper: Paper) -> None:
    """Answers that would have to be a step of a slow procedure are no actions (G6)."""
    for procedure in paper.table.pack.procedures.values():
        for item_id, ruled_out in procedure.rules_out.items():
            for answer in ruled_out if item_id in paper.items else ():
                reason = f"{procedure.title}: {procedure.reason}"
                for form in ((), ("only-if",)):
                    paper.table.excluded[paper.act("answer", item_id, answer, *form)] = reason


def red_lines(paper_author: str, item_id: str, paper: Paper) -> list[tuple[str, str]]:
    """The variables of the party's red lines around an item, with the line's name."""
    if not paper.table.has("red-line"):
        return []
    party = paper.table.pack.parties[paper_author]
    return [
        (f"{paper_author}.{line}.red-line", line)
        for line, it in party.red_lines.items()
        if item_id in it.items
    ]


def _red_lines(paper: Paper, item_id: str) -> list[Requirement]:
    return [
        Requirement(
            Not(is_(name, "standing")),
            f"the red line {line} of {paper.table.name(paper.author)} stands; "
            "only its decider moves it",
            "G2",
        )
        for name, line in red_lines(paper.author, item_id, paper)
    ]


def consensus(paper: Paper, item_id: str) -> list[Requirement]:
    """A text that accepts a matter of consensus binds every member, so each must consent (G5)."""
    if not paper.table.has("consent"):
        return []
    return [
        Requirement(
            is_(f"{topic}.{member}.consent", "yes"),
            f"{it.title} needs the consent of every ally, and {paper.table.name(member)} "
            "has not given it",
            "G5",
        )
        for topic, it in paper.table.pack.topics.items()
        if item_id in it.items
        for member in it.members
    ]


def counter_demand(paper: Paper, mirrored: Paper | None) -> None:
    """The paper may carry a counter-demand, which opens the mirrored exchange at delivery."""
    if mirrored is None:
        return
    table = paper.table
    name = table.flag(paper.name("counter-demand"), f"{paper.title} demands too", paper.terms)
    table.action(
        "counter-demand",
        paper.act("counter-demand"),
        paper.author,
        f"{table.start(paper.author)} puts a counter-demand into {paper.title}.",
        [
            paper.drafting,
            Requirement(is_(name, "no"), "the draft carries one", "once"),
            Requirement(is_(mirrored.status, "none"), "it was demanded before", "once"),
        ],
        [Set(name, "yes"), *draft_changed(paper)],
        slot=name,
        seen_by=paper.insiders,
    )
    table.action(
        "redraft",
        paper.act("redraft", "counter-demand"),
        paper.author,
        f"{table.start(paper.author)} takes the counter-demand out of {paper.title}.",
        [paper.drafting, Requirement(is_(name, "yes"), "the draft carries none", "order")],
        [Set(name, "no"), *draft_changed(paper)],
        seen_by=paper.insiders,
        ends_turn=True,
    )


def _ready(paper: Paper) -> list[Requirement]:
    """What a text needs before it is cleared."""
    needs = [
        Requirement(
            Not(is_(paper.name(item_id), "none")),
            f"the draft says nothing on {item.title}; leaving it out is an answer too",
            "G12",
        )
        for item_id, item in paper.items.items()
    ]
    return needs + assented(paper)


def clear_and_deliver(paper: Paper, mirrored: Paper | None) -> None:
    """The text is cleared by its author and handed over by a courier."""
    table = paper.table
    if "clear" in paper.steps:
        table.action(
            "clear",
            paper.act("clear"),
            paper.author,
            f"{table.start(paper.author)} clears the text of {paper.title}.",
            [paper.due("clear"), *_ready(paper)],
            [Set(paper.status, paper.steps["clear"][1])],
            slot=paper.name("clear"),
            seen_by=paper.writing,
        )
    table.variable(
        paper.name("publicity"), PUBLICITIES, "secret", f"how public the text of {paper.title} is"
    )
    effects: list[Effect] = [Set(paper.status, paper.steps["deliver"][1]), *surprises(paper)]
    if not table.has("publicise"):
        effects.append(Set(paper.name("publicity"), "gist"))
    if mirrored is not None:
        carried = is_(paper.name("counter-demand"), "yes")
        effects += opening(mirrored, carried if table.has("counter-demand") else NEVER)
    parties = table.pack.parties
    couriers = paper.exchange.couriers if "clear" in paper.steps else {}
    if not couriers:
        _deliver(paper, (), f"{table.start(paper.author)} delivers {paper.title}.", effects)
    for courier, receiver in couriers.items():
        text = (
            f"{capital(parties[paper.author].voices[courier].name)} hands {paper.title} to "
            f"{parties[paper.demander].voices[receiver].name}."
        )
        _deliver(paper, (courier,), text, effects)


def _deliver(paper: Paper, parts: tuple[str, ...], text: str, effects: list[Effect]) -> None:
    needs = [paper.due("deliver")]
    if "clear" not in paper.steps:
        needs += _ready(paper)
    paper.table.action(
        "deliver",
        paper.act("deliver", *parts),
        paper.author,
        text,
        needs,
        effects,
        slot=paper.name("deliver"),
        authority="courier",
    )


def opening(mirrored: Paper, when: Condition = ALWAYS) -> list[Effect]:
    """The effect that opens a mirrored exchange: its demand is made."""
    return [Set(mirrored.status, mirrored.steps["demand"][1], when)]


def publicity(paper: Paper) -> None:
    """The gist, the text, the request for confidentiality, and the leak (G10)."""
    table, exchange = paper.table, paper.exchange
    name = paper.name("publicity")
    asked = paper.name("confidentiality")
    if exchange.confidentiality and table.has("confidentiality"):
        _confidentiality(paper, asked)
    for party in (paper.author, paper.demander):
        who = table.start(party)
        knows = _knows(paper, party)
        table.action(
            "publicise",
            paper.act("publicise", party, "gist"),
            party,
            f"{who} tells the public the gist of {paper.title}.",
            [knows, Requirement(is_(name, "secret"), "the gist is public already", "once")],
            [Set(name, "gist")],
            slot=f"{name}.gist",
            authority="minister",
        )
        needs = [
            knows,
            Requirement(is_(name, "secret", "gist"), "the text is public already", "once"),
        ]
        if party == paper.demander and asked in table.variables:
            needs.append(
                Requirement(
                    Not(is_(asked, "honoured")),
                    f"{table.name(party)} honours the request to keep the text secret",
                    "G10",
                )
            )
        table.action(
            "publicise",
            paper.act("publicise", party, "text"),
            party,
            f"{who} publishes the text of {paper.title}.",
            needs,
            [Set(name, "text")],
            slot=f"{name}.text",
        )
    if exchange.leak is not None:
        held = All((paper.at(*paper.stands, "decided"), paper.written, is_(name, "secret", "gist")))
        table.event(
            f"{NATURE}/leak/{paper.id}",
            f"The full text of {paper.title} becomes public; who passed it on is not known.",
            held,
            [Set(name, "leaked")],
            exchange.leak,
            exchange.leak.weight,
        )


def _knows(paper: Paper, party: str) -> Requirement:
    if party == paper.author:
        return paper.delivered
    sentence = f"{paper.title} is not received"
    return Requirement(paper.at(*paper.from_step("receive")), sentence, "order")


def _confidentiality(paper: Paper, name: str) -> None:
    table = paper.table
    side = table.seen([paper.author, paper.demander])
    values = ("none", "requested", "honoured", "refused")
    table.variable(name, values, "none", f"request to keep the text of {paper.title} secret", side)
    both = (paper.author, paper.demander)
    unpublished = is_(paper.name("publicity"), "secret", "gist")
    table.action(
        "confidentiality",
        paper.act("confidentiality", "request"),
        paper.author,
        f"{table.start(paper.author)} asks that the text of {paper.title} stay secret.",
        [
            paper.delivered,
            Requirement(is_(name, "none"), "the request is made", "once"),
            Requirement(unpublished, "the text is public", "G10"),
        ],
        [Set(name, "requested")],
        slot=name,
        seen_by=both,
    )
    for answer in ("honoured", "refused"):
        verb = "keeps" if answer == "honoured" else "will not keep"
        table.action(
            "confidentiality",
            paper.act("confidentiality", answer),
            paper.demander,
            f"{table.start(paper.demander)} {verb} the text of {paper.title} secret.",
            [
                paper.delivered,
                Requirement(is_(name, "requested"), "nobody asks for secrecy", "order"),
                Requirement(unpublished, "the text is public, so the request is void", "G10"),
            ],
            [Set(name, answer)],
            slot=name,
            seen_by=both,
        )
