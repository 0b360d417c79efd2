"""A debrief as one HTML page that holds all it needs: no script, nothing fetched.

Whatever the debrief tells goes through the template's escaping; tags are the template's alone.
"""

from __future__ import annotations

from functools import cache

from jinja2 import Template

from negsim.debrief import FACTS, Debrief, Listing
from negsim.export.page import template


def debrief_html(debrief: Debrief) -> str:
    """The debrief as an HTML document."""
    return _template().render(debrief=debrief)


@cache
def _template() -> Template:
    return template("debrief.html.jinja", kinds={"listing": Listing}, FACTS=FACTS)
