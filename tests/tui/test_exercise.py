"""An exercise on the screen: each kind of task by keys, two seats, and what goes wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.widgets import Input, OptionList

from negsim import places
from negsim.classroom.lesson import load_lesson
from negsim.errors import NegsimError
from negsim.journal import read_journal
from negsim.places import journals
from negsim.session import Session, replayed
from negsim.tui.actions import Actions
from negsim.tui.curtain import Curtain
from negsim.tui.debrief import DebriefScreen
from negsim.tui.exercise import ExerciseScreen
from negsim.tui.home import Home
from negsim.tui.line import Line
from negsim.tui.reader import Reader
from negsim.tui.table import HIDDEN, HIDES
from negsim.tui.task_table import Bringing, TaskTable
from negsim.tui.who import Who
from tests.tui import HOSTILE
from tests.tui.app_tests import FAULT, LARGE, SIZE, Play, playing

Write = Callable[..., str]

WEIR = "answer/letter/weir/rejected"
ASKS: dict[str, Any] = {
    "which": {
        "kind": "choose",
        "ask": "Who demands?",
        "options": {
            "low": {"text": "Lowmill", "feedback": "It answers."},
            "high": {"text": "Highwell", "right": True, "feedback": "So it does."},
        },
        "told": "The demander demands.",
    },
    "several": {
        "kind": "choose",
        "several": True,
        "ask": "Which are towns?",
        "options": {
            "a": {"text": "Highwell", "right": True},
            "b": {"text": "The weir"},
            "c": {"text": "Lowmill", "right": True},
        },
    },
    "order": {
        "kind": "order",
        "ask": "Put them in order.",
        "entries": {name: {"text": name} for name in ("demand", "consult", "answer", "judge")},
    },
    "match": {
        "kind": "match",
        "ask": "Match them.",
        "things": {
            "weir": {"text": "The weir", "right": ["low"]},
            "spring": {"text": "The spring", "right": ["high"]},
        },
        "choices": {"low": "Lowmill", "high": "Highwell"},
    },
    "guess": {
        "kind": "predict",
        "ask": "What will come?",
        "after": "promise",
        "until": "delivery",
        "values": {"weir": {"ask": "On the weir?", "of": "letter.weir"}},
        "because": {"a": {"text": "It is their weir", "right": True}, "b": {"text": "Luck"}},
    },
    "turn": {
        "kind": "compare",
        "ask": "Which step closed it?",
        "after": "promise",
        "ending": "whole",
        "right": ["clear/letter"],
    },
    "judge": {"kind": "judge", "ask": "Read it.", "after": "delivery", "paper": "letter"},
    "seal": {"kind": "seal", "ask": "Is it met?", "choices": {"a": "it is", "b": "it is not"}},
    "why": {"kind": "explain", "ask": "Why is that?", "rubric": [{"text": "Names a rule."}]},
}
REACH: dict[str, Any] = {
    "kind": "reach",
    "title": "The letter",
    "ask": "Write on the weir.",
    "goal": {"when": {"letter.weir": "rejected"}},
    "within": {"actions": 3},
    "after": "promise",
    "told": "Now it is written.",
}


@pytest.fixture
def write() -> Write:
    """Writes a teacher's own exercise of the two towns, and gives its name."""

    def write(name: str = "try", text: str | None = None, **parts: Any) -> str:
        path = places.exercises() / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = {
            "pack": "two-towns",
            "format": 1,
            "title": "The weir",
            "about": "A first try.",
            "minutes": 20,
            "goals": ["Learn the words."],
            "concepts": ["demand"],
            "brief": "Two towns quarrel over a weir.",
            "tasks": {"which": ASKS["which"]},
            **parts,
        }
        dumped = json.dumps(whole)  # which is YAML, and has no aliases
        path.write_text(dumped if text is None else text, encoding="utf-8")
        return f"two-towns/{name}"

    return write


def at(play: Play) -> ExerciseScreen:
    """The exercise that is taken."""
    found = [it for it in play.app.screen_stack if isinstance(it, ExerciseScreen)]
    assert found, play.app.screen_stack
    return found[-1]


def session(play: Play) -> Session:
    return at(play).taking.session


async def begin(play: Play, name: str, *keys: str) -> None:
    """Starts an exercise, at its brief, and presses keys."""
    play.app.begin_exercise(name)
    await play.until(lambda: isinstance(play.screen, ExerciseScreen) and play.screen.focused)
    assert at(play).page == "brief"
    await play.press(*keys)


async def resume(play: Play) -> None:
    """Goes on with the one session that is kept, by its entry on the first screen."""
    assert isinstance(play.screen, Home)
    await play.press("home", "enter")
    await play.until(lambda: isinstance(play.screen, ExerciseScreen | TaskTable | Curtain))
    await play.settle()


def kept(play: Play) -> Session:
    """The session as it is on the disk."""
    return replayed(read_journal(at(play).path), session(play).case)


def answers(play: Play) -> dict[str, Any]:
    """What the disk has as answers, by task."""
    assert kept(play).entries == session(play).entries
    return {it.task: dict(it.given) for it in kept(play).answers}


# From the brief to the end


@SIZE
def test_every_kind_of_question_is_answered_by_keys(write: Write, size: tuple[int, int]) -> None:
    name = write(tasks=ASKS)

    async def test(play: Play) -> None:
        await begin(play, name)
        assert "Two towns quarrel over a weir." in play.text
        assert session(play).entries == 0, "nothing began yet"
        await play.press("enter")
        assert "Task 1 of 9: Choose" in play.text
        await play.press("1")
        assert "(x) 1 Lowmill" in play.text
        await play.press("down", "enter")
        assert "(x) 2 Highwell" in play.text
        assert "h: hand in" in play.says
        assert answers(play) == {}
        await play.press("h")
        assert answers(play)["which"] == {"which": "high"}
        assert "You: Highwell Right. So it does. The demander demands." in play.text
        await play.press("enter", "1", "3", "2", "space", "h")
        assert at(play).page == "feedback"
        assert answers(play)["several"] == {"several": ["a", "c"]}, (
            "a second time takes the mark off"
        )

        await play.press("enter")
        order = [it.id for it in at(play).query_one("#asked")._orders["order"]]  # type: ignore[attr-defined]
        assert order != ["demand", "consult", "answer", "judge"]
        place = order.index("demand")
        await play.press(*["down"] * place, "1")
        order.insert(0, order.pop(place))
        assert f"1. {order[0]}" in play.text
        await play.press("shift+down", "enter", "h")
        order.insert(1, order.pop(0))
        assert answers(play)["order"] == {"order": order}

        await play.press("enter")
        assert "Question 1 of 2. The weir" in play.text
        await play.press("1", "h")
        assert play.says == "This is not answered yet."
        await play.press("left")
        assert "Question 1 of 2. The weir" in play.text
        assert "(x) 1 Lowmill" in play.text
        await play.press("right", "2", "h")
        assert answers(play)["match"] == {"weir": "low", "spring": "high"}

        await play.press("enter")
        assert session(play).here.id == "r3"
        await play.press("2", "1", "h")
        assert answers(play)["guess"] == {"weir": "rejected", "because": "a"}
        assert "So the record shows it." in play.text
        await play.press("enter", "2", "h", "enter")
        assert set(answers(play)["turn"]) == {"step"}
        assert "an open gate at night: talks offered" in play.text, "the paper is beside it"
        questions = len(at(play).taking.questions("judge"))
        await play.press(*["2"] * questions, "h")
        assert len(answers(play)["judge"]) == questions
        await play.press("enter", "1")
        await play.write("because h is a letter")
        await play.press("enter", "h", "enter")
        assert answers(play)["seal"] == {"verdict": "a", "reason": "because h is a letter"}
        await play.write("so it is")
        await play.press("enter", "h")
        assert answers(play)["why"] == {"why": "so it is"}
        await play.press("enter")
        assert at(play).page == "done"
        printed = read_journal(at(play).path).fingerprint
        assert f"fingerprint {printed}" in play.text
        assert at(play).path.name in "".join("".join(play.rows).split())
        await play.press("d")
        assert play.says == "No: nothing was played."
        await play.press("down", "enter")
        assert isinstance(play.screen, Reader)
        assert "So it does." in play.text

    playing(test, size)


def test_a_played_task_has_its_table_and_then_the_debrief(write: Write) -> None:
    name = write(seats=["lowmill"], tasks={"write": REACH, "which": ASKS["which"]})

    async def test(play: Play) -> None:
        await begin(play, name, "enter")
        assert "Write on the weir. You have 3 actions. enter: play" in play.text
        await play.press("h")
        assert play.says == "No: this task is played; enter opens the table."
        await play.press("enter")
        table = play.screen
        assert isinstance(table, TaskTable)
        assert play.shown("task") == "Task 1 of 2: The letter. Left: 3 actions. h: hand in"
        await play.press("h")
        assert "The goal is not reached" in play.says
        await play.press("down", "h")
        assert isinstance(play.screen, TaskTable), "down is no yes"
        await play.press("s", "escape", "h")
        assert isinstance(play.screen, TaskTable), "nor was it when something was looked at"
        await play.press("up", "up", "1")
        assert kept(play).here.action == WEIR
        assert "The goal is reached." in play.shown("task")
        await play.press("h")
        assert isinstance(play.screen, ExerciseScreen)
        assert "Done as asked. Now it is written." in play.text
        assert answers(play) == {"write": {}}
        await play.press("enter", "2", "h", "enter")
        assert at(play).page == "done"
        before = at(play).path.read_bytes()
        await play.press("d")
        assert isinstance(play.screen, DebriefScreen)
        await play.settle()
        assert play.screen.sitting.here.action == WEIR, "of the line, wherever the session stands"
        await play.press("escape")
        assert at(play).path.read_bytes() == before, "looking back changes no fingerprint"

    playing(test)


def test_what_is_to_be_avoided_is_avoided_once_the_limit_is_reached(write: Write) -> None:
    avoid = {**REACH, "kind": "avoid", "within": {"rounds": 1}, "after": "promise"}
    name = write(seats=["lowmill"], others="wait", tasks={"wait": avoid})

    async def test(play: Play) -> None:
        await begin(play, name, "enter", "enter")
        assert play.shown("task") == "Task 1 of 1: The letter. Left: 1 round. h: hand in"
        await play.press("h")
        assert "The goal is not reached" in play.says, "it was not played out"
        await play.press("p")
        assert "the one round of this task is over" in play.shown("task")
        await play.press("h")
        assert "Done as asked." in play.text

    playing(test)


def test_statements_are_attributed_by_keys(write: Write) -> None:
    said = {
        "open": {"text": "The open door stays.", "fact": "F33", "who": ["us"]},
        "papers": {"text": "Both papers were delivered.", "fact": "F58", "who": ["press"]},
    }
    who = {"us": "the US administration", "press": "the reporters"}
    task = {"kind": "attribute", "ask": "Who says so?", "statements": said, "who": who}
    write("who", pack="january-2022", level="basic", tasks={"who": task})

    async def test(play: Play) -> None:
        await begin(play, "january-2022/who", "enter", "1")
        assert "Question 2 of 4" in play.text
        await play.press(*"211", "h")
        assert answers(play)["who"] == {
            "open/who": "us", "open/kind": "claim", "papers/who": "us", "papers/kind": "event",
        }  # fmt: skip
        rows = at(play).query_one("#rows")
        assert [it.facts for it in rows.rows] == [["F33"], ["F33"], ["F58"], ["F58"]]  # type: ignore[attr-defined]
        assert "Right." in play.text
        await play.press("f")
        assert "non-starter" in play.text

    playing(test, LARGE)


def test_what_is_hidden_cannot_be_looked_at_from_the_table(write: Write) -> None:
    hides = ["record", "endings", "branches", "facts"]
    free = {key: it for key, it in REACH.items() if key != "within"} | {"kind": "find"}
    name = write(hides=hides, tasks={"write": free})

    async def test(play: Play) -> None:
        await begin(play, name, "enter", "enter")
        table = play.screen
        assert isinstance(table, TaskTable)
        assert table.centre != "record"
        where = session(play).here
        for verb, key in (("next", "n"), ("facts", "f"), ("debrief", "d"), ("compare", "c"),
                          ("show branches", "b"), ("show endings", "g")):  # fmt: skip
            assert verb in HIDES
            await play.press(key)
            assert play.screen is table
            assert HIDDEN in play.says, verb
        await play.press("e", "right")
        assert play.screen is table
        assert session(play).here is where
        await play.press("a")
        assert "Branches" not in play.text
        assert "what the record shows next" not in play.text
        assert "debrief" not in play.shown("stage")

    playing(test)


def test_a_delivered_paper_stays_so_and_the_limit_stops_play(write: Write) -> None:
    name = write(seats=["lowmill"], start="clear", tasks={"write": {
        **REACH, "after": "clear", "within": {"actions": 1},
        "goal": {"when": {"letter.status": "delivered"}},
    }})  # fmt: skip

    async def test(play: Play) -> None:
        await begin(play, name, "enter", "enter")
        delivery = next(it.id for it in play.sitting.choices if it.id.startswith("deliver/"))
        play.table._try(lambda: play.sitting.take(delivery), "take")
        await play.settle()
        assert "the one action of this task is used up" in play.shown("task")
        await play.press("u")
        assert "a paper that was delivered stays delivered" in play.says
        entries = session(play).entries
        await play.press("p")
        assert "the one action of this task is used up" in play.says
        assert session(play).entries == entries

    playing(test)


def test_a_reason_is_asked_after_each_answer_to_a_paper(write: Write) -> None:
    name = write(seats=["lowmill"], tasks={"write": {**REACH, "reasons": True}})

    async def test(play: Play) -> None:
        await begin(play, name, "enter", "enter", "1")
        line = play.screen.query_one(Line)
        assert line.has_focus
        assert line.placeholder.startswith("a lower weir: refused. Why? enter keeps a line")
        await play.write("the mill")
        await play.press("enter")
        here = kept(play).here
        assert kept(play).notes[here.id] == ("the mill",)
        assert not line.display
        await play.press("u")
        assert not line.display
        await play.press("1", "escape")
        assert not line.display
        await play.press("p")
        assert not play.screen.query_one(Line).display, "to pass needs none"

    playing(test)


def test_what_comes_from_outside_is_told_and_can_be_brought_in(write: Write) -> None:
    injects = {
        "call": {"round": 1, "sender": "The miller", "text": f"It rains. {HOSTILE}", "odds": 100},
        "led": {"round": 1, "sender": "A boy", "text": "The gate is open."},
    }  # fmt: skip
    name = write(seats=["lowmill"], injects=injects, tasks={"write": REACH})

    async def test(play: Play) -> None:
        await begin(play, name, "enter", "enter")
        assert "The miller: It rains." in play.shown("news")
        assert HOSTILE in play.shown("news")
        await play.press("j")
        assert isinstance(play.screen, Bringing)
        await play.press("enter")
        assert "A boy: The gate is open." in play.shown("news")
        assert "It rains" not in play.shown("news"), "told once"
        assert [it for it, _ in kept(play).injects] == ["call", "led"]
        await play.press("j")
        assert play.says == "No: nothing is left to be brought in."
        await play.press("s")
        assert "It rains." in play.text, "it can be read again"

    playing(test, LARGE)


def test_the_check_is_asked_until_it_is_right(write: Write) -> None:
    name = write(check={"who": ASKS["which"]})

    async def test(play: Play) -> None:
        await begin(play, name, "enter")
        assert "before you start" in play.text
        await play.press("1", "h")
        assert play.says.startswith("Not yet.")
        assert "It answers." in play.says
        assert session(play).entries == 0
        await play.press("2", "h")
        assert at(play).page == "task"
        assert answers(play) == {}, "it is never graded"

    playing(test)


# Going on


def test_an_exercise_goes_on_where_it_was_left(write: Write) -> None:
    tasks = {"which": ASKS["which"], "why": ASKS["why"], "write": REACH}
    name = write(seats=["lowmill"], tasks=tasks)

    async def test(play: Play) -> None:
        await begin(play, name, "enter", "2", "h", "enter")
        await play.write("half a tex")
        await play.press("escape", "escape")
        assert isinstance(play.screen, Home)
        entry = str(play.screen.query_one(OptionList).options[1].prompt)
        assert entry.endswith("exercise: The weir, task 2 of 3")
        await resume(play)
        assert at(play).page == "task"
        assert "half a tex" in play.text, "it was not handed in, and is not lost"
        await play.write("t")
        await play.press("enter", "h", "enter", "enter", "1", "escape", "escape")
        assert isinstance(play.screen, Home)
        await resume(play)
        assert isinstance(play.screen, TaskTable), "play was under way"
        assert session(play).here.action == WEIR
        assert answers(play)["why"] == {"why": "half a text"}
        await play.press("h", "enter", "escape")
        assert "exercise: The weir, done" in play.text
        await resume(play)
        assert at(play).page == "done"

    playing(test)


def test_an_exercise_that_has_changed_since_is_said_or_refused(write: Write) -> None:
    tasks = {"which": ASKS["which"], "why": ASKS["why"]}
    name = write(tasks=tasks)

    async def test(play: Play) -> None:
        await begin(play, name, "enter", "2", "h", "escape")
        write(tasks=tasks, about="Another.")
        await resume(play)
        assert "has changed since; what was answered still fits" in play.says
        await play.press("escape", "escape")
        gone = {**ASKS["which"]["options"], "top": {"text": "T", "right": True}}
        del gone["high"]
        write(tasks={**tasks, "which": {**ASKS["which"], "options": gone}})
        await play.press("home", "enter")
        await play.until(lambda: play.told)
        assert isinstance(play.screen, Home)
        assert 'no answer "high"' in play.told
        assert play.app.kept is None

    playing(test, LARGE, told=True)


def test_a_session_of_an_exercise_that_nobody_knows_opens_no_file(
    write: Write, tmp_path: Path
) -> None:
    write()
    own = tmp_path / "mine.yaml"
    own.write_bytes((places.exercises() / "try.yaml").read_bytes())
    from negsim import journal_file
    from negsim.classroom.taking import Taking, header_of

    lesson = load_lesson(own)
    header = header_of(lesson).model_copy(update={"exercise": str(own)})
    with journal_file.create(journal_file.file_of(header), header) as writer:
        Taking(lesson, Session(lesson.case, header, writer.append)).go_on()

    async def test(play: Play) -> None:
        assert f"exercise: {own}"[:40] in play.text
        await play.press("enter")
        await play.until(lambda: play.told)
        assert "no exercise is called" in play.told
        assert "negsim exercise FILE --resume" in play.told

    playing(test, LARGE, told=True)


# Two seats


def test_two_at_one_terminal_see_nothing_of_each_other(write: Write) -> None:
    private = {"lowmill": "LOW knows this.", "highwell": "HIGH knows that."}
    name = write(
        seats=["lowmill", "highwell"], private=private, others="wait",
        tasks={"seal": ASKS["seal"], "write": {**REACH, "within": {"rounds": 6}}},
    )  # fmt: skip

    async def test(play: Play) -> None:
        def hides(*words: str) -> None:
            assert not any(it in play.text for it in words), play.text

        await begin(play, name)
        hides("LOW knows", "HIGH knows")
        await play.press("enter")
        assert isinstance(play.screen, Curtain)
        assert "Hand the keys to Lowmill. Enter once they sit." in play.text
        hides("LOW knows", "HIGH knows")
        await play.press("x", "h", "space", "ctrl+p", "escape")
        assert isinstance(play.screen, Curtain), "only enter opens it"
        await play.press("enter")
        assert "LOW knows this." in play.text
        await play.press("enter")
        assert "Hand the keys to Highwell." in play.text
        hides("LOW knows", "HIGH knows")
        await play.press("enter")
        assert "HIGH knows that." in play.text
        hides("LOW knows")
        await play.press("enter", "enter", "1")
        await play.write("my secret")
        await play.press("enter", "h")
        assert isinstance(play.screen, Curtain)
        hides("my secret")
        assert answers(play) == {}
        await play.press("enter")
        assert "Highwell answers alone" in play.text
        hides("my secret", "(x)")
        await play.press("left", "left")
        hides("my secret", "(x)")
        await play.press("2")
        await play.write("their secret")
        await play.press("enter", "h")
        assert "Lowmill: my secret" in play.text
        assert "Highwell: their secret" in play.text
        assert answers(play)["seal"] == {
            "verdict/lowmill": "a", "reason/lowmill": "my secret",
            "verdict/highwell": "b", "reason/highwell": "their secret",
        }  # fmt: skip
        await play.press("enter", "enter")
        assert isinstance(play.screen, Curtain), "a turn is one seat's alone"
        hides("weir:")
        await play.press("enter")
        assert isinstance(play.screen, TaskTable)
        assert play.sitting.seat == "lowmill"
        await play.press("1")
        assert session(play).here.action == WEIR
        await play.press("p")
        assert isinstance(play.screen, Curtain)
        assert "Hand the keys to Highwell." in play.text
        hides("refused", "agreed")
        await play.press("enter")
        assert play.sitting.seat == "highwell"
        hides("refused")
        await play.press("u")
        assert "the turn before was the other's" in play.says
        for tab in "tlikys":
            await play.press(tab)
            hides("LOW knows", "refused")
            await play.press("escape") if isinstance(play.screen, Reader) else None
        await play.press("t", "p")
        assert "Hand the keys to Lowmill." in play.text
        await play.press("escape")
        assert isinstance(play.screen, Home)
        await resume(play)
        assert isinstance(play.screen, Curtain), "whoever comes back sits down first"

    playing(test, LARGE)


# What goes wrong


def test_hostile_texts_are_shown_as_they_are(write: Write) -> None:
    options = {"a": {"text": HOSTILE, "right": True, "feedback": HOSTILE}, "b": {"text": HOSTILE}}
    choose = {"kind": "choose", "ask": HOSTILE, "title": HOSTILE, "options": options,
              "told": HOSTILE}  # fmt: skip
    seal = {"kind": "seal", "ask": HOSTILE, "choices": {"a": HOSTILE, "b": HOSTILE}, "aim": HOSTILE}
    order = {"kind": "order", "ask": HOSTILE, "entries": {it: {"text": HOSTILE} for it in "abc"}}
    write(
        title=HOSTILE, about=HOSTILE, brief=HOSTILE, goals=[HOSTILE], seats=["lowmill"],
        private={"lowmill": HOSTILE}, check={"c": choose},
        tasks={"one": choose, "seal": seal, "order": order,
               "play": {**REACH, "title": HOSTILE, "ask": HOSTILE, "told": HOSTILE}},
    )  # fmt: skip

    async def test(play: Play) -> None:
        def shown() -> None:
            assert HOSTILE in play.text or HOSTILE in " ".join(play.text.split()), play.text

        await play.press("down", "enter", "end")
        shown()
        await play.press("enter")
        shown()
        await play.press("enter", "enter")
        await play.until(lambda: isinstance(play.screen, ExerciseScreen) and play.screen.focused)
        for keys in (
            [], ["enter"], ["1", "h"], ["1", "h"], ["enter", "1"],
        ):  # fmt: skip
            await play.press(*keys)
            shown()
        await play.write(HOSTILE)
        shown()
        for keys in (["enter", "h"], ["enter"], ["enter", "h"], ["enter"], ["enter"], ["s"]):
            await play.press(*keys)
            shown()
        await play.press("escape", "1", "h")
        shown()
        await play.press("enter")
        assert at(play).page == "done"
        shown()
        assert FAULT not in play.says
        await play.press("escape")
        shown()

    playing(test, (240, 50))


@pytest.mark.parametrize(
    "text",
    ["", "title: [", "\x00\x01", "format: 1\ntitle: T\nabout: A\nminutes: 9\ntasks: {a: {}}"],
)
def test_a_file_that_is_no_exercise_is_told(write: Write, text: str) -> None:
    write("bad", text)
    write("good")

    async def test(play: Play) -> None:
        await play.press("down", "enter", "x")
        entry = play.screen.query_one(OptionList).highlighted_option
        assert entry is not None
        assert entry.id == "exercise:own/bad"
        assert "own/bad: cannot be read" in play.text
        await play.press("enter")
        await play.until(lambda: play.told)
        assert isinstance(play.screen, Home)
        assert "bad.yaml" in play.told
        assert FAULT not in play.told
        assert journals() == [], "nothing was begun"
        await begin(play, "two-towns/good")

    playing(test, LARGE, told=True)


def test_wrong_keys_do_nothing(write: Write) -> None:
    tasks = {"which": ASKS["which"], "order": ASKS["order"], "write": REACH}
    name = write(seats=["lowmill"], tasks=tasks)
    wrong = "h x z 9 0 left right space shift+up shift+down d tab home end pageup pagedown f q"

    async def test(play: Play) -> None:
        async def stays(*but: str) -> None:
            page, entries = at(play).page, session(play).entries
            but = (*but, "d", "h") if page == "done" else but
            await play.press(*[it for it in wrong.split() if it not in but])
            assert (at(play).page, session(play).entries) == (page, entries)
            assert play.screen is at(play)
            assert FAULT not in play.says
            at(play)._focus()
            await play.settle()

        await begin(play, name)
        await stays()
        await play.press("enter")
        await stays("space")
        await play.press("2", "h")
        await stays()
        await play.press("enter")
        await stays("shift+up", "shift+down")
        await play.press("enter", "h")
        await stays()
        await play.press("enter")
        await stays()
        await play.press("enter", "1", "h", "enter")
        await stays()

    playing(test)


def test_keys_that_come_faster_than_they_are_heard_answer_once(write: Write) -> None:
    name = write(tasks={"which": ASKS["which"], "several": ASKS["several"]})

    async def test(play: Play) -> None:
        await begin(play, name)
        await play.burst("enter", "2", "h", "h", "h")
        assert answers(play) == {"which": {"which": "high"}}
        await play.burst("enter", "enter", "enter", "escape", "escape")
        assert isinstance(play.screen, Home)

    playing(test)


def test_what_cannot_be_kept_is_said_and_can_be_tried_again(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = write(tasks={"which": ASKS["which"], "why": ASKS["why"]})

    async def test(play: Play) -> None:
        await begin(play, name, "enter", "2")
        keep = session(play).keep

        def full(entry: object) -> None:
            raise NegsimError("the disk is full")

        session(play).keep = full
        await play.press("h")
        assert play.says == "No: the disk is full"
        assert at(play).page == "task"
        assert answers(play) == {}
        session(play).keep = keep
        await play.press("h", "enter")
        assert answers(play) == {"which": {"which": "high"}}

    playing(test)


def test_a_long_paste_is_not_lost(write: Write) -> None:
    name = write(tasks={"why": ASKS["why"]})
    text = "one\ntwo\x1b[2J\r\n" + "many words " * 500

    async def test(play: Play) -> None:
        await begin(play, name, "enter")
        play.app.post_message(events.Paste(text))
        await play.settle()
        await play.press("enter", "h")
        assert "write 1 to 4000 letters, not 5" in play.says
        assert at(play).page == "task"
        writing = at(play).query_one("#writing")
        assert writing.text.startswith("one two\\x1b[2J many words")  # type: ignore[attr-defined]
        assert writing.text.count("many words") == 500, "whole, and once"  # type: ignore[attr-defined]
        writing.text = "many words " * 300  # type: ignore[attr-defined]
        await play.settle()
        await play.press("h")
        assert answers(play)["why"]["why"].count("many") == 300

    playing(test)


# Who takes it.


async def ask_who(play: Play) -> None:
    """Chooses the tutorial on the first screen, up to who takes it."""
    await play.press("down", "enter", "x", "enter")
    await play.until(lambda: isinstance(play.screen, Who))


def test_who_takes_it_is_written_before_the_brief() -> None:
    async def test(play: Play) -> None:
        await ask_who(play)
        await play.write(" Ada  [b]Lovelace[/b], , Grace")
        await play.press("enter")
        play.screen.query_one("#team", Input).value = "The\u202emill"
        await play.press("enter")
        await play.until(lambda: isinstance(play.screen, ExerciseScreen) and play.screen.focused)
        header = session(play).header
        assert header.members == ["Ada [b]Lovelace[/b]", "Grace"]
        assert header.team == "The\\u202emill"
        assert read_journal(at(play).path).header == header

    playing(test)


def test_names_may_stay_empty_and_nothing_begins_where_it_is_left() -> None:
    async def test(play: Play) -> None:
        await ask_who(play)
        await play.press("escape")
        assert isinstance(play.screen, Home)
        assert not list(places.sessions().glob("*.jsonl"))
        await ask_who(play)
        await play.press("enter", "enter")
        await play.until(lambda: isinstance(play.screen, ExerciseScreen) and play.screen.focused)
        assert (session(play).header.team, session(play).header.members) == (None, [])

    playing(test)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("a" * 121, "No: write 1 to 120 letters, not 121"),
        (",".join("a" * 41), "No: these are 41 names; write at most 40"),
    ],
)
def test_what_is_no_name_is_said_and_can_be_mended(line: str, said: str) -> None:
    async def test(play: Play) -> None:
        await ask_who(play)
        play.screen.query_one("#members", Input).value = line
        await play.press("enter", "enter")
        assert isinstance(play.screen, Who)
        assert said in play.text
        play.screen.query_one("#members", Input).value = "Ada"
        await play.press("enter")
        await play.until(lambda: isinstance(play.screen, ExerciseScreen) and play.screen.focused)
        assert session(play).header.members == ["Ada"]

    playing(test)


def test_what_cannot_be_done_is_not_begun(write: Write) -> None:
    impossible = {**REACH, "goal": {"when": {"letter.weir": "accepted"}}, "after": "clear"}
    name = write(seats=["lowmill"], start="clear", tasks={"write": impossible})

    async def test(play: Play) -> None:
        play.app.begin_exercise(name)
        await play.until(lambda: "try.yaml:1:" in play.told)
        assert isinstance(play.screen, Home)
        assert not list(places.sessions().glob("*.jsonl"))

    playing(test, LARGE, told=True)


def test_feedback_can_come_later(write: Write) -> None:
    name = write(feedback="later", tasks={"which": ASKS["which"], "why": ASKS["why"]})

    async def test(play: Play) -> None:
        await begin(play, name, "enter", "1", "h")
        assert "Kept. What is right is told later." in play.text
        assert "ight. It is" not in play.text
        await play.press("enter")
        await play.write("so it is")
        await play.press("enter", "h", "enter")
        assert at(play).page == "done"
        assert "1. Choose: kept" in play.text

    playing(test)


def test_a_second_enter_does_not_end_the_turn(write: Write) -> None:
    """Where the action that was marked is gone, the mark goes to the first one."""
    drafted = [WEIR, "answer/letter/gate/talks", "answer/letter/gauge/accepted"]
    goal = {"when": {"letter.status": "delivered"}}
    task = {key: it for key, it in REACH.items() if key != "after"} | {"goal": goal}
    name = write(seats=["lowmill"], start="promise", line=drafted, tasks={"write": task})

    async def test(play: Play) -> None:
        await begin(play, name, "enter", "enter", "a")
        actions = play.table.query_one(Actions)
        ids = [it.id for it in actions.options]
        actions.highlighted = ids.index("clear/letter")
        await play.press("enter")
        assert session(play).here.action == "clear/letter"
        assert actions.marked not in ("", "pass")

    playing(test)
