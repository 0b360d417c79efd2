"""JUnit XML of scripts: well-formed whatever a script says, and counted as build servers do."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negsim.errors import Problem, printable
from negsim.export.junit import junit
from tests.conftest import Call

PROBLEMS = [
    Problem("line.yaml", 4, 9, 'expected <that> & "so" it\'s ]]> not'),
    Problem("line.yaml", 5, 9, "and \x1b[31mred\x07, \x00, \ufffe"),
]

XML = """\
<?xml version='1.0' encoding='utf-8'?>
<testsuites>
  <testsuite name="line.yaml" tests="3" failures="1" errors="0" skipped="0">
    <testcase classname="line.yaml" name="step 1: expect" />
    <testcase classname="line.yaml" name="step 2: &lt;refused&gt; &amp; \\x1b">
      <failure message="expected &lt;that&gt; &amp; &quot;so&quot; it's ]]&gt; not">\
line.yaml:4:9: expected &lt;that&gt; &amp; "so" it's ]]&gt; not
line.yaml:5:9: and \\x1b[31mred\\x07, \\x00, \\ufffe</failure>
    </testcase>
    <testcase classname="line.yaml" name="step 3: ending" />
  </testsuite>
</testsuites>
"""


def test_the_file_is_as_build_servers_read_it() -> None:
    cases = [("step 1: expect", []), ("step 2: <refused> & \x1b", PROBLEMS), ("step 3: ending", [])]
    assert junit("line.yaml", cases) == XML


def test_no_cases_are_a_suite_too() -> None:
    suite = ElementTree.fromstring(junit("a.yaml", [])).find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures"), len(suite)) == ("0", "0", 0)


TEXTS = st.one_of(
    st.text(), st.sampled_from(["]]>", "<!--", "-->", "&", "&amp;", "\ud800", "\U0001f30a", "\x85"])
)


@given(TEXTS, st.lists(st.tuples(TEXTS, st.lists(TEXTS, max_size=3)), max_size=4))
def test_it_is_well_formed_and_says_what_was_said(
    name: str, cases: list[tuple[str, list[str]]]
) -> None:
    told = [(title, [Problem("a.yaml", 1, 2, it) for it in said]) for title, said in cases]
    suites = ElementTree.fromstring(junit(name, told).encode())
    suite = suites.find("testsuite")
    assert suite is not None
    assert [it.tag for it in suites] == ["testsuite"]
    assert suite.get("name") == printable(name)
    assert suite.get("tests") == str(len(cases)) == str(len(suite))
    assert suite.get("failures") == str(len(suite.findall("testcase/failure")))
    for case, (title, said) in zip(suite, cases, strict=True):
        assert (case.get("classname"), case.get("name")) == (printable(name), printable(title))
        failures = case.findall("failure")
        assert len(failures) == bool(said)
        for failure in failures:
            assert failure.get("message") == printable(said[0])
            assert failure.text == "\n".join(f"a.yaml:1:2: {printable(it)}" for it in said)


SCRIPT = """\
format: 1
pack: two-towns
steps:
  - {do: demand/letter, mover: highwell, ending: talks}
  - {goto: r6}
  - {refused: demand/letter, because: "<&> ]]> '"}
  - {sees: {public: {letter.status: in preparation}}}
  - {do: decide/letter/talks}
"""


def test_a_script_is_written_as_junit_xml(call: Call, tmp_path: Path) -> None:
    (tmp_path / "line.yaml").write_text(SCRIPT, encoding="utf-8")
    shown = call("replay", "line.yaml")
    result = call("replay", "line.yaml", "--junit", "results.xml")
    assert (result.code, result.out, result.err) == (1, shown.out, "")
    suite = ElementTree.parse(tmp_path / "results.xml").getroot()[0]
    assert dict(suite.attrib) == {
        "name": "line.yaml",
        "tests": "4",
        "failures": "3",
        "errors": "0",
        "skipped": "0",
    }
    assert [(case.get("name"), len(case)) for case in suite] == [
        ("step 1: mover, ending", 1),
        ("step 3: refused", 1),
        ("step 4: sees public", 0),
        (
            "step 5: The mayor of Highwell agrees to talks on part of the items on the basis of "
            "the letter of Lowmill.",
            1,
        ),
    ]
    failure = suite[1][0]
    message = (failure.get("message") or "").partition(";")[0]
    assert message == 'expected a refusal with "<&> ]]> \'"'
    assert (failure.text or "").startswith(f"line.yaml:6:39: {message}; ")


def test_a_script_in_which_all_holds_is_good(call: Call, tmp_path: Path) -> None:
    (tmp_path / "line.yaml").write_text(SCRIPT.partition("  - {goto")[0].replace("talks", "none"))
    assert call("replay", "line.yaml", "--junit", "results.xml", "--json").code == 0
    suite = ElementTree.parse(tmp_path / "results.xml").getroot()[0]
    assert (suite.get("tests"), suite.get("failures")) == ("1", "0")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("line.yaml", "--junit", "no/such/folder.xml"),
            'negsim: "no/such/folder.xml" cannot be written (No such file or directory); name '
            "another file\n",
        ),
        (
            ("two-towns", "--junit", "results.xml"),
            "negsim: --junit is for a script; name one in place of the pack\n",
        ),
    ],
)
def test_where_it_cannot_be_written(
    call: Call, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    (tmp_path / "line.yaml").write_text(SCRIPT, encoding="utf-8")
    result = call("replay", *words)
    assert result.code == 2
    assert result.err.endswith(said)
