"""Conditions and effects as an author writes them, turned into those of the table.

The same reading serves packs and scripts: names of variables, of readings such as
`us-paper.stage`, and values are checked, and every mistake is collected with its path.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from negsim.errors import quote, suggestion
from negsim.pack.models import Range, SetTo, ShiftBy, Test, Then, When
from negsim.pack.yaml_tree import VALUE, Path_
from negsim.rules import (
    ALWAYS,
    All,
    AnyOf,
    AtLeast,
    Condition,
    Derived,
    Effect,
    Is,
    Not,
    Set,
    Shift,
    Variable,
    atoms,
)

Mistake = tuple[Path_, str]


@dataclass(slots=True)
class Reader:
    """Reads conditions and effects against these variables; `mistakes` collects what is wrong.

    With `kept_only`, of a list of values those that a level leaves out are passed over.
    """

    variables: Mapping[str, Variable]
    derived: Mapping[str, Derived]
    mistakes: list[Mistake] = field(default_factory=list)
    kept_only: bool = False

    def condition(self, when: When | None, path: Path_) -> Condition:
        """The condition; whatever is wrong in it reads as always true and is noted."""
        if when is None:
            return ALWAYS
        known_before = len(self.mistakes)
        parts: list[Condition] = []
        for name, test in (when.__pydantic_extra__ or {}).items():
            found = self._test(name, test, (*path, name))
            if found is not None:
                parts.append(found)
        if when.any is not None:
            parts.append(AnyOf(self._each(when.any, (*path, "any"))))
        if when.all is not None:
            parts += self._each(when.all, (*path, "all"))
        if when.not_ is not None:
            parts.append(Not(self.condition(when.not_, (*path, "not"))))
        if when.count is not None:
            counted = self._each(when.count.of, (*path, "count", "of"))
            if when.count.at_least > len(counted):
                self._note(
                    (*path, "count", "at_least", VALUE),
                    f"at least {when.count.at_least} of {len(counted)} can never hold; "
                    "lower it or add conditions",
                )
            parts.append(AtLeast(when.count.at_least, counted))
        if not parts and len(self.mistakes) == known_before:
            self._note(path, "the condition says nothing; write one line or leave it out")
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def effects(self, then: Then, path: Path_, others: Iterable[Effect] = ()) -> list[Effect]:
        """The effects, without those that are wrong, which are noted.

        `others` are what the action changes anyway.
        """
        effects: list[Effect] = []
        for name, change in then.items():
            here = (*path, name)
            variable = self.variables.get(name)
            if variable is None:
                self._no_variable(name, "change", self.variables, here)
                continue
            when = (
                self.condition(change.when, (*here, "when"))
                if isinstance(change, ShiftBy | SetTo)
                else ALWAYS
            )
            if isinstance(change, ShiftBy):
                effects.append(Shift(name, change.shift, when))
                continue
            value = plain_word(change.set if isinstance(change, SetTo) else change)
            at = (*here, "set") if isinstance(change, SetTo) else here
            if self._value(variable.id, value, variable.values, at):
                effects.append(Set(name, value, when))
        changed = {effect.variable for effect in (*effects, *others)}
        for effect in effects:
            for name in sorted({atom.variable for atom in atoms(effect.when)} & changed):
                self._note(
                    (*path, effect.variable, "when"),
                    f"the effect depends on {quote(name)}, which the action changes too; "
                    "test another variable or split the action",
                )
        return effects

    def _each(self, conditions: list[When], path: Path_) -> tuple[Condition, ...]:
        if not conditions:
            self._note(path, f"{quote(path[-1])} has no condition; list at least one")
        return tuple(
            self.condition(condition, (*path, place)) for place, condition in enumerate(conditions)
        )

    def _test(self, name: str, test: Test, path: Path_) -> Condition | None:
        derived = self.derived.get(name)
        if derived is not None:
            labels = self._chosen(name, test, tuple(derived.groups), path)
            values = [derived.groups[label] for label in labels]
            return Is(derived.variable, frozenset().union(*values))
        variable = self.variables.get(name)
        if variable is None:
            self._no_variable(name, "test", [*self.variables, *self.derived], path)
            return None
        return Is(name, frozenset(self._chosen(name, test, variable.values, path)))

    def _chosen(self, name: str, test: Test, values: tuple[str, ...], path: Path_) -> list[str]:
        if isinstance(test, Range):
            return self._stretch(name, test, values, path)
        if not isinstance(test, list):
            return [word] if self._value(name, word := plain_word(test), values, path) else []
        if not test:
            self._note(path, f"{quote(name)} has an empty list, which can never hold; list a value")
        if self.kept_only and any(plain_word(one) in values for one in test):
            test = [one for one in test if plain_word(one) in values]
        return [
            word
            for place, one in enumerate(test)
            if self._value(name, word := plain_word(one), values, (*path, place))
        ]

    def _stretch(self, name: str, test: Range, values: tuple[str, ...], path: Path_) -> list[str]:
        if test.min is None and test.max is None:
            self._note(path, f"the range of {quote(name)} is empty; write min or max")
            return []
        low = values[0] if test.min is None else str(test.min)
        high = values[-1] if test.max is None else str(test.max)
        if not (
            self._value(name, low, values, (*path, "min"))
            and self._value(name, high, values, (*path, "max"))
        ):
            return []
        found = list(values[values.index(low) : values.index(high) + 1])
        if not found:
            message = f"the range from {quote(low)} to {quote(high)} is empty; exchange min and max"
            self._note(path, message)
        return found

    def _value(self, name: str, value: str, values: tuple[str, ...], path: Path_) -> bool:
        if value in values:
            return True
        ends = f"; its values go from {quote(values[0])} to {quote(values[-1])}"
        hint = suggestion(value, values) or ends
        self._note((*path, VALUE), f"{quote(name)} has no value {quote(value)}{hint}")
        return False

    def _no_variable(self, name: str, purpose: str, there: Collection[str], path: Path_) -> None:
        hint = suggestion(name, there) or "; correct it or declare it among the variables"
        self._note(path, f"no variable {quote(name)} to {purpose}{hint}")

    def _note(self, path: Path_, message: str) -> None:
        self.mistakes.append((path, message))


def plain_word(value: str | int | bool) -> str:
    """A value as it stands in the table: true and false are yes and no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
