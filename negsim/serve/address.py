"""Where the server listens, and under which addresses it is reached."""

from __future__ import annotations

import socket
from contextlib import suppress
from ipaddress import ip_address

from negsim.errors import NegsimError, quote


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises NegsimError, which says what to do instead."""
    try:
        family, _, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(where[:2], family=family, backlog=128)
    except (UnicodeError, socket.gaierror) as error:
        raise NegsimError(
            f"no address {quote(host)}; try 127.0.0.1 for this machine alone, or 0.0.0.0 for all "
            "who reach it"
        ) from error
    except PermissionError as error:
        raise NegsimError(
            f"port {port} is kept for administrators here; take one from 1024 to 65535"
        ) from error
    except OSError as error:
        raise NegsimError(
            f"cannot listen at {quote(host)}, port {port} ({error.strerror}); the port is in use, "
            "or the address is not one of this machine: try --port 0 for any free port"
        ) from error


def addresses(sock: socket.socket) -> list[str]:
    """The addresses, as written in a browser, at which a socket is reached."""
    host, port = sock.getsockname()[:2]
    hosts = [host] if not ip_address(host).is_unspecified else _own(sock.family)
    return [f"http://{f'[{it}]' if ':' in it else it}:{port}/" for it in hosts]


def _own(family: int) -> list[str]:
    """This machine's addresses: those of its name, and from where it would speak to others."""
    found = {"127.0.0.1" if family == socket.AF_INET else "::1": None}
    for far in ("10.255.255.255", "172.31.255.255", "192.168.255.255", "192.0.2.1", "2001:db8::1"):
        kind = socket.AF_INET6 if ":" in far else socket.AF_INET
        with suppress(OSError), socket.socket(kind, socket.SOCK_DGRAM) as probe:
            probe.connect((far, 9))  # a datagram socket sends nothing here
            found[probe.getsockname()[0]] = None
    with suppress(OSError):
        for it in socket.getaddrinfo(socket.gethostname(), None):
            found[str(it[4][0])] = None
    usable = [it for it in found if "%" not in it and not it.startswith("fe80")]
    outer = [it for it in usable if not ip_address(it).is_loopback]
    return [it for it in outer if (":" in it) == (family == socket.AF_INET6)] + usable[:1]
