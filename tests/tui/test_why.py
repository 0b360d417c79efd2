"""Why an ending is closed, and why an action is refused: what is told, to whom, by which keys."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from negsim.answers import Closed, Turn, turn_lines
from negsim.explore.diagrams import Diagram, NotDecidedError
from negsim.explore.explorer import Explorer
from negsim.explore.goals import Goal
from negsim.outlook import Asked, Lookout, Outlook
from negsim.pack.catalogue import shipped
from negsim.pack.load import LoadedPack, load_pack
from negsim.rules import EVERYTHING
from negsim.session import Node
from negsim.sitting import Sitting
from negsim.tui.endings import Endings
from negsim.tui.plain import Plain
from negsim.tui.reader import Reader
from negsim.tui.why import (
    CLOSED,
    NOTHING_FOUND,
    NOTHING_REFUSED,
    REFUSED,
    WhyScreen,
    ending_lines,
    refusals,
    refused_lines,
)
from tests.tui import HOSTILE, Holder, hostile, sitting_of, until
from tests.tui.settling import press, settle

TWO_TOWNS = load_pack(shipped() / "two-towns", branches_too=False)
WHOLE, TALKS = TWO_TOWNS.game.endings[:2]
SIZES = [(80, 24), (120, 40)]


def at(where: str, seat: str | None = None, loaded: LoadedPack = TWO_TOWNS) -> Sitting:
    sitting = sitting_of(loaded, seat=seat)
    sitting.session.goto(where)
    return sitting


def told(sitting: Sitting, outlook: Outlook | None, ending: int = 0) -> str:
    lines = ending_lines(sitting, outlook, sitting.game.endings[ending], 1_000)
    return " ".join(" ".join(lines).split())


class Ear:
    """Hears what a lookout tells."""

    def __init__(self, wanted: Callable[[Outlook], bool]) -> None:
        self.found: Outlook | None = None
        self.heard = threading.Event()
        self._wanted = wanted

    def __call__(self, outlook: Outlook) -> None:
        if self._wanted(outlook):
            self.found = outlook
            self.heard.set()


def back(it: Outlook) -> bool:
    """Whether all about the line is known."""
    return it.turns is not None and all(
        one.reasons is not None for turn in it.turns for one in turn.closed
    )


@pytest.fixture
def looked() -> Iterator[Callable[[Sitting, Node, str], Outlook]]:
    """Works out all about a line."""
    lookouts: list[Lookout] = []

    def look(sitting: Sitting, node: Node, viewpoint: str) -> Outlook:
        ear = Ear(lambda it: back(it) and not it.doing and it.node is node)
        lookouts.append(Lookout(sitting.case, ear))
        lookouts[-1].ask(Asked(node, viewpoint, line=True))
        assert ear.heard.wait(60)
        assert ear.found is not None
        return ear.found

    yield look
    for lookout in lookouts:
        lookout.stop()
        assert lookout.wait(60)


Look = Callable[[Sitting, Node, str], Outlook]


# What is told of an ending


def test_a_closed_ending_is_told_with_the_step_and_what_would_have_kept_it(looked: Look) -> None:
    sitting = at("r12+2")
    outlook = looked(sitting, sitting.here, EVERYTHING)
    (turn,) = outlook.turns or ()
    told_ = told(sitting, outlook)
    lines = " ".join(" ".join(turn_lines(sitting.case, turn, EVERYTHING, 1_000, WHOLE.id)).split())
    assert told_.startswith(
        f"{WHOLE.title}: no longer possible in this model. The step that closed it: {lines} These"
    )
    assert "Lowmill clears the text" in told_
    assert "kept it possible: " in told_
    assert "Because the order of the steps refuses" in told_
    assert told(sitting, outlook, 1).startswith(f"{TALKS.title} still possible These are answers")


def test_until_it_is_worked_out_that_is_said(looked: Look) -> None:
    sitting = at("r12+2")
    outlook = looked(sitting, sitting.here, EVERYTHING)
    working = "working out whether it is still possible ..."
    assert told(sitting, None) == f"{WHOLE.title}: {working}"
    none = replace(outlook, prospects=())
    assert told(sitting, none) == f"{WHOLE.title}: {working}"
    no_turns = told(sitting, replace(outlook, turns=None))
    assert "no longer possible in this model. Working out which step closed it ..." in no_turns
    (turn,) = outlook.turns or ()
    half = Turn(turn.node, tuple(Closed(it.ending, it.instead) for it in turn.closed))
    text = told(sitting, replace(outlook, turns=(half,)))
    assert "Working out which rule did ..." in text
    assert "Lowmill clears the text" in text
    failed = told(sitting, Outlook(sitting.here, EVERYTHING, error="no memory"))
    assert failed == "Not worked out further: no memory"
    assert "orking out" not in told(sitting, replace(outlook, turns=None, error="no memory"))


def test_an_ending_that_never_was_possible_is_not_laid_to_a_step(looked: Look) -> None:
    sitting = at("r12+2")
    outlook = replace(looked(sitting, sitting.here, EVERYTHING), turns=())
    assert "At no place of this line was it possible." in told(sitting, outlook)


def test_where_the_line_has_ended_that_is_said_first(looked: Look) -> None:
    sitting = at("record")
    for viewpoint in (EVERYTHING, "public"):
        sitting.see_with(viewpoint)
        outlook = looked(sitting, sitting.here, viewpoint)
        reached = f"{TALKS.title}: this ending is reached. {TALKS.reason}"
        assert told(sitting, outlook, 1) == " ".join(reached.split())
        for other in (0, 2, 3, 4):
            assert f"The line has ended: {TALKS.title}." in told(sitting, outlook, other)
            assert "still possible" not in told(sitting, outlook, other)
            assert "The step that closed it:" in told(sitting, outlook, other)
        unsure = tuple(replace(it, possible="depends") for it in outlook.prospects)
        text = told(sitting, replace(outlook, prospects=unsure, turns=()))
        assert f"no longer possible in this model. The line has ended: {TALKS.title}." in text
        assert "depends" not in text
        assert "At no place" not in text


def test_a_seat_is_told_the_same_where_it_sees_the_same(looked: Look) -> None:
    """What Lowmill drafts, and that it is cleared, shows in nothing that others are told."""
    case = at("0").case
    drafting = [it for it in case.trunk if it.id in ("r4", "r5", "r7", "r8")]
    cleared = next(it for it in case.trunk if it.action == "clear/letter")
    for viewpoint in ("highwell", "public"):
        texts = set()
        for node in (*drafting, cleared):
            sitting = at(node.id)
            sitting.see_with(viewpoint)
            outlook = looked(sitting, sitting.here, viewpoint)
            texts.add(tuple(told(sitting, outlook, number) for number in range(5)))
        assert len(texts) == 1
        assert all("cannot tell from those of this line" in text for text in texts.pop())
    sitting = at(cleared.id)
    assert "clears" in told(sitting, looked(sitting, sitting.here, EVERYTHING))


# What is told of an action


def test_a_refusal_is_told_in_the_words_of_the_rule() -> None:
    sitting = at("r9", "lowmill")
    for action in refusals(sitting):
        title, blank, *said = refused_lines(sitting, action, 1_000)
        assert (title, blank) == (action.text, "")
        assert said == [sitting.refused(action.id)]
    choice = sitting.choices[0]
    assert "It is not refused" in [*refused_lines(sitting, choice, 1_000)][-1]


def test_a_seat_is_not_told_what_is_refused_to_others() -> None:
    """It would show their draft."""
    sitting = at("r12+2", "lowmill")
    assert sitting.mover == "highwell"
    assert sitting.refusals == refusals(sitting) == ()
    action = next(it for it in sitting.game.actions if it.mover == "highwell")
    text = " ".join(refused_lines(sitting, action, 1_000))
    assert "that is for Highwell; you sit for Lowmill" in text
    assert refusals(at("r12+2")) == at("r12+2").refusals


# On the screen


class Table(Holder[Endings]):
    """Has the endings behind a tab, as the table does, and the screen over it."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012

    @property
    def whys(self) -> OptionList:
        return self.screen.query_one("#whys", OptionList)

    @property
    def entries(self) -> list[str]:
        return [str(it.prompt) for it in self.whys.options]

    @property
    def marked(self) -> str:
        option = self.whys.highlighted_option
        return str(option.prompt) if option is not None else ""

    @property
    def letters(self) -> str:
        return self.screen.query_one(Input).value

    @property
    def answer(self) -> str:
        return " ".join(str(self.screen.query_one("#answer Plain", Plain).content).split())


Test = Callable[[Table, Pilot[None]], Awaitable[None]]


def showing(
    sitting: Sitting, test: Test, *, endings: bool = True, size: tuple[int, int] = (80, 24)
) -> None:
    """Runs the test with the screen pushed."""

    async def run() -> None:
        app = Table(Endings, opened=False)
        async with app.run_test(size=size) as pilot:
            app.widget.show(sitting)
            app.push_screen(WhyScreen(sitting, app.widget if endings else None))
            await settle(pilot.app)
            await test(app, pilot)

    asyncio.run(run())


def known(app: Table) -> bool:
    here = app.widget.here
    return here is not None and back(here)


@pytest.mark.parametrize("size", SIZES)
def test_the_endings_stand_before_what_is_refused(size: tuple[int, int]) -> None:
    sitting = at("r12+2")

    async def test(app: Table, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: known(app))
        await settle(pilot.app)
        signs = "-++++"
        titles = [it.title for it in sitting.game.endings]
        refused = [f"no: {it.text}" for it in sitting.refusals]
        assert app.entries == [
            CLOSED,
            *(f"{sign} {title}" for sign, title in zip(signs, titles, strict=True)),
            REFUSED,
            *refused,
        ]
        assert app.marked == f"- {WHOLE.title}"
        assert "Lowmill clears the text" in app.answer
        assert "Lowmill clears the text" in app.text, "it is in view"
        assert "kept it possible" in app.text
        last = len(app.entries) - 1
        await press(pilot.app, "end")
        assert app.whys.highlighted == last
        action = sitting.refusals[-1]
        assert app.answer.startswith(action.text)
        assert " ".join((sitting.refused(action.id) or "").split()) in app.answer
        await pilot.resize_terminal(*SIZES[size == SIZES[0]])
        await settle(pilot.app)
        assert app.whys.highlighted == last
        assert app.whys.max_scroll_x == app.screen.query_one("#answer").max_scroll_x == 0

    showing(sitting, test, size=size)


def test_beside_each_other_where_there_is_room() -> None:
    async def test(app: Table, pilot: Pilot[None]) -> None:
        for size, beside in (((120, 40), True), ((80, 24), False)):
            await pilot.resize_terminal(*size)
            await settle(pilot.app)
            whys, answer = app.whys.region, app.screen.query_one("#answer").region
            assert (whys.y == answer.y) is beside
            assert (whys.x == answer.x) is not beside
            assert min(whys.height, answer.height) >= 8

    showing(at("r12+2"), test)


def test_the_arrows_pass_over_the_headings() -> None:
    async def test(app: Table, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: known(app))
        for _ in range(5):
            await press(pilot.app, "down")
        assert app.marked.startswith("no: ")
        await press(pilot.app, "up")
        assert app.marked == f"+ {TWO_TOWNS.game.endings[-1].title}"
        assert "still possible, where everybody goes on passing" in app.answer

    showing(at("r12+2"), test)


def test_typing_looks_for_letters() -> None:
    sitting = at("r12+2")

    async def test(app: Table, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: known(app))
        everything = app.entries
        await press(pilot.app, "a", "n", "s")
        assert app.letters == "ans"
        found = [
            f"no: {it.text}" for it in sitting.refusals if "ans" in f"{it.text} {it.id}".lower()
        ]
        assert found
        assert app.entries[-len(found) - 1 :] == [REFUSED, *found]
        assert len(app.entries) < len(everything)
        await press(pilot.app, "down")
        assert app.marked == found[0], "the arrows move along what is found"
        await press(pilot.app, "up", "enter")
        assert app.focused is app.whys
        await press(pilot.app, "escape")
        assert app.letters == ""
        assert app.entries == everything
        assert isinstance(app.screen, WhyScreen)
        await press(pilot.app, "slash", "x", "y", "z")
        assert app.letters == "xyz"
        assert app.entries == [NOTHING_FOUND]
        assert app.answer == ""
        await press(pilot.app, "enter", "enter", "down")
        await press(pilot.app, "escape", "escape")
        assert not isinstance(app.screen, WhyScreen)

    showing(sitting, test)


def test_enter_opens_the_answer_on_a_page() -> None:
    async def test(app: Table, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: known(app))
        await press(pilot.app, "enter")
        assert isinstance(app.screen, Reader)
        assert "no longer possible in this model" in app.text
        await press(pilot.app, "escape")
        assert isinstance(app.screen, WhyScreen)

    showing(at("r12+2"), test)


def test_a_click_marks_what_it_is_on() -> None:
    async def test(app: Table, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: known(app))
        await pilot.click("#whys", offset=(5, 3))
        await settle(pilot.app)
        assert isinstance(app.screen, Reader)
        await press(pilot.app, "escape")
        assert app.marked == f"+ {TWO_TOWNS.game.endings[2].title}"

    showing(at("r12+2"), test)


def test_where_the_endings_may_not_be_shown_there_are_refusals_alone() -> None:
    sitting = at("r9", "lowmill")

    async def test(app: Table, pilot: Pilot[None]) -> None:
        assert app.entries == [REFUSED, *(f"no: {it.text}" for it in sitting.refusals)]
        assert app.widget.lookout is None, "nothing is worked out"
        text = " ".join(app.text.split())
        assert not any(it.title in text for it in sitting.game.endings)

    showing(sitting, test, endings=False)


def test_where_nothing_is_refused_it_is_said() -> None:
    async def test(app: Table, pilot: Pilot[None]) -> None:
        assert app.entries == [REFUSED, NOTHING_REFUSED]
        await press(pilot.app, "enter", "down", "end")
        assert app.answer == ""

    showing(at("record"), test, endings=False)


def held_up(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Nothing is worked out until the event is set."""
    go_on = threading.Event()
    can_reach = Explorer.can_reach

    def waits(explorer: Explorer, goal: Goal) -> Diagram:
        assert go_on.wait(60)
        return can_reach(explorer, goal)

    monkeypatch.setattr(Explorer, "can_reach", waits)
    return go_on


def test_what_is_being_worked_out_comes_while_one_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mark stays where it is, and so does what is written."""
    go_on = held_up(monkeypatch)
    sitting = at("r12+2")

    async def test(app: Table, pilot: Pilot[None]) -> None:
        try:
            assert "working out whether it is still possible" in app.answer
            assert app.entries[1] == f"  {WHOLE.title}"
            await press(pilot.app, "down", "t")
            before = app.entries
        finally:
            go_on.set()
        await until(pilot, lambda: known(app))
        await settle(pilot.app)
        assert app.letters == "t"
        assert app.marked == f"+ {TALKS.title}"
        assert "still possible" in app.answer
        assert [it[2:] for it in app.entries] == [it[2:] for it in before]
        await press(pilot.app, "backspace")
        assert app.entries[1] == f"- {WHOLE.title}"

    showing(sitting, test)


def test_what_cannot_be_decided_is_said_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(explorer: Explorer, goal: Goal) -> None:
        raise NotDecidedError(7)

    monkeypatch.setattr(Explorer, "can_reach", fails)

    async def test(app: Table, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "not decided within 7 MB" in app.answer)
        await press(pilot.app, "end")
        assert "not decided" not in app.answer

    showing(at("r12+2"), test)


def test_what_comes_when_the_screen_is_left_is_heard_by_the_table_alone() -> None:
    async def test(app: Table, pilot: Pilot[None]) -> None:
        await press(pilot.app, "escape")
        await until(pilot, lambda: known(app))
        await settle(pilot.app)
        assert not isinstance(app.screen, WhyScreen)

    showing(at("r12+2"), test)


def test_the_preview_of_an_action_leaves_what_was_asked_of_the_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    go_on = held_up(monkeypatch)
    sitting = at("r9", "lowmill")

    async def test(app: Table, pilot: Pilot[None]) -> None:
        try:
            app.widget.closes("clear/letter")
        finally:
            go_on.set()
        await until(pilot, lambda: known(app))
        lookout = app.widget.lookout
        assert lookout is not None
        sitting.session.goto("r8")
        app.widget.show(sitting)
        app.widget.closes("clear/letter")
        await until(
            pilot, lambda: app.widget.here is not None and app.widget.here.closes is not None
        )
        assert app.widget.here is not None
        assert app.widget.here.turns is None, "of another place nobody asked"

    showing(sitting, test)


@pytest.mark.parametrize("size", SIZES)
def test_texts_are_shown_as_they_are(size: tuple[int, int]) -> None:
    sitting = at("record", loaded=hostile())

    async def test(app: Table, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: known(app))
        await settle(pilot.app)
        assert f"+ {HOSTILE}" in app.entries
        assert HOSTILE in app.answer
        await press(pilot.app, "end")
        assert app.marked.startswith(f"no: {HOSTILE}")
        assert HOSTILE in app.answer
        await press(pilot.app, "enter")
        assert isinstance(app.screen, Reader)
        assert "[@click=app.quit]press[/]" in app.text

    showing(sitting, test, size=size)
