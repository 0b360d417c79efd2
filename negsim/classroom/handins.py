"""What students handed in: files found, read, verified and graded, each by itself.

A file that is broken is named with its reason and never stops the others. What comes out hangs on
what the files hold and are called alone: not on their order, on a date or on the machine.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Literal, TypeAlias

from negsim.classroom.collected import Collected, base, in_time
from negsim.classroom.grading import Grade, Grader
from negsim.classroom.lesson import Lesson
from negsim.errors import NegsimError, printable, quote
from negsim.journal import Answered, Header, Journal, Noted, as_line, parse_journal, why
from negsim.session import changed

MOST_FILES = 5_000
"""So many files are read in one call."""
MOST_BYTES = 8 * 1024 * 1024
"""The largest file that is graded, in bytes: some 40,000 entries."""

Kind: TypeAlias = Literal[
    "unreadable",
    "link",
    "too large",
    "empty",
    "no journal",
    "tampered",
    "cut",
    "foreign pack",
    "no exercise",
    "wrong exercise",
    "exercise changed",
    "pack changed",
    "duplicate",
    "copied",
    "several",
    "rewritten",
    "no fingerprint",
    "late",
    "not by the rules",
]
ONLY_SAID: frozenset[Kind] = frozenset({"cut", "exercise changed", "pack changed", "late"})
"""What a teacher should know of a file, though nothing is wrong with it."""
DONE = (Answered, Noted)
"""Entries that tell that somebody did something: without them sessions look alike."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a file that a teacher should know."""

    kind: Kind
    said: str

    @property
    def wrong(self) -> bool:
        """Whether the file should be looked at before its grade is used."""
        return self.kind not in ONLY_SAID


@dataclass(frozen=True, slots=True)
class HandIn:
    """A file that was handed in: its name among the others, what was found, and its grade if it
    could be given."""

    file: str
    findings: tuple[Finding, ...]
    grade: Grade | None = None
    header: Header | None = None
    hashes: tuple[str, ...] = ()
    journal: Journal | None = None

    @property
    def wrong(self) -> bool:
        """Whether it has no grade, or one that should be looked at before it is used."""
        return self.grade is None or any(it.wrong for it in self.findings)

    @property
    def session(self) -> str:
        """The session's id, as far as it can be told."""
        return self.header.session if self.header is not None else ""

    @property
    def who(self) -> tuple[str, tuple[str, ...]]:
        """The team and its members, as far as they can be told."""
        if self.header is None:
            return "", ()
        return self.header.team or "", (*self.header.members,)


@dataclass(frozen=True, slots=True)
class Found:
    """A file to be read: where it is, what it is called among the others, or why it is not read."""

    file: str
    path: Path
    finding: Finding | None = None


def hand_ins(
    lesson: Lesson,
    found: Sequence[Found],
    collected: Sequence[Collected] | None = None,
    each: Callable[[], None] = lambda: None,
) -> tuple[HandIn, ...]:
    """The files, graded, in the order of teams; `each` is called after each of them."""
    grader = Grader(lesson)
    graded = []
    for it in found:
        graded.append(hand_in(grader, it, collected))
        each()
    return together(graded)


# Finding the files.


def find(words: Iterable[str], skip: Collection[Path] = ()) -> list[Found]:
    """The files and what the folders hold, each once, by their names among each other.

    What is hidden, and what is to be skipped, is left out. A link that leads out of a folder is not
    followed. Raises NegsimError where nothing is so called, or there are too many.
    """
    left_out = {os.path.realpath(it) for it in skip}
    paths: dict[str, tuple[Path, Finding | None]] = {}
    for word in words:
        for path, finding in _under(word):
            real = os.path.realpath(path) if finding is None else os.path.abspath(path)
            if real not in left_out:
                paths.setdefault(real, (path, finding))
            if len(paths) > MOST_FILES:
                raise NegsimError(f"{quote(word)} holds more than {MOST_FILES} files; name fewer")
    top = _top([path for path, _ in paths.values()])
    named: dict[str, Found] = {}
    for path, finding in sorted(paths.values(), key=lambda it: it[0]):
        name = plain = _named(path, top)
        count = 1
        while name in named:  # only where they have no folder in common
            count += 1
            name = f"{plain} ({count})"
        named[name] = Found(name, path, finding)
    return [named[name] for name in sorted(named)]


def _under(word: str) -> Iterator[tuple[Path, Finding | None]]:
    """A file, or the files under a folder, in order."""
    try:
        there = os.path.lexists(word)
    except ValueError:
        there = False
    if not there:
        raise NegsimError(f"there is no file or folder {quote(word, 300)}")
    if not os.path.isdir(word):
        yield Path(word), None
        return
    root = os.path.realpath(word)
    for folder, folders, files in os.walk(word):
        folders[:] = sorted(it for it in folders if not it.startswith("."))
        links = [it for it in folders if os.path.islink(os.path.join(folder, it))]
        for name in sorted([*files, *links]):
            if name.startswith("."):
                continue
            path = Path(folder, name)
            inside = os.path.realpath(path).startswith(os.path.join(root, ""))
            if not inside:
                yield path, Finding("link", "it is a link that leads out of the folder")
            elif name not in links:
                yield path, None


def _top(paths: Sequence[Path]) -> str:
    """The folder that all of them are in; empty where there is none."""
    try:
        return os.path.commonpath([os.path.abspath(it.parent) for it in paths])
    except ValueError:  # other drives, or no files at all
        return ""


def _named(path: Path, top: str) -> str:
    """What a file is called among the others: its path below the folder of all, on any machine."""
    found = os.path.relpath(os.path.abspath(path), top) if top else path.name
    return printable(Path(found).as_posix())


def _read(found: Found) -> bytes | Finding:
    try:
        if not found.path.is_file():  # a pipe would be waited for
            return Finding("unreadable", "it is no plain file")
        with found.path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        return Finding("unreadable", f"it cannot be read ({why(error)})")
    if len(raw) > MOST_BYTES:
        return Finding("too large", f"it is larger than {MOST_BYTES // 1024 // 1024} MiB")
    return raw if raw.strip() else Finding("empty", "nothing stands in it")


# Each by itself.


def hand_in(grader: Grader, found: Found, collected: Sequence[Collected] | None = None) -> HandIn:
    """A file, read, verified and graded."""
    if found.finding is not None:
        return HandIn(found.file, (found.finding,))
    raw = _read(found)
    if isinstance(raw, Finding):
        return HandIn(found.file, (raw,))
    return judged(grader, found.file, raw, collected)


def judged(
    grader: Grader, file: str, raw: bytes, collected: Sequence[Collected] | None = None
) -> HandIn:
    """What the bytes of a file are worth."""
    try:
        journal = parse_journal(raw, file)
    except NegsimError as error:
        what: Kind = "tampered" if _begins(raw) else "no journal"
        return HandIn(file, (Finding(what, _reason(error, file)),))
    findings = [*_said_of(journal, grader.lesson)]
    if any(it.wrong for it in findings):
        return HandIn(file, (*findings,), None, journal.header, journal.hashes, journal)
    counted = journal
    if collected is not None:
        counted, said = in_time(journal, collected)
        findings += [Finding(kind, text) for kind, text in said]
    try:
        grade = grader.grade(counted)
    except NegsimError as error:
        findings.append(Finding("tampered", _reason(error, file)))
        return HandIn(file, (*findings,), None, journal.header, journal.hashes, journal)
    findings += [
        Finding("not by the rules", f"entry {it.entry}: {it.text}")
        for it in {(it.entry, it.text): it for it in grade.breaches}.values()
    ]
    return HandIn(file, (*findings,), grade, journal.header, journal.hashes, journal)


def _begins(raw: bytes) -> bool:
    """Whether it begins as journals do."""
    try:
        data = json.loads(raw.split(b"\n", 1)[0][:MOST_BYTES])
    except (ValueError, RecursionError):
        return False
    return isinstance(data, dict) and {"format", "session", "hash"} <= data.keys()


def _reason(error: NegsimError, file: str) -> str:
    """What went wrong, without the name of the file."""
    said = str(error).removeprefix(f"{printable(file)}: ")
    return said.split("; `negsim journal repair")[0]


def _said_of(journal: Journal, lesson: Lesson) -> Iterator[Finding]:
    """What its header and its end tell of a journal."""
    header, pack = journal.header, lesson.loaded.pack.id
    if header.pack != pack:
        yield Finding("foreign pack", f"it is a session of {quote(header.pack)}, not of {pack}")
    elif header.exercise is None:
        yield Finding("no exercise", "no exercise was taken in it")
    elif header.exercise != lesson.id and header.task != lesson.content_hash:
        yield Finding("wrong exercise", f"it is of the exercise {quote(header.exercise)}")
    elif header.level != lesson.case.level:
        yield Finding("wrong exercise", f"it was played at the level {quote(header.level)}")
    else:
        if header.task != lesson.content_hash:
            yield Finding(
                "exercise changed", "the exercise has changed since; graded by what it is now"
            )
        if changed(header, lesson.case):
            yield Finding("pack changed", "the pack has changed since, but every step fits")
        if journal.torn:
            yield Finding(
                "cut",
                f"its last line was never finished; its {len(journal.entries)} whole entries count",
            )


# Together.


def together(graded: Iterable[HandIn]) -> tuple[HandIn, ...]:
    """What shows only beside the others, and all of them in the order of teams."""
    found = {it.file: it for it in graded}
    sessions: dict[str, list[HandIn]] = defaultdict(list)
    for it in sorted(found.values(), key=lambda it: it.file):
        if it.grade is not None:
            sessions[it.session].append(it)
    for alike in sessions.values():
        if len(alike) > 1:
            found.update((it.file, it) for it in _alike(alike))
    graded = [it for it in found.values() if it.grade is not None]
    for it, others in (*_retaken(graded), *_rehanded(graded)):
        found[it.file] = _with(found[it.file], others)
    return tuple(sorted(found.values(), key=_place))


def missing(graded: Iterable[HandIn], collected: Iterable[Collected]) -> list[Collected]:
    """The fingerprints that were collected of what nobody handed in."""
    there = set()
    for it in graded:
        there |= {base(it.file), it.session} - {""}
        there |= {f"{count}-{digits[:16]}" for count, digits in enumerate(it.hashes)}
    return [it for it in collected if not there & {it.fingerprint, it.file, it.session}]


def _place(it: HandIn) -> tuple[bool, str, tuple[str, ...], str, str]:
    team, members = it.who
    return (it.header is None, team, members, it.session, it.file)


def _with(it: HandIn, finding: Finding) -> HandIn:
    return replace(it, findings=(*it.findings, finding))


def _retaken(graded: Sequence[HandIn]) -> Iterator[tuple[HandIn, Finding]]:
    """Whose names stand in another session too. Right answers are told at once, so that a second
    try says little: who teaches chooses which one counts."""
    teams: dict[object, list[HandIn]] = defaultdict(list)
    for it in graded:
        if any(it.who):
            team, members = it.who
            teams[_spoken(team), tuple(sorted(map(_spoken, members)))].append(it)
    for alike in teams.values():
        for it in alike:
            others = [other.file for other in alike if other.session != it.session]
            if others:
                said = f"the same names handed in another session: {_files(others)}"
                yield it, Finding("several", f"{said}; leave only the one that counts")


def _spoken(name: str) -> str:
    """A name as it is told apart: case and blanks do not count."""
    return " ".join(name.split()).casefold()


def _rehanded(graded: Sequence[HandIn]) -> Iterator[tuple[HandIn, Finding]]:
    """What has the seed and every entry of a session of other names: so alike are copies alone,
    unless a class was given its seed."""
    seeds: dict[int, list[HandIn]] = defaultdict(list)
    for it in graded:
        if it.header is not None and it.journal is not None:
            seeds[it.header.seed].append(it)
    played: dict[bytes, list[HandIn]] = defaultdict(list)
    for same_seed in seeds.values():
        for it in same_seed if len(same_seed) > 1 else ():
            if it.journal is not None and any(isinstance(one, DONE) for one in it.journal.entries):
                played[_digest(it.journal)].append(it)
    for alike in played.values():
        for it in alike:
            others = [other.file for other in alike if _apart(it, other)]
            if others:
                said = f"its seed and all its entries are those of {_files(others)}"
                yield it, Finding("copied", f"{said}, under another session id")


def _digest(journal: Journal) -> bytes:
    """A digest of the seed and of all entries, whatever the header says besides."""
    found = sha256(str(journal.header.seed).encode())
    for it in journal.entries:
        found.update(as_line(it, "")[0])
    return found.digest()


def _apart(one: HandIn, other: HandIn) -> bool:
    """Whether they are sessions of different names, or of nobody's."""
    return one.session != other.session and (one.who != other.who or not any(one.who))


def _files(files: Iterable[str]) -> str:
    """Their names, the first three of them."""
    names = sorted(files)
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(quote(it) for it in names[:3]) + more


def _alike(group: Sequence[HandIn]) -> Iterator[HandIn]:
    """Files of one session: what stands in a longer one is left out; what differs is named."""
    kept: list[HandIn] = []
    for it in sorted(group, key=lambda it: (-len(it.hashes), it.file)):
        own = it.hashes
        longer = next((one for one in kept if one.hashes[: len(own)] == own), None)
        if longer is None:
            kept.append(it)
            continue
        what = "the same as" if len(longer.hashes) == len(own) else "an earlier state of"
        yield replace(_with(it, Finding("duplicate", f"{what} {quote(longer.file)}")), grade=None)
    for it in kept if len(kept) > 1 else ():
        rest = [one for one in kept if one is not it]
        others = _files(one.file for one in rest)
        said = f"the same session stands in {others}, played on differently"
        if any(one.who != it.who for one in rest):
            said = f"the same session stands under other names in {others}"
        yield _with(it, Finding("copied", said))
