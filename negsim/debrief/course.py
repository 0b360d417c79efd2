"""The line itself: what was played, where it left the record and why, where it turned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from negsim.cycle.table import capital
from negsim.debrief.line import Line
from negsim.debrief.told import TURNING, Listing, Section, Table, Told, columns_of, section_of
from negsim.engine import outcome
from negsim.rules import EVERYTHING
from negsim.session import Node
from negsim.views import place, when


def heading(line: Line) -> Section:
    """What was played, by whom, and where the line stops."""
    pack, header = line.pack, line.session.header
    ended = outcome(line.game, line.node.state)
    if ended is not None:
        text = f"{ended.ending.title}. {ended.reason} ({ended.ending.basis})"
        stops = Told(text, ended.ending.facts, "Ending reached")
    else:
        last = line.case.loaded.record.ends if line.node is line.case.trunk[-1] else None
        stops = Told(" ".join(filter(None, ("None was reached.", last))), (), "Ending")
    steps = sum(not line.is_pass(it) for it in line.node.line)
    level = pack.levels[line.case.level].title if line.case.level in pack.levels else "the whole"
    told = (
        Told(f"{pack.title}. {pack.about}", (), "Case"),
        Told(level, (), "Level"),
        Told(line.name(header.seat) if header.seat else "all parties", (), "Seat"),
        Told(header.team or "", (), "Team", "person"),
        Told(", ".join(header.members), (), "Members", "person"),
        Told(f"{line.node.round}; a round is {pack.round}", (), "Rounds"),
        Told(f"{steps}, passes not counted", (), "Steps"),
        stops,
        Told(pack.outside_the_record or "", (), "Outside the record", "outside"),
    )
    lead = "A debrief tells what a line came to in this model, and judges nobody."
    lead += " Everything in this case is invented." if pack.invented else ""
    return section_of("line", "The line", lead, Listing("", tuple(it for it in told if it.text)))


def record(line: Line) -> Section:
    """Where the line left the record, the reason noted there, and where it came back to a state."""
    left = line.session.left_record(line.node)
    lead = "The record is the line that is reported."
    if line.pack.invented:
        lead = "In an invented case the record is the story that it tells."
    if left is None:
        text = "This is the start." if line.node.parent is None else "The line is on the record."
        return section_of("record", "Beside the record", lead, Listing("", (Told(text),)))
    own = line.node.line[len(left.line) :]
    first = next((it for it in own if not line.is_pass(it)), own[-1])
    last = next((it for it in reversed(left.line) if not line.is_pass(it)), None)
    told = [
        line.step(last, "The last step in common") if last
        else Told("the start", (), "The last place in common"),
        line.step(first, "The first step that differs"),
    ]  # fmt: skip
    following = line.case.following(left)
    while following is not None and line.is_pass(following):
        following = line.case.following(following)
    if following is not None:
        told.append(line.step(following, "The record's next step there"))
    parting = (left, *own[: own.index(first) + 1])
    reasons = [note for it in parting for note in line.session.notes.get(it.id, ())]
    told += [Told(it, (), "The reason noted there", "person") for it in reasons]
    if not reasons:
        told.append(Told("none was noted", (), "The reason"))
    told += _alternatives(line, first)
    told += _returns(line, own)
    told_so = "what is told there" if line.pack.invented else "what happened"
    lead += f" From where this line leaves it, it is not {told_so}."
    return section_of("record", "Beside the record", lead, Listing("", tuple(told)))


def _alternatives(line: Line, node: Node) -> Iterator[Told]:
    """The decision points whose alternative the step takes, with what makes it plausible."""
    for name, point in line.pack.decision_points.items():
        for choice in point.alternatives:
            if node.action in choice.do:
                text = f"{point.question} {choice.text}; {choice.basis}, not what happened"
                yield Told(text, tuple(choice.facts), f"Decision point {name}", "line")


def _returns(line: Line, own: Sequence[Node]) -> Iterator[Told]:
    """Where the line had a state of the record again; a stretch of such states is told once."""
    met = [(it, line.session.joins_record(it)) for it in own]
    for _, stretch in groupby(met, key=lambda pair: pair[1] is not None):
        node, joined = next(stretch)
        if joined is not None:
            text = f"{place(line.case, node, EVERYTHING)} The state is that of the record "
            text += place(line.case, joined, EVERYTHING)
            label = f"Back at a state of the record: {when(line.case, node)}"
            yield Told(capital(text), (), label, "line")


def turning(turning: Sequence[tuple[str, Sequence[str]]]) -> Section:
    """Turning points that were worked out elsewhere."""
    listings = [Listing(step, tuple(Told(it) for it in told)) for step, told in turning]
    lead = "Steps of this line after which less could follow in this model."
    return section_of(TURNING, "Turning points", lead, *listings)


def notes(line: Line) -> Section:
    """The names and notes that the session gave to places, those of other lines too."""
    session = line.session
    on_line = {line.case.trunk[0].id, *(it.id for it in line.node.line)}
    rows = []
    for node in session.nodes.values():
        given, notes = session.names.get(node.id), session.notes.get(node.id, ())
        if given is not None or notes:
            where = place(line.case, node, EVERYTHING)
            rows.append(
                (
                    Told(f"{node.id}, {where}"),
                    Told("this line" if node.id in on_line else "another line"),
                    Told(given or "", mark="person"),
                    Told(" / ".join(notes), mark="person"),
                )
            )
    columns = columns_of("Place", "On", "Name", "Notes")
    return section_of("notes", "Names and notes", "", Table("", columns, tuple(rows)))
