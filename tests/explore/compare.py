"""What the explorer says of a game beside what the judge says: each difference a sentence."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations

from negsim.engine import apply_action
from negsim.explore.explorer import Explorer
from negsim.explore.goals import Goal
from negsim.rules import Action, Condition, State
from tests.explore.judge import Asked, Judge

NATURE = "nature"
LARGE = 5000
"""As many states are not asked about one by one."""


def coalitions(names: Collection[str]) -> tuple[frozenset[str], ...]:
    """Every subset, the small ones first."""
    return tuple(
        frozenset(members)
        for size in range(len(names) + 1)
        for members in combinations(names, size)
    )


def spread(states: Sequence[State], most: int) -> Sequence[State]:
    """At most so many of the states, from the first to about the last."""
    return states[:: max(1, -(-len(states) // most))]


class Comparison:
    """One explorer and one judge of the same game, and what is asked of both.

    Sets are compared at every reachable state, in a large game at one of those that differ only in
    what the goal does not depend on; what is asked of one state at a time is at so many.
    """

    def __init__(
        self, explorer: Explorer, judge: Judge, asked: Sequence[Condition] = (), most: int = 20
    ) -> None:
        self.explorer = explorer
        self.judge = judge
        self.endings: dict[Asked, Goal] = {
            ending.id: explorer.ending(ending.id) for ending in judge.game.endings
        }
        conditions: dict[Asked, Goal] = {
            condition: explorer.holds(condition) for condition in asked
        }
        self.goals = self.endings | conditions
        self.some = spread(judge.states, most)
        self.small = len(judge.states) < LARGE
        self.parties = tuple(name for name in judge.game.movers if name != NATURE)
        self._alike: dict[frozenset[str], dict[State, State]] = {}

    def alike(self, goal: Goal) -> dict[State, State]:
        """For each state the one that stands for all that are like it where the goal depends."""
        variables = self.explorer.arena(goal).variables
        if variables not in self._alike:
            places = [self.judge.game.position[name] for name in sorted(variables)]
            first: dict[tuple[int, ...], State] = {}
            self._alike[variables] = {
                state: first.setdefault(tuple(state[place] for place in places), state)
                for state in self.judge.states
            }
        return self._alike[variables]

    def where(self, goal: Goal, *right: Collection[State]) -> Iterator[State]:
        """Where to ask about the goal, if the right answers are those of all that are alike."""
        if self.small:
            yield from self.judge.states
            return
        alike = self.alike(goal)
        for answers in right:
            same = all((it in answers) == (like in answers) for it, like in alike.items())
            assert same, "more matters than the part has"
        yield from dict.fromkeys(alike.values())

    def differences(self) -> Iterator[str]:
        """All of them, the plainer first."""
        yield from self.states()
        yield from self.possible()
        yield from self.distances()
        yield from self.lines()
        yield from self.closing()
        yield from self.forcing()
        yield from self.avoiding()
        yield from self.smallest()
        yield from self.round_starts()
        if self.small:
            yield from self.strategies()
            # Only now: by a strategy that does not meet its goal a line would go on for ever.
            yield from self.steered()

    def states(self) -> Iterator[str]:
        """The states that can be reached, in the whole game and in the part of each goal."""
        explorer, judge = self.explorer, self.judge
        if explorer.count() != len(judge.states):
            yield f"{explorer.count()} states, not {len(judge.states)}"
        whole = explorer.whole.reached
        if not all(explorer.space.contains(whole, state) for state in judge.states):
            yield "a state that can be reached is missing"
        if explorer.turns_end and judge.acts_for_ever():
            yield "turns do not end"
        for asked, goal in self.goals.items():
            arena, seen = explorer.arena(goal), set(self.alike(goal).values())
            if arena.count(arena.reached) != len(seen):
                yield f"{arena.count(arena.reached)} states for {asked}, not {len(seen)}"

    def possible(self) -> Iterator[str]:
        explorer, judge = self.explorer, self.judge
        for asked, goal in self.goals.items():
            found, right = explorer.can_reach(goal), judge.possible(asked)
            for state in self.where(goal, right):
                if explorer.space.contains(found, state) != (state in right):
                    yield f"{asked} possible at {state!r} or not"
            for state in self.some:
                if explorer.possible(goal, state) != (state in right):
                    yield f"{asked} possible when asked at {state!r} or not"
        for state in self.some:
            still = tuple(it.id for it in judge.game.endings if state in judge.possible(it.id))
            if explorer.still_possible(state) != still:
                yield f"still possible at {state!r}: {explorer.still_possible(state)}, not {still}"

    def distances(self) -> Iterator[str]:
        explorer, judge = self.explorer, self.judge
        for asked, goal in self.goals.items():
            right = judge.distances(asked)
            for state in self.where(goal, right):
                far = explorer.distance(goal, state)
                if far != right.get(state):
                    yield f"{asked} is {far} from {state!r}, not {right.get(state)}"

    def lines(self) -> Iterator[str]:
        """Lines can be played, end where the goal is first met, and are as short as they can be."""
        explorer, judge = self.explorer, self.judge
        for asked, goal in self.goals.items():
            target = judge.target(asked)
            for start in self.some:
                line, far = explorer.line(goal, start), judge.distances(asked).get(start)
                if line is None or far is None:
                    if line is not None or far is not None:
                        yield f"a line to {asked} from {start!r} or none"
                    continue
                state, early = start, False
                for action in line:
                    early = early or state in target
                    state = apply_action(judge.game, state, action)
                if early or state not in target:
                    yield f"the line to {asked} from {start!r} ends elsewhere"
                if sum(not action.is_pass for action in line) != far:
                    yield f"the line to {asked} from {start!r} is not the shortest"

    def closing(self) -> Iterator[str]:
        """What actions close; and that none opens anything."""
        explorer, judge = self.explorer, self.judge
        for state in self.some:
            if explorer.closes(state) != judge.closes(state):
                yield f"{state!r} closes {explorer.closes(state)}, not {judge.closes(state)}"
            for after in judge.after(state):
                more = set(explorer.still_possible(after)) - set(explorer.still_possible(state))
                if more:
                    yield f"{sorted(more)} opens after {state!r}"

    def forcing(self) -> Iterator[str]:
        """What each coalition can force; nature is asked too, as one of the others it must be."""
        explorer, judge = self.explorer, self.judge
        for asked, goal in self.goals.items():
            for coalition in coalitions(judge.game.movers if self.small else self.parties):
                found, right = explorer.winning(coalition, goal), judge.forces(coalition, asked)
                for state in self.where(goal, right):
                    if explorer.space.contains(found, state) != (state in right):
                        yield f"{sorted(coalition)} force {asked} at {state!r} or not"
            for coalition in coalitions(self.parties):
                right = judge.forces(coalition, asked)
                for state in self.some:
                    if explorer.forces(coalition, goal, state) != (state in right):
                        yield f"{sorted(coalition)} force {asked} when asked at {state!r} or not"

    def avoiding(self) -> Iterator[str]:
        explorer, judge = self.explorer, self.judge
        among = coalitions(self.parties)
        for asked, goal in self.goals.items():
            for coalition in among if self.small else [it for it in among if len(it) == 1]:
                right = judge.avoids(coalition, asked)
                for state in self.where(goal, right):
                    if explorer.avoids(coalition, goal, state) != (state in right):
                        yield f"{sorted(coalition)} avoid {asked} at {state!r} or not"

    def smallest(self) -> Iterator[str]:
        explorer, judge = self.explorer, self.judge
        among = coalitions(self.parties)
        for asked, goal in self.goals.items():
            for state in self.some:
                forced = [it for it in among if state in judge.forces(it, asked)]
                avoided = [it for it in among if state in judge.avoids(it, asked)]
                if sorted(explorer.smallest(goal, state), key=sorted) != least(forced):
                    yield f"the smallest that force {asked} at {state!r}"
                if sorted(explorer.smallest_avoiding(goal, state), key=sorted) != least(avoided):
                    yield f"the smallest that avoid {asked} at {state!r}"

    def round_start(self, state: State) -> State:
        """Where the next round starts if all pass until then, or what stops them stops them."""
        judge = self.judge
        while state not in judge.ending_of and judge.turn(state) != judge.game.movers[0]:
            after = judge.found.legal(state).get(f"pass/{judge.turn(state)}")
            if after is None:
                return state
            state = after
        return state

    def forced(self, coalition: frozenset[str], state: State) -> tuple[str, ...]:
        """The endings that the coalition can force as of the next round."""
        start, endings = self.round_start(state), self.judge.game.endings
        return tuple(it.id for it in endings if start in self.judge.forces(coalition, it.id))

    def round_starts(self) -> Iterator[str]:
        """What is forced as of the next round, and what actions change of it."""
        explorer, judge = self.explorer, self.judge
        for state in self.some:
            start = self.round_start(state)
            if explorer.settled(state) != start:
                yield f"{state!r} settles at {explorer.settled(state)!r}, not {start!r}"
            for coalition in coalitions(self.parties):
                right = self.forced(coalition, state)
                if explorer.forcing(state, coalition) != right:
                    yield f"{sorted(coalition)} force as of the next round at {state!r}"
                shifts = {}
                for action, after in judge.found.legal(state).items():
                    now = self.forced(coalition, after)
                    gained = tuple(it for it in now if it not in right)
                    shifts[action] = gained, tuple(it for it in right if it not in now)
                if explorer.shifts(state, coalition) != shifts:
                    yield f"what actions at {state!r} change of what {sorted(coalition)} force"

    def steered(self) -> Iterator[str]:
        """Lines to what a coalition forces: theirs and of the others only what they must."""
        explorer, judge = self.explorer, self.judge
        for asked, goal in self.goals.items():
            target = judge.target(asked)
            for coalition in coalitions(self.parties):
                wins = judge.forces(coalition, asked)
                for start in self.some:
                    line, name = explorer.steered(coalition, goal, start), sorted(coalition)
                    if (line is not None) != (asked != judge.default and start in wins):
                        yield f"a line of {name} to {asked} from {start!r} or none"
                    state = start
                    for action in line or ():
                        legal = judge.found.legal(state)
                        if state in target or state not in wins or action.id not in legal:
                            yield f"the line of {name} to {asked} from {start!r} goes astray"
                            break
                        turn = judge.turn(state)
                        if turn not in coalition and f"pass/{turn}" in legal and not action.is_pass:
                            yield f"{turn} need not act for {name} to {asked} from {start!r}"
                        state = legal[action.id]
                    if line is not None and state not in target:
                        yield f"the line of {name} to {asked} from {start!r} ends elsewhere"

    def strategies(self) -> Iterator[str]:
        for asked in self.goals:
            for coalition in coalitions(self.parties):
                yield from self.strategy(coalition, asked)

    def strategy(self, coalition: frozenset[str], asked: Asked) -> Iterator[str]:
        """Followed against every reply from everywhere: it meets the goal, or stays out of every
        other ending where the goal is the default one."""
        explorer, judge, goal = self.explorer, self.judge, self.goals[asked]
        default = asked == judge.default
        target, wins = judge.target(asked), judge.forces(coalition, asked)
        name = f"the strategy of {sorted(coalition)} for {asked}"
        follow: dict[State, tuple[State, ...]] = {}
        for state in judge.states:
            action: Action | None = explorer.strategy(coalition, goal, state)
            acts = state in wins and state not in target and state not in judge.ending_of
            acts = acts and bool(judge.after(state)) and judge.turn(state) in coalition
            if (action is not None) != acts:
                yield f"{name} acts at {state!r}, or does not"
            elif action is not None:
                follow[state] = (judge.found.legal(state)[action.id],)
            elif state in wins and state not in target:
                follow[state] = tuple(judge.after(state))
        if any(after not in wins for led in follow.values() for after in led):
            yield f"{name} can be left"
        if default:
            return
        # What meets the target in any case: whoever has no way on outside it never does.
        met, more = set(target), True
        while more:
            more = False
            for state, led in follow.items():
                if state not in met and led and met.issuperset(led):
                    met.add(state)
                    more = True
        if not met.issuperset(wins):
            yield f"{name} may never meet it"


def least(found: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """Those coalitions of which no lesser one is among them."""
    return sorted((it for it in found if not any(other < it for other in found)), key=sorted)
