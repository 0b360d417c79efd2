"""The questions of the command line as a person would ask them, with wrong ones too."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from negsim.answers import turning_point_lines
from negsim.engine import apply_action, initial_state, outcome, values
from negsim.explore.explorer import Explorer
from negsim.explore.turning import Decided, Shifted, TurningPoint
from negsim.pack.catalogue import shipped
from negsim.pack.load import LoadedPack, read_condition
from negsim.replay import find_point
from negsim.rules import All, Condition, Game, Not, State
from tests.conftest import Call
from tests.explore.judge import Judge, holds

TALKS = "Talks on part of the items"


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what is kept, the same for all of these tests, so that they are fast."""
    path = tmp_path_factory.getbasetemp() / "asked"
    monkeypatch.setenv("NEGSIM_HOME", str(path))
    return path


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A copy of two-towns that can be changed."""
    folder = tmp_path / "my-case"
    shutil.copytree(shipped() / "two-towns", folder)
    spoil(folder, "id: two-towns", "id: my-case")
    return folder


def spoil(folder: Path, old: str, new: str) -> None:
    path = folder / "pack.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def judge(two_towns: LoadedPack) -> Judge:
    return Judge(two_towns.game)


# The overview


def test_the_overview(call: Call) -> None:
    result = call("ask", "two-towns")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(
        "two-towns: 79,128 states can be reached.\n"
        "\n"
        "Endings, seen from the start:\n"
        "\n"
        "  whole  The whole demand is met\n"
        "    still possible; 13 steps at least\n"
        "    can make sure of it: Highwell with Lowmill\n"
        "    can prevent it: Highwell alone; or Lowmill alone\n"
    )
    assert (
        "  lapsed  The process lapses\n"
        "    still possible, where everybody goes on passing\n"
        "    can make sure of it: Highwell alone; or Lowmill alone\n"
        "    can prevent it: Highwell with Lowmill\n"
    ) in result.out
    assert (
        "Turning points of the record:\n"
        "  step 10  Lowmill clears the text of the letter of Lowmill.\n"
        "     no longer possible in this model: The whole demand is met\n"
        '       because the order of the steps refuses "redraft/letter/weir": the letter\n'
        "         of Lowmill is not being drafted\n"
        "  step 11  "
    ) in result.out
    assert re.findall(r"^  step (\d+)", result.out, re.M) == ["10", "11", "20"]
    assert result.said.endswith("may hinder what is made sure of.")
    assert "These are answers about this model, not about history" in result.said


def test_the_overview_from_elsewhere(call: Call) -> None:
    """The turning points are those of the record, wherever one looks from."""
    result = call("ask", "two-towns", "--from", "10")
    assert result.code == 0
    assert "Endings, seen from step 10 of the record:\n" in result.out
    assert "  whole  The whole demand is met\n    no longer possible in this model\n" in result.out
    assert "  talks  Talks on part of the items\n    still possible; 6 steps at least" in result.out
    assert re.findall(r"^  step (\d+)", result.out, re.M) == ["10", "11", "20"]
    ended = call("ask", "two-towns", "--from", "record")
    assert (
        "still possible; 0 steps at least\n    can make sure of it: it comes of itself" in ended.out
    )


def test_the_overview_as_json(call: Call, judge: Judge) -> None:
    data = json.loads(call("ask", "two-towns", "--json").out)
    assert (data["game"], data["states"], data["from"]) == ("two-towns", 79_128, "the start")
    assert data["endings"][1] == {
        "ending": "talks",
        "possible": True,
        "distance": 13,
        "forced_by": [["highwell", "lowmill"]],
        "avoidable_by": [["highwell"], ["lowmill"]],
    }
    start = judge.states[0]
    for it in [it for it in data["endings"] if it["ending"] in ("whole", "talks", "lapsed")]:
        assert it["possible"] == (start in judge.possible(it["ending"]))
        assert it["distance"] == judge.distances(it["ending"]).get(start)
    assert [(it["step"], it["action"]) for it in data["turning_points"]] == [
        ("step 10", "clear/letter"),
        ("step 11", "deliver/letter/messenger"),
        ("step 20", "decide/letter/talks"),
    ]
    assert data["turning_points"][0]["lost"] == [
        {
            "ending": "whole",
            "rule": "order",
            "because": "the letter of Lowmill is not being drafted",
        }
    ]
    assert data["turning_points"][1]["shifted"][0] == {
        "ending": "talks",
        "before": [["highwell", "lowmill"]],
        "after": [["highwell"]],
    }


def test_the_second_time_nothing_is_worked_out(call: Call, home: Path) -> None:
    """What is kept is read and left as it is."""
    first = call("ask", "two-towns")
    files = {path: path.stat().st_mtime_ns for path in home.rglob("*") if path.is_file()}
    assert files
    assert call("ask", "two-towns") == first
    assert {path: path.stat().st_mtime_ns for path in files} == files


# The examples of the help


def examples(call: Call, command: str) -> list[list[str]]:
    """The examples that the help of a command shows, as words."""
    text = call(command, "--help").out.partition("Examples:\n")[2].partition("\n\n")[0]
    lines = text.replace("\\\n", " ").splitlines()
    found = [shlex.split(line) for line in lines]
    assert found
    assert all(words[:2] == ["negsim", command] for words in found)
    return [words[1:] for words in found]


def test_the_short_examples_of_ask(call: Call) -> None:
    """Each is about the two towns, or the basic level, and is answered with yes."""
    short = [it for it in examples(call, "ask") if "two-towns" in it or "basic" in it]
    assert len(short) >= 3
    for words in short:
        result = call(*words)
        assert (result.code, result.err) == (0, ""), words
        assert max(len(line) for line in result.out.splitlines()) <= 80
    talks = next(it for it in short if "--forced-by" in it)
    assert call(*talks).said == (
        f'Yes: Highwell can make sure of the ending "{TALKS}" in this model, whatever the others '
        "do and whatever happens by chance."
    )
    one = next(it for it in short if "basic" in it)
    assert call(*one).said.startswith(
        "Yes: the United States can make sure that it never comes to the ending "
        '"Agreement on one paper alone" in this model'
    )


@pytest.mark.whole
def test_the_long_examples_of_ask(call: Call) -> None:
    """Each is about the full level of January 2022, and has an answer."""
    long = [it for it in examples(call, "ask") if "january-2022" in it and "basic" not in it]
    assert long
    for words in long:
        result = call(*words)
        assert result.code in (0, 1), (words, result.err)
        assert result.err == ""
        assert result.out
        assert max(len(line) for line in result.out.splitlines()) <= 80


def test_the_examples_of_check(call: Call, case: Path) -> None:
    """The folder of the second is whatever the author has."""
    found = [it for it in examples(call, "check") if "my-exercise" not in " ".join(it)]
    plain = [it for it in found if "--prove" not in it]
    proving = [it for it in found if "my-case" in " ".join(it)]
    assert plain
    assert proving == [["check", "./my-case", "--prove"]]
    for words in (*plain, *proving):
        result = call(*words)
        assert (result.code, result.err) == (0, ""), words


# Wrong questions

GOAL = ("ask", "two-towns", "--possible", "--ending", "talks")
WHERE = ("ask", "two-towns", "--possible", "--where")
DEEP = "{not: " * 60 + "{turn: nature}" + "}" * 60
WRONG: list[tuple[tuple[str, ...], str]] = [
    (
        ("ask", "two-towns", "--possible"),
        "name the goal: --ending ID, --where CONDITION, or both",
    ),
    (
        ("ask", "two-towns", "--possible", "--always", "--ending", "talks"),
        "ask one question at a time, not 2",
    ),
    (
        (*GOAL, "--shortest", "--forced-by", "highwell"),
        "ask one question at a time, not 3",
    ),
    (
        ("ask", "two-towns", "--ending", "talks"),
        "say what to ask of the goal: --possible, --always, --shortest, --forced-by PARTIES or "
        "--avoidable-by PARTIES",
    ),
    (("ask", "two-towns", "--where", "{turn: nature}"), "say what to ask of the goal"),
    (("ask", "two-towns", "--forced-by", "", "--ending", "talks"), "say what to ask of the goal"),
    (
        ("ask", "two-towns", "--always", "--ending", "talks", "--where", "{turn: nature}"),
        "--always asks of --ending or of --where, not of both",
    ),
    (("ask", "two-town"), 'no pack "two-town"; did you mean "two-towns"?'),
    (
        ("ask", "two-towns", "--possible", "--ending", "talk"),
        'no ending "talk" in two-towns; did you mean "talks"?',
    ),
    (
        ("ask", "two-towns", "--possible", "--ending", "\x1b[31m"),
        'no ending "\\x1b[31m" in two-towns; there is "broken-off", "lapsed", "talks"',
    ),
    (
        ("ask", "two-towns", "--possible", "--ending", "[bold]x[/bold]"),
        'no ending "[bold]x[/bold]" in two-towns',
    ),
    (
        ("ask", "two-towns", "--forced-by", "highwel", "--ending", "talks"),
        'no party "highwel" in two-towns; did you mean "highwell"?',
    ),
    (
        ("ask", "two-towns", "--avoidable-by", "highwell,nature", "--ending", "talks"),
        'no party "nature" in two-towns; there is "highwell", "lowmill"',
    ),
    ((*GOAL, "--seat", "publik"), 'no viewpoint "publik" in two-towns; did you mean "public"?'),
    ((*GOAL, "--level", "basic"), 'no level "basic" in two-towns; there is "full"'),
    (
        ("ask", "january-2022", "--level", "basik"),
        'no level "basik" in january-2022; did you mean "basic"?',
    ),
    (
        ("ask", "two-towns", "--shortest", "--ending", "talks", "--seat", "public"),
        "for a seat ask --possible, --forced-by or --avoidable-by",
    ),
    (
        ("ask", "two-towns", "--seat", "public"),
        "for a seat ask --possible, --forced-by or --avoidable-by",
    ),
    (
        (*WHERE, "{letter.decision: talks"),
        'negsim: --where:1:1: the bracket of "{letter.decision: talks" is not closed',
    ),
    (
        (*WHERE, "{letter.decison: talks}"),
        '--where:1:2: no variable "letter.decison" to test; did you mean "letter.decision"',
    ),
    (
        (*WHERE, "{letter.decision: talkz}"),
        '--where:1:19: "letter.decision" has no value "talkz"; did you mean "talks"?',
    ),
    ((*WHERE, DEEP), "the file nests deeper than 40 levels; flatten it"),
    ((*WHERE, "[" * 5000), "the file nests deeper than 40 levels; flatten it"),
    ((*WHERE, "{\x1b[31m: x}"), "--where:1:2: the hidden character U+001B stands here; remove it"),
    ((*WHERE, "{\u202e: x}"), "--where:1:2: the hidden character U+202E stands here; remove it"),
    (
        (*WHERE, '{"[bold]letter[/bold]": x}'),
        '--where:1:2: no variable "[bold]letter[/bold]" to test',
    ),
    ((*WHERE, ""), "--where:1:1: the file is empty"),
    ((*WHERE, "{}"), "--where:1:1: the condition says nothing"),
    ((*WHERE, "talks"), "--where:1:1: "),
    (
        ("ask", "two-towns", "--possible", "--ending", "lapsed", "--where", "{turn: nature}"),
        '"lapsed" is the ending of lines that go on for ever, in which no one state is the last; '
        "ask for the condition alone",
    ),
    (
        (*GOAL, "--from", "nowhere"),
        '"nowhere" is no place on a line; write start, record, a day as in 2022-01-27, the number '
        "of a step, or action ids with commas",
    ),
    ((*GOAL, "--from", "\x1b[31m"), '"\\x1b[31m" is no place on a line'),
    ((*GOAL, "--from", ""), '"" is no place on a line'),
    ((*GOAL, "--from", "99"), "the record has no step 99; it has 20 steps"),
    ((*GOAL, "--from", "0"), "the record has no step 0; it has 20 steps"),
    (
        (*GOAL, "--from", "demand/letter,answer/letter/weir/rejected"),
        "answer/letter/weir/rejected is refused: the letter of Lowmill is not being drafted "
        "(letter.status is demanded)",
    ),
    (
        (*GOAL, "--from", "demand/lettre"),
        'no action "demand/lettre" in two-towns; did you mean "demand/letter"',
    ),
    ((*GOAL, "--from", "evil/\x1b[31m"), 'no action "evil/\\x1b[31m" in two-towns'),
    ((*GOAL, "--memory", "5"), "Invalid value for '--memory': 5 is not in the range"),
    ((*GOAL, "--memory", "much"), "Invalid value for '--memory'"),
    (
        ("replay", "two-towns", "--turning-points", "--viewpoint", "public"),
        'turning points would betray what "public" cannot see; leave out --viewpoint',
    ),
    (("check", "two-towns", "--keep-order"), "--keep-order belongs to --prove"),
]


@pytest.mark.parametrize(("words", "message"), WRONG)
def test_a_wrong_question_exits_2_and_says_why(
    call: Call, words: tuple[str, ...], message: str
) -> None:
    result = call(*words)
    assert result.code == 2
    assert message in result.err
    assert result.err.count("negsim: ") == 1
    assert "Traceback" not in result.err
    assert all(char.isprintable() or char == "\n" for char in result.err)
    assert result.out == ""


STRANGE = ("\u00b2", "9" * 5000, "2022-13", "2022-00")
"""What some function or other takes for a number, or for a month."""


@pytest.mark.parametrize("start", STRANGE, ids=range(len(STRANGE)))
def test_a_strange_place_is_none(call: Call, start: str) -> None:
    """The record of January has dates, the other has none."""
    where = "--level", "basic", "--possible", "--ending", "one-paper", "--from", start
    result = call("ask", "january-2022", *where)
    assert (result.code, result.out) == (2, "")
    assert "Traceback" not in result.err


# Answers, against the list of all states

POINTS = ("start", "10", "demand/letter,pass/highwell,ask/letter")
CONDITIONS = (
    "{letter.weir: accepted}",
    "{any: [{letter.decision: none}, {not: {turn: nature}}]}",
)


def state_at(two_towns: LoadedPack, start: str) -> State:
    return find_point(two_towns.game, two_towns.record, "full", two_towns.game, start).state


def goals(two_towns: LoadedPack) -> list[tuple[tuple[str, ...], str | Condition]]:
    """How a goal is asked for, and what it is."""
    game = two_towns.game
    found: list[tuple[tuple[str, ...], str | Condition]] = [
        (("--ending", ending), ending) for ending in ("whole", "talks", "lapsed")
    ]
    for text in CONDITIONS:
        found.append((("--where", text), read_condition(text, game, "--where")))
    whole, talks = (it.when for it in game.endings[:2])
    assert whole is not None
    assert talks is not None
    both = All((talks, Not(whole), read_condition(CONDITIONS[0], game, "--where")))
    found.append((("--ending", "talks", "--where", CONDITIONS[0]), both))
    return found


def asked(call: Call, words: Sequence[str]) -> dict[str, Any]:
    """The answer as data; the exit code says the same."""
    result = call("ask", "two-towns", *words, "--json")
    assert result.err == ""
    data: dict[str, Any] = json.loads(result.out)
    assert data.keys() == {"answer", "sentences", "line"}
    assert result.code == (0 if data["answer"] else 1)
    return data


def meets(game: Game, goal: str | Condition, state: State, line: Sequence[str]) -> bool:
    """Whether the line can be played from the state and meets the goal at its end."""
    for action in line:
        state = apply_action(game, state, action)
    if not isinstance(goal, str):
        return holds(goal, values(game, state))
    ended = outcome(game, state)
    return ended is not None and ended.ending.id == goal


def test_possible_and_shortest(call: Call, two_towns: LoadedPack, judge: Judge) -> None:
    """The line leads from there to the goal, in as few actions as there can be."""
    for start in POINTS:
        state = state_at(two_towns, start)
        for words, goal in goals(two_towns):
            right = state in judge.possible(goal)
            for question in ("--possible", "--shortest"):
                data = asked(call, (question, *words, "--from", start))
                assert data["answer"] == right, (start, words)
                if goal == judge.default or not right:
                    assert data["line"] is None
                    continue
                line = data["line"] or []
                assert meets(two_towns.game, goal, state, line)
                steps = [it for it in line if not it.startswith("pass/")]
                assert len(steps) == judge.distances(goal)[state]


def test_forced_and_avoidable(call: Call, two_towns: LoadedPack, judge: Judge) -> None:
    surprised = "{letter.fishers.surprised: yes}"
    condition = read_condition(surprised, two_towns.game, "--where")
    questions: list[tuple[str, tuple[str, str], str | Condition]] = [
        ("highwell", ("--ending", "talks"), "talks"),
        (" highwell, lowmill ,", ("--ending", "talks"), "talks"),
        ("highwell", ("--ending", "lapsed"), "lapsed"),
        ("lowmill", ("--where", surprised), condition),
    ]
    told = set()
    for start in ("start", "11", "record"):
        state = state_at(two_towns, start)
        for parties, words, goal in questions:
            names = frozenset(parties.replace(",", " ").split())
            data = asked(call, ("--forced-by", parties, *words, "--from", start))
            assert data["answer"] == (state in judge.forces(names, goal)), (start, words)
            if data["answer"] and goal != judge.default:
                assert meets(two_towns.game, goal, state, data["line"])
            told.add(("forced", data["answer"]))
            data = asked(call, ("--avoidable-by", parties, *words, "--from", start))
            assert data["answer"] == (state in judge.avoids(names, goal)), (start, words)
            told.add(("avoidable", data["answer"]))
    assert len(told) == 4


def test_always(call: Call, two_towns: LoadedPack, judge: Judge) -> None:
    """Every line has the ending; or every state fulfils the condition."""
    for start in ("start", "10", "record"):
        state = state_at(two_towns, start)
        for ending in two_towns.game.endings:
            others = [it.id for it in two_towns.game.endings if it != ending]
            data = asked(call, ("--always", "--ending", ending.id, "--from", start))
            assert data["answer"] == (not any(state in judge.possible(it) for it in others))
        for text in CONDITIONS:
            condition = Not(read_condition(text, two_towns.game, "--where"))
            data = asked(call, ("--always", "--where", text, "--from", start))
            assert data["answer"] == (state not in judge.possible(condition))
            if not data["answer"]:
                assert meets(two_towns.game, condition, state, data["line"])


def test_for_a_seat(call: Call) -> None:
    """Who cleared the text knows what it is; the public does not know that there is one."""
    told = {"public": "It depends on what this seat cannot see.\n"}
    told["lowmill"] = "No, in none of the states that this seat cannot tell from its own.\n"
    for seat, sentence in told.items():
        result = call(
            *("ask", "two-towns", "--possible", "--ending", "whole"), "--from", "10", "--seat", seat
        )
        assert (result.code, result.out, result.err) == (1, sentence, "")
    words = (
        "ask",
        "two-towns",
        "--avoidable-by",
        "highwell",
        "--ending",
        "talks",
        "--seat",
        "public",
    )
    assert call(*words).code == 0
    assert (
        call(*words, "--json").out
        == json.dumps(
            {
                "answer": True,
                "sentences": [
                    "Yes, in this model, in every state that this seat cannot tell from its own."
                ],
                "line": None,
            },
            indent=2,
        )
        + "\n"
    )


# Answers in words


def test_a_line_is_told_with_its_ids(call: Call, two_towns: LoadedPack) -> None:
    """The ids, with commas, are a place from which one can go on asking."""
    result = call(*GOAL)
    assert result.code == 0
    assert result.said.startswith(
        f'Yes, in this model, from the start: the ending "{TALKS}" is still possible, as in this '
        "line. It rests on rule G1, rule G12, rule G13, the rule that a thing is settled once"
    )
    ids = re.findall(r"\[(\S+)\]$", result.out, re.M)
    assert len(ids) == 13
    assert (ids[0], ids[-1]) == ("demand/letter", "decide/letter/talks")
    assert re.findall(r"^  round (\d)$", result.out, re.M) == ["1", "2"]
    on = call(*GOAL, "--from", ",".join(ids[:-1]))
    assert re.findall(r"\[(\S+)\]$", on.out, re.M) == ids[-1:]
    assert f'from that line: the ending "{TALKS}" is still possible' in on.said
    assert re.findall(r"^  round (\d)$", on.out, re.M) == ["2"]
    assert call(*GOAL, "--from", ", ".join(ids)).said.endswith("it holds there already.")


def test_why_it_is_no_longer_possible(call: Call) -> None:
    result = call("ask", "two-towns", "--possible", "--ending", "whole", "--from", "record")
    assert (result.code, result.err) == (1, "")
    assert result.out == (
        "No. In this model it is no longer possible since step 10 (clear/letter), because\n"
        'the order of the steps refuses "redraft/letter/weir": the letter of Lowmill is\n'
        "not being drafted. Another rule would give another answer.\n"
    )


def test_an_impossible_condition_never_was_possible(call: Call) -> None:
    where = "{letter.decision: talks, letter.status: none}"
    result = call(*WHERE, where)
    assert result.code == 1
    assert result.said == f'No. No line of this model comes to "{where}" from the start.'


def test_who_else_could(call: Call) -> None:
    result = call("ask", "two-towns", "--forced-by", "highwell", "--ending", "talks")
    assert result.code == 1
    assert result.said == (
        f'No: Highwell cannot make sure of the ending "{TALKS}" from the start. '
        "Who can, in this model: Highwell with Lowmill."
    )
    result = call("ask", "two-towns", "--avoidable-by", "lowmill", "--ending", "lapsed")
    assert result.code == 1
    assert result.said.endswith("Who can, in this model: Highwell with Lowmill.")
    result = call("ask", "two-towns", "--forced-by", "lowmill", "--ending", "whole", "--from", "10")
    assert result.said.endswith(
        "Who can, in this model: nobody can, all parties together included."
    )


def test_an_ending_behind_another_is_not_the_one_reached(call: Call, case: Path) -> None:
    """Where the whole demand is met, the line has that ending, whatever else would hold."""
    spoil(case, "when: {letter.decision: talks}", "when: {letter.decision: [talks, accept]}")
    words = "ask", "my-case", "--possible", "--ending", "talks", "--where"
    assert call(*words, "{letter.decision: talks}").code == 0
    assert call(*words, "{letter.decision: accept}").code == 1


def test_what_goes_on_for_ever(call: Call) -> None:
    possible = call("ask", "two-towns", "--possible", "--ending", "lapsed")
    assert possible.said.endswith("is still possible, where everybody goes on passing.")
    shortest = call("ask", "two-towns", "--shortest", "--ending", "lapsed")
    assert shortest.out == "No number of steps: it is where everybody goes on passing.\n"
    assert (possible.code, shortest.code) == (0, 0)


@pytest.mark.parametrize(
    "words",
    [
        ("ask", "two-towns"),
        ("ask", "two-towns", "--shortest", "--ending", "talks"),
        ("ask", "two-towns", "--forced-by", "highwell,lowmill", "--ending", "talks"),
        ("ask", "two-towns", "--always", "--ending", "talks"),
        ("ask", "january-2022", "--level", "basic"),
        ("ask", "january-2022", "--level", "basic", "--shortest", "--ending", "one-paper"),
        ("check", "two-towns", "--prove"),
        ("replay", "two-towns", "--turning-points"),
        ("replay", "january-2022", "--level", "basic", "--turning-points"),
    ],
)
def test_nothing_is_wider_than_the_terminal(call: Call, words: tuple[str, ...]) -> None:
    result = call(*words)
    assert result.code in (0, 1)
    lines = result.out.splitlines()
    if words[0] == "check":
        lines = lines[1:]  # the first is for programs that read lines
    assert max(len(line) for line in lines) <= 80
    assert all(line == line.rstrip() for line in lines)


# The turning points in the record


def test_the_record_with_its_turning_points(call: Call) -> None:
    """Nothing but the marks is added to the record."""
    plain, marked = call("replay", "two-towns"), call("replay", "two-towns", "--turning-points")
    assert (marked.code, marked.err) == (0, "")
    assert (
        "     => the letter of Lowmill: consultation -> response\n"
        "     no longer possible in this model: The whole demand is met\n"
        '       because the order of the steps refuses "redraft/letter/weir": the letter\n'
        "         of Lowmill is not being drafted\n"
        "\n"
        " 11  "
    ) in marked.out
    assert (
        'until then rule G1 refused "receive/letter": the letter of Lowmill is not at this step: '
        "receipt follows delivery"
    ) in marked.said
    assert marked.out.count("can now make sure of") == 2
    assert marked.out.count("no longer possible in this model") == 2
    added = [line for line in marked.out.splitlines() if line not in plain.out.splitlines()]
    assert len(added) == len(marked.out.splitlines()) - len(plain.out.splitlines())
    early = call("replay", "two-towns", "--turning-points", "--viewpoint", "everything")
    assert early == marked


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ((), (("highwell",),), ["until then", "refused"]),
        ((("highwell",),), (("lowmill",),), ["until then", "refused"]),
        ((("highwell",),), (), ["now", "refuses"]),
        ((("highwell",), ("lowmill",)), (("highwell",),), ["now", "refuses"]),
        ((("highwell",),), (("highwell", "lowmill"),), ["now", "refuses"]),
        ((), (("highwell",),), None),
    ],
)
def test_why_others_can_make_sure_of_it(
    two_towns: LoadedPack,
    before: tuple[tuple[str, ...], ...],
    after: tuple[tuple[str, ...], ...],
    reason: list[str] | None,
) -> None:
    """What was in the way of those who can only now; or what is, of those who no longer can."""
    game = two_towns.game
    action = game.action("receive/letter")
    shifted = Shifted(
        "talks",
        tuple(frozenset(it) for it in before),
        tuple(frozenset(it) for it in after),
        Decided(action, action.when[0]) if reason is not None else None,
    )
    point = TurningPoint(0, "demand/letter", (), (shifted,))
    explorer = Explorer(game, [*game.position], memory=2)
    lines = turning_point_lines(explorer, two_towns.pack, point, initial_state(game), 500)
    need = action.when[0]
    told = [line.strip() for line in lines]
    assert told[0].startswith(f"can now make sure of {TALKS}: ")
    if reason is None:
        assert told[1:] == []
    else:
        when, refuses = reason
        said = f'{when} rule {need.rule} {refuses} "receive/letter": {need.otherwise}'
        assert told[1:] == [said]


def test_the_turning_points_as_json(call: Call) -> None:
    steps = json.loads(call("replay", "two-towns", "--turning-points", "--json").out)["steps"]
    marked = {it["number"]: it["turning_point"] for it in steps if it["turning_point"]}
    assert list(marked) == [10, 11, 20]
    assert marked[10][0] == "no longer possible in this model: The whole demand is met"
    plain = json.loads(call("replay", "two-towns", "--json").out)["steps"]
    assert all(it.get("turning_point", []) == [] for it in plain)


def test_the_turning_points_of_a_level(call: Call) -> None:
    data = call("replay", "january-2022", "--level", "basic", "--turning-points", "--json")
    assert data.code == 0
    assert any(it["turning_point"] for it in json.loads(data.out)["steps"])


# The proof


def test_a_proof(call: Call) -> None:
    result = call("check", "two-towns", "--prove")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(
        "two-towns: 0 errors, 0 warnings. 0 facts, 20 steps, 1 exercise; full 15 variables, 44 "
        "actions.\n"
        "two-towns: proved for all 79,128 states: every line can go on or has ended,\n"
        "every turn ends, an ending can always be reached, and every action and ending is\n"
        "possible.\n"
        "two-towns/first-letter, write: it can be done, as in:\n"
    )
    data = json.loads(call("check", "two-towns", "--prove", "--json").out)
    assert [it["verdict"] for it in data.pop("exercises")["two-towns/first-letter"]] == ["proved"]
    assert data == {
        "pack": "two-towns",
        "findings": [],
        "proofs": [{"game": "two-towns", "states": 79_128, "sound": True, "defects": []}],
    }


DEAD = """\
actions:
  clear/letter:
    when: {letter.decision: talks}
    otherwise: the text is cleared once all is agreed
"""


def test_a_dead_action_is_told_with_what_blocks_it(call: Call, case: Path) -> None:
    """Nobody clears the text, so nothing that needs the text happens either."""
    spoil(case, "actions:\n", DEAD)
    result = call("check", "my-case", "--prove")
    assert result.code == 1
    assert "my-case: not sound; of " in result.said
    assert (
        'error: "clear/letter" is never possible: the text is cleared once all is agreed '
        "(rule pack: letter.decision is talks); drop it or change a rule"
    ) in result.said
    assert 'error: the ending "talks" is never reached; change its condition' in result.said
    assert max(len(line) for line in result.out.splitlines() if ": error:" not in line) <= 100
    data = json.loads(call("check", "my-case", "--prove", "--json").out)
    (proof,) = data["proofs"]
    assert proof["sound"] is False
    dead = {it["about"]: it for it in proof["defects"] if it["kind"] == "dead-action"}
    assert dead["clear/letter"]["line"] is None
    assert "deliver/letter/messenger" in dead


def test_a_pack_that_cannot_be_read_is_not_proved(call: Call, case: Path) -> None:
    spoil(case, "minutes: 10", "minutes: ten")
    result = call("check", "my-case", "--prove")
    assert result.code == 1
    assert result.out.count("\n") == 2
    assert "proofs" not in json.loads(call("check", "my-case", "--prove", "--json").out)


def test_the_order_is_written_and_serves(call: Call, case: Path, two_towns: LoadedPack) -> None:
    assert not (case / "order.txt").exists()
    assert call("check", "my-case", "--prove", "--keep-order").code == 0
    lines = (case / "order.txt").read_text(encoding="utf-8").splitlines()
    names = [line for line in lines if not line.startswith("#")]
    assert sorted(names) == sorted(two_towns.game.position)
    again = call("check", "my-case", "--prove")
    assert again.code == 0
    assert "proved for all 79,128 states" in again.said


def test_an_order_that_cannot_be_written_is_said(call: Call, case: Path) -> None:
    """A folder stands where the file belongs: that stops even who may write everywhere."""
    (case / "order.txt").mkdir()
    result = call("check", "my-case", "--prove", "--keep-order")
    assert (result.code, result.out) == (2, "")
    assert re.fullmatch(
        r'negsim: cannot write "my-case[/\\]+order\.txt": .+; see that it can be written, or check '
        r"a copy of the pack elsewhere\n",
        result.err,
    )


def test_the_start_is_the_state_before_anybody_moves(two_towns: LoadedPack) -> None:
    assert state_at(two_towns, "start") == initial_state(two_towns.game)
