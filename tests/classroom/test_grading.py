"""Grades: what earns what, and what was done against the rules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negsim.classroom.grading import LONGEST, Grader, Mark, grade
from negsim.classroom.lesson import Lesson
from negsim.classroom.taking import comes
from negsim.engine import legal_actions
from negsim.errors import NegsimError
from negsim.journal import parse_journal
from tests.classroom.handed import DELIVER, PAPER, TASKS, Forger, Student, as_bytes, full, lesson_of
from tests.classroom.lessons import CHOOSE, REACH
from tests.effort import some

SIDES = {"kind": "choose", "ask": "Which?", "several": True}
GUESS = {
    "kind": "predict",
    "ask": "What will come?",
    "until": "delivery",
    "values": {"weir": {"ask": "On the weir?", "of": "letter.weir"}},
    "because": CHOOSE["options"],
}
STORM = {"round": 2, "sender": "The weather", "text": "It rains.", "odds": 50}
NEWS = {"round": 1, "sender": "The press", "text": "They know."}


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    return lesson_of(tmp_path_factory.mktemp("exercises"))


@pytest.fixture
def of(tmp_path: Path) -> Callable[..., Lesson]:
    return lambda **parts: lesson_of(tmp_path / "own", **parts)


def mark(student: Student, name: str) -> Mark:
    return next(it for it in student.grade.marks if it.task == name)


def said(student: Student) -> list[str]:
    return [it.text for it in student.grade.breaches]


# What earns what.


def test_who_does_all_as_asked_has_everything(lesson: Lesson) -> None:
    found = full(lesson).grade
    assert (found.participation, found.performance, found.done) == (1, 1, 3)
    assert not found.breaches


def test_weights_count(lesson: Lesson) -> None:
    student = Student(lesson).finish().rest()  # the letter weighs two, and was not delivered
    assert student.grade.performance == pytest.approx(1 / 3)
    assert student.grade.participation == 1
    assert mark(student, "why").score is None


def test_what_was_not_answered_earns_nothing(lesson: Lesson) -> None:
    found = Student(lesson).take(*PAPER, DELIVER).finish().grade
    assert found.participation == pytest.approx(1 / 3)
    assert found.performance == pytest.approx(2 / 3)
    assert [it.answered for it in found.marks] == [True, False, False]


def test_a_line_that_is_not_finished_earns_nothing(lesson: Lesson) -> None:
    found = Student(lesson).take(*PAPER, DELIVER).grade
    assert (found.participation, found.performance) == (0, 0)


def test_a_guess_is_reported_and_earns_nothing(of: Callable[..., Lesson]) -> None:
    lesson = of(tasks={"guess": GUESS})
    good = Student(lesson).answer(weir="rejected", because="left")
    assert (good.grade.performance, good.grade.matched) == (0, (1, 1))
    wrong = Student(lesson).answer(weir="accepted", because="right")
    assert (wrong.grade.performance, wrong.grade.matched) == (1, (0, 1))


def test_reasons_count_for_half_of_taking_part(of: Callable[..., Lesson]) -> None:
    lesson = of(tasks={"write": {**REACH, "reasons": True}})
    student = Student(lesson).take(PAPER[0])
    student.session.note("It is our weir.")
    student.take(*PAPER[1:], DELIVER).finish()
    assert student.grade.participation == pytest.approx(2 / 3)
    assert student.grade.performance == 1
    consulted = Student(lesson).take("consult/letter/fishers/informed").finish()
    assert consulted.grade.participation == 1  # no answer asked for a reason
    assert Student(lesson).finish().grade.participation == 0.5


def test_several_answers_count_for_and_against(of: Callable[..., Lesson]) -> None:
    options = {**CHOOSE["options"], "up": {"text": "Up", "right": True}}
    lesson = of(tasks={"side": {**SIDES, "options": options}})
    scores = {
        ("right",): 0.5,
        ("right", "up"): 1,
        ("right", "up", "left"): 0.5,
        ("left", "both"): 0,
    }
    for names, score in scores.items():
        assert Student(lesson).answer(side=names).grade.performance == pytest.approx(score)


def test_only_the_first_answer_counts(lesson: Lesson) -> None:
    student = Forger(lesson).take(*PAPER, DELIVER).finish().answer(side="left")
    assert isinstance(student, Forger)
    student.write("side", side="right")
    assert mark(student, "side").score == 0
    assert said(student) == ['"side" was answered again; only the first answer counts']


def test_what_is_no_answer_earns_nothing(lesson: Lesson) -> None:
    student = Forger(lesson)
    student.finish()
    student.write("side", side="nowhere", other="right").write("why")
    assert student.grade.performance == 0
    assert student.grade.participation == pytest.approx(1 / 3)


def test_what_is_right_is_told_with_its_feedback(lesson: Lesson) -> None:
    (row,) = mark(Student(lesson).finish().rest(right=False), "side").rows
    assert (row.given, row.right, row.score) == (("Left",), ("Right",), 0)
    assert row.feedback == ("Look again.",)


# What was done against the rules.


def test_nobody_goes_back_behind_a_paper(lesson: Lesson) -> None:
    student = Forger(lesson)
    student.take(*PAPER, DELIVER)
    back = next(it for it in student.session.here.line if it.action == DELIVER)
    while student.session.here is not back.parent:
        student.session.undo()
    student.act(DELIVER).finish()
    assert said(student) == [f'went back behind "{DELIVER}"']
    assert mark(student, "write").score == 0


def test_undo_before_it_is_no_breach(lesson: Lesson) -> None:
    student = Student(lesson).take(*PAPER[:2])
    student.taking.sitting.undo()
    student.taking.sitting.redo()
    student.taking.moved()
    student.take(*PAPER[2:], DELIVER).finish()
    assert not said(student)
    assert mark(student, "write").score == 1


def test_nobody_goes_to_where_it_is_done_already(lesson: Lesson) -> None:
    student = Forger(lesson).go("record")
    student.finish()
    assert "went to another place, where only undo goes back" in said(student)
    assert mark(student, "write").score == 0


def test_the_line_ends_at_its_limit(of: Callable[..., Lesson]) -> None:
    lesson = of(tasks={"write": {**REACH, "within": {"actions": 4}}})
    student = Forger(lesson)
    student.take(*PAPER)
    with pytest.raises(NegsimError):
        student.take(DELIVER)
    student.act(DELIVER).finish()
    assert said(student) == ["played on, but the 4 actions of this task are used up"]
    assert mark(student, "write").score == 0


def test_the_line_ends_at_its_limit_on_the_record_too(of: Callable[..., Lesson]) -> None:
    lesson = of(start="promise", tasks={"write": {**REACH, "within": {"actions": 4}}})
    student = Forger(lesson)
    while not student.session.here.action.startswith("deliver/"):
        following = lesson.case.following(student.session.here)
        assert following is not None
        student.act(following.action)
    assert student.session.here.recorded
    student.finish()
    assert said(student) == ["played on, but the 4 actions of this task are used up"]
    assert mark(student, "write").score == 0


def test_the_others_are_not_the_players(lesson: Lesson) -> None:
    student = Forger(lesson)
    student.take(*PAPER, DELIVER)
    mover = student.taking.sitting.mover
    while mover == "lowmill":
        student.act("pass/lowmill")
        mover = student.taking.sitting.mover
    theirs = legal_actions(lesson.game, student.session.here.state)
    student.act(next(it.id for it in theirs if not it.is_pass))
    student.finish()
    assert any(it.endswith("was played for another party") for it in said(student))
    assert mark(student, "write").score == 0


@pytest.mark.parametrize("by", ["record", "rule", "chance"])
def test_nobody_says_of_their_own_action_that_it_was_anothers(lesson: Lesson, by: Any) -> None:
    student = Forger(lesson).act(PAPER[0], by)
    student.finish()
    assert len(said(student)) == 1
    assert said(student)[0].startswith(f'"{PAPER[0]}" is said to')
    assert mark(student, "write").score == 0


def test_a_draw_is_what_the_seed_gives(lesson: Lesson) -> None:
    student = Forger(lesson)
    student.take(*PAPER, DELIVER)
    while student.taking.sitting.mover != "nature":
        student.act(f"pass/{student.taking.sitting.mover}", "rule")
    leaks = [it.id for it in legal_actions(lesson.game, student.session.here.state)]
    assert "nature/leak/letter" in leaks
    student.act("nature/leak/letter", "chance").finish()
    drawn = [it for it in said(student) if "leak" in it]
    assert drawn == ['"nature/leak/letter" is said to be drawn, and the seed draws another']


@pytest.mark.parametrize("header", [{"others": "ask"}, {"seat": "highwell"}, {"seat": None}])
def test_a_file_of_another_seat_costs_the_others_nothing(
    lesson: Lesson, header: dict[str, Any]
) -> None:
    """Whichever of them is graded first."""
    honest = Student(lesson).take(*PAPER, DELIVER).passing().finish().rest()
    raw = as_bytes(honest.header.model_copy(update=header), honest.entries)
    good, evil = parse_journal(honest.raw, "a"), parse_journal(raw, "b")
    grader = Grader(lesson)
    first = grader.grade(evil), grader.grade(good)
    grader = Grader(lesson)
    good_first = grader.grade(good)
    assert first == (grader.grade(evil), good_first)
    assert good_first == grade(lesson, good)
    assert not good_first.breaches


def test_who_says_that_the_pack_was_another_gains_nothing(lesson: Lesson) -> None:
    student = Forger(lesson, content="0" * 64)
    student.take(*PAPER, DELIVER)
    mover = student.taking.sitting.mover
    while mover == "lowmill":
        student.act("pass/lowmill")
        mover = student.taking.sitting.mover
    theirs = legal_actions(lesson.game, student.session.here.state)
    student.act(next(it.id for it in theirs if not it.is_pass)).finish()
    assert any(it.endswith("was played for another party") for it in said(student))
    assert mark(student, "write").score == 0


def test_nobody_walks_where_nothing_is_played(of: Callable[..., Lesson]) -> None:
    """The next task would begin there."""
    within = {"within": {"actions": 1}}
    lesson = of(tasks={"side": CHOOSE, "write": {**REACH, **within}})
    student = Forger(lesson).go(lesson.place_id("clear"))
    student.answer(side="right")
    student.act(DELIVER).finish()
    assert said(student) == ["went to another place while nothing is played"]
    assert (mark(student, "side").score, mark(student, "write").score) == (1, 0)


def test_nobody_passes_where_nothing_is_played(of: Callable[..., Lesson]) -> None:
    lesson = of(tasks={"side": CHOOSE, "write": REACH})
    student = Forger(lesson).act("pass/lowmill")
    student.answer(side="right").finish()
    assert said(student)[0] == '"pass/lowmill" was played while nothing is played'
    assert mark(student, "write").score == 0


def test_ones_own_paper_is_read_where_it_was_written(of: Callable[..., Lesson]) -> None:
    own = {"kind": "judge", "ask": "Read it.", "paper": "letter", "own": True}
    lesson = of(tasks={"write": REACH, "read": own})
    student = Forger(lesson)
    student.take(*PAPER, DELIVER).finish()
    student.go(lesson.place_id("promise"))
    student.write("read", **{key: "no" for key in student.taking.keyed("read")})
    assert said(student) == ["went to another place while nothing is played"] * 2
    assert (mark(student, "write").score, mark(student, "read").score) == (1, 0)


def test_what_is_found_lies_beyond_where_it_was_asked(of: Callable[..., Lesson]) -> None:
    goal = {"when": {"letter.weir": "accepted"}}
    find = {"kind": "find", "ask": "Find it.", "after": "delivery", "goal": goal}
    lesson = of(seats=[], tasks={"find": find})
    student = Forger(lesson).go(lesson.place_id("promise"))
    student.act("answer/letter/weir/accepted").finish()
    assert said(student) == ["went to a place that is not on a line from the task"]
    assert mark(student, "find").score == 0
    elsewhere = Student(lesson)
    with pytest.raises(NegsimError, match="before the task began"):
        elsewhere.taking.sitting.goto(lesson.place_id("promise"))


def test_nobody_takes_back_what_the_other_seat_did(of: Callable[..., Lesson]) -> None:
    lesson = of(seats=["lowmill", "highwell"])
    student = Forger(lesson)
    student.take(PAPER[0]).passing()
    assert student.taking.sitting.seat == "highwell"
    with pytest.raises(NegsimError, match="stays as it is"):
        student.taking.sitting.undo()
    while student.taking.sitting.mover != "lowmill":
        student.session.undo()
    student.taking.moved()
    student.take(*PAPER[1:], DELIVER).finish()
    assert said(student) == ["took back what the other seat had done"]
    assert mark(student, "write").score == 0


def test_ones_own_can_be_taken_back_beside_another(of: Callable[..., Lesson]) -> None:
    lesson = of(seats=["lowmill", "highwell"])
    student = Student(lesson).take(PAPER[0]).passing().passing()
    assert student.taking.sitting.seat == "lowmill"
    student.take(PAPER[1])
    student.taking.sitting.undo()
    student.take(*PAPER[1:], DELIVER).finish()
    assert not said(student)
    assert mark(student, "write").score == 1


def test_nothing_is_brought_in_before_its_round(of: Callable[..., Lesson]) -> None:
    lesson = of(injects={"news": {**NEWS, "round": 2}})
    student = Forger(lesson)
    with pytest.raises(NegsimError, match="in round 2 of the task at the earliest"):
        student.taking.bring("news")
    student.session.inject("news")
    student.take(*PAPER, DELIVER).finish()
    assert said(student) == ['"news" came before its round']
    assert mark(student, "write").score == 0


def test_reasons_are_written_before_it_is_handed_over(of: Callable[..., Lesson]) -> None:
    lesson = of(tasks={"write": {**REACH, "reasons": True}})
    student = Student(lesson).take(*PAPER, DELIVER).finish()
    for node in [*student.session.nodes.values()]:
        if node.action.startswith("answer/"):
            student.session.goto(node.id)
            student.session.note("Because.")
    assert student.grade.participation == 0.5


def test_a_journal_that_is_far_too_long_is_not_played(lesson: Lesson) -> None:
    student = Student(lesson)
    for _ in range(LONGEST):
        student.session.note("On and on.")
    with pytest.raises(NegsimError, match="5,000 entries"):
        student.grade  # noqa: B018


def test_nothing_is_played_while_nothing_is_played(of: Callable[..., Lesson]) -> None:
    lesson = of(tasks={"side": CHOOSE, "write": REACH})
    student = Forger(lesson).act(PAPER[0])
    student.answer(side="right").take(*PAPER[1:], DELIVER).finish()
    assert said(student)[0] == f'"{PAPER[0]}" was played while nothing is played'
    assert mark(student, "write").score == 0
    assert mark(student, "side").score == 1


def test_another_seat_earns_nothing(lesson: Lesson) -> None:
    student = full(lesson, others="ask", seat=None)
    assert "the seat, or what the others do, is not that of the exercise" in said(student)
    assert mark(student, "write").score == 0
    assert mark(student, "side").score == 1


def test_tasks_come_in_their_order(lesson: Lesson) -> None:
    student = Forger(lesson).write("side", side="right")
    student.take(*PAPER, DELIVER).rest()
    assert said(student) == ['"side" was answered before those before it']
    assert mark(student, "side").score == 0


def test_a_task_that_there_is_not(lesson: Lesson) -> None:
    student = Forger(lesson).write("dance", step="left")
    assert said(student) == ['the exercise has no task "dance"']


def seed_of(lesson: Lesson, drawn: bool) -> int:
    inject = lesson.exercise.injects["storm"]
    return next(seed for seed in range(100) if comes(seed, "storm", inject) == drawn)


@pytest.mark.parametrize("drawn", [True, False])
def test_what_comes_from_outside_is_what_the_seed_draws(
    of: Callable[..., Lesson], drawn: bool
) -> None:
    lesson = of(injects={"storm": STORM, "news": NEWS})
    seed = seed_of(lesson, drawn)
    student = Student(lesson, seed=seed).passing().take(*PAPER, DELIVER).finish()
    assert not said(student)
    assert bool(student.session.injects) == drawn
    forger = Forger(lesson, seed=seed)
    if drawn:  # left out
        forger.taking._arrive = lambda: None  # type: ignore[method-assign]
        forger.passing().take(PAPER[0]).finish()
        assert said(forger) == ['"storm" is drawn from the seed, and did not come']
    else:
        forger.inject("storm").take(PAPER[0]).finish()
        assert said(forger) == ['"storm" came, and the seed does not draw it there']
    assert mark(forger, "write").score == 0


def test_what_is_brought_in_comes_once_and_is_the_exercises(of: Callable[..., Lesson]) -> None:
    lesson = of(injects={"news": NEWS})
    student = Forger(lesson).inject("news").inject("news").inject("flood")
    assert said(student) == [
        '"news" came a second time',
        'the exercise has no inject "flood"',
    ]


# Whatever a journal holds.

NAMES = st.sampled_from(["write", "side", "why", "guess", "dance"])
GIVEN = st.dictionaries(
    st.sampled_from(["side", "why", "weir", "because", "other"]),
    st.sampled_from(["right", "left", "rejected", "nowhere", "<b>", ["right", "left"], ["x"]]),
    max_size=3,
)
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("act"), st.integers(0, 99), st.sampled_from([None, "rule", "chance"])),
        st.tuples(st.just("go"), st.integers(0, 99), st.none()),
        st.tuples(st.just("inject"), st.sampled_from(["storm", "news", "flood"]), st.none()),
        st.tuples(st.just("write"), NAMES, GIVEN),
    ),
    max_size=some(60),
)


@given(ACTS, st.integers(0, 9))
def test_no_journal_breaks_the_grading(
    tmp_path_factory: pytest.TempPathFactory, acts: list[Any], seed: int
) -> None:
    global _wild
    if _wild is None:
        injects = {"storm": {**STORM, "effect": "nature/leak/letter"}, "news": NEWS}
        tasks = {**TASKS, "guess": GUESS}
        _wild = lesson_of(tmp_path_factory.mktemp("wild"), injects=injects, tasks=tasks)
    student = Forger(_wild, "Team", seed=seed)
    student.session.nature = None
    for what, one, more in acts:
        here = student.session.here
        if what == "act":
            actions = legal_actions(_wild.game, here.state)
            if actions:
                student.act(actions[one % len(actions)].id, more)
        elif what == "go":
            student.go([*student.session.nodes][one % len(student.session.nodes)])
        elif what == "inject":
            student.inject(one)
        else:
            student.write(one, **more)
    found = student.grade
    shares = [found.participation, found.performance or 0, *(it.took for it in found.marks)]
    shares += [it.score for it in found.marks if it.score is not None]
    assert all(0 <= it <= 1 for it in shares)
    assert found == student.grade


_wild: Lesson | None = None


@pytest.mark.parametrize("seed", range(some(30)))
def test_what_the_exercise_allows_is_no_breach(lesson: Lesson, seed: int) -> None:
    """Somebody who plays at random, as the exercise lets them."""
    rng = Random(seed)
    student = Student(lesson, seed=seed)
    for _ in range(40):
        sitting = student.taking.sitting
        try:
            match rng.randrange(6):
                case 0:
                    sitting.undo()
                case 1:
                    sitting.redo()
                case 2:
                    sitting.end_turn()
                case _:
                    sitting.take(rng.choice(sitting.choices).id)
        except (NegsimError, IndexError):
            continue
        student.taking.moved()
    assert not student.rest().grade.breaches
