"""An exercise in line mode: its brief, the check, and task after task until all are done.

It reads and writes through two functions, as the prompt does, to which it hands the tasks that are
played. What was answered is in the journal once its task is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from negsim.classroom.drafts import Drafts
from negsim.classroom.models import Plays, Seal
from negsim.classroom.playing import Playing
from negsim.classroom.questions import Given, Question, checks, shown
from negsim.classroom.taking import Taking
from negsim.classroom.talk import BOTH, LeavingError, Talk, help_lines
from negsim.classroom.telling import (
    HOW,
    answer_text,
    beside_lines,
    check_lines,
    feedback_lines,
    opening_lines,
    private_lines,
    question_lines,
    read_answer,
    shown_fact,
    summary_lines,
    task_lines,
    word_lines,
)
from negsim.cycle.table import capital
from negsim.errors import NegsimError, UnknownNameError, printable
from negsim.prompt import Closes, Lines
from negsim.text import wrap

ASKED = (
    ("a number, or several", "the answer; where a text is asked for, the text"),
    ("back", "the question before, to change its answer"),
    ("read", "what is to be read beside the task, again"),
    ("brief, words", "the brief; the words that the exercise teaches"),
    ("facts ID", "a fact in full"),
    ("quit", "leave; it tells how to go on from here"),
)
"""What can be typed where something is asked, and what each does."""


class _BackError(Exception):
    """The person wants the question before."""


class Asking(Talk):
    """Who takes an exercise, or two at one terminal.

    `after` is what can be looked at once all is done, `fingerprint` tells that of the file then.
    `forget` takes from the terminal what stands above the curtain.
    """

    def __init__(
        self,
        taking: Taking,
        read: Callable[[str], str],
        write: Callable[[str], None],
        width: Callable[[], int],
        closes: Closes,
        kept: Path,
        again: str,
        *,
        after: tuple[str, ...] = (),
        fingerprint: Callable[[], str] | None = None,
        drafts: Drafts | None = None,
        forget: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(taking, read, write, width, closes, kept, again, forget)
        self._after = after
        self._fingerprint = fingerprint
        self._drafts = drafts or Drafts(None, "")

    def run(self) -> None:
        """Asks until everything is done or the person leaves. Nothing needs saving then: it is."""
        try:
            if self.taking.session.entries:
                self._greet()
            else:
                self._open()
            self.taking.go_on()
            while (name := self.taking.task) is not None:
                self._take(name)
            self.say(self._closing())
        except LeavingError:
            told = (f"Kept in {self.kept}.", f"To go on: {self.again}")
            self.say(map(printable, told))

    # The beginning and the end.

    def _greet(self) -> None:
        self.told(self.lesson.exercise.title)
        done, all_ = self.taking.progress
        if self.taking.task is not None:
            self.told(f"You go on where you left: {done} of {all_} tasks are done.")
        self.told("`brief` shows the brief again, `help` what else can be typed.")

    def _open(self) -> None:
        self.say(opening_lines(self.lesson, self.width()))
        self._private()
        self.write("")
        asked = checks(self.lesson)
        if asked:
            self.told("Before you begin, to see whether the brief is clear. This is never graded.")
        for question in asked.values():
            self._check(question)
        self.told("Every answer is kept once its task is handed in. `quit` leaves, `help` helps.")

    def _private(self) -> None:
        for seat in self.taking.seats:
            self.hand_over(seat)
            self.write("")
            self.say(private_lines(self.lesson, seat, self.width()))
            if self.two:
                self.ask("Enter when you have read it: ")
        self.hand_over(BOTH)

    def _check(self, question: Question) -> None:
        self.write("")
        given: Given = ()
        while not given or question.score(given) < 1:
            self.say(question_lines(question, question.choices, self.width()))
            given = self._answered(question, "", None)
            self.say(check_lines(question, given, self.width()))

    def _closing(self) -> Iterator[str]:
        columns = self.width()
        yield ""
        yield from wrap("All tasks are done.", columns)
        yield from summary_lines(self.taking, columns)
        yield ""
        yield printable(f"The file to hand in: {self.kept}")
        if self._fingerprint is not None:
            yield f"Its fingerprint: {self._fingerprint()}"
        if self._after:
            yield from wrap("The debrief is open now:", columns)
            yield from map(printable, self._after)

    # A task.

    def _take(self, name: str) -> None:
        task = self.lesson.exercise.tasks[name]
        if isinstance(task, Plays):
            self._show(name)
            Playing(self, name).play()
        else:
            self.hand_over(BOTH)
            self._show(name)
            given = self._sealed(name) if self.two and isinstance(task, Seal) else self._free(name)
            self.taking.answer(given)
            self._drafts.clear()
        self.hand_over(BOTH)
        self.write("")
        if isinstance(task, Seal):
            self.say(self._opened(name))
        self.say(feedback_lines(self.taking, name, self.width()))
        if isinstance(task, Seal) and task.aim:
            self.told(task.aim)

    def _show(self, name: str) -> None:
        self.write("")
        self.say(task_lines(self.taking, name, self.width()))
        self.say(beside_lines(self.taking, name, self.width()))

    def _free(self, name: str) -> dict[str, Given]:
        asked = self.taking.keyed(name)
        given = self._drafts.load(name, asked)
        return self._fill(name, asked, given, {})

    def _sealed(self, name: str) -> dict[str, Given]:
        """What each of two writes, unseen by the other."""
        everything = self.taking.keyed(name)
        found = self._drafts.load(name, everything)
        for seat in self.taking.seats:
            asked = {key: it for key, it in everything.items() if key.endswith(f"/{seat}")}
            given = {key: found[key] for key in asked if key in found}
            if len(given) < len(asked) or seat == self.taking.seats[-1]:
                self.hand_over(seat)
                self.told(f"{capital(self.name_of(seat))} writes; the other does not see it yet.")
                others = {key: it for key, it in found.items() if key not in asked}
                given = self._fill(name, asked, given, others)
            found |= given
        return found

    def _opened(self, name: str) -> Iterator[str]:
        """What was sealed, beside each other."""
        given = self.taking.answers[name].given
        asked = self.taking.keyed(name)
        for seat in self.taking.seats if self.two else (BOTH,):
            told = [
                answer_text(asked[key], given[key])
                for key in asked
                if key in given and (seat == BOTH or key.endswith(f"/{seat}"))
            ]
            head = capital(self.name_of(seat)) if seat else "You wrote"
            yield from wrap(f"{head}: {'. '.join(told)}", self.width(), "", "  ")

    def _fill(
        self,
        name: str,
        asked: Mapping[str, Question],
        given: dict[str, Given],
        others: Mapping[str, Given],
    ) -> dict[str, Given]:
        """Every question answered, the answers looked over, and handed in."""
        keys = list(asked)
        number = next((it for it, key in enumerate(keys) if key not in given), len(keys))
        if given:
            self.told(f"{len(given)} of {len(keys)} answers were kept; you go on from there.")
        form = ""
        while True:
            try:
                if number == len(keys):
                    number = self._look_over(asked, given, number)
                    if number == len(keys):
                        return given
                question = asked[keys[number]]
                where = f"{number + 1} of {len(keys)}. " if len(keys) > 1 else ""
                choices = shown(question, str(self.taking.session.header.seed))
                self.write("")
                self.say(question_lines(question, choices, self.width(), where))
                if keys[number] in given:
                    self.told(f"So far: {answer_text(question, given[keys[number]])}")
                hint = HOW[question.form] if question.form != form else ""
                form = question.form
                kept = given.get(keys[number])
                given[keys[number]] = self._answered(question, hint, name, kept)
                self._drafts.save(name, {**others, **given})
                number += 1
                if all(key in given for key in keys[number:]):
                    number = len(keys)  # one was changed, and the rest stands
            except _BackError:
                if number:
                    number -= 1
                else:
                    self.refused("this is the first question of the task")

    def _look_over(
        self, asked: Mapping[str, Question], given: Mapping[str, Given], number: int
    ) -> int:
        """Where to go on from a task that is answered: at its end, or at a question again."""
        self.write("")
        self.told("Your answers:")
        for count, (key, question) in enumerate(asked.items(), 1):
            head = f"{question.ask} You: " if len(asked) > 1 else "You: "
            text = f"{count:>3}  {head}{answer_text(question, given[key])}"
            self.say(wrap(text, self.width(), "", "     "))
        what = "`back` or a number changes one" if len(asked) > 1 else "`back` changes it"
        self.told(f"Enter hands them in; {what}. What is handed in stays.")
        while True:
            words = self.ask("Hand in? ")
            if not words:
                return number
            if words.lower() == "back":
                raise _BackError
            if words.isascii() and words.isdigit() and 1 <= int(words[:6]) <= len(asked):
                return int(words) - 1
            self.refused(f"press Enter, or type back or a number from 1 to {len(asked)}")

    def _answered(
        self, question: Question, hint: str, name: str | None, kept: Given | None = None
    ) -> Given:
        """The answer to a question; Enter keeps one that was given before.

        Raises _BackError where a task is asked for the question before.
        """
        if hint:
            self.told(hint)
        choices = shown(question, str(self.taking.session.header.seed))
        while True:
            words = self.ask("Answer: " if kept is None else "Answer (Enter keeps it): ")
            if not words and kept is not None:
                return kept
            try:
                told = self._command(words, name)
                if told is None:
                    return read_answer(question, choices, words)
                self.say(told)
            except NegsimError as error:
                self.refused(error)

    def _command(self, words: str, name: str | None) -> Lines | None:
        """What a command tells; None where the words are none."""
        head, _, rest = words.partition(" ")
        columns = self.width()
        match head.lower(), rest.strip():
            case "back", "" if name is not None:
                raise _BackError
            case "help", "":
                return help_lines(ASKED, columns)
            case "brief", "":
                return self.brief()
            case "words", "":
                return word_lines(self.lesson, columns)
            case "read", "" if name is not None:
                found = list(beside_lines(self.taking, name, columns))
                return found or ["Nothing is to be read beside this task."]
            case "facts", fact if fact and " " not in fact:
                return self._fact(fact)
        return None

    def _fact(self, fact: str) -> Lines:
        if "facts" in self.lesson.exercise.hides:
            raise NegsimError("the facts are hidden until the debrief")
        loaded = self.lesson.loaded
        if fact not in loaded.facts.facts:
            raise UnknownNameError("fact", fact, loaded.facts.facts, loaded.pack.id)
        return shown_fact(self.lesson, fact, self.width(), whole=self.taking.task is None)
