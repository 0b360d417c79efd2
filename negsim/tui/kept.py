"""Sessions with their journals: begun, and gone on with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from negsim import journal, journal_file
from negsim.errors import quote
from negsim.journal_file import Writer
from negsim.pack.catalogue import find_pack
from negsim.pack.load import load_pack
from negsim.pack.models import Others
from negsim.session import Case, Session, changed, replayed
from negsim.sitting import Sitting


@dataclass(slots=True)
class Kept:
    """A sitting, the one writer of its journal, and what there is to say of the file."""

    sitting: Sitting
    writer: Writer
    warning: str | None = None

    def close(self) -> None:
        """Lets go of the file. Everything is in it."""
        self.writer.close()


def begin(pack: str, level: str, seat: str | None, others: Others = "wait") -> Kept:
    """A new session, its header on disk. Raises NegsimError."""
    case = _case(pack, level)
    header = journal.new_header(
        case.loaded.pack.id, case.loaded.content_hash, level, seat=seat, others=others
    )
    writer = journal_file.create(journal_file.file_of(header), header)
    return Kept(Sitting(Session(case, header, writer.append)), writer)


def go_on(path: Path) -> Kept:
    """A session as it was left. Raises NegsimError."""
    writer, found = journal_file.resume(path)
    try:
        case = _case(found.header.pack, found.header.level)
        session = replayed(found, case, writer.append)
    except BaseException:
        writer.close()
        raise
    note = found.warning
    if changed(found.header, case):
        note = f"The pack {quote(found.header.pack)} has changed since; every step still fits."
    return Kept(Sitting(session), writer, note)


def _case(pack: str, level: str) -> Case:
    return Case(load_pack(find_pack(pack), branches_too=False), level)
