"""What all pages of HTML have in common: whatever is told goes through the escaping of a template,
and tags are the template's alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from negsim.errors import printable


def plain(text: str) -> str:
    """The text on one line, with whatever a reader could not see written as an escape."""
    return printable(" ".join(text.split()))


def template(
    name: str,
    filters: Mapping[str, Callable[..., Any]] | None = None,
    kinds: Mapping[str, type] | None = None,
    **words: object,
) -> Template:
    """A template of this folder, which knows these filters beside `plain`, these kinds as tests,
    and these words."""
    environment = Environment(
        loader=PackageLoader("negsim", "export"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(filters or {}, plain=plain)
    for test, kind in (kinds or {}).items():
        environment.tests[test] = lambda part, kind=kind: isinstance(part, kind)
    environment.globals.update(words)
    return environment.get_template(name)
