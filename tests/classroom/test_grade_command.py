"""`negsim grade`: what it prints and writes, and that nothing a student wrote is obeyed."""

from __future__ import annotations

import csv
import io
import json
import re
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negsim.classroom.lesson import Lesson
from negsim.errors import NegsimError
from negsim.export.feedback import feedback_html, feedback_markdown
from negsim.export.grades import roster_in, safe
from tests.classroom.handed import Student, full, lesson_of
from tests.conftest import Call

CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
ROSTER = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Quiz\n"
    "    Points Possible,,,,,10\n"
    '"Lovelace, Ada",101,s101,ada,A,7\n'
    '"Bo Diddley",102,s102,bo,B,8\n'
)
FORMULA = '=HYPERLINK("http://x","y")'
MARKUP = "<script>alert(1)</script>[x](javascript:1)"


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    """The exercise of a class, in the folder of the test; three hand in, one of them nonsense."""
    found = lesson_of(tmp_path)
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "b.jsonl").write_bytes(full(found, "Beta", "ADA", session="b" * 32).raw)
    poor = Student(found, "Alpha", "bo", session="a" * 32).finish().rest(right=False)
    (folder / "a.jsonl").write_bytes(poor.raw)
    return found


def rows(path: Path) -> list[list[str]]:
    return [*csv.reader(io.StringIO(path.read_bytes().decode(), newline=""))]


def test_the_table_is_by_teams(call: Call, lesson: Lesson) -> None:
    result = call("grade", "in", "--exercise", "try.yaml")
    assert result.code == 0
    lines = [it.split() for it in result.out.splitlines() if it[:5] in ("Alpha", "Beta:")]
    assert lines == [
        ["Alpha:", "bo", "aaaaaaaa", "3/3", "100", "%", "0", "%"],
        ["Beta:", "ADA", "bbbbbbbb", "3/3", "100", "%", "100", "%"],
    ]
    assert all(len(it) <= 80 for it in result.out.splitlines())


def test_a_bad_file_makes_it_end_with_1(call: Call, lesson: Lesson) -> None:
    Path("in/c.jsonl").write_text("My essay")
    result = call("grade", "in", "--exercise", "try.yaml")
    assert result.code == 1
    assert "2 graded, 1 not" in result.out
    assert "c.jsonl: no journal:" in result.said


@pytest.mark.parametrize(
    "words",
    [
        ("in",),
        ("--exercise", "try.yaml"),
        ("in", "--exercise", "two-towns/no-such"),
        ("nowhere", "--exercise", "try.yaml"),
        ("empty", "--exercise", "try.yaml"),
        ("in", "--exercise", "try.yaml", "--roster", "nowhere.csv"),
        ("in", "--exercise", "try.yaml", "--roster", "in/a.jsonl"),
        ("in", "--exercise", "try.yaml", "--fingerprints", "in/a.jsonl"),
        ("in", "--exercise", "try.yaml", "--csv", "in/a.jsonl"),
        ("in", "--exercise", "try.yaml", "--csv", "x.csv", "--canvas", "x.csv"),
        ("in", "--exercise", "try.yaml", "--feedback", "in"),
        ("in", "--exercise", "try.yaml", "--feedback", "try.yaml"),
        ("in", "--exercise", "try.yaml", "--csv", "no/such/folder.csv"),
    ],
)
def test_a_wrong_call_ends_with_2(call: Call, lesson: Lesson, words: tuple[str, ...]) -> None:
    Path("empty").mkdir()
    before = Path("in/a.jsonl").read_bytes()
    result = call("grade", *words)
    assert (result.code, result.out) == (2, "")
    assert "negsim: " in result.err
    assert Path("in/a.jsonl").read_bytes() == before


def test_nothing_is_written_over_without_force(call: Call, lesson: Lesson) -> None:
    words = ("grade", "in", "--exercise", "try.yaml", "--csv", "g.csv", "--feedback", "told")
    assert call(*words).code == 0
    first = Path("g.csv").read_bytes()
    Path("g.csv").write_text("mine")
    assert call(*words).code == 2
    assert Path("g.csv").read_text() == "mine"
    assert call(*words, "--force").code == 0
    assert Path("g.csv").read_bytes() == first


def test_what_it_wrote_is_not_handed_in(call: Call, lesson: Lesson) -> None:
    words = ("grade", "in", "--exercise", "try.yaml", "--csv", "in/g.csv", "--feedback", "in/told")
    assert call(*words).code == 0
    assert call(*words, "--force").code == 0


def test_the_plain_csv_has_each_task(call: Call, lesson: Lesson) -> None:
    Path("in/c.jsonl").write_text("My essay")
    assert call("grade", "in", "--exercise", "try.yaml", "--csv", "g.csv").code == 1
    head, alpha, beta, bad = rows(Path("g.csv"))
    shown = dict(zip(head, beta, strict=True))
    assert (shown["team"], shown["participation"], shown["performance"]) == ("Beta", "100", "100")
    assert (shown["task: write"], shown["task: side"], shown["task: why"]) == ("100", "100", "")
    assert dict(zip(head, alpha, strict=True))["performance"] == "0"
    assert bad[3] == "c.jsonl"
    assert bad[-1].startswith("no journal: ")


def test_json_has_everything(call: Call, lesson: Lesson) -> None:
    result = call("grade", "in", "--exercise", "try.yaml", "--json")
    data = json.loads(result.out)
    assert [it["team"] for it in data["files"]] == ["Alpha", "Beta"]
    assert data["files"][1]["grade"]["tasks"]["write"]["score"] == 1
    assert data["exercise"] == "two-towns/try"


def test_canvas_is_given_its_own_columns(call: Call, lesson: Lesson) -> None:
    Path("roster.csv").write_text(ROSTER)
    words = ("--canvas", "c.csv", "--roster", "roster.csv")
    assert call("grade", "in", "--exercise", "try.yaml", *words).code == 0
    assert rows(Path("c.csv")) == [
        [*CANVAS, "A try: participation", "A try: performance"],
        ["    Points Possible", "", "", "", "", "100", "100"],
        ["Bo Diddley", "102", "s102", "bo", "B", "100", "0"],
        ["Lovelace, Ada", "101", "s101", "ada", "A", "100", "100"],
    ]


def test_a_team_is_entered_for_each_of_its_members(call: Call, lesson: Lesson) -> None:
    Path("roster.csv").write_text("team;ID number\nbeta;n1\nBeta;n2\nAlpha;n3\n")
    words = ("--moodle", "m.csv", "--roster", "roster.csv")
    assert call("grade", "in", "--exercise", "try.yaml", *words).code == 0
    head, *people = rows(Path("m.csv"))
    assert people == [["n1", "100", "100"], ["n2", "100", "100"], ["n3", "100", "0"]]
    assert head[0] == "ID number"


def test_whom_the_roster_does_not_know_is_left_out_and_named(call: Call, lesson: Lesson) -> None:
    Path("roster.csv").write_text("member,Email address\nada,ada@x.org\n")
    words = ("--moodle", "m.csv", "--roster", "roster.csv")
    result = call("grade", "in", "--exercise", "try.yaml", *words)
    assert rows(Path("m.csv"))[1:] == [["ada@x.org", "100", "100"]]
    assert 'not in the Moodle file as it stands: "a.jsonl": "bo" is not in the roster' in result.err


def test_a_name_that_stands_twice_is_nobodys(call: Call, lesson: Lesson) -> None:
    Path("roster.csv").write_text("member,ID number\nada,1\nAda,2\nbo,3\n")
    words = ("--moodle", "m.csv", "--roster", "roster.csv")
    result = call("grade", "in", "--exercise", "try.yaml", *words)
    assert rows(Path("m.csv"))[1:] == [["3", "100", "0"]]
    assert '"ADA" stands 2 times in the roster' in result.err


def test_no_grade_is_entered_that_should_be_looked_at(call: Call, lesson: Lesson) -> None:
    Path("in/copy.jsonl").write_bytes(full(lesson, "Gamma", "Cy", session="b" * 32).raw)
    result = call("grade", "in", "--exercise", "try.yaml", "--canvas", "c.csv")
    assert result.code == 1
    assert [it[0] for it in rows(Path("c.csv"))[2:]] == ["bo"]
    assert '"b.jsonl": look at it first' in result.err


def test_nobody_in_two_sessions_is_entered(call: Call, lesson: Lesson) -> None:
    """Not even where one of them is in another team: the best one may be a second try."""
    Path("in/c.jsonl").write_bytes(full(lesson, "Gamma", "bo", "Cy", seed=2).raw)
    result = call("grade", "in", "--exercise", "try.yaml", "--canvas", "c.csv")
    assert [it[0] for it in rows(Path("c.csv"))[2:]] == ["ADA", "Cy"]
    said = '"bo" stands in 2 sessions, "a.jsonl", "c.jsonl"; leave only the one that counts'
    assert said in result.err


def test_nobody_is_called_as_canvas_second_row(call: Call, lesson: Lesson) -> None:
    Path("in/c.jsonl").write_bytes(full(lesson, "T", "Points Possible", seed=2).raw)
    assert call("grade", "in", "--exercise", "try.yaml", "--canvas", "c.csv").code == 0
    assert sum("Points Possible" in it[0] for it in rows(Path("c.csv"))) == 1


def test_what_was_collected_in_time_is_held_against_it(call: Call, lesson: Lesson) -> None:
    marks = call("journal", "fingerprint", "in/a.jsonl", "in/b.jsonl")
    Path("marks.txt").write_text(marks.out)
    words = ("grade", "in", "--exercise", "try.yaml", "--fingerprints", "marks.txt")
    assert call(*words).code == 0
    away = Path("in/b.jsonl").rename("b.jsonl")
    result = call(*words)
    assert result.code == 1
    assert "Not handed in, though a fingerprint was collected:" in result.said
    last = marks.out.splitlines()[1].replace("in/", "")
    assert result.out.splitlines()[-1].split() == last.split()
    assert [it["file"] for it in json.loads(call(*words, "--json").out)["missing"]] == ["b.jsonl"]
    away.rename("in/b.jsonl")
    late = full(lesson, "Alpha", "bo", session="a" * 32)
    Path("in/a.jsonl").write_bytes(late.raw)
    result = call(*words)
    assert result.code == 1
    assert "a.jsonl: rewritten:" in result.said


# Text of strangers.


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


def hostile(lesson: Lesson) -> Student:
    student = Student(lesson, FORMULA, MARKUP, "../../etc/passwd", "@SUM(1); =2", session="c" * 32)
    student.finish().answer(side="left")
    return student.answer(why=f"{MARKUP} | # *x* \u202e")


def test_no_text_is_obeyed_anywhere(call: Call, lesson: Lesson) -> None:
    Path("in/c.jsonl").write_bytes(hostile(lesson).raw)
    words = ("--csv", "g.csv", "--canvas", "c.csv", "--moodle", "m.csv", "--feedback", "told")
    result = call("grade", "in", "--exercise", "try.yaml", *words)
    assert result.code == 0
    for name in ("g.csv", "c.csv", "m.csv"):
        cells = [cell for row in rows(Path(name)) for cell in row]
        assert not any(re.search(r"(^|;)[\s\"]*[=+\-@]", cell) for cell in cells)
    names = sorted(it.name for it in Path("told").iterdir())
    assert names == [f"{it * 32}.{end}" for it in "abc" for end in ("html", "md")]
    page = Path(f"told/{'c' * 32}.html").read_text(encoding="utf-8")
    tags = Tags()
    tags.feed(page)
    assert "script" not in tags.found
    assert all(it.startswith("#") for it in tags.links)
    assert "&lt;script&gt;" in page
    assert "\u202e" not in page + result.out
    told = Path(f"told/{'c' * 32}.md").read_text(encoding="utf-8")
    assert "<script>" not in told.replace("\\<script\\>", "")
    assert "[x](" not in told


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r=", "  =", '"=', "a;=", "\uff1d"])
def test_no_cell_begins_as_a_formula_does(sign: str) -> None:
    assert not re.search(r"(^|;)[\s\"']*[=+\-@\t\r\uff1d]", safe(f"{sign}1+1").replace("'", "x"))


@given(st.text())
def test_whatever_is_made_safe_stays_so(text: str) -> None:
    found = safe(text)
    assert found.isprintable()
    assert not found.startswith(("=", "+", "-", "@"))


@given(st.text(max_size=200))
def test_no_roster_stops_it_otherwise(text: str) -> None:
    with suppress(NegsimError):
        assert isinstance(roster_in(text, "roster.csv"), list)


# The pages.


def test_the_page_tells_what_came_of_each_task(lesson: Lesson) -> None:
    grade = full(lesson, "Beta", "Ada").grade
    page, told = feedback_html(lesson, grade), feedback_markdown(lesson, grade)
    for text in ("Beta: Ada", "100 %", "Deliver the letter.", "So it is.", "Names a fact. (1)"):
        assert text in page
        assert text.replace("(", "(").replace("\\", "") in told.replace("\\", "")
    assert "<script" not in page
    assert "http" not in page.replace('http-equiv="', "")


def test_the_same_grade_gives_the_same_page(lesson: Lesson) -> None:
    student = full(lesson, "Beta", "Ada")
    assert feedback_html(lesson, student.grade) == feedback_html(lesson, student.grade)
