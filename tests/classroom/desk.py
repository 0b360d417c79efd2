"""A person at an exercise in line mode, who has everything to say in a list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import yaml

from negsim.classroom.asking import Asking
from negsim.classroom.drafts import Drafts
from negsim.classroom.lesson import Lesson, load_lesson
from negsim.classroom.models import Seal
from negsim.classroom.questions import Question, checks, shown
from negsim.classroom.taking import Taking, header_of
from negsim.errors import printable
from negsim.journal import AnyEntry, Journal
from negsim.pack.load import LoadedPack
from negsim.session import Session, replayed
from tests.play.table import as_journal

SMALL = """\
format: 1
title: The weir and the gate
about: A small one.
pack: two-towns
minutes: 20
goals: [Learn the words.]
concepts: [demand]
seats: [lowmill]
start: promise
brief: You sit for Lowmill.
"""
TWO = SMALL.replace("[lowmill]", "[lowmill, highwell]") + (
    "private: {lowmill: Only the miller reads this., highwell: Only the mayor reads this.}\n"
)
CHECK = """\
check:
  who:
    kind: choose
    ask: Who demands?
    options: {high: {text: Highwell, right: true}, low: {text: Lowmill, feedback: It answers.}}
"""
WRITE = """\
  write:
    kind: reach
    ask: Deliver the letter.
    goal: {when: {letter.stage: response}}
    within: {rounds: 6}
"""
GUESS = """\
  guess:
    kind: predict
    ask: What will come?
    after: promise
    until: delivery
    values: {weir: {ask: On the weir?, of: letter.weir}}
    because:
      own: {text: It is their weir., right: true, feedback: They need its water.}
      luck: {text: Luck.}
    told: Nobody can know for sure.
"""
PICK = """\
  pick:
    kind: choose
    several: true
    ask: Which are towns?
    options:
      high: {text: Highwell, right: true}
      low: {text: Lowmill, right: true}
      mill: {text: The mill}
"""
ROW = """\
  row:
    kind: order
    ask: Order them.
    entries: {a: {text: One}, b: {text: Two}, c: {text: Three}}
"""
SEALED = """\
  sealed:
    kind: seal
    ask: Is it met?
    choices: {met: "yes", unmet: "no"}
    aim: Talk about what you wrote.
"""
WHY = """\
  why: {kind: explain, ask: Why?, rubric: [{text: Names a fact.}]}
"""


def lesson(folder: Path, *parts: str, pack: LoadedPack | None = None) -> Lesson:
    """The exercise that these parts of a file make."""
    path = folder / "small.yaml"
    path.write_text("".join(parts), encoding="utf-8")
    return load_lesson(path, pack)


class Desk:
    """An exercise, what was kept of it, and what was said."""

    def __init__(
        self,
        lesson: Lesson,
        *,
        seed: int = 1,
        before: Journal | None = None,
        drafts: Path | None = None,
    ) -> None:
        self.lesson = lesson
        self.entries: list[AnyEntry] = [*before.entries] if before is not None else []
        if before is None:
            header = header_of(lesson, seed=seed)
            self.session = Session(lesson.case, header, self.entries.append)
        else:
            self.session = replayed(before, lesson.case, self.entries.append)
        self.taking = Taking(lesson, self.session)
        self.said: list[str] = []
        self._words: Iterator[str] = iter(())
        self.asking = Asking(
            self.taking,
            self._read,
            self.said.append,
            lambda: 100,
            lambda session, viewpoint: {},
            Path("kept.jsonl"),
            "negsim exercise --resume kept",
            after=("  negsim debrief kept.jsonl",),
            fingerprint=lambda: self.journal.fingerprint,
            drafts=Drafts(drafts, self.session.header.session),
        )

    def _read(self, question: str) -> str:
        line = next(self._words, None)
        if line is None:
            raise EOFError
        self.said.append(question + printable(line))
        return line

    def type(self, words: Iterable[str]) -> str:
        """Everything that was said on these lines, until their end."""
        self._words = iter(words)
        self.asking.run()
        return "\n".join(self.said)

    def do(self, play: Callable[[Taking], Iterator[str]]) -> str:
        """The same, for lines that hang on where it stands."""
        return self.type(play(self.taking))

    @property
    def journal(self) -> Journal:
        """What a file of the session would hold."""
        return as_journal(self.session.header, self.entries)

    def after(self, line: str) -> list[str]:
        """What was said after a line was typed last."""
        at = max(i for i, it in enumerate(self.said) if it == line)
        return self.said[at + 1 :]

    def resumed(self, drafts: Path | None = None) -> Desk:
        """Another who goes on with the same journal."""
        return Desk(self.lesson, before=self.journal, drafts=drafts)


def typed(question: Question, seed: int, *, right: bool) -> str:
    """What is typed to answer a question, right or wrong."""
    if question.form == "text":
        return "Since it says so."
    ids = [it.id for it in shown(question, str(seed))]
    wanted = [it.id for it in question.right] or ids
    if not right:
        wanted = [it for it in ids if it not in wanted] or [ids[-1]]
    if question.form == "order":
        wanted = [it.id for it in question.choices][:: 1 if right else -1]
    if question.form == "one":
        wanted = wanted[:1]
    return " ".join(str(ids.index(it) + 1) for it in wanted)


def moves(taking: Taking, played: Sequence[str]) -> Iterator[str]:
    """What is typed to play these moves, in the form of the solutions: reasons where they are
    asked for, and Enter where the curtain falls."""
    reasons = getattr(taking.set, "reasons", False)
    waiting = list(played)
    while waiting:
        move = waiting.pop(0)
        seat = taking.sitting.seat
        yield move.replace(":", " ", 1)
        if reasons and move.startswith("answer/"):
            noted = waiting and waiting[0].startswith("note:")
            yield waiting.pop(0).removeprefix("note:") if noted else ""
        if taking.sitting.seat != seat:
            yield ""


def solution(name: str, which: str) -> dict[str, list[str]]:
    """The moves that do an exercise that ships as it is asked, or fail it, by task."""
    path = Path(__file__).with_name("solutions") / f"{name.replace('/', '--')}.yaml"
    found: dict[str, list[str]] = yaml.safe_load(path.read_text(encoding="utf-8"))[which]
    return found


def student(
    taking: Taking, played: Mapping[str, Sequence[str]], *, right: bool = True
) -> Iterator[str]:
    """A whole exercise: the check, every question, and what is played, by task."""
    lesson, seats, seed = taking.lesson, taking.seats, taking.session.header.seed
    if not taking.session.entries:
        yield from ["", ""] * len(seats) + [""] if len(seats) == 2 else []
        for question in checks(lesson).values():
            yield typed(question, seed, right=True)
    while (name := taking.task) is not None:
        asked = taking.keyed(name)
        if taking.plays:
            curtain = [""] if len(seats) == 2 else []
            yield from curtain
            yield from moves(taking, played.get(name, ()))
            yield "done"
            yield from ["done"] if taking.task == name else []  # nothing was done in it
            yield from curtain
        elif len(seats) == 2 and isinstance(lesson.exercise.tasks[name], Seal):
            for seat in seats:
                yield ""
                own = [it for key, it in asked.items() if key.endswith(f"/{seat}")]
                yield from [typed(it, seed, right=right) for it in own]
                yield ""
            yield ""
        else:
            yield from [typed(it, seed, right=right) for it in asked.values()]
            yield ""
