"""The table while a task is played: its limits, what comes from outside, two seats."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen, Screen
from textual.widgets import OptionList, TabbedContent
from textual.widgets.option_list import Option

from negsim.classroom.lesson import task_title
from negsim.classroom.models import Avoid, Inject, Plays
from negsim.classroom.taking import Taking
from negsim.classroom.telling import (
    beside_lines,
    inject_lines,
    left_lines,
    opening_lines,
    private_lines,
    task_lines,
)
from negsim.errors import printable
from negsim.pack.compile import level_items
from negsim.rules import Action
from negsim.session import Node
from negsim.tui.curtain import Curtain
from negsim.tui.draft import short
from negsim.tui.line import Line
from negsim.tui.plain import Plain, content
from negsim.tui.reader import Reader, page_width
from negsim.tui.table import HIDDEN, Table
from negsim.tui.verbs import Verb, bindings
from negsim.views import party_name

WHY = ". Why? enter keeps a line, escape none"
"""What is asked of an answer that was written just now, after its item and what it says."""
SURE = "The goal is not reached. h once more hands it in as it is."


class TaskTable(Table, inherit_bindings=False):
    """A table on which a task is played."""

    VERBS: ClassVar[Sequence[Verb]] = (
        Verb("hand", "h", "Hand in", "Be done with this task"),
        Verb("task", "s", "Task", "What is asked, the brief, and what came from outside"),
        *Table.VERBS[:-1],
        Verb("bring", "j", "Bring in", "For who leads the class: something from outside", False),
        Verb("home", "escape", "Back", "Back to the task; everything is kept", False),
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("table", VERBS), *Screen.BINDINGS]

    def __init__(self, taking: Taking, path: Path) -> None:
        super().__init__(taking.sitting, path)
        self.taking = taking
        self._centre.wanted = "draft"
        self._sure: tuple[int, str] | None = None
        self._sits: str | None = None
        self._first = self.sitting.here
        self._looked: dict[str | None, Node] = {}
        self._heard: dict[str | None, int] = {}
        self._injected: Sequence[Inject] = ()

    def compose(self) -> ComposeResult:
        """The table, with a line for the task beneath the stage."""
        for number, part in enumerate(super().compose()):
            yield part
            if number == 0:
                yield Plain(id="task")

    @property
    def two(self) -> bool:
        """Whether two sit at this terminal."""
        return len(self.taking.seats) == 2

    @property
    def _under_way(self) -> Plays | None:
        """The task, while it is under way."""
        found = self.taking.set if self.taking.task is not None else None
        return found if isinstance(found, Plays) else None

    # What is shown.

    def _show_all(self) -> None:
        self.query_one("#task", Plain).show(self._task_line(self.size.width - 2))
        super()._show_all()

    def _task_line(self, width: int) -> str:
        """The task, what is left of its limits, and the keys."""
        taking, task = self.taking, self._under_way
        if task is None or taking.task is None:
            return "This task is done. escape: back"
        _, tasks = taking.progress
        course = taking.played(taking.task)
        if course.limit is not None:
            told = f"Over: {course.limit}."
        elif not isinstance(task, Avoid) and taking.succeeded(taking.task):
            told = "The goal is reached."
        else:
            left = " ".join(left_lines(task, course, 500))
            told = left.replace("Left of this task", "Left")
        number = [*taking.lesson.exercise.tasks].index(taking.task) + 1
        head, tail = f"Task {number} of {tasks}: ", f". {told}".rstrip() + " h: hand in"
        title = printable(task_title(taking.lesson, taking.task))
        room = max(0, width - len(head) - len(tail))
        return head + (title if len(title) <= room else f"{title[: max(0, room - 3)]}...") + tail

    def _show_news(self) -> None:
        super()._show_news()
        told = [line for it in self._injected for line in inject_lines(it, self.columns)]
        if told:
            news = self.query_one("#news", Plain)
            news.show([*told, *([str(news.content)] if news.display else [])])
            news.display = True

    def _came(self) -> list[Inject]:
        """What came from outside so far, and is for who sits here."""
        sitting, injects = self.sitting, self.taking.lesson.exercise.injects
        came = [injects[name] for name, _ in sitting.session.injects if name in injects]
        return [it for it in came if sitting.seat is None or not it.to or sitting.seat in it.to]

    def _new_injects(self) -> list[Inject]:
        """What of it was not told yet."""
        came, seat = self._came(), self.sitting.seat
        first, self._heard[seat] = self._heard.get(seat, 0), len(came)
        return came[first:]

    # What happens.

    def action_verb(self, name: str) -> None:
        """Does it; whoever does something else is no longer asked whether they are sure."""
        if name != "hand":
            self._sure = None
        super().action_verb(name)

    def _try(self, verb: Callable[[], None], followed: str = "", says: str = "") -> None:
        """Does it, and what follows in the exercise; then the keys may go to the other seat."""
        sitting, before = self.sitting, self.sitting.session.entries
        self._sure = None

        def moved() -> None:
            verb()
            self.taking.moved()
            self._turn_to(sitting.seat)
            self._injected = self._new_injects()

        super()._try(moved, followed, says)
        if self.two and sitting.seat != self._sits and sitting.seat is not None:
            self._sits = sitting.seat
            self.app.push_screen(Curtain(party_name(sitting.pack, sitting.seat), self._focus))
        elif followed == "take" and sitting.session.entries > before:
            self._ask_why()

    def _turn_to(self, seat: str | None) -> None:
        """What is told is told to who sits down: since they sat here last."""
        if self.two and seat != self._sits:
            self._looked[self._sits] = self._told
            self._told = self._looked.get(seat, self._first)
            self._centre.letters, self._centre.refused = "", False
            self.query_one(Line).display = False
            self.query_one(TabbedContent).active = "tab-table"

    def _ask_why(self) -> None:
        """Asks for the reason of the answer that was written just now."""
        here, task = self.sitting.here, self._under_way
        if task is None or not task.reasons or here.parent is None:
            return
        if here.by is None and self.sitting.game.action(here.action).kind == "answer":
            line = self.query_one(Line)
            line.open("note")
            line.placeholder = self._answered(self.sitting.game.action(here.action)) + WHY

    def _answered(self, action: Action) -> str:
        """The item that was answered, as far as there is room, and what the answer says."""
        pack, said = self.sitting.pack, short(action)
        item = level_items(pack, self.sitting.case.level)[action.id.split("/")[2]].title
        room = max(10, self.size.width - len(said) - len(WHY) - 6)
        return printable(f"{item if len(item) <= room else f'{item[: room - 3]}...'}: {said}")

    # What can be done.

    def unable(self, name: str) -> str | None:
        """Why it cannot be done now."""
        match name:
            case "hand" if self._under_way is None:
                return "this task is done"
            case "bring" if not self.taking.to_bring:
                return "nothing is left to be brought in"
            case "debrief" | "export":
                return f"{HIDDEN}, which comes once every task is done"
        return super().unable(name)

    def do_hand(self) -> None:
        """Is done with the task; asks first where its goal is not reached."""
        name = self.taking.task
        if name is None:
            return
        now = self.sitting.session.entries, self.marked
        if self._sure != now and not self.taking.succeeded(name):
            self._sure = now
            self.say(SURE)
            return
        self.taking.finish()
        self.app.pop_screen()

    def do_task(self) -> None:
        """What is asked, the brief for who sits here, and what came from outside."""
        title = "The task"
        self.app.push_screen(Reader(title, self._page(page_width(self.size.width))))

    def _page(self, width: int) -> Iterator[str]:
        taking, seat = self.taking, self.sitting.seat
        if taking.task is not None:
            yield from task_lines(taking, taking.task, width)
            yield from ("", *beside_lines(taking, taking.task, width))
        for it in self._came():
            yield from ("", *inject_lines(it, width))
        yield from ("", *opening_lines(taking.lesson, width))
        if seat is not None:
            yield from ("", *private_lines(taking.lesson, seat, width))

    def do_bring(self) -> None:
        """Lists what whoever leads the class can bring in."""
        injects = self.taking.lesson.exercise.injects
        self.app.push_screen(
            Bringing({name: injects[name] for name in self.taking.to_bring}, self._bring)
        )

    def _bring(self, name: str) -> None:
        self._try(lambda: self.taking.bring(name))

    def do_home(self) -> None:
        """Shows all actions again where a filter hides some; else goes back to the task."""
        if self._centre.letters:
            self.query_one(Line).action_leave()
        else:
            self.app.pop_screen()


class Bringing(ModalScreen[None]):
    """What can be brought in from outside; enter brings it in, escape does not."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "app.pop_screen", "Back", id="bring.back", tooltip="Bring in nothing"),
    ]

    def __init__(self, injects: dict[str, Inject], bring: Callable[[str], None]) -> None:
        super().__init__()
        self._injects = injects
        self._bring = bring

    def compose(self) -> ComposeResult:
        """The list."""
        with Vertical(id="page"):
            yield Plain("Bring in", classes="heading")
            yield OptionList(
                *(
                    Option(content(f"{name}: {it.sender} (from round {it.round})"), id=name)
                    for name, it in self._injects.items()
                ),
                id="ways", markup=False,
            )  # fmt: skip
            yield Plain("\nenter: bring it in   escape: back", classes="hint")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Brings it in."""
        if self.is_active:
            self.app.pop_screen()
            self._bring(event.option_id or "")
