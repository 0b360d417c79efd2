"""`negsim debrief`: a class beside itself and the record, as a page to project."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from negsim.cli.output import json_option, show_json, worked_out, write_text
from negsim.errors import NegsimError, printable, quote

if TYPE_CHECKING:
    from negsim.classroom.handins import HandIn
    from negsim.classroom.lesson import Lesson
    from negsim.classroom.together import Class, Turned
    from negsim.explore.arena import Watch
    from negsim.journal import Journal

SECONDS = 20.0
"""Turning points are given up after so long; what was worked out is kept for the next time."""

MOST = 3
"""Of the files of which the same is said so many are named."""


@click.command("debrief")
@click.argument("files", nargs=-1, required=True, metavar="FILE-OR-FOLDER...")
@click.option(
    "--exercise", "name", required=True, metavar="X", help="The exercise: PACK/NAME, or its file."
)
@click.option("--html", metavar="FILE", help="Write one page to project and to print.")
@click.option("--markdown", metavar="FILE", help="Write the same in Markdown.")
@click.option("--names", is_flag=True, help="Say whose words are whose; else nobody is named.")
@click.option("--force", is_flag=True, help="Write over files that are there.")
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    files: Sequence[str],
    name: str,
    html: str | None,
    markdown: str | None,
    names: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Show a class what it did: its papers beside the reported ones, reasons, answers, branches.

    The journals are replayed; those that cannot be used are named and left out. Without --html,
    --markdown or --json the Markdown is printed. The exit code is 1 where a file is amiss.

    \b
    Examples:
      negsim debrief handed-in --exercise january-2022/three-readers --html debrief.html
      negsim debrief *.jsonl --exercise my-own.yaml --markdown debrief.md --names
    """
    from negsim.classroom.catalogue import find_lesson
    from negsim.classroom.handins import find, hand_ins
    from negsim.classroom.lesson import load_lesson

    pages = [Path(it) for it in (html, markdown) if it is not None]
    for path in pages:
        if not force and os.path.lexists(path):
            raise NegsimError(f"{quote(path, 300)} is there already; add --force to write over it")
    lesson = load_lesson(find_lesson(name))
    found = find(files, pages)
    if not found:
        raise NegsimError("there is no file to debrief; name the journals, or their folder")
    terminal = sys.stderr is not None and sys.stderr.isatty()
    if terminal:
        with click.progressbar(length=len(found), label="Reading", file=sys.stderr) as bar:
            handed_in = hand_ins(lesson, found, each=lambda: bar.update(1))
    else:
        handed_in = hand_ins(lesson, found)
    for line in _amiss(handed_in):
        click.echo(line, err=True)
    _tell(lesson, handed_in, names, html, markdown, as_json)
    ctx.exit(int(any(it.wrong for it in handed_in)))


def _amiss(handed_in: Sequence[HandIn]) -> Iterator[str]:
    """What was found of files, each thing once with the files that it is said of."""
    found: dict[str, list[str]] = {}
    for it in handed_in:
        for finding in it.findings:
            found.setdefault(printable(finding.said), []).append(printable(it.file))
    for said, files in found.items():
        more = f" and {len(files) - MOST} more" if len(files) > MOST else ""
        yield f"{', '.join(sorted(files)[:MOST])}{more}: {said}"


def _tell(
    lesson: Lesson,
    handed_in: Sequence[HandIn],
    names: bool,
    html: str | None,
    markdown: str | None,
    as_json: bool,
) -> None:
    from negsim.classroom.together import as_data, together

    group = _group(lesson, handed_in, names)
    if not group.takings:
        click.echo("negsim: none of these files can be used", err=True)
        return
    turned = _turned(group)
    if turned is None:
        note = f"turning points were not worked out in {SECONDS:g} s; what was found is kept"
        click.echo(f"{note}: the next time it goes on from there", err=True)
    told = together(group, turned, len(handed_in) - len(group.takings))
    if html is not None:
        from negsim.export.class_html import class_html

        write_text(Path(html), class_html(told))
    if as_json:
        files = [
            {"file": it.file, "findings": [one.said for one in it.findings]} for it in handed_in
        ]
        show_json({"exercise": lesson.id, **as_data(told), "files": files})
    if markdown is not None or not (html or as_json):
        from negsim.export.class_markdown import class_markdown

        text = class_markdown(told)
        if markdown is not None:
            write_text(Path(markdown), text)
        else:
            click.echo(text, nl=False)


def _group(lesson: Lesson, handed_in: Sequence[HandIn], names: bool) -> Class:
    """Those whose journal could be replayed, each session once."""
    from negsim.classroom.taking import Taking
    from negsim.classroom.together import Class
    from negsim.session import replayed

    journals: dict[str, Journal] = {}
    for it in handed_in:
        if it.grade is not None and it.journal is not None:
            journals.setdefault(it.session, it.journal)
    takings = [Taking(lesson, replayed(it, lesson.case)) for it in journals.values()]
    return Class(lesson, takings, names=names)


class _TooLongError(Exception):
    """The time that is allowed is over."""


def _turned(group: Class) -> Turned | None:
    """What the steps of the class's lines closed; None where it takes too long."""
    from negsim import store
    from negsim.classroom.together import closings
    from negsim.explore.diagrams import NotDecidedError
    from negsim.explore.hindsight import Hindsight
    from negsim.pack.compile import FULL
    from negsim.rules import EVERYTHING

    if not any(group.course(taking, name) for taking in group.takings for name in group.played):
        return {}
    case, end = group.lesson.case, time.monotonic() + SECONDS

    def work(watch: Watch) -> Turned | None:
        def timed(what: str, nodes: int) -> None:
            watch(what, nodes)
            if time.monotonic() > end:
                raise _TooLongError

        hint = case.loaded.order if case.level == FULL else ()
        try:
            with store.explored(case.game, hint, watch=timed) as explorer:
                return closings(group, Hindsight(explorer, EVERYTHING), timed)
        except (_TooLongError, NotDecidedError):
            return None

    return worked_out(work)
