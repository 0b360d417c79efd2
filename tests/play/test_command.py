"""`negsim play`, as it is called."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from negsim.journal import read_journal
from negsim.places import journals, sessions
from tests.conftest import Call


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_a_session_is_kept_and_goes_on_where_it_was(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "promise/letter/no-date", "name promised", "quit")
    first = call("play", "two-towns", "--seat", "lowmill", "--seed", "4", "--team", "The  millers")
    assert first.code == 0
    assert "> promise/letter/no-date" in first.out
    (path,) = journals()
    assert path.parent == sessions()
    header = read_journal(path).header
    assert (header.seat, header.seed, header.team) == ("lowmill", 4, "The millers")
    typed(monkeypatch, "tree")
    again = call("play", "two-towns", "--resume")
    assert again.code == 0
    assert '["promised"]' in again.out
    assert len(read_journal(path).entries) == 5
    typed(monkeypatch, "undo", "quit")
    assert call("play", "two-towns", "--resume", path.stem[:12]).code == 0
    assert len(read_journal(path).entries) == 6


def test_end_of_input_leaves_as_quit_does(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch)
    result = call("play", "two-towns", "--to", "mine.jsonl")
    assert result.code == 0
    assert result.said.endswith(
        "Kept in mine.jsonl. To go on: negsim play two-towns --resume mine.jsonl"
    )
    assert Path("mine.jsonl").is_file()


WRONG = [
    (("play",), "Missing argument 'PACK'."),
    (("play", "two-town"), 'no pack "two-town"; did you mean "two-towns"?'),
    (
        ("play", "two-towns", "--seat", "lowmil"),
        'no seat "lowmil" in two-towns; did you mean "lowmill"?',
    ),
    (
        ("play", "two-towns", "--seat", "nature"),
        'no seat "nature" in two-towns; there is "highwell", "lowmill"',
    ),
    (
        ("play", "two-towns", "--seat", "fishers"),
        'no seat "fishers" in two-towns; there is "highwell", "lowmill"',
    ),
    (("play", "two-towns", "--level", "basic"), 'no level "basic" in two-towns; there is "full"'),
    (("play", "two-towns", "--others", "sleep"), "'sleep' is not one of"),
    (("play", "two-towns", "--seed", "-1"), "-1 is not in the range"),
    (("play", "two-towns", "--resume"), 'no session of "two-towns" is kept; start one without'),
    (
        ("play", "two-towns", "--resume", "gone.jsonl"),
        'no journal "gone.jsonl" in the sessions that are kept',
    ),
    (
        ("play", "two-towns", "--resume", "--seat", "lowmill"),
        "--resume goes on as the session began; leave the other options out",
    ),
    (("play", "two-towns", "--to", "no/such\0"), "cannot be written"),
    (("play", "two-towns", "--team", " "), "write 1 to 120 letters"),
]


@pytest.mark.parametrize(("words", "said"), WRONG)
def test_a_wrong_call_exits_2_and_says_why(
    call: Call, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    typed(monkeypatch, "quit")
    result = call(*words)
    assert result.code == 2
    assert said in " ".join(result.err.split())
    assert journals() == []


def test_a_file_is_never_written_over(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("mine.jsonl").write_text("mine")
    typed(monkeypatch, "quit")
    result = call("play", "two-towns", "--to", "mine.jsonl")
    assert result.code == 2
    assert '"mine.jsonl" exists; name another file, or --resume it' in result.err
    assert Path("mine.jsonl").read_text() == "mine"


def test_a_session_of_another_pack_is_refused(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "quit")
    call("play", "two-towns", "--to", "mine.jsonl")
    typed(monkeypatch, "quit")
    result = call("play", "january-2022", "--resume", "mine.jsonl")
    assert result.code == 2
    assert '"mine.jsonl" is a session of "two-towns"' in result.err


def test_closes_asks_the_explorer(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "1", "1", "goto r12", "closes", "quit")
    result = call("play", "two-towns")
    assert result.code == 0
    assert "closes in this model:" in result.said or "closes an ending in this model" in result.said


def test_two_processes_cannot_play_one_session(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "negsim", "play", "two-towns"]
    with subprocess.Popen(
        [*words, "--to", str(tmp_path / "one.jsonl")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ,
    ) as first:
        assert first.stdin is not None
        assert first.stdout is not None
        while "turn" not in first.stdout.readline():
            pass
        second = subprocess.run(
            [*words, "--resume", str(tmp_path / "one.jsonl")],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            env=os.environ,
        )
        assert second.returncode == 2
        assert f"is being written by process {first.pid}; close that one first" in second.stderr
        first.stdin.write("1\nquit\n")
        first.stdin.close()
        assert first.wait() == 0
    assert len(read_journal(tmp_path / "one.jsonl").entries) == 1
