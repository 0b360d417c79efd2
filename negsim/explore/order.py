"""The order of the variables in the diagrams: everything else depends on it more than on anything.

FORCE (Aloul, Markov and Sakallah, 2003) puts variables that one action touches near each other;
sifting (Rudell, 1993) then moves one variable at a time, as a block of bits, to where a given set
is smallest.
"""

from __future__ import annotations

from collections.abc import Sequence

from oxidd.bcdd import BCDDFunction, BCDDManager

from negsim.rules import TURN, Action, Game, atoms

FORCE_ROUNDS = 100
SIFT_NODES = 4_000_000
"""The most nodes while sifting; a set that is sifted has far fewer."""
GIVE_UP = 1.1
"""A variable is moved no further in a direction in which the set has grown by this factor."""
ENOUGH = 0.9
"""Sifting stops when going through all variables leaves more than this share of the nodes."""


def touched(action: Action) -> frozenset[str]:
    """The variables that an action tests or changes."""
    conditions = [need.condition for need in action.when] + [it.when for it in action.then]
    tested = {atom.variable for condition in conditions for atom in atoms(condition)}
    return frozenset({TURN, *tested, *(effect.variable for effect in action.then)})


def force_order(game: Game) -> tuple[str, ...]:
    """Every variable, those that actions touch together near each other.

    Each set of variables counts once, however many actions touch it, and the less the more
    variables it has: so the answers to an item do not outweigh everything else, and an action
    that resets a whole exchange does not draw all together.
    """
    names = [variable.id for variable in game.variables]
    groups = sorted(sorted(group) for group in {touched(action) for action in game.actions})
    place = {name: float(number) for number, name in enumerate(names)}
    best, least = names, float("inf")
    for _ in range(FORCE_ROUNDS):
        pull = {name: [0.0, 0.0] for name in names}
        for group in groups:
            weight = 1 / len(group)
            centre = sum(place[name] for name in group) * weight
            for name in group:
                pull[name][0] += centre * weight
                pull[name][1] += weight
        wanted = {name: pull[name][0] / pull[name][1] if pull[name][1] else 0.0 for name in names}
        names = sorted(names, key=lambda name: (wanted[name], place[name]))
        place = {name: float(number) for number, name in enumerate(names)}
        span = sum(
            (max(place[name] for name in group) - min(place[name] for name in group)) / len(group)
            for group in groups
        )
        if span < least:
            best, least = names, span
    return tuple(best)


def sifted(
    diagram: BCDDFunction, bits: dict[str, tuple[int, ...]], order: Sequence[str]
) -> tuple[str, ...]:
    """A better order for this set, found in a manager of its own that holds nothing else.

    `bits` gives for each variable its bits, all in the diagram's manager; `order` is theirs now.
    """
    manager = BCDDManager(SIFT_NODES, 1 << 16, 1)
    own = {name: tuple(manager.add_vars(len(bits[name]))) for name in order}
    renamed = {old: new for name in order for old, new in zip(bits[name], own[name], strict=True)}
    copied = copy(diagram, manager, renamed)

    def arrange(names: Sequence[str]) -> int:
        manager.set_var_order([bit for name in names for bit in own[name]])
        return copied.node_count()

    names = list(order)
    fewest = copied.node_count()
    while True:
        before = fewest
        for name in list(names):
            rest = [other for other in names if other != name]
            here = best = names.index(name)
            for places in (range(here + 1, len(names)), range(here - 1, -1, -1)):
                for place in places:
                    nodes = arrange([*rest[:place], name, *rest[place:]])
                    if nodes < fewest:
                        fewest, best = nodes, place
                    if nodes > fewest * GIVE_UP:
                        break
            names = [*rest[:best], name, *rest[best:]]
            arrange(names)
            if manager.approx_num_inner_nodes() > SIFT_NODES // 8:
                manager.gc()
        if fewest > before * ENOUGH:
            return tuple(names)


def copy(diagram: BCDDFunction, manager: BCDDManager, renamed: dict[int, int]) -> BCDDFunction:
    """The same set in another manager, its bits renamed; the orders may differ."""
    done: dict[BCDDFunction, BCDDFunction] = {}
    stack = [diagram]
    while stack:
        node = stack[-1]
        if node in done:
            stack.pop()
            continue
        children = node.cofactors()
        if children is None:
            done[node] = manager.true() if node.valid() else manager.false()
            continue
        missing = [child for child in children if child not in done]
        if missing:
            stack += missing
            continue
        variable = node.node_var()
        assert variable is not None
        done[node] = manager.var(renamed[variable]).ite(done[children[0]], done[children[1]])
    return done[diagram]


def completed(hint: Sequence[str], game: Game) -> tuple[str, ...]:
    """The hint as an order of just the game's variables: what it lacks goes beside its neighbour.

    Names that the game does not have are left out, so an order outlives changes of a pack.
    """
    known = set(game.position)
    order = [name for name in dict.fromkeys(hint) if name in known]
    before: str | None = None
    for name in force_order(game):
        if name not in order:
            order.insert(order.index(before) + 1 if before is not None else 0, name)
        before = name
    return tuple(order)
