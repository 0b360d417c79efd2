"""The points that were demanded: what the papers give on each, and on which condition."""

from __future__ import annotations

from collections.abc import Iterator

from negsim.compare import PUBLICITY
from negsim.cycle.judging import judged, wanted
from negsim.cycle.paper import ANSWER_WORDS, both
from negsim.cycle.table import capital, words
from negsim.debrief.line import Line, Text
from negsim.debrief.reading import holds
from negsim.debrief.told import Listing, Section, Table, Told, columns_of, section_of
from negsim.pack.models import Item, Pack, ReportedAnswer
from negsim.pack.references import ALOUD
from negsim.text import NOT_REPORTED
from negsim.views import bookkeeping


def items(line: Line) -> Section:
    """What each paper says of each item, what became of it, and what is reported."""
    blocks: list[Table | Listing] = []
    for text in line.texts:
        paper = text.paper
        columns = [Told("Point"), Told("On this line", mark="line")]
        columns += columns_of("What became of it") if line.taking_up else ()
        if not line.pack.invented:
            columns += [
                Told(f"Reported of {paper.title}", mark="reported"),
                Told("Reported as said aloud", mark="reported"),
            ]
        rows = []
        for item_id, item in paper.items.items():
            row = [point(item), Told(text.answer(item_id), mark="line")]
            row += [Told(text.became(item_id))] if line.taking_up else []
            if not line.pack.invented:
                row += [_cell(item, line.pack, paper.id), _cell(item, line.pack, ALOUD)]
            rows.append(tuple(row))
        demander, author = line.name(paper.demander), line.name(paper.author)
        title = f"{capital(text.title)}: {demander} demands, {author} answers"
        blocks += [
            Table(title, tuple(columns), tuple(rows)),
            Listing(f"{capital(text.title)}: besides its points", tuple(_standing(line, text))),
        ]
    lead = "For each point that one side demanded, what the paper of the other gives."
    return section_of("items", "What each side got, point by point", lead, *blocks)


def point(item: Item) -> Told:
    """An item with its code and its priority for the demander."""
    more = [it for it in (item.code, item.priority) if it and it != "unranked"]
    return Told(item.title + (f" ({', '.join(more)})" if more else ""), tuple(item.facts))


def _cell(item: Item, pack: Pack, column: str) -> Told:
    """What is reported of an answer."""
    cell: ReportedAnswer | None = item.reported.get(column)
    if cell is None:
        return Told(NOT_REPORTED, mark="unknown")
    text = ("reportedly " if cell.hedged else "") + ANSWER_WORDS[cell.answer]
    if cell.only_if:
        text += f", only if {pack.conditions[item.only_if].title}" if item.only_if else ", only if"
    return Told(f"{text}. {cell.note}" if cell.note else text, tuple(cell.facts), "", "reported")


def _standing(line: Line, text: Text) -> Iterator[Told]:
    """What else is set of a paper, but who knows of it and how it was consulted on."""
    paper, hidden = text.paper, bookkeeping(line.game)
    for variable in line.game.variables:
        name, _, rest = variable.id.partition(".")
        part = rest.partition(".")[0]
        elsewhere = part in (*paper.items, *PUBLICITY, *line.pack.parties)
        if name != paper.id or elsewhere or variable.id in hidden:
            continue
        if part == "status" or text.values[variable.id] != variable.start:
            value = text.values[variable.id]
            shown = "not demanded" if (part, value) == ("status", "none") else words(value)
            yield Told(shown, (), capital(variable.title or variable.id), "line")


def open_points(line: Line) -> Section:
    """Papers without a decision, and points on which nothing was agreed."""
    listings = []
    for text in line.texts:
        paper, papers = text.paper, [it.paper for it in line.texts]
        status = text.values[paper.status]
        told = []
        if status != "decided":
            stage = "not demanded" if status == "none" else f"no decision; it is {words(status)}"
            told.append(Told(stage, (), capital(text.title)))
        for item_id, item in paper.items.items() if status != "none" else ():
            if not holds(both(wanted(paper, item_id, "item-by-item", papers)), text.values):
                told.append(Told(text.answer(item_id) + text.settled(item_id), (), item.title))
        listings.append(Listing(capital(text.title), tuple(told)))
    lead = "Points on which nothing is agreed, in full or part, and papers without a decision."
    return section_of("open", "What stayed open", lead, *listings)


def conditions(line: Line) -> Section:
    """Which offers hang on a condition, and how each side judges whether it is met."""
    rows = []
    for name, condition in line.pack.conditions.items():
        offers = {text.title: text.hanging_on(name) for text in line.last}
        sets = [f"{title} on {'; '.join(items)}" for title, items in offers.items() if items]
        verdicts = {it: line.values.get(judged(name, it)) for it in line.pack.parties}
        told = [
            f"{capital(line.name(it))}: {'not judged' if verdict == 'unjudged' else verdict}"
            for it, verdict in verdicts.items()
            if verdict
        ]
        if sets or {*verdicts.values()} - {None, "unjudged"}:
            rows.append(
                (
                    Told(condition.title, tuple(condition.facts)),
                    Told("; ".join(sets) or "no paper of this line", mark="line"),
                    Told("; ".join(told) or "nobody judges it at this level", mark="line"),
                )
            )
    columns = columns_of("Only if", "Set by", "Whether it is met, in whose view")
    lead = "Each side judges for itself whether a condition is met."
    return section_of("conditions", "Conditions", lead, Table("", columns, tuple(rows)))


def aloud(line: Line) -> Section:
    """What is reported as said in public where no paper of the line says the same."""
    rows = []
    for item_id, item in line.pack.items.items():
        cell = item.reported.get(ALOUD)
        texts = [it for it in line.last if item_id in it.paper.items and it.delivered]
        reached = any(it.values[it.paper.name(item_id)] == cell.answer for it in texts if cell)
        if cell is not None and not reached:
            on_paper = [f"{capital(it.title)}: {it.answer(item_id)}" for it in texts]
            beside = Told("; ".join(on_paper) or "no paper of this line answers it", mark="line")
            rows.append((point(item), _cell(item, line.pack, ALOUD), beside))
    columns = (
        Told("Point"),
        Told("Reported as said aloud", mark="reported"),
        Told("On paper on this line", mark="line"),
    )
    lead = "What is said aloud commits to nothing; only a paper that is delivered answers."
    table = Table("", columns, tuple(rows))
    return section_of("aloud", "Said aloud, and not so on paper", lead, table)
