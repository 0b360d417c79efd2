"""A class told together: a small one pinned word for word, on both pages.

To accept a change: NEGSIM_GOLDEN=1 pytest tests/classroom/test_together.py
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from negsim.classroom.lesson import Lesson
from negsim.classroom.together import (
    Bar,
    Bars,
    Branch,
    Class,
    Part,
    Stack,
    Stacks,
    Together,
    Tree,
    as_data,
    closings,
    together,
)
from negsim.debrief import FACTS, Listing, Table, Told
from negsim.engine import legal_actions, mover
from negsim.explore.explorer import Explorer
from negsim.explore.hindsight import Hindsight
from negsim.export.class_html import class_html
from negsim.export.class_markdown import class_markdown
from negsim.export.markdown import plain
from negsim.rules import EVERYTHING
from tests.classroom.classes import (
    AGREED,
    AS_TOLD,
    BEGUN,
    TASKS,
    exercise,
    hand,
    rightly,
    taken_from,
    wrongly,
)
from tests.classroom.handed import Forger

tree = importlib.import_module("negsim.classroom.together.tree")
"""The module, which its function of the same name hides."""
GOLDEN = Path(__file__).parent / "golden"
PAGES: dict[str, Callable[[Together], str]] = {"html": class_html, "md": class_markdown}


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    return exercise(tmp_path_factory.mktemp("class"))


def files(lesson: Lesson) -> list[bytes]:
    return [
        hand(lesson, 1, AS_TOLD, rightly, note="It is our weir."),
        hand(lesson, 2, AGREED, wrongly, note="So be it."),
        hand(lesson, 3, BEGUN, until="side"),
        hand(lesson, 4, until="write", actions=()),
    ]


def told(
    lesson: Lesson, raw: Sequence[bytes], *, turn: bool = False, names: bool = False
) -> Together:
    group = Class(lesson, [taken_from(lesson, it) for it in raw], names=names)
    turned = None
    if turn:
        turned = closings(group, Hindsight(Explorer(lesson.game), EVERYTHING))
    return together(group, turned)


def table(part: Any, title: str) -> list[list[str]]:
    """The rows of the block whose title begins so."""
    block = next(it for it in part.blocks if it.title.startswith(title))
    found: Table = block if isinstance(block, Table) else block.table
    return [[cell.text for cell in row] for row in found.rows]


@pytest.mark.parametrize("kind", PAGES)
def test_page(lesson: Lesson, kind: str) -> None:
    page = PAGES[kind](told(lesson, files(lesson), turn=True))
    path = GOLDEN / f"class.{kind}"
    if os.environ.get("NEGSIM_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(page, encoding="utf-8")
    assert path.is_file(), f"{path.name} is missing; look at the page and accept it"
    assert page == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("names", [False, True])
def test_the_order_of_files_changes_nothing(lesson: Lesson, names: bool) -> None:
    raw = files(lesson)
    first, second = (told(lesson, it, names=names) for it in (raw, raw[::-1]))
    for page in PAGES.values():
        assert page(first) == page(second)


# What is told.


def test_papers_stand_beside_that_of_the_story(lesson: Lesson) -> None:
    part = told(lesson, files(lesson)).part("papers")
    points = table(part, "The letter of Lowmill: Highwell")
    # no answer, refused, left out, another offer, talks offered, agreed, under a condition
    assert [row[1:8] for row in points] == [
        ["0", "2", "0", "0", "0", "1", "0"],
        ["1", "0", "1", "0", "1", "0", "1"],
        ["1", "0", "0", "1", "0", "1", "0"],
    ]
    assert [row[8] for row in points] == [
        "refused",
        "talks offered, only if the mill road stays free",
        "another offer",
    ]
    rules = table(part, "The letter of Lowmill, point by point")
    assert rules[-2:] == [
        ["The paper as a whole", "0 of 3", "no", "0 of 3", "no", "1 of 3", "no"],
        ["A part to talk on", "0 of 3", "no", "2 of 3", "yes", "2 of 3", "yes"],
    ]


def test_the_record_of_a_case_that_is_reported(tmp_path: Path) -> None:
    """What is reported stands with its facts, its hedges and its conditions."""
    task = {"kind": "find", "ask": "Write it.", "goal": {"when": {"us-paper.stage": "response"}}}
    found = exercise(tmp_path, pack="january-2022", seats=[], start="promise-us", tasks={"w": task})
    raw = hand(found, 1, ["answer/us-paper/enlargement/rejected"])
    stacks = told(found, [raw]).part("papers").blocks[0]
    assert isinstance(stacks, Stacks)
    records = [it.record for it in stacks.rows]
    assert records[0] == Told("refused", ("F78",), "", "reported")
    assert records[2].text == "reportedly refused"
    assert records[5].text.startswith("talks offered, only if Russia")


def test_reasons_stand_under_their_answers(lesson: Lesson) -> None:
    part = told(lesson, files(lesson)).part("reasons")
    weir = next(it for it in part.blocks if "a lower weir" in it.title)
    assert [(it.title, [one.text for one in it.entries]) for it in weir.columns] == [  # type: ignore[union-attr]
        ("refused (1)", ["It is our weir."]),
        ("agreed (1)", ["So be it."]),
    ]


def test_many_reasons_are_drawn_and_counted(lesson: Lesson) -> None:
    raw = [hand(lesson, it, AS_TOLD, note=f"Reason {it}.", until="side") for it in range(20)]
    part = told(lesson, raw).part("reasons")
    entries = part.blocks[0].columns[0].entries  # type: ignore[union-attr]
    assert len(entries) == 7
    assert entries[-1].text == "and 14 more that are not shown here"
    assert told(lesson, raw[::-1]).part("reasons") == part


def test_the_misreading_that_most_made_is_told(lesson: Lesson) -> None:
    raw = [hand(lesson, it, AS_TOLD, wrongly if it else rightly) for it in range(4)]
    part = told(lesson, raw).part("answers")
    assert table(part, "Match: Who is it? What was misread") == [
        ["Has a mill", "Lowmill", "Highwell (3 of 4)", "The mill is below."],
        ["Is flooded", "Highwell", "Lowmill (3 of 4)", ""],
    ]
    assert table(part, "Choose: Which side?") == [
        ["Left", "3", "75 %", ""],
        ["Right", "1", "25 %", "right"],
        ["Both", "3", "75 %", ""],
    ]
    said = [it.text for block in part.blocks if isinstance(block, Listing) for it in block.entries]
    assert "Left (3 of 4)" in said
    assert "Look again." in said
    assert '"Two" before "One" (3 of 4)' in said or '"Three" before "One" (3 of 4)' in said


def test_things_alike_in_an_order_are_no_misreading(tmp_path: Path) -> None:
    task = {**TASKS["sorted"], "alike": [["a", "b"]]}
    found = exercise(tmp_path, tasks={"sorted": task})
    raw = hand(found, 1, answers=lambda taking, name: {"sorted": ["b", "a", "c"]})
    part = told(found, [raw]).part("answers")
    assert [row[1] for row in table(part, "Put in order")] == ["1", "1", "1"]
    assert len(part.blocks) == 1


def test_predictions_stand_beside_the_record(lesson: Lesson) -> None:
    part = told(lesson, files(lesson)).part("predictions")
    assert table(part, "Predict: What will come?") == [
        ["On the weir?", "1 of 2", "refused", "no answer yet (1)"]
    ]
    assert ["refused", "1", "50 %", "the record"] in table(part, "Predict: On the weir?")


def test_the_tree_counts_branches_and_where_they_left(lesson: Lesson) -> None:
    found = told(lesson, files(lesson)).part("tree").blocks[0]
    assert isinstance(found, Tree)
    assert found.of == 3
    assert sum(it.count for it in found.branches if it.depth == 0) == 3
    assert sum(it.left for it in found.branches) == 3
    assert all(it.left == 0 for it in found.branches if it.recorded)


def test_another_order_of_drafting_is_the_same_branch(lesson: Lesson) -> None:
    other = (AS_TOLD[0], *AS_TOLD[3:0:-1], *AS_TOLD[4:])
    raw = [hand(lesson, 1, AS_TOLD), hand(lesson, 2, other)]
    found = told(lesson, raw).part("tree").blocks[0]
    assert isinstance(found, Tree)
    assert {it.count for it in found.branches if not it.recorded} == {2}


def test_who_stays_on_the_record_has_not_left_it(lesson: Lesson) -> None:
    raw = hand(lesson, 1, AS_TOLD[:2], until="side")
    found = told(lesson, [raw]).part("tree").blocks[0]
    assert isinstance(found, Tree)
    assert sum(it.left for it in found.branches) == 0


def test_few_branches_are_drawn_of_many(lesson: Lesson) -> None:
    ways = ("weir/rejected", "weir/accepted"), ("gate/silent", "gate/talks"), ("gauge/counter",)
    drafts = [
        [f"answer/letter/{it}" for it in (weir, gate)] for weir in ways[0] for gate in ways[1]
    ] + [[f"answer/letter/{it}"] for way in ways for it in way]
    raw = [hand(lesson, n, it, until="side") for n, it in enumerate(drafts)]
    found = told(lesson, raw).part("tree").blocks[0]
    assert isinstance(found, Tree)
    assert sum(it.count for it in found.branches if it.depth == 0) == len(drafts)
    assert any("ways that few chose" in it.text for it in found.branches)


FREE = {
    "kind": "find",
    "ask": "Find it.",
    "goal": {"when": {"letter.stage": "response"}},
}


def zigzag(folder: Path, turns: int) -> Class:
    """Somebody who turns a posture up and down, and tries a demand on the way, so many times."""
    found = exercise(folder, seats=[], start="start", others="wait", tasks={"free": FREE})
    taking = Forger(found)
    for _ in range(turns):
        while (who := mover(found.game, taking.session.here.state)) != "highwell":
            taking.act(f"pass/{who}")
        here = taking.session.here
        taking.act("demand/letter").go(here)
        moves = legal_actions(found.game, here.state)
        taking.act(next(it.id for it in moves if it.id.startswith("posture/highwell/")))
        taking.act("pass/highwell")
    return Class(found, [taking.taking])


def test_a_line_of_any_length_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "LONGEST", 10**6)
    monkeypatch.setattr(tree, "LINES", 10**6)
    turns = 200
    group = zigzag(tmp_path, turns)
    limit = sys.getrecursionlimit()
    try:
        sys.setrecursionlimit(len(inspect.stack()) + turns)
        (found,) = tree.tree(group).blocks
    finally:
        sys.setrecursionlimit(limit)
    assert isinstance(found, Tree)
    assert found.branches[0].count == 1


def test_what_the_tree_leaves_out_is_owned_up_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = zigzag(tmp_path, 9)
    assert [type(it) for it in tree.tree(group).blocks] == [Tree]
    monkeypatch.setattr(tree, "LONGEST", 12)
    monkeypatch.setattr(tree, "LINES", 3)
    cut, said = tree.tree(group).blocks
    assert isinstance(cut, Tree)
    assert isinstance(said, Listing)
    assert [it.text for it in said.entries] == [
        "In 1 of 1 sessions a line is longer than 12 actions and passes; what follows these is "
        "left out.",
        "In 1 of 1 sessions more than 3 lines were tried; the first are told.",
    ]


def test_turning_points_are_counted(lesson: Lesson) -> None:
    part = told(lesson, files(lesson), turn=True).part("turning")
    rows = table(part, "Write the letter")
    assert rows
    cleared = next(row for row in rows if row[0].startswith("Lowmill clears"))
    assert cleared[1:3] == ["The whole demand is met", "1 of 3"]


def test_turning_points_that_were_not_worked_out_are_owned_up_to(lesson: Lesson) -> None:
    part = told(lesson, files(lesson)).part("turning")
    assert [it.text for it in part.blocks[0].entries] == [  # type: ignore[union-attr]
        "They were not worked out in the time that was allowed."
    ]


def test_nobody_is_named_unless_that_is_asked_for(lesson: Lesson) -> None:
    raw = [hand(lesson, 1, note="Ours.", team="The Fearless")]
    for page in PAGES.values():
        assert "Fearless" not in page(told(lesson, raw))
        assert "Ada" not in page(told(lesson, raw))
        assert "Fearless" in page(told(lesson, raw, names=True))
    assert "Fearless" not in json.dumps(as_data(told(lesson, raw)))


# Few, or nobody.


@pytest.mark.parametrize("page", PAGES.values())
def test_a_class_of_nobody(lesson: Lesson, page: Callable[[Together], str]) -> None:
    found = told(lesson, [])
    assert "0, of which 0 did all 8 tasks" in page(found)
    assert [it.id for it in found.parts if it.blocks] == ["concepts"]


@pytest.mark.parametrize("page", PAGES.values())
def test_nobody_played(lesson: Lesson, page: Callable[[Together], str]) -> None:
    found = told(lesson, [hand(lesson, it, (), until="write") for it in range(3)], turn=True)
    assert "3, of which 0" in page(found)
    assert [it.id for it in found.parts if it.blocks] == ["concepts"]


@pytest.mark.parametrize("page", PAGES.values())
def test_one_student(lesson: Lesson, page: Callable[[Together], str]) -> None:
    found = told(lesson, [hand(lesson, 1, note="Ours.")], turn=True)
    assert "1, of which 1 did all 8 tasks" in page(found)
    assert [it.id for it in found.parts if not it.blocks] == [FACTS]


# The pages themselves.

EVIL = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "</td></table></svg><!-- x --><?php ?><![CDATA[",
    "{{ 7 * 7 }} {% raw %} {# x #} &lt;b&gt;",
    "| a | b | # head - one ``` ~~~ [x](javascript:alert(1)) http://e.vil",
    "=1+1 @me \\u202e",
)
VOID = {"meta", "path", "rect", "circle"}


class Reader(HTMLParser):
    """Reads a page strictly: every tag closed in its order."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.skeleton: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.texts: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.skeleton.append((tag, tuple(it for it in attrs if it[0] in ("id", "class", "href"))))
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            assert not name.startswith("on")
            if name == "id":
                self.ids.append(value or "")
            if name == "href":
                self.links.append(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


def test_words_are_shown_by_what_the_class_did_most(tmp_path: Path) -> None:
    """Of the tasks that teach the word, or where none does of all that are played."""
    words = ["consultation-depth", "silence", "demand"]
    found = exercise(tmp_path, concepts=words, tasks={"write": TASKS["write"]})
    class_ = [hand(found, 1, AS_TOLD), hand(found, 2, AGREED), hand(found, 3, AGREED)]
    part = next(it for it in told(found, class_).parts if it.id == "concepts")
    steps = {row[0]: row[3] for row in table(part, "")}
    text = {it: found.game.action(it).text.rstrip(".") for it in (*AS_TOLD, *AGREED)}
    consulted = (f"consult/letter/fishers/{it}" for it in ("informed", "previewed"))
    assert steps["Consultation depth"] == "; ".join(text[it] for it in consulted)
    assert steps["Silence"] == text["answer/letter/gate/silent"]
    assert steps["Demand"] == ""


def hostile(folder: Path, words: str) -> Together:
    """A class in which every text, of students and of the exercise, is these words."""
    found = exercise(folder)

    def say(taking: Any, name: str) -> dict[str, Any]:
        given = wrongly(taking, name)
        forms = {key: it.form for key, it in taking.keyed(name).items()}
        return {key: words if forms[key] == "text" else it for key, it in given.items()}

    raw = [hand(found, 1, AGREED, say, note=words, team=words)]
    return told(found, raw, names=True)


@pytest.mark.parametrize("words", EVIL)
def test_no_word_is_read_as_html(tmp_path: Path, words: str) -> None:
    page = class_html(hostile(tmp_path, words))
    read = Reader(page)
    assert read.skeleton == Reader(class_html(hostile(tmp_path, "a b"))).skeleton
    assert words in "".join(read.texts)
    assert page.replace("\n", "").isprintable()


@pytest.mark.parametrize("words", EVIL)
def test_no_word_is_read_as_markdown(tmp_path: Path, words: str) -> None:
    page = class_markdown(hostile(tmp_path, words))
    assert plain(words) in page
    assert not re.search(r"(?<!\\)://", page)


def test_no_word_of_an_exercise_breaks_a_chart() -> None:
    words = EVIL[0]
    bars = Bars(words, words, 3, (Bar(Told(words), 2, "right"), Bar(Told(words), 0)))
    stacks = Stacks(
        words, 3, (words, "refused"), (Stack(Told(words), (1, 2), 1, Told(words)),), "x"
    )
    deep = (Branch(words, 3, depth, not depth, depth // 20) for depth in range(20))
    branches = (*deep, Branch(words, 1, 1, rest=True))
    part = Part("papers", words, words, (bars, stacks, Tree(words, 3, branches)))
    found = Together(words, Listing("", (Told(words, (), words),)), (part,))
    assert "<script" not in class_html(found)
    assert Reader(class_html(found)).skeleton.count(("svg", ())) == 3
    assert plain(words) in class_markdown(found)


def test_the_page_holds_all_it_needs(lesson: Lesson) -> None:
    page = class_html(told(lesson, files(lesson), turn=True))
    read = Reader(page)
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">')
    for unwanted in ("<script", "<img", "<link", "@import", "http:", "https:", "onclick"):
        assert unwanted not in page.lower()
    assert set(re.findall(r"url\((.)", page)) == {"#"}
    assert len(read.ids) == len(set(read.ids))
    for link in read.links:
        assert link.removeprefix("#") in read.ids


def test_every_chart_is_told_in_words_too(lesson: Lesson) -> None:
    found = told(lesson, files(lesson))
    page = class_html(found)
    charts = [
        it for part in found.parts for it in part.blocks if isinstance(it, Bars | Stacks | Tree)
    ]
    assert len(charts) > 8
    assert page.count('<svg role="img"') == len(charts)
    assert page.count("<title id=") == page.count("<desc id=") == len(charts)
    texts = "".join(Reader(page).texts)
    for chart in charts:
        assert chart.summary in texts
        assert all(cell.text in texts for row in chart.table.rows for cell in row)


# In a browser.


def looked_at(path: Path) -> dict[str, Any]:
    """What a browser and the accessibility checker find on a page."""
    axe = Path(pytest.importorskip("axe_core_python").__file__).with_name("axe.min.js")
    from tests.serve.chromium import chromium

    async def look() -> dict[str, Any]:
        async with chromium() as browser:
            page = await browser.page()
            await page.call("Page.setBypassCSP", enabled=True)  # for the checker's script alone
            await page.open(path.as_uri())
            while await page.value("document.readyState") != "complete":
                await asyncio.sleep(0.02)
            requested = list(page.requested)
            wide = await page.value("document.documentElement.scrollWidth")
            over = await page.value(OVER)
            await page.value(f"{axe.read_text(encoding='utf-8')};0")
            found = json.loads(await page.value(ASK))
            return {"requested": requested, "wide": wide, "over": over, "said": page.said, **found}

    return asyncio.run(look())


ASK = """axe.run(document).then(it => JSON.stringify({
  passed: it.passes.length,
  amiss: it.violations.map(one => [one.impact, one.id, one.nodes[0].html])}))"""
OVER = """[...document.querySelectorAll("svg[role=img]")].filter(svg =>
  [...svg.querySelectorAll("text")].some(it => {
    const box = it.getBBox(); return box.x + box.width > svg.viewBox.baseVal.width + 1 || box.x < -1
  })).map(svg => svg.querySelector("title").textContent)"""


@pytest.mark.browser
@pytest.mark.parametrize("size", ["small", "large"])
def test_in_a_browser_nothing_is_amiss(lesson: Lesson, tmp_path: Path, size: str) -> None:
    raw = files(lesson)
    if size == "large":
        raw += [hand(lesson, it, AGREED, wrongly, note=f"Reason {it}.") for it in range(10, 210)]
    path = tmp_path / "class.html"
    path.write_text(class_html(told(lesson, raw, turn=True)), encoding="utf-8")
    found = looked_at(path)
    assert found["requested"] == [path.as_uri()]
    assert found["said"] == []
    assert found["wide"] <= 1200
    assert found["over"] == []
    assert found["passed"] > 20
    assert found["amiss"] == []
