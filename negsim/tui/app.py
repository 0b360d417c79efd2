"""The application: which screen is open, and the one session that is played."""

from __future__ import annotations

import gc
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual._context import active_message_pump
from textual.actions import ActionParseResult
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.css.query import NoMatches
from textual.dom import DOMNode, NoScreen
from textual.events import Resize
from textual.filter import LineFilter
from textual.geometry import Size
from textual.message_pump import MessagePump
from textual.screen import Screen

from negsim.errors import NegsimError, printable
from negsim.serve import browser
from negsim.tui import settings
from negsim.tui.faults import as_told
from negsim.tui.home import Home, Start
from negsim.tui.small import HEIGHT, WIDTH, TooSmall
from negsim.tui.themes import DARK, LIGHT
from negsim.tui.verbs import Verbal

if TYPE_CHECKING:
    from negsim.classroom.catalogue import Heading
    from negsim.tui.kept import Kept


PATIENCE = 0.3
"""How many seconds what is worked out has to end, once the interface is left."""
FONTS = re.compile(r"@font-face \{[^}]*\}\s*")
"""What names letters to be loaded."""


def open_app(*, plain: bool = False) -> None:
    """Runs the interface in this terminal until it is left; `plain` paints plain letters only."""
    gc.enable()  # it runs for hours, unlike a command
    sys.setswitchinterval(0.0005)  # a key does not wait for what is worked out meanwhile
    app = Negsim(plain=plain)
    app.run()
    _leave(app.return_code or 0)


def _leave(code: int) -> None:
    """Ends the process where something is still worked out: Python would take down what the
    diagrams stand on while they work, which is a segmentation fault now and then."""
    background = sys.modules.get("negsim.background")
    if background is not None and not background.ended(PATIENCE):
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)
    if code:
        sys.exit(code)


class Negsim(App[None]):
    """The terminal interface."""

    TITLE = "negsim"
    CSS_PATH = str(Path(__file__).with_name("negsim.tcss"))
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "help", "Help", id="app.help", tooltip="What can be done here"),
        Binding(
            "ctrl+q", "quit", "Quit", id="app.quit", tooltip="Leave; everything is kept",
            priority=True,  # over whatever is open
        ),
        Binding("ctrl+p", "command_palette", "All", id="app.all", tooltip="Everything by name"),
    ]  # fmt: skip

    def __init__(self, *, plain: bool = False) -> None:
        super().__init__()
        if "TEXTUAL_ANIMATIONS" not in os.environ:
            self.animation_level = "none"
        self.kept: Kept | None = None
        self.settings = settings.read()
        self._plain = plain

    def on_mount(self) -> None:
        """Opens the first screen."""
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self._set_theme()
        self.open_first()
        self._fit(self.size)

    def open_first(self) -> None:
        """The first screen; in a browser that was reloaded, its session."""
        self.push_screen(Home())
        if (path := browser.current()) is not None:
            self.resume_session(path)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What goes over each line that is painted."""
        found = super().get_line_filters()
        if not self._plain:
            return found
        from negsim.tui.letters import PlainLetters

        return [*found, PlainLetters()]

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """The picture of the screen as SVG; it loads no letters from the net."""
        return FONTS.sub("", super().export_screenshot(title=title, simplify=simplify))

    # Sessions.

    def begin_session(self, start: Start) -> None:
        """Starts a session that way, and opens its table."""

        def begin() -> Kept:
            from negsim.tui.kept import begin

            return begin(start.pack, start.level, start.seat)

        self._open(begin, follow=start.follow)

    def ask_who(self, exercise: Heading) -> None:
        """Asks who takes an exercise, and starts it. One that cannot be read says why at once."""
        from negsim.tui.who import Who

        def begin(team: str | None, members: Sequence[str]) -> None:
            self.call_later(self.begin_exercise, exercise.id, team, members)

        if exercise.readable:
            self.push_screen(Who(exercise.title, begin))
        else:
            begin(None, ())

    def begin_exercise(
        self, name: str, team: str | None = None, members: Sequence[str] = ()
    ) -> None:
        """Starts an exercise, at its brief."""

        def begin() -> Kept:
            from negsim.tui.kept import begin_exercise

            return begin_exercise(name, team, members)

        self._open(begin)

    def resume_session(self, path: Path) -> None:
        """Goes on with a session."""

        def resume() -> Kept:
            from negsim.tui.kept import go_on

            return go_on(path)

        self._open(resume)

    def _open(self, make: Callable[[], Kept], *, follow: bool = False) -> None:
        """Opens the table of a session, or the exercise that is taken in it. What takes long is
        done in a thread and can be left."""
        from negsim.tui.opening import Opening

        def opened(kept: Kept) -> None:
            self.leave_session()
            self.kept = kept
            browser.opened(kept.writer.path)
            self.push_screen(self._screen_of(kept, follow))

        if isinstance(self.screen, Home):  # else a key that came faster has opened one
            self.push_screen(Opening(make, opened))

    def _screen_of(self, kept: Kept, follow: bool) -> Screen[None]:
        path, says = kept.writer.path, kept.warning or ""
        if kept.taking is not None:
            from negsim.tui.exercise import ExerciseScreen

            return ExerciseScreen(kept.taking, path, says=says)
        from negsim.tui.table import Table

        return Table(kept.sitting, path, says=says, follow=follow)

    def leave_session(self) -> None:
        """Lets go of the session that was played; it is whole on disk."""
        if self.kept is not None:
            self.kept.close()
            self.kept = None

    def close_session(self) -> None:
        """Goes back to the first screen."""
        self.leave_session()
        browser.left()
        while not isinstance(self.screen, Home):
            self.pop_screen()

    def on_unmount(self) -> None:
        """Lets go of the journal however the application ends."""
        self.leave_session()

    def complain(self, error: NegsimError) -> None:
        """Says on any screen what cannot be done, in place of what was said before."""
        self.clear_notifications()
        self.notify(printable(str(error)), title="No", severity="warning", timeout=10, markup=False)

    # What holds everywhere.

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Does what a key is for; a fault is told, and everything goes on. On a screen that is not
        built yet, where a key can come from the one before, nothing is done: nobody has seen it."""
        if isinstance(default_namespace, Screen) and not default_namespace.is_mounted:
            return True
        try:
            return await super().run_action(action, default_namespace, namespaces)
        except Exception as error:
            self.complain(as_told(error))
            return True

    def _handle_exception(self, error: Exception) -> None:
        """A fault ends the application; but a screen that was left while keys came faster than
        they were heard misses its own parts, and nobody misses anything."""
        if not (isinstance(error, NoMatches) and self._is_left(active_message_pump.get())):
            super()._handle_exception(error)

    def _is_left(self, pump: MessagePump) -> bool:
        try:
            return isinstance(pump, DOMNode) and pump.screen not in self.screen_stack
        except NoScreen:
            return True

    def on_resize(self, event: Resize) -> None:
        """Says so where there is too little room for anything."""
        if len(self.screen_stack) > 1:  # something is open already
            self._fit(event.size)

    def _fit(self, size: Size) -> None:
        small = size.width < WIDTH or size.height < HEIGHT
        if small and not isinstance(self.screen, TooSmall):
            self.push_screen(TooSmall(self._line_mode))
        elif not small and isinstance(self.screen, TooSmall):
            self.pop_screen()

    @property
    def _line_mode(self) -> str:
        """The command that goes on at a linear prompt."""
        if self.kept is None:
            return "negsim play two-towns"
        if self.kept.taking is not None:
            name = self.kept.taking.lesson.id
            return f"negsim exercise {name} --resume {self.kept.writer.path.stem}"
        pack = self.kept.sitting.pack.id
        return f"negsim play {pack} --resume {self.kept.writer.path.stem}"

    def followed(self, verb: str) -> None:
        """Remembers that somebody knows how to do it; its hint is not shown again."""
        if verb not in self.settings.followed:
            known = (*self.settings.followed, verb)
            self._remember(replace(self.settings, followed=known))

    def _remember(self, new: settings.Settings) -> None:
        self.settings = new
        settings.remember(new)

    def _set_theme(self) -> None:
        self.theme = (LIGHT if self.settings.light else DARK).name

    def action_light(self) -> None:
        """Light instead of dark, or dark instead of light."""
        self._remember(replace(self.settings, light=not self.settings.light))
        self._set_theme()

    def action_command_palette(self) -> None:
        """Everything by name."""
        from negsim.tui.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: what can be done on this screen, and what can be done on all."""
        if isinstance(screen, Verbal):
            yield from screen.commands()
        yield SystemCommand("Light or dark", "The other theme", self.action_light)
        yield SystemCommand("Help", "?: What can be done here", self.action_help)
        yield SystemCommand("Quit", "ctrl+q: Leave; everything is kept", self.action_quit)

    def action_help(self) -> None:
        """What can be done on this screen."""
        from negsim.tui.help import help_lines
        from negsim.tui.reader import Reader, page_width

        lines = help_lines(self.screen, page_width(self.size.width))
        self.push_screen(Reader("What can be done here", lines))
