"""The web server: waitress in one process, which runs on Linux, macOS and Windows alike (docs/decisions/0003)."""

import os
import socket
import sys
from collections.abc import Callable
from typing import Any

from hangbiao.site.boot import Refusal

HOST = "127.0.0.1"
TRIES = 50


def free_port(wanted: int, host: str = HOST) -> int:
    """`wanted`, or the next port that nobody uses; says so on standard error if it is another one."""
    for port in range(wanted, min(wanted + TRIES, 65536)):
        if _is_free(port, host):
            if port != wanted:
                sys.stderr.write(f"Port {wanted} is in use, taking {port} instead.\n")
            return port
    raise Refusal(
        f"No port from {wanted} to {wanted + TRIES - 1} can be opened on {host}. Name another one with --port (up to 65535),"
        " and with --host an address of this machine."
    )


def _is_free(port: int, host: str) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name != "nt":  # on Windows this option would let two servers share a port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def serve(port: int, host: str = HOST, threads: int = 8, around: Callable[[Any], Any] | None = None) -> None:
    """Serve the house until Ctrl-C; `around` may stand between the server and the house, and measure."""
    import waitress
    from django.core.wsgi import get_wsgi_application

    house = get_wsgi_application()
    waitress.serve(around(house) if around else house, host=host, port=port, threads=threads, ident="hangbiao")
