"""Fixpoints over the moves of a game, or of the part of it that a question depends on.

What can be reached, from where a set can be reached and in how few actions, and from where a
coalition can force it. One mover's actions are closed before any pass, which is what makes these
fast on games whose turns consist of many small actions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from functools import cached_property

from negsim.engine import initial_state
from negsim.explore.diagrams import Diagram, Move, Space, move
from negsim.explore.slices import rows
from negsim.rules import TURN, Game, State

Watch = Callable[[str, int], None]
"""Hears what is being worked out and how many nodes it has; may raise to stop the work."""


Moves = dict[str, list[Move]]
"""Moves by mover."""


WIDE = 10
"""Moves that touch so many variables more are taken later."""

Grown = Callable[[Diagram, bool], None]
"""Hears each larger set, and whether it is all that can be reached with some of the moves."""


def unwatched(what: str, nodes: int) -> None:
    """Hears nothing."""


class Arena:
    """The moves of a game on the variables that matter, and what follows from them.

    `turns_end` says that no mover can act for ever without passing (see `slices.turns_end`); where
    it does not hold, all variables must matter, and forcing goes one action at a time.
    """

    def __init__(
        self,
        space: Space,
        variables: frozenset[str],
        *,
        turns_end: bool,
        watch: Watch = unwatched,
    ) -> None:
        self.space = space
        self.game: Game = space.game
        self.variables = variables
        self.turns_end = turns_end
        self.watch = watch
        self.moves: list[Move] = [
            move(space, row.mover, row.conditions, row.effects, is_pass=row.is_pass)
            for row in rows(self.game, variables)
        ]
        movers = self.game.movers
        self.moves_of = {m: [it for it in self.moves if it.mover == m] for m in movers}
        self.stays = {m: [it for it in self.moves_of[m] if it.stays] for m in movers}
        self.leaves = {m: [it for it in self.moves_of[m] if it.leaves] for m in movers}
        self.turn = {m: space.value(TURN, m) for m in self.game.movers}
        self.endings: dict[str, Diagram] = {}
        self.valid = space.valid(variables)
        ended = space.none
        for ending in self.game.endings:
            if ending.when is not None:
                here = space.where(ending.when) & self.valid
                self.endings[ending.id] = here & ~ended
                ended = ended | here
        self.ended = ended
        self.live = self.valid & ~ended

    @cached_property
    def reached(self) -> Diagram:
        """The states that can be reached from the start."""
        return self.reachable(self.space.state(initial_state(self.game), self.variables))

    def count(self, states: Diagram) -> int:
        """How many states of this part are in the set."""
        return self.space.count(states, self.variables)

    def of(self, state: State) -> Diagram:
        """The state, as far as its variables matter."""
        return self.space.state(state, self.variables)

    @cached_property
    def _widening(self) -> list[Moves]:
        """The moves by mover, more and more of them: the passes first, then family by family.

        Small families come first, and within a family the moves that touch few variables.
        """
        families = Counter(it.family for it in self.moves)

        def turn(it: Move) -> tuple[int, str, int]:
            return (0, "", 0) if it.is_pass else (families[it.family], it.family, it.width // WIDE)

        ranks = sorted({turn(it) for it in self.moves})
        return [
            {m: [it for it in own if turn(it) <= rank] for m, own in self.moves_of.items()}
            for rank in ranks
        ]

    def reachable(self, start: Diagram, grown: Grown | None = None) -> Diagram:
        """The states that can be reached from the set.

        Any order of the moves leads to the same set. All that can be reached with a part of them
        makes a small diagram, what a few rounds of all of them reach does not: hence family by
        family.
        """
        found = start
        for moves in self._widening:
            while True:
                before = found
                for own in moves.values():
                    found = self._forward([it for it in own if it.stays], found, grown)
                    for it in own:
                        if it.leaves:
                            found = found | it.image(found & self.live)
                    self.watch("reachable states", found.node_count())
                if found == before:
                    break
            if grown is not None:
                grown(found, True)
        return found

    def _forward(self, moves: Sequence[Move], found: Diagram, grown: Grown | None) -> Diagram:
        while True:
            before = found
            for it in moves:
                found = found | it.image(found & self.live)
                if grown is not None:
                    grown(found, False)
            if found == before:
                return found

    def can_reach(self, goal: Diagram) -> Diagram:
        """The reachable states from which some line leads into the set."""
        live = self.reached & self.live
        found = goal & self.reached
        for moves in self._widening:
            while True:
                before = found
                for mover in reversed(self.game.movers):
                    here = self.turn[mover] & live
                    for it in moves[mover]:
                        if it.leaves:
                            found = found | (it.before(found) & here)
                    stays = [it for it in moves[mover] if it.stays]
                    found = self._backward(stays, found, here)
                    self.watch("states that can reach a goal", found.node_count())
                if found == before:
                    break
        return found

    def _backward(self, moves: Sequence[Move], found: Diagram, within: Diagram) -> Diagram:
        while True:
            before = found
            for it in reversed(moves):
                found = found | (it.before(found) & within)
            if found == before:
                return found

    def can_go_on(self, within: Diagram) -> Diagram:
        """The states of the set from which some line never leaves it."""
        found = within & self.live
        ordered = sorted(self.moves, key=lambda it: not it.is_pass)
        while True:
            kept = self.space.none
            for it in ordered:
                if kept == found:
                    return found
                kept = kept | (it.before(found) & found)
            if kept == found:
                return found
            found = kept

    def layers(self, goal: Diagram) -> list[Diagram]:
        """The reachable states by the least number of actions, passes not counted, to the set."""
        live = self.reached & self.live
        passes = [it for it in self.moves if it.is_pass]
        actions = [it for it in self.moves if not it.is_pass]
        nearest = self._backward(passes, goal & self.reached, live)
        found, layers = nearest, []
        while nearest.satisfiable():
            layers.append(nearest)
            free = live & ~found
            further = self.space.none
            for it in actions:
                further = further | (it.before(nearest) & free)
            nearest = self._backward(passes, further, free)
            found = found | nearest
            self.watch("distances", nearest.node_count())
        return layers

    def forces(self, coalition: Collection[str], goal: Diagram) -> list[Diagram]:
        """Growing sets of reachable states from which the coalition can force the set.

        The last is the answer. From a state of a set that is not in the one before, the coalition
        has an action into it, or into an earlier one, and the others have none that leads out.
        """
        live = self.reached & self.live
        won = goal & self.reached
        stages = [won]
        while True:
            before = won
            for mover in reversed(self.game.movers):
                here = self.turn[mover] & live & ~won
                if mover in coalition:
                    grown = self._own_turn(mover, won, here)
                else:
                    grown = won | (here & ~self._others_turn(mover, won, here))
                if grown != won:
                    won = grown
                    stages.append(won)
                self.watch(f"what {', '.join(coalition) or 'nobody'} can force", won.node_count())
            if won == before:
                return stages

    def _own_turn(self, mover: str, won: Diagram, here: Diagram) -> Diagram:
        """The set with the mover's states from which it can lead into it within its turn."""
        found = won
        for it in self.leaves[mover]:
            found = found | (it.before(won) & here)
        if self.turns_end:
            return self._backward(self.stays[mover], found, here)
        for it in self.stays[mover]:
            found = found | (it.before(won) & here)
        return found

    def _others_turn(self, mover: str, won: Diagram, here: Diagram) -> Diagram:
        """The mover's states, among these, from which it can keep out of the set."""
        lost = self.reached & ~won & ~here
        escapes = here & self.stuck
        for it in (*self.leaves[mover], *self.stays[mover]):
            escapes = escapes | (it.before(lost) & here)
        if not self.turns_end:
            escapes = escapes | self.can_stay(mover, here)
        return self._backward(self.stays[mover], escapes, here)

    def can_stay(self, mover: str, here: Diagram) -> Diagram:
        """The mover's states, among these, from which it can act for ever without leaving them."""
        found = here
        while True:
            before = found
            kept = self.space.none
            for it in self.stays[mover]:
                kept = kept | (it.before(found) & found)
            found = kept
            if found == before:
                return found

    @cached_property
    def stuck(self) -> Diagram:
        """The reachable states in which nobody can do anything, and that are no ending."""
        found = self.reached & self.live
        for it in sorted(self.moves, key=lambda it: not it.is_pass):
            if found == self.space.none:
                break
            found = found & ~it.guard
        return found
