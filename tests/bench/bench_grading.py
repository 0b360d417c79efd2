"""Grading: a thousand journals of a hundred actions, from a reach exercise of January 2022.

Run: python -m tests.bench.bench_grading [--folder FOLDER] [--level LEVEL] [--profile]
The journals are played at random in the seat of the United States, the others by the record; one
among them is torn, one changed and one is no journal.

1. All of them found, read, verified, replayed, checked against the rules and graded (goal: under
   5 s), and beside it the same without the three broken ones.
2. The tables, and a page of feedback for each.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import json
import random
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any, TypeVar

from negsim.classroom.handins import HandIn, find, hand_ins
from negsim.classroom.lesson import Lesson, load_lesson
from negsim.classroom.taking import Taking, header_of
from negsim.engine import apply_action, is_terminal
from negsim.errors import NegsimError
from negsim.export.feedback import feedback_html, feedback_markdown
from negsim.export.grades import canvas, grades_csv, moodle
from negsim.journal import AnyEntry, Applied, Header, as_line
from negsim.session import Session

JOURNALS, ACTIONS = 1_000, 100
TRIES = 10_000
T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """How long it takes, in seconds, and what it gives. Commands run without collecting."""
    gc.collect()
    gc.disable()
    start, busy = perf_counter(), process_time()
    found = work()
    seconds, busy = perf_counter() - start, process_time() - busy
    gc.enable()
    print(f"    ({seconds:.2f} s by the clock, {busy:.2f} s of this process)")
    return seconds, found


def exercise(folder: Path, level: str) -> Lesson:
    options = {"yes": {"text": "Yes", "right": True}, "no": {"text": "No"}}
    written: dict[str, Any] = {
        "format": 1,
        "title": "Deliver the paper",
        "about": "For a benchmark.",
        "pack": "january-2022",
        "level": level,
        "minutes": 50,
        "goals": ["To be graded fast."],
        "concepts": ["demand"],
        "seats": ["us"],
        "start": "promise-us",
        "brief": "You sit for the United States.",
        "tasks": {
            "paper": {"kind": "reach", "ask": "Deliver it.", "goal": {"when": {"turn": "us"}}},
            "met": {"kind": "choose", "ask": "Is it met?", "options": options},
        },
    }
    path = folder / "deliver.yaml"
    path.write_text(json.dumps(written), encoding="utf-8")
    return load_lesson(path)


def lines(header: Header, entries: list[AnyEntry]) -> bytes:
    line, before = as_line(header, "")
    found = [line]
    for entry in entries:
        line, before = as_line(entry, before)
        found.append(line)
    return b"".join(found)


def played(lesson: Lesson, rng: random.Random, number: int) -> bytes:
    """A journal of so many actions, its task done with and the question answered."""
    kept: list[AnyEntry] = []
    header = header_of(lesson, seed=number, team=f"Team {number:04}", members=[f"m{number:04}"])
    taking = Taking(lesson, Session(lesson.case, header, kept.append))
    taking.go_on()
    count = 0
    for _ in range(TRIES):
        if count >= ACTIONS:
            break
        try:
            act(taking, rng)
        except NegsimError:  # the line has ended
            with suppress(NegsimError):
                for _ in range(rng.randrange(1, 8)):
                    taking.sitting.undo()
        taking.moved()
        count = sum(isinstance(it, Applied) for it in kept)
    taking.finish()
    taking.answer({"met": rng.choice(("yes", "no"))})
    return lines(header, kept)


def act(taking: Taking, rng: random.Random) -> None:
    """An action that neither ends the line nor delivers, since behind that nobody goes back; or a
    pass."""
    sitting = taking.sitting
    state, game = sitting.here.state, sitting.game
    going = [
        it
        for it in sitting.choices
        if it.kind != "deliver" and not is_terminal(game, apply_action(game, state, it))
    ]
    if sitting.lapses or not going:
        raise NegsimError("go back")
    if rng.random() < 0.8:
        sitting.take(rng.choice(going).id)
    else:
        sitting.end_turn()


def report(lesson: Lesson, folder: Path) -> tuple[HandIn, ...]:
    return hand_ins(lesson, find([str(folder)]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", help="where files are written")
    parser.add_argument("--level", default="basic", help="the level of January 2022")
    parser.add_argument("--profile", action="store_true", help="say where the time goes")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        top = Path(name)
        folder = top / "handed-in"
        folder.mkdir()
        lesson = exercise(top, asked.level)
        rng = random.Random(1)
        for number in range(JOURNALS):
            (folder / f"{number:04}.jsonl").write_bytes(played(lesson, rng, number))
        whole = [timed(lambda: report(lesson, folder)) for _ in range(3)]
        good = whole[0][1]
        assert len(good) == JOURNALS
        assert not any(it.wrong for it in good), next(it for it in good if it.wrong).findings
        seconds = median(it for it, _ in whole)
        print(f"grading {JOURNALS} journals of {ACTIONS} actions: {seconds:.2f} s (goal: under 5)")
        if asked.profile:
            cProfile.runctx("report(lesson, folder)", globals(), locals(), sort="tottime")
        raw = (folder / "0000.jsonl").read_bytes()
        (folder / "torn.jsonl").write_bytes(raw[:-30])
        (folder / "changed.jsonl").write_bytes(raw.replace(b'"us"', b'"nato"', 1))
        (folder / "none.jsonl").write_bytes(b"{" * 100_000)
        seconds, graded = timed(lambda: report(lesson, folder))
        assert sum(it.grade is not None for it in graded) == JOURNALS
        print(f"  with three broken ones among them: {seconds:.2f} s")
        tables = timed(lambda: [it(lesson, graded, None) for it in (canvas, moodle)])[0]
        tables += timed(lambda: grades_csv(lesson, graded))[0]
        pages = timed(lambda: [pages_of(lesson, it) for it in good])[0]
        print(f"  three tables: {tables:.2f} s; {2 * JOURNALS} pages of feedback: {pages:.2f} s")


def pages_of(lesson: Lesson, it: HandIn) -> tuple[str, str]:
    assert it.grade is not None
    return feedback_html(lesson, it.grade), feedback_markdown(lesson, it.grade)


if __name__ == "__main__":
    main()
