"""A request to a service, as it is about to be sent."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from multidict import CIMultiDict
from yarl import URL

from shared.runtime import logs, tracing


class Streamed:
    """A body that is sent as it comes, once. `trouble` is why it did not come to its end."""

    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        self._chunks = chunks
        self._patience: asyncio.Timeout | None = None
        self._seconds = 0.0
        self.trouble: Exception | None = None

    def within(self, patience: asyncio.Timeout, seconds: float) -> None:
        """From now on the service has so many seconds for each chunk and, after the last, for its
        answer. How long the chunks take to come does not count.
        """
        self._patience, self._seconds = patience, seconds
        patience.reschedule(None)

    def answered(self) -> None:
        """The service has answered, whether or not it read everything."""
        self._patience = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._chunks:
                self._wait(self._seconds)
                yield chunk
                self._wait(None)
            self._wait(self._seconds)
        except Exception as error:
            self.trouble = error
            raise

    def _wait(self, seconds: float | None) -> None:
        if self._patience is not None:
            until = None if seconds is None else asyncio.get_running_loop().time() + seconds
            self._patience.reschedule(until)


@dataclass(slots=True)
class Asking:
    """`seconds` is how long the answer's head may take. What is `repeatable` may be sent twice;
    what is `lasting` waits for news, and its answer may go on for hours.
    """

    method: str
    url: URL
    headers: CIMultiDict[str] | Sequence[tuple[str, str]]
    body: bytes | Streamed | None = None
    seconds: float = 15.0
    repeatable: bool = False
    lasting: bool = False


def traced() -> list[tuple[str, str]]:
    """The headers that name the request at hand, and its trace."""
    ids = (
        ("x-request-id", logs.request_id.get()),
        ("traceparent", tracing.current_traceparent()),
    )
    return [(name, value) for name, value in ids if value is not None]
