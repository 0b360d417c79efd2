"""Whatever the files of a pack hold, it loads, or every mistake in it is told in clear text.

Three kinds of packs from strangers: bytes of good files changed at random, trees of good files
changed at random, and noise. Hypothesis draws them, and shrinks what breaks the promise.
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from negsim.engine import apply_action, initial_state, is_terminal, legal_actions
from negsim.errors import InputError
from negsim.pack import yaml_tree
from negsim.pack.catalogue import shipped
from negsim.pack.load import FILES, load_pack
from negsim.rules import Game

SECONDS = 5.0
"""Longer than any pack of the size drawn here may take."""

Change = tuple[str, int, int, bytes]

GOOD = {
    name: {
        file: (shipped() / name / file).read_bytes()
        for file in FILES
        if (shipped() / name / file).is_file()
    }
    for name in ("two-towns", "january-2022")
}
TREES = {
    (name, file): yaml.safe_load(raw.decode()) for name in GOOD for file, raw in GOOD[name].items()
}

often = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def put(folder: Path, name: str, files: dict[str, bytes]) -> Path:
    """A folder of that name with these files and no others."""
    pack = folder / name
    pack.mkdir(exist_ok=True)
    for file in FILES:
        (pack / file).unlink(missing_ok=True)
    for file, raw in files.items():
        (pack / file).write_bytes(raw)
    return pack


def keeps_the_promise(pack: Path) -> None:
    """The pack loads and can be played, or InputError says in printable lines why not."""
    started = time.perf_counter()
    try:
        loaded = load_pack(pack)
    except InputError as error:
        assert error.problems
        for problem in error.problems:
            assert problem.message
            assert str(problem).isprintable(), ascii(str(problem))
            assert "pydantic" not in problem.message.lower()
    else:
        playable(loaded.game)
    assert time.perf_counter() - started < SECONDS


def playable(game: Game) -> None:
    """The first moves of a line can be listed and taken."""
    state = initial_state(game)
    for number in range(8):
        actions = legal_actions(game, state)
        assert bool(actions) != is_terminal(game, state)
        if not actions:
            break
        state = apply_action(game, state, actions[number % len(actions)])


def changed(raw: bytes, changes: list[Change]) -> bytes:
    """The bytes after each change; places are taken modulo the length."""
    for kind, place, length, new in changes:
        at = place % (len(raw) + 1)
        there = place // 7 % (len(raw) + 1)
        match kind:
            case "insert":
                raw = raw[:at] + new + raw[at:]
            case "replace":
                raw = raw[:at] + new + raw[at + len(new) :]
            case "delete":
                raw = raw[:at] + raw[at + length :]
            case "repeat":
                raw = raw[: at + length] + raw[at:]
            case _:
                raw = raw[:there] + raw[at : at + length] + raw[there:]
    return raw


TELLING = [
    *(b"\t", b"\n", b"  ", b"- ", b": ", b"'", b'"', b"[", b"]", b"{", b"}", b"# ", b"---\n"),
    *(b"&a ", b"*a ", b"!!", b"| ", b"> ", b"? ", b"%", b"\\", b"\x00", b"\x1b", b"\xff", b"<<"),
    *("\u202e".encode(), "\ufeff".encode(), b"\r", b"~", b"true", b"-1", b"99999999999999999999"),
]
"""Bytes with a meaning, which chance alone would seldom hit on."""

changes = st.lists(
    st.tuples(
        st.sampled_from(["insert", "replace", "delete", "repeat", "copy"]),
        st.integers(0, 1_000_000),
        st.integers(1, 200),
        st.sampled_from(TELLING) | st.binary(min_size=1, max_size=4),
    ),
    min_size=1,
    max_size=4,
)


def names_of(name: str) -> st.SearchStrategy[tuple[str, str]]:
    """A file of that pack."""
    return st.tuples(st.just(name), st.sampled_from(sorted(GOOD[name])))


some_file = st.one_of(names_of("two-towns"), names_of("two-towns"), names_of("january-2022"))


@often
@given(where=some_file, changes=changes)
def test_changed_bytes(folder: Path, where: tuple[str, str], changes: list[Change]) -> None:
    name, file = where
    files = GOOD[name] | {file: changed(GOOD[name][file], changes)}
    keeps_the_promise(put(folder, name, files))


def parts(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every part of the data."""
    yield path
    for key in data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ():
        yield from parts(data[key], (*path, key))


PATHS = {where: list(parts(tree))[1:] for where, tree in TREES.items()}
WORDS = sorted(
    {str(step) for paths in PATHS.values() for path in paths for step in path if path}
    | {str(value) for tree in TREES.values() for value in [tree] for value in leaves_of(value)}
)
