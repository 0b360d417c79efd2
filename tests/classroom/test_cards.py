"""The exercise on paper: who gets which page, and that none tells what its reader must not know."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from negsim.classroom.catalogue import find_lesson, lesson_ids
from negsim.classroom.lesson import Lesson, load_lesson
from negsim.classroom.models import Exercise
from negsim.classroom.questions import questions, shown
from negsim.classroom.telling import beside_lines, opening_lines
from negsim.errors import NegsimError
from negsim.export.cards import cards_html
from negsim.export.page import plain
from negsim.text import INFERRED_NOTE, fact_lines
from tests.classroom.lessons import CHOOSE, OPTIONS, REACH, made, taken

TAGS = {
    *("html", "head", "meta", "title", "style", "body", "main", "section", "header", "div"),
    *("h2", "h3", "p", "b", "i", "br", "span", "ul", "ol", "li"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
VOID = {"meta", "br"}


class Reader(HTMLParser):
    """Reads a page strictly, each tag known and closed, to the texts of its sections."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.sections: list[tuple[str, list[str]]] = []
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        assert {name for name, _ in attrs} <= {"lang", "charset", "class", "scope"} | (
            {"name", "content", "http-equiv"} if tag == "meta" else set()
        )
        if tag not in VOID:
            self.open.append(tag)
        if tag == "section":
            self.sections.append((str(dict(attrs)["class"]), []))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

        if tag in ("td", "th", "p", "li", "h3", "span") and "section" in self.open:
            self.sections[-1][1].append(" ")

    def handle_data(self, data: str) -> None:
        if "section" in self.open:
            self.sections[-1][1].append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def said(self, whose: str, title: str = "") -> str:
        """What these pages say, on one line."""
        pages = [" ".join("".join(it).split()) for kind, it in self.sections if kind == whose]
        return "\n".join(it for it in pages if it.startswith(title))


def read(lesson: Lesson) -> Reader:
    return Reader(cards_html(lesson))


def rewritten(lesson: Lesson, change: Any) -> Lesson:
    """The exercise with another text or flag wherever the function gives one."""
    data = lesson.exercise.model_dump(by_alias=True, exclude_unset=True)

    def walked(part: Any, key: str = "") -> Any:
        if isinstance(part, dict):
            return {name: walked(it, name) for name, it in part.items()}
        if isinstance(part, list):
            return change(key, [walked(it, key) for it in part])
        return change(key, part)

    return replace(lesson, exercise=Exercise.model_validate(walked(data)))


SHIPPED: dict[str, Lesson] = {}


def ships(name: str) -> Lesson:
    if name not in SHIPPED:
        SHIPPED[name] = load_lesson(find_lesson(name))
    return SHIPPED[name]


@pytest.mark.parametrize("name", lesson_ids())
def test_every_exercise_that_ships_is_printed(name: str) -> None:
    lesson = ships(name)
    page = cards_html(lesson)
    reader = Reader(page)
    for word in ("<script", "http://", "https://", "src=", "url(", "@import"):
        assert word not in page
    assert "default-src 'none'" in page
    student, teacher = reader.said("student"), reader.said("teacher")
    assert [kind for kind, _ in reader.sections][:2] == ["teacher", "student"]
    for paragraph in lesson.exercise.brief.split("\n\n"):
        assert plain(paragraph) in student
    for name_ in lesson.exercise.tasks:
        for question in questions(lesson, name_):
            assert plain(question.ask) in student
            for choice in question.choices:
                assert plain(choice.text) in student
    for fact in lesson.exercise.facts:
        assert plain(lesson.loaded.facts.facts[fact].text) in teacher


@pytest.mark.parametrize("name", lesson_ids())
def test_a_student_page_holds_no_key(name: str) -> None:
    """What is told afterwards is the teacher's; another key leaves the students' pages alone."""
    lesson = ships(name)
    student, teacher = (read(lesson).said(it) for it in ("student", "teacher"))
    for task in lesson.exercise.tasks:
        for question in questions(lesson, task):
            for choice in question.choices:
                if choice.feedback:
                    assert plain(choice.feedback) not in student
                    if not getattr(lesson.exercise.tasks[task], "own", False):
                        assert plain(choice.feedback) in teacher
    for it in lesson.exercise.tasks.values():
        for told in (it.told, getattr(it, "aim", None)):
            for paragraph in (told or "").split("\n\n"):
                assert not paragraph.strip() or plain(paragraph) not in student
        for criterion in getattr(it, "rubric", ()):
            assert criterion.text not in student
            assert plain(criterion.text) in teacher
    for goal in lesson.exercise.goals:
        assert plain(goal) not in student
    for inject in lesson.exercise.injects.values():
        assert plain(inject.text) not in student
        assert plain(inject.text) in teacher
    other = rewritten(lesson, lambda key, it: not it if key == "right" and it in (0, 1) else it)
    assert read(other).said("student") == student
    for it in lesson.exercise.tasks.values():
        for statement in getattr(it, "statements", {}).values():
            assert f"[{statement.fact} (" not in student
            head, *_ = " ".join(fact_lines(statement.fact, lesson.loaded, 9999, "")).split(". ")
            assert plain(head) not in student
            assert plain(head) in teacher


HOSTILE = "<script>alert(1)</script><b>{{ 7*7 }}</b> & \"' \x1b[31m \u202e --> </section>"


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    lesson = everything(tmp_path)
    texts = ("ask", "text", "about", "title", "brief", "told", "feedback", "sender", "does", "aim")

    def spoilt(key: str, part: Any) -> Any:
        return HOSTILE[: 110 if key == "title" else None] if key in texts else part

    spoiled = rewritten(lesson, spoilt)
    exercise = spoiled.exercise.model_copy(update={"private": {"lowmill": HOSTILE}})
    spoiled = replace(spoiled, exercise=exercise)
    page = cards_html(spoiled)
    reader = Reader(page)
    assert len(reader.sections) == len(read(lesson).sections)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "49" not in reader.said("student", "Brief")
    assert not [char for char in page if not (char.isprintable() or char == "\n")]
    assert r"\x1b[31m \u202e" in reader.said("student", "Brief")


# Whose page tells what.

LEAK = {"round": 2, "sender": "A rider", "text": "It is out.", "effect": "nature/leak/letter"}


def everything(folder: Path, **parts: Any) -> Lesson:
    """An exercise of Lowmill's with a task of each manner, a slip and a card of its own."""
    predict = {
        "kind": "predict",
        "ask": "What comes?",
        "after": "promise",
        "until": "delivery",
        "values": {"weir": {"ask": "On the weir?", "of": "letter.weir"}},
        "because": OPTIONS,
    }
    tasks = {
        "side": {**CHOOSE, "told": "Told afterwards."},
        "write": {**REACH, "within": {"rounds": 6, "actions": 9}},
        "guess": predict,
        "sealed": {"kind": "seal", "ask": "Is it met?", "choices": {"a": "Yes", "b": "No"}},
        "why": {"kind": "explain", "ask": "Say why.", "rubric": [{"text": "Names a reason."}]},
    }
    more = {
        "seats": ["lowmill"],
        "start": "promise",
        "tasks": tasks,
        "injects": {"leak": LEAK},
        "private": {"lowmill": "The mill is yours."},
        "check": {"before": CHOOSE},
        **parts,
    }
    return made(folder, **more)


def test_a_card_tells_what_its_seat_can_know(tmp_path: Path) -> None:
    """The draft of Lowmill is on its own card, and on that of no other."""
    lesson = made(
        tmp_path,
        seats=["lowmill", "highwell"],
        start="clear",
        private={"lowmill": "The mill is yours.", "highwell": "The floods are yours."},
        tasks={"it": CHOOSE},
    )
    reader = read(lesson)
    pages = {}
    for name in ("Lowmill", "Highwell"):
        pages[name] = reader.said("student", f"Role card For this seat alone A try {name} ")
    assert "You sit for Lowmill." in pages["Lowmill"]
    assert "The mill stands still if the weir is lowered." in pages["Lowmill"]
    assert "The mill is yours." in pages["Lowmill"]
    assert "the letter of Lowmill: another offer" in pages["Lowmill"]
    assert 'Lowmill drafts its answer on "a lower weir"' in pages["Lowmill"]
    assert "The floods must end" in pages["Highwell"]
    assert "The floods are yours." in pages["Highwell"]
    for secret in ("drafts", "another offer", "The mill", "fishers: ", "preview"):
        assert secret not in pages["Highwell"]
    for page in reader.said("student").splitlines():
        assert "are yours" not in page or page in pages.values()


def test_a_reading_has_no_role_cards(tmp_path: Path) -> None:
    lesson = made(tmp_path, tasks={"side": CHOOSE})
    assert not read(lesson).said("student", "Role card")
    assert "Nobody is played." in read(lesson).said("teacher", "For the teacher")
    free = made(tmp_path, tasks={"it": REACH})
    assert read(free).said("student", "Role card").count("You sit for") == 2


def test_point_sheets_are_those_of_papers_to_be_drafted(tmp_path: Path) -> None:
    sheet = read(everything(tmp_path)).said("student", "Point sheet")
    assert sheet.startswith("Point sheet For Lowmill A try The letter of Lowmill Name or team")
    assert "a lower weir nothing refused agreed" in sheet
    assert "an open gate at night nothing left out talks offered and an offer perhaps: only if" in (
        sheet
    )
    assert not read(everything(tmp_path, seats=["highwell"], private={})).said(
        "student", "Point sheet"
    )
    assert not read(everything(tmp_path, start="clear")).said("student", "Point sheet")


def test_what_was_said_aloud_is_cited(tmp_path: Path) -> None:
    start = "preview"
    lesson = made(
        tmp_path, pack="january-2022", seats=["us"], start=start, tasks={"it": {
            **REACH, "goal": {"when": {"us-paper.stage": "response"}}}},
    )  # fmt: skip
    sheet = read(lesson).said("student", "Point sheet")
    assert "refused [F33 (claim; CNSNews.com*)" in sheet
    assert "In the draft now: refused" in sheet


def test_what_follows_a_prediction_is_another_sheet(tmp_path: Path) -> None:
    reader = read(everything(tmp_path))
    first = reader.said("student", "Question sheet 1")
    second = reader.said("student", "Question sheet 2")
    assert "What comes?" in first
    assert "Is it met?" not in first
    assert "Is it met?" in second
    assert "once answer sheet 1 is handed in" in reader.said("teacher")
    assert not reader.said("student", "Question sheet 3")


def test_question_and_answer_and_key_have_the_same_number(tmp_path: Path) -> None:
    reader = read(everything(tmp_path))
    assert "2 c" not in reader.said("student")
    key = reader.said("teacher", "For the teacher A try Key")
    assert "Before play 1 b Right a: Look again. b: So it is. Choose 2 b Right" in key
    assert "3 b refused Earns nothing." in key
    assert "Told afterwards." in key
    goal = "It comes to this: where the letter of Lowmill stands: cleared or delivered."
    assert f"{goal} Limits: at most 9 actions" in key
    answers = reader.said("student", "Answer sheet 1")
    assert "Choose 2 a b c" in answers
    assert "3 a b c 4 a b c" in answers


def test_two_seats_write_apart(tmp_path: Path) -> None:
    lesson = everything(tmp_path, seats=["lowmill", "highwell"])
    sheet = read(lesson).said("student", "Question sheet 2")
    assert "Each seat on an answer sheet of its own." in sheet
    assert sheet.count("For Lowmill alone") == sheet.count("For Highwell alone") == 1


def test_an_order_is_shown_drawn_and_its_key_in_letters(tmp_path: Path) -> None:
    entries = {name: {"text": f"Step {name}"} for name in ("one", "two", "three", "four")}
    lesson = made(tmp_path, tasks={"it": {"kind": "order", "ask": "Order.", "entries": entries}})
    reader = read(lesson)
    (question,) = questions(lesson, "it")
    drawn = [it.text for it in shown(question, lesson.id)]
    sheet = reader.said("student", "Question sheet 1")
    assert drawn != [it["text"] for it in entries.values()]
    assert " ".join(f"{'abcd'[n]} {text}" for n, text in enumerate(drawn)) in sheet
    right = " ".join("abcd"[drawn.index(it["text"])] for it in entries.values())
    assert f"1 {right}" in reader.said("teacher", "For the teacher A try Key")


def test_hidden_facts_are_the_teachers(tmp_path: Path) -> None:
    parts: dict[str, Any] = {
        "pack": "january-2022",
        "brief": "They answered [F58].",
        "tasks": {"it": {**CHOOSE, "shows": {"steps": ["delivery-us"]}}},
    }
    text = load_lesson(find_lesson(lesson_ids()[0])).loaded.facts.facts["F58"].text
    told = read(made(tmp_path, **parts))
    assert plain(text) in told.said("student", "Brief")
    assert "(reported, F58" in told.said("student", "Question sheet 1")
    hidden = read(made(tmp_path, **parts, hides=["facts"]))
    assert plain(text) not in hidden.said("student")
    assert "(reported)" in hidden.said("student", "Question sheet 1")


def test_of_a_fact_that_is_asked_about_the_kind_is_not_told(tmp_path: Path) -> None:
    statement = {"text": "It was handed over.", "fact": "F58", "who": ["us"]}
    tasks = {
        "it": {
            "kind": "attribute",
            "ask": "Who?",
            "statements": {"it": statement},
            "who": {"us": "We", "them": "They"},
            "shows": {"facts": ["F58", "F59"]},
        }
    }
    sheet = read(made(tmp_path, pack="january-2022", tasks=tasks)).said("student", "Question")
    assert "F58 Wed 26 Jan 2022. Two written papers" in sheet
    assert "F59 Wed 26 Jan 2022; Sullivan -> Grushko." in sheet


STATED = {
    "kind": "attribute",
    "ask": "Who?",
    "statements": {"it": {"text": "It is a real threat.", "fact": "F92", "who": ["us"]}},
    "who": {"us": "We", "them": "They"},
}


@pytest.mark.parametrize("hides", [[], ["facts"]])
def test_steps_give_no_kind_away_on_screens_or_on_paper(tmp_path: Path, hides: list[str]) -> None:
    """Not before the task that asks for it either; and of two facts behind a step the other one
    would tell it."""
    shows = {"steps": [step_of("F92")]}
    tasks = {"before": {**CHOOSE, "shows": shows}, "it": {**STATED, "shows": shows}}
    parts: dict[str, Any] = {"pack": "january-2022", "hides": hides, "facts": ["F92"]}
    lesson = made(tmp_path, **parts, tasks=tasks)
    taking = taken(lesson)
    told = [*opening_lines(lesson, 9999)]
    told += [line for name in tasks for line in beside_lines(taking, name, 9999)]
    on_screen = " ".join(" ".join(told).split())
    on_paper = read(lesson).said("student", "Question")
    for text in (on_screen, on_paper):
        assert not re.search(r"F\d+ \(", text)
        assert bool(re.search(r"F92", text)) is (not hides)
    tasks = {"before": tasks["before"]}
    open_ = made(tmp_path, **parts, tasks=tasks)
    for text in (
        " ".join(" ".join(beside_lines(taken(open_), "before", 9999)).split()),
        read(open_).said("student", "Question"),
    ):
        assert ("F92 (claim; Axios)" in text) is (not hides)


def step_of(fact: str) -> str:
    """A step of the record of January 2022 that cites the fact."""
    case = ships(next(it for it in lesson_ids() if it.startswith("january"))).case
    return next(it.step.id for it in case.frames if fact in it.facts and it.step.id)


def test_a_fact_that_is_asked_about_stands_without_its_kind(tmp_path: Path) -> None:
    tasks = {"before": {**CHOOSE, "shows": {"facts": ["F92"]}}, "it": STATED}
    lesson = made(tmp_path, pack="january-2022", tasks=tasks)
    beside = " ".join(" ".join(beside_lines(taken(lesson), "before", 9999)).split())
    text = plain(lesson.loaded.facts.facts["F92"].text)
    assert beside == f"F92 {lesson.loaded.facts.facts['F92'].date}. {text}"
    assert beside in read(lesson).said("student", "Question")


def test_what_the_star_means_is_said(tmp_path: Path) -> None:
    assert INFERRED_NOTE not in read(everything(tmp_path)).said("student")
    lesson = made(tmp_path, pack="january-2022", tasks={"it": CHOOSE})
    assert INFERRED_NOTE in read(lesson).said("student", "Brief")


def test_the_other_branch_of_a_comparison_is_read_beside_it(tmp_path: Path) -> None:
    compare = {
        "kind": "compare", "ask": "Which step?", "after": "promise", "ending": "whole",
        "right": ["clear/letter"], "beside": ["answer/letter/weir/accepted"],
    }  # fmt: skip
    lesson = made(tmp_path, tasks={"turn": compare})
    text = lesson.game.action("answer/letter/weir/accepted").text
    taking = taken(lesson)
    told = [" ".join(it.split()) for it in beside_lines(taking, "turn", 9999)]
    assert told == ["The other branch, on which it stays possible:", f"1 {text}"]
    assert f"{told[0]} 1. {text}" in read(lesson).said("student", "Question")


def test_a_paper_beside_a_task_is_seen_with_the_eyes_of_the_seats(tmp_path: Path) -> None:
    parts = {"start": "clear", "tasks": {"it": {**CHOOSE, "shows": {"paper": "letter"}}}}
    own = read(made(tmp_path, **deepcopy(parts), seats=["lowmill"])).said("student", "Question")
    assert "a lower weir: refused" in own
    assert "an open gate at night: talks offered, only if the mill road stays free" in own
    for seats in (["highwell"], ["lowmill", "highwell"]):
        page = read(made(tmp_path, **deepcopy(parts), seats=seats)).said("student", "Question")
        assert "a lower weir: not known" in page


def test_an_unknown_exercise_is_named() -> None:
    with pytest.raises(NegsimError):
        find_lesson("two-towns/none")
