"""What a service says of itself: ``/livez``, ``/readyz``, ``/metrics``."""

import asyncio
from typing import Any

import orjson
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import Response

from shared.runtime.journal import Unavailable
from shared.runtime.running import Running

PING_WITHIN = 2.0
"""Seconds the store has to answer."""


async def readiness(running: Running | None) -> dict[str, str]:
    """Each part with ``ok`` or what is wrong with it."""
    if running is None:
        return {"store": "waiting for it since the start"}
    parts = {"store": await _store(running)}
    for kept in running.kept:
        parts[f"copy {kept.name}"] = "ok" if kept.ready else "not up to date"
    if running.requests_only:
        return parts
    if running.connected:
        parts["relay"] = "ok" if running.relay.working() else "does not get through"
        parts["subscriptions"] = "ok" if running.subscriber.working() else "receive nothing"
    else:
        parts["broker"] = "waiting for it since the start"
    return parts


async def _store(running: Running) -> str:
    try:
        async with asyncio.timeout(PING_WITHIN):
            await running.journal.ping()
    except Unavailable:
        return "not reached"
    except TimeoutError:
        return f"no answer in {PING_WITHIN:.0f} s"
    return "ok"


def _json(status: int, content: Any) -> Response:
    return Response(
        orjson.dumps(content),
        status,
        {"cache-control": "no-store"},
        media_type="application/json",
    )


async def livez(_request: Request) -> Response:
    """200 as long as the process answers."""
    return _json(200, {"status": "ok"})


async def readyz(request: Request) -> Response:
    """200 when every part works, else 503; either way each part and its reason."""
    parts = await readiness(request.app.state.door.parts)
    ready = all(state == "ok" for state in parts.values())
    return _json(200 if ready else 503, {"status": "ok" if ready else "not ready", "parts": parts})


async def metrics(_request: Request) -> Response:
    """The Prometheus text format."""
    return Response(
        generate_latest(), media_type=CONTENT_TYPE_LATEST, headers={"cache-control": "no-store"}
    )
