"""Sessions: each verb, the record as a branch, changed packs, and the tree held against lists."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from negsim.engine import apply_action, initial_state, legal_actions, refusal, state_hash
from negsim.errors import IllegalActionError, NegsimError, UnknownNameError
from negsim.journal import (
    AnyEntry,
    Applied,
    Header,
    Journal,
    JournalError,
    Named,
    Noted,
    Went,
    as_line,
    parse_journal,
    read_journal,
)
from negsim.pack.catalogue import shipped
from negsim.pack.load import LoadedPack, load_pack
from negsim.pack.models import Branches, Facts, Pack, Script
from negsim.rules import Game, State
from negsim.session import Case, Node, Session, changed, replayed, salvaged
from tests.effort import some
from tests.games import games
from tests.small_packs import every_step, small_game

Line = tuple[str, ...]
Spoil = Callable[[Session], object]

GAUGE = "answer/letter/gauge/counter"
GATE = "answer/letter/gate/talks/only-if"
RECORD = [
    *("r1", "r2", "r2+1", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12"),
    *("r12+1", "r12+2", "r13", "r14", "r15", "r16", "r16+1", "r16+2", "r16+3", "r17", "r17+1"),
    *("r18", "r18+1", "r18+2", "r19", "r20"),
]
CHANGED = ' (the pack "two-towns" has changed since the journal was written)'
SAME = " (the pack is the same, so the journal was not written by playing it)"


def header_of(case: Case) -> Header:
    content = case.loaded.content_hash
    return Header(pack=case.loaded.pack.id, content=content, session="0123" * 8, seed=7)


def journal_of(header: Header, entries: list[AnyEntry]) -> bytes:
    """The bytes of a journal."""
    raw, before = as_line(header, "")
    for entry in entries:
        line, before = as_line(entry, before)
        raw += line
    return raw


def told(session: Session) -> dict[str, Any]:
    """Everything that a session has."""
    return {
        "nodes": [
            (
                node.id,
                node.action,
                node.parent and node.parent.id,
                node.state,
                node.round,
                node.path,
                node.by,
                [child.id for child in session.children(node)],
            )
            for node in session.nodes.values()
        ],
        "names": dict(session.names),
        "notes": dict(session.notes),
        "here": session.here.id,
        "entries": session.entries,
    }


class Kept(list[AnyEntry]):
    """The entries that a session gave away, and whether it may."""

    full = False

    def __call__(self, entry: AnyEntry) -> None:
        if self.full:
            raise NegsimError("the disk is full")
        self.append(entry)


@pytest.fixture(scope="module")
def case(two_towns: LoadedPack) -> Case:
    return Case(two_towns)


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def session(case: Case, kept: Kept) -> Session:
    return Session(case, header_of(case), kept)


def test_the_record_is_a_branch_from_the_start(session: Session, case: Case) -> None:
    assert [*session.nodes] == ["0", *RECORD]
    assert (session.here.id, session.here.parent, session.entries) == ("0", None, 0)
    assert [node.by for node in case.trunk] == [None] + ["record"] * 29
    assert [node.round for node in case.trunk] == [1] * 15 + [2] * 7 + [3] * 5 + [4] * 3
    assert [it.id for it in session.nodes["r20"].line] == RECORD
    assert session.nodes["0"].line == []
    for node, following in zip(case.trunk, [*case.trunk[1:], None], strict=True):
        assert case.following(node) is following
        assert session.children(node) == ((following,) if following else ())
        assert session.left_record(node) is None
        assert session.joins_record(node) is None
        assert node.recorded


def test_what_is_known_of_a_session_cannot_be_changed_from_outside(session: Session) -> None:
    for known in (session.nodes, session.names, session.notes):
        with pytest.raises(TypeError):
            known["x"] = None  # type: ignore[index]


def test_the_action_of_the_record_leads_along_it(session: Session, kept: Kept) -> None:
    assert session.apply("demand/letter").id == "r1"
    assert session.here.by == "record"
    assert session.apply("ask/letter").id == "r2"
    assert session.apply("pass/highwell", "rule").id == "r2+1"
    states = [state_hash(session.game, session.nodes[it].state) for it in ("r1", "r2", "r2+1")]
    assert kept == [
        Applied(id=1, parent="0", action="demand/letter", state=states[0]),
        Applied(id=2, parent="r1", action="ask/letter", state=states[1]),
        Applied(id=3, parent="r2", action="pass/highwell", state=states[2], by="rule"),
    ]
    assert [*session.nodes] == ["0", *RECORD]


def test_a_new_place_is_called_after_its_entry(session: Session, kept: Kept) -> None:
    session.apply("demand/letter")
    session.note("so it begins")
    node = session.apply("pass/highwell", "rule")
    assert (node.id, node.action, node.by, node.round) == ("3", "pass/highwell", "rule", 1)
    assert node.parent is session.nodes["r1"]
    assert session.here is node is session.nodes["3"]
    assert [it.id for it in session.children(session.nodes["r1"])] == ["r2", "3"]
    session.undo()
    assert session.apply("pass/highwell") is node
    assert node.by == "rule"
    assert len(session.nodes) == 31
    assert [it.id for it in node.line] == ["r1", "3"]
    assert kept[-1] == Applied(
        id=5, parent="r1", action="pass/highwell", state=state_hash(session.game, node.state)
    )


def test_rounds_count_the_passes_of_the_last_mover(session: Session) -> None:
    for mover in ("highwell", "lowmill", "nature"):
        assert session.here.round == 1
        session.apply(f"pass/{mover}")
    assert session.here.round == 2


def test_the_path_tells_lines_apart_and_not_sessions(session: Session, case: Case) -> None:
    session.apply("pass/highwell")
    session.undo()
    session.apply("demand/letter")
    session.apply("pass/highwell")
    assert len({node.path for node in session.nodes.values()}) == len(session.nodes)
    other = Session(case, header_of(case))
    other.note("the entries have other numbers")
    other.apply("demand/letter")
    assert other.apply("pass/highwell").path == session.here.path


WRONG: list[tuple[str, Spoil, type[NegsimError], str]] = [
    (
        "a refused action",
        lambda it: it.apply("ask/letter"),
        IllegalActionError,
        "ask/letter is refused: the letter of Lowmill is not at this step: a written answer is "
        "asked for once the demand is made (letter.status is none)",
    ),
    (
        "an action in another's turn",
        lambda it: it.apply("clear/letter"),
        IllegalActionError,
        "clear/letter is refused: it is the turn of highwell, and this is for lowmill",
    ),
    (
        "an unknown action",
        lambda it: it.apply("ask/leter"),
        UnknownNameError,
        'no action "ask/leter" in two-towns; did you mean "ask/letter" or "read/letter" or '
        '"analyse/letter"?',
    ),
    (
        "an action with control characters",
        lambda it: it.apply("\x1b[31m"),
        UnknownNameError,
        r'no action "\x1b[31m" in two-towns',
    ),
    (
        "undo at the start",
        lambda it: it.undo(),
        NegsimError,
        "this is the start; there is nothing to undo",
    ),
    (
        "redo where nothing was undone",
        lambda it: it.redo(),
        NegsimError,
        "nothing was undone here; there is nothing to redo",
    ),
    (
        "a place that is not there",
        lambda it: it.goto("r99"),
        UnknownNameError,
        'no place "r99" in this session; did you mean "r9" or "r19"?',
    ),
    (
        "no place",
        lambda it: it.goto(""),
        UnknownNameError,
        'no place "" in this session',
    ),
    (
        "a place with control characters",
        lambda it: it.goto("\x1b]0;x\x07"),
        UnknownNameError,
        r'no place "\x1b]0;x\x07" in this session',
    ),
    (
        "an empty name",
        lambda it: it.name(" \n "),
        NegsimError,
        "write 1 to 120 letters, not 0",
    ),
    (
        "a long name",
        lambda it: it.name("x" * 121),
        NegsimError,
        "write 1 to 120 letters, not 121",
    ),
    (
        "a name that is long once it is harmless",
        lambda it: it.name("\x00" * 31),
        NegsimError,
        "write 1 to 120 letters, not 124",
    ),
    (
        "an empty note",
        lambda it: it.note(""),
        NegsimError,
        "write 1 to 600 letters, not 0",
    ),
    (
        "a long note",
        lambda it: it.note("x" * 601),
        NegsimError,
        "write 1 to 600 letters, not 601",
    ),
]


@pytest.mark.parametrize(
    ("spoil", "kind", "message"), [it[1:] for it in WRONG], ids=[it[0] for it in WRONG]
)
def test_a_wrong_call_says_why_and_changes_nothing(
    session: Session, kept: Kept, spoil: Spoil, kind: type[NegsimError], message: str
) -> None:
    before = told(session)
    with pytest.raises(kind) as raised:
        spoil(session)
    assert (raised.type, str(raised.value)) == (kind, message)
    assert told(session) == before
    assert kept == []


def test_after_an_ending_nothing_is_taken(session: Session) -> None:
    session.goto("record")
    before = told(session)
    with pytest.raises(IllegalActionError) as raised:
        session.apply("pass/highwell")
    assert str(raised.value) == (
        "pass/highwell is refused: the line has ended: Talks on part of the items"
    )
    assert told(session) == before


@pytest.mark.parametrize("name", ["0", "7", "12345", "r1", "r99", "r2+1", "start", "record"])
def test_what_means_a_place_is_no_name(session: Session, name: str) -> None:
    with pytest.raises(NegsimError) as raised:
        session.name(f" {name}\n")
    assert str(raised.value) == f'"{name}" means a place already; choose another name'
    assert session.names == {}


@pytest.mark.parametrize("name", ["r", "r1+", "r+1", "Start", "-1", "1a", "the record", "\u0661"])
def test_what_only_looks_like_a_place_is_a_name(session: Session, name: str) -> None:
    session.goto("r3")
    session.name(name)
    session.goto("start")
    assert session.goto(name).id == "r3"


def test_a_name_belongs_to_one_place_and_a_place_has_one_name(session: Session) -> None:
    session.name("first")
    session.name("first")
    session.apply("demand/letter")
    with pytest.raises(NegsimError) as raised:
        session.name(" first ")
    assert str(raised.value) == 'the name "first" is taken by place 0; choose another'
    session.goto("first")
    session.name("renamed")
    assert session.names == {"0": "renamed"}
    with pytest.raises(UnknownNameError):
        session.goto("first")
    session.goto("r1")
    session.name("first")
    assert session.names == {"0": "renamed", "r1": "first"}
    assert session.find("first") is session.nodes["r1"]


def test_notes_add_up_and_are_harmless_to_a_terminal(session: Session, kept: Kept) -> None:
    session.note("  one\n\ttwo \u2028 three ")
    session.note("\x1b[31mred\u202e\ud800")
    session.apply("demand/letter")
    session.note("\u00e9\U0001f30a")
    assert session.notes == {
        "0": ("one two three", r"\x1b[31mred\u202e\ud800"),
        "r1": ("\u00e9\U0001f30a",),
    }
    assert [type(it) for it in kept] == [Noted, Noted, Applied, Noted]
    assert parse_journal(journal_of(session.header, kept), "it").entries == tuple(kept)


def test_redo_goes_to_where_the_session_last_was(session: Session) -> None:
    session.apply("demand/letter")
    session.apply("ask/letter")
    session.apply("pass/highwell")
    for _ in range(3):
        session.undo()
    assert [session.redo().id for _ in range(3)] == ["r1", "r2", "r2+1"]
    with pytest.raises(NegsimError, match="nothing to redo"):
        session.redo()
    session.undo()
    session.undo()
    session.apply("pass/highwell")  # another branch: redo follows it from now on
    session.undo()
    assert session.redo().id == "12"
    session.goto("r1")
    assert session.redo().id == "12"


def test_a_jump_leaves_redo_as_it_was_and_a_step_along_an_edge_does_not(session: Session) -> None:
    session.goto("r5")
    with pytest.raises(NegsimError, match="nothing to redo"):
        session.redo()
    session.goto("start")
    with pytest.raises(NegsimError, match="nothing to redo"):
        session.redo()  # the jump from r5 says nothing of the way there
    session.goto("r1")
    session.goto("start")
    assert session.redo().id == "r1"
    session.goto("record")
    session.undo()
    assert session.here.id == "r19"
    session.goto("start")
    assert session.redo().id == "r1"
    session.goto("r19")
    assert session.redo().id == "r20"
    session.goto("r20")
    assert session.here.id == "r20"


def test_a_line_that_comes_to_a_state_of_the_record_again_is_followed_from_there(
    session: Session, case: Case
) -> None:
    session.goto("r6")
    away = session.apply(GAUGE)
    assert not away.recorded
    assert session.left_record(away) is session.nodes["r6"]
    assert session.joins_record(away) is None
    assert case.following(away) is None
    assert session.same_state(away) == ()
    again = session.apply(GATE)
    assert again.id == "3"
    assert again.state == session.nodes["r8"].state
    assert session.left_record(again) is session.nodes["r6"]
    assert session.joins_record(again) is session.nodes["r8"]
    assert case.following(again) is session.nodes["r9"]
    assert session.same_state(again) == (session.nodes["r8"],)
    assert session.same_state(session.nodes["r8"]) == (again,)
    further = session.apply("consult/letter/fishers/shown-again")
    assert (further.id, session.joins_record(further)) == ("4", session.nodes["r9"])


def test_places_are_found_by_id_by_name_and_by_word(session: Session) -> None:
    session.goto("r2+1")
    session.name("Lowmill's turn")
    assert [
        session.find(it).id for it in ("0", "start", "record", "r2+1", "Lowmill's turn", "r20")
    ] == ["0", "0", "r20", "r2+1", "r2+1", "r20"]


@pytest.mark.parametrize(
    "verb",
    [
        lambda it: it.apply("demand/letter"),
        lambda it: it.undo(),
        lambda it: it.redo(),
        lambda it: it.goto("r5"),
        lambda it: it.name("a name"),
        lambda it: it.note("a note"),
    ],
    ids=["apply", "undo", "redo", "goto", "name", "note"],
)
def test_what_cannot_be_kept_does_not_happen(session: Session, kept: Kept, verb: Spoil) -> None:
    session.apply("demand/letter")
    session.apply("pass/highwell")
    session.undo()
    if verb.__code__.co_names == ("apply",):
        session.undo()
    before, count = told(session), len(kept)
    kept.full = True
    with pytest.raises(NegsimError, match="the disk is full"):
        verb(session)
    assert (told(session), len(kept)) == (before, count)
    kept.full = False
    verb(session)
    assert session.entries == len(kept) == count + 1


def test_the_entry_is_kept_before_the_tree_changes(case: Case) -> None:
    seen = []

    def keep(entry: AnyEntry) -> None:
        seen.append((entry.id, it.here.id, it.entries, len(it.nodes)))

    it = Session(case, header_of(case), keep)
    it.apply("demand/letter")
    it.apply("pass/highwell")
    it.undo()
    assert seen == [(1, "0", 0, 30), (2, "r1", 1, 30), (3, "2", 2, 31)]


def test_each_level_has_its_own_record(january: LoadedPack) -> None:
    for level, game in january.games.items():
        trunk = Case(january, level).trunk
        assert len(trunk) > 10
        assert {node.action for node in trunk[1:]} <= {action.id for action in game.actions}
        assert trunk[-1].state == walk_of(game, [node.action for node in trunk[1:]])
    with pytest.raises(UnknownNameError, match=r'no level "fool" in january-2022; there is'):
        _ = Case(january, "fool").game


def walk_of(game: Game, line: list[str] | Line) -> State:
    """The state after a line, each action tried by the engine."""
    state = initial_state(game)
    for action in line:
        state = apply_action(game, state, action)
    return state


def test_of_equal_places_of_the_record_the_last_counts() -> None:
    passes = ["pass/north", "pass/south"]
    case = case_of(small_game(every_step()), every_step(), passes)
    session = Session(case, header_of(case))
    session.goto("record")
    for action in passes:
        node = session.apply(action)
    assert session.joins_record(node) is session.nodes["r2"]
    assert case.following(node) is None
    assert session.same_state(node) == (session.nodes["0"], session.nodes["r2"])


# Replaying a journal


def played(case: Case) -> list[AnyEntry]:
    """The entries of a short session that leaves the record and takes each verb."""
    kept = Kept()
    session = Session(case, header_of(case), kept)
    session.goto("r6")
    session.apply("answer/letter/gauge/accepted")
    session.name("away")
    session.note("they accept the gauge")
    session.undo()
    session.apply(GATE)
    session.goto("r15")
    session.apply("posture/highwell/build-up")
    return kept


def reading(case: Case, entries: list[AnyEntry]) -> Journal:
    return parse_journal(journal_of(header_of(case), entries), "a.jsonl")


def edited(folder: Path, *edits: tuple[str, str, str]) -> Case:
    """Two towns with some words in its files replaced."""
    place = folder / "two-towns"
    shutil.copytree(shipped() / "two-towns", place)
    for file, old, new in edits:
        text = (place / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        (place / file).write_text(text.replace(old, new), encoding="utf-8")
    return Case(load_pack(place))


def test_a_replayed_session_is_the_same_and_goes_on(case: Case) -> None:
    kept, more = Kept(), Kept()
    session = Session(case, header_of(case), kept)
    for action in ("demand/letter", "pass/highwell"):
        session.apply(action)
    session.undo()
    again = replayed(reading(case, kept), case, more)
    assert told(again) == told(session)
    assert more == []
    assert again.header == session.header
    assert again.redo().id == "2"
    assert [it.id for it in more] == [4]
    assert not changed(again.header, case)


def test_a_pack_whose_words_changed_is_replayed(case: Case, tmp_path: Path) -> None:
    other = edited(tmp_path, ("pack.yaml", "nails a copy to", "hangs a copy on"))
    entries = played(case)
    session = replayed(reading(case, entries), other)
    assert changed(session.header, other)
    assert told(session) == told(replayed(reading(case, entries), case))


@pytest.mark.parametrize(
    ("edit", "entry", "message"),
    [
        (
            ("pack.yaml", "gauge: [counter, accepted]", "gauge: [counter]"),
            2,
            'no action "answer/letter/gauge/accepted" in two-towns; did you mean '
            '"answer/letter/weir/accepted" or "answer/letter/gauge/counter" or '
            '"answer/letter/weir/rejected"?',
        ),
        (
            ("pack.yaml", "levels: [open, blocked]", "levels: [open, slowed, blocked]"),
            8,
            '"posture/highwell/build-up" leads to another state than it did',
        ),
        (
            (
                "pack.yaml",
                "    about: The addressee. Its mill needs the water that the weir holds.\n",
                "    posture: {title: the mill's gate, levels: [open, shut], start: open}\n",
            ),
            1,
            '"r6" leads to another state than it did',
        ),
        (
            (
                "record.yaml",
                "  - {do: consult/letter/fishers/previewed, basis: invented}\n",
                "",
            ),
            1,
            '"r6" leads to another state than it did',
        ),
    ],
    ids=["an answer is gone", "an effect is another", "a variable more", "a step less"],
)
def test_a_pack_that_plays_otherwise_stops_at_the_first_entry_that_differs(
    case: Case, tmp_path: Path, edit: tuple[str, str, str], entry: int, message: str
) -> None:
    other = edited(tmp_path, edit)
    with pytest.raises(JournalError) as raised:
        replayed(reading(case, played(case)), other)
    assert str(raised.value) == f"a.jsonl: entry {entry}: {message}{CHANGED}"
    assert raised.value.entry == entry


def test_a_rule_that_refuses_now_is_given_with_its_reason(case: Case, tmp_path: Path) -> None:
    kept = Kept()
    session = Session(case, header_of(case), kept)
    session.apply("demand/letter")
    session.apply("posture/highwell/build-up")
    old = "{match: [{code: X81, actor: Highwell}]}"
    new = "{when: {letter.stage: response}, otherwise: the carts wait for the letter}"
    other = edited(tmp_path, ("pack.yaml", old, new))
    with pytest.raises(JournalError) as raised:
        replayed(reading(case, kept), other)
    assert str(raised.value) == (
        "a.jsonl: entry 2: posture/highwell/build-up is refused: the carts wait for the letter "
        f"(letter.status is demanded){CHANGED}"
    )


RECEIVE = "  - {do: receive/letter, basis: invented}\n"
LAST = "  - {id: decision, do: decide/letter/talks, basis: invented, ending: talks}\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (RECEIVE, "  - {text: The clerk yawns., basis: invented}\n" + RECEIVE),
        (LAST, ""),
        (
            "  - {id: position, do: position/letter, basis: invented}\n",
            "  - {text: The mayor sleeps., basis: invented}\n"
            "  - {id: position, do: position/letter, basis: invented}\n",
        ),
    ],
    ids=["a step more that is told only", "no last step", "a step more near the end"],
)
def test_a_record_that_is_numbered_anew_changes_no_session(
    case: Case, tmp_path: Path, old: str, new: str
) -> None:
    """Along the record, to places of it, and away from it: the states are what they were."""
    other = edited(tmp_path, ("record.yaml", old, new))
    kept = Kept()
    session = Session(case, header_of(case), kept)
    for node in case.trunk[1:]:
        session.apply(node.action)
    session.note("the end")
    session.undo()
    session.redo()
    session.goto("r14")
    session.goto("r10")
    session.apply(session.children(session.here)[0].action)
    session.goto("r19")
    session.apply("decide/letter/lapse")
    session.undo()
    again = replayed(reading(case, kept), other)
    assert again.here.state == session.here.state
    assert {(node.action, node.state) for node in session.nodes.values()} <= {
        (node.action, node.state) for node in again.nodes.values()
    }
    assert [it.action for it in again.here.line] == [it.action for it in session.here.line]
    assert [*again.notes.values()] == [("the end",)]


def test_a_session_of_another_case_or_seat_is_refused(
    case: Case, january: LoadedPack, tmp_path: Path
) -> None:
    journal = reading(case, [])
    with pytest.raises(NegsimError, match=r'"a\.jsonl" is a session of "two-towns" at the level'):
        replayed(journal, Case(january))
    header = header_of(case).model_copy(update={"seat": "fishers"})
    with pytest.raises(JournalError) as raised:
        replayed(parse_journal(journal_of(header, []), "a.jsonl"), case)
    assert str(raised.value) == (
        'a.jsonl: entry 0: no seat "fishers"; there is "highwell", "lowmill"'
    )


def replace_id(entry: AnyEntry, number: int) -> AnyEntry:
    return entry.model_copy(update={"id": number})


def entry_lies(case: Case) -> list[tuple[list[AnyEntry], int, str]]:
    """Journals whose every hash is right and that nobody played."""
    start = state_hash(case.game, case.trunk[0].state)
    one = state_hash(case.game, case.trunk[1].state)
    wrong = "f" * 16
    demand = Applied(id=1, parent="0", action="demand/letter", state=one)
    return [
        (
            [Applied(id=1, parent="0", action="ask/letter", state=one)],
            1,
            "ask/letter is refused: the letter of Lowmill is not at this step: a written answer is "
            "asked for once the demand is made (letter.status is none)",
        ),
        (
            [Applied(id=1, parent="0", action="sing", state=one)],
            1,
            'no action "sing" in two-towns',
        ),
        (
            [Applied(id=1, parent="0", action="demand/letter", state=wrong)],
            1,
            '"demand/letter" leads to another state than it did',
        ),
        (
            [demand, Applied(id=2, parent="0", action="ask/letter", state=one)],
            2,
            'it goes on from "0", not from r1',
        ),
        (
            [demand, Applied(id=2, parent="\x1b[2J", action="ask/letter", state=one)],
            2,
            r'it goes on from "\x1b[2J", not from r1',
        ),
        ([Went(id=1, to="7", state=start)], 1, 'there is no place "7" to go to'),
        ([Went(id=1, to="start", state=start)], 1, 'there is no place "start" to go to'),
        ([Went(id=1, to="\x1b", state=start)], 1, r'there is no place "\x1b" to go to'),
        ([demand, Went(id=2, to="0", state=one)], 2, '"0" leads to another state than it did'),
        ([Named(id=1, name="r7")], 1, '"r7" means a place already; choose another name'),
        (
            [Named(id=1, name="\x1b"), replace_id(demand, 2), Named(id=3, name="\x1b")],
            1,
            r'"\x1b" has characters that are never kept',
        ),
    ]


@pytest.mark.parametrize("number", range(11))
def test_a_journal_that_nobody_played_is_refused_at_the_lie(case: Case, number: int) -> None:
    entries, entry, message = entry_lies(case)[number]
    with pytest.raises(JournalError) as raised:
        replayed(reading(case, entries), case)
    assert str(raised.value) == f"a.jsonl: entry {entry}: {message}{SAME}"
    assert raised.value.entry == entry


def test_every_lie_is_tried(case: Case) -> None:
    assert len(entry_lies(case)) == 11


def test_of_a_whole_journal_everything_is_salvaged(case: Case) -> None:
    entries = played(case)
    assert salvaged(header_of(case), entries, case) == (entries, 0)


@given(st.sets(st.integers(0, 40), max_size=12), st.integers(0, 2**32))
def test_what_is_salvaged_of_a_journal_can_be_played(missing: set[int], seed: int) -> None:
    case = ListsOfTwoTowns.case_
    kept, rng = Kept(), Random(seed)
    session = Session(case, header_of(case), kept)
    for _ in range(40):
        actions = legal_actions(case.game, session.here.state)
        match rng.randrange(6):
            case 0:
                session.goto(rng.choice([*session.nodes]))
            case 1:
                session.note(f"{session.entries}, at {session.here.path.hex() or 'the start'}")
            case _ if actions:
                session.apply(rng.choice(actions).id)
            case _:
                session.undo()
    left = [entry for place, entry in enumerate(kept) if place not in missing]
    found, lost = salvaged(session.header, left, case)
    again = replayed(reading(case, found), case)
    lines = [[it.action for it in node.line] for node in session.nodes.values()]
    assert all([it.action for it in node.line] in lines for node in again.nodes.values())
    notes = [text for texts in session.notes.values() for text in texts]
    for place, texts in again.notes.items():
        at = again.nodes[place].path.hex() or "the start"
        assert all(text in notes and text.endswith(f", at {at}") for text in texts)
    if not missing:
        assert (found, lost) == (kept, 0)


# The tree against plain lists


def record_of(case: Case) -> dict[str, Line]:
    """The lines of the record by the ids of their ends, worked out step by step."""
    game, state, last = case.game, initial_state(case.game), 0
    line: Line = ()
    found = {"0": line}
    for number, step in enumerate(case.loaded.record.steps, 1):
        assert step.do is not None
        passes = 0
        while refusal(game, state, step.do) is not None:
            turn = game.variable("turn").values[state[game.position["turn"]]]
            state = apply_action(game, state, f"pass/{turn}")
            line, passes = (*line, f"pass/{turn}"), passes + 1
            found[f"r{last}+{passes}"] = line
        state, line, last = apply_action(game, state, step.do), (*line, step.do), number
        found[f"r{number}"] = line
    return found


def line_of(game: Game, choices: list[int]) -> list[str]:
    """The actions that the numbers choose, each among those that are legal."""
    line: list[str] = []
    state = initial_state(game)
    for choice in choices:
        actions = legal_actions(game, state)
        if not actions:
            break
        line.append(actions[choice % len(actions)].id)
        state = apply_action(game, state, line[-1])
    return line


def case_of(game: Game, pack: Pack, line: list[str]) -> Case:
    """A case whose record is the line."""
    steps = [{"do": action, "basis": "invented"} for action in line]
    return Case(
        LoadedPack(
            Path("nowhere"),
            pack,
            Facts.model_validate({"format": 1, "sources": {}, "facts": {}}),
            Script.model_validate({"format": 1, "steps": steps}),
            Branches.model_validate({"format": 1, "branches": []}),
            {},
            {"full": game},
        )
    )


def cleaned(text: str) -> str:
    """What is kept of a text: one line, and nothing that a terminal could obey."""
    words = " ".join(text.split())
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in words
    )


def name_of(node: Node | None) -> str | None:
    return None if node is None else node.id


class Lists(RuleBasedStateMachine):
    """A session beside a model that has lines only: tuples of action ids."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()

    def teardown(self) -> None:
        self.folder.cleanup()

    def begin(self, case: Case) -> None:
        self.case, self.game = case, case.game
        self.lines = record_of(case)
        self.trunk = dict(self.lines)
        self.record = [*self.lines.values()][-1]
        self.here: Line = ()
        self.beyond: dict[Line, Line] = {}
        self.names: dict[Line, str] = {}
        self.notes: dict[Line, tuple[str, ...]] = {}
        self.kept = Kept()
        self.states: dict[Line, State] = {(): initial_state(self.game)}
        self.session = Session(case, header_of(case), self.kept)

    def state(self, line: Line) -> State:
        """The state after a line, from the engine alone."""
        if line not in self.states:
            self.states[line] = apply_action(self.game, self.state(line[:-1]), line[-1])
        return self.states[line]

    def id_of(self, line: Line) -> str:
        return next(node for node, known in self.lines.items() if known == line)

    def move(self, line: Line) -> None:
        if line[:-1] == self.here and line:
            self.beyond[self.here] = line
        elif self.here[:-1] == line and self.here:
            self.beyond[line] = self.here
        self.here = line

    @rule(choice=st.integers(0, 999))
    def act(self, choice: int) -> None:
        actions = [it.id for it in legal_actions(self.game, self.state(self.here))]
        if not actions:
            return
        line = (*self.here, actions[choice % len(actions)])
        if line not in self.lines.values():
            self.lines[str(len(self.kept) + 1)] = line
        self.move(line)
        assert self.session.apply(line[-1]) is self.session.here

    @rule(choice=st.integers(0, 999))
    def act_wrongly(self, choice: int) -> None:
        state = self.state(self.here)
        legal = {it.id for it in legal_actions(self.game, state)}
        others = [it.id for it in self.game.actions if it.id not in legal]
        if others:
            action = others[choice % len(others)]
            with pytest.raises(IllegalActionError) as raised:
                self.session.apply(action)
            assert str(raised.value) == (
                f"{action} is refused: {refusal(self.game, state, action)}"
            )

    @rule()
    def undo(self) -> None:
        if self.here:
            self.move(self.here[:-1])
            self.session.undo()
        else:
            with pytest.raises(NegsimError, match="nothing to undo"):
                self.session.undo()

    @rule()
    def redo(self) -> None:
        if self.here in self.beyond:
            self.move(self.beyond[self.here])
            self.session.redo()
        else:
            with pytest.raises(NegsimError, match="nothing to redo"):
                self.session.redo()

    @rule(choice=st.integers(0, 999))
    def go(self, choice: int) -> None:
        places = [*self.lines.items()]
        node, line = places[-1 - choice % len(places)]
        self.move(line)
        assert self.session.goto(node).id == node

    @precondition(lambda self: self.names)
    @rule(choice=st.integers(0, 999))
    def go_by_name(self, choice: int) -> None:
        line, name = [*self.names.items()][choice % len(self.names)]
        self.move(line)
        self.session.goto(name)

    @rule(word=st.sampled_from(["start", "record"]))
    def go_by_word(self, word: str) -> None:
        self.move(() if word == "start" else self.record)
        self.session.goto(word)

    @rule(text=st.sampled_from(["a", "b", "c d", " a\n", "r1", "0", "\x1b"]) | st.text(max_size=9))
    def name(self, text: str) -> None:
        name = cleaned(text)
        places = ("start", "record", "0", "r1")
        taken = any(known == name and line != self.here for line, known in self.names.items())
        digits = name.isascii() and name.lstrip("r").replace("+", "").isdigit()
        if not name or name in places or taken or (digits and name[-1] != "+"):
            with pytest.raises(NegsimError):
                self.session.name(text)
        else:
            self.names[self.here] = name
            self.session.name(text)

    @rule(text=st.text(max_size=9))
    def note(self, text: str) -> None:
        if cleaned(text):
            self.notes[self.here] = (*self.notes.get(self.here, ()), cleaned(text))
            self.session.note(text)
        else:
            with pytest.raises(NegsimError):
                self.session.note(text)

    @rule(choice=st.integers(0, 999))
    def fail_to_keep(self, choice: int) -> None:
        actions = legal_actions(self.game, self.state(self.here))
        if actions:
            self.kept.full = True
            with pytest.raises(NegsimError, match="the disk is full"):
                self.session.apply(actions[choice % len(actions)].id)
            self.kept.full = False

    @rule()
    def save_and_load(self) -> None:
        path = Path(self.folder.name) / "it.jsonl"
        path.write_bytes(journal_of(self.session.header, self.kept))
        journal = read_journal(path)
        assert journal.entries == tuple(self.kept)
        loaded = replayed(journal, self.case, self.kept)
        assert told(loaded) == told(self.session)
        self.session = loaded

    @invariant()
    def every_place_is_its_line(self) -> None:
        session, nodes = self.session, self.session.nodes
        assert [*nodes] == [*self.lines]
        last = f"pass/{self.game.movers[-1]}"
        for node, line in self.lines.items():
            found = nodes[node]
            assert found.id == node
            assert (*(it.action for it in found.line),) == line
            assert found.state == self.state(line)
            assert found.round == 1 + line.count(last)
            assert [(*(it.action for it in child.line),) for child in session.children(found)] == [
                it for it in self.lines.values() if it and it[:-1] == line
            ]
        assert len({it.path for it in nodes.values()}) == len(nodes)

    @invariant()
    def what_is_said_of_the_record_is_so(self) -> None:
        case, session = self.case, self.session
        record = {line: node for node, line in self.trunk.items()}
        last = {self.state(line): node for line, node in record.items()}
        ids: list[str | None] = [*self.trunk, None]
        for node, line in self.lines.items():
            found = session.nodes[node]
            left = max((it for it in record if line[: len(it)] == it), key=len)
            joins = last.get(found.state)
            on = node if line in record else joins
            assert found.recorded == (line in record)
            assert name_of(session.left_record(found)) == (None if line in record else record[left])
            assert name_of(session.joins_record(found)) == (None if line in record else joins)
            assert name_of(case.following(found)) == (on and ids[ids.index(on) + 1])

    @invariant()
    def the_rest_is_as_the_lists_have_it(self) -> None:
        session = self.session
        assert session.here is session.nodes[self.id_of(self.here)]
        assert session.names == {self.id_of(line): it for line, it in self.names.items()}
        assert session.notes == {self.id_of(line): it for line, it in self.notes.items()}
        assert session.entries == len(self.kept)
        assert [entry.id for entry in self.kept] == [*range(1, len(self.kept) + 1)]


class ListsOfTwoTowns(Lists):
    case_ = Case(load_pack(shipped() / "two-towns"))

    @initialize()
    def start(self) -> None:
        self.begin(self.case_)


class ListsOfASmallPack(Lists):
    game_ = small_game(every_step())

    @initialize(choices=st.lists(st.integers(0, 999), max_size=8))
    def start(self, choices: list[int]) -> None:
        self.begin(case_of(self.game_, every_step(), line_of(self.game_, choices)))


class ListsOfAnyGame(Lists):
    @initialize(game=games(), choices=st.lists(st.integers(0, 999), max_size=8))
    def start(self, game: Game, choices: list[int]) -> None:
        self.begin(case_of(game, every_step(), line_of(game, choices)))


@pytest.mark.parametrize(
    ("machine", "examples"),
    [(ListsOfTwoTowns, 30), (ListsOfASmallPack, 30), (ListsOfAnyGame, 60)],
    ids=["two towns", "a small pack", "any game"],
)
def test_a_session_is_what_plain_lists_say(machine: type[Lists], examples: int) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=some(examples),
            stateful_step_count=40,
            suppress_health_check=[*HealthCheck],
        ),
    )
