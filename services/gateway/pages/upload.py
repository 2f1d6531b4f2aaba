"""A form with one file in it, read as it comes: the file's bytes go on to where they belong, and
are kept neither in memory nor on a disk here.

The fields have to stand before the file. What stands behind it is not read.
"""

from collections.abc import AsyncIterator
from types import TracebackType
from typing import Self

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.requests import ClientDisconnect, Request

from services.gateway.identity import Forged, own_form
from services.gateway.identity.forgery import FIELD
from services.gateway.incoming import too_large

MOST_FIELDS = 64 * 1024
"""Bytes of all that is no file."""


class Upload:
    """`fields` are those that stand before the file, `name` is what the file is called: empty where
    none was chosen. To be entered: when it is left, all of the form has been read, since a browser
    hears no answer before it has sent everything.
    """

    def __init__(self, request: Request) -> None:
        kind, options = parse_options_header(request.headers.get("content-type", ""))
        if kind != b"multipart/form-data" or b"boundary" not in options:
            raise Forged
        self._request = request
        self._parser = MultipartParser(
            options[b"boundary"],
            {
                "on_part_begin": self._part_began,
                "on_header_field": self._header_named,
                "on_header_value": self._header_told,
                "on_header_end": self._header_ended,
                "on_headers_finished": self._headers_ended,
                "on_part_data": self._data_came,
                "on_part_end": self._part_ended,
            },
        )
        self._headers: dict[str, bytes] = {}
        self._header = (b"", b"")
        self._field: str | None = None
        self._value = b""
        self._in_file = self._after_file = self._complete = False
        self._waiting: list[bytes] = []
        self._size = 0
        self.fields: dict[str, str] = {}
        self.name = ""

    async def __aenter__(self) -> Self:
        """Reads until the file begins. Raises `Forged` as `form_of`, and `Problem` 413."""
        while not (self._in_file or self._after_file or self._complete):
            await self._read()
            if self._size > MOST_FIELDS:
                raise too_large(MOST_FIELDS)
        await own_form(self._request, self.fields.get(FIELD))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None or issubclass(kind, Exception):
            while not self._complete:
                await self._next()

    async def parts(self) -> AsyncIterator[bytes]:
        """The file, as it comes."""
        while True:
            while self._waiting:
                yield self._waiting.pop(0)
            if not self._in_file:
                return
            if self._complete:
                raise ClientDisconnect  # it ended in the middle of the file
            await self._read()

    async def _read(self) -> None:
        try:
            self._parser.write(await self._next())
        except FormParserError:
            raise Forged from None

    async def _next(self) -> bytes:
        message = await self._request.receive()
        if message["type"] == "http.disconnect":
            self._complete = True
            raise ClientDisconnect
        self._complete = not message.get("more_body", False)
        body: bytes = message.get("body", b"")
        return body

    # --- what the parser tells -------------------------------------------------------------------

    def _part_began(self) -> None:
        self._headers, self._field, self._value = {}, None, b""

    def _header_named(self, data: bytes, start: int, end: int) -> None:
        self._header = (self._header[0] + data[start:end], self._header[1])

    def _header_told(self, data: bytes, start: int, end: int) -> None:
        self._header = (self._header[0], self._header[1] + data[start:end])

    def _header_ended(self) -> None:
        name, value = self._header
        self._headers[name.decode("latin-1").lower()] = value
        self._header = (b"", b"")

    def _headers_ended(self) -> None:
        if self._after_file:
            return
        _, options = parse_options_header(self._headers.get("content-disposition", b""))
        if b"filename" in options:
            self.name = options[b"filename"].decode("utf-8", "replace")
            self._in_file = True
        else:
            self._field = options.get(b"name", b"").decode("utf-8", "replace")

    def _data_came(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            self._waiting.append(data[start:end])
        elif self._field is not None:
            self._size += end - start
            self._value += data[start:end]

    def _part_ended(self) -> None:
        if self._in_file:
            self._in_file, self._after_file = False, True
        elif self._field is not None:
            self.fields[self._field] = self._value.decode("utf-8", "replace")
