"""The procedure: a pack's exchanges, items, partners and papers become variables and actions.

To change what is allowed in every case, edit the file of the stage concerned: `demand`,
`consultation`, `response`, `analysis`, `taking_up`, `decision`, `pressure`. `judging` says how a
paper is read; `paper` holds the path of steps and the words for answers; `table` what the files
share. The guards G1 to G15 that requirements name are
listed with their sources in tests/test_guards.py. F.. are facts of the pack january-2022, J.. those
of the Austro-Hungarian note to Serbia of July 1914.
"""

from __future__ import annotations

from dataclasses import replace

from negsim.cycle.analysis import analysis
from negsim.cycle.consultation import assent, consultation
from negsim.cycle.decision import decision
from negsim.cycle.demand import clock, demand, request
from negsim.cycle.paper import Paper, paper_variables
from negsim.cycle.pressure import (
    consents,
    contacts,
    links,
    postures,
    red_lines,
    signals,
    threats,
)
from negsim.cycle.response import answers, clear_and_deliver, counter_demand, publicity
from negsim.cycle.table import Table
from negsim.cycle.taking_up import conditions, interim, taking_up
from negsim.pack.models import Pack
from negsim.rules import NATURE, TURN, Action, Not, Requirement


def expand(pack: Pack) -> Table:
    """The table of a valid pack, without what the pack adds of its own."""
    table = Table(pack)
    if _chance(pack):
        table.movers = (*table.movers, NATURE)
    table.variable(TURN, table.movers, table.movers[0], "whose turn it is")  # its place: the first
    papers = [Paper(table, name, exchange) for name, exchange in pack.exchanges.items()]
    by_paper = {it.exchange.opened_by.paper: it for it in papers if it.exchange.opened_by}
    by_decision = {it.exchange.opened_by.decision: it for it in papers if it.exchange.opened_by}
    for paper in papers:
        paper_variables(paper)
        clock(paper)
    red_lines(table, papers)
    consents(table, papers)
    links(table, papers)
    for paper in papers:
        demand(paper)
        request(paper)
        consultation(paper)
        answers(paper)
        counter_demand(paper, by_paper.get(paper.id))
        assent(paper)
        clear_and_deliver(paper, by_paper.get(paper.id))
        publicity(paper)
        analysis(paper)
        interim(paper)
    conditions(table, papers)
    taking_up(table, papers)
    for paper in papers:
        decision(paper, by_decision.get(paper.id), papers)
    postures(table)
    threats(table)
    contacts(table)
    signals(table, papers)
    return table


def close_turns(table: Table) -> None:
    """How turns end, once every slot of a turn is known: the passes, and what ends a turn besides.

    A party without an action of its own has no turn. Chance does not pass over what is overdue.
    """
    acting = {action.mover for action in table.actions.values()}
    table.movers = tuple(party for party in table.movers if party in acting)
    table.variable(TURN, table.movers, table.movers[0], "whose turn it is")
    for action_id in table.ending_turn:
        action = table.actions[action_id]
        effects = (*action.then, *table.end_of_turn(action.mover))
        table.actions[action_id] = replace(action, then=effects)
    for party in table.movers:
        needs = [
            Requirement(Not(overdue), "the time for an answer has run out", "deadline")
            for overdue in table.overdue
            if party == NATURE
        ]
        table.actions[f"pass/{party}"] = Action(
            f"pass/{party}",
            party,
            f"{table.start(party)} passes.",
            tuple(needs),
            table.end_of_turn(party),
            basis="procedural",
            seen_by=frozenset(table.viewpoints),
        )


def _chance(pack: Pack) -> bool:
    """Whether chance has anything to do in the case."""
    return (
        any(exchange.leak is not None for exchange in pack.exchanges.values())
        or any(exchange.deadline.kind == "hard" for exchange in pack.exchanges.values())
        or any(action.mover == NATURE for action in pack.actions.values())
    )
