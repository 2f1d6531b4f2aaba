"""Filing many messages through POST /petitions, side by side, each once however often it is run."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import httpx
import orjson
import uvloop

from deploy.demo.callers import told
from deploy.demo.day import Person
from deploy.demo.messages import Message
from deploy.local.stack import service_url

AT_ONCE = 64
"""Requests under way, each on a connection that is kept."""
PATIENCE = 60.0
"""Seconds for which one message is sent again while the service is not available."""
PAUSE = 0.5
MOST_REFUSALS = 20
"""Refusals after which it is no use to go on."""

IMPORTER = Person("demo-import", "导入 the import", ("intake",))
"""In whose name messages are filed: on behalf of their authors."""


@dataclass(slots=True)
class Filed:
    """What came of it: the petition's id by the message's key, and refusals with their rows."""

    ids: dict[str, str] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    seconds: float = 0.0


def file_all(
    messages: Sequence[Message], places: Sequence[str], token: str, progress: Callable[[], None]
) -> Filed:
    """Files all of them; `progress` is called for each that was answered."""
    return uvloop.run(_file_all(messages, places, token, progress))


async def _file_all(
    messages: Sequence[Message], places: Sequence[str], token: str, progress: Callable[[], None]
) -> Filed:
    filed = Filed()
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Accept-Language": "zh",
    }
    began = time.monotonic()
    waiting = iter(messages)
    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(_work(headers, waiting, places, filed, progress))
    filed.seconds = time.monotonic() - began
    return filed


async def _work(
    headers: dict[str, str],
    waiting: Iterator[Message],
    places: Sequence[str],
    filed: Filed,
    progress: Callable[[], None],
) -> None:
    # A client of its own for each: looking through a pool of 64 connections takes longer than
    # sending, and a pool of one has nothing to look through. Certificates are for https.
    async with httpx.AsyncClient(
        base_url=service_url("petitions"),
        headers=headers,
        timeout=PATIENCE,
        trust_env=False,
        verify=False,
    ) as http:
        for message in waiting:
            if len(filed.refusals) >= MOST_REFUSALS:
                return
            answer = await _file(http, message, places)
            if answer is None:
                reason = f"petitions did not answer for {PATIENCE:.0f} s"
                filed.refusals.append(f"{message.where}: {reason}")
            elif answer.is_success:
                filed.ids[message.key] = answer.json()["id"]
            else:
                filed.refusals.append(f"{message.where}: {told(answer)}")
            progress()


async def _file(
    http: httpx.AsyncClient, message: Message, places: Sequence[str]
) -> httpx.Response | None:
    """The answer; the same request is sent again where none came or the service was not available.

    None where that does not help within `PATIENCE`.
    """
    body = orjson.dumps(message.as_petition(places))
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            answer = await http.post(
                "/petitions", content=body, headers={"Idempotency-Key": message.key}
            )
            if answer.status_code != 503:
                return answer
        except httpx.TransportError:
            pass
        if time.monotonic() > give_up:
            return None
        await asyncio.sleep(PAUSE)
