"""`negsim check`: what is wrong or lacking in a pack, or in an exercise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from negsim import store
from negsim.answers import proof_lines
from negsim.cli.output import json_option, memory_option, show, show_json, width, worked_out
from negsim.errors import InputError, NegsimError, Problem, printable, quote
from negsim.explore.arena import Watch
from negsim.explore.soundness import Proof, prove_sound
from negsim.lint import Finding, lint
from negsim.pack.catalogue import find_pack
from negsim.pack.compile import FULL
from negsim.pack.load import LoadedPack, load_pack
from negsim.pack.order import FILE, write_order
from negsim.text import wrap

if TYPE_CHECKING:
    from negsim.classroom.lesson import Lesson
    from negsim.classroom.proofs import Proof as Shown


@click.command("check")
@click.argument("pack")
@click.option("--prove", is_flag=True, help="Prove the rules sound, for all states of each level.")
@click.option("--keep-order", is_flag=True, help="Write the proof's order of variables beside it.")
@memory_option
@json_option
def command(pack: str, prove: bool, keep_order: bool, memory: int, as_json: bool) -> None:
    """Check a pack's format, citations, record and exercises.

    PACK is the name of a pack that ships, or a folder; or an exercise, as PACK/NAME or a file.
    Exits 0 without errors, 1 with some.
    With --prove, also whether some line ends in a dead end, whether a turn can go on for ever, and
    which actions, endings and values never happen: not by trying, but for all states.
    That what an exercise sets can be done is proved at once at small levels, elsewhere with
    --prove.

    \b
    Examples:
      negsim check january-2022
      negsim check ./my-case --prove
      negsim check my-exercise.yaml
    """
    if keep_order and not prove:
        raise click.UsageError("--keep-order belongs to --prove")
    if (exercise := _exercise(pack)) is not None:
        if keep_order:
            raise click.UsageError("--keep-order is for a pack, and not for an exercise")
        _check_exercise(exercise, memory, prove=prove, as_json=as_json)
        return
    folder = find_pack(pack)
    try:
        loaded = load_pack(folder)
        findings = lint(loaded)
    except InputError as error:
        loaded, findings = None, [Finding("error", problem) for problem in error.problems]
    proofs = [] if loaded is None or not prove else _proofs(loaded, memory, keep_order=keep_order)
    taught = _exercises_of(folder, loaded, memory, prove=prove) if loaded is not None else _Taught()
    findings = _in_order([*findings, *taught.findings])
    errors = sum(finding.severity == "error" for finding in findings)
    if as_json:
        show_json(_data(folder.resolve().name, findings, proofs, taught))
    else:
        _tell(findings)
        summary = _summary(folder.resolve().name, loaded, errors, len(findings) - errors, taught)
        click.echo(summary)
        for proof in proofs:
            show(proof_lines(proof, width()))
        if prove:
            _tell_shown(taught)
    if errors or not all(proof.sound for proof in proofs):
        raise click.exceptions.Exit(1)


@dataclass
class _Taught:
    """What was found of exercises: how many there are, what is wrong, and what was proved."""

    count: int = 0
    findings: list[Finding] = field(default_factory=list)
    shown: dict[str, list[Shown]] = field(default_factory=dict)
    unproved: int = 0


def _exercise(name: str) -> Path | None:
    """The file of an exercise, where the name is one: PACK/NAME, or a file of YAML but a pack's."""
    path = Path(name)
    if path.suffix == ".yaml" and path.name != "pack.yaml" and path.is_file():
        return path
    if "/" not in name:
        return None
    from negsim.classroom.catalogue import find_lesson, lesson_ids

    return find_lesson(name) if name in lesson_ids() else None


def _check_exercise(path: Path, memory: int, *, prove: bool, as_json: bool) -> None:
    """Checks one exercise, a teacher's own or one that ships."""
    from negsim.classroom.lesson import load_lesson

    taught = _Taught(1)
    try:
        _look(load_lesson(path), taught, memory, prove=prove)
    except InputError as error:
        taught.findings += [Finding("error", problem) for problem in error.problems]
    findings = _in_order(taught.findings)
    errors = sum(finding.severity == "error" for finding in findings)
    name = printable(path.stem)
    if as_json:
        show_json({"exercise": name, "findings": _listed(findings), **_shown_data(taught)})
    else:
        _tell(findings)
        click.echo(f"{name}: {_found(errors, len(findings) - errors)}.{_unproved(taught)}")
        _tell_shown(taught)
    if errors:
        raise click.exceptions.Exit(1)


def _exercises_of(folder: Path, loaded: LoadedPack, memory: int, *, prove: bool) -> _Taught:
    """What is found of the exercises of a pack."""
    from negsim.classroom.lesson import Lesson, problems_of

    taught = _Taught()
    for name, found in problems_of(folder, loaded):
        taught.count += 1
        if isinstance(found, Lesson):
            _look(found, taught, memory, prove=prove)
        elif isinstance(found, InputError):
            taught.findings += [Finding("error", problem) for problem in found.problems]
        else:
            file = f"{printable(loaded.pack.id)}/exercises/{printable(name)}.yaml"
            taught.findings.append(Finding("error", Problem(file, 0, 0, str(found))))
    return taught


def _look(lesson: Lesson, taught: _Taught, memory: int, *, prove: bool) -> None:
    """Adds what an exercise that loads lacks, and what was proved of it."""
    from negsim.classroom.proofs import is_small, proofs, to_prove
    from negsim.classroom.review import doubts

    add = taught.findings.append
    for path, message in doubts(lesson):
        add(Finding("warning", lesson.tree.problem(path, message, at_key=True)))
    if not to_prove(lesson):
        return
    if not (prove or is_small(lesson)):
        taught.unproved += 1
        return

    def task(watch: Watch) -> list[Shown]:
        hint = lesson.loaded.order if lesson.exercise.level == FULL else ()
        with store.explored(lesson.game, hint, memory, watch) as explorer:
            return [*proofs(lesson, explorer, lambda: watch(f"the exercise {lesson.id}", 0))]

    taught.shown[lesson.id] = worked_out(task)
    for it in taught.shown[lesson.id]:
        where = lesson.tree.problem(it.path, f"task {quote(it.task)}: {it.sentence}", at_key=True)
        if it.verdict != "proved":
            add(Finding("error" if it.verdict == "refuted" else "warning", where))
        elif it.doubt is not None:
            add(Finding("warning", replace(where, message=f"task {quote(it.task)}: {it.doubt}")))


def _in_order(findings: list[Finding]) -> list[Finding]:
    """Errors first, else as they come."""
    return sorted(findings, key=lambda it: it.severity)


def _tell(findings: list[Finding]) -> None:
    for finding in findings:
        problem = finding.problem
        click.echo(
            f"{problem.file}:{problem.line}:{problem.column}: {finding.severity}: {problem.message}"
        )


def _tell_shown(taught: _Taught) -> None:
    """Says of each task what was proved, with the line that shows it."""
    for name, shown in taught.shown.items():
        for it in shown:
            if it.verdict == "proved":
                steps = [step for step in it.line if not step.startswith("pass/")]
                line = f", as in: {', '.join(steps)}" if steps else ""
                show(wrap(f"{name}, {it.task}: {it.sentence}{line}.", width(), "", "  "))


def _shown_data(taught: _Taught) -> dict[str, object]:
    return {
        "exercises": {
            name: [{"task": it.task, "verdict": it.verdict, "line": list(it.line)} for it in shown]
            for name, shown in taught.shown.items()
        }
    }


def _proofs(loaded: LoadedPack, memory: int, *, keep_order: bool) -> list[Proof]:
    """A proof for each level, the full one first; the pack's order is written if it is wanted."""

    def task(watch: Watch) -> list[Proof]:
        proofs = []
        for level in (FULL, *loaded.pack.levels):
            hint = loaded.order if level == FULL else ()
            with store.explored(loaded.at(level), hint, memory, watch) as explorer:
                proofs.append(prove_sound(explorer))
            if keep_order and level == FULL:
                _keep_order(loaded.folder, explorer.order)
        return proofs

    return worked_out(task)


def _keep_order(folder: Path, order: Sequence[str]) -> None:
    """Writes the order beside the pack. Raises NegsimError where that cannot be done."""
    try:
        write_order(folder, order)
    except OSError as error:
        path = quote(folder / FILE, 200)
        raise NegsimError(
            f"cannot write {path}: {error.strerror}; see that it can be written, or check a "
            "copy of the pack elsewhere"
        ) from error


def _listed(findings: list[Finding]) -> list[dict[str, object]]:
    return [
        {
            "severity": it.severity,
            "file": it.problem.file,
            "line": it.problem.line,
            "column": it.problem.column,
            "message": it.problem.message,
        }
        for it in findings
    ]


def _data(
    name: str, findings: list[Finding], proofs: list[Proof], taught: _Taught
) -> dict[str, object]:
    data: dict[str, object] = {"pack": name, "findings": _listed(findings)}
    if taught.shown:
        data |= _shown_data(taught)
    if proofs:
        data["proofs"] = [
            {
                "game": proof.game,
                "states": proof.states,
                "sound": proof.sound,
                "defects": [asdict(it) for it in proof.defects],
            }
            for proof in proofs
        ]
    return data


def _summary(
    name: str, loaded: LoadedPack | None, errors: int, warnings: int, taught: _Taught
) -> str:
    found = _found(errors, warnings)
    if loaded is None:
        return f"{name}: {found}; the rest is checked once the pack can be read."
    parts = []
    for level in (FULL, *loaded.pack.levels):
        game = loaded.at(level)
        parts.append(f"{level} {len(game.variables)} variables, {len(game.actions)} actions")
    counts = [
        _count(len(loaded.facts.facts), "fact"),
        _count(len(loaded.record.steps), "step"),
        *([_count(taught.count, "exercise")] if taught.count else []),
    ]
    return f"{name}: {found}. {', '.join(counts)}; {'; '.join(parts)}.{_unproved(taught)}"


def _unproved(taught: _Taught) -> str:
    if not taught.unproved:
        return ""
    return f" {_count(taught.unproved, 'exercise')} to be proved with --prove."


def _found(errors: int, warnings: int) -> str:
    return f"{_count(errors, 'error')}, {_count(warnings, 'warning')}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
