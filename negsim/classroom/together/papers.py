"""The papers that the class wrote, beside the reported ones, under each judging rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from negsim.classroom.together.hands import Class
from negsim.classroom.together.told import Bar, Bars, Block, Part, Stack, Stacks, part_of
from negsim.cycle.judging import stands
from negsim.cycle.paper import ANSWER_WORDS, Paper
from negsim.cycle.table import capital
from negsim.debrief.points import point
from negsim.debrief.reading import Known, Reading, holds, papers_of, readings, reported
from negsim.debrief.told import Listing, Table, Told
from negsim.debrief.verdicts import RULES, VERDICTS
from negsim.engine import values
from negsim.pack.models import Judging
from negsim.text import NOT_REPORTED
from negsim.views import party_name, said

KINDS: Mapping[str, str] = {"none": "no answer", **{str(k): v for k, v in ANSWER_WORDS.items()}}
"""What a paper can say of a point, in words."""


@dataclass(frozen=True, slots=True)
class _Written:
    """A paper with the values of those who wrote on it, and what is known of the reported one."""

    paper: Paper
    by: tuple[Mapping[str, str], ...]
    known: Known


def papers(group: Class) -> Part:
    """What the class wrote, point by point, and how each judging rule reads it."""
    blocks: list[Block] = []
    for written in _written(group):
        blocks += [_points(group, written), _alike(group, written), *_read(group, written)]
    lead = (
        "Only papers on which somebody drafted are told. How a rule reads a paper holds in this "
        "model: an offer under a condition counts where its author holds the condition to be met."
    )
    return part_of("papers", "Your papers beside the reported ones", lead, *blocks)


def _written(group: Class) -> Iterator[_Written]:
    """The papers on which somebody drafted, with where each left them last."""
    by: dict[str, dict[int, Mapping[str, str]]] = {}
    for name in group.played:
        for number, taking in enumerate(group.takings):
            line = group.course(taking, name)
            own = [it for it in line if it.by is None and it.action.startswith("answer/")]
            for one in {it.action.split("/")[1] for it in own}:
                by.setdefault(one, {})[number] = values(group.lesson.game, line[-1].state)
    case = group.lesson.case
    known: Known = reported(case)
    if group.pack.invented:
        known = values(group.lesson.game, case.trunk[-1].state)
    for paper in papers_of(group.pack):
        if paper.id in by:
            yield _Written(paper, tuple(by[paper.id].values()), known)


def _record(group: Class) -> str:
    return "In the story" if group.pack.invented else "As reported"


def _title(group: Class, paper: Paper) -> str:
    demander, author = (party_name(group.pack, it) for it in (paper.demander, paper.author))
    return f"{capital(paper.title)}: {demander} demands, {author} answers"


def _points(group: Class, written: _Written) -> Stacks:
    """How many wrote which answer on each point."""
    paper = written.paper
    answers = {item: Counter(it[paper.name(item)] for it in written.by) for item in paper.items}
    used = {answer for found in answers.values() for answer in found}
    used |= {known for item in paper.items if (known := written.known.get(paper.name(item)))}
    kinds = [kind for kind in KINDS if kind in used]
    rows = []
    for item_id, item in paper.items.items():
        hangs = paper.hangs(item_id)
        hanging = sum(it[hangs] == "yes" for it in written.by) if hangs is not None else 0
        counts = tuple(answers[item_id][kind] for kind in kinds)
        rows.append(Stack(point(item), counts, hanging, _cell(group, written, item_id)))
    kinds_said = tuple(KINDS[kind] for kind in kinds)
    return Stacks(_title(group, paper), len(written.by), kinds_said, tuple(rows), _record(group))


def _cell(group: Class, written: _Written, item_id: str) -> Told:
    """What the reported paper says of a point; in an invented case, what that of the story says."""
    paper, item = written.paper, written.paper.items[item_id]
    cell = item.reported.get(paper.id)
    facts = tuple(cell.facts) if cell else ()
    answer = written.known.get(paper.name(item_id))
    if answer is None:
        return Told(NOT_REPORTED, mark="unknown")
    text = ("reportedly " if cell and cell.hedged else "") + KINDS[answer]
    hangs = paper.hangs(item_id)
    if hangs is not None and written.known.get(hangs) == "yes" and item.only_if:
        text += f", only if {group.pack.conditions[item.only_if].title}"
    return Told(text, facts, mark="reported")


def _alike(group: Class, written: _Written) -> Listing:
    """How far the papers came, and how alike they are."""
    paper, by = written.paper, written.by
    given = sum(holds(stands(paper), it) is True for it in by)
    texts = Counter(_text(paper, it) for it in by)
    told = [
        Told(f"{given} of {len(by)}; the others are drafts", (), "Delivered"),
        Told(f"{len(texts)} of {len(by)}", (), "Papers that differ from each other"),
    ]
    wanted = [written.known.get(name) for name in _names(paper)]
    if None not in wanted:
        same = texts[tuple(map(str, wanted))]
        told.append(Told(f"{same} of {len(by)}", (), f"{_record(group)}, on every point"))
    return Listing(f"{capital(paper.title)}: the class's papers", tuple(told))


def _names(paper: Paper) -> list[str]:
    """The variables of a paper's text."""
    hangs = (paper.hangs(item) for item in paper.items)
    return [*(paper.name(item) for item in paper.items), *(it for it in hangs if it is not None)]


def _text(paper: Paper, known: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(known[name] for name in _names(paper))


def _read(group: Class, written: _Written) -> Iterator[Block]:
    """How each rule reads the papers: as wholes, and point by point."""
    paper, pack = written.paper, group.pack
    known: dict[tuple[str, ...], tuple[Reading, ...]] = {}
    read: list[tuple[Reading, ...]] = []
    for it in written.by:
        text = tuple(it.values())
        if text not in known:
            known[text] = readings(pack, it)[paper.id]
        read.append(known[text])
    told = readings(pack, written.known)[paper.id]
    wholes = []
    for number, rule in enumerate(get_args(Judging)):
        accepted = sum(it[number].whole is True for it in read)
        verdict = VERDICTS[told[number].whole][0]
        label = f"{RULES[rule][0]} ({_record(group).lower()}: {verdict})"
        wholes.append(Bar(Told(label), accepted))
    by = party_name(pack, paper.demander)
    title = f"{capital(paper.title)}: accepted as a whole, as {by} would read it under each rule"
    yield Bars(title, "Judging rule", len(read), tuple(wholes))
    yield _under(group, written, read, told)
    asks = tuple(
        Told(asks + (". The rule of this case" if paper.exchange.judging == rule else ""), (), name)
        for rule, (name, asks) in RULES.items()
    )
    yield Listing("The judging rules", asks)


def _under(
    group: Class,
    written: _Written,
    read: Sequence[tuple[Reading, ...]],
    told: Sequence[Reading],
) -> Table:
    """For each point, and for the whole, what each rule makes of the class's papers and of the
    reported one."""
    paper, rules = written.paper, range(len(told))
    columns = [Told("Point")]
    for rule in get_args(Judging):
        columns.append(Told(f"{RULES[rule][0]}: your papers", mark="line"))
        columns.append(Told(f"{RULES[rule][0]}: {_record(group).lower()}", mark="reported"))
    rows = []
    for item_id, item in paper.items.items():
        cells: list[Told] = []
        for number in rules:
            if item_id not in told[number].points:
                cells += [Told("not weighed"), Told("not weighed")]
                continue
            verdicts = [it[number].points[item_id] for it in read]
            cells += [_count(verdicts), _verdict(told[number].points[item_id])]
        rows.append((point(item), *cells))
    for label, part in (("The paper as a whole", "whole"), ("A part to talk on", "part")):
        cells = []
        for number in rules:
            verdicts = [getattr(it[number], part) for it in read]
            cells += [_count(verdicts), _verdict(getattr(told[number], part))]
        rows.append((Told(label), *cells))
    title = f"{capital(paper.title)}, point by point under three judging rules"
    return Table(title, tuple(columns), tuple(rows))


def _count(verdicts: Sequence[bool | None]) -> Told:
    return Told(f"{verdicts.count(True)} of {len(verdicts)}", mark="line")


def _verdict(verdict: bool | None) -> Told:
    text, mark = VERDICTS[verdict]
    return Told(text, mark=mark)


def answer_of(action: str) -> tuple[str, str, str]:
    """The paper, the point and the answer, in words, of an action that answers."""
    _, paper, item, answer, *more = action.split("/")
    words = KINDS.get(answer, said(answer))
    return paper, item, words + (", under a condition" if "only-if" in more else "")
