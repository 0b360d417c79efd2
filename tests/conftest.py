"""What the tests share: the packs that ship, each loaded once."""

from __future__ import annotations

import pytest
from hypothesis import settings

from negsim.pack.catalogue import pack_ids, shipped
from negsim.pack.load import LoadedPack, load_pack

settings.register_profile("negsim", deadline=None, derandomize=True)
settings.load_profile("negsim")

PACKS = pack_ids()


@pytest.fixture(autouse=True)
def no_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What tests keep is kept in a folder of theirs, and not with what the user keeps."""
    monkeypatch.setenv("NEGSIM_HOME", str(tmp_path_factory.mktemp("home")))


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
