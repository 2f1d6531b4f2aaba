"""Where a restored store meets a world that went on without it.

What a store wrote after its backup is lost. Others may know of it: Kafka, where it was published,
and other services, which acted on it. A lost commit's number would be given again to another one,
and whoever knew the lost one would take the new one's events for repetitions and drop them. So the
numbers that are known to have been given are filled with commits in which nothing happened.
"""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice

from deploy.backup.platform import Place, Platform
from deploy.backup.stores import causes, unknown
from shared.contracts.envelope import Envelope
from shared.runtime.aggregate import Aggregate
from shared.runtime.clock import SystemClock
from shared.runtime.journal import Change, Commit
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.tools.service_at_hand import service_named

CLOCKS_APART = timedelta(hours=1)
"""So much earlier than the moment an effect is looked for: commits are timed by hosts' clocks."""
STREAMS_AT_ONCE = 200
EVENTS_AT_ONCE = 5_000
VERB, ACTOR = "restore", "operator"
"""Of the commits that fill numbers."""


@dataclass(frozen=True, slots=True)
class Lost:
    """An event that somebody knows and no commit has. `known_to` are services that acted on it."""

    id: str
    type: str | None = None
    known_to: tuple[str, ...] = ()

    @property
    def service(self) -> str:
        """Whose it was."""
        return self.id.partition("/")[0]

    @property
    def commit(self) -> str:
        """Its commit in that service's store, ``<stream>/<version>``."""
        return self.id.partition("/")[2].rpartition("/")[0]


@dataclass(slots=True)
class Seam:
    """What was found. `filled` counts the numbers that were filled in; `begun` are streams that
    began after the backup: of them nothing is there that could be filled.
    """

    published: list[Lost] = field(default_factory=list)
    """Lost events that Kafka still had."""
    acted_on: list[Lost] = field(default_factory=list)
    """Lost events whose effects are in a store: causes that no commit knows."""
    filled: int = 0
    begun: list[str] = field(default_factory=list)


def lost_of(platform: Platform, envelopes: Iterable[Envelope]) -> Iterator[Envelope]:
    """Those of the events that are in no commit of the stores, each once."""
    seen: set[str] = set()
    coming = iter(envelopes)
    while some := {envelope.id: envelope for envelope in islice(coming, EVENTS_AT_ONCE)}:
        for place in platform.stores:
            commits = {id: Lost(id).commit for id in some if Lost(id).service == place.service}
            missing = unknown(place, sorted(set(commits.values())))
            lost = [id for id, commit in commits.items() if commit in missing and id not in seen]
            seen.update(lost)
            yield from (some[id] for id in lost)


def without_cause(platform: Platform, since: datetime) -> list[Lost]:
    """The events that services acted on since then and that no commit has."""
    known_to: dict[str, list[str]] = {}
    for place in platform.stores:
        for id in causes(place, since - CLOCKS_APART):
            known_to.setdefault(id, []).append(place.service)
    found: list[Lost] = []
    for place in platform.stores:
        told = {id: Lost(id).commit for id in known_to if Lost(id).service == place.service}
        missing = unknown(place, sorted(set(told.values())))
        found += [Lost(id, known_to=tuple(known_to[id])) for id in told if told[id] in missing]
    return sorted(found, key=lambda lost: lost.id)


def fill_numbers(place: Place, lost: Iterable[Lost], seam: Seam) -> None:
    """Fills, in the store of a service, the numbers of the commits that it lost."""
    highest: dict[str, int] = {}
    for one in lost:
        stream, _, version = one.commit.rpartition("/")
        highest[stream] = max(highest.get(stream, 0), int(version))
    asyncio.run(_fill(place, sorted(highest.items()), seam))


async def _fill(place: Place, highest: Sequence[tuple[str, int]], seam: Seam) -> None:
    clock = SystemClock()
    service = service_named(place.service)
    journal = MongoJournal.connect(place.uri, place.database, "pymongo", clock)
    try:
        for start in range(0, len(highest), STREAMS_AT_ONCE):
            changes: list[Change] = []
            for stream, version in highest[start : start + STREAMS_AT_ONCE]:
                aggregate = _of_stream(service.aggregates, stream)
                id = stream.removeprefix(aggregate.stream(""))
                stored = (await journal.load(aggregate.kind, [id])).get(id)
                if stored is None:
                    seam.begun.append(f"{place.service}/{stream}")
                    continue
                for number in range(stored.version + 1, version + 1):
                    at = clock.now()
                    commit = Commit(stream, number, at, ACTOR, VERB, (), clock.new_id())
                    state = replace(stored, version=number, at=at)
                    changes.append(Change(aggregate.kind, commit, state))
            await journal.write(changes)
            seam.filled += len(changes)
    finally:
        await journal.close()


def _of_stream(aggregates: Iterable[Aggregate[object]], stream: str) -> Aggregate[object]:
    """A kind may begin like another one: the longest is meant."""
    return max(
        (one for one in aggregates if stream.startswith(one.stream(""))),
        key=lambda one: len(one.kind),
    )
