"""`negsim exercise`: the exercises there are, and one of them at a linear prompt."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from negsim import journal_file, places
from negsim.classroom.catalogue import Heading, find_lesson, headings, lesson_ids, ships
from negsim.classroom.lesson import Lesson, load_lesson
from negsim.cli.output import (
    json_option,
    memory_option,
    show,
    show_json,
    width,
    worked_out,
    write_text,
)
from negsim.cli.play import LATEST, called, closes_with, forget, plain, read_line, with_history
from negsim.errors import NegsimError, printable, quote
from negsim.journal import read_journal
from negsim.journal_file import Writer
from negsim.places import journals
from negsim.session import Session, changed, replayed
from negsim.text import wrap


@click.command("exercise")
@click.argument("name", required=False, metavar="[PACK/NAME or FILE]")
@click.option("--team", metavar="NAME", help="The name of your team, kept with the session.")
@click.option("--member", "members", multiple=True, metavar="NAME", help="Who is in it; repeat.")
@click.option(
    "--seed", type=click.IntRange(0, 10**12 - 1), metavar="N", help="What chance is drawn from."
)
@click.option(
    "--resume",
    is_flag=False,
    flag_value=LATEST,
    metavar="[FILE]",
    help="Go on with the exercise that was taken last, or with the one in FILE.",
)
@click.option("--to", "file", metavar="FILE", help="Keep it here.")
@click.option(
    "--print",
    "cards",
    metavar="FILE",
    help="Write its role cards, point sheets and answer sheets here, as HTML to print.",
)
@json_option
@memory_option
def command(
    name: str | None,
    team: str | None,
    members: tuple[str, ...],
    seed: int | None,
    resume: str | None,
    file: str | None,
    cards: str | None,
    as_json: bool,
    memory: int,
) -> None:
    """Take an exercise at a linear prompt, or list those there are.

    It opens at its brief and asks task after task. What you hand in is kept at once; the file to
    give to your teacher is named at the end.

    \b
    Examples:
      negsim exercise
      negsim exercise two-towns/first-letter
      negsim exercise two-towns/first-letter --print cards.html
      negsim exercise --resume
    """
    begun = team is not None or members or seed is not None or file is not None
    if as_json and (name is not None or resume is not None or cards is not None or begun):
        raise click.UsageError("--json is for the list; leave the other words out")
    if resume is not None and (begun or cards is not None):
        raise click.UsageError("--resume goes on as it began; leave the other options out")
    if cards is not None and begun:
        raise click.UsageError("--print takes nothing down; leave the other options out")
    if resume is not None:
        _go_on(name, resume, memory)
    elif name is not None:
        lesson = load_lesson(find_lesson(name))
        if cards is not None:
            _print(lesson, Path(cards))
        else:
            _begin(lesson, name, team, members, seed, file, memory)
    elif begun or cards is not None:
        raise click.UsageError("name an exercise; `negsim exercise` lists them")
    elif as_json:
        show_json([_data(it) for it in headings()])
    else:
        show(_lines(headings()))


# The list.


def _data(it: Heading) -> dict[str, Any]:
    """A heading for programs."""
    return asdict(it) | {"path": str(it.path), "readable": it.readable}


def _lines(heads: list[Heading]) -> list[str]:
    lines = []
    for it in heads:
        if it.readable:
            seats = f", as {' and '.join(it.seats)}" if it.seats else ""
            own = ", your own" if it.own else ""
            about = f"{it.id}: {it.title} ({it.minutes} min, {it.level}{seats}{own})"
            said = [*wrap(about, width(), "", "  "), *wrap(it.about, width(), "  ")]
        else:
            said = wrap(f"{it.id}: cannot be read; try: negsim check {it.id}", width(), "", "  ")
        lines += [printable(line) for line in said]
    own = f"Your own may lie in {printable(str(places.exercises()))}"
    return [*lines, "", "Take one: negsim exercise PACK/NAME, or FILE", *wrap(own, width())]


# One of them.


def _print(lesson: Lesson, path: Path) -> None:
    from negsim.export.cards import cards_html

    write_text(path, cards_html(lesson))
    click.echo(f"Written: {printable(str(path))}")


def _begin(
    lesson: Lesson,
    name: str,
    team: str | None,
    members: tuple[str, ...],
    seed: int | None,
    file: str | None,
    memory: int,
) -> None:
    from negsim.classroom.taking import header_of

    if not ships(name):
        from negsim.classroom.proofs import prove

        worked_out(lambda watch: prove(lesson, memory, watch))
    header = header_of(
        lesson,
        team=plain(team, "--team") if team is not None else None,
        members=[plain(it, "--member") for it in members],
        seed=seed,
    )
    path = Path(file) if file is not None else journal_file.file_of(header)
    with journal_file.create(path, header) as writer:
        _take(lesson, name, Session(lesson.case, header, writer.append), writer, memory)


def _go_on(name: str | None, resume: str, memory: int) -> None:
    if name is None and resume != LATEST and resume in lesson_ids():
        name, resume = resume, LATEST  # the option took the word that names the exercise
    lesson = load_lesson(find_lesson(name)) if name is not None else None
    if resume == LATEST:
        path = _latest(lesson.id if lesson is not None else None)
    else:
        path = journal_file.find_journal(resume)
    writer, kept = journal_file.resume(path)
    with writer:
        taken = kept.header.exercise
        if taken is None:
            raise NegsimError(
                f"{quote(kept.file)} is of no exercise; go on with: negsim play "
                f"{printable(kept.header.pack)} --resume {called(path)}"
            )
        if lesson is None:
            lesson = _taken(taken, path)
        if lesson.id != taken:
            raise NegsimError(f"{quote(kept.file)} is of the exercise {quote(taken)}")
        session = replayed(kept, lesson.case, writer.append)
        warnings = [kept.warning]
        if changed(kept.header, lesson.case):
            pack = quote(kept.header.pack)
            warnings.append(
                f"the pack {pack} has changed since; every step was tried anew, and fits"
            )
        if kept.header.task != lesson.content_hash:
            own = "" if name is not None else "; if it was a file of your own, name it too"
            warnings.append(f"the exercise {quote(taken)} has changed since it was begun{own}")
        for warning in warnings:
            if warning is not None:
                click.echo(f"negsim: {warning}", err=True)
        _take(lesson, name or lesson.id, session, writer, memory)


def _taken(name: str, path: Path) -> Lesson:
    """The exercise of a journal, where one has that name."""
    if name not in lesson_ids():
        raise NegsimError(
            f"no exercise is called {quote(name)}; name its file: negsim exercise FILE "
            f"--resume {called(path)}"
        )
    return load_lesson(find_lesson(name))


def _latest(name: str | None) -> Path:
    """The session in which an exercise, or any, was taken last."""
    for path in journals():
        try:
            taken = read_journal(path).header.exercise
        except NegsimError:
            continue
        if taken is not None and name in (None, taken):
            return path
    what = f"of {quote(name)} " if name is not None else ""
    raise NegsimError(f"no exercise {what}is kept; start one without --resume")


def _take(lesson: Lesson, name: str, session: Session, writer: Writer, memory: int) -> None:
    from negsim.classroom.asking import Asking
    from negsim.classroom.drafts import Drafts
    from negsim.classroom.taking import Taking

    path = writer.path
    file, which = called(path), shlex.quote(name)
    own = "" if name in lesson_ids() else f"{which} "
    after = (
        f"  negsim journal show {file}",
        f"  negsim compare {file} record",
        f"  negsim debrief {shlex.quote(str(path))} --exercise {which} --html debrief.html",
    )
    with_history()
    Asking(
        Taking(lesson, session),
        read_line,
        click.echo,
        width,
        closes_with(memory),
        path,
        f"negsim exercise {own}--resume {file}",
        after=after,
        fingerprint=lambda: read_journal(path).fingerprint,
        drafts=Drafts(path, session.header.session),
        forget=forget,
    ).run()
