"""What the parts of a pack say of each other: every id leads somewhere, every range is possible.

Pydantic has checked each part alone; here the whole is checked, and all mistakes are collected.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import get_args

from negsim.cycle.paper import MAY_HANG
from negsim.cycle.table import PUBLIC
from negsim.errors import quote, suggestion
from negsim.pack.conditions import Mistake
from negsim.pack.models import Answer, Exchange, Facts, Item, Level, OpenedBy, Pack
from negsim.pack.yaml_tree import VALUE, Path_
from negsim.rules import EVERYTHING, NATURE, TURN

COMBINING = ("any", "all", "not", "count")
RESERVED = (NATURE, PUBLIC, EVERYTHING, TURN, "contact", "own", "facts", *COMBINING)
"""Words of the procedure and the format that no part is called by."""
PAPER_WORDS = (
    "bound",
    "confidentiality",
    "counter-demand",
    "cycle",
    "decision",
    "demand-public",
    "extension",
    "form",
    "inner-circle",
    "promise",
    "publicity",
    "reply",
    "rounds-left",
    "stage",
    "status",
    "talks",
)
"""What else a paper has a variable for, besides its items: no item is called by these."""
NAMED = (
    "parties",
    "items",
    "exchanges",
    "links",
    "conditions",
    "topics",
    "dials",
    "variables",
)
"""Parts by which variables and actions are named, so that no two share a name."""
ALOUD = "aloud"
"""The column of the item matrix for what was said in public."""
NEEDED_KINDS = ("demand", "answer", "deliver", "analyse", "decide")
"""Kinds of action that no level can leave out: each leads to the next stage."""


def dangling(pack: Pack, facts: Facts, folder: str) -> Iterator[Mistake]:
    """Every reference that leads nowhere and every part that cannot be, with its path."""
    return _Check(pack, facts).everything(folder)


def absent(kind: str, name: str, there: Collection[str], where: str = "") -> str:
    """The sentence on a name that leads nowhere."""
    hint = suggestion(name, there) or "; correct it or add one of that name"
    return f"no {kind} {quote(name)}{where}{hint}"


class _Check:
    def __init__(self, pack: Pack, facts: Facts) -> None:
        self.pack = pack
        self.parties = pack.parties
        self.facts = facts
        self.viewpoints = {*pack.parties, PUBLIC, EVERYTHING}
        self.ruled_out: dict[str, set[str]] = defaultdict(set)
        for procedure in pack.procedures.values():
            for item, answers in procedure.rules_out.items():
                self.ruled_out[item].update(answers)

    def everything(self, folder: str) -> Iterator[Mistake]:
        pack = self.pack
        if pack.id != folder:
            message = f"the id {quote(pack.id)} is not the folder's name; write {quote(folder)}"
            yield ("id", VALUE), message
        yield from self._names()
        yield from self.known("viewpoint", pack.viewpoints, self.viewpoints, ("viewpoints",))
        yield from self._parties()
        yield from self._items(pack.items, ("items",))
        for name, exchange in pack.exchanges.items():
            yield from self._exchange(name, exchange, ("exchanges", name))
        yield from self._groups()
        yield from self._variables()
        yield from self._levels()
        for name, action in pack.actions.items():
            movers = {*self.parties, NATURE}
            yield from self.one("party", action.mover, movers, ("actions", name, "mover"))
            here = ("actions", name, "seen_by")
            yield from self.known("viewpoint", action.seen_by or [], self.viewpoints, here)
        defaults = [name for name, ending in pack.endings.items() if ending.when is None]
        if len(defaults) != 1:
            message = "no ending is without when, for a line that passes for ever; add one"
            if defaults:
                both = " and ".join(quote(name) for name in defaults)
                message = f"{both} are without when; give all but one of them a condition"
            yield ("endings",), message
        yield from self._cited()

    def known(
        self, kind: str, names: Iterable[str], there: Collection[str], path: Path_
    ) -> Iterator[Mistake]:
        """A mistake for each name of a list that is not there, or that stands twice."""
        seen: set[str] = set()
        for place, name in enumerate(names):
            if name not in there:
                yield (*path, place), absent(kind, name, there)
            elif name in seen:
                yield (*path, place), f"{quote(name)} stands twice; keep one"
            seen.add(name)

    def one(
        self, kind: str, name: str | None, there: Collection[str], path: Path_
    ) -> Iterator[Mistake]:
        """A mistake for a name that is not there."""
        if name is not None and name not in there:
            yield (*path, VALUE), absent(kind, name, there)

    def keys(
        self, kind: str, names: Iterable[str], there: Collection[str], path: Path_
    ) -> Iterator[Mistake]:
        """A mistake for each key that is not there."""
        for name in names:
            if name not in there:
                yield (*path, name), absent(kind, name, there)

    def some(self, names: Collection[str], path: Path_) -> Iterator[Mistake]:
        """A mistake for a list without entries, or with one that stands twice."""
        if not names:
            yield path, f"{quote(path[-1])} is empty; list at least one"
        yield from self.known("entry", names, names, path)

    def _names(self) -> Iterator[Mistake]:
        taken: dict[str, str] = {}
        for section in NAMED:
            for name in getattr(self.pack, section):
                yield from self._name(section, name, taken.get(name), (section, name))
                taken.setdefault(name, section)
        others = {name: section for name, section in taken.items() if section != "items"}
        for level_id, level in self.pack.levels.items():
            for name in level.items:
                path = ("levels", level_id, "items", name)
                yield from self._name("items", name, others.get(name), path)

    def _name(self, section: str, name: str, other: str | None, path: Path_) -> Iterator[Mistake]:
        if name in RESERVED or (section == "items" and name in PAPER_WORDS):
            yield path, f"{quote(name)} is a word of the procedure; choose another name"
        elif other is not None:
            yield path, f"{quote(name)} is a name among the {other} too; rename one of the two"

    def _parties(self) -> Iterator[Mistake]:
        for party_id, party in self.parties.items():
            path: Path_ = ("parties", party_id)
            if party.posture is not None:
                levels, where = party.posture.levels, (*path, "posture")
                yield from self.known("level", levels, levels, (*where, "levels"))
                yield from self.one("level", party.posture.start, levels, (*where, "start"))
            for voice_id, voice in party.voices.items():
                for signal_id, signal in voice.signals.items():
                    here = (*path, "voices", voice_id, "signals", signal_id, "assesses")
                    yield from self.one("paper", signal.assesses, self.pack.exchanges, here)
            for line_id, line in party.red_lines.items():
                here = (*path, "red_lines", line_id, "items")
                yield from self.known("item", line.items, self.pack.items, here)
            if "none" in party.contacts:
                message = '"none" is a word of the procedure; choose another name'
                yield (*path, "contacts", "none"), message

    def _items(self, items: dict[str, Item], path: Path_) -> Iterator[Mistake]:
        papers = {*self.pack.exchanges, ALOUD}
        for item_id, item in items.items():
            here = (*path, item_id)
            yield from self.one("condition", item.only_if, self.pack.conditions, (*here, "only_if"))
            yield from self.keys("paper", item.reported, papers, (*here, "reported"))
            for paper, cell in item.reported.items():
                where = (*here, "reported", paper)
                if not cell.only_if or paper == ALOUD:
                    continue
                if item.only_if is None:
                    message = f"the item {quote(item_id)} names no condition; add only_if to it"
                    yield (*where, "only_if"), message
                elif cell.answer not in MAY_HANG:
                    message = (
                        f"the answer {quote(cell.answer)} carries no condition; remove only_if"
                    )
                    yield (*where, "only_if"), message
            if path == ("items",) and item.covers:
                yield (*here, "covers"), '"covers" is for the points of a level; remove it'

    def _exchange(self, name: str, exchange: Exchange, path: Path_) -> Iterator[Mistake]:
        yield from self.one("party", exchange.demander, self.parties, (*path, "demander"))
        yield from self.one("party", exchange.addressee, self.parties, (*path, "addressee"))
        if exchange.demander == exchange.addressee:
            message = f"{quote(exchange.addressee)} cannot answer itself; name another party"
            yield (*path, "addressee", VALUE), message
        else:
            yield from self._couriers(exchange, (*path, "couriers"))
        yield from self.known("item", exchange.items, self.pack.items, (*path, "items"))
        yield from self.keys("item", exchange.answers, self.pack.items, (*path, "answers"))
        complete = all(item in self.pack.items for item in exchange.items)
        for item, answers in exchange.answers.items():
            yield from self.some(answers, (*path, "answers", item))
            if complete and item in self.pack.items and item not in exchange.items:
                message = f"{quote(item)} is none of the items of this paper; add it there"
                yield (*path, "answers", item), message
        for place, item in enumerate(exchange.items):
            allowed = exchange.answers.get(item, get_args(Answer))
            if allowed and not set(allowed) - self.ruled_out[item]:
                message = f"the procedures rule out every answer on {quote(item)}; allow another"
                yield (*path, "items", place), message
        for key in ("forms", "demand_publicity", "promises", "decisions"):
            yield from self.some(getattr(exchange, key), (*path, key))
        yield from self.keys("party", exchange.partners, self.parties, (*path, "partners"))
        for partner in exchange.partners:
            if partner == exchange.addressee:
                message = f"{quote(partner)} writes the paper and is no partner; name another"
                yield (*path, "partners", partner), message
        yield from self.known("party", exchange.members, self.parties, (*path, "members"))
        judges = f"{quote(exchange.demander)} judges the paper and has no part in writing it"
        if exchange.demander in exchange.partners:
            yield (*path, "partners", exchange.demander), f"{judges}; name another"
        if exchange.demander in exchange.members:
            place = exchange.members.index(exchange.demander)
            yield (*path, "members", place), f"{judges}; name another"
        for place, member in enumerate(exchange.members):
            if member == exchange.addressee:
                message = f"{quote(member)} is the body itself; name its members"
                yield (*path, "members", place), message
        asking = exchange.deadline.extension_by
        if exchange.demander in asking:
            place = asking.index(exchange.demander)
            message = f"{quote(exchange.demander)} grants the time and does not ask for it"
            yield (*path, "deadline", "extension_by", place), f"{message}; name another"
        yield from self.known("item", exchange.gist or [], exchange.items, (*path, "gist"))
        yield from self._deadline(exchange, (*path, "deadline"))
        if exchange.opened_by is not None:
            yield from self._opened(name, exchange, exchange.opened_by, (*path, "opened_by"))
        elif "counter-demand" in exchange.decisions and not any(
            other.opened_by is not None and other.opened_by.decision == name
            for other in self.pack.exchanges.values()
        ):
            message = f'"counter-demand" opens no exchange; add one opened by {quote(name)}'
            yield (*path, "decisions"), message

    def _couriers(self, exchange: Exchange, path: Path_) -> Iterator[Mistake]:
        for courier, receiver in exchange.couriers.items():
            for kind, voice, party, here in (
                ("courier", courier, exchange.addressee, (*path, courier)),
                ("receiver", receiver, exchange.demander, (*path, courier, VALUE)),
            ):
                if party in self.parties and voice not in self.parties[party].voices:
                    where = f" among the voices of {quote(party)}"
                    yield here, absent(kind, voice, self.parties[party].voices, where)

    def _opened(
        self, name: str, exchange: Exchange, opened: OpenedBy, path: Path_
    ) -> Iterator[Mistake]:
        """A mirrored exchange has one opener, with the roles exchanged."""
        if (opened.paper is None) == (opened.decision is None):
            yield path, '"opened_by" needs exactly one key; write either paper or decision'
        others = {key: it for key, it in self.pack.exchanges.items() if key != name}
        for key, paper in (("paper", opened.paper), ("decision", opened.decision)):
            here = (*path, key)
            yield from self.one("other paper", paper, others, here)
            if paper is None or paper not in others:
                continue
            other = others[paper]
            if (exchange.demander, exchange.addressee) != (other.addressee, other.demander):
                message = f"the roles are not those of {quote(paper)} exchanged; exchange them"
                yield (*here, VALUE), message
            if key == "decision" and "counter-demand" not in other.decisions:
                message = f'{quote(paper)} has no decision "counter-demand"; add it there'
                yield (*here, VALUE), message
            first = next(
                it for it, rival in self.pack.exchanges.items() if rival.opened_by == opened
            )
            if first != name:
                message = f"{quote(paper)} opens {quote(first)} already; keep one of them"
                yield (*here, VALUE), message
            if other.opened_by is not None and name in (
                other.opened_by.paper,
                other.opened_by.decision,
            ):
                message = f"{quote(paper)} and this paper open each other; one starts by itself"
                yield (*here, VALUE), message

    def _playable(self, level: Level, path: Path_) -> Iterator[Mistake]:
        """Every paper that a level keeps has points, a decision, and what opens it."""
        covered = {item for point, it in level.items.items() for item in it.covers or [point]}
        for place, paper in enumerate(level.exchanges):
            exchange = self.pack.exchanges.get(paper)
            if exchange is None:
                continue
            here = (*path, "exchanges", place)
            if not covered & set(exchange.items):
                yield here, f"no point of this level covers an item of {quote(paper)}; add one"
            kept = {*level.decisions, exchange.deadline.on_silence}
            if level.decisions and not kept & set(exchange.decisions):
                yield here, f"this level keeps no decision of {quote(paper)}; add one"
            opened = exchange.opened_by
            opener = (opened.paper or opened.decision) if opened is not None else None
            if opener is not None and opener not in level.exchanges:
                message = f"{quote(opener)} opens {quote(paper)} and is left out; keep both"
                yield here, message

    def _deadline(self, exchange: Exchange, path: Path_) -> Iterator[Mistake]:
        deadline = exchange.deadline
        if deadline.kind == "hard":
            if deadline.rounds is None:
                yield path, "a hard deadline needs its rounds; add rounds: 1 to 20"
            if deadline.on_silence is None:
                yield path, "a hard deadline needs the default for silence; add on_silence"
            elif deadline.on_silence not in exchange.decisions:
                default = quote(deadline.on_silence)
                message = f"the default {default} is none of the decisions; add it there"
                yield (*path, "on_silence", VALUE), message
        elif deadline.rounds is not None or deadline.on_silence is not None:
            message = "only a hard deadline has rounds and on_silence; remove them or make it hard"
            yield path, message
        yield from self.known("party", deadline.extension_by, self.parties, (*path, "extension_by"))

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
            yield from self.one("step", procedure.at, procedure.steps, (*here, "at"))
            yield from self.keys("item", procedure.rules_out, pack.items, (*here, "rules_out"))

    def _variables(self) -> Iterator[Mistake]:
        for name, dial in self.pack.dials.items():
            levels = [str(level) for level in dial.levels]
            path: Path_ = ("dials", name)
            yield from self.known("level", levels, levels, (*path, "levels"))
            yield from self.one("level", str(dial.start), levels, (*path, "start"))
        for name, own in self.pack.variables.items():
            path = ("variables", name)
            yield from self.known("value", own.values, own.values, (*path, "values"))
            yield from self.one("value", own.start, own.values, (*path, "start"))
            seen_by = own.seen_by or []
            yield from self.known("viewpoint", seen_by, self.viewpoints, (*path, "seen_by"))

    def _levels(self) -> Iterator[Mistake]:
        for name, level in self.pack.levels.items():
            path: Path_ = ("levels", name)
            if name == "full":
                yield path, '"full" is the whole case; give the level another name'
            yield from self.known(
                "paper", level.exchanges, self.pack.exchanges, (*path, "exchanges")
            )
            for key in ("items", "exchanges", "answers", "decisions"):
                if not getattr(level, key):
                    yield (*path, key), f"{quote(key)} is empty; list at least one"
            yield from self._items(level.items, (*path, "items"))
            for item_id, item in level.items.items():
                here = (*path, "items", item_id, "covers")
                yield from self.known("item", item.covers, self.pack.items, here)
            yield from self._kinds(level.kinds, (*path, "kinds"))
            yield from self._playable(level, path)
        if self.pack.kinds is not None:
            yield from self._kinds(self.pack.kinds, ("kinds",))

    def _kinds(self, kinds: Collection[str], path: Path_) -> Iterator[Mistake]:
        missing = [quote(kind) for kind in NEEDED_KINDS if kind not in kinds]
        if missing:
            yield path, f"no case works without {', '.join(missing)}; add what is missing"
        yield from self.known("kind", kinds, kinds, path)
        blocking = any(
            it.can_block for e in self.pack.exchanges.values() for it in e.partners.values()
        )
        if blocking and "assent" in kinds and "consult" not in kinds:
            yield path, 'a partner that can block is shown the draft first; add "consult"'

    def _cited(self) -> Iterator[Mistake]:
        """Citations that lead to no fact."""
        for path, fact in cited_facts(self.pack.model_dump(by_alias=True)):
            if fact not in self.facts.facts:
                yield path, absent("fact", fact, self.facts.facts)


def cited_facts(data: object, path: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """Every fact id that the data cites in a list `facts`, with its path."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key == "facts" and isinstance(value, list):
                for place, fact in enumerate(value):
                    if isinstance(fact, str):
                        yield (*path, key, place), fact
            else:
                yield from cited_facts(value, (*path, key))
    elif isinstance(data, list):
        for place, value in enumerate(data):
            yield from cited_facts(value, (*path, place))
