"""How a played script is told: as the record is, with what was expected and is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from negsim.engine import observation, outcome
from negsim.errors import Problem, printable, quote
from negsim.pack.compile import FULL
from negsim.replay import sees
from negsim.rules import EVERYTHING
from negsim.scripts import LoadedScript, Result
from negsim.session import Case, Node
from negsim.text import INFERRED_NOTE, cites_inferred, closing, frame_lines, learned, wrap
from negsim.views import party_name

_PLACES = {"0": "the start", "start": "the start", "record": "the end of the record"}


def problems(loaded: LoadedScript, result: Result) -> list[Problem]:
    """What failed of a step, each with its place in the file, in the order of the lines."""
    return sorted(loaded.tree.problem(it.path, it.message) for it in result.failures)


def visible(loaded: LoadedScript, result: Result, viewpoint: str) -> bool:
    """Whether a viewpoint is told of a step: what it could see, and whatever failed.

    What is refused tells of things that it may not know.
    """
    if viewpoint == EVERYTHING or result.failures:
        return True
    frame = result.frame
    return frame.step.refused is None and sees(loaded.case.game, frame, viewpoint)


def result_lines(
    loaded: LoadedScript, results: Sequence[Result], viewpoint: str, width: int
) -> Iterator[str]:
    """The steps one after the other, each failure beneath its step, and the count at the end."""
    case, script = loaded.case, loaded.script
    level = "" if case.level == FULL else f", level {case.level}"
    yield from wrap(f"{loaded.tree.file}: a line of {case.loaded.pack.title}{level}", width)
    if script.about:
        yield from wrap(script.about, width)
    if viewpoint != EVERYTHING:
        yield from wrap(f"As {party_name(case.loaded.pack, viewpoint)} could see it.", width)
    yield ""
    news = _news(case, results, viewpoint) if viewpoint != EVERYTHING else {}
    hidden = 0
    for result in results:
        if _folded(result):
            continue
        if not visible(loaded, result, viewpoint):
            hidden += 1
            continue
        yield from _hidden(hidden, width)
        hidden = 0
        yield from _result(loaded, result, viewpoint, width)
        for line in news.get(result.frame.number, ()):
            yield from wrap(f"now known: {line}", width, "     ", "       ")
        for problem in problems(loaded, result):
            yield from wrap(f"FAILED {problem}", width, "     ", "       ")
        yield ""
    yield from _hidden(hidden, width)
    yield from _end(loaded, results, width)
    cited = (fact for it in results if visible(loaded, it, viewpoint) for fact in it.frame.facts)
    if cites_inferred(cited, case.loaded):
        yield from wrap(INFERRED_NOTE, width)


def _folded(result: Result) -> bool:
    """Whether a step only passes: that is procedure, and not told."""
    played, step = result.frame.played, result.frame.step
    if played is None or result.checks or result.failures or step.name or step.note:
        return False
    return played.action.is_pass


def _hidden(count: int, width: int) -> Iterator[str]:
    if count:
        yield from wrap(f"({_count(count, 'step')} hidden from this viewpoint)", width, "     ")
        yield ""


def _result(loaded: LoadedScript, result: Result, viewpoint: str, width: int) -> Iterator[str]:
    """What a step does, its number before it."""
    frame, case = result.frame, loaded.case
    head = f"{frame.number:>3}  "
    if frame.text and not _failed(result, "do"):
        yield from frame_lines(frame, case.game, case.loaded, viewpoint, width, facts=())
        head = "     "
    for line in _told(result):
        yield from wrap(line, width, head, "     ")
        head = "     "


def _told(result: Result) -> Iterator[str]:
    """What a step does besides an action, in words."""
    step = result.frame.step
    if _failed(result, "do"):
        yield f"Not played: {step.do}"
    if step.goto is not None:
        where = str(step.goto)
        step_or_name = f"step {where}" if where.isdigit() else quote(where)
        yield f"Goes to {_PLACES.get(where, step_or_name)}."
    if step.refused is not None:
        expected = not _failed(result, "refused", "because")
        yield f"{step.refused} is refused, as expected." if expected else f"Tried: {step.refused}"
    if step.name is not None:
        yield printable(f"This place is called: {step.name}")
    if step.note is not None:
        yield printable(f"Note: {step.note}")
    if not (result.frame.text or step.goto or step.refused or step.name or step.note):
        yield f"Checked: {', '.join(result.checks)}."


def _failed(result: Result, *keys: str) -> bool:
    return any(it.path[-1] in keys for it in result.failures)


def _news(case: Case, results: Sequence[Result], viewpoint: str) -> Mapping[int, Sequence[str]]:
    """For the number of each step that tells the viewpoint something, what it learns of papers."""
    start = case.trunk[0]
    known = {start.id: observation(case.game, start.state, viewpoint)}
    news: dict[int, Sequence[str]] = {}
    before = start
    for result in results:
        after = result.here
        if result.frame.played is not None:
            told = _known(case, before, viewpoint, known), _known(case, after, viewpoint, known)
            news[result.frame.number] = learned(*told, case.loaded, case.level)
        before = after
    return news


def _known(
    case: Case, node: Node, viewpoint: str, known: dict[str, Mapping[str, str]]
) -> Mapping[str, str]:
    """What the viewpoint knows at a place; `known` has it of places met before, by their ids."""
    line = [node]
    while line[-1].id not in known and line[-1].parent is not None:
        line.append(line[-1].parent)
    for before, after in zip(line[::-1], line[-2::-1], strict=False):
        known[after.id] = {**known[before.id], **observation(case.game, after.state, viewpoint)}
    return known[node.id]


def _end(loaded: LoadedScript, results: Sequence[Result], width: int) -> Iterator[str]:
    if loaded.is_record:
        yield from closing(loaded.case.loaded, [it.frame for it in results], width)
    else:
        state = results[-1].here.state if results else loaded.case.trunk[0].state
        ended = outcome(loaded.case.game, state)
        said = f"No ending is reached. {loaded.script.ends or ''}"
        if ended is not None:
            said = f"Ending reached: {ended.ending.title}. {ended.reason}"
        yield from wrap(said, width)
    checks = _count(sum(len(result.checks) for result in results), "expectation")
    failed = _count(sum(len(result.failures) for result in results), "failure")
    failing = sum(bool(result.failures) for result in results)
    steps = _count(failing, "step")
    where = f" in {steps}" if failing else ""
    yield from wrap(f"{_count(len(results), 'step')}, {checks}, {failed}{where}.", width)


def _count(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'s' * (number != 1)}"


def results_data(
    loaded: LoadedScript, results: Sequence[Result], viewpoint: str = EVERYTHING
) -> dict[str, Any]:
    """The results for programs, as far as a viewpoint is told of them."""
    ended = outcome(loaded.case.game, results[-1].here.state) if results else None
    told = [it for it in results if visible(loaded, it, viewpoint)]
    return {
        "file": loaded.tree.file,
        "pack": loaded.case.loaded.pack.id,
        "hash": loaded.case.loaded.content_hash,
        "level": loaded.case.level,
        "viewpoint": viewpoint,
        "hidden": len(results) - len(told),
        "steps": [
            {
                "number": result.frame.number,
                "date": result.frame.step.date,
                "round": result.frame.round,
                "action": result.frame.played.action.id if result.frame.played else None,
                "passes": list(result.frame.played.passes) if result.frame.played else [],
                "place": result.here.id,
                "text": result.frame.text,
                "checks": list(result.checks),
                "failures": [
                    {"line": it.line, "column": it.column, "message": it.message}
                    for it in problems(loaded, result)
                ],
            }
            for result in told
        ],
        "ending": ended.ending.id if ended is not None else None,
        "failed": sum(len(result.failures) for result in results),
    }
