"""What the tests share: the packs that ship, each loaded once, and the command line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import settings

from negsim.cli import run
from negsim.pack.catalogue import pack_ids, shipped
from negsim.pack.load import LoadedPack, load_pack
from tests.effort import some

settings.register_profile("negsim", deadline=None, derandomize=True, max_examples=some(100))
settings.load_profile("negsim")

PACKS = pack_ids()
HOMES = count()


class Result(NamedTuple):
    """What a command printed, and the code with which it ended."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """The output without its line breaks."""
        return " ".join(self.out.split())


Call = Callable[..., Result]
"""Runs a command, given as words."""


@pytest.fixture(autouse=True)
def no_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What tests keep is kept in a folder of theirs, and not with what the user keeps."""
    home = tmp_path_factory.getbasetemp() / f"home{next(HOMES)}"  # mktemp would read them all
    home.mkdir()
    monkeypatch.setenv("NEGSIM_HOME", str(home))


@pytest.fixture(scope="session")
def packs() -> dict[str, LoadedPack]:
    return {name: load_pack(shipped() / name) for name in PACKS}


@pytest.fixture(params=PACKS, scope="session")
def pack(request: pytest.FixtureRequest, packs: dict[str, LoadedPack]) -> LoadedPack:
    return packs[request.param]


@pytest.fixture(scope="session")
def two_towns(packs: dict[str, LoadedPack]) -> LoadedPack:
    return packs["two-towns"]


@pytest.fixture(scope="session")
def january(packs: dict[str, LoadedPack]) -> LoadedPack:
    return packs["january-2022"]


@pytest.fixture
def call(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Call:
    """Runs the console script in this process, in the folder of the test, 80 columns wide."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)

    def calling(*words: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["negsim", *words])
        code = 0
        try:
            run()
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        return Result(code, out, err)

    return calling
