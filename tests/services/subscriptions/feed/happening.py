"""What happens elsewhere, and subscriptions at work in memory to hear of it."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import orjson

from services.subscriptions.domain.feed.feed import CITY, feed
from services.subscriptions.feed_reading import Entry, Feed
from services.subscriptions.main import service
from shared.contracts.envelope import Envelope, topic, type_of
from shared.contracts.event import Event, emitting_service
from shared.contracts.petitions import PetitionCommented, PetitionFiled
from shared.contracts.types import PetitionKind, PlaceKind, Urgency
from shared.neighbourhood.place import LearnPlace, place
from shared.runtime.bus import Outgoing
from tests.services.community.served import Served, served, until

NOON = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)
PATH = ("d1", "s1", "c1", "n1")
OTHER = ("d1", "s2", "c9", "n9")


@asynccontextmanager
async def subscriptions() -> AsyncIterator[Served]:
    """The service, once it knows two neighbourhoods in two streets of one district."""
    async with served(service) as at:
        for path in (PATH, OTHER):
            for depth, code in enumerate(path, 1):
                learned = LearnPlace(PlaceKind.GRID, code, path[:depth])
                await at.running.store.do(place, code, learned, actor="test")
        await until(lambda: len(at.running.copies["place"]) == 7)
        yield at


def filed(
    petition: str = "p1", path: Sequence[str] = PATH, category: str = "property-lifts"
) -> PetitionFiled:
    """A petition of a neighbourhood."""
    kind, urgency = PetitionKind.COMPLAINT, Urgency.NORMAL
    where = tuple(path)
    return PetitionFiled(petition, kind, category, urgency, "web", where[-1], where, "r1", NOON)


def commented(petition: str = "p1") -> PetitionCommented:
    """Somebody said something: it does not say where the petition lies."""
    return PetitionCommented(petition, "r1", None, "r1")


def message(event: Event, stream: str, sequence: int = 1, n: int = 0, **more: Any) -> Outgoing:
    """An event as the relay of its service publishes it."""
    emitter = emitting_service(type(event)) or ""
    envelope = Envelope(
        id=f"{emitter}/{stream}/{sequence}/{n}",
        type=type_of(type(event)),
        source=f"/jinlin/{emitter}",
        subject=stream,
        time=NOON + timedelta(seconds=sequence),
        data={**msgspec.to_builtins(event), **more},
        sequence=sequence,
        correlationid="told",
    )
    return Outgoing(topic(emitter), stream, envelope.to_bytes())


async def happens(at: Served, *messages: Outgoing) -> None:
    """These are published, and entered as far as they are fed."""
    before = await entered(at)
    await at.running.bus.publish(list(messages))
    await has_entered(at, before + len(messages))


async def entered(at: Served) -> int:
    """How many entries there are."""
    known = await at.running.store.get(feed, CITY)
    return 0 if known is None else known.state.entered


async def has_entered(at: Served, count: int) -> None:
    """Waits until there are so many."""
    async with asyncio.timeout(10):
        while await entered(at) < count:  # noqa: ASYNC110 - other parts have no event to wait for
            await asyncio.sleep(0.005)


async def whole(at: Served) -> list[Entry]:
    """All entries."""
    reading = Feed(at.running.journal, at.running.clock)
    return await reading.after(await reading.before(NOON - timedelta(days=9_000)), 10_000)


def envelope(message: Outgoing) -> Mapping[str, Any]:
    """What a message says."""
    said: Mapping[str, Any] = orjson.loads(message.value)
    return said
