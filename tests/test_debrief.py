"""Debriefs: the readings agree with the engine, and every section tells what the line did."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negsim.debrief import (
    Debrief,
    Listing,
    Reading,
    Table,
    debrief,
    holds,
    level_pack,
    readings,
    reported,
)
from negsim.engine import apply_action, legal_actions, refusal, values
from negsim.pack.catalogue import shipped
from negsim.pack.load import LoadedPack, load_pack
from negsim.pack.models import Branches, Facts, Judging, Pack, Script
from negsim.replay import play
from negsim.rules import Condition, Game, State, compile_test
from negsim.session import Case, Node, Session
from tests import small_packs
from tests.effort import some
from tests.games import conditions, games, walk
from tests.play.table import header
from tests.small_packs import small_game, small_pack

TWO_TOWNS = load_pack(shipped() / "two-towns")
JANUARY = load_pack(shipped() / "january-2022")
RULES: tuple[Judging, ...] = get_args(Judging)
CHOICES = st.lists(st.integers(0, 10**6), max_size=60)
TO_THE_POSITION = (
    *("clear/letter", "deliver/letter/messenger", "receive/letter", "read/letter"),
    *("analyse/letter", "position/letter"),
)


def case_of(pack: Pack, steps: Sequence[str] = ()) -> Case:
    """A case of a pack built in code, with a record of these steps."""
    script = {"format": 1, "steps": [{"do": it, "basis": "invented"} for it in steps]}
    return Case(
        LoadedPack(
            Path("nowhere"),
            pack,
            Facts.model_validate({"format": 1, "sources": {}, "facts": {}}),
            Script.model_validate(script),
            Branches.model_validate({"format": 1, "branches": []}),
            {},
            {"full": small_game(pack)},
        )
    )


def session_of(case: Case) -> Session:
    return Session(case, header(case.loaded, level=case.level))


def go(session: Session, *actions: str) -> Node:
    """Takes the actions, with the passes before each."""
    for action in actions:
        played = play(session.game, session.here.state, action)
        for mover in played.passes:
            session.apply(f"pass/{mover}")
        session.apply(action)
    return session.here


def at_end(pack: LoadedPack, level: str = "full") -> Session:
    session = session_of(Case(pack, level))
    session.goto("record")
    return session


def rows(told: Debrief, section: str, place: int = 0) -> list[list[str]]:
    """The words of a table, without its head."""
    tables = [it for it in told.section(section).blocks if isinstance(it, Table)]
    return [[cell.text for cell in row] for row in tables[place].rows]


def entries(told: Debrief, section: str) -> list[tuple[str, str]]:
    """The labels and words of all listings."""
    listings = [it for it in told.section(section).blocks if isinstance(it, Listing)]
    return [(entry.label, entry.text) for listing in listings for entry in listing.entries]


# The readings


def judging_conditions(game: Game, paper: str) -> dict[str, Condition | None]:
    """What the engine asks of accepting a paper and of talks; None where it is never possible."""
    found: dict[str, Condition | None] = {}
    for choice in ("accept", "talks"):
        action = game.by_id.get(f"decide/{paper}/{choice}")
        if action is not None:
            needs = [need for need in action.when if need.rule == "G13"]
            assert len(needs) == 1
            found[choice] = needs[0].condition
        elif f"decide/{paper}/{choice}" in game.excluded:
            found[choice] = None
    return found


def agree(pack: Pack, game: Game, state: State, *, taken_up: bool) -> None:
    """The rule by which the case judges each paper reads it as the engine does."""
    read = readings(pack, values(game, state), taken_up=taken_up)
    assert [*read] == [*pack.exchanges]
    for paper, exchange in pack.exchanges.items():
        own = next(it for it in read[paper] if it.rule == exchange.judging)
        for choice, condition in judging_conditions(game, paper).items():
            wanted = condition is not None and compile_test(game, condition)(state)
            assert (own.whole if choice == "accept" else own.part) is wanted


def consistent(found: Sequence[Reading]) -> None:
    """What holds of the three rules whatever the paper says."""
    strict, each, core = found
    assert tuple(it.rule for it in found) == RULES
    assert strict.points.keys() == each.points.keys() >= core.points.keys() > set()
    assert strict.part is False
    for it in found:
        answers = [*it.points.values()]
        least = False if False in answers else None if None in answers else True
        assert it.whole is least
    if None not in (*strict.points.values(), *each.points.values()):
        for item in each.points:
            assert strict.points[item] <= each.points[item]  # type: ignore[operator]
        for item in core.points:
            assert core.points[item] == each.points[item]


def onwards(case: Case, start: int, choices: Sequence[int]) -> State:
    """A place of the record, and from there on what the numbers choose."""
    state = case.trunk[start % len(case.trunk)].state
    for choice in choices:
        actions = legal_actions(case.game, state)
        if not actions:
            break
        state = apply_action(case.game, state, actions[choice % len(actions)])
    return state


@given(st.integers(0, 10**6), CHOICES)
def test_two_towns_is_read_as_the_engine_reads_it(start: int, choices: list[int]) -> None:
    """There, nothing is taken up, so the text is what counts."""
    state = onwards(Case(TWO_TOWNS), start, choices)
    agree(TWO_TOWNS.pack, TWO_TOWNS.game, state, taken_up=False)
    agree(TWO_TOWNS.pack, TWO_TOWNS.game, state, taken_up=True)
    consistent(readings(TWO_TOWNS.pack, values(TWO_TOWNS.game, state))["letter"])


@pytest.mark.parametrize(
    ("weir", "gate", "gauge", "road"),
    product(
        ("rejected", "accepted"),
        ("silent", "talks", "talks/only-if"),
        ("counter", "accepted"),
        (None, "met", "unmet"),
    ),
)
def test_what_is_refused_at_the_position(
    weir: str, gate: str, gauge: str, road: str | None
) -> None:
    """Every letter of two towns: what can be decided is what the core-weighted rule reads."""
    if road and gate != "talks/only-if":
        return
    session = session_of(Case(TWO_TOWNS))
    go(session, "demand/letter", "ask/letter", "promise/letter/no-date")
    go(session, *(f"answer/letter/{it}" for it in (f"weir/{weir}", f"gate/{gate}")))
    go(session, f"answer/letter/gauge/{gauge}", *TO_THE_POSITION[:2])
    if road:
        go(session, f"judge/road/lowmill/{road}")
    state = go(session, *TO_THE_POSITION[2:]).state
    own = readings(TWO_TOWNS.pack, values(session.game, state))["letter"][2]
    assert own.rule == TWO_TOWNS.pack.exchanges["letter"].judging
    assert (refusal(session.game, state, "decide/letter/accept") is None) is own.whole
    assert (refusal(session.game, state, "decide/letter/talks") is None) is own.part
    told = rows(debrief(session), "judging", 2)
    words = {True: "yes", False: "no"}
    assert [row[1] for row in told[-2:]] == [words[bool(own.whole)], words[bool(own.part)]]
    assert [row[1] for row in told[1:-2]] == ["not weighed", "not weighed"]


@pytest.mark.parametrize(
    "pack",
    [
        *(small_packs.judged(rule) for rule in RULES),
        *(it() for it in small_packs.ALL),
    ],
    ids=lambda pack: pack.id,
)
@given(CHOICES)
@settings(max_examples=some(15))
def test_small_packs_are_read_as_the_engine_reads_them(pack: Pack, choices: list[int]) -> None:
    game = small_game(pack)
    takes_up = pack.kinds is not None and "take-up" in pack.kinds
    state = walk(game, choices)[-1]
    agree(pack, game, state, taken_up=True)
    if not takes_up:
        agree(pack, game, state, taken_up=False)
    for found in readings(pack, values(game, state)).values():
        consistent(found)


@pytest.mark.parametrize("level", ["full", "basic"])
@given(st.integers(0, 10**6), CHOICES)
@settings(max_examples=some(15))
def test_january_is_read_as_the_engine_reads_it(level: str, start: int, choices: list[int]) -> None:
    case = Case(JANUARY, level)
    state = onwards(case, start, choices[:12])
    pack = level_pack(case)
    agree(pack, case.game, state, taken_up=True)
    if level == "basic":
        agree(pack, case.game, state, taken_up=False)
    for found in readings(pack, values(case.game, state)).values():
        consistent(found)


@pytest.mark.parametrize("level", ["full", "basic"])
def test_the_reported_papers_are_read_as_far_as_they_are_reported(level: str) -> None:
    case = Case(JANUARY, level)
    read = readings(level_pack(case), reported(case))
    for found in read.values():
        consistent(found)
    for paper in ("us-paper", "nato-paper"):
        assert [(it.whole, it.part) for it in read[paper]] == [
            (False, False),
            (False, True),
            (False, True),
        ]
    if level == "full":
        assert [it.whole for it in read["russian-answer"]] == [None, None, None]


def test_what_is_not_reported_leaves_a_reading_open() -> None:
    """One point is reported as agreed; whether the whole could be accepted turns on the other."""
    cell = {"answer": "accepted", "facts": ["F1"]}
    pack = small_pack(
        "half",
        {"gate": ["rejected", "accepted"], "mill": ["rejected", "accepted"]},
        items={"gate": {"reported": {"letter": cell}, "priority": "core"}},
    )
    read = readings(pack, reported(case_of(pack)))["letter"]
    assert [it.whole for it in read] == [None, None, True]
    assert [dict(it.points) for it in read[1:]] == [{"gate": True, "mill": None}, {"gate": True}]
    assert [it.part for it in read] == [False, True, True]


def test_a_condition_that_nobody_is_reported_to_judge_leaves_a_reading_open() -> None:
    cell = {"answer": "accepted", "only_if": True, "facts": ["F1"]}
    pack = small_pack(
        "hanging",
        {"gate": ["rejected", "accepted"]},
        ["judge"],
        items={"gate": {"only_if": "peace", "reported": {"letter": cell}}},
        conditions={"peace": {"title": "the peace holds"}},
    )
    read = readings(pack, reported(case_of(pack)))["letter"]
    assert [it.whole for it in read] == [False, None, None]


NAMES = ["v0", "v1"]


@given(conditions(NAMES), games(), st.data())
@settings(max_examples=some(40))
def test_a_condition_on_what_is_known(
    condition: Condition, game: Game, data: st.DataObject
) -> None:
    """With everything known it is the engine's; what it says with less, more does not change."""
    state = data.draw(st.sampled_from(walk(game, data.draw(CHOICES))))
    known = {name: values(game, state)[name] for name in NAMES}
    wanted = compile_test(game, condition)(state)
    assert holds(condition, known) is wanted
    hidden = data.draw(st.sampled_from(NAMES))
    assert holds(condition, {**known, hidden: None}) in (None, wanted)


# The sections


ORDER = [
    *("line", "items", "open", "publicity", "conditions", "partners", "judging", "aloud"),
    *("record", "turning", "notes", "facts"),
]


@pytest.mark.parametrize(
    "pack", [TWO_TOWNS.pack, *(it() for it in small_packs.ALL)], ids=lambda pack: pack.id
)
@given(CHOICES)
@settings(max_examples=some(10))
def test_any_place_can_be_debriefed(pack: Pack, choices: list[int]) -> None:
    case = case_of(pack)
    session = session_of(case)
    for choice in choices:
        actions = legal_actions(case.game, session.here.state)
        if actions:
            session.apply(actions[choice % len(actions)].id)
    told = debrief(session)
    assert [it.id for it in told.sections] == ORDER
    assert told == debrief(session, session.here)
    for section in told.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                assert block.rows
                assert {len(row) for row in block.rows} == {len(block.columns)}
            else:
                assert block.entries


def test_the_start_and_the_record() -> None:
    session = session_of(Case(TWO_TOWNS))
    told = debrief(session)
    assert entries(told, "record") == [("", "This is the start.")]
    assert ("Ending", "None was reached.") in entries(told, "line")
    assert ("The letter of Lowmill", "not demanded") in entries(told, "open")
    session.goto("record")
    assert entries(debrief(session), "record") == [("", "The line is on the record.")]
    there = session.nodes["r10"]
    assert debrief(session, there) != debrief(session)
    assert ("The letter of Lowmill", "no decision; it is cleared") in entries(
        debrief(session, there), "open"
    )


def test_where_the_record_was_left_and_why() -> None:
    session = session_of(Case(TWO_TOWNS))
    session.goto("r6")
    session.note("the gauge first")
    go(session, "answer/letter/gauge/counter")
    session.note("it costs nothing")
    go(session, "answer/letter/gate/talks/only-if", "clear/letter")
    session.note("too late to count")
    told = dict(entries(debrief(session), "record"))
    assert told["The last step in common: Round 1, invented"].startswith("Lowmill shows")
    assert told["The first step that differs: Round 1, off the record"].endswith("in each town.")
    assert "only if the mill road" in told["The record's next step there: Round 1, invented"]
    assert told["The reason noted there"] == "it costs nothing"
    notes = [text for label, text in entries(debrief(session), "record") if "reason" in label]
    assert notes == ["the gauge first", "it costs nothing"]
    back = [it for it in entries(debrief(session), "record") if it[0].startswith("Back")]
    assert len(back) == 1
    assert back[0][1].startswith('After: Lowmill drafts its answer on "an open gate at night"')
    session.undo()
    assert ("The reason noted there", "it costs nothing") in entries(debrief(session), "record")


def test_without_a_note_no_reason_is_told() -> None:
    session = session_of(Case(TWO_TOWNS))
    go(session, "posture/highwell/build-up")
    told = entries(debrief(session), "record")
    assert told[0] == ("The last place in common", "the start")
    assert told[-1] == ("The reason", "none was noted")
    assert not debrief(session).section("notes").blocks


def test_an_alternative_lists_the_facts_that_make_it_plausible() -> None:
    session = session_of(Case(JANUARY))
    go(session, "demand/us-paper/confidential")
    told = debrief(session)
    listing = told.section("record").blocks[0]
    assert isinstance(listing, Listing)
    found = next(it for it in listing.entries if it.label == "Decision point DP1")
    assert found.facts == ("F42",)
    assert "not what happened" in found.text
    assert "F42" in [row[0] for row in rows(told, "facts")]
    assert "not what happened" in told.section("record").lead


@pytest.mark.parametrize("level", ["full", "basic"])
def test_the_boundary_is_told_as_outside_the_record(level: str) -> None:
    for told in (debrief(at_end(JANUARY, level)), debrief(session_of(Case(JANUARY, level)))):
        listing = told.section("line").blocks[0]
        assert isinstance(listing, Listing)
        found = next(it for it in listing.entries if it.mark == "outside")
        assert (found.label, found.text) == ("Outside the record", JANUARY.pack.outside_the_record)


def test_what_is_reported_stands_beside_the_line() -> None:
    session = session_of(Case(JANUARY, "basic"))
    told = rows(debrief(session), "items")
    assert told[0] == ["no enlargement of NATO (core)", "no answer", "refused", "refused"]
    assert told[1][2] == "reportedly refused"
    assert "only if Russia de-escalates" in told[2][2]
    full = rows(debrief(session_of(Case(JANUARY))), "items")
    assert full[4][1:] == [
        "no answer",
        "not dealt with",
        "another offer, only if Russia de-escalates at the border of Ukraine. Reciprocal.",
        "not reported",
    ]


def test_what_was_said_aloud_and_not_so_on_paper() -> None:
    told = rows(debrief(at_end(JANUARY)), "aloud")
    assert [row[0].rpartition("(")[2] for row in told] == ["D3)", "X6, secondary)"]
    assert told[0][1].startswith("talks offered")
    assert told[0][2].startswith("The US paper: another offer, only if")
    assert told[0][2].endswith("The NATO paper: left out")
    assert told[1][2] == "no paper of this line answers it"
    before = rows(debrief(session_of(Case(JANUARY))), "aloud")
    assert {row[2] for row in before} == {"no paper of this line answers it"}


def test_partners_who_knows_and_who_is_surprised() -> None:
    session = session_of(Case(TWO_TOWNS))
    session.goto("r8")
    go(session, *TO_THE_POSITION[:2])
    told = debrief(session)
    shown = "previewed; the draft changed after that"
    assert rows(told, "partners") == [["The fishers", shown, "not needed", "yes"]]
    known = dict(rows(told, "publicity"))
    assert known["The public"] == "nothing of the text"
    assert known["The fishers"] == "part of the text, or an older draft"
    go(session, "nature/leak/letter")
    told = debrief(session)
    assert set(dict(rows(told, "publicity")).values()) == {"the whole text"}
    label, text = entries(told, "publicity")[-1]
    assert (label, "who passed it on is not known" in text) == ("Round 1, off the record", True)
    drafted = debrief(session, session.nodes["r8"])
    assert rows(drafted, "partners")[0][3] == "not delivered"
    assert dict(rows(drafted, "publicity"))["Lowmill"] == "the whole draft"
    head = drafted.section("judging").blocks[1]
    assert isinstance(head, Table)
    assert head.columns[1].text == "the letter of Lowmill (a draft), on this line"


def test_conditions_and_in_whose_view() -> None:
    told = rows(debrief(at_end(TWO_TOWNS)), "conditions")
    assert told == [
        [
            "the mill road stays free",
            "the letter of Lowmill on an open gate at night",
            "Highwell: not judged; Lowmill: met",
        ]
    ]


def test_what_stayed_open_once_something_is_taken_up() -> None:
    pack = small_packs.accepted_in_parts()
    session = session_of(case_of(pack))
    go(session, "demand/letter", "answer/letter/gate/accepted", "answer/letter/mill/talks")
    go(session, "deliver/letter", "analyse/letter", "take-up/letter/gate", "take-up/letter/mill")
    told = debrief(session)
    assert ("the mill", "talks offered; taken up: talks") in entries(told, "open")
    assert "the gate" not in dict(entries(told, "open"))
    assert [row[2] for row in rows(told, "items")] == ["taken up: agreed", "taken up: talks"]
    last = rows(told, "judging", 2)[-2:]
    assert [row[0] for row in last] == [
        "The whole, with what was taken up",
        "A part, with what was taken up",
    ]


def test_the_whole_is_accepted_once_everything_is_taken_up() -> None:
    pack = small_packs.accepted_in_parts()
    session = session_of(case_of(pack))
    go(session, "demand/letter", "answer/letter/gate/accepted", "answer/letter/mill/accepted")
    go(session, "deliver/letter", "analyse/letter", "take-up/letter/gate")

    def now() -> tuple[list[bool | None], list[bool | None], bool]:
        known = values(session.game, session.here.state)
        found = [readings(pack, known, taken_up=it)["letter"] for it in (False, True)]
        legal = refusal(session.game, session.here.state, "decide/letter/accept") is None
        return [it.whole for it in found[0]], [it.whole for it in found[1]], legal

    assert now() == ([True, True, True], [False, False, True], False)
    go(session, "take-up/letter/mill")
    assert now() == ([True, True, True], [True, True, True], True)


def test_every_cycle_has_its_paper() -> None:
    session = session_of(case_of(small_packs.every_step()))
    path = (
        *("ask/letter", "promise/letter/no-date", "answer/letter/gate/rejected", "clear/letter"),
        *("deliver/letter", "receive/letter", "read/letter", "analyse/letter", "position/letter"),
    )
    go(session, "demand/letter", *path, "decide/letter/restate/again")
    told = debrief(session)
    titles = [it.title for it in told.section("items").blocks if isinstance(it, Table)]
    assert titles == [
        "The letter, cycle 1: North demands, South answers",
        "The letter, cycle 2: North demands, South answers",
    ]
    assert rows(told, "items", 0) == [["the gate", "refused"]]
    assert rows(told, "items", 1) == [["the gate", "no answer"]]


def test_who_played_is_told() -> None:
    case = Case(TWO_TOWNS)
    more = {"team": "Red", "members": ["Ada", "Bo"], "seat": "lowmill"}
    session = Session(case, header(TWO_TOWNS).model_copy(update=more))
    told = dict(entries(debrief(session), "line"))
    assert (told["Team"], told["Members"], told["Seat"]) == ("Red", "Ada, Bo", "Lowmill")


def test_names_and_notes_of_every_line_are_told() -> None:
    session = at_end(TWO_TOWNS)
    session.name("the end")
    session.goto("r1")
    go(session, "posture/highwell/build-up")
    session.note("pressure")
    session.note("more of it")
    told = rows(debrief(session, session.nodes["r20"]), "notes")
    assert [row[1:] for row in told] == [
        ["this line", "the end", ""],
        ["another line", "", "pressure / more of it"],
    ]


def test_turning_points_are_told_where_they_are_given() -> None:
    session = at_end(TWO_TOWNS)
    assert not debrief(session).section("turning").blocks
    told = debrief(session, turning=[("Lowmill clears", ["closes: the whole"]), ("x", [])])
    section = told.section("turning")
    assert section.blocks[0].title == "Lowmill clears"
    assert entries(told, "turning") == [("", "closes: the whole")]


def test_every_fact_that_is_cited_is_told_once() -> None:
    told = debrief(at_end(JANUARY))
    cited = {
        fact
        for section in told.sections
        for block in section.blocks
        for cells in (block.rows if isinstance(block, Table) else (block.entries,))
        for cell in cells
        for fact in cell.facts
    }
    listed = [row[0] for row in rows(told, "facts")]
    assert set(listed) == cited
    assert len(listed) == len(cited) > 20
    kinds = {row[0]: row[4] for row in rows(told, "facts")}
    assert kinds["F38"].startswith("claim; ")


def test_nothing_is_told_of_winners() -> None:
    for session in (at_end(TWO_TOWNS), at_end(JANUARY), at_end(JANUARY, "basic")):
        text = repr(debrief(session)).lower()
        for word in ("winner", "loser", "score", "victory", "defeat"):
            assert word not in text
