"""Analysis: receipt, reading, analysis, position; what the demander takes up; who judges what.

Sources: F93-F104 and guard G1 (the order, and the decider alone formulates), G7 (conditions judged
by each side), G8 (another offer binds both sides), G9 (linkage), G11 (the narrower of two papers
counts in collective matters), G13 (the judging rule is explicit); mechanics section 9.
"""

from __future__ import annotations

from collections.abc import Sequence

from negsim.cycle.paper import AGREED, OFFERS, Paper, both, either
from negsim.cycle.table import Table, capital
from negsim.pack.models import Judging, Kind
from negsim.rules import (
    NEVER,
    All,
    AnyOf,
    Condition,
    Effect,
    Not,
    Requirement,
    Set,
    is_,
)

STEP_TEXT: dict[Kind, tuple[str, str]] = {
    "receive": ("{who} confirms the receipt of {paper}.", "courier"),
    "read": ("{who} reads {paper}.", "decider"),
    "analyse": ("{who} has analysed {paper}.", "minister"),
    "position": ("{decider} formulates the position on {paper}.", "decider"),
}


def analysis(paper: Paper) -> None:
    """The steps from receipt to position, the inner circle, and the publicity of the reply."""
    table, demander = paper.table, paper.demander
    for kind, (text, authority) in STEP_TEXT.items():
        if kind not in paper.steps:
            continue
        sentence = text.format(
            who=table.start(demander), paper=paper.title, decider=decider(table, demander)
        )
        table.action(
            kind,
            paper.act(kind),
            demander,
            sentence,
            [paper.due(kind, "G1")],
            [Set(paper.status, paper.steps[kind][1])],
            slot=paper.name(kind),
            authority=authority,
            seen_by=None if kind == "receive" else [demander],
        )
    known = paper.at(*paper.from_step("read"))
    if paper.exchange.inner_circle is not None and table.has("inner-circle"):
        name = table.flag(
            paper.name("inner-circle"), "whether the inner circle was heard", table.seen([demander])
        )
        table.action(
            "inner-circle",
            paper.act("inner-circle"),
            demander,
            f"{decider(table, demander)} hears {paper.exchange.inner_circle} on {paper.title}.",
            [
                Requirement(known, f"{paper.title} is not read", "G1"),
                Requirement(is_(name, "no"), "the circle was heard", "once"),
            ],
            [Set(name, "yes")],
            slot=name,
            seen_by=[demander],
        )
    if table.has("reply"):
        _reply_publicity(paper, known)


def decider(table: Table, party: str) -> str:
    """The party's decider by name, or the party, at the start of a sentence."""
    voices = table.pack.parties[party].voices.values()
    names = [voice.name for voice in voices if voice.authority == "decider"]
    return capital(names[0]) if names else table.start(party)


def _reply_publicity(paper: Paper, known: Condition) -> None:
    """How public the demander's own reply will be is decided separately (F104)."""
    table, demander = paper.table, paper.demander
    name = table.variable(
        paper.name("reply"),
        ("undecided", "secret", "gist", "text"),
        "undecided",
        f"publicity of the reply to {paper.title}",
        table.seen([demander]),
    )
    for publicity in ("secret", "gist", "text"):
        shown = {"secret": "stays secret", "gist": "is told in gist", "text": "is published"}
        table.action(
            "reply",
            paper.act("reply", publicity),
            demander,
            f"{decider(table, demander)} decides that the reply to {paper.title} "
            f"{shown[publicity]}.",
            [
                Requirement(known, f"{paper.title} is not read", "G1"),
                Requirement(is_(name, "undecided"), "its publicity is decided", "once"),
            ],
            [Set(name, publicity)],
            slot=name,
            seen_by=[demander],
        )


def conditions(table: Table, papers: Sequence[Paper]) -> None:
    """Each side judges for itself whether a condition is met, and may reconsider (G7)."""
    if not table.has("judge"):
        return
    for condition, it in table.pack.conditions.items():
        setting = [paper for paper in papers if hanging(paper, condition)]
        if not setting:
            continue
        stands = either(
            [All((paper.at(*paper.stands), either(hanging(paper, condition)))) for paper in setting]
        )
        needed = Requirement(stands, "no paper that stands sets this condition", "G7")
        for party in dict.fromkeys(p for it in setting for p in (it.author, it.demander)):
            name = table.variable(
                judged(condition, party),
                ("unjudged", "met", "unmet"),
                "unjudged",
                f"{table.name(party)}: whether {it.title}",
            )
            for verdict in ("met", "unmet"):
                table.action(
                    "judge",
                    f"judge/{condition}/{party}/{verdict}",
                    party,
                    f"{table.start(party)} holds the condition that {it.title} to be {verdict}.",
                    [
                        needed,
                        Requirement(is_(name, "unjudged"), "it is judged; reconsider", "once"),
                    ],
                    [Set(name, verdict)],
                    slot=name,
                )
            table.action(
                "judge",
                f"judge/{condition}/{party}/reconsider",
                party,
                f"{table.start(party)} reconsiders whether {it.title}.",
                [
                    needed,
                    Requirement(Not(is_(name, "unjudged")), "it is not judged yet", "order"),
                ],
                [Set(name, "unjudged")],
                ends_turn=True,
            )


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


def outcome(item_id: str) -> str:
    """The variable of what became of an item."""
    return f"{item_id}.outcome"


def taking_up(table: Table, papers: Sequence[Paper]) -> None:
    """The demander takes an offer up, in a package where items are linked, or sets an item aside.

    Outcomes are variables of the item, over all papers that answer it.
    """
    if not table.has("take-up"):
        return
    for item_id, item in table.pack.items.items():
        if any(item_id in paper.items for paper in papers):
            table.variable(
                outcome(item_id),
                ("pending", "talks", "agreed", "set-aside"),
                "pending",
                f"what became of {item.title}",
            )
    for paper in papers:
        for link, items in _packages(paper).items():
            title = f"the package {table.pack.links[link].title}"
            _take_up_untied(paper, link, title, items, papers)
        for item_id, item in paper.items.items():
            _take_up_untied(paper, item_id, item.title, [item_id], papers)
        _set_aside(paper)


def _take_up_untied(
    paper: Paper, name: str, title: str, items: Sequence[str], papers: Sequence[Paper]
) -> None:
    """What is linked to something else is taken up once it is untied; never, if it cannot be (G9).

    A package is tied like an item where another link reaches beyond it.
    """
    table = paper.table
    tied = {
        f"{link}.link": f"{title} is linked to {it.title} and is not closed alone"
        for link, it in table.pack.links.items()
        if set(it.items) & set(items) and not set(it.items) <= set(items)
    }
    for_ever = [why for link, why in tied.items() if link not in table.variables]
    if for_ever:
        table.excluded[paper.act("take-up", name)] = for_ever[0]
        return
    untied = [Requirement(is_(link, "delinked"), why, "G9") for link, why in tied.items()]
    _take_up(paper, name, title, items, papers, untied)


def _packages(paper: Paper) -> dict[str, list[str]]:
    """The packages whose every item the paper answers."""
    return {
        link: it.items
        for link, it in paper.table.pack.links.items()
        if all(item in paper.items for item in it.items)
    }


def _take_up(
    paper: Paper,
    name: str,
    title: str,
    items: Sequence[str],
    papers: Sequence[Paper],
    more: Sequence[Requirement],
) -> None:
    """Talks where talks or another offer stand, agreement where the paper agrees."""
    table = paper.table
    sources = {item: _sources(paper, item, papers) for item in items}
    if any(not set(it.answers(item)) & set(OFFERS) for item in items for it in sources[item]):
        return
    needs = [_position(paper), *more]
    effects: list[Effect] = []
    for item_id in items:
        item = table.pack.items[item_id]
        needs.append(
            Requirement(
                is_(outcome(item_id), "pending"), f"{item.title} was dealt with already", "once"
            )
        )
        for source in sources[item_id]:
            rule = "order" if source is paper else "G11"
            if source is not paper:
                needs.append(
                    Requirement(
                        source.at(*source.from_step("position"), "decided"),
                        f"{item.title} is a matter of both papers; {source.title} is not weighed",
                        rule,
                    )
                )
            needs.append(
                Requirement(
                    source.answered(item_id, *OFFERS),
                    f"{source.title} offers nothing on {item.title}",
                    rule,
                )
            )
            needs += active(source, item_id, source.author)
        agreed = both([source.answered(item_id, *AGREED) for source in sources[item_id]])
        effects.append(Set(outcome(item_id), "talks", Not(agreed)))
        if all(set(source.answers(item_id)) & set(AGREED) for source in sources[item_id]):
            effects.append(Set(outcome(item_id), "agreed", agreed))
    table.action(
        "take-up",
        paper.act("take-up", name),
        paper.demander,
        f"{table.start(paper.demander)} takes up what {paper.title} offers on {title}.",
        needs,
        effects,
        slot=f"{paper.id}.{name}.taken-up",
    )


def _sources(paper: Paper, item_id: str, papers: Sequence[Paper]) -> list[Paper]:
    """The papers whose offers count: for a collective item the demander's every paper (G11)."""
    collective = paper.items[item_id].collective
    others = [
        other
        for other in papers
        if collective and item_id in other.items and other.demander == paper.demander
    ]
    return list(dict.fromkeys((paper, *others)))


def _position(paper: Paper) -> Requirement:
    sentence = f"no position on {paper.title} is formulated"
    return Requirement(paper.at(*paper.from_step("position")), sentence, "G1")


def _set_aside(paper: Paper) -> None:
    """A core item is set aside by the demander's decider, if a red line holds it none (G2)."""
    table, demander = paper.table, paper.demander
    lines = table.pack.parties[demander].red_lines if table.has("red-line") else {}
    for item_id, item in paper.items.items():
        if item.priority != "core":
            continue
        guarded = [
            Requirement(
                Not(is_(f"{demander}.{line}.red-line", "standing")),
                f"the red line {line} of {table.name(demander)} stands; only its decider moves it",
                "G2",
            )
            for line, it in lines.items()
            if item_id in it.items
        ]
        table.action(
            "set-aside",
            paper.act("set-aside", item_id),
            demander,
            f"{table.start(demander)} sets {item.title} aside for now.",
            [
                _position(paper),
                Requirement(
                    is_(outcome(item_id), "pending"), f"{item.title} was dealt with", "once"
                ),
                *guarded,
            ],
            [Set(outcome(item_id), "set-aside")],
            slot=outcome(item_id),
        )


def interim(paper: Paper) -> None:
    """Interim steps: both sides bind themselves to a reciprocal offer (G8)."""
    table = paper.table
    if not table.has("bind") or "interim" not in paper.exchange.decisions:
        return
    offered = counter_offers(paper)
    if offered == NEVER:
        return
    for party in (paper.demander, paper.author):
        name = table.flag(
            paper.name("bound", party), f"{table.name(party)} is bound to interim steps"
        )
        needs = [
            paper.delivered
            if party == paper.author
            else Requirement(
                paper.at(*paper.from_step("analyse")), f"{paper.title} is not analysed", "G1"
            ),
            Requirement(is_(name, "no"), f"{table.name(party)} is bound already", "once"),
            Requirement(offered, f"{paper.title} makes no other offer that binds both", "G8"),
        ]
        table.action(
            "bind",
            paper.act("bind", party),
            party,
            f"{table.start(party)} binds itself to the reciprocal steps that {paper.title} offers.",
            needs,
            [Set(name, "yes")],
            slot=name,
        )


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


def offered(paper: Paper, item_id: str) -> Condition:
    """The paper offers something on the item, and the offer counts for its author."""
    if not set(paper.answers(item_id)) & set(OFFERS):
        return NEVER
    counts = [need.condition for need in active(paper, item_id, paper.author)]
    return both([paper.answered(item_id, *OFFERS), *counts])


def acceptable(paper: Paper, rule: Judging, papers: Sequence[Paper]) -> Condition:
    """Whether the demander can accept the paper as a whole under a judging rule (G13; J24, F91).

    all-or-nothing: every item agreed in full, without conditions; core-weighted: every core item
    agreed, in full or part, its condition met in the demander's view; item-by-item: the same for
    every item. Where the paper ranks no item as core, core-weighted counts every item. On a
    collective item another paper that stands counts too, the narrower answer deciding (G11).
    """
    core = [name for name, item in paper.items.items() if item.priority == "core"]
    weighed = core if rule == "core-weighted" and core else list(paper.items)
    parts: list[Condition] = []
    for item_id in weighed:
        if rule == "all-or-nothing":
            if "accepted" not in paper.answers(item_id):
                return NEVER
            parts.append(paper.answered(item_id, "accepted"))
            hangs = paper.hangs(item_id)
            if hangs is not None:
                parts.append(is_(hangs, "no"))
        else:
            if not set(AGREED) & set(paper.answers(item_id)):
                return NEVER
            parts.append(paper.answered(item_id, *AGREED))
            parts += [need.condition for need in active(paper, item_id, paper.demander)]
        for other in _sources(paper, item_id, papers)[1:]:
            agreed = other.answered(item_id, *set(AGREED) & set(other.answers(item_id)))
            stands = All((other.at(*other.stands, "decided"), other.written))
            parts.append(AnyOf((Not(stands), agreed)))
    return both(parts)


def talks_worth(paper: Paper, rule: Judging) -> Condition:
    """Whether the demander can open talks on part of the paper under a judging rule (G13).

    Under all-or-nothing any reservation is a refusal, so there is no part to talk on. Item by item,
    one item taken up (or, at a level without taking up, offered) is enough. Core-weighted, every
    core item must besides be taken up or set aside.
    """
    if rule == "all-or-nothing":
        return NEVER
    table = paper.table
    if not table.has("take-up"):
        return either([offered(paper, item_id) for item_id in paper.items])
    some = AnyOf(tuple(is_(outcome(item), "talks", "agreed") for item in paper.items))
    if rule == "item-by-item":
        return some
    core = [name for name, item in paper.items.items() if item.priority == "core"]
    return both([some, *(Not(is_(outcome(item), "pending")) for item in core)])
