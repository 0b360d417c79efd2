"""`negsim grade`: what was handed in, verified, played again and graded."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from negsim.classroom.catalogue import find_lesson
from negsim.classroom.collected import Collected
from negsim.classroom.collected import fingerprints as read_fingerprints
from negsim.classroom.handins import MOST_BYTES, Found, HandIn, find, hand_ins, missing
from negsim.classroom.lesson import Lesson, load_lesson
from negsim.cli.output import json_option, show, show_json, width
from negsim.errors import NegsimError, printable, quote
from negsim.export.feedback import feedback_html, feedback_markdown, named, percent
from negsim.export.grades import (
    Row,
    canvas,
    grades_csv,
    grades_json,
    left_out_lines,
    moodle,
    roster_in,
)
from negsim.journal import why
from negsim.text import wrap

FIGURES = 34
"""The columns that the figures of a row of the table take."""


@click.command("grade")
@click.argument("files", nargs=-1, required=True, metavar="FILE|FOLDER...")
@click.option(
    "--exercise", "exercise", required=True, metavar="X", help="PACK/NAME, or the file of one."
)
@click.option("--csv", "to_csv", metavar="FILE", help="Write the grades as CSV.")
@click.option("--canvas", "to_canvas", metavar="FILE", help="Write what Canvas imports.")
@click.option("--moodle", "to_moodle", metavar="FILE", help="Write what Moodle imports.")
@click.option(
    "--roster",
    metavar="FILE",
    help="CSV: who is who in Canvas or Moodle, by columns `team` or `member`, or an export of its "
    "gradebook.",
)
@click.option("--feedback", metavar="FOLDER", help="Write a page for each session, HTML and .md.")
@click.option(
    "--fingerprints",
    metavar="FILE",
    help="What `negsim journal fingerprint` printed when time was up.",
)
@click.option("--force", is_flag=True, help="Write over files that exist.")
@json_option
def command(
    files: tuple[str, ...],
    exercise: str,
    to_csv: str | None,
    to_canvas: str | None,
    to_moodle: str | None,
    roster: str | None,
    feedback: str | None,
    fingerprints: str | None,
    force: bool,
    as_json: bool,
) -> None:
    """Grade journals that were handed in, by playing each of them again.

    Participation and performance stand apart. A file that is broken, of another exercise, handed in
    twice or copied is named with the reason and stops no other. Without --roster the names that
    students gave stand as Canvas' Student and Moodle's Username.

    Ends with 1 where a file could not be graded, something is wrong with it, or one is missing
    whose fingerprint was collected.

    \b
    Examples:
      negsim grade handed-in --exercise two-towns/first-letter
      negsim grade handed-in --exercise mine.yaml --canvas grades.csv --roster canvas.csv
    """
    targets = {"csv": to_csv, "canvas": to_canvas, "moodle": to_moodle}
    wanted = {form: Path(file) for form, file in targets.items() if file is not None}
    folder = Path(feedback) if feedback is not None else None
    lesson = load_lesson(find_lesson(exercise))
    people = _roster(roster) if roster is not None else None
    collected = read_fingerprints(Path(fingerprints)) if fingerprints is not None else None
    read = [Path(it) for it in (roster, fingerprints) if it is not None]
    _writable(wanted, folder, read, force)
    found = find(files, [*wanted.values(), *read, *_pages_in(folder)])
    if not found:
        raise NegsimError(f"{quote(files[0], 300)} holds no files")
    graded = _graded(lesson, found, collected)
    left_out = _write(lesson, graded, wanted, people)
    if folder is not None:
        _write_pages(lesson, graded, folder)
    missed = missing(graded, collected or ())
    if as_json:
        show_json(grades_json(lesson, graded, missed))
    else:
        show(_table(lesson, graded, missed))
    for line in left_out:
        click.echo(f"negsim: {line}", err=True)
    if missed or any(it.wrong for it in graded):
        raise click.exceptions.Exit(1)


def _graded(
    lesson: Lesson, found: Sequence[Found], collected: Sequence[Collected] | None
) -> tuple[HandIn, ...]:
    """The files graded, with a bar where somebody watches."""
    if sys.stderr is None or not sys.stderr.isatty():
        return hand_ins(lesson, found, collected)
    with click.progressbar(length=len(found), label="Grading", file=sys.stderr) as bar:
        return hand_ins(lesson, found, collected, lambda: bar.update(1))


# What is read and written.


def _roster(file: str) -> list[Row]:
    path = Path(file)
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            text = stream.read(MOST_BYTES)
    except (OSError, ValueError) as error:
        raise NegsimError(f"{quote(path, 300)} cannot be read ({why(error)})") from error
    return roster_in(text, path.name)


def _writable(
    wanted: dict[str, Path], folder: Path | None, read: Sequence[Path], force: bool
) -> None:
    """Raises NegsimError where a file would be written over, or two things to one file."""
    taken = {os.path.realpath(it) for it in read}
    for path in wanted.values():
        real = os.path.realpath(path)
        if real in taken:
            raise NegsimError(f"{quote(path, 300)} stands twice in the call; name another file")
        taken.add(real)
        if os.path.lexists(path) and (not force or not os.path.isfile(path)):
            raise NegsimError(f"{quote(path, 300)} exists; name another file, or add --force")
    if folder is None or not os.path.lexists(folder):
        return
    if not os.path.isdir(folder):
        raise NegsimError(f"{quote(folder, 300)} is no folder")
    if not force and next(os.scandir(folder), None) is not None:
        raise NegsimError(f"{quote(folder, 300)} is not empty; name another, or add --force")


def _pages_in(folder: Path | None) -> list[Path]:
    """The pages that an earlier call wrote: they are nothing that was handed in."""
    if folder is None or not os.path.isdir(folder):
        return []
    return [*folder.glob("*.html"), *folder.glob("*.md")]


def _write(
    lesson: Lesson, graded: Sequence[HandIn], wanted: dict[str, Path], people: list[Row] | None
) -> list[str]:
    """Writes the tables; whom those of gradebooks leave out, a line each."""
    left_out: list[str] = []
    for form, path in wanted.items():
        if form == "csv":
            _put(path, grades_csv(lesson, graded))
            continue
        entered = (canvas if form == "canvas" else moodle)(lesson, graded, people)
        _put(path, entered.text)
        left_out += left_out_lines(form.capitalize(), entered)
    return left_out


def _write_pages(lesson: Lesson, graded: Sequence[HandIn], folder: Path) -> None:
    """A page of each session; they are called after it, never after a name that somebody gave."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise NegsimError(f"{quote(folder, 300)} cannot be made ({why(error)})") from error
    sessions = [it.session for it in graded if it.grade is not None]
    for it in graded:
        if it.grade is None:
            continue
        twice = sessions.count(it.session) > 1
        stem = f"{it.session}-{it.grade.fingerprint}" if twice else it.session
        _put(folder / f"{stem}.html", feedback_html(lesson, it.grade))
        _put(folder / f"{stem}.md", feedback_markdown(lesson, it.grade))


def _put(path: Path, text: str) -> None:
    """Writes the text byte for byte. Raises NegsimError."""
    try:
        path.write_bytes(text.encode())
    except (OSError, ValueError) as error:
        raise NegsimError(f"{quote(path, 300)} cannot be written ({why(error)})") from error


# The table.


def _table(lesson: Lesson, graded: Sequence[HandIn], missed: Sequence[Collected]) -> Iterator[str]:
    columns = width()
    good = [it.grade for it in graded if it.grade is not None]
    left = len(graded) - len(good)
    said = f"{lesson.exercise.title} ({lesson.id}): {len(good)} graded"
    yield from wrap(printable(f"{said}, {left} not" if left else said), columns)
    yield ""
    names = columns - FIGURES - 10
    if good:
        yield f"{'who':{names}}  {'session':8}{'tasks':>8}{'part.':>12}{'perf.':>14}"
    for grade in good:
        who = printable(named(grade))
        who = who if len(who) <= names else f"{who[: names - 3]}..."
        figures = (
            f"{grade.done}/{len(grade.marks)}",
            percent(grade.participation),
            percent(grade.performance),
        )
        yield f"{who:{names}}  {grade.session[:8]}{figures[0]:>8}{figures[1]:>12}{figures[2]:>14}"
    told = [(it, one) for it in graded for one in it.findings]
    if told:
        yield from ("", "To know:" if not any(it.wrong for it in graded) else "To look at:")
    for it, one in told:
        yield from wrap(printable(f"{it.file}: {one.kind}: {one.said}"), columns, "  ", "      ")
    if missed:
        yield from ("", "Not handed in, though a fingerprint was collected:")
    for lost in missed:
        yield from wrap(printable(f"{lost.fingerprint} {lost.file}"), columns, "  ", "      ")
