"""A client for each host that people named, so that one that is slow to be found, to be reached or
to answer keeps nobody waiting but those who named it.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from shared.runtime.outgoing import Answer, Outgoing

MOST_HOSTS = 256
"""Hosts whose connections are kept; of more, those that were called last."""


class Hosts:
    """Calls as `shared.runtime.outgoing.Outgoing` does, to many hosts."""

    def __init__(self, make: Callable[[], Outgoing], most: int = MOST_HOSTS) -> None:
        self._make = make
        self._most = most
        self._clients: OrderedDict[str, Outgoing] = OrderedDict()

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Sends a body and returns the answer, whatever its status. Raises `NotAllowed`,
        `Unreachable`.
        """
        try:
            host = urlsplit(url).netloc
        except ValueError:
            host = ""  # the client says what is wrong with it
        client = self._clients.get(host)
        if client is None:
            client = self._clients[host] = self._make()
        self._clients.move_to_end(host)
        if len(self._clients) > self._most:
            _, least = self._clients.popitem(last=False)
            await least.close()
        return await client.post(url, headers, body)

    async def close(self) -> None:
        """Closes all connections."""
        while self._clients:
            _, client = self._clients.popitem()
            await client.close()
