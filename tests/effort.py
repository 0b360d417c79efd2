"""How many examples a property is tried on: a part of them, or with NEGSIM_EXAMPLES=all all."""

from __future__ import annotations

import os

PART = 5


def some(examples: int) -> int:
    """That many, or in the default run a fifth of them; at least 5."""
    return examples if os.environ.get("NEGSIM_EXAMPLES") == "all" else max(5, examples // PART)
