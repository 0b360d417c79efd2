"""What one student or team is told of their exercise: a page of HTML that holds all it needs, and
the same in Markdown.

Names, notes and answers come from strangers: in HTML all goes through the template's escaping, in
Markdown nothing is read as markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from jinja2 import Template

from negsim.classroom.grading import Grade, Mark, Row
from negsim.classroom.lesson import Lesson
from negsim.classroom.models import Explain
from negsim.cycle.table import capital
from negsim.export.markdown import plain as unmarked
from negsim.export.page import template
from negsim.lint import MENTION
from negsim.text import INFERRED_NOTE, citation, cites_inferred

HOW = (
    "Participation is how much of the exercise was taken part in; texts and sealed verdicts count "
    "here. Performance is the mean over the tasks that are graded, by their weights. A prediction "
    "that matches the record earns nothing, since it can be looked up; its reason does. What is "
    "right is right in this model of the case."
)
NO_SCORE = "not graded"


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that the page cites."""

    id: str
    date: str
    actor: str
    text: str
    cited: str


@dataclass(frozen=True, slots=True)
class Part:
    """A task as the page tells it."""

    mark: Mark
    ask: str
    state: str
    matched: str
    told: str
    rubric: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What the page tells, in plain texts."""

    title: str
    who: str
    session: str
    participation: str
    performance: str
    parts: tuple[Part, ...]
    breaches: tuple[str, ...]
    facts: tuple[Fact, ...]
    note: str
    how: str = HOW


def percent(share: float | None) -> str:
    """A share as it is shown: `87.5 %`."""
    return NO_SCORE if share is None else f"{points(share)} %"


def points(share: float) -> str:
    """A share of 1 in points of 100, with at most one digit after the point."""
    return f"{100 * share:.1f}".removesuffix(".0")


def named(grade: Grade) -> str:
    """The team and its members; nobody has a name who gave none."""
    members = ", ".join(grade.members)
    return ": ".join(it for it in (grade.team, members) if it) or "No name given"


def page(lesson: Lesson, grade: Grade) -> Page:
    """What is told of a grade."""
    parts = tuple(_part(lesson, it) for it in grade.marks)
    facts = tuple(_facts(lesson, parts))
    return Page(
        lesson.exercise.title,
        named(grade),
        grade.session,
        percent(grade.participation),
        percent(grade.performance),
        parts,
        tuple(dict.fromkeys(f"Entry {it.entry}: {it.text}." for it in grade.breaches)),
        facts,
        INFERRED_NOTE if cites_inferred([it.id for it in facts], lesson.loaded) else "",
    )


def _part(lesson: Lesson, mark: Mark) -> Part:
    task = lesson.exercise.tasks[mark.task]
    state = "Not answered." if not mark.answered else f"{capital(mark.said)}." if mark.said else ""
    matched = ""
    if mark.matched is not None and mark.matched[1]:
        hits, made = mark.matched
        matched = f"Matched the record: {hits} of {made}."
    rubric = task.rubric if isinstance(task, Explain) else []
    return Part(
        mark,
        task.ask,
        state,
        matched,
        task.told or "" if mark.answered else "",
        tuple(f"{it.text} ({it.points})" for it in rubric),
    )


def _facts(lesson: Lesson, parts: tuple[Part, ...]) -> Iterator[Fact]:
    """The facts that the page cites, in the order of the pack."""
    cited = {fact for it in parts for row in it.mark.rows for fact in row.facts}
    for it in parts:
        texts = [it.ask, it.told, *(text for row in it.mark.rows for text in row.feedback)]
        cited.update(fact for text in texts for fact in MENTION.findall(text))
    for name, fact in lesson.loaded.facts.facts.items():
        if name in cited:
            said = citation(name, lesson.loaded).removeprefix(f"{name} (").removesuffix(")")
            yield Fact(name, fact.date, fact.actor, fact.text, said)


def verdict(row: Row) -> str:
    """Whether an answer is right, in words."""
    if not row.given:
        return "no answer"
    if row.score is None:
        return NO_SCORE
    return "right" if row.score == 1 else percent(row.score) if row.score else "not right"


def answers(row: Row) -> str:
    """What was answered, on one line."""
    return "; ".join(row.given)


def feedback_html(lesson: Lesson, grade: Grade) -> str:
    """What is told of a grade, as an HTML document."""
    return _template().render(page=page(lesson, grade))


def feedback_markdown(lesson: Lesson, grade: Grade) -> str:
    """What is told of a grade, as a Markdown document."""
    return "\n".join(_lines(page(lesson, grade))) + "\n"


def _lines(found: Page) -> Iterator[str]:
    yield f"# {unmarked(found.title)}"
    yield from ("", unmarked(found.who), "")
    yield f"- **Participation:** {found.participation}"
    yield f"- **Performance:** {found.performance}"
    yield f"- **Session:** {found.session}"
    yield from ("", found.how)
    if found.breaches:
        yield from ("", "## Not by the rules of the exercise", "")
        yield from (f"- {unmarked(it)}" for it in found.breaches)
    for it in found.parts:
        yield from _part_lines(it)
    if found.facts:
        yield from ("", "## The facts cited", "")
        yield f"In our own words. A claim is what somebody says, and no more. {found.note}".rstrip()
        yield ""
        for fact in found.facts:
            words = f"{fact.date}, {fact.actor}: {fact.text} ({fact.cited})"
            yield f"- **{unmarked(fact.id)}** {unmarked(words)}"


def _part_lines(part: Part) -> Iterator[str]:
    yield from ("", f"## {unmarked(part.mark.title)}: {percent(part.mark.score)}")
    yield from ("", unmarked(part.ask))
    for text in (part.state, part.matched):
        if text:
            yield from ("", unmarked(text))
    if part.mark.rows:
        yield ""
    for row in part.mark.rows:
        yield f"- {unmarked(row.ask)} ({verdict(row)})"
        if row.given:
            yield f"  - Your answer: {unmarked(answers(row))}"
        if row.right:
            yield f"  - Right: {unmarked('; '.join(row.right))}"
        yield from (f"  - {unmarked(text)}" for text in row.feedback)
        if row.facts:
            yield f"  - Facts: {unmarked(', '.join(row.facts))}"
    if part.rubric:
        yield from ("", "What your teacher looks for, with points:", "")
        yield from (f"- {unmarked(text)}" for text in part.rubric)
    if part.told:
        yield from ("", unmarked(part.told))


@cache
def _template() -> Template:
    return template(
        "feedback.html.jinja", {"percent": percent, "verdict": verdict, "answers": answers}
    )
