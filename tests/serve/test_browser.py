"""What is kept of which browser played what."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from negsim.places import sessions
from negsim.serve import browser

ONE, OTHER = "1" * 32, "2" * 32


@pytest.fixture
def journals() -> tuple[Path, Path]:
    sessions().mkdir(parents=True)
    found = sessions() / "a.jsonl", sessions() / "b.jsonl"
    for path in found:
        path.touch()
    return found


def test_a_browser_goes_on_with_what_it_opened_last(
    journals: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = journals
    monkeypatch.setenv(browser.VARIABLE, ONE)
    assert browser.browser() == ONE
    assert browser.current() is None
    browser.opened(first)
    browser.opened(second)
    assert browser.current() == second
    assert browser.is_ours(first)
    browser.left()
    assert browser.current() is None
    browser.opened(first)
    first.unlink()
    assert browser.current() is None
    monkeypatch.setenv(browser.VARIABLE, OTHER)
    assert browser.current() is None
    assert not browser.is_ours(second)


@pytest.mark.skipif(sys.platform == "win32", reason="has other rights")
def test_nobody_else_reads_the_ids_of_browsers(
    journals: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(browser.VARIABLE, ONE)
    browser.opened(journals[0])
    assert (sessions() / f".browser-{ONE}").stat().st_mode & 0o77 == 0


def test_another_process_sends_a_browser_back(
    journals: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(browser.VARIABLE, ONE)
    browser.opened(journals[0])
    monkeypatch.delenv(browser.VARIABLE)
    browser.left(OTHER)
    browser.left()  # of no browser
    monkeypatch.setenv(browser.VARIABLE, ONE)
    assert browser.current() == journals[0]
    monkeypatch.delenv(browser.VARIABLE)
    browser.left(ONE)
    monkeypatch.setenv(browser.VARIABLE, ONE)
    assert browser.current() is None


@pytest.mark.parametrize("value", [None, "", "../" + "1" * 29, "1" * 31, "g" * 32, "1" * 32 + "\n"])
def test_without_a_browser_nothing_is_kept_and_all_is_ours(
    value: str | None, journals: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    if value is None:
        monkeypatch.delenv(browser.VARIABLE, raising=False)
    else:
        monkeypatch.setenv(browser.VARIABLE, value)
    browser.opened(journals[0])
    browser.left()
    assert browser.browser() is None
    assert browser.current() is None
    assert browser.is_ours(journals[1])
    assert {path.name for path in sessions().iterdir()} == {"a.jsonl", "b.jsonl"}


@pytest.mark.parametrize(
    "written", ["../a.jsonl\n", "\n", "a.jsonl", "..\n", ".\n", "/\n", "x\0\n"]
)
def test_a_file_that_was_meddled_with_leads_nowhere(
    written: str, journals: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(browser.VARIABLE, ONE)
    (sessions() / f".browser-{ONE}").write_text(written)
    assert browser.current() is None


def test_a_journal_elsewhere_is_not_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(browser.VARIABLE, ONE)
    browser.opened(tmp_path / "mine.jsonl")
    assert browser.current() is None
