"""Journals on disk: the format, what is read back, and every way in which a file is refused."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negsim import journal as module
from negsim import journal_file
from negsim.errors import NegsimError, printable
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
    new_header,
    parse_journal,
    read_journal,
    salvage,
)
from negsim.journal_file import create, file_of, resume
from negsim.places import sessions

Change = Callable[[list[bytes]], bytes]

HEADER = Header(pack="two-towns", content="c" * 64, session="0123" * 8, seed=7)
ENTRIES: list[AnyEntry] = [
    Applied(id=1, parent="0", action="demand/letter", state="0" * 16),
    Went(id=2, to="0", state="1" * 16),
    Named(id=3, name="the start"),
    Noted(id=4, text='a "note", \\ and a wave \U0001f30a'),
    Applied(id=5, parent="0", action="pass/highwell", state="2" * 16, by="rule"),
]
REPAIR = "; `negsim journal repair a.jsonl` writes what is whole to another file"


def journal_of(entries: list[AnyEntry], header: Header = HEADER) -> bytes:
    """The bytes of a journal."""
    raw, before = as_line(header, "")
    for entry in entries:
        line, before = as_line(entry, before)
        raw += line
    return raw


def forged(*rows: bytes | dict[str, Any]) -> bytes:
    """A journal with rows that nobody checked, and hashes that are right."""
    raw, before = b"", b""
    for row in rows:
        body = row if isinstance(row, bytes) else json.dumps(row).encode()
        body = body[:-1]
        before = sha256(before + body).hexdigest().encode()
        raw += body + b',"hash":"' + before + b'"}\n'
    return raw


def header_row(**other: Any) -> dict[str, Any]:
    return {**json.loads(HEADER.model_dump_json(exclude_none=True)), **other}


def refused(raw: bytes) -> str:
    """How the bytes are refused."""
    with pytest.raises(JournalError) as raised:
        parse_journal(raw, "a.jsonl")
    assert str(raised.value).startswith(f"a.jsonl: entry {raised.value.entry}: ")
    return str(raised.value).removeprefix("a.jsonl: ")


# The format


def test_the_format_is_as_documented() -> None:
    raw = journal_of(ENTRIES)
    lines = raw.split(b"\n")
    assert lines.pop() == b""
    before = ""
    for number, line in enumerate(lines):
        assert re.search(rb',"hash":"[0-9a-f]{64}"}$', line)
        data = json.loads(line)
        assert data["hash"] == sha256(before.encode() + line[:-75]).hexdigest()
        assert data.get("id", 0) == number
        assert line[-75:] == b',"hash":"' + data["hash"].encode() + b'"}'
        before = data["hash"]
    assert [json.loads(line[:-75] + b"}") for line in lines] == [
        {
            "session": "0123" * 8,
            "content": "c" * 64,
            "seed": 7,
            "others": "wait",
            "members": [],
            "format": 1,
            "pack": "two-towns",
            "level": "full",
        },
        {
            "id": 1,
            "did": "applied",
            "parent": "0",
            "action": "demand/letter",
            "state": "0" * 16,
        },
        {"id": 2, "did": "went", "to": "0", "state": "1" * 16},
        {"id": 3, "did": "named", "name": "the start"},
        {"id": 4, "did": "noted", "text": 'a "note", \\ and a wave \U0001f30a'},
        {
            "id": 5,
            "did": "applied",
            "parent": "0",
            "action": "pass/highwell",
            "state": "2" * 16,
            "by": "rule",
        },
    ]


def test_a_writer_writes_that_format_and_a_reader_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folders" / "a.jsonl"
    with create(path, HEADER) as writer:
        assert path.read_bytes() == journal_of([])
        for count, entry in enumerate(ENTRIES, 1):
            writer.append(entry)
            assert path.read_bytes() == journal_of(ENTRIES[:count])
    journal = read_journal(path)
    assert journal == parse_journal(path.read_bytes(), "a.jsonl")
    assert (journal.header, journal.entries) == (HEADER, tuple(ENTRIES))
    assert (journal.file, journal.size) == ("a.jsonl", path.stat().st_size)
    assert (journal.torn, journal.ended, journal.warning) == (0, True, None)
    assert [hash_[:4] for hash_ in journal.hashes] == [
        json.loads(line)["hash"][:4] for line in path.read_bytes().splitlines()
    ]
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_resumed_journal_goes_on_where_it_stopped(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    create(path, HEADER).close()
    for count, entry in enumerate(ENTRIES):
        writer, journal = resume(path)
        with writer:
            assert journal.entries == tuple(ENTRIES[:count])
            writer.append(entry)
    assert path.read_bytes() == journal_of(ENTRIES)
    assert sorted(it.name for it in tmp_path.iterdir()) == [".a.jsonl.lock", "a.jsonl"]


IDS = st.text("0123456789r+", min_size=1, max_size=20)
STATES = st.text("0123456789abcdef", min_size=16, max_size=16)


@st.composite
def some_entries(draw: st.DrawFn) -> list[AnyEntry]:
    """Entries that a file can have, whether or not they could be played."""
    kinds: list[st.SearchStrategy[dict[str, Any]]] = [
        st.fixed_dictionaries(
            {
                "did": st.just("applied"),
                "parent": IDS,
                "action": st.text(min_size=1, max_size=200),
                "state": STATES,
                "by": st.sampled_from([None, "record", "rule", "chance"]),
            }
        ),
        st.fixed_dictionaries({"did": st.just("went"), "to": IDS, "state": STATES}),
        st.fixed_dictionaries({"did": st.just("named"), "name": st.text(min_size=1, max_size=120)}),
        st.fixed_dictionaries({"did": st.just("noted"), "text": st.text(min_size=1, max_size=600)}),
    ]
    models: dict[str, Callable[..., AnyEntry]] = {
        "applied": Applied,
        "went": Went,
        "named": Named,
        "noted": Noted,
    }
    rows = draw(st.lists(st.one_of(kinds), max_size=12))
    return [models[row["did"]](id=number, **row) for number, row in enumerate(rows, 1)]


SHOWN = st.text(min_size=1, max_size=120).map(lambda text: printable(text)[:120])


@given(
    some_entries(),
    SHOWN,
    st.lists(SHOWN, max_size=40),
    st.integers(0, 10**6),
)
def test_any_entries_are_read_as_they_were_written(
    entries: list[AnyEntry], team: str, members: list[str], number: int
) -> None:
    header = HEADER.model_copy(update={"team": team, "members": members})
    raw = journal_of(entries, header)
    journal = parse_journal(raw, "it")
    assert (journal.header, list(journal.entries), journal.size) == (header, entries, len(raw))
    assert (journal.torn, journal.ended) == (0, True)
    assert raw.count(b"\n") == len(entries) + 1
    cut = number % len(raw)
    if raw.find(b"\n") < cut:
        shorter = parse_journal(raw[:cut], "it")
        whole = raw[:cut].count(b"\n") - 1 + (raw[cut : cut + 1] == b"\n")
        assert list(shorter.entries) == entries[:whole]
        assert journal.has(shorter.fingerprint)


def test_the_longest_lines_are_read() -> None:
    wide = "\U0001f30a"
    escaped = "\x00"
    header = HEADER.model_copy(
        update={"team": wide * 120, "members": [wide * 120] * 40, "pack": escaped * 120}
    )
    entries: list[AnyEntry] = [
        Noted(id=1, text=wide * 600),
        Noted(id=2, text=escaped * 600),
        Named(id=3, name=wide * 120),
        Applied(id=4, parent="r" * 20, action=escaped * 200, state="f" * 16, by="chance"),
    ]
    raw = journal_of(entries, header)
    assert max(map(len, raw.split(b"\n"))) < module.MAX_LINE / 2
    assert parse_journal(raw, "it").entries == tuple(entries)


# The fingerprint


def test_a_fingerprint_says_how_many_entries_there_are_and_what_they_were() -> None:
    journals = [
        parse_journal(journal_of(ENTRIES[:count]), "it") for count in range(len(ENTRIES) + 1)
    ]
    last = journals[-1]
    for count, journal in enumerate(journals):
        digest = json.loads(journal_of(ENTRIES).split(b"\n")[count])["hash"]
        assert journal.fingerprint == f"{count}-{digest[:16]}"
        assert last.has(journal.fingerprint)
        assert journal.has(last.fingerprint) == (journal is last)
    other = parse_journal(journal_of([Named(id=1, name="another"), *ENTRIES[1:]]), "it")
    assert not last.has(other.fingerprint)
    assert other.has(journals[0].fingerprint)
    assert not other.has(journals[1].fingerprint)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "-",
        "5",
        "5-",
        "-1-{}",
        "+5-{}",
        " 5-{}",
        "5-{} ",
        "5--{}",
        "6-{}",
        "4-{}",
        "\u0665-{}",
        "\u00b2-{}",
        "9" * 5000 + "-{}",
        "5-{}0",
        "5-" + "0" * 16,
        "x-{}",
        "5.0-{}",
    ],
)
def test_what_is_no_fingerprint_of_it_is_not_had(wrong: str) -> None:
    journal = parse_journal(journal_of(ENTRIES), "it")
    assert journal.has(f"5-{journal.hashes[-1][:16]}")
    assert not journal.has(wrong.format(journal.hashes[-1][:16]))
    assert not journal.has(f"5-{journal.hashes[-1][:15]}")


# Refusals


def changed_at(number: int, old: bytes, new: bytes) -> Change:
    def change(lines: list[bytes]) -> bytes:
        assert lines[number].count(old) == 1
        lines[number] = lines[number].replace(old, new)
        return b"".join(lines)

    return change


ORDER: list[tuple[str, Change, str]] = [
    (
        "a changed action",
        changed_at(1, b"demand/letter", b"demand/lettr"),
        f"entry 1: it was changed, or what stands before it{REPAIR}",
    ),
    (
        "a changed hash",
        changed_at(4, b'"}\n', b'0"}\n'),
        f"entry 4: it was changed, or what stands before it{REPAIR}",
    ),
    (
        "a changed seed",
        changed_at(0, b'"seed":7', b'"seed":8'),
        f"entry 0: it was changed, or what stands before it{REPAIR}",
    ),
    (
        "a header with a number",
        changed_at(0, b'"seed":7', b'"id":7'),
        f"entry 0: it was changed, or what stands before it{REPAIR}",
    ),
    (
        "blanks that mean nothing",
        changed_at(3, b'"id":3', b'"id": 3'),
        f"entry 3: it was changed, or what stands before it{REPAIR}",
    ),
    (
        "a missing entry",
        lambda lines: b"".join([*lines[:2], *lines[3:]]),
        f"entry 2: entry 3 stands in its place: something is missing or was moved{REPAIR}",
    ),
    (
        "a missing first entry",
        lambda lines: b"".join([lines[0], *lines[2:]]),
        f"entry 1: entry 2 stands in its place: something is missing or was moved{REPAIR}",
    ),
    (
        "two entries that changed places",
        lambda lines: b"".join([*lines[:2], lines[3], lines[2], *lines[4:]]),
        f"entry 2: entry 3 stands in its place: something is missing or was moved{REPAIR}",
    ),
    (
        "an entry twice",
        lambda lines: b"".join([*lines[:3], lines[2], *lines[3:]]),
        f"entry 3: entry 2 stands in its place again: the order was changed{REPAIR}",
    ),
    (
        "an entry moved to the end",
        lambda lines: b"".join([lines[0], *lines[2:], lines[1]]),
        f"entry 1: entry 2 stands in its place: something is missing or was moved{REPAIR}",
    ),
    (
        "the header again",
        lambda lines: b"".join([*lines[:3], lines[0], *lines[3:]]),
        f"entry 3: it was changed, or what stands before it{REPAIR}",
    ),
    (
        "no header",
        lambda lines: b"".join(lines[1:]),
        "entry 0: this is no journal: it does not start with a header",
    ),
    (
        "entries of another session",
        lambda lines: (
            lines[0]
            + b"".join(
                journal_of(ENTRIES, HEADER.model_copy(update={"seed": 8})).splitlines(True)[1:]
            )
        ),
        f"entry 1: it was changed, or what stands before it{REPAIR}",
    ),
    (
        "an empty line",
        lambda lines: b"".join([*lines[:3], b"\n", *lines[3:]]),
        f"entry 3: it was changed, or what stands before it{REPAIR}",
    ),
    (
        "an empty line at the end",
        lambda lines: b"".join([*lines, b"\n"]),
        f"entry 6: it was changed, or what stands before it{REPAIR}",
    ),
    (
        "line ends of Windows",
        lambda lines: b"".join(lines).replace(b"\n", b"\r\n"),
        f"entry 0: it was changed, or what stands before it{REPAIR}",
    ),
    (
        "another byte for the last line feed",
        lambda lines: b"".join(lines)[:-1] + b"\r",
        f"entry 5: its end was changed{REPAIR}",
    ),
    (
        "another byte for the header's line feed",
        lambda lines: lines[0][:-1] + b" ",
        f"entry 0: its end was changed{REPAIR}",
    ),
    (
        "a line that is a number",
        lambda lines: b"".join([*lines, b"7\n"]),
        f"entry 6: it was changed, or what stands before it{REPAIR}",
    ),
    (
        "a line of a number without end",
        lambda lines: b"".join([*lines, b'{"id":' + b"9" * 5000 + b"}\n"]),
        f"entry 6: it was changed, or what stands before it{REPAIR}",
    ),
    (
        "an entry with a huge number",
        lambda lines: b"".join([*lines, b'{"id":' + b"9" * 4000 + b"}\n"]),
        f"entry 6: it was changed, or what stands before it{REPAIR}",
    ),
    (
        "an entry with a negative number",
        lambda lines: b"".join([*lines, b'{"id":-3}\n']),
        f"entry 6: it was changed, or what stands before it{REPAIR}",
    ),
    (
        "a line without end",
        lambda lines: b"".join([*lines, b"[" * 70_000 + b"\n"]),
        f"entry 6: it was changed, or what stands before it{REPAIR}",
    ),
    (
        "a deep line",
        lambda lines: b"".join([*lines, b"[" * 60_000 + b"\n"]),
        f"entry 6: it was changed, or what stands before it{REPAIR}",
    ),
    (
        "bytes that are no text",
        lambda lines: b"".join([*lines, b"\xff\xfe\x00\n"]),
        f"entry 6: it was changed, or what stands before it{REPAIR}",
    ),
]


@pytest.mark.parametrize(
    ("change", "message"), [it[1:] for it in ORDER], ids=[it[0] for it in ORDER]
)
def test_a_changed_journal_is_refused_with_the_number(change: Change, message: str) -> None:
    raw = journal_of(ENTRIES)
    assert b"".join(raw.splitlines(True)) == raw
    assert refused(change(raw.splitlines(True))) == message


NO_JOURNAL = "entry 0: this is no journal: it does not start with a header"
NOTHING = "entry 0: this is no journal: it has no whole header"


FOREIGN: list[tuple[str, bytes, str]] = [
    ("nothing", b"", NOTHING),
    ("an empty line", b"\n", NO_JOURNAL),
    ("zeros", b"\0" * 4096, NOTHING),
    ("a line of zeros", b"\0" * 4096 + b"\n", NO_JOURNAL),
    ("YAML", b"format: 1\nid: two-towns\n", NO_JOURNAL),
    ("an empty object", b"{}\n", NO_JOURNAL),
    ("a list", b"[]\n", NO_JOURNAL),
    ("null", b"null\n", NO_JOURNAL),
    ("a string", b'"format session"\n', NO_JOURNAL),
    ("a version alone", b'{"format":1}\n', NO_JOURNAL),
    ("a session alone", b'{"session":1}\n', NO_JOURNAL),
    ("an endless version", b'{"format":' + b"9" * 5000 + b',"session":1}\n', NO_JOURNAL),
    ("no UTF-8", b'{"format":1,"session":"\xff"}\n', NO_JOURNAL),
    ("bytes", b"\xff" * 100 + b"\n", NO_JOURNAL),
    ("a deep list", b"[" * 100_000 + b"\n", NO_JOURNAL),
    ("a deep object", b'{"a":' * 10_000 + b"\n", NO_JOURNAL),
    ("blanks", b" " * 100_000 + b"{}\n", NO_JOURNAL),
    ("a torn header", journal_of([])[:-2], NOTHING),
    ("a header cut short", journal_of([])[:-3] + b"\n", NO_JOURNAL),
]


@pytest.mark.parametrize(
    ("raw", "message"), [it[1:] for it in FOREIGN], ids=[it[0] for it in FOREIGN]
)
def test_what_is_no_journal_is_said_to_be_none(raw: bytes, message: str) -> None:
    assert refused(raw) == message


def test_a_whole_header_without_its_line_feed_is_a_journal() -> None:
    journal = parse_journal(journal_of([])[:-1], "a.jsonl")
    assert (journal.header, journal.entries, journal.ended) == (HEADER, (), False)


@pytest.mark.parametrize(
    ("version", "shown"),
    [
        (2, "2"),
        (0, "0"),
        (-1, "-1"),
        (None, "None"),
        ("1", "1"),
        ("\x1b[31m", r"\x1b[31m"),
        ("x" * 9000, "x" * 17 + "..."),
        (10**30, "1" + "0" * 16 + "..."),
        (1.5, "1.5"),
        ([[[]]], "[[[]]]"),
        ({"a": 1}, "{'a': 1}"),
        (False, "False"),
    ],
)
def test_another_version_is_told_which_are_read(version: object, shown: str) -> None:
    message = f'entry 0: the format "{shown}" is not known here; this negsim reads format 1'
    assert refused(forged(header_row(format=version))) == message
    assert refused(json.dumps(header_row(format=version)).encode() + b"\n") == message


@pytest.mark.parametrize("depth", [10, 100, 300, 450, 499, 900, 990, 5000, 30_000])
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_a_deep_version_is_refused_too(depth: int, opening: bytes, closing: bytes) -> None:
    deep = opening * depth + b"1" + closing * depth
    message = refused(b'{"format":' + deep + b',"session":1}\n')
    assert message == NO_JOURNAL or message.startswith("entry 0: the format ")
    assert len(message) < 120


HEADERS: list[tuple[str, dict[str, Any], str]] = [
    ("a short session", {"session": "0123"}, "session: "),
    ("a session in capitals", {"session": "A" * 32}, "session: "),
    ("a session that ends a line", {"session": "0123" * 8 + "\n"}, "session: "),
    ("a session that is a number", {"session": 7}, "session: "),
    ("no pack", {"pack": ""}, "pack: "),
    ("a long pack", {"pack": "x" * 121}, "pack: "),
    ("a short content", {"content": "c" * 63}, "content: "),
    ("a negative seed", {"seed": -1}, "seed: "),
    ("a seed in quotes", {"seed": "7"}, "seed: "),
    ("a huge seed", {"seed": 10**30}, "seed: "),
    ("a level with blanks", {"level": "a b"}, "level: "),
    ("other others", {"others": "sleep"}, "others: "),
    ("many members", {"members": ["x"] * 41}, "members: "),
    ("a member without a name", {"members": [""]}, "members.0: "),
    ("a key more", {"\x1b[31mkey": 1}, r"\x1b[31mkey: "),
    ("a long key more", {"k" * 30_000: 1}, "k" * 200),
]


@pytest.mark.parametrize(
    ("other", "where"), [it[1:] for it in HEADERS], ids=[it[0] for it in HEADERS]
)
def test_a_header_with_something_wrong_is_refused(other: dict[str, Any], where: str) -> None:
    message = refused(forged(header_row(**other)))
    assert message.startswith(f"entry 0: the header is wrong: {where}")
    assert message.isprintable()
    assert len(message) < 250


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"seed": 0},
        {"seat": "lowmill", "others": "record"},
        {"others": "ask"},
        {"others": "random"},
        {"team": "the \u00e9quipe", "members": ["Ann", "Bob"]},
        {"level": "basic"},
        {"pack": "packs/of mine"},
    ],
)
def test_headers_differ(other: dict[str, Any]) -> None:
    header = parse_journal(forged(header_row(**other)), "it").header
    assert header == HEADER.model_copy(update=other)
    assert parse_journal(as_line(header, "")[0], "it").header == header


@pytest.mark.parametrize("missing", ["pack", "content"])
def test_a_header_with_something_missing_is_refused(missing: str) -> None:
    row = header_row()
    del row[missing]
    assert refused(forged(row)) == f"entry 0: the header is wrong: {missing}: Field required"


APPLIED = {"id": 1, "did": "applied", "parent": "0", "action": "a", "state": "0" * 16}

WRONG_ENTRIES: list[tuple[str, bytes | dict[str, Any], str]] = [
    ("another number", {**APPLIED, "id": 2}, "it says that it is entry 2"),
    ("a number of 0", {**APPLIED, "id": 0}, "it cannot be read: applied.id: "),
    ("a huge number", {**APPLIED, "id": 10**30}, "it says that it is entry 1000"),
    ("a true number", {**APPLIED, "id": True}, "it cannot be read: applied.id: "),
    ("a number in quotes", {**APPLIED, "id": "1"}, "it cannot be read: applied.id: "),
    ("no number", {"did": "noted", "text": "x"}, "it cannot be read: noted.id: Field required"),
    ("another deed", {**APPLIED, "did": "sang"}, "it cannot be read: "),
    ("no deed", {"id": 1}, "it cannot be read: "),
    ("a list", b"[1]", "it cannot be read: Invalid JSON: "),
    ("a number alone", b"17", "it cannot be read: Invalid JSON: "),
    ("nothing", b"}", "it cannot be read: Invalid JSON: "),
    ("an empty object", b"{}", "it cannot be read: "),
    (
        "a key more",
        {**APPLIED, "\x1b]0;x\x07": 1},
        r"it cannot be read: applied.\x1b]0;x\x07: ",
    ),
    ("a long key", {**APPLIED, "k" * 30_000: 1}, "it cannot be read: applied.kkk"),
    ("a short state", {**APPLIED, "state": "0" * 15}, "it cannot be read: applied.state: "),
    ("a state that ends a line", {**APPLIED, "state": "0" * 16 + "\n"}, "it cannot be read: "),
    ("a state in capitals", {**APPLIED, "state": "F" * 16}, "it cannot be read: applied.state: "),
    ("no action", {**APPLIED, "action": ""}, "it cannot be read: applied.action: "),
    ("a long action", {**APPLIED, "action": "x" * 201}, "it cannot be read: applied.action: "),
    ("a long parent", {**APPLIED, "parent": "0" * 21}, "it cannot be read: applied.parent: "),
    ("another chooser", {**APPLIED, "by": "magic"}, "it cannot be read: applied.by: "),
    ("a long name", {"id": 1, "did": "named", "name": "x" * 121}, "it cannot be read: named.name"),
    ("an empty note", {"id": 1, "did": "noted", "text": ""}, "it cannot be read: noted.text: "),
    ("a note of a number", {"id": 1, "did": "noted", "text": 5}, "it cannot be read: noted.text: "),
    ("half a pair", b'{"id":1,"did":"noted","text":"\\ud800"}', "it cannot be read: Invalid JSON"),
    ("no text", b'{"id":1,"did":"noted","text":"\xff"}', "it cannot be read: "),
    ("deep JSON", b'{"id":1,"a":' + b"[" * 20_000 + b"}", "it cannot be read: Invalid JSON: "),
    ("a long number", b'{"id":' + b"9" * 5000 + b"}", "it cannot be read: "),
]


@pytest.mark.parametrize(
    ("row", "start"), [it[1:] for it in WRONG_ENTRIES], ids=[it[0] for it in WRONG_ENTRIES]
)
def test_an_entry_that_is_none_is_refused_though_its_hash_is_right(
    row: bytes | dict[str, Any], start: str
) -> None:
    message = refused(forged(header_row(), row))
    assert message.startswith(f"entry 1: {start}")
    assert message.isprintable()
    assert len(message) < 300


def test_of_a_key_that_stands_twice_the_last_counts() -> None:
    row = b'{"id":1,"did":"noted","text":"one","text":"two"}'
    assert parse_journal(forged(header_row(), row), "it").entries == (Noted(id=1, text="two"),)


def test_a_text_like_a_hash_does_not_hide_the_hash() -> None:
    entries: list[AnyEntry] = [Noted(id=1, text='","hash":"0"}'), Noted(id=2, text=',"hash":"')]
    assert parse_journal(journal_of(entries), "it").entries == tuple(entries)


# Torn ends


def test_a_torn_last_line_is_left_out_with_a_warning() -> None:
    raw = journal_of(ENTRIES)
    journal = parse_journal(raw[:-2], "\x1bname.jsonl")
    assert journal.entries == tuple(ENTRIES[:4])
    torn = len(raw.splitlines()[-1]) - 1
    assert (journal.torn, journal.ended, journal.size) == (torn, True, len(raw) - torn - 2)
    assert journal.warning == (
        rf"\x1bname.jsonl: the last line was never finished; its {torn} bytes are left out, and "
        "the 4 entries before it are whole"
    )


def test_zeros_at_the_end_as_a_crash_leaves_them_are_a_torn_line() -> None:
    raw = journal_of(ENTRIES)
    journal = parse_journal(raw + b"\0" * 512, "it")
    assert (journal.entries, journal.torn) == (tuple(ENTRIES), 512)


def test_resuming_cuts_the_torn_line_off(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    raw = journal_of(ENTRIES)
    path.write_bytes(raw[:-5])
    writer, journal = resume(path)
    with writer:
        assert journal.warning is not None
        assert path.read_bytes() == journal_of(ENTRIES[:4])
        writer.append(ENTRIES[4])
    assert path.read_bytes() == raw


def test_resuming_ends_the_last_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(journal_of(ENTRIES[:4])[:-1])
    writer, journal = resume(path)
    with writer:
        assert (journal.warning, journal.ended) == (None, False)
        assert path.read_bytes() == journal_of(ENTRIES[:4])
        writer.append(ENTRIES[4])
    assert path.read_bytes() == journal_of(ENTRIES)


def test_line_ends_of_windows_are_repaired(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(journal_of(ENTRIES).replace(b"\n", b"\r\n"))
    assert salvage(path) == (HEADER, ENTRIES, 0)


# Files


def message_of(call: Callable[[Path], object], path: Path) -> str:
    with pytest.raises(NegsimError) as raised:
        call(path)
    return str(raised.value).replace(str(path.parent), "PLACE")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b.jsonl"
    for call in (read_journal, resume):
        assert message_of(call, path) == r'there is no file "PLACE/a\x1b.jsonl"'
    assert message_of(read_journal, Path("a\0b")) == r'there is no file "a\x00b"'
    path.symlink_to(tmp_path / "nowhere")
    assert message_of(read_journal, path) == r'there is no file "PLACE/a\x1b.jsonl"'


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "it"
    path.mkdir()
    assert message_of(read_journal, path) == '"PLACE/it" is no plain file; name a journal'
    assert message_of(resume, path) == 'there is no file "PLACE/it"'
    said = '"PLACE/it" exists; name another file, or --resume it'
    assert message_of(lambda it: create(it, HEADER), path) == said


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "it"
    os.mkfifo(path)
    assert message_of(read_journal, path) == '"PLACE/it" is no plain file; name a journal'
    assert message_of(resume, path) == 'there is no file "PLACE/it"'


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="there is no /dev/zero here")
def test_a_device_is_not_read() -> None:
    said = '"PLACE/zero" is no plain file; name a journal'
    assert message_of(read_journal, Path("/dev/zero")) == said


def test_a_file_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "it"
    path.write_bytes(b"")

    def fail(self: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", fail)
    assert message_of(read_journal, path) == '"PLACE/it" cannot be read (Permission denied)'


def test_a_file_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "it"
    path.write_bytes(journal_of(ENTRIES))
    most = path.stat().st_size
    monkeypatch.setattr(module, "MAX_BYTES", most)
    assert read_journal(path).entries == tuple(ENTRIES)
    with path.open("ab") as file:
        file.write(b"\0")
    assert message_of(read_journal, path) == f'"PLACE/it" is larger than {most // 2**20} MiB'


def test_what_could_not_be_read_again_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "it"
    with create(path, HEADER) as writer:
        monkeypatch.setattr(journal_file, "MAX_BYTES", len(journal_of(ENTRIES[:1])))
        writer.append(ENTRIES[0])
        said = '"PLACE/it" would be larger than 0 MiB; start another session'
        assert message_of(lambda _: writer.append(ENTRIES[1]), path) == said
        monkeypatch.setattr(journal_file, "MAX_BYTES", 64 * 2**20)
        writer.append(ENTRIES[1])
    assert path.read_bytes() == journal_of(ENTRIES[:2])


def test_a_line_too_long_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = journal_of(ENTRIES)
    longest = max(map(len, raw.splitlines()))
    monkeypatch.setattr(module, "MAX_LINE", longest)
    assert parse_journal(raw, "it").entries == tuple(ENTRIES)
    monkeypatch.setattr(module, "MAX_LINE", longest - 1)
    assert refused(raw) == NO_JOURNAL
    raw = journal_of([Noted(id=1, text="x" * 600)])
    assert len(raw.splitlines()[0]) <= longest < len(raw.splitlines()[1])
    monkeypatch.setattr(module, "MAX_LINE", longest)
    assert refused(raw) == f"entry 1: it was changed, or what stands before it{REPAIR}"


def test_an_empty_file_is_not_resumed(tmp_path: Path) -> None:
    path = tmp_path / "it"
    path.write_bytes(b"")
    said = "it: entry 0: this is no journal: it has no whole header"
    assert message_of(resume, path) == message_of(read_journal, path) == said
    assert path.read_bytes() == b""


def test_a_changed_journal_is_not_resumed_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    raw = journal_of(ENTRIES).replace(b"the start", b"the stars")
    path.write_bytes(raw)
    said = f"a.jsonl: entry 3: it was changed, or what stands before it{REPAIR}"
    assert message_of(resume, path) == said
    assert path.read_bytes() == raw
    path.write_bytes(journal_of(ENTRIES))
    resume(path)[0].close()  # the refusal held no lock


def test_a_journal_is_not_written_over_another(tmp_path: Path) -> None:
    path = tmp_path / "it"
    path.write_bytes(b"something of value")
    said = '"PLACE/it" exists; name another file, or --resume it'
    assert message_of(lambda it: create(it, HEADER), path) == said
    assert path.read_bytes() == b"something of value"
    path.unlink()
    path.symlink_to(tmp_path / "elsewhere")
    said = '"PLACE/it" cannot be written (File exists)'
    assert message_of(lambda it: create(it, HEADER), path) == said
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(
    ("name", "why"),
    [("x" * 300, "File name too long"), ("a\0b", "it is no path"), ("file/it", "File exists")],
)
def test_a_path_that_cannot_be_written(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    message = message_of(lambda it: create(it, HEADER), tmp_path / name)
    assert message.endswith(f" cannot be written ({why})")
    assert len(message) < 400


def test_a_place_where_nothing_can_be_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: object, timeout: float) -> None:
        raise NotImplementedError("FileSystem does not appear to support flock")

    monkeypatch.setattr("filelock.FileLock.acquire", fail)
    said = '"PLACE/it" cannot be written (files cannot be locked there)'
    assert message_of(lambda it: create(it, HEADER), tmp_path / "it") == said


def test_an_entry_out_of_its_turn_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "it"
    with create(path, HEADER) as writer:
        for entry, count in ((ENTRIES[1], 1), (ENTRIES[0], 1), (ENTRIES[0], 2), (HEADER, 2)):
            if entry is ENTRIES[0] and count == 1:
                writer.append(entry)
                continue
            number = 0 if isinstance(entry, Header) else entry.id
            said = f'"PLACE/it" goes on with entry {count}, not with {number}; leave, and resume it'
            assert message_of(lambda _, it=entry: writer.append(it), path) == said  # type: ignore[misc]
    assert path.read_bytes() == journal_of(ENTRIES[:1])


# New sessions


def test_a_new_session_has_a_random_id_and_seed() -> None:
    headers = [new_header("two-towns", "c" * 64) for _ in range(20)]
    assert len({it.session for it in headers}) == 20
    assert len({it.seed for it in headers}) > 10
    assert all(0 <= it.seed < 10**6 for it in headers)
    assert {(it.pack, it.level, it.seat, it.others, it.team) for it in headers} == {
        ("two-towns", "full", None, "wait", None)
    }
    assert new_header("two-towns", "c" * 64, seed=0).seed == 0
    whole = new_header(
        "two-towns",
        "c" * 64,
        "basic",
        seed=3,
        seat="lowmill",
        others="ask",
        team="us",
        members=["Ann"],
    )
    row = {"level": "basic", "seed": 3, "seat": "lowmill", "others": "ask", "team": "us"}
    assert whole == Header.model_validate(
        {**header_row(**row, members=["Ann"]), "session": whole.session}
    )


def test_sessions_are_kept_in_a_folder_that_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEGSIM_HOME", "somewhere")
    assert sessions() == Path("somewhere/sessions")
    assert file_of(HEADER) == Path("somewhere/sessions/two-towns-01230123.jsonl")
    monkeypatch.setenv("NEGSIM_HOME", "")
    assert sessions().parts[-2:] == ("negsim", "sessions")


def test_a_journal_is_equal_to_itself_only() -> None:
    journal = parse_journal(journal_of(ENTRIES), "it")
    assert journal == parse_journal(journal_of(ENTRIES), "it")
    assert journal != parse_journal(journal_of(ENTRIES[:4]), "it")
    assert isinstance(journal, Journal)
