"""What the parts of an exercise say of each other and of its pack: every id leads somewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import combinations

from negsim.classroom.models import (
    Attribute,
    Avoid,
    Choose,
    Compare,
    Exercise,
    Find,
    Judge,
    Limits,
    Match,
    Option,
    Order,
    Plays,
    Predict,
    Reach,
    Task,
)
from negsim.debrief.reading import level_pack
from negsim.errors import NegsimError, UnknownNameError, quote
from negsim.lint import MENTION
from negsim.pack.conditions import Mistake, Reader
from negsim.pack.load import LoadedPack
from negsim.pack.references import absent, cited_facts
from negsim.pack.yaml_tree import Path_, walk
from negsim.rules import NATURE, Condition, Game
from negsim.session import Case


def mistakes(
    exercise: Exercise, loaded: LoadedPack, goals: dict[str, Condition]
) -> Iterator[Mistake]:
    """Every reference that leads nowhere and every task that cannot be, with its path.

    The conditions of the tasks that are played are put into `goals`.
    """
    if exercise.level not in loaded.games:
        yield ("level",), absent("level", exercise.level, loaded.games)
        return
    yield from _Check(exercise, loaded, goals).everything()


class _Check:
    """One exercise beside its pack."""

    def __init__(self, exercise: Exercise, loaded: LoadedPack, goals: dict[str, Condition]) -> None:
        self.exercise = exercise
        self.loaded = loaded
        self.goals = goals
        self.case = Case(loaded, exercise.level)
        self.game: Game = self.case.game
        self.pack = level_pack(self.case)
        self.seats = [it for it in self.game.movers if it != NATURE]
        self.endings = [it.id for it in self.game.endings]

    def everything(self) -> Iterator[Mistake]:
        """What is wrong: first of the exercise as a whole, then of each task."""
        from negsim.classroom.lesson import glossary

        exercise, words = self.exercise, glossary().concepts
        yield from _all("concept", exercise.concepts, words, ("concepts",))
        yield from _all("seat", exercise.seats, self.seats, ("seats",))
        if len(set(exercise.seats)) < len(exercise.seats):
            yield ("seats",), "a seat stands twice; name two"
        for seat in exercise.private:
            if seat not in exercise.seats:
                yield ("private", seat), absent("seat", seat, exercise.seats)
        yield from self._facts()
        yield from self._step(exercise.start, ("start",))
        start = exercise.start
        yield from self._line(start, exercise.line, ("line",))
        for name, it in exercise.injects.items():
            yield from _all("seat", it.to, exercise.seats or self.seats, ("injects", name, "to"))
            if it.effect is not None:
                yield from self._effect(it.effect, ("injects", name, "effect"))
        for name, asked in exercise.check.items():
            yield from _right("answer", asked.options, ("check", name, "options"))
        for name, task in exercise.tasks.items():
            path: Path_ = ("tasks", name)
            if name in exercise.check:
                yield path, f"{quote(name)} is the name of a question before play; rename one"
            yield from _all("concept", task.concepts, words, (*path, "concepts"))
            yield from self._place(task, path)
            yield from self._task(name, task, path)

    def _facts(self) -> Iterator[Mistake]:
        facts = self.loaded.facts.facts
        data = self.exercise.model_dump(by_alias=True)
        for path, fact in cited_facts(data):
            if fact not in facts:
                yield path, absent("fact", fact, facts)
        for path, part in walk(data):
            for fact in MENTION.findall(part) if isinstance(part, str) else ():
                if fact not in facts:
                    yield path, absent("fact", fact, facts)

    def _place(self, task: Task, path: Path_) -> Iterator[Mistake]:
        if task.after is not None:
            yield from self._step(task.after, (*path, "after"))
        for number, step in enumerate(task.shows.steps):
            yield from self._step(step, (*path, "shows", "steps", number))
        if task.shows.paper is not None:
            yield from self._paper(task.shows.paper, (*path, "shows", "paper"))

    def _step(self, name: str, path: Path_) -> Iterator[Mistake]:
        from negsim.classroom.lesson import on_record

        try:
            on_record(self.case, name)
        except UnknownNameError as error:
            yield path, str(error)

    def _paper(self, name: str, path: Path_) -> Iterator[Mistake]:
        if name not in self.pack.exchanges:
            yield path, absent("paper", name, self.pack.exchanges)

    def _effect(self, action: str, path: Path_) -> Iterator[Mistake]:
        found = self.game.by_id.get(action)
        own = [it.id for it in self.game.actions if it.mover == NATURE and not it.is_pass]
        if found is None or found.mover != NATURE:
            yield path, absent("action of nature", action, own)

    def _line(self, after: str, line: list[str], path: Path_) -> Iterator[Mistake]:
        from negsim.classroom.lesson import on_record
        from negsim.replay import play

        try:
            state = on_record(self.case, after).state
        except UnknownNameError:
            return
        for number, action in enumerate(line):
            try:
                state = play(self.game, state, action).after
            except NegsimError as error:
                yield (*path, number), str(error)
                return

    def _task(self, name: str, task: Task, path: Path_) -> Iterator[Mistake]:
        match task:
            case Choose():
                yield from _right("answer", task.options, (*path, "options"))
            case Order():
                for number, group in enumerate(task.alike):
                    yield from _all("entry", group, task.entries, (*path, "alike", number))
                if all(
                    any({*pair} <= {*group} for group in task.alike)
                    for pair in combinations(task.entries, 2)
                ):
                    yield (*path, "alike"), "every order is right; leave entries out of it"
            case Match():
                for thing, it in task.things.items():
                    at = (*path, "things", thing, "right")
                    yield from _all("choice", it.right, task.choices, at)
            case Attribute():
                for thing, one in task.statements.items():
                    at = (*path, "statements", thing)
                    yield from _all("choice", one.who, task.who, (*at, "who"))
                    if one.fact not in self.loaded.facts.facts:
                        yield (*at, "fact"), absent("fact", one.fact, self.loaded.facts.facts)
            case Predict():
                yield from self._step(task.until, (*path, "until"))
                known = ["ending", *(it.id for it in self.game.variables)]
                for value, asked in task.values.items():
                    if asked.of not in known:
                        yield (*path, "values", value, "of"), absent("variable", asked.of, known)
                if "because" in task.values:
                    message = '"because" is the name of the reason asked for below; rename this one'
                    yield (*path, "values", "because"), message
                yield from _right("reason", task.because, (*path, "because"))
            case Reach() | Avoid() | Find():
                yield from self._goal(name, task, path)
            case Compare():
                yield from self._comparison(task, path)
            case Judge():
                yield from self._paper(task.paper, (*path, "paper"))
                if len(set(task.rules)) < len(task.rules):
                    yield (*path, "rules"), "a rule stands twice; name each once"
            case _:
                pass

    def _goal(self, name: str, task: Plays, path: Path_) -> Iterator[Mistake]:
        goal = task.goal
        if isinstance(task, Find) and task.within != Limits():
            yield (*path, "within"), "a task of the kind find has no limits; leave this out"
        if goal.ending is None and goal.when is None:
            yield (*path, "goal"), "it names neither `when` nor `ending`; add one"
            return
        if goal.ending is not None and goal.ending not in self.endings:
            yield (*path, "goal", "ending"), absent("ending", goal.ending, self.endings)
            return
        variables = {it.id: it for it in self.game.variables}
        reader = Reader(variables, {it.id: it for it in self.game.derived})
        found = reader.condition(goal.when, (*path, "goal", "when"))
        yield from reader.mistakes
        self.goals[name] = found

    def _comparison(self, task: Compare, path: Path_) -> Iterator[Mistake]:
        if task.ending not in self.endings:
            yield (*path, "ending"), absent("ending", task.ending, self.endings)
        if task.until is not None:
            if task.line:
                yield (*path, "until"), "it stands with `line`; leave one of them out"
            yield from self._step(task.until, (*path, "until"))
        start = task.after or self.exercise.start
        yield from self._line(start, task.line, (*path, "line"))
        yield from self._line(start, task.beside, (*path, "beside"))
        try:
            known = self._compared(task)
        except UnknownNameError:
            return  # a place that is none was told above
        if len(known) < 2:
            at = "line" if task.line else "until" if task.until is not None else "after"
            count = "only one step" if known else "no step"
            yield (*path, at), f"{count} is there to choose from; take in more of the line"
            return
        for number, action in enumerate(task.right):
            if action not in known:
                yield (*path, "right", number), absent("action", action, known, " on the line")

    def _compared(self, task: Compare) -> list[str]:
        """The actions among which the turning point is. Raises UnknownNameError."""
        from negsim.classroom.lesson import on_record

        line = task.line
        if not line:
            first = on_record(self.case, task.after or self.exercise.start).line
            last = on_record(self.case, task.until or "record").line
            line = [node.action for node in last if node not in first]
        passes = {it.id for it in self.game.actions if it.is_pass}
        return [it for it in line if it not in passes]


def _right(what: str, options: Mapping[str, Option], path: Path_) -> Iterator[Mistake]:
    """Some of what can be chosen is right, and not all of it."""
    right = [it for it in options.values() if it.right]
    if not right:
        yield path, f"no {what} is right; mark one with `right: true`"
    elif len(right) == len(options):
        yield path, f"every {what} is right; add one that is not"


def _all(kind: str, names: Iterable[str], there: Collection[str], path: Path_) -> Iterator[Mistake]:
    for number, name in enumerate(names):
        if name not in there:
            yield (*path, number), absent(kind, name, there)
