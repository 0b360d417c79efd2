"""`negsim export PACK --to svg FOLDER`: a picture for each step of the record, no terminal."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from negsim.pack.catalogue import shipped
from negsim.pack.load import load_pack
from negsim.session import Case
from negsim.tui.pictures import record_pictures
from tests.conftest import Call
from tests.small_packs import small_pack
from tests.tui import loaded_of, sitting_of

TWO_TOWNS = load_pack(shipped() / "two-towns", branches_too=False)


def words(picture: str) -> str:
    """What a picture shows, its words on one line."""
    texts = re.findall(r"<text[^>]*>(.*?)</text>", picture, re.DOTALL)
    return " ".join(unescape(" ".join(texts)).replace("\xa0", " ").split())


def test_a_picture_for_each_step_as_the_eyes_see_it(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "all"
    result = call("export", "two-towns", "--to", "svg", str(folder))
    assert (result.code, result.err) == (0, "")
    assert result.said == f"21 pictures are in {folder}"
    names = sorted(path.name for path in folder.iterdir())
    assert names == [f"step-{number:03}.svg" for number in range(21)]
    for number, name in enumerate(names):
        picture = (folder / name).read_text(encoding="utf-8")
        assert picture.startswith("<svg")
        assert "@font-face" not in picture
        assert "url(http" not in picture
        told = f"{number} of 20 here." if number else "20 steps are played here."
        assert told in words(picture)
        assert "Hint:" not in words(picture)
    assert "talks" in words((folder / "step-007.svg").read_text(encoding="utf-8"))
    result = call("export", "two-towns", "--to", "svg", "public", "--viewpoint", "public")
    assert result.code == 0
    seen = words((tmp_path / "public" / "step-007.svg").read_text(encoding="utf-8"))
    assert "The public does not see this step" in seen or "the public does not see" in seen
    assert "talks" not in seen


def test_the_last_picture_stands_at_the_end_of_the_record() -> None:
    january = load_pack(shipped() / "january-2022", branches_too=False)
    drawn = record_pictures(january, "basic", "everything")
    case = Case(january, "basic")
    assert drawn[-1][0] == case.trunk[-1].id
    assert len(drawn) == len(sitting_of(january, level="basic").stations)
    for number, (place, picture) in enumerate(drawn[1:], 1):
        head = f"Step {place[1:]} of the record, {number} of {len(drawn) - 1} here."
        assert head in words(picture)


def test_a_record_of_no_step_has_one_picture_and_hostile_text_is_only_text() -> None:
    pack = small_pack("x", {"gate": ["rejected"]})
    assert [it for it, _ in record_pictures(loaded_of(pack, []), "full", "everything")] == ["0"]
    drawn = record_pictures(loaded_of(pack, ["demand/letter"]), "full", "everything")
    assert "[@click=app.quit]" in words(drawn[1][1])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("two-towns", "--to", "svg"), "svg needs a folder for its pictures"),
        (("two-towns", "--to", "svg", "a", "--output", "b"), "and no --output"),
        (("two-towns", "--to", "dot", "a"), "a folder and --viewpoint are for svg, not for dot"),
        (("two-towns", "--to", "json", "--viewpoint", "public"), "are for svg, not for json"),
        (("two-towns", "--to", "svg", "a", "--viewpoint", "pubic"), 'did you mean "public"'),
        (("two-towns", "--to", "svg", "a", "--level", "basic"), '"basic"'),
        (("two-town", "--to", "svg", "a"), 'did you mean "two-towns"'),
        (("two-towns", "--to", "svg", "file"), "cannot make"),
        (("two-towns", "--to", "svg", "a\0b"), "cannot make"),
    ],
)
def test_what_cannot_be_done_is_said(
    words: tuple[str, ...], message: str, call: Call, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    result = call("export", *words)
    assert result.code == 2
    assert message in " ".join(result.err.split())
    assert not (tmp_path / "a").exists()


def test_the_interface_is_not_imported_for_other_formats() -> None:
    """`tests/test_imports.py` holds it for every command; here the one that may."""
    import subprocess
    import sys

    code = (
        "import sys; from negsim.cli.export import command\n"
        "command(['two-towns', '--to', 'dot', '--output', '/dev/null'], standalone_mode=False)\n"
        "assert 'textual' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
