"""Steps a second through the public API, beside three state-machine packages in the same run.

Run: pip install -e '.[bench]' && python tests/bench/bench_steps.py
A step of negsim lists the legal actions and applies one, checked. A step of the others fires an
event that is known to be legal; they list nothing.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from negsim.engine import apply_action, initial_state, legal_actions
from negsim.pack.catalogue import find_pack
from negsim.pack.load import load_pack
from negsim.replay import play
from negsim.rules import TURN, Action, Game, Requirement, Set, State, Variable, is_

STAGES = ("demand", "consultation", "response", "analysis")
AROUND = list(zip(STAGES, (*STAGES[1:], STAGES[0]), strict=True))


def rate(step: Callable[[int], None], count: int, repeats: int = 5) -> float:
    """Steps a second: the median of some repeats."""
    found = []
    for _ in range(repeats):
        start = time.perf_counter()
        step(count)
        found.append(count / (time.perf_counter() - start))
    return median(found)


def negsim_cycle(count: int) -> None:
    game = Game(
        "cycle",
        (Variable(TURN, ("anyone",), "anyone"), Variable("stage", STAGES, STAGES[0])),
        tuple(
            Action(
                f"to/{after}",
                "anyone",
                "",
                (Requirement(is_("stage", before), "not yet", "order"),),
                (Set("stage", after),),
            )
            for before, after in AROUND
        ),
        (),
    )
    state = initial_state(game)
    for _ in range(count):
        state = apply_action(game, state, legal_actions(game, state)[0])


def with_transitions(count: int) -> None:
    from transitions import Machine

    model: Any = type("Model", (), {})()
    Machine(model, list(STAGES), initial=STAGES[0], transitions=[["go", a, b] for a, b in AROUND])
    for _ in range(count):
        model.go()


def with_statemachine(count: int) -> None:
    from statemachine import State as Place
    from statemachine import StateMachine

    class Cycle(StateMachine):
        demand = Place(initial=True)
        consultation = Place()
        response = Place()
        analysis = Place()
        go = (
            demand.to(consultation)
            | consultation.to(response)
            | response.to(analysis)
            | analysis.to(demand)
        )

    machine = Cycle()
    for _ in range(count):
        machine.send("go")


def with_sismic(count: int) -> None:
    from sismic.interpreter import Interpreter
    from sismic.io import import_from_yaml

    lines = [
        "statechart:",
        "  name: cycle",
        "  root state:",
        "    name: root",
        "    initial: demand",
    ]
    lines.append("    states:")
    for before, after in AROUND:
        lines += [f"      - name: {before}", "        transitions:"]
        lines += [f"          - target: {after}", "            event: go"]
    interpreter = Interpreter(import_from_yaml("\n".join(lines)))
    interpreter.execute()
    for _ in range(count):
        interpreter.queue("go").execute()


def january_states(count: int) -> list[State]:
    """States from random lines and from the record, none of them an ending."""
    pack = load_pack(find_pack("january-2022"))
    game, draw, states = pack.game, random.Random(1), []
    state = initial_state(game)
    for step in pack.record.steps:
        if step.do is not None:
            state = play(game, state, step.do).after
            states.append(state)
    while len(states) < count:
        state = initial_state(game)
        for _ in range(200):
            actions = legal_actions(game, state)
            if not actions:
                break
            states.append(state)
            state = apply_action(game, state, draw.choice(actions))
    return states[:count]


def main() -> None:
    ours = rate(negsim_cycle, 100_000)
    print(f"{'four-state cycle':34}{'steps/s':>12}{'negsim is':>12}")
    print(f"{'negsim (list and apply, checked)':34}{ours:12,.0f}")
    for name, other, count in (
        ("transitions", with_transitions, 20_000),
        ("python-statemachine", with_statemachine, 2_000),
        ("sismic", with_sismic, 1_000),
    ):
        theirs = rate(other, count)
        print(f"{name:34}{theirs:12,.0f}{ours / theirs:10.1f} x")

    game = load_pack(find_pack("january-2022")).game
    states = january_states(5_000)

    def steps(count: int) -> None:
        for state in states[:count]:
            actions = legal_actions(game, state)
            apply_action(game, state, actions[len(actions) // 2])

    steps(len(states))
    each = 1e6 / rate(steps, len(states))
    print(
        f"\nJanuary 2022, full level: {len(game.variables)} variables, {len(game.actions)} actions"
    )
    print(f"legal_actions plus apply_action: {each:.1f} microseconds (goal: under 40)")


if __name__ == "__main__":
    main()
