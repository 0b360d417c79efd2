"""The work at hand, in the centre of the table, and what is marked in it beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

from textual.app import ComposeResult
from textual.containers import Container, Vertical, VerticalScroll

from negsim.drafting import drafted
from negsim.rules import EVERYTHING
from negsim.sitting import Sitting
from negsim.text import wrap
from negsim.tui.actions import Actions, preview
from negsim.tui.draft import Draft
from negsim.tui.plain import Plain
from negsim.tui.record import Record
from negsim.views import item_lines, paper_lines, party_name

Work: TypeAlias = Literal["record", "draft", "actions", "withheld"]
"""The record that is followed, a draft, the actions of who has the turn, or, where the eyes are
another's, what those know."""
WORKS: tuple[Work, ...] = ("record", "draft", "actions", "withheld")
WIDE, BESIDE = 100, 42
"""From so many columns on there is room beside the centre for so many."""
TIGHT = 22
"""In so few lines there is none for a preview beneath it."""


class Centre(Container):
    """One of the works, and a preview of what is marked in it.

    `letters` filter the actions, `refused` shows those that are refused too, and `closes` tells
    which endings an action closes.
    """

    def __init__(self, sitting: Sitting, wanted: Work, closes: Callable[[str], str]) -> None:
        super().__init__(id="work")
        self.wanted = wanted
        self.letters = ""
        self.refused = False
        self._sitting = sitting
        self._closes = closes

    def compose(self) -> ComposeResult:
        """All works, of which one is shown, and the preview."""
        with Vertical(id="centre"):
            yield Record()
            yield Draft()
            yield Actions()
            with VerticalScroll(id="withheld"):
                yield Plain(id="withheld-text")
        with VerticalScroll(id="preview", can_focus=False):
            yield Plain(id="preview-text")

    @property
    def there(self) -> list[Work]:
        """What can stand here now."""
        sitting = self._sitting
        found: list[Work] = []
        shown = "record" not in sitting.rules.hides
        if sitting.seat is None and sitting.here.recorded and shown:
            found.append("record")
        if sitting.eyes not in (EVERYTHING, sitting.mover):
            return [*found, "withheld"]
        if drafted(sitting.case, sitting.choices) is not None:
            found.append("draft")
        return [*found, "actions"]

    @property
    def work(self) -> Work:
        """What stands here: what is wanted, or else the work at hand."""
        found = self.there
        if self.wanted in found:
            return self.wanted
        return next(it for it in found if it != "record")

    @property
    def arrows(self) -> str:
        """Which widget the arrows are for."""
        return "#points" if self.work == "draft" else f"#{self.work}"

    @property
    def marked(self) -> str:
        """The id of the action, or entry, that is marked."""
        if self.work == "draft":
            action = self.query_one(Draft).action
            return action.id if action is not None else ""
        return self.query_one(Actions).marked if self.work == "actions" else ""

    def show(self, columns: int) -> None:
        """Shows the work as it is now, in so many columns."""
        sitting, work = self._sitting, self.work
        for name in WORKS:
            self.query_one(f"#{name}").display = name == work
        if work != "record":  # it does not play on where nobody sees it
            self.query_one(Record).pause()
        wide = self.app.size.width >= WIDE
        room = wide or self.app.size.height > TIGHT
        beside = (work in ("draft", "actions") and room) or (work == "record" and wide)
        self.query_one("#preview").display = beside
        match work:
            case "record":
                self.query_one(Record).show(sitting, columns - wide * (BESIDE + 4))
            case "draft":
                paper = drafted(sitting.case, sitting.choices)
                self.query_one(Draft).show(sitting, paper or "")
            case "actions":
                left = columns - wide * (BESIDE + 4)
                self.query_one(Actions).show(sitting, self.letters, self.refused, left)
            case "withheld":
                self.query_one("#withheld-text", Plain).show(_withheld(sitting, columns))
        self.show_preview()

    def show_preview(self) -> None:
        """Shows what the marked action does; beside the record, what is known."""
        if self.work == "record":
            lines = _known(self._sitting, BESIDE)
        else:
            lines = preview(self._sitting, self.marked, self._closes(self.marked))
        self.query_one("#preview-text", Plain).show(lines)


def _known(sitting: Sitting, width: int) -> list[str]:
    """What the eyes know of the papers and the items."""
    return [
        "The papers, as far as they are known:",
        *paper_lines(sitting.case, sitting.known, width),
        "",
        "The items:",
        *item_lines(sitting.case, sitting.known, width),
    ]


def _withheld(sitting: Sitting, width: int) -> list[str]:
    """What the eyes know, and that what another can do is withheld."""
    told = f"Seen with the eyes of {party_name(sitting.pack, sitting.eyes)}."
    if sitting.mover is not None:
        who = party_name(sitting.pack, sitting.mover)
        told += f" What {who} can do, and drafts, is withheld."
        told += " v: other eyes." if sitting.seat is None else " p: go on."
    if sitting.seat is not None and sitting.over:
        after = "; d: the debrief." if sitting.sees_ahead else "."
        told += f" Your line has come to its end here{after}"
    return [*wrap(told, width), "", *_known(sitting, width)]
