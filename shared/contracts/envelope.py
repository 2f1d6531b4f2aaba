"""The envelope: CloudEvents 1.0, structured JSON (https://github.com/cloudevents/spec, version
1.0.2).
"""

import importlib
import re
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Annotated, Any

import msgspec
import orjson

from shared.contracts.event import Event, Personal, emitting_service, name_and_version

SERVICES: tuple[str, ...] = (
    "community",
    "petitions",
    "volunteering",
    "mediation",
    "ledger",
    "notifications",
    "subscriptions",
)
"""The services with public events, each with a module here."""

CONTENT_TYPE = "application/cloudevents+json; charset=UTF-8"
MAX_BYTES = 900_000
"""The largest envelope, below Kafka's limit of 1 MiB: a larger message would stop a producer for
good.
"""

MAX_REASON = 300
"""Characters of an `Unreadable`'s text: it travels in a header, and must not carry the
message along.
"""

Attribute = Annotated[
    str, msgspec.Meta(min_length=1, max_length=1024, pattern=r"\A[^\x00-\x1f\x7f-\x9f]+\Z")
]
"""A CloudEvents string: never empty, no control characters."""

_SEQUENCE = re.compile(r"[0-9]{1,20}", re.ASCII)
_TYPE = re.compile(
    r"^cn\.jinlin\.(?P<service>[a-z]+)\.(?P<name>[A-Za-z]+)\.v(?P<version>[1-9]\d*)$"
)


class Unreadable(Exception):
    """A message is not an envelope of ours, or its data is not what its type promises. The text
    says what is wrong.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason if len(reason) <= MAX_REASON else reason[: MAX_REASON - 1] + "…")


@dataclass(frozen=True, slots=True)
class Envelope:
    """One published event with all that tells where it came from.

    `id` is ``<service>/<stream>/<version>/<n>``, `subject` the stream, `sequence` the stream's
    version. `data` is the event's fields as plain JSON values.
    """

    id: Attribute
    type: Attribute
    source: Attribute
    subject: Attribute
    time: datetime
    data: dict[str, Any]
    sequence: int
    correlationid: Attribute
    causationid: Attribute | None = None
    traceparent: Attribute | None = None

    @property
    def service(self) -> str:
        """The service that emitted it."""
        return self.source.removeprefix("/jinlin/")

    def to_bytes(self) -> bytes:
        """The structured JSON form."""
        fields: dict[str, Any] = {
            "specversion": "1.0",
            "id": self.id,
            "source": self.source,
            "type": self.type,
            "subject": self.subject,
            "time": self.time,
            "datacontenttype": "application/json",
            "dataschema": dataschema(self.type),
            "sequence": f"{self.sequence:020d}",
            "partitionkey": self.subject,
            "correlationid": self.correlationid,
            "data": self.data,
        }
        if self.causationid is not None:
            fields["causationid"] = self.causationid
        if self.traceparent is not None:
            fields["traceparent"] = self.traceparent
        return orjson.dumps(fields, option=orjson.OPT_UTC_Z)


def topic(service: str) -> str:
    """The topic of a service's public events."""
    return f"{service}.events.v1"


def dead_letter_topic(service: str) -> str:
    """Where a subscribing service puts the messages it cannot handle."""
    return f"{service}.dlq.v1"


def type_of(event: type[Event]) -> str:
    """``cn.jinlin.<service>.<event>.v<version>`` of a public event class. Raises ValueError for a
    private one.
    """
    service = emitting_service(event)
    if service is None:
        raise ValueError(f"{event.__qualname__} is private: it lives in {event.__module__}")
    name, version = name_and_version(event)
    return f"cn.jinlin.{service}.{name}.v{version}"


def dataschema(type: str) -> str:
    """The URN under which the type's JSON Schema is known (files: shared/contracts/schemas)."""
    return f"urn:jinlin:schema:{type.removeprefix('cn.jinlin.')}"


@cache
def public_events(service: str) -> dict[str, type[Event]]:
    """The public event classes of a service by CloudEvents type: none of one that tells the world
    nothing, as the gateway.
    """
    if service not in SERVICES:
        return {}
    module = importlib.import_module(f"shared.contracts.{service}")
    return {
        type_of(thing): thing
        for thing in vars(module).values()
        if isinstance(thing, type)
        and issubclass(thing, Event)
        and thing not in (Event, Personal)
        and emitting_service(thing) == service
    }


def event_class(type: str) -> type[Event] | None:
    """The class of a CloudEvents type, or None for a type this version does not know."""
    match = _TYPE.match(type)
    if match is None or match["service"] not in SERVICES:
        return None
    return public_events(match["service"]).get(type)


def parse(message: bytes | str) -> Envelope:
    """Reads an envelope; added fields are passed over. Raises `Unreadable`, and nothing else."""
    try:
        raw = orjson.loads(message)
    except ValueError as error:
        raise Unreadable(f"not JSON: {error}") from None
    if not isinstance(raw, dict):
        raise Unreadable("not a JSON object")
    if raw.get("specversion") != "1.0":
        found = raw.get("specversion")
        raise Unreadable(
            f"specversion {found!r}, expected '1.0'"
            if isinstance(found, str)
            else "no specversion '1.0'"
        )
    sequence = raw.get("sequence")
    if not isinstance(sequence, str) or not _SEQUENCE.fullmatch(sequence):
        raise Unreadable("not an envelope: `sequence` is not a string of 1 to 20 digits")
    try:
        envelope = msgspec.convert({**raw, "sequence": int(sequence)}, Envelope)
    except msgspec.ValidationError as error:
        raise Unreadable(f"not an envelope: {error}") from None
    except RecursionError:
        raise Unreadable("not an envelope: nested too deep") from None
    if envelope.time.tzinfo is None:
        raise Unreadable("not an envelope: `time` has no offset from UTC")
    return envelope


def event_in(envelope: Envelope) -> Event | None:
    """The event an envelope carries, None for an unknown type. Raises `Unreadable` for data that do
    not fit.
    """
    cls = event_class(envelope.type)
    if cls is None:
        return None
    try:
        event = msgspec.convert(envelope.data, cls)
    except msgspec.ValidationError as error:
        raise Unreadable(f"data of {envelope.type}: {error}") from None
    except RecursionError:
        raise Unreadable(f"data of {envelope.type}: nested too deep") from None
    for field in fields(event):  # type: ignore[arg-type]
        value = getattr(event, field.name)
        if isinstance(value, datetime) and value.tzinfo is None:
            # A time without an offset means another moment to every reader.
            raise Unreadable(f"data of {envelope.type}: `{field.name}` has no offset from UTC")
    return event
