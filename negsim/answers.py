"""Answers of the explorer in words: lines of text, no input or output.

A proof about a model is no proof about history, so every answer speaks of this model, and names
the rule that decides it. "Can make sure of" is said of coalitions, "talks" of the answer that
offers them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from negsim.cycle.table import capital
from negsim.engine import outcome
from negsim.errors import quote
from negsim.explore.explorer import Coalition, Explorer
from negsim.explore.goals import Goal
from negsim.explore.seats import Verdict
from negsim.explore.soundness import GRAVE, Proof
from negsim.explore.turning import Decided, Shifted, TurningPoint, dials_that_matter
from negsim.pack.models import Pack
from negsim.replay import Point
from negsim.rules import EVERYTHING, Action, Game, State
from negsim.session import Case, Node
from negsim.text import wrap
from negsim.views import place, when

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


@dataclass(frozen=True, slots=True)
class Able:
    """The smallest coalitions that can do a thing; and those that can in some states, where it
    depends on what is hidden."""

    surely: tuple[Coalition, ...] = ()
    perhaps: tuple[Coalition, ...] = ()


@dataclass(frozen=True, slots=True)
class Prospect:
    """What is known of an ending ahead; None is not worked out yet.

    `endless` says that it is the ending of lines that go on for ever. `steps` is the least number
    of actions to it, in the nearest of the states that cannot be told apart.
    """

    ending: str
    title: str
    endless: bool
    possible: Verdict | None = None
    steps: int | None = None
    sure: Able | None = None
    prevent: Able | None = None


def overview_lines(
    explorer: Explorer, pack: Pack, state: State, where: str, width: int
) -> Iterator[str]:
    """Every ending from a state: whether it is possible, how far, who can force or prevent it."""
    game = explorer.game
    yield from wrap(f"{game.id}: {number(explorer.count())} states can be reached.", width)
    yield ""
    yield from wrap(f"Endings, seen from {where}:", width)
    for goal in explorer.endings:
        it = prospect(explorer, goal, state)
        yield ""
        yield from wrap(f"{it.ending}  {it.title}", width, "  ", "    ")
        yield from prospect_lines(pack, it, width)


def prospect(explorer: Explorer, goal: Goal, state: State) -> Prospect:
    """Everything about an ending from a state, for who sees everything."""
    title, endless = ending_title(explorer.game, goal.name), explorer.is_default(goal)
    if not explorer.possible(goal, state):
        return Prospect(goal.name, title, endless, "no")
    settled = explorer.settled(state)
    return Prospect(
        goal.name,
        title,
        endless,
        "yes",
        explorer.distance(goal, state),
        Able(explorer.smallest(goal, settled)),
        Able(explorer.smallest_avoiding(goal, settled)),
    )


def prospect_lines(pack: Pack, it: Prospect, width: int) -> Iterator[str]:
    """What is known of an ending, indented, without its title."""
    match it.possible:
        case None:
            yield from wrap("not worked out yet", width, "    ")
            return
        case "no":
            yield from wrap("no longer possible in this model", width, "    ")
            return
        case "yes":
            said = "still possible"
        case "depends":
            said = "it depends on what is not seen from here whether it is still possible"
    if it.endless:
        said += ", where everybody goes on passing"
    elif it.steps is not None:
        said += f"; {'1 step' if it.steps == 1 else f'{it.steps} steps'} at least"
    yield from wrap(said, width, "    ", "      ")
    if it.sure is not None:
        said = _able(pack, it.sure, "it comes of itself")
        yield from wrap(f"can make sure of it: {said}", width, "    ", "      ")
    if it.prevent is not None:
        said = _able(pack, it.prevent, "it is excluded")
        yield from wrap(f"can prevent it: {said}", width, "    ", "      ")


def _able(pack: Pack, who: Able, always: str) -> str:
    said = any_of(pack, who.surely, "nobody for sure" if who.perhaps else "nobody", always)
    if who.perhaps:
        said += f". Depending on what is not seen: {any_of(pack, who.perhaps, '', always)}"
    return said


# What closed an ending


@dataclass(frozen=True, slots=True)
class Closed:
    """An ending that a step closed, the other choices there with which it could have stayed
    possible, those most like the step first, and the rules that decide it; None: not worked out."""

    ending: str
    instead: tuple[Action, ...] = ()
    reasons: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A step of a line that closed endings, as a viewpoint sees it.

    `node` is the place that the step led to. Where the viewpoint did not see the step, `seen` is
    false, and `node` is the last place before it of which it did, or the start.
    """

    node: Node
    closed: tuple[Closed, ...]
    seen: bool = True

    @property
    def endings(self) -> tuple[str, ...]:
        """The ids of the endings that it closed."""
        return tuple(it.ending for it in self.closed)


MOST = 3
"""So many other choices are told of a step; of more than that, how many they are."""


def turn_title(case: Case, turn: Turn, viewpoint: str) -> str:
    """When a step that closed endings was taken, and what was done."""
    if not turn.seen:
        return f"Not seen from here, {place(case, turn.node, viewpoint)}"
    action = case.game.action(turn.node.action)
    return f"{when(case, turn.node)}: {action.text or action.id}"


def turn_told(case: Case, turn: Turn, viewpoint: str, ending: str | None = None) -> list[str]:
    """What a step closed, by which rule, and what would have kept it possible: sentences.

    Of one ending, where one is named; then that it is no longer possible is not said.
    """
    groups: dict[tuple[tuple[Action, ...], tuple[str, ...]], list[str]] = {}
    for it in turn.closed:
        if ending in (None, it.ending):
            titles = groups.setdefault((it.instead, it.reasons or ()), [])
            titles.append(ending_title(case.game, it.ending))
    said = []
    for (instead, why), titles in groups.items():
        if ending is None:
            said.append(f"No longer possible in this model: {'; '.join(titles)}.")
        said += [f"{capital(sentence).rstrip('.')}." for sentence in why]
        said += _kept_by(turn, instead, len(titles) == 1, viewpoint)
    ended = outcome(case.game, turn.node.state)
    if ended is not None:
        said.append(f"The line ended there: {ended.ending.title}.")
    return said


def _kept_by(turn: Turn, instead: Sequence[Action], one: bool, viewpoint: str) -> list[str]:
    """Which other choices would have kept one ending possible, or several."""
    them = "it" if one else "them"
    if not turn.seen:
        return []
    if not instead:
        known = "" if viewpoint == EVERYTHING else ", as far as is seen from here,"
        return [f"No other choice there{known} would have kept {them} possible."]
    would = "would" if viewpoint == EVERYTHING else "could"
    choices = [(it.text or it.id).rstrip(".") for it in instead[:MOST]]
    if len(instead) > MOST:
        choices.append(f"one of {len(instead) - MOST} more")
    what = "Another choice" if len(instead) == 1 else "Other choices"
    return [f"{what} there {would} have kept {them} possible: {'; or '.join(choices)}."]


def turn_lines(
    case: Case, turn: Turn, viewpoint: str, width: int, ending: str | None = None
) -> Iterator[str]:
    """A step that closed endings, or one of them, in words (`turn_told`)."""
    yield from wrap(turn_title(case, turn, viewpoint), width, "", "  ")
    for sentence in turn_told(case, turn, viewpoint, ending):
        yield from wrap(sentence, width, "  ", "    ")


def turns_told(
    case: Case, turns: Iterable[Turn], viewpoint: str = EVERYTHING
) -> list[tuple[str, list[str]]]:
    """The turning points of a line, each with its title and sentences: for a debrief."""
    return [(turn_title(case, it, viewpoint), turn_told(case, it, viewpoint)) for it in turns]


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
