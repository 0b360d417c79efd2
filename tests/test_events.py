"""Outside lists of events: how they are read from a file, and against the rules of a case."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negsim import events as events_module
from negsim.engine import apply_action, initial_state, legal_actions
from negsim.errors import IllegalActionError, InputError, UnknownNameError, printable
from negsim.events import Event, Reading, read_events
from negsim.events_file import (
    HELP,
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_EVENTS,
    MAX_FIELD,
    MOST,
    load_events,
)
from negsim.events_text import closing, reading_data, reading_lines
from negsim.pack.catalogue import shipped
from negsim.pack.compile import compile_pack
from negsim.pack.load import LoadedPack, load_pack
from negsim.pack.models import Match, OwnAction, Pack
from negsim.replay import play_line
from negsim.rules import TURN, Action, Ending, Game, Requirement, Set, State, Variable, is_
from tests import small_packs
from tests.effort import some
from tests.games import games, walk
from tests.pack.test_bad_inputs import changed, copied, problems

DATA = Path(__file__).parent / "data"
TOWNS = load_pack(shipped() / "two-towns")
"""Loaded once here too, since hypothesis takes no fixtures of the session."""


def keyed(keys: dict[str, str]) -> Pack:
    """A pack in which actions have these codes; nothing else of it counts."""
    actions = {name: OwnAction(match=[Match(code=code)]) for name, code in keys.items()}
    return TOWNS.pack.model_copy(update={"actions": actions})


def coded(*codes: str) -> list[Event]:
    return [Event(line, code=code) for line, code in enumerate(codes, 2)]


def named(*actions: str) -> list[Event]:
    return [Event(line, action=action) for line, action in enumerate(actions, 2)]


def told(reading: Reading) -> list[str | None]:
    """The action of each row, None where the event is outside the model."""
    return [row.played.action.id if row.played else None for row in reading.rows]


def read_file(loaded: LoadedPack, path: Path) -> Reading:
    return read_events(loaded.game, loaded.pack, load_events(path, loaded.game))


# The examples


def test_the_story_of_the_towns_is_explained(two_towns: LoadedPack) -> None:
    reading = read_file(two_towns, DATA / "events-two-towns.csv")
    steps = [step.do for step in two_towns.record.steps]
    assert [name for name in told(reading) if name] == steps
    assert [row.event.line for row in reading.rows if row.played is None] == [3]
    assert (reading.failure, reading.unread, reading.complete) == (None, 0, True)
    assert reading.holds


def test_a_row_is_explained_by_what_a_later_one_needs(two_towns: LoadedPack) -> None:
    """Talks on the gate without a condition come first, and leave nothing to judge in line 20."""
    reading = read_file(two_towns, DATA / "events-two-towns.csv")
    talks = next(row for row in reading.rows if row.event.line == 9)
    assert talks.played is not None
    assert talks.played.action.id == "answer/letter/gate/talks/only-if"
    assert talks.others == ("answer/letter/gate/talks",)
    events = [row.event for row in reading.rows if row.event.line < 20]
    shorter = read_events(two_towns.game, two_towns.pack, events)
    assert told(shorter)[7] == "answer/letter/gate/talks"


def test_the_first_event_that_is_not_explained(two_towns: LoadedPack) -> None:
    reading = read_file(two_towns, DATA / "events-two-towns-broken.csv")
    assert told(reading) == [
        "demand/letter",
        "ask/letter",
        "promise/letter/no-date",
        None,
        "consult/letter/fishers/informed",
        "answer/letter/weir/rejected",
        "answer/letter/gate/talks",
        "answer/letter/gauge/counter",
    ]
    assert reading.failure is not None
    assert reading.failure.event == Event(
        10,
        "1801-03-10",
        "Lowmill",
        "",
        "X5",
        "Highwell",
        "The messenger hands the letter to the clerk",
    )
    assert reading.failure.refusals == {
        "deliver/letter/messenger": "the letter of Lowmill is not at this step: a paper is "
        "delivered once its text is ready (letter.status is promised)"
    }
    assert reading.failure.legal == {
        "highwell": ("posture/highwell/build-up",),
        "lowmill": (
            "consult/letter/fishers/previewed",
            "redraft/letter/weir",
            "redraft/letter/gate",
            "redraft/letter/gauge",
            "clear/letter",
        ),
    }
    assert (reading.unread, reading.complete, reading.holds) == (2, True, False)
    lines = list(reading_lines(two_towns, two_towns.game, reading, 80))
    assert lines[lines.index(" 10  1801-03-10 | Lowmill -> Highwell | X5") :] == [
        " 10  1801-03-10 | Lowmill -> Highwell | X5",
        '     "The messenger hands the letter to the clerk"',
        "     !! deliver/letter/messenger is refused: the letter of Lowmill is not at",
        "        this step: a paper is delivered once its text is ready (letter.status is",
        "        promised)",
        "     legal there, passes before them allowed:",
        "       highwell: posture/highwell/build-up",
        "       lowmill: consult/letter/fishers/previewed, redraft/letter/weir,",
        "         redraft/letter/gate, redraft/letter/gauge, clear/letter",
        "",
        "11 events: 7 explained, 1 outside the model, 1 not explained, 2 after it not",
        "read. No other choice of the actions that fit, and no other passes, explains",
        "more.",
    ]


def test_the_reported_line_of_january_is_explained(january: LoadedPack) -> None:
    reading = read_file(january, DATA / "events-january-2022.csv")
    steps = [step.do for step in january.record.steps if step.do is not None]
    assert [name for name in told(reading) if name] == steps
    assert reading.holds
    assert reading.complete
    assert closing(reading) == "77 events: 67 explained, 10 outside the model."
    dates = [step.date for step in january.record.steps]
    assert {row.event.date for row in reading.rows} <= {*dates}


def test_january_without_a_paper_that_is_cleared(january: LoadedPack) -> None:
    """Where the list leaves out what nobody outside could see, it fails, and is told where."""
    events = load_events(DATA / "events-january-2022.csv", january.game)
    events = [event for event in events if event.action != "clear/us-paper"]
    reading = read_events(january.game, january.pack, events)
    assert reading.failure is not None
    assert reading.failure.event.text.startswith("Ambassador Sullivan hands the US paper")
    assert reading.failure.refusals == {
        "deliver/us-paper/sullivan": "the US paper is not at this step: a paper is delivered once "
        "its text is ready (us-paper.status is promised)"
    }
    assert reading.failure.legal["allies"] == ("consent/admissions/allies",)
    assert reading.failure.legal["nato"] == (
        "deliver/nato-paper",
        "contact/nato/group",
        "signal/nato/officials/accusation",
    )
    assert "clear/us-paper" in reading.failure.legal["us"]
    assert [*reading.failure.legal] == ["russia", "us", "nato", "allies"]
    assert reading.unread == 29


def test_the_keys_of_a_level_are_read_at_it(january: LoadedPack) -> None:
    basic = january.at("basic")
    line = [
        "demand/us-paper/published",
        *(f"answer/us-paper/{item}/rejected" for item in january.pack.levels["basic"].items),
    ]
    handed = Event(9, code="043", actor="sullivan", target="GRUSHKO")
    reading = read_events(basic, january.pack, [*named(*line), handed], "basic")
    assert told(reading)[-1] == "deliver/us-paper"


def test_the_codes_of_january_are_those_of_facts_that_the_action_cites(
    january: LoadedPack,
) -> None:
    cited = {action.id: {*action.facts} for action in january.game.actions}
    for action in january.at("basic").actions:
        cited.setdefault(action.id, {*action.facts})
    for step in january.record.steps:
        if step.do is not None:
            cited[step.do] |= {*step.facts}
    own = {**january.pack.actions, **january.pack.levels["basic"].actions}
    for name, action_ in own.items():
        for key in action_.match:
            classes = [january.facts.facts[fact].event_class for fact in cited[name]]
            roots = {root for it in classes for root in re.findall(r"\b\d\d\b", it)}
            assert key.code in roots, name
    assert sum(bool(action_.match) for action_ in own.values()) > 70


def test_keys_change_nothing_in_the_game(pack: LoadedPack) -> None:
    def without(actions: dict[str, OwnAction]) -> dict[str, OwnAction]:
        return {name: it.model_copy(update={"match": []}) for name, it in actions.items()}

    bare = pack.pack.model_copy(
        update={
            "actions": without(pack.pack.actions),
            "levels": {
                name: level.model_copy(update={"actions": without(level.actions)})
                for name, level in pack.pack.levels.items()
            },
        }
    )
    for level in ("full", *pack.pack.levels):
        assert compile_pack(bare, level) == (pack.at(level), [])


# Which actions an event stands for


@pytest.mark.parametrize(
    ("key", "event", "fits"),
    [
        (Match(code="11"), Event(2, code="11"), True),
        (Match(code="11"), Event(2, code="1122"), True),
        (Match(code="112"), Event(2, code="11"), False),
        (Match(code="11"), Event(2, code="011"), False),
        (Match(code="11"), Event(2, code=""), False),
        (Match(code="11", actor="Highwell"), Event(2, code="11", actor="HIGHWELL"), True),
        (Match(code="11", actor="Highwell"), Event(2, code="11", actor="Highwell town"), False),
        (Match(code="11", actor="Highwell"), Event(2, code="11"), False),
        (Match(code="11", target="Lowmill"), Event(2, code="11", actor="Lowmill"), False),
        (Match(code="11", target="Lowmill"), Event(2, code="11", target="lowmill"), True),
    ],
)
def test_a_key(key: Match, event: Event, fits: bool) -> None:
    pack = TOWNS.pack.model_copy(update={"actions": {"demand/letter": OwnAction(match=[key])}})
    assert told(read_events(TOWNS.game, pack, [event])) == ["demand/letter" if fits else None]


def test_an_action_that_is_named_needs_no_key_and_is_not_looked_up_by_code() -> None:
    event = Event(2, action="demand/letter", code="X5", actor="nobody")
    reading = read_events(TOWNS.game, TOWNS.pack, [event])
    assert told(reading) == ["demand/letter"]
    assert reading.rows[0].others == ()


def test_an_event_outside_the_model_stops_nothing() -> None:
    reading = read_events(TOWNS.game, TOWNS.pack, coded("Y1", "X1", "Y2"))
    assert told(reading) == [None, None, None]
    assert not reading.holds
    assert closing(reading) == "3 events: 0 explained, 3 outside the model."
    assert read_events(TOWNS.game, TOWNS.pack, []) == Reading((), None, 0, True)


def test_what_has_been_done_is_not_explained_again() -> None:
    reading = read_events(TOWNS.game, TOWNS.pack, named("demand/letter", "demand/letter"))
    assert reading.failure is not None
    assert reading.failure.event.line == 3
    assert reading.failure.refusals == {
        "demand/letter": "the letter of Lowmill is not at this step: the demand has been made, "
        "or its time has not come (letter.status is demanded)"
    }


def test_an_action_that_the_case_rules_out_is_refused_with_its_reason(january: LoadedPack) -> None:
    name, reason = next(iter(january.game.excluded.items()))
    reading = read_events(january.game, january.pack, named(name))
    assert reading.failure is not None
    assert reading.failure.refusals == {name: reason}


def test_an_action_that_the_game_does_not_have() -> None:
    with pytest.raises(UnknownNameError, match='no action "demand/leter"'):
        read_events(TOWNS.game, TOWNS.pack, named("demand/leter"))


def test_after_an_ending_nothing_is_legal() -> None:
    steps = [step.do for step in TOWNS.record.steps if step.do is not None]
    reading = read_events(TOWNS.game, TOWNS.pack, named(*steps, "receive/letter"))
    assert reading.failure is not None
    assert reading.failure.legal == {}
    assert reading.failure.refusals == {
        "receive/letter": "the line has ended: Talks on part of the items"
    }
    lines = list(reading_lines(TOWNS, TOWNS.game, reading, 80))
    assert lines[-6:-3] == ["     legal there, passes before them allowed:", "       nothing", ""]


# The search


def fork() -> Game:
    """Ann goes left or right; only from the right the door opens, only from the left it shuts."""
    place = Variable("place", ("start", "left", "right", "in"), "start")
    turn = Variable(TURN, ("ann", "bob"), "ann")

    def step(name: str, mover: str, when: str, then: str) -> Action:
        need = Requirement(is_("place", when), f"not at the {when}", "pack")
        return Action(name, mover, name, (need,), (Set("place", then),))

    actions = (
        step("go/left", "ann", "start", "left"),
        step("go/right", "ann", "start", "right"),
        step("door/open", "bob", "right", "in"),
        step("door/shut", "bob", "left", "start"),
        Action("pass/ann", "ann", "", then=(Set(TURN, "bob"),)),
        Action("pass/bob", "bob", "", then=(Set(TURN, "ann"),)),
    )
    endings = (
        Ending("in", "In", "the door was open", is_("place", "in")),
        Ending("lapsed", "Lapsed", "all passed", None),
    )
    return Game("fork", (turn, place), actions, endings)


def test_the_first_action_that_fits_would_fail_and_another_explains_more() -> None:
    game, pack = fork(), keyed({"go/left": "G", "go/right": "G", "door/open": "D"})
    with pytest.raises(IllegalActionError):
        list(play_line(game, ["go/left", "door/open"]))
    reading = read_events(game, pack, coded("G", "D"))
    assert told(reading) == ["go/right", "door/open"]
    assert reading.rows[0].others == ("go/left",)
    assert [row.played.passes for row in reading.rows if row.played] == [(), ("ann",)]


def test_where_no_choice_explains_more_the_first_is_told() -> None:
    game, pack = fork(), keyed({"go/left": "G", "go/right": "G", "door/open": "D"})
    reading = read_events(game, pack, coded("G", "D", "G", "D"))
    assert told(reading) == ["go/right", "door/open"]
    assert reading.failure is not None
    assert reading.failure.refusals == {
        "go/left": "the line has ended: In",
        "go/right": "the line has ended: In",
    }
    assert reading.unread == 1
    assert told(read_events(game, pack, coded("G", "G", "D"))) == ["go/left"]


def test_more_than_a_round_of_passes_is_found() -> None:
    """Silence comes when the time has run out, although nothing happens in a round."""
    pack = small_packs.extended()
    game = small_packs.small_game(pack)
    line = ["demand/letter", "extension/letter/ask/south", "nature/silence/letter"]
    line.insert(2, "extension/letter/granted")
    with pytest.raises(IllegalActionError):
        list(play_line(game, line))
    reading = read_events(game, pack, named(*line))
    assert told(reading) == line
    assert reading.rows[-1].played is not None
    assert len(reading.rows[-1].played.passes) > len(game.movers)


def waits(game: Game, state: State) -> Iterator[tuple[tuple[str, ...], State]]:
    """The states that passing leads to, by the list of legal actions alone."""
    met: list[State] = []
    passes: tuple[str, ...] = ()
    while state not in met:
        yield passes, state
        met.append(state)
        going = [action for action in legal_actions(game, state) if action.is_pass]
        if not going:
            return
        state = apply_action(game, state, going[0])
        passes = (*passes, going[0].mover)


def longest(
    game: Game, state: State, fitting: Sequence[set[str]]
) -> list[tuple[str, tuple[str, ...]]]:
    """Every choice tried: the first of the lines that explain most."""
    best: list[tuple[str, tuple[str, ...]]] = []
    if fitting:
        for passes, waited in waits(game, state):
            for action in legal_actions(game, waited):
                if action.id in fitting[0]:
                    after = apply_action(game, waited, action)
                    line = [(action.id, passes), *longest(game, after, fitting[1:])]
                    best = max(best, line, key=len)  # the first of the longest
    return best


@given(games(), st.data())
def test_no_choice_explains_more(game: Game, data: st.DataObject) -> None:
    doable = [action.id for action in game.actions if not action.is_pass]
    keys = {name: data.draw(st.sampled_from("GH")) for name in doable}
    codes = data.draw(st.lists(st.sampled_from("GH"), max_size=4))
    fitting = [{name for name in doable if keys[name] == code} for code in codes]
    inside = [place for place, fits in enumerate(fitting) if fits]
    line = longest(game, initial_state(game), [fitting[place] for place in inside])
    reading = read_events(game, keyed(keys), coded(*codes))
    played = [row.played for row in reading.rows if row.played]
    assert [(it.action.id, it.passes) for it in played] == line
    assert reading.complete
    assert (reading.failure is None) == (len(line) == len(inside))
    total = len(reading.rows) + (reading.failure is not None) + reading.unread
    assert total == len(codes)
    if reading.failure is not None:
        state = played[-1].after if played else initial_state(game)
        legal = {action.id for _, it in waits(game, state) for action in legal_actions(game, it)}
        offered = {name for names in reading.failure.legal.values() for name in names}
        assert offered == {name for name in legal if not name.startswith("pass/")}
        assert not offered & fitting[len(reading.rows)]
        assert reading.failure.refusals.keys() == fitting[len(reading.rows)]


@cache
def small(build: Callable[[], Pack]) -> Game:
    return small_packs.small_game(build())


def actions_of(game: Game, choices: list[int]) -> list[str]:
    """The actions of a random line without its passes."""
    states = walk(game, choices)
    taken = []
    for state, choice in zip(states, choices, strict=False):
        actions = legal_actions(game, state)
        if actions and not (chosen := actions[choice % len(actions)]).is_pass:
            taken.append(chosen.id)
    return taken


@settings(max_examples=some(60))
@given(st.lists(st.integers(0, 1000), max_size=60))
def test_every_legal_line_of_the_towns_is_explained(choices: list[int]) -> None:
    line = actions_of(TOWNS.game, choices)
    reading = read_events(TOWNS.game, TOWNS.pack, named(*line))
    assert told(reading) == line
    assert reading.failure is None


@settings(max_examples=some(200))
@given(st.sampled_from(small_packs.ALL), st.lists(st.integers(0, 1000), max_size=40))
def test_every_legal_line_of_a_small_case_is_explained(
    build: Callable[[], Pack], choices: list[int]
) -> None:
    game = small(build)
    line = actions_of(game, choices)
    assert told(read_events(game, build(), named(*line))) == line


def test_a_search_that_was_cut_short_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events_module, "MOST_WAYS", 100)
    game, pack = fork(), keyed({"go/left": "G", "go/right": "G", "door/open": "D"})
    reading = read_events(game, pack, coded("G", "D", "D"))
    assert told(reading) == ["go/left"]
    assert not reading.complete
    assert closing(reading).endswith(
        "So many choices were open that not all were tried; another may explain more."
    )


def test_a_long_list_takes_little_time(two_towns: LoadedPack) -> None:
    """Every action fits every event: the ways that are followed are bounded in all."""
    doable = [action.id for action in two_towns.game.actions if not action.is_pass]
    pack = keyed(dict.fromkeys(doable, "X"))
    reading = read_events(two_towns.game, pack, coded(*["X"] * 30))
    assert reading.explained == 30
    assert not reading.complete


# Files


def bad(name: str, raw: str | bytes, *said: str) -> Any:
    return pytest.param(raw if isinstance(raw, bytes) else raw.encode(), said, id=name)


HEADER = "date,actor,code,target,text"
BAD = [
    bad("empty", "", f"1:1: the file is empty; begin with a header, as in {HEADER}"),
    bad("blank", "\n,,\n\n", f"1:1: the file is empty; begin with a header, as in {HEADER}"),
    bad("no events", "code\n\n", "1:1: no events stand under the header; add a row for each"),
    bad(
        "no code",
        "date,actor\n2022,A\n",
        '1:1: no column is called "action" or "code"; name the columns, with commas between, '
        f"as in {HEADER}",
    ),
    bad(
        "semicolons",
        "date;code\n2022;10\n",
        '1:1: no column is called "action" or "code"; name the columns, with commas between, '
        f"as in {HEADER}",
    ),
    bad(
        "no header",
        "\n\n2022-01-26,US,04,Russia,x\n",
        '3:1: no column is called "action" or "code"; name the columns, with commas between, '
        f"as in {HEADER}",
    ),
    bad(
        "near names",
        "dates,actor1,code\n1,2,3\n",
        '1:1: unknown column "dates"; did you mean "date"?',
        '1:2: unknown column "actor1"; did you mean "actor"?',
    ),
    bad("twice", "code,Code\n1,2\n", '1:2: the column "code" stands twice; keep one'),
    bad(
        "many columns",
        "code" + ",x" * MAX_COLUMNS,
        "1:1: the header names more than 500 columns; leave out what is not read",
    ),
    bad(
        "fields",
        "code,text\n10,a, b\n10\n",
        "2:1: the row has 3 fields, and the header names 2; put a text with commas in quotes",
        "3:1: the row has 1 field, and the header names 2; put a text with commas in quotes",
    ),
    bad(
        "open quote",
        'code,text\n10,"a\n10,b\n',
        "2:1: a quoted field is not closed, or text stands after it; close it, and double the "
        "quotes within it",
    ),
    bad(
        "text after a quote",
        'code,text\n10,b\n10,"a" b\n',
        "3:1: a quoted field is not closed, or text stands after it; close it, and double the "
        "quotes within it",
    ),
    bad(
        "long field for the reader",
        f'code,text\n10,"{"a" * 200_000}"\n',
        "2:1: a quoted field is not closed, or text stands after it; close it, and double the "
        "quotes within it",
    ),
    bad(
        "long field",
        f"text,code\n{'a' * (MAX_FIELD + 1)},10\n",
        "2:1: the text has more than 4,000 characters; shorten it",
    ),
    bad(
        "dates",
        "code,date\n1,2022-02-30\n1,30.1.2022\n1,20220126\n1,2022-13\n1,0000-01-01\n1,٢٠٢٢\n",
        '2:2: "2022-02-30" is no day of the calendar; correct it',
        '3:2: "30.1.2022" is no date; write a day, a month or a year, as in 2022-01-26',
        '4:2: "20220126" is no date; write a day, a month or a year, as in 2022-01-26',
        '5:2: "2022-13" is no date; write a day, a month or a year, as in 2022-01-26',
        '6:2: "0000-01-01" is no day of the calendar; correct it',
        '7:2: "٢٠٢٢" is no date; write a day, a month or a year, as in 2022-01-26',
    ),
    bad(
        "order",
        'date,code,text\n2022-01,1,\n2022-02-02,1,"two\nlines"\n,1,\n2022,1,\n2022-01,1,\n',
        '7:1: "2022-01" lies before the date of line 3; put the rows in the order of their dates',
    ),
    bad(
        "action",
        "action\ndemand/letter\ndemand/leter\nnothing/at/all/like/it\n",
        '3:1: two-towns has no action "demand/leter"; did you mean "demand/letter" or '
        '"read/letter" or "clear/letter"?',
        '4:1: two-towns has no action "nothing/at/all/like/it"; see `negsim export PACK --to '
        "json` for all",
    ),
    bad(
        "hidden characters",
        "action\n\x1b[31mred\u202e\x00\n",
        '2:1: two-towns has no action "\\x1b[31mred\\u202e\\x00"; see `negsim export PACK --to '
        "json` for all",
    ),
    bad(
        "bytes",
        b"code,text\n10,ok\n10,caf\xe9\n",
        "3:1: the byte E9 is no UTF-8 text; save the file as UTF-8",
    ),
    bad(
        "size",
        "code\n" + "x\n" * (MAX_BYTES // 2),
        "0:0: the file is larger than 2 MiB; split the list",
    ),
    bad(
        "number",
        "code\n" + "x\n" * (MAX_EVENTS + 1),
        "10002:1: more than 10,000 events; split the list",
    ),
    bad(
        "many mistakes",
        "date,code\n" + "x,1\n" * (MOST + 5),
        *(
            f'{line}:1: "x" is no date; write a day, a month or a year, as in 2022-01-26'
            for line in range(2, MOST + 2)
        ),
    ),
]


@pytest.mark.parametrize(("raw", "said"), BAD)
def test_message(tmp_path: Path, raw: bytes, said: tuple[str, ...]) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(raw)
    assert complaints(path) == [f"{path}:{it}" for it in said]


def complaints(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_events(path, TOWNS.game)
    return [str(problem) for problem in caught.value.problems]


def test_no_file(tmp_path: Path) -> None:
    named_ = tmp_path / "a\x1b[31m.csv"
    assert complaints(named_) == [
        f"{printable(str(named_))}:0:0: there is no such file; name a file with a list of events"
    ]
    assert complaints(tmp_path) == [
        f"{tmp_path}:0:0: this is no plain file; name a file with a list of events"
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "list.csv")
    assert "this is no plain file" in complaints(tmp_path / "list.csv")[0]


def test_columns_in_any_order_with_others_between(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(
        "\ufeffText , GlobalID,CODE,Date\r\n"
        '"one, ""two""\r\nthree",7, 042 ,2022\r\n'
        "\r\n"
        "é,,,\r\n".encode()
    )
    assert load_events(path, TOWNS.game) == [
        Event(2, date="2022", code="042", text='one, "two"\r\nthree'),
        Event(5, text="é"),
    ]


def test_the_example_in_the_help_can_be_read(tmp_path: Path, january: LoadedPack) -> None:
    example = re.findall(r"^  (\S.*)$", HELP, re.M)
    (tmp_path / "list.csv").write_text("\n".join(example), encoding="utf-8")
    events = load_events(tmp_path / "list.csv", january.game)
    reading = read_events(january.game, january.pack, events)
    assert told(reading) == ["demand/us-paper/published"]
    assert reading.failure is not None
    assert [*reading.failure.refusals] == ["deliver/us-paper/sullivan"]


@given(
    st.lists(
        st.tuples(st.sampled_from(["", "2022", "2022-01-02"]), *[st.text(max_size=12)] * 4),
        min_size=1,
        max_size=6,
    )
)
def test_any_text_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    path = tmp_path_factory.mktemp("lists") / "list.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["date", "actor", "code", "target", "text"])
        writer.writerows(rows)
    kept = [[field.strip() for field in row] for row in rows]
    expected = [(row[0], row[1], "", *row[2:]) for row in kept if any(row)]
    if expected:
        events = load_events(path, TOWNS.game)
        assert [(it.date, it.actor, it.action, it.code, it.target, it.text) for it in events] == (
            expected
        )
    else:
        assert "no events stand under the header" in complaints(path)[0]


HOSTILE = "\x1b[2J\x9b31m\u202eno\r\n  9  all is explained\x00\u200b" + "x" * 500


def test_hostile_text_is_shown_harmless(two_towns: LoadedPack) -> None:
    events = [
        Event(2, "2022", HOSTILE, "", HOSTILE, HOSTILE, HOSTILE),
        Event(3, "2022", HOSTILE, "demand/letter", HOSTILE, HOSTILE, HOSTILE),
        Event(4, "2022", HOSTILE, "demand/letter", HOSTILE, HOSTILE, HOSTILE),
    ]
    reading = read_events(two_towns.game, two_towns.pack, events)
    assert reading.failure is not None
    lines = list(reading_lines(two_towns, two_towns.game, reading, 80))
    assert all(line.isprintable() for line in lines)
    assert not any(line.startswith("  9") for line in lines)
    assert max(map(len, lines)) <= 80
    shown = json.dumps(reading_data(two_towns, two_towns.game, reading), ensure_ascii=False)
    assert shown.isprintable()


def test_the_reading_as_data(two_towns: LoadedPack) -> None:
    reading = read_file(two_towns, DATA / "events-two-towns-broken.csv")
    data = json.loads(json.dumps(reading_data(two_towns, two_towns.game, reading)))
    events, failure = data.pop("events"), data.pop("failure")
    assert data == {
        "pack": "two-towns",
        "hash": two_towns.content_hash,
        "game": "two-towns",
        "explained": 7,
        "outside": 1,
        "unread": 2,
        "complete": True,
        "holds": False,
        "closing": closing(reading),
    }
    assert len(events) == 8
    assert events[2] == {
        "line": 4,
        "date": "1801-03-05",
        "actor": "Lowmill",
        "action": "",
        "code": "X2",
        "target": "Highwell",
        "text": "An answer in writing is promised",
        "explained": True,
        "by": "promise/letter/no-date",
        "passes": ["highwell"],
        "others": [],
    }
    assert (events[3]["explained"], events[3]["by"]) == (False, None)
    assert failure["line"] == 10
    assert [*failure["refusals"]] == ["deliver/letter/messenger"]
    assert failure["legal"]["highwell"] == ["posture/highwell/build-up"]


# Keys in a pack


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (
            "match: [{code: ^1, actor: Highwell, target: Lowmill}]",
            '"1" is no text; put it in quotes',
        ),
        (
            "match: [{code: X1, ^actors: Highwell, target: Lowmill}]",
            'unknown key "actors"; did you mean "actor"?',
        ),
        ("match: [^{actor: Highwell}]", 'the key "code" is missing in "match"; add it'),
        (
            "match: ^{code: X1}",
            'a map with "code" stands where a list belongs; write it in [ ] or in lines after a -',
        ),
        ('match: [{code: ^""}]', "the text is empty; write something"),
    ],
)
def test_a_key_that_is_wrong(tmp_path: Path, new: str, said: str) -> None:
    folder = copied("two-towns", tmp_path)
    old = "match: [{code: X1, actor: Highwell, target: Lowmill}]"
    expected = changed(folder / "pack.yaml", old, new, (said,))
    assert problems(folder) == expected
