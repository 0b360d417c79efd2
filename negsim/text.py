"""Plain rendering of packs, records and states: lines of text, no input or output.

Whatever comes from a pack is made harmless to a terminal here (`printable`), once.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from negsim.cycle.paper import ANSWER_WORDS
from negsim.cycle.table import capital, words
from negsim.engine import observation
from negsim.errors import printable
from negsim.pack.compile import FULL, level_items
from negsim.pack.load import LoadedPack
from negsim.pack.models import Fact, Item, Pack, ReportedAnswer, Source
from negsim.pack.references import ALOUD
from negsim.replay import Frame, knowledge, sees
from negsim.rules import EVERYTHING, Game

NOT_REPORTED = "not reported"
"""What stands where no source covers a cell: not known is not the same as not said."""

KIND_WORDS = {
    "event": "event",
    "claim": "claim",
    "content": "leaked content, second hand",
    "assessment": "assessment",
    "background": "background",
}
"""How the kind of a fact is said."""

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

INFERRED_NOTE = "* The outlet is inferred from the page and not named in it."


def wrap(text: str, width: int, indent: str = "", hanging: str | None = None) -> list[str]:
    """The text in lines of at most the width, paragraph by paragraph."""
    follow = indent if hanging is None else hanging
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        lines += textwrap.wrap(
            printable(paragraph),
            max(width, 20),
            initial_indent=indent,
            subsequent_indent=follow,
            break_on_hyphens=False,
        ) or [""]
    return lines


def outlet(source: Source) -> str:
    """The name of an outlet, with a star where it is inferred."""
    return (source.short or source.title) + ("*" if source.inferred else "")


def citation(fact_id: str, loaded: LoadedPack) -> str:
    """A fact as it is cited: `F98 (claim; GSV/TASS)`."""
    fact = loaded.facts.facts[fact_id]
    kind = "" if fact.kind in ("event", "background") else f"{KIND_WORDS[fact.kind]}; "
    kind += "hedged; " if "hedged" in fact.visibility else ""
    return f"{fact_id} ({kind}{outlets(fact, loaded)})"


def cites_inferred(fact_ids: Iterable[str], loaded: LoadedPack) -> bool:
    """Whether one of the facts rests on an outlet that is inferred."""
    return any(
        loaded.facts.sources[source].inferred
        for fact_id in fact_ids
        for source in loaded.facts.facts[fact_id].sources
    )


def basis_line(basis: str, facts: Sequence[str], loaded: LoadedPack) -> str:
    """The basis of a step and its citations."""
    cited = ", ".join(citation(fact_id, loaded) for fact_id in facts)
    return f"{basis}: {cited}" if cited else basis


def source_lines(loaded: LoadedPack, width: int) -> Iterator[str]:
    """The sources, each with its date and where it is found."""
    for source_id, source in loaded.facts.sources.items():
        parts = [f"{source_id}  {source.title}"]
        parts += [part for part in (source.date, source.place) if part]
        parts += ["outlet inferred"] if source.inferred else []
        parts += ["outside the articles"] if source.outside else []
        yield from wrap("; ".join(parts) + ".", width, "", "    ")
        if source.note:
            yield from wrap(source.note, width, "    ")


def fact_lines(fact_id: str, loaded: LoadedPack, width: int, indent: str) -> list[str]:
    """A fact in full."""
    fact = loaded.facts.facts[fact_id]
    head = (
        f"{fact_id}  {fact.date}; {fact.actor}. {KIND_WORDS[fact.kind]}; {outlets(fact, loaded)}."
    )
    return [
        *wrap(head, width, indent, indent + "     "),
        *wrap(fact.text, width, indent + "     "),
    ]


def outlets(fact: Fact, loaded: LoadedPack) -> str:
    """The outlets of a fact, each once, and whether it lies outside the case's articles."""
    sources = [loaded.facts.sources[source] for source in fact.sources]
    outside = "outside the articles; " if all(source.outside for source in sources) else ""
    return outside + ", ".join(dict.fromkeys(outlet(source) for source in sources))


def date_of(frame: Frame) -> str:
    """The date of a step as the sources give it, or in words: `21 January 2022`."""
    if frame.step.dated is not None or frame.step.date is None:
        return frame.step.dated or ""
    return in_words(frame.step.date)


def in_words(date: str) -> str:
    """A day, month or year in words: `21 January 2022`."""
    year, month, day = (*date.split("-"), "", "")[:3]
    named = MONTHS[int(month) - 1] if month else ""
    return " ".join(part for part in (day.lstrip("0"), named, year) if part)


STAGE_ORDER = (
    "demand",
    "consultation",
    "in preparation",
    "response",
    "in analysis",
    "analysis",
    "decided",
)
"""The stages from the least advanced, with what a viewpoint sees in place of some."""


def stages(game: Game, seen: Mapping[str, str]) -> dict[str, str]:
    """The stage of each exchange as far as it is seen, by the exchange's id."""
    found = {}
    for derived in game.derived:
        value = seen.get(derived.variable)
        if value is None:
            continue
        labels = [label for label, group in derived.groups.items() if value in group]
        found[derived.id.partition(".")[0]] = labels[0] if labels else value
    return found


def stage_changes(game: Game, pack: Pack, frame: Frame, viewpoint: str) -> list[str]:
    """Which exchange moved to which stage in a step, as far as the viewpoint sees it."""
    if frame.played is None:
        return []
    before, after = (
        stages(game, observation(game, state, viewpoint)) for state in (frame.before, frame.after)
    )
    return [
        f"{pack.exchanges[paper].title}: {before[paper]} -> {after[paper]}"
        for paper in after
        if paper in before and before[paper] != after[paper]
    ]


def stage_of(game: Game, pack: Pack, frame: Frame, viewpoint: str) -> str:
    """The stage of the paper that a step is about; else, of the demands made, the least advanced.

    Mirrored exchanges count where a step is about them only.
    """
    now = stages(game, observation(game, frame.after, viewpoint))
    if frame.played is not None:
        about = now.keys() & {*frame.played.action.id.split("/")}
        if about:
            return now[about.pop()]
    first = [
        now[paper] for paper, it in pack.exchanges.items() if it.opened_by is None and paper in now
    ]
    return min(first, key=STAGE_ORDER.index, default="")


def frame_lines(
    frame: Frame,
    game: Game,
    loaded: LoadedPack,
    viewpoint: str,
    width: int,
    *,
    facts: Sequence[str],
) -> list[str]:
    """One step of a record: when, where it stands, who, what, on which basis, what it changed.

    `facts` are printed in full beneath it.
    """
    pack = loaded.pack
    who = "told only"
    if frame.played is not None:
        mover = frame.played.action.mover
        who = capital(pack.parties[mover].name) if mover in pack.parties else "no party"
    parts = (date_of(frame), f"round {frame.round}", stage_of(game, pack, frame, viewpoint), who)
    head = " | ".join(part for part in parts if part)
    lines = [
        *wrap(f"{frame.number:>3}  {head}", width, "", "     "),
        *wrap(frame.text, width, "     "),
        *wrap(basis_line(frame.basis, frame.facts, loaded), width, "     ", "       "),
    ]
    for change in stage_changes(game, pack, frame, viewpoint):
        lines += wrap(f"=> {change}", width, "     ", "        ")
    if frame.refusal is not None:
        why = frame.refusal if viewpoint == EVERYTHING else "the rules refuse this step"
        lines += wrap(f"!! {why}", width, "     ", "        ")
    for fact_id in facts:
        lines += fact_lines(fact_id, loaded, width, "       ")
    return lines


def learned(
    before: Mapping[str, str], after: Mapping[str, str], loaded: LoadedPack, level: str
) -> list[str]:
    """What a viewpoint came to know of the papers by a step, a line for each paper."""
    items = level_items(loaded.pack, level)
    lines = []
    for paper, exchange in loaded.pack.exchanges.items():
        news = []
        for item_id, item in items.items():
            name = f"{paper}.{item_id}"
            if after.get(name, "none") not in ("none", before.get(name)):
                hangs = " (only if)" if after.get(f"{name}.only-if") == "yes" else ""
                said = f"{answer_words(after[name], item.reported.get(paper))}{hangs}"
                news.append(f"{item.title}: {said}")
        carries = f"{paper}.counter-demand"
        if after.get(carries) == "yes" and before.get(carries) != "yes":
            news.append("it carries counter-demands")
        if news:
            lines.append(f"{exchange.title} - " + "; ".join(news))
    return lines


def answer_words(seen: str, reported: ReportedAnswer | None) -> str:
    """An answer, or what a gist tells of it, in words; "reportedly" where the source says so."""
    said = next((words for answer, words in ANSWER_WORDS.items() if answer == seen), seen)
    hedged = reported is not None and reported.hedged and ANSWER_WORDS[reported.answer] == said
    return f"reportedly {said}" if hedged else said


LEGEND = (
    "How to read it: number, date, round, stage, who moves; what happened; its basis and facts. "
    '"Told only" moves nothing in the model. A round is {round}.'
)
SOURCES_HINT = "The facts and sources in full: negsim show {pack} --facts."


def replay_lines(
    loaded: LoadedPack,
    game: Game,
    frames: Sequence[Frame],
    viewpoint: str,
    width: int,
    *,
    level: str = FULL,
    facts: bool = False,
    marks: Mapping[int, Sequence[str]] | None = None,
) -> Iterator[str]:
    """The record, step by step, as a viewpoint saw it; `marks` are lines put after a step."""
    pack = loaded.pack
    yield from wrap(pack.title, width)
    if viewpoint != EVERYTHING:
        name = pack.parties[viewpoint].name if viewpoint in pack.parties else f"the {viewpoint}"
        yield from wrap(f"As {name} could see it.", width)
    yield ""
    if pack.opening:
        yield from wrap(pack.opening, width)
        yield ""
    legend = LEGEND.format(round=pack.round)
    hint = "" if pack.invented else f" {SOURCES_HINT.format(pack=pack.id)}"
    yield from wrap(f"{legend}{hint}", width)
    yield ""
    cited: list[str] = []
    withheld = 0
    known = knowledge(game, frames, viewpoint)
    for frame, (before, after) in zip(frames, known, strict=True):
        if not sees(game, frame, viewpoint):
            withheld += 1
            continue
        if withheld:
            yield from _withheld(withheld, width)
            withheld = 0
        new = [fact for fact in frame.facts if fact not in cited] if facts else []
        yield from frame_lines(frame, game, loaded, viewpoint, width, facts=new)
        yield from (marks or {}).get(frame.number, ())
        if viewpoint != EVERYTHING:
            for news in learned(before, after, loaded, level):
                yield from wrap(f"now known: {news}", width, "     ", "       ")
        yield ""
        cited += frame.facts
    if withheld:
        yield from _withheld(withheld, width)
    yield from closing(loaded, frames, width)
    if cites_inferred(cited, loaded):
        yield from wrap(INFERRED_NOTE, width)


def _withheld(count: int, width: int) -> Iterator[str]:
    steps = "1 step" if count == 1 else f"{count} steps"
    yield from wrap(f"({steps} hidden from this viewpoint)", width, "     ")
    yield ""


def closing(loaded: LoadedPack, frames: Sequence[Frame], width: int) -> Iterator[str]:
    """What stands after the last step: the ending, or that the line stops here, and the note."""
    steps = loaded.record.steps
    left = len(steps) - frames[-1].number if frames else len(steps)
    reached = next((frame.outcome for frame in frames if frame.outcome is not None), None)
    if reached is not None:
        yield from wrap(f"Ending reached: {reached.ending.title}. {reached.reason}", width)
    elif not left:
        said = loaded.record.ends or "The line stops here."
        yield from wrap(f"No ending is reached. {said}", width)
    else:
        yield from wrap(f"Stopped here; {left} more steps follow in the record.", width)
    if not left and loaded.pack.outside_the_record:
        yield from wrap(loaded.pack.outside_the_record, width)


def cell(reported: ReportedAnswer | None) -> str:
    """A cell of the item matrix; where no source covers it, it is not reported."""
    if reported is None:
        return NOT_REPORTED
    said = ANSWER_WORDS[reported.answer]
    hedged = "reportedly " if reported.hedged else ""
    condition = ", only if" if reported.only_if else ""
    return f"{hedged}{said}{condition} [{' '.join(reported.facts)}]"


def matrix_lines(loaded: LoadedPack, level: str, width: int) -> Iterator[str]:
    """The items with what is reported of each paper and of what was said aloud."""
    pack = loaded.pack
    items: Mapping[str, Item] = level_items(pack, level)
    mirrored = {name for name, it in pack.exchanges.items() if it.opened_by is not None}
    for item_id, item in items.items():
        code = f" ({item.code})" if item.code else ""
        yield from wrap(f"{item_id}{code}: {item.title}; {item.priority}", width, "  ", "    ")
        if pack.invented:
            continue
        answering = {name for name in mirrored if item_id in pack.exchanges[name].items}
        for paper, exchange in pack.exchanges.items():
            if paper in (answering or pack.exchanges.keys() - mirrored):
                said = cell(item.reported.get(paper))
                yield from wrap(f"{exchange.title}: {said}", width, "    ", "      ")
        yield from wrap(f"said aloud: {cell(item.reported.get(ALOUD))}", width, "    ", "      ")


def _case_rules(loaded: LoadedPack, width: int) -> Iterator[str]:
    """Conditions, packages, red lines, matters of consensus, slow procedures and deadlines."""
    pack = loaded.pack
    lines = [f"only if: {it.title}" for it in pack.conditions.values()]
    lines += [f"tied together: {it.title} ({', '.join(it.items)})" for it in pack.links.values()]
    lines += [
        f"red line of {party.name}: {', '.join(line.items)}"
        for party in pack.parties.values()
        for line in party.red_lines.values()
    ]
    lines += [
        f"consensus: {it.title} ({', '.join(pack.parties[who].name for who in it.members)})"
        for it in pack.topics.values()
    ]
    lines += [f"slow procedure: {it.title}; {it.reason}" for it in pack.procedures.values()]
    lines += [
        f"deadline of {it.title}: {it.deadline.kind}"
        + (f", {it.deadline.rounds} rounds" if it.deadline.rounds else "")
        for it in pack.exchanges.values()
        if it.deadline.kind != "none"
    ]
    if lines:
        yield from ("", "Rules of the case")
    for line in lines:
        yield from wrap(line, width, "  ", "    ")


def point_lines(loaded: LoadedPack, width: int) -> Iterator[str]:
    """The decision points: what was recorded, what else was plausible, what is no action."""
    if not loaded.pack.decision_points:
        yield "The pack names no decision points."
    for name, point in loaded.pack.decision_points.items():
        yield from wrap(f"{name}  {point.question}", width, "", "     ")
        recorded = ", ".join(point.recorded) or "nothing is reported"
        note = f" {point.note}" if point.note else ""
        cited = f" [{' '.join(point.facts)}]" if point.facts else ""
        yield from wrap(f"recorded: {recorded}.{note}{cited}", width, "     ", "       ")
        for choice in point.alternatives:
            how = f" ({', '.join(choice.do)})" if choice.do else ""
            text = f"or: {choice.text}{how}; {choice.basis} [{' '.join(choice.facts)}]"
            yield from wrap(text, width, "     ", "       ")
        for no in point.excluded:
            yield from wrap(f"not: {no.text} - {no.reason}", width, "     ", "       ")
        yield ""


def show_lines(loaded: LoadedPack, level: str, width: int) -> Iterator[str]:
    """A pack at a glance."""
    pack = loaded.pack
    yield from wrap(f"{pack.id}: {pack.title}", width)
    yield from wrap(f"{pack.about} {pack.minutes} minutes, {pack.difficulty}.", width)
    yield ""
    if pack.opening:
        yield from wrap(pack.opening, width)
        yield ""
    yield "Parties"
    for party_id, party in pack.parties.items():
        yield from wrap(
            f"{party_id}: {capital(party.name)}. {party.about or ''}", width, "  ", "    "
        )
        for voice in party.voices.values():
            yield from wrap(f"{voice.name} ({voice.authority})", width, "    ", "      ")
    yield from ("", "Papers")
    for paper, exchange in pack.exchanges.items():
        demander, author = pack.parties[exchange.demander], pack.parties[exchange.addressee]
        text = (
            f"{paper}: {exchange.title}; {demander.name} demands, {author.name} answers; "
            f"judged {words(exchange.judging)}"
        )
        if exchange.partners:
            partners = [pack.parties[partner].name for partner in exchange.partners]
            text += f"; consulted: {', '.join(partners)}"
        yield from wrap(text, width, "  ", "    ")
    yield from ("", "Items")
    yield from matrix_lines(loaded, level, width)
    yield from _case_rules(loaded, width)
    yield from ("", "Endings")
    for ending_id, ending in pack.endings.items():
        yield from wrap(f"{ending_id}: {ending.title}. {ending.reason}", width, "  ", "    ")
    if pack.decision_points:
        yield from ("", "Decision points")
        for name, point in pack.decision_points.items():
            count = len(point.alternatives)
            yield from wrap(
                f"{name}: {point.question} ({count} alternative{'s' * (count != 1)})",
                width, "  ", "    ",
            )  # fmt: skip
    yield ""
    levels = ["full", *pack.levels]
    yield from wrap(
        f"Levels: {', '.join(levels)}. Viewpoints: {', '.join(pack.viewpoints)}.", width
    )
    counts = f"{len(loaded.facts.facts)} facts from {len(loaded.facts.sources)} sources"
    yield from wrap(
        f"The record has {len(loaded.record.steps)} steps; {counts}." if not pack.invented
        else f"The story has {len(loaded.record.steps)} steps; everything in it is invented.",
        width,
    )  # fmt: skip
