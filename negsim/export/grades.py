"""Grades as tables: plain CSV, the forms that the gradebooks of Canvas and Moodle import, JSON.

Names come from strangers: no cell begins as a formula does, whichever sign a spreadsheet takes for
the end of a cell. A gradebook is given no grade that should be looked at first, and nobody whom it
cannot know: one unknown name makes Moodle refuse the whole file.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from negsim.classroom.collected import Collected
from negsim.classroom.grading import Grade, Mark
from negsim.classroom.handins import HandIn
from negsim.classroom.lesson import Lesson
from negsim.errors import NegsimError, printable, quote
from negsim.export.feedback import points

FORMULA = re.compile(r"(^|;)([\s\"']*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
"""Where a spreadsheet could take what follows for a formula."""
POINTS_POSSIBLE = "Points Possible"
"""What marks Canvas' second row; nobody may be called so."""

CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
"""The columns by which Canvas finds a student, in its order."""
MOODLE = ("ID number", "Username", "Email address")
"""Columns by which Moodle can be told to find a student."""
NAMES = ("member", *CANVAS[:1], *CANVAS[2:4], *MOODLE)
"""Columns of a roster that can hold what a student gave as their name."""
KNOWN = {it.casefold(): it for it in ("team", *NAMES, *CANVAS)}

Row = Mapping[str, str]
"""A person of a roster: what stands in each column that is known."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A table for a gradebook, and whom it leaves out, with the reason."""

    text: str
    left_out: tuple[str, ...]


def safe(text: str) -> str:
    """The text on one line, with an apostrophe where it could begin a formula."""
    return FORMULA.sub(r"\1\2'", printable(text))


def as_csv(rows: Iterable[Sequence[str]]) -> str:
    """The rows as CSV, every cell safe."""
    lines = _Lines()
    writer = csv.writer(lines, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return "".join(lines)


class _Lines(list[str]):
    """What a CSV writer writes to."""

    def write(self, text: str) -> None:
        self.append(text)


def grades_csv(lesson: Lesson, found: Sequence[HandIn]) -> str:
    """One row for each file, with a column for each task; a file without a grade has empty ones."""
    tasks = [*lesson.exercise.tasks]
    head = ["team", "members", "session", "file", "fingerprint", "tasks done", "tasks"]
    head += ["participation", "performance", "matched the record", "predictions"]
    head += [*(f"task: {it}" for it in tasks), "found"]
    rows = [head]
    for it in found:
        team, members = it.who
        row = [team, "; ".join(members), it.session, it.file]
        row += _figures(it.grade) if it.grade is not None else [""] * (7 + len(tasks))
        rows.append([*row, " | ".join(f"{one.kind}: {one.said}" for one in it.findings)])
    return as_csv(rows)


def _figures(grade: Grade) -> list[str]:
    hits, made = grade.matched
    return [
        grade.fingerprint,
        str(grade.done),
        str(len(grade.marks)),
        points(grade.participation),
        _shown(grade.performance),
        str(hits),
        str(made),
        *(_shown(it.score) for it in grade.marks),
    ]


def _shown(share: float | None) -> str:
    return "" if share is None else points(share)


def grades_json(
    lesson: Lesson, found: Sequence[HandIn], missed: Sequence[Collected] = ()
) -> dict[str, Any]:
    """Everything about each file, for programs; shares are of 1. `missed` are the fingerprints
    that were collected of what nobody handed in."""
    return {
        "exercise": lesson.id,
        "task": lesson.content_hash,
        "pack": lesson.loaded.pack.id,
        "content": lesson.loaded.content_hash,
        "files": [_hand_in(it) for it in found],
        "missing": [
            {"fingerprint": it.fingerprint, "file": it.file or None, "session": it.session or None}
            for it in missed
        ],
    }


def _hand_in(it: HandIn) -> dict[str, Any]:
    team, members = it.who
    return {
        "file": it.file,
        "session": it.session or None,
        "team": team or None,
        "members": [*members],
        "wrong": it.wrong,
        "found": [{"kind": one.kind, "said": one.said} for one in it.findings],
        "grade": _grade(it.grade) if it.grade is not None else None,
    }


def _grade(grade: Grade) -> dict[str, Any]:
    hits, made = grade.matched
    return {
        "fingerprint": grade.fingerprint,
        "participation": _rounded(grade.participation),
        "performance": _rounded(grade.performance),
        "done": grade.done,
        "matched": hits,
        "predictions": made,
        "tasks": {it.task: _mark(it) for it in grade.marks},
    }


def _mark(it: Mark) -> dict[str, Any]:
    return {
        "kind": it.kind,
        "weight": it.weight,
        "answered": it.answered,
        "participation": _rounded(it.took),
        "score": _rounded(it.score),
        "said": it.said or None,
        "answers": {
            row.key: {"given": [*row.given], "score": _rounded(row.score)} for row in it.rows
        },
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


# Gradebooks.


def canvas(lesson: Lesson, found: Sequence[HandIn], roster: Sequence[Row] | None) -> Entered:
    """The file that Canvas' gradebook imports: its own columns, two assignments of 100 points."""
    title = lesson.exercise.title
    head = [*CANVAS, f"{title}: participation", f"{title}: performance"]
    rows = [head, [f"    {POINTS_POSSIBLE}", *[""] * (len(CANVAS) - 1), "100", "100"]]
    people, left_out = _people(found, roster, "Student")
    for who, grade in people:
        student = who.get("Student") or who.get("member", "")
        cells = [_no_points_row(student), *(who.get(it, "") for it in CANVAS[1:])]
        rows.append([*cells, points(grade.participation), _shown(grade.performance)])
    return Entered(as_csv([*rows[:2], *sorted(rows[2:])]), left_out)


def _no_points_row(name: str) -> str:
    return name.replace(POINTS_POSSIBLE, POINTS_POSSIBLE.replace(" ", "-"))


def moodle(lesson: Lesson, found: Sequence[HandIn], roster: Sequence[Row] | None) -> Entered:
    """A file that Moodle's gradebook imports: whom it knows by one of its columns, and two grade
    items of 100 points."""
    title = lesson.exercise.title
    people, left_out = _people(found, roster, "Username")
    columns = [it for it in MOODLE if any(who.get(it) for who, _ in people)] or ["Username"]
    rows = [[*columns, f"{title}: participation", f"{title}: performance"]]
    for who, grade in people:
        known = [who.get(it, "") for it in columns]
        if not all(known):
            missing = columns[known.index("")]
            left_out += (f"{quote(_called(who))}: the roster has nothing under {quote(missing)}",)
            continue
        rows.append([*known, points(grade.participation), _shown(grade.performance)])
    return Entered(as_csv([*rows[:1], *sorted(rows[1:])]), left_out)


def _called(who: Row) -> str:
    return next((who[it] for it in ("member", "Student", *MOODLE) if who.get(it)), "nobody")


def _people(
    found: Sequence[HandIn], roster: Sequence[Row] | None, column: str
) -> tuple[list[tuple[Row, Grade]], tuple[str, ...]]:
    """Each person with their grade, and what is left out. Without a roster the names that were
    given stand in that column as they are. Of who stands in several sessions none counts by itself:
    right answers are told at once, so that who teaches chooses."""
    left_out: list[str] = []
    grades: dict[tuple[tuple[str, str], ...], list[tuple[str, Grade]]] = defaultdict(list)
    for it in found:
        if it.grade is None or it.wrong:
            left_out.append(f"{quote(it.file)}: look at it first")
            continue
        people, missing = _known(it, roster, column)
        left_out += [f"{quote(it.file)}: {one}" for one in missing]
        for who in people:
            grades[tuple(sorted(who.items()))].append((it.file, it.grade))
    graded: list[tuple[Row, Grade]] = []
    for key, several in grades.items():
        who = dict(key)
        if len(several) == 1:
            graded.append((who, several[0][1]))
            continue
        files = ", ".join(quote(file) for file, _ in several[:3])
        more = f" and {len(several) - 3} more" if len(several) > 3 else ""
        said = f"{quote(_called(who))} stands in {len(several)} sessions, {files}{more}"
        left_out.append(f"{said}; leave only the one that counts")
    return graded, tuple(left_out)


def _known(it: HandIn, roster: Sequence[Row] | None, column: str) -> tuple[list[Row], list[str]]:
    """The people of a hand-in, and which of its names cannot be told."""
    team, members = it.who
    if roster is None:
        if not members:
            return [], ["no member is named in it"]
        return [{column: name} for name in members], []
    found: list[Row] = [row for row in roster if team and _same(row.get("team", ""), team)]
    missing = []
    for name in members:
        fits = [row for row in roster if any(_same(row.get(key, ""), name) for key in NAMES)]
        if len(fits) == 1:
            found += [row for row in fits if row not in found]
        elif fits:
            missing.append(f"{quote(name)} stands {len(fits)} times in the roster")
        elif not found:
            missing.append(f"{quote(name)} is not in the roster")
    if not found and not missing:
        missing = [f"{quote(team)} is not in the roster" if team else "nobody is named in it"]
    return found, missing


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def roster_in(text: str, file: str) -> list[Row]:
    """The people of a roster: a CSV with the columns `team` or `member`, or with those of a
    gradebook, as Canvas and Moodle export it. Raises NegsimError."""
    first = text.partition("\n")[0]
    rows = csv.reader(
        text.splitlines(), delimiter=";" if first.count(";") > first.count(",") else ","
    )
    try:
        head = [KNOWN.get(" ".join(it.split()).casefold(), "") for it in next(rows, [])]
        if not set(head) & {"team", *NAMES}:
            known = ", ".join(quote(it) for it in ("team", *NAMES))
            raise NegsimError(f"{quote(file)}: its first row names none of the columns {known}")
        found = [
            {name: cell.strip() for name, cell in zip(head, row, strict=False) if name and cell}
            for row in rows
        ]
    except csv.Error as error:
        raise NegsimError(f"{quote(file)} is no CSV ({error})") from error
    return [it for it in found if it and POINTS_POSSIBLE not in it.get("Student", "")]


def left_out_lines(form: str, entered: Entered) -> Iterator[str]:
    """Whom the table of a gradebook leaves out, a line each."""
    for it in entered.left_out:
        yield f"not in the {form} file as it stands: {it}"
