"""A small clamd for tests: it speaks INSTREAM, and finds one thing."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

SICK = b"this-is-what-the-scanner-finds"


@dataclass
class Daemon:
    """Where it listens, what it was sent, and how it behaves."""

    port: int = 0
    received: list[bytes] = field(default_factory=list)
    most: int = 10**9
    silent: bool = False
    broken: bool = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
            content = b""
            while length := struct.unpack("!I", await reader.readexactly(4))[0]:
                content += await reader.readexactly(length)
                if len(content) > self.most:
                    writer.write(b"INSTREAM size limit exceeded. ERROR\0")
                    return
            self.received.append(content)
            if self.broken:
                return
            if self.silent:
                await reader.read()
            found = b"Test-Signature FOUND" if SICK in content else b"OK"
            writer.write(b"stream: " + found + b"\0")
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def daemon() -> AsyncIterator[Daemon]:
    """It runs for a while on a free port."""
    made = Daemon()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
