"""What a pack that loads may still lack: citations, a legal record, facts in use.

Errors are broken promises; warnings are what an author should look at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from negsim.engine import initial_state, outcome
from negsim.errors import NegsimError, Problem, quote, suggestion
from negsim.pack.compile import FULL
from negsim.pack.load import LoadedPack, placed
from negsim.pack.references import cited_facts
from negsim.pack.yaml_tree import Data, Path_, walk
from negsim.replay import Frame, play_line, tell
from negsim.rules import Game
from negsim.scripts import expectation, failures

MENTION = re.compile(r"\[([A-Z][A-Za-z0-9]{0,11})\]")
"""A fact cited within a text: [F12]."""


@dataclass(frozen=True, slots=True)
class Finding:
    """An error or a warning, with its place."""

    severity: Literal["error", "warning"]
    problem: Problem


def lint(loaded: LoadedPack) -> list[Finding]:
    """Every finding, errors first, each kind in the order of the files."""
    errors = [*_uncited(loaded), *_record(loaded), *_branches(loaded), *_points(loaded)]
    warnings = [*_unused(loaded)]
    return [Finding("error", it) for it in errors] + [Finding("warning", it) for it in warnings]


def _uncited(loaded: LoadedPack) -> Iterator[Problem]:
    """Whatever is marked reported cites a fact; every fact cited in a text or script exists."""
    for name in ("pack.yaml", "record.yaml"):
        tree = loaded.trees[name]
        for path, part in walk(tree.data):
            if isinstance(part, dict) and part.get("basis") == "reported" and not part.get("facts"):
                yield tree.problem(
                    path, "is marked reported and cites no fact; add facts: [...] or change basis"
                )
            for fact in MENTION.findall(part) if isinstance(part, str) else ():
                if fact not in loaded.facts.facts:
                    yield tree.problem(path, _no_fact(loaded, fact))


def _no_fact(loaded: LoadedPack, fact: str) -> str:
    return f"cites no fact of the pack: {quote(fact)}{suggestion(fact, loaded.facts.facts)}"


def _record(loaded: LoadedPack) -> Iterator[Problem]:
    """The record is legal at every level, in the order of its dates, and meets what it expects."""
    tree = loaded.trees["record.yaml"]
    if not loaded.record.steps:
        yield tree.problem(("steps",), "the record has no steps; add the first")
    seen: dict[str, int] = {}
    last = ""
    for place, step in enumerate(loaded.record.steps):
        path: Path_ = ("steps", place)
        if step.do is None and step.text is None:
            yield tree.problem(path, "has neither an action nor a text; add do: or text:")
        if step.id is not None and step.id in seen:
            yield tree.problem(
                (*path, "id"), f"{quote(step.id)} names step {seen[step.id] + 1} too; rename one"
            )
        seen.setdefault(step.id or "", place)
        if step.date is not None:
            if step.date < last:
                message = (
                    f"the date {quote(step.date)} lies before {quote(last)} of an earlier step"
                )
                yield tree.problem((*path, "date"), f"{message}; put the steps in order")
            last = max(last, step.date)
    for level in (FULL, *loaded.pack.levels):
        game = loaded.at(level)
        refused = 0
        for frame in tell(game, loaded.record, level, loaded.game):
            refused += frame.refusal is not None
            if not refused or (refused == 1 and frame.refusal is not None):
                yield from _frame(loaded, game, frame, level)
        if refused > 1:
            message = f"{refused - 1} later steps are refused too; mend the first, then check again"
            yield tree.problem(("steps",), message)


def _frame(loaded: LoadedPack, game: Game, frame: Frame, level: str) -> Iterator[Problem]:
    tree = loaded.trees["record.yaml"]
    path: Path_ = ("steps", frame.number - 1)
    where = "" if level == FULL else f" at the level {level}"
    if frame.refusal is not None:
        named = frame.refusal.endswith("?")  # it offers near names itself
        advice = "" if named else "; change it or what comes before it"
        yield tree.problem(
            (*path, "do"),
            f"step {frame.number}{where}: {frame.refusal}{advice}",
        )
        return
    if level != FULL:
        return
    _, mistakes = expectation(game, frame.step, path)
    yield from placed(tree, mistakes)
    for it in () if mistakes else failures(game, frame.step, path, frame.after):
        advice = "change it or what comes before it"
        yield tree.problem(it.path, f"step {frame.number}: {it.message}; {advice}")


def _branches(loaded: LoadedPack) -> Iterator[Problem]:
    """Every branch leaves the record at a step, is legal, and reaches the ending it names."""
    if "branches.yaml" not in loaded.trees:
        return
    tree, game = loaded.trees["branches.yaml"], loaded.game
    starts = {
        step.id: place for place, step in enumerate(loaded.record.steps) if step.id is not None
    }
    for place, branch in enumerate(loaded.branches.branches):
        path: Path_ = ("branches", place)
        if branch.point not in loaded.pack.decision_points:
            hint = suggestion(branch.point, loaded.pack.decision_points)
            yield tree.problem((*path, "point"), f"no decision point {quote(branch.point)}{hint}")
        if branch.leaves not in starts:
            hint = suggestion(branch.leaves, starts)
            yield tree.problem(
                (*path, "leaves"), f"the record has no step {quote(branch.leaves)}{hint}"
            )
            continue
        before = loaded.record.steps[: starts[branch.leaves]]
        line = [*(step.do for step in before if step.do is not None), *branch.do]
        try:
            played = [*play_line(game, line)]
        except NegsimError as error:
            yield tree.problem(path, f"branch {quote(branch.name)}: {error}")
            continue
        state = played[-1].after if played else initial_state(game)
        reached = outcome(game, state)
        got = reached.ending.id if reached is not None else None
        if got != branch.ending:
            said = f"the ending {quote(got)}" if got else "no ending"
            message = f"branch {quote(branch.name)} reaches {said}, not {quote(branch.ending)}"
            yield tree.problem((*path, "ending"), message)


def _points(loaded: LoadedPack) -> Iterator[Problem]:
    """Decision points name actions that exist."""
    tree, game = loaded.trees["pack.yaml"], loaded.game

    def named(paths: list[str], path: Path_) -> Iterator[Problem]:
        for place, action_id in enumerate(paths):
            if action_id not in game.by_id:
                hint = suggestion(action_id, game.by_id)
                yield tree.problem((*path, place), f"no action {quote(action_id)}{hint}")

    for name, point in loaded.pack.decision_points.items():
        path: Path_ = ("decision_points", name)
        yield from named(point.recorded, (*path, "recorded"))
        for place, choice in enumerate(point.alternatives):
            yield from named(choice.do, (*path, "alternatives", place, "do"))


def used_facts(loaded: LoadedPack) -> set[str]:
    """Every fact that a step, action, text or other part of the case cites."""
    used: set[str] = set()
    for tree in loaded.trees.values():
        data: Data = tree.data
        if tree is loaded.trees["facts.yaml"]:
            continue
        used.update(fact for _, fact in cited_facts(data))
        for _, part in walk(data):
            if isinstance(part, str):
                used.update(MENTION.findall(part))
    return used


def _unused(loaded: LoadedPack) -> Iterator[Problem]:
    """Facts that nothing uses and that do not say why; reasons that are no longer true."""
    tree = loaded.trees["facts.yaml"]
    used = used_facts(loaded)
    for fact_id, fact in loaded.facts.facts.items():
        path: Path_ = ("facts", fact_id)
        if fact_id not in used and fact.unused is None:
            message = f"nothing uses the fact {quote(fact_id)}; cite it or say unused: and why"
            yield tree.problem(path, message, at_key=True)
        if fact_id in used and fact.unused is not None:
            message = f"the fact {quote(fact_id)} is used; remove unused:"
            yield tree.problem((*path, "unused"), message, at_key=True)
    cited = {source for fact in loaded.facts.facts.values() for source in fact.sources}
    for source in loaded.facts.sources:
        if source not in cited:
            message = f"no fact cites the source {quote(source)}; cite or remove it"
            yield tree.problem(("sources", source), message, at_key=True)
