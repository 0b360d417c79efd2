"""An exercise for a room without machines, as one HTML page to print: nothing fetched, no script.

Students get the brief, role cards, team cards, point sheets, question sheets and answer sheets. The
key, the slips and the rubric stand on pages of their own, marked for the teacher. A seat's card
tells only what that seat sees; whatever is told goes through the template's escaping.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import count
from string import ascii_lowercase

from jinja2 import Template

from negsim.classroom.lesson import Lesson, glossary, task_title
from negsim.classroom.models import (
    Avoid,
    Exercise,
    Explain,
    Find,
    Judge,
    Limits,
    Plays,
    Predict,
    Seal,
    Task,
)
from negsim.classroom.questions import Choice, Question, checks, questions, shown
from negsim.classroom.telling import (
    BRANCH,
    attributed,
    branch_beside,
    cited,
    shown_fact,
    shown_steps,
)
from negsim.cycle.paper import ANSWER_WORDS
from negsim.cycle.table import capital
from negsim.debrief.reading import level_pack
from negsim.debrief.verdicts import COUNTS, RULES
from negsim.drafting import draft
from negsim.engine import read
from negsim.export.page import plain, template
from negsim.journal import new_header
from negsim.lint import MENTION
from negsim.pack.models import Exchange
from negsim.replay import Frame
from negsim.rules import EVERYTHING, NATURE, Game, Is, describe
from negsim.session import Node, Session
from negsim.text import INFERRED_NOTE, citation, date_of, fact_lines
from negsim.views import (
    brief_lines,
    item_lines,
    names,
    paper_lines,
    party_name,
    said,
    seen_line,
    stage_lines,
    step_lines,
    steps,
)

WIDE = 10_000
"""Lines of text are broken by whoever prints them."""
TEAM = {
    "Driver": "Moves: fills in the sheets, and only as the decider says.",
    "Scribe": "Writes a line of reason for each answer before it is given.",
    "Decider": "Hears everybody, then decides and says so aloud.",
    "Partner": "Speaks for those who are consulted: when do they hear of it, and what would "
    "surprise them?",
    "Press": "Keeps apart what was said aloud and what stands on paper, and who can know of it.",
}
"""The cards of a team, where the exercise has none of its own."""
OPEN = ("none", "demanded", "asked", "promised")
"""What the status of a paper is as long as it can still be drafted."""
NO_ANSWER = ": no answer yet"
"""What a point has before there is an answer: a card leaves it out."""
MOVES = 12
"""So many rows for moves stand on the sheet of a task that is played."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, and how deep it stands."""

    text: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """What one seat is given: who it is, what it knows, its own brief."""

    title: str
    role: tuple[Line, ...]
    private: str
    happened: tuple[Line, ...]
    stands: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A row of a point sheet: what was said aloud so far, what the draft says, the answers."""

    title: str
    aloud: str
    now: str
    answers: tuple[str, ...]
    only_if: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A point sheet."""

    title: str
    whose: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its number, and its choices with the letters that they are ticked by."""

    number: int
    question: Question
    choices: tuple[tuple[str, Choice], ...]
    whose: str = ""

    def letters(self, wanted: Iterable[Choice]) -> list[tuple[str, Choice]]:
        """These choices with their letters, in their own order."""
        letter = {it.id: one for one, it in self.choices}
        return [(letter[it.id], it) for it in wanted]


@dataclass(frozen=True, slots=True)
class Set:
    """A task as it is handed out, with what belongs to it on the teacher's side."""

    title: str
    task: Task
    groups: tuple[tuple[Asked, ...], ...]
    read: tuple[Line, ...] = ()
    facts: tuple[str, ...] = ()
    limits: str = ""
    goal: str = ""

    @property
    def asked(self) -> list[Asked]:
        """Its questions by number: those with the same choices stand together."""
        return [it for those in self.groups for it in those]

    @property
    def plays(self) -> bool:
        """Whether it is played."""
        return isinstance(self.task, Plays)

    @property
    def seals(self) -> bool:
        """Whether its answers are kept apart until all are written."""
        return isinstance(self.task, Seal)

    @property
    def own(self) -> bool:
        """Whether it reads the paper that the players wrote, so that there is no key."""
        return isinstance(self.task, Judge) and self.task.own

    @property
    def rubric(self) -> list[tuple[str, int]]:
        """What the teacher looks for, and the points."""
        task = self.task
        return [(it.text, it.points) for it in task.rubric] if isinstance(task, Explain) else []

    @property
    def aim(self) -> str:
        """What to talk about once it is open."""
        return (self.task.aim or "") if isinstance(self.task, Seal) else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Tasks that are handed out together."""

    number: int
    tasks: list[Set] = field(default_factory=list)


def cards_html(lesson: Lesson) -> str:
    """The exercise as an HTML document to print."""
    exercise = lesson.exercise
    numbers = count(1)
    before = [_asked(lesson, next(numbers), it) for it in checks(lesson).values()]
    sheets = _sheets(lesson, numbers)
    inferred = any(it.inferred for it in lesson.loaded.facts.sources.values())
    return _template().render(
        lesson=lesson,
        exercise=exercise,
        case=lesson.loaded.pack.title,
        parties=_parties(lesson),
        cards=[_card(lesson, seat) for seat in _seats(lesson)],
        team=_team(exercise),
        papers=[*_papers(lesson)],
        before=[(it,) for it in before],
        sheets=sheets,
        brief_facts=[]
        if _hides_facts(lesson)
        else _facts(lesson, _mentioned(exercise.brief, exercise.facts)),
        key_facts=[_in_full(lesson, it) for it in _key_facts(lesson, before, sheets)],
        concepts=[glossary().concepts[it] for it in exercise.concepts],
        injects=[
            (it, names(lesson.loaded.pack, it.to) if it.to else "")
            for it in exercise.injects.values()
        ],
        note=INFERRED_NOTE if inferred else "",
        rules=RULES,
        counts=COUNTS,
        MOVES=MOVES,
    )


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, each on one line."""
    return [plain(it) for it in re.split(r"\n\s*\n", text) if it.strip()]


# Cards.


def _seats(lesson: Lesson) -> Sequence[str]:
    """Who gets a card: the seats; where everybody is played, all parties."""
    exercise = lesson.exercise
    played = any(isinstance(it, Plays) for it in exercise.tasks.values())
    if exercise.seats or not played:
        return exercise.seats
    return [it for it in lesson.game.movers if it != NATURE]


def _parties(lesson: Lesson) -> str:
    pack = lesson.loaded.pack
    if lesson.exercise.seats:
        return f"Played: {names(pack, lesson.exercise.seats)}"
    return "Everybody is played" if _seats(lesson) else "Nobody is played"


def _card(lesson: Lesson, seat: str) -> Card:
    case, start = lesson.case, lesson.start
    known = seen_line(case, start, seat)
    stands = [*stage_lines(case, start, seat, WIDE), *paper_lines(case, known, WIDE)]
    stands += [it for it in item_lines(case, known, WIDE) if not it.endswith(NO_ANSWER)]
    return Card(
        capital(party_name(lesson.loaded.pack, seat)),
        _lines(brief_lines(case, seat, WIDE)),
        lesson.exercise.private.get(seat, ""),
        tuple(_happened(lesson, seat)),
        _lines(stands),
    )


def _happened(lesson: Lesson, seat: str) -> Iterator[Line]:
    """What the seat saw on the line to where the exercise starts."""
    for node in lesson.start.line:
        for step in steps(lesson.case, node, seat):
            if isinstance(step, Frame):
                yield _told(lesson, step)
            else:
                yield from _lines(step_lines(lesson.case, step, seat, WIDE))


def _told(lesson: Lesson, frame: Frame) -> Line:
    """A step of the record: when, what, its basis and facts."""
    date = date_of(frame)
    basis = ", ".join([frame.basis, *cited(lesson, frame.facts)])
    return Line(f"{capital(date)}: {frame.text} ({basis})" if date else f"{frame.text} ({basis})")


def _lines(lines: Iterable[str]) -> tuple[Line, ...]:
    return tuple(Line(it.strip(), (len(it) - len(it.lstrip())) // 2) for it in lines if it.strip())


def _team(exercise: Exercise) -> list[tuple[str, str]]:
    return [(it.title, it.does) for it in exercise.team] or [*TEAM.items()]


# Point sheets.


def _papers(lesson: Lesson) -> Iterator[Paper]:
    """A sheet for each paper that a player can draft in a task that is played."""
    exercise, game = lesson.exercise, lesson.game
    done: set[str] = set()
    for node in _played_from(lesson):
        for paper, exchange in level_pack(lesson.case).exchanges.items():
            author = exchange.addressee
            status = game.position.get(f"{paper}.status") is not None and read(
                game, node.state, f"{paper}.status"
            )
            closed = status not in OPEN or (exchange.opened_by and status == "none")
            if paper not in done and not closed and author in (exercise.seats or game.movers):
                done.add(paper)
                yield _paper(lesson, node, paper, exchange)


def _played_from(lesson: Lesson) -> Iterator[Node]:
    """Where the tasks that are played are set, as far as that is known."""
    here = lesson.start
    for task in lesson.exercise.tasks.values():
        here = lesson.place(task.after) if task.after is not None else here
        if isinstance(task, Plays):
            yield here


def _paper(lesson: Lesson, node: Node, paper: str, exchange: Exchange) -> Paper:
    case, game, pack = lesson.case, lesson.game, lesson.loaded.pack
    items = level_pack(case).items
    session = Session(case, new_header(pack.id, "0" * 64, case.level, seed=0))
    asked = attributed(lesson)
    points = []
    for row in draft(session, node, paper, ()):
        variable = game.variable(f"{paper}.{row.item}")
        stem = f"answer/{paper}/{row.item}/"
        drafts = [it.id.removeprefix(stem) for it in game.actions if it.id.startswith(stem)]
        answers = [it for it in ANSWER_WORDS if it in variable.values]
        behind = "; ".join(it if it in asked else citation(it, lesson.loaded) for it in row.facts)
        aloud = row.aloud + (f" [{behind}]" if behind else "")
        condition = items[row.item].only_if
        hangs = condition is not None and any(it.endswith("/only-if") for it in drafts)
        points.append(
            Point(
                row.title,
                aloud,
                row.answer,
                tuple(said(it, variable) for it in answers),
                pack.conditions[condition].title if hangs and condition is not None else "",
            )
        )
    return Paper(capital(exchange.title), party_name(pack, exchange.addressee), tuple(points))


# Questions.


def _sheets(lesson: Lesson, numbers: Iterator[int]) -> list[Sheet]:
    """The tasks in order; what follows a prediction is handed out once that is in."""
    sheets = [Sheet(1)]
    here = lesson.start
    for name, task in lesson.exercise.tasks.items():
        here = lesson.place(task.after) if task.after is not None else here
        if sheets[-1].tasks and isinstance(sheets[-1].tasks[-1].task, Predict):
            sheets.append(Sheet(len(sheets) + 1))
        sheets[-1].tasks.append(_set(lesson, name, task, here, numbers))
    return sheets


def _set(lesson: Lesson, name: str, task: Task, here: Node, numbers: Iterator[int]) -> Set:
    asked = questions(lesson, name)
    seats = lesson.exercise.seats if isinstance(task, Seal) else []
    whose = [party_name(lesson.loaded.pack, it) for it in seats] if len(seats) == 2 else [""]
    groups: dict[object, list[tuple[Question, str]]] = {}
    for one in whose:
        for it in asked:
            alike = [(choice.id, choice.text) for choice in it.choices]
            key = (one, *alike) if it.form == "one" else (one, it.id)
            groups.setdefault(key, []).append((it, one))
    plays = isinstance(task, Plays)
    return Set(
        task_title(lesson, name),
        task,
        tuple(
            tuple(_asked(lesson, next(numbers), *it) for it in those) for those in groups.values()
        ),
        tuple(_read_with(lesson, task, here)),
        tuple(
            _facts(lesson, _mentioned("" if _hides_facts(lesson) else task.ask, task.shows.facts))
        ),
        _limits(task.within, task) if isinstance(task, Plays) else "",
        _goal(lesson, name, task) if plays and isinstance(task, Plays) else "",
    )


def _asked(lesson: Lesson, number: int, question: Question, whose: str = "") -> Asked:
    choices = shown(question, lesson.id)
    few = len(choices) <= len(ascii_lowercase)
    letters = ascii_lowercase if few else [str(it + 1) for it in range(len(choices))]
    return Asked(number, question, tuple(zip(letters, choices, strict=False)), whose)


def _read_with(lesson: Lesson, task: Task, here: Node) -> Iterator[Line]:
    """The steps and the paper that are read beside a task, in the eyes of all who sit there."""
    case, game = lesson.case, lesson.game
    eyes = lesson.exercise.seats or [EVERYTHING]
    for frame in shown_steps(lesson, task.shows.steps):
        yield _told(lesson, frame)
    if branch := branch_beside(lesson, task):
        yield Line(f"{BRANCH}:")
        yield from (Line(f"{number}. {text}", 1) for number, text in enumerate(branch, 1))
    if task.shows.paper is not None:
        views = [seen_line(case, here, it) for it in eyes]
        known = {
            key: value
            for key, value in views[0].items()
            if all(view.get(key) == value for view in views)
        }
        pack = level_pack(case)
        exchange = pack.exchanges[task.shows.paper]
        yield Line(f"{capital(exchange.title)}, point by point:")
        for item in exchange.items:
            variable = f"{task.shows.paper}.{item}"
            answer = known.get(variable)
            text = NO_ANSWER[2:] if answer == "none" else said(answer, game.variable(variable))
            condition = pack.items[item].only_if
            if known.get(f"{variable}.only-if") == "yes" and condition is not None:
                text += f", only if {pack.conditions[condition].title}"
            yield Line(f"{pack.items[item].title}: {text}", 1)


def _limits(limits: Limits, task: Task) -> str:
    parts = []
    if limits.actions is not None:
        parts.append(f"at most {limits.actions} actions, passes not counted")
    if limits.rounds is not None:
        parts.append(f"at most {limits.rounds} rounds")
    if isinstance(task, Find):
        parts.append("act for everybody, and try as many lines as you like")
    return "; ".join(parts)


def _goal(lesson: Lesson, name: str, task: Plays) -> str:
    """What is to come about, in the words of the model."""
    parts = []
    if task.goal.ending is not None:
        title = next(it.title for it in lesson.game.endings if it.id == task.goal.ending)
        parts.append(f"the ending: {title}")
    if task.goal.when is not None:
        parts.append(describe(lesson.goals[name], partial(_is, lesson.game)))
    verb = "It must not come to this" if isinstance(task, Avoid) else "It comes to this"
    return f"{verb}: {'; and '.join(parts)}"


def _is(game: Game, it: Is) -> str:
    variable = next((one for one in game.variables if one.id == it.variable), None)
    title = variable.title if variable is not None else it.variable
    return f"{title}: {' or '.join(said(value, variable) for value in sorted(it.values))}"


# Facts.


def _mentioned(text: str, facts: Iterable[str] = ()) -> list[str]:
    return [*dict.fromkeys([*facts, *MENTION.findall(text)])]


def _hides_facts(lesson: Lesson) -> bool:
    return "facts" in lesson.exercise.hides


def _facts(lesson: Lesson, facts: Iterable[str]) -> list[str]:
    """The facts for a student."""
    return [_on_one_line(shown_fact(lesson, it, WIDE)) for it in facts]


def _in_full(lesson: Lesson, fact: str) -> str:
    return _on_one_line(fact_lines(fact, lesson.loaded, WIDE, ""))


def _on_one_line(lines: Iterable[str]) -> str:
    return " ".join(it.strip() for it in lines)


def _key_facts(lesson: Lesson, before: Iterable[Asked], sheets: Iterable[Sheet]) -> Iterator[str]:
    """Every fact that the teacher's pages cite, once each, in order."""
    found: list[str] = [*lesson.exercise.facts]
    asked = [*before, *(it for sheet in sheets for one in sheet.tasks for it in one.asked)]
    for it in asked:
        for choice in it.question.choices:
            found += [*choice.facts, *MENTION.findall(choice.feedback)]
    for task in lesson.exercise.tasks.values():
        found += [*task.shows.facts, *MENTION.findall(task.told or "")]
    for inject in lesson.exercise.injects.values():
        found += inject.facts
    yield from dict.fromkeys(found)


@cache
def _template() -> Template:
    return template("cards.html.jinja", {"paragraphs": paragraphs})
