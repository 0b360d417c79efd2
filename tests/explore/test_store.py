"""What was worked out is kept, is what was worked out, and never stands in the way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from negsim import store
from negsim.engine import initial_state
from negsim.explore.explorer import Explorer
from negsim.explore.soundness import prove_sound
from negsim.pack.load import LoadedPack
from negsim.places import cache
from negsim.rules import Action, Ending, Game, Not, Shift, Variable, is_
from tests import small_packs
from tests.explore.judge import Judge

MEMORY = 2
"""Megabytes: more than enough for small games, and quickly allocated."""
STEP = 10
"""Of the kept bytes every so manieth is spoilt."""


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder for what is kept, so that the user's own is left alone."""
    monkeypatch.setenv("NEGSIM_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="module")
def game() -> Game:
    return small_packs.small_game(small_packs.confidential())


@pytest.fixture(scope="module")
def judge(game: Game) -> Judge:
    return Judge(game)


def unheard(what: str, nodes: int) -> None:
    raise AssertionError(f"{what} is worked out again")


def answers(explorer: Explorer) -> list[Any]:
    """Of each sort of question an answer, of each ending and of a condition."""
    game = explorer.game
    start = initial_state(game)
    told: list[Any] = [explorer.count()]
    goals = (
        *explorer.endings,
        explorer.holds(is_(game.variables[-1].id, game.variables[-1].values[-1])),
    )
    for goal in goals:
        told += [explorer.possible(goal, start), explorer.distance(goal, start)]
        line = explorer.line(goal, start)
        told.append(None if line is None else [action.id for action in line])
        told += [explorer.forces({party}, goal, start) for party in explorer.parties]
        told += [explorer.avoids({party}, goal, start) for party in explorer.parties]
    return told


def kept(game: Game) -> Path:
    """The folder with what is kept of a game, after all questions were asked."""
    with store.explored(game, memory=MEMORY) as explorer:
        answers(explorer)
    return cache() / store.fingerprint(game)


# There and back


def test_what_was_worked_out_is_not_worked_out_again(game: Game, home: Path) -> None:
    with store.explored(game, memory=MEMORY) as first:
        assert first.kept == {}
        right = answers(first)
    place = home / "cache" / store.fingerprint(game)
    assert sorted(path.name for path in place.iterdir()) == [store.INDEX, store.SETS]
    before = {path: path.stat().st_mtime_ns for path in place.iterdir()}
    with store.explored(game, memory=MEMORY, watch=unheard) as second:
        assert second.kept.keys() == first.kept.keys()
        assert second.order == first.order
        assert answers(second) == right
    assert {path: path.stat().st_mtime_ns for path in place.iterdir()} == before


def test_every_set_comes_back_as_it_was(game: Game, judge: Judge) -> None:
    """State by state, with the stages of each in their order."""
    with store.explored(game, memory=MEMORY) as first:
        answers(first)
    second = store.explorer(game, memory=MEMORY, watch=unheard)
    assert first.kept
    for name, sets in first.kept.items():
        assert len(second.kept[name]) == len(sets)
        for old, new in zip(sets, second.kept[name], strict=True):
            for state in judge.states:
                assert first.space.contains(old, state) == second.space.contains(new, state)


def test_what_is_new_joins_what_was_kept(game: Game) -> None:
    with store.explored(game, memory=MEMORY) as first:
        first.count()
    one = len(first.kept)
    with store.explored(game, memory=MEMORY) as second:
        right = answers(second)
    assert one < len(second.kept)
    with store.explored(game, memory=MEMORY, watch=unheard) as third:
        assert answers(third) == right


def test_what_was_finished_before_an_error_is_kept(game: Game) -> None:
    def stopped() -> None:
        with store.explored(game, memory=MEMORY) as first:
            first.count()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stopped()
    again = store.explorer(game, memory=MEMORY, watch=unheard)
    assert again.count() == Explorer(game, memory=MEMORY).count()


def test_nothing_is_written_where_nothing_was_asked(game: Game, home: Path) -> None:
    with store.explored(game, memory=MEMORY):
        pass
    store.keep(Explorer(game, memory=MEMORY))
    assert not home.exists()


def test_a_hint_serves_where_no_order_was_kept(game: Game) -> None:
    """It may name what the game lacks; once there is an order, that one is used."""
    names = [variable.id for variable in game.variables]
    hint = ["gone", *reversed(names)]
    with store.explored(game, hint, MEMORY) as first:
        assert first.order == tuple(reversed(names))
        first.count()
    assert store.explorer(game, names, MEMORY).order == tuple(reversed(names))


def test_a_whole_case(two_towns: LoadedPack) -> None:
    with store.explored(two_towns.game) as first:
        proof = prove_sound(first)
    with store.explored(two_towns.game) as second:
        assert second.kept.keys() == first.kept.keys()
        assert prove_sound(second) == proof


def test_another_folder_is_chosen_by_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert cache() == tmp_path / "home" / "cache"
    monkeypatch.delenv("NEGSIM_HOME")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "xdg"))
    assert "negsim" in str(cache())
    assert cache() != tmp_path / "home" / "cache"


# The fingerprint


def first_action(game: Game, change: Callable[[Action], Action]) -> Game:
    """The game with a change to its first action that tests and changes something."""
    chosen = next(it for it in game.actions if it.when and it.then and not it.is_pass)
    return replace(game, actions=tuple(change(it) if it is chosen else it for it in game.actions))


def first_variable(game: Game, change: Callable[[Variable], Variable]) -> Game:
    """The game with a change to the first of its variables that is not the turn."""
    return replace(
        game, variables=(game.variables[0], change(game.variables[1]), *game.variables[2:])
    )


def mover_of(game: Game, action: Action) -> str:
    return next(name for name in game.movers if name != action.mover)


def last_of_first(variable: Variable) -> Variable:
    return replace(variable, start=variable.values[-1])


DECIDES: dict[str, Callable[[Game], Game]] = {
    "guard": lambda game: first_action(
        game,
        lambda it: replace(it, when=(replace(it.when[0], condition=Not(it.when[0].condition)),)),
    ),
    "guard-gone": lambda game: first_action(game, lambda it: replace(it, when=it.when[1:])),
    "effect": lambda game: first_action(game, lambda it: replace(it, then=it.then[1:])),
    "effect-shifts": lambda game: first_action(
        game, lambda it: replace(it, then=(Shift(it.then[0].variable, 1), *it.then[1:]))
    ),
    "effect-when": lambda game: first_action(
        game,
        lambda it: replace(
            it, then=(replace(it.then[0], when=is_("turn", it.mover)), *it.then[1:])
        ),
    ),
    "mover": lambda game: first_action(game, lambda it: replace(it, mover=mover_of(game, it))),
    "id": lambda game: first_action(game, lambda it: replace(it, id="other/id")),
    "action-gone": lambda game: replace(game, actions=game.actions[1:]),
    "order-of-actions": lambda game: replace(game, actions=game.actions[::-1]),
    "start": lambda game: first_variable(game, last_of_first),
    "values": lambda game: first_variable(game, lambda it: replace(it, values=it.values[::-1])),
    "one-more-value": lambda game: first_variable(
        game, lambda it: replace(it, values=(*it.values, "more"))
    ),
    "one-more-variable": lambda game: replace(
        game, variables=(*game.variables, Variable("more", ("no",), "no"))
    ),
    "new-ending": lambda game: replace(
        game, endings=(Ending("new", "New", "new", is_("turn", game.movers[0])), *game.endings)
    ),
    "default-ending": lambda game: replace(
        game,
        endings=tuple(
            it if it.when is not None else replace(it, when=is_("turn", game.movers[0]))
            for it in game.endings
        ),
    ),
    "ending-id": lambda game: replace(
        game, endings=tuple(replace(it, id=f"{it.id}-too") for it in game.endings)
    ),
}

WORDS: dict[str, Callable[[Game], Game]] = {
    "text": lambda game: first_action(game, lambda it: replace(it, text="Something else.")),
    "otherwise": lambda game: first_action(
        game,
        lambda it: replace(it, when=tuple(replace(n, otherwise="no", rule="G1") for n in it.when)),
    ),
    "facts": lambda game: first_action(
        game, lambda it: replace(it, facts=("F1",), basis="reported")
    ),
    "seen-by": lambda game: first_action(game, lambda it: replace(it, seen_by=frozenset({"x"}))),
    "title": lambda game: first_variable(game, lambda it: replace(it, title="another title")),
    "ending": lambda game: replace(
        game, endings=tuple(replace(it, title="T", reason="R") for it in game.endings)
    ),
    "name": lambda game: replace(game, id="another-name"),
    "excluded": lambda game: replace(game, excluded={"do/it": "no"}),
}


@pytest.mark.parametrize("change", DECIDES.values(), ids=DECIDES)
def test_another_table_has_another_fingerprint(game: Game, change: Callable[[Game], Game]) -> None:
    assert store.fingerprint(change(game)) != store.fingerprint(game)


def test_all_changes_are_told_apart(game: Game) -> None:
    prints = [store.fingerprint(change(game)) for change in DECIDES.values()]
    assert len(set(prints)) == len(prints)


@pytest.mark.parametrize("change", WORDS.values(), ids=WORDS)
def test_other_words_have_the_same_fingerprint(game: Game, change: Callable[[Game], Game]) -> None:
    assert change(game) != game
    assert store.fingerprint(change(game)) == store.fingerprint(game)


def test_a_changed_table_starts_anew(game: Game) -> None:
    kept(game)
    assert store.explorer(DECIDES["guard"](game), memory=MEMORY).kept == {}
    assert store.explorer(WORDS["title"](game), memory=MEMORY).kept != {}


PRINTED = """
from negsim.pack.catalogue import shipped
from negsim.pack.load import load_pack
from negsim.store import fingerprint
for name in ("two-towns", "january-2022"):
    for game in load_pack(shipped() / name).games.values():
        print(fingerprint(game))
"""


def test_the_fingerprint_is_that_of_every_process(packs: dict[str, LoadedPack]) -> None:
    """Sets of values have no order of their own, and another one in each process."""
    own = [
        store.fingerprint(game)
        for name in ("two-towns", "january-2022")
        for game in packs[name].games.values()
    ]
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", PRINTED],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
        )
        assert done.stdout.split() == own


# What was spoilt is worked out again


def spoilt(content: bytes) -> dict[str, bytes]:
    """The content in many wrong ways."""
    ways = {"empty": b"", "garbage": b"\x00\xff\x80 no {", "null": b"null", "list": b"[]"}
    for place in range(0, len(content), 4 * STEP):
        ways[f"cut at {place}"] = content[:place]
    for place in range(0, len(content), STEP):
        bit = (0x01, 0x80)[place // STEP % 2]
        flipped = bytes([content[place] ^ bit])
        ways[f"flipped at {place}"] = content[:place] + flipped + content[place + 1 :]
    return ways


def rights(game: Game) -> list[Any]:
    return answers(Explorer(game, memory=MEMORY))


def wrong_ways(game: Game, path: Path, ways: dict[str, bytes]) -> list[str]:
    """Of the ways in which a kept file is spoilt, those that do not give the right answers."""
    right, content = rights(game), path.read_bytes()
    found = []
    for name, other in ways.items():
        path.write_bytes(other)
        try:
            if answers(store.explorer(game, memory=MEMORY)) != right:
                found.append(f"{name}: wrong answers")
        except Exception as error:
            found.append(f"{name}: {error!r}")
        path.write_bytes(content)
    return found


def test_spoilt_sets_are_worked_out_again(game: Game) -> None:
    path = kept(game) / store.SETS
    assert wrong_ways(game, path, spoilt(path.read_bytes())) == []


@pytest.mark.parametrize("name", [store.SETS, store.INDEX])
def test_a_missing_file_is_worked_out_again(game: Game, name: str) -> None:
    place = kept(game)
    right = rights(game)
    (place / name).unlink()
    with store.explored(game, memory=MEMORY) as explorer:
        assert explorer.kept == {}
        assert answers(explorer) == right
    assert answers(store.explorer(game, memory=MEMORY, watch=unheard)) == right


def test_a_cut_index_is_worked_out_again(game: Game) -> None:
    path = kept(game) / store.INDEX
    ways = {name: it for name, it in spoilt(path.read_bytes()).items() if "flipped" not in name}
    assert wrong_ways(game, path, ways) == []


def test_a_flipped_index_is_worked_out_again(game: Game) -> None:
    """No flipped bit makes the sets of one question those of another."""
    path = kept(game) / store.INDEX
    assert wrong_ways(game, path, spoilt(path.read_bytes())) == []


INDEXES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no-order": lambda it: {key: value for key, value in it.items() if key != "order"},
    "no-sets": lambda it: {key: value for key, value in it.items() if key != "sets"},
    "other-order": lambda it: {**it, "order": [*it["order"], "gone"]},
    "short-order": lambda it: {**it, "order": it["order"][1:]},
    "no-list": lambda it: {**it, "order": 7, "sets": 8},
    "too-many": lambda it: {**it, "sets": [*it["sets"], ["possible nothing", 9]]},
    "too-few": lambda it: {**it, "sets": it["sets"][:1]},
    "exchanged": lambda it: {**it, "sets": it["sets"][::-1]},
}


@pytest.mark.parametrize("change", INDEXES.values(), ids=INDEXES)
def test_an_index_that_does_not_fit_is_worked_out_again(
    game: Game, change: Callable[[dict[str, Any]], Any]
) -> None:
    """What stands in it need not be what was written there."""
    path = kept(game) / store.INDEX
    digest, _, index = path.read_bytes().partition(b"\n")
    changed = digest + b"\n" + json.dumps(change(json.loads(index))).encode()
    assert changed != path.read_bytes()
    assert wrong_ways(game, path, {"changed": changed}) == []


def test_a_deep_index_is_worked_out_again(game: Game) -> None:
    path = kept(game) / store.INDEX
    assert wrong_ways(game, path, {"deep": b"[" * 100_000}) == []


def test_sets_of_another_game_are_not_taken(game: Game) -> None:
    """The index does not fit them."""
    place = kept(game)
    other = kept(small_packs.small_game(small_packs.silent()))
    ways = {"another's": (other / store.SETS).read_bytes()}
    assert wrong_ways(game, place / store.SETS, ways) == []


def test_sets_that_are_replaced_while_they_are_read_are_not_taken(
    game: Game, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at the index and the reading of the sets another one may write."""
    kept(game)
    right = rights(game)
    look = store._read

    def overtaken(place: Path) -> tuple[dict[str, Any], bytes] | None:
        found = look(place)
        other = Explorer(game, memory=MEMORY)
        for goal in reversed(other.endings):
            other.smallest_avoiding(goal, initial_state(game))
        answers(other)
        store.keep(other)
        return found

    monkeypatch.setattr(store, "_read", overtaken)
    assert answers(store.explorer(game, memory=MEMORY)) == right


# What cannot be written


def test_a_folder_that_cannot_be_made_does_not_matter(game: Game, home: Path) -> None:
    home.write_text("this is a file", encoding="utf-8")
    right = rights(game)
    for _ in range(2):
        with store.explored(game, memory=MEMORY) as explorer:
            assert answers(explorer) == right
    assert home.read_text(encoding="utf-8") == "this is a file"


def test_a_folder_that_cannot_be_written_does_not_matter(
    game: Game, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = kept(game)
    before = {path.name: path.read_bytes() for path in place.iterdir()}

    def refuse(*paths: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "replace", refuse)
    with store.explored(game, memory=MEMORY) as explorer:
        explorer.possible(explorer.holds(is_("turn", game.movers[0])), initial_state(game))
    assert {path.name: path.read_bytes() for path in place.iterdir()} == before


def test_nothing_is_left_of_drafts(game: Game) -> None:
    place = kept(game)
    assert {path.name for path in place.iterdir()} == {store.INDEX, store.SETS}


def test_those_who_write_at_once_leave_something_whole(game: Game) -> None:
    """Each finds the old or the new; at the end what is there is whole, or is worked out again."""
    right = rights(game)
    problems: list[BaseException | str] = []

    def work(number: int) -> None:
        try:
            for _ in range(6):
                with store.explored(game, memory=MEMORY) as explorer:
                    goals = explorer.endings
                    for goal in goals if number % 2 else reversed(goals):
                        explorer.smallest(goal, initial_state(game))
                    if answers(explorer) != right:
                        problems.append("wrong answers")
                store.keep(explorer)
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert answers(store.explorer(game, memory=MEMORY)) == right
    place = kept(game)
    assert store._read(place) is not None
    assert {path.name for path in place.iterdir()} == {store.INDEX, store.SETS}
