"""`negsim serve`: the same interface in browsers."""

from __future__ import annotations

import gc

import click

from negsim.places import sessions


@click.command("serve")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Where to listen; 0 takes any free port.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Which address of this machine; 0.0.0.0 for all that others reach.",
)
@click.option(
    "--most",
    type=click.IntRange(1, 1000),
    default=40,
    show_default=True,
    metavar="N",
    help="So many browsers at once; each takes 50 MB, and up to 100 more to explore.",
)
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="NAME",
    help="A name under which this machine is reached, beside its own; may be repeated.",
)
def command(port: int, host: str, most: int, names: tuple[str, ...]) -> None:
    """Serve the interface to browsers, on this machine alone unless told otherwise.

    Each browser plays sessions of its own, and a reload goes on where it was. Whoever has the
    printed address can come in; it is a new one each time. The connection is not encrypted.

    \b
    Examples:
      negsim serve
      negsim serve --host 0.0.0.0 --port 8080
    """
    from negsim.serve.address import addresses, listening
    from negsim.serve.server import Gate, new_token
    from negsim.serve.server import command as application

    gc.enable()  # it runs for hours, unlike other commands
    sock = listening(host, port)
    token = new_token()
    click.echo("negsim is served. Open, or give to whoever is to play:")
    for address in addresses(sock):
        click.echo(f"  {address}?token={token}")
    click.echo(f"Sessions are kept in {sessions()}")
    click.echo(f"At most {most} browsers at once. Ctrl-C stops; whatever was done is kept.")
    Gate(application(), token, most=most, names=names).run(sock)
