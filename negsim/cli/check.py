"""`negsim check`: what is wrong or lacking in a pack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from negsim import store
from negsim.answers import proof_lines
from negsim.cli.output import json_option, memory_option, show, show_json, width, worked_out
from negsim.errors import InputError, NegsimError, quote
from negsim.explore.arena import Watch
from negsim.explore.soundness import Proof, prove_sound
from negsim.lint import Finding, lint
from negsim.pack.catalogue import find_pack
from negsim.pack.compile import FULL
from negsim.pack.load import LoadedPack, load_pack
from negsim.pack.order import FILE, write_order


@click.command("check")
@click.argument("pack")
@click.option("--prove", is_flag=True, help="Prove the rules sound, for all states of each level.")
@click.option("--keep-order", is_flag=True, help="Write the proof's order of variables beside it.")
@memory_option
@json_option
def command(pack: str, prove: bool, keep_order: bool, memory: int, as_json: bool) -> None:
    """Check a pack's format, citations and record.

    PACK is the name of a pack that ships, or a folder. Exits 0 without errors, 1 with some.
    With --prove, also whether some line ends in a dead end, whether a turn can go on for ever, and
    which actions, endings and values never happen: not by trying, but for all states.

    \b
    Examples:
      negsim check january-2022
      negsim check ./my-case --prove
    """
    if keep_order and not prove:
        raise click.UsageError("--keep-order belongs to --prove")
    folder = find_pack(pack)
    try:
        loaded = load_pack(folder)
        findings = lint(loaded)
    except InputError as error:
        loaded, findings = None, [Finding("error", problem) for problem in error.problems]
    proofs = [] if loaded is None or not prove else _proofs(loaded, memory, keep_order=keep_order)
    errors = sum(finding.severity == "error" for finding in findings)
    if as_json:
        show_json(_data(folder.resolve().name, findings, proofs))
    else:
        for finding in findings:
            problem = finding.problem
            click.echo(
                f"{problem.file}:{problem.line}:{problem.column}: "
                f"{finding.severity}: {problem.message}"
            )
        click.echo(_summary(folder.resolve().name, loaded, errors, len(findings) - errors))
        for proof in proofs:
            show(proof_lines(proof, width()))
    if errors or not all(proof.sound for proof in proofs):
        raise click.exceptions.Exit(1)


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


def _data(name: str, findings: list[Finding], proofs: list[Proof]) -> dict[str, object]:
    data: dict[str, object] = {
        "pack": name,
        "findings": [
            {
                "severity": it.severity,
                "file": it.problem.file,
                "line": it.problem.line,
                "column": it.problem.column,
                "message": it.problem.message,
            }
            for it in findings
        ],
    }
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


def _summary(name: str, loaded: LoadedPack | None, errors: int, warnings: int) -> str:
    found = f"{_count(errors, 'error')}, {_count(warnings, 'warning')}"
    if loaded is None:
        return f"{name}: {found}; the rest is checked once the pack can be read."
    parts = []
    for level in (FULL, *loaded.pack.levels):
        game = loaded.at(level)
        parts.append(f"{level} {len(game.variables)} variables, {len(game.actions)} actions")
    counts = (
        f"{_count(len(loaded.facts.facts), 'fact')}, {_count(len(loaded.record.steps), 'step')}"
    )
    return f"{name}: {found}. {counts}; {'; '.join(parts)}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
