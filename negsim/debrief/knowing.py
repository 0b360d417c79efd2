"""Who knew what: how public each paper became, and which partners were shown it before."""

from __future__ import annotations

from collections.abc import Mapping

from negsim.compare import PUBLICITY
from negsim.cycle.paper import GIST
from negsim.cycle.table import capital, words
from negsim.debrief.line import Line, Text
from negsim.debrief.told import Listing, Section, Table, Told, columns_of, section_of
from negsim.rules import NATURE, Game
from negsim.session import Node
from negsim.views import seen_line


def publicity(line: Line) -> Section:
    """How public each paper became, by whom and when, and who knows what of it."""
    game = line.game
    listings = []
    for text in line.last:
        told = [
            Told(words(line.values[name]), (), capital(game.variable(name).title or name), "line")
            for part in PUBLICITY
            if (name := text.paper.name(part)) in game.position
        ]
        told += [line.step(it) for it in line.node.line if _publishes(game, it, text.paper.id)]
        listings.append(Listing(f"How public {text.paper.title} became", tuple(told)))
    known = {it: seen_line(line.case, line.node, it) for it in game.viewpoints}
    rows = tuple(
        (Told(capital(line.name(it))), *(Told(_knows(text, known[it])) for text in line.last))
        for it in game.viewpoints
    )
    columns = columns_of("Who", *(capital(text.paper.title) for text in line.last))
    knowing = Table("Who knows what of the answers, at the end of this line", columns, rows)
    lead = "What anybody saw once counts as known, even where it is hidden again."
    return section_of("publicity", "What was public", lead, *listings, knowing)


def _publishes(game: Game, node: Node, paper: str) -> bool:
    """Whether a step is about who knows of a paper."""
    kind, *about = node.action.split("/")
    told = kind in ("publicise", "reply", "confidentiality") or (kind, *about[:1]) == (
        NATURE,
        "leak",
    )
    return paper in about and (
        told or (kind == "demand" and f"{paper}.demand-public" in game.position)
    )


def _knows(text: Text, known: Mapping[str, str]) -> str:
    """What a viewpoint knows of the answers of a paper."""
    answers = {
        text.paper.name(item): text.values[text.paper.name(item)] for item in text.paper.items
    }
    if not text.written:
        return "nothing is written"
    if all(known.get(name) == answer for name, answer in answers.items()):
        return "the whole text" if text.delivered else "the whole draft"
    seen = {known.get(name, "none") for name in answers} - {"none"}
    if not seen:
        return "nothing of the text"
    return "the gist" if seen <= set(GIST.values()) else "part of the text, or an older draft"


def partners(line: Line) -> Section:
    """How deeply partners were consulted, who assented, and whom a paper surprised."""
    tables = []
    for text in line.last:
        exchange, rows = text.paper.exchange, []
        for who in (*exchange.partners, *exchange.members):
            about = {
                part: text.values.get(text.paper.name(who, part))
                for part in ("depth", "stale", "assent", "surprised")
            }
            if not any(about.values()):
                continue
            later = "; the draft changed after that" if about["stale"] == "yes" else ""
            surprised = about["surprised"] if text.delivered else "not delivered"
            rows.append(
                (
                    Told(capital(line.name(who))),
                    Told(words(about["depth"] or "no consultation here") + later, mark="line"),
                    Told(about["assent"] or "not needed", mark="line"),
                    Told(surprised or "no", mark="line"),
                )
            )
        columns = columns_of("Partner or member", "Depth of consultation", "Assent", "Surprised")
        tables.append(Table(capital(text.title), columns, tuple(rows)))
    lead = "A partner is surprised by a paper whose text it was not shown as it was delivered."
    return section_of("partners", "Partners", lead, *tables)
