"""`negsim journal`: every subcommand, and every kind of damage that a journal can have."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from negsim.engine import legal_actions
from negsim.journal import (
    Answered,
    AnyEntry,
    Applied,
    Header,
    Injected,
    Named,
    Noted,
    Went,
    as_line,
    parse_journal,
    read_journal,
)
from negsim.others import by_chance
from negsim.pack.catalogue import shipped
from negsim.pack.load import LoadedPack
from negsim.session import Case, Session, replayed
from tests.conftest import Call

Lines = list[bytes]
REPAIR = "`negsim journal repair {}` writes what is whole to another file"


@pytest.fixture(scope="module")
def case(two_towns: LoadedPack) -> Case:
    return Case(two_towns)


def header_of(case: Case, **more: Any) -> Header:
    return Header(
        pack=case.loaded.pack.id,
        level=case.level,
        content=case.loaded.content_hash,
        session="0123" * 8,
        **{"seed": 7, **more},
    )


def lines_of(header: Header, entries: Iterable[AnyEntry] = ()) -> Lines:
    """The lines of a journal, without their ends."""
    found, before = [], ""
    for entry in (header, *entries):
        line, before = as_line(entry, before)
        found.append(line[:-1])
    return found


def whole(lines: Lines) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def played(case: Case) -> list[AnyEntry]:
    """Two branches from the record and one from the start, with names and notes."""
    kept: list[AnyEntry] = []
    session = Session(case, header_of(case), kept.append)
    session.goto("r4")
    session.apply("answer/letter/weir/accepted")
    session.name("agreed")
    session.note("It was agreed.")
    session.apply("answer/letter/gate/silent")
    session.note("Silent on the gate.")
    session.undo()
    session.apply("answer/letter/gate/talks")
    session.name("talks")
    session.goto("start")
    session.note("From the start.")
    session.apply("posture/highwell/build-up")
    session.apply("demand/letter")
    session.name("late")
    return kept


@pytest.fixture
def lines(case: Case) -> Lines:
    header = header_of(case, seat="lowmill", team="The weir", members=["Ada", "Ben"])
    return lines_of(header, played(case))


@pytest.fixture
def file(tmp_path: Path, lines: Lines) -> Path:
    path = tmp_path / "a.jsonl"
    path.write_bytes(whole(lines))
    return path


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which sessions are kept."""
    monkeypatch.setenv("NEGSIM_HOME", str(tmp_path / "home"))
    folder = tmp_path / "home" / "sessions"
    folder.mkdir(parents=True)
    return folder


def unwrapped(text: str) -> str:
    return " ".join(text.split())


# list


def test_no_sessions_are_kept_yet(call: Call, kept: Path) -> None:
    result = call("journal", "list")
    assert result.code == 0
    assert result.out == f"No sessions are kept yet in {kept}; `negsim play` starts one.\n"
    assert json.loads(call("journal", "list", "--json").out) == []


def test_sessions_are_listed_with_the_last_played_first(
    call: Call, case: Case, kept: Path, lines: Lines
) -> None:
    rows = {
        "two-towns-aaaaaaaa": whole(lines),
        "two-towns-bbbbbbbb": whole(lines_of(header_of(case), played(case)[:1])),
        "two-towns-cccccccc": whole([*lines[:5], lines[5][:-1] + b"?", *lines[6:]]),
        "two-towns-dddddddd": b"",
    }
    for age, (name, raw) in enumerate(rows.items()):
        (kept / f"{name}.jsonl").write_bytes(raw)
        os.utime(kept / f"{name}.jsonl", (1000 - age, 1000 - age))
    (kept / "no-journal.txt").write_text("x")
    (kept / "folder.jsonl").mkdir()
    result = call("journal", "list")
    assert (result.code, result.err) == (0, "")
    said = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "then", result.said)
    assert said == (
        "two-towns-aaaaaaaa two-towns (full), lowmill, 14 entries; The weir; last played then "
        "two-towns-bbbbbbbb two-towns (full), all parties, 1 entry; last played then "
        "two-towns-cccccccc cannot be read: two-towns-cccccccc.jsonl: entry 5: it was changed, or "
        f"what stands before it; {REPAIR.format('two-towns-cccccccc.jsonl')} "
        "two-towns-dddddddd cannot be read: two-towns-dddddddd.jsonl: entry 0: this is no journal: "
        "it has no whole header"
    )
    assert max(map(len, result.out.splitlines())) <= 80
    data = json.loads(call("journal", "list", "--json").out)
    assert [row["name"] for row in data] == [*rows]
    when = data[0]["played"]
    assert data[0] == {
        **dict.fromkeys(("beside", "exercise", "task")),
        "name": "two-towns-aaaaaaaa",
        "file": str(kept / "two-towns-aaaaaaaa.jsonl"),
        "about": f"two-towns (full), lowmill, 14 entries; The weir; last played {when}",
        "played": when,
        "session": "0123" * 8,
        "content": case.loaded.content_hash,
        "seed": 7,
        "seat": "lowmill",
        "others": "wait",
        "team": "The weir",
        "members": ["Ada", "Ben"],
        "format": 1,
        "pack": "two-towns",
        "level": "full",
        "entries": 14,
        "fingerprint": parse_journal(whole(lines), "a").fingerprint,
    }
    assert data[3].keys() == {"name", "file", "about"}


# show


SHOWN = """\
Two towns and a weir, level full
Seat: Lowmill. Others: wait. Seed: 7.
Team: The weir: Ada, Ben
14 entries; fingerprint {}

"""


def test_a_journal_is_shown_with_all_that_was_tried(call: Call, file: Path) -> None:
    result = call("journal", "show", "a.jsonl")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(SHOWN.format(read_journal(file).fingerprint))
    assert '["agreed"] [note: It was agreed.]' in result.said
    assert '[<- here] ["late"]' in result.said
    assert result.out.endswith("The line has left the record after the start.\n")
    assert max(map(len, result.out.splitlines())) <= 80


def test_a_journal_without_seat_and_team(call: Call, case: Case, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(whole(lines_of(header_of(case))))
    out = call("journal", "show", "a.jsonl").out
    assert out == (
        "Two towns and a weir, level full\n"
        "Seat: all parties. Others: wait. Seed: 7.\n"
        f"0 entries; fingerprint {read_journal(tmp_path / 'a.jsonl').fingerprint}\n\n"
        "0  the start  [<- here]\nThis is the start.\n"
    )


def test_the_tree_for_programs(call: Call, file: Path, case: Case) -> None:
    data = json.loads(call("journal", "show", "a.jsonl", "--json").out)
    places = {it["place"]: it for it in data.pop("places")}
    assert (data["entries"], data["here"], data["team"]) == (14, "13", "The weir")
    assert data["fingerprint"] == read_journal(file).fingerprint
    assert places["2"] == {
        "place": "2",
        "parent": "r4",
        "action": "answer/letter/weir/accepted",
        "by": None,
        "round": 1,
        "name": "agreed",
        "notes": ["It was agreed."],
        "ending": None,
    }
    assert places["0"]["parent"] is places["0"]["action"] is None
    assert places["r20"]["ending"] == "talks"
    assert places["r1"]["by"] == "record"
    assert len(places) == len(case.trunk) + 5


def test_fingerprints_of_a_folder_with_what_is_no_journal(
    call: Call, file: Path, tmp_path: Path
) -> None:
    """Each that can be read is printed; what cannot is named, and the answer is no."""
    folder = tmp_path / "in"
    (folder / "b").mkdir(parents=True)
    (folder / "b" / "c.jsonl").write_bytes(file.read_bytes())
    (folder / "empty.jsonl").write_bytes(b"")
    (folder / "random.jsonl").write_bytes(b"\xff\x00\x01")
    found = read_journal(file).fingerprint
    result = call("journal", "fingerprint", "in", "nothing.jsonl", "a.jsonl")
    assert result.code == 1
    inside = str(Path("in", "b", "c.jsonl"))
    assert result.out.splitlines() == [f"{found}  {inside}", f"{found}  a.jsonl"]
    for name in ("empty.jsonl", "random.jsonl", "nothing.jsonl"):
        assert name in result.err
    result = call("journal", "fingerprint", "in", "--json")
    assert [it["file"] for it in json.loads(result.out)] == [inside]


def test_a_torn_journal_is_shown_with_a_warning(call: Call, file: Path) -> None:
    file.write_bytes(file.read_bytes() + b'{"id":15,')
    for words in (("show",), ("script",), ("fingerprint",)):
        result = call("journal", *words, "a.jsonl")
        assert result.code == 0
        assert result.err == (
            "negsim: a.jsonl: the last line was never finished; its 9 bytes are left out, and the "
            "14 entries before it are whole\n"
        )


def test_what_strangers_write_is_harmless_to_a_terminal(
    call: Call, case: Case, tmp_path: Path, kept: Path
) -> None:
    team = "a\x1b[31m\x9b\u202e"
    header = header_of(case, seat="nobody", team=team, members=[team])
    entries: list[AnyEntry] = [Noted(id=1, text=team), Named(id=2, name=team)]
    for path in (tmp_path / "a\x1b[31m.jsonl", kept / "two-towns-aaaaaaaa.jsonl"):
        path.write_bytes(whole(lines_of(header, entries)))
    for words in (
        ("show", "a\x1b[31m.jsonl"),
        ("verify", "a\x1b[31m.jsonl"),
        ("fingerprint", "a\x1b[31m.jsonl"),
        ("repair", "a\x1b[31m.jsonl"),
        ("script", "a\x1b[31m.jsonl"),
        ("show", "\x1b[31m.jsonl"),
        ("list",),
    ):
        result = call("journal", *words)
        assert all(char.isprintable() or char == "\n" for char in result.out + result.err), words


# What is no journal that can be used


OTHER_PACKS = ["../two-towns", "..", ".", "/etc", "sub/two-towns", "./two-towns", "two-twons", " "]


@pytest.mark.parametrize("subcommand", ["show", "verify", "repair"])
@pytest.mark.parametrize("name", OTHER_PACKS)
def test_the_pack_that_a_journal_names_is_no_path(
    call: Call, case: Case, tmp_path: Path, subcommand: str, name: str
) -> None:
    copied(tmp_path / "two-towns", name=name)
    copied(tmp_path / "sub" / "two-towns", name=name)
    damage = [b"{}"] if subcommand == "repair" else []
    header = header_of(case).model_copy(update={"pack": name})
    (tmp_path / "sub" / "a.jsonl").write_bytes(whole([*lines_of(header), *damage]))
    result = call("journal", subcommand, "sub/a.jsonl")
    assert result.code == (1 if subcommand == "verify" else 2)
    said = unwrapped(result.out + result.err)
    assert f"no pack {json.dumps(' '.join(name.split()))}" in said.replace('" "', '""')
    assert said.endswith("; or name the folder of the pack with --pack")
    assert not (tmp_path / "sub" / "a.repaired.jsonl").exists()


def copied(place: Path, old: str = "", new: str = "", name: str = "two-towns") -> Path:
    """A copy of two-towns with some words replaced in pack.yaml."""
    place.mkdir(parents=True)
    for path in (shipped() / "two-towns").glob("*.yaml"):
        (place / path.name).write_bytes(path.read_bytes())
    text = (place / "pack.yaml").read_text(encoding="utf-8").replace("id: two-towns", f"id: {name}")
    assert not old or text.count(old) == 1
    (place / "pack.yaml").write_text(text.replace(old, new) if old else text, encoding="utf-8")
    return place


def test_a_journal_of_a_pack_that_does_not_ship(call: Call, case: Case, tmp_path: Path) -> None:
    copied(tmp_path / "my-case", name="my-case")
    header = header_of(case).model_copy(update={"pack": "my-case"})
    entries = played(case)
    (tmp_path / "a.jsonl").write_bytes(whole(lines_of(header, entries)))
    assert call("journal", "verify", "a.jsonl").code == 1
    assert call("journal", "verify", "a.jsonl", "--pack", "my-case").code == 0
    assert call("journal", "show", "a.jsonl", "--pack", "my-case").code == 0
    result = call("journal", "show", "a.jsonl", "--pack", "two-towns")
    assert (result.code, result.err) == (
        2,
        'negsim: "a.jsonl" is a session of "my-case", not of "two-towns"\n',
    )
    (tmp_path / "b.jsonl").write_bytes(whole([*lines_of(header, entries), b"{}"]))
    result = call("journal", "repair", "b.jsonl", "--pack", "two-towns")
    assert (result.code, result.err) == (
        2,
        'negsim: "b.jsonl" is a session of "my-case", not of "two-towns"\n',
    )
    assert not (tmp_path / "b.repaired.jsonl").exists()
    assert call("journal", "repair", "b.jsonl", "--pack", "my-case").code == 0


def test_a_pack_that_ships_is_not_looked_for_where_one_works(
    call: Call, file: Path, tmp_path: Path
) -> None:
    copied(tmp_path / "two-towns", "title: a lower weir", "title: a low weir")
    assert "changed" not in verified(call, "a.jsonl")[1]
    assert "the pack has changed" in verified(call, "a.jsonl", "--pack", "two-towns")[1]


def test_an_unknown_level(call: Call, case: Case, tmp_path: Path) -> None:
    header = header_of(case).model_copy(update={"level": "basic"})
    (tmp_path / "a.jsonl").write_bytes(whole(lines_of(header)))
    result = call("journal", "show", "a.jsonl")
    assert (result.code, result.err) == (
        2,
        'negsim: no level "basic" in two-towns; there is "full"\n',
    )


@pytest.mark.parametrize("subcommand", ["show", "verify", "repair", "fingerprint", "script"])
def test_a_journal_that_is_not_there(call: Call, subcommand: str) -> None:
    result = call("journal", subcommand, "nothing.jsonl")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith('negsim: no journal "nothing.jsonl" in the sessions that are kept')


@pytest.mark.parametrize(
    ("subcommand", "code"), [("show", 2), ("verify", 1), ("fingerprint", 2), ("script", 2)]
)
def test_a_changed_journal_is_refused_by_every_command_but_repair(
    call: Call, tmp_path: Path, lines: Lines, subcommand: str, code: int
) -> None:
    (tmp_path / "a.jsonl").write_bytes(whole([*lines[:3], *lines[4:]]))
    result = call("journal", subcommand, "a.jsonl")
    assert result.code == code
    assert unwrapped(result.out + result.err).endswith(
        "a.jsonl: entry 3: entry 4 stands in its place: something is missing or was moved; "
        + REPAIR.format("a.jsonl")
    )


# verify


def verified(call: Call, *words: str) -> tuple[int, str]:
    """The exit code of verify, and what it said of the one journal."""
    result = call("journal", "verify", *words)
    assert result.err == ""
    return result.code, result.said


def test_a_whole_journal_is_verified(call: Call, file: Path) -> None:
    told = f"whole; 14 entries, fingerprint {read_journal(file).fingerprint}"
    assert verified(call, "a.jsonl") == (0, f"a.jsonl: {told}")
    result = call("journal", "verify", "a.jsonl", "--json")
    assert json.loads(result.out) == [{"file": "a.jsonl", "whole": True, "said": told}]


def test_a_torn_journal_is_whole_as_far_as_it_goes(call: Call, file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-10])
    found = read_journal(file)
    assert verified(call, "a.jsonl") == (
        0,
        f"a.jsonl: whole but for {found.torn} bytes never finished; 13 entries, fingerprint "
        f"{found.fingerprint}",
    )


def test_each_journal_is_verified_though_others_cannot_be(
    call: Call, case: Case, file: Path, lines: Lines
) -> None:
    folder = file.parent
    (folder / "b.jsonl").write_bytes(whole([*lines[:2], *lines[3:]]))
    (folder / "c.jsonl").write_text("hello\n")
    header = header_of(case).model_copy(update={"pack": "elsewhere"})
    (folder / "d.jsonl").write_bytes(whole(lines_of(header)))
    (folder / "e.jsonl").write_bytes(file.read_bytes())
    result = call("journal", "verify", *(f"{name}.jsonl" for name in "abcde"), "--json")
    rows = json.loads(result.out)
    assert result.code == 1
    assert [(row["file"], row["whole"]) for row in rows] == [
        ("a.jsonl", True),
        ("b.jsonl", False),
        ("c.jsonl", False),
        ("d.jsonl", False),
        ("e.jsonl", True),
    ]
    assert rows[2]["said"] == "entry 0: this is no journal: it does not start with a header"
    assert rows[3]["said"] == (
        'no pack "elsewhere"; there is "january-2022", "two-towns"; or name the folder of the pack '
        "with --pack"
    )
    said = call("journal", "verify", "a.jsonl", "c.jsonl").out.splitlines()
    assert [line.partition(":")[0] for line in said if line[0] != " "] == ["a.jsonl", "c.jsonl"]


def test_nothing_is_verified_where_one_is_missing(call: Call, file: Path) -> None:
    result = call("journal", "verify", "a.jsonl", "b.jsonl")
    assert (result.code, result.out) == (2, "")
    assert call("journal", "verify").code == 2


def test_a_fingerprint_shows_what_was_rewritten(
    call: Call, case: Case, file: Path, lines: Lines
) -> None:
    journal = read_journal(file)
    shorter = parse_journal(whole(lines[:6]), "a").fingerprint
    assert shorter.startswith("5-")
    for fingerprint in (journal.fingerprint, shorter):
        assert verified(call, "a.jsonl", "--fingerprint", fingerprint)[0] == 0
    entries = list(journal.entries)
    entries[3] = Noted(id=4, text="It was not agreed.")
    file.write_bytes(whole(lines_of(journal.header, entries)))
    assert verified(call, "a.jsonl")[0] == 0  # rewritten on purpose, all hashes made anew
    for fingerprint in (journal.fingerprint, shorter):
        assert verified(call, "a.jsonl", "--fingerprint", fingerprint) == (
            1,
            f'a.jsonl: it does not begin as the fingerprint "{fingerprint}" says',
        )
    before = parse_journal(whole(lines[:4]), "a").fingerprint  # what stands before is the same
    assert verified(call, "a.jsonl", "--fingerprint", before)[0] == 0
    longer = lines_of(journal.header, [*journal.entries, Noted(id=15, text="One more.")])
    file.write_bytes(whole(longer))
    assert verified(call, "a.jsonl", "--fingerprint", journal.fingerprint)[0] == 0


def test_a_fingerprint_that_it_never_had(call: Call, file: Path) -> None:
    count, _, digits = read_journal(file).fingerprint.partition("-")
    for wrong in (
        f"15-{digits}",
        f"13-{digits}",
        f"{count}-{digits[:-1]}{'01'[digits[-1] == '0']}",
    ):
        assert verified(call, "a.jsonl", "--fingerprint", wrong) == (
            1,
            f'a.jsonl: it does not begin as the fingerprint "{wrong}" says',
        )


@pytest.mark.parametrize("wrong", ["", "14", "14-", "x", "-1-0123456789abcdef", "{}", "{} "])
def test_what_is_no_fingerprint(call: Call, file: Path, wrong: str) -> None:
    wrong = wrong.format(read_journal(file).fingerprint[:-1])
    result = call("journal", "verify", "a.jsonl", "--fingerprint", wrong)
    assert (result.code, result.out) == (2, "")
    assert result.err.endswith("is no fingerprint; `negsim journal fingerprint` prints them\n")


def test_a_fingerprint_is_of_one_journal(call: Call, file: Path) -> None:
    result = call("journal", "verify", "a.jsonl", "a.jsonl", "--fingerprint", "0-x")
    assert result.code == 2
    assert result.err.endswith("negsim: --fingerprint is of one journal; name one file\n")


def test_a_draw_that_the_seed_does_not_make_is_found(
    call: Call, case: Case, tmp_path: Path
) -> None:
    header = header_of(case, seat="lowmill")
    kept: list[AnyEntry] = []
    session = Session(case, header, kept.append)
    session.goto("r11")
    session.apply("pass/lowmill")
    drawn = by_chance(case.game, session.here, header.seed).id
    false = next(it.id for it in legal_actions(case.game, session.here.state) if it.id != drawn)
    said = f"entry 3: {false} is said to be drawn, and the seed draws another"
    for action, code, by in ((drawn, 0, "chance"), (false, 1, "chance"), (false, 0, None)):
        session = replayed(parse_journal(whole(lines_of(header, kept[:2])), "a"), case, kept.append)
        session.apply(action, "chance" if by else None)
        (tmp_path / "a.jsonl").write_bytes(whole(lines_of(header, kept)))
        del kept[2:]
        got, told = verified(call, "a.jsonl")
        assert got == code
        assert (said in told) == bool(code)


def test_all_that_is_wrong_is_told(call: Call, case: Case, tmp_path: Path) -> None:
    kept: list[AnyEntry] = []
    session = Session(case, header_of(case, seat="lowmill"), kept.append)
    for action in ("posture/highwell/build-up", "demand/letter"):
        session.apply(action, "chance")
    (tmp_path / "a.jsonl").write_bytes(whole(lines_of(session.header, kept)))
    assert verified(call, "a.jsonl", "--fingerprint", "0-0123456789abcdef") == (
        1,
        "a.jsonl: entry 1: posture/highwell/build-up is said to be drawn, and the seed draws "
        "another; entry 2: demand/letter is said to be drawn, and the seed draws another; it does "
        'not begin as the fingerprint "0-0123456789abcdef" says',
    )


def test_a_pack_whose_words_changed_still_fits(call: Call, file: Path, tmp_path: Path) -> None:
    folder = copied(tmp_path / "new" / "two-towns", "title: a lower weir", "title: a low weir")
    fingerprint = read_journal(file).fingerprint
    assert verified(call, "a.jsonl", "--pack", str(folder)) == (
        0,
        f"a.jsonl: whole; 14 entries, fingerprint {fingerprint}; the pack has changed since, but "
        "every step fits",
    )


def test_a_pack_that_plays_otherwise_does_not_fit(call: Call, file: Path, tmp_path: Path) -> None:
    folder = copied(tmp_path / "new" / "two-towns", "start: open", "start: blocked")
    code, said = verified(call, "a.jsonl", "--pack", str(folder))
    assert code == 1
    assert said.startswith('a.jsonl: entry 1: "r4" leads to another state than it did')
    assert 'the pack "two-towns" has changed since the journal was written' in said


def test_an_action_that_nobody_could_take_is_found(call: Call, case: Case, file: Path) -> None:
    entries = played(case)
    entries[1] = Applied(id=2, parent="r4", action="decide/letter/talks", state="0" * 16)
    file.write_bytes(whole(lines_of(header_of(case), entries)))
    code, said = verified(call, "a.jsonl")
    assert code == 1
    assert said.startswith("a.jsonl: entry 2: decide/letter/talks is refused: ")
    assert "the pack is the same, so the journal was not written by playing it" in said


# repair


def changed_in(number: int, old: bytes, new: bytes) -> Callable[[Lines], Lines]:
    def change(lines: Lines) -> Lines:
        assert old in lines[number]
        return [*lines[:number], lines[number].replace(old, new), *lines[number + 1 :]]

    return change


DAMAGE: list[Any] = [
    # what is done, the entries that are kept (by their numbers), how many are left out
    pytest.param(changed_in(4, b"was", b"is"), {*range(1, 15)} - {4}, 1, id="a note changed"),
    pytest.param(
        changed_in(5, b"silent", b"talks"), {*range(1, 15)} - {5, 6}, 2, id="an action changed"
    ),
    pytest.param(
        changed_in(2, b"accepted", b"rejected"),
        {1, 10, 11, 12, 13, 14},
        8,
        id="an action changed on which much rests",
    ),
    pytest.param(
        lambda lines: [*lines[:5], lines[5][:-10] + b'00000000"}', *lines[6:]],
        {*range(1, 15)} - {5, 6},
        2,
        id="a hash changed",
    ),
    pytest.param(
        lambda lines: [*lines[:3], *lines[4:]], {*range(1, 15)} - {3, 4}, 1, id="a line deleted"
    ),
    pytest.param(
        lambda lines: [*lines[:2], *lines[5:]],
        {1, 10, 11, 12, 13, 14},
        5,
        id="lines deleted on which much rests",
    ),
    pytest.param(
        lambda lines: [*lines[:5], lines[6], lines[5], *lines[7:]],
        {*range(1, 15)} - {5, 6, 7},
        3,
        id="lines swapped",
    ),
    pytest.param(
        lambda lines: [*lines[:6], lines[3], *lines[6:]],
        {*range(1, 15)} - {6},
        2,
        id="a line twice",
    ),
    pytest.param(
        lambda lines: [*lines[:8], b"{}", *lines[9:]],
        {*range(1, 15)} - {8, 9},
        2,
        id="a line overwritten",
    ),
    pytest.param(
        lambda lines: [*lines[:8], b"\xff\x00\x1b[31m" * 20_000, *lines[9:]],
        {*range(1, 15)} - {8, 9},
        2,
        id="a line of rubbish",
    ),
    pytest.param(
        lambda lines: [*lines[:3], *lines[4:14], lines[14][:-30]],
        {*range(1, 14)} - {3, 4},
        2,
        id="a line deleted and the last one torn",
    ),
    pytest.param(lambda lines: lines[:1] + [b"x"] * 14, set(), 14, id="nothing but the header"),
]


@pytest.mark.parametrize(("damage", "numbers", "left_out"), DAMAGE)
def test_what_is_sound_is_kept_beside_the_damaged_file(
    call: Call,
    case: Case,
    tmp_path: Path,
    lines: Lines,
    damage: Callable[[Lines], Lines],
    numbers: set[int],
    left_out: int,
) -> None:
    raw = whole(damage(lines))
    (tmp_path / "a.jsonl").write_bytes(raw)
    assert verified(call, "a.jsonl")[0] == 1
    result = call("journal", "repair", "a.jsonl")
    assert (result.code, result.err) == (0, "")
    kept = "1 entry" if len(numbers) == 1 else f"{len(numbers)} entries"
    missing = "1 entry" if left_out == 1 else f"{left_out} entries"
    assert result.said == (
        f"a.repaired.jsonl: {kept} kept; {missing} left out: changed or never finished, or resting "
        "on what is missing"
    )
    assert (tmp_path / "a.jsonl").read_bytes() == raw
    assert verified(call, "a.repaired.jsonl")[0] == 0
    repaired = read_journal(tmp_path / "a.repaired.jsonl")
    assert repaired.header == read_header(lines)
    sound = [entry for entry in played(case) if entry.id in numbers]
    assert [said(it) for it in repaired.entries if not isinstance(it, Went)] == [
        said(it) for it in sound if not isinstance(it, Went)
    ]
    at = marks(Session(case, repaired.header), repaired.entries)
    assert at.items() <= marks(Session(case, repaired.header), played(case)).items()


def read_header(lines: Lines) -> Header:
    return parse_journal(lines[0] + b"\n", "a").header


def said(entry: AnyEntry) -> str:
    """What an entry does, whatever its number."""
    match entry:
        case Applied(action=action):
            return action
        case Went(to=to):
            return to
        case Named(name=name):
            return name
        case Noted(text=text):
            return text
        case Answered(task=task):
            return task
        case Injected(inject=inject):
            return inject


def marks(session: Session, entries: Iterable[AnyEntry]) -> dict[str, bytes]:
    """For each name and note the line to the place that has it."""
    for entry in entries:
        session.fold(entry)
    found = {name: session.nodes[place].path for place, name in session.names.items()}
    for place, notes in session.notes.items():
        found.update(dict.fromkeys(notes, session.nodes[place].path))
    return found


@pytest.mark.parametrize("seed", range(12))
def test_whatever_the_damage_the_repaired_journal_is_sound(
    call: Call, case: Case, tmp_path: Path, seed: int
) -> None:
    """And no name or note stands on another place than it did."""
    random = Random(seed)
    kept: list[AnyEntry] = []
    session = Session(case, header_of(case), kept.append)
    for number in range(30):
        actions = legal_actions(case.game, session.here.state)
        match random.randrange(6):
            case 0:
                session.goto(random.choice([*session.nodes]))
            case 1:
                session.note(f"note {number}")
            case 2:
                session.name(f"name {number}")
            case _ if actions:
                session.apply(random.choice(actions).id)
    lines = lines_of(session.header, kept)
    damaged = list(lines)
    for _ in range(random.randrange(1, 5)):
        place = random.randrange(1, len(damaged) - 1)
        match random.randrange(4):
            case 0:
                del damaged[place]
            case 1:
                damaged[place] = damaged[place].replace(b'"id"', b'"ID"')
            case 2:
                damaged[place], damaged[place + 1] = damaged[place + 1], damaged[place]
            case _:
                damaged.insert(place, random.choice(lines[1:]))
    (tmp_path / "a.jsonl").write_bytes(whole(damaged))
    result = call("journal", "repair", "a.jsonl")
    if result.code == 2:  # two swaps may leave it as it was
        assert "is whole; there is nothing to repair" in result.err
        return
    assert verified(call, "a.repaired.jsonl")[0] == 0
    repaired = read_journal(tmp_path / "a.repaired.jsonl").entries
    all_marks: dict[str, set[bytes]] = {}
    session = Session(case, session.header)
    for entry in kept:
        session.fold(entry)
        if isinstance(entry, Named | Noted):
            all_marks.setdefault(said(entry), set()).add(session.here.path)
    for mark, path in marks(Session(case, session.header), repaired).items():
        assert path in all_marks[mark]


def test_a_file_is_never_overwritten(call: Call, tmp_path: Path, lines: Lines) -> None:
    raw = whole([*lines[:3], *lines[4:]])
    (tmp_path / "a.jsonl").write_bytes(raw)
    (tmp_path / "a.repaired.jsonl").write_text("mine")
    result = call("journal", "repair", "a.jsonl")
    assert (result.code, result.err) == (
        2,
        'negsim: "a.repaired.jsonl" exists; name another file with --to\n',
    )
    assert (tmp_path / "a.repaired.jsonl").read_text() == "mine"
    for target in ("a.jsonl", "a.repaired.jsonl", "./a.jsonl"):
        assert call("journal", "repair", "a.jsonl", "--to", target).code == 2
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "nowhere.jsonl")
    result = call("journal", "repair", "a.jsonl", "--to", "link.jsonl")
    assert result.err == 'negsim: "link.jsonl" exists; name another file with --to\n'
    assert not (tmp_path / "nowhere.jsonl").exists()
    assert (tmp_path / "a.jsonl").read_bytes() == raw
    result = call("journal", "repair", "a.jsonl", "--to", "new/b.jsonl")
    assert result.code == 0
    assert result.out.startswith("new/b.jsonl: 12 entries kept; 1 entry left out")
    assert verified(call, "new/b.jsonl")[0] == 0


def test_a_kept_session_is_repaired_where_it_is_kept(call: Call, kept: Path, lines: Lines) -> None:
    (kept / "two-towns-aaaaaaaa.jsonl").write_bytes(whole([*lines[:3], *lines[4:]]))
    assert call("journal", "repair", "two-towns-a").code == 0
    rows = json.loads(call("journal", "list", "--json").out)
    assert {row["name"] for row in rows} == {"two-towns-aaaaaaaa", "two-towns-aaaaaaaa.repaired"}


def test_what_is_whole_is_not_repaired(call: Call, file: Path) -> None:
    result = call("journal", "repair", "a.jsonl")
    assert (result.code, result.err) == (
        2,
        'negsim: "a.jsonl" is whole; there is nothing to repair\n',
    )
    assert [path.name for path in file.parent.glob("*.jsonl")] == ["a.jsonl"]


def test_a_last_line_that_was_never_finished_is_left_out(
    call: Call, tmp_path: Path, lines: Lines
) -> None:
    (tmp_path / "a.jsonl").write_bytes(whole(lines)[:-20])
    result = call("journal", "repair", "a.jsonl")
    assert result.code == 0
    assert result.out.startswith("a.repaired.jsonl: 13 entries kept; 1 entry left out: ")
    assert (tmp_path / "a.repaired.jsonl").read_bytes() == whole(lines[:-1])


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (
            changed_in(0, b"The weir", b"Our weir"),
            "the header was changed: which session it was cannot be told",
        ),
        (
            changed_in(0, b'"format":1', b'"format":2'),
            'the format "2" is not known here; this negsim reads format 1',
        ),
        (lambda lines: lines[1:], "this is no journal: it does not start with a header"),
        (lambda lines: [b"{", *lines], "this is no journal: it does not start with a header"),
    ],
)
def test_without_its_header_a_journal_cannot_be_repaired(
    call: Call, tmp_path: Path, lines: Lines, damage: Callable[[Lines], Lines], said: str
) -> None:
    (tmp_path / "a.jsonl").write_bytes(whole(damage(lines)))
    assert verified(call, "a.jsonl")[0] == 1
    result = call("journal", "repair", "a.jsonl")
    assert (result.code, result.out) == (2, "")
    assert result.err == f"negsim: a.jsonl: entry 0: {said}\n"
    assert not (tmp_path / "a.repaired.jsonl").exists()


def test_what_cannot_be_played_any_more_is_left_out(
    call: Call, tmp_path: Path, lines: Lines
) -> None:
    folder = copied(tmp_path / "new" / "two-towns", "start: open", "start: blocked")
    (tmp_path / "a.jsonl").write_bytes(whole([*lines[:3], *lines[4:]]))
    result = call("journal", "repair", "a.jsonl", "--pack", str(folder))
    assert result.code == 0
    repaired = read_journal(tmp_path / "a.repaired.jsonl").entries
    assert not any(isinstance(entry, Applied) for entry in repaired)
    assert verified(call, "a.repaired.jsonl", "--pack", str(folder))[0] == 0


# fingerprint


def test_fingerprints_are_printed_one_a_line(call: Call, file: Path, lines: Lines) -> None:
    (file.parent / "b.jsonl").write_bytes(whole(lines[:4]))
    found = [read_journal(file.parent / name).fingerprint for name in ("a.jsonl", "b.jsonl")]
    result = call("journal", "fingerprint", "a.jsonl", "b.jsonl")
    assert (result.code, result.out) == (0, f"{found[0]}  a.jsonl\n{found[1]}  b.jsonl\n")
    assert re.fullmatch(r"14-[0-9a-f]{16}", found[0])
    assert json.loads(call("journal", "fingerprint", "b.jsonl", "--json").out) == [
        {"file": "b.jsonl", "session": "0123" * 8, "fingerprint": found[1]}
    ]
    assert call("journal", "fingerprint").code == 2


def test_an_unknown_subcommand_and_the_help(call: Call) -> None:
    assert call("journal", "reapir").code == 2
    out = call("journal", "--help").out
    for name in ("list", "show", "verify", "repair", "fingerprint", "script"):
        assert f"\n  {name} " in out
