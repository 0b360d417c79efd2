"""The command line: one file per command, imported only when it is called."""

from __future__ import annotations

import errno
import gc
import io
import os
import sys
from collections.abc import Mapping
from importlib import import_module

import click

from negsim import __version__
from negsim.cli.group import Suggesting
from negsim.errors import NegsimError, printable

GROUPS: Mapping[str, Mapping[str, str]] = {
    "For a student": {
        "play": "negsim.cli.play",
        "replay": "negsim.cli.replay",
        "compare": "negsim.cli.compare",
    },
    "For a teacher": {
        "exercise": "negsim.cli.exercise",
        "grade": "negsim.cli.grade",
        "debrief": "negsim.cli.debrief",
        "serve": "negsim.cli.serve",
        "journal": "negsim.cli.journal",
    },
    "For an author": {
        "list": "negsim.cli.list_",
        "show": "negsim.cli.show",
        "check": "negsim.cli.check",
        "ask": "negsim.cli.ask",
        "export": "negsim.cli.export",
        "schema": "negsim.cli.schema",
    },
}
"""The commands by whom they serve, with the module that holds each as `command`."""

MODULES = {name: module for group in GROUPS.values() for name, module in group.items()}


class Commands(Suggesting):
    """Imports a command when it is called, and shows the commands by whom they serve."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the help."""
        return list(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        module = MODULES.get(cmd_name)
        if module is None:
            return None
        command: click.Command = import_module(module).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands in their groups."""
        for title, names in GROUPS.items():
            rows = []
            for name in names:
                found = self.get_command(ctx, name)
                if found is not None:
                    rows.append((name, found.get_short_help_str(60)))
            with formatter.section(title):
                formatter.write_dl(rows)


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="negsim")
@click.option(
    "--ascii",
    "plain",
    is_flag=True,
    envvar="NEGSIM_ASCII",
    help="Draw the interface with plain letters only.",
)
@click.pass_context
def main(ctx: click.Context, plain: bool) -> None:
    """Steps through a diplomatic exchange: demand, consultation, written response, analysis.

    Alone, on a terminal, it opens the interface.

    \b
    Examples:
      negsim
      negsim replay january-2022
    """
    if os.environ.get("NO_COLOR"):
        ctx.color = False
    if ctx.invoked_subcommand is None:
        if _at_a_terminal():
            from negsim.tui.app import open_app

            open_app(plain=plain)
            return
        from negsim.cli.list_ import welcome

        welcome()


def _at_a_terminal() -> bool:
    """Whether the interface can be shown: it reads from one stream and writes to another."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return all(stream is not None and stream.isatty() for stream in streams)


def run() -> None:
    """The console script: 0 is good, 1 the answer no, 2 an input or call that is wrong."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a console that lacks a letter
    gc.disable()  # a command lives for a moment and keeps what it makes; collecting only delays it
    try:
        code = main(standalone_mode=False, prog_name="negsim")
        if sys.stdout is not None:
            sys.stdout.flush()
        sys.exit(code if isinstance(code, int) else 0)
    except click.UsageError as error:
        usage = error.ctx.get_usage() + "\n" if error.ctx is not None else ""
        click.echo(f"{usage}negsim: {printable(error.format_message())}", err=True)
        sys.exit(2)
    except click.Abort:
        sys.exit(130)
    except NegsimError as error:
        click.echo(f"negsim: {error}", err=True)
        sys.exit(2)
    except OSError as error:
        # Python writes what is left at shutdown; there is nowhere to write it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if error.errno in (errno.EPIPE, errno.EINVAL):  # Windows says the latter of a closed pipe
            sys.exit(0)
        click.echo(f"negsim: cannot write the output: {error.strerror}", err=True)
        sys.exit(2)
    finally:
        gc.enable()
