"""Small exercises for tests: what a file holds, and somebody who takes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from negsim.classroom.lesson import Lesson, load_lesson
from negsim.classroom.taking import Taking, header_of
from negsim.journal import AnyEntry
from negsim.session import Session

OPTIONS = {
    "left": {"text": "Left", "feedback": "Look again."},
    "right": {"text": "Right", "right": True, "feedback": "So it is."},
    "both": {"text": "Both"},
}
CHOOSE: dict[str, Any] = {"kind": "choose", "ask": "Which side?", "options": OPTIONS}
REACH: dict[str, Any] = {
    "kind": "reach",
    "ask": "Deliver the letter.",
    "goal": {"when": {"letter.stage": "response"}},
}


def written(**parts: Any) -> dict[str, Any]:
    """What the file of an exercise of two-towns holds."""
    return {
        "format": 1,
        "title": "A try",
        "about": "Nothing but a try.",
        "pack": "two-towns",
        "minutes": 20,
        "goals": ["To try."],
        "concepts": ["demand"],
        "brief": "Two towns and a weir.",
        "tasks": {"side": CHOOSE},
        **parts,
    }


def made(folder: Path, **parts: Any) -> Lesson:
    """An exercise in a folder of a teacher's own."""
    path = folder / "try.yaml"
    path.write_text(json.dumps(written(**parts), indent=1), encoding="utf-8")  # JSON is YAML
    return load_lesson(path)


def taken(lesson: Lesson, kept: list[AnyEntry] | None = None, seed: int = 1) -> Taking:
    """Somebody who begins to take it."""
    keep = kept.append if kept is not None else lambda entry: None
    taking = Taking(lesson, Session(lesson.case, header_of(lesson, seed=seed), keep))
    taking.go_on()
    return taking
