"""`negsim ask`: exact questions about every line that can follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import click

from negsim import store
from negsim.answers import MODEL, ending_title, line_lines, overview_lines, turning_lines
from negsim.cli.output import json_option, memory_option, show, show_json, width, worked_out
from negsim.errors import NegsimError, UnknownNameError, quote
from negsim.explore.arena import Watch
from negsim.explore.explorer import Explorer
from negsim.explore.goals import Goal, ending_where
from negsim.explore.turning import turning_points
from negsim.pack.catalogue import find_pack
from negsim.pack.compile import FULL
from negsim.pack.load import load_pack, read_condition
from negsim.pack.models import Pack
from negsim.questions import SEAT_QUESTIONS, Answer, Question, answer, answer_for_seat
from negsim.replay import Point, find_point
from negsim.rules import NATURE, Game
from negsim.text import wrap

T = TypeVar("T")


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
    questions = {
        "possible": possible,
        "always": always,
        "shortest": shortest,
        "forced_by": forced_by,
        "avoidable_by": avoidable_by,
    }
    asked = [name for name, given in questions.items() if given]
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
    if seat is not None and not any(name in SEAT_QUESTIONS for name in asked):
        raise click.UsageError("for a seat ask --possible, --forced-by or --avoidable-by")
    loaded = load_pack(find_pack(pack), branches_too=False)
    game = loaded.at(level)
    goal = _goal(game, ending, where)
    parties = _parties(game, forced_by or avoidable_by or "")
    if seat is not None and seat not in game.viewpoints:
        raise UnknownNameError("viewpoint", seat, game.viewpoints, loaded.pack.id)
    point, record = (
        find_point(game, loaded.record, level, loaded.game, named) for named in (start, "record")
    )

    def explored(work: Callable[[Explorer], T]) -> T:
        def task(watch: Watch) -> T:
            hint = loaded.order if level == FULL else ()
            with store.explored(game, hint, memory, watch) as explorer:
                return work(explorer)

        return worked_out(task)

    if goal is None and as_json:
        show_json(explored(lambda it: _overview_data(it, point, record)))
    elif goal is None:
        show(explored(lambda it: [*_overview(it, loaded.pack, point, record)]))
    else:
        question = Question(loaded.pack, asked[0], goal, parties, point)
        found = explored(
            lambda it: answer(it, question) if seat is None else answer_for_seat(it, question, seat)
        )
        _tell(game, found, point, as_json=as_json)
        if not found.yes:
            raise click.exceptions.Exit(1)


def _tell(game: Game, found: Answer, point: Point, *, as_json: bool) -> None:
    if as_json:
        line = [action.id for action in found.line] if found.line is not None else None
        show_json({"answer": found.yes, "sentences": found.sentences, "line": line})
        return
    for sentence in found.sentences:
        show(wrap(sentence, width()))
    if found.line:
        show(line_lines(game.movers, found.line, point.round, width()))


def _goal(game: Game, ending: str | None, where: str | None) -> Goal | None:
    """The goal that the options name. Raises UnknownNameError or InputError."""
    condition = read_condition(where, game, "--where") if where is not None else None
    if ending is None:
        return None if condition is None else Goal(where or "", condition)
    ids = [it.id for it in game.endings]
    if ending not in ids:
        raise UnknownNameError("ending", ending, ids, game.id)
    if condition is None:
        return Goal(ending)
    met = ending_where(game, ending, condition)
    if met is None:
        raise NegsimError(
            f"{quote(ending)} is the ending of lines that go on for ever, in which no one state "
            "is the last; ask for the condition alone"
        )
    return Goal(f"{ending_title(game, ending)}, where {where}", met)


def _parties(game: Game, names: str) -> frozenset[str]:
    parties = [name.strip() for name in names.split(",") if name.strip()]
    known = [name for name in game.movers if name != NATURE]
    if names and not parties:
        raise click.UsageError(f"name the parties, with commas: {', '.join(known)}")
    for name in parties:
        if name not in known:
            raise UnknownNameError("party", name, known, game.id)
    return frozenset(parties)


def _overview(explorer: Explorer, pack: Pack, point: Point, record: Point) -> Iterator[str]:
    yield from overview_lines(explorer, pack, point.state, point.where, width())
    yield ""
    yield "Turning points of the record:"
    points = turning_points(explorer, record.steps)
    yield from [*turning_lines(explorer, pack, record, points, width())] or ["  none"]
    yield ""
    yield from wrap(MODEL, width())


def _overview_data(explorer: Explorer, point: Point, record: Point) -> dict[str, Any]:
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
            for it in turning_points(explorer, record.steps)
        ],
    }
