"""Whether the service in this container is ready, for its health check: exit code 0 or 1.

Standard library only, for it is run every few seconds.
"""

from __future__ import annotations

import os
import socket
import sys

ANSWER_WITHIN = 8.0
"""Seconds: less than a health check has."""


def ready(port: int) -> bool:
    """Whether `/readyz` on this machine answers 200."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=ANSWER_WITHIN) as line:
            line.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return line.recv(64).startswith(b"HTTP/1.1 200 ")
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(not ready(int(os.environ["JINLIN_HTTP_PORT"])))
