"""The questions of a task, one after the other, and the answers that are not handed in yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import OptionList, TextArea
from textual.widgets.option_list import Option

from negsim.classroom.questions import Choice, Given, Question, shown
from negsim.errors import printable
from negsim.text import wrap
from negsim.tui.draft import KEYS
from negsim.tui.plain import Plain, content

HOW: Mapping[str, str] = {
    "one": "A digit chooses, or up and down, and enter.",
    "some": "Choose all that are right: a digit, or enter, marks one and takes the mark off.",
    "order": "A digit puts the marked line at that place; so do shift+up and shift+down. Enter: "
    "the order stands.",
    "text": "Write; enter is done with it, escape leaves the text.",
}
"""How a question of each form is answered."""
READING = 6
"""So many lines are left for what is read beside a question, however many choices it has."""


class Choices(OptionList):
    """The choices of a question. What the arrows do sideways, and the pages, is the screen's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "screen.verb('question -1')", show=False, id="asked.before"),
        Binding("right", "screen.verb('question 1')", show=False, id="asked.after"),
        Binding("pageup", "screen.page(-1)", show=False, id="asked.page-up"),
        Binding("pagedown", "screen.page(1)", show=False, id="asked.page-down"),
    ]

    def __init__(self) -> None:
        super().__init__(id="choices", markup=False)


class Writing(TextArea):
    """A text to write. Enter is done with it: it is kept as one line, however it was broken."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave the text", id="writing.leave", tooltip="Stop writing"),
        Binding("pageup", "screen.page(-1)", show=False, id="writing.page-up"),
        Binding("pagedown", "screen.page(1)", show=False, id="writing.page-down"),
    ]

    class Written(Message):
        """Enter was pressed."""

    class Left(Message):
        """The text is left for what is read beside it."""

    def __init__(self) -> None:
        super().__init__(id="writing", compact=True, highlight_cursor_line=False)
        self.cursor_blink = False

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":  # of any other key Textual asks the class above by itself
            event.stop()
            event.prevent_default()
            self.post_message(self.Written())

    async def _on_paste(self, event: events.Paste) -> None:
        # Textual asks every class of a widget in turn; the text must go in once, and made harmless.
        event.prevent_default()
        text = " ".join(printable(it.expandtabs(1)) for it in event.text.splitlines())
        await super()._on_paste(events.Paste(text))

    def action_leave(self) -> None:
        """Leaves the text; what is written stays."""
        self.post_message(self.Left())


class Asked(Vertical):
    """One question of several, with its choices or a text to write; `given` are the answers."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("shift+up", "move(-1)", show=False, id="asked.move-up"),
        Binding("shift+down", "move(1)", show=False, id="asked.move-down"),
        Binding("space", "mark", show=False, id="asked.mark"),
        *(
            Binding(key, f"pick({place})", show=False, id=f"asked.{key}")
            for place, key in enumerate(KEYS)
        ),
    ]

    class Changed(Message):
        """An answer is another."""

    class Answered(Message):
        """The last question was answered."""

    def __init__(self) -> None:
        super().__init__(id="asked")
        self.questions: Mapping[str, Question] = {}
        self.given: dict[str, Given] = {}
        self._place = 0
        self._orders: dict[str, list[Choice]] = {}

    def compose(self) -> ComposeResult:
        """The question, what can be answered, and how."""
        yield Plain(id="asked-what")
        yield Choices()
        yield Writing()
        yield Plain(id="asked-how", classes="hint")

    def ask(
        self, questions: Mapping[str, Question], seed: str, given: Mapping[str, Given] | None = None
    ) -> None:
        """Asks other questions, from the first that has no answer yet."""
        self.questions = questions
        self.given = dict(given or {})
        self._orders = {key: _arranged(it, seed, self.given.get(key)) for key, it in
                        questions.items()}  # fmt: skip
        open_ones = (place for place, key in enumerate(questions) if key not in self.given)
        self._place = next(open_ones, 0)
        self.show(anew=True)

    @property
    def key(self) -> str:
        """The key of the question that is asked; "" where nothing is."""
        return [*self.questions][self._place] if self.questions else ""

    @property
    def missing(self) -> list[str]:
        """The keys of the questions that have no answer yet."""
        return [it for it in self.questions if it not in self.given]

    def go_to(self, key: str) -> None:
        """Asks that question."""
        self._place = [*self.questions].index(key)
        self.show(anew=True)
        self.take_keys()

    def turn(self, step: int) -> None:
        """Asks the question before, or after; at either end the same."""
        place = self._place + step
        if 0 <= place < len(self.questions):
            self.go_to([*self.questions][place])

    def take_keys(self) -> None:
        """The keys are for the question."""
        text = self.questions and self.questions[self.key].form == "text"
        self.screen.set_focus(self.query_one(Writing if text else Choices))  # before the next key

    # What is shown.

    def show(self, *, anew: bool = False) -> None:
        """Shows the question as it is now; `anew`, another one."""
        if not self.questions:
            return
        question = self.questions[self.key]
        width = max(30, min(self.app.size.width - 4, 110))
        asked = len(self.questions)
        where = f"Question {self._place + 1} of {asked}. " if asked > 1 else ""
        what = wrap(f"{where}{question.ask}", width)
        self.query_one("#asked-what", Plain).show(what)
        choices, writing = self.query_one(Choices), self.query_one(Writing)
        choices.display = question.form != "text"
        writing.display = question.form == "text"
        how = wrap(HOW[question.form], width)
        room = max(4, self.app.size.height - 5 - READING - len(what) - len(how))
        if question.form == "text":
            writing.styles.height = max(3, min(8, room))
            if anew:
                given = self.given.get(self.key, "")
                with writing.prevent(TextArea.Changed):
                    writing.text = given if isinstance(given, str) else ""
                writing.move_cursor(writing.document.end)
        else:
            rows = list(self._rows(question, width - 2))
            marked = 0 if anew else choices.highlighted
            choices.set_options(Option(content("\n".join(it))) for it in rows)
            choices.highlighted = self._marked if anew else marked
            choices.styles.height = min(sum(map(len, rows)), room)
        self.query_one("#asked-how", Plain).show(how)

    def _rows(self, question: Question, width: int) -> Iterator[list[str]]:
        chosen = self.given.get(self.key, ())
        chosen = [chosen] if isinstance(chosen, str) else chosen
        for place, choice in enumerate(self._orders[self.key]):
            if question.form == "order":
                lead = f"{place + 1:>2}. "
            else:
                left, right = "()" if question.form == "one" else "[]"
                key = KEYS[place] if place < len(KEYS) else " "
                lead = f"{left}{'x' if choice.id in chosen else ' '}{right} {key} "
            yield wrap(choice.text, width, lead, " " * len(lead))

    @property
    def _marked(self) -> int:
        """The choice that was made, or the first."""
        given = self.given.get(self.key)
        ids = [it.id for it in self._orders[self.key]]
        return ids.index(given) if isinstance(given, str) and given in ids else 0

    def on_resize(self) -> None:
        """The lines are set anew for the width."""
        self.show()

    # What is answered.

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Nobody else needs to know which choice is marked."""
        event.stop()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter, or a click."""
        event.stop()
        if self.questions and self.questions[self.key].form == "order":
            self._keep([it.id for it in self._orders[self.key]])
            self._go_on()
        else:
            self._choose(event.option_index)

    def action_pick(self, place: int) -> None:
        """A digit."""
        if not self.questions or place >= len(self._orders[self.key]):
            return
        if self.questions[self.key].form == "order":
            self._move_to(place)
        else:
            self.query_one(Choices).highlighted = place
            self._choose(place)

    def action_mark(self) -> None:
        """Chooses what is marked."""
        place = self.query_one(Choices).highlighted
        if self.questions and place is not None and self.questions[self.key].form != "order":
            self._choose(place)

    def action_move(self, step: int) -> None:
        """Moves what is marked up or down."""
        place = self.query_one(Choices).highlighted
        if self.questions and self.questions[self.key].form == "order" and place is not None:
            self._move_to(place + step)

    def _move_to(self, place: int) -> None:
        choices, order = self.query_one(Choices), self._orders[self.key]
        marked = choices.highlighted
        if marked is None or not 0 <= place < len(order):
            return
        order.insert(place, order.pop(marked))
        choices.highlighted = place
        self._keep([it.id for it in order])

    def _choose(self, place: int) -> None:
        name = self._orders[self.key][place].id
        if self.questions[self.key].form == "one":
            self._keep(name)
            self._go_on()
            return
        before = self.given.get(self.key, ())
        kept = {*before} ^ {name}
        self._keep([it.id for it in self._orders[self.key] if it.id in kept])

    def _keep(self, given: Given) -> None:
        if given:
            self.given[self.key] = given
        else:
            self.given.pop(self.key, None)
        self.show()
        self.post_message(self.Changed())

    def _go_on(self) -> None:
        """On to the next question; after the last one there is something to hand in."""
        if self._place + 1 < len(self.questions):
            self.turn(1)
        else:
            self.post_message(self.Answered())

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """What is written counts, also before enter."""
        event.stop()
        if self.questions and self.questions[self.key].form == "text":
            text = event.text_area.text
            if text.strip():
                self.given[self.key] = text
            else:
                self.given.pop(self.key, None)
            self.post_message(self.Changed())

    def on_writing_written(self, event: Writing.Written) -> None:
        """The text is done."""
        event.stop()
        self._go_on()


def _arranged(question: Question, seed: str, given: Given | None) -> list[Choice]:
    """The choices as they stand: an order as it was left, or else as it is drawn."""
    found = shown(question, seed)
    if question.form != "order" or given is None or isinstance(given, str):
        return [*found]
    return [*question.chosen(given)]
