"""The listings of all services, looked at again now and then."""

import asyncio
from types import TracebackType
from typing import Self

import structlog

from services.gateway.upstream.answer import ServiceAway
from services.gateway.upstream.listing import Listing
from services.gateway.upstream.upstreams import Upstreams

FRESH_SECONDS = 60.0
"""Seconds after which a listing is asked for again: a new version of a service may list more."""
RETRY_SECONDS = 2.0
"""Seconds after which a service that did not answer is asked again."""

log = structlog.get_logger()


class Listings:
    """What every service lists, as last told. To be entered once the upstreams are."""

    def __init__(self, upstreams: Upstreams) -> None:
        self._upstreams = upstreams
        self._known: dict[str, Listing] = {}
        self._asking = {name: asyncio.Lock() for name in upstreams.names}
        self._tasks: list[asyncio.Task[None]] = []
        self.edition = 0
        """Grows with every listing that differs from the one before."""

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self._follow(name)) for name in self._upstreams.names]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def known(self, service: str) -> Listing | None:
        """What a service listed last; None where it has never answered."""
        return self._known.get(service)

    def all(self) -> dict[str, Listing]:
        """Of every service that has answered at least once, in their order."""
        return {name: self._known[name] for name in self._upstreams.names if name in self._known}

    def away(self) -> list[str]:
        """The services that have never answered."""
        return [name for name in self._upstreams.names if name not in self._known]

    async def of(self, service: str) -> Listing:
        """The same; the service is asked where it has not been. Raises `ServiceAway`."""
        found = self._known.get(service)
        if found is None:
            async with self._asking[service]:
                found = self._known.get(service) or await self._ask(service)
        return found

    async def _follow(self, service: str) -> None:
        while True:
            try:
                async with self._asking[service]:
                    await self._ask(service)
                pause = FRESH_SECONDS
            except ServiceAway as away:
                log.debug("listing_not_had", part=service, reason=away.reason)
                pause = RETRY_SECONDS
            await asyncio.sleep(pause)

    async def _ask(self, service: str) -> Listing:
        answer = await self._upstreams.ask(service, "GET", "/openapi.json")
        known = self._known.get(service)
        try:
            if answer.status != 200:
                raise ValueError(f"status {answer.status}")
            document = answer.json()
            if known is not None and known.document == document:
                return known
            listing = Listing(document)
        except (ValueError, TypeError, AttributeError) as error:
            log.warning("listing_not_read", part=service, reason=str(error)[:200])
            raise ServiceAway(service, "unlisted") from None
        self._known[service] = listing
        self.edition += 1
        return listing
