"""Every screen as it is painted, at two sizes, dark, light and without colours.

The golden files hold the letters, and beneath them how they are set, run by run, in each theme.
Written anew with NEGSIM_GOLDEN=1; look at what has changed before it is committed.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from itertools import groupby
from pathlib import Path

import pytest
from rich.style import Style
from textual.color import Color
from textual.strip import Strip

from negsim.tui.app import Negsim
from negsim.tui.endings import Endings
from tests.tui.app_tests import Play

pytestmark = pytest.mark.long
GOLDEN = Path(__file__).parent / "golden"
SIZES = {"80x24": (80, 24), "120x40": (120, 40)}
Shoot = Callable[[str], Awaitable[None]]


async def home(press: Callable[..., Awaitable[None]], shoot: Shoot) -> None:
    """The first screen, its ways, and what can be opened anywhere."""
    await shoot("home")
    await press("question_mark")
    await shoot("help")
    await press("escape", "ctrl+p")
    await shoot("palette")
    await press("escape", "enter")
    await shoot("ways")


async def record(press: Callable[..., Awaitable[None]], shoot: Shoot) -> None:
    """January followed at its basic level, with other eyes too; its sources, and its debrief."""
    await press("enter", "enter")
    await shoot("record-start")
    await press("right", "right", "right")
    await shoot("record")
    await press("f")
    await shoot("facts")
    await press("escape", "v")
    await shoot("record-eyes")
    await press("a")
    await shoot("withheld")
    await press("d")
    await shoot("debrief")
    await press("down", "right")
    await shoot("debrief-judging")


async def seat(press: Callable[..., Awaitable[None]], shoot: Shoot) -> None:
    """A seat in two-towns: the draft, a reason, and what stands behind the tabs."""
    await press("down", "enter", "down", "down", "enter", "a", "enter")
    await shoot("draft")
    await press("2", "o", *"the mill needs it")
    await shoot("note")
    await press("enter")
    for key, name in {"l": "timeline", "i": "items", "k": "papers", "y": "seat"}.items():
        await press(key)
        await shoot(name)
    await press("t", "a", "x")
    await shoot("actions")
    await press("w")
    await shoot("why-refused")


async def free(press: Callable[..., Awaitable[None]], shoot: Shoot) -> None:
    """Two-towns with all eyes open: branches, endings, two lines beside each other."""
    await press(
        "down", "enter", "end", "up", "enter", "enter", "n", "n", "u", "u", "down", "enter", "m"
    )
    await press(*"carts", "enter", "b")
    await shoot("branches")
    await press("g")
    await shoot("endings")
    await press("w")
    await shoot("why")
    await press("escape", "c")
    await shoot("compare")


async def exercise(press: Callable[..., Awaitable[None]], shoot: Shoot) -> None:
    """The tutorial: brief, what is asked before play, a question, what is said of it, a guess, and
    the table on which a task is played."""
    await press("down", "enter", "x", "enter")
    await shoot("exercise-who")
    await press(*"Ada", "enter", "enter")
    await shoot("exercise-brief")
    await press("enter", "2", "1")
    await shoot("exercise-check")
    await press("h", "1")
    await shoot("exercise-question")
    await press("h")
    await shoot("exercise-feedback")
    await press("enter", "2", "3", "2", "3")
    await shoot("exercise-guess")
    await press("2", "h", "enter")
    await shoot("exercise-task")
    await press("enter", "2")
    await shoot("exercise-reason")
    await press(*"mill", "enter")
    await shoot("exercise-table")


WALKS = (home, record, seat, free, exercise)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("walk", WALKS)
def test_the_screens_are_as_they_were(
    walk: Callable[..., Awaitable[None]],
    size: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    painted: dict[str, dict[str, list[Strip]]] = {}
    asyncio.run(_walk(walk, SIZES[size], painted, ("dark", "light")))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("NEGSIM_HOME", str(tmp_path))
    asyncio.run(_walk(walk, SIZES[size], painted, ("no colour",)))
    changed = []
    for name, themes in painted.items():
        if name not in OVERLAID:  # what lies behind a page is dimmed
            for theme, strips in themes.items():
                assert not faint(strips), (name, theme)
        file, text = GOLDEN / f"{name}-{size}.txt", as_text(themes)
        if os.environ.get("NEGSIM_GOLDEN"):
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
        elif file.read_text(encoding="utf-8") != text:
            changed.append(name)
    assert not changed, "look at them; NEGSIM_GOLDEN=1 writes them anew"


async def _walk(
    walk: Callable[..., Awaitable[None]],
    size: tuple[int, int],
    painted: dict[str, dict[str, list[Strip]]],
    themes: tuple[str, ...],
) -> None:
    app = Negsim()
    async with app.run_test(size=size) as pilot:
        play = Play(app, pilot)

        async def press(*keys: str) -> None:
            for key in keys:
                await play.press(key)
                await play.until(lambda: all(it.is_finished for it in app.workers))

        async def shoot(name: str) -> None:
            for theme in themes:
                await play.until(lambda: not working(play))
                painted.setdefault(name, {})[theme] = play.strips
                if len(themes) > 1:
                    app.action_light()
                    await play.settle()

        await play.settle()
        await walk(press, shoot)


def working(play: Play) -> bool:
    """Whether something is told yet."""
    for screen in play.app.screen_stack:
        for endings in screen.query(Endings):
            lookout = endings.lookout
            if lookout is not None and lookout._asked is not lookout._done:
                return True
    return re.search("working out|One moment", "\n".join(play.rows), re.IGNORECASE) is not None


def as_text(themes: Mapping[str, list[Strip]]) -> str:
    """The letters once, then for each theme the runs of each line: how long, and how it is set."""
    first, *others = [[strip.text.rstrip() for strip in strips] for strips in themes.values()]
    for other in others:
        assert other == first, "a theme has other letters"
    lines = [*first]
    for theme, strips in themes.items():
        lines += ["", f"== {theme}"]
        runs = [" ".join(_runs(strip)) for strip in strips]
        for run, same in groupby(runs):
            count = len([*same])
            lines.append(run if count == 1 else f"{run}  x{count}")
    return "\n".join(lines) + "\n"


def _runs(strip: Strip) -> list[str]:
    cells = [(_set(style), len(text)) for text, style, _ in strip]
    return [
        f"{sum(count for _, count in group)}:{look}"
        for look, group in groupby(cells, key=lambda cell: cell[0])
    ]


def _set(style: Style | None) -> str:
    """A style in short: colours, and b for bold, d for dim, r for reverse, u for underlined."""
    if style is None:
        return "-"
    fore, back = (
        color.get_truecolor().hex[1:] if color is not None and not color.is_default else ""
        for color in (style.color, style.bgcolor)
    )
    signs = "".join(
        sign
        for sign, has in zip(
            "bdru", (style.bold, style.dim, style.reverse, style.underline), strict=True
        )
        if has
    )
    return f"{fore}/{back}{'.' + signs if signs else ''}"


OVERLAID = ("exercise-who", "help", "palette", "facts")
"""The screens that show a page over the one before."""
READABLE = 3.0
"""The least contrast of letters with what is behind them, from 1 to 21; 3 is what WCAG 2.2 asks of
large letters and of what cannot be done now."""


def faint(strips: Iterable[Strip]) -> list[str]:
    """The words that can hardly be read."""
    return [
        text
        for strip in strips
        for text, style, _ in strip
        if re.search(r"\w", text)
        and style is not None
        and style.color is not None
        and style.bgcolor is not None
        and contrast(Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor))
        < READABLE
    ]


def contrast(fore: Color, back: Color) -> float:
    """The contrast of two colours (WCAG 2.2)."""
    light, dark = sorted((_luminance(fore), _luminance(back)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: Color) -> float:
    parts = [
        it / 12.92 if it <= 0.04045 else ((it + 0.055) / 1.055) ** 2.4
        for it in (color.r / 255, color.g / 255, color.b / 255)
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
