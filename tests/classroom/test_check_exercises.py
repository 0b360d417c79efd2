"""`negsim check` on exercises: each mistake at its place, what is proved, what is doubted."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from negsim.classroom.catalogue import lesson_ids
from negsim.pack.catalogue import shipped
from negsim.places import journals
from tests.classroom.lessons import CHOOSE, OPTIONS, REACH, written
from tests.conftest import Call

PARTS: dict[str, dict[str, Any]] = {
    "choose": CHOOSE,
    "order": {
        "kind": "order",
        "ask": "Order them.",
        "entries": {name: {"text": name} for name in ("one", "two", "three")},
    },
    "match": {
        "kind": "match",
        "ask": "Match them.",
        "things": {name: {"text": name, "right": ["up"]} for name in ("one", "two")},
        "choices": {"up": "Up", "down": "Down"},
    },
    "attribute": {
        "kind": "attribute",
        "ask": "Who?",
        "statements": {"it": {"text": "So it is.", "fact": "F58", "who": ["us"]}},
        "who": {"us": "We", "them": "They"},
    },
    "predict": {
        "kind": "predict",
        "ask": "Guess.",
        "after": "promise",
        "until": "delivery",
        "values": {"weir": {"ask": "The weir?", "of": "letter.weir"}},
        "because": OPTIONS,
    },
    "reach": REACH,
    "compare": {
        "kind": "compare",
        "ask": "Which?",
        "after": "promise",
        "ending": "whole",
        "right": ["clear/letter"],
    },
    "judge": {"kind": "judge", "ask": "Read.", "after": "delivery", "paper": "letter"},
    "seal": {"kind": "seal", "ask": "Met?", "choices": {"a": "Yes", "b": "No"}},
    "explain": {"kind": "explain", "ask": "Why?", "rubric": [{"text": "A reason."}]},
}
"""A whole task of each kind, but that F58 is no fact of two-towns."""
GONE = object()
"""What a change puts in place of a part that it takes out."""


def changed(data: dict[str, Any], *changes: tuple[tuple[str | int, ...], Any]) -> dict[str, Any]:
    """The data with other values at these paths."""
    data = deepcopy(data)
    for path, value in changes:
        part: Any = data
        for step in path[:-1]:
            part = part[step]
        if value is GONE:
            del part[path[-1]]
        else:
            part[path[-1]] = value
    return data


def bad(name: str, message: str, *changes: tuple[tuple[str | int, ...], Any]) -> Any:
    return pytest.param(changes, message, id=name)


def task(kind: str, *path: str | int) -> tuple[str | int, ...]:
    return ("tasks", kind, *path)


BAD = [
    bad("a key that is none", 'unknown key "tittle"; did you mean "title"?', (("tittle",), "x")),
    bad("no title", '"title" is missing', (("title",), GONE)),
    bad("another format", '"2" does not fit here; write 1, without quotes', (("format",), 2)),
    bad("half an hour", "30", (("minutes",), 30)),
    bad("no goals", "too few entries (0); write at least 1", (("goals",), [])),
    bad("no tasks", "too few entries (0); write at least 1", (("tasks",), {})),
    bad(
        "a kind that is none",
        '"guess" is no kind that fits here; there is "attribute"',
        (task("choose", "kind"), "guess"),
    ),
    bad("a weight below nothing", "-1", (task("choose", "weight"), -1)),
    bad("others who do nothing known", '"sleep"', (("others",), "sleep")),
    bad("hides what is not there", '"key"', (("hides",), ["key"])),
    bad(
        "three seats",
        "too many entries (3); write at most 2",
        (("seats",), ["lowmill", "highwell", "fishers"]),
    ),
    bad("a pack that does not ship", 'no pack "three-towns"', (("pack",), "three-towns")),
    bad("no pack", "it stands in no pack's folder; add `pack:`", (("pack",), GONE)),
    bad("a level that is none", 'no level "basic"', (("level",), "basic")),
    bad(
        "a concept that is none",
        'no concept "demnd"; did you mean "demand',
        (("concepts",), ["demnd"]),
    ),
    bad(
        "a seat that is none", 'no seat "lowmil"; did you mean "lowmill"?', (("seats",), ["lowmil"])
    ),
    bad("nature's seat", 'no seat "nature"', (("seats",), ["nature"])),
    bad("a seat twice", "a seat stands twice; name two", (("seats",), ["lowmill", "lowmill"])),
    bad("a brief for nobody", 'no seat "highwell"', (("private",), {"highwell": "Psst."})),
    bad("a fact that is none", 'no fact "F9"', (("facts",), ["F9"])),
    bad("a mention of no fact", 'no fact "F9"', (("brief",), "As reported [F9].")),
    bad("a start that is none", 'no step "promis"', (("start",), "promis")),
    bad(
        "a line that cannot be",
        "the draft answers a lower weir; redraft",
        (("line",), ["answer/letter/weir/rejected", "answer/letter/weir/accepted"]),
    ),
    bad(
        "a line of no actions",
        'no action "answer/letter/wier"',
        (("line",), ["answer/letter/wier"]),
    ),
    bad(
        "an inject for nobody",
        'no seat "fishers"',
        (("injects",), {"it": {"round": 1, "sender": "X", "text": "Y", "to": ["fishers"]}}),
    ),
    bad(
        "an inject that somebody does",
        'no action of nature "clear/letter"',
        (("injects",), {"it": {"round": 1, "sender": "X", "text": "Y", "effect": "clear/letter"}}),
    ),
    bad(
        "an inject that is reported",
        '"reported"',
        (("injects",), {"it": {"round": 1, "sender": "X", "text": "Y", "basis": "reported"}}),
    ),
    bad(
        "a check of that name",
        '"choose" is the name of a question before play; rename one',
        (("check",), {"choose": CHOOSE}),
    ),
    bad(
        "nothing right",
        "no answer is right; mark one with `right: true`",
        (task("choose", "options", "right", "right"), False),
    ),
    bad(
        "all right",
        "every answer is right; add one that is not",
        (task("choose", "options"), {name: {"text": name, "right": True} for name in ("a", "b")}),
    ),
    bad(
        "nothing right before play",
        "no answer is right",
        (("check",), {"it": changed(CHOOSE, (("options", "right", "right"), False))}),
    ),
    bad(
        "one option",
        "too few entries (1); write at least 2",
        (task("choose", "options"), {"a": {"text": "A", "right": True}}),
    ),
    bad("alike that is none", 'no entry "four"', (task("order", "alike"), [["one", "four"]])),
    bad(
        "every order right",
        "every order is right; leave entries out of it",
        (task("order", "alike"), [["one", "two", "three"]]),
    ),
    bad(
        "every order right, pair by pair",
        "every order is right; leave entries out of it",
        (task("order", "alike"), [["one", "two"], ["two", "three"], ["three", "one"]]),
    ),
    bad("two to order", "entries", (task("order", "entries", "three"), GONE)),
    bad(
        "a match with no choice",
        'no choice "left"',
        (task("match", "things", "one", "right"), ["left"]),
    ),
    bad(
        "a statement of nobody",
        'no choice "him"',
        (task("attribute", "statements", "it", "who"), ["him"]),
    ),
    bad("a statement without a fact", 'no fact "F58"', (task("attribute", "weight"), 1)),
    bad("until no step", 'no step "deliver"', (task("predict", "until"), "deliver")),
    bad(
        "predicts no variable",
        'no variable "letter.wier"',
        (task("predict", "values", "weir", "of"), "letter.wier"),
    ),
    bad(
        "no reason right",
        "no reason is right; mark one with `right: true`",
        (task("predict", "because", "right", "right"), False),
    ),
    bad(
        "every reason right",
        "every reason is right; add one that is not",
        (task("predict", "because"), {name: {"text": name, "right": True} for name in ("a", "b")}),
    ),
    bad(
        "a value called as the reason is",
        '"because" is the name of the reason asked for below; rename this one',
        (task("predict", "values"), {"because": {"ask": "The weir?", "of": "letter.weir"}}),
    ),
    bad("no goal", "it names neither `when` nor `ending`; add one", (task("reach", "goal"), {})),
    bad("an ending that is none", 'no ending "hole"', (task("reach", "goal"), {"ending": "hole"})),
    bad(
        "a goal on no variable",
        '"letter.wier"',
        (task("reach", "goal"), {"when": {"letter.wier": "rejected"}}),
    ),
    bad(
        "a goal with no value",
        '"letter.weir" has no value "talks"',
        (task("reach", "goal"), {"when": {"letter.weir": "talks"}}),
    ),
    bad(
        "what is found within limits",
        "a task of the kind find has no limits; leave this out",
        (task("reach", "kind"), "find"),
        (task("reach", "within"), {"actions": 3}),
    ),
    bad(
        "a branch beside that cannot be played",
        "clear/letter",
        (task("compare", "beside"), ["clear/letter"]),
    ),
    bad("a turning point of no ending", 'no ending "hole"', (task("compare", "ending"), "hole")),
    bad(
        "a turning point off the line",
        'no action "clear/leter" on the line',
        (task("compare", "right"), ["clear/leter"]),
    ),
    bad(
        "until and a line",
        "it stands with `line`; leave one of them out",
        (task("compare", "until"), "clear"),
        (task("compare", "line"), ["clear/letter"]),
    ),
    bad(
        "a line back",
        "no step is there to choose from; take in more of the line",
        (task("compare", "after"), "delivery"),
        (task("compare", "until"), "promise"),
    ),
    bad(
        "a line of one step",
        "only one step is there to choose from; take in more of the line",
        (task("compare", "line"), ["answer/letter/weir/rejected", "pass/lowmill"]),
        (task("compare", "right"), ["answer/letter/weir/rejected"]),
    ),
    bad(
        "a turning point after what is shown",
        'no action "deliver/letter/messenger" on the line',
        (task("compare", "until"), "clear"),
        (task("compare", "right"), ["deliver/letter/messenger"]),
    ),
    bad(
        "a rule twice",
        "a rule stands twice; name each once",
        (task("judge", "rules"), ["item-by-item", "item-by-item"]),
    ),
    bad("a paper that is none", 'no paper "note"', (task("judge", "paper"), "note")),
    bad("shows no paper", 'no paper "note"', (task("seal", "shows"), {"paper": "note"})),
    bad("shows no step", 'no step "x"', (task("seal", "shows"), {"steps": ["x"]})),
    bad(
        "three steps",
        "too many entries (3); write at most 2",
        (task("seal", "shows"), {"steps": ["demand", "clear", "position"]}),
    ),
    bad("no rubric", "too few entries (0); write at least 1", (task("explain", "rubric"), [])),
    bad(
        "what cannot be done",
        'task "reach": no line from where the task is set does it; change the goal or the place',
        (task("reach", "goal"), {"when": {"letter.status": "none"}}),
    ),
    bad(
        "what is done already",
        'task "reach": it holds already where the task is set; change the goal or the place',
        (task("reach", "goal"), {"when": {"letter.weir": "none"}}),
    ),
    bad(
        "no turning point",
        'task "compare": the step that closes "whole" is "clear/letter"; name it here',
        (task("compare", "right"), ["deliver/letter/messenger"]),
    ),
]


def good(**parts: Any) -> dict[str, Any]:
    """An exercise with a task of each kind that two-towns can have."""
    tasks = {kind: it for kind, it in PARTS.items() if kind != "attribute"}
    return written(seats=["lowmill"], start="promise", tasks=tasks, **parts)


def kept(folder: Path, data: dict[str, Any]) -> str:
    path = folder / "mine.yaml"
    path.write_text(json.dumps(data, indent=1), encoding="utf-8")
    return str(path)


def test_a_good_exercise_of_a_teacher(call: Call, tmp_path: Path) -> None:
    result = call("check", kept(tmp_path, good()))
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("mine: 0 errors, 0 warnings.\n")
    assert "two-towns/mine, reach: it can be done, as in: " in result.said
    data = json.loads(call("check", kept(tmp_path, good()), "--json").out)
    assert data["exercise"] == "mine"
    assert data["findings"] == []
    (reach, compare) = data["exercises"]["two-towns/mine"]
    assert (reach["task"], reach["verdict"], reach["line"][-1]) == (
        "reach",
        "proved",
        "clear/letter",
    )
    assert compare["line"] == ["clear/letter"]


@pytest.mark.parametrize(("changes", "message"), BAD)
def test_a_bad_exercise_is_told_with_its_place(
    call: Call, tmp_path: Path, changes: tuple[Any, ...], message: str
) -> None:
    data = good()
    if any(path[:2] == ("tasks", "attribute") for path, _ in changes):
        data["tasks"]["attribute"] = PARTS["attribute"]
    result = call("check", kept(tmp_path, changed(data, *changes)))
    assert result.code == 1
    assert result.err == ""
    found = [line for line in result.out.splitlines() if ": error: " in line]
    assert any(message in line for line in found), result.out
    for line in found:
        file, row, column, _ = line.split(":", 3)
        assert file == "mine.yaml"
        assert int(row) >= 1
        assert int(column) >= 1


def test_the_place_is_that_of_the_mistake(call: Call, tmp_path: Path) -> None:
    data = good(facts=["F9"])
    path = kept(tmp_path, data)
    row = next(n for n, it in enumerate(Path(path).read_text().splitlines(), 1) if '"F9"' in it)
    assert call("check", path).out.startswith(f"mine.yaml:{row}:3: error: no fact")


HIDDEN = ["record", "endings", "branches", "facts"]
SEATED = {"seats": ["lowmill"], "start": "promise"}
DOUBTS = [
    pytest.param(
        {"tasks": {"one": {**CHOOSE, "minutes": 15}, "two": {**CHOOSE, "minutes": 6}}},
        "the tasks take 21 minutes, and 20 of 20 are at the keys; shorten them or take a longer "
        "slot",
        id="minutes",
    ),
    pytest.param(
        {"tasks": {"one": {**CHOOSE, "minutes": 23}}, "minutes": 50},
        "the tasks take 23 minutes, and 22 of 50 are at the keys; shorten them or take a longer "
        "slot",
        id="minutes at the keys",
    ),
    pytest.param(
        {"tasks": {"it": {**PARTS["explain"], "weight": 2}}},
        "a task of the kind explain is never graded; leave its weight out",
        id="weight",
    ),
    pytest.param(
        {"tasks": {name: CHOOSE for name in ("one", "two")}, "check": {"three": CHOOSE}},
        "in all 3 questions the right answer is the longest; make some wrong ones as long",
        id="the longest",
    ),
    pytest.param(
        {"tasks": {"it": {**PARTS["predict"], "after": "delivery"}}},
        'this task shows the record up to "delivery" or beyond; change the order',
        id="the place gives it away",
    ),
    pytest.param(
        {"tasks": {"first": {**PARTS["seal"], "after": "decision"}, "it": PARTS["predict"]}},
        'the task "first" shows the record up to "delivery" or beyond; change the order',
        id="a task before gives it away",
    ),
    pytest.param(
        {"tasks": {"one": PARTS["predict"], "it": PARTS["predict"]}},
        'the task "one" shows the record up to "delivery" or beyond; change the order',
        id="a prediction before gives it away",
    ),
    pytest.param(
        {
            "pack": "january-2022",
            "hides": HIDDEN,
            "tasks": {"it": {**PARTS["attribute"], "shows": {"facts": ["F33", "F58"]}}},
        },
        '"F58" stands beside the task with its kind; take it out',
        id="what is attributed stands beside it",
    ),
    pytest.param(
        {"pack": "january-2022", "tasks": {"it": PARTS["attribute"]}},
        'the facts can be looked up in the task "it", which asks for it; add `facts` to `hides`',
        id="the fact gives away who says it",
    ),
    pytest.param(
        {"tasks": {"first": {**PARTS["compare"], "until": "delivery"}, "it": PARTS["predict"]}},
        'the task "first" shows the record up to "delivery" or beyond; change the order',
        id="the steps to compare give it away",
    ),
    pytest.param(
        {"hides": ["endings"], "tasks": {"it": PARTS["predict"]}},
        'the record can be looked up in the task "it", which asks for it; add `record` to `hides`',
        id="the record gives it away",
    ),
    pytest.param(
        {**SEATED, "others": "record", "tasks": {"first": REACH, "it": PARTS["predict"]}},
        'in the task "first" the others play the record before this is predicted; set '
        "`others: wait`, or change the order",
        id="the others give it away",
    ),
    pytest.param(
        {
            **SEATED,
            "seats": ["highwell"],
            "others": "wait",
            "tasks": {"first": {**REACH, "goal": {"ending": "talks"}}, "it": PARTS["predict"]},
        },
        'the task "first" shows the record up to "delivery" or beyond; change the order',
        id="to wait gives it away",
    ),
]


@pytest.mark.parametrize(("parts", "message"), DOUBTS)
def test_a_doubt_is_a_warning(
    call: Call, tmp_path: Path, parts: dict[str, Any], message: str
) -> None:
    result = call("check", kept(tmp_path, written(**parts)))
    assert result.code == 0
    assert "mine: 0 errors, 1 warning." in result.out
    assert f": warning: {message}\n" in result.out


PREDICTED = {
    **PARTS["predict"],
    "after": "promise-us",
    "until": "delivery-us",
    "values": {"it": {"ask": "It?", "of": "us-paper.enlargement", "facts": ["F78"]}},
}


@pytest.mark.parametrize(
    ("parts", "where"),
    [
        ({"facts": ["F78"]}, "the brief"),
        ({"brief": "They refused it [F78]."}, "the brief"),
        ({"seats": ["us"], "private": {"us": "You will refuse it [F78]."}}, "the private brief"),
        ({"check": {"it": {**CHOOSE, "told": "See [F78]."}}}, "a question before play"),
        ({"own": {"shows": {"facts": ["F78"]}}}, "the task itself"),
        ({"own": {"ask": "What next, after [F78]?"}}, "the task itself"),
        ({"before": {**CHOOSE, "shows": {"facts": ["F78"]}}}, 'the task "before"'),
        ({"before": {**CHOOSE, "told": "It was refused [F78]."}}, 'the task "before"'),
    ],
)
def test_what_gives_a_prediction_away(
    call: Call, tmp_path: Path, parts: dict[str, Any], where: str
) -> None:
    before = {"before": parts["before"]} if "before" in parts else {}
    tasks = {**before, "guess": {**deepcopy(PREDICTED), **parts.get("own", {})}}
    rest = {key: it for key, it in parts.items() if key not in ("own", "before")}
    data = written(pack="january-2022", level="basic", hides=HIDDEN, **{**rest, "tasks": tasks})
    out = call("check", kept(tmp_path, data)).out
    assert f': warning: {where} cites "F78" before this is predicted; take it out\n' in out
    del tasks["guess"]["values"]["it"]["facts"]
    assert "0 warnings" in call("check", kept(tmp_path, written(**{**data, "tasks": tasks}))).out


def test_facts_that_can_be_read_give_a_prediction_away(call: Call, tmp_path: Path) -> None:
    """They are not hidden unless the exercise says so: the doubt stands where it should, or at the
    task."""
    data = written(pack="january-2022", level="basic", tasks={"guess": PREDICTED})
    message = 'the facts can be looked up in the task "guess", which asks for it; add `facts`'
    for hides in ({}, {"hides": ["record"]}):
        path = kept(tmp_path, {**data, **hides})
        (line,) = (it for it in call("check", path).out.splitlines() if "warning: " in it)
        assert message in line
        place = Path(path).read_text().splitlines()[int(line.split(":")[1]) - 1]
        assert place.strip().startswith('"hides"' if hides else '"guess"')


def test_to_wait_off_the_record_gives_nothing_away(call: Call, tmp_path: Path) -> None:
    keep = {**REACH, "kind": "avoid", "within": {"rounds": 2}}
    away = {"seats": ["highwell"], "line": ["answer/letter/weir/accepted"]}
    for first, place in ((keep, away), (REACH, {"seats": ["lowmill"]})):
        tasks = {"first": first, "guess": PARTS["predict"]}
        data = written(start="promise", others="wait", tasks=tasks, **place)
        assert "0 errors, 0 warnings" in call("check", kept(tmp_path, data)).out


def test_what_comes_after_a_prediction_gives_nothing_away(call: Call, tmp_path: Path) -> None:
    after = {**CHOOSE, "shows": {"facts": ["F78"], "steps": ["delivery-us"]}}
    tasks = {"guess": PREDICTED, "then": after}
    data = written(pack="january-2022", level="basic", hides=HIDDEN, tasks=tasks)
    assert "0 errors, 0 warnings" in call("check", kept(tmp_path, data)).out


def test_what_is_refuted_is_not_begun(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of somebody's own is proved before it is taken, where that takes no time."""
    monkeypatch.setattr("sys.stdin", io.StringIO("quit\n"))
    assert call("exercise", kept(tmp_path, good())).code == 0
    assert len(journals()) == 1
    impossible = changed(good(), (task("reach", "goal"), {"when": {"letter.status": "none"}}))
    path = kept(tmp_path, impossible)
    result = call("exercise", path)
    assert (result.code, result.out) == (2, "")
    assert "mine.yaml:" in result.err
    assert 'task "reach": no line from where the task is set does it; change' in result.err
    assert len(journals()) == 1
    monkeypatch.setattr("negsim.classroom.proofs.SMALL", 5)
    monkeypatch.setattr("sys.stdin", io.StringIO("quit\n"))
    assert call("exercise", path).code == 0, "a large level is not proved"


# Packs.


@pytest.fixture
def taught(tmp_path: Path) -> Callable[..., Path]:
    """A copy of two-towns with these exercises and no others."""

    def making(**exercises: dict[str, Any]) -> Path:
        folder = tmp_path / "two-towns"
        shutil.copytree(shipped() / "two-towns", folder)
        shutil.rmtree(folder / "exercises", ignore_errors=True)
        (folder / "exercises").mkdir()
        for name, data in exercises.items():
            path = folder / "exercises" / f"{name}.yaml"
            path.write_text(json.dumps(data, indent=1), encoding="utf-8")
        return folder

    return making


def own(**parts: Any) -> dict[str, Any]:
    data = good(**parts)
    del data["pack"]
    return data


def test_a_pack_is_checked_with_its_exercises(call: Call, taught: Callable[..., Path]) -> None:
    spoilt = changed(own(), (task("compare", "right"), ["deliver/letter/messenger"]))
    folder = taught(good=own(), away=own(facts=["F9"]), wrong=spoilt)
    result = call("check", str(folder))
    assert result.code == 1
    away, wrong, summary = result.out.splitlines()
    assert away.startswith("two-towns/exercises/away.yaml:")
    assert ': error: no fact "F9"' in away
    assert wrong.startswith("two-towns/exercises/wrong.yaml:")
    assert wrong.endswith('the step that closes "whole" is "clear/letter"; name it here')
    assert "two-towns: 2 errors, 0 warnings. 0 facts, 20 steps, 3 exercises; full" in summary
    shown = json.loads(call("check", str(folder), "--json").out)["exercises"]
    assert [*shown] == ["two-towns/good", "two-towns/wrong"]
    assert [it["verdict"] for it in shown["two-towns/wrong"]] == ["proved", "refuted"]


def test_a_pack_without_exercises_says_nothing_of_them(
    call: Call, taught: Callable[..., Path]
) -> None:
    result = call("check", str(taught()))
    assert (result.code, "exercise" in result.out) == (0, False)


def test_a_large_level_is_proved_when_asked(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("negsim.classroom.proofs.SMALL", 5)
    impossible = changed(good(), (task("reach", "goal"), {"when": {"letter.status": "none"}}))
    path = kept(tmp_path, impossible)
    result = call("check", path)
    assert (result.code, result.out) == (
        0,
        "mine: 0 errors, 0 warnings. 1 exercise to be proved with --prove.\n",
    )
    assert call("check", path, "--prove").code == 1


def test_what_is_not_decided_is_a_warning(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("negsim.classroom.proofs.MOST", 1)
    result = call("check", kept(tmp_path, good()))
    assert result.code == 0
    assert ': warning: task "reach": among 1 places none was found' in result.out


def test_the_name_of_an_exercise_is_no_sequence_for_the_terminal(
    call: Call, tmp_path: Path
) -> None:
    path = tmp_path / "red\x1b[31m.yaml"
    path.write_text(json.dumps(good(facts=["F9"])), encoding="utf-8")
    result = call("check", str(path))
    assert "\x1b" not in result.out + result.err
    assert "red\\x1b[31m: 1 error" in result.out


def test_keep_order_is_for_packs(call: Call, tmp_path: Path) -> None:
    result = call("check", kept(tmp_path, good()), "--prove", "--keep-order")
    assert result.code == 2
    assert "--keep-order is for a pack, and not for an exercise" in result.err


@pytest.mark.parametrize("name", lesson_ids())
def test_every_exercise_that_ships_is_in_order(call: Call, name: str) -> None:
    result = call("check", name)
    assert result.code == 0, result.out
    assert ": 0 errors, 0 warnings." in result.out


def test_the_schema_explains_every_key_of_an_exercise(call: Call) -> None:
    schema = json.loads(call("schema", "exercise").out)
    for part in [schema, *schema["$defs"].values()]:
        for key, field in part.get("properties", {}).items():
            assert field.get("description"), (part.get("title"), key)
    match = schema["$defs"]["Match"]["properties"]
    assert match["things"]["description"] == "The things by id."
    assert match["kind"]["description"] == schema["$defs"]["Match"]["description"]
    assert schema["$defs"]["When"]["properties"]["any"]["description"]
