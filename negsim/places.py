"""Where negsim keeps its files: the user's folders, or all in the one that NEGSIM_HOME names."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def data() -> Path:
    """What belongs to the user."""
    home = os.environ.get("NEGSIM_HOME")
    return Path(home or platformdirs.user_data_dir("negsim", False))


def sessions() -> Path:
    """Where journals are kept."""
    return data() / "sessions"


def exercises() -> Path:
    """Where a teacher's own exercises are, beside those that ship."""
    return data() / "exercises"


def journals() -> list[Path]:
    """The journals of the sessions that are kept, the last written first."""
    found = [path for path in sessions().glob("*.jsonl") if path.is_file()]
    return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)


def cache() -> Path:
    """Where explorations are kept, which can be worked out again."""
    home = os.environ.get("NEGSIM_HOME")
    return Path(home) / "cache" if home else Path(platformdirs.user_cache_dir("negsim", False))
