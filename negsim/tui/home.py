"""The first screen: the packs, the ways to start one, and the sessions to go on with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from negsim.classroom.catalogue import Heading, headings
from negsim.errors import NegsimError
from negsim.pack.catalogue import Headline, headline, pack_ids, shipped
from negsim.tui.keys import Keys
from negsim.tui.offered import Offered, offered
from negsim.tui.plain import Plain, content
from negsim.tui.verbs import Verb, Verbal, bindings

if TYPE_CHECKING:
    from negsim.pack.load import LoadedPack
    from negsim.tui.app import Negsim

EXERCISE = "exercise:"
"""How the id of an entry starts that is an exercise."""
VERIFY = "What is wrong: negsim journal verify"
WELCOME = (
    "negsim steps through a diplomatic exchange: demand, consultation, written response, analysis."
)


@dataclass(frozen=True, slots=True)
class Start:
    """A way to start a pack."""

    pack: str
    level: str
    seat: str | None
    follow: bool
    title: str
    about: str


class Home(Verbal):
    """What there is to play."""

    app: Negsim
    VERBS: ClassVar[Sequence[Verb]] = (
        Verb(
            "open",
            "enter",
            "Open",
            "Go on with a session, or start a case or an exercise",
        ),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings("home", VERBS)

    def __init__(self) -> None:
        super().__init__()
        self._headlines: dict[str, Headline] = {}
        self._sessions: dict[str, Offered] = {}

    def compose(self) -> ComposeResult:
        """A list, and what the marked entry is."""
        yield Plain(WELCOME, id="title")
        yield OptionList(id="packs", markup=False)
        with VerticalScroll(id="about", can_focus=False):
            yield Plain(id="about-text")
        yield Keys()

    def on_screen_resume(self) -> None:
        """Lists the packs and the sessions, which may be others now."""
        self._headlines = {it.id: it for it in map(headline, _folders())}
        found = sorted(offered(), key=lambda it: not it.readable)
        self._sessions = {str(it.path): it for it in found}
        self._fill()
        self.query_one(OptionList).focus()

    def on_mount(self) -> None:
        """What the next screens need is loaded while somebody reads."""
        load = Thread(target=import_module, args=("negsim.tui.table",), daemon=True)
        self.call_after_refresh(load.start)

    def _fill(self) -> None:
        """The session that was played last, the packs, and then the earlier sessions."""
        packs = self.query_one(OptionList)
        marked = packs.highlighted_option.id if packs.highlighted_option else None
        packs.clear_options()
        earlier = [*self._sessions.values()]
        last = earlier.pop(0) if earlier and earlier[0].readable else None
        if last is not None:
            packs.add_options([_heading("Go on"), self._session(last)])
        packs.add_option(_heading("Cases" if last is None else "Or start a case"))
        for it in self._headlines.values():
            packs.add_option(Option(content(self._line(it)), id=f"pack/{it.id}"))
        if earlier:
            packs.add_option(_heading("Earlier sessions"))
            packs.add_options([self._session(it) for it in earlier])
        ids = [option.id for option in packs.options]
        packs.highlighted = ids.index(marked) if marked and marked in ids else 1

    def _line(self, it: Headline) -> str:
        if not it.readable:
            return f"{it.id}: cannot be read; try: negsim check {it.id}"
        return f"{it.title}  ({it.minutes} min, {it.difficulty})"

    def _session(self, it: Offered) -> Option:
        pack = self._headlines.get(it.pack)
        title = pack.title if pack is not None else it.pack
        told = f"{it.played}  {it.about}" if it.exercise else f"{it.played}  {title}: {it.about}"
        told = told if it.readable else f"{it.path.name}: unreadable"
        return Option(content(told), id=f"session/{it.path}")

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Tells what the marked entry is."""
        kind, _, name = (event.option_id or "").partition("/")
        about = self.query_one("#about-text", Plain)
        if kind == "pack":
            about.show(self._about(self._headlines[name]))
        elif kind == "session":
            session = self._sessions[name]
            if session.readable:
                about.show(["Enter goes on where it was left. It is kept in", name])
            else:
                about.show([session.about, "", f"{VERIFY} {session.path.stem}"])

    def _about(self, it: Headline) -> list[str]:
        last = next((one for one in self._sessions.values() if one.pack == it.id), None)
        played = f" Played last {last.played}." if last is not None else ""
        told = f"{it.minutes} minutes, {it.difficulty}.{played}"
        return [
            it.about,
            "",
            told,
            "Enter: follow the record, take a seat, or take an exercise.",
        ]

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Opens a session, or asks how to start a pack."""
        if not self.is_active:  # a key that came faster has opened something
            return
        kind, _, name = (event.option_id or "").partition("/")
        if kind == "session":
            self.app.resume_session(Path(name))
            return
        try:
            ways = Ways(name)
        except NegsimError as error:
            self.app.complain(error)
        else:
            self.app.push_screen(ways)

    def do_open(self) -> None:
        """Opens what is marked."""
        self.query_one(OptionList).action_select()


def _heading(title: str) -> Option:
    return Option(content(title), disabled=True)


def _folders() -> list[Path]:
    return [shipped() / name for name in pack_ids()]


class Ways(Verbal):
    """How to start a pack: follow the record, take a seat, explore freely, take an exercise.

    Raises NegsimError.
    """

    app: Negsim
    VERBS: ClassVar[Sequence[Verb]] = (
        Verb("exercises", "x", "Exercises", "To the first of the exercises"),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "app.pop_screen", "Back", id="ways.back", tooltip="Back to the cases"),
        *bindings("ways", VERBS),
    ]

    def __init__(self, pack: str) -> None:
        super().__init__()
        self._groups = {title: list(starts) for title, starts in _starts(pack)}
        self._starts = {_key(it): it for group in self._groups.values() for it in group}
        self._exercises = {f"{EXERCISE}{it.id}": it for it in headings(pack)}

    def compose(self) -> ComposeResult:
        """A list of ways, and what the marked one is."""
        yield Plain("How to start", id="title")
        ways = OptionList(id="packs", markup=False)
        for title, group in self._groups.items():
            if title:
                ways.add_option(_heading(title))
            ways.add_options([Option(content(it.title), id=_key(it)) for it in group])
        if self._exercises:
            ways.add_option(_heading("Exercises"))
        for key, one in self._exercises.items():
            ways.add_option(Option(content(_listed(one)), id=key))
        yield ways
        with VerticalScroll(id="about", can_focus=False):
            yield Plain(id="about-text")
        yield Keys()

    def on_mount(self) -> None:
        """Marks the first way."""
        self.query_one(OptionList).focus()
        self.query_one(OptionList).action_first()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Tells what the marked way is."""
        name = event.option_id or ""
        exercise = self._exercises.get(name)
        about = self._starts[name].about if exercise is None else _about(exercise)
        for told in self.query("#about-text").results(Plain):  # none, where it was left meanwhile
            told.show(about)

    def unable(self, name: str) -> str | None:
        """Why it cannot be done now."""
        return None if self._exercises else "this case has none"

    def do_exercises(self) -> None:
        """Marks the first exercise, which may be out of sight."""
        ways = self.query_one(OptionList)
        ways.highlighted = ways.get_option_index(next(iter(self._exercises)))
        ways.scroll_to_highlight(top=True)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Starts the pack that way."""
        if not self.is_active:  # it was left before this was heard
            return
        name = event.option_id or ""
        self.app.pop_screen()  # who is gone hears no answer
        if name in self._exercises:
            self.app.call_later(self.app.ask_who, self._exercises[name])
        else:
            self.app.call_later(self.app.begin_session, self._starts[name])


def _listed(it: Heading) -> str:
    if not it.readable:
        return f"{it.id}: cannot be read"
    return f"{it.title}  ({it.minutes} min{', your own' if it.own else ''})"


def _about(it: Heading) -> str:
    if not it.readable:
        return f"Enter says what is wrong; so does: negsim check {it.id}"
    return f"{it.about}\n\n{it.minutes} minutes in class, {it.tasks} tasks. Enter: its brief."


def _key(start: Start) -> str:
    return f"{start.level}/{start.seat}/{start.follow}"


def _starts(pack: str) -> Iterator[tuple[str, Iterator[Start]]]:
    """The ways, level by level, the simplest first."""
    from negsim.pack.compile import FULL
    from negsim.pack.load import load_pack

    loaded = load_pack(shipped() / pack, branches_too=False)
    for name, level in loaded.pack.levels.items():
        yield level.title, _of_level(loaded, name)
    yield "The whole" if loaded.pack.levels else "", _of_level(loaded, FULL)


def _of_level(loaded: LoadedPack, level: str) -> Iterator[Start]:
    from negsim.rules import NATURE
    from negsim.views import party_name

    pack = loaded.pack
    opening = pack.opening or pack.about
    about = f"{pack.levels[level].about}\n" if level in pack.levels else ""
    yield Start(
        pack.id, level, None, True, "Follow the record",
        f"{about}Step by step, with its sources; leave it at any point and go your own way.\n\n"
        f"{opening}",
    )  # fmt: skip
    for who in loaded.at(level).movers:
        if who != NATURE:
            yield Start(
                pack.id, level, who, False, f"Take a seat: {party_name(pack, who)}",
                f"{about}{pack.parties[who].about or ''}\n\nThe others follow the record as long "
                "as your line does; after that they pass.",
            )  # fmt: skip
    yield Start(
        pack.id, level, None, False, "Explore freely",
        f"{about}You act for everybody, and see with any eyes.\n\n{opening}",
    )  # fmt: skip
