"""The stages of each exchange and who moves them on, as a Mermaid state diagram.

Mermaid draws no arrow between the insides of two boxes, so there are no boxes: a status carries
the name of its stage, and the stages have colours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from negsim.errors import printable
from negsim.export.picture import (
    EndingPicture,
    ExchangePicture,
    Opening,
    Picture,
    picture,
)
from negsim.pack.models import Pack
from negsim.rules import Game

STAGE_COLOURS = ("aliceblue", "cornsilk", "honeydew", "lavender", "whitesmoke")
"""One for each stage in order; they begin again where there are more."""
PLAIN = frozenset(" ,.-()/'?!")
"""Signs that mean nothing to Mermaid within a label."""
WIDE = 0xFEE0
"""How far the wide form of a sign of ASCII is from the sign."""
LINE = "<br/>"


def mermaid(game: Game, pack: Pack) -> str:
    """The game's stages, steps and endings as a Mermaid state diagram."""
    shown = picture(game, pack)
    lines = ["stateDiagram-v2", f"  %% {_safe(shown.title)}", "  direction TB"]
    for place, exchange in enumerate(shown.exchanges):
        lines += _exchange(place, exchange, named=len(shown.exchanges) > 1)
    for opening in shown.openings:
        lines += _opening(opening, shown)
    for place, ending in enumerate(shown.endings):
        lines += _ending(place, ending, shown)
    if shown.anytime:
        lines.append(f"  state {_quoted(['At any stage', *shown.anytime])} as anytime")
    for number, colour in enumerate(STAGE_COLOURS):
        lines.append(f"  classDef stage{number} fill:{colour},stroke:gray,color:black")
    lines += [
        "  classDef title fill:white,stroke:black,color:black,font-weight:bold",
        "  classDef ending fill:mistyrose,stroke:gray,color:black",
        "  classDef anytime fill:lightyellow,stroke:gray,color:black",
    ]
    for place, exchange in enumerate(shown.exchanges):
        lines.append(f"  class e{place} title")
        for number, stage in enumerate(exchange.stages):
            for status in stage.statuses:
                node = _node(place, exchange, status)
                lines.append(f"  class {node} stage{number % len(STAGE_COLOURS)}")
    lines += [f"  class ending{place} ending" for place in range(len(shown.endings))]
    lines += ["  class anytime anytime"] if shown.anytime else []
    return "\n".join([*lines, ""])


def _safe(text: str) -> str:
    """The text without any sign that means something to Mermaid, Markdown or a browser.

    Mermaid's own escapes do not work in every part of a state diagram, so such a sign is written
    in its wide form, which looks the same.
    """
    text = re.sub(r": (?=.)", " - ", printable(text))
    text = "".join(
        chr(ord(char) + WIDE) if char.isascii() and not (char.isalnum() or char in PLAIN) else char
        for char in text
    )
    return re.sub(r"^( *)(\d*)([.)-])", lambda it: it[1] + it[2] + chr(ord(it[3]) + WIDE), text)


def _joined(lines: Iterable[str]) -> str:
    return LINE.join(_safe(line) for line in lines)


def _quoted(lines: Iterable[str]) -> str:
    return f'"{_joined(lines)}"'


def _node(place: int, exchange: ExchangePicture, status: str) -> str:
    statuses = [it for stage in exchange.stages for it in stage.statuses]
    return f"e{place}s{statuses.index(status)}"


def _exchange(place: int, exchange: ExchangePicture, *, named: bool) -> list[str]:
    """One exchange; `named` puts its title at each status, since no box holds them together."""
    title = [exchange.title] if named else []
    lines = [f"  state {_quoted([exchange.title])} as e{place}"]
    for stage in exchange.stages:
        for status in stage.statuses:
            node = _node(place, exchange, status)
            lines.append(f"  state {_quoted([stage.label.upper(), status, *title])} as {node}")
    lines.append(f"  e{place} --> {_node(place, exchange, exchange.start)}")
    lines += [
        f"  {_node(place, exchange, arrow.before)} --> {_node(place, exchange, arrow.after)}"
        f" : {_joined(arrow.lines)}"
        for arrow in exchange.arrows
    ]
    for stage in exchange.stages:
        if stage.work and stage.statuses:
            node = _node(place, exchange, stage.statuses[-1])
            said = _joined([f"{stage.label.upper()}, here too", *stage.work])
            lines.append(f"  note right of {node} : {said}")
    return lines


def _opening(opening: Opening, shown: Picture) -> list[str]:
    target = _node(opening.target, shown.exchanges[opening.target], opening.after)
    source = "[*]"
    if opening.source is not None and opening.at is not None:
        source = _node(opening.source, shown.exchanges[opening.source], opening.at)
    return [f"  {source} --> {target} : {_joined(opening.lines)}"]


def _ending(place: int, ending: EndingPicture, shown: Picture) -> list[str]:
    return [
        f"  state {_quoted([ending.title, f'when {ending.when}'])} as ending{place}",
        *(
            f"  {_node(way.exchange, shown.exchanges[way.exchange], way.status)} --> "
            f"ending{place} : {_joined([way.label])}"
            for way in ending.ways
        ),
    ]
