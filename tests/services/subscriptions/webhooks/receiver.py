"""The other side: a server that receives webhooks, verifies them as `standardwebhooks` does, and
answers as a test wants.
"""

import asyncio
import json
from base64 import b64decode
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks import Webhook

from services.subscriptions.calling.messages import TEST, VERIFICATION

REASONS = {200: "OK", 204: "No Content"}


@dataclass(frozen=True)
class Received:
    """One call."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """Its ``webhook-id``."""
        return self.headers["webhook-id"]

    @property
    def event(self) -> Mapping[str, Any]:
        """The CloudEvent in it, whatever its mode."""
        told = json.loads(self.body)
        if self.headers["content-type"].startswith("application/cloudevents+json"):
            event: Mapping[str, Any] = told
            return event
        attributes = {
            name.removeprefix("ce-"): value
            for name, value in self.headers.items()
            if name.startswith("ce-")
        }
        return {
            **attributes,
            "datacontenttype": self.headers["content-type"],
            "data": told,
        }

    @property
    def type(self) -> str:
        """The CloudEvents type."""
        return str(self.event["type"])

    @property
    def stream(self) -> str:
        """What its order belongs to."""
        return str(self.event["subject"])


@dataclass(frozen=True)
class Reply:
    """What is answered."""

    status: int = 204
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


Answer = Callable[[Received], Awaitable[Reply] | Reply]


@dataclass
class Receiver:
    """`secrets` are those it verifies with (``whsec_`` or ``whpk_``): a call that none of them
    signed is refused with 401, and stands in `refused`. `answer` says what an event is answered,
    `received` has the events that came, `taken` those that were answered with 2xx.
    """

    port: int = 0
    secrets: list[str] = field(default_factory=list)
    answer: Answer = lambda _received: Reply()
    agrees: bool = True
    received: list[Received] = field(default_factory=list)
    taken: list[Received] = field(default_factory=list)
    refused: list[Received] = field(default_factory=list)
    tests: list[Received] = field(default_factory=list)
    verifications: list[Received] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook"

    def ids(self) -> list[str]:
        """Of what it took, in order."""
        return [one.id for one in self.taken]

    async def serve(self, received: Received) -> Reply:
        """One call."""
        if received.type == VERIFICATION:
            # The secret is known only when the answer to its creation has come.
            self.verifications.append(received)
            if not self.agrees:
                return Reply(204)
            challenge = received.event["data"]["challenge"]
            return Reply(200, {"content-type": "application/json"}, _json(challenge))
        if self.secrets and not any(verified(received, each) for each in self.secrets):
            self.refused.append(received)
            return Reply(401)
        if received.type == TEST:
            self.tests.append(received)
            return Reply()
        self.received.append(received)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            reply = self.answer(received)
            if not isinstance(reply, Reply):
                reply = await reply
        finally:
            self.at_once -= 1
        if 200 <= reply.status < 300:
            self.taken.append(received)
        return reply


def _json(challenge: str) -> bytes:
    return json.dumps({"challenge": challenge}).encode()


def verified(received: Received, secret: str) -> bool:
    """Whether a call was signed with that secret, or with the private key of that public one."""
    if secret.startswith("whsec_"):
        try:
            Webhook(secret).verify(received.body, dict(received.headers), json_parse=False)
        except Exception:
            return False
        return True
    key = Ed25519PublicKey.from_public_bytes(b64decode(secret.removeprefix("whpk_")))
    signed = f"{received.id}.{received.headers['webhook-timestamp']}.".encode() + received.body
    for each in received.headers["webhook-signature"].split(" "):
        version, _, signature = each.partition(",")
        try:
            key.verify(b64decode(signature), signed)
        except Exception:
            continue
        return version == "v1a"
    return False


@asynccontextmanager
async def receiver(port: int = 0, **given: Any) -> AsyncIterator[Receiver]:
    """A receiver on a free port, or on that one."""
    here = Receiver(**given)
    at_work: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        at_work.add(task)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                path = head[0].split(" ")[1]
                headers = {
                    name.lower(): value.strip()
                    for name, _, value in (line.partition(":") for line in head[1:] if line)
                }
                body = await reader.readexactly(int(headers["content-length"]))
                reply = await here.serve(Received(path, headers, body))
                shown = [f"HTTP/1.1 {reply.status} {REASONS.get(reply.status, 'Other')}"]
                shown += [f"{name}: {value}" for name, value in reply.headers.items()]
                if reply.status != 204:
                    shown.append(f"content-length: {len(reply.body)}")
                writer.write(("\r\n".join(shown) + "\r\n\r\n").encode() + reply.body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            at_work.discard(task)
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", port)
    here.port = listening.sockets[0].getsockname()[1]
    try:
        yield here
    finally:
        listening.close()
        for task in list(at_work):
            task.cancel()
