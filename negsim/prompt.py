"""Line-mode play: a question, an answer, and what came of it, one line after the other.

Made for screen readers, slow links and pipes: no colour, no box, no moving cursor. It reads and
writes through two functions, so that a test or another program can stand at both ends.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from negsim.compare import compare_lines
from negsim.cycle.table import capital
from negsim.engine import outcome
from negsim.errors import NegsimError, UnknownNameError, printable, quote, suggestion
from negsim.rules import EVERYTHING
from negsim.session import Session
from negsim.sitting import Sitting
from negsim.text import fact_lines, wrap
from negsim.views import (
    action_lines,
    brief_lines,
    consequences,
    item_lines,
    move_lines,
    paper_lines,
    party_name,
    place,
    seen_last,
    stage_lines,
    standing,
    tree_lines,
)

Lines: TypeAlias = Iterable[str]
Closes: TypeAlias = Callable[[Session, str], Mapping[str, tuple[str, ...]]]
"""For a session and a viewpoint: the endings that each action surely closes, by action id."""

HELP = (
    ("a number, or an action's id", "take that action"),
    ("pass", "end the turn"),
    ("list [KIND]", "the actions again, with what each does"),
    ("why not ACTION", "which rule refuses an action"),
    ("closes [NUMBER]", "which endings an action makes impossible in this model"),
    ("items, papers, facts [ID]", "what is demanded and answered; the papers; a fact in full"),
    ("brief", "what your seat should know"),
    ("viewpoint [NAME]", "whose eyes to see with"),
    ("undo, redo", "one decision back or forth; nothing is lost"),
    ("next", "the record's next step, where the line is on the record"),
    ("tree, goto PLACE", "every line tried; go to a place of it, by its number or name"),
    ("name TEXT, note TEXT", "name this place, or write a note on it"),
    ("compare [PLACE]", "this line beside another, or beside the record"),
    ("save [FILE]", "where it is kept (at every step); or a copy"),
    ("quit", "leave; it tells how to go on from here"),
)
"""The commands, and what each does."""


ALONE = ("help", "pass", "items", "papers", "brief", "undo", "redo", "next", "tree")
"""The commands that are one word."""
TELLS: Mapping[str, tuple[str, ...]] = {
    "closes": ("endings",),
    "tree": ("branches",),
    "next": ("record",),
    "facts": ("facts",),
    "compare": ("record", "branches"),
}
"""The commands that tell what an exercise may hide, with what of it each tells."""
HIDDEN = {
    "endings": "the endings ahead are",
    "branches": "the tree of branches is",
    "record": "what the record shows is",
    "facts": "the facts are",
}
"""What an exercise may hide, as the subject of a sentence."""


class Prompt:
    """One person at one session; `kept` is its file, `again` the command that goes on with it.

    Where it is played as something else allows, `sitting` is the one that has its rules.
    """

    ended = "What now: undo, goto, tree, compare, or quit."
    """What is said at the end of a line."""

    def __init__(
        self,
        session: Session,
        read: Callable[[str], str],
        write: Callable[[str], None],
        width: Callable[[], int],
        closes: Closes,
        kept: Path,
        again: str,
        sitting: Sitting | None = None,
    ) -> None:
        self.sitting = sitting or Sitting(session)
        self._read = read
        self._write = write
        self._width = width
        self._closes = closes
        self._kept = kept
        self._again = again
        self._told = session.here
        self._explained: dict[str, str] = {}
        self.commands: Mapping[str, Callable[[str], Lines]] = {
            "help": self._help,
            "list": self._list,
            "pass": self._pass,
            "why": self._why,
            "closes": self._closing,
            "items": self._items,
            "papers": self._papers,
            "facts": self._facts,
            "brief": self._brief,
            "viewpoint": self._viewpoint,
            "undo": self._undo,
            "redo": self._redo,
            "next": self._next,
            "tree": self._tree,
            "goto": self._goto,
            "name": self._name,
            "note": self._note,
            "compare": self._compare,
            "save": self._save,
        }

    @property
    def _columns(self) -> int:
        return self._width()

    def run(self) -> None:
        """Asks and answers until the person leaves. Nothing needs saving then: it is."""
        self._say(self._opening())
        self.sitting.go_on()
        self._say(self._asked())
        while True:
            try:
                words = self._read("> ").strip()
            except EOFError:
                words = "quit"
            if words.lower() in ("quit", "exit", "q"):
                told = (f"Kept in {self._kept}.", f"To go on: {self._again}")
                self._say(map(printable, told))
                return
            self._hear(words)

    def _hear(self, words: str) -> None:
        """Does what a line asks for, or says why not."""
        try:
            self._say(self._answer(words))
        except NegsimError as error:
            self._say(wrap(f"No: {error}", self._columns, "", "    "))

    def _say(self, lines: Lines) -> None:
        for line in lines:
            self._write(line)

    def _opening(self) -> Iterator[str]:
        sitting, columns = self.sitting, self._columns
        yield from wrap(sitting.pack.title, columns)
        if sitting.session.entries:
            where = place(sitting.case, sitting.here, sitting.eyes)
            yield from wrap(f"You go on where you left. You stand {where}", columns)
            return
        yield ""
        if sitting.pack.opening:
            yield from wrap(sitting.pack.opening, columns)
            yield ""
        if sitting.seat is not None:
            yield from brief_lines(sitting.case, sitting.seat, columns)
            yield from wrap(RULES[sitting.session.header.others], columns)
        else:
            yield from wrap("You act for everybody; see `viewpoint` and `next`.", columns)
        yield from wrap("Every step is kept at once. `help` tells what can be typed.", columns)
        yield ""

    def _answer(self, words: str) -> Lines:
        """What a line asks for. Raises NegsimError."""
        if not words:
            return self._choices(None)
        head, _, rest = words.partition(" ")
        command = self.commands.get(head.lower())
        if command is not None:
            if rest.strip() and head.lower() in ALONE:
                raise NegsimError(f"{head.lower()} stands alone; leave out {quote(rest)}")
            for what in TELLS.get(head.lower(), ()):
                if what in self.sitting.rules.hides:
                    raise NegsimError(f"{HIDDEN[what]} hidden until the debrief")
            return command(rest.strip())
        if _is_number(words) or words in self.sitting.game.by_id or "/" in words:
            self._take(self._action(words))
            return self._asked()
        hint = suggestion(head.lower(), self.commands)
        raise NegsimError(f"{quote(head)} means nothing here{hint or '; type help'}")

    def _take(self, action_id: str) -> None:
        self.sitting.take(action_id)

    def _action(self, words: str) -> str:
        """The id of the action that a number or an id means."""
        if not _is_number(words):
            return words
        choices = self.sitting.choices
        if not choices:
            raise NegsimError("nothing can be done here but to pass")
        if not 1 <= int(words[:6]) <= len(choices):
            raise NegsimError(f"there is no action {words[:6]}; there are 1 to {len(choices)}")
        return choices[int(words) - 1].id

    # The question, and what was done since the last one.

    def _asked(self) -> Iterator[str]:
        """What was done since it was told last, where things stand, and what can be done."""
        sitting, columns = self.sitting, self._columns
        new = list(sitting.news(self._told))
        self._told = sitting.here
        told = list(move_lines(sitting.case, new, sitting.eyes, columns))
        yield from told
        if new and not told:
            yield "Nothing that you can see was done meanwhile."
        yield from stage_lines(sitting.case, sitting.here, sitting.eyes, columns)
        ended = outcome(sitting.game, sitting.here.state)
        if ended is None:
            yield from self._turn()
        else:
            yield from wrap(f"Ending reached: {ended.ending.title}. {ended.reason}", columns)
            yield from wrap(self.ended, columns)

    def _turn(self) -> Iterator[str]:
        sitting, columns = self.sitting, self._columns
        if sitting.idle:
            yield from wrap(_idle(sitting), columns)
        who = sitting.mover or ""
        has = "You have" if who == sitting.seat else f"{capital(party_name(sitting.pack, who))} has"
        yield from wrap(f"{has} the turn.", columns)
        state = sitting.here.state
        does = {it.id: consequences(sitting.case, state, it) for it in sitting.choices}
        told = {name for name, words in does.items() if self._explained.get(name) == words}
        self._explained |= does
        yield from self._choices(None, told)

    def _choices(
        self, opened: str | None, told: Container[str] = (), *, ids: bool = False
    ) -> Iterator[str]:
        sitting, state = self.sitting, self.sitting.here.state
        if not sitting.choices:
            yield "Nothing can be done but to pass."
        yield from action_lines(
            sitting.case, state, sitting.choices, self._columns, opened, told=told, ids=ids
        )

    def _list(self, kind: str) -> Lines:
        kinds = list(dict.fromkeys(action.kind for action in self.sitting.choices))
        if kind and kind not in kinds:
            raise UnknownNameError("kind of action", kind, kinds, "this turn")
        return self._choices(kind, ids=True)

    # Moving on, back, and elsewhere.

    def _pass(self, _: str) -> Lines:
        self.sitting.end_turn()
        return self._asked()

    def _next(self, _: str) -> Lines:
        self.sitting.follow()
        return self._asked()

    def _undo(self, _: str) -> Lines:
        self.sitting.undo()
        return self._moved()

    def _redo(self, _: str) -> Lines:
        self.sitting.redo()
        return self._moved()

    def _goto(self, where: str) -> Lines:
        if not where:
            raise NegsimError("goto needs a place; `tree` lists them")
        self.sitting.goto(where)
        return self._moved()

    def _moved(self) -> Iterator[str]:
        sitting = self.sitting
        self._told = sitting.here
        yield from wrap(
            f"You stand {place(sitting.case, sitting.here, sitting.eyes)}", self._columns
        )
        yield from self._asked()

    def _tree(self, _: str) -> Iterator[str]:
        yield from tree_lines(self.sitting.session, self._columns, self.sitting.eyes)
        yield from wrap(standing(self.sitting.session, self.sitting.eyes), self._columns)

    # What is known.

    def _items(self, _: str) -> Lines:
        return item_lines(self.sitting.case, self.sitting.known, self._columns)

    def _papers(self, _: str) -> Lines:
        return paper_lines(self.sitting.case, self.sitting.known, self._columns)

    def _facts(self, which: str) -> Lines:
        """A fact, those of an action, or those of the last step."""
        sitting, loaded = self.sitting, self.sitting.case.loaded
        facts = loaded.facts.facts
        if which in facts:
            cited: tuple[str, ...] = (which,)
        elif _is_number(which) or "/" in which:
            cited = sitting.game.action(self._action(which)).facts
        elif which:
            raise UnknownNameError("fact", which, facts, sitting.pack.id)
        else:
            last = seen_last(sitting.case, sitting.here, sitting.eyes)
            cited = sitting.game.action(last.action).facts if last is not None else ()
        if not cited:
            raise NegsimError("it cites no facts; write the id of a fact, or of an action")
        return [line for fact in cited for line in fact_lines(fact, loaded, self._columns, "")]

    def _brief(self, _: str) -> Lines:
        if self.sitting.seat is None:
            raise NegsimError("you have no seat; a brief is for who takes one")
        return brief_lines(self.sitting.case, self.sitting.seat, self._columns)

    def _viewpoint(self, name: str) -> Lines:
        sitting = self.sitting
        if not name:
            there = f"There is {', '.join((*sitting.game.viewpoints, EVERYTHING))}."
            return wrap(f"Seen with: {sitting.eyes}. {there}", self._columns)
        sitting.see_with(name.lower())
        return stage_lines(sitting.case, sitting.here, sitting.eyes, self._columns)

    def _why(self, words: str) -> Lines:
        """Why an action is refused, in the words of the rule that does."""
        words = words.removeprefix("not").strip()
        if not words:
            ids = ", ".join(action.id for action in self.sitting.refusals)
            return wrap(f"Write why not and one of these: {ids}", self._columns, "", "  ")
        said = self.sitting.refused(self._action(words))
        return wrap(said or "It is not refused: you can take it now.", self._columns)

    def _closing(self, words: str) -> Lines:
        """Which endings the actions close, in this model."""
        sitting = self.sitting
        chosen = [sitting.own(self._action(words))] if words else sitting.choices
        if any(action not in sitting.choices for action in chosen):
            raise NegsimError(f"it cannot be taken now; see why not {chosen[0].id}")
        closed = self._closes(sitting.session, sitting.eyes)
        titles = {ending.id: ending.title for ending in sitting.game.endings}
        lines = []
        for action in chosen:
            lost = "; ".join(titles[it] for it in closed.get(action.id, ()))
            if lost or words:
                text = f"{action.text} Closes in this model: {lost or 'nothing'}."
                lines += wrap(text, self._columns, "", "    ")
        return lines or ["Nothing that can be done now closes an ending in this model."]

    def _compare(self, where: str) -> Lines:
        sitting = self.sitting
        if not where and sitting.seat is not None and sitting.mover is not None:
            raise NegsimError("name a place of yours, or record, which goes on to its end")
        other = sitting.session.find(where or "record")
        return compare_lines(sitting.case, sitting.here, other, self._columns, sitting.eyes)

    # Names, notes, files.

    def _name(self, text: str) -> Lines:
        self.sitting.session.name(text)
        return [f"This place is called {quote(text)}."]

    def _note(self, text: str) -> Lines:
        self.sitting.session.note(text)
        return ["Noted."]

    def _save(self, file: str) -> Lines:
        if not file:
            return [printable(f"Every step is kept in {self._kept}.")]
        try:
            with Path(file).open("xb") as copy:
                copy.write(self._kept.read_bytes())
        except FileExistsError as error:
            raise NegsimError(f"{quote(file)} exists; name another file") from error
        except (OSError, ValueError) as error:
            said = error.strerror if isinstance(error, OSError) else "it is no path"
            raise NegsimError(f"{quote(file)} cannot be written ({said})") from error
        return [f"A copy is in {quote(file)}."]

    def _help(self, _: str) -> Lines:
        return [
            line
            for what, does in HELP
            for line in wrap(f"{what}: {does}", self._columns, "  ", "      ")
        ]


def _is_number(words: str) -> bool:
    return words.isascii() and words.isdigit()


def _idle(sitting: Sitting) -> str:
    """What comes of passing for ever."""
    lapse = sitting.game.default_ending
    ending = f"the line ends so: {lapse.title}. {lapse.reason}" if lapse else "nothing follows."
    return f"Nothing changed while all passed. If that goes on for ever, {ending}"


_FOLLOW = "The others follow the record while the line is at a state of it; else "
RULES: Mapping[str, str] = {
    "wait": f"{_FOLLOW}they pass.",
    "random": f"{_FOLLOW}their actions are drawn.",
    "ask": f"{_FOLLOW}you act for them too.",
    "record": "The others take the next step of the record that is theirs and legal.",
}
"""What is said of each rule for the others."""
