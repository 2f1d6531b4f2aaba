"""What is sent to an endpoint: CloudEvents over HTTP (version 1.0.2, HTTP binding, 3.1 and 3.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

import orjson

from services.subscriptions.domain.webhooks.webhook_commands import Mode
from shared.contracts.envelope import CONTENT_TYPE

VERIFICATION = "cn.jinlin.subscriptions.EndpointVerification.v1"
"""Asks an endpoint to answer with the challenge in its data."""
TEST = "cn.jinlin.subscriptions.EndpointTest.v1"
AGENT = "Jinlin-Webhooks"
_AS_IT_IS = "!#$&'()*+,/:;<=>?@[\\]^_`{|}~"
"""What stands in a header unchanged, besides letters, digits, dots and dashes."""


@dataclass(frozen=True, slots=True)
class Message:
    """`id` is its ``webhook-id``, the same at every attempt."""

    id: str
    type: str
    headers: Mapping[str, str]
    body: bytes


def webhook_id(event_id: str) -> str:
    """The ``webhook-id`` of an event: its own id. A dot in it is written ``%2E``, since a dot ends
    the id in what is signed.
    """
    return event_id.replace(".", "%2E")


def message_of(envelope: Mapping[str, Any], mode: str) -> Message:
    """An event as it is sent."""
    id, type = webhook_id(envelope["id"]), envelope["type"]
    if mode != Mode.BINARY:
        headers = {"Content-Type": CONTENT_TYPE, "User-Agent": AGENT}
        return Message(id, type, headers, orjson.dumps(envelope))
    headers = {
        f"ce-{name}": quote(str(value), safe=_AS_IT_IS)
        for name, value in envelope.items()
        if name not in ("data", "datacontenttype")
    }
    headers |= {
        "Content-Type": str(envelope.get("datacontenttype", "application/json")),
        "User-Agent": AGENT,
    }
    return Message(id, type, headers, orjson.dumps(envelope["data"]))


def verification(webhook: str, check: int, challenge: str, now: datetime, mode: str) -> Message:
    """The question whether an endpoint wants to be called."""
    id = f"subscriptions/webhook-{webhook}/verification/{check}"
    return message_of(_envelope(id, VERIFICATION, webhook, now, {"challenge": challenge}), mode)


def test_message(webhook: str, test: int, now: datetime, mode: str) -> Message:
    """An event that tells nothing."""
    id = f"subscriptions/webhook-{webhook}/test/{test}"
    return message_of(_envelope(id, TEST, webhook, now, {"webhook": webhook, "test": test}), mode)


def echoes(answer: bytes, challenge: str) -> bool:
    """Whether an endpoint answered the question: with an object that has the challenge."""
    try:
        told = orjson.loads(answer)
    except ValueError:
        return False
    return isinstance(told, dict) and told.get("challenge") == challenge


def _envelope(
    id: str, type: str, webhook: str, now: datetime, data: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": id,
        "source": "/jinlin/subscriptions",
        "type": type,
        "subject": f"webhook-{webhook}",
        "time": now.isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": data,
    }
