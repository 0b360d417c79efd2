"""How long commands take as whole processes, and loading a pack.

Run: pip install . && python tests/bench/bench_commands.py
The commands run outside the checkout, so that the installed package is measured.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from statistics import median

from negsim.pack.catalogue import find_pack
from negsim.pack.load import load_pack
from negsim.pack.yaml_tree import parse_yaml

REPEATS = 9


def seconds(arguments: list[str]) -> float:
    """One run of the command, in seconds."""
    start = time.perf_counter()
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, cwd=tempfile.gettempdir())
    return time.perf_counter() - start


def main() -> None:
    python = sys.executable
    commands = {
        "python -c 'import click, yaml'": [python, "-c", "import click, yaml"],
        "negsim list": [python, "-m", "negsim", "list"],
        "negsim replay two-towns": [python, "-m", "negsim", "replay", "two-towns"],
        "negsim replay january-2022": [python, "-m", "negsim", "replay", "january-2022"],
    }
    found: dict[str, list[float]] = {name: [] for name in commands}
    for name in [*commands] * REPEATS:
        found[name].append(seconds(commands[name]))
    for name, times in found.items():
        print(f"{name:34}{median(times) * 1000:8.0f} ms   (least {min(times) * 1000:.0f})")
    base, listed = (median(times) for times in [*found.values()][:2])
    print(f"{'list against the import':34}{listed / base:8.2f} x   (goal: under 2)")
    folder = find_pack("january-2022")
    loads = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        parse_yaml.cache_clear()
        load_pack(folder)
        loads.append(time.perf_counter() - start)
    first, others = loads[0] * 1000, median(loads[1:]) * 1000
    print(
        f"{'loading january-2022':34}{first:8.0f} ms first, {others:.0f} ms then (goal: under 150)"
    )


if __name__ == "__main__":
    main()
