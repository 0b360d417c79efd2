"""A debrief as rows of text: nothing is lost, nothing is wider than the screen, tables stay so."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negsim.debrief import FACTS, Debrief, Listing, Section, Table, Told, debrief
from negsim.debrief.rows import GAP, SIGNS, Row, fitting, kept, section_rows
from negsim.errors import printable
from negsim.pack.catalogue import shipped
from negsim.pack.load import load_pack
from tests.effort import some
from tests.tui import sitting_of, wander

TWO_TOWNS = load_pack(shipped() / "two-towns")
JANUARY = load_pack(shipped() / "january-2022")
WIDTHS = [52, 74, 76, 88, 110]
WORDS = st.text("ab -_[]()\\\x1b\u202e\n家é", max_size=120)


def at_end(level: str = "full") -> Debrief:
    session = sitting_of(JANUARY, level=level).session
    session.goto("record")
    return debrief(session)


def rows(section: Section, width: int) -> list[Row]:
    return list(section_rows(section, width))


def shown(found: list[Row]) -> str:
    """The letters of the rows, without what sets them."""
    return "".join("".join(line for row in found for line in row.lines).split())


def told_in(block: Table | Listing) -> list[Told]:
    if isinstance(block, Listing):
        return list(block.entries)
    return [it for row in block.rows for it in row]


def table(columns: int, text: str = "x", count: int = 1) -> Section:
    heads = tuple(Told(f"head {it}") for it in range(columns))
    cells = tuple(tuple(Told(text) for _ in range(columns)) for _ in range(count))
    return Section("some", "Some", "", (Table("", heads, cells),))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("level", ["full", "basic"])
def test_all_of_the_record_is_told_within_the_width(level: str, width: int) -> None:
    for section in at_end(level).sections:
        found = rows(section, width)
        assert all(len(line) <= width for row in found for line in row.lines)
        for block in section.blocks:
            for told in told_in(block):
                full = [text for row in found for text in row.told]
                assert any(" ".join(told.text.split()) in text for text in full)


@given(st.integers(0, 10_000), st.sampled_from(WIDTHS))
@settings(max_examples=some(25))
def test_any_place_is_told_within_the_width(seed: int, width: int) -> None:
    session = sitting_of(TWO_TOWNS).session
    session.goto(["0", "r8", "record"][seed % 3])
    wander(session, 60, seed, jumps=0.1)
    session.note("a note")
    for section in debrief(session).sections:
        found = rows(section, width)
        assert all(len(line) <= width for row in found for line in row.lines)
        entries = sum(
            len(it.rows if isinstance(it, Table) else it.entries) for it in section.blocks
        )
        assert [row.role for row in found].count("entry") == entries


@given(st.lists(WORDS, min_size=1, max_size=6), st.integers(40, 110))
def test_any_words_are_told(words: list[str], width: int) -> None:
    """Within the width, as letters that do nothing; whatever stands in two columns apart."""
    heads = tuple(Told(it) for it in words)
    section = Section("some", "Some", "", (Table("", heads, (heads,)), Listing("", heads)))
    found = rows(section, width)
    lines = [line for row in found for line in row.lines]
    assert all(len(line) <= width and line.isprintable() for line in lines)
    listed = "".join("".join(printable(" ".join(it.split())) for it in words).split())
    assert shown(found).endswith(listed)


def test_the_judging_rules_stand_side_by_side_at_80_columns() -> None:
    found = rows(at_end().section("judging"), 76)
    heads = [row for row in found if row.role == "head"]
    assert len(heads) == 3
    assert all(len(row.lines) <= 5 for row in heads)
    whole = [row for row in found if row.lines[0].startswith("The text as a whole")]
    assert [row.lines[0].split()[5:] for row in whole] == [["-", "no"] * 4] * 3
    open_ = next(row for row in found if row.lines[0].startswith("The whole, with what"))
    assert "? not" in open_.lines[0]
    assert open_.told[2] == "the US paper, as reported: not reported"


def test_columns_that_would_be_too_narrow_are_told_one_beneath_the_other() -> None:
    short = rows(table(6), 76)
    assert [row.role for row in short] == ["title", "head", "entry"]
    long = rows(table(6, "a sentence of several words that needs some room to be read" * 3), 76)
    assert [row.role for row in long] == ["title", "entry"]
    assert next(it for it in long[1].lines if "head" in it).strip().startswith("head 1: a sen")
    assert [row.role for row in rows(table(6, "incomprehensibilities"), 76)] == ["title", "entry"]
    assert [row.role for row in rows(table(3, "incomprehensibilities"), 76)][1] == "head"


def test_letters_that_do_not_stand_one_a_column_are_not_set_in_columns() -> None:
    for text in ("家", "e\u0301"):
        assert [row.role for row in rows(table(2, text), 76)] == ["title", "entry"]
    assert [row.role for row in rows(table(2, "é"), 76)] == ["title", "head", "entry"]


@given(
    st.integers(1, 6).flatmap(
        lambda count: st.lists(st.lists(WORDS, min_size=count, max_size=count), min_size=2)
    ),
    st.integers(40, 110),
)
def test_the_columns_fit(cells: list[list[str]], width: int) -> None:
    widths = fitting(cells, width)
    if widths is not None:
        assert sum(widths) + GAP * (len(widths) - 1) <= width
        # Nothing is left over that somebody wants.
        wanted = [max(map(len, column)) for column in zip(*cells, strict=True)]
        if any(one < most for one, most in zip(widths, wanted, strict=True)):
            assert sum(widths) + GAP * (len(widths) - 1) == width


def test_marks_are_signs_and_the_signs_are_explained() -> None:
    entries = tuple(Told("text", mark=mark) for mark in SIGNS)
    found = rows(Section("some", "Some", "Why.", (Listing("All", (*entries, Told("none"))),)), 100)
    assert found[0].role == "lead"
    for sign, stands in SIGNS.values():
        assert f"{sign} {stands}" in " ".join(found[0].lines)
    assert [row.lines[0] for row in found[2:]] == [
        *(f"{sign} text" for sign, _ in SIGNS.values()),
        "  none",
    ]
    assert len({sign for sign, _ in SIGNS.values()}) == len(SIGNS)
    unmarked = rows(Section("some", "Some", "Why.", (Listing("", (Told("none"),)),)), 100)
    assert [row.lines for row in unmarked] == [("Why.",), ("",), ("none",)]


def test_an_entry_has_the_facts_of_all_its_cells() -> None:
    cells = (Told("a", ("F1", "F2")), Told("b"), Told("c", ("F2", "F3")))
    section = Section("some", "Some", "", (Table("", (Told("x"),) * 3, (cells,)),))
    found = rows(section, 76)[-1]
    assert found.facts == ("F1", "F2", "F3")
    assert found.told == ("x: a (F1, F2)", "x: b", "x: c (F2, F3)")
    cited = rows(at_end().section(FACTS), 76)
    assert all(row.facts for row in cited if row.role == "entry")


def test_the_head_of_a_table_is_kept_while_enough_of_it_follows() -> None:
    columns = (Told("one"), Told("two"))
    cells = tuple((Told(f"r{it}"), Told("word " * 30)) for it in range(3))
    blocks = (Listing("L", (Told("x"),)), Table("T", columns, cells), Listing("", (Told("y"),)))
    found = rows(Section("some", "Some", "Lead.", blocks), 60)
    lines = [line for row in found for line in row.lines]
    start = next(at for at, line in enumerate(lines) if line.startswith("one"))
    head = range(start, start + 2)
    assert lines[start + 1].startswith("---")
    end = next(at for at, line in enumerate(lines) if line == "y") - 1
    for top in range(len(lines) + 2):
        assert kept(found, top) == (head if head.stop <= top < end - 2 else range(0))
    assert end - 2 - head.stop > 5
    table_last = found[:-2]
    assert kept(table_last, end - 3) == head
    assert kept(table_last, end - 2) == range(0)
