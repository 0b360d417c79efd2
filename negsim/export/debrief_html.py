"""A debrief as one HTML page that holds all it needs: no script, nothing fetched.

Whatever the debrief tells goes through the template's escaping; tags are the template's alone.
"""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from negsim.debrief import FACTS, Debrief, Listing
from negsim.errors import printable


def debrief_html(debrief: Debrief) -> str:
    """The debrief as an HTML document."""
    return _template().render(debrief=debrief)


def plain(text: str) -> str:
    """The text on one line, with whatever a reader could not see written as an escape."""
    return printable(" ".join(text.split()))


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("negsim", "export"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["plain"] = plain
    environment.tests["listing"] = lambda block: isinstance(block, Listing)
    environment.globals["FACTS"] = FACTS
    return environment.get_template("debrief.html.jinja")
