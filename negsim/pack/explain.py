"""What a model finds wrong in a file, in clear sentences at the right place."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, TypeAlias, get_args, get_origin

from pydantic import BaseModel, ValidationError

from negsim.errors import Problem, quote, suggestion
from negsim.pack.models import Test
from negsim.pack.yaml_tree import Data, Path_, Tree

Context: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A finding and the path of the part that it is about."""

    type: str
    given: Any
    context: Context
    path: Path_ = ()
    at_key: bool = False


def explained(
    kind: type[BaseModel], tree: Tree, error: ValidationError, most: int
) -> list[Problem]:
    """So many of the findings at most, the first in the file, each in one sentence."""
    findings = [
        (it["loc"], _Wrong(it["type"], it["input"], it.get("ctx") or {}))
        for it in error.errors(include_url=False)
    ]
    placed = [(_placed(tree, wrong), wrong) for wrong in _weighed(tree.data, findings)]
    placed.sort(key=lambda pair: pair[0])
    return [
        replace(problem, message=_sentence(kind, wrong)) for problem, wrong in islice(placed, most)
    ]


def _placed(tree: Tree, wrong: _Wrong) -> Problem:
    """Where the finding is shown: what is missing, at the key of the part that lacks it."""
    if wrong.type == "missing":
        return tree.problem(wrong.path[:-1], "", at_key=True)
    return tree.problem(wrong.path, "", at_key=wrong.at_key)


def _weighed(
    data: Data, findings: Iterable[tuple[Path_, _Wrong]], path: Path_ = ()
) -> Iterator[_Wrong]:
    """The findings with their paths; of the alternatives of a union, those of the likeliest.

    A finding's own steps name the alternatives of unions too, which are no part of the data.
    """
    below: dict[str | int, list[tuple[Path_, _Wrong]]] = defaultdict(list)
    alternatives: dict[str, list[tuple[Path_, _Wrong]]] = defaultdict(list)
    for steps, wrong in findings:
        if not steps:
            yield replace(wrong, path=path, at_key=wrong.type == "extra_forbidden")
        elif _has(data, steps[0]):
            below[steps[0]].append((steps[1:], wrong))
        elif steps == ("[key]",):
            yield replace(wrong, path=path, at_key=True)
        elif steps[1:] == () and wrong.type == "missing":
            yield replace(wrong, path=(*path, steps[0]))
        else:
            alternatives[str(steps[0])].append((steps[1:], wrong))
    for step, inner in below.items():
        yield from _weighed(_part(data, step), inner, (*path, step))
    if alternatives:
        yield from _likeliest(data, alternatives, path)


def _likeliest(
    data: Data, alternatives: Mapping[str, Iterable[tuple[Path_, _Wrong]]], path: Path_
) -> list[_Wrong]:
    """What is wrong by the alternative that the data was meant for, or that it fits none.

    It was meant for one whose shape it has, so that all mistakes lie further down, the fewest.
    """
    choices = [[*_weighed(data, findings, path)] for findings in alternatives.values()]
    shaped = sorted((it for it in choices if all(len(w.path) > len(path) for w in it)), key=len)
    if shaped and (len(shaped) == 1 or len(shaped[0]) < len(shaped[1])):
        return shaped[0]
    return [_Wrong("no_alternative", data, {"names": tuple(alternatives)}, path)]


def _has(data: Data, step: str | int) -> bool:
    if isinstance(data, dict):
        return step in data
    return isinstance(data, list) and isinstance(step, int)


def _part(data: Data, step: str | int) -> Data:
    if isinstance(data, dict):
        return data[str(step)]
    return data[int(step)] if isinstance(data, list) else None


def _sentence(kind: type[BaseModel], wrong: _Wrong) -> str:
    if wrong.type == "extra_forbidden":
        name = str(wrong.path[-1])
        hint = suggestion(name, _keys_at(kind, wrong.path[:-1])) or "; remove it"
        return f"unknown key {quote(name)}{hint}"
    if wrong.type == "missing":
        within = [step for step in wrong.path[:-1] if isinstance(step, str)][-1:]
        inside = f" in {quote(within[0])}" if within else ""
        return f"the key {quote(wrong.path[-1])} is missing{inside}; add it"
    return _SENTENCES.get(wrong.type, _otherwise)(wrong.given, wrong.context)


def _keys_at(kind: type[BaseModel], path: Path_) -> list[str]:
    """The keys that the part at the path may have."""
    here: Any = kind
    for step in path:
        if get_origin(_without_none(here)) in (dict, list):
            here = get_args(_without_none(here))[-1]
        else:
            here = _fields(here).get(str(step), Test)  # conditions alone have other keys: tests
    return [*_fields(here)]


def _fields(annotation: Any) -> dict[str, Any]:
    """The keys of the models that an annotation is or names, and what belongs there."""
    found = {}
    for model in (annotation, *get_args(annotation)):
        if isinstance(model, type) and issubclass(model, BaseModel):
            model.model_rebuild()  # else a model that was not used yet has names for types
            fields = model.model_fields.items()
            found.update({field.alias or name: field.annotation for name, field in fields})
    return found


def _without_none(annotation: Any) -> Any:
    """The list or map of an annotation that may be left out."""
    parts = [part for part in get_args(annotation) if part is not type(None)]
    return parts[0] if type(None) in get_args(annotation) and len(parts) == 1 else annotation


def _shown(given: object) -> str:
    """What was given, as the subject of a sentence."""
    if isinstance(given, dict):
        return f"a map with {quote(next(iter(given)))}" if given else "an empty map"
    if isinstance(given, list):
        return "a list" if given else "an empty list"
    if isinstance(given, bool):
        return quote(str(given).lower())
    return "nothing" if given is None else quote(given)


def _no_text(given: object, context: Context) -> str:
    if isinstance(given, int):
        return f"{_shown(given)} is no text; put it in quotes"
    return f"{_shown(given)} stands where text belongs; write a text"


def _no_number(given: object, context: Context) -> str:
    if isinstance(given, str) and re.fullmatch("[-+]?[0-9]+", given):
        return f"{_shown(given)} is text because of its quotes; remove the quotes"
    return f"{_shown(given)} stands where a whole number belongs; write one"


def _no_bool(given: object, context: Context) -> str:
    if given in ("true", "false"):
        return f"{_shown(given)} is text because of its quotes; remove the quotes"
    return f"{_shown(given)} stands where true or false belongs; write one of the two"


def _no_map(given: object, context: Context) -> str:
    return f"{_shown(given)} stands where a map belongs; write lines of the form key: value"


def _no_list(given: object, context: Context) -> str:
    return f"{_shown(given)} stands where a list belongs; write it in [ ] or in lines after a -"


def _no_choice(given: object, context: Context) -> str:
    expected = re.findall(r"'([^']*)'|\b(\d+)\b", str(context.get("expected", "")))
    names = [text or number for text, number in expected]
    if len(names) == 1:
        return f"{_shown(given)} does not fit here; write {names[0]}, without quotes"
    near = suggestion(given, names) if isinstance(given, str) else ""
    if "did you mean" in near:
        return f"{_shown(given)} is no word that fits here{near}"
    return f"{_shown(given)} is none of {', '.join(names)}; take one of these"


_PATTERNS = (
    ("^[a-z]", 'is no id; write small letters, digits and single hyphens, as in "us-paper"'),
    ("^[A-Z]", 'is no fact id; write a capital, then letters or digits, as in "F12"'),
    (r"^\d", 'is no date; write a year, a month or a day, as in "2022-01-26"'),
)


def _no_match(given: object, context: Context) -> str:
    pattern = str(context.get("pattern", ""))
    said = [sentence for start, sentence in _PATTERNS if pattern.startswith(start)]
    return f"{_shown(given)} {said[0]}" if said else _otherwise(given, context)


_ALTERNATIVES = {
    "str": "a text",
    "int": "a whole number",
    "bool": "true or false",
    "list": "a list of values",
    "Range": "{min: ..., max: ...}",
    "ShiftBy": "{shift: ...}",
    "SetTo": "{set: ...}",
}


def _no_alternative(given: object, context: Context) -> str:
    names = [name.partition("[")[0] for name in context["names"]]
    *others, last = [_ALTERNATIVES.get(name, name) for name in names]
    return f"{_shown(given)} stands where {', '.join(others)} or {last} belongs; write one of these"


def _otherwise(given: object, context: Context) -> str:
    return f"{_shown(given)} does not fit here; see `negsim schema`"


def _no_kind(given: object, context: Context) -> str:
    """The word that tells the alternatives apart is none of theirs, or is missing."""
    key = str(context["discriminator"]).strip("'")
    if "tag" not in context:
        return f"the key {quote(key)} is missing; add it"
    kinds = re.findall(r"'([^']*)'", str(context["expected_tags"]))
    written = given[key] if isinstance(given, dict) else None
    return f"{_shown(written)} is no {key} that fits here{suggestion(str(written), kinds)}"


_SENTENCES: Mapping[str, Callable[[Any, Context], str]] = {
    "string_type": _no_text,
    "int_type": _no_number,
    "bool_type": _no_bool,
    "list_type": _no_list,
    "dict_type": _no_map,
    "model_type": _no_map,
    "literal_error": _no_choice,
    "no_alternative": _no_alternative,
    "union_tag_invalid": _no_kind,
    "union_tag_not_found": _no_kind,
    "string_pattern_mismatch": _no_match,
    "string_too_short": lambda given, context: "the text is empty; write something",
    "string_too_long": lambda given, context: (
        f"the text {quote(given, 30)} has more than {context['max_length']} characters; shorten it"
    ),
    "too_short": lambda given, context: (
        f"too few entries ({context['actual_length']}); write at least {context['min_length']}"
    ),
    "too_long": lambda given, context: (
        f"too many entries ({context['actual_length']}); write at most {context['max_length']}"
    ),
    "greater_than_equal": lambda given, context: (
        f"{_shown(given)} is too small; write {context['ge']} or more"
    ),
    "less_than_equal": lambda given, context: (
        f"{_shown(given)} is too large; write {context['le']} or less"
    ),
}
