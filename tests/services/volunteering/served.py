"""volunteering at work in memory, behind its HTTP interface, with a small place tree and people."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import msgspec

from services.volunteering.domain.teams.volunteer import volunteer
from services.volunteering.domain.teams.volunteer_state import teams_of
from services.volunteering.main import service
from shared.contracts.envelope import Envelope, topic, type_of
from shared.contracts.event import Event, emitting_service
from shared.contracts.types import PlaceKind
from shared.neighbourhood.place import LearnPlace, place
from shared.neighbourhood.post import LearnHolder, post
from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.bus import Outgoing
from tests.services.community.served import Served, served, until

S = TypeVar("S")

DISTRICT, STREET, COMMUNITY, AREA, NEIGHBOURHOOD = "d1", "s1", "c1", "a1", "n1"
PATH = (DISTRICT, STREET, COMMUNITY, AREA, NEIGHBOURHOOD)
OTHER_COMMUNITY, OTHER_NEIGHBOURHOOD = "c2", "n2"
PLACES: dict[str, tuple[PlaceKind, tuple[str, ...]]] = {
    DISTRICT: (PlaceKind.DISTRICT, PATH[:1]),
    STREET: (PlaceKind.STREET, PATH[:2]),
    COMMUNITY: (PlaceKind.COMMUNITY, PATH[:3]),
    AREA: (PlaceKind.AREA, PATH[:4]),
    NEIGHBOURHOOD: (PlaceKind.NEIGHBOURHOOD, PATH),
    OTHER_COMMUNITY: (PlaceKind.COMMUNITY, (DISTRICT, STREET, OTHER_COMMUNITY)),
    OTHER_NEIGHBOURHOOD: (
        PlaceKind.NEIGHBOURHOOD,
        (DISTRICT, STREET, OTHER_COMMUNITY, OTHER_NEIGHBOURHOOD),
    ),
}
"""A district with two communities; `PATH` leads to the neighbourhood of the first."""

OFFICERS = {COMMUNITY: "officer-c1", STREET: "officer-s1", DISTRICT: "officer-d1"}
"""Who has the duty ``volunteering`` there."""

CONVENOR = "convenor"
"""Works for the first community."""


@asynccontextmanager
async def volunteering() -> AsyncIterator[Served]:
    """The service, once it knows the places and who has which office."""
    async with served(service) as at:
        for code, (kind, path) in PLACES.items():
            await told(at, place, code, LearnPlace(kind, code, path))
        for code, person in OFFICERS.items():
            await told(at, post, f"{code}:volunteering", LearnHolder(code, "volunteering", person))
        copies = at.running.copies
        await until(
            lambda: len(copies["place"]) == len(PLACES) and len(copies["post"]) == len(OFFICERS)
        )
        yield at


async def told(at: Served, aggregate: Aggregate[Any], id: str, command: Command) -> None:
    """A command as a reaction sends it, without its event."""
    await at.running.store.do(aggregate, id, command, actor="test")


async def enrol(at: Served, *people: str, birth_year: int = 1980, **rest: Any) -> None:
    """These people are volunteers at home in the neighbourhood."""
    for person in people:
        asked = {
            "volunteer": person,
            "place": NEIGHBOURHOOD,
            "birth_year": birth_year,
            "name": "某人",
            **rest,
        }
        answer = await at.ask("POST", "/volunteers", person, "resident", json=asked)
        assert answer.status_code == 201, answer.text


async def found(
    at: Served, captain: str, members: Iterable[str] = (), *, kind: str = "other", **rest: Any
) -> str:
    """A team of volunteers, led by one; returns its id once all of them know of it."""
    asked = {
        "place": NEIGHBOURHOOD,
        "kind": kind,
        "name": "近邻队",
        "charter": "我们互相帮助",
        "captain": captain,
        **rest,
    }
    answer = await as_convenor(at, "POST", "/teams", json=asked)
    assert answer.status_code == 201, answer.text
    id: str = answer.json()["id"]
    for person in members:
        applied = await at.ask("POST", f"/teams/{id}/apply", person, "resident", json={})
        assert applied.status_code == 200, applied.text
        taken = await at.ask(
            "POST", f"/teams/{id}/accept", captain, "resident", json={"volunteer": person}
        )
        assert taken.status_code == 200, taken.text
    await until(lambda: id in at.running.copies["team"])
    for person in (captain, *members):
        await belongs(at, person, id)
    return id


async def belongs(at: Served, person: str, team: str) -> None:
    """Waits until the person's own record says that they belong to the team."""
    await settled(at, volunteer, person, lambda state: team in teams_of(state))


async def settled(
    at: Served, aggregate: Aggregate[S], id: str, reached: Callable[[S], bool]
) -> None:
    """Waits until events have led a thing to a state: of what nothing is known yet, too."""
    async with asyncio.timeout(10):
        while True:
            known = await at.running.store.get(aggregate, id)
            if known is not None and reached(known.state):
                return
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


async def as_convenor(at: Served, method: str, path: str, **rest: Any) -> Any:
    """A request of the community's convenor."""
    return await at.ask(method, path, CONVENOR, "community-staff", places=(COMMUNITY,), **rest)
