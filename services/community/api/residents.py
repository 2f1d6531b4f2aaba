"""Residents over HTTP: the table, and who lives in a unit."""

from collections.abc import Sequence
from typing import Any

from services.community.access import asked_registrar, register_keeper, registrar
from services.community.api.places import ancestors
from services.community.domain.resident import Resident, Status, resident
from services.community.domain.resident import open_verbs as resident_verbs
from services.community.domain.resident_commands import (
    AskToMove,
    Confirm,
    DescribeResident,
    Erase,
    MoveHousehold,
    MoveOut,
    Refuse,
    RegisterAnew,
    RegisterResident,
    Vouch,
)
from services.community.tree import lineage, path_of, units_within
from services.community.views import asking_query, household_query, living_query
from shared.contracts.types import Id, PlaceCode, PlaceKind
from shared.runtime import cursors
from shared.runtime.aggregate import Rejected
from shared.runtime.api import (
    Create,
    CurrentCaller,
    CurrentCopies,
    CurrentStore,
    Dossier,
    Verb,
    aggregate_api,
    all_fields,
)
from shared.runtime.copies import Copies
from shared.runtime.cursors import Cursor, Limit
from shared.runtime.journal import DossierEntry, Query, Stored
from shared.runtime.listing import listed
from shared.runtime.policies import administrator, anyone, owner, role
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries
from shared.runtime.store import Store


def lies_in(copies: Copies, state: Resident | None, command: Any) -> Sequence[str]:
    """The places of the unit that somebody lives in, and of the one they ask to live in. Whom staff
    move lies in what both units have in common: to move somebody away is not for one side alone.
    """
    places = copies["place"]
    if state is None:
        return path_of(places, command.household)
    here = path_of(places, state.household)
    if isinstance(command, MoveHousehold):
        there = path_of(places, command.household)
        return [code for code in here if code in there] if there else here
    return here if state.asked is None else (*here, *path_of(places, state.asked.household))


themselves = owner("resident")

residents_api = aggregate_api(
    resident,
    collection="residents",
    tag="Residents",
    create=Create(
        RegisterResident,
        may=registrar | (role("resident") & themselves),
        id=lambda command: command.resident,
    ),
    verbs={
        "confirm": Verb(Confirm, may=asked_registrar),
        "refuse": Verb(Refuse, may=asked_registrar),
        "vouch": Verb(Vouch, may=themselves),
        "ask-to-move": Verb(AskToMove, may=themselves),
        "move": Verb(MoveHousehold, may=registrar),
        "move-out": Verb(MoveOut, may=themselves | registrar),
        "describe": Verb(DescribeResident, may=themselves | administrator),
        "erase": Verb(Erase, may=themselves | administrator),
        "register-anew": Verb(RegisterAnew, may=administrator),
    },
    open=lambda state, _caller: resident_verbs(state),
    see=themselves | registrar,
    dossier=Dossier(see=themselves | registrar, subject="resident"),
    lies_in=lies_in,
)

queries = Queries(tags=["Residents"])

MOST_UNITS = 5_000
"""Units whose residents are listed together: as many as a large neighbourhood has. A wider list is
nobody's to go through."""


@queries.get("/residents", may=register_keeper, note="in their places, without who they are")
async def living_there(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    place: PlaceCode,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Who is registered in the households within a place: by subject, as others know them. Names
    are in the dossiers, of which every reading is recorded (``GET /residents/{id}``).
    """
    places = copies["place"]
    path = path_of(places, place)
    if not path or not registrar.allows(caller, None, None, path):
        raise NotFound
    units = units_within(places, place)
    if len(units) > MOST_UNITS:
        raise Rejected(
            "too-wide",
            f"more than {MOST_UNITS} households: ask for a place within",
            most=MOST_UNITS,
        )
    asked = living_query(units, limit, cursors.decode(cursor))
    return await listed(store, resident, asked, lambda state: all_fields(state, caller))


@queries.get("/residents/asking", may=register_keeper, note="in their places")
async def asking(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    place: PlaceCode,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Who waits to be confirmed in a household within a place."""
    path = path_of(copies["place"], place)
    if not path or not registrar.allows(caller, None, None, path):
        raise NotFound
    where = {"asked.path": place}
    page = await store.journal.find(
        "resident", Query(where, limit=limit, after=cursors.decode(cursor))
    )
    items = [{"id": stored.id, "version": stored.version, **stored.state} for stored in page.items]
    return {"items": items, "next": cursors.encode(page.next)}


@queries.get(
    "/households/{code}", may=anyone, note="staff: of units in their places; residents: their own"
)
async def household(
    code: PlaceCode, caller: CurrentCaller, store: CurrentStore, copies: CurrentCopies
) -> dict[str, Any]:
    """Who lives in a unit, and who asks to, for the staff of a place that it lies in; one of the
    household is told who asks, so as to vouch for them. Every reading is recorded.
    """
    line = lineage(copies["place"], code)
    if not line or line[-1].kind is not PlaceKind.UNIT:
        raise NotFound
    staff = registrar.allows(caller, None, None, [above.code for above in line])
    if not staff and not await lives_in(store, caller.sub, code):
        raise NotFound
    living = await store.journal.find("resident", household_query(code))
    waiting = await store.journal.find("resident", asking_query(code))
    readable = [*living.items, *waiting.items] if staff else waiting.items
    streams = [resident.stream(stored.id) for stored in readable]
    if streams:
        purpose = "household" if staff else "vouching"
        await store.journal.record_reading(caller.sub, streams, purpose, store.clock.now())
    dossiers = await store.journal.dossiers(streams)

    def shown(stored: Stored) -> dict[str, Any]:
        described = latest(dossiers.get(resident.stream(stored.id), []))
        return {"id": stored.id, "version": stored.version, "described": described}

    return {
        "household": code,
        "ancestors": ancestors(line),
        "items": [shown(stored) for stored in living.items],
        "asking": [shown(stored) for stored in waiting.items],
    }


async def lives_in(store: Store, person: str, household: str) -> bool:
    """Whether a person is registered in a unit."""
    own = await store.get(resident, person)
    return (
        own is not None
        and own.state.status is Status.REGISTERED
        and own.state.household == household
    )


@queries.get("/residents/{id}/readings", may=anyone, note="about the caller only")
async def readings(id: Id, caller: CurrentCaller, store: CurrentStore) -> dict[str, Any]:
    """Who read the caller's dossier, why and when."""
    if id != caller.sub:
        raise NotFound
    return {"items": await store.journal.readings(resident.stream(id))}


def latest(entries: Sequence[DossierEntry]) -> dict[str, Any] | None:
    """The description that holds: the last one; None after it was erased."""
    return dict(entries[-1].data) if entries else None
