"""Reasons side by side: at the answers of a paper, sealed ones, and texts with their rubric."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from negsim.classroom.models import Explain, Seal
from negsim.classroom.together.hands import Class, few
from negsim.classroom.together.papers import KINDS, answer_of
from negsim.classroom.together.told import Beside, Block, Part, part_of
from negsim.cycle.table import capital
from negsim.debrief.told import Listing, Table, Told, columns_of
from negsim.views import party_name

MOST = 6
"""So many reasons are told of each answer; of more than that, how many they are."""
TEXTS = 12
"""So many texts are told of a task that asks for one."""

Texts = list[tuple[str, str]]
"""Texts with whose they are."""


def reasons(group: Class) -> Part:
    """What was written, in the class's own words."""
    blocks = [*_at_answers(group)]
    for name, task in group.lesson.exercise.tasks.items():
        if isinstance(task, Seal):
            blocks += _sealed(group, name, task)
        elif isinstance(task, Explain):
            blocks += _explained(group, name, task)
    lead = (
        "The class's own words, and nobody's name. Where many wrote, some are drawn, and it is "
        "said how many more there are."
    )
    if group.names:
        lead = lead.replace("The class's own words, and nobody's name", "The class's own words")
    return part_of("reasons", "Reasons side by side", lead, *blocks)


def _column(title: str, texts: Texts, most: int = MOST) -> Listing:
    return Listing(f"{title} ({len(texts)})", few(texts, most))


def _at_answers(group: Class) -> Iterator[Block]:
    """The notes at the answers of papers, point by point, and those at other steps."""
    found: dict[tuple[str, str], dict[str, Texts]] = {}
    others: dict[str, Texts] = {}
    for taking in group.takings:
        seen = set()
        for node in (it for name in group.played for it in group.course(taking, name)):
            for note in () if node.id in seen else taking.session.notes.get(node.id, ()):
                written = (note, group.who(taking))
                if node.action.startswith("answer/"):
                    paper, item, answer = answer_of(node.action)
                    found.setdefault((paper, item), {}).setdefault(answer, []).append(written)
                else:
                    others.setdefault(node.action, []).append(written)
            seen.add(node.id)
    for paper, exchange in group.pack.exchanges.items():
        for item in exchange.items:
            answers = found.get((paper, item), {})
            columns = tuple(_column(it, answers[it]) for it in sorted(answers, key=_kind))
            title = f"{capital(exchange.title)}, {group.pack.items[item].title}: why this answer"
            yield Beside(title, columns)
    steps = [it for it in group.lesson.game.actions if it.id in others]
    columns = tuple(_column(it.text or it.id, others[it.id]) for it in steps)
    yield Beside("Notes at other steps", columns)


def _kind(answer: str) -> tuple[int, str]:
    """Where an answer in words stands among the others."""
    kind = answer.partition(", ")[0]
    return [*KINDS.values(), kind].index(kind), answer


def _sealed(group: Class, name: str, task: Seal) -> Iterator[Block]:
    """Verdicts and reasons that were written apart, opened together."""
    given = group.given(name)
    seats = {key.partition("/")[2]: None for key in given}
    by: dict[str, Texts] = {}
    verdicts: dict[str, Counter[str]] = {}
    for seat in seats:
        suffix = f"/{seat}" if seat else ""
        chosen = {
            id(taking): question.chosen(it)[0].text
            for taking, question, it in given.get(f"verdict{suffix}", ())
        }
        verdicts[seat] = Counter(chosen.values())
        for taking, _, it in given.get(f"reason{suffix}", ()):
            who = ", ".join(filter(None, (capital(party_name(group.pack, seat)) if seat else "",
                                          group.who(taking))))  # fmt: skip
            by.setdefault(chosen.get(id(taking), "Reasons"), []).append((str(it), who))
    order = [it for it in (task.choices or {}).values() if it in by] or [*by]
    title = group.titled(name, task.ask)
    if task.choices is not None:
        columns = columns_of(
            "Verdict", *(capital(party_name(group.pack, it)) if it else "How many" for it in seats)
        )
        rows = tuple(
            (Told(it), *(Told(str(verdicts[seat][it])) for seat in seats))
            for it in task.choices.values()
        )
        yield Table(title, columns, rows if given else ())
        yield from _together(group, name)
    yield Beside(title, tuple(_column(it, by[it]) for it in order))
    if task.aim and by:
        yield Listing("", (Told(task.aim, (), "To talk about"),))


def _together(group: Class, name: str) -> Iterator[Block]:
    """Of two who judged apart: how many said the same."""
    if len(group.lesson.exercise.seats) != 2:
        return
    one, other = (f"verdict/{seat}" for seat in group.lesson.exercise.seats)
    pairs = [
        (answer.given[one], answer.given[other])
        for taking in group.takings
        if (answer := taking.answers.get(name)) is not None and {one, other} <= {*answer.given}
    ]
    if pairs:
        same = sum(first == second for first, second in pairs)
        told = Told(f"{same} of {len(pairs)}", (), "Pairs in which both gave the same verdict")
        yield Listing("", (told,))


def _explained(group: Class, name: str, task: Explain) -> Iterator[Block]:
    """Texts, with what the teacher looks for."""
    texts = [
        (str(it), group.who(taking))
        for given in group.given(name).values()
        for taking, _, it in given
    ]
    title = group.titled(name, task.ask)
    if texts:
        yield Beside(title, (_column("Texts", texts, TEXTS),))
        points = tuple(
            Told(it.text, (), f"{it.points} point{'s' if it.points > 1 else ''}")
            for it in task.rubric
        )
        yield Listing(group.titled(name, "what to look for"), points)
