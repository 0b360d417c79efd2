"""Two lines beside each other: where they part, what differs, and what a viewpoint sees of it."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from negsim.compare import compare, compare_lines, comparison_data
from negsim.engine import apply_action, legal_actions, observation, outcome
from negsim.journal import AnyEntry, Header
from negsim.journal_file import create
from negsim.pack.catalogue import shipped
from negsim.pack.load import LoadedPack
from negsim.replay import notices
from negsim.rules import EVERYTHING
from negsim.session import Case, Node, Session
from negsim.views import saw
from tests.conftest import PACKS, Call
from tests.effort import some


def session_of(case: Case) -> Session:
    header = Header(
        pack=case.loaded.pack.id,
        level=case.level,
        content=case.loaded.content_hash,
        session="0123" * 8,
    )
    return Session(case, header)


@pytest.fixture(scope="module")
def case(two_towns: LoadedPack) -> Case:
    return Case(two_towns)


OTHER_GAUGE = (
    "answer/letter/gauge/accepted",
    "consult/letter/fishers/shown-again",
    "clear/letter",
    "deliver/letter/messenger",
    "pass/lowmill",
    "pass/nature",
    "receive/letter",
    "read/letter",
    "analyse/letter",
    "position/letter",
    "decide/letter/break-off",
)
"""After step 7 of the record: agreed on the gauge, and broken off all the same."""
CALLED = ("mine.yaml", "the record")


def line(case: Case, start: str, *actions: str) -> Node:
    """The place that the actions lead to from a place of the record."""
    session = session_of(case)
    session.goto(start)
    for action in actions:
        session.apply(action)
    return session.here


def told(
    case: Case, first: Node, second: Node, width: int = 80, viewpoint: str = EVERYTHING
) -> str:
    """The comparison in columns."""
    lines = compare_lines(case, first, second, width, viewpoint, called=CALLED, beside=True)
    return "\n".join(lines) + "\n"


# How it is told


BESIDE = """\
They part after step 7 of the record: Lowmill drafts its answer on "an open gate
at night": talks offered, only if the mill road stays free.
mine.yaml                              | the record
Lowmill drafts its answer on "a common | Lowmill drafts on a common water gauge
  water gauge": agreed.                |   - another offer, one gauge in each
                                       |   town.
Lowmill shows the fishers the changed  | Lowmill shows the fishers the changed
  draft of the letter of Lowmill.      |   draft of the letter of Lowmill.
Lowmill clears the text of the letter  | Lowmill clears the text of the letter
  of Lowmill.                          |   of Lowmill.
The messenger of Lowmill hands the     | The messenger of Lowmill hands the
  letter of Lowmill to the town clerk  |   letter of Lowmill to the town clerk
  of Highwell.                         |   of Highwell.
Highwell confirms the receipt of the   | Lowmill tells the public the gist of
  letter of Lowmill.                   |   the letter of Lowmill.
Highwell reads the letter of Lowmill.  | Highwell confirms the receipt of the
                                       |   letter of Lowmill.
Highwell has analysed the letter of    | Highwell reads the letter of Lowmill.
  Lowmill.                             |
The mayor of Highwell formulates the   | Highwell has analysed the letter of
  position on the letter of Lowmill.   |   Lowmill.
The mayor of Highwell breaks the       | Highwell builds up: carts across the
  exchange over the letter of Lowmill  |   mill road.
  off.                                 |
                                       | Highwell draws down: carts across the
                                       |   mill road.
                                       | Lowmill judges the condition met: the
                                       |   mill road stays free.
                                       | The mayor of Highwell formulates the
                                       |   position on the letter of Lowmill.
                                       | The mayor of Highwell agrees to talks
                                       |   on part of the items on the basis of
                                       |   the letter of Lowmill.

Items
  the letter of Lowmill on a common water gauge
    agreed                             |     another offer

Papers
  decision of Highwell on the letter of Lowmill
    break off                          |     talks

Publicity
  how public the text of the letter of Lowmill is
    secret                             |     gist

Besides
  Lowmill: whether the mill road stays free
    unjudged                           |     met

Ending
    The exchange is broken off         |     Talks on part of the items
"""


def test_two_lines_beside_each_other(case: Case) -> None:
    assert told(case, line(case, "r7", *OTHER_GAUGE), line(case, "r20")) == BESIDE


WIDE = """\
They part after step 4 of the record: Lowmill tells the fishers that the letter of \
Lowmill is being written.
mine.yaml                                                  | the record
Lowmill drafts its answer on "a lower weir": agreed.       | Lowmill drafts its answer on \
"a lower weir": refused.
                                                           | Lowmill shows the fishers a \
preview of the letter of
                                                           |   Lowmill.
                                                           | Lowmill drafts its answer on \
"an open gate at night":
                                                           |   talks offered, only if the \
mill road stays free.

Items
  the letter of Lowmill on a lower weir
    agreed                                                 |     refused
  the letter of Lowmill on an open gate at night
    none                                                   |     talks offered
  the letter of Lowmill on an open gate at night: only if
    no                                                     |     yes

Papers
  the fishers: depth of consultation
    informed                                               |     previewed
  the fishers: the draft changed since it was shown
    no                                                     |     yes

Ending
    none reached                                           |     none reached
"""


def test_at_120_columns(case: Case) -> None:
    mine = line(case, "r4", "answer/letter/weir/accepted")
    assert told(case, mine, line(case, "r7"), 120) == WIDE


BELOW = """\
They part after step 4 of the record: Lowmill tells the
fishers that the letter of Lowmill is being written.

After that, this line:
  Lowmill drafts its answer on "a lower weir": agreed.

After that, the other:
  Lowmill drafts its answer on "a lower weir": refused.
  Lowmill shows the fishers a preview of the letter of
    Lowmill.
  Lowmill drafts its answer on "an open gate at night":
    talks offered, only if the mill road stays free.

Items
  the letter of Lowmill on a lower weir
    this line: agreed
    the other: refused
  the letter of Lowmill on an open gate at night
    this line: none
    the other: talks offered
  the letter of Lowmill on an open gate at night: only if
    this line: no
    the other: yes

Papers
  the fishers: depth of consultation
    this line: informed
    the other: previewed
  the fishers: the draft changed since it was shown
    this line: no
    the other: yes

Ending
    this line: none reached
    the other: none reached
"""


def test_one_after_the_other(case: Case) -> None:
    mine = line(case, "r4", "answer/letter/weir/accepted")
    lines = list(compare_lines(case, mine, line(case, "r7"), 60))
    assert "\n".join(lines) + "\n" == BELOW
    assert max(map(len, lines)) <= 60


BEGINNING = """\
They are the same to the end of mine.yaml, after step 4 of the record: Lowmill
tells the fishers that the letter of Lowmill is being written.
mine.yaml                              | the record
no further step                        | Lowmill drafts its answer on "a lower
                                       |   weir": refused.

Items
  the letter of Lowmill on a lower weir
    none                               |     refused

Ending
    none reached                       |     none reached
"""


def test_one_is_the_beginning_of_the_other(case: Case) -> None:
    assert told(case, line(case, "r4"), line(case, "r5")) == BEGINNING
    back = told(case, line(case, "r5"), line(case, "r4"))
    assert back.startswith(
        "They are the same to the end of the record, after step 4 of the record:"
    )
    assert "    refused                            |     none\n" in back


AT_THE_START = """\
They part at the start.
mine.yaml                              | the record
Highwell builds up: carts across the   | Highwell sends its demand to Lowmill
  mill road.                           |   and nails a copy to the bridge.

Papers
  where the letter of Lowmill stands
    none                               |     demanded

Besides
  Highwell: carts across the mill road
    blocked                            |     open

Ending
    none reached                       |     none reached
"""


def test_they_part_at_the_start(case: Case) -> None:
    mine = line(case, "start", "posture/highwell/build-up")
    assert told(case, mine, line(case, "r1")) == AT_THE_START
    assert told(case, line(case, "start"), line(case, "r1")).startswith(
        "They part at the start.\n"
        "mine.yaml                              | the record\n"
        "no further step                        | Highwell sends its demand to Lowmill\n"
    )


@pytest.mark.parametrize("viewpoint", ["everything", "public"])
def test_the_same_line(case: Case, viewpoint: str) -> None:
    same = {"everything": "They are the same line.\n"}
    same["public"] = "As the public could see it.\nThey look the same.\n"
    for place in ("start", "r7", "r20"):
        first, second = line(case, place), line(case, place)
        assert told(case, first, second, viewpoint=viewpoint) == same[viewpoint]
        assert compare(case, first, second, viewpoint).same


def test_passes_part_lines_too(case: Case) -> None:
    passes = ("pass/highwell", "pass/lowmill", "pass/nature")
    one, other = line(case, "0", *passes, "demand/letter"), line(case, "r1")
    said = told(case, one, other)
    assert said.startswith("They part at the start.\n")
    assert said.count("Highwell sends its demand to Lowmill") == 2
    assert "They look the same." in told(case, one, other, viewpoint="fishers")


def test_lines_off_the_record_part_at_a_step_that_has_no_number(case: Case) -> None:
    first = line(case, "r4", "answer/letter/weir/accepted", "answer/letter/gate/silent")
    second = line(case, "r4", "answer/letter/weir/accepted", "answer/letter/gate/talks")
    assert told(case, first, second).startswith(
        'They part after: Lowmill drafts its answer on "a lower weir": agreed.\n'
    )


def test_the_columns_do_not_run_into_each_other(case: Case) -> None:
    said = told(case, line(case, "r7", *OTHER_GAUGE), line(case, "r20"), 60)
    rows = [row for row in said.splitlines() if " | " in row or row.endswith(" |")]
    assert {row.index(" |") for row in rows} == {28}
    assert max(map(len, said.splitlines())) <= 60


def test_where_there_is_no_room_one_comes_after_the_other(case: Case) -> None:
    first, second = line(case, "r7", *OTHER_GAUGE), line(case, "r20")
    said = told(case, first, second, 59)
    assert "\nAfter that, mine.yaml:\n" in said
    assert max(map(len, said.splitlines())) <= 59


def test_names_of_lines_are_harmless_to_a_terminal(case: Case) -> None:
    called = ("a\x1b[31m", "b\x9b")
    for beside in (True, False):
        lines = compare_lines(
            case, line(case, "r4"), line(case, "r7"), 80, called=called, beside=beside
        )
        assert all(text.isprintable() for text in lines)


# What a viewpoint sees of it


PUBLIC = """\
As the public could see it.
They part after: The messenger of Lowmill hands the letter of Lowmill to the
town clerk of Highwell.
mine.yaml                              | the record
Highwell confirms the receipt of the   | Lowmill tells the public the gist of
  letter of Lowmill.                   |   the letter of Lowmill.
The mayor of Highwell breaks the       | Highwell confirms the receipt of the
  exchange over the letter of Lowmill  |   letter of Lowmill.
  off.                                 |
                                       | Highwell builds up: carts across the
                                       |   mill road.
                                       | Highwell draws down: carts across the
                                       |   mill road.
                                       | The mayor of Highwell agrees to talks
                                       |   on part of the items on the basis of
                                       |   the letter of Lowmill.

Items
  the letter of Lowmill on a lower weir
    not known                          |     refused
  the letter of Lowmill on an open gate at night
    not known                          |     something offered
  the letter of Lowmill on a common water gauge
    not known                          |     not in the gist

Papers
  decision of Highwell on the letter of Lowmill
    break off                          |     talks

Publicity
  how public the text of the letter of Lowmill is
    secret                             |     gist

Ending
    The exchange is broken off         |     Talks on part of the items
"""


def test_a_viewpoint_sees_its_part_of_it(case: Case) -> None:
    first, second = line(case, "r7", *OTHER_GAUGE), line(case, "r20")
    assert told(case, first, second, viewpoint="public") == PUBLIC


def test_a_viewpoint_is_not_told_how_many_steps_of_the_record_there_were(case: Case) -> None:
    said = told(case, line(case, "r11"), line(case, "r20"), viewpoint="public")
    assert said.startswith(
        "As the public could see it.\n"
        "They are the same to the end of mine.yaml, after: The messenger of Lowmill hands"
    )


def test_what_is_drafted_looks_the_same_to_others(case: Case) -> None:
    first = line(case, "r4", "answer/letter/weir/accepted")
    second = line(case, "r5")
    for viewpoint in ("highwell", "fishers", "public"):
        found = compare(case, first, second, viewpoint)
        assert found.same
        assert comparison_data(found)["shared"] == len(found.shared)
        assert comparison_data(found)["first"] == []
        assert comparison_data(found)["differences"] == []
    assert not compare(case, first, second, "lowmill").same


def test_a_draft_that_was_shown_and_changed_again_is_known_to_be_stale(case: Case) -> None:
    """To whom it was shown: that it changed, and not how."""
    shown = ("answer/letter/weir/rejected", "consult/letter/fishers/previewed")
    said = told(
        case,
        line(case, "r4", *shown, "answer/letter/gate/silent"),
        line(case, "r4", *shown),
        viewpoint="fishers",
    )
    assert said.startswith("As the fishers could see it.\nThe steps look the same.\n\nPapers\n")
    assert "mine.yaml" not in said
    assert "not known" not in said


@pytest.mark.parametrize(
    ("name", "level", "examples"), [("two-towns", "full", 60), ("january-2022", "basic", 30)]
)
def test_nothing_shown_to_a_viewpoint_differs_by_what_it_cannot_see(
    packs: dict[str, LoadedPack], name: str, level: str, examples: int
) -> None:
    """Two lines that differ in hidden steps only look the same, and the same beside a third."""
    case = Case(packs[name], level)

    @settings(max_examples=some(examples))
    @given(st.sampled_from(["fishers", "public", "nato", "russia"]), st.integers(0, 2**32))
    def holds(viewpoint: str, seed: int) -> None:
        assume(viewpoint in case.game.viewpoints)
        random = Random(seed)
        pair = twins(case, viewpoint, random)
        assume(pair is not None)
        assert pair is not None
        first, second = pair
        third = wander(session_of(case), random, 30)
        found = [comparison_data(compare(case, it, third, viewpoint)) for it in pair]
        assert compare(case, first, second, viewpoint).same
        assert found[0] == found[1]
        assert told(case, first, third, viewpoint=viewpoint) == told(
            case, second, third, viewpoint=viewpoint
        )
        assert told(case, third, first, viewpoint=viewpoint) == told(
            case, third, second, viewpoint=viewpoint
        )

    holds()


def wander(session: Session, random: Random, most: int) -> Node:
    for _ in range(random.randrange(most)):
        actions = legal_actions(session.game, session.here.state)
        if actions:
            session.apply(random.choice(actions).id)
    return session.here


def twins(case: Case, viewpoint: str, random: Random) -> tuple[Node, Node] | None:
    """Two lines that differ, and that the viewpoint cannot tell apart at any place, if found."""
    game = case.game

    def seen(session: Session) -> object:
        state = session.here.state
        return observation(game, state, viewpoint), outcome(game, state) is None

    def free(session: Session) -> list[str]:
        """What can be done here unseen."""
        found = []
        for action in legal_actions(game, session.here.state):
            if action.is_pass or viewpoint in (action.mover, *action.seen_by):
                continue
            after = apply_action(game, session.here.state, action.id)
            if not notices(game, session.here.state, after, viewpoint) and observation(
                game, after, viewpoint
            ) == observation(game, session.here.state, viewpoint):
                found.append(action.id)
        return found

    for _ in range(5):
        one = session_of(case)
        wander(one, random, 30)
        hidden = free(one)
        if not hidden:
            continue
        other = session_of(case)
        for node in one.here.line:
            other.apply(node.action)
        other.apply(random.choice(hidden))
        for _ in range(random.randrange(12)):
            both = [it.id for it in legal_actions(game, one.here.state)]
            both = [
                it for it in both if it in {a.id for a in legal_actions(game, other.here.state)}
            ]
            if not both:
                break
            action, before = random.choice(both), (one.here, other.here)
            one.apply(action)
            other.apply(action)
            if seen(one) != seen(other) or saw(case, one.here, viewpoint) != saw(
                case, other.here, viewpoint
            ):
                return before
        return one.here, other.here
    return None


# By command


@pytest.fixture
def files(case: Case, tmp_path: Path) -> Path:
    """A folder with a journal, and a script of the same line up to its end."""
    kept: list[AnyEntry] = []
    header = session_of(case).header
    session = Session(case, header, kept.append)
    session.goto("r4")
    session.apply("answer/letter/weir/accepted")
    session.name("the weir @ noon")
    session.goto("start")
    with create(tmp_path / "a.jsonl", header) as writer:
        for entry in kept:
            writer.append(entry)
    rows = ["goto: r4", "do: answer/letter/weir/accepted", "do: answer/letter/gate/silent"]
    script = "format: 1\npack: two-towns\nsteps:\n" + "".join(f"  - {it}\n" for it in rows)
    (tmp_path / "b.yaml").write_text(script, encoding="utf-8")
    return tmp_path


COMMANDS = [
    (("a.jsonl@2", "b.yaml"), "They are the same to the end of a.jsonl@2, after: Lowmill drafts"),
    (("b.yaml", "a.jsonl@2"), "They are the same to the end of a.jsonl@2, after: Lowmill drafts"),
    (("a.jsonl", "b.yaml"), "They part at the start.\na.jsonl                                | b."),
    (("record", "b.yaml"), "They part after step 4 of the record: Lowmill tells"),
    (("b.yaml", "record"), "They part after step 4 of the record: Lowmill tells"),
    (("b.yaml", "start"), "They part at the start.\nb.yaml                                 | the"),
    (("b.yaml", "a.jsonl@r4"), "They are the same to the end of a.jsonl@r4, after step 4 of the"),
    (("b.yaml", "b.yaml"), "They are the same line.\n"),
    (("a.jsonl@r20", "record"), "They are the same line.\n"),
    (("a.jsonl@record", "record"), "They are the same line.\n"),
    (("a.jsonl", "start"), "They are the same line.\n"),
]


@pytest.mark.parametrize(("words", "said"), COMMANDS)
def test_the_command(call: Call, files: Path, words: tuple[str, str], said: str) -> None:
    result = call("compare", *words)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(said)


@pytest.mark.parametrize(("columns", "half"), [("80", 38), ("120", 48), ("60", 28)])
def test_the_command_fits_the_terminal(
    call: Call, files: Path, monkeypatch: pytest.MonkeyPatch, columns: str, half: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    out = call("compare", "b.yaml", "record").out
    assert {row.index(" |") for row in out.splitlines() if " |" in row} == {half}


def test_the_linear_form_by_command(call: Call, files: Path) -> None:
    out = call("compare", "b.yaml", "record", "--linear").out
    assert "\nAfter that, b.yaml:\n  Lowmill drafts its answer" in out
    assert "\nAfter that, the record:\n" in out
    assert " | " not in out


def test_a_kept_session_is_compared_by_its_name(
    call: Call, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEGSIM_HOME", str(files / "home"))
    (files / "home" / "sessions").mkdir(parents=True)
    (files / "a.jsonl").rename(files / "home" / "sessions" / "two-towns-01230123.jsonl")
    assert call("compare", "two-towns-0123@2", "two-towns-01230123@r4").out.startswith(
        "They are the same to the end of two-towns-01230123@r4, after step 4 of the\nrecord: "
    )


def test_a_file_may_have_an_at_in_its_name(call: Call, files: Path) -> None:
    (files / "a.jsonl").rename(files / "team@home.jsonl")
    assert "They are the same line." in call("compare", "team@home.jsonl", "start").out
    assert "lower weir" in call("compare", "team@home.jsonl@2", "start").out


def test_a_viewpoint_by_command(call: Call, files: Path) -> None:
    out = call("compare", "b.yaml", "a.jsonl@r4", "--viewpoint", "Fishers").out
    assert out == "As the fishers could see it.\nThey look the same.\n"


def test_the_comparison_for_programs(call: Call, files: Path) -> None:
    data = json.loads(call("compare", "b.yaml", "record", "--json").out)
    assert data["shared"] == 5
    assert data["first"] == ["answer/letter/weir/accepted", "answer/letter/gate/silent"]
    assert data["second"][0] == "answer/letter/weir/rejected"
    assert data["second"][-1] == "decide/letter/talks"
    assert data["endings"] == [None, "talks"]
    assert data["differences"][0] == {
        "group": "papers",
        "variable": "letter.status",
        "title": "where the letter of Lowmill stands",
        "first": "promised",
        "second": "decided",
    }
    groups = {it["variable"]: it["group"] for it in data["differences"]}
    assert groups == {
        "letter.status": "papers",
        "letter.fishers.depth": "papers",
        "letter.weir": "items",
        "letter.gate": "items",
        "letter.gate.only-if": "items",
        "letter.gauge": "items",
        "letter.publicity": "publicity",
        "road.lowmill": "other",
        "letter.decision": "papers",
    }
    data = json.loads(call("compare", "b.yaml", "record", "--json", "--viewpoint", "public").out)
    assert data["first"] == []
    assert data["endings"] == [None, "talks"]
    unknown = [it["variable"] for it in data["differences"] if it["first"] is None]
    assert unknown == ["letter.weir", "letter.gate", "letter.gauge"]


BAD = [
    (
        ("record", "start"),
        "negsim: name a script or a journal; the record alone has nothing beside it\n",
    ),
    (("two-towns", "b.yaml"), 'negsim: "two-towns" is a pack; write record for its record\n'),
    (
        ("a.jsonl@wier", "record"),
        'negsim: no place "wier" in this session\n',
    ),
    (("b.yaml", "a.jsonl@r99"), 'negsim: no place "r99" in this session; did you mean "r9" or'),
    (("b.yaml", "c.yaml"), 'negsim: c.yaml:0:0: there is no file "c.yaml"; create it\n'),
    (("b.yaml", "c.jsonl"), 'negsim: no journal "c.jsonl" in the sessions that are kept'),
    (("b.yaml", "record", "--viewpoint", "fisher"), 'negsim: no viewpoint "fisher" in two-towns;'),
    (
        ("bad.yaml", "record"),
        "negsim: bad.yaml:4:9: ask/letter is refused: ",
    ),
    (
        ("b.yaml", "january.yaml"),
        'negsim: "b.yaml" is a line of two-towns (full), "january.yaml" of january-2022 (full); '
        "lines of one case and level can be compared\n",
    ),
    (
        ("basic.yaml", "january.yaml"),
        'negsim: "basic.yaml" is a line of january-2022 (basic), "january.yaml" of january-2022 '
        "(full); lines of one case and level can be compared\n",
    ),
    (
        ("b.yaml", "other/b.yaml"),
        'negsim: "b.yaml" and "other/b.yaml" are lines of two versions of "two-towns"; keep one '
        "of the two folders\n",
    ),
]


@pytest.mark.parametrize(("words", "said"), BAD)
def test_what_cannot_be_compared(
    call: Call, files: Path, words: tuple[str, ...], said: str
) -> None:
    january = "format: 1\npack: january-2022\nsteps: []\n"
    (files / "january.yaml").write_text(january, encoding="utf-8")
    (files / "basic.yaml").write_text(january + "level: basic\n", encoding="utf-8")
    (files / "bad.yaml").write_text(
        "format: 1\npack: two-towns\nsteps:\n  - do: ask/letter\n", encoding="utf-8"
    )
    place = files / "other" / "two-towns"
    place.mkdir(parents=True)
    for path in (shipped() / "two-towns").glob("*.yaml"):
        (place / path.name).write_bytes(path.read_bytes() + b"# another version\n")
    (files / "other" / "b.yaml").write_bytes((files / "b.yaml").read_bytes())
    result = call("compare", *words)
    assert (result.code, result.out) == (2, "")
    shown = result.err[result.err.index("negsim: ") :]
    assert shown.startswith(said)
    assert result.err.count("Traceback") == 0


def test_a_failed_expectation_does_not_keep_lines_from_being_compared(
    call: Call, files: Path
) -> None:
    text = (files / "b.yaml").read_text(encoding="utf-8")
    (files / "c.yaml").write_text(text + "    mover: highwell\n    note: x\n", encoding="utf-8")
    assert call("compare", "b.yaml", "c.yaml").out == "They are the same line.\n"


@pytest.mark.parametrize("name", PACKS)
def test_a_record_beside_a_script_of_it(call: Call, name: str) -> None:
    record = str(shipped() / name / "record.yaml")
    assert call("compare", record, "record").out == "They are the same line.\n"
