"""What every pack that is found must pass, and the transcripts that pin how it is told.

To accept a change of a transcript: NEGSIM_GOLDEN=1 pytest tests/test_conformance.py
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from negsim.engine import initial_state, outcome
from negsim.lint import lint
from negsim.pack.catalogue import headline, shipped
from negsim.pack.load import LoadedPack, load_pack
from negsim.replay import tell
from negsim.rules import EVERYTHING, Action, Ending
from negsim.text import replay_lines
from tests.conftest import PACKS
from tests.search import search

GOLDEN = Path(__file__).parent / "golden"


def transcripts() -> list[tuple[str, str, str]]:
    """Each pack at each level as everything sees it, and at the full level by each viewpoint."""
    found = []
    for name in PACKS:
        pack = load_pack(shipped() / name)
        found += [(name, level, EVERYTHING) for level in ("full", *pack.pack.levels)]
        found += [(name, "full", eyes) for eyes in pack.pack.viewpoints if eyes != EVERYTHING]
    return found


def test_there_are_packs() -> None:
    assert {"january-2022", "two-towns"} <= set(PACKS)


def test_a_pack_is_in_order(pack: LoadedPack) -> None:
    assert [str(finding.problem) for finding in lint(pack)] == []


def test_the_list_and_the_pack_agree(pack: LoadedPack) -> None:
    head = headline(pack.folder)
    said = (pack.pack.id, pack.pack.title, pack.pack.about, str(pack.pack.minutes))
    assert (head.id, head.title, head.about, head.minutes) == said
    assert (head.difficulty, head.readable) == (pack.pack.difficulty, True)


def test_every_reported_part_cites_a_fact(pack: LoadedPack) -> None:
    """On the table itself, whatever the linter thinks of the files."""
    for level in ("full", *pack.pack.levels):
        parts: list[Action | Ending] = [*pack.at(level).actions, *pack.at(level).endings]
        for part in parts:
            if part.basis == "reported":
                assert part.facts, part.id
            assert set(part.facts) <= set(pack.facts.facts)
    for step in pack.record.steps:
        assert step.basis != "reported" or step.facts
        assert pack.pack.invented or step.facts or step.basis == "invented"


def test_the_record_is_legal_at_every_level(pack: LoadedPack) -> None:
    for level in ("full", *pack.pack.levels):
        game = pack.at(level)
        frames = tell(game, pack.record, level, pack.game)
        assert [frame.refusal for frame in frames if frame.refusal] == []
        assert any(frame.played for frame in frames)
        assert outcome(game, initial_state(game)) is None


def test_a_level_keeps_the_words_and_citations_of_its_actions(january: LoadedPack) -> None:
    """Although the dials that some of them move are left out with their effects."""
    full, basic = january.game.by_id, january.at("basic").by_id
    kept = {name for name in full.keys() & basic.keys() if not name.startswith("answer/")}
    assert "nature/leak/us-paper" in kept
    for name in kept:
        assert (basic[name].text, basic[name].basis, basic[name].facts) == (
            full[name].text,
            full[name].basis,
            full[name].facts,
        )


def test_compiling_again_gives_the_same_table(pack: LoadedPack) -> None:
    again = load_pack(pack.folder)
    assert again.game.variables == pack.game.variables
    assert again.game.actions == pack.game.actions
    assert again.content_hash == pack.content_hash


@pytest.mark.parametrize(("name", "level", "viewpoint"), transcripts())
def test_transcript(name: str, level: str, viewpoint: str, packs: dict[str, LoadedPack]) -> None:
    pack = packs[name]
    game = pack.at(level)
    frames = tell(game, pack.record, level, pack.game)
    told = "\n".join(replay_lines(pack, game, frames, viewpoint, 80)) + "\n"
    path = GOLDEN / f"{name}.{level}.{viewpoint}.txt"
    if os.environ.get("NEGSIM_GOLDEN"):
        path.write_text(told, encoding="utf-8")
    assert path.is_file(), f"{path.name} is missing; look at the transcript and accept it"
    assert told == path.read_text(encoding="utf-8")


def test_no_transcript_is_left_over() -> None:
    expected = {f"{name}.{level}.{viewpoint}.txt" for name, level, viewpoint in transcripts()}
    assert {path.name for path in GOLDEN.iterdir()} == expected


def test_exact_counts_of_two_towns(two_towns: LoadedPack) -> None:
    found = search(two_towns.game)
    game = two_towns.game
    endings = [
        reached.ending.id for state in found.states if (reached := outcome(game, state)) is not None
    ]
    assert (len(game.variables), len(game.actions)) == (15, 44)
    assert len(found.states) == 79_128
    assert {name: endings.count(name) for name in set(endings)} == {
        "whole": 2_816,
        "talks": 5_632,
        "broken-off": 5_632,
        "unanswered": 5_632,
    }
    assert {step.action.id for step in found.steps} == set(game.by_id)


def test_every_stage_is_used_once_by_two_towns(two_towns: LoadedPack) -> None:
    stages: list[str] = []
    for frame in tell(two_towns.game, two_towns.record):
        assert frame.played is not None
        place = two_towns.game.position["letter.status"]
        status = two_towns.game.variables[place].values[frame.after[place]]
        derived = two_towns.game.derived[0]
        stage = next(label for label, group in derived.groups.items() if status in group)
        if stage not in stages:
            stages.append(stage)
    assert stages == ["demand", "consultation", "response", "analysis", "decided"]
