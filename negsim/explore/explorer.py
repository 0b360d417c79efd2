"""Exact answers, from any state, about every line that can follow.

The answers are about the model: full information is assumed of coalitions, and a line that never
ends has the game's default ending. A goal is an ending, or a condition that some state of the
line fulfils. Nature is a mover: it helps with what is possible, and harms what is forced.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import combinations

from negsim.engine import apply_action, legal_actions, mover
from negsim.errors import UnknownNameError
from negsim.explore import MEMORY
from negsim.explore.arena import Arena, Watch, unwatched
from negsim.explore.diagrams import Diagram, Space
from negsim.explore.goals import Goal
from negsim.explore.slices import relevant, turns_end
from negsim.explore.tuning import good_order
from negsim.rules import NATURE, Action, Condition, Game, State, atoms, describe

Coalition = frozenset[str]
"""Parties that act together."""


class Explorer:
    """Everything that can be asked of a game; answers are worked out when first needed, and kept.

    `order` is an order of the variables, found at first need where none is given. `memory` bounds
    the diagrams, in megabytes; a question past it raises NotDecidedError. `watch` hears what is
    being worked out, and may raise to stop it: what was finished before is kept. `kept` holds the
    finished sets by name, for a store.
    """

    def __init__(
        self,
        game: Game,
        order: Sequence[str] | None = None,
        memory: int = MEMORY,
        watch: Watch = unwatched,
    ) -> None:
        self.game = game
        self.watch = watch
        self.order = tuple(order) if order is not None else good_order(game, memory, watch)
        self.space = Space(game, self.order, memory)
        self.turns_end = turns_end(game)
        self.parties = tuple(name for name in game.movers if name != NATURE)
        self.kept: dict[str, tuple[Diagram, ...]] = {}
        self._arenas: dict[frozenset[str], Arena] = {}
        self._parts: dict[Condition | None, frozenset[str]] = {}
        self._targets: dict[Goal, Diagram] = {}

    # What is asked for

    def ending(self, ending_id: str) -> Goal:
        """The goal of reaching an ending. Raises UnknownNameError."""
        ids = [ending.id for ending in self.game.endings]
        if ending_id not in ids:
            raise UnknownNameError("ending", ending_id, ids, self.game.id)
        return Goal(ending_id)

    def holds(self, condition: Condition, name: str | None = None) -> Goal:
        """The goal of a state that fulfils the condition."""
        return Goal(name or describe(condition), condition)

    @property
    def endings(self) -> tuple[Goal, ...]:
        """Every ending as a goal, in the table's order."""
        return tuple(Goal(ending.id) for ending in self.game.endings)

    def is_default(self, goal: Goal) -> bool:
        """Whether the goal is the ending of lines that go on for ever."""
        default = self.game.default_ending
        return goal.condition is None and default is not None and goal.name == default.id

    # Where it is asked

    def arena(self, goal: Goal | None = None) -> Arena:
        """The part of the game that a goal depends on; the endings' own part without one."""
        condition = goal.condition if goal is not None else None
        if condition not in self._parts:
            asked = {atom.variable for atom in atoms(condition)} if condition is not None else ()
            variables = relevant(self.game, asked) if self.turns_end else frozenset(self.order)
            self._parts[condition] = variables
        return self._arena(self._parts[condition])

    @property
    def whole(self) -> Arena:
        """The game with all its variables."""
        return self._arena(frozenset(self.order))

    def _arena(self, variables: frozenset[str]) -> Arena:
        if variables not in self._arenas:
            arena = self.space.within_memory(
                lambda: Arena(self.space, variables, turns_end=self.turns_end, watch=self.watch)
            )
            left_out = sorted(frozenset(self.order) - variables)
            key = f"reached without {' '.join(left_out) or 'nothing'}"
            (arena.reached,) = self._keep(key, lambda: [arena.reached])
            self._arenas[variables] = arena
        return self._arenas[variables]

    def target(self, goal: Goal) -> Diagram:
        """The states in which the goal is met; for the default ending, in which another is."""
        if goal not in self._targets:
            arena = self.arena(goal)
            if goal.condition is not None:
                met = self.space.where(goal.condition)
            elif self.is_default(goal):
                met = arena.ended
            else:
                met = arena.endings[goal.name]
            self._targets[goal] = met & arena.reached
        return self._targets[goal]

    # Sets, each worked out once

    def _keep(self, key: str, work: Callable[[], Iterable[Diagram]]) -> tuple[Diagram, ...]:
        if key not in self.kept:
            self.kept[key] = tuple(self.space.within_memory(work))
        return self.kept[key]

    def can_reach(self, goal: Goal) -> Diagram:
        """The reachable states from which a line meets the goal."""
        arena, target = self.arena(goal), self.target(goal)
        if self.is_default(goal):
            return self._keep(
                f"possible {goal.key}", lambda: [arena.can_reach(arena.can_go_on(arena.reached))]
            )[0]
        return self._keep(f"possible {goal.key}", lambda: [arena.can_reach(target)])[0]

    def layers(self, goal: Goal) -> tuple[Diagram, ...]:
        """The states by the least number of actions to the goal; none for the default ending."""
        if self.is_default(goal):
            return ()
        arena, target = self.arena(goal), self.target(goal)
        return self._keep(f"distance {goal.key}", lambda: arena.layers(target))

    def stages(self, coalition: Collection[str], goal: Goal) -> tuple[Diagram, ...]:
        """The growing sets from which the coalition forces the target (`Arena.forces`)."""
        arena, target = self.arena(goal), self.target(goal)
        names = tuple(name for name in self.game.movers if name in coalition)
        return self._keep(
            f"forces {'+'.join(names)} {goal.key}", lambda: arena.forces(names, target)
        )

    def winning(self, coalition: Collection[str], goal: Goal) -> Diagram:
        """The reachable states from which the coalition can force the goal."""
        if self.is_default(goal):
            others = self._others(coalition)
            return self.arena(goal).reached & ~self.stages(others, goal)[-1]
        return self.stages(coalition, goal)[-1]

    def _others(self, coalition: Collection[str]) -> Coalition:
        return frozenset(self.game.movers) - frozenset(coalition)

    # Answers about one state

    def count(self) -> int:
        """How many states of the whole game can be reached."""
        return self.whole.count(self.whole.reached)

    def possible(self, goal: Goal, state: State) -> bool:
        """Whether some line from the state meets the goal."""
        return self.space.contains(self.can_reach(goal), state)

    def distance(self, goal: Goal, state: State) -> int | None:
        """The least number of actions, passes not counted, or None where it is not possible."""
        return self._layer(self.layers(goal), state)

    def _layer(self, layers: Sequence[Diagram], state: State) -> int | None:
        return next((n for n, it in enumerate(layers) if self.space.contains(it, state)), None)

    def line(self, goal: Goal, state: State) -> tuple[Action, ...] | None:
        """A shortest line to the goal, passes included, or None; the first in the table's order."""
        if self.is_default(goal):
            return None
        return self.line_into(self.target(goal), self.layers(goal), state)

    def line_into(
        self, target: Diagram, layers: Sequence[Diagram], state: State
    ) -> tuple[Action, ...] | None:
        """A shortest line into the set that these are the layers of (`Arena.layers`), or None."""
        left = self._layer(layers, state)
        if left is None:
            return None
        line: list[Action] = []
        while not self.space.contains(target, state):
            actions, state = self._nearer(target, layers, left, state)
            line += actions
            left -= not actions[-1].is_pass
        return tuple(line)

    def _nearer(
        self, target: Diagram, layers: Sequence[Diagram], left: int, state: State
    ) -> tuple[list[Action], State]:
        """The passes, and the action after them, that bring the set nearer; at last only passes."""
        ways: list[tuple[list[Action], State]] = [([], state)]
        passed = {state}
        for way, here in ways:
            for action in legal_actions(self.game, here):
                after = apply_action(self.game, here, action)
                if not action.is_pass:
                    if left and self.space.contains(layers[left - 1], after):
                        return [*way, action], after
                elif not left and self.space.contains(target, after):
                    return [*way, action], after
                elif after not in passed:
                    passed.add(after)
                    ways.append(([*way, action], after))
        raise AssertionError("every state of a layer has a way on")

    def still_possible(self, state: State) -> tuple[str, ...]:
        """The endings that some line from the state has."""
        return tuple(goal.name for goal in self.endings if self.possible(goal, state))

    def closes(self, state: State) -> dict[str, tuple[str, ...]]:
        """For each legal action, the endings possible before it and no longer after it."""
        before = [goal for goal in self.endings if self.possible(goal, state)]
        return {
            action.id: tuple(goal.name for goal in before if not self.possible(goal, after))
            for action in legal_actions(self.game, state)
            for after in [apply_action(self.game, state, action)]
        }

    def forces(self, coalition: Collection[str], goal: Goal, state: State) -> bool:
        """Whether the coalition can make sure of the goal, whatever the others and nature do."""
        return self.space.contains(self.winning(coalition, goal), state)

    def avoids(self, coalition: Collection[str], goal: Goal, state: State) -> bool:
        """Whether the coalition can make sure that the goal is never met.

        That is: the others, nature with them, cannot force it.
        """
        return not self.forces(self._others(coalition), goal, state)

    def smallest(self, goal: Goal, state: State) -> tuple[Coalition, ...]:
        """The coalitions of parties that can force the goal and need every member."""
        return self._minimal(lambda coalition: self.forces(coalition, goal, state))

    def smallest_avoiding(self, goal: Goal, state: State) -> tuple[Coalition, ...]:
        """The coalitions of parties that can avoid the goal and need every member."""
        return self._minimal(lambda coalition: self.avoids(coalition, goal, state))

    def _minimal(self, can: Callable[[Coalition], bool]) -> tuple[Coalition, ...]:
        found: list[Coalition] = []
        for size in range(len(self.parties) + 1):
            for members in combinations(self.parties, size):
                coalition = frozenset(members)
                if not any(smaller <= coalition for smaller in found) and can(coalition):
                    found.append(coalition)
        return tuple(found)

    def forcing(self, state: State, coalition: Collection[str]) -> tuple[str, ...]:
        """The endings that the coalition can force, as if all passed to the next round's start."""
        settled = self.settled(state)
        return tuple(goal.name for goal in self.endings if self.forces(coalition, goal, settled))

    def shifts(
        self, state: State, coalition: Collection[str]
    ) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
        """For each legal action, the endings that the coalition can force after it and could not
        before, and those that it could and no longer can (`forcing`)."""
        before = self.forcing(state, coalition)
        found = {}
        for action in legal_actions(self.game, state):
            after = self.forcing(apply_action(self.game, state, action), coalition)
            gained = tuple(name for name in after if name not in before)
            found[action.id] = gained, tuple(name for name in before if name not in after)
        return found

    def settled(self, state: State) -> State:
        """The state at the start of a round that follows when everybody passes.

        Who can force what is compared there only: within a round it depends on who happens to
        have the turn. An ending on the way is where the line stops, and so is a mover who may not
        pass, as when a deadline has run out.
        """
        for _ in self.game.movers:
            turn = mover(self.game, state)
            if turn is None or turn == self.game.movers[0]:
                return state
            passing = next((it for it in legal_actions(self.game, state) if it.is_pass), None)
            if passing is None:
                return state
            state = apply_action(self.game, state, passing)
        return state

    def strategy(self, coalition: Collection[str], goal: Goal, state: State) -> Action | None:
        """What the coalition does here on its way to force the goal.

        None where it is not its turn, where the goal is met, or where it cannot force it. Taken
        in every state where it is the coalition's turn, it holds against every reply.
        """
        if mover(self.game, state) not in coalition or not self.forces(coalition, goal, state):
            return None
        if self.is_default(goal):
            return self._stay_within(self.winning(coalition, goal), state)
        stages = self.stages(coalition, goal)
        if self.space.contains(stages[0], state):
            return None
        best: tuple[int, Action] | None = None
        for action in legal_actions(self.game, state):
            after = apply_action(self.game, state, action)
            rank = self._rank(stages, after)
            if rank is not None and (best is None or rank < best[0]):
                best = rank, action
        assert best is not None, "a winning state has a winning action"
        return best[1]

    def steered(
        self, coalition: Collection[str], goal: Goal, state: State
    ) -> tuple[Action, ...] | None:
        """A line to a goal that the coalition can force, in which the others do as little as they
        may; None where it cannot force it, and for the default ending, which no line comes to."""
        if self.is_default(goal) or not self.forces(coalition, goal, state):
            return None
        target, line = self.target(goal), list[Action]()
        while not self.space.contains(target, state):
            action = self.strategy(coalition, goal, state)
            if action is None:
                actions = legal_actions(self.game, state)
                action = next((it for it in actions if it.is_pass), actions[0])
            line.append(action)
            state = apply_action(self.game, state, action)
        return tuple(line)

    def _rank(self, stages: Sequence[Diagram], state: State) -> int | None:
        """The first of the growing sets that holds the state."""
        low, high = 0, len(stages)
        while low < high:
            middle = (low + high) // 2
            if self.space.contains(stages[middle], state):
                high = middle
            else:
                low = middle + 1
        return low if low < len(stages) else None

    def _stay_within(self, states: Diagram, state: State) -> Action | None:
        """An action that stays within the states, a pass if there is one."""
        actions = sorted(legal_actions(self.game, state), key=lambda it: not it.is_pass)
        for action in actions:
            if self.space.contains(states, apply_action(self.game, state, action)):
                return action
        return None
