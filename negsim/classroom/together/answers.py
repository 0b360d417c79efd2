"""What the class answered, with the most common misreading; and what it predicted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

from negsim.classroom.lesson import task_title
from negsim.classroom.models import Attribute, Judge, Match, Predict, Task
from negsim.classroom.questions import Choice, Question
from negsim.classroom.taking import Taking
from negsim.classroom.together.hands import Class
from negsim.classroom.together.told import Bar, Bars, Block, Part, part_of
from negsim.debrief.told import Listing, Table, Told, columns_of, without_empty
from negsim.debrief.verdicts import RULES
from negsim.journal import Given
from negsim.lint import MENTION

MOST = 8
"""Of more choices than this only those are told that are right or that somebody chose."""

WHOLE = {"whole": "The paper as a whole", "part": "A part to talk on"}
"""What a rule says of a paper besides its points."""

Rows = Sequence[tuple[Taking, Question, Given]]


def answers(group: Class) -> Part:
    """The questions that are graded, one task after the other."""
    blocks: list[Block] = []
    for name, task in group.lesson.exercise.tasks.items():
        given = {
            key: rows
            for key, rows in group.given(name).items()
            if any(question.graded for _, question, _ in rows)
        }
        if not given:
            continue
        match task:
            case Match() | Attribute():
                blocks += _many(group.titled(name, task.ask), given)
            case Judge():
                blocks += _judged(group, name, task, given)
            case _:
                for rows in given.values():
                    blocks += _one(group.titled(name, rows[0][1].ask), rows)
        blocks.append(_afterwards(group, name, task))
    lead = "How many chose what. More than one answer can be right: sources disagree."
    return part_of("answers", "Answers, and what was misread", lead, *blocks)


def _afterwards(group: Class, name: str, task: Task) -> Listing:
    """What the exercise says after the task."""
    if not task.told:
        return Listing("", ())
    facts = tuple(dict.fromkeys(it for it in MENTION.findall(task.told) if it in _facts(group)))
    return Listing(task_title(group.lesson, name), (Told(task.told, facts, "To keep in mind"),))


def _facts(group: Class) -> set[str]:
    return set(group.lesson.loaded.facts.facts)


def _one(title: str, rows: Rows) -> Iterator[Block]:
    """One question: a bar for each choice, or for each place of an order."""
    question = rows[0][1]
    if question.form == "order":
        yield from _order(title, rows)
        return
    yield _choices(title, rows, {it.id for it in question.right}, "right")
    wrong = _misread(rows)
    told = []
    if wrong is not None:
        choice, count = wrong
        told.append(Told(f"{choice.text} ({count} of {len(rows)})", (), "Most common misreading"))
        if choice.feedback:
            told.append(Told(choice.feedback, choice.facts, "What is said of it"))
    yield Listing("", tuple(told))


def _choices(title: str, rows: Rows, signed: set[str], sign: str) -> Bars:
    question = rows[0][1]
    counts = _counts(rows)
    bars = tuple(
        Bar(Told(it.text, it.facts), counts[it.id], sign if it.id in signed else "")
        for it in question.choices
        if len(question.choices) <= MOST or it.id in signed or counts[it.id]
    )
    return Bars(title, "Answer", len(rows), bars)


def _counts(rows: Rows) -> Counter[str]:
    return Counter(it.id for _, question, given in rows for it in question.chosen(given))


def _misread(rows: Rows) -> tuple[Choice, int] | None:
    """The wrong choice that most made, the first of those alike, and how many did."""
    counts: Counter[str] = Counter()
    for _, question, given in rows:
        counts.update(it.id for it in question.chosen(given) if not it.right)
    question = rows[0][1]
    found = max(question.choices, key=lambda it: counts[it.id], default=None)
    return (found, counts[found.id]) if found is not None and counts[found.id] else None


def _order(title: str, rows: Rows) -> Iterator[Block]:
    """Things put in order: how many had each at its place, and which pair was turned round."""
    question = rows[0][1]
    at = Counter(
        choice.id
        for _, _, given in rows
        for place, choice in enumerate(question.chosen(given))
        if any(
            choice.id == it.id or {choice.id, it.id} <= group
            for it in [question.choices[place]]
            for group in (*question.alike, frozenset({it.id}))
        )
    )
    bars = tuple(
        Bar(Told(f"{number}. {it.text}", it.facts), at[it.id])
        for number, it in enumerate(question.choices, 1)
    )
    yield Bars(title, "At its place", len(rows), bars)
    turned: Counter[tuple[str, str]] = Counter()
    places = {it.id: number for number, it in enumerate(question.choices)}
    for _, _, given in rows:
        for first, second in combinations(question.chosen(given), 2):
            alike = any({first.id, second.id} <= group for group in question.alike)
            if places[first.id] > places[second.id] and not alike:
                turned[first.id, second.id] += 1
    if turned:
        (first_id, second_id), count = min(turned.items(), key=lambda it: (-it[1], it[0]))
        first, second = question.choice(first_id), question.choice(second_id)
        text = f'"{first.text}" before "{second.text}" ({count} of {len(rows)})'
        facts = tuple(dict.fromkeys((*second.facts, *first.facts)))
        yield Listing("", (Told(text, facts, "Most common misreading"),))


def _many(title: str, given: dict[str, list[tuple[Taking, Question, Given]]]) -> Iterator[Block]:
    """Many questions alike: how many had each right, and what was misread."""
    yield _right(title, given, {key: rows[0][1].ask for key, rows in given.items()})
    cells = []
    for rows in given.values():
        question, wrong = rows[0][1], _misread(rows)
        right = question.right
        facts = tuple(dict.fromkeys(fact for it in right for fact in it.facts))
        misread = f"{wrong[0].text} ({wrong[1]} of {len(rows)})" if wrong else "none"
        feedback = wrong[0].feedback if wrong else ""
        cells.append(
            (
                Told(question.ask),
                Told(" or ".join(it.text for it in right), facts, mark="yes"),
                Told(misread),
                Told(feedback),
            )
        )
    columns = columns_of("Question", "Right", "Most common misreading", "What is said of it")
    yield without_empty(Table(f"{title} What was misread", columns, tuple(cells)))


def _right(
    title: str, given: dict[str, list[tuple[Taking, Question, Given]]], labels: dict[str, str]
) -> Bars:
    """A bar for each question: how many had it right."""
    most = max(len(rows) for rows in given.values())
    bars = tuple(
        Bar(Told(labels[key]), sum(question.score(it) == 1 for _, question, it in rows))
        for key, rows in given.items()
    )
    return Bars(title, "How many had it right", most, bars)


def _judged(
    group: Class, name: str, task: Judge, given: dict[str, list[tuple[Taking, Question, Given]]]
) -> Iterator[Block]:
    """A paper read under rules: how many read each point as the rule does."""
    for rule in task.rules:
        own = {key: rows for key, rows in given.items() if key.partition("/")[0] == rule}
        labels = {}
        for key, rows in own.items():
            item = key.partition("/")[2]
            title = group.pack.items[item].title if item in group.pack.items else WHOLE[item]
            verdict = "as each paper is" if task.own else rows[0][1].right[0].text
            labels[key] = f"{title} (right: {verdict})"
        title = group.titled(name, f"{RULES[rule][0]}, {RULES[rule][1]}")
        if own:
            yield _right(title, own, labels)


def predictions(group: Class) -> Part:
    """What was predicted, item by item, beside what the record shows."""
    blocks: list[Block] = []
    for name, task in group.lesson.exercise.tasks.items():
        if not isinstance(task, Predict):
            continue
        given = group.given(name)
        rows, bars = [], []
        for key in task.values:
            if key not in given:
                continue
            told = given[key]
            question, counts = told[0][1], _counts(told)
            right = {it.id for it in question.right}
            most = max(question.choices, key=lambda it: counts[it.id])
            matched = sum(asked.fits(guess) for _, asked, guess in told)
            record = " or ".join(it.text for it in question.right)
            facts = tuple(dict.fromkeys(fact for it in question.right for fact in it.facts))
            rows.append(
                (
                    Told(question.ask),
                    Told(f"{matched} of {len(told)}"),
                    Told(record, facts, mark="reported"),
                    Told(f"{most.text} ({counts[most.id]})"),
                )
            )
            title = group.titled(name, question.ask)
            bars.append(_choices(title, told, right, "the record"))
        columns = columns_of("Predicted", "Like the record", "The record", "Predicted most")
        blocks += [Table(group.titled(name, task.ask), columns, tuple(rows))]
        blocks += bars
    lead = (
        "To have guessed what came earns nothing: it can be looked up. What is to be talked about "
        "is why others were thought likely."
    )
    return part_of("predictions", "Predictions beside the record", lead, *blocks)
