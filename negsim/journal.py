"""The append-only file of a session: JSON Lines, each line bound to the one before by its hash.

The first line is the header, entry 0; then an entry a line, numbered from 1. A line ends with
`,"hash":"..."}`: the SHA-256 of the hash of the line before followed by the line up to that comma.
So a line that was changed, left out or moved is found, wherever the change is. What a file says was
done is not believed: `negsim.session` replays it.
"""

from __future__ import annotations

import json
import secrets
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError

from negsim.errors import NegsimError, printable, quote
from negsim.pack import models
from negsim.pack.models import By, Digest, Id, Model, Name, Origin, Sentence

FORMAT = 1
"""The version of the format that is written; others are not read."""
MAX_BYTES = 64 * 1024 * 1024
"""The largest journal that is read, in bytes: some 300,000 entries."""
MAX_LINE = 64 * 1024
"""The longest line that is read, in bytes."""
LONGEST_NAME = 120
"""The longest name, in letters, as `negsim.pack.models.Name` has it."""
MOST_MEMBERS = 40
"""So many names a team has at most, as `negsim.pack.models.Origin` has it."""

QuestionId = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Letters = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
Given: TypeAlias = Letters | Annotated[list[Letters], Field(max_length=20)]
NodeId = Annotated[str, StringConstraints(min_length=1, max_length=20)]
StateHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]


class Header(Origin):
    """Entry 0: what is played, by whom, and what chance is drawn from."""

    format: Literal[1] = 1
    """The version of the format."""
    pack: Name
    """The id of the pack."""
    level: Id = "full"
    """The level that is played."""
    beside: Id | None = None
    """The party of who sits at the same terminal, with a curtain between."""
    exercise: Name | None = None
    """The exercise that is taken: `pack/name`."""
    task: Digest | None = None
    """The SHA-256 of the exercise's file as it was: 64 hexadecimal digits."""

    def sits(self, who: str) -> bool:
        """Whether a person acts for that party; who has no seat acts for all."""
        return self.seat is None or who in (self.seat, self.beside)


class Entry(Model):
    """What all entries have."""

    id: Annotated[int, Field(ge=1)]
    """Its number, from 1."""


class Applied(Entry):
    """An action was taken where the session stood. The place it leads to is called after this
    entry, unless the action had been taken there before."""

    did: Literal["applied"] = "applied"
    parent: NodeId
    """The place where it was taken."""
    action: models.Path
    """The action's id."""
    state: StateHash
    """The hash of the state after it (`engine.state_hash`)."""
    by: By | None = None
    """Who chose it, if not a person."""


class Went(Entry):
    """The session went to another place: back, forth, or to another branch."""

    did: Literal["went"] = "went"
    to: NodeId
    """The place."""
    state: StateHash
    """The hash of its state."""


class Named(Entry):
    """The place where the session stood was given a name."""

    did: Literal["named"] = "named"
    name: Name


class Noted(Entry):
    """A note was written on the place where the session stood."""

    did: Literal["noted"] = "noted"
    text: Sentence


class Answered(Entry):
    """A task of an exercise was answered where the session stood, or was done with."""

    did: Literal["answered"] = "answered"
    task: Id
    """The task, by its id in the exercise."""
    answers: Annotated[dict[QuestionId, Given], Field(default_factory=dict, max_length=100)]
    """For each of its questions the choice, the choices or their order by id, or the text."""


class Injected(Entry):
    """Something came from outside, as an exercise has it."""

    did: Literal["injected"] = "injected"
    inject: Id
    """What came, by its id in the exercise."""


AnyEntry: TypeAlias = Applied | Went | Named | Noted | Answered | Injected


class JournalError(NegsimError):
    """A journal that cannot be used as it is; `entry` is the number of the first that is wrong."""

    def __init__(self, file: str, entry: int, message: str) -> None:
        super().__init__(f"{printable(file)}: entry {entry}: {message}")
        self.entry = entry


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal as it was read. `hashes` has one for the header and one for each entry.

    `size` are the bytes of its whole lines; `torn` those of a last line that was never finished.
    `ended` is False where only the line feed of the last line is missing.
    """

    file: str
    header: Header
    entries: tuple[AnyEntry, ...]
    hashes: tuple[str, ...]
    size: int
    torn: int = 0
    ended: bool = True

    @property
    def fingerprint(self) -> str:
        """How many entries there are, and what they were: `12-3f0a...`, 16 digits of the hash."""
        return f"{len(self.entries)}-{self.hashes[-1][:16]}"

    def has(self, fingerprint: str) -> bool:
        """Whether the journal had this fingerprint, now or when it was shorter."""
        count, _, digits = fingerprint.partition("-")
        if not count.isascii() or not count.isdigit() or len(count) > 9 or len(digits) != 16:
            return False
        return int(count) < len(self.hashes) and self.hashes[int(count)].startswith(digits)

    @property
    def warning(self) -> str | None:
        """What a reader should know of a file that ends within a line."""
        if not self.torn:
            return None
        return (
            f"{printable(self.file)}: the last line was never finished; its {self.torn} bytes are "
            f"left out, and the {len(self.entries)} entries before it are whole"
        )


def cleaned(text: str, longest: int) -> str:
    """The text on one line and without what a terminal could obey. Raises NegsimError."""
    found = printable(" ".join(text.split()))
    if not 0 < len(found) <= longest:
        raise NegsimError(f"write 1 to {longest} letters, not {len(found)}")
    return found


def as_name(text: str) -> str:
    """A name as it is kept. Raises NegsimError where it is empty or too long."""
    return cleaned(text, LONGEST_NAME)


def new_header(
    pack: str,
    content: str,
    level: str = "full",
    *,
    seed: int | None = None,
    seat: str | None = None,
    others: models.Others = "wait",
    team: str | None = None,
    members: list[str] | None = None,
    beside: str | None = None,
    exercise: str | None = None,
    task: str | None = None,
) -> Header:
    """The header of a new session, with a random id and, where none is given, a random seed."""
    return Header(
        pack=pack,
        content=content,
        level=level,
        seed=secrets.randbelow(10**6) if seed is None else seed,
        seat=seat,
        others=others,
        session=secrets.token_hex(16),
        team=printable(team) if team is not None else None,
        members=[printable(name) for name in members or ()],
        beside=beside,
        exercise=exercise,
        task=task,
    )


def as_line(entry: Header | AnyEntry, before: str) -> tuple[bytes, str]:
    """The line of an entry, and its hash; `before` is the hash of the line before, or empty."""
    body = entry.model_dump_json(exclude_none=True).encode()[:-1]
    digest = sha256(before.encode() + body).hexdigest()
    return body + b',"hash":"' + digest.encode() + b'"}\n', digest


@cache
def _adapter() -> TypeAdapter[AnyEntry]:
    return TypeAdapter(Annotated[AnyEntry, Field(discriminator="did")])


def read_journal(path: Path) -> Journal:
    """The journal in a file. Raises JournalError at the first entry that is wrong."""
    return parse_journal(_bytes(path), path.name)


def _bytes(path: Path) -> bytes:
    name = shown(path)
    try:
        if not path.exists():
            raise NegsimError(f"there is no file {name}")
        if not path.is_file():  # a pipe would be waited for
            raise NegsimError(f"{name} is no plain file; name a journal")
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise NegsimError(f"{name} cannot be read ({why(error)})") from error
    if len(raw) > MAX_BYTES:
        raise NegsimError(f"{name} is larger than {MAX_BYTES // 1024 // 1024} MiB")
    return raw


def parse_journal(raw: bytes, file: str) -> Journal:
    """The journal that the bytes hold; `file` is its name in messages. Raises JournalError."""
    *lines, tail = raw.split(b"\n")
    hashes: list[str] = []
    rows: list[bytes] = []
    torn, ended = 0, True
    for number, line in enumerate(lines):
        body, digest = _checked(line, number, hashes[-1] if hashes else "", file)
        rows.append(body)
        hashes.append(digest)
    if tail:
        before = hashes[-1] if hashes else ""
        found = _whole(tail, before)
        if found is not None:
            rows.append(found[0])
            hashes.append(found[1])
            ended = False
        elif _whole(tail[:-1], before) is not None:
            raise JournalError(file, len(rows), f"its end was changed; {_repair(file)}")
        else:
            torn = len(tail)
    if not rows:
        raise JournalError(file, 0, "this is no journal: it has no whole header")
    return Journal(
        file,
        _header(rows[0], file),
        tuple(_entry(row, number, file) for number, row in enumerate(rows[1:], 1)),
        tuple(hashes),
        len(raw) - torn,
        torn,
        ended,
    )


def salvage(path: Path) -> tuple[Header, list[AnyEntry], int]:
    """What can be read of a journal whose lines may be wrong: the header, the entries whose lines
    are right in themselves, and the number of lines that are not.

    A line is right in itself where its hash fits the hash that the line before it says of itself.
    Raises JournalError where there is no header.
    """
    raw = _bytes(path)
    lines = [line for line in raw.splitlines() if line]  # those of Windows too
    _check_header(lines[0] if lines else b"", path.name)
    found = _whole(lines[0], "")
    if found is None:
        message = "the header was changed: which session it was cannot be told"
        raise JournalError(path.name, 0, message)
    header = _header(found[0], path.name)
    entries: list[AnyEntry] = []
    before = found[1]
    wrong = 0
    for line in lines[1:]:
        whole = _whole(line, before) if len(line) <= MAX_LINE else None
        before = line[-66:-2].decode("ascii", "replace")
        try:
            if whole is None:
                raise ValueError
            entries.append(_adapter().validate_json(whole[0]))
        except ValueError:  # pydantic's error too
            wrong += 1
    return header, entries, wrong


def _repair(file: str) -> str:
    return f"`negsim journal repair {printable(file)}` writes what is whole to another file"


def _whole(line: bytes, before: str) -> tuple[bytes, str] | None:
    """The line without its hash, and the hash, where it fits."""
    body, mark, rest = line.rpartition(b',"hash":"')
    digest = sha256(before.encode() + body).hexdigest()
    return (body + b"}", digest) if mark and rest == digest.encode() + b'"}' else None


def _checked(line: bytes, number: int, before: str, file: str) -> tuple[bytes, str]:
    """The line without its hash, and the hash. Raises JournalError where it does not fit."""
    if not number:
        _check_header(line, file)
    found = _whole(line, before) if len(line) <= MAX_LINE else None
    if found is not None:
        return found
    message = "it was changed, or what stands before it"
    with suppress(ValueError, RecursionError):
        data = json.loads(line) if len(line) <= MAX_LINE else None
        stands = data.get("id") if isinstance(data, dict) else None
        if not isinstance(stands, int):
            stands = 0
        if MAX_BYTES > stands > number > 0:
            message = f"entry {stands} stands in its place: something is missing or was moved"
        elif 0 < stands < number:
            message = f"entry {stands} stands in its place again: the order was changed"
    raise JournalError(file, number, f"{message}; {_repair(file)}")


def _check_header(line: bytes, file: str) -> None:
    """Raises JournalError where the line is no header, or one of another version."""
    try:
        data = json.loads(line[:MAX_LINE])
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict) or "format" not in data or "session" not in data:
        raise JournalError(file, 0, "this is no journal: it does not start with a header")
    if data["format"] != FORMAT:
        version = quote(data["format"], 20)
        message = f"the format {version} is not known here; this negsim reads format {FORMAT}"
        raise JournalError(file, 0, message)


def _header(body: bytes, file: str) -> Header:
    try:
        header = Header.model_validate_json(body)
        for name in (header.team or "", *header.members):
            if printable(name) != name:
                message = f"the header is wrong: {quote(name)} has characters that are never kept"
                raise JournalError(file, 0, message)
        return header
    except ValidationError as error:
        raise JournalError(file, 0, f"the header is wrong: {_said(error)}") from error


def _entry(body: bytes, number: int, file: str) -> AnyEntry:
    try:
        entry = _adapter().validate_json(body)
    except ValidationError as error:
        raise JournalError(file, number, f"it cannot be read: {_said(error)}") from error
    if entry.id != number:
        raise JournalError(file, number, f"it says that it is entry {entry.id}")
    return entry


def _said(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return printable(f"{where}: {first['msg']}" if where else first["msg"])[:200]


def why(error: OSError | ValueError | NotImplementedError) -> str:
    """What a failure of the disk, or a path that is none, is called."""
    if isinstance(error, NotImplementedError):  # filelock, where a disk knows no locks
        return "files cannot be locked there"
    return error.strerror or str(error) if isinstance(error, OSError) else "it is no path"


def shown(path: Path) -> str:
    """A path as it stands in a message, its name at the end whole."""
    return quote(path, 300)  # the name of the file stands at its end
