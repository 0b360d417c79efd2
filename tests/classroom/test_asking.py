"""Exercises in line mode: whole ones by what is typed, and everything that can go wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negsim.classroom.catalogue import find_lesson, lesson_ids
from negsim.classroom.conduct import breaches
from negsim.classroom.lesson import load_lesson
from negsim.classroom.models import Plays
from negsim.classroom.taking import Taking
from negsim.classroom.talk import CURTAIN
from negsim.journal import Answered, Applied, Noted
from negsim.pack.load import LoadedPack
from negsim.session import replayed
from tests.classroom.desk import (
    CHECK,
    GUESS,
    PICK,
    ROW,
    SEALED,
    SMALL,
    TWO,
    WHY,
    WRITE,
    Desk,
    lesson,
    solution,
    student,
)
from tests.effort import some

TASKS = "tasks:\n"
DELIVERY = [
    "consult/letter/fishers/informed",
    "answer/letter/weir/rejected",
    "answer/letter/gate/talks",
    "answer/letter/gauge/accepted",
    "clear/letter",
    "pass",
    "deliver/letter/messenger",
]


def answers(desk: Desk) -> dict[str, object]:
    return {it.task: it.answers for it in desk.entries if isinstance(it, Answered)}


def one(desk: Desk, text: str) -> str:
    """The line that has this text."""
    (line,) = (it for it in desk.said if text in it)
    return line


# Whole exercises.


def test_an_exercise_is_taken_from_its_brief_to_its_end(tmp_path: Path) -> None:
    desk = Desk(lesson(tmp_path, SMALL, CHECK, TASKS, GUESS, PICK, ROW, SEALED, WHY))
    said = desk.do(lambda taking: student(taking, {}))
    assert desk.said[0] == "The weir and the gate"
    assert said.index("You sit for Lowmill.") < said.index("Who demands?")
    assert said.index("Who demands?") < said.index("Task 1 of 5: Predict")
    assert "So the record shows it." in said
    assert "They need its water." in said
    assert "Nobody can know for sure." in said
    assert "You wrote: yes. Since it says so." in said
    assert "Talk about what you wrote." in said
    end = desk.said[desk.said.index("All tasks are done.") :]
    assert end == [
        "All tasks are done.",
        "1. Predict: 1 of 1 as the record shows it; reason: 1 of 1 right",
        "2. Choose: 1 of 1 right",
        "3. Put in order: 1 of 1 right",
        "4. Sealed: written",
        "5. Explain: written",
        "",
        "The file to hand in: kept.jsonl",
        f"Its fingerprint: {desk.journal.fingerprint}",
        "The debrief is open now:",
        "  negsim debrief kept.jsonl",
    ]
    assert answers(desk) == {
        "guess": {"weir": "rejected", "because": "own"},
        "pick": {"pick": ["high", "low"]},
        "row": {"row": ["a", "b", "c"]},
        "sealed": {"verdict": "met", "reason": "Since it says so."},
        "why": {"why": "Since it says so."},
    }


def test_wrong_answers_are_told_what_is_right(tmp_path: Path) -> None:
    desk = Desk(lesson(tmp_path, SMALL, TASKS, GUESS, PICK, ROW))
    said = desk.do(lambda taking: student(taking, {}, right=False))
    assert "The record shows: refused." in said
    assert "Not right. It is: It is their weir." in said
    assert "Not right. It is: Highwell; Lowmill" in said
    assert "Not right. It is: 1. One; 2. Two; 3. Three" in said
    assert "1. Predict: 0 of 1 as the record shows it; reason: 0 of 1 right" in said


def test_nothing_before_a_prediction_gives_it_away(tmp_path: Path) -> None:
    desk = Desk(lesson(tmp_path, SMALL, TASKS, GUESS))
    desk.type(["read", "brief"])
    before = desk.said[: desk.said.index("Answer: read")]
    assert not [it for it in before if "refused" in it and it.strip() != "2  refused"]


def test_a_paper_is_written_and_delivered(tmp_path: Path) -> None:
    desk = Desk(lesson(tmp_path, SMALL, TASKS, WRITE, WHY))
    said = desk.do(lambda taking: student(taking, {"write": DELIVERY}))
    assert "You have 6 rounds." in said
    assert "Left of this task: 5 rounds." in said
    assert "Done as it was asked." in said
    assert "1. Reach: done as asked" in said
    taken = [it.action for it in desk.entries if isinstance(it, Applied) and it.by is None]
    assert [it for it in taken if not it.startswith("pass/")] == [
        it for it in DELIVERY if it != "pass"
    ]


@pytest.mark.parametrize("name", lesson_ids())
@pytest.mark.parametrize("which", ["full", "failed"])
def test_every_exercise_that_ships_can_be_taken_to_its_end(name: str, which: str) -> None:
    there = load_lesson(find_lesson(name))
    desk, right = Desk(there), which == "full"
    said = desk.do(lambda taking: student(taking, solution(name, which), right=right))
    assert "All tasks are done." in said
    if right:
        assert [it for it in desk.said if it.startswith("No: ")] == []
    again = Taking(there, replayed(desk.journal, there.case))
    assert breaches(again, desk.journal) == ()
    assert again.task is None
    for task_id, task in there.exercise.tasks.items():
        if isinstance(task, Plays):
            assert again.succeeded(task_id) is right, task_id
        else:
            scores = {it.score == 1 for it in again.feedback(task_id) if it.question.graded}
            assert scores <= {right}, task_id


# Answering.

MISTAKES = [
    (GUESS, "7", "No: there is no answer 7; there are 1 to 3"),
    (GUESS, "0", "No: there is no answer 0; there are 1 to 3"),
    (GUESS, "9" * 5000, "No: there is no answer 999999; there are 1 to 3"),
    (GUESS, "1 2", "No: choose one answer. Type its number."),
    (GUESS, "", "No: choose one answer. Type its number."),
    (GUESS, "maybe", 'No: "maybe" is no answer; there are 1 to 3, and `help` tells what else'),
    (GUESS, "²", 'No: "²" is no answer'),
    (GUESS, "\x1b[2J", 'No: "\\x1b[2J" is no answer'),
    (GUESS, "back", "No: this is the first question of the task"),
    (GUESS, "facts F99", 'No: no fact "F99" in two-towns'),
    (PICK, "1 1", "No: an answer stands twice; name each once. Type the numbers of all that are"),
    (PICK, "", "No: choose at least one answer."),
    (ROW, "1 2", "No: put all 3 in order. Type all the numbers in their order, as 2 3 1."),
    (WHY, "", "No: write a text. Type it in one line."),
    (WHY, "x" * 4001, "No: that is 4001 letters; write at most 4000"),
]


@pytest.mark.parametrize(("task", "words", "told"), MISTAKES)
def test_a_mistake_is_answered_in_place_and_nothing_is_kept(
    tmp_path: Path, task: str, words: str, told: str
) -> None:
    desk = Desk(lesson(tmp_path, SMALL, TASKS, task))
    said = desk.type([words])
    assert told in " ".join(said.split())
    assert answers(desk) == {}
    assert desk.said[-2:] == ["Kept in kept.jsonl.", "To go on: negsim exercise --resume kept"]
    assert "\x1b" not in said


def test_the_check_is_asked_until_it_is_right_and_is_not_kept(tmp_path: Path) -> None:
    desk = Desk(lesson(tmp_path, SMALL, CHECK, TASKS, WHY))
    said = desk.type(["2", "back", "1", "Because.", ""])
    assert "Not yet; try again. `brief` shows the brief." in said
    assert "It answers." in said
    assert 'No: "back" is no answer' in said
    assert answers(desk) == {"why": {"why": "Because."}}


def test_an_answer_is_changed_before_it_is_handed_in(tmp_path: Path) -> None:
    desk = Desk(lesson(tmp_path, SMALL, TASKS, GUESS, WHY))
    # The reason first wrong; then back from what is looked over, and by number to the first.
    desk.type(["1", "back", "3", "2", "back", "1", "1", "2", "huh", ""])
    assert answers(desk)["guess"] == {"weir": "rejected", "because": "own"}
    assert one(desk, "No: press Enter") == "No: press Enter, or type back or a number from 1 to 2"
    assert "So far: no answer yet" in desk.said


def test_enter_keeps_an_answer_that_is_looked_at_again(tmp_path: Path) -> None:
    desk = Desk(lesson(tmp_path, SMALL, TASKS, GUESS, WHY))
    desk.type(["2", "1", "1", "", ""])
    assert answers(desk)["guess"] == {"weir": "rejected", "because": "own"}


def test_ids_are_understood_as_numbers_are(tmp_path: Path) -> None:
    desk = Desk(lesson(tmp_path, SMALL, TASKS, PICK, WHY))
    desk.type(["low,high", ""])
    assert answers(desk) == {"pick": {"pick": ["low", "high"]}}


def test_the_paper_to_be_judged_is_told_point_by_point(tmp_path: Path) -> None:
    judge = "  judge: {kind: judge, ask: Read it., after: delivery, paper: letter}\n"
    desk = Desk(lesson(tmp_path, SMALL, TASKS, judge))
    said = desk.type([])
    assert "  a lower weir: refused\n" in said
    assert "talks offered, only if the mill road stays free\n" in said


def test_a_seat_is_not_told_of_a_draft_that_it_cannot_know(tmp_path: Path) -> None:
    judge = "  judge: {kind: judge, ask: Read it., after: clear, paper: letter}\n"
    shows = WHY.replace("}\n", ", shows: {steps: [clear, clear]}}\n")
    high = SMALL.replace("[lowmill]", "[highwell]")
    desk = Desk(lesson(tmp_path, high, TASKS, judge))
    assert "  a lower weir: not known\n" in desk.type([])
    desk = Desk(lesson(tmp_path, high, TASKS, shows))
    assert "Nothing of these steps was seen from your seat." in desk.type([])
    desk = Desk(lesson(tmp_path, SMALL, TASKS, shows))
    assert "Lowmill clears the text of the letter of Lowmill." in desk.type([])


def test_facts_stand_beside_a_task_and_are_told_once(tmp_path: Path, january: LoadedPack) -> None:
    head = SMALL.replace("two-towns", "january-2022").replace("[lowmill]", "[]")
    head = head.replace("start: promise", "start: start")
    pick = PICK.replace("{text: The mill}", "{text: The mill}\n    shows: {facts: [F58]}").replace(
        "{text: Highwell, right: true}", "{text: Highwell, right: true, facts: [F58, F59]}"
    )
    there = lesson(tmp_path, head, TASKS, pick)
    said = Desk(there).type(["1 2", ""])
    assert sum(it.startswith("F58  ") for it in said.splitlines()) == 1
    assert sum(it.startswith("  F59  ") for it in said.splitlines()) == 1
    assert "  [F58]" in said
    hidden = lesson(tmp_path, head, "hides: [facts]\n", TASKS, pick)
    desk = Desk(hidden)
    said = desk.type(["facts F59", "1 2", ""])
    assert "No: the facts are hidden until the debrief" in said
    assert "F59  " not in said


# Playing.

HIDDEN = [
    ("closes", "No: the endings ahead are hidden until the debrief"),
    ("tree", "No: the tree of branches is hidden until the debrief"),
    ("next", "No: what the record shows is hidden until the debrief"),
    ("compare record", "No: what the record shows is hidden until the debrief"),
    ("facts", "No: the facts are hidden until the debrief"),
    ("goto record", "No: in this exercise only undo goes back, and never over a delivery"),
    ("undo", "No: the task began here; nothing before it can be undone"),
    ("bring", "No: bring needs the name that whoever leads the class tells you"),
    ("bring rain", 'No: no inject "rain" in two-towns/small'),
    ("done now", 'No: done stands alone; leave out "now"'),
    ("read/letter", "No: that is for Highwell; you sit for Lowmill"),
]
ALL = "hides: [record, endings, branches, facts]\n"


@pytest.mark.parametrize(("words", "told"), HIDDEN)
def test_what_the_exercise_hides_is_refused_with_the_reason(
    tmp_path: Path, words: str, told: str
) -> None:
    desk = Desk(lesson(tmp_path, SMALL, ALL, TASKS, WRITE))
    before = len(desk.entries)
    desk.type([words])
    assert told in desk.after(f"> {words}")
    assert len([it for it in desk.entries if isinstance(it, Applied)]) == before


def test_the_help_names_what_can_be_typed(tmp_path: Path) -> None:
    desk = Desk(lesson(tmp_path, SMALL, TASKS, WRITE))
    said = "\n".join(desk.type(["help"]).splitlines())
    assert "done: be done with this task" in said
    for hidden in ("closes", "tree", "next:", "goto"):
        assert f"  {hidden}" not in said, hidden
    desk = Desk(lesson(tmp_path, SMALL, TASKS, WHY))
    assert "back: the question before, to change its answer" in desk.type(["help"])


def test_in_a_search_one_goes_where_one_has_been_and_not_ahead(tmp_path: Path) -> None:
    find = WRITE.replace("reach", "find").replace("    within: {rounds: 6}\n", "")
    desk = Desk(lesson(tmp_path, SMALL, TASKS, find))
    said = desk.type(["1", "name told", "undo", "goto record", "goto start", "goto told", "done"])
    assert "No: what the record shows is hidden until the debrief" in said
    assert "No: that is before the task began, or beside it" in said
    assert "All tasks are done." in said


def test_a_task_in_which_nothing_was_done_is_left_on_second_thoughts(tmp_path: Path) -> None:
    desk = Desk(lesson(tmp_path, SMALL, TASKS, WRITE))
    said = desk.type(["done"])
    assert "No: you have done nothing in this task yet; `done` again leaves it so" in said
    assert answers(desk) == {}
    desk = Desk(lesson(tmp_path, SMALL, TASKS, WRITE))
    assert "Not done as it was asked." in desk.type(["done", "done"])
    assert answers(desk) == {"write": {}}


def test_the_limit_is_told_and_nothing_more_is_played(tmp_path: Path) -> None:
    short = WRITE.replace("rounds: 6", "actions: 2")
    desk = Desk(lesson(tmp_path, SMALL, TASKS, short))
    said = desk.type(["1", "1", "", "1", "pass", "undo", "done"])
    assert "You have 2 actions." in said
    assert "Left of this task: 1 action." in said
    told = "Nothing more can be played: the 2 actions of this task are used up."
    assert desk.said.count(told) == 2  # when it is reached, and where Enter asks
    assert said.count("No: the 2 actions of this task are used up") == 2
    assert desk.after("> undo")[0].startswith("You stand after: ")
    assert "Not done as it was asked." in said


def test_a_delivery_stays(tmp_path: Path) -> None:
    desk = Desk(lesson(tmp_path, SMALL, TASKS, WRITE))
    desk.type([*DELIVERY, "undo"])
    assert "No: a paper that was delivered stays delivered until the debrief" in desk.said


def test_what_the_others_did_before_is_told_when_a_task_begins(tmp_path: Path) -> None:
    early = SMALL.replace("start: promise", "start: demand")
    desk = Desk(lesson(tmp_path, early, TASKS, WRITE))
    said = desk.type([])
    assert "Highwell asks" in said


# Reasons.

REASONS = WRITE + "    reasons: true\n"


def noted(desk: Desk) -> list[tuple[str, tuple[str, ...]]]:
    return [(desk.session.nodes[it].action, notes) for it, notes in desk.session.notes.items()]


def test_a_reason_is_kept_at_the_place_of_its_answer(tmp_path: Path) -> None:
    desk = Desk(lesson(tmp_path, SMALL, TASKS, REASONS))
    weir, gate = "answer/letter/weir/rejected", "answer/letter/gate/talks"
    said = desk.type([weir, "It is\tours.", gate, "", "consult/letter/fishers/informed"])
    assert noted(desk) == [(weir, ("It is ours.",))]
    assert said.count("Why? In one line") == 2  # at answers of the paper alone
    took = [it.action for it in desk.entries if isinstance(it, Applied) and it.by is None]
    assert took[:2] == [weir, gate]


def test_an_answer_is_not_given_where_its_reason_is_taken_back(tmp_path: Path) -> None:
    desk = Desk(lesson(tmp_path, SMALL, TASKS, REASONS))
    said = desk.type(["2", "x" * 601, "back", "2"])  # the end of input comes at the reason
    assert "No: that is 601 letters; write at most 600" in said
    assert "No: it was not done" in said
    assert not [it for it in desk.entries if isinstance(it, Noted)]
    assert desk.session.here is desk.taking.began("write")


def test_no_reason_is_asked_for_what_is_refused(tmp_path: Path) -> None:
    desk = Desk(lesson(tmp_path, SMALL, TASKS, REASONS))
    said = desk.type(["2", "Ours.", "answer/letter/weir/rejected"])
    assert said.count("Why? In one line") == 1
    assert "is refused" in said


# What comes from outside.

INJECTS = """\
injects:
  rider: {round: 1, sender: A rider, text: The road is open., odds: 100}
  leak: {round: 1, sender: The gazette, text: We have it., basis: inferred, effect: EFFECT}
""".replace("EFFECT", "nature/leak/letter")
LATE = "  late: {round: 1, sender: A boat, to: [highwell], text: Not for you., odds: 100}\n"


def test_what_comes_from_outside_is_told_as_it_comes(tmp_path: Path) -> None:
    desk = Desk(lesson(tmp_path, SMALL, INJECTS, TASKS, WRITE))
    said = desk.type(["1", "bring leak", "bring leak", "bring rider", "pass", "brief"])
    assert said.count("From outside. A rider: The road is open. (invented)") == 1
    assert said.count("From outside. The gazette: We have it. (inferred)") == 1
    assert 'No: "leak" cannot be brought in: it came already, or is drawn' in said
    assert 'No: "rider" cannot be brought in: it came already, or is drawn' in said
    assert [name for name, _ in desk.session.injects] == ["rider", "leak"]


def test_what_was_brought_happens_in_the_turn_of_chance(tmp_path: Path) -> None:
    desk = Desk(lesson(tmp_path, SMALL, INJECTS, TASKS, WRITE))
    desk.type([*DELIVERY, "bring leak", "pass", "pass"])
    assert "nature/leak/letter" in [it.action for it in desk.session.here.line]


# Two at one terminal.


def test_a_step_of_the_record_that_one_takes_oneself_counts(tmp_path: Path) -> None:
    desk = Desk(lesson(tmp_path, SMALL, TASKS, WRITE))
    assert "All tasks are done." in desk.type(["consult/letter/fishers/informed", "done"])
    assert desk.taking.played("write").actions == 1


def curtains(said: list[str]) -> list[int]:
    """Where a screen of blank lines ends."""
    blank, found = 0, []
    for number, line in enumerate(said):
        blank = 0 if line else blank + 1
        if blank == CURTAIN:
            found.append(number)
    return found


def test_a_curtain_falls_between_what_two_may_read(tmp_path: Path) -> None:
    desk = Desk(lesson(tmp_path, TWO, CHECK, TASKS, SEALED))
    forgotten: list[int] = []
    desk.asking.forget = lambda: forgotten.append(len(desk.said))
    desk.type(["", "", "", "", "", "1", "", "2", "I saw it.", "", "", "1", "So we wrote."])
    said = desk.said
    hands = [at for at, it in enumerate(said) if it.startswith(("Hand over", "Both look"))]
    assert forgotten == hands, "what was scrolled away goes too"
    first, second = (said.index(f"Only the {who} reads this.") for who in ("miller", "mayor"))
    together = said.index("Both look at the screen again.")
    falls = curtains(said)
    assert [it for it in falls if it < first] == falls[:1]
    assert [it for it in falls if first < it < second] == falls[1:2]
    assert [it for it in falls if second < it < together] == falls[2:3]
    wrote = said.index("Answer: I saw it.")
    other = said.index("Hand over to Highwell.", wrote)
    assert [it for it in falls if wrote < it < other]
    assert not [it for it in said[other:] if "I saw it." in it]  # sealed until both have written
    assert answers(desk) == {}
    both = Desk(desk.lesson, before=desk.journal)
    both.type(["", "2", "I saw it.", "", "", "1", "So we wrote.", "", ""])
    assert "Lowmill: no. I saw it." in both.said
    assert "Highwell: yes. So we wrote." in both.said
    assert answers(both)["sealed"] == {
        "verdict/lowmill": "unmet",
        "reason/lowmill": "I saw it.",
        "verdict/highwell": "met",
        "reason/highwell": "So we wrote.",
    }


def test_turns_are_handed_over_and_each_seat_hears_its_own(tmp_path: Path) -> None:
    desk = Desk(lesson(tmp_path, TWO, INJECTS, LATE, TASKS, WRITE, SEALED))
    begin = ["", "", "", "", ""]
    said = desk.type([*begin, "", "answer/letter/weir/rejected", "brief", "pass", "", "brief"])
    falls = curtains(desk.said)
    hers = desk.said.index("Hand over to Highwell.", desk.said.index("> pass"))
    assert [it for it in falls if desk.said.index("> pass") < it < hers]
    after = "\n".join(desk.said[hers:])
    assert "refused" not in after
    assert "Not for you." in after  # an inject for this seat alone
    assert "Not for you." not in "\n".join(desk.said[:hers])
    assert "Only the mayor reads this." in after
    assert "Only the miller reads this." not in after
    assert said.count("From outside. A rider:") == 2  # once for each


def test_two_take_an_exercise_to_its_end(tmp_path: Path) -> None:
    desk = Desk(lesson(tmp_path, TWO, CHECK, TASKS, WRITE, SEALED, WHY))
    played = ["answer/letter/weir/rejected", "undo", "redo", "pass", "undo", "pass"]
    played += [*DELIVERY[2:5], "pass", "pass", "deliver/letter/messenger"]
    said = desk.do(lambda taking: student(taking, {"write": played}))
    assert said.count("No: the turn before was the other's, and stays as it is") == 1
    assert "1. Reach: done as asked" in said
    assert "Lowmill: yes. Since it says so." in said
    assert [*answers(desk)] == ["write", "sealed", "why"]


def test_feedback_can_come_later(tmp_path: Path) -> None:
    """Nothing is said of an answer but that it is kept, neither at once nor at the end."""
    later = "feedback: later\n"
    for said in (
        Desk(lesson(tmp_path, SMALL, later, TASKS, PICK, WHY)).do(lambda it: student(it, {})),
        Desk(lesson(tmp_path, SMALL, later, TASKS, PICK, WHY)).do(
            lambda it: student(it, {}, right=False)
        ),
    ):
        assert said.count("Kept. What is right is told later.") == 2
        assert not any(it in said for it in ("Right.", "Not right", "Partly right", "It is: "))
        assert "1. Choose: kept" in said


# Leaving, and going on.


def test_it_goes_on_where_it_was_left_whenever_that_was(tmp_path: Path) -> None:
    """After every line that is typed, leaving and going on come to the same journal."""
    there = lesson(tmp_path, SMALL, CHECK, INJECTS, TASKS, WRITE, GUESS, ROW, SEALED, WHY)
    whole = Desk(there)
    lines: list[str] = []

    def keeping(taking: Taking) -> Iterator[str]:
        for line in student(taking, {"write": DELIVERY}):
            lines.append(line)
            yield line

    whole.do(keeping)
    told = [(it.task, it.answers) for it in whole.entries if isinstance(it, Answered)]
    for cut in range(len(lines) + 1):
        kept = tmp_path / f"{cut}.jsonl"
        first = Desk(there, drafts=kept)
        first.type(lines[:cut])
        rest = lines[cut:] if first.session.entries else lines
        second = first.resumed(kept)
        said = second.type(rest)
        assert "All tasks are done." in said, cut
        assert told == [
            (it.task, it.answers) for it in second.entries if isinstance(it, Answered)
        ], cut
        assert [it.action for it in second.entries if isinstance(it, Applied)] == [
            it.action for it in whole.entries if isinstance(it, Applied)
        ], cut


def test_quit_leaves_at_every_question(tmp_path: Path) -> None:
    desk = Desk(lesson(tmp_path, SMALL, CHECK, TASKS, WHY))
    desk.type(["QUIT"])
    assert desk.said[-1] == "To go on: negsim exercise --resume kept"
    assert desk.entries == []


def test_answers_that_are_not_handed_in_are_asked_again_where_their_file_is_wrong(
    tmp_path: Path,
) -> None:
    there = lesson(tmp_path, SMALL, TASKS, GUESS)
    kept = tmp_path / "kept.jsonl"
    first = Desk(there, drafts=kept)
    first.type(["2"])
    (file,) = tmp_path.glob(".kept*")
    good = json.loads(file.read_text())
    assert "1 of 2 answers were kept; you go on from there." in first.resumed(kept).type([])
    for bad in (
        "",
        "[" * 100_000,
        "[]",
        json.dumps(good | {"session": "another"}),
        json.dumps(good | {"task": "another"}),
        json.dumps(good | {"given": ["weir"]}),
        json.dumps(good | {"given": {"weir": "burnt"}}),
        json.dumps(good | {"given": {"weir": ["rejected"]}}),
        json.dumps(good | {"given": {"weir": 2, "more": "x"}}),
    ):
        file.write_text(bad)
        assert "answers were kept" not in first.resumed(kept).type([]), bad


def test_what_was_kept_is_forgotten_once_it_is_handed_in(tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    desk = Desk(lesson(tmp_path, SMALL, TASKS, WHY), drafts=kept)
    desk.type(["Because.", ""])
    assert list(tmp_path.glob(".kept*")) == []


def test_an_exercise_that_is_done_tells_its_summary_again(tmp_path: Path) -> None:
    desk = Desk(lesson(tmp_path, SMALL, TASKS, WHY))
    desk.type(["Because.", ""])
    again = desk.resumed()
    said = again.type([])
    assert "1. Explain: written" in said
    assert "Its fingerprint: " + desk.journal.fingerprint in said
    assert again.entries == desk.entries


def test_what_somebody_typed_is_harmless(tmp_path: Path) -> None:
    desk = Desk(lesson(tmp_path, SMALL, TASKS, WHY))
    said = desk.type(["a\x1b]0;b\x07\u202ec", ""])
    assert not any(char in said for char in "\x1b\x07\u202e")
    assert answers(desk)["why"] == {"why": "a\\x1b]0;b\\x07\\u202ec"}


WORDS = [
    *("1", "2", "3", "1 2", "3 1 2", "", "back", "read", "brief", "words", "help", "pass", "undo"),
    *("redo", "done", "bring leak", "bring late", "goto here", "goto start", "name here", "tree"),
    *("next", "compare record", "facts F1", "note So.", "list", "items", "quit", "\x1b[2J", "why"),
]


@given(st.lists(st.sampled_from(WORDS), max_size=40), st.booleans(), st.integers(0, 3))
@settings(max_examples=some(40))
def test_whatever_is_typed_the_journal_is_whole_and_keeps_the_rules(
    tmp_path_factory: pytest.TempPathFactory, words: list[str], two: bool, seed: int
) -> None:
    folder = tmp_path_factory.mktemp("any")
    find = WRITE.replace("write:", "seek:").replace("reach", "find")
    find = find.replace("    within: {rounds: 6}\n", "")
    avoid = WRITE.replace("write:", "hold:").replace("reach", "avoid").replace("6", "2")
    head = (TWO, INJECTS, LATE) if two else (SMALL, INJECTS)
    there = lesson(folder, *head, TASKS, SEALED, REASONS, PICK, find, ROW, avoid)
    desk = Desk(there, seed=seed)
    said = desk.type(words)
    assert "\x1b" not in said
    again = Taking(there, replayed(desk.journal, there.case))
    assert again.progress == desk.taking.progress
    assert breaches(again, desk.journal) == ()
    assert desk.resumed().taking.task == desk.taking.task
