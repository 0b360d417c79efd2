"""`negsim ask`: exact questions about every line that can follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import click

from negsim import store
from negsim.answers import (
    MODEL,
    Told,
    any_of,
    ending_title,
    line_lines,
    overview_lines,
    reasons,
    rule_words,
    rules_of,
    together,
    turning_lines,
)
from negsim.cli.output import json_option, memory_option, show, show_json, width, worked_out
from negsim.engine import apply_action, legal_actions
from negsim.errors import NegsimError, UnknownNameError, quote
from negsim.explore.arena import Watch
from negsim.explore.explorer import Explorer
from negsim.explore.goals import Goal
from negsim.explore.seats import Seat
from negsim.explore.turning import TurningPoint, decided, turning_points
from negsim.pack.catalogue import find_pack
from negsim.pack.compile import FULL
from negsim.pack.load import LoadedPack, load_pack, read_condition
from negsim.replay import Point, find_point
from negsim.rules import Action, All, Condition, Game, Not, State
from negsim.text import wrap

QUESTIONS = ("possible", "always", "shortest", "forced_by", "avoidable_by")


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes or no, the sentences that say so, and the line that shows it, where there is one."""

    yes: bool
    sentences: tuple[str, ...]
    line: tuple[Action, ...] | None = None


@click.command("ask")
@click.argument("pack")
@click.option("--possible", is_flag=True, help="Can some line reach the goal?")
@click.option("--always", is_flag=True, help="Does every line reach the ending, or keep WHERE?")
@click.option("--shortest", is_flag=True, help="What is a shortest line to the goal?")
@click.option("--forced-by", metavar="PARTIES", help="Can they make sure of it: us, or us,nato.")
@click.option("--avoidable-by", metavar="PARTIES", help="Can they make sure it never happens?")
@click.option("--ending", metavar="ID", help="The goal: this ending, as `negsim show` lists it.")
@click.option("--where", metavar="CONDITION", help="The goal, or what must hold there: YAML.")
@click.option(
    "--from",
    "start",
    default="start",
    metavar="LINE",
    help="A day or step of the record, 'record' for its end, or action ids with commas.",
)
@click.option("--seat", metavar="NAME", help="Answer with what this viewpoint can see only.")
@click.option("--level", default=FULL, metavar="NAME", help="Ask at a simpler level, as basic.")
@memory_option
@json_option
def command(
    pack: str,
    possible: bool,
    always: bool,
    shortest: bool,
    forced_by: str | None,
    avoidable_by: str | None,
    ending: str | None,
    where: str | None,
    start: str,
    seat: str | None,
    level: str,
    memory: int,
    as_json: bool,
) -> None:
    """Ask what can still happen, and who can make sure of it.

    Without a question: every ending, how far it is, who can force or prevent it, and the turning
    points of the record. Exits 0 for yes, 1 for no. What is worked out is kept for the next time.

    \b
    Examples:
      negsim ask two-towns
      negsim ask two-towns --forced-by highwell --ending talks --from record
      negsim ask january-2022 --level basic --avoidable-by us --ending one-paper
      negsim ask january-2022 --possible --ending talks-on-part \\
        --where '{us-paper.nato.surprised: yes}'
      negsim ask january-2022 --avoidable-by us \\
        --where '{any: [{us-paper.nato.surprised: yes}, {us-paper.ukraine.surprised: yes}]}'
      negsim ask january-2022 --shortest --ending interim --from 2022-01-27
    """
    asked = [
        name
        for name, given in zip(
            QUESTIONS, (possible, always, shortest, forced_by, avoidable_by), strict=True
        )
        if given
    ]
    if len(asked) > 1:
        raise click.UsageError(f"ask one question at a time, not {len(asked)}")
    if asked and ending is None and where is None:
        raise click.UsageError("name the goal: --ending ID, --where CONDITION, or both")
    if not asked and (ending is not None or where is not None):
        raise click.UsageError(
            "say what to ask of the goal: --possible, --always, --shortest, "
            "--forced-by PARTIES or --avoidable-by PARTIES"
        )
    if always and ending is not None and where is not None:
        raise click.UsageError("--always asks of --ending or of --where, not of both")
    if seat is not None and (always or shortest or not asked):
        raise click.UsageError("for a seat ask --possible, --forced-by or --avoidable-by")
    loaded = load_pack(find_pack(pack), branches_too=False)
    game = loaded.at(level)
    goal = _goal(loaded, game, ending, where)
    parties = _parties(game, forced_by or avoidable_by or "")
    if seat is not None and seat not in game.viewpoints:
        raise UnknownNameError("viewpoint", seat, game.viewpoints, loaded.pack.id)
    point = find_point(game, loaded.record, level, loaded.game, start)
    hint = loaded.order if level == FULL else ()

    def with_explorer(answer: Callable[[Explorer], Any]) -> Any:
        def task(watch: Watch) -> Any:
            with store.explored(game, hint, memory, watch) as explorer:
                return answer(explorer)

        return worked_out(task)

    if goal is None:
        lines = with_explorer(lambda it: list(_overview(it, loaded, level, point, as_json)))
        show_json(lines[0]) if as_json else show(lines)
        return
    asking = _Asked(loaded, goal, asked[0], parties, point, seat)
    answer = with_explorer(lambda explorer: asking.answer(explorer))
    if as_json:
        line = [action.id for action in answer.line] if answer.line is not None else None
        show_json({"answer": answer.yes, "sentences": answer.sentences, "line": line})
    else:
        for sentence in answer.sentences:
            show(wrap(sentence, width()))
        if answer.line:
            show(line_lines(game.movers, answer.line, point.round, width()))
    if not answer.yes:
        raise click.exceptions.Exit(1)


def _goal(loaded: LoadedPack, game: Game, ending: str | None, where: str | None) -> Goal | None:
    """The goal that the options name. Raises UnknownNameError or InputError."""
    condition = read_condition(where, game, "--where") if where is not None else None
    if ending is None:
        return None if condition is None else Goal(where or "", condition)
    ids = [it.id for it in game.endings]
    if ending not in ids:
        raise UnknownNameError("ending", ending, ids, game.id)
    if condition is None:
        return Goal(ending)
    before: list[Condition] = []
    for it in game.endings:
        if it.id == ending:
            if it.when is None:
                raise NegsimError(
                    f"{quote(ending)} is the ending of lines that go on for ever, in which no one "
                    "state is the last; ask for the condition alone"
                )
            return Goal(f"{it.title}, where {where}", All((it.when, *before, condition)))
        if it.when is not None:
            before.append(Not(it.when))
    return None


def _parties(game: Game, names: str) -> frozenset[str]:
    parties = [name.strip() for name in names.split(",") if name.strip()]
    known = [name for name in game.movers if name != "nature"]
    if names and not parties:
        raise click.UsageError(f"name the parties, with commas: {', '.join(known)}")
    for name in parties:
        if name not in known:
            raise UnknownNameError("party", name, known, game.id)
    return frozenset(parties)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question about a goal from a point of a line."""

    loaded: LoadedPack
    goal: Goal
    question: str
    parties: frozenset[str]
    point: Point
    seat: str | None

    @property
    def said(self) -> str:
        """The goal as it stands in a sentence."""
        if self.goal.condition is None:
            return f"the ending {quote(ending_title(self.loaded.game, self.goal.name))}"
        return f"{quote(self.goal.name)}"

    def answer(self, explorer: Explorer) -> Answer:
        """The answer; for a seat, over all states that it cannot tell apart."""
        if self.seat is not None:
            return self._for_seat(explorer, Seat(explorer, self.seat, self.point.state))
        return getattr(self, f"_{self.question}")(explorer)  # type: ignore[no-any-return]

    def _possible(self, explorer: Explorer) -> Answer:
        state = self.point.state
        if not explorer.possible(self.goal, state):
            return Answer(False, (f"No. {self._since(explorer)}",))
        line = explorer.line(self.goal, state)
        start = f"Yes, in this model, from {self.point.where}: {self.said} is still possible"
        if line is None:
            return Answer(True, (f"{start}, where everybody goes on passing.",))
        if not line:
            return Answer(True, (f"{start}: it holds there already.",))
        return Answer(True, (f"{start}, as in this line.", *_rests_on(line)), line)

    def _shortest(self, explorer: Explorer) -> Answer:
        state = self.point.state
        line = explorer.line(self.goal, state)
        if line is None:
            if explorer.possible(self.goal, state):
                return Answer(True, ("No number of steps: it is where everybody goes on passing.",))
            return Answer(False, (f"There is none. {self._since(explorer)}",))
        steps = explorer.distance(self.goal, state)
        sentence = f"In this model {self.said} is {steps} steps from {self.point.where} at least."
        return Answer(True, (sentence, *_rests_on(line)), line)

    def _always(self, explorer: Explorer) -> Answer:
        state, goal = self.point.state, self.goal
        if goal.condition is None:
            if explorer.forces((), goal, state):
                return Answer(True, (f"Yes: in this model every line has {self.said}.",))
            others = [it for it in explorer.endings if it != goal]
            other = next((it for it in others if explorer.possible(it, state)), None)
            if other is None:
                return Answer(False, ("No: a line can go on without any ending.",))
            title = ending_title(explorer.game, other.name)
            line = explorer.line(other, state)
            return Answer(False, (f"No: a line can also have the ending {quote(title)}.",), line)
        broken = Goal(f"not {goal.name}", Not(goal.condition))
        if not explorer.possible(broken, state):
            return Answer(True, (f"Yes: in this model {self.said} holds from there on.",))
        line = explorer.line(broken, state)
        return Answer(False, (f"No: {self.said} does not hold at the end of this line.",), line)

    def _forced_by(self, explorer: Explorer) -> Answer:
        state, goal = self.point.state, self.goal
        names = capital_names(self.loaded, self.parties)
        if explorer.forces(self.parties, goal, state):
            line = _steered(explorer, self.parties, goal, state)
            sentence = (
                f"Yes: {names} can make sure of {self.said} in this model, whatever the others do "
                "and whatever happens by chance."
            )
            return Answer(True, (sentence, *_rests_on(line)), line)
        can = explorer.smallest(goal, state)
        pack = self.loaded.pack
        more = any_of(pack, can, "nobody can, all parties together included", "it comes of itself")
        sentence = f"No: {names} cannot make sure of {self.said} from {self.point.where}."
        return Answer(False, (sentence, f"Who can, in this model: {more}."))

    def _avoidable_by(self, explorer: Explorer) -> Answer:
        state, goal = self.point.state, self.goal
        names = capital_names(self.loaded, self.parties)
        if explorer.avoids(self.parties, goal, state):
            sentence = (
                f"Yes: {names} can make sure that it never comes to {self.said} in this model, "
                "whatever the others do and whatever happens by chance."
            )
            return Answer(True, (sentence, *self._needed(explorer)))
        can = explorer.smallest_avoiding(goal, state)
        more = any_of(self.loaded.pack, can, "nobody", "it never comes to it")
        sentence = f"No: {names} cannot make sure that it never comes to {self.said}."
        return Answer(False, (sentence, f"Who can, in this model: {more}."))

    def _needed(self, explorer: Explorer) -> Iterator[str]:
        """What the goal needs of those who can prevent it."""
        line = explorer.line(self.goal, self.point.state)
        own = [it for it in line or () if it.mover in self.parties and not it.is_pass]
        if not explorer.possible(self.goal, self.point.state):
            yield self._since(explorer)
        elif own and line is not None:
            yield (
                f"A shortest line to it needs their step {quote(own[-1].id)}, among {len(own)} "
                "of theirs."
            )
            yield from _rests_on(line)

    def _since(self, explorer: Explorer) -> str:
        """Since when the goal is impossible, and by which rule."""
        for number, step in enumerate(self.point.steps, 1):
            if explorer.possible(self.goal, step.before) and not explorer.possible(
                self.goal, step.after
            ):
                found = decided(explorer, self.goal, step)
                why = reasons(explorer, self.loaded.pack, self.goal, found, step.after)
                at = self.point.numbers[number - 1]
                said = ", ".join([f"no longer possible since {at} ({step.action})", *why])
                return f"In this model it is {said}. Another rule would give another answer."
        return f"No line of this model comes to {self.said} from {self.point.where}."

    def _for_seat(self, explorer: Explorer, seat: Seat) -> Answer:
        match self.question:
            case "possible":
                verdict = seat.possible(self.goal)
            case "forced_by":
                verdict = seat.forces(self.parties, self.goal)
            case _:
                verdict = seat.avoids(self.parties, self.goal)
        told = {
            "yes": "Yes, in this model, in every state that this seat cannot tell from its own.",
            "no": "No, in none of the states that this seat cannot tell from its own.",
            "depends": "It depends on what this seat cannot see.",
        }
        return Answer(verdict == "yes", (told[verdict],))


def capital_names(loaded: LoadedPack, parties: frozenset[str]) -> str:
    """The parties as they stand in a sentence."""
    return together(loaded.pack, parties) or "nobody"


def _rests_on(line: Sequence[Action] | None) -> Iterator[str]:
    rules = [rule_words(rule) for rule in rules_of(line or ())]
    if rules:
        yield f"It rests on {', '.join(rules)}; changing one of them can change the answer."


def _steered(
    explorer: Explorer, parties: frozenset[str], goal: Goal, state: State
) -> tuple[Action, ...] | None:
    """A line in which the parties follow their strategy and the others only pass."""
    line: list[Action] = []
    if explorer.is_default(goal):
        return None
    met = explorer.target(goal)
    while not explorer.space.contains(met, state):
        action = explorer.strategy(parties, goal, state)
        if action is None:
            action = next(it for it in legal_actions(explorer.game, state) if it.is_pass)
        line.append(action)
        state = apply_action(explorer.game, state, action)
    return tuple(line)


def _overview(
    explorer: Explorer, loaded: LoadedPack, level: str, point: Point, as_json: bool
) -> Iterator[Any]:
    pack = loaded.pack
    record = find_point(explorer.game, loaded.record, level, loaded.game, "record")
    points = list(turning_points(explorer, record.steps))
    if as_json:
        yield _overview_data(explorer, point, record, points)
        return
    yield from overview_lines(explorer, pack, point.state, point.where, width())
    yield ""
    yield "Turning points of the record:"
    told = [Told(at, step) for at, step in zip(record.numbers, record.steps, strict=True)]
    yield from turning_lines(explorer, pack, told, points, width())
    if not points:
        yield "  none"
    yield ""
    yield from wrap(MODEL, width())


def _overview_data(
    explorer: Explorer, point: Point, record: Point, points: Sequence[TurningPoint]
) -> dict[str, Any]:
    settled = explorer.settled(point.state)
    return {
        "game": explorer.game.id,
        "states": explorer.count(),
        "from": point.where,
        "endings": [
            {
                "ending": goal.name,
                "possible": explorer.possible(goal, point.state),
                "distance": explorer.distance(goal, point.state),
                "forced_by": [sorted(it) for it in explorer.smallest(goal, settled)],
                "avoidable_by": [sorted(it) for it in explorer.smallest_avoiding(goal, settled)],
            }
            for goal in explorer.endings
        ],
        "turning_points": [
            {
                "step": record.numbers[it.place],
                "action": it.action,
                "lost": [
                    {
                        "ending": lost.ending,
                        "rule": lost.decided.requirement.rule if lost.decided else None,
                        "because": lost.decided.requirement.otherwise if lost.decided else None,
                    }
                    for lost in it.lost
                ],
                "shifted": [
                    {
                        "ending": shifted.ending,
                        "before": [sorted(coalition) for coalition in shifted.before],
                        "after": [sorted(coalition) for coalition in shifted.after],
                    }
                    for shifted in it.shifted
                ],
            }
            for it in points
        ],
    }
