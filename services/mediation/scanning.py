"""The virus test that evidence meets at the door: a port, and clamd behind it where one is set.

`clamd` is spoken to as its manual describes INSTREAM: the bytes go to it in counted pieces while
they are stored, and before anything is recorded it says what it found.
"""

import asyncio
import struct
from contextlib import suppress
from typing import Protocol

from shared.runtime.clock import Clock
from shared.runtime.journal import Journal
from shared.runtime.settings import WrongSettings, give_up, read_address

ADDRESS = "CLAMD"
"""The setting ``JINLIN_CLAMD``, ``host:port``; without it nothing is tested."""
ANSWERS_WITHIN = 60.0
"""Seconds that clamd has for each step."""


class ScannerAway(Exception):
    """The test could not be made: nothing is taken until it can."""


class Scan(Protocol):
    """The test of one file. Every method may raise `ScannerAway`."""

    async def feed(self, piece: bytes) -> None:
        """The next bytes."""
        ...

    async def verdict(self) -> str | None:
        """What was found, now that all has come; None where nothing was."""
        ...

    async def end(self) -> None:
        """It is over, however it went."""
        ...


class Scanner(Protocol):
    """Begins tests."""

    async def begin(self) -> Scan:
        """The test of one file. Raises `ScannerAway`."""
        ...


class NoScanner:
    """Tests nothing, and finds nothing."""

    async def begin(self) -> Scan:
        """A test that every file passes."""
        return NoScanner()

    async def feed(self, piece: bytes) -> None:
        """Looks away."""

    async def verdict(self) -> str | None:
        """Nothing was found."""
        return None

    async def end(self) -> None:
        """There is nothing to end."""


class Clamd:
    """A daemon that listens at `host` and `port`."""

    def __init__(self, host: str, port: int, seconds: float = ANSWERS_WITHIN) -> None:
        self._host, self._port, self._seconds = host, port, seconds

    async def begin(self) -> Scan:
        """The test of one file, over a connection of its own. Raises `ScannerAway`."""
        try:
            async with asyncio.timeout(self._seconds):
                reader, writer = await asyncio.open_connection(self._host, self._port)
        except (OSError, TimeoutError) as error:
            raise ScannerAway(str(error)) from None
        writer.write(b"zINSTREAM\0")
        return _Instream(reader, writer, self._seconds)


class _Instream:
    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float
    ) -> None:
        self._reader, self._writer, self._seconds = reader, writer, seconds

    async def feed(self, piece: bytes) -> None:
        if piece:  # an empty piece would be the end
            await self._send(struct.pack("!I", len(piece)) + piece)

    async def verdict(self) -> str | None:
        await self._send(struct.pack("!I", 0))
        try:
            async with asyncio.timeout(self._seconds):
                said = await self._reader.readuntil(b"\0")
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            raise ScannerAway(str(error)) from None
        text = said[:-1].decode("utf-8", "replace").removeprefix("stream: ")
        if text == "OK":
            return None
        if text.endswith(" FOUND"):
            return text.removesuffix(" FOUND")
        raise ScannerAway(text)

    async def end(self) -> None:
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()

    async def _send(self, data: bytes) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                self._writer.write(data)
                await self._writer.drain()
        except (OSError, TimeoutError) as error:
            raise ScannerAway(str(error)) from None


class Scanning:
    """The scanner that a process uses: a `shared.runtime.copies.Kept` thing, for each has its own.

    Ends the process where the setting is wrong.
    """

    name = "scanner"
    ready = True

    def __init__(self) -> None:
        try:
            address = read_address(ADDRESS)
        except WrongSettings as wrong:
            give_up(*wrong.lines)
        self.scanner: Scanner = NoScanner() if address is None else Clamd(*address)

    async def loaded(self) -> None:
        """There is nothing to load."""

    async def follow(self, journal: Journal, clock: Clock) -> None:
        """There is nothing to follow."""
