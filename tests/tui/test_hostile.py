"""A pack whose every text is markup, control sequences, right-to-left marks and endless words, on
every screen: nothing of it is obeyed, nothing fails, and nothing takes long."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import pytest
import yaml
from pydantic import BaseModel
from textual.widgets import OptionList

from negsim.pack.catalogue import shipped
from negsim.pack.compile import compile_pack
from negsim.pack.load import LoadedPack, load_pack
from negsim.tui.home import Home, Ways
from negsim.tui.table import Table
from tests.tui import HOSTILE
from tests.tui.app_tests import FAULT, LARGE, SMALL, Play, playing, shown_in

M = TypeVar("M", bound=BaseModel)

OBEYED = "\x1b[2J\x1b]0;t\x07\x9b31m\x00\x08\x7f\r\t\u202e\u2066\u200f\u2028\ufeff\U000e0001"
"""What a terminal would obey, or a reader not see."""
ENDLESS = "W" * 10_000
TEXTS = {
    "about", "actor", "because", "code", "dated", "ends", "name", "note", "opening", "otherwise",
    "place", "question", "reason", "round", "short", "text", "title", "treatment",
}  # fmt: skip
"""The fields that are told to people."""
SECONDS = 4.0
"""Processor time in which any key must have been heard and painted, on a busy machine."""


def spoilt(it: M, text: str) -> M:
    """The same part of a pack with another text wherever it has one."""
    return it.model_copy(update={name: _spoilt(name, value, text) for name, value in it})


def _spoilt(name: str, value: Any, text: str) -> Any:
    match value:
        case str() if name in TEXTS:
            return f"{value[:12]} {text}"
        case BaseModel():
            return spoilt(value, text)
        case dict():
            return {key: _spoilt("", one, text) for key, one in value.items()}
        case list():
            return [_spoilt("", one, text) for one in value]
    return value


@cache
def hostile(word: str) -> LoadedPack:
    """The two towns in hostile words; no file could hold endless ones, each text has its limit.

    Steps and items cite facts of January, which are as bad.
    """
    two_towns = load_pack(shipped() / "two-towns", branches_too=False)
    january = load_pack(shipped() / "january-2022", branches_too=False)
    text = f"{HOSTILE} {OBEYED} {word}"
    pack = spoilt(two_towns.pack, text)
    cited = [*january.facts.facts][:3]
    items = {name: it.model_copy(update={"facts": cited}) for name, it in pack.items.items()}
    pack = pack.model_copy(update={"items": items})
    game, mistakes = compile_pack(pack)
    assert game is not None, mistakes
    actions = tuple(replace(it, facts=tuple(cited), basis="reported") for it in game.actions)
    game = replace(game, actions=actions)
    record = spoilt(two_towns.record, text)
    steps = [
        it.model_copy(update={"facts": cited, "dated": text, "text": text}) for it in record.steps
    ]
    return replace(
        two_towns,
        pack=pack,
        facts=spoilt(january.facts, text),
        record=record.model_copy(update={"steps": steps}),
        games={"full": game},
    )


class Watched:
    """Presses keys, and looks at everything that is painted after each."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.slowest = ("", 0.0)

    async def press(self, *keys: str) -> None:
        for key in keys:
            begun = time.process_time()
            await self.play.press(key)
            self.look(key)
            taken = time.process_time() - begun
            self.slowest = max(self.slowest, (key, taken), key=lambda it: it[1])
            assert taken < SECONDS, (key, self.play.app.screen_stack)

    def look(self, after: str) -> None:
        """Nothing that is painted is obeyed by a terminal, or by the application."""
        for strip in self.play.strips:
            assert strip.text.isprintable(), (after, strip.text)
            for segment in strip:
                assert segment.control is None
                assert segment.style is None or "quit" not in str(segment.style.meta)
                assert segment.style is None or not segment.style.link
        assert not self.play.app._exit, after
        assert FAULT not in self.play.told, after
        for it in self.play.app.screen_stack:
            if isinstance(it, Table):
                assert FAULT not in self.play.says_of(it), after


@pytest.mark.long
@pytest.mark.parametrize(
    ("size", "word"),
    [(SMALL, ENDLESS), pytest.param(LARGE, "end", marks=pytest.mark.long)],
    ids=["small", "large"],
)
def test_the_table_and_what_opens_over_it(
    size: tuple[int, int], word: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shown_in(hostile(word), monkeypatch)
    monkeypatch.chdir(tmp_path)

    async def test(play: Play) -> None:
        await play.start(follow=True)
        watched = Watched(play)
        await watched.press("right", "f", "pagedown", "escape")
        play.session.goto("r3")
        await watched.press("right", "enter")
        assert play.table.centre == "draft"
        await watched.press("down", "right", "1", "o", *"[b]", "enter", "2", "a", "x", "end")
        await watched.press("enter", "/", "[", "enter", "escape", "m", "[", "enter")
        await watched.press("l", "enter", "escape", "i", "enter", "escape", "k", "b", "g", "t")
        await watched.press("v", "w", "end", "enter", "escape", "escape")
        await watched.press("c", "enter", "down", "enter", "escape")
        while not isinstance(play.screen, Table):
            await watched.press("escape")
        await watched.press("?", "pagedown", "escape", "ctrl+p")
        await play.write("o")
        await play.pilot.pause(0.1)
        await watched.press("down", "escape")

    playing(test, size)


@pytest.mark.long
def test_a_seat_and_the_debrief(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shown_in(hostile(ENDLESS), monkeypatch)
    monkeypatch.chdir(tmp_path)

    async def test(play: Play) -> None:
        await play.start(seat="lowmill")
        watched = Watched(play)
        await watched.press("y", "pagedown", "l", "i", "k", "t", "e", "enter", "down", "enter")
        await watched.press("escape")
        play.session.goto("record")
        play.table.refresh_table()
        await play.settle()
        await watched.press("d", *["down", "right", "end", "enter", "escape", "left"] * 2, "e")
        await watched.press("escape")

    playing(test, LARGE)
    assert {it.suffix for it in tmp_path.iterdir()} == {".svg", ".yaml", ".html", ".md"}
    for it in tmp_path.iterdir():
        text = it.read_text(encoding="utf-8")
        assert not {char for char in text if not char.isprintable()} - {"\n", "\xa0"}, it.name


# The first screen, whose packs are read from files


def hostile_folder(folder: Path, text: str) -> None:
    """Two towns in hostile words, as far as the limits of its files let it."""
    folder.mkdir(parents=True)
    for name in ("record.yaml", "facts.yaml"):
        (folder / name).write_bytes((shipped() / "two-towns" / name).read_bytes())
    data = yaml.safe_load((shipped() / "two-towns" / "pack.yaml").read_text(encoding="utf-8"))
    for path, limit in texts(data):
        *way, last = path
        part = data
        for key in way:
            part = part[key]
        part[last] = text[:limit]
    (folder / "pack.yaml").write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")


def texts(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], int]]:
    """Where the texts of a pack stand, and how long each may be."""
    parts = data.items() if isinstance(data, dict) else enumerate(data)
    for key, it in parts:
        if isinstance(it, dict | list):
            yield from texts(it, (*path, key))
        elif isinstance(it, str) and key in TEXTS and "match" not in path:
            yield (*path, key), 120 if key in ("title", "name", "round", "code") else 500


def test_the_first_screen_and_a_pack_from_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "scenarios"
    hostile_folder(folder / "two-towns", f"{HOSTILE} {ENDLESS}")
    hostile_folder(folder / "hidden", f"{OBEYED}{HOSTILE}")
    heads = {
        "zz[red]\u202e": yaml.safe_dump({"title": OBEYED + ENDLESS, "about": OBEYED + ENDLESS * 9})
        + f"minutes: {ENDLESS}\ndifficulty: '[b'\n",
        "broken[b]": "[",
    }
    for name, head in heads.items():
        (folder / name).mkdir()
        (folder / name / "pack.yaml").write_text(head, encoding="utf-8")
    monkeypatch.setattr("negsim.pack.catalogue.shipped", lambda: folder)
    monkeypatch.setattr("negsim.tui.home.shipped", lambda: folder)

    async def test(play: Play) -> None:
        watched = Watched(play)
        watched.look("opened")
        ids = [it.id for it in play.screen.query_one(OptionList).options]
        assert ids[1:] == [f"pack/{it}" for it in sorted([*heads, "hidden", "two-towns"])]
        for number, told in enumerate(["broken", "hidden character U+001B", "", "zz"]):
            await watched.press("home", *["down"] * number, "enter")
            if told:
                assert isinstance(play.screen, Home)
                assert told in play.told
            else:
                assert isinstance(play.screen, Ways)
                await watched.press("escape")
        await watched.press("up", "enter")
        assert isinstance(play.screen, Ways)
        await watched.press("down", "down", "down", "?", "escape", "enter")
        await play.until_table()
        watched.look("the table")
        await watched.press("n", "n", "f", "escape", "escape")
        assert isinstance(play.screen, Home)
        watched.look("the session is offered")
        await watched.press("home", "enter")
        await play.until_table()
        watched.look("resumed")

    playing(test, SMALL, told=True)


def test_a_session_with_a_hostile_header_is_offered_harmless(tmp_path: Path) -> None:
    from negsim.places import sessions

    sessions().mkdir(parents=True)
    bad = OBEYED.replace("\x00", "").replace("\r", "").replace("\t", "")
    header = yaml.safe_dump(f"{HOSTILE}{bad}", width=9_999).strip()
    for number, text in enumerate(
        (
            '{"pack": "[b]", "level": "\\u001b[2J", "seat": "[/]\\u202e"}\n{}\n',
            '{"pack": ["x"], "level": {"a": 1}}\n{}\n',
            f"{header}\n",
        )
    ):
        (sessions() / f"a{number}[b]\u202e.jsonl").write_text(text, encoding="utf-8")

    async def test(play: Play) -> None:
        watched = Watched(play)
        watched.look("opened")
        for _ in range(6):
            await watched.press("enter")
            await play.until(lambda: isinstance(play.screen, Home | Ways))
            await watched.press(*(["escape"] if isinstance(play.screen, Ways) else []), "down")

    playing(test, LARGE, told=True)
