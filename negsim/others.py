"""Who moves where nobody is asked: the record, a rule for the seats that nobody has, or chance.

What is drawn depends on the seed and on the actions up to the place alone: to undo and to come back
draws the same, and whoever replays a journal can draw again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256

from negsim.engine import legal_actions, mover, refusal
from negsim.pack.models import By
from negsim.rules import NATURE, Action, Game
from negsim.session import Node, Session

CALM = 9
"""What it weighs that nothing happens at a turn of chance: an event of weight 1 comes in one turn
of ten. Invented."""
LONGEST = 1_000
"""After so many moves without a question the session stops, whatever could still follow."""


def draw(node: Node, seed: int, choices: Sequence[tuple[Action, int]]) -> Action:
    """One of the actions by their weights, at least one of them above 0."""
    left = drawn(f"{seed}/".encode() + node.path, sum(weight for _, weight in choices))
    for action, weight in choices:
        if left < weight:
            return action
        left -= weight
    raise ValueError("no weight is above 0")


def drawn(text: bytes, below: int) -> int:
    """A number from 0 to below that one, which hangs on the text alone."""
    return int.from_bytes(sha256(text).digest()[:8]) % below


def by_chance(game: Game, node: Node, seed: int) -> Action:
    """What nature does: one of its events, or nothing."""
    events = legal_actions(game, node.state)
    return draw(node, seed, [(it, CALM if it.is_pass else it.weight) for it in events])


def at_random(game: Game, node: Node, seed: int) -> Action:
    """Any legal action of the mover, each as likely as to pass."""
    return draw(node, seed, [(it, 1) for it in legal_actions(game, node.state)])


def from_record(session: Session, node: Node, who: str) -> str | None:
    """The first action of the record by that mover which this line lacks, if it is legal here."""
    taken = {it.action for it in node.line}
    theirs = session.case.recorded_by.get(who, ())
    following = next((action for action in theirs if action not in taken), None)
    legal = following is not None and refusal(session.game, node.state, following) is None
    return following if legal else None


def unasked(session: Session, node: Node) -> tuple[str, By] | None:
    """What is done at a place without asking, and who chooses it; None where a person does, or
    nobody can.

    Who is asked, is asked as long as more can be done than to pass. For the others, the record goes
    on while the line follows it, or has come to a state of it again; else the session's rule holds.
    """
    header, game = session.header, session.game
    who = mover(game, node.state)
    if who is None:
        return None
    following = session.case.following(node)
    if who == NATURE and session.nature is not None and not header.sits(who):
        action = session.nature(node)
        return action, "rule" if following is None or action != following.action else "record"
    if following is not None and not header.sits(who):
        return following.action, "record"
    if header.sits(who) or header.others == "ask":
        only_pass = all(it.is_pass for it in legal_actions(game, node.state))
        return (f"pass/{who}", "rule") if only_pass else None
    if who == NATURE:
        return by_chance(game, node, header.seed).id, "chance"
    if header.others == "random":
        return at_random(game, node, header.seed).id, "rule"
    if header.others == "record" and (step := from_record(session, node, who)) is not None:
        return step, "record"
    may_pass = refusal(game, node.state, f"pass/{who}") is None
    return f"pass/{who}" if may_pass else at_random(game, node, header.seed).id, "rule"


def advance(session: Session) -> Iterator[Node]:
    """Plays for whoever is not asked, each place as it is reached; nothing follows where one is.

    It stops too where a round of passes has changed nothing: to pass on is a choice then.
    """
    for _ in range(LONGEST):
        chosen = unasked(session, session.here)
        if chosen is None:
            return
        node = session.apply(*chosen)
        yield node
        if all_passed(session.game, node) and _answers(session):
            return


def _answers(session: Session) -> bool:
    """Whether a person answers for who has the turn, if anything can be done."""
    header = session.header
    who = mover(session.game, session.here.state)
    return who is None or header.sits(who) or header.others == "ask"


def all_passed(game: Game, node: Node) -> bool:
    """Whether a whole round of passes led here and changed nothing."""
    last = node.line[-len(game.movers) :]
    passed = len(last) == len(game.movers) and all(game.action(it.action).is_pass for it in last)
    return passed and last[0].parent is not None and last[0].parent.state == node.state


def false_draws(session: Session) -> Iterator[Node]:
    """The places whose action is said to be drawn by chance, and is not what the seed gives."""
    for node in session.nodes.values():
        if node.by == "chance" and node.parent is not None:
            drawn = by_chance(session.game, node.parent, session.header.seed)
            if drawn.id != node.action:
                yield node
