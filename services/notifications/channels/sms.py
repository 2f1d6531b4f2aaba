"""Text messages (短信) by a gateway over HTTP: the generic adapter.

There is no standard for it, so this is ours; what a supplier speaks is turned into it by a small
program on the gateway's side (docs/guides/channels.md):

    POST <JINLIN_SMS_URL>          signed: see `signing.py`; webhook-id is the message's id
    {"id": "...", "to": "+8613800000000", "text": "...", "time": "2025-03-03T04:00:00Z"}

A 2xx means that it was taken, ``{"id": "..."}`` is the gateway's own id; 409 that it had taken this
id before. 422 with ``{"code": "bad-number"}`` means that there is no such number. 429 and 5xx, with
Retry-After or without: later. Any other 4xx: never.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from services.notifications.channels.answers import Posts, fields_of, posted, trouble_of
from services.notifications.channels.channel import Letter, NotSent
from services.notifications.channels.signing import signed
from services.notifications.domain.ways import Way

LONGEST_RECEIPT = 100


class Sms:
    """One gateway."""

    way = Way.SMS

    def __init__(self, url: str, secret: str, client: Posts) -> None:
        self._url = url
        self._secret = secret
        self._client = client

    def provider(self, address: Mapping[str, Any]) -> str:
        """There is one gateway."""
        return ""

    async def send(self, letter: Letter, address: Mapping[str, Any]) -> str:
        """Hands it to the gateway; the gateway's id. Raises `NotSent`."""
        body = orjson.dumps(
            {
                "id": letter.id,
                "to": international(address["number"]),
                "text": letter.body,
                "time": letter.now.isoformat(timespec="seconds").replace("+00:00", "Z"),
            }
        )
        headers = {
            "Content-Type": "application/json",
            **signed(letter.id, body, self._secret, letter.now),
        }
        answer = await posted(self._client, self._url, headers, body)
        told = fields_of(answer)
        if answer.status < 300 or answer.status == 409:
            receipt = told.get("id")
            return receipt[:LONGEST_RECEIPT] if isinstance(receipt, str) else ""
        if (trouble := trouble_of(answer, letter.now)) is not None:
            raise trouble
        if answer.status == 422 and told.get("code") == "bad-number":
            raise NotSent("bad-number", bad_address=True)
        raise NotSent(f"http-{answer.status}", permanent=True)

    async def close(self) -> None:
        """Closes its connections."""
        await self._client.close()


def international(number: str) -> str:
    """The number as E.164 has it; one without a country is of the mainland."""
    return number if number.startswith("+") else f"+86{number}"
