"""Whatever the files of a pack hold, it loads, or every mistake in it is told in clear text.

Packs come from strangers. Four kinds are drawn: good files with some bytes changed, good files with
parts of their trees changed, noise, and a good case with its switches set at random.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias, get_args

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from negsim.engine import apply_action, initial_state, is_terminal, legal_actions
from negsim.errors import InputError
from negsim.pack import yaml_tree
from negsim.pack.catalogue import shipped
from negsim.pack.load import FILES, load_pack
from negsim.pack.models import Answer, Kind
from negsim.pack.references import NEEDED_KINDS, PAPER_WORDS
from negsim.rules import Game
from tests.effort import some

SECONDS = 5.0
"""Longer than any pack drawn here may take, on a slow machine too."""

Where: TypeAlias = tuple[str, str]
Steps: TypeAlias = tuple[Any, ...]
ByteChange: TypeAlias = tuple[str, int, int, bytes]
TreeChange: TypeAlias = tuple[str, Steps, Steps, Any]

GOOD = {
    name: {
        file: (shipped() / name / file).read_bytes()
        for file in FILES
        if (shipped() / name / file).is_file()
    }
    for name in ("two-towns", "january-2022")
}
WHERE = [(name, file) for name, files in GOOD.items() for file in files]
TREES: dict[Where, Any] = {where: yaml.safe_load(GOOD[where[0]][where[1]]) for where in WHERE}


def parts(data: Any, path: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    """Every part of the data with its path."""
    yield path, data
    if isinstance(data, dict | list):
        for step in data if isinstance(data, dict) else range(len(data)):
            yield from parts(data[step], (*path, step))


PATHS = {where: [path for path, _ in parts(tree) if path] for where, tree in TREES.items()}
WORDS = sorted(
    {part for tree in TREES.values() for _, part in parts(tree) if isinstance(part, str)}
    | {step for paths in PATHS.values() for path in paths for step in path if type(step) is str}
)

few = partial(settings, deadline=None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("packs")


def write(pack: Path, files: dict[str, bytes]) -> None:
    """The folder holds these files of a pack and no others."""
    pack.mkdir(exist_ok=True)
    for file in FILES:
        (pack / file).unlink(missing_ok=True)
    for file, raw in files.items():
        (pack / file).write_bytes(raw)


def keeps_the_promise(folder: Path, name: str, files: dict[str, bytes]) -> None:
    """The pack loads and can be played at every level, or the mistakes are told."""
    write(folder / name, files)
    started = time.process_time()
    try:
        loaded = load_pack(folder / name)
    except InputError as error:
        are_clear(error)
    else:
        playable(loaded.game)
        for level in loaded.pack.levels:
            try:
                game = loaded.at(level)
            except InputError as error:
                are_clear(error)
            else:
                playable(game)
    assert time.process_time() - started < SECONDS


def are_clear(error: InputError) -> None:
    assert error.problems
    for problem in error.problems:
        assert str(problem).isprintable()
        assert len(problem.message) < 1000
        assert "pydantic" not in problem.message
        assert "; " in problem.message or problem.message.endswith("?")  # it says what to do


def playable(game: Game) -> None:
    """The first moves of a line can be listed and taken."""
    state = initial_state(game)
    for number in range(8):
        actions = legal_actions(game, state)
        assert bool(actions) != is_terminal(game, state)
        if not actions:
            return
        state = apply_action(game, state, actions[number % len(actions)])


def with_bytes_changed(raw: bytes, changes: list[ByteChange]) -> bytes:
    for kind, place, length, new in changes:
        at = place % (len(raw) + 1)
        chunk = raw[at : at + length]
        match kind:
            case "insert":
                raw = raw[:at] + new + raw[at:]
            case "replace":
                raw = raw[:at] + new + raw[at + len(new) :]
            case "delete":
                raw = raw[:at] + raw[at + length :]
            case "repeat":
                raw = raw[:at] + chunk + raw[at:]
            case "flip":
                raw = raw[:at] + bytes(255 - byte for byte in chunk[:1]) + raw[at + 1 :]
            case _:
                raw = chunk + raw
    return raw


TELLING = [
    *(b"\t", b"\n", b"  ", b"- ", b": ", b"'", b'"', b"[", b"]", b"{", b"}", b"# ", b"---\n"),
    *(b"&a ", b"*a ", b"!!x ", b"|\n", b">\n", b"? ", b"%", b"\\", b"\x00", b"\x1b", b"\xff"),
    *("\u202e".encode(), "\ufeff".encode(), b"\r", b"~", b"-1", b"9" * 20, b"<<: ", b'"\\x1b"'),
]
"""Bytes with a meaning, which chance alone would seldom hit on."""

byte_changes = st.lists(
    st.tuples(
        st.sampled_from(["insert", "replace", "delete", "repeat", "flip", "move"]),
        st.integers(0, 100_000),
        st.integers(1, 200),
        st.sampled_from(TELLING) | st.binary(min_size=1, max_size=4),
    ),
    min_size=1,
    max_size=4,
)


@few(max_examples=some(120))
@given(where=st.sampled_from(WHERE), changes=byte_changes)
def test_bytes_changed(folder: Path, where: Where, changes: list[ByteChange]) -> None:
    name, file = where
    raw = with_bytes_changed(GOOD[name][file], changes)
    keeps_the_promise(folder, name, GOOD[name] | {file: raw})


@few(max_examples=some(30))
@given(where=st.sampled_from(WHERE), changes=byte_changes)
def test_bytes_changed_without_libyaml(
    folder: Path, where: Where, changes: list[ByteChange]
) -> None:
    name, file = where
    raw = with_bytes_changed(GOOD[name][file], changes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_tree, "LOADER", yaml.SafeLoader)
        found = yaml_tree.parse_yaml(raw, file)
    if isinstance(found, list):
        are_clear(InputError(found))


def at(data: Any, path: Steps) -> Any:
    for step in path:
        data = data[step]
    return data


def with_parts_changed(tree: Any, changes: list[TreeChange]) -> Any:
    """The tree after each change; one whose part is gone by then is left out."""
    tree = copy.deepcopy(tree)
    for kind, path, other, value in changes:
        try:
            parent, old = at(tree, path[:-1]), at(tree, path)
            source = copy.deepcopy(at(tree, other))
        except (KeyError, IndexError, TypeError):
            continue
        step = path[-1]
        if kind == "replace":
            parent[step] = value
        elif kind == "delete":
            del parent[step]
        elif kind == "copy":
            parent[step] = source
        elif kind == "add" and isinstance(parent, list):
            parent.insert(step, copy.deepcopy(old))
        elif kind == "add":
            parent[value if isinstance(value, str) else other[-1]] = copy.deepcopy(old)
        elif isinstance(parent, dict):
            parent[value if isinstance(value, str) else other[-1]] = parent.pop(step)
    return tree


def dumped(tree: Any) -> bytes:
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # libyaml's is quicker
    return yaml.dump(tree, Dumper=dumper, sort_keys=False, allow_unicode=True, encoding="utf-8")


words = st.sampled_from(WORDS)
values = st.recursive(
    words | st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(words | st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=5,
)


def tree_changes(where: Where) -> st.SearchStrategy[tuple[Where, list[TreeChange]]]:
    path = st.sampled_from(PATHS[where])
    kind = st.sampled_from(["replace", "delete", "copy", "add", "rename"])
    changes = st.lists(st.tuples(kind, path, path, words | values), min_size=1, max_size=3)
    return st.tuples(st.just(where), changes)


@few(max_examples=some(120))
@given(drawn=st.sampled_from(WHERE).flatmap(tree_changes))
def test_parts_changed(folder: Path, drawn: tuple[Where, list[TreeChange]]) -> None:
    (name, file), changes = drawn
    tree = with_parts_changed(TREES[name, file], changes)
    raw = dumped(tree)
    keeps_the_promise(folder, name, GOOD[name] | {file: raw})


@few(max_examples=some(150))
@given(
    file=st.sampled_from(FILES),
    raw=st.binary(max_size=300)
    | st.text(max_size=300).map(str.encode)
    | st.text(" \n-:[]{}'\"&*!|>?%@`,#\\a1é\t", max_size=80).map(str.encode),
)
def test_noise(folder: Path, file: str, raw: bytes) -> None:
    keeps_the_promise(folder, "two-towns", GOOD["two-towns"] | {file: raw})


KINDS = [kind for kind in get_args(Kind) if kind not in NEEDED_KINDS]
DECISIONS = ["accept", "talks", "interim", "restate", "break-off"]
ANSWERS = list(get_args(Answer))
ITEMS = ["weir", "gate", "gauge"]


def subset(names: list[str], least: int = 1) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), unique=True, min_size=least)


kinds = subset(KINDS, 0).map(
    lambda left_out: [*NEEDED_KINDS, "consult", *(kind for kind in KINDS if kind not in left_out)]
)
kinds = kinds.map(lambda some: list(dict.fromkeys(some)))
exchanges = st.fixed_dictionaries(
    {"decisions": subset(DECISIONS).map(lambda some: [*some, "act", "lapse"])},
    optional={
        "forms": subset(["binding", "non-binding"]),
        "demand_publicity": subset(["published", "confidential"]),
        "talks_first": st.booleans(),
        "promises": subset(["soft-date", "no-date"]),
        "may_decline": st.booleans(),
        "partners": st.just({"fishers": {"can_block": True}}),
        "members": st.just(["fishers"]),
        "deadline": st.sampled_from(
            [
                {"kind": "soft", "extension_by": ["lowmill"]},
                {"kind": "hard", "rounds": 1, "on_silence": "lapse"},
                {"kind": "hard", "rounds": 20, "on_silence": "act", "extension_by": ["fishers"]},
            ]
        ),
        "couriers": st.just({}),
        "confidentiality": st.booleans(),
        "may_hang": st.booleans(),
        "inner_circle": st.just("the council"),
        "judging": st.sampled_from(["all-or-nothing", "item-by-item", "core-weighted"]),
        "cycles": st.integers(1, 4),
        "answers": st.dictionaries(st.sampled_from(ITEMS), subset(ANSWERS)),
    },
)
MIRRORED = {
    "title": "the reply of Highwell",
    "demander": "lowmill",
    "addressee": "highwell",
    "items": ["gauge"],
    "decisions": ["accept", "lapse"],
}
more = st.fixed_dictionaries(
    {"kinds": st.none() | kinds},
    optional={
        "links": st.just({"both": {"title": "both", "items": ["weir", "gate"]}}),
        "topics": st.just({"river": {"title": "it", "members": ["fishers"], "items": ["weir"]}}),
        "procedures": st.just(
            {
                "slow": {
                    "title": "a permit",
                    "steps": ["asked", "given"],
                    "at": "asked",
                    "rules_out": {"gate": ["counter"], "weir": ["counter"]},
                    "reason": "It is slow.",
                }
            }
        ),
    },
)
levels = st.fixed_dictionaries(
    {
        "title": st.just("Simple"),
        "about": st.just("Fewer points."),
        "kinds": kinds,
        "items": st.just({"banks": {"title": "the banks", "covers": ITEMS, "only_if": "road"}}),
        "exchanges": st.just(["letter"]),
        "answers": subset(ANSWERS),
        "decisions": subset([*DECISIONS, "lapse"]),
    }
)


@few(max_examples=some(80))
@given(
    exchange=exchanges,
    more=more,
    level=levels,
    opened_by=st.none() | st.sampled_from(["paper", "decision"]),
    red_line=st.booleans(),
)
def test_every_combination_of_switches_makes_a_game(
    folder: Path,
    exchange: dict[str, Any],
    more: dict[str, Any],
    level: dict[str, Any],
    opened_by: str | None,
    red_line: bool,
) -> None:
    tree = copy.deepcopy(TREES["two-towns", "pack.yaml"]) | more | {"actions": {}}
    letter = tree["exchanges"]["letter"] | exchange
    tree["exchanges"]["letter"] = letter
    for item, answers in letter["answers"].items():
        letter["answers"][item] = [*dict.fromkeys([*answers, "rejected"])]  # no procedure bars it
    if opened_by is not None:
        tree["exchanges"]["reply-paper"] = MIRRORED | {"opened_by": {opened_by: "letter"}}
    if opened_by == "decision":
        letter["decisions"] = [*letter["decisions"], "counter-demand"]
    if red_line:
        tree["parties"]["lowmill"]["red_lines"] = {"low-water": {"items": ["weir"]}}
        tree["parties"]["highwell"]["red_lines"] = {"flood": {"items": ["weir"]}}
    kept = [*level["decisions"], letter["decisions"][0]]  # a level keeps a decision of each paper
    tree["levels"] = {"simple": level | {"decisions": [*dict.fromkeys(kept)]}}
    tree["endings"] = {
        f"by-{decision}": {
            "title": "An end",
            "reason": "It ends.",
            "when": {"letter.decision": decision},
        }
        for decision in letter["decisions"]
    } | {"lapsed": {"title": "It lapses", "reason": "Nothing more came."}}
    write(folder / "two-towns", GOOD["two-towns"] | {"pack.yaml": dumped(tree)})
    loaded = load_pack(folder / "two-towns")
    playable(loaded.game)
    playable(loaded.at("simple"))
    names = [*loaded.game.position, *(it.id for it in loaded.game.derived)]
    own = {name.removeprefix("letter.") for name in names if name.startswith("letter.")}
    assert {name for name in own if "." not in name} <= {*ITEMS, *PAPER_WORDS}


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"key-{number}: 1\n" for number in range(100_000)),
        "- " * 100_000,
        "[" * 1_000_000,
        "a: " + "[x," * 300_000,
        "a: &a [x]\n" + "".join(f"b{n}: [*a, *a]\n" for n in range(1_000)),
        "parties:\n" + "".join(f"  P{n}: {{name: 1, x: 2}}\n" for n in range(1_900)),
        "parties:\n"
        + "".join(
            f"  p{n}: {{{', '.join(f'k{m}: 1' for m in range(90))}}}\n" for n in range(1_900)
        ),
        "title: " + "x" * 2_000_000,
        "? " * 50_000,
        "'" * 500_001,
    ],
    ids=[
        "keys",
        "dashes",
        "brackets",
        "open",
        "aliases",
        "parties",
        "deep-keys",
        "title",
        "?",
        "'",
    ],
)
def test_large_files_are_refused_soon(folder: Path, text: str) -> None:
    keeps_the_promise(folder, "two-towns", GOOD["two-towns"] | {"pack.yaml": text.encode()})
