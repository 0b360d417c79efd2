"""`negsim exercise`, as it is called."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from negsim.classroom.catalogue import lesson_ids
from negsim.journal import Answered, read_journal
from negsim.places import exercises, journals, sessions
from tests.classroom.desk import CHECK, GUESS, ROW, SMALL, WHY, WRITE
from tests.conftest import Call

TASKS = "tasks:\n"


@pytest.fixture(autouse=True)
def mine(tmp_path: Path) -> Path:
    """An exercise of the teacher's own, in the folder of the test."""
    path = tmp_path / "mine.yaml"
    path.write_text("".join([SMALL, CHECK, TASKS, WRITE, GUESS, WHY]), encoding="utf-8")
    return path


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_the_list_names_every_exercise_that_ships(call: Call) -> None:
    listed = call("exercise")
    assert listed.code == 0
    data = json.loads(call("exercise", "--json").out)
    assert [it["id"] for it in data] == lesson_ids()
    for it in data:
        assert it["readable"], it["id"]
        assert all(it[key] for key in ("title", "about", "level", "tasks"))
        assert it["minutes"] in (20, 50, 90)
        assert f"{it['id']}: {it['title']} ({it['minutes']} min, {it['level']}" in listed.said
        assert it["about"] in listed.said


def test_an_exercise_is_taken_kept_and_gone_on_with(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "1", "consult/letter/fishers/informed", "done", "2")
    words = ("--seed", "4", "--team", "The  millers", "--member", "Ada", "--member", "Bo")
    first = call("exercise", "mine.yaml", *words)
    assert first.code == 0, first.err
    assert first.out.startswith("The weir and the gate\n")
    (path,) = journals()
    assert path.parent == sessions()
    assert first.said.endswith(f"To go on: negsim exercise mine.yaml --resume {path.stem}")
    header = read_journal(path).header
    assert (header.exercise, header.seed, header.team) == ("two-towns/mine", 4, "The millers")
    assert header.members == ["Ada", "Bo"]
    typed(monkeypatch, "1", "", "Because.", "")
    second = call("exercise", "mine.yaml", "--resume")
    assert second.code == 0, second.err
    assert "You go on where you left: 1 of 3 tasks are done." in second.said
    assert "1 of 2 answers were kept; you go on from there." in second.said
    kept = read_journal(path)
    assert f"Its fingerprint: {kept.fingerprint}" in second.out
    assert f"The file to hand in: {path}" in second.out
    assert f"negsim journal show {path.stem}" in second.out
    given = {it.task: it.answers for it in kept.entries if isinstance(it, Answered)}
    assert given == {
        "write": {},
        "guess": {"weir": "rejected", "because": "own"},
        "why": {"why": "Because."},
    }
    assert sorted(it.name for it in sessions().glob(".*answers*")) == []


def test_the_commands_of_the_debrief_work(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("mine.yaml").write_text("".join([SMALL, TASKS, WHY]), encoding="utf-8")
    typed(monkeypatch, "Because.", "")
    done = call("exercise", "mine.yaml", "--to", "ours.jsonl")
    told = [it.split()[1:] for it in done.out.splitlines() if it.startswith("  negsim ")]
    assert [it[0] for it in told] == ["journal", "compare", "debrief"]
    for words in told[:2]:
        assert call(*words).code == 0, words


def test_an_exercise_of_a_session_is_found_by_the_session(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "quit")
    call("exercise", "mine.yaml", "--to", "ours.jsonl")
    missing = call("exercise", "--resume", "ours.jsonl")
    assert missing.code == 2
    assert (
        'no exercise is called "two-towns/mine"; name its file: negsim exercise FILE '
        "--resume ours.jsonl" in " ".join(missing.err.split())
    )
    typed(monkeypatch, "quit")
    found = call("exercise", "mine.yaml", "--resume", "ours.jsonl")
    assert found.code == 0
    assert found.said.endswith("To go on: negsim exercise mine.yaml --resume ours.jsonl")


def test_a_teachers_own_folder_stands_beside_those_that_ship(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    exercises().mkdir(parents=True)
    (exercises() / "mine.yaml").write_bytes(Path("mine.yaml").read_bytes())
    (exercises() / "spoiled.yaml").write_text("title: [", encoding="utf-8")
    listed = call("exercise").said
    assert "two-towns/mine: The weir and the gate (20 min, full, as lowmill, your own)" in listed
    assert "own/spoiled: cannot be read; try: negsim check own/spoiled" in listed
    assert call("check", "own/spoiled").out.startswith("spoiled.yaml:2:1: error: ")
    assert call("check", "two-towns/mine").code == 0
    typed(monkeypatch, "quit")
    assert call("exercise", "two-towns/mine").code == 0
    typed(monkeypatch, "quit")
    assert call("exercise", "--resume").code == 0


def test_ones_own_takes_the_place_of_one_that_ships(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    exercises().mkdir(parents=True)
    (exercises() / "first-letter.yaml").write_bytes(Path("mine.yaml").read_bytes())
    assert "two-towns/first-letter: The weir and the gate" in call("exercise").said
    typed(monkeypatch, "quit")
    assert call("exercise", "two-towns/first-letter").out.startswith("The weir and the gate")


@pytest.mark.skipif(not lesson_ids(), reason="no exercise ships")
def test_one_that_ships_is_gone_on_with_by_name_or_without(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = lesson_ids()[0]
    typed(monkeypatch, "quit")
    first = call("exercise", name)
    (path,) = journals()
    assert first.said.endswith(f"To go on: negsim exercise --resume {path.stem}")
    for words in (("--resume",), (name, "--resume"), ("--resume", name), ("--resume", path.stem)):
        typed(monkeypatch, "quit")
        again = call("exercise", *words)
        assert again.code == 0, (words, again.err)


def test_play_and_exercise_send_each_to_the_other(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "1")
    call("exercise", "mine.yaml", "--to", "ours.jsonl")
    typed(monkeypatch, "quit")
    wrong = call("play", "two-towns", "--resume", "ours.jsonl")
    assert wrong.code == 2
    assert (
        '"ours.jsonl" is of the exercise "two-towns/mine"; go on with: negsim exercise --resume '
        "ours.jsonl" in " ".join(wrong.err.split())
    )
    typed(monkeypatch, "quit")
    call("play", "two-towns", "--to", "free.jsonl")
    typed(monkeypatch, "quit")
    wrong = call("exercise", "mine.yaml", "--resume", "free.jsonl")
    assert wrong.code == 2
    assert (
        '"free.jsonl" is of no exercise; go on with: negsim play two-towns --resume free.jsonl'
        in " ".join(wrong.err.split())
    )


def test_the_last_session_is_that_of_the_same_kind(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "quit")
    call("play", "two-towns", "--seat", "lowmill")
    (free,) = journals()
    typed(monkeypatch, "quit")
    call("exercise", "mine.yaml")
    typed(monkeypatch, "quit")
    played = call("play", "two-towns", "--resume")
    assert played.code == 0, played.err
    assert free.stem in played.out
    typed(monkeypatch, "quit")
    assert call("exercise", "mine.yaml", "--resume").code == 0
    other = call("exercise", "--resume", "mine")
    assert other.code == 2


def test_an_exercise_that_has_changed_is_named(
    call: Call, monkeypatch: pytest.MonkeyPatch, mine: Path
) -> None:
    mine.write_text("".join([SMALL, TASKS, ROW, WHY]), encoding="utf-8")
    typed(monkeypatch, "1 2 3", "")
    call("exercise", "mine.yaml", "--to", "ours.jsonl")
    mine.write_text("".join([SMALL, TASKS, ROW.replace("c:", "d:"), WHY]), encoding="utf-8")
    typed(monkeypatch, "Because.", "")
    again = call("exercise", "mine.yaml", "--resume", "ours.jsonl")
    assert 'negsim: the exercise "two-towns/mine" has changed since it was begun' in again.err
    assert "1. Put in order: answered; the exercise has changed since" in again.said
    mine.rename("other.yaml")
    typed(monkeypatch, "quit")
    other = call("exercise", "other.yaml", "--resume", "ours.jsonl")
    assert other.code == 2
    assert '"ours.jsonl" is of the exercise "two-towns/mine"' in other.err


def test_the_cards_are_written(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("negsim.export.cards")
    done = call("exercise", "mine.yaml", "--print", "cards.html")
    assert done.code == 0, done.err
    assert done.out == "Written: cards.html\n"
    assert "The weir and the gate" in Path("cards.html").read_text(encoding="utf-8")
    assert journals() == []
    assert call("exercise", "mine.yaml", "--print", "no/cards.html").code == 2


WRONG = [
    (("exercise", "two-towns/first-leter"), 'no exercise "two-towns/first-leter"'),
    (("exercise", "gone.yaml"), 'no exercise "gone.yaml"'),
    (("exercise", "mine.yaml", "--json"), "--json is for the list"),
    (("exercise", "--team", "A"), "name an exercise; `negsim exercise` lists them"),
    (("exercise", "--print", "a.html"), "name an exercise; `negsim exercise` lists them"),
    (("exercise", "mine.yaml", "--resume", "--team", "A"), "--resume goes on as it began"),
    (("exercise", "mine.yaml", "--print", "a.html", "--seed", "1"), "--print takes nothing down"),
    (("exercise", "--resume"), "no exercise is kept; start one without --resume"),
    (
        ("exercise", "mine.yaml", "--resume"),
        'no exercise of "two-towns/mine" is kept; start one without --resume',
    ),
    (("exercise", "mine.yaml", "--resume", "gone"), 'no journal "gone"'),
    (("exercise", "mine.yaml", "--team", " "), "write 1 to 120 letters"),
    (("exercise", "mine.yaml", "--to", "mine.yaml"), '"mine.yaml" exists; name another file'),
    (("exercise", "mine.yaml", "--seed", "x"), "'x' is not a valid integer range"),
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


def test_a_broken_exercise_is_told_with_its_place(call: Call) -> None:
    Path("mine.yaml").write_text("format: 1\ntitle: \x1b[2J\n")
    result = call("exercise", "mine.yaml")
    assert result.code == 2
    assert "mine.yaml:" in result.err
    assert "\x1b" not in result.err
