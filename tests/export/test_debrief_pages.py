"""Debriefs as pages, pinned word for word; and nothing that is told in them is read as markup.

To accept a change: NEGSIM_GOLDEN=1 pytest tests/export/test_debrief_pages.py
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negsim.debrief import Debrief, Listing, Section, Table, Told, debrief
from negsim.errors import printable
from negsim.export.debrief_html import debrief_html
from negsim.export.debrief_markdown import debrief_markdown
from negsim.export.markdown import plain
from negsim.pack.catalogue import shipped
from negsim.pack.load import LoadedPack, load_pack
from negsim.pack.models import Branches, Facts, Pack, Script
from negsim.replay import play
from negsim.session import Case, Session
from tests.play.table import header
from tests.small_packs import small_game, small_pack

GOLDEN = Path(__file__).parent / "golden"
PAGES: dict[str, Callable[[Debrief], str]] = {"html": debrief_html, "md": debrief_markdown}

OFF_THE_RECORD = (
    *("answer/letter/gauge/counter", "answer/letter/gate/talks/only-if", "clear/letter"),
    *("deliver/letter/messenger", "nature/leak/letter", "receive/letter", "read/letter"),
    *("analyse/letter", "judge/road/lowmill/met", "position/letter", "decide/letter/break-off"),
)


def go(session: Session, *actions: str) -> None:
    """Takes the actions, with the passes before each."""
    for action in actions:
        for mover in play(session.game, session.here.state, action).passes:
            session.apply(f"pass/{mover}")
        session.apply(action)


def record(name: str, level: str = "full") -> Debrief:
    pack = load_pack(shipped() / name)
    session = Session(Case(pack, level), header(pack, level=level))
    session.goto("record")
    return debrief(session)


def off_the_record() -> Debrief:
    """Two towns, with the draft finished in another order and not shown to the fishers again."""
    pack = load_pack(shipped() / "two-towns")
    who = {"seat": "lowmill", "team": "The millers", "members": ["Ada", "Bo"]}
    session = Session(Case(pack), header(pack).model_copy(update=who))
    session.goto("r6")
    session.note("The gauge costs us nothing, so we start with it.")
    go(session, *OFF_THE_RECORD[:3])
    session.name("cleared in haste")
    go(session, *OFF_THE_RECORD[3:])
    session.note("The fishers heard of it from the bridge.")
    step = "Lowmill clears the text of the letter of Lowmill."
    return debrief(session, turning=[(step, ["After it, the draft is not shown again."])])


LINES: dict[str, Callable[[], Debrief]] = {
    "two-towns-off-the-record": off_the_record,
    "two-towns-record": lambda: record("two-towns"),
    "january-2022-basic": lambda: record("january-2022", "basic"),
    "january-2022-full": lambda: record("january-2022"),
}


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize("line", LINES)
def test_page(line: str, kind: str) -> None:
    page = PAGES[kind](LINES[line]())
    path = GOLDEN / f"{line}.{kind}"
    if os.environ.get("NEGSIM_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(page, encoding="utf-8")
    assert path.is_file(), f"{path.name} is missing; look at the page and accept it"
    assert page == path.read_text(encoding="utf-8")


def test_no_page_is_left_over() -> None:
    expected = {f"{line}.{kind}" for line in LINES for kind in PAGES}
    assert {path.name for path in GOLDEN.iterdir()} == expected


# What a page is made of

TAGS = {
    *("html", "head", "meta", "title", "style", "body", "header", "nav", "main", "section"),
    *("h1", "h2", "h3", "p", "a", "b", "ul", "li", "dl", "dt", "dd", "span", "div"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td"),
}
VOID = {"meta"}
CLASSES = {
    *("lead", "legend", "wide", "facts", "model", "line", "reported", "outside", "person"),
    *("yes", "no", "unknown"),
}
SAFE = re.compile(r"#?[a-z]+(-title)?|#?[A-Z][A-Za-z0-9]{0,11}")
"""The ids of sections and of facts, and links to them."""


class Reader(HTMLParser):
    """Reads a page strictly: each tag known and closed, each attribute of the template's."""

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
        assert tag in TAGS
        self.skeleton.append((tag, tuple(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs if tag != "meta" else ():
            assert value is not None
            if name == "class":
                assert value in CLASSES
            elif name == "scope":
                assert value in ("col", "row")
            elif name == "lang":
                assert value == "en"
            elif name == "aria-label":
                assert value == "Contents"
            else:
                assert name in ("id", "href", "aria-labelledby")
                assert SAFE.fullmatch(value)
                (self.ids if name == "id" else self.links).append(value)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


@pytest.mark.parametrize("line", LINES)
def test_a_page_holds_all_it_needs(line: str) -> None:
    page = debrief_html(LINES[line]())
    read = Reader(page)
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">')
    for unwanted in ("<script", "<img", "<link", "@import", "url(", "http:", "https:", "onclick"):
        assert unwanted not in page.lower()
    assert len(read.ids) == len(set(read.ids))
    for link in read.links:
        assert link.removeprefix("#") in read.ids


@pytest.mark.parametrize("line", LINES)
def test_headings_and_tables_say_what_they_are(line: str) -> None:
    read = Reader(debrief_html(LINES[line]()))
    tags = [tag for tag, _ in read.skeleton]
    assert tags.count("h1") == 1
    assert tags.count("h2") == tags.count("section") >= 5
    assert tags.count("table") == tags.count("thead") == tags.count("tbody") > 2
    assert all(dict(attrs).get("scope") for tag, attrs in read.skeleton if tag == "th")


@pytest.mark.parametrize("line", LINES)
def test_both_pages_tell_everything(line: str) -> None:
    told = LINES[line]()
    texts = " ".join(" ".join(Reader(debrief_html(told)).texts).split())
    written = debrief_markdown(told)
    for section in told.sections:
        for text in said(section) if section.blocks else ():
            assert " ".join(text.split()) in texts
            assert plain(text).removeprefix("\\-") in written


def said(section: Section) -> list[str]:
    found = [section.title, section.lead]
    for block in section.blocks:
        found.append(block.title)
        cells = [cell for row in block.rows for cell in row] if isinstance(block, Table) else []
        listed = block.entries if isinstance(block, Listing) else ()
        found += [text for told in (*cells, *listed) for text in (told.label, told.text)]
    return found


def test_what_does_not_apply_is_left_out() -> None:
    empty = Debrief("Nothing", (Section("none", "Not told", "Nor this.", ()),))
    assert debrief_markdown(empty) == "# Nothing\n"
    assert "Not told" not in debrief_html(empty)


# Hostile words

EVIL = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "</td></table><!-- x --><?php ?><![CDATA[",
    "&lt;b&gt; &#60;b&#62; &amp;",
    "{{ 7 * 7 }} {% raw %} {# x #}",
    "# head",
    "- one",
    "* one",
    "+ one",
    "1. one",
    "12) one",
    "> quote",
    "---",
    "===",
    "***",
    "___",
    "```code",
    "~~~ code",
    "| a | b |",
    "\\| a \\",
    "[x](javascript:alert(1)) ![i](http://e.vil/i) [r]: http://e.vil",
    "**bold** _em_ __b__ *e* ~~s~~ `code` $x$ ==m== H~2~O x^2^ @me #1",
    "<http://e.vil> http://e.vil HTTPS://e.vil www.e.vil WWW.e.vil",
    "\u202eevil\u202c \u2066x\u2069 \x1b[31m \x00 \x07 \u2028 a\r\nb \u200b",
    "    indented",
    "[^1] [ ] [x] :::note",
)


def case_of(words: str) -> Case:
    """A case whose every text is these words."""
    cell = {"answer": "talks", "only_if": True, "note": words, "facts": ["F1"]}
    aloud = {"answer": "accepted", "hedged": True, "note": words, "facts": ["F1"]}
    item = {
        "title": words,
        "code": words,
        "only_if": "peace",
        "facts": ["F1"],
        "reported": {"letter": cell, "aloud": aloud},
    }
    mayor = {"name": words, "authority": "decider"}
    pack = small_pack(
        "evil",
        {"gate": ["rejected", "talks"], "mill": ["rejected", "talks"]},
        ["consult", "judge", "publicise", "take-up"],
        letter={"title": words, "partners": {"guild": {}}, "leak": {}},
        items={"gate": item, "mill": {**item, "priority": "core"}},
        parties={"north": {"name": words, "voices": {"mayor": mayor}}, "guild": {"name": words}},
        conditions={"peace": {"title": words, "facts": ["F1"]}},
        decision_points={
            "DP1": {
                "question": words,
                "alternatives": [{"do": ["demand/letter"], "text": words, "facts": ["F1"]}],
            }
        },
        endings={
            "over": {"title": words, "reason": words, "when": {"letter.decision": "lapse"}},
            "lapsed": {"title": words, "reason": words},
        },
    )
    texts = {"title": words, "about": words, "round": words, "outside_the_record": words}
    pack = Pack.model_validate({**pack.model_dump(by_alias=True), **texts, "invented": False})
    steps = [{"do": "pass/north", "text": words, "dated": words, "basis": "invented"}]
    fact = {"date": words, "actor": words, "text": words, "event_class": "01", "kind": "claim"}
    source = {"title": words, "short": words, "inferred": True}
    facts = {"F1": {**fact, "visibility": "public", "sources": ["a"]}}
    return Case(
        LoadedPack(
            Path("nowhere"),
            pack,
            Facts.model_validate({"format": 1, "sources": {"a": source}, "facts": facts}),
            Script.model_validate({"format": 1, "steps": steps, "ends": words}),
            Branches.model_validate({"format": 1, "branches": []}),
            {},
            {"full": small_game(pack)},
        )
    )


def hostile(words: str) -> Debrief:
    """The debrief of a line on which everything bears these words."""
    case = case_of(words)
    who = {"team": words, "members": [words, words]}
    session = Session(case, header(case.loaded).model_copy(update=who))
    session.note(words)
    go(session, "demand/letter", "consult/letter/guild/informed")
    session.name(words)
    session.note(words)
    session.note(words)
    go(session, "answer/letter/gate/talks/only-if", "answer/letter/mill/talks/only-if")
    go(session, "deliver/letter", "publicise/letter/south/gist", "judge/peace/south/met")
    go(session, "analyse/letter", "take-up/letter/gate", "decide/letter/lapse")
    found = debrief(session, turning=[(words, [words])])
    assert [it.id for it in found.sections if not it.blocks] == []
    return found


HARMLESS = "a b"


@pytest.mark.parametrize("words", EVIL)
def test_no_word_is_read_as_html(words: str) -> None:
    """A page with these words has the tags and attributes of one with harmless words."""
    page = debrief_html(hostile(words))
    read = Reader(page)
    assert read.skeleton == Reader(debrief_html(hostile(HARMLESS))).skeleton
    shown = printable(" ".join(words.split()))
    assert "".join(read.texts).count(shown) > 60
    assert page.replace("\n", "").isprintable()


def structure(page: str) -> list[tuple[str, ...]]:
    """The blocks and marks of a Markdown page, as a reader of it sees them, without the words."""
    markdown_it = pytest.importorskip("markdown_it")
    reader: Any = markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"])
    found: list[tuple[str, ...]] = []
    for token in reader.parse(page):
        inner = [child.type for child in token.children or () if child.type != "text_special"]
        found.append((token.type, token.tag, *(it for it in inner if it != "text")))
    return found


@pytest.mark.parametrize("words", EVIL)
def test_no_word_is_read_as_markdown(words: str) -> None:
    page = debrief_markdown(hostile(words))
    assert structure(page) == structure(debrief_markdown(hostile(HARMLESS)))
    assert not re.search(r"(?<!\\)://|www\.", page, re.IGNORECASE)
    assert page.replace("\n", "").isprintable()


@given(st.text(max_size=80))
def test_any_text_is_told_as_it_is(text: str) -> None:
    """What a reader of either page sees is the text, on one line, with escapes for the unseen."""
    shown = printable(" ".join(text.split()))
    told = Debrief("x", (Section("line", "x", text, (Listing("", (Told(text), Told("x"))),)),))
    assert shown in "".join(Reader(debrief_html(told)).texts)
    markdown_it = pytest.importorskip("markdown_it")
    reader: Any = markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"])
    tokens = [it for it in reader.parse(f"{plain(text)}\n\nend") if it.type == "inline"]
    assert ["".join(child.content for child in it.children) for it in tokens][-2:] == (
        [shown, "end"] if shown else ["end"]
    )
    assert {child.type for it in tokens for child in it.children} <= {"text", "text_special"}


def test_marks_are_never_alone() -> None:
    """Whatever has a colour says in words what the colour says."""
    for section in record("january-2022").sections:
        for block in section.blocks:
            for row in block.rows if isinstance(block, Table) else ():
                for told in row:
                    if told.mark == "unknown":
                        assert told.text == "not reported"
                    if told.mark in ("yes", "no"):
                        assert told.text == told.mark
            if isinstance(block, Table):
                for place, head in enumerate(block.columns):
                    if head.mark == "reported":
                        assert "eported" in head.text
                        marks = {row[place].mark for row in block.rows}
                        assert marks <= {"reported", "unknown", "yes", "no", ""}
