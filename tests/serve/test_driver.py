"""What the application writes to the server."""

from __future__ import annotations

import os
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from negsim.tui.driver import BrowserDriver


def test_what_is_painted_does_not_fall_into_a_file_that_is_given() -> None:
    """Two threads write, each more than a pipe holds."""
    reading, writing = os.pipe()
    driver = BrowserDriver.__new__(BrowserDriver)
    driver.fileno, driver._writing = writing, Lock()
    size, times = 150_000, 10

    def write(letter: bytes) -> None:
        for _ in range(times):
            assert driver._write_whole(letter * size) == size

    with ThreadPoolExecutor() as threads, open(reading, "rb") as end:
        done = [threads.submit(write, letter) for letter in (b"a", b"b")]
        found = end.read(2 * size * times)
        for it in done:
            it.result()
    os.close(writing)
    assert {len(run) % size for run in re.findall(rb"a+|b+", found)} == {0}
