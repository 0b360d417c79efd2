"""The pictures show every stage, step and ending, and take no sign of a pack for one of theirs."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable

import pytest

from negsim.export.dot import dot
from negsim.export.mermaid import mermaid
from negsim.export.picture import Arrow, Picture, picture
from negsim.pack.load import LoadedPack
from negsim.pack.models import Pack
from negsim.rules import Game
from tests import small_packs
from tests.small_packs import small_game, small_pack

EVIL = (
    '1. <b onload="x">&lt;"q" [a](b) {c} `d` *e* _f_ #35; $g$ %%{init}%% \\N \\ ; : end note --> '
    "| ~ \u202e\x1b[31m\r\n style:x"
)

SIGNS = r"(?!-->)[^\W_]|[ ,.()/'?!\-\uff01-\uff5e]"
LABEL = rf"({SIGNS}|<br/>)+"
"""Signs that mean nothing to Mermaid, and the line breaks that the diagram makes."""
MERMAID_LINE = re.compile(
    r"stateDiagram-v2|  direction TB|  class \w+ \w+"
    r"|  classDef \w+ fill:\w+,stroke:\w+,color:\w+(,font-weight:bold)?"
    rf'|  %% {LABEL}|  state "{LABEL}" as \w+|  note right of \w+ : {LABEL}'
    rf"|  (\w+|\[\*\]) --> \w+( : {LABEL})?"
)

ATTRIBUTE = r'\w+=("([^"\\]|\\.)*"|[\w.]+)'
ATTRIBUTES = rf"{ATTRIBUTE}(, {ATTRIBUTE})*"
DOT_LINE = re.compile(
    r"digraph negsim \{|\}| +\}| +subgraph \w+ \{"
    rf"| +\w+( -> \w+)?( \[{ATTRIBUTES}\])?;| +({ATTRIBUTE}; ?)+"
)


def evil() -> Pack:
    pack = small_pack(
        "evil",
        {"gate": ["rejected", "talks"]},
        ["ask", "promise", "decline", "receive", "read"],
        letter={"title": EVIL, "may_decline": True, "decisions": ["talks", "lapse"]},
        parties={"north": {"name": f"- {EVIL}"}},
        endings={"talks": {"title": EVIL, "reason": "x", "when": {"letter.decision": "talks"}}},
    )
    return pack.model_copy(update={"title": EVIL})


def drawn(make: Callable[[], Pack]) -> Picture:
    pack = make()
    return picture(small_game(pack), pack)


def test_two_towns(two_towns: LoadedPack) -> None:
    shown = picture(two_towns.game, two_towns.pack)
    (letter,) = shown.exchanges
    assert letter.title == "The letter of Lowmill"
    assert [stage.label for stage in letter.stages] == [
        "demand",
        "consultation",
        "response",
        "analysis",
        "decided",
    ]
    assert letter.stages[0].statuses == ("none", "demanded", "asked")
    assert letter.stages[1].work == ("Lowmill: consult, answer, redraft",)
    assert letter.arrows == (
        Arrow("none", "demanded", ("Highwell: demand",)),
        Arrow("demanded", "asked", ("Highwell: ask",)),
        Arrow("asked", "promised", ("Lowmill: promise (no date)",)),
        Arrow("promised", "cleared", ("Lowmill: clear",)),
        Arrow("cleared", "delivered", ("Lowmill: deliver (messenger)",)),
        Arrow("delivered", "received", ("Highwell: receive",)),
        Arrow("received", "read", ("Highwell: read",)),
        Arrow("read", "analysed", ("Highwell: analyse",)),
        Arrow("analysed", "position", ("Highwell: position",)),
        Arrow("position", "decided", ("Highwell: decide (accept, talks, break off, lapse)",)),
    )
    assert [(it.title, [way.label for way in it.ways]) for it in shown.endings] == [
        ("The whole demand is met", ["accept"]),
        ("Talks on part of the items", ["talks"]),
        ("The exchange is broken off", ["break off"]),
        ("The letter gets no reply", ["lapse"]),
        ("The process lapses", []),
    ]
    assert shown.anytime == ("Highwell: posture, pass", "Lowmill, Chance: pass")


def test_a_second_cycle_and_a_refusal_to_write() -> None:
    shown = drawn(small_packs.every_step)
    letter, echo = shown.exchanges
    steps = {(it.before, it.after): it.lines for it in letter.arrows}
    assert steps["asked", "declined"] == ("South: decline",)
    assert steps["position", "asked"] == ("North: decide (restate again)",)
    assert echo.start == "none"
    (opening,) = shown.openings
    assert (opening.source, opening.at, opening.target, opening.after) == (
        0,
        "delivered",
        1,
        "demanded",
    )
    assert opening.lines == ("South: deliver (if letter.counter-demand is yes)",)


@pytest.mark.parametrize("make", small_packs.ALL)
def test_every_step_is_drawn_once(make: Callable[[], Pack]) -> None:
    pack = make()
    game = small_game(pack)
    shown = picture(game, pack)
    for derived, exchange in zip(game.derived, shown.exchanges, strict=True):
        reached = {it.after for it in exchange.arrows} | {exchange.start}
        reached |= {it.after for it in shown.openings if it.target < len(shown.exchanges)}
        for action in game.actions:
            for effect in action.then:
                if effect.variable == derived.variable and hasattr(effect, "value"):
                    assert effect.value in reached
        pairs = [(it.before, it.after) for it in exchange.arrows]
        assert len(set(pairs)) == len(pairs)


def all_lines(text: str, known: re.Pattern[str]) -> None:
    assert text.endswith("\n")
    for line in text.removesuffix("\n").split("\n"):
        assert known.fullmatch(line), line
        assert line.isprintable()


@pytest.mark.parametrize("make", [evil, *small_packs.ALL])
def test_a_pack_cannot_write_into_the_pictures(make: Callable[[], Pack]) -> None:
    pack = make()
    game = small_game(pack)
    all_lines(mermaid(game, pack), MERMAID_LINE)
    all_lines(dot(game, pack), DOT_LINE)


def test_what_ships_is_drawn_at_every_level(pack: LoadedPack) -> None:
    for game in pack.games.values():
        all_lines(mermaid(game, pack.pack), MERMAID_LINE)
        all_lines(dot(game, pack.pack), DOT_LINE)


def test_a_game_without_exchanges_is_drawn() -> None:
    pack = small_packs.every_step()
    whole = small_game(pack)
    game = Game("bare", whole.variables, whole.actions, whole.endings)
    assert "start_0" not in dot(game, pack)
    all_lines(dot(game, pack), DOT_LINE)
    all_lines(mermaid(game, pack), MERMAID_LINE)


def test_graphviz_shows_the_signs_as_they_are() -> None:
    if shutil.which("dot") is None:
        pytest.skip("Graphviz is not installed")
    pack = evil()
    done = subprocess.run(
        ["dot", "-Tsvg"],
        input=dot(small_game(pack), pack),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stderr == ""
    assert "&lt;b onload=&quot;x&quot;&gt;&amp;lt;&quot;q&quot; [a](b)" in done.stdout
    assert "%%{init}%% \\N \\ ; : end" in done.stdout
