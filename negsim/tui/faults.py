"""What went wrong, as it is told in place while the session goes on."""

from __future__ import annotations

from negsim.errors import NegsimError


def as_told(error: BaseException) -> NegsimError:
    """The error, if it was raised on purpose; else that it is a fault of negsim."""
    if isinstance(error, NegsimError):
        return error
    return NegsimError(f"This is a fault of negsim: {error!r}. What was done before is kept.")
