"""The line that a debrief is about: its papers as they stood, and its steps as they are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from negsim.cycle.judging import outcome, stands
from negsim.cycle.paper import Paper
from negsim.cycle.table import Table
from negsim.debrief.reading import holds, level_pack, papers_of
from negsim.debrief.told import Mark, Told
from negsim.engine import values
from negsim.pack.models import Pack
from negsim.replay import Frame
from negsim.rules import Game
from negsim.session import Case, Node, Session
from negsim.text import date_of
from negsim.views import party_name, said, when


@dataclass(frozen=True, slots=True)
class Text:
    """A paper as it stood at the end of one of its cycles, or where the line stops."""

    paper: Paper
    title: str
    values: Mapping[str, str]

    @property
    def delivered(self) -> bool:
        """Whether there is such a paper and it was given."""
        return holds(stands(self.paper), self.values) is True

    @property
    def written(self) -> bool:
        """Whether it answers anything."""
        return any(self.values[self.paper.name(item)] != "none" for item in self.paper.items)

    def answer(self, item: str) -> str:
        """What it says on an item, with its condition."""
        paper, answer = self.paper, self.values[self.paper.name(item)]
        hangs, condition = paper.hangs(item), paper.items[item].only_if
        if answer == "none":
            return "no answer"
        if hangs is None or condition is None or self.values[hangs] != "yes":
            return said(answer)
        return f"{said(answer)}, only if {paper.table.pack.conditions[condition].title}"

    def hanging_on(self, condition: str) -> list[str]:
        """The items whose offer hangs on the condition."""
        return [
            item.title
            for item_id, item in self.paper.items.items()
            if item.only_if == condition
            and self.values.get(self.paper.hangs(item_id) or "") == "yes"
        ]

    def became(self, item: str) -> str:
        """What became of an offer, at a level where offers are taken up."""
        return BECAME[self.values[outcome(self.paper, item)]]

    def settled(self, item: str) -> str:
        """The same after an answer, where it was dealt with at all."""
        value = self.values.get(outcome(self.paper, item), "pending")
        return "" if value == "pending" else f"; {BECAME[value]}"


BECAME = {
    "pending": "not dealt with",
    "talks": "taken up: talks",
    "agreed": "taken up: agreed",
    "set-aside": "set aside for now",
}
"""How what became of an item is said."""


@dataclass(frozen=True)
class Line:
    """A line to a place."""

    session: Session
    node: Node

    @property
    def case(self) -> Case:
        """What is played."""
        return self.session.case

    @property
    def game(self) -> Game:
        """Its rules."""
        return self.session.game

    @cached_property
    def pack(self) -> Pack:
        """The pack at the level of the session."""
        return level_pack(self.case)

    @cached_property
    def values(self) -> Mapping[str, str]:
        """Where the line stops: values by variable."""
        return values(self.game, self.node.state)

    @cached_property
    def taking_up(self) -> bool:
        """Whether offers are taken up at this level."""
        return Table(self.pack).has("take-up")

    @cached_property
    def frames(self) -> Mapping[str, Frame]:
        """The steps of the record, by the id of the place that each leads to."""
        return {f"r{frame.number}": frame for frame in self.case.frames}

    @cached_property
    def texts(self) -> list[Text]:
        """The papers, each once for every cycle; mirrored ones once they are demanded."""
        found = []
        for paper in papers_of(self.pack):
            again = paper.act("decide", "restate", "again")
            ends = [it.parent for it in self.node.line if it.action == again and it.parent]
            for cycle, end in enumerate((*ends, self.node), 1):
                known = values(self.game, end.state)
                if known[paper.status] != "none" or paper.exchange.opened_by is None:
                    title = f"{paper.title}, cycle {cycle}" if ends else paper.title
                    found.append(Text(paper, title, known))
        return found

    @property
    def last(self) -> list[Text]:
        """The papers as they stand where the line stops."""
        return [it for it in self.texts if it.values == self.values]

    def name(self, who: str) -> str:
        """A party or viewpoint within a sentence."""
        return party_name(self.pack, who)

    def is_pass(self, node: Node) -> bool:
        """Whether nothing but the turn moved."""
        return self.game.action(node.action).is_pass

    def step(self, node: Node, label: str = "") -> Told:
        """What was done: as the record tells it, or marked as off the record."""
        lead, frame = f"{label}: " if label else "", self.frames.get(node.id)
        if frame is not None:
            parts = (f"{lead}Round {node.round}", date_of(frame), frame.basis)
            mark: Mark = "reported" if frame.basis == "reported" else ""
            return Told(frame.text, frame.facts, ", ".join(filter(None, parts)), mark)
        drawn = ", drawn" if node.by == "chance" else ""
        text = self.game.action(node.action).text
        return Told(text, (), f"{lead}{when(self.case, node)}, off the record{drawn}", "line")
