"""`negsim check`: what is wrong or lacking in a pack."""

from __future__ import annotations

import click

from negsim.cli.output import json_option, show_json
from negsim.errors import InputError
from negsim.lint import Finding, lint
from negsim.pack.catalogue import find_pack
from negsim.pack.compile import FULL
from negsim.pack.load import LoadedPack, load_pack


@click.command("check")
@click.argument("pack")
@json_option
def command(pack: str, as_json: bool) -> None:
    """Check a pack's format, citations and record.

    PACK is the name of a pack that ships, or a folder. Exits 0 without errors, 1 with some.

    \b
    Examples:
      negsim check january-2022
      negsim check ./my-case
    """
    folder = find_pack(pack)
    try:
        loaded = load_pack(folder)
        findings = lint(loaded)
    except InputError as error:
        loaded, findings = None, [Finding("error", problem) for problem in error.problems]
    errors = sum(finding.severity == "error" for finding in findings)
    if as_json:
        show_json(_data(folder.resolve().name, findings))
    else:
        for finding in findings:
            problem = finding.problem
            click.echo(
                f"{problem.file}:{problem.line}:{problem.column}: "
                f"{finding.severity}: {problem.message}"
            )
        click.echo(_summary(folder.resolve().name, loaded, errors, len(findings) - errors))
    if errors:
        raise click.exceptions.Exit(1)


def _data(name: str, findings: list[Finding]) -> dict[str, object]:
    return {
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
