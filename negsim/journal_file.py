"""Journals on disk: where they are kept, the one writer that a journal may have, and its lock."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from negsim.errors import NegsimError, UnknownNameError, printable
from negsim.journal import (
    MAX_BYTES,
    AnyEntry,
    Header,
    Journal,
    as_line,
    read_journal,
    shown,
    why,
)
from negsim.places import journals, sessions

if TYPE_CHECKING:
    from filelock import BaseFileLock


def file_of(header: Header) -> Path:
    """The file in which a session is kept unless another is named."""
    return sessions() / f"{header.pack}-{header.session[:8]}.jsonl"


def find_journal(word: str) -> Path:
    """A journal by its path, or one that is kept by its name or the start of it.

    Raises UnknownNameError with near names.
    """
    path = Path(word)
    with suppress(OSError, ValueError):
        if os.path.lexists(path):
            return path
    there = {path.stem: path for path in journals()}
    fitting = [name for name in there if name.startswith(word)]
    if len(fitting) != 1 and word not in there:
        raise UnknownNameError("journal", word, there, "the sessions that are kept")
    return there[word if word in there else fitting[0]]


class Writer:
    """The one writer of a journal. What `append` was given is on disk when it returns."""

    def __init__(self, path: Path, lock: BaseFileLock, journal: Journal | None = None) -> None:
        self.path = path
        self._lock = lock
        self._next = len(journal.hashes) if journal else 0
        self._before = journal.hashes[-1] if journal else ""
        self._size = journal.size if journal else 0
        self._broken = False
        new = 0 if journal else os.O_CREAT | os.O_EXCL
        binary = getattr(os, "O_BINARY", 0)
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | new | binary, 0o600)

    def append(self, entry: Header | AnyEntry) -> None:
        """Writes the entry and has the disk confirm it.

        Raises NegsimError where that fails; then nothing of the entry is kept, or it is said.
        """
        number = 0 if isinstance(entry, Header) else entry.id
        if number != self._next:
            raise NegsimError(
                f"{shown(self.path)} goes on with entry {self._next}, not with {number}; leave, "
                "and resume it"
            )
        self._put(*as_line(entry, self._before), number + 1)

    def _put(self, line: bytes, before: str, following: int) -> None:
        """Writes the bytes; `before` and `following` are for the entry after them."""
        name = shown(self.path)
        if self._broken:
            raise NegsimError(f"{name} can no longer be written; leave, and resume it")
        size = self._size + len(line)
        if size > MAX_BYTES:
            most = MAX_BYTES // 1024 // 1024
            raise NegsimError(f"{name} would be larger than {most} MiB; start another session")
        try:
            self._check()
            self._write(line)
        except OSError as error:
            message = f"{name} could not be written ({why(error)}); {self._left}"
            raise NegsimError(message) from error
        # No call comes between these, so that no interrupt does.
        self._size, self._before, self._next = size, before, following

    def _write(self, line: bytes) -> None:
        try:
            rest = memoryview(line)
            while rest:
                rest = rest[os.write(self._file, rest) :]
            os.fsync(self._file)
        except BaseException:  # an interrupt too must leave no half line
            with suppress(OSError):
                self.cut(self._size)
            raise

    def _check(self) -> None:
        """Raises NegsimError where the file is not as this writer left it."""
        stat = os.fstat(self._file)
        if stat.st_size != self._size or not stat.st_nlink:
            self._broken = True
            what = "changed by another program" if stat.st_nlink else "removed"
            raise NegsimError(
                f"{shown(self.path)} was {what} meanwhile; nothing more is written to it"
            )

    @property
    def _left(self) -> str:
        """What a failed write has left."""
        if self._broken:
            return (
                "this step may be in it or not, and what was saved before is; leave, and resume it"
            )
        return (
            "nothing of this step is kept, and what was saved before is; make room, and try again"
        )

    def cut(self, size: int) -> None:
        """Takes back what stands after so many bytes.

        Raises OSError where that fails; then nothing more is written.
        """
        self._broken = True
        os.ftruncate(self._file, size)
        os.fsync(self._file)
        self._size, self._broken = size, False

    def end_line(self) -> None:
        """Writes the line feed that the last line lacks."""
        self._put(b"\n", self._before, self._next)

    def close(self) -> None:
        """Lets go of the file, so that another process may write it."""
        if self._file < 0:
            return
        file, self._file, self._broken = self._file, -1, True
        with suppress(OSError):  # each line is on disk already
            os.close(file)
        with suppress(OSError):
            _beside(self.path, "writer").unlink()
        self._lock.release()

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def create(path: Path, header: Header) -> Writer:
    """The writer of a new journal, its header on disk. Raises NegsimError."""
    new = [folder for folder in path.parents if not os.path.isdir(folder)]
    with _locked(path) as lock:
        if path.exists():
            raise NegsimError(f"{shown(path)} exists; name another file, or --resume it")
        writer = Writer(path, lock)
        try:
            writer.append(header)
        except BaseException:
            writer.close()
            with suppress(OSError):
                path.unlink()
            raise
        for place in (path, *new):
            _sync_folder(place.parent)
        return writer


def resume(path: Path) -> tuple[Writer, Journal]:
    """The writer of a journal that exists, and what it holds; a line never finished is cut off.

    Raises JournalError where the journal is not whole, NegsimError where it cannot be written.
    """
    if not path.is_file():
        raise NegsimError(f"there is no file {shown(path)}")
    with _locked(path) as lock:
        journal = read_journal(path)
        writer = Writer(path, lock, journal)
        try:
            if journal.torn:
                writer.cut(journal.size)
            if not journal.ended:
                writer.end_line()
        except BaseException:
            writer.close()
            raise
        return writer, journal


@contextmanager
def _locked(path: Path) -> Iterator[BaseFileLock]:
    """The lock of a journal, let go again where its writer could not be made."""
    from filelock import FileLock, Timeout

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(_beside(path, "lock"), thread_local=False)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise NegsimError(
            f"{shown(path)} is being written by process {_holding(path)}; close that one first, "
            "or start another session"
        ) from error
    except (OSError, ValueError, NotImplementedError) as error:
        raise NegsimError(f"{shown(path)} cannot be written ({why(error)})") from error
    try:
        _beside(path, "writer").write_text(f"{os.getpid()}\n")
        yield lock
    except BaseException as error:
        lock.release()
        if isinstance(error, OSError):
            raise NegsimError(f"{shown(path)} cannot be written ({why(error)})") from error
        raise


def _beside(path: Path, what: str) -> Path:
    """The hidden file for the lock, or for which process writes: a locked file may be unreadable.

    A link to a journal has the same one.
    """
    real = Path(os.path.realpath(path))
    return real.with_name(f".{real.name}.{what}")


def _holding(path: Path) -> str:
    try:
        return printable(_beside(path, "writer").read_text()[:20].strip()) or "unknown"
    except (OSError, ValueError):
        return "unknown"


def _sync_folder(path: Path) -> None:
    """Has the disk confirm that the folder lists its new file, where a folder can be opened."""
    with suppress(OSError):
        file = os.open(path, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)
