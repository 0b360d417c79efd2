"""An application that gives a file at a key while it paints."""

from __future__ import annotations

import io
import random
import sys

from textual.app import App, ComposeResult
from textual.widgets import Static

FILE = "a é, line.txt"
TEXT = "".join(f"{number} é\n" for number in range(100_000))


class Giving(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("Ready to give")
        yield Static(id="moving")

    def on_mount(self) -> None:
        self.set_interval(1 / 30, self.move)

    def move(self) -> None:
        rows = ("".join(random.choices("ab ", k=80)) for _ in range(20))
        self.query_one("#moving", Static).update("\n".join(rows))

    def key_t(self) -> None:
        self.deliver_text(io.StringIO(TEXT), save_filename=FILE)

    def key_b(self) -> None:
        data = io.BytesIO(TEXT.encode())
        self.deliver_binary(data, save_filename=FILE, open_method="browser")


if __name__ == "__main__":
    app = Giving()
    app.run()
    sys.exit(app.return_code)
