"""What a task asks, and what an answer is worth."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negsim.classroom.questions import Choice, Question, questions, shown
from negsim.errors import NegsimError
from tests.classroom.lessons import CHOOSE, OPTIONS, made
from tests.effort import some

RIGHT = {"right"}


def asked(folder: Path, task: dict[str, Any]) -> tuple[Question, ...]:
    return questions(made(folder, tasks={"it": task}), "it")


def rights(question: Question) -> list[str]:
    return [it.id for it in question.right]


def test_choose(tmp_path: Path) -> None:
    (it,) = asked(tmp_path, CHOOSE)
    assert (it.id, it.form, rights(it)) == ("it", "one", ["right"])
    assert [it.score(name) for name in OPTIONS] == [0, 1, 0]


def test_choose_several(tmp_path: Path) -> None:
    options = {**OPTIONS, "also": {"text": "Also", "right": True}}
    (it,) = asked(tmp_path, {**CHOOSE, "several": True, "options": options})
    assert it.form == "some"
    assert it.score(["right", "also"]) == 1
    assert it.score(["right"]) == 0.5
    assert it.score(["right", "left"]) == 0
    assert it.score(["right", "also", "left"]) == 0.5
    assert it.score(list(options)) == 0
    assert it.score(["left", "both"]) == 0


def test_order(tmp_path: Path) -> None:
    entries = {name: {"text": name} for name in "abc"}
    (it,) = asked(tmp_path, {"kind": "order", "ask": "Order.", "entries": entries})
    assert it.score(["a", "b", "c"]) == 1
    assert it.score(["a", "c", "b"]) == pytest.approx(1 / 3)
    assert it.score(["c", "b", "a"]) == 0
    task = {"kind": "order", "ask": "Order.", "entries": entries, "alike": [["b", "c"]]}
    (it,) = asked(tmp_path, task)
    assert it.score(["a", "c", "b"]) == 1
    assert it.score(["c", "a", "b"]) == 0


def test_match(tmp_path: Path) -> None:
    things = {
        "one": {"text": "One", "right": ["x"], "feedback": "It is x."},
        "two": {"text": "Two", "right": ["x", "y"]},
    }
    task = {"kind": "match", "ask": "Match.", "things": things, "choices": {"x": "X", "y": "Y"}}
    one, two = asked(tmp_path, task)
    assert (one.id, one.ask, rights(one), rights(two)) == ("one", "One", ["x"], ["x", "y"])
    assert two.score("y") == 1
    assert one.score("y") == 0


def test_attribute_takes_the_kind_from_the_fact(tmp_path: Path) -> None:
    statement = {"text": "No answer on the core item yet.", "fact": "F92", "who": ["lavrov"]}
    task = {
        "kind": "attribute",
        "ask": "Who?",
        "statements": {"it": statement},
        "who": {"lavrov": "Lavrov", "psaki": "Psaki"},
    }
    lesson = made(tmp_path, pack="january-2022", tasks={"it": task})
    who, kind = questions(lesson, "it")
    assert (who.id, kind.id) == ("it/who", "it/kind")
    assert rights(kind) == [lesson.loaded.facts.facts["F92"].kind]
    assert who.choice("lavrov").facts == ("F92",)
    assert len(kind.choices) == 5


def test_predict_reads_the_record_and_earns_by_its_reason(tmp_path: Path) -> None:
    values = {
        "weir": {"ask": "On the weir?", "of": "letter.weir"},
        "end": {"ask": "How does it end?", "of": "ending"},
    }
    task = {
        "kind": "predict",
        "ask": "What will come?",
        "after": "promise",
        "until": "delivery",
        "values": values,
        "because": OPTIONS,
    }
    weir, end, because = asked(tmp_path, task)
    assert (rights(weir), rights(end)) == (["rejected"], ["none"])
    assert (weir.graded, weir.score("rejected")) == (False, 0)
    assert (because.graded, because.score("right")) == (True, 1)
    *_, end, _ = asked(tmp_path, {**task, "until": "decision"})
    assert rights(end) == ["talks"]


NOTHING = {
    "us-paper.enlargement": "no answer yet",
    "us-paper.ukraine.depth": "not consulted",
    "us-paper.decision": "no decision",
    "us-paper.promise": "no promise",
    "us-paper.confidentiality": "no request to keep it secret",
    "us-paper.status": "not demanded",
    "nato-paper.allies.assent": "no assent",
    "contact": "no contact announced",
}


@pytest.mark.parametrize("of", NOTHING)
def test_nothing_is_told_as_what_it_is(tmp_path: Path, of: str) -> None:
    """No answer is what a paper lacks, and nobody who was not consulted."""
    task = {
        "kind": "predict",
        "ask": "What will come?",
        "after": "promise-us",
        "until": "delivery-us",
        "values": {"it": {"ask": "What of it?", "of": of}},
        "because": OPTIONS,
    }
    lesson = made(tmp_path, pack="january-2022", tasks={"it": task})
    asked_, _ = questions(lesson, "it")
    assert asked_.choice("none").text == NOTHING[of]


def test_a_guess_fits_by_what_was_chosen_and_not_by_its_words() -> None:
    choices = (Choice("a", "It ends", True), Choice("b", "It ends"))
    question = Question("it", "How does it end?", "one", choices, graded=False)
    assert question.fits("a")
    assert not question.fits("b")
    with pytest.raises(NegsimError):
        question.fits("c")


def test_compare_shows_the_steps_and_knows_the_one(tmp_path: Path) -> None:
    task = {
        "kind": "compare",
        "ask": "Which step?",
        "after": "promise",
        "until": "clear",
        "ending": "whole",
        "right": ["answer/letter/weir/rejected"],
    }
    (it,) = asked(tmp_path, task)
    assert len(it.choices) == 7
    assert rights(it) == ["2"]
    assert it.choice("2").text == 'Lowmill drafts its answer on "a lower weir": refused.'
    own = {**task, "line": ["answer/letter/weir/rejected", "answer/letter/gate/silent"]}
    del own["until"]
    (it,) = asked(tmp_path, own)
    assert rights(it) == ["1"]


def test_judge_reads_as_each_rule_would(tmp_path: Path) -> None:
    task = {"kind": "judge", "ask": "Read it.", "after": "delivery", "paper": "letter"}
    found = {it.id: it for it in asked(tmp_path, task)}
    assert rights(found["item-by-item/gauge"]) == ["no"]
    assert rights(found["all-or-nothing/whole"]) == ["no"]
    parts = [rights(it) for name, it in found.items() if name.endswith("/part")]
    assert parts == [["no"], ["yes"], ["yes"]]
    assert [name for name in found if name.startswith("core-weighted/")] == [
        "core-weighted/weir",
        "core-weighted/whole",
        "core-weighted/part",
    ]
    only = asked(tmp_path, {**task, "rules": ["item-by-item"]})
    assert {it.id.partition("/")[0] for it in only} == {"item-by-item"}


def test_texts_are_never_graded(tmp_path: Path) -> None:
    (text,) = asked(tmp_path, {"kind": "explain", "ask": "Why?", "rubric": [{"text": "A fact."}]})
    assert (text.form, text.graded, text.score("because")) == ("text", False, 0)
    (reason,) = asked(tmp_path, {"kind": "seal", "ask": "Is it met?"})
    assert (reason.id, reason.graded) == ("reason", False)
    choices = {"met": "met", "unmet": "not met"}
    verdict, _ = asked(tmp_path, {"kind": "seal", "ask": "Is it met?", "choices": choices})
    assert (verdict.id, verdict.graded, rights(verdict)) == ("verdict", False, [])


MISTAKEN: list[tuple[str, str | list[str], str]] = [
    ("one", "lef", 'no answer "lef"; did you mean "left"?'),
    ("one", ["left", "right"], "choose one answer"),
    ("one", [], "choose one answer"),
    ("some", [], "choose at least one answer"),
    ("some", ["left", "left"], "an answer stands twice; name each once"),
    ("order", ["left", "right"], "put all 3 in order"),
    ("order", ["left", "right", "right"], "an answer stands twice; name each once"),
    ("text", "  ", "write a text"),
    ("text", ["left"], "write a text"),
]


@pytest.mark.parametrize(("form", "answer", "said"), MISTAKEN)
def test_what_is_no_answer_is_refused(form: Any, answer: str | list[str], said: str) -> None:
    choices = tuple(Choice(name, name, name in RIGHT) for name in OPTIONS)
    with pytest.raises(NegsimError, match=r"\w") as error:
        Question("it", "Which?", form, choices).score(answer)
    assert str(error.value) == said


def test_an_order_is_never_shown_as_it_should_be() -> None:
    for count in range(3, 7):
        choices = tuple(Choice(str(it), str(it), True) for it in range(count))
        question = Question("it", "Order.", "order", choices)
        found = {shown(question, str(seed)) for seed in range(200)}
        assert choices not in found
        assert all(sorted(it.id for it in one) == [it.id for it in choices] for one in found)
        assert len(found) > 2
        assert shown(question, "1") == shown(question, "1")


@settings(max_examples=some(60))
@given(st.integers(3, 6), st.data())
def test_scores_lie_between_0_and_1_and_right_is_1(count: int, data: st.DataObject) -> None:
    ids = [str(it) for it in range(count)]
    right = set(data.draw(st.lists(st.sampled_from(ids), min_size=1, unique=True)))
    choices = tuple(Choice(it, it, it in right) for it in ids)
    several = Question("it", "Which?", "some", choices)
    answer = data.draw(st.lists(st.sampled_from(ids), min_size=1, unique=True))
    assert 0 <= several.score(answer) <= 1
    assert (several.score(answer) == 1) == (set(answer) == right)
    order = Question("it", "Order.", "order", choices)
    best = [it for it in permutations(ids) if order.score(it) == 1]
    assert best == [tuple(ids)]
