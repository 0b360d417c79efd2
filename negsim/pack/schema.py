"""The format as JSON Schema. The field docstrings of the models become its descriptions.

They are read from the source here and not by the models themselves, so that loading a pack does
not wait for it.
"""

from __future__ import annotations

import ast
import inspect
from collections import ChainMap
from types import ModuleType
from typing import Any

from pydantic import BaseModel

from negsim.pack import models


def schema(model: str, *others: ModuleType) -> dict[str, Any]:
    """The JSON Schema of the model of that name: of the last of the other modules of models, or of
    `negsim.pack.models` where there is none."""
    modules = (models, *others)
    kind: type[BaseModel] = getattr(modules[-1], model)
    found = kind.model_json_schema(by_alias=True)
    described = descriptions(*modules)
    for name, part in [(model, found), *found.get("$defs", {}).items()]:
        for field, text in described.get(name, {}).items():
            if field in part.get("properties", {}):
                part["properties"][field]["description"] = text
        for field in part.get("properties", {}).values():
            if "const" in field:  # it tells the part from others: what the part is, it means
                field.setdefault("description", part.get("description", ""))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


def descriptions(*modules: ModuleType) -> dict[str, dict[str, str]]:
    """For each model the docstrings of its fields, by the key as it is written in a file."""
    found: dict[str, dict[str, str]] = {}
    for module in modules:
        for node in ast.parse(inspect.getsource(module)).body:
            if isinstance(node, ast.ClassDef):
                kind = getattr(module, node.name)
                inherited = [found.get(base.__name__, {}) for base in kind.__bases__]
                found[node.name] = {**ChainMap(*inherited), **_of_class(node, kind)}
    return found


def _of_class(node: ast.ClassDef, kind: type[BaseModel]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for before, after in zip(node.body, node.body[1:], strict=False):
        if (
            isinstance(before, ast.AnnAssign)
            and isinstance(before.target, ast.Name)
            and isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
            and isinstance(after.value.value, str)
        ):
            name = before.target.id
            alias = kind.model_fields[name].alias if name in kind.model_fields else None
            fields[alias or name] = " ".join(after.value.value.split())
    return fields
