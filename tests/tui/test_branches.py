"""The tree of the session: what it shows, what it folds, and that it stays as it was left."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st
from textual.pilot import Pilot
from textual.widgets.tree import TreeNode

from negsim.engine import legal_actions
from negsim.pack.catalogue import shipped
from negsim.pack.load import load_pack
from negsim.rules import EVERYTHING
from negsim.session import Session
from negsim.sitting import Sitting
from negsim.tui.branches import DEEPEST, LAZY, PAGE, Branches, portions
from negsim.views import Row, tree_rows
from tests.effort import some
from tests.tui import HOSTILE, Holder, holding, hostile, sitting_of, until, wander
from tests.tui.settling import settle

TWO_TOWNS = load_pack(shipped() / "two-towns", branches_too=False)
VIEWPOINTS = [EVERYTHING, *TWO_TOWNS.pack.viewpoints]


def rows(session: Session, viewpoint: str = EVERYTHING) -> list[Row]:
    return list(tree_rows(session, viewpoint))


def seen(top: TreeNode[str]) -> Iterator[TreeNode[str]]:
    """What can be seen by scrolling, from above."""
    for child in top.children:
        yield child
        if child.is_expanded:
            yield from seen(child)


def unfolded(tree: Branches) -> list[str]:
    """The names of what can be seen."""
    return [it.data or "" for it in seen(tree.root)]


def cursor(tree: Branches) -> str | None:
    return tree.cursor_node.data if tree.cursor_node is not None else None


# What there is to tell


@settings(max_examples=some(40))
@given(st.integers(0, 10_000), st.integers(30, 150), st.sampled_from(VIEWPOINTS))
def test_a_row_stands_under_one_that_leads_to_it(seed: int, count: int, viewpoint: str) -> None:
    session = sitting_of(TWO_TOWNS).session
    wander(session, count, seed, jumps=0.3)
    told: set[str] = set()
    for row in rows(session, viewpoint):
        if row.under is None:
            assert row.node.recorded
        else:
            assert row.under.id in told
            assert row.under in [session.case.trunk[0], *row.node.line[:-1]]
        assert row.node.id not in told
        told.add(row.node.id)
    assert session.here.id in told


def test_a_line_stands_under_its_first_place_and_a_parting_under_its_place() -> None:
    session = sitting_of(TWO_TOWNS).session
    session.goto("r3")
    for action in ("answer/letter/weir/accepted", "answer/letter/gate/talks"):
        session.apply(action)
    parting = session.here
    session.apply("answer/letter/gauge/counter")
    session.goto(parting.id)
    session.apply("answer/letter/gauge/accepted")
    assert [(row.node.id, row.under and row.under.id, row.depth) for row in rows(session)] == [
        ("0", None, 0),
        ("r3", None, 0),
        ("2", "r3", 1),
        ("3", "2", 1),
        ("4", "3", 2),
        ("6", "3", 2),
    ]


def test_portions() -> None:
    names = [str(number) for number in range(7)]
    assert portions("a", names, 7) == {"a": names}
    assert portions("a", names, 3) == {
        "a": ["a#0", "a#3", "a#6"],
        "a#0": ["0", "1", "2"],
        "a#3": ["3", "4", "5"],
        "a#6": ["6"],
    }


# On the screen


def branched() -> Sitting:
    """Two lines that leave the record at r3, one of two answers."""
    sitting = sitting_of(TWO_TOWNS)
    session = sitting.session
    session.goto("r3")
    session.apply("answer/letter/weir/accepted")
    session.apply("answer/letter/gate/talks")
    session.goto("r3")
    session.apply("answer/letter/gate/silent")
    session.name("left out")
    session.note("so be it")
    return sitting


def test_a_place_is_gone_to_and_the_marks_follow() -> None:
    sitting = branched()

    async def test(app: Holder[Branches], pilot: Pilot[None]) -> None:
        tree = app.widget
        tree.show(sitting)
        await settle(pilot.app)
        assert unfolded(tree) == ["0", "r3", "2", "3", "5"]
        assert cursor(tree) == "5"
        assert '5  [<- here]  ["left out"]  [note: so be it]  Lowmill drafts' in app.text
        app.simulate_key("up")
        app.simulate_key("up")
        app.simulate_key("enter")
        await settle(pilot.app)
        (went,) = [it for it in app.heard if isinstance(it, Branches.Went)]
        assert went.node_id == "2"
        sitting.session.goto(went.node_id)
        tree.show(sitting)
        await settle(pilot.app)
        assert cursor(tree) == "2"
        assert "2  [<- here]" in app.text
        assert '5  ["left out"]' in app.text

    holding(Branches, test)


def test_what_is_folded_stays_so_and_the_cursor_stays() -> None:
    sitting = branched()
    session = sitting.session

    async def test(app: Holder[Branches], pilot: Pilot[None]) -> None:
        tree = app.widget
        tree.show(sitting)
        for key in ("up", "up", "space"):  # at the first of two places of a line
            app.simulate_key(key)
        await settle(pilot.app)
        assert unfolded(tree) == ["0", "r3", "2", "5"]
        session.apply("answer/letter/weir/rejected")
        session.goto("r1")
        session.apply("posture/highwell/build-up")
        tree.show(sitting)
        await settle(pilot.app)
        last = session.here.id
        assert unfolded(tree) == ["0", "r1", last, "r3", "2", "5", str(session.entries - 2)]
        assert cursor(tree) == "2"
        session.goto("3")
        tree.show(sitting)
        await settle(pilot.app)
        assert "3" in unfolded(tree), "where the session stands is unfolded"
        assert cursor(tree) == "2"

    holding(Branches, test)


def test_the_cursor_goes_with_the_session_where_it_stood_there() -> None:
    sitting = branched()

    async def test(app: Holder[Branches], pilot: Pilot[None]) -> None:
        tree = app.widget
        tree.show(sitting)
        sitting.session.apply("pass/lowmill")  # seen only while the session stands there
        tree.show(sitting)
        await settle(pilot.app)
        place = sitting.here.id
        assert cursor(tree) == place
        sitting.session.apply("pass/nature")
        tree.show(sitting)
        await settle(pilot.app)
        assert place not in unfolded(tree)
        assert cursor(tree) == sitting.here.id

    holding(Branches, test)


def test_other_eyes_see_other_places() -> None:
    sitting = branched()

    async def test(app: Holder[Branches], pilot: Pilot[None]) -> None:
        tree = app.widget
        tree.show(sitting)
        sitting.see_with("public")
        tree.show(sitting)
        await settle(pilot.app)
        assert unfolded(tree) == ["0", "r3", "3", "5"]
        assert "drafts" not in app.text
        assert "(nothing that you see)" in app.text
        sitting.see_with(EVERYTHING)
        tree.show(sitting)
        await settle(pilot.app)
        assert unfolded(tree) == ["0", "r3", "2", "3", "5"]
        assert "nothing that you see" not in app.text

    holding(Branches, test)


def test_what_was_folded_is_up_to_date_once_it_is_unfolded() -> None:
    sitting = branched()
    session = sitting.session

    async def test(app: Holder[Branches], pilot: Pilot[None]) -> None:
        tree = app.widget
        session.goto("3")
        tree.show(sitting)
        app.simulate_key("up")
        app.simulate_key("space")
        await settle(pilot.app)
        assert unfolded(tree) == ["0", "r3", "2", "5"]
        session.name("a name")
        tree.show(sitting)
        session.goto("0")
        tree.show(sitting)
        app.simulate_key("space")
        await settle(pilot.app)
        assert '3  ["a name"]  then  Lowmill drafts' in app.text

    holding(Branches, test)


def test_nothing_is_done_while_nobody_looks() -> None:
    sitting = branched()

    async def test(app: Holder[Branches], pilot: Pilot[None]) -> None:
        tree = app.widget
        tree.show(sitting)
        sitting.session.note("written unseen")
        sitting.session.goto("2")
        tree.show(sitting)
        await settle(pilot.app)
        assert not tree.root.children
        app.open("held")
        await until(pilot, lambda: tree.root.children)
        assert unfolded(tree) == ["0", "r3", "2", "3", "5"]
        app.open("empty")
        await settle(pilot.app)
        sitting.session.note("and this")
        tree.show(sitting)
        sitting.session.goto("0")
        tree.show(sitting)
        app.open("held")
        await until(pilot, lambda: "note: and this" in app.text)
        assert "note: written unseen" in app.text

    holding(Branches, test, opened=False)


def test_texts_are_shown_as_they_are() -> None:
    sitting = sitting_of(hostile())
    session = sitting.session
    session.goto("record")
    session.apply("answer/letter/gate/talks")
    session.name(HOSTILE)
    session.note(HOSTILE)

    async def test(app: Holder[Branches], pilot: Pilot[None]) -> None:
        app.widget.show(sitting)
        await settle(pilot.app)
        assert f'["{HOSTILE}"]  [note: {HOSTILE}]  {HOSTILE} drafts its answer' in app.text

    holding(Branches, test, size=(400, 20))


# Large trees


def test_a_large_tree_is_unfolded_to_where_the_session_stands_alone() -> None:
    sitting = sitting_of(TWO_TOWNS)
    wander(sitting.session, 4 * LAZY, seed=4)

    async def test(app: Holder[Branches], pilot: Pilot[None]) -> None:
        tree = app.widget
        tree.show(sitting)
        await settle(pilot.app)
        seen = unfolded(tree)
        assert len(rows(sitting.session)) > LAZY
        assert sitting.here.id in seen
        assert len(seen) < LAZY
        assert cursor(tree) == sitting.here.id
        folded = next(it for it in tree.root.children if it.allow_expand and not it.is_expanded)
        assert not folded.children
        tree.move_cursor(folded)
        app.simulate_key("space")
        await settle(pilot.app)
        assert folded.children
        assert all(it.data in sitting.session.nodes for it in folded.children)

    holding(Branches, test)


def test_where_the_session_stands_is_seen_with_other_eyes_too() -> None:
    sitting = sitting_of(TWO_TOWNS)
    wander(sitting.session, 4 * LAZY, seed=4)

    async def test(app: Holder[Branches], pilot: Pilot[None]) -> None:
        for viewpoint in ("public", EVERYTHING, "fishers"):
            sitting.see_with(viewpoint)
            app.widget.show(sitting)
            await settle(pilot.app)
            assert sitting.here.id in unfolded(app.widget)
            assert cursor(app.widget) == sitting.here.id

    holding(Branches, test)


def to_and_fro(session: Session, rounds: int, others: int = 0) -> None:
    """A long line from r15 on, which other lines leave at every place if there are `others`."""
    session.goto("r15")
    for _ in range(rounds):
        for way in ("build-up", "draw-down"):
            step = f"posture/highwell/{way}"
            for action in (step, "pass/highwell", "pass/lowmill", "pass/nature"):
                here = session.here
                for other in legal_actions(session.game, here.state)[:others]:
                    session.apply(other.id)
                    session.goto(here.id)
                session.apply(action)


def test_a_long_line_is_folded_in_portions() -> None:
    sitting = sitting_of(TWO_TOWNS)
    session = sitting.session
    to_and_fro(session, PAGE)

    async def test(app: Holder[Branches], pilot: Pilot[None]) -> None:
        tree = app.widget
        tree.show(sitting)
        await settle(pilot.app)
        line = tree.root.children[1].children[0]
        portion, *_ = line.children
        told = [row.node.id for row in rows(session)]
        assert [it.data for it in line.children] == [f"{line.data}#0", f"{line.data}#200"]
        assert str(portion.label) == f"200 places, {told[3]} to {told[202]}"
        assert len(unfolded(tree)) == len(told) + 2
        tree.move_cursor(portion)
        app.simulate_key("enter")
        await settle(pilot.app)
        assert not portion.is_expanded
        assert not app.heard

    holding(Branches, test)


def test_lines_that_part_at_every_place() -> None:
    """The tree is no deeper than can be drawn, however often lines part."""
    sitting = sitting_of(TWO_TOWNS)
    session = sitting.session
    to_and_fro(session, DEEPEST, 1)

    async def test(app: Holder[Branches], pilot: Pilot[None]) -> None:
        app.widget.show(sitting)
        await settle(pilot.app)
        assert cursor(app.widget) == sitting.here.id
        seen = sorted(it for it in unfolded(app.widget) if "#" not in it)
        assert seen == sorted(row.node.id for row in rows(session))
        deep, here = 0, app.widget.cursor_node
        while here is not None:
            deep, here = deep + 1, here.parent
        assert DEEPEST < deep < DEEPEST + 3, "the root and a portion come to it"

    holding(Branches, test)


@settings(max_examples=5)
@given(st.integers(0, 10_000), st.lists(st.sampled_from(VIEWPOINTS), min_size=2, max_size=5))
def test_a_tree_that_was_followed_is_one_that_is_shown_anew(seed: int, eyes: list[str]) -> None:
    sitting = sitting_of(TWO_TOWNS)
    shown: list[list[tuple[str, str]]] = []

    async def followed(app: Holder[Branches], pilot: Pilot[None]) -> None:
        for number, viewpoint in enumerate(eyes):
            wander(sitting.session, 30 * (number + 2), seed + number, jumps=0.3)
            sitting.session.note(f"note {number}")
            sitting.see_with(viewpoint)
            app.widget.show(sitting)
        await anew(app, pilot)

    async def anew(app: Holder[Branches], pilot: Pilot[None]) -> None:
        app.widget.show(sitting)
        shown.append([(it.data or "", str(it.label)) for it in seen(app.widget.root)])

    holding(Branches, followed)
    holding(Branches, anew)
    assert shown[0] == shown[1]
