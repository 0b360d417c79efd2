"""Which steps of a line closed endings: as it is told, worked out in a thread, and to whom."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negsim.answers import Closed, Turn, turn_lines, turn_title, turn_told, turns_told
from negsim.debrief import debrief
from negsim.engine import Taken, legal_actions, observation
from negsim.errors import NegsimError
from negsim.explore.diagrams import NotDecidedError
from negsim.explore.explorer import Explorer
from negsim.explore.goals import Goal
from negsim.explore.hindsight import Hindsight
from negsim.explore.turning import turning_points
from negsim.outlook import Asked, Lookout, Outlook, turn_at
from negsim.pack.catalogue import shipped
from negsim.pack.load import load_pack
from negsim.rules import EVERYTHING
from negsim.session import Case, Node, Session
from negsim.views import saw
from tests.effort import some
from tests.small_packs import small_pack
from tests.tui import loaded_of, sitting_of

TWO_TOWNS = load_pack(shipped() / "two-towns", branches_too=False)
GAME = TWO_TOWNS.game
CASE = Case(TWO_TOWNS)
EXPLORER = Explorer(GAME)
VIEWPOINTS = [*GAME.viewpoints]
CLEARED = next(node for node in CASE.trunk if node.action == "clear/letter")
END = CASE.trunk[-1]


def turns_of(case: Case, node: Node, viewpoint: str) -> list[Turn]:
    """The turning points, without a thread, and without rules."""
    hindsight = Hindsight(EXPLORER, viewpoint)
    states = [case.trunk[0].state, *(it.state for it in node.line)]
    return [
        turn_at(hindsight, case, node.line[step], endings)
        for step, endings in hindsight.closings(states).items()
    ]


def wandered(seed: int, steps: int, start: str = "0") -> Session:
    """A line at random, seldom by passing alone."""
    session, random = sitting_of(TWO_TOWNS).session, Random(seed)
    session.goto(start)
    for _ in range(steps):
        actions = legal_actions(GAME, session.here.state)
        if actions:
            session.apply(random.choices(actions, [1 if it.is_pass else 3 for it in actions])[0].id)
    return session


# In words


def turn(*closed: Closed, node: Node = CLEARED, seen: bool = True) -> Turn:
    return Turn(node, closed, seen)


def test_a_step_is_told_with_what_it_closed_the_rule_and_what_would_have_kept_it() -> None:
    choices = tuple(GAME.action(f"answer/letter/weir/{it}") for it in ("rejected", "accepted"))
    one, other = (it.title for it in GAME.endings[:2])
    it = turn(
        Closed(GAME.endings[0].id, choices, ("because rule G7 refuses it: so it is.",)),
        Closed(GAME.endings[1].id, (), ()),
    )
    assert turn_title(CASE, it, EVERYTHING) == (
        "Round 1: Lowmill clears the text of the letter of Lowmill."
    )
    rejected, accepted = (choice.text.rstrip(".") for choice in choices)
    assert turn_told(CASE, it, EVERYTHING) == [
        f"No longer possible in this model: {one}.",
        "Because rule G7 refuses it: so it is.",
        f"Other choices there would have kept it possible: {rejected}; or {accepted}.",
        f"No longer possible in this model: {other}.",
        "No other choice there would have kept it possible.",
    ]
    assert turn_told(CASE, it, EVERYTHING, GAME.endings[1].id) == [
        "No other choice there would have kept it possible.",
    ]
    assert it.endings == (GAME.endings[0].id, GAME.endings[1].id)


def test_endings_that_were_closed_alike_are_told_together() -> None:
    choice = GAME.action("pass/lowmill")
    it = turn(*(Closed(ending.id, (choice,), ()) for ending in GAME.endings[:2]))
    one, other = (ending.title for ending in GAME.endings[:2])
    assert turn_told(CASE, it, "lowmill") == [
        f"No longer possible in this model: {one}; {other}.",
        "Another choice there could have kept them possible: Lowmill passes.",
    ]


def test_of_many_other_choices_a_few_are_told() -> None:
    choices = tuple(it for it in GAME.actions if it.kind == "answer")[:5]
    (said,) = turn_told(CASE, turn(Closed("whole", choices, ())), EVERYTHING, "whole")
    assert said.count("; or ") == 3
    assert said.endswith("; or one of 2 more.")


def test_where_the_line_ended_it_is_said() -> None:
    it = turn(Closed("whole", (), ()), node=END)
    assert turn_told(CASE, it, "public", "whole") == [
        "No other choice there, as far as is seen from here, would have kept it possible.",
        "The line ended there: Talks on part of the items.",
    ]


def test_of_a_step_that_was_not_seen_neither_action_nor_choice_is_told() -> None:
    it = turn(Closed("whole", (), ()), node=CASE.trunk[1], seen=False)
    first = GAME.action(CASE.trunk[1].action).text
    title = GAME.endings[0].title
    assert turns_told(CASE, [it], "public") == [
        (f"Not seen from here, after: {first}", [f"No longer possible in this model: {title}."])
    ]
    start = replace(it, node=CASE.trunk[0])
    assert turn_title(CASE, start, "public") == "Not seen from here, at the start."


def test_the_lines_are_the_title_and_the_sentences() -> None:
    (it,) = turns_of(CASE, CLEARED, EVERYTHING)
    title, told = turns_told(CASE, [it])[0]
    assert [*turn_lines(CASE, it, EVERYTHING, 10_000)] == [title, *(f"  {text}" for text in told)]


def test_a_debrief_takes_them() -> None:
    session = sitting_of(TWO_TOWNS).session
    session.goto("record")
    told = turns_told(CASE, turns_of(CASE, END, EVERYTHING))
    section = debrief(session, END, told).section("turning")
    assert [it.title for it in section.blocks] == [title for title, _ in told]
    assert len(told) == 2


# What is told, and to whom


@settings(max_examples=some(25))
@given(st.integers(0, 10_000), st.integers(5, 60))
def test_they_are_the_turning_points_of_the_command(seed: int, steps: int) -> None:
    """To who sees everything: the same steps close the same endings."""
    session = wandered(seed, steps)
    line = [Taken(it.action, it.parent.state, it.state) for it in session.here.line if it.parent]
    points = {
        it.place: tuple(lost.ending for lost in it.lost)
        for it in turning_points(EXPLORER, line)
        if it.lost
    }
    found = turns_of(session.case, session.here, EVERYTHING)
    assert {session.here.line.index(it.node): it.endings for it in found} == points
    assert all(it.seen for it in found)


@settings(max_examples=some(25))
@given(st.integers(0, 10_000), st.sampled_from(VIEWPOINTS))
def test_only_what_was_seen_is_named(seed: int, viewpoint: str) -> None:
    session = wandered(seed, 50)
    case = session.case
    for it in turns_of(case, session.here, viewpoint):
        action = GAME.by_id.get(it.node.action)
        if it.seen:
            assert action is not None
            assert saw(case, it.node, viewpoint) or action.mover == viewpoint
        else:
            assert action is None or saw(case, it.node, viewpoint)
            assert not any(one.instead for one in it.closed)
        assert it.node in (case.trunk[0], *session.here.line)


def test_the_end_of_anothers_turn_is_not_told() -> None:
    """It may have been more than a pass; one's own pass one knows."""
    endings = {
        "talks": {"title": "Talks", "reason": "So.", "when": {"letter.decision": "talks"}},
        "lapsed": {"title": "Lapsed", "reason": "So."},
    }
    deadline = {"kind": "hard", "rounds": 1, "on_silence": "lapse"}
    letter = {"deadline": deadline, "decisions": ["talks", "lapse"]}
    pack = small_pack("late", {"gate": ["talks"]}, letter=letter, endings=endings)
    session = sitting_of(loaded_of(pack, ["demand/letter"])).session
    for action in ("demand/letter", "pass/north", "answer/letter/gate/talks", "pass/south"):
        session.apply(action)
    case, explorer = session.case, Explorer(session.game)
    told = {}
    for viewpoint in (EVERYTHING, "south", "north", "public"):
        hindsight = Hindsight(explorer, viewpoint)
        states = [case.trunk[0].state, *(it.state for it in session.here.line)]
        (step,) = hindsight.closings(states)
        told[viewpoint] = turn_at(hindsight, case, session.here.line[step], ["talks"])
        assert session.here.line[step].action == "pass/south"
    instead = (session.game.action("deliver/letter"),)
    assert told[EVERYTHING] == Turn(session.here, (Closed("talks", instead),))
    assert told["south"] == Turn(session.here, (Closed("talks", instead, ()),))
    unseen = Turn(session.here.line[0], (Closed("talks", (), ()),), seen=False)
    assert told["north"] == told["public"] == unseen


def test_what_a_hidden_draft_closed_is_told_once_it_is_seen() -> None:
    """Lowmill clears its text; the messenger comes with it later."""
    delivered = next(node for node in CASE.trunk if node.action.startswith("deliver/"))
    for viewpoint in ("highwell", "public"):
        assert turns_of(CASE, CLEARED, viewpoint) == []
    assert [it.node for it in turns_of(CASE, CLEARED, EVERYTHING)] == [CLEARED]
    (it,) = turns_of(CASE, delivered, "highwell")
    assert it.node is delivered
    assert [one.id for one in it.closed[0].instead] == ["pass/lowmill"]
    (told,) = turns_told(CASE, [it], "highwell")
    assert "clears" not in str(told)


def seen_of(session: Session, viewpoint: str) -> list[object]:
    """All that a viewpoint sees of a line: its actions, and whatever changes in between."""
    found: list[object] = []
    for it in session.here.line:
        assert it.parent is not None
        looks = [
            sorted(observation(GAME, at, viewpoint).items()) for at in (it.parent.state, it.state)
        ]
        own = it.action if saw(CASE, it, viewpoint) or it.action == f"pass/{viewpoint}" else None
        if own is not None or looks[0] != looks[1]:
            found += [own, looks[1]]
    return found


def otherwise(session: Session, viewpoint: str, random: Random) -> Session | None:
    """The line with one hidden step left out, or another in its place, if that can be."""
    line = session.here.line
    hidden = [
        place
        for place, it in enumerate(line)
        if not saw(CASE, it, viewpoint) and not GAME.action(it.action).is_pass
    ]
    if not hidden:
        return None
    changed, other = random.choice(hidden), sitting_of(TWO_TOWNS).session
    try:
        for place, it in enumerate(line):
            if place != changed:
                other.apply(it.action)
            elif random.random() < 0.7:
                can = [x for x in legal_actions(GAME, other.here.state) if x.id != it.action]
                like = [x for x in can if x.slot == GAME.action(it.action).slot]
                other.apply(random.choice(like or can).id)
    except NegsimError:
        return None
    return other


def test_lines_that_look_the_same_are_told_the_same() -> None:
    """Also where to who sees everything other endings were closed, or by other steps."""
    pairs = differ = told = 0
    for seed in range(120):
        for viewpoint in VIEWPOINTS:
            session = wandered(seed, 4 + seed % 25, ("0", "r3", "r8")[seed % 3])
            other = otherwise(session, viewpoint, Random(seed))
            if other is None or seen_of(session, viewpoint) != seen_of(other, viewpoint):
                continue
            lines = [
                turns_told(it.case, turns_of(it.case, it.here, viewpoint), viewpoint)
                for it in (session, other)
            ]
            assert lines[0] == lines[1]
            truth = [
                [(it.node.action, it.closed) for it in turns_of(it.case, it.here, EVERYTHING)]
                for it in (session, other)
            ]
            pairs, told = pairs + 1, told + bool(lines[0])
            differ += truth[0] != truth[1]
    assert (pairs > 100, told > 5, differ > 1) == (True, True, True)


# In a thread


class Ear:
    """Hears what a lookout tells, in its thread, and hands it over."""

    def __init__(self) -> None:
        self.all: list[Outlook] = []
        self._news: queue.Queue[Outlook] = queue.Queue()

    def __call__(self, outlook: Outlook) -> None:
        self.all.append(outlook)
        self._news.put(outlook)

    def until(self, holds: Callable[[Outlook], bool]) -> Outlook:
        """The first news of which that holds; fails where none comes within a minute."""
        while True:
            found = self._news.get(timeout=60)
            if holds(found):
                return found


def back(it: Outlook) -> bool:
    """Whether all about the line is known."""
    return it.turns is not None and all(
        one.reasons is not None for turn in it.turns for one in turn.closed
    )


def far(it: Outlook) -> bool:
    return any(one.steps is not None or one.sure is not None for one in it.prospects)


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def lookout(ear: Ear) -> Iterator[Lookout]:
    lookout = Lookout(CASE, ear)
    yield lookout
    lookout.stop()
    assert lookout.wait(60)


@pytest.mark.parametrize("viewpoint", [EVERYTHING, "highwell", "public"])
def test_a_lookout_tells_what_is_worked_out_without_one(
    lookout: Lookout, ear: Ear, viewpoint: str
) -> None:
    lookout.ask(Asked(END, viewpoint, line=True))
    found = ear.until(lambda it: back(it) and not it.doing)
    turns = [
        replace(it, closed=tuple(replace(one, reasons=None) for one in it.closed))
        for it in found.turns or ()
    ]
    plain = turns_of(CASE, END, viewpoint)
    if viewpoint == EVERYTHING:
        assert turns == plain
        assert [one.reasons != () for it in found.turns or () for one in it.closed] == [
            it.node is not END for it in plain for _ in it.closed
        ]
        (first,) = (found.turns or ())[0].closed
        assert (first.reasons or ("",))[0].startswith("because the order of the steps refuses")
    else:
        assert found.turns == tuple(plain)


def test_it_is_worked_out_only_where_it_is_asked_for(lookout: Lookout, ear: Ear) -> None:
    lookout.ask(Asked(END, EVERYTHING))
    assert ear.until(lambda it: it.closes is not None and not it.doing).turns is None
    lookout.ask(Asked(END, EVERYTHING, line=True))
    found = ear.until(back)
    assert not any(far(it) for it in ear.all), "nothing else was asked for"
    lookout.ask(Asked(END, EVERYTHING))
    assert found.turns is not None


def test_what_is_near_comes_first_and_what_is_far_last(lookout: Lookout, ear: Ear) -> None:
    node = CASE.trunk[CASE.trunk.index(CLEARED) + 2]
    lookout.ask(Asked(node, EVERYTHING, far=True, line=True))
    ear.until(
        lambda it: (
            far(it)
            and not it.doing
            and all(one.prevent or one.possible == "no" for one in it.prospects)
        )
    )
    ranks = [(it.closes is not None, it.turns is not None, back(it), far(it)) for it in ear.all]
    assert ranks == sorted(ranks)
    assert (True, True, False, False) in ranks, "told before the rules that decide it"


def meddling(
    monkeypatch: pytest.MonkeyPatch, name: str, meanwhile: Callable[[Explorer], None]
) -> None:
    """While a question is first worked out, something else happens."""
    waiting, layers = [meanwhile], getattr(Explorer, name)

    def meddled(explorer: Explorer, *words: object) -> object:
        if waiting:
            waiting.pop()(explorer)
        return layers(explorer, *words)

    monkeypatch.setattr(Explorer, name, meddled)


def test_it_is_told_at_once_while_something_far_is_under_way(
    lookout: Lookout, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    after: list[Outlook] = []

    def meanwhile(explorer: Explorer) -> None:
        lookout.ask(Asked(CLEARED, "public", far=True, line=True))
        lookout.ask(Asked(CLEARED, EVERYTHING, far=True, line=True))
        explorer.watch("distances", 0)
        after.extend(ear.all)

    meddling(monkeypatch, "stages", meanwhile)
    lookout.ask(Asked(CASE.trunk[3], EVERYTHING, far=True))
    ear.until(lambda it: it.node is CLEARED and far(it))
    assert after[-1].node is CLEARED
    assert after[-1].turns is not None
    assert after[-1].closes is not None


def test_another_place_is_answered_instead(
    lookout: Lookout, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules that are no longer asked for are left, and nothing of them is told."""

    def meanwhile(explorer: Explorer) -> None:
        lookout.ask(Asked(CASE.trunk[3], EVERYTHING))
        explorer.watch("distances", 0)
        raise AssertionError("it goes on with what nobody asks for")

    meddling(monkeypatch, "layers", meanwhile)
    lookout.ask(Asked(CLEARED, EVERYTHING, line=True))
    found = ear.until(lambda it: it.node is CASE.trunk[3] and it.closes is not None)
    assert found.turns is None
    ear.until(lambda it: it.node is CASE.trunk[3] and not it.doing)
    lookout.ask(Asked(CLEARED, EVERYTHING, line=True))
    ear.until(lambda it: it.node is CLEARED and back(it))
    assert not any(it.error for it in ear.all)


def test_what_is_far_is_let_go_though_the_line_is_asked_for(
    lookout: Lookout, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(explorer: Explorer) -> None:
        lookout.put_off()
        explorer.watch("what somebody can force", 0)
        raise AssertionError("it goes on with what nobody asks for")

    meddling(monkeypatch, "stages", meanwhile)
    lookout.ask(Asked(CLEARED, EVERYTHING, far=True, line=True))
    found = ear.until(
        lambda it: back(it) and any(one.steps for one in it.prospects) and not it.doing
    )
    assert all(one.sure is None for one in found.prospects)
    assert not any(it.error for it in ear.all)


def test_it_stops_between_two_places(
    lookout: Lookout, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    possible = Hindsight.possible
    asked: list[object] = []

    def meddled(hindsight: Hindsight, state: object) -> frozenset[str]:
        asked.append(state)
        lookout.stop()
        return possible(hindsight, state)  # type: ignore[arg-type]

    monkeypatch.setattr(Hindsight, "possible", meddled)
    lookout.ask(Asked(END, "public", line=True))
    assert lookout.wait(60)
    assert len(asked) == 1
    assert not any(it.turns for it in ear.all)


def test_where_no_rule_can_be_found_in_the_memory_none_is_told(
    lookout: Lookout, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[Goal] = []

    def fails(explorer: Explorer, goal: Goal) -> None:
        tried.append(goal)
        raise NotDecidedError(7)

    monkeypatch.setattr(Explorer, "layers", fails)
    for node in (CLEARED, CASE.trunk[CASE.trunk.index(CLEARED) + 1]):
        lookout.ask(Asked(node, EVERYTHING, line=True))
        found = ear.until(lambda it: it.node is node and back(it) and not it.doing)  # noqa: B023
        assert found.turns
        assert not found.error
    assert len(tried) == 2, "with little memory, and then once with all of it"
