"""The model's text; what SPIN makes of it is in test_spin.py."""

from __future__ import annotations

import re

from negsim.export.promela import promela
from negsim.pack.load import LoadedPack
from negsim.rules import TURN, Action, Ending, Game, Requirement, Set, Shift, Variable, is_

EVIL = "*/ } /* \\\n\r\x1b[31m \u202e #define x ??/ */"


def evil() -> Game:
    ids = ("a.b", "a-b", "A.b", "a_b", "é", EVIL)
    return Game(
        EVIL,
        (
            Variable(TURN, ("ann",), "ann"),
            *(Variable(name, ("no", EVIL), "no") for name in ids),
        ),
        tuple(
            Action(
                f"do/{place}/{EVIL}",
                "ann",
                EVIL,
                (Requirement(is_(name, EVIL), EVIL, "pack"),),
                (Set(ids[0], EVIL), Shift(ids[1], 1)),
            )
            for place, name in enumerate(ids)
        ),
        (Ending("e", EVIL, EVIL, is_(EVIL, EVIL)),),
    )


def test_a_pack_cannot_write_into_the_model() -> None:
    text = promela(evil())
    code = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    assert re.fullmatch(r"[\w\s#;:&|!=<>+()\-{}]*", code)
    assert all(line.isprintable() for line in text.split("\n"))
    assert "\\x1b" in text


def test_names_are_safe_and_never_alike() -> None:
    names = re.findall(r"^byte (\w+) = \d+;", promela(evil()), re.MULTILINE)
    assert names[:6] == ["v_turn", "v_a_b", "v_a_b__2", "v_A_b", "v_a_b__3", "v_"]
    assert len(set(names)) == len(names) == 7


def test_the_table_is_all_there(two_towns: LoadedPack) -> None:
    game = two_towns.game
    text = promela(game)
    assert len(re.findall(r"^byte ", text, re.MULTILINE)) == len(game.variables)
    assert len(re.findall(r"^  :: d_step", text, re.MULTILINE)) == len(game.actions)
    assert (
        "  /* ask/letter */\n"
        "  :: d_step { !ended && ((v_turn == 0) && (v_letter_status == 1)); v_letter_status = 2 }\n"
    ) in text
    assert "/* turn: 0 highwell, 1 lowmill, 2 nature */" in text
    assert "/* talks: Talks on part of the items */\n#define ending_1 " in text
