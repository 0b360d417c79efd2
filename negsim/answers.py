"""Answers of the explorer in words: lines of text, no input or output.

A proof about a model is no proof about history, so every answer speaks of this model, and names
the rule that decides it. "Can make sure of" is said of coalitions, "talks" of the answer that
offers them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from negsim.errors import quote
from negsim.explore.explorer import Coalition, Explorer
from negsim.explore.goals import Goal
from negsim.explore.soundness import GRAVE, Proof
from negsim.explore.turning import Decided, Shifted, TurningPoint, dials_that_matter
from negsim.pack.models import Pack
from negsim.replay import Point
from negsim.rules import Action, Game, State
from negsim.text import wrap

MODEL = (
    "These are answers about this model, not about history: another rule gives another answer. "
    "Full information is assumed of those who act together; chance may help with what is possible, "
    "and may hinder what is made sure of."
)


def number(count: int) -> str:
    """An exact number, with its size in words where it is large: `79,128`, `6.5 x 10^32`."""
    exact = f"{count:,}"
    if count < 10**9:
        return exact
    power = len(str(count)) - 1
    return f"{count / 10**power:.1f} x 10^{power} (exactly {exact})"


def together(pack: Pack, coalition: Iterable[str]) -> str:
    """A coalition as it stands in a sentence: `Russia with NATO`; of nobody it says nothing."""
    names = [pack.parties[name].name for name in pack.parties if name in coalition]
    if len(names) < 3:
        return " with ".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]} together"


def any_of(pack: Pack, coalitions: Sequence[Coalition], nobody: str, always: str) -> str:
    """Several coalitions, each of which can do it; `always` where it needs nobody."""
    if not coalitions:
        return nobody
    if frozenset() in coalitions:
        return always
    said = [
        together(pack, it) + (" alone" if len(it) == 1 else "")
        for it in sorted(coalitions, key=lambda it: (len(it), [*pack.parties].index(min(it))))
    ]
    return said[0] if len(said) == 1 else f"{'; '.join(said[:-1])}; or {said[-1]}"


def ending_title(game: Game, ending_id: str) -> str:
    """The title of an ending."""
    return next(ending.title for ending in game.endings if ending.id == ending_id)


def line_lines(
    movers: Sequence[str], line: Sequence[Action], rounds: int, width: int
) -> Iterator[str]:
    """A line of actions from a round on, numbered, passes folded, with the ids that replay it."""
    shown = told = 0
    for action in line:
        if action.is_pass:
            rounds += action.mover == movers[-1]
            continue
        shown += 1
        if rounds != told:
            told = rounds
            yield f"  round {rounds}"
        text = action.text or action.id
        yield from wrap(f"{shown:>4}  {text}  [{action.id}]", width, "", "      ")


def reasons(
    explorer: Explorer, pack: Pack, goal: Goal, decided: Decided | None, state: State
) -> tuple[str, ...]:
    """Which rule decides that a goal is lost, and what the pack declares that could change it.

    A sentence each; none where the line has simply come to another ending.
    """
    if decided is None:
        return ()
    said = [f"because {_refusal(decided, 'refuses')}"]
    dials = [name for name in pack.dials if name in explorer.game.position]
    for name, values in dials_that_matter(explorer, goal, state, dials).items():
        basis = pack.dials[name].basis
        said.append(f"it would be possible if {name} ({basis}) were {' or '.join(values)}")
    return tuple(said)


def _refusal(decided: Decided, refuses: str) -> str:
    need = decided.requirement
    return f"{rule_words(need.rule)} {refuses} {quote(decided.action.id)}: {need.otherwise}"


def _shift_reason(shifted: Shifted) -> str:
    """Which rule decides that others can now make sure of an ending; "" where none is named."""
    if shifted.decided is None:
        return ""
    if shifted.gained:
        return f"until then {_refusal(shifted.decided, 'refused')}"
    return f"now {_refusal(shifted.decided, 'refuses')}"


def rule_words(rule: str) -> str:
    """A rule as it stands in a sentence."""
    match rule:
        case "order":
            return "the order of the steps"
        case "once":
            return "the rule that a thing is settled once until it is taken up again"
        case "pack":
            return "a rule of this case"
        case "nature":
            return "the rule that an event of chance happens once"
        case _:
            return f"rule {rule}"


def rules_of(line: Iterable[Action]) -> list[str]:
    """The rules that the actions of a line had to satisfy, the numbered ones first."""
    rules = {need.rule for action in line for need in action.when}
    return sorted(rules, key=lambda rule: (not rule.startswith("G"), len(rule), rule))


def turning_lines(
    explorer: Explorer,
    pack: Pack,
    line: Point,
    points: Iterable[TurningPoint],
    width: int,
) -> Iterator[str]:
    """The turning points on the way to a point, each with what it closed, why, and who can now
    do what."""
    for point in points:
        action = explorer.game.action(point.action)
        text = f"{line.numbers[point.place]}  {action.text or action.id}"
        yield from wrap(text, width, "  ", "    ")
        yield from turning_point_lines(explorer, pack, point, line.steps[point.place].after, width)


def turning_point_lines(
    explorer: Explorer, pack: Pack, point: TurningPoint, after: State, width: int
) -> Iterator[str]:
    """What a turning point closed, why, and in whose hands things are after it."""
    game = explorer.game
    why: dict[tuple[str, ...], list[str]] = {}
    for lost in point.lost:
        said = reasons(explorer, pack, Goal(lost.ending), lost.decided, after)
        why.setdefault(said, []).append(ending_title(game, lost.ending))
    for said, titles in why.items():
        text = f"no longer possible in this model: {'; '.join(titles)}"
        yield from wrap(text, width, "     ", "       ")
        for sentence in said:
            yield from wrap(sentence, width, "       ", "         ")
    gone = {lost.ending for lost in point.lost}
    groups: dict[tuple[frozenset[Coalition], frozenset[Coalition], str], list[str]] = {}
    for it in point.shifted:
        if it.ending not in gone:
            key = frozenset(it.before), frozenset(it.after), _shift_reason(it)
            groups.setdefault(key, []).append(ending_title(game, it.ending))
    for (before, now, reason), titles in groups.items():
        text = (
            f"can now make sure of {'; '.join(titles)}: "
            f"{any_of(pack, [*now], 'nobody', 'it comes of itself')} "
            f"(before: {any_of(pack, [*before], 'nobody', 'it came of itself')})"
        )
        yield from wrap(text, width, "     ", "       ")
        if reason:
            yield from wrap(reason, width, "       ", "         ")


def overview_lines(
    explorer: Explorer, pack: Pack, state: State, where: str, width: int
) -> Iterator[str]:
    """Every ending from a state: whether it is possible, how far, who can force or prevent it."""
    game = explorer.game
    settled = explorer.settled(state)
    yield from wrap(f"{game.id}: {number(explorer.count())} states can be reached.", width)
    yield ""
    yield from wrap(f"Endings, seen from {where}:", width)
    for goal in explorer.endings:
        yield ""
        yield from wrap(f"{goal.name}  {ending_title(game, goal.name)}", width, "  ", "    ")
        if not explorer.possible(goal, state):
            yield from wrap("no longer possible in this model", width, "    ")
            continue
        if explorer.is_default(goal):
            yield from wrap("where everybody goes on passing", width, "    ")
        else:
            steps = explorer.distance(goal, state)
            yield from wrap(f"still possible; {_steps(steps)} at least", width, "    ")
        sure = any_of(pack, explorer.smallest(goal, settled), "nobody", "it comes of itself")
        stop = any_of(pack, explorer.smallest_avoiding(goal, settled), "nobody", "it is excluded")
        yield from wrap(f"can make sure of it: {sure}", width, "    ", "      ")
        yield from wrap(f"can prevent it: {stop}", width, "    ", "      ")


def _steps(count: int | None) -> str:
    return "1 step" if count == 1 else f"{count} steps"


def proof_lines(proof: Proof, width: int) -> Iterator[str]:
    """What was proved of a game, then each defect with the line that shows it."""
    count = number(proof.states)
    grave = [it for it in proof.defects if it.kind in GRAVE]
    rest = [it for it in proof.defects if it.kind not in GRAVE]
    if not grave:
        yield from wrap(
            f"{proof.game}: proved for all {count} states: every line can go on or has ended, "
            "every turn ends, an ending can always be reached, and every action and ending is "
            "possible.",
            width,
        )
    else:
        yield from wrap(f"{proof.game}: not sound; of {count} states:", width)
    for defect in grave:
        yield from wrap(f"error: {defect.message}", width, "  ", "    ")
        if defect.line is not None:
            shown = [name for name in defect.line if not name.startswith("pass/")]
            yield from wrap(f"line: {', '.join(shown) or 'the start'}", width, "    ", "      ")
    if rest:
        notes = "; ".join(defect.message for defect in rest)
        yield from wrap(f"Worth knowing: {notes}.", width, "  ", "    ")
