"""Imports point one way, and commands import only what they need."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import negsim

PACKAGE = Path(negsim.__file__).parent

LAYERS: list[tuple[str, ...]] = [
    ("negsim", "negsim.errors", "negsim.places"),
    ("negsim.rules",),
    ("negsim.engine",),
    ("negsim.explore",),
    ("negsim.pack", "negsim.pack.yaml_tree", "negsim.pack.models"),
    ("negsim.cycle",),
    (
        "negsim.pack.conditions",
        "negsim.pack.compile",
        "negsim.pack.references",
        "negsim.pack.explain",
        "negsim.pack.load",
        "negsim.pack.order",
        "negsim.pack.catalogue",
        "negsim.pack.schema",
    ),
    ("negsim.replay", "negsim.events", "negsim.events_file"),
    ("negsim.journal", "negsim.journal_file"),
    ("negsim.serve.browser",),
    ("negsim.session",),
    ("negsim.others", "negsim.scripts"),
    ("negsim.store",),
    ("negsim.background", "negsim.export", "negsim.lint", "negsim.text", "negsim.events_text"),
    ("negsim.answers", "negsim.views"),
    ("negsim.compare", "negsim.drafting", "negsim.reports", "negsim.sitting", "negsim.debrief"),
    ("negsim.classroom",),
    (
        "negsim.export.page",
        "negsim.export.markdown",
        "negsim.export.debrief_html",
        "negsim.export.debrief_markdown",
        "negsim.export.class_html",
        "negsim.export.class_markdown",
        "negsim.export.feedback",
        "negsim.export.grades",
        "negsim.export.cards",
    ),
    (
        "negsim.prompt",
        "negsim.outlook",
        "negsim.classroom.talk",
        "negsim.classroom.playing",
        "negsim.classroom.asking",
    ),
    ("negsim.questions",),
    ("negsim.tui", "negsim.serve"),
    ("negsim.cli",),
    ("negsim.__main__",),
]
"""From below: a module imports from its own layer or from one above it in this list only."""

PURE = (
    "negsim.rules",
    "negsim.engine",
    "negsim.explore",
    "negsim.cycle",
    "negsim.errors",
    "negsim.export",
    "negsim.questions",
)
"""No clock, randomness, files or YAML here."""
EFFECTS = {
    "datetime",
    "io",
    "os",
    "pathlib",
    "pydantic",
    "random",
    "secrets",
    "sys",
    "time",
    "yaml",
}


def modules() -> dict[str, Path]:
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts).removesuffix(".__init__")] = path
    return found


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def layer(module: str) -> int:
    fits = [
        (len(name), place)
        for place, names in enumerate(LAYERS)
        for name in names
        if module == name
        or (module.startswith(f"{name}.") and name not in ("negsim", "negsim.pack"))
    ]
    assert fits, f"{module} is in no layer"
    return max(fits)[1]


@pytest.mark.parametrize("module", modules())
def test_imports_point_one_way(module: str) -> None:
    for name in imported(modules()[module]):
        if name.split(".")[0] == "negsim":
            assert layer(name) <= layer(module), f"{module} imports {name}"


@pytest.mark.parametrize("module", [name for name in modules() if name.startswith(PURE)])
def test_the_core_has_no_effects(module: str) -> None:
    tops = {name.split(".")[0] for name in imported(modules()[module])}
    assert not tops & EFFECTS


@pytest.mark.parametrize("module", modules())
def test_the_interface_alone_imports_textual(module: str) -> None:
    tops = {name.split(".")[0] for name in imported(modules()[module])}
    assert module.startswith("negsim.tui") or not tops & {"textual", "rich"}


@pytest.mark.parametrize(
    ("words", "unwanted"),
    [
        ("list", {"pydantic", "textual", "rich", "negsim.cycle", "oxidd"}),
        ("replay two-towns", {"textual", "rich", "asyncio", "negsim.lint", "oxidd"}),
        ("--help", {"textual", "rich"}),
    ],
)
def test_a_command_imports_only_what_it_needs(words: str, unwanted: set[str]) -> None:
    code = (
        "import sys; sys.argv = ['negsim', *sys.argv[1:]]\n"
        "from negsim.cli import run\n"
        "try: run()\n"
        "except SystemExit: pass\n"
        "print('\\n' + ' '.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words.split()], capture_output=True, text=True, check=True
    )
    assert not set(done.stderr.split()) & unwanted
