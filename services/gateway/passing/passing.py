"""A request to ``/api/<service>/...`` and its answer, each passed on as it comes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import structlog
from starlette.types import Message, Receive, Scope, Send

from services.gateway.askers import Asker
from services.gateway.incoming import Incoming, too_large
from services.gateway.passing.headers import Forwarding, asked, told
from services.gateway.passing.leaving import Leaving
from services.gateway.passing.target import PREFIX, Target, query_of, target_of
from services.gateway.scopes import need_scope
from services.gateway.upstream import Listings, ServiceAway, Upstreams
from services.gateway.upstream.asking import Asking, Streamed, traced
from services.gateway.upstream.listing import Listing, Operation
from services.gateway.upstream.pool import Pool
from shared.runtime.door import nobody_there
from shared.runtime.problems import NotFound, Problem

READING = frozenset({"GET", "HEAD"})
"""Methods that change nothing, and may be asked again."""
MOST_BODY = 210 * 1024 * 1024
"""Bytes of a body: what the services take at most (evidence of 200 MiB), and a form around it."""
GATHERED = 64 * 1024
"""Bytes of a body up to which it is gathered before the service is asked: so that it can be sent
again, and that no service waits for a slow caller."""
ANSWER_SECONDS = 15.0
"""Seconds that a service has to begin its answer."""
WAITING_SECONDS = 60.0
"""Seconds for which callers may ask some operations to wait for news."""
STALLED_SECONDS = 30.0
"""Seconds between two parts of an answer."""

EVENTS = "text/event-stream"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Route:
    """What metrics call a request that is passed on."""

    path: str


class Passing:
    """Passes requests on. Raises what the front refuses."""

    def __init__(self, upstreams: Upstreams, listings: Listings, public_url: str) -> None:
        """`public_url` is the address that callers use."""
        self._upstreams = upstreams
        self._listings = listings
        self._forwarding = Forwarding(public_url)
        self._routes = {name: _Route(PREFIX + name) for name in upstreams.names}

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send, asker: Asker, address: str
    ) -> None:
        """Passes on what `asker` wants, from that address."""
        target = target_of(scope["raw_path"])
        query = query_of(scope["query_string"])
        pool = self._upstreams.pool(target.service)
        if pool is None:
            raise NotFound
        scope["route"] = self._routes[target.service]
        listing = self._listings.known(target.service) or await self._listings.of(target.service)
        operation = allowed(listing, target, scope["method"])
        need_scope(asker.caller, target.service, operation)
        headers = asked(scope["headers"])
        if asker.token is not None:
            headers.append(("authorization", f"Bearer {asker.token}"))
        headers += self._forwarding.headers(address)
        headers += traced()
        asking = Asking(
            operation.method,
            pool.url(target.path + query),
            headers,
            seconds=ANSWER_SECONDS + (WAITING_SECONDS if operation.waits else 0),
            repeatable=operation.method in ("GET", "HEAD") or _has(headers, "idempotency-key"),
            lasting=operation.waits,
        )
        async with Leaving(receive, send) as leaving:
            asking.body = await _body(scope, receive, leaving)
            await _answered(pool, asking, leaving)
        if leaving.left:
            await nobody_there()(scope, receive, send)


def allowed(listing: Listing, target: Target, method: str) -> Operation:
    """The listed operation that is meant. Raises `NotFound`, and `Problem` 405."""
    operations = listing.find(target.segments)
    if not operations:
        raise NotFound
    found = operations.get(method)
    if found is None:
        names = ", ".join(sorted(operations))
        raise Problem(405, "method-not-allowed", headers={"Allow": names}, allowed=names)
    return found


def _has(headers: list[tuple[str, str]], wanted: str) -> bool:
    return any(name == wanted for name, _ in headers)


async def _body(scope: Scope, receive: Receive, leaving: Leaving) -> bytes | Streamed | None:
    """A small body whole, a large one or one of unknown length to be sent as it comes.

    Raises `Problem` 413 and 408, and ``ClientDisconnect``.
    """
    length, chunked = 0, False
    for name, value in scope["headers"]:
        if name == b"content-length":
            length = int(value)
        elif name == b"transfer-encoding":
            chunked = True
    if not length and not chunked:
        leaving.begin()
        return None
    incoming = Incoming(receive, MOST_BODY)
    if length > MOST_BODY:
        raise too_large(MOST_BODY)
    first = await incoming.part()
    if not chunked and length <= GATHERED:
        first += b"".join([part async for part in incoming.parts()])
    if incoming.complete:
        leaving.begin()
        return first or None

    async def parts() -> AsyncIterator[bytes]:
        if first:
            yield first
        async for part in incoming.parts():
            yield part
        leaving.begin()

    return Streamed(parts())


async def _answered(pool: Pool, asking: Asking, leaving: Leaving) -> None:
    """Asks the service and passes its answer on. Raises `ServiceAway` as long as nothing is sent;
    later an answer that breaks off stays without its end, and the server cuts the connection.
    """
    try:
        async with pool.asked(asking) as answer:
            if answer.headers.get("content-type", "").startswith(EVENTS):
                pool.goes_on(asking)
                await _events(answer, pool, leaving)
            else:
                await _parts(answer, pool, leaving)
    except (aiohttp.ClientError, TimeoutError) as error:
        if not leaving.begun:
            raise ServiceAway(pool.service, "broken") from None
        log.warning("answer_broken_off", part=pool.service, reason=type(error).__name__)


async def _events(answer: aiohttp.ClientResponse, pool: Pool, leaving: Leaving) -> None:
    """Passes events on, each when it comes, however long that takes."""
    await leaving.send(_head(answer, pool))
    async for part in answer.content.iter_any():
        await leaving.send(_part(part, True))
    await leaving.send(_part(b"", False))


async def _parts(answer: aiohttp.ClientResponse, pool: Pool, leaving: Leaving) -> None:
    """Passes an answer on part by part."""
    content = answer.content
    now = asyncio.get_running_loop().time
    async with asyncio.timeout(STALLED_SECONDS) as patience:
        part = await content.readany()
        await leaving.send(_head(answer, pool))
        while not content.at_eof():
            patience.reschedule(None)
            await leaving.send(_part(part, True))
            patience.reschedule(now() + STALLED_SECONDS)
            part = await content.readany()
        patience.reschedule(None)
        await leaving.send(_part(part, False))


def _head(answer: aiohttp.ClientResponse, pool: Pool) -> Message:
    return {
        "type": "http.response.start",
        "status": answer.status,
        "headers": told(answer.raw_headers, PREFIX + pool.service),
    }


def _part(body: bytes, more: bool) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": more}
