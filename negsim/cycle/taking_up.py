"""What the demander does with offers: judges conditions, takes items up or sets them aside.

Sources: G2, G7 (conditions judged by each side), G8 (another offer binds both sides), G9 (linkage),
G11; F80, F82, F83, F88, F92, F107, F108.
"""

from __future__ import annotations

from collections.abc import Sequence

from negsim.cycle.judging import (
    active,
    counter_offers,
    hanging,
    judged,
    no_narrower,
    others,
    outcome,
)
from negsim.cycle.paper import AGREED, OFFERS, Paper, both, either
from negsim.cycle.table import Table
from negsim.rules import (
    NEVER,
    All,
    AnyOf,
    Effect,
    Not,
    Requirement,
    Set,
    is_,
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
        sides = [name for paper in setting for name in (paper.demander, *paper.insiders)]
        public = either([is_(paper.name("publicity"), "text", "leaked") for paper in setting])
        others_ = [name for name in table.viewpoints if name not in sides]
        sights = (*table.seen(sides), *table.seen(others_, public))
        for party in dict.fromkeys(p for it in setting for p in (it.author, it.demander)):
            name = table.variable(
                judged(condition, party),
                ("unjudged", "met", "unmet"),
                "unjudged",
                f"{table.name(party)}: whether {it.title}",
                sights,
            )
            for verdict in ("met", "unmet"):
                table.action(
                    "judge",
                    f"judge/{condition}/{party}/{verdict}",
                    party,
                    f"{table.start(party)} judges the condition {verdict}: {it.title}.",
                    [
                        needed,
                        Requirement(is_(name, "unjudged"), "it is judged; reconsider", "once"),
                    ],
                    [Set(name, verdict)],
                    slot=name,
                    seen_by=sides,
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
                seen_by=sides,
                ends_turn=True,
            )


def taking_up(table: Table, papers: Sequence[Paper]) -> None:
    """The demander takes an offer up, a package where items are linked, or sets an item aside."""
    if not table.has("take-up"):
        return
    for paper in papers:
        for item_id, item in paper.items.items():
            table.variable(
                outcome(paper, item_id),
                ("pending", "talks", "agreed", "set-aside"),
                "pending",
                f"what became of {item.title} in {paper.title}",
                paper.outcome_sights,
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
    counting = {item: [paper, *others(paper, item, papers)] for item in items}
    if any(not set(it.answers(item)) & set(OFFERS) for item in items for it in counting[item]):
        return
    needs = [_position(paper), *more]
    effects: list[Effect] = []
    for item_id in items:
        item = table.pack.items[item_id]
        free = is_(outcome(paper, item_id), "pending")
        needs.append(Requirement(free, f"{item.title} was dealt with already", "once"))
        needs.append(
            Requirement(
                paper.answered(item_id, *OFFERS),
                f"{paper.title} offers nothing on {item.title}",
                "order",
            )
        )
        needs += active(paper, item_id, paper.author)
        for other in others(paper, item_id, papers):
            needs += _weighed(other, item_id)
        effects += taken_up(paper, item_id, papers)
    table.action(
        "take-up",
        paper.act("take-up", name),
        paper.demander,
        f"{table.start(paper.demander)} takes up what {paper.title} offers on {title}.",
        needs,
        effects,
        slot=f"{paper.id}.{name}.taken-up",
        seen_by=(paper.demander, *paper.insiders),
    )


def taken_up(paper: Paper, item_id: str, papers: Sequence[Paper]) -> list[Effect]:
    """What becomes of an offer that is taken up: agreed where every paper that stands agrees.

    The action requires an offer, so the first effect needs no condition.
    """
    name = outcome(paper, item_id)
    talks = Set(name, "talks")
    if not set(paper.answers(item_id)) & set(AGREED):
        return [talks]
    agreed = both([paper.answered(item_id, *AGREED), *no_narrower(paper, item_id, papers, *AGREED)])
    return [talks, Set(name, "agreed", agreed)]


def _weighed(other: Paper, item_id: str) -> list[Requirement]:
    """On a collective item another paper is weighed too, unless there will be none (G11)."""
    title = other.table.pack.items[item_id].title
    return [
        Requirement(
            other.at(*other.from_step("position"), "decided", "declined"),
            f"{title} is a matter of both papers; {other.title} is not weighed",
            "G11",
        ),
        Requirement(
            AnyOf((Not(other.written), other.answered(item_id, *OFFERS))),
            f"{other.title} offers nothing on {title}",
            "G11",
        ),
        *active(other, item_id, other.author),
    ]


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
                    is_(outcome(paper, item_id), "pending"), f"{item.title} was dealt with", "once"
                ),
                *guarded,
            ],
            [Set(outcome(paper, item_id), "set-aside")],
            slot=outcome(paper, item_id),
            seen_by=(paper.demander, *paper.insiders),
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
            paper.name("bound", party),
            f"{table.name(party)} is bound to interim steps",
            paper.outcome_sights,
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
