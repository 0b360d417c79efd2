"""Questions about a goal, asked from a point of a line, and their answers in sentences.

Every answer speaks of this model and, where one does, names the rule that it rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from negsim.answers import any_of, ending_title, reasons, rule_words, rules_of, together
from negsim.errors import quote
from negsim.explore.explorer import Coalition, Explorer
from negsim.explore.goals import Goal
from negsim.explore.seats import Seat, Verdict
from negsim.explore.turning import decided
from negsim.pack.models import Pack
from negsim.replay import Point
from negsim.rules import Action, Not


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a goal from a point: one of QUESTIONS, some of them of `parties`."""

    pack: Pack
    asked: str
    goal: Goal
    parties: Coalition
    point: Point


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes or no, the sentences that say so, and the line that shows it, where there is one."""

    yes: bool
    sentences: tuple[str, ...]
    line: tuple[Action, ...] | None = None


def answer(explorer: Explorer, question: Question) -> Answer:
    """The answer to a question."""
    return QUESTIONS[question.asked](explorer, question)


def answer_for_seat(explorer: Explorer, question: Question, viewpoint: str) -> Answer:
    """The answer over all states that the viewpoint cannot tell apart, without what shows it.

    Only SEAT_QUESTIONS are for a seat.
    """
    seat = Seat(explorer, viewpoint, question.point.state)
    verdict = SEAT_QUESTIONS[question.asked](seat, question)
    return Answer(verdict == "yes", (VERDICT_WORDS[verdict],))


def _possible(explorer: Explorer, question: Question) -> Answer:
    state, goal = question.point.state, question.goal
    if not explorer.possible(goal, state):
        return Answer(False, (f"No. {_since(explorer, question)}",))
    line = explorer.line(goal, state)
    start = (
        f"Yes, in this model, from {question.point.where}: {_said(explorer, goal)} is still "
        "possible"
    )
    if line is None:
        return Answer(True, (f"{start}, where everybody goes on passing.",))
    if not line:
        return Answer(True, (f"{start}: it holds there already.",))
    return Answer(True, (f"{start}, as in this line.", *_rests_on(line)), line)


def _always(explorer: Explorer, question: Question) -> Answer:
    state, goal = question.point.state, question.goal
    said = _said(explorer, goal)
    if goal.condition is not None:
        broken = Goal(f"not {goal.name}", Not(goal.condition))
        if not explorer.possible(broken, state):
            return Answer(True, (f"Yes: in this model {said} holds from there on.",))
        line = explorer.line(broken, state)
        return Answer(False, (f"No: {said} does not hold at the end of this line.",), line)
    if explorer.forces((), goal, state):
        return Answer(True, (f"Yes: in this model every line has {said}.",))
    others = [it for it in explorer.endings if it != goal]
    other = next((it for it in others if explorer.possible(it, state)), None)
    if other is None:
        return Answer(False, ("No: a line can go on without any ending.",))
    sentence = f"No: a line can also have {_said(explorer, other)}."
    return Answer(False, (sentence,), explorer.line(other, state))


def _shortest(explorer: Explorer, question: Question) -> Answer:
    state, goal = question.point.state, question.goal
    line = explorer.line(goal, state)
    if line is None and explorer.possible(goal, state):
        return Answer(True, ("No number of steps: it is where everybody goes on passing.",))
    if line is None:
        return Answer(False, (f"There is none. {_since(explorer, question)}",))
    sentence = (
        f"In this model {_said(explorer, goal)} is {explorer.distance(goal, state)} steps from "
        f"{question.point.where} at least."
    )
    return Answer(True, (sentence, *_rests_on(line)), line)


def _forced_by(explorer: Explorer, question: Question) -> Answer:
    state, goal, parties = question.point.state, question.goal, question.parties
    names, said = together(question.pack, parties), _said(explorer, goal)
    if explorer.forces(parties, goal, state):
        line = explorer.steered(parties, goal, state)
        sentence = (
            f"Yes: {names} can make sure of {said} in this model, whatever the others do and "
            "whatever happens by chance."
        )
        return Answer(True, (sentence, *_rests_on(line or ())), line)
    can = explorer.smallest(goal, state)
    more = any_of(
        question.pack, can, "nobody can, all parties together included", "it comes of itself"
    )
    sentence = f"No: {names} cannot make sure of {said} from {question.point.where}."
    return Answer(False, (sentence, f"Who can, in this model: {more}."))


def _avoidable_by(explorer: Explorer, question: Question) -> Answer:
    state, goal, parties = question.point.state, question.goal, question.parties
    names, said = together(question.pack, parties), _said(explorer, goal)
    if explorer.avoids(parties, goal, state):
        sentence = (
            f"Yes: {names} can make sure that it never comes to {said} in this model, whatever "
            "the others do and whatever happens by chance."
        )
        return Answer(True, (sentence, *_needed(explorer, question)))
    can = explorer.smallest_avoiding(goal, state)
    more = any_of(question.pack, can, "nobody", "it never comes to it")
    sentence = f"No: {names} cannot make sure that it never comes to {said}."
    return Answer(False, (sentence, f"Who can, in this model: {more}."))


QUESTIONS: Mapping[str, Callable[[Explorer, Question], Answer]] = {
    "possible": _possible,
    "always": _always,
    "shortest": _shortest,
    "forced_by": _forced_by,
    "avoidable_by": _avoidable_by,
}
"""What can be asked of a goal, and how it is answered."""

SEAT_QUESTIONS: Mapping[str, Callable[[Seat, Question], Verdict]] = {
    "possible": lambda seat, it: seat.possible(it.goal),
    "forced_by": lambda seat, it: seat.forces(it.parties, it.goal),
    "avoidable_by": lambda seat, it: seat.avoids(it.parties, it.goal),
}
"""What can be asked for a seat, which is told no line: a line would show what is hidden."""

VERDICT_WORDS: Mapping[Verdict, str] = {
    "yes": "Yes, in this model, in every state that this seat cannot tell from its own.",
    "no": "No, in none of the states that this seat cannot tell from its own.",
    "depends": "It depends on what this seat cannot see.",
}


def _said(explorer: Explorer, goal: Goal) -> str:
    """The goal as it stands in a sentence."""
    if goal.condition is not None:
        return quote(goal.name)
    return f"the ending {quote(ending_title(explorer.game, goal.name))}"


def _rests_on(line: Iterable[Action]) -> Iterator[str]:
    """The rules that a line had to satisfy."""
    rules = [rule_words(rule) for rule in rules_of(line)]
    if rules:
        yield f"It rests on {', '.join(rules)}; changing one of them can change the answer."


def _needed(explorer: Explorer, question: Question) -> Iterator[str]:
    """What the goal needs of those who can prevent it."""
    state, goal = question.point.state, question.goal
    if not explorer.possible(goal, state):
        yield _since(explorer, question)
        return
    line = explorer.line(goal, state) or ()
    own = [it.id for it in line if it.mover in question.parties and not it.is_pass]
    if own:
        yield (
            f"A shortest line to it needs their step {quote(own[-1])}, among {len(own)} of theirs."
        )
        yield from _rests_on(line)


def _since(explorer: Explorer, question: Question) -> str:
    """Since when the goal is impossible, and by which rule."""
    point, goal = question.point, question.goal
    for at, step in zip(point.numbers, point.steps, strict=True):
        if explorer.possible(goal, step.before) and not explorer.possible(goal, step.after):
            why = reasons(explorer, question.pack, goal, decided(explorer, goal, step), step.after)
            said = ", ".join([f"no longer possible since {at} ({step.action})", *why])
            return f"In this model it is {said}. Another rule would give another answer."
    return f"No line of this model comes to {_said(explorer, goal)} from {point.where}."
