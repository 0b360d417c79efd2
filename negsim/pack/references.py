"""What the parts of a pack say of each other: every id leads somewhere, every range is possible.

Pydantic has checked each part alone; here the whole is checked, and all mistakes are collected.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from negsim.cycle.paper import MAY_HANG
from negsim.cycle.table import NATURE, PUBLIC
from negsim.errors import quote, suggestion
from negsim.pack.conditions import Mistake
from negsim.pack.models import Exchange, Facts, Item, Pack
from negsim.pack.yaml_tree import Path_
from negsim.rules import EVERYTHING, TURN

RESERVED = (NATURE, PUBLIC, EVERYTHING, TURN, "contact")
"""Words of the procedure that no party, item or exchange is called by."""
ALOUD = "aloud"
"""The column of the item matrix for what was said in public."""
NEEDED_KINDS = ("demand", "answer", "deliver", "analyse", "decide")
"""Kinds of action that no level can leave out: each leads to the next stage."""


def dangling(pack: Pack, facts: Facts, folder: str) -> list[Mistake]:
    """Every reference that leads nowhere and every part that cannot be, with its path."""
    return [*_Check(pack, facts).everything(folder)]


class _Check:
    def __init__(self, pack: Pack, facts: Facts) -> None:
        self.pack = pack
        self.parties = pack.parties
        self.facts = facts
        self.viewpoints = {*pack.parties, PUBLIC, EVERYTHING}

    def everything(self, folder: str) -> Iterator[Mistake]:
        pack = self.pack
        if pack.id != folder:
            yield (
                ("id",),
                f"the id {quote(pack.id)} is not the folder's name {quote(folder)}; use it",
            )
        for section in ("parties", "items", "exchanges", "links", "dials", "variables"):
            for name in getattr(pack, section):
                if name in RESERVED:
                    yield (section, name), f"{quote(name)} is a word of the procedure; rename it"
        yield from self.known("viewpoint", pack.viewpoints, self.viewpoints, ("viewpoints",))
        yield from self._parties()
        yield from self._items(pack.items, ("items",))
        for name, exchange in pack.exchanges.items():
            yield from self._exchange(name, exchange, ("exchanges", name))
        yield from self._groups()
        yield from self._variables()
        yield from self._levels()
        for name, action in pack.actions.items():
            if action.mover not in (None, NATURE):
                yield from self.known(
                    "party", [action.mover], self.parties, ("actions", name, "mover"), one=True
                )
        defaults = [name for name, ending in pack.endings.items() if ending.when is None]
        if len(defaults) != 1:
            said = " and ".join(quote(name) for name in defaults) or "none"
            message = (
                f"exactly one ending has no when, for a line that passes for ever; here {said}"
            )
            yield ("endings",), message + "; give every other ending a condition"
        yield from self._cited()

    def known(
        self,
        kind: str,
        names: Iterable[str | None],
        there: Collection[str],
        path: Path_,
        *,
        one: bool = False,
    ) -> Iterator[Mistake]:
        """A mistake for each name that is not there, or that stands twice."""
        seen: set[str] = set()
        for place, name in enumerate(names):
            here = path if one else (*path, place)
            if name is None:
                continue
            if name not in there:
                yield here, f"no {kind} {quote(name)}{suggestion(name, there)}"
            elif name in seen:
                yield here, f"{quote(name)} stands twice; keep one"
            seen.add(name)

    def keys(
        self, kind: str, names: Iterable[str], there: Collection[str], path: Path_
    ) -> Iterator[Mistake]:
        """A mistake for each key that is not there."""
        for name in names:
            yield from self.known(kind, [name], there, (*path, name), one=True)

    def _parties(self) -> Iterator[Mistake]:
        for party_id, party in self.parties.items():
            path: Path_ = ("parties", party_id)
            if party.posture is not None:
                where = (*path, "posture", "start")
                yield from self.known(
                    "level", [party.posture.start], party.posture.levels, where, one=True
                )
                yield from self.known(
                    "level",
                    party.posture.levels,
                    party.posture.levels,
                    (*path, "posture", "levels"),
                )
            for voice_id, voice in party.voices.items():
                for signal_id, signal in voice.signals.items():
                    yield from self.known(
                        "paper",
                        [signal.assesses],
                        self.pack.exchanges,
                        (*path, "voices", voice_id, "signals", signal_id, "assesses"),
                        one=True,
                    )
            for line_id, line in party.red_lines.items():
                here = (*path, "red_lines", line_id, "items")
                yield from self.known("item", line.items, self.pack.items, here)

    def _items(self, items: dict[str, Item], path: Path_) -> Iterator[Mistake]:
        for item_id, item in items.items():
            here = (*path, item_id)
            yield from self.known(
                "condition", [item.only_if], self.pack.conditions, (*here, "only_if"), one=True
            )
            papers = {*self.pack.exchanges, ALOUD}
            yield from self.keys("paper", item.reported, papers, (*here, "reported"))
            for paper, cell in item.reported.items():
                if cell.only_if and paper != ALOUD:
                    where = (*here, "reported", paper, "only_if")
                    if item.only_if is None:
                        yield (
                            where,
                            "the item names no condition (only_if); add one or leave it out",
                        )
                    elif cell.answer not in MAY_HANG:
                        yield (
                            where,
                            f"the answer {quote(cell.answer)} carries no condition; remove it",
                        )
            if path == ("items",) and item.covers:
                yield (*here, "covers"), "covers is for the points of a level; leave it out"

    def _exchange(self, name: str, exchange: Exchange, path: Path_) -> Iterator[Mistake]:
        for role in ("demander", "addressee"):
            party = getattr(exchange, role)
            yield from self.known("party", [party], self.parties, (*path, role), one=True)
        if exchange.demander == exchange.addressee:
            yield (
                (*path, "addressee"),
                f"{quote(exchange.addressee)} cannot answer itself; name another",
            )
        yield from self.known("item", exchange.items, self.pack.items, (*path, "items"))
        yield from self.keys("item", exchange.answers, exchange.items, (*path, "answers"))
        for item, answers in exchange.answers.items():
            if not answers:
                yield (*path, "answers", item), "an item needs at least one answer; list some"
        yield from self.keys("party", exchange.partners, self.parties, (*path, "partners"))
        for partner in exchange.partners:
            if partner == exchange.addressee:
                message = f"{quote(partner)} writes the paper and is no partner; name another"
                yield (*path, "partners", partner), message
        yield from self.known("party", exchange.members, self.parties, (*path, "members"))
        for party, side, voices in (
            (exchange.addressee, "courier", exchange.couriers.keys()),
            (exchange.demander, "receiver", exchange.couriers.values()),
        ):
            if party in self.parties:
                there = self.parties[party].voices
                for courier, voice in zip(exchange.couriers, voices, strict=True):
                    where = (*path, "couriers", courier)
                    yield from self.known(
                        f"{side} among the voices of {party}", [voice], there, where, one=True
                    )
        yield from self._deadline(exchange, path)
        opened = exchange.opened_by
        if opened is not None:
            given = {
                key: paper
                for key, paper in (("paper", opened.paper), ("decision", opened.decision))
                if paper
            }
            if len(given) != 1:
                yield (*path, "opened_by"), "name either a paper or a decision; one of the two"
            for key, paper in given.items():
                here = (*path, "opened_by", key)
                others = [other for other in self.pack.exchanges if other != name]
                yield from self.known("other paper", [paper], others, here, one=True)
                if paper in others:
                    yield from self._mirrors(exchange, self.pack.exchanges[paper], paper, key, here)
        elif "counter-demand" in exchange.decisions and not any(
            other.opened_by is not None and other.opened_by.decision == name
            for other in self.pack.exchanges.values()
        ):
            message = f"counter-demand opens no exchange; declare one opened by {quote(name)}"
            yield (*path, "decisions"), message

    def _mirrors(
        self, exchange: Exchange, other: Exchange, paper: str, key: str, path: Path_
    ) -> Iterator[Mistake]:
        if (exchange.demander, exchange.addressee) != (other.addressee, other.demander):
            yield (
                path,
                f"a mirrored exchange has the roles of {quote(paper)} exchanged; exchange them",
            )
        if key == "decision" and "counter-demand" not in other.decisions:
            yield path, f"{quote(paper)} has no decision counter-demand; add it there"

    def _deadline(self, exchange: Exchange, path: Path_) -> Iterator[Mistake]:
        deadline, here = exchange.deadline, (*path, "deadline")
        if deadline.kind == "hard":
            if deadline.rounds is None:
                yield here, "a hard deadline needs its rounds; add rounds: 1 to 20"
            if deadline.on_silence is None:
                yield here, "a hard deadline needs the default for silence; add on_silence"
            elif deadline.on_silence not in exchange.decisions:
                default = quote(deadline.on_silence)
                message = f"the default {default} is none of the decisions; add it there"
                yield (*here, "on_silence"), message
        elif deadline.rounds is not None or deadline.on_silence is not None:
            yield (
                here,
                "only a hard deadline has rounds and on_silence; remove them or make it hard",
            )
        yield from self.known("party", deadline.extension_by, self.parties, (*here, "extension_by"))

    def _groups(self) -> Iterator[Mistake]:
        pack = self.pack
        for link_id, link in pack.links.items():
            yield from self.known("item", link.items, pack.items, ("links", link_id, "items"))
        for topic_id, topic in pack.topics.items():
            here: Path_ = ("topics", topic_id)
            yield from self.known("party", topic.members, self.parties, (*here, "members"))
            yield from self.known("item", topic.items, pack.items, (*here, "items"))
        for procedure_id, procedure in pack.procedures.items():
            here = ("procedures", procedure_id)
            yield from self.known("step", [procedure.at], procedure.steps, (*here, "at"), one=True)
            yield from self.keys("item", procedure.rules_out, pack.items, (*here, "rules_out"))

    def _variables(self) -> Iterator[Mistake]:
        for name, dial in self.pack.dials.items():
            levels = [str(level) for level in dial.levels]
            path: Path_ = ("dials", name)
            yield from self.known("level", [str(dial.start)], levels, (*path, "start"), one=True)
            yield from self.known("level", levels, levels, (*path, "levels"))
        for name, own in self.pack.variables.items():
            path = ("variables", name)
            yield from self.known("value", [own.start], own.values, (*path, "start"), one=True)
            yield from self.known("value", own.values, own.values, (*path, "values"))
            yield from self.known(
                "viewpoint", own.seen_by or [], self.viewpoints, (*path, "seen_by")
            )

    def _levels(self) -> Iterator[Mistake]:
        for name, level in self.pack.levels.items():
            path: Path_ = ("levels", name)
            if name == "full":
                yield path, "full is the whole case; give the level another name"
            yield from self.known(
                "paper", level.exchanges, self.pack.exchanges, (*path, "exchanges")
            )
            if not level.exchanges:
                yield (*path, "exchanges"), "a level needs at least one paper; list some"
            yield from self._items(level.items, (*path, "items"))
            for item_id, item in level.items.items():
                here = (*path, "items", item_id, "covers")
                yield from self.known("item", item.covers, self.pack.items, here)
            missing = [kind for kind in NEEDED_KINDS if kind not in level.kinds]
            if missing:
                message = f"no level works without {', '.join(missing)}; add them"
                yield (*path, "kinds"), message
        if self.pack.kinds is not None:
            missing = [kind for kind in NEEDED_KINDS if kind not in self.pack.kinds]
            if missing:
                yield ("kinds",), f"no case works without {', '.join(missing)}; add them"

    def _cited(self) -> Iterator[Mistake]:
        """Citations that lead to no fact, and facts that lead to no source."""
        for path, fact in cited_facts(self.pack.model_dump(by_alias=True)):
            yield from self.known("fact", [fact], self.facts.facts, path, one=True)


def cited_facts(data: object, path: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """Every fact id that the data cites in a list `facts`, with its path."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key == "facts" and isinstance(value, list):
                for place, fact in enumerate(value):
                    yield (*path, key, place), fact
            else:
                yield from cited_facts(value, (*path, key))
    elif isinstance(data, list):
        for place, value in enumerate(data):
            yield from cited_facts(value, (*path, place))
