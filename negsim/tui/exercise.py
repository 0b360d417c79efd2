"""An exercise on the screen: its brief, the check, the tasks one after the other, what comes of it.

Everything is told by the journal: what is handed in is on disk before it shows. Answers that are
not handed in yet are kept beside it (`negsim.classroom.drafts`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll

from negsim.classroom.drafts import Drafts
from negsim.classroom.lesson import task_title
from negsim.classroom.models import Plays, Seal
from negsim.classroom.questions import Given, checks
from negsim.classroom.taking import Taking
from negsim.classroom.telling import (
    beside_lines,
    feedback_lines,
    opening_lines,
    private_lines,
    shown_fact,
    task_lines,
    word_lines,
)
from negsim.cycle.table import capital
from negsim.errors import NegsimError
from negsim.journal import read_journal
from negsim.session import replayed
from negsim.sitting import Sitting
from negsim.text import wrap
from negsim.tui.asked import Asked, Writing
from negsim.tui.curtain import Curtain
from negsim.tui.endings import Endings
from negsim.tui.faults import as_told
from negsim.tui.keys import Keys
from negsim.tui.plain import Plain
from negsim.tui.reader import Reader, page_width
from negsim.tui.rows import Row, Rows, cited, done_rows, feedback_rows
from negsim.tui.table import HIDDEN
from negsim.tui.verbs import Verb, Verbal, bindings
from negsim.views import party_name

if TYPE_CHECKING:
    from negsim.tui.app import Negsim

Page: TypeAlias = Literal["brief", "private", "check", "task", "feedback", "done"]


class ExerciseScreen(Verbal):
    """The exercise that is taken."""

    app: Negsim
    VERBS: ClassVar[Sequence[Verb]] = (
        Verb("on", "enter", "Go on", "On to what comes next"),
        Verb("hand", "h", "Hand in", "Hand in the answers to this task"),
        Verb("question -1", "left", "Before", "The question before"),
        Verb("question 1", "right", "After", "The question after"),
        Verb("facts", "f", "Facts", "The facts behind what is shown"),
        Verb("brief", "b", "Brief", "The brief once more"),
        Verb("words", "w", "Words", "The words that the exercise teaches"),
        Verb("debrief", "d", "Debrief", "What the line that was played came to, once all is done"),
        Verb("home", "escape", "Home", "Back to the cases; everything is kept", False),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings("exercise", VERBS)
    CSS_PATH = "exercise.tcss"

    def __init__(self, taking: Taking, path: Path, *, says: str = "") -> None:
        super().__init__()
        self.taking = taking
        self.path = path
        self.page: Page = "brief"
        self._drafts = Drafts(path, taking.session.header.session)
        self._says = says
        self._told_to = 0
        self._at = ""
        self._sealed: dict[str, Given] = {}
        self._sealing = 0

    def compose(self) -> ComposeResult:
        """How far one is, what is read, what is asked, and what is said of it."""
        yield Plain(id="exercise-head")
        with VerticalScroll(id="reading"):
            yield Plain(id="reading-text")
        yield Asked()
        yield Rows()
        yield Endings()
        yield Plain(id="says")
        yield Keys()

    def on_mount(self) -> None:
        """At the brief; who has been beyond it goes on where the exercise was left."""
        self.query_one(Endings).display = False
        self._show("brief", says=self._says)
        if self.taking.session.entries:
            self._begin(says=self._says)
            if self.taking.plays and self.taking.played(self._at).line:
                self._play()

    def on_resize(self) -> None:
        """The lines are set anew for the width."""
        if self.is_mounted:
            self._fill()

    def on_screen_resume(self) -> None:
        """A task that was played may be done now."""
        if self.page == "task" and self._at in self.taking.answers:
            self._show("feedback")

    # What is shown.

    @property
    def two(self) -> bool:
        """Whether two sit at this terminal."""
        return len(self.taking.seats) == 2

    @property
    def _width(self) -> int:
        return max(40, min(self.size.width - 4, 110))

    @property
    def asks(self) -> bool:
        """Whether something is asked here."""
        return self.page == "check" or (self.page == "task" and not self.taking.plays)

    @property
    def _cites(self) -> bool:
        """Whether facts may be opened: they may be hidden until all is done."""
        return self.taking.task is None or "facts" not in self.taking.lesson.exercise.hides

    def _party(self, seat: str) -> str:
        return party_name(self.taking.lesson.loaded.pack, seat)

    def _show(self, page: Page, *, says: str = "") -> None:
        """Shows a page, from its top."""
        self.page, self._says = page, says
        self.query_one("#reading").display = page not in ("feedback", "done")
        self.query_one(Rows).display = page in ("feedback", "done")
        self.query_one(Asked).display = self.asks
        self.query_one(Rows).rows = ()
        self._fill()
        self.query_one("#reading").scroll_home(animate=False)
        self._focus()

    def _fill(self) -> None:
        self.query_one("#exercise-head", Plain).show(self._head())
        if self.page in ("feedback", "done"):
            self.query_one(Rows).show(self._rows(self._width - 2))
        else:
            self.query_one("#reading-text", Plain).show(self._reading(self._width))
        self.query_one("#says", Plain).show(self._says)
        self.query_one("#says").display = bool(self._says)

    def _focus(self) -> None:
        """The keys are for what is asked, or else for what is read."""
        if self.asks:
            self.query_one(Asked).take_keys()
        else:
            rows = self.page in ("feedback", "done")
            self.set_focus(self.query_one("#rows" if rows else "#reading"))

    def _rows(self, width: int) -> Iterator[Row]:
        if self.page == "done":
            return done_rows(self.taking, self.path, width)
        return feedback_rows(self.taking, self._at, width, cites=self._cites)

    def _head(self) -> str:
        exercise = self.taking.lesson.exercise
        _, tasks = self.taking.progress
        where = {
            "brief": "brief",
            "private": "brief",
            "check": "before you start",
            "done": "done",
        }.get(self.page, "")
        if not where:
            where = f"task {[*exercise.tasks].index(self._at) + 1} of {tasks}"
        return f"{exercise.title}   {where}   {exercise.minutes} minutes"

    def _reading(self, width: int) -> Iterator[str]:
        taking, lesson = self.taking, self.taking.lesson
        match self.page:
            case "brief" | "check":
                yield from self._brief(width)
                if self.page == "brief":
                    yield ""
                    yield from wrap(self._to_come(), width)
            case "private":
                yield from private_lines(lesson, taking.seats[self._told_to - 1], width)
                yield from ("", "enter: go on; nobody else should see this")
            case _:
                yield from task_lines(taking, self._at, width)
                if self.two and isinstance(lesson.exercise.tasks[self._at], Seal):
                    yield from wrap(
                        f"{capital(self._party(taking.seats[self._sealing]))} answers alone; "
                        "both are opened together.", width,
                    )  # fmt: skip
                beside = [*beside_lines(taking, self._at, width)]
                yield from ["", *beside] if beside else []
                if taking.plays:
                    yield from ("", "enter: play")

    def _brief(self, width: int) -> Iterator[str]:
        """What whoever sits here may read: of two seats, what both may."""
        yield from opening_lines(self.taking.lesson, width)
        if len(self.taking.seats) == 1:
            yield ""
            yield from private_lines(self.taking.lesson, self.taking.seats[0], width)

    def _to_come(self) -> str:
        exercise = self.taking.lesson.exercise
        told = f"{len(exercise.tasks)} tasks. "
        if exercise.check:
            told = f"First what the brief says is asked; then {told}"
        if exercise.hides:
            told += f"Until the debrief these are hidden: {', '.join(exercise.hides)}. "
        return f"{told}enter: go on"

    def say(self, text: str) -> None:
        """Says it above the keys, until something else is done."""
        self._says = text
        self.query_one("#says", Plain).show(text)
        self.query_one("#says").display = bool(text)

    # From page to page.

    def _begin(self, says: str = "") -> None:
        """The brief is read: on to the task."""
        self._sealed, self._sealing = {}, 0
        try:
            self.taking.go_on()
        except Exception as error:
            self.say(f"No: {as_told(error)}")
            return
        name = self.taking.task
        if name is None:
            self._show("done", says=says)
            return
        self._at = name
        if self.two and isinstance(self.taking.set, Seal):
            self._hand_to(0)
        else:
            self._ask(says)

    def _hand_to(self, number: int) -> None:
        """One of two answers alone."""
        self._sealing = number
        who = self._party(self.taking.seats[number])
        self._show_nothing()
        self.app.push_screen(Curtain(who, self._ask))

    def _show_nothing(self) -> None:
        """What lies under a curtain is gone before it opens."""
        self.query_one(Asked).ask({}, "")
        self.query_one("#reading-text", Plain).show("")

    def _ask(self, says: str = "") -> None:
        """Asks the task's questions; of a task that is played, tells what is to be done."""
        taking = self.taking
        if not taking.plays:
            asked = taking.keyed(self._at)
            if self.two and isinstance(taking.set, Seal):
                seat = taking.seats[self._sealing]
                asked = {key: it for key, it in asked.items() if key.endswith(f"/{seat}")}
            given = self._drafts.load(self._at, asked)
            self.query_one(Asked).ask(asked, str(taking.session.header.seed), given)
        self._show("task", says=says)

    def _after_brief(self) -> None:
        """What comes between the brief and the first task."""
        taking = self.taking
        if self.two and self._told_to < 2:
            seat = taking.seats[self._told_to]
            self._told_to += 1
            self._show_nothing()
            self.app.push_screen(Curtain(self._party(seat), lambda: self._show("private")))
        elif taking.lesson.exercise.check:
            seed = str(taking.session.header.seed)
            self.query_one(Asked).ask(checks(taking.lesson), seed)
            self._show("check")
        else:
            self._begin()

    def _play(self) -> None:
        from negsim.tui.task_table import TaskTable

        self.app.push_screen(TaskTable(self.taking, self.path))

    # What happens.

    def on_asked_changed(self) -> None:
        """What is answered is kept, though it is not handed in."""
        self.say("")
        if self.page == "task":
            self._drafts.save(self._at, {**self._sealed, **self.query_one(Asked).given})

    def on_asked_answered(self) -> None:
        """The last question was answered."""
        if not self._missing():
            before = (
                " Left: the question before." if len(self.query_one(Asked).questions) > 1 else ""
            )
            self.say(f"All is answered. h: hand in.{before}")
            if isinstance(self.focused, Writing):
                self.query_one("#reading").focus()

    def on_writing_left(self) -> None:
        """The keys go back to what is read."""
        self.query_one("#reading").focus()
        self.say("The text is left as it is. enter: write on. left, right: other questions.")

    def _missing(self) -> bool:
        """Goes to the first question that has no answer yet, if there is one."""
        asked = self.query_one(Asked)
        if not asked.missing:
            return False
        first, many = asked.missing[0], len(asked.missing)
        if first != asked.key:
            asked.go_to(first)
        self.say("This is not answered yet." if many == 1 else f"{many} are not answered yet.")
        return True

    # What can be done.

    def action_page(self, step: int) -> None:
        """Pages what is read beside a question."""
        reading = self.query_one("#reading")
        (reading.scroll_page_down if step > 0 else reading.scroll_page_up)(animate=False)

    def unable(self, name: str) -> str | None:
        """Why it cannot be done now."""
        taking = self.taking
        match name:
            case "hand" if self.page == "task" and taking.plays:
                return "this task is played; enter opens the table"
            case "hand" | "question -1" | "question 1" if not self.asks:
                return "nothing is asked here"
            case "facts" if not self._cites:
                return HIDDEN
            case "facts" if not self._facts():
                return "no fact is cited here"
            case "debrief" if taking.task is not None:
                return f"{HIDDEN}, which comes once every task is done"
            case "debrief" if self._last_played() is None:
                return "nothing was played"
        return None

    def do_on(self) -> None:
        """On to what comes next."""
        match self.page:
            case "brief" | "private":
                self._after_brief()
            case "feedback":
                self._begin()
            case "done":
                self._read_task(self.query_one(Rows).marked.task)
            case _ if self.asks:
                self.say("")
                self._focus()
            case _:
                self._play()

    def do_question(self, step: str) -> None:
        """The question before, or after."""
        self.say("")
        self.query_one(Asked).turn(int(step))

    def do_hand(self) -> None:
        """Hands in what is answered, or goes to what is not."""
        if self._missing():
            return
        if self.page == "check":
            self._hand_check()
            return
        taking, name = self.taking, self._at
        self._sealed |= self.query_one(Asked).given
        if self.two and isinstance(taking.set, Seal) and self._sealing == 0:
            self._hand_to(1)
            return
        says = ""
        try:
            taking.answer(self._sealed)
        except NegsimError as error:
            if name not in taking.answers:
                raise
            says = f"No: {error}"  # it is answered; what comes after it is tried again
        self._drafts.clear()
        self._show("feedback", says=says)

    def _hand_check(self) -> None:
        """Whether the brief was understood: it is asked until it is."""
        asked = self.query_one(Asked)
        for key, question in asked.questions.items():
            given = asked.given[key]
            if question.score(given) < 1:
                told = (it.feedback for it in question.chosen(given) if it.feedback)
                asked.go_to(key)
                self.say(" ".join(["Not yet. Read the brief again, and choose anew.", *told]))
                return
        self._begin()

    def _facts(self) -> list[str]:
        """The facts behind what is shown."""
        exercise = self.taking.lesson.exercise
        if self.page in ("feedback", "done"):
            return [*self.query_one(Rows).marked.facts]
        if self.page == "task":
            task = exercise.tasks[self._at]
            return list(dict.fromkeys([*task.shows.facts, *cited(self.taking, task.ask)]))
        told = exercise.brief
        if self.page == "private":
            told = exercise.private.get(self.taking.seats[self._told_to - 1], "")
        elif len(self.taking.seats) == 1:
            told += exercise.private.get(self.taking.seats[0], "")
        own = exercise.facts if self.page != "private" else []
        return list(dict.fromkeys([*own, *cited(self.taking, told)]))

    def do_facts(self) -> None:
        """Opens the facts in full."""
        width, lesson = page_width(self.size.width), self.taking.lesson
        whole = self.page in ("feedback", "done")
        told = [
            line
            for it in self._facts()
            for line in (*shown_fact(lesson, it, width, whole=whole), "")
        ]
        self.app.push_screen(Reader("Facts", told))

    def do_brief(self) -> None:
        """The brief once more; of two seats, what both may read."""
        self.app.push_screen(Reader("Brief", self._brief(page_width(self.size.width))))

    def do_words(self) -> None:
        """What the words mean that the exercise teaches."""
        told = word_lines(self.taking.lesson, page_width(self.size.width))
        self.app.push_screen(Reader("Words", told))

    def _read_task(self, name: str) -> None:
        """What was said of a task, once more."""
        if name:
            told = feedback_lines(self.taking, name, page_width(self.size.width))
            self.app.push_screen(Reader(task_title(self.taking.lesson, name), told))

    def _last_played(self) -> str | None:
        """The id of the place to which was played last."""
        tasks, found = self.taking.lesson.exercise.tasks, None
        for name, answer in self.taking.answers.items():
            if isinstance(tasks.get(name), Plays) and self.taking.played(name).line:
                found = answer.node.id
        return found

    def do_debrief(self) -> None:
        """The debrief of the line that was played last. Looking back is no entry of the journal."""
        from negsim.tui.debrief import look_back

        copy = replayed(read_journal(self.path), self.taking.lesson.case)
        copy.goto(self._last_played() or "start")
        endings, sitting = self.query_one(Endings), Sitting(copy)
        endings.show(sitting)
        look_back(self.app, sitting, endings)

    def do_home(self) -> None:
        """Leaves the session."""
        self.app.close_session()
