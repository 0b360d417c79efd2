"""The rules of play on every state of every small pack, and what single ones show."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from negsim.engine import legal_actions, mover, observation, outcome
from negsim.pack.load import LoadedPack
from negsim.pack.models import Leak, OwnAction, Pack
from negsim.replay import tell
from negsim.rules import TURN, Action, is_
from tests import small_packs
from tests.search import Search, search
from tests.test_rules_of_play import FOLLOWED, NATURE, acyclic_within_turns

FOUND: dict[str, Search] = {}


def searched(build: Callable[[], Pack]) -> Search:
    name = build.__name__
    if name not in FOUND:
        FOUND[name] = search(small_packs.small_game(build()))
    return FOUND[name]


@pytest.fixture(params=small_packs.ALL, ids=lambda build: build.__name__)
def found(request: pytest.FixtureRequest) -> Search:
    return searched(request.param)


def test_no_cycle_of_states_avoids_a_change_of_turn(found: Search) -> None:
    assert acyclic_within_turns(found)


def test_what_a_mover_cannot_see_changes_no_list(found: Search) -> None:
    game = found.game
    listed: dict[tuple[str, ...], tuple[Action, ...]] = {}
    for state in found.states:
        turn = mover(game, state)
        if turn is None or turn == NATURE:
            continue
        seen = (turn, *(f"{k}={v}" for k, v in observation(game, state, turn).items()))
        legal = legal_actions(game, state)
        assert listed.setdefault(seen, legal) == legal, found.line(state)


def test_an_action_that_is_not_seen_shows_nothing(found: Search) -> None:
    game = found.game
    for step in found.steps:
        if step.action.kind in FOLLOWED:
            continue
        for viewpoint in set(game.viewpoints) - step.action.seen_by:
            was, now = (observation(game, it, viewpoint) for it in (step.before, step.after))
            changed = {name for name in was.keys() | now.keys() if was.get(name) != now.get(name)}
            if f"letter.{viewpoint}.stale" not in changed:
                line = (*found.line(step.before), step.action.id)
                assert changed <= {TURN}, (viewpoint, line)


def test_no_action_is_dead_and_every_state_has_one_or_is_an_ending(found: Search) -> None:
    assert {step.action.id for step in found.steps} == set(found.game.by_id)
    for state in found.states:
        assert bool(found.legal(state)) == (outcome(found.game, state) is None)


def test_a_paper_does_not_come_after_a_hard_deadline() -> None:
    found = searched(small_packs.extended)
    late = [
        found.line(step.before)
        for step in found.steps
        if step.action.kind == "deliver" and found.value(step.before, "letter.rounds-left") == "0"
    ]
    assert late == []
    silent = [step for step in found.steps if step.action.id == "nature/silence/letter"]
    assert {found.value(step.after, "letter.decision") for step in silent} == {"break-off"}
    assert not any(found.value(step.before, "letter.rounds-left") != "0" for step in silent)
    granted = [step for step in found.steps if step.action.id == "extension/letter/granted"]
    left = {
        tuple(int(found.value(it, "letter.rounds-left")) for it in (step.before, step.after))
        for step in granted
    }
    assert left == {(1, 2)}
    waiting = [s for s in found.states if found.value(s, "letter.status") == "none"]
    assert {found.value(state, "letter.rounds-left") for state in waiting} == {"2"}


def test_a_leak_keeps_its_weight_when_the_pack_gives_it_words() -> None:
    pack = small_packs.assessed()
    letter = pack.exchanges["letter"].model_copy(update={"leak": Leak(weight=50)})
    own = OwnAction(text="It is out.")
    told = pack.model_copy(
        update={"exchanges": {"letter": letter}, "actions": {"nature/leak/letter": own}}
    )
    leak = small_packs.small_game(told).action("nature/leak/letter")
    assert (leak.text, leak.weight) == ("It is out.", 50)


def test_nature_does_not_pass_over_what_is_overdue() -> None:
    found = searched(small_packs.extended)
    for state in found.states:
        if "nature/silence/letter" in found.legal(state):
            assert set(found.legal(state)) == {"nature/silence/letter"}


def test_a_demand_in_confidence_is_unknown_until_the_paper_is_delivered() -> None:
    found = searched(small_packs.in_confidence)
    for state in found.states:
        public = observation(found.game, state, "public")
        status = found.value(state, "letter.status")
        told = found.value(state, "letter.demand-public") == "yes"
        known = told or status in ("delivered", "analysed", "decided")
        assert ("letter.status" in public) == known, found.line(state)
        assert ("letter.talks" in public) == known
    demand = found.game.action("demand/letter/confidential")
    assert demand.seen_by == {"north", "south"}


def test_a_secret_reply_is_not_told_to_the_public() -> None:
    found = searched(small_packs.secret_reply)
    seen = set()
    for state in found.states:
        public = observation(found.game, state, "public").get("letter.decision", "not seen")
        reply = found.value(state, "letter.reply")
        decision = found.value(state, "letter.decision")
        seen.add((reply in ("gist", "text") and decision != "none", public == "not seen"))
    assert seen == {(True, False), (False, True)}
    decide = [action for action in found.game.actions if action.kind == "decide"]
    assert all("public" not in action.seen_by for action in decide)


def test_a_letter_is_accepted_once_every_item_that_counts_was_taken_up_as_agreed() -> None:
    found = searched(small_packs.accepted_in_parts)
    accepted = [step for step in found.steps if step.action.id == "decide/letter/accept"]
    assert accepted
    for step in accepted:
        for item in ("gate", "mill"):
            assert found.value(step.before, f"letter.{item}.outcome") == "agreed"
    taken = [step for step in found.steps if step.action.id == "take-up/letter/mill"]
    for step in taken:
        if found.value(step.before, "letter.mill.only-if") == "yes":
            assert found.value(step.before, "peace.south") == "met"


def test_talks_need_every_core_item_dealt_with_and_a_red_line_holds_it() -> None:
    found = searched(small_packs.core_first)
    talks = [step for step in found.steps if step.action.id == "decide/letter/talks"]
    assert {found.value(step.before, "letter.gate.outcome") for step in talks} == {
        "talks",
        "set-aside",
    }
    aside = [step for step in found.steps if step.action.kind == "set-aside"]
    assert {found.value(step.before, "north.gates.red-line") for step in aside} == {"open"}


def test_all_or_nothing_accepts_no_condition() -> None:
    found = searched(small_packs.all_or_nothing)
    accepted = [step for step in found.steps if step.action.id == "decide/letter/accept"]
    assert {found.value(step.before, "letter.gate") for step in accepted} == {"accepted"}
    assert {found.value(step.before, "letter.gate.only-if") for step in accepted} == {"no"}


def test_the_demander_publishes_nothing_before_receipt() -> None:
    found = searched(small_packs.all_or_nothing)
    by_north = [step for step in found.steps if step.action.id.startswith("publicise/letter/north")]
    assert by_north
    assert "delivered" not in {found.value(step.before, "letter.status") for step in by_north}
    by_south = [step for step in found.steps if step.action.id.startswith("publicise/letter/south")]
    assert "delivered" in {found.value(step.before, "letter.status") for step in by_south}


def test_a_body_moves_its_red_line_with_the_consent_of_all(january: LoadedPack) -> None:
    action = january.game.action("red-line/nato/open-door/move")
    needed = {need.condition for need in action.when if need.rule == "G5"}
    assert needed == {is_(f"admissions.{who}.consent", "yes") for who in ("us", "allies")}


def test_a_counter_demand_is_known_with_the_text_that_carries_it(january: LoadedPack) -> None:
    frames = tell(january.game, january.record)
    leak = next(place for place, it in enumerate(frames) if it.step.id == "leak")
    before, after = frames[leak].after, frames[leak + 1].after
    status = "russian-answer.status"
    assert status not in observation(january.game, before, "public")
    assert observation(january.game, after, "public")[status] == "demanded"
    assert observation(january.game, before, "russia")[status] == "demanded"


def test_without_taking_up_a_condition_counts_when_a_letter_is_accepted() -> None:
    pack = small_packs.small_pack(
        "accepted-if",
        {"gate": ["rejected", "accepted"]},
        ["judge"],
        letter={"decisions": ["accept", "lapse"]},
        items={"gate": {"only_if": "peace"}},
        conditions={"peace": {"title": "the road is quiet"}},
    )
    found = search(small_packs.small_game(pack))
    accepted = [step for step in found.steps if step.action.id == "decide/letter/accept"]
    hanging = [it for it in accepted if found.value(it.before, "letter.gate.only-if") == "yes"]
    assert {found.value(step.before, "peace.south") for step in hanging} == {"met"}


def test_without_taking_up_the_narrower_paper_counts_when_a_letter_is_accepted() -> None:
    build = small_packs.two_papers()
    letters = {
        name: it.model_copy(update={"decisions": ["accept", "lapse"]})
        for name, it in build.exchanges.items()
    }
    kinds = [kind for kind in build.kinds or [] if kind not in ("take-up", "set-aside")]
    pack = build.model_copy(update={"exchanges": letters, "kinds": kinds})
    found = search(small_packs.small_game(pack))
    item = next(name for name, it in pack.items.items() if it.collective)
    first, second = pack.exchanges
    accepted = [step for step in found.steps if step.action.id == f"decide/{first}/accept"]
    stood = [it for it in accepted if found.value(it.before, f"{second}.status") == "delivered"]
    assert stood
    assert {found.value(step.before, f"{second}.{item}") for step in stood} <= {
        "accepted",
        "accepted-in-part",
    }


def test_a_package_is_tied_again_only_while_nothing_of_it_was_dealt_with() -> None:
    found = searched(small_packs.linked)
    pack = small_packs.linked()
    tied = [step for step in found.steps if step.action.id.endswith("/tie")]
    assert tied
    for step in tied:
        link = step.action.id.split("/")[1]
        for paper, exchange in pack.exchanges.items():
            for item in set(pack.links[link].items) & set(exchange.items):
                assert found.value(step.before, f"{paper}.{item}.outcome") == "pending"
