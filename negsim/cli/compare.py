"""`negsim compare`: two lines beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from negsim.cli.journal import opened
from negsim.cli.output import json_option, show, show_json, width
from negsim.cli.replay import is_script
from negsim.compare import compare, compare_lines, comparison_data
from negsim.errors import NegsimError, UnknownNameError, printable, quote
from negsim.pack.catalogue import pack_ids
from negsim.rules import EVERYTHING
from negsim.scripts import load_script, run
from negsim.session import Case, Node

RECORD = ("record", "start")
"""Words that name a line of the pack itself."""


@dataclass(frozen=True, slots=True)
class Line:
    """A place in a case, and what the line there is called."""

    case: Case
    node: Node
    called: str

    @property
    def of(self) -> str:
        """What is played, in words."""
        return f"{self.case.loaded.pack.id} ({self.case.level})"


@click.command("compare")
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option("--pack", metavar="PACK", help="The case of a journal whose pack does not ship.")
@click.option("--viewpoint", default=EVERYTHING, metavar="NAME", help="Whose eyes to see with.")
@click.option("--linear", is_flag=True, help="One thing after the other, not in two columns.")
@json_option
def command(
    first: str, second: str, pack: str | None, viewpoint: str, linear: bool, as_json: bool
) -> None:
    """Compare two lines of one case: where they part, and what differs at their ends.

    A and B are each a script (a YAML file), a journal (a file, or the name of a session that is
    kept; FILE@PLACE for a place in it), or the word record.

    \b
    Examples:
      negsim compare my-line.yaml record
      negsim compare two-towns-6a223a8a@weir two-towns-6a223a8a@12
    """
    if first in RECORD and second in RECORD:
        raise click.UsageError("name a script or a journal; the record alone has nothing beside it")
    if second in RECORD:
        one = _line(first, pack)
        other = _recorded(one.case, second)
    else:
        other = _line(second, pack)
        one = _recorded(other.case, first) if first in RECORD else _line(first, pack)
    if one.of != other.of:
        raise NegsimError(
            f"{quote(first)} is a line of {one.of}, {quote(second)} of {other.of}; lines of one "
            "case and level can be compared"
        )
    case = one.case
    if case.loaded.content_hash != other.case.loaded.content_hash:
        raise NegsimError(
            f"{quote(first)} and {quote(second)} are lines of two versions of "
            f"{quote(case.loaded.pack.id)}; keep one of the two folders"
        )
    viewpoint = viewpoint.lower()
    viewpoints = [*case.game.viewpoints, EVERYTHING]
    if viewpoint not in viewpoints:
        raise UnknownNameError("viewpoint", viewpoint, viewpoints, case.loaded.pack.id)
    if as_json:
        show_json(comparison_data(compare(case, one.node, other.node, viewpoint)))
        return
    called = (printable(one.called), printable(other.called))
    lines = compare_lines(
        case, one.node, other.node, width(), viewpoint, called=called, beside=not linear
    )
    show(lines)


def _recorded(case: Case, word: str) -> Line:
    return Line(case, case.trunk[-1 if word == "record" else 0], f"the {word}")


def _line(word: str, pack: str | None) -> Line:
    """The line that a script or journal tells. Raises NegsimError."""
    path = Path(word)
    if is_script(word):
        loaded = load_script(path)
        here = loaded.case.trunk[0]
        for result in run(loaded):
            here = result.here
            for it in result.failures:
                if it.path[-1] in ("do", "goto"):
                    raise NegsimError(str(loaded.tree.problem(it.path, it.message)))
        return Line(loaded.case, here, path.name)
    if word in pack_ids() and not path.exists():
        raise NegsimError(f"{quote(word)} is a pack; write record for its record")
    name, _, place = (word, "", "") if path.exists() or "@" not in word else word.rpartition("@")
    session = opened(name, pack)[1]
    return Line(session.case, session.find(place) if place else session.here, word)
