"""The prompt: what each command answers, wrong input, and whatever somebody may type."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negsim.engine import legal_actions
from negsim.pack.catalogue import find_pack
from negsim.pack.load import LoadedPack, load_pack
from negsim.pack.models import Others
from negsim.prompt import HELP
from negsim.rules import EVERYTHING
from negsim.session import Case, replayed
from tests.effort import some
from tests.play.table import Table, header, table

TOWNS = load_pack(find_pack("two-towns"))

OTHERS: list[Others] = ["wait", "random", "ask", "record"]
COMMANDS = [
    *("pass", "undo", "redo", "tree", "items", "papers", "next"),
    *("list", "brief", "compare", "facts", "viewpoint"),
]

WRONG = [
    ("foo", 'No: "foo" means nothing here; type help'),
    ("itmes", 'No: "itmes" means nothing here; did you mean "items"?'),
    ("99", "No: there is no action 99; there are 1 to 1"),
    ("0", "No: there is no action 0; there are 1 to 1"),
    (
        "deliver/letter/messengr",
        'No: no action "deliver/letter/messengr" in two-towns; did you mean '
        '"deliver/letter/messenger" or "decide/letter/lapse" or "decide/letter/talks"?',
    ),
    (
        "deliver/letter/messenger",
        "No: deliver/letter/messenger is refused: the letter of Lowmill is not at this step: a "
        "paper is delivered once its text is ready (letter.status is asked)",
    ),
    ("read/letter", "No: that is for Highwell; you sit for Lowmill"),
    ("why not read/letter", "No: that is for Highwell; you sit for Lowmill"),
    ("nature/leak/letter", "No: that is for chance; you sit for Lowmill"),
    ("why not foo", 'No: no action "foo" in two-towns'),
    ("goto", "No: goto needs a place; `tree` lists them"),
    ("goto r99", 'No: no place "r99" in this session; did you mean "r9" or "r19"?'),
    ("undo", "No: you have decided nothing before this; there is nothing to undo"),
    ("redo", "No: nothing was undone here; there is nothing to redo"),
    ("undo 3", 'No: undo stands alone; leave out "3"'),
    (
        "closes deliver/letter/messenger",
        "No: it cannot be taken now; see why not deliver/letter/messenger",
    ),
    ("compare", "No: name a place of yours, or record, which goes on to its end"),
    ("name r3", 'No: "r3" means a place already; choose another name'),
    ("name", "No: write 1 to 120 letters, not 0"),
    ("note " + "x" * 601, "No: write 1 to 600 letters, not 601"),
    ("facts", "No: it cites no facts; write the id of a fact, or of an action"),
    ("facts F1", 'No: no fact "F1" in two-towns'),
    ("viewpoint public", "No: you sit for Lowmill and see with its eyes"),
    ("list signal", 'No: no kind of action "signal" in this turn; there is "promise"'),
    ("compare nowhere", 'No: no place "nowhere" in this session'),
    ("save .", 'No: "." exists; name another file'),
    ("save nowhere/copy", 'No: "nowhere/copy" cannot be written (No such file or directory)'),
]


@pytest.mark.parametrize(("typed", "said"), WRONG)
def test_a_mistake_is_answered_and_changes_nothing(
    two_towns: LoadedPack, typed: str, said: str
) -> None:
    sitting = table(two_towns, seat="lowmill")
    assert " ".join(" ".join(sitting.answers(typed)).split()) == said
    assert sitting.session.here.id == "r2+1"
    assert len(sitting.entries) == 3  # what the others had done before


def test_a_tape_of_every_command_is_in_the_help() -> None:
    sitting = table(TOWNS, seat="lowmill")
    words = " ".join(what for what, _ in HELP)
    for command in sitting.prompt.commands:
        assert command in words or command == "help", command


def test_undo_goes_back_to_what_a_person_decided(two_towns: LoadedPack) -> None:
    """Also where the person did what the record does, and over what the others did since."""
    sitting = table(two_towns, seat="lowmill")
    sitting.play(["promise/letter/no-date", "pass"])
    here = sitting.session.here
    sitting.play(["undo"])
    assert sitting.session.here.id == "r3"
    sitting.play(["undo"])
    assert sitting.session.here.id == "r2+1"
    sitting.play(["redo", "redo"])
    assert sitting.session.here is here


def test_why_not_tells_the_rule_the_turn_or_that_it_is_legal(two_towns: LoadedPack) -> None:
    sitting = table(two_towns)
    assert sitting.answers("why not demand/letter") == ["It is not refused: you can take it now."]
    sitting.play(["demand/letter", "ask/letter"])
    assert sitting.answers("why not promise/letter/no-date") == [
        "Only the turn is wrong: it can be done once Highwell passed."
    ]


def test_closes_tells_what_the_explorer_says(two_towns: LoadedPack) -> None:
    closes = {"demand/letter": (), "posture/highwell/build-up": ("talks", "whole")}
    sitting = table(two_towns, closes=closes)
    titles = {ending.id: ending.title for ending in two_towns.game.endings}
    said = " ".join(" ".join(sitting.answers("closes")).split())
    assert said == (
        "Highwell builds up: carts across the mill road. Closes in this model: "
        f"{titles['talks']}; {titles['whole']}."
    )
    assert "nothing" in " ".join(sitting.answers("closes 1"))


def test_a_copy_is_written_beside_and_never_over(
    two_towns: LoadedPack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("kept.jsonl").write_text("what was kept\n")
    sitting = table(two_towns)
    assert sitting.answers("save copy.jsonl") == ['A copy is in "copy.jsonl".']
    assert Path("copy.jsonl").read_text() == "what was kept\n"
    assert sitting.answers("save copy.jsonl") == ['No: "copy.jsonl" exists; name another file']


def test_a_viewpoint_sees_no_more_than_it_can(two_towns: LoadedPack) -> None:
    sitting = table(two_towns)
    sitting.play(["next"] * 5)
    assert "refused" in " ".join(sitting.answers("items"))
    sitting.play(["viewpoint highwell"])
    assert sitting.answers("items")[1] == "    the letter of Lowmill: not known"


def test_a_seat_is_not_told_what_the_others_draft(two_towns: LoadedPack) -> None:
    sitting = table(two_towns, seat="highwell")
    told = sitting.play(["1", "1", "pass"])
    assert "drafts" not in told
    assert "hands the letter" in told


@settings(max_examples=some(60))
@given(
    st.sampled_from([None, "highwell", "lowmill"]),
    st.sampled_from(OTHERS),
    st.integers(0, 99),
    st.lists(
        st.one_of(
            st.integers(0, 12).map(str),
            st.sampled_from(
                [
                    "pass",
                    "undo",
                    "redo",
                    "tree",
                    "items",
                    "papers",
                    "next",
                    "list",
                    "brief",
                    "compare",
                    "facts",
                    "viewpoint",
                ]
            ),
            st.sampled_from(
                ["goto start", "goto record", "goto r4", "name here", "note hm", "why not 1"]
            ),
            st.text(max_size=12),
        ),
        max_size=25,
    ),
)
def test_whatever_is_typed_is_answered_and_the_journal_tells_it_again(
    seat: str | None, others: Others, seed: int, lines: list[str]
) -> None:
    made = header(TOWNS, seat=seat, others=others, seed=seed)
    sitting = Table(Case(TOWNS), made, {})
    told = sitting.play(line for line in lines if "save" not in line)
    session = sitting.session
    again = replayed(sitting.journal, session.case)
    assert {name: node.action for name, node in again.nodes.items()} == {
        name: node.action for name, node in session.nodes.items()
    }
    assert (again.here.id, again.names, again.notes) == (
        session.here.id,
        session.names,
        session.notes,
    )
    assert told.endswith("To go on: negsim play PACK --resume kept.jsonl\n")
    answered = (line for line in sitting.said if not line.startswith("> "))
    assert all(line.isprintable() for line in answered)
    assert session.header.seat in (None, EVERYTHING, *session.game.movers)
    if legal_actions(session.game, session.here.state) == ():
        assert "Ending reached" in told
