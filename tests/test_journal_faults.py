"""What a journal suffers: killed writers, cut and flipped bytes, full disks, other writers.

As a program it is what the tests start, so that they have something to kill:
`python -m tests.test_journal_faults kill FOLDER COUNT`, `hold FILE` or `limit FILE`.
"""

from __future__ import annotations

import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from negsim.engine import legal_actions, state_hash
from negsim.errors import NegsimError
from negsim.journal import (
    AnyEntry,
    Applied,
    Header,
    JournalError,
    Named,
    Noted,
    as_line,
    parse_journal,
    read_journal,
    salvage,
)
from negsim.journal_file import Writer, create, resume
from negsim.pack.catalogue import shipped
from negsim.pack.load import LoadedPack, load_pack
from negsim.session import Case, Session, replayed, salvaged

ROOT = Path(__file__).parent.parent
KILLS = 500
AT_ONCE = 8
"""So many writers play at the same time."""
posix = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and signals")


def header_of(case: Case) -> Header:
    content = case.loaded.content_hash
    return Header(pack="two-towns", content=content, session="0123" * 8, seed=7)


def journal_of(header: Header, entries: list[AnyEntry]) -> bytes:
    """The bytes of a journal."""
    raw, before = as_line(header, "")
    for entry in entries:
        line, before = as_line(entry, before)
        raw += line
    return raw


def program(*words: str) -> subprocess.Popen[str]:
    """This file as a program."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.test_journal_faults", *words],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


# What is started, and killed


def play_on(session: Session, rng: random.Random, told: Callable[[str], None]) -> None:
    """Plays at random for ever and tells of each action when it is done."""
    while True:
        actions = legal_actions(session.game, session.here.state)
        if not actions:
            session.goto("start")
            continue
        action = rng.choice(actions).id
        session.apply(action)
        told(f"{session.entries} {action} {state_hash(session.game, session.here.state)}\n")


def player(path: Path, case: Case, number: int, out: int) -> None:
    """A process that plays until it is killed; each second one writes in pieces, as may be."""
    write = os.write

    def pieces(file: int, data: memoryview) -> int:
        time.sleep(0.0001)
        return write(file, data[:7])

    def tell(line: str) -> None:
        write(out, line.encode())

    with create(path, header_of(case)) as writer:
        tell("begun\n")
        if number % 2:
            os.write = pieces  # type: ignore[assignment]
        session = Session(case, header_of(case), writer.append)
        play_on(session, random.Random(number), tell)


def kill_many(folder: Path, count: int) -> None:
    """Starts players and kills each at a random moment; prints what each had told till then.

    In one wave of four they are killed some time after their start, in three after they began.
    """
    case = Case(load_pack(shipped() / "two-towns"))
    assert case.trunk
    begun = time.perf_counter()
    with create(folder / "trial.jsonl", header_of(case)) as writer:
        for number in range(1, 11):
            writer.append(Noted(id=number, text="how long does it take here?"))
    longest = min(time.perf_counter() - begun, 0.2) * 2
    rng = random.Random(20220126)
    for first in range(0, count, AT_ONCE):
        wave = []
        for number in range(first, min(first + AT_ONCE, count)):
            reading, writing = os.pipe()
            pid = os.fork()
            if not pid:
                try:
                    player(folder / f"{number}.jsonl", case, number, writing)
                finally:
                    os._exit(1)
            os.close(writing)
            wave.append((time.perf_counter(), pid, number, os.fdopen(reading, "rb", 0)))
        moments = []
        for started, pid, number, pipe in wave:
            words = pipe.readline() if first // AT_ONCE % 4 else b""
            since = time.perf_counter() if words else started
            moments.append((since + rng.uniform(0, longest), pid, number, pipe, words))
        for moment, pid, *_ in sorted(moments, key=lambda it: it[0]):
            time.sleep(max(0, moment - time.perf_counter()))
            os.kill(pid, signal.SIGKILL)
        for _, pid, number, pipe, words in moments:
            _, status = os.waitpid(pid, 0)
            with pipe:
                told = (words + pipe.read()).decode()
            print(json.dumps({"number": number, "status": status, "told": told}), flush=True)


def hold(path: Path) -> None:
    """Plays a little, says so, and waits with the journal open."""
    case = Case(load_pack(shipped() / "two-towns"))
    with create(path, header_of(case)) as writer:
        Session(case, header_of(case), writer.append).apply("demand/letter")
        print("ready", flush=True)
        sys.stdin.readline()


def limit(path: Path) -> None:
    """Plays until a file may grow no more, and goes on when it may; prints what it was told."""
    import resource

    case = Case(load_pack(shipped() / "two-towns"))
    with create(path, header_of(case)) as writer:
        session = Session(case, header_of(case), writer.append)
        session.apply("demand/letter")
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 250, -1))
        session.apply("pass/highwell")
        whole = path.read_bytes()
        before = (session.here.id, session.entries, [*session.nodes])
        for _ in range(3):
            try:
                session.apply("pass/lowmill")
            except NegsimError as error:
                print(error)
            assert (session.here.id, session.entries, [*session.nodes]) == before
            assert path.read_bytes() == whole
        resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))
        session.apply("pass/lowmill")


# The process is killed


class Killed(NamedTuple):
    """What came of the players."""

    idle: int
    midway: int
    torn: int
    headless: int
    unsaid: int


@posix
def test_what_a_killed_process_had_told_is_in_its_journal(tmp_path: Path) -> None:
    with program("kill", str(tmp_path), str(KILLS)) as running:
        out, _ = running.communicate(timeout=300)
    assert running.returncode == 0
    rows = [json.loads(line) for line in out.splitlines()]
    assert [row["number"] for row in rows] == [*range(KILLS)]
    case = Case(load_pack(shipped() / "two-towns"))
    found = [after_a_kill(case, tmp_path / f"{row['number']}.jsonl", row) for row in rows]
    killed = Killed(*map(sum, zip(*found, strict=True)))
    print(killed)
    assert killed.midway > KILLS / 3, killed
    assert killed.torn > 0, killed


def after_a_kill(case: Case, path: Path, row: dict[str, Any]) -> Killed:
    """Looks at one journal, and plays on with it."""
    assert row["status"] == signal.SIGKILL
    words = row["told"].splitlines()
    told = [line.split() for line in words[1:]]
    raw = path.read_bytes() if path.exists() else b""
    if b"\n" not in raw:  # killed before there was a session
        assert words == []
        if path.exists():
            with pytest.raises(JournalError, match="entry 0: this is no journal: it has no whole"):
                read_journal(path)
        return Killed(1, 0, 0, 1, 0)
    journal = read_journal(path)
    by_number = {entry.id: entry for entry in journal.entries}
    for number, action, state in told:
        entry = by_number[int(number)]
        assert isinstance(entry, Applied)
        assert (entry.action, entry.state) == (action, state)
    applied = [entry for entry in journal.entries if isinstance(entry, Applied)]
    assert len(told) <= len(applied) <= len(told) + 1
    before = replayed(journal, case)
    writer, again = resume(path)
    with writer:
        assert again == journal
        session = replayed(again, case, writer.append)
        assert (session.here.id, [*session.nodes]) == (before.here.id, [*before.nodes])
        session.note("it goes on")
    assert read_journal(path).entries == (
        *journal.entries,
        Noted(id=session.entries, text="it goes on"),
    )
    return Killed(not told, len(told) > 0, journal.torn > 0, 0, len(applied) - len(told))


# Bytes are lost or changed


@pytest.fixture(scope="module")
def case(two_towns: LoadedPack) -> Case:
    return Case(two_towns)


class Open(NamedTuple):
    """A session that is being played, and its file."""

    session: Session
    writer: Writer
    path: Path

    @property
    def state(self) -> Any:
        """All that a verb may change."""
        it = self.session
        return it.here.id, it.entries, [*it.nodes], dict(it.names), dict(it.notes)

    @property
    def raw(self) -> bytes:
        return self.path.read_bytes()

    def refused(self, action: str = "ask/letter") -> str:
        """How an action is refused, with nothing changed."""
        before = self.state
        with pytest.raises(NegsimError) as raised:
            self.session.apply(action)
        assert self.state == before
        return str(raised.value).replace(str(self.path.parent), "PLACE")


@pytest.fixture
def played(case: Case, tmp_path: Path) -> Iterator[Open]:
    """A session of a few entries."""
    path = tmp_path / "a.jsonl"
    with create(path, header_of(case)) as writer:
        session = Session(case, header_of(case), writer.append)
        session.apply("demand/letter")
        session.apply("pass/highwell")
        session.name("away")
        session.note("they wait")
        session.undo()
        yield Open(session, writer, path)


def test_a_file_cut_anywhere_has_every_whole_entry(played: Open) -> None:
    raw = played.raw
    entries = parse_journal(raw, "it").entries
    header = raw.index(b"\n")
    assert len(entries) == 5
    for cut in range(len(raw)):
        if cut < header:
            with pytest.raises(JournalError, match="entry 0: this is no journal: it has no whole"):
                parse_journal(raw[:cut], "it")
            continue
        journal = parse_journal(raw[:cut], "it")
        whole = raw[: cut + 1].count(b"\n") - 1
        assert journal.entries == entries[:whole]
        assert journal.ended == (raw[cut : cut + 1] != b"\n")
        start = raw[:cut].rfind(b"\n") + 1
        assert journal.torn == (cut - start if journal.ended else 0)
        assert (journal.warning is not None) == (journal.torn > 0)
        assert journal.size == cut - journal.torn


def test_a_file_cut_anywhere_can_be_resumed(played: Open, case: Case, tmp_path: Path) -> None:
    raw = played.raw
    header, path = raw.index(b"\n"), tmp_path / "cut.jsonl"
    for cut in range(header, len(raw), 37):
        path.write_bytes(raw[:cut])
        writer, journal = resume(path)
        with writer:
            session = replayed(journal, case, writer.append)
            session.note("it goes on")
        again = read_journal(path)
        assert again.entries[:-1] == journal.entries
        assert (again.torn, again.ended) == (0, True)


@pytest.mark.parametrize("mask", [0x01, 0x20, 0x80, 0xFF, None], ids=str)
def test_a_byte_changed_anywhere_is_refused_with_its_entry(played: Open, mask: int | None) -> None:
    raw = played.raw
    for place, byte in enumerate(raw):
        changed = ord("\n") if mask is None else byte ^ mask
        if changed == byte:
            continue
        with pytest.raises(JournalError) as raised:
            parse_journal(raw[:place] + bytes([changed]) + raw[place + 1 :], "it")
        assert raised.value.entry == raw[:place].count(b"\n"), place


@pytest.mark.parametrize("extra", [b"0", b"\n", b" ", b"\0"])
def test_a_byte_more_anywhere_is_refused_with_its_entry(played: Open, extra: bytes) -> None:
    raw = played.raw
    for place in range(len(raw)):
        if raw[place : place + 1] == extra:
            continue
        with pytest.raises(JournalError) as raised:
            parse_journal(raw[:place] + extra + raw[place:], "it")
        assert raised.value.entry == raw[:place].count(b"\n"), place


@pytest.mark.parametrize("mask", [0x01, None], ids=str)
def test_what_is_repaired_after_a_changed_byte_lacks_two_entries_at_most(
    played: Open, case: Case, tmp_path: Path, mask: int | None
) -> None:
    raw = played.raw
    entries = parse_journal(raw, "it").entries
    path = tmp_path / "b.jsonl"
    for place in range(raw.index(b"\n") + 1, len(raw), 7):
        changed = ord("\n") if mask is None else raw[place] ^ mask
        path.write_bytes(raw[:place] + bytes([changed]) + raw[place + 1 :])
        if path.read_bytes() == raw:
            continue
        header, found, _ = salvage(path)
        assert header == header_of(case)
        assert [it for it in entries if it in found] == found
        assert len(found) >= len(entries) - 2, place
        kept, _ = salvaged(header, found, case)
        again = replayed(parse_journal(journal_of(header, kept), "it"), case)
        lines = [[it.action for it in node.line] for node in played.session.nodes.values()]
        assert all([it.action for it in node.line] in lines for node in again.nodes.values())


def test_a_byte_less_anywhere_is_refused_or_ends_the_file(played: Open) -> None:
    raw = played.raw
    entries = parse_journal(raw, "it").entries
    for place in range(len(raw) - 1):
        with pytest.raises(JournalError) as raised:
            parse_journal(raw[:place] + raw[place + 1 :], "it")
        assert raised.value.entry == raw[:place].count(b"\n"), place
    assert parse_journal(raw[:-1], "it").entries == entries


# The disk is full, or fails


Faults = dict[str, list[BaseException | int]]
"""For each call the faults to come: an error, or how many bytes are taken."""


class Disk:
    """Stands for `os.write`, `os.fsync` and `os.ftruncate` of one file, and can fail."""

    def __init__(self, file: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.file = file
        self.calls: list[str] = []
        self.faults: Faults = {}
        for name in ("write", "fsync", "ftruncate"):
            monkeypatch.setattr(os, name, self.standing_for(name, getattr(os, name)))

    def standing_for(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(file: int, *more: Any) -> Any:
            if file != self.file:
                return real(file, *more)
            self.calls.append(name)
            faults = self.faults.get(name, [])
            fault = faults.pop(0) if faults else None
            if isinstance(fault, int):
                return real(file, more[0][:fault])
            if fault is not None:
                raise fault
            return real(file, *more)

        return call


@pytest.fixture
def disk(played: Open, monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(played.writer._file, monkeypatch)


def full() -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def broken() -> OSError:
    return OSError(errno.EIO, os.strerror(errno.EIO))


def goes_on(played: Open) -> None:
    """The action that was refused is taken now, and the file has all of it."""
    before = parse_journal(played.raw, "it").entries
    node = played.session.apply("ask/letter")
    entries = read_journal(played.path).entries
    state = state_hash(played.session.game, node.state)
    assert entries == (
        *before,
        Applied(id=len(before) + 1, parent="r1", action="ask/letter", state=state),
    )


def test_the_disk_has_confirmed_the_entry_before_the_session_knows(
    played: Open, disk: Disk
) -> None:
    session, seen = played.session, []

    def keep(entry: AnyEntry) -> None:
        played.writer.append(entry)
        seen.append(([*disk.calls], session.here.id, len(read_journal(played.path).entries)))

    session.keep = keep
    session.apply("ask/letter")
    assert seen == [(["write", "fsync"], "r1", 6)]
    assert (session.here.id, disk.calls) == ("r2", ["write", "fsync"])


def test_the_folder_of_a_new_journal_is_confirmed_too(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def noting(file: int) -> None:
        there = [it for it in (tmp_path, *tmp_path.rglob("*")) if it.exists()]
        stat = os.fstat(file)
        synced.extend(
            str(it.relative_to(tmp_path)) for it in there if os.path.samestat(it.stat(), stat)
        )
        fsync(file)

    monkeypatch.setattr(os, "fsync", noting)
    create(tmp_path / "one" / "two" / "a.jsonl", header_of(case)).close()
    assert synced == ["one/two/a.jsonl", "one/two", "one", "."]
    synced.clear()
    create(tmp_path / "one" / "two" / "b.jsonl", header_of(case)).close()
    assert synced == ["one/two/b.jsonl", "one/two"]


def test_a_write_that_takes_some_bytes_only_is_continued(played: Open, disk: Disk) -> None:
    disk.faults["write"] = [1, 1, 10, 100]
    goes_on(played)
    assert disk.calls == ["write"] * 5 + ["fsync"]


KEPT = "nothing of this step is kept, and what was saved before is; make room, and try again"
FAULTS: list[tuple[str, Faults, str]] = [
    ("no room", {"write": [full()]}, "No space left on device"),
    ("room for half a line", {"write": [60, full()]}, "No space left on device"),
    ("room for all but the line feed", {"write": [-1, full()]}, "No space left on device"),
    ("a broken disk", {"write": [broken()]}, "Input/output error"),
    ("a disk that confirms nothing", {"fsync": [broken()]}, "Input/output error"),
    (
        "pieces that are not confirmed",
        {"write": [5, 5, 5], "fsync": [full()]},
        "No space left on device",
    ),
    ("an error without words", {"write": [OSError("odd")]}, "odd"),
]


@posix
@pytest.mark.parametrize(("faults", "why"), [it[1:] for it in FAULTS], ids=[it[0] for it in FAULTS])
def test_where_the_disk_fails_nothing_is_kept_and_later_it_goes_on(
    played: Open, disk: Disk, faults: Faults, why: str
) -> None:
    raw = played.raw
    for _ in range(2):
        disk.faults.update({name: [*them] for name, them in faults.items()})
        said = f'"PLACE/a.jsonl" could not be written ({why}); {KEPT}'
        assert played.refused() == said
        assert played.raw == raw
        assert disk.calls[-2:] == ["ftruncate", "fsync"]
    disk.faults.clear()
    goes_on(played)


@posix
@pytest.mark.parametrize(
    ("faults", "left"),
    [
        ({"write": [60, full()], "ftruncate": [broken()]}, "half"),
        ({"write": [full()], "ftruncate": [broken()]}, "nothing"),
        ({"fsync": [broken()], "ftruncate": [broken()]}, "all"),
        ({"fsync": [broken(), broken()]}, "nothing"),
        ({"write": [60, full()], "fsync": [broken()]}, "nothing"),
    ],
)
def test_where_it_cannot_be_taken_back_nothing_more_is_written(
    played: Open,
    disk: Disk,
    case: Case,
    faults: Faults,
    left: str,
) -> None:
    raw = played.raw
    entries = read_journal(played.path).entries
    disk.faults.update({name: [*them] for name, them in faults.items()})
    assert played.refused().endswith(
        "; this step may be in it or not, and what was saved before is; leave, and resume it"
    )
    after = played.raw
    assert after.startswith(raw)
    assert {"nothing": 0, "half": 60}.get(left, len(after) - len(raw)) == len(after) - len(raw)
    disk.faults.clear()
    for _ in range(2):
        assert played.refused() == (
            '"PLACE/a.jsonl" can no longer be written; leave, and resume it'
        )
        assert played.raw == after
    played.writer.close()
    writer, journal = resume(played.path)
    with writer:
        assert journal.entries[:5] == entries
        assert len(journal.entries) == (6 if left == "all" else 5)
        replayed(journal, case, writer.append).note("it goes on")


@pytest.mark.parametrize("name", ["write", "fsync", "ftruncate"])
def test_an_interrupt_leaves_no_half_line(played: Open, disk: Disk, name: str) -> None:
    raw = played.raw
    interrupt = KeyboardInterrupt()
    faults: dict[str, Faults] = {
        "write": {"write": [50, interrupt]},
        "fsync": {"fsync": [interrupt]},
        "ftruncate": {"write": [50, full()], "ftruncate": [interrupt]},
    }
    disk.faults = faults[name]
    before = played.state
    with pytest.raises(KeyboardInterrupt):
        played.session.apply("ask/letter")
    assert played.state == before
    if name == "ftruncate":
        assert "can no longer be written" in played.refused()
        assert read_journal(played.path).torn == 50
    else:
        assert played.raw == raw
        goes_on(played)


def test_what_was_written_before_an_interrupt_in_the_session_is_not_written_twice(
    played: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(entry: AnyEntry) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(played.session, "fold", interrupted)
    with pytest.raises(KeyboardInterrupt):
        played.session.apply("ask/letter")
    monkeypatch.undo()
    raw = played.raw
    assert played.refused("pass/highwell") == (
        '"PLACE/a.jsonl" goes on with entry 7, not with 6; leave, and resume it'
    )
    assert played.raw == raw
    assert len(read_journal(played.path).entries) == 6


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")
def test_a_device_without_room_is_told(played: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    file, raw, stat = played.writer._file, played.raw, os.stat(played.path)
    device, kept = os.open("/dev/full", os.O_WRONLY), os.dup(file)
    os.dup2(device, file)
    monkeypatch.setattr(os, "fstat", lambda it: stat)
    assert played.refused() == (
        '"PLACE/a.jsonl" could not be written (No space left on device); this step may be in it '
        "or not, and what was saved before is; leave, and resume it"
    )
    monkeypatch.undo()
    os.dup2(kept, file)
    os.close(kept)
    os.close(device)
    assert "can no longer be written" in played.refused()
    assert played.raw == raw


@posix
def test_a_file_that_may_grow_no_more_is_told_and_goes_on_when_it_may(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with program("limit", str(path)) as running:
        out, _ = running.communicate(timeout=60)
    assert running.returncode == 0
    said = f'"{path}" could not be written (File too large); {KEPT}'
    assert out.splitlines() == [said] * 3
    actions = [it.action for it in read_journal(path).entries if isinstance(it, Applied)]
    assert actions == ["demand/letter", "pass/highwell", "pass/lowmill"]


def test_a_journal_whose_header_cannot_be_written_is_not_there(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.jsonl"

    def fail(file: int) -> None:
        raise full()

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(NegsimError, match="could not be written"):
            create(path, header_of(case))
    assert [it.name for it in tmp_path.iterdir()] == [".a.jsonl.lock"]
    create(path, header_of(case)).close()


def test_a_torn_line_that_cannot_be_cut_off_is_not_written_on(
    played: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    played.writer.close()
    path = played.path
    path.write_bytes(played.raw[:-5])

    def fail(file: int, size: int) -> None:
        raise broken()

    with monkeypatch.context() as patch:
        patch.setattr(os, "ftruncate", fail)
        with pytest.raises(NegsimError) as raised:
            resume(path)
    said = str(raised.value).replace(str(path.parent), "PLACE")
    assert said == '"PLACE/a.jsonl" cannot be written (Input/output error)'
    assert not path.with_name(".a.jsonl.writer").exists()
    writer, journal = resume(path)
    writer.close()
    assert len(journal.entries) == 4


# Others write too


def open_files() -> int:
    """How many files this process has open."""
    return len(os.listdir("/proc/self/fd"))


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="there is no /proc here")
def test_nothing_stays_open(played: Open, case: Case, tmp_path: Path) -> None:
    path = tmp_path / "b.jsonl"
    before = open_files()
    create(path, header_of(case)).close()
    for _ in range(3):
        resume(path)[0].close()
        for wrong in (played.path, tmp_path / "nowhere"):
            with pytest.raises(NegsimError):
                resume(wrong)
        with pytest.raises(NegsimError):
            create(path, header_of(case))
    assert open_files() == before


def test_a_second_writer_is_told_which_process_writes(played: Open, case: Case) -> None:
    said = (
        f'"{played.path}" is being written by process {os.getpid()}; close that one first, or '
        "start another session"
    )
    for call in (lambda: resume(played.path), lambda: create(played.path, header_of(case))):
        with pytest.raises(NegsimError) as raised:
            call()
        assert str(raised.value) == said
    goes_on(played)
    holder = played.path.with_name(".a.jsonl.writer")
    for text, shown in (("", "unknown"), ("\x1b[31m", r"\x1b[31m"), ("9" * 99, "9" * 20)):
        holder.write_text(text)
        with pytest.raises(NegsimError) as raised:
            resume(played.path)
        assert str(raised.value) == said.replace(str(os.getpid()), shown)
    holder.unlink()
    with pytest.raises(NegsimError, match="written by process unknown; close"):
        resume(played.path)
    played.writer.close()
    played.writer.close()
    resume(played.path)[0].close()


def test_a_link_to_a_journal_is_that_journal(played: Open, tmp_path: Path) -> None:
    for link in (tmp_path / "link.jsonl", tmp_path / "folder" / "a.jsonl"):
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(played.path)
        with pytest.raises(NegsimError, match=f"is being written by process {os.getpid()}; close"):
            resume(link)
    (tmp_path / "there").symlink_to(tmp_path)
    with pytest.raises(NegsimError, match="is being written by process"):
        resume(tmp_path / "there" / "a.jsonl")


def test_a_closed_writer_writes_no_more(played: Open, tmp_path: Path) -> None:
    raw = played.raw
    played.writer.close()
    with (tmp_path / "other").open("wb") as other:  # it may get the number of the closed file
        assert played.refused() == '"PLACE/a.jsonl" can no longer be written; leave, and resume it'
        assert other.tell() == 0
    assert played.raw == raw


@posix
def test_when_the_first_writer_is_killed_the_second_gets_the_journal(
    case: Case, tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    with program("hold", str(path)) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        with pytest.raises(NegsimError) as raised:
            resume(path)
        assert str(raised.value) == (
            f'"{path}" is being written by process {running.pid}; close that one first, or start '
            "another session"
        )
        assert len(read_journal(path).entries) == 1
        running.kill()
        running.wait()
        assert path.with_name(".a.jsonl.writer").read_text() == f"{running.pid}\n"
        writer, journal = resume(path)
        with writer:
            with pytest.raises(NegsimError, match=f"by process {os.getpid()}; close"):
                resume(path)
            session = replayed(journal, case, writer.append)
            session.apply("pass/highwell")
        assert len(read_journal(path).entries) == 2


REMOVED = '"PLACE/a.jsonl" was removed meanwhile; nothing more is written to it'
OTHERS: list[tuple[str, Callable[[Path], object], str]] = [
    ("removed", lambda it: it.unlink(), REMOVED),
    ("put in its place", lambda it: os.replace(copied(it), it), REMOVED),
    (
        "longer",
        lambda it: it.write_bytes(it.read_bytes() + b"x"),
        '"PLACE/a.jsonl" was changed by another program meanwhile; nothing more is written to it',
    ),
    (
        "shorter",
        lambda it: os.truncate(it, 300),
        '"PLACE/a.jsonl" was changed by another program meanwhile; nothing more is written to it',
    ),
    (
        "empty",
        lambda it: it.write_bytes(b""),
        '"PLACE/a.jsonl" was changed by another program meanwhile; nothing more is written to it',
    ),
]


def copied(path: Path) -> Path:
    """A copy beside it."""
    copy = path.with_name("copy")
    copy.write_bytes(path.read_bytes())
    return copy


@posix
@pytest.mark.parametrize(
    ("change", "message"), [it[1:] for it in OTHERS], ids=[it[0] for it in OTHERS]
)
def test_a_file_that_another_program_changed_is_let_alone(
    played: Open, change: Callable[[Path], object], message: str
) -> None:
    change(played.path)
    after = played.raw if played.path.exists() else None
    assert played.refused() == message
    assert played.refused() == '"PLACE/a.jsonl" can no longer be written; leave, and resume it'
    assert (played.raw if played.path.exists() else None) == after


@posix
def test_a_journal_that_was_moved_is_written_where_it_is(played: Open) -> None:
    moved = played.path.with_name("moved.jsonl")
    played.path.rename(moved)
    played.session.apply("ask/letter")
    assert len(read_journal(moved).entries) == 6
    assert not played.path.exists()


def test_names_as_a_person_writes_them_stay_whole(played: Open) -> None:
    played.session.name("Wien \U0001f30a\u00e9")
    entry = read_journal(played.path).entries[-1]
    assert entry == Named(id=6, name="Wien \U0001f30a\u00e9")


if __name__ == "__main__":
    what, where, *rest = sys.argv[1:]
    if what == "kill":
        kill_many(Path(where), int(rest[0]))
    elif what == "hold":
        hold(Path(where))
    else:
        limit(Path(where))
