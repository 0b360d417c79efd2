"""Stands in for the application: paints who it is for, and echoes what comes.

Words make it shy (it paints little), stubborn (it does not end), or failing.
"""

from __future__ import annotations

import json
import os
import sys
import time


def send(text: str) -> None:
    data = text.encode()
    sys.stdout.buffer.write(b"D" + len(data).to_bytes(4, "big") + data)
    sys.stdout.buffer.flush()


def main() -> None:
    sys.stdout.buffer.write(b"__GANGLION__\n")
    about = {"pid": os.getpid(), "group": os.getpgid(0), "browser": os.environ["NEGSIM_BROWSER"]}
    send(json.dumps(about).ljust(0 if "shy" in sys.argv else 200))
    if "failing" in sys.argv:
        sys.exit("no such \x1b[31mthing")
    while head := sys.stdin.buffer.read(5):
        payload = sys.stdin.buffer.read(int.from_bytes(head[1:], "big"))
        if b'"quit"' in payload and "stubborn" not in sys.argv:
            return
        send(payload.decode())
    if "stubborn" in sys.argv:
        time.sleep(30)


main()
