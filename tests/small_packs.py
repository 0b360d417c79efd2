"""Tiny packs for tests, built in code: north demands, south answers in a letter.

Each has just the items, answers and kinds of action that one question needs, so that every state
of its game can be listed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from negsim.pack.compile import compile_pack
from negsim.pack.models import Pack
from negsim.pack.references import NEEDED_KINDS
from negsim.rules import Game

Part = Mapping[str, Any]
"""A part of a pack as a file would give it."""


def small_pack(
    name: str,
    answers: Mapping[str, Sequence[str]],
    kinds: Sequence[str] = (),
    *,
    letter: Part | None = None,
    items: Mapping[str, Part] | None = None,
    parties: Mapping[str, Part] | None = None,
    exchanges: Mapping[str, Part] | None = None,
    **more: Any,
) -> Pack:
    """A pack with a letter that gives these items these answers.

    `letter`, `items` and `parties` add to what is there; `exchanges` come after the letter; what is
    `more` are further parts of a pack.
    """
    papers = {
        "letter": {
            "title": "the letter",
            "demander": "north",
            "addressee": "south",
            "items": list(answers),
            "answers": {item: list(admitted) for item, admitted in answers.items()},
            "decisions": ["lapse"],
            **(letter or {}),
        },
        **(exchanges or {}),
    }
    wanted = dict.fromkeys(item for paper in papers.values() for item in paper["items"])
    people = dict.fromkeys(["north", "south", *(parties or {})])
    return Pack.model_validate(
        {
            "format": 1,
            "id": name,
            "title": name,
            "about": "A tiny invented case.",
            "minutes": 1,
            "difficulty": "introductory",
            "invented": True,
            "round": "a day",
            "viewpoints": ["public"],
            "parties": {it: {"name": it.title(), **(parties or {}).get(it, {})} for it in people},
            "items": {it: {"title": f"the {it}", **(items or {}).get(it, {})} for it in wanted},
            "exchanges": papers,
            "kinds": [*NEEDED_KINDS, *kinds],
            "endings": {"lapsed": {"title": "Lapsed", "reason": "Everybody went on passing."}},
            **more,
        }
    )


def small_game(pack: Pack) -> Game:
    """The pack's game. Raises ValueError with what is wrong in its rules."""
    game, mistakes = compile_pack(pack)
    if game is None:
        raise ValueError(f"{pack.id}: {mistakes}")
    return game


def every_step() -> Pack:
    """The whole path with a second cycle, a refusal to write, and a counter-demand."""
    return small_pack(
        "every-step",
        {"gate": ["rejected"]},
        ["ask", "promise", "decline", "clear", "receive", "read", "position", "counter-demand"],
        letter={"may_decline": True, "cycles": 2, "decisions": ["restate", "lapse"]},
        exchanges={
            "echo": {
                "title": "the echo",
                "demander": "south",
                "addressee": "north",
                "items": ["toll"],
                "answers": {"toll": ["rejected"]},
                "opened_by": {"paper": "letter"},
                "decisions": ["lapse"],
            }
        },
    )


def mirrored_by_decision() -> Pack:
    """North may take up what south demands, which opens the echo."""
    return small_pack(
        "mirrored-by-decision",
        {"gate": ["rejected"]},
        ["ask", "promise", "clear", "receive", "read", "position"],
        letter={"decisions": ["counter-demand", "lapse"]},
        exchanges={
            "echo": {
                "title": "the echo",
                "demander": "south",
                "addressee": "north",
                "items": ["toll"],
                "answers": {"toll": ["rejected"]},
                "opened_by": {"decision": "letter"},
                "decisions": ["lapse"],
            }
        },
    )


def red_line() -> Pack:
    """South holds a red line around the gate, which its mayor can move."""
    return small_pack(
        "red-line",
        {"gate": ["rejected", "accepted-in-part", "accepted"]},
        ["red-line", "redraft"],
        parties={
            "south": {
                "voices": {"mayor": {"name": "the mayor", "authority": "decider"}},
                "red_lines": {"wall": {"items": ["gate"]}},
            }
        },
    )


def said_aloud() -> Pack:
    """South's crier may sound open, whatever the letter says."""
    signal = {"text": "The crier speaks of give and take.", "tone": "openness"}
    crier = {"name": "the crier", "authority": "spokesperson", "signals": {"open": signal}}
    return small_pack(
        "said-aloud",
        {"gate": ["rejected", "accepted"]},
        ["signal", "redraft", "red-line"],
        parties={"south": {"voices": {"crier": crier}, "red_lines": {"wall": {"items": ["gate"]}}}},
    )


def consulted() -> Pack:
    """South consults the guild on two items that it can redraft."""
    return small_pack(
        "consulted",
        {"gate": ["rejected", "talks"], "mill": ["talks"]},
        ["consult", "redraft", "clear"],
        letter={"partners": {"guild": {}}},
        parties={"guild": {}},
    )


def collective() -> Pack:
    """The letter needs the assent of two members; what it accepts, their consent."""
    return small_pack(
        "collective",
        {"gate": ["rejected", "accepted"]},
        ["assent", "consent", "redraft", "clear"],
        letter={"members": ["east", "west"]},
        parties={"east": {}, "west": {}},
        topics={"borders": {"title": "borders", "members": ["east", "west"], "items": ["gate"]}},
    )


def blocking() -> Pack:
    """The guild is consulted on the letter and can block it."""
    return small_pack(
        "blocking",
        {"gate": ["rejected", "talks"], "mill": ["talks"]},
        ["assent", "consult", "redraft", "clear"],
        letter={"partners": {"guild": {"can_block": True}}},
        parties={"guild": {}},
    )


def slow_procedure() -> Pack:
    """Another offer or agreement on the gate would be a step of a slow procedure."""
    return small_pack(
        "slow-procedure",
        {"gate": ["rejected", "counter", "talks", "accepted"]},
        items={"gate": {"only_if": "peace"}},
        conditions={"peace": {"title": "the peace holds"}},
        procedures={
            "joining": {
                "title": "joining the league",
                "steps": ["candidate", "guest", "member"],
                "at": "candidate",
                "rules_out": {"gate": ["counter", "accepted"]},
                "reason": "It takes seven years.",
            }
        },
    )


def conditional() -> Pack:
    """An offer on the gate that may hang on the peace, as each side sees it."""
    return small_pack(
        "conditional",
        {"gate": ["rejected", "talks"]},
        ["judge", "take-up"],
        items={"gate": {"only_if": "peace"}},
        conditions={"peace": {"title": "the peace holds"}},
    )


def reciprocal() -> Pack:
    """Another offer on the gate binds both sides, one on the mill does not."""
    return small_pack(
        "reciprocal",
        {"gate": ["rejected", "counter"], "mill": ["counter"]},
        ["judge", "bind"],
        letter={"decisions": ["interim", "lapse"]},
        items={"gate": {"reciprocal": True, "only_if": "peace"}},
        conditions={"peace": {"title": "the peace holds"}},
    )


def reciprocal_at_once() -> Pack:
    """The same where nobody is bound before: the decision itself binds."""
    return small_pack(
        "reciprocal-at-once",
        {"gate": ["rejected", "counter"], "mill": ["counter"]},
        letter={"decisions": ["interim", "lapse"]},
        items={"gate": {"reciprocal": True}},
    )


def _second_paper(answers: Mapping[str, Sequence[str]]) -> dict[str, Part]:
    """A note in which east answers north too."""
    return {
        "note": {
            "title": "the note",
            "demander": "north",
            "addressee": "east",
            "items": list(answers),
            "answers": {item: list(admitted) for item, admitted in answers.items()},
            "decisions": ["lapse"],
        }
    }


def linked() -> Pack:
    """Gate, mill and pond in two packages: one can be untied, one cannot.

    The second reaches beyond the letter, so that its items are never taken up.
    """
    return small_pack(
        "linked",
        {"gate": ["rejected", "talks"], "mill": ["talks"], "pond": ["talks"]},
        ["take-up", "link"],
        parties={"east": {}},
        exchanges=_second_paper({"toll": ["talks"]}),
        links={
            "river": {"title": "the river", "items": ["gate", "mill"]},
            "dues": {"title": "the dues", "items": ["pond", "toll"], "may_delink": False},
        },
    )


def doubly_linked() -> Pack:
    """The mill belongs to two packages, one within the other's reach."""
    return small_pack(
        "doubly-linked",
        {"gate": ["talks"], "mill": ["talks"], "pond": ["rejected", "talks"]},
        ["take-up", "link"],
        links={
            "river": {"title": "the river", "items": ["gate", "mill"]},
            "water": {"title": "the water", "items": ["mill", "pond"]},
        },
    )


def confidential() -> Pack:
    """South may ask that the letter stay secret; it may leak."""
    return small_pack(
        "confidential",
        {"gate": ["rejected"]},
        ["confidentiality", "publicise", "receive"],
        letter={"confidentiality": True, "leak": {}},
    )


def two_papers() -> Pack:
    """South and east both answer on the gate, which is a matter of both papers."""
    admitted = ["rejected", "talks", "accepted"]
    return small_pack(
        "two-papers",
        {"gate": admitted},
        ["take-up"],
        items={"gate": {"collective": True}},
        parties={"east": {}},
        exchanges=_second_paper({"gate": admitted}),
    )


def silent() -> Pack:
    """The letter may leave the gate out."""
    return small_pack(
        "silent",
        {"gate": ["rejected", "silent", "talks"], "mill": ["rejected"]},
        ["clear", "take-up"],
        letter={"decisions": ["talks", "lapse"], "judging": "item-by-item"},
    )


def judged(rule: str) -> Pack:
    """A core and a secondary item, judged by a rule."""
    return small_pack(
        f"judged-{rule}",
        {"gate": ["rejected", "accepted-in-part", "accepted"], "mill": ["rejected", "accepted"]},
        letter={"judging": rule, "decisions": ["accept", "talks", "lapse"]},
        items={"gate": {"priority": "core"}, "mill": {"priority": "secondary"}},
    )


def pressed() -> Pack:
    """North can block the road beside every step."""
    road = {"title": "carts across the road", "levels": ["open", "blocked"], "start": "open"}
    return small_pack(
        "pressed",
        {"gate": ["rejected", "talks"]},
        ["posture", "clear", "receive", "read", "position"],
        parties={"north": {"posture": road}},
    )


def assessed() -> Pack:
    """North's herald may assess a letter that need not come, and may leak."""
    signal = {"text": "The herald is disappointed.", "tone": "disappointment", "assesses": "letter"}
    herald = {"name": "the herald", "authority": "spokesperson", "signals": {"sour": signal}}
    return small_pack(
        "assessed",
        {"gate": ["rejected", "talks"]},
        ["ask", "promise", "decline", "signal", "publicise", "receive", "read"],
        letter={"may_decline": True, "leak": {}},
        parties={"north": {"voices": {"herald": herald}}},
    )


def overdue() -> Pack:
    """A letter with a hard deadline, which may stay a draft, be given up, or leak."""
    return small_pack(
        "overdue",
        {"gate": ["rejected", "talks"]},
        ["clear", "decline"],
        letter={
            "leak": {},
            "may_decline": True,
            "deadline": {"kind": "hard", "rounds": 2, "on_silence": "lapse"},
        },
    )


def extended() -> Pack:
    """A hard deadline of two rounds; south may ask for one more; each side may break off."""
    hard = {
        "kind": "hard",
        "rounds": 2,
        "on_silence": "break-off",
        "extension": 1,
        "extension_by": ["south"],
    }
    return small_pack(
        "extended",
        {"gate": ["rejected"]},
        ["extension"],
        letter={"decisions": ["lapse", "break-off"], "deadline": hard},
    )


def in_confidence() -> Pack:
    """The demand may be made in confidence; a guild stands by."""
    return small_pack(
        "in-confidence",
        {"gate": ["rejected"]},
        ["talks", "ask", "promise", "publicise"],
        letter={"demand_publicity": ["published", "confidential"], "talks_first": True},
        parties={"guild": {"name": "the guild"}},
    )


def secret_reply() -> Pack:
    """The reply to the letter may stay secret; it is accepted or left to lapse."""
    return small_pack(
        "secret-reply",
        {"gate": ["rejected", "accepted"]},
        ["read", "reply", "publicise"],
        letter={"decisions": ["accept", "lapse"]},
    )


def accepted_in_parts() -> Pack:
    """A core item and a conditional one, to be taken up before the letter is accepted."""
    return small_pack(
        "accepted-in-parts",
        {"gate": ["rejected", "accepted"], "mill": ["talks", "accepted"]},
        ["judge", "take-up", "set-aside"],
        letter={"decisions": ["accept", "lapse"], "judging": "item-by-item"},
        items={"mill": {"only_if": "peace"}, "gate": {"priority": "core"}},
        conditions={"peace": {"title": "the road is quiet"}},
    )


def core_first() -> Pack:
    """North has a red line at the core item; talks on the rest need it dealt with."""
    return small_pack(
        "core-first",
        {"gate": ["rejected", "talks"], "mill": ["talks"]},
        ["take-up", "set-aside", "red-line"],
        letter={"decisions": ["talks", "lapse"]},
        items={"gate": {"priority": "core"}},
        parties={"north": {"red_lines": {"gates": {"items": ["gate"]}}}},
    )


def all_or_nothing() -> Pack:
    """Whole or not at all; the one item may be agreed under a condition."""
    return small_pack(
        "all-or-nothing",
        {"gate": ["rejected", "accepted"]},
        ["receive", "publicise"],
        letter={"decisions": ["accept", "lapse"], "judging": "all-or-nothing"},
        items={"gate": {"only_if": "peace"}},
        conditions={"peace": {"title": "the road is quiet"}},
    )


ALL = (
    core_first,
    all_or_nothing,
    every_step,
    mirrored_by_decision,
    red_line,
    said_aloud,
    consulted,
    collective,
    blocking,
    slow_procedure,
    conditional,
    reciprocal,
    reciprocal_at_once,
    linked,
    doubly_linked,
    confidential,
    two_papers,
    silent,
    pressed,
    assessed,
    overdue,
    extended,
    in_confidence,
    secret_reply,
    accepted_in_parts,
)
"""Every small pack that takes no argument."""
