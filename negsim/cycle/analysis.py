"""Analysis: receipt, reading, analysis, position; the inner circle; how public the reply will be.

Sources: F93-F104 and guard G1 (the order, and the decider alone formulates).
"""

from __future__ import annotations

from negsim.cycle.paper import Paper
from negsim.cycle.table import Table, capital
from negsim.pack.models import Kind
from negsim.rules import (
    Condition,
    Requirement,
    Set,
    is_,
)

STEP_TEXT: dict[Kind, tuple[str, str]] = {
    "receive": ("{who} confirms the receipt of {paper}.", "courier"),
    "read": ("{who} reads {paper}.", "decider"),
    "analyse": ("{who} has analysed {paper}.", "minister"),
    "position": ("{decider} formulates the position on {paper}.", "decider"),
}


def analysis(paper: Paper) -> None:
    """The steps from receipt to position, the inner circle, and the publicity of the reply."""
    table, demander = paper.table, paper.demander
    for kind, (text, authority) in STEP_TEXT.items():
        if kind not in paper.steps:
            continue
        sentence = text.format(
            who=table.start(demander), paper=paper.title, decider=decider(table, demander)
        )
        table.action(
            kind,
            paper.act(kind),
            demander,
            sentence,
            [paper.due(kind, "G1")],
            [Set(paper.status, paper.steps[kind][1])],
            slot=paper.name(kind),
            authority=authority,
            seen_by=None if kind == "receive" else [demander],
        )
    known = paper.at(*paper.from_step("read"))
    if paper.exchange.inner_circle is not None and table.has("inner-circle"):
        name = table.flag(
            paper.name("inner-circle"), "whether the inner circle was heard", table.seen([demander])
        )
        table.action(
            "inner-circle",
            paper.act("inner-circle"),
            demander,
            f"{decider(table, demander)} hears {paper.exchange.inner_circle} on {paper.title}.",
            [
                Requirement(known, f"{paper.title} is not read", "G1"),
                Requirement(is_(name, "no"), "the circle was heard", "once"),
            ],
            [Set(name, "yes")],
            slot=name,
            seen_by=[demander],
        )
    if table.has("reply"):
        _reply_publicity(paper, known)


def decider(table: Table, party: str) -> str:
    """The party's decider by name, or the party, at the start of a sentence."""
    voices = table.pack.parties[party].voices.values()
    names = [voice.name for voice in voices if voice.authority == "decider"]
    return capital(names[0]) if names else table.start(party)


def _reply_publicity(paper: Paper, known: Condition) -> None:
    """How public the demander's own reply will be is decided separately (F104)."""
    table, demander = paper.table, paper.demander
    name = table.variable(
        paper.name("reply"),
        ("undecided", "secret", "gist", "text"),
        "undecided",
        f"publicity of the reply to {paper.title}",
        table.seen([demander]),
    )
    for publicity in ("secret", "gist", "text"):
        shown = {"secret": "stays secret", "gist": "is told in gist", "text": "is published"}
        table.action(
            "reply",
            paper.act("reply", publicity),
            demander,
            f"{decider(table, demander)} decides that the reply to {paper.title} "
            f"{shown[publicity]}.",
            [
                Requirement(known, f"{paper.title} is not read", "G1"),
                Requirement(is_(name, "undecided"), "its publicity is decided", "once"),
            ],
            [Set(name, publicity)],
            slot=name,
            seen_by=[demander],
        )
