"""An exercise that was read: its case, its places on the record, and every mistake with its place.

It comes from strangers: it is data, read within bounds, and it names nothing but a pack that ships.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice
from os.path import isfile
from pathlib import Path

from negsim.classroom.catalogue import FOLDER
from negsim.classroom.models import Exercise, Glossary
from negsim.errors import InputError, NegsimError, Problem, UnknownNameError, printable, quote
from negsim.pack.catalogue import find_pack, pack_ids
from negsim.pack.load import MOST, LoadedPack, load_pack, placed, read_model
from negsim.pack.yaml_tree import Tree, load_yaml
from negsim.replay import play, with_passes
from negsim.rules import Condition, Game
from negsim.session import Case, Node, child

LONGEST = 120
"""So long may the name of an exercise be, `pack/name`: a journal keeps no longer one."""


@dataclass(frozen=True, repr=False)
class Lesson:
    """An exercise whose every part is in order, with its case and where each part stands.

    `id` is `pack/name`; `goals` are the conditions of the tasks that are played, by task.
    """

    id: str
    exercise: Exercise
    loaded: LoadedPack
    tree: Tree
    goals: Mapping[str, Condition]
    content_hash: str

    def __repr__(self) -> str:
        return f"<exercise {self.id}>"

    @cached_property
    def case(self) -> Case:
        """The pack at the level that is played."""
        return Case(self.loaded, self.exercise.level)

    @property
    def game(self) -> Game:
        """The game at that level."""
        return self.case.game

    @cached_property
    def start(self) -> Node:
        """Where it starts: its place on the record, and the line from there."""
        start = on_record(self.case, self.exercise.start)
        return [start, *self._along(start, self.exercise.line)][-1]

    def place_id(self, after: str) -> str:
        """The id of a place of the record, in every session."""
        return on_record(self.case, after).id

    def place(self, after: str | None) -> Node:
        """Where a task is set: after a step of the record, or where the exercise starts."""
        return self.start if after is None else on_record(self.case, after)

    def walk(self, after: str | None, line: Sequence[str]) -> list[Node]:
        """The places along a line from there, with the passes that it needs.

        Raises NegsimError where an action cannot be taken.
        """
        return self._along(self.place(after), line)

    def _along(self, node: Node, line: Sequence[str]) -> list[Node]:
        found: list[Node] = []
        for action in line:
            for taken in with_passes(self.game, node.state, play(self.game, node.state, action)):
                name = f"+{len(found) + 1}"
                node = child(self.game, node, taken.action, taken.after, name, "rule")
                found.append(node)
        return found

    def between(self, after: str | None, until: str | None) -> list[Node]:
        """The places of the record after one, up to another, or to its end."""
        first = on_record(self.case, after or self.exercise.start)
        last = on_record(self.case, until) if until is not None else self.case.trunk[-1]
        return [node for node in last.line if node not in first.line]


def on_record(case: Case, name: str) -> Node:
    """The place of the record: `start`, `record` (its end), or after the step of that id.

    Where the level only tells a step, the last place before it. Raises UnknownNameError.
    """
    if name in ("start", "record"):
        return case.trunk[0 if name == "start" else -1]
    number = next((it.number for it in case.frames if it.step.id == name), None)
    if number is None:
        known = [it.step.id for it in case.frames if it.step.id is not None]
        raise UnknownNameError("step", name, ["start", "record", *known], "the record")
    return next(
        node
        for node in reversed(case.trunk)
        if node.parent is None or int(node.id[1:].partition("+")[0]) <= number
    )


def load_lesson(path: Path, loaded: LoadedPack | None = None) -> Lesson:
    """The exercise in a file; its pack is loaded where it is not given.

    Raises InputError with every mistake, each with its place.
    """
    name = printable(path.stem)
    own = path.resolve().parent.parent if path.resolve().parent.name == FOLDER else None
    if own is not None and not isfile(own / "pack.yaml"):
        own = None
    shown = f"{printable(own.name)}/{FOLDER}/{name}.yaml" if own is not None else f"{name}.yaml"
    tree = load_yaml(path, shown)
    if not isinstance(tree, Tree):
        raise InputError(tree)
    problems: list[Problem] = []
    exercise = read_model(Exercise, tree, problems)
    if exercise is None:
        raise InputError(problems)
    if loaded is None:
        loaded = load_pack(_pack_of(exercise, tree, own), branches_too=False)
    called = f"{loaded.pack.id}/{name}"
    if len(called) > LONGEST:
        most = LONGEST - len(called) + len(name)
        message = f"its name has {len(name)} letters; rename the file, to at most {most}"
        raise InputError([tree.problem((), message)])
    from negsim.classroom.checking import mistakes

    goals: dict[str, Condition] = {}
    problems += placed(tree, islice(mistakes(exercise, loaded, goals), MOST))
    if problems:
        raise InputError(problems)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Lesson(called, exercise, loaded, tree, goals, digest)


def _pack_of(exercise: Exercise, tree: Tree, own: Path | None) -> Path:
    if exercise.pack is None:
        if own is None:
            message = "it stands in no pack's folder; add `pack:` with the name of a pack"
            raise InputError([tree.problem((), message)])
        return own
    if exercise.pack not in pack_ids():
        error = UnknownNameError("pack", exercise.pack, pack_ids())
        raise InputError([tree.problem(("pack",), str(error))])
    if own is not None and own.name != exercise.pack:
        message = f"it stands in the folder of {quote(own.name)}; leave `pack` out"
        raise InputError([tree.problem(("pack",), message)])
    return own or find_pack(exercise.pack)


@cache
def glossary() -> Glossary:
    """The words that exercises teach."""
    tree = load_yaml(Path(__file__).with_name("glossary.yaml"), "glossary.yaml")
    if not isinstance(tree, Tree):
        raise InputError(tree)
    problems: list[Problem] = []
    found = read_model(Glossary, tree, problems)
    if found is None:
        raise InputError(problems)
    return found


def task_title(lesson: Lesson, name: str) -> str:
    """A task's title, or what kind of task it is."""
    task = lesson.exercise.tasks[name]
    return task.title or TITLES[task.kind]


TITLES = {
    "choose": "Choose",
    "order": "Put in order",
    "match": "Match",
    "attribute": "Who says so?",
    "predict": "Predict",
    "reach": "Reach",
    "avoid": "Avoid",
    "find": "Find a line",
    "compare": "The turning point",
    "judge": "Read it as a rule would",
    "seal": "Sealed",
    "explain": "Explain",
}
"""The kinds of task, in words."""


def problems_of(folder: Path, loaded: LoadedPack) -> Iterator[tuple[str, Lesson | NegsimError]]:
    """The exercises of a pack, each loaded or with what is wrong."""
    for path in sorted((folder / FOLDER).glob("*.yaml")):
        try:
            yield path.stem, load_lesson(path, loaded)
        except NegsimError as error:
            yield path.stem, error
