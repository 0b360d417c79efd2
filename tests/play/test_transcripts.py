"""Whole sessions at the prompt, pinned word for word.

To accept a change: NEGSIM_GOLDEN=1 pytest tests/play/test_transcripts.py
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import pytest

from negsim.pack.load import LoadedPack
from negsim.pack.models import Others
from tests.play.table import table

GOLDEN = Path(__file__).parent / "golden"


class Sitting(NamedTuple):
    pack: str
    level: str
    seat: str | None
    others: Others
    said: str


SITTINGS = {
    "lowmill": Sitting(
        "two-towns",
        "full",
        "lowmill",
        "wait",
        "help; brief; 1; items; papers; why not deliver/letter/messenger; 1; tree; pass; undo; "
        "list answer; answer/letter/weir/accepted; name a lower weir; undo; redo; "
        "note the mill would stand still; tree; compare; goto record; quit",
    ),
    "everybody": Sitting(
        "two-towns",
        "full",
        None,
        "wait",
        "next; next; next; viewpoint; viewpoint public; items; pass; pass; pass; pass; "
        "goto record; undo; tree; quit",
    ),
    "drawn": Sitting(
        "two-towns",
        "full",
        "highwell",
        "random",
        "posture/highwell/build-up; demand/letter; ask/letter; pass; pass; pass; tree; quit",
    ),
    "washington": Sitting(
        "january-2022",
        "basic",
        "us",
        "record",
        "brief; facts; list; 1; pass; items; pass; pass; tree; quit",
    ),
}


@pytest.mark.parametrize("name", SITTINGS)
def test_a_session_is_told_as_it_was(name: str, packs: dict[str, LoadedPack]) -> None:
    pack, level, seat, others, said = SITTINGS[name]
    sitting = table(packs[pack], level=level, seat=seat, others=others, seed=4)
    told = sitting.play(said.split("; "))
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("NEGSIM_GOLDEN"):
        path.write_text(told, encoding="utf-8")
    assert path.is_file(), f"{path.name} is missing; look at the transcript and accept it"
    assert told == path.read_text(encoding="utf-8")


def test_no_transcript_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(SITTINGS)
