"""Scripts: what is played and expected, every mistake with its place, journals there and back."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negsim.engine import legal_actions
from negsim.errors import InputError, NegsimError
from negsim.journal import AnyEntry, Header, Journal, Noted, as_line, parse_journal
from negsim.pack import yaml_tree
from negsim.pack.catalogue import shipped
from negsim.pack.load import LoadedPack, load_pack
from negsim.pack.models import By
from negsim.scripts import header_of, load_script, run, script_text
from negsim.session import Case, Session
from tests.conftest import PACKS, Call
from tests.effort import some

DATA = Path(__file__).parent / "data"
HEAD = "format: 1\npack: two-towns\n"
JANUARY = "format: 1\npack: january-2022\n"


def written(folder: Path, text: str, name: str = "line.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def steps(*rows: str, head: str = HEAD) -> str:
    """A script with these steps, a line each."""
    return head + "steps:\n" + "".join(f"  - {row}\n" for row in rows)


# What is played, and how it is told


EVERY_KEY = """\
every-key.yaml: a line of Two towns and a weir
How Highwell asked, and what it could not do yet.

  1  March 2024 | round 1 | demand | Highwell
     Highwell nails its demand to the bridge.
     invented
     This place is called: at the bridge
     Note: A copy hangs there still.

  2  deliver/letter/messenger is refused, as expected.

  3  a market day in March | round 1 | demand | told only
     The fishers hear of it at the market.
     inferred

  4  Goes to the end of the record.

  5  Goes to "r15".
     This place is called: the letter is read

  6  round 2 | analysis | Highwell
     Highwell builds up: carts across the mill road.
     invented

  7  Goes to the start.

  8  Goes to step 1.
     Note: Back again.

  9  Goes to "at the bridge".

 10  Goes to "the-demand".

 11  Goes to "blocked".

 12  round 2 | analysis | Highwell
     The mayor of Highwell formulates the position on the letter of Lowmill.
     inferred

 13  round 2 | decided | Highwell
     The mayor of Highwell breaks the exchange over the letter of Lowmill off.
     invented
     => the letter of Lowmill: analysis -> decided

Ending reached: The exchange is broken off. Highwell broke the exchange off.
13 steps, 11 expectations, no failures.
"""


def test_a_script_that_uses_every_key(call: Call) -> None:
    result = call("replay", str(DATA / "every-key.yaml"))
    assert (result.code, result.out, result.err) == (0, EVERY_KEY, "")


def test_the_example_does_use_every_key() -> None:
    loaded = load_script(DATA / "every-key.yaml")
    kinds = type(loaded.script.steps[0]).model_fields, type(loaded.script).model_fields
    used = {key for step in loaded.script.steps for key in step.model_fields_set}
    assert used == kinds[0].keys() - {"levels", "left_out"}  # those are for a record
    assert loaded.script.model_fields_set == kinds[1].keys()
    assert loaded.script.origin is not None
    assert loaded.script.origin.model_fields_set == type(loaded.script.origin).model_fields.keys()


def test_a_script_is_played_in_the_session_that_its_origin_names(call: Call) -> None:
    result = call("journal", "script", str(DATA / "every-key.yaml"))
    assert result.err == (
        "negsim: every-key.yaml: the pack has changed since; the states are those of the pack as "
        "it is now\n"
    )
    journal = parse_journal(result.out.encode(), "a.jsonl")
    assert journal.header == Header(
        session="0123456789abcdef" * 2,
        content="0" * 32 + "f" * 32,
        seed=7,
        seat="highwell",
        others="record",
        team="The weir keepers",
        members=["Ada", "Ben"],
        pack="two-towns",
        level="full",
    )
    assert [(it.did, getattr(it, "by", None)) for it in journal.entries[:5]] == [
        ("applied", "record"),
        ("named", None),
        ("noted", None),
        ("went", None),
        ("went", None),
    ]


FISHERS = """\
every-key.yaml: a line of Two towns and a weir
How Highwell asked, and what it could not do yet.
As the fishers could see it.

  1  March 2024 | round 1 | demand | Highwell
     Highwell nails its demand to the bridge.
     invented
     This place is called: at the bridge
     Note: A copy hangs there still.

     (1 step hidden from this viewpoint)

  3  a market day in March | round 1 | demand | told only
"""


def test_a_viewpoint_is_told_what_it_could_see(call: Call) -> None:
    out = call("replay", str(DATA / "every-key.yaml"), "--viewpoint", "FISHERS").out
    assert out.startswith(FISHERS)
    assert " 12 " not in out  # a position that is formulated within
    assert " 13  round 2 | decided | Highwell" in out
    assert out.count("(1 step hidden from this viewpoint)") == 2


def test_what_a_viewpoint_learns_is_told_once(call: Call, tmp_path: Path) -> None:
    told = "now known: the letter of Lowmill - a lower weir: refused"
    path = written(tmp_path, steps("goto: r5", "do: consult/letter/fishers/previewed", "goto: r4"))
    said = call("replay", str(path), "--viewpoint", "fishers").out
    assert said.count("now known:") == 1
    assert f"     {told}\n" in said
    assert "now known" not in call("replay", str(path)).out


def test_what_fails_is_told_to_every_viewpoint(call: Call, tmp_path: Path) -> None:
    hidden = "do: answer/letter/weir/accepted"
    path = written(
        tmp_path, steps("goto: r4", f"{{{hidden}, mover: highwell}}", "goto: r4", hidden)
    )
    result = call("replay", str(path), "--viewpoint", "public")
    assert result.code == 1
    assert (
        "FAILED line.yaml:5:46: expected that highwell has the turn; it is lowmill" in result.said
    )
    assert result.out.count('Lowmill drafts its answer on "a lower weir": agreed.') == 1
    assert result.out.count("(1 step hidden from this viewpoint)") == 1


def test_an_unknown_viewpoint(call: Call) -> None:
    result = call("replay", str(DATA / "every-key.yaml"), "--viewpoint", "fisher")
    assert (result.code, result.err) == (
        2,
        'negsim: no viewpoint "fisher" in two-towns; did you mean "fishers"?\n',
    )


FAILING = steps(
    "{do: demand/letter, expect: {letter.stage: response}, mover: lowmill, ending: talks,",
    "{refused: deliver/letter/messenger, because: Monday}",
    "{refused: ask/letter}",
    "{do: decide/letter/talks, mover: nobody}",
    "{goto: r6, sees: {lowmill: {letter.weir: accepted}}}",
    "{name: a weir, expect: {any: [{letter.weir: none}, {not: {letter.gate: none}}]}}",
    "{do: ask/letter, name: a weir}",
    "{goto: 5, name: the dam}",
    "{goto: start, name: a weir}",
).replace(
    "ending: talks,",
    "ending: talks,\n     sees: {public: {letter.status: asked, letter.weir: [rejected, accepted]},"
    "\n            fishers: {letter.status: hidden}}}",
)

FAILED = """\
line.yaml: a line of Two towns and a weir

  1  round 1 | demand | Highwell
     Highwell sends its demand to Lowmill and nails a copy to the bridge.
     invented
     FAILED line.yaml:4:33: expected that letter.status is cleared or delivered;
       letter.status is demanded
     FAILED line.yaml:4:66: expected that lowmill has the turn; it is highwell
     FAILED line.yaml:4:83: expected the ending "talks"; it is "none"
     FAILED line.yaml:5:37: expected that public sees letter.status as asked; it
       is demanded
     FAILED line.yaml:5:57: expected that public sees letter.weir as rejected or
       accepted; it is hidden
     FAILED line.yaml:6:38: expected that fishers sees letter.status as hidden;
       it is demanded

  2  Tried: deliver/letter/messenger
     FAILED line.yaml:7:50: expected a refusal with "Monday"; the reason is: the
       letter of Lowmill is not at this step: a paper is delivered once its text
       is ready (letter.status is demanded)

  3  Tried: ask/letter
     FAILED line.yaml:8:15: expected that ask/letter is refused; it is legal

  4  Not played: decide/letter/talks
     FAILED line.yaml:9:10: decide/letter/talks is refused: no decision before
       the position is formulated (letter.status is demanded)
     FAILED line.yaml:9:38: expected that nobody has the turn; it is highwell

  5  Goes to "r6".
     FAILED line.yaml:10:46: expected that lowmill sees letter.weir as accepted;
       it is rejected

  6  This place is called: a weir
     FAILED line.yaml:11:28: expected that (letter.weir is none) or (not
       (letter.gate is none)); letter.weir is rejected, letter.gate is none

  7  Not played: ask/letter
     This place is called: a weir
     FAILED line.yaml:12:10: ask/letter is refused: the letter of Lowmill is not
       at this step: a written answer is asked for once the demand is made
       (letter.status is in preparation)

  8  Goes to step 5.
     This place is called: the dam

  9  Goes to the start.
     This place is called: a weir

No ending is reached.
9 steps, 10 expectations, 13 failures in 7 steps.
"""


def test_all_that_fails_is_told_with_its_place(call: Call, tmp_path: Path) -> None:
    result = call("replay", str(written(tmp_path, FAILING)))
    assert (result.code, result.out, result.err) == (1, FAILED, "")


def test_the_results_for_programs(call: Call, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        steps(
            "{do: demand/letter, date: 2024-03}",
            "{goto: start}",
            "{do: promise/letter/no-date, ending: lapsed, mover: highwell}",
            "{refused: demand/letter}",
        ),
    )
    result = call("replay", str(path), "--json")
    data = json.loads(result.out)
    rows = data.pop("steps")
    assert result.code == 1
    assert data.pop("hash") == load_pack(shipped() / "two-towns").content_hash
    assert data == {
        "file": "line.yaml",
        "pack": "two-towns",
        "level": "full",
        "viewpoint": "everything",
        "hidden": 0,
        "ending": None,
        "failed": 3,
    }
    assert rows[0] == {
        "number": 1,
        "date": "2024-03",
        "round": 1,
        "action": "demand/letter",
        "passes": [],
        "place": "r1",
        "text": "Highwell sends its demand to Lowmill and nails a copy to the bridge.",
        "checks": [],
        "failures": [],
    }
    assert [(row["number"], row["action"], row["place"], row["checks"]) for row in rows[1:]] == [
        (2, None, "0", []),
        (3, None, "0", ["mover", "ending"]),
        (4, None, "0", ["refused"]),
    ]
    assert [(it["line"], it["column"]) for it in rows[2]["failures"]] == [(6, 10), (6, 42)]
    assert rows[2]["failures"][1] == {
        "line": 6,
        "column": 42,
        "message": 'expected the ending "lapsed"; it is "none"',
    }
    assert [it["message"] for it in rows[3]["failures"]] == [
        "expected that demand/letter is refused; it is legal"
    ]


def test_the_ending_and_the_passes_for_programs(call: Call, tmp_path: Path) -> None:
    rows = ("do: demand/letter", "goto: r4", "{goto: record, ending: talks}")
    data = json.loads(call("replay", str(written(tmp_path, steps(*rows))), "--json").out)
    assert data["ending"] == "talks"
    assert data["failed"] == 0
    assert data["steps"][2]["place"] == "r20"
    assert data["steps"][1]["passes"] == []
    rows = ("do: demand/letter", "do: ask/letter", "do: promise/letter/no-date")
    data = json.loads(call("replay", str(written(tmp_path, steps(*rows))), "--json").out)
    assert [row["passes"] for row in data["steps"]] == [[], [], ["highwell"]]


def test_a_script_of_no_steps(call: Call, tmp_path: Path) -> None:
    result = call("replay", str(written(tmp_path, HEAD + "ends: Nothing yet.\nsteps: []\n")))
    assert result.code == 0
    assert result.out == (
        "line.yaml: a line of Two towns and a weir\n\n"
        "No ending is reached. Nothing yet.\nno steps, no expectations, no failures.\n"
    )


def test_citations_of_a_script_and_the_star_are_explained(call: Call, tmp_path: Path) -> None:
    head = JANUARY
    text = steps("{text: Something, basis: reported, facts: [F19]}", head=head)
    said = call("replay", str(written(tmp_path, text))).out
    assert "reported: F19 (CNSNews.com*)" in said
    assert said.endswith("* The outlet is inferred from the page and not named in it.\n")


def test_a_step_of_the_record_is_told_as_there_unless_the_script_says_more(
    call: Call, tmp_path: Path
) -> None:
    first, second = "do: demand/us-paper/published", "do: demand/nato-paper/published"
    own = f"{{{second}, date: 2022-01, text: As we tell it., basis: invented}}"
    said = call("replay", str(written(tmp_path, steps(first, own, head=JANUARY)))).out
    assert "  1  mid-December 2021; published before 26 January 2022 | round 1" in said
    assert "reported: F18 (CNSNews.com*, Caspian News*, GSV/TASS)" in said
    assert (
        "  2  January 2022 | round 1 | demand | Russia\n     As we tell it.\n     invented\n"
        in said
    )
    dated = f"{{{second}, date: 2022-01}}"
    said = call("replay", str(written(tmp_path, steps(first, dated, head=JANUARY)))).out
    assert "  2  January 2022 | round 1 | demand | Russia\n     Russia presents a draft" in said


def test_passes_are_not_told(call: Call, tmp_path: Path) -> None:
    rows = ("do: pass/highwell", "{do: pass/lowmill, mover: nature}", "do: pass/nature")
    result = call("replay", str(written(tmp_path, steps(*rows))))
    assert result.code == 0
    assert [line for line in result.out.splitlines() if line[:5].strip().isdigit()] == [
        "  2  round 1 | demand | Lowmill"
    ]
    assert result.out.endswith("3 steps, 1 expectation, no failures.\n")


# Records are scripts


@pytest.mark.parametrize("name", PACKS)
def test_a_record_is_told_as_the_pack_is(
    call: Call, packs: dict[str, LoadedPack], name: str
) -> None:
    record = str(shipped() / name / "record.yaml")
    for level in ("full", *packs[name].pack.levels):
        for viewpoint in ("everything", "public", [*packs[name].pack.parties][-1]):
            words = ("--level", level, "--viewpoint", viewpoint)
            told = call("replay", name, *words)
            result = call("replay", record, *words)
            assert result.code == told.code == 0
            lines = after_head(result.out)
            count = next(line for line in lines if re.match(r"\d+ steps, .*, no failures\.$", line))
            lines.remove(count)
            assert lines == after_head(told.out)


def after_head(out: str) -> list[str]:
    """The lines from the first step on."""
    return out[out.index("\n  1  ") :].splitlines()


def test_what_a_record_expects_is_checked_at_the_full_level_only(call: Call) -> None:
    record = str(shipped() / "january-2022" / "record.yaml")
    full, basic = call("replay", record), call("replay", record, "--level", "basic")
    assert "\n87 steps, 1 expectation, no failures.\n" in full.out
    assert "\n79 steps, no expectations, no failures.\n" in basic.out


def test_a_line_in_the_folder_of_a_pack_is_of_that_pack_and_played_at_any_level(
    call: Call, tmp_path: Path
) -> None:
    folder = copied(tmp_path, "january-2022")
    path = written(folder, steps("do: demand/us-paper/published", head="format: 1\n"))
    for level in ("full", "basic"):
        result = call("replay", str(path), "--level", level)
        assert result.code == 0
        assert "Russia presents a draft agreement with the United States" in result.said
    assert result.out.startswith(
        "line.yaml: a line of Drafts, papers and a leak, winter 2021-22, level basic\n"
    )
    result = call("replay", str(path), "--level", "basics")
    assert (result.code, result.err) == (
        2,
        'negsim: no level "basics" in january-2022; did you mean "basic"?\n',
    )


def test_elsewhere_a_script_says_its_level(call: Call, tmp_path: Path) -> None:
    head = "format: 1\npack: january-2022\nlevel: basic\n"
    path = written(tmp_path, steps("do: demand/us-paper/published", head=head))
    assert call("replay", str(path)).code == 0
    assert call("replay", str(path), "--level", "basic").code == 0
    result = call("replay", str(path), "--level", "full")
    assert (result.code, result.err) == (
        2,
        'negsim: "line.yaml" is played at its own level, "basic"; leave --level out\n',
    )


def test_what_the_case_rules_out_is_refused_with_the_reason(call: Call, tmp_path: Path) -> None:
    action = "answer/us-paper/ukraine-membership/counter"
    path = written(tmp_path, steps(f"refused: {action}", f"do: {action}", head=JANUARY))
    result = call("replay", str(path))
    assert result.code == 1
    assert f"{action} is refused, as expected." in result.said
    assert f"5:9: {action} is refused: accession to NATO: Another offer on" in result.said


# Where the pack is found


def copied(folder: Path, name: str = "two-towns", called: str | None = None) -> Path:
    place = folder / (called or name)
    place.mkdir(parents=True)
    for path in (shipped() / name).glob("*.yaml"):
        (place / path.name).write_bytes(path.read_bytes())
    return place


def renamed(folder: Path, called: str) -> Path:
    """A copy of two-towns of another name."""
    place = copied(folder, called=called)
    text = (place / "pack.yaml").read_text(encoding="utf-8")
    assert text.count("id: two-towns\n") == 1
    written(place, text.replace("id: two-towns\n", f"id: {called}\n"), "pack.yaml")
    return place


def test_a_pack_beside_the_script_is_found(call: Call, tmp_path: Path) -> None:
    renamed(tmp_path / "lines", "my-case")
    path = written(
        tmp_path / "lines", steps("do: demand/letter", head="format: 1\npack: my-case\n")
    )
    assert load_script(path).case.loaded.folder == path.parent / "my-case"
    assert call("replay", str(path)).code == 0


def test_a_pack_that_ships_is_not_looked_for_where_one_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied(tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    path = written(tmp_path, steps("do: demand/letter"))
    assert load_script(path).case.loaded.folder == shipped() / "two-towns"


@pytest.mark.parametrize(
    "name",
    ["..", ".", "../two-towns", "two-towns/../two-towns", "sub/two-towns", "./two-towns", "/etc"],
)
def test_the_name_of_a_pack_is_no_path(tmp_path: Path, name: str) -> None:
    folder = copied(tmp_path)
    copied(folder / "sub")
    path = written(folder / "sub", steps("do: demand/letter", head=f"format: 1\npack: {name}\n"))
    said = mistakes(path)
    assert len(said) == 1
    assert said[0].startswith(f'line.yaml:2:7: no pack "{name}"')
    assert said[0].endswith("; or put its folder beside the script")


def test_the_absolute_path_of_a_pack_is_none_either(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    path = written(tmp_path, steps("do: demand/letter", head=f"format: 1\npack: {folder}\n"))
    assert mistakes(path)[0].startswith("line.yaml:2:7: no pack ")


def test_a_pack_that_does_not_load_says_what_is_wrong_with_it(call: Call, tmp_path: Path) -> None:
    folder = renamed(tmp_path, "my-case")
    text = (folder / "pack.yaml").read_text(encoding="utf-8")
    written(folder, text.replace("minutes: 10\n", "minutes: ten\n"), "pack.yaml")
    path = written(tmp_path, steps("do: demand/letter", head="format: 1\npack: my-case\n"))
    result = call("replay", str(path))
    assert (result.code, result.out) == (2, "")
    assert (
        result.err
        == 'negsim: my-case/pack.yaml:7:10: "ten" stands where a whole number belongs; write one\n'
    )


def test_a_script_named_oddly_is_harmless_to_a_terminal(call: Call, tmp_path: Path) -> None:
    path = written(tmp_path, steps("{do: ask/letter, x: 1}"), "a\x1b[31m.yaml")
    result = call("replay", str(path))
    assert result.err == 'negsim: a\\x1b[31m.yaml:4:22: unknown key "x"; remove it\n'
    path = written(tmp_path, steps("do: decide/letter/talks"), "a\x1b[31m.yaml")
    result = call("replay", str(path))
    assert "FAILED a\\x1b[31m.yaml:4:9" in result.out
    assert "\x1b" not in result.out


def test_a_file_that_is_not_there(call: Call) -> None:
    result = call("replay", "nothing.yaml")
    assert (result.code, result.err) == (
        2,
        'negsim: nothing.yaml:0:0: there is no file "nothing.yaml"; create it\n',
    )


@pytest.mark.parametrize("option", ["--until=2021", "--facts", "--turning-points"])
def test_options_of_records_are_refused(call: Call, option: str) -> None:
    result = call("replay", str(DATA / "every-key.yaml"), option)
    assert result.code == 2
    assert result.err.endswith("--until, --facts and --turning-points are for a record\n")


# What is wrong with a script


def mistakes(path: Path) -> list[str]:
    """How a script is refused, a line for each mistake."""
    with pytest.raises(InputError) as raised:
        load_script(path)
    return str(raised.value).splitlines()


def bad(name: str, text: str, *said: str) -> Any:
    """What is said of a text: a message for each `^`, which stands where the message points."""
    return pytest.param(text, said, id=name)


def of_step(name: str, *rows_and_said: str) -> Any:
    """The same for steps, of which all but the last texts are messages."""
    rows = [it for it in rows_and_said if it[0] in "{-^"]
    said = [it for it in rows_and_said if it[0] not in "{-^"]
    return bad(name, steps(*rows), *said)


BAD = [
    bad(
        "no pack is named",
        "^format: 1\nsteps: []\n",
        "the script names no pack; add a line as pack: january-2022",
    ),
    bad(
        "unknown pack",
        "format: 1\npack: ^two-twons\nsteps: []\n",
        'no pack "two-twons"; did you mean "two-towns"?; or put its folder beside the script',
    ),
    bad(
        "unknown level",
        "format: 1\npack: two-towns\nlevel: ^basic\nsteps: []\n",
        'no level "basic"; there is "full"',
    ),
    bad(
        "near level",
        "format: 1\npack: january-2022\nlevel: ^bassic\nsteps: []\n",
        'no level "bassic"; did you mean "basic"?',
    ),
    bad("no steps", "^format: 1\npack: two-towns\n", 'the key "steps" is missing; add it'),
    bad(
        "steps are a map",
        HEAD + "steps:\n  ^do: demand/letter\n",
        'a map with "do" stands where a list belongs; write it in [ ] or in lines after a -',
    ),
    bad(
        "unknown key", HEAD + "^step: []\nsteps: []\n", 'unknown key "step"; did you mean "steps"?'
    ),
    bad(
        "another version",
        "format: ^2\npack: two-towns\nsteps: []\n",
        '"2" does not fit here; write 1, without quotes',
    ),
    bad("empty file", "^", "the file is empty; see `negsim schema` for what belongs in it"),
    bad(
        "a tab",
        HEAD + "steps:\n^\t- do: demand/letter\n",
        'a tab stands before "- do: demand/letter"; indent with spaces',
    ),
    bad(
        "a hidden character",
        HEAD + "steps:\n  - note: turned ^\u202eback\n",
        "the hidden character U+202E stands here; remove it",
    ),
    bad(
        "a hidden character in an escape",
        HEAD + 'steps:\n  - note: ^"\\e[31mred"\n',
        "the hidden character U+001B stands here; remove it",
    ),
    bad("an alias", HEAD + "steps: ^*steps\n", 'the alias "*steps" is not read; write the text'),
    bad(
        "a tag",
        HEAD + "steps: ^!!python/none []\n",
        'the tag "!!python/none" is not read; remove it',
    ),
    bad(
        "too many in a list of a step",
        steps("{text: x, facts: [" + "F1, " * 2000 + "^F1]}"),
        '"facts" has more than 2000 entries; remove some',
    ),
    of_step("empty step", "^{}", "the step says nothing; add do:, goto: or what is expected"),
    of_step(
        "a step of a date only",
        "^{date: 2024-03, facts: [], id: x, basis: inferred}",
        "the step says nothing; add do:, goto: or what is expected",
    ),
    of_step(
        "a step of nulls",
        "^{do: null, expect: null, sees: {}}",
        "the step says nothing; add do:, goto: or what is expected",
    ),
    of_step(
        "two acts",
        "{do: demand/letter, ^goto: start}",
        "{do: demand/letter, ^refused: demand/letter}",
        "{refused: demand/letter, ^goto: start}",
        "do and goto stand in one step; make it two steps",
        "do and refused stand in one step; make it two steps",
        "refused and goto stand in one step; make it two steps",
    ),
    of_step(
        "because without refused",
        "{do: demand/letter, ^because: it is early}",
        "because goes with refused:; name the action there",
    ),
    of_step(
        "by without do", "{note: Drawn., ^by: chance}", "by goes with do:; name the action there"
    ),
    of_step(
        "unknown actions",
        "{do: ^demand/leter}",
        "{refused: ^x}",
        'no action "demand/leter"; '
        'did you mean "demand/letter" or "read/letter" or "clear/letter"?',
        'no action "x"; correct it or add one of that name',
    ),
    bad(
        "an action of another level",
        steps("do: ^red-line/us/open-door/declare", head=JANUARY + "level: basic\n"),
        '"red-line/us/open-door/declare" is no action of the level "basic"; remove it',
    ),
    of_step(
        "unknown place",
        "{goto: ^r99}",
        "{goto: ^2}",
        "{goto: ^3}",
        "{goto: ^the wier}",
        '{goto: ^"01"}',
        "{text: x, id: the-weir, name: the weir}",
        'no place "r99"; did you mean "r9" or "r19"?',
        'no place "2"; did you mean "r2"?',
        'no place "3"; did you mean "r3"?',
        'no place "the wier"; correct it or add one of that name',
        'no place "01"; did you mean "0"?',
    ),
    of_step(
        "a place that is no place",
        "{goto: ^record+1}",
        'no place "record+1"; did you mean "record"?',
    ),
    of_step(
        "unknown viewpoint",
        "{sees: {^publik: {letter.status: none}}}",
        "{text: x, seen_by: [^fisher]}",
        'no viewpoint "publik"; did you mean "public"?',
        'no viewpoint "fisher"; did you mean "fishers"?',
    ),
    of_step(
        "unknown variables",
        "{expect: {^letter.statu: none}}",
        "{expect: {not: {any: [{^weir: none}]}}}",
        "{sees: {public: {^letter.stag: none}}}",
        'no variable "letter.statu" to test; '
        'did you mean "letter.status" or "letter.stage" or "letter.gate"?',
        'no variable "weir" to test; correct it or declare it among the variables',
        'no variable "letter.stag"; '
        'did you mean "letter.status" or "letter.gate" or "letter.gauge"?',
    ),
    of_step(
        "values that cannot be",
        "{expect: {letter.stage: ^demanded}}",
        "{sees: {public: {letter.status: [none, ^ask]}}}",
        "{sees: {public: {letter.publicity: ^7}}}",
        "{sees: {highwell: {letter.status: in preparation, letter.weir: something offered}}}",
        "{sees: {lowmill: {letter.status: ^in preparation}}}",
        '"letter.stage" has no value "demanded"; did you mean "demand" or "decided"?',
        '"letter.status" is never seen as "ask"; did you mean "asked"?',
        '"letter.publicity" is never seen as "7"; '
        'there is "gist", "hidden", "leaked", "secret", "text"',
        '"letter.status" is never seen as "in preparation"; values go from "none" to "decided"',
    ),
    of_step(
        "nothing is seen", "{sees: {^public: {}}}", "what public sees is left open; name a variable"
    ),
    of_step(
        "an expectation that says nothing",
        "{^expect: {}}",
        "the condition says nothing; write one line or leave it out",
    ),
    of_step(
        "unknown mover",
        "{mover: ^lomill}",
        "{mover: ^public}",
        'no mover "lomill"; did you mean "lowmill"?',
        'no mover "public"; there is "highwell", "lowmill", "nature", "nobody"',
    ),
    of_step(
        "unknown ending",
        "{ending: ^talk}",
        'no ending "talk"; did you mean "talks"?',
    ),
    of_step(
        "unknown fact",
        "{text: x, facts: [^F1]}",
        'no fact "F1"; correct it or add one of that name',
    ),
    of_step(
        "reserved names",
        "{text: x, name: ^start}",
        "{text: x, name: ^r12+1}",
        '{text: x, name: ^"12"}',
        "{text: x, id: ^record}",
        '"start" means a place already; choose another name',
        '"r12+1" means a place already; choose another name',
        '"12" means a place already; choose another name',
        '"record" means a place already; choose another name',
    ),
    of_step(
        "a name taken twice",
        "{text: x, id: weir}",
        "{text: x, id: ^weir}",
        "{text: x, name: ^weir}",
        "{text: x, name: the gate}",
        "{text: x, name: the gate, id: gate}",
        "{text: x, name: gauge}",
        "{text: x, id: ^gauge}",
        '"weir" names step 1 already; choose another',
        '"weir" names step 1 already; choose another',
        '"gauge" names step 6 already; choose another',
    ),
    of_step(
        "keys of a record",
        "{do: demand/letter, ^levels: {}, ^left_out: []}",
        '"levels" belongs in a record; remove it',
        '"left_out" belongs in a record; remove it',
    ),
    of_step(
        "no day",
        "{text: x, date: ^2024-02-30}",
        '"2024-02-30" is no day of the calendar; correct it',
    ),
    of_step(
        "no date",
        "{text: x, date: ^March}",
        '"March" is no date; write a year, a month or a day, as in "2022-01-26"',
    ),
    of_step("an action that is a number", "{do: ^5}", '"5" is no text; put it in quotes'),
    of_step(
        "what is seen is no map",
        "{sees: {public: ^none}}",
        '"none" stands where a map belongs; write lines of the form key: value',
    ),
    of_step(
        "nobody chooses so",
        "{do: demand/letter, by: ^me}",
        '"me" is none of record, rule, chance; take one of these',
    ),
    bad(
        "an origin that is none",
        HEAD
        + f"origin: {{session: {'a' * 32}, content: {'b' * 64}, "
        + "seed: ^-1, others: ^sleep}\nsteps: []\n",
        '"-1" is too small; write 0 or more',
        '"sleep" is none of wait, random, ask, record; take one of these',
    ),
]


@pytest.mark.parametrize(("text", "said"), BAD)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, said: tuple[str, ...]) -> None:
    lines = text.split("\n")
    places = []
    for number, line in enumerate(lines, 1):
        while "^" in line:
            places.append((number, line.index("^") + 1))
            line = line.replace("^", "", 1)
    expected = [
        f"line.yaml:{line}:{column}: {it}" for (line, column), it in zip(places, said, strict=True)
    ]
    assert mistakes(written(tmp_path, text.replace("^", ""))) == expected


def test_mistakes_without_number_are_told_up_to_a_bound(tmp_path: Path) -> None:
    many = (f"goto: place number {it}" for it in range(3000))
    assert len(mistakes(written(tmp_path, steps(*many)))) == 100


def test_the_values_of_a_script_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_tree, "MAX_NODES", 5_000)
    path = written(tmp_path, HEAD + "steps: [" + "1," * 4_993 + "\n 1]\n")
    assert mistakes(path) == ["line.yaml:4:2: the file has more than 5000 values; remove some"]


# Journals as scripts, and back


def journal_of(header: Header, entries: list[AnyEntry]) -> bytes:
    raw, before = as_line(header, "")
    for entry in entries:
        line, before = as_line(entry, before)
        raw += line
    return raw


def header_for(case: Case, **more: Any) -> Header:
    content = case.loaded.content_hash
    session = "0123456789abcdef" * 2
    return Header(
        pack=case.loaded.pack.id, level=case.level, content=content, session=session, **more
    )


def and_back(journal: Journal, folder: Path) -> bytes:
    """The journal that is made from the script of a journal."""
    loaded = load_script(written(folder, script_text(journal), "back.yaml"))
    entries: list[AnyEntry] = []
    assert [failure for result in run(loaded, entries.append) for failure in result.failures] == []
    return journal_of(header_of(loaded), entries)


ODD = [
    *("yes", "no", "null", "~", "true", "089", "08", "-09", "+1", "0x10", "1_000", "1e3", "12:30"),
    *(
        "1.5",
        "2024-03-01",
        "- a",
        "a: b",
        "a #b",
        "# a",
        "'",
        "''",
        '"',
        "\\",
        "{",
        "[a]",
        "&a",
        "*a",
    ),
    *(
        "!a",
        "%a",
        "@a",
        "`",
        "|",
        ">",
        "?",
        ":",
        "=",
        "<<",
        "...",
        "---",
        "é",
        "\U0001f30a",
        "\x85",
    ),
    *("\u2028", "\u202e", "\xa0x", "x " * 50 + "x", "x" * 110, "\ufffd", "\ue000"),
]
"""Texts that another reader of YAML could take for something else."""
TEXTS = st.one_of(st.sampled_from(ODD), st.text(max_size=130))
MOVES = st.tuples(st.sampled_from("aaaaugrnNt"), st.integers(0, 10**6), TEXTS)


WHO: tuple[By | None, ...] = (None, None, "rule", "chance", "record")


def play(session: Session, moves: list[tuple[str, int, str]]) -> None:
    """Does what the moves say, as far as it can be done."""
    for verb, number, text in moves:
        actions = legal_actions(session.game, session.here.state)
        try:
            match verb:
                case "a" if actions:
                    session.apply(actions[number % len(actions)].id, WHO[number % len(WHO)])
                case "u":
                    session.undo()
                case "r":
                    session.redo()
                case "g":
                    session.goto([*session.nodes, *session.names][number % len(session.nodes)])
                case "n" | "N":
                    session.name(text)
                case _:
                    session.note(text)
        except NegsimError:
            continue


@pytest.mark.parametrize(
    ("name", "level", "examples"), [("two-towns", "full", 60), ("january-2022", "basic", 25)]
)
def test_a_journal_comes_back_line_for_line(
    packs: dict[str, LoadedPack], tmp_path: Path, name: str, level: str, examples: int
) -> None:
    case = Case(packs[name], level)

    @settings(max_examples=some(examples))
    @given(st.lists(MOVES, max_size=40), st.integers(0, 10**12 - 1), TEXTS)
    def holds(moves: list[tuple[str, int, str]], seed: int, text: str) -> None:
        kept: list[AnyEntry] = []
        team = " ".join(text.split())[:120]
        more = {"team": team, "members": [team, "b"]} if team.isprintable() and team else {}
        header = header_for(case, seed=seed, **more)
        play(Session(case, header, kept.append), moves)
        raw = journal_of(header, kept)
        assert and_back(parse_journal(raw, "a.jsonl"), tmp_path) == raw

    holds()


def test_a_long_journal_comes_back_by_the_commands(
    call: Call, two_towns: LoadedPack, tmp_path: Path
) -> None:
    case, kept, random = Case(two_towns), list[AnyEntry](), Random(5)
    session = Session(case, header_for(case, seat="lowmill", team="089"), kept.append)
    moves = [
        (random.choice("aaaaugrnt"), random.randrange(10**6), random.choice(ODD))
        for _ in range(4000)
    ]
    play(session, moves)
    assert len(kept) > 3000
    raw = journal_of(session.header, kept)
    (tmp_path / "a.jsonl").write_bytes(raw)
    text = call("journal", "script", "a.jsonl")
    assert (text.code, text.err) == (0, "")
    written(tmp_path, text.out, "a.yaml")
    back = call("journal", "script", "a.yaml")
    assert (back.code, back.err) == (0, "")
    assert back.out.encode() == raw
    replayed = call("replay", "a.yaml")
    assert replayed.code == 0
    assert f"\n{len(kept)} steps, no expectations, no failures.\n" in replayed.out


SCRIPT = f"""\
format: 1
pack: two-towns
level: full
origin:
  session: {"0123456789abcdef" * 2}
  content: %s
  seed: 7
  seat: lowmill
  others: random
  team: Team 1
  members:
  - '089'
steps:
- do: demand/letter
- do: ask/letter
  by: record
- goto: r1
- name: 'the weir: low'
- note: A note that is longer than a line has room for, so that it goes on below it, where the next
    word stands
- goto: '0'
"""


def test_the_script_of_a_journal(two_towns: LoadedPack) -> None:
    case, kept = Case(two_towns), list[AnyEntry]()
    header = header_for(
        case, seed=7, seat="lowmill", others="random", team="Team 1", members=["089"]
    )
    session = Session(case, header, kept.append)
    session.apply("demand/letter")
    session.apply("ask/letter", "record")
    session.undo()
    session.name("the weir: low")
    session.note(
        "A note that is longer than a line has room for, so that it goes on below it, where the "
        "next word stands"
    )
    session.goto("start")
    text = script_text(parse_journal(journal_of(header, kept), "a.jsonl"))
    assert text == SCRIPT % case.loaded.content_hash


def test_a_session_too_long_for_a_script_is_refused(
    call: Call, two_towns: LoadedPack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_tree, "MAX_BYTES", 20_000)
    case = Case(two_towns)
    entries: list[AnyEntry] = [Noted(id=number, text="x" * 590) for number in range(1, 40)]
    (tmp_path / "a.jsonl").write_bytes(journal_of(header_for(case), entries))
    result = call("journal", "script", "a.jsonl")
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        'negsim: "a.jsonl" makes no script that could be read again: the file is larger than 2 '
        "MiB; shorten it\n"
    )


def test_a_script_that_fails_makes_no_journal(call: Call, tmp_path: Path) -> None:
    written(tmp_path, steps("do: demand/letter", "{do: ask/letter, mover: lowmill}"))
    result = call("journal", "script", "line.yaml")
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        "negsim: line.yaml:5:29: expected that lowmill has the turn; it is highwell\n"
    )


def test_a_script_without_origin_makes_a_session_of_its_own(call: Call, tmp_path: Path) -> None:
    written(
        tmp_path, steps("do: demand/letter", "{goto: r2}", "{do: promise/letter/no-date, by: rule}")
    )
    first, second = (call("journal", "script", "line.yaml").out for _ in range(2))
    one, other = (parse_journal(it.encode(), "a.jsonl") for it in (first, second))
    assert one.header.session != other.header.session
    assert (one.header.pack, one.header.seed, one.header.seat) == ("two-towns", 0, None)
    assert one.entries == other.entries
