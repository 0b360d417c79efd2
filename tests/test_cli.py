"""Every command as a person would try it, with wrong input too."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from negsim import __version__
from negsim.cli import MODULES
from negsim.pack.catalogue import shipped
from tests.conftest import Call


@pytest.fixture
def broken(tmp_path: Path, two_towns: object) -> Path:
    """A copy of two-towns that can be spoilt."""
    folder = tmp_path / "two-towns"
    folder.mkdir()
    for path in (shipped() / "two-towns").glob("*.yaml"):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def spoil(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_alone_it_lists_the_packs_and_says_what_to_type_next(call: Call) -> None:
    result = call()
    assert result.code == 0
    assert (
        "january-2022: Drafts, papers and a leak, winter 2021-22 (50 min, intermediate)"
        in result.out
    )
    assert "negsim play two-towns" in result.out
    assert result.err == ""


def test_list(call: Call) -> None:
    result = call("list")
    assert result.code == 0
    assert [line.split(":")[0] for line in result.out.splitlines() if line[0] != " "] == [
        "january-2022",
        "two-towns",
    ]
    heads = json.loads(call("list", "--json").out)
    assert heads[1] == {
        "id": "two-towns",
        "title": "Two towns and a weir",
        "about": "An invented quarrel over a river, ten minutes long, that uses every stage once.",
        "minutes": 10,
        "difficulty": "introductory",
        "readable": True,
    }


@pytest.mark.parametrize("command", MODULES)
def test_every_help_shows_an_example(call: Call, command: str) -> None:
    result = call(command, "--help")
    assert result.code == 0
    assert f"  negsim {command}" in result.out


def test_help_shows_the_commands_by_whom_they_serve(call: Call) -> None:
    out = call("--help").out
    assert out.index("For a student:\n  play") < out.index("For an author")
    assert call("--version").out == f"negsim, version {__version__}\n"


def test_replay_tells_every_step_with_its_citations(call: Call) -> None:
    result = call("replay", "january-2022")
    assert result.code == 0
    assert (
        " 51  26 January 2022 | round 5 | response | The United States\n"
        "     Ambassador Sullivan hands the US paper to Deputy Foreign Minister Grushko.\n"
        "     reported: F58 (Axios, PIR Center, GSV/TASS), F59 (Caspian News*)\n"
    ) in result.out
    assert "No ending is reached. The record stops here" in result.out
    said = " ".join(result.out.split())
    assert said.count("Outside the record: Russia began a full-scale invasion of Ukraine") == 2
    assert "* The outlet is inferred from the page and not named in it." in result.out
    assert max(len(line) for line in result.out.splitlines()) <= 80


def test_the_public_learns_the_text_from_the_leak(call: Call) -> None:
    before = call("replay", "january-2022", "--viewpoint", "public", "--until", "2022-02-02").out
    after = call("replay", "january-2022", "--viewpoint", "public").out
    before, after = (" ".join(said.split()) for said in (before, after))
    weapons = "no weapon systems close to Russia, no offensive arms"
    assert (
        "Europe: reportedly refused; notification and transparency of exercises: something"
        in before
    )
    assert f"{weapons}: " not in before
    assert "Tomahawk" not in before
    assert "it carries counter-demands" not in before
    assert f"{weapons}: another offer (only if); Tomahawk" in after
    assert "it carries counter-demands" in after
    assert "(18 steps hidden from this viewpoint)" in before


def test_until_stops_and_says_so(call: Call) -> None:
    result = call("replay", "january-2022", "--until", "2022-01-21")
    assert " 31  drafting not dated; placed between 21 and 26 January 2022" in result.out
    assert " 32 " not in result.out
    assert "Stopped here; 56 more steps follow in the record." in result.out
    december = call("replay", "january-2022", "--until", "2021").out
    assert december.count("mid-December 2021") == 2
    assert december == call("replay", "january-2022", "--until", "2021-12-17").out
    nothing = call("replay", "january-2022", "--until", "2021-12-16")
    assert (nothing.code, nothing.out) == (0, "The record has nothing up to 2021-12-16.\n")
    empty = json.loads(call("replay", "january-2022", "--until", "1999", "--json").out)
    assert empty["steps"] == []


def test_facts_are_printed_in_full(call: Call) -> None:
    out = call("replay", "january-2022", "--until", "2021-12", "--facts").out
    assert "F19  before 26 Jan 2022; Russia. event; CNSNews.com*." in out
    assert "Made its drafts public." in out
    shown = call("show", "january-2022", "--facts").out
    assert "Q20" in shown
    assert "O09" in shown


def test_replay_as_json(call: Call) -> None:
    data = json.loads(call("replay", "two-towns", "--json").out)
    assert data["viewpoint"] == "everything"
    assert data["steps"][0] == {
        "number": 1,
        "date": None,
        "dated": None,
        "round": 1,
        "action": "demand/letter",
        "mover": "highwell",
        "text": "Highwell sends its demand to Lowmill and nails a copy to the bridge.",
        "basis": "invented",
        "facts": [],
        "stages": [],
        "learned": [],
        "ending": None,
        "refusal": None,
        "turning_point": [],
    }
    assert data["steps"][-1]["ending"] == "talks"


def test_show(call: Call) -> None:
    out = call("show", "january-2022").out
    assert "the NATO paper: left out [F75]" in out
    assert "reportedly refused [F69 F73]" in out
    assert "said aloud: not reported" in out
    basic = call("show", "january-2022", "--level", "basic").out
    assert "arms-control: arms control and exercises; secondary" in basic
    data = json.loads(call("show", "two-towns", "--json").out)
    assert data["pack"]["id"] == "two-towns"
    assert len(data["hash"]) == 64


def test_check_passes_what_ships(call: Call) -> None:
    for name in ("two-towns", "january-2022"):
        result = call("check", name)
        assert result.code == 0
        assert f"{name}: 0 errors, 0 warnings." in result.out
        data = json.loads(call("check", name, "--json").out)
        assert (data["pack"], data["findings"]) == (name, [])


def test_check_reports_every_finding_and_exits_1(call: Call, broken: Path) -> None:
    spoil(
        broken,
        "record.yaml",
        "do: read/letter, basis: invented",
        "do: raed/letter, basis: reported",
    )
    spoil(broken, "record.yaml", "do: decide/letter/talks", "do: decide/letter/accept")
    result = call("check", str(broken))
    assert result.code == 1
    lines = result.out.splitlines()
    assert lines[0] == (
        "two-towns/record.yaml:20:5: error: is marked reported and cites no fact; "
        "add facts: [...] or change basis"
    )
    assert lines[1] == (
        'two-towns/record.yaml:20:10: error: step 14: no action "raed/letter" in two-towns; '
        'did you mean "read/letter" or "ask/letter" or "demand/letter"?'
    )
    assert lines[-1].startswith("two-towns: ")
    findings = json.loads(call("check", str(broken), "--json").out)["findings"]
    assert findings[0]["line"] == 20


def test_check_of_a_pack_that_does_not_load(call: Call, broken: Path) -> None:
    spoil(broken, "pack.yaml", "minutes: 10", "minutes: ten")
    result = call("check", str(broken))
    assert result.code == 1
    assert result.out.splitlines() == [
        'two-towns/pack.yaml:7:10: error: "ten" stands where a whole number belongs; write one',
        "two-towns: 1 error, 0 warnings; the rest is checked once the pack can be read.",
    ]
    shown = call("show", str(broken))
    assert (shown.code, shown.err) == (
        2,
        'negsim: two-towns/pack.yaml:7:10: "ten" stands where a whole number belongs; write one\n',
    )


def test_a_refused_step_of_a_record_is_told_and_exits_1(call: Call, broken: Path) -> None:
    spoil(broken, "record.yaml", "  - {do: read/letter, basis: invented}\n", "")
    result = call("replay", str(broken))
    assert result.code == 1
    assert "!! analyse/letter is refused: the letter of Lowmill is not at this step" in result.out


WRONG: list[tuple[tuple[str, ...], str]] = [
    (("repaly", "two-towns"), 'no command "repaly"; did you mean "replay"'),
    (("replay",), "Missing argument 'PACK_OR_FILE'."),
    (("replay", "two-town"), 'no pack "two-town"; did you mean "two-towns"?'),
    (
        ("replay", "two-towns", "--viewpoint", "publik"),
        'no viewpoint "publik" in two-towns; did you mean "public"?',
    ),
    (("replay", "two-towns", "--level", "basic"), 'no level "basic" in two-towns; there is "full"'),
    (
        ("replay", "january-2022", "--until", "30 January"),
        '"30 January" is no date; write a day, a month or a year, as in 2022-01-30',
    ),
    (("check", "nowhere"), 'no pack "nowhere"; there is "january-2022", "two-towns"'),
    (("schema", "packs"), "'packs'"),
    (("list", "--jsn"), "--jsn"),
    (("show", "evil\x1b[31m"), 'no pack "evil\\x1b[31m"'),
    (("\x1b[31mlist",), 'no command "\\x1b[31mlist"'),
    (("replay", "two-towns", "--until", "2022-02-30"), '"2022-02-30" is no date'),
    (("replay", "two-towns", "--until", "\u202e2022"), '"\\u202e2022" is no date'),
    (("show", "x" * 5000), "no pack"),
    (("show", "/" + "x/" * 3000), "no pack"),
    (("show", ""), 'no pack ""'),
    (("check", __file__), "is no folder; name the folder of a pack"),
    (("show", "two-towns", "--facts", "--points"), "choose one of --facts and --points"),
]


@pytest.mark.parametrize(("words", "message"), WRONG)
def test_a_wrong_call_exits_2_and_says_why(
    call: Call, words: tuple[str, ...], message: str
) -> None:
    result = call(*words)
    assert result.code == 2
    assert message in result.err
    assert "Traceback" not in result.err
    assert "\x1b" not in result.err
    assert result.out == ""


def test_a_folder_without_a_pack(call: Call, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = call("replay", "empty")
    assert result.code == 2
    assert result.err == 'negsim: "empty" holds no pack.yaml; name the folder of a pack\n'
    assert "Traceback" not in result.err


def test_the_schema_explains_every_key(call: Call) -> None:
    for name in ("pack", "facts", "record", "branches", "exercise"):
        schema = json.loads(call("schema", name).out)
        parts = [schema, *schema.get("$defs", {}).values()]
        for part in parts:
            for key, field in part.get("properties", {}).items():
                assert field.get("description"), (name, part.get("title"), key)


def negsim(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "negsim", *words],
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "80", **environment},
        check=False,
    )


def test_output_that_cannot_be_written_is_said_in_a_line() -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with full.open("w") as sink:
        done = subprocess.run(
            [sys.executable, "-m", "negsim", "list"],
            stdout=sink,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == "negsim: cannot write the output: No space left on device\n"


def test_as_a_module_and_into_a_pipe() -> None:
    assert negsim("list").stdout == negsim("list", NO_COLOR="1").stdout
    wrong = negsim("show", "nothing")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    piped = subprocess.run(
        f"{sys.executable} -m negsim replay january-2022 | head -1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert piped.stdout == "Drafts, papers and a leak, winter 2021-22\n"
    assert piped.stderr == ""
