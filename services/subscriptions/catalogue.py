"""The catalogue: which events there are to subscribe to, from the checked-in contracts."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from typing import Any

from services.subscriptions.judged import FED, NOT_FED
from shared.contracts import published
from shared.contracts.envelope import dataschema, topic
from shared.contracts.event import emitting_service
from shared.contracts.files import HERE, contracts, sample_file, schema_file

ASYNCAPI = HERE / "asyncapi.yaml"


@dataclass(frozen=True, slots=True)
class Described:
    """One event version. `fed` is whether the feed and webhooks have it, `not_fed_because` why not.
    `schema` is of its data, `sample` a whole message.
    """

    type: str
    service: str
    topic: str
    title: str
    description: str
    since: date
    stability: str
    fed: bool
    not_fed_because: str | None
    dataschema: str
    schema: Mapping[str, Any]
    sample: Mapping[str, Any]

    @property
    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


@cache
def catalogue() -> Mapping[str, Described]:
    """Every event version by CloudEvents type, service by service."""
    return {one.type: one for one in _described()}


def _described() -> Iterator[Described]:
    since = published.read(HERE)
    for type, cls in contracts().items():
        schema = json.loads(schema_file(HERE, type).read_text(encoding="utf-8"))
        service = emitting_service(cls) or ""
        because = NOT_FED.get(cls)
        yield Described(
            type=type,
            service=service,
            topic=topic(service),
            title=schema["title"],
            description=schema["description"],
            since=since[type].since,
            stability=since[type].stability,
            fed=cls in FED,
            not_fed_because=because,
            dataschema=dataschema(type),
            schema=schema,
            sample=json.loads(sample_file(HERE, type).read_text(encoding="utf-8")),
        )
