"""The endings ahead of where the session stands, worked out while somebody plays."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.css.query import NoMatches
from textual.message import Message
from textual.reactive import var

from negsim.engine import outcome
from negsim.explore import MEMORY
from negsim.rules import EVERYTHING
from negsim.serve import browser
from negsim.sitting import Sitting
from negsim.tui.plain import Plain

if TYPE_CHECKING:
    from negsim.outlook import Asked, Lookout, Outlook


MANY = 100
"""Megabytes for diagrams where a machine serves many browsers."""


class Endings(VerticalScroll):
    """Each ending: whether it is still possible, how far it is, who can make sure of it or not.

    Nothing is worked out until it is looked at, or until `closes` or `look_back` is asked. What is
    known last is `found`, which others may watch.
    """

    found: var[Outlook | None] = var(None, init=False)

    class Told(Message, bubble=False):
        """Something new is known of a place, perhaps of one that was left."""

        def __init__(self, outlook: Outlook) -> None:
            super().__init__()
            self.outlook = outlook

    class Closing(Message):
        """`closes` has another answer now, for the place where the session stands."""

    def __init__(self, memory: int | None = None) -> None:
        super().__init__(id="endings")
        self._memory = memory or (MEMORY if browser.browser() is None else MANY)
        self._sitting: Sitting | None = None
        self.lookout: Lookout | None = None
        self._asked: Asked | None = None
        self._debrief: Callable[[Outlook], None] | None = None

    def compose(self) -> ComposeResult:
        """A page of text."""
        yield Plain()

    def show(self, sitting: Sitting) -> None:
        """Shows the endings ahead of where the session stands."""
        self._sitting = sitting
        if self.is_on_screen:
            self._look()

    def closes(self, action_id: str) -> str:
        """Which endings an action closes, in words; asks for it, where it is not known yet."""
        if self._sitting is None or self.ended is not None:
            return ""
        from negsim.outlook import Outlook, closing_words

        self._ask(far=self.is_on_screen)
        here = self.here or Outlook(self._sitting.here, self._sitting.eyes)
        return closing_words(self._sitting.game, here, action_id)

    def look_back(self) -> None:
        """Asks which steps of the line here closed endings: `Outlook.turns`, once it is found."""
        far = self.is_on_screen and self.ended is None
        self._ask(far=far, line=True)

    def debrief(self, tell: Callable[[Outlook], None]) -> None:
        """Asks the same for who sees everything; `tell` hears what is known of it so far."""
        self._debrief = tell
        self._ask(far=False, line=True, eyes=EVERYTHING)

    def on_show(self) -> None:
        """Works out what was left while nobody looked."""
        self._look()

    def on_hide(self) -> None:
        """Leaves what takes long for when somebody looks."""
        if self.lookout is not None:
            self.lookout.put_off()

    def on_resize(self) -> None:
        """Sets the lines for the new width."""
        self._write()

    def on_unmount(self) -> None:
        """Ends the work."""
        if self.lookout is not None:
            self.lookout.stop()

    def on_endings_told(self, event: Told) -> None:
        """Shows it, if it is about the place where the session stands."""
        before, here = self.here, event.outlook
        if self._debrief is not None and self._is_here(here, EVERYTHING):
            self._debrief(here)
        if not self._is_here(here):
            return
        self.found = here
        known = (before.closes, before.error) if before is not None else (None, "")
        if known != (here.closes, here.error):
            self.post_message(self.Closing())
        if self.is_on_screen:
            self._write()

    @property
    def here(self) -> Outlook | None:
        """What is known of the place where the session stands, to whose eyes see it."""
        found = self.found
        return found if found is not None and self._is_here(found) else None

    def _is_here(self, it: Outlook, eyes: str | None = None) -> bool:
        sitting = self._sitting
        return sitting is not None and it.is_for(sitting.here, eyes or sitting.eyes)

    @property
    def ended(self) -> str | None:
        """The ending that is reached, in words."""
        if self._sitting is None:
            return None
        ended = outcome(self._sitting.game, self._sitting.here.state)
        if ended is None:
            return None
        return f"Ending reached: {ended.ending.title}. {ended.reason}"

    def _look(self) -> None:
        if self._sitting is not None and self.ended is None:
            self._ask(far=True)
        self._write()

    def _ask(self, *, far: bool, line: bool = False, eyes: str | None = None) -> None:
        from negsim.outlook import Asked, Lookout

        if self._sitting is None:
            return
        if self.lookout is None:
            self.lookout = Lookout(self._sitting.case, self._tell, self._memory)
        here, before = self._sitting.here, self._asked
        eyes = eyes or self._sitting.eyes
        if before is not None and (before.node, before.viewpoint) == (here, eyes):
            line = line or before.line
        self._asked = Asked(here, eyes, far, line)
        self.lookout.ask(self._asked)

    def _tell(self, outlook: Outlook) -> None:
        """Heard in the thread that works it out; nobody may be there any more."""
        with suppress(RuntimeError):
            self.post_message(self.Told(outlook))

    def _write(self) -> None:
        with suppress(NoMatches):
            self.query_one(Plain).show(self._lines())

    def _lines(self) -> Iterable[str]:
        sitting, here, ended = self._sitting, self.here, self.ended
        if ended is not None:
            return [ended]
        if sitting is None or here is None:
            return ["Working out which endings are still possible ..."]
        from negsim.outlook import outlook_lines

        width = max(40, min(self.scrollable_content_region.width, 110))
        return outlook_lines(sitting.pack, here, width)
