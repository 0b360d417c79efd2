"""What can be saved: a picture of the screen, the line as a script, the debrief."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from negsim.errors import NegsimError
from negsim.sitting import Sitting
from negsim.tui.deliver import give
from negsim.tui.faults import as_told
from negsim.tui.plain import Plain, content


class ExportScreen(ModalScreen[None]):
    """A list of what can be saved; where it went is said in place."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "app.pop_screen", "Back", id="export.back", tooltip="Close it"),
    ]

    def __init__(self, sitting: Sitting, journal: Path | None, picture: str) -> None:
        super().__init__()
        self._sitting = sitting
        self._journal = journal
        self._picture = picture
        self._stem = journal.stem if journal is not None else sitting.pack.id
        self._ways: Mapping[str, tuple[str, Callable[[], Mapping[str, str]]]] = {
            "picture": ("The picture of the screen, as SVG", self._of_picture),
            "line": (
                "The line and all branches, as a script that can be replayed",
                self._of_line,
            ),
            "debrief": ("The debrief, as HTML and as Markdown", self._of_debrief),
        }

    def compose(self) -> ComposeResult:
        """The list, and what came of it."""
        with Vertical(id="page"):
            yield Plain("Save", classes="heading")
            yield OptionList(
                *(Option(content(title), id=name) for name, (title, _) in self._ways.items()),
                id="ways", markup=False,
            )  # fmt: skip
            kept = f"The session itself is kept in {self._journal}" if self._journal else ""
            yield Plain(kept, id="saved")
            yield Plain("\nenter: save   escape: back", classes="hint")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Saves it."""
        name = event.option_id or ""
        saved = self.query_one("#saved", Plain)
        if name == "debrief" and not self._sitting.sees_ahead:
            saved.show("No: the debrief comes when the line has come to its end.")
            return
        try:
            stem = f"{self._stem}-debrief" if name == "debrief" else self._stem
            saved.show(give(self.app, stem, self._ways[name][1]()))
        except Exception as error:
            saved.show(f"No: {as_told(error)}")

    def _of_picture(self) -> Mapping[str, str]:
        return {"svg": self._picture}

    def _of_line(self) -> Mapping[str, str]:
        from negsim.journal import read_journal
        from negsim.scripts import script_text

        if self._journal is None:
            raise NegsimError("this session is kept nowhere")
        return {"yaml": script_text(read_journal(self._journal))}

    def _of_debrief(self) -> Mapping[str, str]:
        from negsim.debrief import debrief
        from negsim.tui.debrief import pages

        return pages(debrief(self._sitting.session))
