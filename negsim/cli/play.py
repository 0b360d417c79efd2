"""`negsim play`: a session at a linear prompt."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import click

from negsim import journal, journal_file
from negsim.cli.output import memory_option, width, worked_out
from negsim.errors import NegsimError, UnknownNameError, printable, quote
from negsim.journal import Header, as_name
from negsim.journal_file import Writer
from negsim.pack.catalogue import find_pack
from negsim.pack.compile import FULL
from negsim.pack.load import load_pack
from negsim.pack.models import Others
from negsim.places import journals, sessions
from negsim.prompt import Closes, Prompt
from negsim.rules import NATURE
from negsim.session import Case, Session, changed, replayed

LATEST = "latest"


@click.command("play")
@click.argument("pack")
@click.option("--seat", metavar="PARTY", help="Sit for this party; left out, act for everybody.")
@click.option(
    "--others",
    type=click.Choice(["wait", "random", "ask", "record"]),
    help="What the other parties do once the line has left the record: pass (the default), take "
    "drawn actions, be asked for, or take the record's next step that is legal.",
)
@click.option("--level", metavar="NAME", help="Play at a simpler level, as basic.")
@click.option(
    "--seed", type=click.IntRange(0, 10**12 - 1), metavar="N", help="What chance is drawn from."
)
@click.option("--team", metavar="NAME", help="The name of your team, kept with the session.")
@click.option("--member", "members", multiple=True, metavar="NAME", help="Who is in it; repeat.")
@click.option(
    "--resume",
    is_flag=False,
    flag_value=LATEST,
    metavar="[FILE]",
    help="Go on with the last session of this pack, or with the one in FILE.",
)
@click.option("--to", "file", metavar="FILE", help="Keep it here.")
@memory_option
def command(
    pack: str,
    seat: str | None,
    others: Others | None,
    level: str | None,
    seed: int | None,
    team: str | None,
    members: tuple[str, ...],
    resume: str | None,
    file: str | None,
    memory: int,
) -> None:
    """Play at a linear prompt: type a number, read what follows.

    For screen readers, slow links and pipes too. Each turn tells where things stand, what changed,
    and the numbered actions; `help` tells what else can be typed. Every step is on disk before it
    shows.

    \b
    Examples:
      negsim play two-towns --seat lowmill
      negsim play january-2022 --level basic --seat us
      negsim play january-2022 --resume
    """
    loaded = load_pack(find_pack(pack), branches_too=False)
    given = (seat, others, level, seed, team, file)
    if resume is not None and (members or any(it is not None for it in given)):
        raise click.UsageError("--resume goes on as the session began; leave the other options out")
    if resume is not None:
        path = _latest(loaded.pack.id) if resume == LATEST else journal_file.find_journal(resume)
        writer, kept = journal_file.resume(path)
        case = Case(loaded, kept.header.level)
        with writer:
            if kept.header.exercise is not None:
                raise NegsimError(
                    f"{quote(kept.file)} is of the exercise {quote(kept.header.exercise)}; go on "
                    f"with: negsim exercise --resume {called(path)}"
                )
            session = replayed(kept, case, writer.append)
            for warning in (kept.warning, _warning(kept.header, case)):
                if warning is not None:
                    click.echo(f"negsim: {warning}", err=True)
            _play(session, writer, memory)
        return
    case = Case(loaded, level or FULL)
    seats = [who for who in case.game.movers if who != NATURE]
    if seat is not None and seat not in seats:
        raise UnknownNameError("seat", seat, seats, loaded.pack.id)
    header = journal.new_header(
        loaded.pack.id,
        loaded.content_hash,
        case.level,
        seed=seed,
        seat=seat,
        others=others or "wait",
        team=plain(team, "--team") if team is not None else None,
        members=[plain(name, "--member") for name in members],
    )
    path = Path(file) if file is not None else journal_file.file_of(header)
    with journal_file.create(path, header) as writer:
        _play(Session(case, header, writer.append), writer, memory)


def plain(name: str, option: str) -> str:
    """A name as it is kept. Raises BadParameter where it is empty or too long."""
    try:
        return as_name(name)
    except NegsimError as error:
        raise click.BadParameter(str(error), param_hint=option) from error


def _warning(header: Header, case: Case) -> str | None:
    if not changed(header, case):
        return None
    return f"the pack {quote(header.pack)} has changed since; every step was tried anew and fits"


def _latest(pack: str) -> Path:
    """The session of a pack that was written last and is of no exercise."""
    for path in journals():
        if path.stem[:-9] == pack and not _is_exercise(path):
            return path
    raise NegsimError(f"no session of {quote(pack)} is kept; start one without --resume")


def _is_exercise(path: Path) -> bool:
    with suppress(NegsimError):  # what is wrong with it, is said where it is gone on with
        return journal.read_journal(path).header.exercise is not None
    return False


def called(path: Path) -> str:
    """A journal as a command line names it."""
    return path.stem if path.parent == sessions() else shlex.quote(str(path))


def _play(session: Session, writer: Writer, memory: int) -> None:
    path = writer.path
    again = f"negsim play {session.header.pack} --resume {called(path)}"
    with_history()
    Prompt(session, read_line, click.echo, width, closes_with(memory), path, again).run()


def with_history() -> None:
    """Arrow keys and a history at a terminal, where there is such a thing."""
    if sys.stdin is not None and sys.stdin.isatty():
        with suppress(ImportError):
            import readline  # noqa: F401


def forget() -> None:
    """Takes from a terminal what it shows, what was scrolled away and what was typed."""
    if sys.stdout is not None and sys.stdout.isatty():
        click.clear()
        if os.name != "nt":  # there the command behind it takes all away
            click.echo("\x1b[3J", nl=False)
    if (readline := sys.modules.get("readline")) is not None:
        readline.clear_history()


def read_line(question: str) -> str:
    """A line of input; where it comes from a pipe, it is shown as if it had been typed.

    Raises EOFError at its end, and where Ctrl-C is pressed.
    """
    try:
        line = input(question)
    except UnicodeDecodeError:
        click.echo("The line could not be read as text; write it in plain letters.")
        return read_line(question)
    except (EOFError, KeyboardInterrupt, RuntimeError) as error:  # the last: a stream is closed
        if sys.stdout is not None:
            click.echo()
        raise EOFError from error
    if not sys.stdin.isatty():
        click.echo(printable(line))
    return line


def closes_with(memory: int) -> Closes:
    """What tells the endings that actions close, within so many megabytes."""

    def closes(session: Session, viewpoint: str) -> Mapping[str, tuple[str, ...]]:
        from negsim import store
        from negsim.explore.arena import Watch
        from negsim.explore.seats import Seat

        case = session.case
        hint = case.loaded.order if case.level == FULL else ()

        def task(watch: Watch) -> Mapping[str, tuple[str, ...]]:
            with store.explored(case.game, hint, memory, watch) as explorer:
                return Seat(explorer, viewpoint, session.here.state).closes()

        try:
            return worked_out(task)
        except KeyboardInterrupt as error:
            raise NegsimError("stopped; what was worked out is kept") from error

    return closes
