"""`negsim journal`: the sessions that are kept, shown, verified, repaired, and as scripts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from os.path import lexists
from pathlib import Path
from typing import Any

import click

from negsim import journal, journal_file
from negsim.cli.group import Suggesting
from negsim.cli.output import json_option, show, show_json, width
from negsim.cli.replay import is_script
from negsim.engine import outcome
from negsim.errors import NegsimError, printable, quote
from negsim.journal import AnyEntry, Header, Journal, as_line, read_journal
from negsim.journal_file import find_journal
from negsim.others import false_draws
from negsim.pack.catalogue import find_pack, pack_ids, shipped
from negsim.pack.load import LoadedPack, load_pack
from negsim.pack.references import absent
from negsim.places import journals, sessions
from negsim.scripts import header_of, load_script, run, script_text
from negsim.session import Case, Session, changed, replayed, salvaged
from negsim.text import wrap
from negsim.views import party_name, standing, tree_lines

FINGERPRINT = re.compile(r"\d{1,9}-[0-9a-f]{16}", re.ASCII)
pack_option = click.option(
    "--pack", metavar="PACK", help="The folder of the pack, where it is none that ships."
)


@click.group("journal", cls=Suggesting, invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Work with the journals of sessions: every step that was played, in the order it was.

    A journal is named by its file, or by the name that `negsim journal list` shows. Its lines are
    bound by hashes: what was changed by accident is found, and what was rewritten on purpose is
    found against a fingerprint that was collected before.

    \b
    Examples:
      negsim journal list
      negsim journal verify handed-in/*.jsonl
      negsim journal script two-towns-6a223a8a > line.yaml
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@command.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List the sessions that are kept on this machine, the last played first."""
    rows = [_row(path) for path in journals()]
    if as_json:
        show_json(rows)
    elif not rows:
        click.echo(f"No sessions are kept yet in {sessions()}; `negsim play` starts one.")
    for row in rows if not as_json else ():
        show(wrap(printable(f"{row['name']}  {row['about']}"), width(), "", "    "))


def _row(path: Path) -> dict[str, Any]:
    try:
        found = read_journal(path)
    except NegsimError as error:
        return {"name": path.stem, "file": str(path), "about": f"cannot be read: {error}"}
    header = found.header
    seat = header.seat or "all parties"
    team = f"; {header.team}" if header.team else ""
    about = f"{header.pack} ({header.level}), {seat}, {_count(len(found.entries))}{team}"
    played = datetime.fromtimestamp(path.stat().st_mtime).strftime("%Y-%m-%d %H:%M")
    return {
        "name": path.stem,
        "file": str(path),
        "about": f"{about}; last played {played}",
        "played": played,
        **header.model_dump(),
        "entries": len(found.entries),
        "fingerprint": found.fingerprint,
    }


def opened(word: str, pack: str | None) -> tuple[Journal, Session]:
    """A journal by its file or name, and the session that it tells. Raises NegsimError."""
    found = read_journal(find_journal(word))
    _warn(found)
    return found, replayed(found, _case(found.header, found.file, pack))


def _case(header: Header, file: str, pack: str | None) -> Case:
    """The case of a journal: of the pack that ships, or of the folder that a person names.

    A journal comes from strangers, so what it says itself is no path.
    """
    if pack is None and header.pack not in pack_ids():
        message = absent("pack", header.pack, pack_ids())
        raise NegsimError(f"{message}; or name the folder of the pack with --pack")
    loaded = _loaded(find_pack(pack) if pack else shipped() / header.pack)
    if loaded.pack.id != header.pack:
        raise NegsimError(
            f"{quote(file)} is a session of {quote(header.pack)}, not of {quote(loaded.pack.id)}"
        )
    return _cased(loaded.folder, header.level)


@cache
def _loaded(folder: Path) -> LoadedPack:
    """The pack, read once for all journals of a call."""
    return load_pack(folder, branches_too=False)


@cache
def _cased(folder: Path, level: str) -> Case:
    return Case(_loaded(folder), level)


def _warn(found: Journal) -> None:
    if found.warning is not None:
        click.echo(f"negsim: {found.warning}", err=True)


@command.command("show")
@click.argument("file")
@pack_option
@json_option
def show_(file: str, pack: str | None, as_json: bool) -> None:
    """Show every line that was tried in a session, as a tree."""
    found, session = opened(file, pack)
    if as_json:
        show_json(_tree(found, session))
        return
    show(_shown(found, session))


def _shown(found: Journal, session: Session) -> Iterator[str]:
    header, columns = found.header, width()
    yield from wrap(f"{session.case.loaded.pack.title}, level {header.level}", columns)
    who = party_name(session.case.loaded.pack, header.seat) if header.seat else "all parties"
    yield from wrap(f"Seat: {who}. Others: {header.others}. Seed: {header.seed}.", columns)
    if header.team or header.members:
        members = ", ".join(header.members)
        yield from wrap(f"Team: {header.team or ''}{': ' if members else ''}{members}", columns)
    yield from wrap(f"{_count(len(found.entries))}; fingerprint {found.fingerprint}", columns)
    yield ""
    yield from tree_lines(session, columns)
    yield from wrap(standing(session), columns)


def _tree(found: Journal, session: Session) -> dict[str, Any]:
    nodes = []
    for node in session.nodes.values():
        ended = outcome(session.game, node.state)
        nodes.append(
            {
                "place": node.id,
                "parent": node.parent.id if node.parent is not None else None,
                "action": node.action or None,
                "by": node.by,
                "round": node.round,
                "name": session.names.get(node.id),
                "notes": list(session.notes.get(node.id, ())),
                "ending": ended.ending.id if ended is not None else None,
            }
        )
    return {
        **found.header.model_dump(),
        "entries": len(found.entries),
        "fingerprint": found.fingerprint,
        "here": session.here.id,
        "places": nodes,
    }


@command.command("verify")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--fingerprint", metavar="F", help="One collected before: the journal must still begin so."
)
@pack_option
@json_option
def verify(
    files: tuple[str, ...], fingerprint: str | None, pack: str | None, as_json: bool
) -> None:
    """Verify journals: nothing changed or missing, and every step legal when it is played anew."""
    if fingerprint is not None and len(files) != 1:
        raise click.UsageError("--fingerprint is of one journal; name one file")
    paths = [find_journal(file) for file in files]
    if fingerprint is not None and not FINGERPRINT.fullmatch(fingerprint):
        message = (
            f"{quote(fingerprint)} is no fingerprint; `negsim journal fingerprint` prints them"
        )
        raise click.BadParameter(message, param_hint="--fingerprint")
    results = [_verified(path, fingerprint, pack) for path in paths]
    if as_json:
        show_json(results)
    else:
        for result in results:
            show(wrap(printable(f"{result['file']}: {result['said']}"), width(), "", "    "))
    if not all(result["whole"] for result in results):
        raise click.exceptions.Exit(1)


def _verified(path: Path, fingerprint: str | None, pack: str | None) -> dict[str, Any]:
    """What is said of a journal, and whether it is whole; one that cannot be tried is not."""
    try:
        found = read_journal(path)
        session = replayed(found, _case(found.header, found.file, pack))
    except NegsimError as error:
        said = str(error).removeprefix(f"{printable(path.name)}: ")
        return {"file": str(path), "whole": False, "said": said}
    wrong = [
        f"entry {node.id}: {node.action} is said to be drawn, and the seed draws another"
        for node in false_draws(session)
    ]
    if fingerprint is not None and not found.has(fingerprint):
        wrong.append(f"it does not begin as the fingerprint {quote(fingerprint)} says")
    said = f"whole; {_count(len(found.entries))}, fingerprint {found.fingerprint}"
    if changed(found.header, session.case):
        said += "; the pack has changed since, but every step fits"
    if found.torn:
        said = said.replace("whole", f"whole but for {found.torn} bytes never finished", 1)
    return {"file": str(path), "whole": not wrong, "said": "; ".join(wrong) or said}


def _count(entries: int) -> str:
    return "1 entry" if entries == 1 else f"{entries} entries"


@command.command("repair")
@click.argument("file")
@click.option("--to", metavar="FILE", help="Write it here.")
@pack_option
def repair(file: str, to: str | None, pack: str | None) -> None:
    """Write what is whole of a journal to another file; the one that is given stays as it is."""
    path = find_journal(file)
    target = Path(to) if to is not None else path.with_name(f"{path.stem}.repaired.jsonl")
    if lexists(target):
        raise NegsimError(f"{quote(target, 300)} exists; name another file with --to")
    header, entries, left_out = journal.salvage(path)
    kept, lost = salvaged(header, entries, _case(header, path.name, pack))
    if not left_out + lost:
        raise NegsimError(f"{quote(path, 300)} is whole; there is nothing to repair")
    with journal_file.create(target, header) as writer:
        for entry in kept:
            writer.append(entry)
    left_out += lost
    said = f"{_count(left_out)} left out: changed or never finished, or resting on what is missing"
    show(wrap(f"{target}: {_count(len(kept))} kept; {said}", width()))


@command.command("fingerprint")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@json_option
def fingerprint(files: tuple[str, ...], as_json: bool) -> None:
    """Print the fingerprint of journals, to compare with later: `negsim journal verify`, or
    `negsim grade --fingerprints`. A folder stands for the files in it; a file that cannot be read
    is named and stops no other.
    """
    rows, failed = [], 0
    for word in _each(files):
        try:
            path = find_journal(word)
            found = read_journal(path)
        except NegsimError as error:
            failed += 1
            click.echo(f"negsim: {error}", err=True)
            continue
        _warn(found)
        rows.append(
            {"file": str(path), "session": found.header.session, "fingerprint": found.fingerprint}
        )
    if as_json:
        show_json(rows)
    elif rows:
        show(f"{row['fingerprint']}  {printable(row['file'])}" for row in rows)
    if failed:
        raise click.exceptions.Exit(1 if rows else 2)


def _each(words: Iterable[str]) -> Iterator[str]:
    """The files that words name, and those in the folders that they name."""
    from negsim.classroom.handins import find

    for word in words:
        if Path(word).is_dir():
            yield from (str(it.path) for it in find([word]))
        else:
            yield word


@command.command("script")
@click.argument("file")
def script(file: str) -> None:
    """Print a journal as a script that `negsim replay` plays; or such a script as the journal.

    Nothing is lost either way: what comes back is the same, line for line.
    """
    if not is_script(file):
        found = read_journal(find_journal(file))
        _warn(found)
        click.echo(script_text(found), nl=False)
        return
    loaded = load_script(Path(file))
    entries: list[AnyEntry] = []
    for result in run(loaded, entries.append):
        for failure in result.failures:
            raise NegsimError(str(loaded.tree.problem(failure.path, failure.message)))
    header = header_of(loaded)
    if changed(header, loaded.case):
        message = "the pack has changed since; the states are those of the pack as it is now"
        click.echo(f"negsim: {loaded.tree.file}: {message}", err=True)
    before = ""
    for entry in (header, *entries):
        line, before = as_line(entry, before)
        click.echo(line.decode(), nl=False)
