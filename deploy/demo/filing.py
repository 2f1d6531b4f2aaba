"""Sending many requests side by side, each once however often it is run."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson
import uvloop

from deploy.demo.addresses import service_url
from deploy.demo.callers import code_of, told
from deploy.demo.day import Person

AT_ONCE = 64
"""Requests under way, each on a connection that is kept."""
PATIENCE = 60.0
"""Seconds for which one request is sent again while the service is not available."""
PAUSE = 0.5
MOST_REFUSALS = 20
"""Refusals after which it is no use to go on."""

IMPORTER = Person("demo-import", "导入 the import", ("intake",))
"""In whose name messages are filed: on behalf of their authors."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One request: `key` names it for ever, `where` is the line that it comes from."""

    key: str
    where: str
    path: str
    body: Mapping[str, Any]
    token: str


@dataclass(slots=True)
class Sent:
    """What came of it: the outcome by the letter's key, the keys of those that were refused as they
    may be, and other refusals with their rows.
    """

    outcomes: dict[str, dict[str, Any]] = field(default_factory=dict)
    turned_down: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    seconds: float = 0.0


def send_all(
    letters: Iterable[Letter], progress: Callable[[], None], may_be_refused: str | None = None
) -> Sent:
    """Sends all of them; `progress` is called for each that was answered. `may_be_refused` is the
    code of a refusal that is no mistake.
    """
    return uvloop.run(_send_all(letters, progress, may_be_refused))


async def _send_all(
    letters: Iterable[Letter], progress: Callable[[], None], may_be_refused: str | None
) -> Sent:
    sent = Sent()
    began = time.monotonic()
    waiting = iter(letters)
    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(_work(waiting, sent, progress, may_be_refused))
    sent.seconds = time.monotonic() - began
    return sent


async def _work(
    waiting: Iterator[Letter], sent: Sent, progress: Callable[[], None], may_be_refused: str | None
) -> None:
    # A client of its own for each: looking through a pool of 64 connections takes longer than
    # sending, and a pool of one has nothing to look through. Certificates are for https.
    async with httpx.AsyncClient(
        base_url=service_url("petitions"),
        timeout=PATIENCE,
        trust_env=False,
        verify=False,  # noqa: S501  plain http
    ) as http:
        for letter in waiting:
            if len(sent.refusals) >= MOST_REFUSALS:
                return
            answer = await _send(http, letter)
            if answer is None:
                reason = f"petitions did not answer for {PATIENCE:.0f} s"
                sent.refusals.append(f"{letter.where}: {reason}")
            elif answer.is_success:
                sent.outcomes[letter.key] = answer.json()
            elif may_be_refused is not None and code_of(answer) == may_be_refused:
                sent.turned_down.append(letter.key)
            else:
                sent.refusals.append(f"{letter.where}: {told(answer)}")
            progress()


async def _send(http: httpx.AsyncClient, letter: Letter) -> httpx.Response | None:
    """The answer; the same request is sent again where none came or the service was not available.

    None where that does not help within `PATIENCE`.
    """
    body = orjson.dumps(letter.body)
    headers = {
        "Authorization": f"Bearer {letter.token}",
        "Content-Type": "application/json",
        "Accept-Language": "zh",
        "Idempotency-Key": letter.key,
    }
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            answer = await http.post(letter.path, content=body, headers=headers)
            if answer.status_code != 503:
                return answer
        except httpx.TransportError:
            pass
        if time.monotonic() > give_up:
            return None
        await asyncio.sleep(PAUSE)
