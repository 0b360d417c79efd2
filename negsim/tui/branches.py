"""The tree of the session: the record as trunk, the lines that leave it, and where one stands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache, partial
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from negsim.errors import printable
from negsim.session import Node
from negsim.sitting import Sitting
from negsim.views import Row, marks, saw, tree_rows

LAZY = 1_000
"""Of more places than this, only the way to where the session stands is unfolded at first."""
PAGE = 200
"""More places than this on one level are folded in portions of so many."""
DEEPEST = 40
"""No place is set further in than this; what is beneath it stands beside it."""


def portions(name: str, inside: list[str], size: int) -> Mapping[str, list[str]]:
    """What stands under a name, and under its portions where that is more than `size`."""
    if len(inside) <= size:
        return {name: inside}
    parts = {
        f"{name}#{first}": inside[first : first + size] for first in range(0, len(inside), size)
    }
    return {name: [*parts], **parts}


class Branches(Tree[str]):
    """Every line that was tried; enter goes to a place.

    A line stands under its first place, so that it can be folded, and lines that part there stand
    under the place where they part.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select_cursor", "Go there", id="branches.go", tooltip="Go to the place"),
        Binding("space", "toggle_node", "Fold", id="branches.fold", tooltip="Fold or unfold it"),
    ]

    class Went(Message):
        """A place was chosen to go to."""

        def __init__(self, node_id: str) -> None:
            super().__init__()
            self.node_id = node_id

    def __init__(self) -> None:
        super().__init__(Text(" "), id="branches")
        self.show_root = False
        self.guide_depth = 3
        self.auto_expand = False
        self._sitting: Sitting | None = None
        self._shown: tuple[str, int, Node] | None = None
        self._sees: Callable[[Node], bool] = bool
        self._rows: dict[str, Row] = {}
        self._inside: dict[str, list[str]] = {}
        self._places: dict[str, TreeNode[str]] = {}
        self._stale: set[str] = set()
        self._way: Collection[str] = ()

    def show(self, sitting: Sitting) -> None:
        """Shows the tree as it is now; what is folded stays so, and the cursor where it was."""
        self._sitting = sitting
        self._stale.add(sitting.here.id)
        if self.is_on_screen:
            self._fill()

    def on_show(self) -> None:
        """Catches up with what was done while nobody looked."""
        self._fill()

    def _fill(self) -> None:
        sitting, before = self._sitting, self._shown
        if sitting is None:
            return
        now = (sitting.eyes, sitting.session.entries, sitting.here)
        if now == before:
            return
        if before is None or before[0] != sitting.eyes:
            self._sees = cache(partial(saw, sitting.case, viewpoint=sitting.eyes))
            self._stale.update(self._rows)
        was = before[2] if before is not None else None
        self._shown = now
        old = self._rows
        self._arrange(tree_rows(sitting.session, sitting.eyes, self._sees))
        self._stale.update(it for it in self._rows if it in old and _moved(old[it], self._rows[it]))
        mark = self.cursor_node.data if self.cursor_node is not None else None
        self._places = {}
        self._way = self._to(sitting.here.id)
        self._sync(self.root, "", unfold=was is not sitting.here)
        self._stale = {sitting.here.id}
        if was is None or mark == was.id or mark not in self._places:
            mark = sitting.here.id
        self._point_at(mark)

    def _arrange(self, rows: Iterable[Row]) -> None:
        """What stands under what: "" is the root."""
        self._rows = {}
        inside: dict[str, list[str]] = {"": []}
        over: dict[str, str] = {}
        depth = {"": 0}
        for row in rows:
            name = row.node.id
            top = row.under.id if row.under is not None else ""
            if depth[top] == DEEPEST:
                top = over[top]
            over[name], depth[name] = top, depth[top] + 1
            inside.setdefault(top, []).append(name)
            self._rows[name] = row
        self._inside = {}
        for name, names in inside.items():
            self._inside.update(portions(name, names, PAGE))

    def _to(self, name: str) -> set[str]:
        """What must be unfolded to see a place."""
        over = {name: top for top, names in self._inside.items() for name in names}
        found: set[str] = set()
        while name:
            name = over[name]
            found.add(name)
        return found

    def _sync(
        self, top: TreeNode[str], name: str, *, unfold: bool = False, anew: bool = False
    ) -> None:
        """Brings what stands under a place up to date, as far as it is unfolded.

        `unfold` unfolds the way to where the session stands; `anew` writes every label again.
        """
        wanted = self._inside.get(name, [])
        kept = {*wanted}
        for child in [*top.children]:
            if child.data not in kept:
                child.remove()
        for at, below in enumerate(wanted):
            there = top.children
            child = there[at] if at < len(there) else None
            if child is None or child.data != below:
                unfolded = below in self._way or len(self._rows) <= LAZY
                child = top.add(
                    self._label(below), below, before=at if child else None, expand=unfolded
                )
            elif anew or below in self._stale or below not in self._rows:
                child.set_label(self._label(below))
            self._places[below] = child
            child.allow_expand = below in self._inside
            if unfold and below in self._way and not child.is_expanded:
                child.expand()
            if child.is_expanded and child.allow_expand:
                self._sync(child, below, unfold=unfold, anew=anew)
        for child in [*top.children][len(wanted) :]:
            child.remove()

    def _label(self, name: str) -> Text:
        """A place in words, what marks it first; or a portion of places."""
        row = self._rows.get(name)
        if row is None or self._sitting is None:
            inside = self._inside[name]
            return Text(f"{len(inside)} places, {inside[0]} to {inside[-1]}")
        session = self._sitting.session
        told = [f"[{mark}]" for mark in marks(session, row.node, self._sitting.eyes)]
        style = "bold" if row.node is session.here else ""
        above = self._rows.get(row.under.id) if row.under is not None else None
        then = ["then"] if above is not None and above.depth == row.depth else []
        return Text(printable("  ".join([name, *told, *then, row.text])), style)

    def _point_at(self, name: str | None) -> None:
        there = self._places.get(name or "")
        if there is not None and there is not self.cursor_node and self.last_line >= 0:
            self.move_cursor(there)

    def on_tree_node_expanded(self, event: Tree.NodeExpanded[str]) -> None:
        """Fills what was unfolded."""
        event.stop()
        if event.node.data is not None:
            self._sync(event.node, event.node.data, anew=True)

    def on_tree_node_selected(self, event: Tree.NodeSelected[str]) -> None:
        """Goes to a place; a portion of places is unfolded or folded."""
        event.stop()
        name = event.node.data
        if name in self._rows:
            self.post_message(self.Went(name))
        else:
            event.node.toggle()


def _moved(old: Row, new: Row) -> bool:
    """Whether a place stands elsewhere in the tree than it did."""
    return (old.depth, old.under) != (new.depth, new.under)
