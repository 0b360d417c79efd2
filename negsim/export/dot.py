"""The stages of each exchange and who moves them on, as a graph for Graphviz."""

from __future__ import annotations

from collections.abc import Iterable

from negsim.errors import printable
from negsim.export.picture import EndingPicture, ExchangePicture, Opening, Picture, broken, picture
from negsim.pack.models import Pack
from negsim.rules import Game

STAGE_COLOURS = ("#e3edf7", "#fdf0d5", "#e4f2e1", "#f3e6f5", "#e8e8e8")
"""One for each stage in order; they begin again where there are more."""
ENDING_COLOUR = "#fbe3e0"
CENTRED, LEFT = "\\n", "\\l"
"""How a line of a label ends."""


def dot(game: Game, pack: Pack) -> str:
    """The game's stages, steps and endings in Graphviz's language."""
    shown = picture(game, pack)
    lines = [
        "digraph negsim {",
        f"  label={_text(broken(shown.title, 80))};",
        '  labelloc="t"; fontsize=20; compound=true; rankdir="TB"; nodesep=0.5; ranksep=0.45;',
        '  fontname="Helvetica,Arial,sans-serif";',
        '  node [fontname="Helvetica,Arial,sans-serif", fontsize=12, shape="box",'
        ' style="rounded,filled", fillcolor="white", color="#555555"];',
        '  edge [fontname="Helvetica,Arial,sans-serif", fontsize=10, color="#333333"];',
    ]
    for place, exchange in enumerate(shown.exchanges):
        lines += _exchange(place, exchange)
    for number, opening in enumerate(shown.openings):
        lines += _opening(number, opening, shown)
    for place, ending in enumerate(shown.endings):
        lines += _ending(place, ending, shown)
    if shown.anytime:
        text = _text(["At any stage:", *_wrapped(shown.anytime)], LEFT)
        lines.append(
            f'  anytime [shape="note", style="filled", fillcolor="#ffffe5", label={text}];'
        )
    return "\n".join([*lines, "}", ""])


def _text(lines: Iterable[str], end: str = CENTRED) -> str:
    """Lines as a label in quotes, nothing in them being a sign of the language."""
    safe = [
        printable(line).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
        for line in lines
    ]
    joined = end.join(safe) + (end if end == LEFT else "")
    return f'"{joined}"'


def _wrapped(lines: Iterable[str]) -> list[str]:
    return [part for line in lines for part in broken(line)]


def _node(exchange: int, picture: ExchangePicture, status: str) -> str:
    statuses = [it for stage in picture.stages for it in stage.statuses]
    return f"e{exchange}_{statuses.index(status)}"


def _exchange(place: int, exchange: ExchangePicture) -> list[str]:
    lines = [
        f"  subgraph cluster_{place} {{",
        f'    label={_text(broken(exchange.title))}; fontsize=16; style="rounded";'
        ' color="#999999"; margin=14;',
        f'    start_{place} [label="", shape="circle", width=0.18, fillcolor="black"];',
    ]
    for number, stage in enumerate(exchange.stages):
        colour = STAGE_COLOURS[number % len(STAGE_COLOURS)]
        lines += [
            f"    subgraph cluster_{place}_{number} {{",
            f'      label={_text([stage.label.upper()])}; labeljust="l"; fontsize=12;'
            f' style="rounded,filled"; color="#bbbbbb"; fillcolor="{colour}"; margin=10;',
        ]
        lines += [
            f"      {_node(place, exchange, status)} [label={_text([status])}];"
            for status in stage.statuses
        ]
        if stage.work:
            lines.append(
                f'      work_{place}_{number} [shape="plaintext", style="", fontsize=10,'
                f" label={_text(['Here too:', *_wrapped(stage.work)], LEFT)}];"
            )
        lines.append("    }")
    lines.append(f"    start_{place} -> {_node(place, exchange, exchange.start)};")
    order = [status for stage in exchange.stages for status in stage.statuses]
    for arrow in exchange.arrows:
        back = order.index(arrow.after) < order.index(arrow.before)
        lines.append(
            f"    {_node(place, exchange, arrow.before)} -> {_node(place, exchange, arrow.after)}"
            f" [label={_beside(arrow.lines)}{', constraint=false' * back}];"
        )
    return [*lines, "  }"]


def _beside(lines: Iterable[str]) -> str:
    """The label of an arrow, a little away from it."""
    return _text([f" {line} " for line in _wrapped(lines)], LEFT)


def _opening(number: int, opening: Opening, shown: Picture) -> list[str]:
    opened = shown.exchanges[opening.target]
    target = _node(opening.target, opened, opening.after)
    label = _beside(opening.lines)
    if opening.source is None or opening.at is None:
        return [
            f'  opening_{number} [shape="plaintext", style="", label="at any status"];',
            f'  opening_{number} -> {target} [style="dashed", label={label}];',
        ]
    source = _node(opening.source, shown.exchanges[opening.source], opening.at)
    lines = [f'  {source} -> {target} [style="dashed", constraint=false, label={label}];']
    if opening.after != opened.start:  # keeps the statuses beneath each other
        start = _node(opening.target, opened, opened.start)
        lines.append(f'  {start} -> {target} [style="invis"];')
    return lines


def _ending(place: int, ending: EndingPicture, shown: Picture) -> list[str]:
    text = _text([*broken(ending.title), *broken(f"when {ending.when}", 44)])
    lines = [
        f'  ending_{place} [shape="box", style="filled,bold", fillcolor="{ENDING_COLOUR}",'
        f" label={text}];"
    ]
    if not ending.ways and shown.exchanges:  # stands with the others
        last = shown.exchanges[-1]
        status = last.stages[-1].statuses[-1]
        node = _node(len(shown.exchanges) - 1, last, status)
        lines.append(f'  {node} -> ending_{place} [style="invis"];')
    return lines + [
        f"  {_node(way.exchange, shown.exchanges[way.exchange], way.status)} -> ending_{place}"
        f' [style="dashed", label={_beside([way.label])}];'
        for way in ending.ways
    ]
