"""Files that the interface gives to a person: never over one that is there."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any

from textual.app import App

from negsim.errors import NegsimError, quote


def give(app: App[Any], name: str, files: Mapping[str, str]) -> str:
    """Gives texts to the person, by the endings of their files, and says where they went: into the
    current folder, or in a browser where that puts what it loads. Raises NegsimError."""
    if app.is_web:
        names = [f"{name}.{ending}" for ending in files]
        for title, text in zip(names, files.values(), strict=True):
            app.deliver_text(StringIO(text), save_filename=title)
        return f"Your browser is given {' and '.join(names)}."
    try:
        folder = Path.cwd()
    except OSError as error:
        raise NegsimError("the current folder is gone; start negsim in another") from error
    return f"Saved: {' and '.join(map(str, save(name, files, folder)))}."


def save(name: str, files: Mapping[str, str], folder: Path) -> list[Path]:
    """Writes the files into the folder under a name that none has there.

    Raises NegsimError where one cannot be written; then none is left.
    """
    for number in count(1):
        stem = name if number == 1 else f"{name}-{number}"
        paths = [folder / f"{stem}.{ending}" for ending in files]
        if not any(os.path.lexists(path) for path in paths):
            break
    written = []
    try:
        for path, text in zip(paths, files.values(), strict=True):
            with path.open("x", encoding="utf-8", newline="\n") as file:
                written.append(path)
                file.write(text)
    except OSError as error:
        for path in written:
            with suppress(OSError):
                path.unlink()
        message = f"nothing can be saved in {quote(folder, 200)} ({error.strerror or error})"
        raise NegsimError(f"{message}; start negsim in a folder of your own") from error
    return paths
