"""mediation at work in memory, behind its HTTP interface, with a small place tree and people."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import msgspec

from services.mediation.main import service
from shared.contracts.envelope import Envelope, topic, type_of
from shared.contracts.event import Event, emitting_service
from shared.contracts.types import PlaceKind
from shared.neighbourhood.place import LearnPlace, place
from shared.neighbourhood.post import LearnHolder, post
from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.bus import Outgoing
from tests.services.community.served import Served, served, until

S = TypeVar("S")

DISTRICT, STREET, COMMUNITY, NEIGHBOURHOOD = "d1", "s1", "c1", "n1"
PATH = (DISTRICT, STREET, COMMUNITY, NEIGHBOURHOOD)
OTHER_COMMUNITY, OTHER_NEIGHBOURHOOD, UNIT = "c2", "n2", "u1"
PLACES: dict[str, tuple[PlaceKind, tuple[str, ...]]] = {
    DISTRICT: (PlaceKind.DISTRICT, PATH[:1]),
    STREET: (PlaceKind.STREET, PATH[:2]),
    COMMUNITY: (PlaceKind.COMMUNITY, PATH[:3]),
    NEIGHBOURHOOD: (PlaceKind.NEIGHBOURHOOD, PATH),
    UNIT: (PlaceKind.UNIT, (*PATH, UNIT)),
    OTHER_COMMUNITY: (PlaceKind.COMMUNITY, (DISTRICT, STREET, OTHER_COMMUNITY)),
    OTHER_NEIGHBOURHOOD: (
        PlaceKind.NEIGHBOURHOOD,
        (DISTRICT, STREET, OTHER_COMMUNITY, OTHER_NEIGHBOURHOOD),
    ),
}
"""A district with two communities; `PATH` leads to the neighbourhood of the first."""
OFFICER, POLICE = "officer-c1", "police-c1"
POSTS = {"mediation": OFFICER, "police": POLICE}
"""Who has which duty at the first community."""
CONVENOR = "convenor"
"""Works for the first community."""


@asynccontextmanager
async def mediation() -> AsyncIterator[Served]:
    """The service, once it knows the places and who has which duty."""
    async with served(service) as at:
        for code, (kind, path) in PLACES.items():
            await told(at, place, code, LearnPlace(kind, code, path))
        for duty, person in POSTS.items():
            learned = LearnHolder(COMMUNITY, duty, person)
            await told(at, post, f"{COMMUNITY}:{duty}", learned)
        copies = at.running.copies
        await until(
            lambda: len(copies["place"]) == len(PLACES) and len(copies["post"]) == len(POSTS)
        )
        yield at


async def told(at: Served, aggregate: Aggregate[Any], id: str, command: Command) -> None:
    """A command as a reaction sends it, without its event."""
    await at.running.store.do(aggregate, id, command, actor="test")


async def settled(at: Served, aggregate: Aggregate[S], id: str, reached: Callable[[S], bool]) -> S:
    """Waits until events have led a thing to a state: of what nothing is known yet, too."""
    async with asyncio.timeout(10):
        while True:
            known = await at.running.store.get(aggregate, id)
            if known is not None and reached(known.state):
                return known.state
            await asyncio.sleep(0.005)


async def tells(at: Served, event: Event, stream: str, sequence: int = 1) -> None:
    """Another service's event, as it arrives."""
    emitter = emitting_service(type(event))
    assert emitter is not None, "only public events arrive"
    envelope = Envelope(
        id=f"{emitter}/{stream}/{sequence}/0",
        type=type_of(type(event)),
        source=f"/jinlin/{emitter}",
        subject=stream,
        time=at.running.clock.now(),
        data=msgspec.to_builtins(event),
        sequence=sequence,
        correlationid="told",
    )
    await at.running.bus.publish([Outgoing(topic(emitter), stream, envelope.to_bytes())])


async def by_person(
    at: Served, method: str, path: str, sub: str, *, org: str | None = None, **rest: Any
) -> Any:
    """A request of somebody who lives there, perhaps for an organisation."""
    claims: dict[str, Any] = {} if org is None else {"org": org}
    token = at.issuer.token(sub, ["resident"], [], **claims)
    headers = {"Authorization": f"Bearer {token}"}
    return await at.client.request(method, path, headers=headers, **rest)


async def by_convenor(at: Served, method: str, path: str, **rest: Any) -> Any:
    """A request of the community's convenor."""
    return await at.ask(method, path, CONVENOR, "community-staff", places=(COMMUNITY,), **rest)
