"""An exercise in lines of text: its brief, what is read beside a task, its questions, what is said
of the answers. No input, no output, no colour.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from negsim.classroom.goals import Course
from negsim.classroom.lesson import Lesson, glossary, task_title
from negsim.classroom.models import Attribute, Compare, Inject, Judge, Limits, Plays, Predict, Task
from negsim.classroom.questions import Choice, Given, Question
from negsim.classroom.taking import Feedback, Taking
from negsim.cycle.table import capital
from negsim.errors import NegsimError, printable, quote
from negsim.pack.compile import level_items
from negsim.replay import Frame, sees
from negsim.rules import EVERYTHING
from negsim.session import LONGEST, Node
from negsim.text import citation, fact_lines, frame_lines, wrap
from negsim.views import brief_lines, names, said, seen_line

BRANCH = "The other branch, on which it stays possible"
"""What stands over the other branch of a comparison."""
KEPT = "Kept. What is right is told later."
"""What is said of answers of which nothing else is said yet."""
HOW: Mapping[str, str] = {
    "one": "Type its number.",
    "some": "Type the numbers of all that are right, as 1 3.",
    "order": "Type all the numbers in their order, as 2 3 1.",
    "text": "Type it in one line.",
}
"""How a question of each form is answered."""


def opening_lines(lesson: Lesson, width: int) -> Iterator[str]:
    """What everybody reads first."""
    exercise, pack = lesson.exercise, lesson.loaded.pack
    yield from wrap(exercise.title, width)
    yield from wrap(f"{pack.title}. {exercise.minutes} minutes. {_who(lesson)}.", width)
    yield ""
    yield "You will learn:"
    for goal in exercise.goals:
        yield from wrap(goal, width, "- ", "  ")
    yield ""
    yield from wrap(exercise.brief, width)
    if found := cited(lesson, exercise.facts):
        yield from wrap(f"[{', '.join(found)}]", width)
    opening = _unsaid(pack.opening or "", exercise.brief)
    if opening:
        yield ""
        yield from wrap(opening, width)


def _who(lesson: Lesson) -> str:
    seats = lesson.exercise.seats
    if seats:
        beside = ", two at one terminal" if len(seats) == 2 else ""
        return f"You sit for {names(lesson.loaded.pack, seats)}{beside}"
    played = any(isinstance(it, Plays) for it in lesson.exercise.tasks.values())
    return "You act for everybody" if played else "You read, and play nobody"


def _unsaid(text: str, before: str) -> str:
    """The sentences of a text that were not read before, word for word."""
    known = " ".join(before.split())
    sentences = re.split(r"(?<=[.!?])\s+", " ".join(text.split()))
    return " ".join(it for it in sentences if it not in known)


def private_lines(lesson: Lesson, seat: str, width: int) -> Iterator[str]:
    """What only a seat reads."""
    yield from wrap(f"For {names(lesson.loaded.pack, [seat])} alone.", width)
    yield from brief_lines(lesson.case, seat, width)
    if seat in lesson.exercise.private:
        yield from wrap(lesson.exercise.private[seat], width)


def word_lines(lesson: Lesson, width: int) -> Iterator[str]:
    """The words that the exercise teaches."""
    for name in lesson.exercise.concepts:
        concept = glossary().concepts[name]
        yield from wrap(f"{capital(concept.title)}: {concept.about}", width, "", "  ")


def task_lines(taking: Taking, name: str, width: int) -> Iterator[str]:
    """How far one is, and what is to be done."""
    lesson, task = taking.lesson, taking.lesson.exercise.tasks[name]
    number = list(lesson.exercise.tasks).index(name) + 1
    minutes = f" ({_count(task.minutes, 'minute')})" if task.minutes else ""
    title = task_title(lesson, name)
    yield from wrap(f"Task {number} of {len(lesson.exercise.tasks)}: {title}{minutes}", width)
    if isinstance(task, Plays) or task.ask not in (it.ask for it in taking.questions(name)):
        yield from wrap(task.ask, width)
    if isinstance(task, Plays):
        allowed = " and ".join(_allowed(task.within))
        yield from wrap(
            f"You have {allowed}." if allowed else "You have as long as you want.", width
        )


def _allowed(within: Limits) -> Iterator[str]:
    if within.actions is not None:
        yield _count(within.actions, "action")
    if within.rounds is not None:
        yield _count(within.rounds, "round")


def left_lines(task: Plays, course: Course, width: int) -> Iterator[str]:
    """What is left of the limits of a task that is played."""
    within = task.within
    left = Limits.model_construct(
        actions=None if within.actions is None else max(0, within.actions - course.actions),
        rounds=None if within.rounds is None else max(0, within.rounds - course.rounds),
    )
    told = ", ".join(_allowed(left))
    if told:
        yield from wrap(f"Left of this task: {told}.", width)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def beside_lines(taking: Taking, name: str, width: int) -> Iterator[str]:
    """What is read beside a task: facts, steps of the record, a paper point by point.

    Of steps and papers a seat is told what it can know.
    """
    lesson, task = taking.lesson, taking.lesson.exercise.tasks[name]
    for fact in task.shows.facts:
        yield from shown_fact(lesson, fact, width)
    if task.shows.steps:
        yield from _step_lines(lesson, task.shows.steps, width)
    if branch := branch_beside(lesson, task):
        yield f"{BRANCH}:"
        for number, text in enumerate(branch, 1):
            yield from wrap(text, width, f"{number:3}  ", "     ")
    here = taking.session.here
    for paper in _papers(task):
        own = isinstance(task, Judge) and task.own
        node = here if own or task.after is None else lesson.place(task.after)
        yield from paper_points(lesson, paper, node, width)


def branch_beside(lesson: Lesson, task: Task) -> list[str]:
    """The steps of the other branch that is read beside a comparison."""
    beside = task.beside if isinstance(task, Compare) else ()
    return [lesson.game.action(it).text for it in beside]


def attributed(lesson: Lesson) -> frozenset[str]:
    """The facts of which the exercise asks who said them, and of which kind they are."""
    return frozenset(
        it.fact
        for task in lesson.exercise.tasks.values()
        if isinstance(task, Attribute)
        for it in task.statements.values()
    )


def cites_in_full(lesson: Lesson) -> bool:
    """Whether facts are cited with kind and outlet: not where they are hidden, nor where the
    exercise asks for these of any fact, since facts that stand together often are of one kind."""
    return "facts" not in lesson.exercise.hides and not attributed(lesson)


def cited(lesson: Lesson, facts: Iterable[str]) -> list[str]:
    """Facts as they are cited to who takes the exercise, on screens and on paper: in full, by their
    ids alone, or, where facts are hidden, not at all."""
    if "facts" in lesson.exercise.hides:
        return []
    in_full = cites_in_full(lesson)
    return [citation(it, lesson.loaded) if in_full else it for it in facts]


def shown_fact(lesson: Lesson, fact: str, width: int, *, whole: bool = False) -> list[str]:
    """A fact that is read beside a task: in full, but for who said it and its kind where these are
    asked; with `whole` these too."""
    if whole or fact not in attributed(lesson):
        return fact_lines(fact, lesson.loaded, width, "")
    found = lesson.loaded.facts.facts[fact]
    return [*wrap(f"{fact}  {found.date}.", width), *wrap(found.text, width, "     ")]


def _papers(task: Task) -> list[str]:
    read = [task.shows.paper] if task.shows.paper is not None else []
    judged = [task.paper] if isinstance(task, Judge) else []
    return list(dict.fromkeys([*judged, *read]))


def _eyes(lesson: Lesson) -> list[str]:
    return [*lesson.exercise.seats] or [EVERYTHING]


def shown_steps(lesson: Lesson, steps: Sequence[str]) -> list[Frame]:
    """The steps of the record from one to another, as far as every seat sees them."""
    frames, eyes = lesson.case.frames, _eyes(lesson)
    numbers = [it.number for it in frames if it.step.id in steps]
    return [
        frame
        for frame in frames
        if numbers
        and min(numbers) <= frame.number <= max(numbers)
        and all(sees(lesson.game, frame, who) for who in eyes)
    ]


def _step_lines(lesson: Lesson, steps: Sequence[str], width: int) -> Iterator[str]:
    found = shown_steps(lesson, steps)
    if not found:
        yield "Nothing of these steps was seen from your seat."
    eyes, in_full = _eyes(lesson)[0], cites_in_full(lesson)
    for frame in found:
        told = frame if in_full else replace(frame, facts=())
        yield from frame_lines(told, lesson.game, lesson.loaded, eyes, width, facts=())
        if not in_full and (ids := cited(lesson, frame.facts)):
            yield from wrap(f"[{' '.join(ids)}]", width, "     ")


def paper_points(lesson: Lesson, paper: str, node: Node, width: int) -> Iterator[str]:
    """A paper as it stands at a place, point by point, as far as every seat knows it."""
    pack, game = lesson.loaded.pack, lesson.game
    known = [seen_line(lesson.case, node, who) for who in _eyes(lesson)]
    yield from wrap(f"{capital(pack.exchanges[paper].title)}:", width)
    for item_id, item in level_items(pack, lesson.case.level).items():
        name = f"{paper}.{item_id}"
        if name not in game.position:
            continue
        answers = {it.get(name) for it in known}
        answer = answers.pop() if len(answers) == 1 else None
        text = "no answer" if answer == "none" else said(answer)
        if item.only_if and all(it.get(f"{name}.only-if") == "yes" for it in known):
            text += f", only if {pack.conditions[item.only_if].title}"
        yield from wrap(f"{item.title}: {text}", width, "  ", "    ")


def question_lines(
    question: Question, choices: Sequence[Choice], width: int, where: str = ""
) -> Iterator[str]:
    """A question and its numbered choices."""
    yield from wrap(f"{where}{question.ask}", width)
    for number, choice in enumerate(choices, 1):
        yield from wrap(f"{number:>3}  {choice.text}", width, "", "     ")


def read_answer(question: Question, choices: Sequence[Choice], words: str) -> Given:
    """The answer that a line means: a text, or numbers or ids of the choices as they are shown.

    Raises NegsimError with what to do.
    """
    how = HOW[question.form]
    if question.form == "text":
        length = len(printable(" ".join(words.split())))
        if length > LONGEST:
            raise NegsimError(f"that is {length} letters; write at most {LONGEST}")
        given: Given = words
    else:
        found = [_meant(word, choices) for word in words.replace(",", " ").split()]
        given = found[0] if question.form == "one" and len(found) == 1 else found
    try:
        question.chosen(given)
    except NegsimError as error:
        raise NegsimError(f"{error}. {how}") from error
    return given


def _meant(word: str, choices: Sequence[Choice]) -> str:
    if word.isascii() and word.isdigit():
        if 1 <= int(word[:6]) <= len(choices):
            return choices[int(word) - 1].id
        raise NegsimError(f"there is no answer {word[:6]}; there are 1 to {len(choices)}")
    known = [it.id for it in choices]
    if word in known:
        return word
    raise NegsimError(
        f"{quote(word)} is no answer; there are 1 to {len(choices)}, and `help` tells what else "
        "can be typed"
    )


def answer_text(question: Question, given: Given) -> str:
    """An answer in words."""
    if question.form == "text":
        return given if isinstance(given, str) else ""
    return choices_text(question, question.chosen(given))


def choices_text(question: Question, choices: Sequence[Choice], between: str = "; ") -> str:
    """Choices in words; those of an order are numbered."""
    if question.form == "order":
        return "; ".join(f"{number}. {it.text}" for number, it in enumerate(choices, 1))
    *first, last = [it.text for it in choices] or [""]
    return between.join([*(it.removesuffix(".") for it in first), last])


def feedback_lines(taking: Taking, name: str, width: int) -> Iterator[str]:
    """What is said of a task that was answered: of each answer, with its facts, and then of all.

    A fact that was read already is only named.
    """
    lesson, task = taking.lesson, taking.lesson.exercise.tasks[name]
    if is_silent(lesson):
        yield KEPT
        return
    if isinstance(task, Plays):
        done = "Done as it was asked." if taking.succeeded(name) else "Not done as it was asked."
        yield from wrap(done, width)
    read = {*task.shows.facts}
    found = [] if task.kind == "seal" else taking.feedback(name)
    for it in found:
        if it.question.form == "text":
            continue
        yield from _said_of(it, width, several=len(found) > 1)
        if "facts" in lesson.exercise.hides:
            continue
        facts = _facts(it)
        known = [fact for fact in facts if fact in read]
        if known:
            yield from wrap(f"[{' '.join(known)}]", width, "  ")
        for fact in facts:
            if fact not in read:
                yield from fact_lines(fact, lesson.loaded, width, "  ")
        read.update(facts)
    if task.told:
        yield from wrap(task.told, width)


def is_silent(lesson: Lesson) -> bool:
    """Whether nothing is said of answers but that they are kept."""
    return lesson.exercise.feedback == "later"


def _facts(it: Feedback) -> list[str]:
    there = (*it.given, *it.question.right)
    return list(dict.fromkeys(fact for choice in there for fact in choice.facts))


def _said_of(it: Feedback, width: int, *, several: bool) -> Iterator[str]:
    question = it.question
    head = f"{question.ask} " if several else ""
    yield from wrap(f"{head}You: {choices_text(question, it.given)}", width)
    yield from wrap(verdict(it), width, "  ")
    for text in dict.fromkeys(choice.feedback for choice in it.given if choice.feedback):
        yield from wrap(text, width, "  ")


def verdict(it: Feedback) -> str:
    """Whether an answer is right, and if not, what is."""
    question = it.question
    between = "; or: " if question.form == "one" else "; "
    right = choices_text(question, question.right, between)
    if not question.graded:
        if not right:
            return "Not graded: it turns on what is not reported."
        return "So the record shows it." if _fits(it) else f"The record shows: {right}."
    if it.right:
        return "Right."
    return f"{'Partly right' if it.score else 'Not right'}. It is: {right}"


def _fits(it: Feedback) -> bool:
    return it.question.fits([choice.id for choice in it.given])


def check_lines(question: Question, given: Given, width: int) -> Iterator[str]:
    """What is said of an answer before play."""
    right = question.score(given) == 1
    yield from wrap("Right." if right else "Not yet; try again. `brief` shows the brief.", width)
    for choice in question.chosen(given):
        if choice.feedback:
            yield from wrap(choice.feedback, width, "  ")


def inject_lines(it: Inject, width: int) -> Iterator[str]:
    """Something that came from outside."""
    facts = f"; {' '.join(it.facts)}" if it.facts else ""
    yield from wrap(f"From outside. {it.sender}: {it.text} ({it.basis}{facts})", width, "", "  ")


def summary_lines(taking: Taking, width: int) -> Iterator[str]:
    """What came of each task; of texts, that they are written."""
    for number, name in enumerate(taking.lesson.exercise.tasks, 1):
        if name in taking.answers:
            title = task_title(taking.lesson, name)
            yield from wrap(f"{number}. {title}: {result(taking, name)}", width, "", "   ")


def result(taking: Taking, name: str) -> str:
    """What came of a task, in a few words."""
    task = taking.lesson.exercise.tasks[name]
    if is_silent(taking.lesson):
        return "kept"
    if isinstance(task, Plays):
        return "done as asked" if taking.succeeded(name) else "not done as asked"
    try:
        found = taking.feedback(name)
    except NegsimError:
        return "answered; the exercise has changed since, and no longer fits"
    graded = [it for it in found if it.question.graded]
    told = []
    if isinstance(task, Predict):
        guesses = [it for it in found if not it.question.graded]
        hits = sum(_fits(it) for it in guesses)
        told.append(f"{hits} of {len(guesses)} as the record shows it")
    if graded:
        told.append(f"{sum(it.right is True for it in graded)} of {len(graded)} right")
    return "; reason: ".join(told) or "written"
