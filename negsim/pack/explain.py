"""What a model finds wrong in a file, in clear sentences at the right place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from negsim.errors import Problem, quote, suggestion
from negsim.pack.yaml_tree import Data, Path_, Tree


def explained(kind: type[BaseModel], tree: Tree, error: ValidationError) -> list[Problem]:
    """Each of the findings in one sentence; the alternatives of a union count once."""
    found: dict[Path_, tuple[bool, str]] = {}
    for finding in error.errors(include_url=False):
        path, in_union = _path_in(tree.data, finding["loc"])
        given = finding["input"]
        if finding["type"] == "extra_forbidden":
            known = _keys_at(kind, path[:-1])
            message = f"unknown key {quote(path[-1])}{suggestion(str(path[-1]), known)}"
        elif finding["type"] == "missing":
            message = f"the key {quote(finding['loc'][-1])} is missing; add it"
        elif finding["loc"][-1] == "[key]":
            message = f"{quote(path[-1])} is no name here: {_pattern(finding.get('ctx') or {})}"
        else:
            explain = _SENTENCES.get(finding["type"], _otherwise)
            message = explain(given, finding.get("ctx") or {"msg": finding["msg"]})
        if in_union and path in found:
            message = f"{_kind(given)} {quote(given)} does not fit here; see `negsim schema`"
        found[path] = (in_union, message)
    return [
        tree.problem(path, message, at_key=message.startswith("unknown key"))
        for path, (_, message) in found.items()
    ]


def _path_in(data: Data, loc: tuple[str | int, ...]) -> tuple[Path_, bool]:
    """The part of the data that a finding is about, and whether it lies in a union."""
    path: list[str | int] = []
    in_union = False
    for step in loc:
        if isinstance(data, dict) and isinstance(step, str) and step in data:
            data = data[step]
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            in_union = in_union or step not in ("[key]", loc[-1])
            continue
        path.append(step)
    return tuple(path), in_union


def _keys_at(kind: type[BaseModel], path: Path_) -> list[str]:
    """The keys that the part at the path may have."""
    here: Any = kind
    for step in path:
        model = _model_in(here)
        if model is not None and not _container(here):
            fields = model.model_fields
            named = {field.alias or name: field.annotation for name, field in fields.items()}
            here = named.get(str(step))
        else:
            here = get_args(here)[-1] if get_args(here) else None
    model = _model_in(here)
    if model is None:
        return []
    return [field.alias or name for name, field in model.model_fields.items()]


def _container(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", None) in (dict, list)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that an annotation is, or that a union names."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in get_args(annotation):
        found = _model_in(part)
        if found is not None:
            return found
    return None


Context = Mapping[str, Any]


def _kind(given: object) -> str:
    names = {dict: "a map", list: "a list", str: "the text", int: "the number", bool: "the switch"}
    return names.get(type(given), "the empty value")


def _no_text(given: object, context: Context) -> str:
    if isinstance(given, int):
        written = str(given).lower() if isinstance(given, bool) else str(given)
        return f"{quote(written)} is no text; put it in quotes"
    return f"{_kind(given)} stands where text belongs; write the text"


def _choice(given: object, context: Context) -> str:
    expected = re.findall(r"'([^']*)'|\b(\d+)\b", str(context.get("expected", "")))
    names = [text or number for text, number in expected]
    return f"{quote(given)} is none of {', '.join(names)}{_near(given, names)}"


def _near(given: object, names: list[str]) -> str:
    hint = suggestion(str(given), names)
    return hint if "did you mean" in hint else "; take one of these"


_PATTERNS = (
    (r"^[a-z][a-z0-9]*(-", "an id has small letters, digits and single hyphens"),
    (r"^[A-Z]", 'a fact id is a capital with letters and digits, as in "F12"'),
    (r"^\d{4}", 'a date is a year, a month or a day, as in "2022-01-26"'),
)


def _pattern(context: Context) -> str:
    pattern = str(context.get("pattern", ""))
    for start, sentence in _PATTERNS:
        if pattern.startswith(start):
            return sentence
    if "max_length" in context:
        return f"it has more than {context['max_length']} characters; shorten it"
    return "it is empty; write something"


def _wrong_pattern(given: object, context: Context) -> str:
    return f"{quote(given)} does not fit: {_pattern(context)}"


def _otherwise(given: object, context: Context) -> str:
    return f"{quote(given)} does not fit: {context.get('msg', 'see `negsim schema`')}"


def _number(given: object, context: Context) -> str:
    return f"{quote(given)} is no whole number; write one"


_SENTENCES: Mapping[str, Callable[[object, Context], str]] = {
    "string_type": _no_text,
    "literal_error": _choice,
    "string_pattern_mismatch": _wrong_pattern,
    "string_too_long": lambda given, context: (
        f"the text {quote(given, 30)} has more than {context['max_length']} characters; shorten it"
    ),
    "string_too_short": lambda given, context: "the text is empty; write something",
    "int_type": _number,
    "bool_type": lambda given, context: f"{quote(given)} is neither true nor false; write one",
    "list_type": lambda given, context: (
        f"{_kind(given)} stands where a list belongs; write [...] or lines that start with -"
    ),
    "dict_type": lambda given, context: (
        f"{_kind(given)} stands where a map belongs; write key: value lines"
    ),
    "model_type": lambda given, context: (
        f"{_kind(given)} stands where a map belongs; write key: value lines"
    ),
    "too_short": lambda given, context: (
        f"at least {context['min_length']} needed here, {context['actual_length']} given; add some"
    ),
    "too_long": lambda given, context: (
        f"at most {context['max_length']} fit here, {context['actual_length']} given; remove some"
    ),
    "greater_than_equal": lambda given, context: (
        f"{given} is too small; the least is {context['ge']}"
    ),
    "less_than_equal": lambda given, context: f"{given} is too large; the most is {context['le']}",
}
