"""Running SPIN on a game's model. Needs the programs `spin` and `cc`, and fails without them."""

from __future__ import annotations

import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from negsim.export.promela import promela
from negsim.rules import Game

COMPILE = ("cc", "-O2", "-DSAFETY", "-DNOREDUCE", "-DMEMLIM=8192", "-o", "pan", "pan.c")


@dataclass(frozen=True, slots=True)
class Found:
    """What SPIN counted. `steps` are the actions that can be taken, in all states together."""

    states: int
    steps: int
    seconds: float


def build(game: Game, folder: Path) -> None:
    """Makes the program that searches the game's states, in a folder that is there."""
    (folder / "model.pml").write_text(promela(game), encoding="utf-8", newline="\n")
    for command in (("spin", "-a", "model.pml"), COMPILE):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def count(folder: Path, *, depth: int = 1_000_000, table: int = 22) -> Found:
    """Searches all states with the program in the folder; `table` is the logarithm of its hash."""
    start = time.perf_counter()
    done = subprocess.run(
        (folder / "pan", f"-m{depth}", f"-w{table}", "-n"),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - start
    said = done.stdout
    assert done.returncode == 0, said + done.stderr
    assert "errors: 0" in said, said
    assert "not completed" not in said, said
    assert "too small" not in said, said
    # SPIN counts the start as a state that a transition led to.
    return Found(_number("states, stored", said), _number("transitions", said) - 1, seconds)


def _number(what: str, said: str) -> int:
    found = re.search(rf"^\s*(\d+) {what}", said, re.MULTILINE)
    assert found is not None, said
    return int(found[1])


def spin(game: Game, folder: Path, *, depth: int = 1_000_000, table: int = 22) -> Found:
    """What SPIN counts in a game."""
    build(game, folder)
    return count(folder, depth=depth, table=table)
