"""A condition that somebody types is read as in a pack, and every mistake in it has its place."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negsim.errors import InputError
from negsim.pack.load import LoadedPack, read_condition
from negsim.rules import All, AnyOf, AtLeast, Condition, Game, Not, atoms, is_

SHOWN = "--where"


@pytest.fixture(scope="module")
def game(two_towns: LoadedPack) -> Game:
    return two_towns.game


def problems(text: str, game: Game) -> list[str]:
    """What is said of a text, which is no condition."""
    with pytest.raises(InputError) as caught:
        read_condition(text, game, SHOWN)
    assert str(caught.value) == "\n".join(str(it) for it in caught.value.problems)
    return [str(it) for it in caught.value.problems]


DECIDED = is_("letter.decision", "talks")
WEIR = is_("letter.weir", "rejected")
READ: list[tuple[str, Condition]] = [
    ("{letter.decision: talks}", DECIDED),
    ("letter.decision: talks", DECIDED),
    ("letter.decision: talks\nletter.weir: rejected", All((DECIDED, WEIR))),
    ("{letter.decision: talks, letter.weir: rejected}", All((DECIDED, WEIR))),
    ("{letter.decision: [talks, accept]}", is_("letter.decision", "talks", "accept")),
    ("{any: [{letter.decision: talks}, {letter.weir: rejected}]}", AnyOf((DECIDED, WEIR))),
    ("{all: [{letter.decision: talks}, {letter.weir: rejected}]}", All((DECIDED, WEIR))),
    ("{not: {letter.decision: talks}}", Not(DECIDED)),
    (
        "{count: {at_least: 2, of: [{letter.decision: talks}, {letter.weir: rejected}]}}",
        AtLeast(2, (DECIDED, WEIR)),
    ),
    ("{turn: {min: lowmill}}", is_("turn", "lowmill", "nature")),
    ("{turn: {max: lowmill}}", is_("turn", "highwell", "lowmill")),
    ("{turn: {min: lowmill, max: lowmill}}", is_("turn", "lowmill")),
    ('{"letter.decision": "talks"}  # as in the record', DECIDED),
    (f"{'  ' * 3}{{letter.decision: talks}}", DECIDED),
]


@pytest.mark.parametrize(("text", "condition"), READ)
def test_what_is_read(game: Game, text: str, condition: Condition) -> None:
    assert read_condition(text, game, SHOWN) == condition


def test_a_reading_of_a_variable_is_read_as_its_values(game: Game) -> None:
    """`letter.stage` is no variable of its own."""
    derived = next(it for it in game.derived if it.id == "letter.stage")
    label, values = next(iter(derived.groups.items()))
    assert read_condition(f"{{letter.stage: {label}}}", game, SHOWN) == is_(
        derived.variable, *values
    )


def test_yes_and_no_are_words(january: LoadedPack) -> None:
    """Whether YAML takes them for truth values or not."""
    for word in ("yes", "true", '"yes"'):
        found = read_condition(f"{{us-paper.nato.surprised: {word}}}", january.game, SHOWN)
        assert found == is_("us-paper.nato.surprised", "yes")


def test_a_level_has_variables_of_its_own(january: LoadedPack) -> None:
    """What it leaves out cannot be asked for there."""
    basic = january.at("basic")
    variable = next(it for it in january.game.variables if it.id not in basic.position)
    text = f"{{{variable.id}: {variable.values[0]}}}"
    assert read_condition(text, january.game, SHOWN) == is_(variable.id, variable.values[0])
    assert f'no variable "{variable.id}" to test' in problems(text, basic)[0]


@given(st.data())
def test_every_value_of_every_variable_can_be_asked_for(
    two_towns: LoadedPack, data: st.DataObject
) -> None:
    variable = data.draw(st.sampled_from(two_towns.game.variables))
    values = data.draw(st.sets(st.sampled_from(variable.values), min_size=1))
    text = f"{{{variable.id}: [{', '.join(sorted(values))}]}}"
    assert read_condition(text, two_towns.game, SHOWN) == is_(variable.id, *values)


SAID: list[tuple[str, str]] = [
    (
        "{letter.decison: talks}",
        '--where:1:2: no variable "letter.decison" to test; did you mean "letter.decision" or '
        '"letter.weir" or "letter.gate"?',
    ),
    (
        "{zzz: talks}",
        '--where:1:2: no variable "zzz" to test; correct it or declare it among the variables',
    ),
    (
        "{letter.decision: talkz}",
        '--where:1:19: "letter.decision" has no value "talkz"; did you mean "talks"?',
    ),
    (
        "letter.weir: rejected\nletter.decision: talkz",
        '--where:2:18: "letter.decision" has no value "talkz"; did you mean "talks"?',
    ),
    (
        "{turn: public}",
        '--where:1:8: "turn" has no value "public"; there is "highwell", "lowmill", "nature"',
    ),
    (
        "{letter.decision: talks",
        '--where:1:1: the bracket of "{letter.decision: talks" is not closed, or a comma is '
        "missing, up to line 2; add it",
    ),
    (
        "[]",
        "--where:1:1: an empty list stands where a map belongs; write lines of the form key: value",
    ),
    ("{}", "--where:1:1: the condition says nothing; write one line or leave it out"),
    (
        "{turn: {min: nature, max: highwell}}",
        '--where:1:2: the range from "nature" to "highwell" is empty; exchange min and max',
    ),
    (
        "{letter.decision: !!python/object:os.system x}",
        '--where:1:19: the tag "!!python/object:os.system" is not read; remove it',
    ),
    ("{\x1b[31m: x}", "--where:1:2: the hidden character U+001B stands here; remove it"),
    (
        '{letter.decision: "\u202etalks"}',
        "--where:1:20: the hidden character U+202E stands here; remove it",
    ),
    (
        '{letter.decision: "\\e[31mtalks"}',
        "--where:1:19: the hidden character U+001B stands here; remove it",
    ),
    (
        '{"[bold]letter[/bold]": x}',
        '--where:1:2: no variable "[bold]letter[/bold]" to test; correct it or declare it among '
        "the variables",
    ),
]


@pytest.mark.parametrize(("text", "message"), SAID)
def test_what_is_said_of_a_mistake(game: Game, text: str, message: str) -> None:
    assert problems(text, game) == [message]


def test_every_mistake_is_told(game: Game) -> None:
    assert problems("{letter.decison: talks, not: {letter.weir: rejcted}}", game) == [
        '--where:1:2: no variable "letter.decison" to test; did you mean "letter.decision" or '
        '"letter.weir" or "letter.gate"?',
        '--where:1:44: "letter.weir" has no value "rejcted"; did you mean "rejected"?',
    ]


EMPTY = ("", " ", "\n\n", "# nothing", "---", "null", "~")


@pytest.mark.parametrize("text", EMPTY)
def test_nothing_is_no_condition(game: Game, text: str) -> None:
    (said,) = problems(text, game)
    assert re.match(r"--where:[12]:1: .", said)


NO_MAPS = ("talks", "7", "true", "[letter.decision]", "{letter.decision}", "{letter.decision: {}}")


@pytest.mark.parametrize("text", [*NO_MAPS, "{letter.decision: []}", "{any: []}", "{not: {}}"])
def test_what_is_no_test(game: Game, text: str) -> None:
    assert all(re.match(r"--where:1:\d+: .", said) for said in problems(text, game))


DEEP = ("[" * 500, "{not: " * 200 + "{turn: nature}" + "}" * 200, "{a: " * 30_000)


@pytest.mark.parametrize("text", DEEP, ids=["lists", "negations", "very-deep"])
def test_what_nests_too_deep(game: Game, text: str) -> None:
    (said,) = problems(text, game)
    assert "nests deeper than 40 levels" in said
    assert len(said) < 200


def test_what_nests_less_deep_is_read(game: Game) -> None:
    found = read_condition("{not: " * 30 + "{turn: nature}" + "}" * 30, game, SHOWN)
    assert [atom.variable for atom in atoms(found)] == ["turn"]


ODD = (
    "{turn: nature}\n---\n{turn: lowmill}",
    "{turn: nature, turn: lowmill}",
    "&a {not: *a}",
    "{turn: *gone}",
    "{<<: {turn: nature}}",
    "{1: nature}",
    "{turn: 1e9}",
    "{turn: 2022-01-27}",
    "{turn: null}",
    "\ud800",
    "{turn: \x00}",
    "\ufeff{turn: nature, turn: x}",
    "{count: {at_least: 3, of: [{turn: nature}]}}",
    "{count: {at_least: 0, of: [{turn: nature}]}}",
    "{count: {at_least: -1, of: [{turn: nature}]}}",
    "{any: {turn: nature}}",
    "{x" + "y" * 5000 + ": z}",
    "x" * 100_000,
)


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_input_is_refused_in_a_sentence(game: Game, text: str) -> None:
    for said in problems(text, game):
        assert said.startswith("--where:")
        assert said.isprintable()
        assert len(said) < 500


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(two_towns: LoadedPack, text: str) -> None:
    try:
        read_condition(text, two_towns.game, SHOWN)
    except InputError as error:
        for problem in error.problems:
            assert problem.file == SHOWN
            assert problem.line >= 1
            assert str(problem).isprintable()


PIECES = st.sampled_from(
    ["{", "}", "[", "]", ": ", ", ", "any", "not", "count", "of", "at_least", "turn", "nature", "2"]
)


@given(st.lists(PIECES, max_size=14))
def test_any_pieces_are_read_or_refused(two_towns: LoadedPack, pieces: list[str]) -> None:
    try:
        found = read_condition("".join(pieces), two_towns.game, SHOWN)
    except InputError:
        return
    assert all(atom.variable == "turn" for atom in atoms(found))
