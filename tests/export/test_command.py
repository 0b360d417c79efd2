"""`negsim export` as a person would try it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from negsim.cli.export import FORMATS, command
from negsim.errors import NegsimError

STARTS = {
    "mermaid": "stateDiagram-v2\n",
    "dot": "digraph negsim {\n",
    "promela": "/*\n * two-towns\n",
    "json": '{\n  "format": 1,\n',
}


def call(*words: str) -> Result:
    return CliRunner().invoke(command, words)


@pytest.mark.parametrize("to", [it for it in FORMATS if it != "svg"])
def test_it_prints_or_writes_the_same(to: str, tmp_path: Path) -> None:
    printed = call("two-towns", "--to", to)
    assert printed.exit_code == 0
    assert printed.stdout_bytes.decode().startswith(STARTS[to])
    assert b"\r" not in printed.stdout_bytes
    file = tmp_path / "out"
    written = call("two-towns", "--to", to, "--output", str(file))
    assert (written.exit_code, written.stdout_bytes) == (0, b"")
    assert file.read_bytes() == printed.stdout_bytes


def test_a_level() -> None:
    basic = json.loads(call("january-2022", "--to", "json", "--level", "basic").stdout)
    full = json.loads(call("january-2022", "--to", "json").stdout)
    assert basic["pack"]["level"] == "basic"
    assert len(basic["actions"]) < len(full["actions"])
    assert basic["hash"] != full["hash"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("two-town", "--to", "dot"), 'no pack "two-town"; did you mean "two-towns"?'),
        (
            ("two-towns", "--to", "dot", "--level", "basic"),
            'no level "basic" in two-towns; there is "full"',
        ),
        (("two-towns", "--to", "dot", "--output", "."), "cannot write"),
        (("two-towns", "--to", "dot", "--output", "no/such/\x1b/file"), 'no/such/\\x1b/file"'),
        (("two-towns", "--to", "dot", "--output", "\0"), 'cannot write "\\x00"'),
        (("two-towns", "--to", "dot", "--output", ""), "cannot write"),
    ],
)
def test_what_cannot_be_done_is_said(words: tuple[str, ...], message: str) -> None:
    result = call(*words)
    assert isinstance(result.exception, NegsimError)
    assert message in str(result.exception)
    assert result.stdout == ""


def test_a_format_is_needed_and_known() -> None:
    for words in (("two-towns",), ("two-towns", "--to", "png")):
        result = call(*words)
        assert result.exit_code == 2
        assert "--to" in result.stderr
