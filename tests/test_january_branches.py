"""The decision points of January 2022 and their alternatives, each played to an ending.

Every branch is replayed from the record with the rules as they are. A failure names the branch.
"""

from __future__ import annotations

from collections.abc import Iterator

from negsim.engine import initial_state, outcome, read
from negsim.errors import IllegalActionError, UnknownNameError
from negsim.pack.load import LoadedPack
from negsim.pack.models import Branch, Choice
from negsim.replay import Played, play

POINTS = [f"DP{number}" for number in range(1, 19)]

REACHED = [
    "whole-package",
    "interim",
    "talks-on-part",
    "relations-reduced",
    "continued",
    "one-paper",
    "unanswered",
]
"""The endings with a condition, in the order in which they count."""

NOT_REPORTED = ["DP12", "DP13", "DP14", "DP15", "DP18"]
"""The points at which the record has no action, so that a note says what is known."""

LEFT_OUT = {
    "DP4: Inform only, and show no preview": [
        "consult/us-paper/nato/previewed",
        "consult/us-paper/ukraine/previewed",
    ],
    "DP4: Show a preview, and ask for no comments": [
        "consult/us-paper/nato/asked",
        "consult/us-paper/ukraine/asked",
    ],
    "DP4: Ask for comments but, for speed, work none in": [
        "consult/us-paper/nato/incorporated",
        "consult/us-paper/ukraine/incorporated",
    ],
    "DP9: Keep the papers wholly secret, the gist included": [
        "publicise/us-paper/us/gist",
        "publicise/nato-paper/nato/gist",
    ],
    "DP16: One side pauses - Russia does not build up further, the United States does": [
        "posture/russia/build-up",
    ],
    "DP16: Both sides pause": ["posture/russia/build-up", "posture/us/build-up"],
    "DP17: Announce no contact": [
        "contact/us/ministers",
        "contact/us/leaders",
        "contact/russia/leaders",
        "contact/nato/group",
    ],
}
"""The alternatives that consist in leaving steps of the record out, with those steps."""


def _alternatives(january: LoadedPack) -> Iterator[tuple[str, str, Choice]]:
    """Each alternative with its point and the name that its branch has."""
    for point, it in january.pack.decision_points.items():
        for choice in it.alternatives:
            yield point, f"{point}: {choice.text}", choice


def _branches(january: LoadedPack) -> dict[str, Branch]:
    return {branch.name: branch for branch in january.branches.branches}


def _line(january: LoadedPack, branch: Branch) -> list[str]:
    """The record's actions before the step that the branch leaves, then its own."""
    steps = january.record.steps
    named = [step.id for step in steps]
    assert branch.leaves in named, f"{branch.name}: the record has no step {branch.leaves}"
    before = steps[: named.index(branch.leaves)]
    return [*(step.do for step in before if step.do is not None), *branch.do]


def _played(january: LoadedPack, branch: Branch) -> tuple[list[Played], str | None]:
    """The line as far as it is legal, and the refusal of its next action, with the branch's name.

    An action after an ending is refused too.
    """
    played: list[Played] = []
    state = initial_state(january.game)
    for action_id in _line(january, branch):
        try:
            played.append(play(january.game, state, action_id))
        except (IllegalActionError, UnknownNameError) as error:
            return played, f"{branch.name}: {error}"
        state = played[-1].after
    return played, None


def test_the_eighteen_points_are_there(january: LoadedPack) -> None:
    assert list(january.pack.decision_points) == POINTS


def test_recorded_choices_are_in_the_record(january: LoadedPack) -> None:
    record = {step.do for step in january.record.steps}
    unknown = {
        point: [action for action in it.recorded if action not in record]
        for point, it in january.pack.decision_points.items()
    }
    assert unknown == {point: [] for point in POINTS}
    empty = [point for point, it in january.pack.decision_points.items() if not it.recorded]
    assert empty == NOT_REPORTED
    for point in NOT_REPORTED:
        assert january.pack.decision_points[point].note is not None, point
    for point, it in january.pack.decision_points.items():
        assert it.facts, f"{point} cites no fact for what is recorded"


def test_every_point_has_alternatives_and_gives_reasons(january: LoadedPack) -> None:
    for point, it in january.pack.decision_points.items():
        assert it.alternatives, f"{point} has no alternative"
        texts = [*(one.text for one in it.alternatives), *(one.text for one in it.excluded)]
        assert len(set(texts)) == len(texts), f"{point} names an alternative twice"


def test_alternatives_take_actions_of_the_game_that_are_cited(january: LoadedPack) -> None:
    wrong = []
    for _, name, choice in _alternatives(january):
        assert choice.facts, f"{name} cites no fact"
        for action_id in choice.do:
            action = january.game.by_id.get(action_id)
            if action is None:
                wrong.append(f"{name}: no action {action_id}")
            elif (action.basis == "invented") > (choice.basis == "invented") or not action.facts:
                wrong.append(f"{name}: {action_id} is {action.basis}, facts {action.facts}")
    assert wrong == []


def test_alternatives_without_actions_are_those_that_leave_steps_out(january: LoadedPack) -> None:
    empty = [name for _, name, choice in _alternatives(january) if not choice.do]
    assert empty == list(LEFT_OUT)


def test_each_alternative_has_its_branch(january: LoadedPack) -> None:
    names = [branch.name for branch in january.branches.branches]
    assert names == [name for _, name, _ in _alternatives(january)]
    branches = _branches(january)
    for point, name, choice in _alternatives(january):
        branch = branches[name]
        assert branch.point == point, name
        missing = [action for action in choice.do if action not in branch.do]
        assert not missing, f"{name} does not take {missing}"


def test_branches_leave_the_steps_out(january: LoadedPack) -> None:
    branches = _branches(january)
    record = {step.do for step in january.record.steps}
    for name, left_out in LEFT_OUT.items():
        line = _line(january, branches[name])
        taken = [action for action in left_out if action in line]
        assert not taken, f"{name} takes {taken}"
        assert record & set(left_out), f"{name}: nothing of the record is left out"


def test_branches_depart_from_the_record(january: LoadedPack) -> None:
    record = [step.do for step in january.record.steps if step.do is not None]
    for branch in january.branches.branches:
        line = _line(january, branch)
        assert line != record[: len(line)], f"{branch.name} is the record"


def test_every_branch_is_played_to_its_ending(january: LoadedPack) -> None:
    wrong = []
    for branch in january.branches.branches:
        played, refused = _played(january, branch)
        if refused is not None:
            wrong.append(refused)
            continue
        reached = outcome(january.game, played[-1].after)
        ending = None if reached is None else reached.ending.id
        if ending != branch.ending:
            wrong.append(f"{branch.name}: reaches {ending}, not {branch.ending}")
    assert wrong == []


def test_every_ending_with_a_condition_is_reached(january: LoadedPack) -> None:
    endings = [ending.id for ending in january.game.endings if ending.when is not None]
    assert endings == REACHED
    assert {branch.ending for branch in january.branches.branches} == set(REACHED)
    final = {branch.ending for branch in january.branches.branches if branch.point == "DP18"}
    assert final == set(REACHED), "the final position has an alternative for each ending"


def test_nobody_is_surprised_unless_the_consultation_is_cut_short(january: LoadedPack) -> None:
    """Guard G4 on whole lines: only the branch that shows no preview delivers a surprise."""
    partners = ("nato", "ukraine")
    surprised = [
        branch.name
        for branch in january.branches.branches
        if any(
            read(january.game, step.after, f"us-paper.{partner}.surprised") == "yes"
            for step in _played(january, branch)[0]
            for partner in partners
        )
    ]
    assert surprised == ["DP4: Inform only, and show no preview"]


def test_alternatives_that_repeat_a_recorded_action_differ_in_time_or_degree(
    january: LoadedPack,
) -> None:
    record = {step.do for step in january.record.steps}
    repeating = [name for _, name, it in _alternatives(january) if record & set(it.do)]
    assert repeating == [
        "DP10: Deliver the NATO paper in a later round than the US paper",
        "DP16: One side pauses - the United States moves no further units, Russia builds up",
        "DP16: Build up further than reported",
    ]
    branches = _branches(january)
    later, alone, further = (_played(january, branches[name])[0] for name in repeating)
    assert "posture/us/build-up" not in {step.action.id for step in alone}
    taken = [step.action.id for step in later]
    papers = taken.index("deliver/us-paper/sullivan"), taken.index("deliver/nato-paper")
    between = [mover for step in later[papers[0] + 1 : papers[1] + 1] for mover in step.passes]
    assert "nato" in between, f"{repeating[0]}: both papers are delivered in the same round"
    assert read(january.game, further[-1].after, "us.posture") == "high", repeating[1]
