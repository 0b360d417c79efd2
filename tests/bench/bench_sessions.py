"""Sessions: regrading journals, an action on disk, and opening a large tree.

Run: python -m tests.bench.bench_sessions [--folder FOLDER]
The folder is where files are written; the disk under it is what the second part measures.

1. A thousand journals of January 2022 with a hundred actions each are read from disk and played
   again. Beside it what cannot be left out: `json.loads` of the same lines and the same number of
   steps of the engine, with nothing checked.
2. An action through the session, synced, and by turns the same bytes written and synced alone.
3. Sessions of 10,000 places, opened: a bushy one, and one that is a single line.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TypeVar
from unittest.mock import patch

from negsim.engine import apply_action, initial_state, is_terminal, legal_actions
from negsim.journal import AnyEntry, Applied, Header, as_line, read_journal
from negsim.journal_file import create
from negsim.pack.catalogue import find_pack
from negsim.pack.load import load_pack
from negsim.session import Case, Node, Session, replayed

JOURNALS, ACTIONS = 1_000, 100
APPENDS = 400
PLACES = 10_000

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """How long it takes, in seconds, and what it gives."""
    start = perf_counter()
    found = work()
    return perf_counter() - start, found


def header_of(case: Case) -> Header:
    loaded = case.loaded
    return Header(pack=loaded.pack.id, content=loaded.content_hash, session="0" * 32, seed=1)


def write(path: Path, header: Header, entries: list[AnyEntry]) -> None:
    """A whole journal at once, not synced."""
    line, before = as_line(header, "")
    lines = [line]
    for entry in entries:
        line, before = as_line(entry, before)
        lines.append(line)
    path.write_bytes(b"".join(lines))


def played(case: Case, rng: random.Random, count: int) -> list[AnyEntry]:
    """The entries of a session of so many actions at random; from an ending it goes back."""
    kept: list[AnyEntry] = []
    session = Session(case, header_of(case), kept.append)
    for _ in range(count):
        while not (actions := legal_actions(case.game, session.here.state)):
            session.goto(rng.choice([*session.nodes]))
        session.apply(rng.choice(actions).id)
    return kept


def regrading(case: Case, folder: Path) -> None:
    rng = random.Random(1)
    paths = [folder / f"{number}.jsonl" for number in range(JOURNALS)]
    for path in paths:
        write(path, header_of(case), played(case, rng, ACTIONS))
    entries = [read_journal(path).entries for path in paths]
    applied = [[it for it in them if isinstance(it, Applied)] for them in entries]
    assert all(len(them) == ACTIONS for them in applied)
    places = [replayed(read_journal(path), case).nodes for path in paths]
    steps = [
        [(nodes[entry.parent].state, entry.action) for entry in them]
        for nodes, them in zip(places, applied, strict=True)
    ]

    def regrade() -> None:
        for path in paths:
            replayed(read_journal(path), case)

    def floor() -> None:
        for path, them in zip(paths, steps, strict=True):
            for line in path.read_bytes().splitlines():
                json.loads(line)
            for state, action in them:
                apply_action(case.game, state, action)

    found = [(timed(regrade)[0], timed(floor)[0]) for _ in range(3)]
    ours, least = (median(them) for them in zip(*found, strict=True))
    print(f"regrading {JOURNALS} journals of {ACTIONS} actions: {ours:.2f} s (goal: under 5)")
    print(f"  json.loads of the lines and the engine's steps: {least:.2f} s; {ours / least:.1f} x")


def appending(case: Case, folder: Path) -> None:
    """An action, synced, and the same bytes alone, by turns."""
    rng = random.Random(2)
    ours, alone, unsynced = [], [], []
    path = folder / "session.jsonl"
    raw = os.open(folder / "raw", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    with create(path, header_of(case)) as writer:
        session = Session(case, header_of(case), writer.append)
        for number in range(APPENDS * 2):
            while not (actions := legal_actions(case.game, session.here.state)):
                session.goto("start")
            action = rng.choice(actions).id
            if number % 2:
                with patch("os.fsync", int):
                    unsynced.append(timed(partial(session.apply, action))[0])
            else:
                ours.append(timed(partial(session.apply, action))[0])
                line = path.read_bytes().splitlines(True)[-1]
                alone.append(timed(partial(put, raw, line))[0])
    os.close(raw)
    between = median(a - b for a, b in zip(ours, alone, strict=True)) * 1000
    print(f"an action, on disk when it is told: median {median(ours) * 1000:.2f} ms")
    print(f"  the same bytes written and synced alone: median {median(alone) * 1000:.2f} ms")
    print(f"  apart from the sync: median {between:.2f} ms (goal: under 5)")
    print(f"  with the sync left out: median {median(unsynced) * 1000:.3f} ms")


def put(file: int, line: bytes) -> None:
    os.write(file, line)
    os.fsync(file)


def bushy(case: Case, session: Session) -> None:
    """From places at random, actions that were not taken there."""
    rng = random.Random(3)
    places = [*session.nodes.values()]
    while len(places) < PLACES:
        node = rng.choice(places)
        taken = {child.action for child in session.children(node)}
        actions = [it.id for it in legal_actions(case.game, node.state) if it.id not in taken]
        if actions:
            session.goto(node.id)
            places.append(session.apply(rng.choice(actions)))


def deep(case: Case, session: Session) -> None:
    """One line, which keeps out of endings."""
    rng = random.Random(4)
    state, game = initial_state(case.game), case.game
    while len(session.nodes) < PLACES:
        actions = [
            (it.id, after)
            for it in legal_actions(game, state)
            if not is_terminal(game, after := apply_action(game, state, it))
        ]
        action, state = rng.choice(actions)
        session.apply(action)


def opening(case: Case, folder: Path) -> None:
    for build in (bushy, deep):
        kept: list[AnyEntry] = []
        session = Session(case, header_of(case), kept.append)
        build(case, session)
        path = folder / f"{build.__name__}.jsonl"
        write(path, header_of(case), kept)
        times = []
        for _ in range(3):
            seconds, again = timed(partial(opened, case, path))
            times.append(seconds)
        assert [*again.nodes] == [*session.nodes]
        last: Node = [*again.nodes.values()][-1]
        size = path.stat().st_size / 2**20
        print(
            f"opening a {build.__name__} session of {len(again.nodes)} places, {len(kept)} entries "
            f"({size:.1f} MiB): {median(times):.2f} s (goal: under 1); "
            f"the last place is {len(last.line)} actions from the start"
        )
        seconds, _ = timed(partial(asked, session, last))
        print(f"  what a screen asks of the last place: {seconds * 1000:.2f} ms")


def opened(case: Case, path: Path) -> Session:
    return replayed(read_journal(path), case)


def asked(session: Session, node: Node) -> None:
    """What a screen asks of a place."""
    session.children(node)
    session.left_record(node)
    session.joins_record(node)
    session.same_state(node)
    session.case.following(node)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", help="where files are written")
    case = Case(load_pack(find_pack("january-2022")))
    print(f"the record as a branch: {timed(lambda: case.trunk)[0]:.3f} s")
    with tempfile.TemporaryDirectory(dir=parser.parse_args().folder) as name:
        for part in (regrading, appending, opening):
            part(case, Path(name))


if __name__ == "__main__":
    main()
