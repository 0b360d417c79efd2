"""A prompt with a person who has everything to say in a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from negsim.journal import AnyEntry, Header, Journal, as_line, new_header, parse_journal
from negsim.pack.load import LoadedPack
from negsim.pack.models import Others
from negsim.prompt import Prompt
from negsim.session import Case, Session


def header(
    pack: LoadedPack,
    *,
    seat: str | None = None,
    others: Others = "wait",
    seed: int = 1,
    level: str = "full",
) -> Header:
    made = new_header(pack.pack.id, pack.content_hash, level, seed=seed, seat=seat, others=others)
    return made.model_copy(update={"session": "0" * 32})


class Table:
    """A session, what was kept of it, and what the prompt said."""

    def __init__(self, case: Case, header: Header, closes: Mapping[str, tuple[str, ...]]) -> None:
        self.entries: list[AnyEntry] = []
        self.said: list[str] = []
        self.session = Session(case, header, self.entries.append)
        self._waiting: list[str] = []
        self.prompt = Prompt(
            self.session,
            self._read,
            self.said.append,
            lambda: 80,
            lambda session, viewpoint: closes,
            Path("kept.jsonl"),
            "negsim play PACK --resume kept.jsonl",
        )

    def _read(self, question: str) -> str:
        if not self._waiting:
            raise EOFError
        line = self._waiting.pop(0)
        self.said.append(question + line)
        return line

    def play(self, lines: Iterable[str]) -> str:
        """Everything that the prompt said, the answers among it."""
        self._waiting = list(lines)
        self.prompt.run()
        return "\n".join(self.said) + "\n"

    def answers(self, *lines: str) -> list[str]:
        """What the last of the lines was answered."""
        self.play(lines)
        asked = max(i for i, line in enumerate(self.said) if line == f"> {lines[-1]}")
        return self.said[asked + 1 : -2]

    @property
    def journal(self) -> Journal:
        """What a file of the session would hold."""
        return as_journal(self.session.header, self.entries)


def as_journal(header: Header, entries: Sequence[AnyEntry]) -> Journal:
    raw, before = b"", ""
    for entry in (header, *entries):
        line, before = as_line(entry, before)
        raw += line
    return parse_journal(raw, "kept.jsonl")


def table(
    pack: LoadedPack,
    *,
    seat: str | None = None,
    others: Others = "wait",
    seed: int = 1,
    level: str = "full",
    closes: Mapping[str, tuple[str, ...]] | None = None,
) -> Table:
    made = header(pack, seat=seat, others=others, seed=seed, level=level)
    return Table(Case(pack, level), made, closes or {})
