"""What a person at the table is shown, as lines of text: no input, no output, no colour.

Whatever is shown is seen with a viewpoint's eyes: `known` maps each variable that it knows of to
the value or blurred label that it saw last (`replay.view`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import NamedTuple

from negsim.cycle.paper import ANSWER_WORDS
from negsim.cycle.table import capital, words
from negsim.engine import apply_action, mover, observation, outcome
from negsim.pack.compile import level_items
from negsim.pack.models import Exchange, Pack
from negsim.replay import Frame, notices, sees, view
from negsim.rules import EVERYTHING, NATURE, Action, Game, State, Variable
from negsim.session import Case, Node, Session
from negsim.text import closing, frame_lines, in_words, stages, wrap

ANSWERED = frozenset({"rejected", "silent", "accepted"})
"""A variable that has one of these values is an answer."""
FOLDED = 8
"""A group of more actions than this is told in one line until it is asked for."""

KIND_WORDS: Mapping[str, str] = {
    "answer": "draft an answer",
    "redraft": "take an answer back",
    "consult": "consult",
    "signal": "say something",
    "publicise": "make public",
    "posture": "change the posture",
    "take-up": "take up an item",
    "set-aside": "set an item aside",
    "judge": "judge a condition",
    "decide": "decide",
    "own": "do what is particular to the case",
    "nature": "chance",
}
"""What the actions of a kind have in common, where the kind's own name does not say it."""


def party_name(pack: Pack, who: str) -> str:
    """A party, nature or a viewpoint as it stands in a sentence."""
    if who in pack.parties:
        return pack.parties[who].name
    return {NATURE: "chance", EVERYTHING: "everything"}.get(who, f"the {words(who)}")


def names(pack: Pack, viewpoints: Iterable[str]) -> str:
    """Several of them in a sentence."""
    said = [party_name(pack, who) for who in viewpoints]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


def known_to(game: Game, pack: Pack, action: Action) -> str:
    """Who sees the action happen."""
    seeing = [who for who in game.viewpoints if who in action.seen_by]
    if len(seeing) == len(game.viewpoints):
        return "all see it"
    if seeing in ([], [action.mover]):
        return "nobody else sees it"
    return f"seen by {names(pack, seeing)}"


def bookkeeping(game: Game) -> frozenset[str]:
    """What passing sets anew: the turn, and what may be done once a turn."""
    return frozenset(it.variable for action in game.actions if action.is_pass for it in action.then)


def effects(game: Game, state: State, action: Action, viewpoint: str) -> list[str]:
    """What the action changes here, as the viewpoint would see it: `title: old -> new`.

    What passing sets anew is left out, and a threat, whose title is its text.
    """
    after = apply_action(game, state, action)
    old, new = (observation(game, it, viewpoint) for it in (state, after))
    hidden = bookkeeping(game)
    return [
        f"{variable.title or variable.id}: {_change(variable, old.get(variable.id), value)}"
        for variable in game.variables
        if (value := new.get(variable.id)) is not None
        and variable.id not in hidden
        and variable.title != action.text
        and old.get(variable.id) != value
    ]


def _change(variable: Variable, old: str | None, new: str) -> str:
    """A change in words; what comes where nothing was is told alone."""
    if old in (None, "none", "no"):
        return said(new, variable)
    return f"{said(old, variable)} -> {said(new, variable)}"


def said(value: str | None, variable: Variable | None = None) -> str:
    """A value in words; those of an answer have words of their own."""
    if value is None:
        return "not known"
    if variable is not None and ANSWERED.isdisjoint(variable.values):
        return words(value)
    return next((text for answer, text in ANSWER_WORDS.items() if answer == value), words(value))


def action_lines(
    case: Case,
    state: State,
    actions: Sequence[Action],
    width: int,
    opened: str | None = None,
    *,
    told: Container[str] = (),
    ids: bool = False,
) -> Iterator[str]:
    """The actions, numbered from 1, with their effects and who sees them, but for those `told`.

    A large group is told in one line; where a kind is `opened`, that one alone is told, and where
    it is "", everything. With `ids` the ids stand with the texts.
    """
    pack = case.loaded.pack
    numbered = list(enumerate(actions, 1))
    for (kind, title), pairs in groupby(numbered, key=lambda it: group_of(pack, it[1])):
        group = list(pairs)
        first, last = group[0][0], group[-1][0]
        if opened not in (None, "", kind):
            continue
        if len(group) > FOLDED and opened is None:
            text = f"{first}-{last}  {title}: {len(group)} ways; `list {kind}` tells them"
            yield from wrap(text, width, "", "      ")
            continue
        for number, action in group:
            shown = f"  [{action.id}]" if ids else ""
            yield from wrap(f"{number:>3}  {action.text}{shown}", width, "", "     ")
            if action.id not in told:
                yield from wrap(consequences(case, state, action), width, "     ")


def consequences(case: Case, state: State, action: Action) -> str:
    """What an action changes in its mover's eyes, who sees it, and whether it ends the turn."""
    game, pack = case.game, case.loaded.pack
    eyes = action.mover if action.mover in game.viewpoints else EVERYTHING
    told = effects(game, state, action, eyes)
    if action.kind == "signal" and not told:
        told.append("words only, it commits to nothing")
    told.append(known_to(game, pack, action))
    if mover(game, apply_action(game, state, action)) not in (None, action.mover):
        told.append("it ends the turn")
    return "; ".join(told)


def group_of(pack: Pack, action: Action) -> tuple[str, str]:
    """The kind of an action, and the title of its group, with the paper that it is about."""
    parts = action.id.split("/")
    title = KIND_WORDS.get(action.kind, words(action.kind))
    if len(parts) > 1 and parts[1] in pack.exchanges:
        title += f", {pack.exchanges[parts[1]].title}"
    return action.kind, title


def stage_lines(case: Case, node: Node, viewpoint: str, width: int) -> Iterator[str]:
    """The date or round, and the stage of each exchange as far as it is seen."""
    game, pack = case.game, case.loaded.pack
    seen = stages(game, observation(game, node.state, viewpoint))
    told = [
        f"{pack.exchanges[paper].title}: {stage}"
        for paper, stage in seen.items()
        if pack.exchanges[paper].opened_by is None or stage != "demand"
    ]
    yield from wrap(f"{when(case, node)}. {capital('; '.join(told))}.", width, "", "  ")


def when(case: Case, node: Node) -> str:
    """The round; after the last date of the record that the line shares with it."""
    shared = node
    while not shared.recorded and shared.parent is not None:
        shared = shared.parent
    frames = {f"r{frame.number}": frame for frame in case.frames}
    dates = [frames[it.id].step.date for it in shared.line if it.id in frames]
    last = next((in_words(date) for date in reversed(dates) if date), None)
    if last is None:
        return f"Round {node.round}"
    return f"Round {node.round}, {'after ' if shared is not node else ''}{last}"


def saw(case: Case, node: Node, viewpoint: str) -> bool:
    """Whether the viewpoint sees the action that led to a place, or notices it; passes nobody."""
    action = case.game.by_id.get(node.action)
    if action is None or action.is_pass or node.parent is None:
        return False
    if viewpoint in (EVERYTHING, action.mover, *action.seen_by):
        return True
    return notices(case.game, node.parent.state, node.state, viewpoint)


def move_lines(case: Case, nodes: Iterable[Node], viewpoint: str, width: int) -> Iterator[str]:
    """What was done along these places (`steps`), one after the other."""
    for node in nodes:
        for step in steps(case, node, viewpoint):
            yield from step_lines(case, step, viewpoint, width)


def steps(case: Case, node: Node, viewpoint: str) -> Iterator[Frame | Node | None]:
    """What was done to come to a place from the one before, as the viewpoint sees it.

    A step of the record comes as the record tells it, with what it only tells before it; None
    stands for the end of the record. Passes are folded, and so is what is not seen.
    """
    if not node.recorded or node.action.startswith("pass/") or node.parent is None:
        if saw(case, node, viewpoint):
            yield node
        return
    frames = case.frames
    last = first = next(n for n, it in enumerate(frames) if it.number == int(node.id[1:]))
    while first and frames[first - 1].played is None:
        first -= 1
    ends = node is case.trunk[-1]
    for frame in frames[first : None if ends else last + 1]:
        if sees(case.game, frame, viewpoint):
            yield frame
    if ends:
        yield None


def step_lines(case: Case, step: Frame | Node | None, viewpoint: str, width: int) -> Iterator[str]:
    """A step in words: a step of the record, one off it, or the end of the record."""
    match step:
        case Frame():
            yield from frame_lines(step, case.game, case.loaded, viewpoint, width, facts=())
        case Node():
            drawn = ", drawn" if step.by == "chance" else ""
            text = case.game.action(step.action).text
            head = f"Round {step.round}, off the record{drawn}: "
            yield from wrap(head + text, width, "", "     ")
        case None:
            yield from closing(case.loaded, case.frames, width)


def opened(pack: Pack, known: Mapping[str, str]) -> Iterator[tuple[str, Exchange]]:
    """The exchanges that are there from the start, and mirrored ones once they are known of."""
    for paper, exchange in pack.exchanges.items():
        if exchange.opened_by is None or known.get(f"{paper}.status", "none") != "none":
            yield paper, exchange


def paper_lines(case: Case, known: Mapping[str, str], width: int) -> Iterator[str]:
    """Each paper: where it stands, how public it is, and whatever else is known of it."""
    game, pack = case.game, case.loaded.pack
    hidden = bookkeeping(game)
    items = level_items(pack, case.level)
    for paper, exchange in opened(pack, known):
        about = {
            variable.id: variable
            for variable in game.variables
            if variable.id.startswith(f"{paper}.")
            and variable.id.split(".")[1] not in items
            and variable.id not in hidden
        }
        if not about:
            continue
        yield from wrap(f"{capital(exchange.title)}", width, "  ", "    ")
        for name, variable in about.items():
            first = name.endswith((".status", ".publicity"))
            if known.get(name, variable.start) != variable.start or first:
                title = variable.title or name
                text = said(known.get(name), variable)
                yield from wrap(f"{title}: {text}", width, "    ", "      ")


def item_lines(case: Case, known: Mapping[str, str], width: int) -> Iterator[str]:
    """Each item with what is known of the answer of each paper, and of what became of it."""
    pack = case.loaded.pack
    game = case.game
    for item_id, item in level_items(pack, case.level).items():
        if not any(f"{paper}.{item_id}" in game.position for paper in pack.exchanges):
            continue
        priority = "" if item.priority == "unranked" else f" ({item.priority})"
        yield from wrap(f"{item.title}{priority}", width, "  ", "    ")
        for paper, exchange in opened(pack, known):
            name = f"{paper}.{item_id}"
            if name not in game.position:
                continue
            answer = known.get(name)
            text = "not known" if answer is None else said(answer)
            text = "no answer yet" if answer == "none" else text
            if known.get(f"{name}.only-if") == "yes" and item.only_if:
                text += f", only if {pack.conditions[item.only_if].title}"
            became = known.get(f"{name}.outcome", "pending")
            text += "" if became == "pending" else f"; {said(became)}"
            yield from wrap(f"{exchange.title}: {text}", width, "    ", "      ")


def brief_lines(case: Case, seat: str, width: int) -> Iterator[str]:
    """What who takes the seat should know: for its eyes alone."""
    pack = case.loaded.pack
    party = pack.parties[seat]
    yield from wrap(f"You sit for {party.name}. {party.about or ''}", width)
    if party.brief is not None:
        yield from wrap(party.brief.text, width)
        cited = f" [{' '.join(party.brief.facts)}]" if party.brief.facts else ""
        yield from wrap(f"({party.brief.basis}{cited})", width)
    for exchange in pack.exchanges.values():
        other = pack.parties[exchange.addressee].name
        if exchange.demander == seat:
            text = f"You ask {other} for a written answer: {exchange.title}. You judge it "
            yield from wrap(f"{text}{words(exchange.judging)}.", width, "  ", "    ")
        elif exchange.addressee == seat:
            partners = names(pack, exchange.partners) if exchange.partners else "nobody"
            text = f"You write {exchange.title}; you may consult {partners} on it."
            yield from wrap(text, width, "  ", "    ")
        elif seat in exchange.partners:
            yield from wrap(f"You may be consulted on {exchange.title}.", width, "  ", "    ")
    for line in party.red_lines.values():
        items = ", ".join(pack.items[item].title for item in line.items)
        yield from wrap(f"Your red line: {items}.", width, "  ", "    ")


def tree_lines(session: Session, width: int, viewpoint: str = EVERYTHING) -> Iterator[str]:
    """Every place that was tried (`tree_rows`), a line each, indented where lines part."""
    for row in tree_rows(session, viewpoint):
        indent = "  " * min(row.depth, 12)
        told = [f"[{mark}]" for mark in marks(session, row.node, viewpoint)]
        text = "  ".join([row.node.id, row.text, *told])
        yield from wrap(text, width, indent, indent + "    ")


class Row(NamedTuple):
    """A place of the tree as it is told: what was done, how often lines parted before, and the
    place that it stands under, if any: the first of its line, or where its line begins."""

    node: Node
    text: str
    depth: int = 0
    under: Node | None = None


def tree_rows(
    session: Session, viewpoint: str, sees: Callable[[Node], bool] | None = None
) -> Iterator[Row]:
    """Every place that was tried; passes are folded, and so is what the viewpoint does not see:
    `sees` may remember what it does.

    Not so where the session stands, what has a name, and the last place of a line. Of the record
    only the places are told where a line leaves it. The lines from the start stand first.
    """
    case = session.case
    sees = sees or partial(saw, case, viewpoint=viewpoint)
    start, *rest = case.trunk
    kept = session.names.keys() | {session.here.id}
    yield Row(start, "the start")
    yield from _below(session, start, sees, kept)
    for node in rest:
        below = list(_below(session, node, sees, kept))
        if below or node.id in kept:
            yield Row(node, f"on the record, {place(case, node, viewpoint)}")
            yield from below


def _below(
    session: Session, top: Node, sees: Callable[[Node], bool], kept: Collection[str]
) -> Iterator[Row]:
    """The places below one that are not on the record.

    A loop and not a recursion: a line may be thousands of places long.
    """
    waiting: list[tuple[Node, int, Node, Node | None]] = [
        (node, 1, top, None) for node in reversed(session.children(top)) if not node.recorded
    ]
    while waiting:
        node, depth, above, first = waiting.pop()
        children = session.children(node)
        seen = sees(node)
        if seen or not children or node.id in kept:
            action = session.game.action(node.action)
            text = action.text if seen or action.is_pass else "(nothing that you see)"
            yield Row(node, text, depth, first or above)
            above, first = node, first or node
        if len(children) == 1:
            waiting.append((children[0], depth, above, first))
        else:
            waiting += [(child, depth + 1, above, None) for child in reversed(children)]


def marks(session: Session, node: Node, viewpoint: str) -> Iterator[str]:
    """Where the session stands, the name, the ending, the same state on the record, the notes.

    Who does not see everything is not told of the state, since it would tell of hidden drafts.
    """
    if node is session.here:
        yield "<- here"
    if node.id in session.names:
        yield f'"{session.names[node.id]}"'
    ended = outcome(session.game, node.state)
    if ended is not None:
        yield f"ending: {ended.ending.title}"
    joined = session.joins_record(node) if viewpoint == EVERYTHING else None
    if joined is not None:
        yield f"same state as {joined.id}"
    for note in session.notes.get(node.id, ()):
        yield f"note: {note}"


def seen_last(case: Case, node: Node, viewpoint: str) -> Node | None:
    """The last place on the line here whose action the viewpoint saw; passes do not count."""
    return next((it for it in reversed(node.line) if saw(case, it, viewpoint)), None)


def place(case: Case, node: Node, viewpoint: str) -> str:
    """A place in words: `after: ...`, by the last action that the viewpoint saw."""
    last = seen_last(case, node, viewpoint)
    return f"after: {case.game.action(last.action).text}" if last else "at the start."


def standing(session: Session, viewpoint: str = EVERYTHING) -> str:
    """Where the line stands to the record, in a sentence."""
    left = session.left_record(session.here)
    if left is None:
        return "The line is on the record." if session.here.parent else "This is the start."
    joined = session.joins_record(session.here) if viewpoint == EVERYTHING else None
    back = f"; the state is that of {joined.id} again" if joined is not None else ""
    where = "the start" if left.parent is None else left.id
    return f"The line has left the record after {where}{back}."


def seen_line(case: Case, node: Node, viewpoint: str) -> Mapping[str, str]:
    """What the viewpoint knows at a place, after all that it saw on the line there."""
    states = [case.trunk[0].state, *(it.state for it in node.line)]
    return view(case.game, states, viewpoint)
