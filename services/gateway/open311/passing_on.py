"""What the door does at petitions for applications, with its own token: files, adds, looks up."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import structlog

from services.gateway.open311.keys import Application
from services.gateway.open311.process import Open311
from services.gateway.open311.refusals import NotServed, away, refused
from services.gateway.upstream import Answer

ORIGIN = "api-key:"
"""How the origin of a petition begins that came of an application."""
LONGEST_KEY = 200
"""Characters of an Idempotency-Key that are looked at."""

log = structlog.get_logger()


async def file(body: Mapping[str, Any], key: str | None, speaks: str, at: Open311) -> str:
    """Files a petition; its id. `key` is the Idempotency-Key. Raises `NotServed`."""
    answer = await _post("/petitions", body, key, speaks, at)
    if answer.status != 201:
        raise refused(answer)
    return str(answer.json()["id"])


async def passed_on(id: str, application: Application, at: Open311) -> Mapping[str, Any]:
    """A petition that this application sent in, with receipt and code. Raises `NotServed`."""
    token = await at.token.get()
    answer = await at.upstreams.ask("petitions", "GET", f"/petitions/{id}", token=token)
    if answer.status == 404:
        raise NotServed(404, "no-request", value=id)
    if answer.status != 200:
        raise _trouble(answer)
    shown: Mapping[str, Any] = answer.json()
    if shown.get("origin") != ORIGIN + application.id:
        raise NotServed(403, "key-of-another")
    return shown


async def add(id: str, text: str, key: str | None, speaks: str, at: Open311) -> int:
    """Adds something to a petition; the number of the step. Raises `NotServed`."""
    answer = await _post(f"/petitions/{id}/comment", {"text": text}, key, speaks, at)
    if answer.status != 200:
        raise refused(answer)
    return int(answer.json()["version"])


def idempotency_key(application: Application, *parts: str) -> str:
    """Of an application's own keys, which others may choose as well, one that is the door's."""
    said = "\n".join((application.id, *(part[:LONGEST_KEY] for part in parts)))
    return sha256(said.encode()).hexdigest()


async def _post(
    path: str, body: Mapping[str, Any], key: str | None, speaks: str, at: Open311
) -> Answer:
    headers = {"Accept-Language": speaks}
    if key is not None:
        headers["Idempotency-Key"] = key
    token = await at.token.get()
    answer = await at.upstreams.ask(
        "petitions", "POST", path, token=token, json=body, headers=headers
    )
    if answer.status in (401, 403) or answer.status >= 500:
        raise _trouble(answer)
    return answer


def _trouble(answer: Answer) -> NotServed:
    """What is no fault of whoever asked."""
    log.warning("open311_refused", status=answer.status)
    return away()
