"""The class's tree: how many took each branch, and where it left the record.

What was done in one turn is put in the order of the rules, the answers to a paper are one step, and
of consulting a partner the deepest step is told: so that lines that differ in the order of drafting
alone are one branch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from negsim.classroom.taking import Taking
from negsim.classroom.together.hands import Class
from negsim.classroom.together.papers import answer_of
from negsim.classroom.together.told import Block, Branch, Part, Tree, part_of
from negsim.cycle.consultation import DEPTHS
from negsim.cycle.table import capital
from negsim.debrief.told import Listing, Told
from negsim.rules import NATURE
from negsim.session import Node
from negsim.views import party_name

MOST = 20
"""So many branches are drawn: those that most took."""
TEXTS = 3
"""Of the texts of a paper so many are told apart: those that most wrote."""

LONGEST = 1_000
"""So many places of a line are told, passes counted: nobody comes so far in class, only a file that
was made to."""
LINES = 50
"""So many lines are told that one session tried and left again."""

Step = tuple[str, ...]
"""The id of an action; the answers to one paper that were given in one turn; or OTHER, a paper."""
OTHER = "other"


def tree(group: Class) -> Part:
    """The branches of each task that is played."""
    blocks: list[Block] = []
    for name in group.played:
        blocks += _tree(group, name)
    story = "the story" if group.pack.invented else "the record"
    happened = "what is told there" if group.pack.invented else "what happened"
    lead = (
        f"How many took each branch, and where lines left {story}; from there on it is not "
        f"{happened}. What was done in one turn stands in the order of the rules, whatever the "
        "order of doing it; passes, and what others did who were not played, are left out. Whoever "
        "tried several lines counts on each."
    )
    return part_of("tree", "The class's tree", lead, *blocks)


@dataclass(eq=False, slots=True)
class _Twig:
    """A step of the tree: who took it, and who left the record with it."""

    step: Step
    by: set[int] = field(default_factory=set)
    left: set[int] = field(default_factory=set)
    recorded: bool = False
    after: dict[Step, _Twig] = field(default_factory=dict)

    def grow(self, step: Step) -> _Twig:
        """The twig that this step leads to; a new one where nobody took it so far."""
        return self.after.setdefault(step, _Twig(step))


def _tree(group: Class, name: str) -> Iterator[Block]:
    steps = _Steps(group)
    lines: dict[int, list[list[Step]]] = {}
    kept: dict[int, list[Step]] = {}
    starts: dict[str, Node] = {}
    on_record: set[int] = set()
    longer, more = 0, 0
    for number, taking in enumerate(group.takings):
        course = group.course(taking, name)
        if course and (line := steps.of(course[:LONGEST])):
            start = taking.began(name)
            others = _others(taking, name, course)
            below = len(start.line)
            tried = [it.line[below:] for it in others[:LINES]]
            longer += any(len(it) > LONGEST for it in (course, *tried))
            more += len(others) > LINES
            kept[number] = line
            lines[number] = [line, *(steps.of(it[:LONGEST]) for it in tried)]
            starts[start.id] = start
            if taking.session.left_record(course[-1]) is None:
                on_record.add(number)  # a turn that is under way is no other than the record's
    record = [it for start in starts.values() for it in steps.of(_recorded(group, start))]
    if len(starts) > 1:
        record = []
    taken = [step for those in lines.values() for line in those for step in line]
    told = _Apart(taken, record)
    root = _Twig((), recorded=bool(record))
    for number, those in lines.items():
        for line in those:
            twig = root
            for step in line:
                twig = twig.grow(told(step))
                twig.by.add(number)
    own = {it: [told(step) for step in line] for it, line in kept.items() if it not in on_record}
    _mark(root, record, own)
    texts = Counter(told(step) for step in set(taken))
    branches = tuple(_branches(_Words(group, set(record), texts), root))
    yield Tree(group.titled(name, "the branches that were taken"), len(lines), branches)
    yield Listing("", tuple(_left_out(longer, more, len(lines))))


def _left_out(longer: int, more: int, of: int) -> Iterator[Told]:
    """What the tree does not show of such sessions as nobody plays in class."""
    if longer:
        text = (
            f"In {longer} of {of} sessions a line is longer than {LONGEST} actions and passes; "
            "what follows these is left out."
        )
        yield Told(text, (), "Not shown")
    if more:
        text = f"In {more} of {of} sessions more than {LINES} lines were tried; the first are told."
        yield Told(text, (), "Not shown")


def _others(taking: Taking, name: str, course: Sequence[Node]) -> list[Node]:
    """Where the lines stopped that were tried and left again, from where the task was set."""
    tried = taking.tried(name)
    inner = {it.parent.id for it in tried if it.parent is not None} | {it.id for it in course}
    return [*_below(taking.began(name), (it for it in tried if it.id not in inner))]


def _below(start: Node, nodes: Iterable[Node]) -> Iterator[Node]:
    """Those of the places that follow the start. Each place is passed once, however many there
    are."""
    known = {start.id: True}
    for node in nodes:
        passed = []
        it: Node | None = node
        while it is not None and it.id not in known:
            passed.append(it.id)
            it = it.parent
        follows = it is not None and known[it.id]
        known.update(dict.fromkeys(passed, follows))
        if follows:
            yield node


def _recorded(group: Class, start: Node) -> Sequence[Node]:
    """What the record has after a place."""
    trunk = group.lesson.case.trunk
    return trunk[trunk.index(start) + 1 :] if start in trunk else ()


class _Steps:
    """What was done along a line by who was played, and by chance, turn by turn."""

    def __init__(self, group: Class) -> None:
        self.game = group.lesson.game
        self.movers = {*(group.lesson.exercise.seats or self.game.movers), NATURE}
        self.place = {it.id: number for number, it in enumerate(self.game.actions)}

    def of(self, line: Iterable[Node]) -> list[Step]:
        """The steps of a line; what others did who were not played, and passes, are left out."""
        found: list[Step] = []
        turn: list[str] = []
        for node in line:
            action = self.game.action(node.action)
            if action.is_pass:
                found += self._turn(turn)
                turn = []
            elif action.mover in self.movers:
                turn.append(node.action)
        return [*found, *self._turn(turn)]

    def _turn(self, actions: Sequence[str]) -> list[Step]:
        found: dict[str, Step] = {}
        for it in sorted(actions, key=self.place.__getitem__):
            kind, *about = it.split("/")
            if kind == "answer":
                key = f"answer/{about[0]}"
                found[key] = (*found.get(key, ()), it)
            elif kind == "consult" and about[-1] in DEPTHS:
                found["/".join((kind, *about[:-1]))] = (it,)
            else:
                found[it] = (it,)
        return [*found.values()]


class _Apart:
    """Which texts of papers are told apart."""

    def __init__(self, steps: Iterable[Step], record: Iterable[Step]) -> None:
        counts = Counter(it for it in steps if _paper(it))
        self.apart = {it for it in record if _paper(it)}
        for paper in {_paper(it) for it in counts}:
            own = [it for it in counts if _paper(it) == paper]
            own.sort(key=lambda it: (-counts[it], it))
            self.apart.update(own if len(own) <= TEXTS + 1 else own[:TEXTS])

    def __call__(self, step: Step) -> Step:
        paper = _paper(step)
        return (OTHER, paper) if paper and step not in self.apart else step


def _paper(step: Step) -> str:
    """The paper that a step answers; none."""
    return step[0].split("/")[1] if step[0].startswith("answer/") else ""


def _mark(root: _Twig, record: Sequence[Step], kept: dict[int, list[Step]]) -> None:
    """Marks what is on the record, and where each line that was kept left it."""
    twig = root
    for step in record:
        if step not in twig.after and not any(not it.recorded for it in twig.after.values()):
            break
        twig = twig.grow(step)
        twig.recorded = True
        if not twig.by:
            break
    if not root.recorded:
        return
    for number, line in kept.items():
        twig = root
        for step in line:
            twig = twig.after[step]
            if not twig.recorded:
                twig.left.add(number)
                break


@dataclass(frozen=True, slots=True)
class _Words:
    """How steps are told."""

    group: Class
    record: set[Step]
    others: Counter[Step]

    def of(self, step: Step) -> str:
        """A step in words."""
        group = self.group
        if step[0] == OTHER:
            exchange = group.pack.exchanges[step[1]]
            who = capital(party_name(group.pack, exchange.addressee))
            return (
                f"{who} drafts {exchange.title} in one of {self.others[step]} ways that few chose"
            )
        paper = _paper(step)
        if not paper:
            action = group.lesson.game.action(step[0])
            return (action.text or action.id).rstrip(".")
        exchange = group.pack.exchanges[paper]
        who = capital(party_name(group.pack, exchange.addressee))
        if step in self.record and len(step) > 1:
            told = "in the story" if group.pack.invented else "on the record"
            return f"{who} drafts {exchange.title} as {told}"
        said = []
        for it in step:
            _, item, words = answer_of(it)
            said.append(f"{group.pack.items[item].title}: {words}")
        return f"{who} drafts {exchange.title} ({'; '.join(said)})"


@dataclass(frozen=True, slots=True)
class _Row:
    branch: Branch
    by: frozenset[int]
    parent: int


def _branches(words: _Words, root: _Twig) -> Iterator[Branch]:
    """The branches that most took, each before those that follow it; what is left out is counted
    where it would stand."""
    rows = [*_rows(words, root)]
    drawn = {number for number, _ in sorted(enumerate(rows), key=lambda it: -len(it[1].by))[:MOST]}
    children: dict[int, list[int]] = {}
    for number, row in enumerate(rows):
        children.setdefault(row.parent, []).append(number)

    def below(parent: int) -> Iterator[Branch]:
        """What follows a row: no deeper than as many as are drawn."""
        left_out = [rows[it] for it in children.get(parent, ()) if it not in drawn]
        for number in children.get(parent, ()):
            if number in drawn:
                yield rows[number].branch
                yield from below(number)
        if any(it.by for it in left_out):
            yield _rest(left_out)

    yield from below(-1)


def _rest(rows: Sequence[_Row]) -> Branch:
    by = frozenset[int]().union(*(it.by for it in rows))
    left = sum(it.branch.left for it in rows)
    text = "another branch" if len(rows) == 1 else f"{len(rows)} other branches"
    return Branch(text, len(by), rows[0].branch.depth, left=left, rest=True)


def _rows(words: _Words, root: _Twig) -> Iterator[_Row]:
    """The branches below a twig, each before those that follow it; steps that all of them took one
    after the other are joined."""
    following = [(it, 0, -1) for it in _in_order(root)]
    number = 0
    while following:
        first, depth, parent = following.pop()
        chain = [first]
        while len(chain[-1].after) == 1:
            (after,) = chain[-1].after.values()
            if after.by != first.by or after.recorded != first.recorded:
                break
            chain.append(after)
        text = "; then: ".join(words.of(it.step) for it in chain)
        branch = Branch(text, len(first.by), depth, first.recorded, len(first.left))
        yield _Row(branch, frozenset(first.by), parent)
        following += [(it, depth + 1, number) for it in _in_order(chain[-1])]
        number += 1


def _in_order(twig: _Twig) -> list[_Twig]:
    """What follows a twig, the last one first: the record, then what most took."""
    after = twig.after.values()
    return sorted(after, key=lambda it: (not it.recorded, -len(it.by), it.step))[::-1]
