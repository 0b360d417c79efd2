"""Somebody takes an exercise: what is set, answered, hidden, brought in; and all of it again from
the journal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negsim.classroom.taking import Taking, header_of
from negsim.errors import NegsimError
from negsim.journal import Answered, AnyEntry, Injected, Journal
from negsim.session import replayed
from tests.classroom.lessons import CHOOSE, REACH, made, taken
from tests.effort import some

SEATED: dict[str, Any] = {"seats": ["lowmill"], "start": "promise"}
TO_DELIVER = [
    "answer/letter/weir/rejected",
    "answer/letter/gate/silent",
    "answer/letter/gauge/counter",
    "clear/letter",
    "deliver/letter/messenger",
]


def play(taking: Taking, *actions: str) -> None:
    for action in actions:
        if action == "pass":
            taking.sitting.end_turn()
        else:
            taking.sitting.take(action)
        taking.moved()


def again(taking: Taking, kept: list[AnyEntry]) -> Taking:
    """The same exercise gone on with from its journal."""
    journal = Journal("a", taking.session.header, tuple(kept), ("",) * (len(kept) + 1), 0)
    found = Taking(taking.lesson, replayed(journal, taking.lesson.case))
    found.go_on()
    return found


def test_tasks_come_one_after_the_other_and_are_answered_once(tmp_path: Path) -> None:
    kept: list[AnyEntry] = []
    taking = taken(made(tmp_path, tasks={"one": CHOOSE, "two": CHOOSE}), kept)
    assert (taking.task, taking.progress, taking.plays) == ("one", (0, 2), False)
    taking.answer({"one": "left"})
    assert (taking.task, taking.progress) == ("two", (1, 2))
    taking.session.answer("one", {"one": "right"})  # as a hand-written journal might
    taking.answer({"two": "right"})
    assert (taking.task, taking.progress) == (None, (2, 2))
    assert [it.score for it in taking.feedback("one")] == [0]
    assert [it.right for it in taking.feedback("two")] == [True]
    with pytest.raises(NegsimError, match="every task is done"):
        taking.answer({"two": "right"})
    assert [it.task for it in kept if isinstance(it, Answered)] == ["one", "one", "two"]


REFUSED: list[tuple[dict[str, str | list[str]], str]] = [
    ({}, "not answered yet: Which side?"),
    ({"side": "lfet"}, 'no answer "lfet"; did you mean "left"?'),
    ({"side": "left", "sied": "left"}, 'nothing asks "sied"'),
]


@pytest.mark.parametrize(("given", "said"), REFUSED)
def test_what_is_no_answer_is_refused_and_kept_nowhere(
    given: dict[str, str | list[str]], said: str, tmp_path: Path
) -> None:
    kept: list[AnyEntry] = []
    taking = taken(made(tmp_path), kept)
    before = list(kept)
    with pytest.raises(NegsimError) as error:
        taking.answer(given)
    assert str(error.value) == said
    assert kept == before


def test_it_starts_where_it_says_and_each_task_where_it_is_set(tmp_path: Path) -> None:
    tasks = {"one": CHOOSE, "two": {**CHOOSE, "after": "delivery"}, "three": CHOOSE}
    line = ["answer/letter/weir/rejected"]
    lesson = made(tmp_path, start="promise", line=line, tasks=tasks)
    taking = taken(lesson)
    assert taking.session.here.action == line[0]
    assert taking.session.here.state == lesson.start.state
    taking.answer({"one": "left"})
    assert taking.session.here.id == lesson.place_id("delivery")
    taking.answer({"two": "left"})
    assert taking.began("three").id == lesson.place_id("delivery")


def test_a_task_is_played_to_its_goal(tmp_path: Path) -> None:
    kept: list[AnyEntry] = []
    taking = taken(made(tmp_path, **SEATED, tasks={"write": REACH, "side": CHOOSE}), kept)
    assert taking.plays
    with pytest.raises(NegsimError, match="this task is played"):
        taking.answer({})
    assert not taking.succeeded("write")
    play(taking, *TO_DELIVER)
    assert taking.succeeded("write")
    taking.finish()
    assert taking.task == "side"
    with pytest.raises(NegsimError, match="nothing is played in this task"):
        taking.sitting.end_turn()
    with pytest.raises(NegsimError, match="asks for answers"):
        taking.finish()
    assert taking.succeeded("write")
    other = again(taking, kept)
    assert (other.task, other.succeeded("write")) == ("side", True)
    assert other.played("write").actions == len(TO_DELIVER)


def test_undo_goes_back_and_never_over_a_delivery(tmp_path: Path) -> None:
    taking = taken(made(tmp_path, **SEATED, tasks={"write": REACH}))
    play(taking, *TO_DELIVER[:2])
    taking.sitting.undo()
    assert taking.played("write").actions == 1
    play(taking, *TO_DELIVER[1:])
    with pytest.raises(NegsimError, match="stays delivered"):
        taking.sitting.undo()
    with pytest.raises(NegsimError, match="only undo goes back"):
        taking.sitting.goto("start")
    taking.finish()
    taking.sitting.goto("start")


def test_nothing_goes_back_over_the_beginning_of_a_task(tmp_path: Path) -> None:
    tasks = {"write": REACH, "more": REACH}
    taking = taken(made(tmp_path, **SEATED, tasks=tasks))
    play(taking, TO_DELIVER[0])
    taking.finish()
    with pytest.raises(NegsimError, match="nothing before it can be undone"):
        taking.sitting.undo()
    play(taking, TO_DELIVER[1])
    taking.sitting.undo()
    assert taking.session.here is taking.began("more")


def test_a_jump_along_the_record_is_no_play(tmp_path: Path) -> None:
    """As a journal might say that was not written by taking the exercise."""
    taking = taken(made(tmp_path, start="promise", tasks={"write": REACH}))
    taking.session.goto("start")
    assert taking.played("write").line == ()
    assert not taking.succeeded("write")


def test_what_is_hidden_is_shown_when_all_is_done(tmp_path: Path) -> None:
    taking = taken(made(tmp_path, **SEATED, tasks={"write": REACH}))
    sitting = taking.sitting
    assert (sitting.reveals, sitting.sees_ahead) == (False, False)
    with pytest.raises(NegsimError, match="hidden until the debrief"):
        sitting.follow()
    play(taking, *TO_DELIVER)
    taking.finish()
    assert sitting.reveals
    assert sitting.rules.hides == frozenset()


@pytest.mark.parametrize(
    ("within", "said"),
    [
        ({"actions": 2}, "the 2 actions of this task are used up"),
        ({"rounds": 1}, "the one round of this task is over"),
    ],
)
def test_limits_end_what_is_played(within: dict[str, int], said: str, tmp_path: Path) -> None:
    taking = taken(made(tmp_path, **SEATED, tasks={"write": {**REACH, "within": within}}))
    play(taking, *TO_DELIVER[:2], *(["pass"] if "rounds" in within else []))
    with pytest.raises(NegsimError) as error:
        taking.sitting.take(TO_DELIVER[2])
    assert str(error.value) == said
    assert not taking.succeeded("write")
    taking.finish()


def test_avoided_is_what_came_nowhere_on_a_line_that_was_played_out(tmp_path: Path) -> None:
    task = {**REACH, "kind": "avoid", "within": {"rounds": 2}}
    taking = taken(made(tmp_path, **SEATED, tasks={"keep": task}))
    assert not taking.succeeded("keep"), "nothing was played"
    play(taking, "pass", "pass")
    assert taking.succeeded("keep")
    taking = taken(made(tmp_path, **SEATED, tasks={"keep": task}))
    play(taking, *TO_DELIVER, "pass")
    assert not taking.succeeded("keep")


def test_found_is_what_holds_anywhere(tmp_path: Path) -> None:
    tasks = {"find": {**REACH, "kind": "find"}, "more": {**REACH, "kind": "find"}}
    taking = taken(made(tmp_path, start="promise", tasks=tasks))
    play(taking, *TO_DELIVER)
    taking.sitting.goto(taking.lesson.place_id("promise"))
    taking.moved()
    assert taking.succeeded("find")
    taking.finish()
    assert not taking.succeeded("more"), "what was found before counts there"
    assert taking.succeeded("find")


def test_an_ending_is_a_goal(tmp_path: Path) -> None:
    goal = {"ending": "lapsed"}
    taking = taken(made(tmp_path, **SEATED, tasks={"lapse": {**REACH, "goal": goal}}))
    assert not taking.succeeded("lapse")
    while not taking.succeeded("lapse"):
        play(taking, "pass")
        assert taking.session.entries < 60
    other = {**REACH, "goal": {"ending": "talks"}}
    taking = taken(made(tmp_path, start="position", tasks={"talk": other}))
    play(taking, "decide/letter/talks")
    assert taking.succeeded("talk")


def test_two_seats_share_a_terminal_and_seal_apart(tmp_path: Path) -> None:
    seal = {"kind": "seal", "ask": "Met?", "choices": {"met": "met", "unmet": "not met"}}
    tasks = {"write": {**REACH, "within": {"rounds": 3}}, "seal": seal}
    parts = {"seats": ["lowmill", "highwell"], "start": "promise", "tasks": tasks}
    kept: list[AnyEntry] = []
    taking = taken(made(tmp_path, **parts), kept)
    assert taking.sitting.seat == "lowmill"
    play(taking, TO_DELIVER[0])
    play(taking, "pass")
    seats = set()
    while taking.sitting.seat not in seats:
        seats.add(taking.sitting.seat)
        assert taking.sitting.seat == taking.sitting.mover
        play(taking, "pass")
    assert seats == {"lowmill", "highwell"}
    assert again(taking, kept).sitting.seat == taking.sitting.seat
    taking.finish()
    keys = list(taking.keyed("seal"))
    assert keys == ["verdict/lowmill", "reason/lowmill", "verdict/highwell", "reason/highwell"]
    taking.answer(dict(zip(keys, ("met", "So they say.", "unmet", "Not seen."), strict=True)))
    assert [it.text for it in taking.feedback("seal")] == ["", "So they say.", "", "Not seen."]


INJECTS = {
    "always": {"round": 2, "sender": "A fisher", "text": "Nets are empty.", "odds": 100},
    "led": {"round": 1, "sender": "The press", "text": "Is it true?"},
}


def test_what_comes_from_outside_is_drawn_or_brought(tmp_path: Path) -> None:
    kept: list[AnyEntry] = []
    task = {**REACH, "within": {"rounds": 4}}
    taking = taken(made(tmp_path, **SEATED, tasks={"write": task}, injects=INJECTS), kept)
    assert (taking.session.injects, taking.to_bring) == ((), ["led"])
    with pytest.raises(NegsimError, match="cannot be brought in"):
        taking.bring("always")
    taking.bring("led")
    with pytest.raises(NegsimError, match="cannot be brought in"):
        taking.bring("led")
    play(taking, "pass")
    assert [name for name, _ in taking.session.injects] == ["led", "always"]
    play(taking, "pass")
    assert [it.inject for it in kept if isinstance(it, Injected)] == ["led", "always"]
    assert [name for name, _ in again(taking, kept).session.injects] == ["led", "always"]


def test_a_draw_hangs_on_the_seed(tmp_path: Path) -> None:
    injects = {"half": {**INJECTS["always"], "odds": 50, "round": 1}}
    lesson = made(tmp_path, **SEATED, tasks={"write": REACH}, injects=injects)
    came = [bool(taken(lesson, seed=seed).session.injects) for seed in range(100)]
    assert came == [bool(taken(lesson, seed=seed).session.injects) for seed in range(100)]
    assert 35 < sum(came) < 65


def test_the_header_says_what_is_taken(tmp_path: Path) -> None:
    lesson = made(tmp_path, seats=["lowmill", "highwell"], others="random")
    header = header_of(lesson, team="Weir", members=["Ann"], seed=3)
    assert (header.exercise, header.task) == ("two-towns/try", lesson.content_hash)
    assert (header.seat, header.beside, header.others) == ("lowmill", "highwell", "random")
    assert (header.team, header.members, header.seed) == ("Weir", ["Ann"], 3)


@settings(max_examples=some(40))
@given(st.lists(st.integers(0, 9), max_size=25), st.integers(0, 99))
def test_the_journal_tells_all_of_it(
    tmp_path_factory: pytest.TempPathFactory, choices: list[int], seed: int
) -> None:
    tasks = {
        "side": CHOOSE,
        "write": {**REACH, "after": "promise", "within": {"rounds": 3}},
        "find": {**REACH, "kind": "find"},
        "last": CHOOSE,
    }
    folder = tmp_path_factory.mktemp("any")
    kept: list[AnyEntry] = []
    lesson = made(folder, seats=["lowmill"], tasks=tasks, injects=INJECTS, others="random")
    taking = taken(lesson, kept, seed)
    for choice in choices:
        step(taking, choice)
    other = again(taking, kept)
    assert other.session.here.id == taking.session.here.id
    assert (other.task, other.progress) == (taking.task, taking.progress)
    assert told(other) == told(taking)
    for name in ("write", "find"):
        assert other.succeeded(name) == taking.succeeded(name)


def told(taking: Taking) -> tuple[object, ...]:
    """What came from outside and what the exercise allows now, places by their ids."""
    rules, came = taking.sitting.rules, taking.session.injects
    since = rules.since.id if rules.since is not None else None
    return rules.hides, rules.final, rules.stopped, since, [(it, node.id) for it, node in came]


def step(taking: Taking, choice: int) -> None:
    """Does one thing or another; what cannot be done changes nothing."""
    before = taking.session.entries
    try:
        if taking.task is not None and not taking.plays:
            taking.answer({taking.task: ["left", "right", "no"][choice % 3]})
        elif choice == 0:
            taking.finish()
        elif choice == 1:
            taking.sitting.undo()
            taking.moved()
        elif choice < 4 or not taking.sitting.choices:
            play(taking, "pass")
        else:
            options = taking.sitting.choices
            play(taking, options[choice * 7 % len(options)].id)
    except NegsimError:
        assert taking.session.entries == before
