"""Golden samples: one whole message per event version, as its first emitter sent it.

A sample is written once and never again: it shows what older emitters sent, and must stay readable.
The values tell one story, of a blocked sewer in a neighbourhood of Xiamen.
"""

from dataclasses import MISSING, fields
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from shared.contracts.envelope import Envelope
from shared.contracts.event import Event, emitting_service, name_and_version
from shared.contracts.story import (
    ledger,
    mediation,
    meeting,
    notifications,
    petitions,
    settling,
    subscriptions,
    volunteering,
)

_BEGIN = datetime(2026, 3, 2, 1, 15, tzinfo=UTC)

_TOLD = (
    petitions,
    volunteering,
    mediation,
    meeting,
    settling,
    ledger,
    subscriptions,
    notifications,
)
_VALUES: dict[str, Any] = {name: value for story in _TOLD for name, value in story.VALUES.items()}
_VALUES_OF: dict[str, dict[str, Any]] = {
    event: values for story in _TOLD for event, values in story.VALUES_OF.items()
}

_STREAMS = {
    "checkin": "check-in",
    "code": "place",
    "rules": "point-rules",
    "work": "activity",
    "person": "preferences",
    "finding": "patrol-finding",
    "route": "patrol-route",
    "shift": "patrol-shift",
    "plan": "care-plan",
    "spot": "hot-spot",
}
"""Kinds of stream that are not named like the id in the event's first field."""


def sample(type: str, cls: type[Event], position: int) -> Envelope:
    """The sample of an event version. `position`, from 1, is its place in the story of its service.

    Raises LookupError when a field has no value here.
    """
    name, _ = name_and_version(cls)
    values = {**_VALUES, **_VALUES_OF.get(name, {})}
    chosen = {}
    for field in fields(cls):  # type: ignore[arg-type]
        if field.name in values:
            chosen[field.name] = values[field.name]
        elif field.default is MISSING:
            raise LookupError(f"{name}.{field.name} has no sample value: give it one in {__name__}")
    data = msgspec.to_builtins(msgspec.convert(chosen, cls))
    key = fields(cls)[0].name  # type: ignore[arg-type]
    stream = f"{_STREAMS.get(key, key)}-{data[key]}"
    service = emitting_service(cls)
    # A message is made in reaction to an event; the others here follow from a request.
    cause = data.get("event")
    return Envelope(
        id=f"{service}/{stream}/{position}/0",
        type=type,
        source=f"/jinlin/{service}",
        subject=stream,
        time=_BEGIN + timedelta(minutes=position),
        data=data,
        sequence=position,
        correlationid=(cause or f"{service}/{stream}/{position}/0").rpartition("/")[0],
        causationid=cause,
        traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    )
