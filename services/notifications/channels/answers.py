"""What a provider's answer over HTTP means."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

import orjson

from services.notifications.channels.channel import NotSent
from shared.runtime.addresses import NotAllowed
from shared.runtime.outgoing import Answer, Unreachable

WAIT_AT_MOST = 3_600
"""Seconds: a provider that asks for more is asked again after this."""


class Posts(Protocol):
    """A client: `shared.runtime.outgoing.Outgoing` for one host, `Hosts` for many."""

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Sends a body and returns the answer, whatever its status. Raises `NotAllowed`,
        `Unreachable`.
        """
        ...

    async def close(self) -> None:
        """Closes its connections."""
        ...


async def posted(client: Posts, url: str, headers: dict[str, str], body: bytes) -> Answer:
    """Posts, and returns the answer. Raises `NotSent` where there is none; an address that may not
    be called is a bad one.
    """
    try:
        return await client.post(url, headers, body)
    except NotAllowed as refused:
        raise NotSent(refused.reason, bad_address=True) from None
    except Unreachable as error:
        raise NotSent(error.reason, trouble=True) from None


def trouble_of(answer: Answer, now: datetime) -> NotSent | None:
    """What an answer says of the provider itself: too many at once (429), in trouble (5xx, 408,
    425), or that it does not take us for whom we are (401, 403); None where it says none of it.
    """
    if answer.status in (408, 425, 429) or answer.status >= 500:
        wait = retry_after(answer, now)
        return NotSent(f"http-{answer.status}", trouble=True, retry_after=wait)
    if answer.status in (401, 403):
        return NotSent(f"http-{answer.status}", trouble=True)
    return None


def retry_after(answer: Answer, now: datetime) -> int:
    """The seconds that the answer asks to wait (RFC 9110, 10.2.3), 0 where it asks for none."""
    said = answer.headers.get("retry-after", "").strip()
    if said.isdecimal():
        return min(int(said[:9]), WAIT_AT_MOST)
    try:
        then = parsedate_to_datetime(said)
    except ValueError:
        return 0
    aware = then if then.tzinfo is not None else then.replace(tzinfo=UTC)
    return max(0, min(int((aware - now).total_seconds()), WAIT_AT_MOST))


def fields_of(answer: Answer) -> dict[str, Any]:
    """The JSON object in an answer; empty where there is none."""
    try:
        found = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
