"""Sessions with their journals: begun, and gone on with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from negsim import journal, journal_file, places
from negsim.classroom.catalogue import ships
from negsim.errors import NegsimError, printable, quote
from negsim.explore import MEMORY
from negsim.journal_file import Writer
from negsim.pack.catalogue import find_pack, pack_ids
from negsim.pack.load import load_pack
from negsim.pack.models import Others
from negsim.session import Case, Session, changed, replayed
from negsim.sitting import Sitting

if TYPE_CHECKING:
    from negsim.classroom.lesson import Lesson
    from negsim.classroom.taking import Taking


@dataclass(slots=True)
class Kept:
    """A sitting, the one writer of its journal, what there is to say of the file; and the exercise
    that is taken in it, if one is."""

    sitting: Sitting
    writer: Writer
    warning: str | None = None
    taking: Taking | None = None

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


def begin_exercise(name: str, team: str | None = None, members: Sequence[str] = ()) -> Kept:
    """A new session in which an exercise is taken, by its name. Raises NegsimError, also where it
    is a teacher's own and sets what cannot be done."""
    from negsim.classroom.taking import Taking, header_of

    lesson = _lesson(name)
    if not ships(name):
        from negsim.classroom.proofs import prove

        prove(lesson, MEMORY)
    header = header_of(lesson, team=team, members=[*members])
    writer = journal_file.create(journal_file.file_of(header), header)
    taking = Taking(lesson, Session(lesson.case, header, writer.append))
    return Kept(taking.sitting, writer, taking=taking)


def go_on(path: Path) -> Kept:
    """A session as it was left. Raises NegsimError."""
    writer, found = journal_file.resume(path)
    try:
        lesson = _lesson(found.header.exercise) if found.header.exercise is not None else None
        case = _case(found.header.pack, found.header.level) if lesson is None else lesson.case
        session = replayed(found, case, writer.append)
        taking = _taking(lesson, session) if lesson is not None else None
    except BaseException:
        writer.close()
        raise
    note = found.warning
    if changed(found.header, case):
        note = f"The pack {quote(found.header.pack)} has changed since; every step still fits."
    elif lesson is not None and lesson.content_hash != found.header.task:
        note = f"The exercise {quote(lesson.id)} has changed since; what was answered still fits."
    return Kept(taking.sitting if taking else Sitting(session), writer, note, taking)


def _case(pack: str, level: str) -> Case:
    return Case(load_pack(find_pack(pack), branches_too=False), level)


def _lesson(name: str) -> Lesson:
    """An exercise by its name. Raises NegsimError: what a journal names becomes no path."""
    from negsim.classroom.catalogue import find_lesson, lesson_ids
    from negsim.classroom.lesson import load_lesson

    if name not in lesson_ids():
        raise NegsimError(
            f"no exercise is called {quote(name)}; put its file into "
            f"{printable(str(places.exercises()))}, or go on with it in lines: "
            "negsim exercise FILE --resume NAME"
        )
    pack = name.partition("/")[0]
    loaded = load_pack(find_pack(pack), branches_too=False) if pack in pack_ids() else None
    return load_lesson(find_lesson(name), loaded)


def _taking(lesson: Lesson, session: Session) -> Taking:
    """The exercise as it was left. Raises NegsimError where an answer is none to it any more."""
    from negsim.classroom.taking import Taking

    taking = Taking(lesson, session)
    for name in taking.answers:
        if name in lesson.exercise.tasks:
            taking.feedback(name)
    return taking
