"""A paper while it is drafted, as data: its points, and who has seen which version of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from negsim.cycle.paper import ANSWER_WORDS
from negsim.cycle.table import capital
from negsim.engine import read
from negsim.pack.compile import level_items
from negsim.pack.references import ALOUD
from negsim.replay import Frame, sees
from negsim.rules import Action
from negsim.session import Case, Node, Session
from negsim.views import said


@dataclass(frozen=True, slots=True)
class Point:
    """A row of a paper that is drafted: the item, what was said aloud on it so far with its facts,
    what the paper says now, the actions that change that, in the table's order, and the reasons
    noted where it was answered last."""

    item: str
    title: str
    aloud: str
    facts: tuple[str, ...]
    answer: str
    actions: tuple[Action, ...]
    reasons: tuple[str, ...] = ()


def drafted(case: Case, choices: Sequence[Action]) -> str | None:
    """The paper whose answers can be drafted now, if any."""
    return next((it.id.split("/")[1] for it in choices if it.kind == "answer"), None)


def draft(session: Session, node: Node, paper: str, choices: Sequence[Action]) -> list[Point]:
    """The rows of a paper in its author's eyes.

    What was said aloud counts once the record has come to a step that cites it.
    """
    case = session.case
    author = case.loaded.pack.exchanges[paper].addressee
    told = {fact for frame in _told_frames(case, node, author) for fact in frame.facts}
    points = []
    for item_id, item in level_items(case.loaded.pack, case.level).items():
        name = f"{paper}.{item_id}"
        if name not in case.game.position:
            continue
        spoken = item.reported.get(ALOUD)
        facts = tuple(fact for fact in spoken.facts if fact in told) if spoken else ()
        aloud = ANSWER_WORDS[spoken.answer] if spoken is not None and facts else ""
        answer = read(case.game, node.state, name)
        hangs = item.only_if and case.game.position.get(f"{name}.only-if") is not None
        condition = hangs and read(case.game, node.state, f"{name}.only-if") == "yes"
        points.append(
            Point(
                item_id,
                item.title,
                aloud,
                facts,
                ("" if answer == "none" else said(answer)) + (", only if" if condition else ""),
                tuple(it for it in choices if it.id.split("/")[1:3] == [paper, item_id]),
                _reasons(session, node, paper, item_id),
            )
        )
    return points


def _reasons(session: Session, node: Node, paper: str, item: str) -> tuple[str, ...]:
    """What was noted where the line here answered the item last."""
    last = next(
        (it for it in reversed(node.line) if it.action.split("/")[1:3] == [paper, item]), None
    )
    return session.notes.get(last.id, ()) if last is not None else ()


def _told_frames(case: Case, node: Node, viewpoint: str) -> Iterator[Frame]:
    """What the viewpoint sees of the record up to the last place that the line shares with it, and
    of what is only told after that and before the next."""
    while not node.recorded and node.parent is not None:
        node = node.parent
    last = 0 if node.parent is None else int(node.id[1:].partition("+")[0])
    there = takewhile(lambda it: it.number <= last or it.played is None, case.frames)
    return (frame for frame in there if sees(case.game, frame, viewpoint))


def shown_to(case: Case, node: Node, paper: str) -> list[str]:
    """Who has seen the draft of a paper, and in which version, a line each."""
    pack, game = case.loaded.pack, case.game
    lines = []
    for partner in pack.exchanges[paper].partners:
        name = f"{paper}.{partner}.depth"
        if name not in game.position:
            continue
        depth = read(game, node.state, name)
        stale = game.position.get(f"{paper}.{partner}.stale") is not None and (
            read(game, node.state, f"{paper}.{partner}.stale") == "yes"
        )
        text = "not told" if depth == "none" else said(depth)
        if stale and depth not in ("none", "informed"):
            text += ", an earlier version"
        lines.append(f"{capital(pack.parties[partner].name)}: {text}")
    return lines
