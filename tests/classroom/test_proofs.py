"""What an exercise sets is proved by a line that plays; what cannot be done is refuted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from negsim.classroom import proofs as module
from negsim.classroom.lesson import Lesson
from negsim.classroom.proofs import Proof, is_small, proofs, refuted, to_prove
from negsim.explore.explorer import Explorer
from negsim.pack.load import LoadedPack
from tests.classroom.lessons import CHOOSE, REACH, made, taken

SEATED: dict[str, Any] = {"seats": ["lowmill"], "start": "promise"}
TURN = {"kind": "compare", "ask": "Which step?", "after": "promise", "ending": "whole"}


OPEN = (
    "answer/letter/weir/accepted",
    "answer/letter/gate/talks",
    "answer/letter/gauge/accepted",
    "clear/letter",
)
"""A branch on which all can still be agreed."""


def set_(kind: str, goal: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": kind, "ask": "Do it.", "goal": goal, **more}


def proved(lesson: Lesson) -> list[Proof]:
    return list(proofs(lesson, Explorer(lesson.game)))


def one(folder: Path, task: dict[str, Any], **more: Any) -> Proof:
    (found,) = proved(made(folder, **{**SEATED, **more}, tasks={"it": task}))
    return found


def taken_along(lesson: Lesson, line: Sequence[str], seed: int = 0) -> bool:
    """Whether somebody who takes the exercise does the task by taking their part of the line."""
    taking = taken(lesson, seed=seed)
    done = len(taking.session.here.line)
    start = len(taking.began("it").line)
    for place, action in enumerate(line):
        if place + start < done:
            continue
        if action.startswith("pass/"):
            taking.sitting.end_turn()
        else:
            taking.sitting.take(action)
        taking.moved()
        done = len(taking.session.here.line)
    return taking.succeeded("it")


def least(lesson: Lesson, most: int) -> int | None:
    """The least number of actions that does the first task, by trying everything in a session."""
    rows: list[list[str]] = [[]]
    for depth in range(most + 1):
        further = []
        for row in rows:
            taking = taken(lesson)
            for action in row:
                taking.sitting.take(action)
                taking.moved()
            if taking.succeeded("it"):
                return depth
            further += [[*row, it.id] for it in taking.sitting.choices]
        rows = further
    return None


@pytest.mark.parametrize("others", ["wait", "record", "random"])
def test_a_line_that_was_found_is_done_by_who_takes_it(tmp_path: Path, others: str) -> None:
    lesson = made(tmp_path, **SEATED, others=others, tasks={"it": REACH})
    (found,) = proved(lesson)
    assert (found.verdict, found.doubt) == ("proved", None)
    assert taken_along(lesson, found.line)


def test_the_limit_of_actions_is_exact(tmp_path: Path) -> None:
    goal = {"when": {"letter.weir": "accepted", "letter.gauge": "counter"}}
    lesson = made(tmp_path, **SEATED, tasks={"it": set_("reach", goal)})
    fewest = least(lesson, 3)
    assert fewest == 2
    for actions, verdict in ((fewest - 1, "refuted"), (fewest, "proved")):
        found = one(tmp_path, set_("reach", goal, within={"actions": actions}))
        assert found.verdict == verdict
    assert one(tmp_path, set_("reach", goal, within={"actions": 1})).sentence == (
        "the player cannot do it against the others, within the limits; loosen the limits, or "
        "change the goal or the place"
    )


def test_the_limit_of_rounds_is_exact(tmp_path: Path) -> None:
    """To redraft ends the turn: the new answer comes in the next round at the earliest."""
    goal = {"when": {"letter.weir": "rejected"}}
    drafted = {**SEATED, "line": ["answer/letter/weir/accepted"]}
    task = set_("reach", goal, within={"rounds": 1})
    assert one(tmp_path, task, **drafted).verdict == "refuted"
    lesson = made(tmp_path, **drafted, tasks={"it": {**task, "within": {"rounds": 2}}})
    (found,) = proved(lesson)
    assert found.verdict == "proved"
    assert taken_along(lesson, found.line)


def test_the_others_decide_what_a_seat_can_do(tmp_path: Path) -> None:
    """Only Highwell ends the exchange, and as the record has it, or not at all."""
    away = {**SEATED, "line": ["answer/letter/weir/accepted"]}
    task = set_("reach", {"ending": "broken-off"})
    for others in ("wait", "record"):
        assert one(tmp_path, task, **away, others=others).verdict == "refuted"
    task = set_("reach", {"ending": "talks"})
    lesson = made(tmp_path, **away, others="record", tasks={"it": task})
    (found,) = proved(lesson)
    assert found.verdict == "proved"
    assert taken_along(lesson, found.line)


def test_who_has_no_seat_acts_for_all(tmp_path: Path) -> None:
    lesson = made(tmp_path, start="promise", tasks={"it": set_("find", {"ending": "broken-off"})})
    (found,) = proved(lesson)
    assert found.verdict == "proved"
    assert found.line[-1] == "decide/letter/break-off"
    assert taken_along(lesson, found.line)


def test_the_default_ending_can_be_reached_and_avoided(tmp_path: Path) -> None:
    lapsed = {"ending": "lapsed"}
    lesson = made(tmp_path, **SEATED, others="wait", tasks={"it": set_("reach", lapsed)})
    (found,) = proved(lesson)
    assert found.verdict == "proved"
    assert taken_along(lesson, found.line)
    assert found.doubt == "it comes about without an action of the player; there is nothing to do"
    short = set_("avoid", lapsed, within={"actions": 2})
    assert one(tmp_path, short, others="wait").verdict == "proved"


@pytest.mark.parametrize(
    ("task", "more", "message"),
    [
        (
            set_("find", {"when": {"letter.status": "demanded"}}),
            {},
            "no line from where the task is set does it; change the goal or the place",
        ),
        (
            set_("reach", {"when": {"letter.status": "promised"}}),
            {},
            "it holds already where the task is set; change the goal or the place",
        ),
        (
            set_("avoid", {"when": {"letter.weir": "none"}}),
            {},
            "it holds already where the task is set; change the goal or the place",
        ),
        (
            set_("avoid", {"ending": "talks"}, after="position"),
            {"others": "record"},
            "the player cannot do it against the others, within the limits; loosen the limits, or "
            "change the goal or the place",
        ),
    ],
)
def test_what_cannot_be_is_refuted(
    tmp_path: Path, task: dict[str, Any], more: dict[str, Any], message: str
) -> None:
    found = one(tmp_path, task, **more)
    assert (found.verdict, found.sentence, found.line) == ("refuted", message, ())
    assert found.path == ("tasks", "it", "goal")


def test_what_every_line_comes_to_cannot_be_avoided(tmp_path: Path) -> None:
    """Whatever is done, chance has its turn in every round."""
    found = one(tmp_path, set_("avoid", {"when": {"turn": "nature"}}))
    assert (found.verdict, found.sentence) == (
        "refuted",
        "in this model every line comes to it; nobody can avoid it",
    )


def test_nothing_to_avoid_is_doubted(tmp_path: Path) -> None:
    found = one(tmp_path, set_("avoid", {"when": {"letter.status": "demanded"}}))
    assert found.verdict == "proved"
    assert (
        found.doubt == "nothing from where the task is set leads to it; there is nothing to avoid"
    )


def test_what_may_come_from_outside_counts(tmp_path: Path) -> None:
    """With the leak, who is to keep the text from the public cannot; it could only publish it."""
    leak = {
        "round": 1,
        "sender": "A rider",
        "text": "It is out.",
        "effect": "nature/leak/letter",
    }
    task = set_("avoid", {"when": {"letter.publicity": ["text", "leaked"]}}, within={"rounds": 6})
    line = ["weir/accepted", "gate/silent", "gauge/counter"]
    sent = [*(f"answer/letter/{it}" for it in line), "clear/letter", "deliver/letter/messenger"]
    more = {"line": sent, "others": "wait"}
    assert one(tmp_path, task, **more).verdict == "proved"
    for odds in ({}, {"odds": 50}):
        found = one(tmp_path, task, **more, injects={"leak": {**leak, **odds}})
        assert found.verdict == "refuted"
        assert "once all has come from outside; loosen" in found.sentence
    found = one(tmp_path, task, **more, injects={"leak": {**leak, "odds": 100}})
    assert found.verdict == "refuted"
    late = {**leak, "odds": 100, "round": 9}
    assert one(tmp_path, task, **more, injects={"leak": late}).verdict == "proved"


def test_a_search_that_is_given_up_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    found = one(tmp_path, set_("reach", {"ending": "talks"}), others="wait")
    assert found.verdict == "undecided"
    assert found.sentence.startswith("among 3 places none was found where it is done; ")


def test_what_cannot_be_is_found_before_it_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its place; but nobody waits for a long search, and what is not decided is no reason."""
    goal = {"when": {"letter.weir": "accepted", "letter.gauge": "counter"}}
    task = set_("reach", goal, within={"actions": 1})
    lesson = made(tmp_path, **SEATED, others="wait", tasks={"it": task})
    (found,) = refuted(lesson, Explorer(lesson.game))
    assert found.message.startswith('task "it": the player cannot do it against the others')
    text = (tmp_path / "try.yaml").read_text().splitlines()
    assert '"goal"' in text[found.line - 1]
    monkeypatch.setattr(module, "FEW", 1)
    assert refuted(lesson, Explorer(lesson.game)) == []
    lesson = made(tmp_path, **SEATED, tasks={"it": REACH})
    assert refuted(lesson, Explorer(lesson.game)) == []


def test_with_every_seed_it_can_be_done(tmp_path: Path) -> None:
    """Where the others are drawn, each of the seeds is tried, and the one that fails is named."""
    limits = {"actions": 1, "rounds": 1}
    seated = {**SEATED, "start": "delivery", "others": "random"}
    task = set_("reach", {"ending": "talks"}, within=limits)
    found = one(tmp_path, task, **seated)
    assert found.verdict == "refuted"
    assert "within the limits with the seed 0; loosen" in found.sentence
    lesson = made(
        tmp_path, **SEATED, others="random", tasks={"it": {**task, "within": {"rounds": 4}}}
    )
    (found,) = proved(lesson)
    assert found.verdict == "proved"
    assert taken_along(lesson, found.line, seed=0)


def test_a_task_goes_on_where_the_one_before_led(tmp_path: Path) -> None:
    """The second task is set where the first was done: what it asks, holds there already."""
    again = set_("reach", {"when": {"letter.weir": "accepted"}})
    tasks = {"first": again, "second": again}
    first, second = proved(made(tmp_path, **SEATED, tasks=tasks))
    assert (first.verdict, second.verdict) == ("proved", "refuted")
    assert "holds already" in second.sentence
    back = {"first": again, "second": {**again, "after": "promise"}}
    assert [it.verdict for it in proved(made(tmp_path, **SEATED, tasks=back))] == ["proved"] * 2


# Turning points.


def test_the_step_that_closed_the_ending_is_right(tmp_path: Path) -> None:
    found = one(tmp_path, {**TURN, "right": ["clear/letter"]})
    assert (found.verdict, found.line) == ("proved", ("clear/letter",))
    found = one(tmp_path, {**TURN, "right": ["clear/letter"], "beside": [*OPEN]})
    assert (found.verdict, found.line) == ("proved", ("clear/letter",))


@pytest.mark.parametrize(
    ("task", "path", "message"),
    [
        (
            {
                **TURN,
                "right": ["clear/letter"],
                "beside": ["answer/letter/weir/rejected", *OPEN[1:]],
            },
            ("beside",),
            '"whole" does not stay possible on the branch beside it; name another',
        ),
        (
            {**TURN, "right": ["answer/letter/weir/rejected"]},
            ("right",),
            'the step that closes "whole" is "clear/letter"; name it here',
        ),
        (
            {**TURN, "right": ["clear/letter", "answer/letter/weir/rejected"]},
            ("right", 1),
            '"answer/letter/weir/rejected" does not close "whole", but "clear/letter" does; leave '
            "it out",
        ),
        (
            {**TURN, "until": "clear", "ending": "talks", "right": ["clear/letter"]},
            ("ending",),
            'no step of the line closes "talks": it is still possible at its end; name another '
            "ending or line",
        ),
        (
            {**TURN, "after": "delivery", "right": ["read/letter"]},
            ("ending",),
            'no step of the line closes "whole": it never was possible on it; name another ending '
            "or line",
        ),
    ],
)
def test_a_wrong_turning_point_is_refuted(
    tmp_path: Path, task: dict[str, Any], path: tuple[str | int, ...], message: str
) -> None:
    found = one(tmp_path, task)
    assert (found.verdict, found.sentence) == ("refuted", message)
    assert found.path == ("tasks", "it", *path)


def test_a_line_of_its_own_has_a_turning_point(tmp_path: Path) -> None:
    line = ["answer/letter/weir/rejected", "answer/letter/gate/silent"]
    line += ["answer/letter/gauge/counter", "clear/letter", "deliver/letter/messenger"]
    found = one(tmp_path, {**TURN, "line": line, "right": ["clear/letter"]})
    assert (found.verdict, found.line) == ("proved", ("clear/letter",))
    found = one(tmp_path, {**TURN, "line": line, "right": ["deliver/letter/messenger"]})
    assert found.verdict == "refuted"


# What there is to prove.


def test_only_what_is_played_or_compared_is_for_the_explorer(
    tmp_path: Path, january: LoadedPack
) -> None:
    assert not to_prove(made(tmp_path, tasks={"it": CHOOSE}))
    lesson = made(tmp_path, tasks={"it": REACH})
    assert to_prove(lesson)
    assert is_small(lesson)
    assert len(january.at("full").variables) > module.SMALL >= len(january.at("basic").variables)
