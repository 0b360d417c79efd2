"""The table as JSON holds everything that there is to a game."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given

from negsim.export.table import canonical, table, table_hash
from negsim.pack.load import LoadedPack
from negsim.pack.models import Pack
from negsim.rules import Game
from tests import small_packs
from tests.export.reader import read_table
from tests.games import games
from tests.search import search
from tests.small_packs import small_game

PACK = small_packs.every_step()


def written(game: Game) -> str:
    return table(game, PACK, "full", "0" * 64)


@pytest.mark.parametrize("make", small_packs.ALL)
def test_a_small_pack_comes_back(make: Callable[[], Pack]) -> None:
    game = small_game(make())
    assert read_table(written(game)) == game


@pytest.mark.parametrize("make", [small_packs.every_step, small_packs.extended])
def test_what_comes_back_has_the_same_states(
    make: Callable[[], Pack],
) -> None:
    game = small_game(make())
    assert search(read_table(written(game))).states == search(game).states


@given(games())
def test_a_game_that_is_made_up_comes_back(game: Game) -> None:
    back = read_table(written(game))
    assert back == game
    assert search(back).states == search(game).states


def test_every_level_of_what_ships_comes_back(pack: LoadedPack) -> None:
    for level, game in pack.games.items():
        text = table(game, pack.pack, level, pack.content_hash)
        assert read_table(text) == game
        data = json.loads(text)
        assert data["pack"] == {
            "id": pack.pack.id,
            "title": pack.pack.title,
            "level": level,
            "hash": pack.content_hash,
        }
        assert data["hash"] == table_hash(data)
        assert "hash" not in json.loads(canonical(data))


def test_the_shape(two_towns: LoadedPack) -> None:
    text = table(two_towns.game, two_towns.pack, "full", two_towns.content_hash)
    assert text.isascii()
    assert text.endswith("}\n")
    data = json.loads(text)
    assert list(data) == [
        "format",
        "hash",
        "game",
        "pack",
        "movers",
        "viewpoints",
        "variables",
        "derived",
        "actions",
        "endings",
        "excluded",
    ]
    ask = next(it for it in data["actions"] if it["id"] == "ask/letter")
    assert ask["kind"] == "ask"
    assert ask["mover"] == "highwell"
    assert ask["then"] == [{"set": "letter.status", "to": "asked", "when": {"all": []}}]
    assert ask["when"][0]["condition"] == {"is": "letter.status", "values": ["demanded"]}
    assert ask["when"][0]["words"] == "letter.status is demanded"
    assert data["endings"][-1]["when"] is None


def test_the_hash_tells_games_apart(two_towns: LoadedPack) -> None:
    hashes = {
        json.loads(table(game, PACK, "full", "0"))["hash"]
        for game in (two_towns.game, small_game(PACK), small_game(small_packs.linked()))
    }
    assert len(hashes) == 3
