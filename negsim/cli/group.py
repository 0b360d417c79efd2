"""A command that holds others."""

from __future__ import annotations

import click

from negsim.errors import quote, suggestion


class Suggesting(click.Group):
    """Offers near names for one that it does not have."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the words name, or an error that offers near names."""
        known = self.list_commands(ctx)
        if args and args[0] not in known and not args[0].startswith("-"):
            ctx.fail(f"no command {quote(args[0])}{suggestion(args[0], known)}")
        return super().resolve_command(ctx, args)
