"""What the README shows is run: its transcript, its example from Python, its commands."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import sys
from pathlib import Path

import pytest

from negsim.cli import MODULES, run

README = Path(__file__).parent.parent / "README.md"


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", README.read_text(encoding="utf-8"), re.M | re.S)


def test_the_transcript_is_what_the_command_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line of three dots stands for what is left out; what follows "> " is typed."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    shown = blocks("console")
    assert shown
    for block in shown:
        command, _, expected = block.partition("\n")
        assert command.startswith("$ negsim ")
        typed = re.findall(r"^> (.*\n)", expected, re.M)
        monkeypatch.setattr(sys, "argv", shlex.split(command.removeprefix("$ ")))
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(typed)))
        with contextlib.suppress(SystemExit):
            run()
        pattern = re.escape(expected).replace("\\.\\.\\.\\\n", "(.*\n)*")
        out = capsys.readouterr().out
        assert re.fullmatch(pattern, out), out


def test_the_script_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (script,) = blocks("yaml")
    (tmp_path / "line.yaml").write_text(script, encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["negsim", "replay", str(tmp_path / "line.yaml")])
    with pytest.raises(SystemExit) as stop:
        run()
    assert stop.value.code == 0
    assert capsys.readouterr().out.endswith("6 steps, 5 expectations, no failures.\n")


def test_the_example_from_python_runs() -> None:
    (example,) = blocks("python")
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(example, "README.md", "exec"), {})
    assert out.getvalue().splitlines() == [
        "['demand/letter', 'posture/highwell/build-up', 'pass/highwell']",
        "demanded",
        "79128 12",
        "[['highwell', 'lowmill']]",
    ]


def test_the_commands_are_those_of_the_command_line() -> None:
    named = set(re.findall(r"^\| `negsim (\w+)", README.read_text(encoding="utf-8"), re.M))
    assert named == set(MODULES)


def test_each_of_the_two_commands_does_its_own_set_up() -> None:
    main, tests = (block.strip() for block in blocks("sh"))
    for command in (main, tests):
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install ")
    assert main.endswith("&& .venv/bin/negsim replay january-2022")
    assert tests.endswith("-e '.[dev]' && .venv/bin/pytest -n auto")
