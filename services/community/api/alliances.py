"""Alliances over HTTP: who works together, what they promise for a year, and who has checked in."""

from collections.abc import Sequence
from typing import Any

from services.community.access import (
    acting_for,
    convenor,
    for_a_member,
    for_an_organisation,
    register_keeper,
    registrar,
)
from services.community.domain.alliance import (
    AdmitOrganisation,
    Alliance,
    DismissOrganisation,
    Dissolve,
    FoundAlliance,
    LeaveAlliance,
    PassChair,
    alliance,
)
from services.community.domain.alliance import open_verbs as alliance_verbs
from services.community.domain.check_in import (
    CheckIn,
    CheckInState,
    CheckOut,
    ConfirmCheckIn,
    Offer,
    RefuseCheckIn,
    Status,
    check_in,
    id_of,
)
from services.community.domain.check_in import open_verbs as check_in_verbs
from services.community.domain.promise import (
    JudgePromise,
    MakePromise,
    ReportPromise,
    promise,
)
from services.community.domain.promise import open_verbs as promise_verbs
from services.community.tree import path_of, scopes_below
from shared.contracts.types import Id, PlaceCode, Year
from shared.runtime import cursors
from shared.runtime.api import (
    Create,
    CurrentCaller,
    CurrentCopies,
    CurrentStore,
    Dossier,
    Verb,
    aggregate_api,
)
from shared.runtime.copies import Copies
from shared.runtime.cursors import Cursor, Limit
from shared.runtime.journal import Query
from shared.runtime.policies import anyone, owner
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries


def lies_in(copies: Copies, state: Alliance | CheckInState | None, command: Any) -> Sequence[str]:
    """The path of the place that it is for."""
    return path_of(copies["place"], command.place if state is None else state.place)


chair = acting_for("chair")
person = owner("person")
unit = acting_for("organisation")

alliances_api = aggregate_api(
    alliance,
    collection="alliances",
    tag="Alliances",
    create=Create(FoundAlliance, may=convenor),
    verbs={
        "admit": Verb(AdmitOrganisation, may=convenor | chair),
        "dismiss": Verb(DismissOrganisation, may=convenor | chair),
        "leave": Verb(LeaveAlliance, may=for_a_member),
        "pass-chair": Verb(PassChair, may=convenor | chair),
        "dissolve": Verb(Dissolve, may=convenor),
    },
    open=lambda state, _caller: alliance_verbs(state),
    see=anyone,
    lies_in=lies_in,
)

promises_api = aggregate_api(
    promise,
    collection="promises",
    tag="Alliances",
    create=Create(MakePromise, may=for_an_organisation),
    verbs={
        "report": Verb(ReportPromise, may=unit),
        "judge": Verb(JudgePromise, may=for_an_organisation),
    },
    open=lambda state, _caller: promise_verbs(state),
    see=anyone,
)

check_ins_api = aggregate_api(
    check_in,
    collection="check-ins",
    tag="Check-ins",
    create=Create(CheckIn, may=anyone, id=id_of),
    verbs={
        "confirm": Verb(ConfirmCheckIn, may=registrar),
        "refuse": Verb(RefuseCheckIn, may=registrar),
        "check-out": Verb(CheckOut, may=person | unit | registrar),
    },
    open=lambda state, _caller: check_in_verbs(state),
    see=person | unit | registrar,
    dossier=Dossier(see=person | registrar, subject="person"),
    lies_in=lies_in,
)

queries = Queries(tags=["Alliances"])


@queries.get("/alliances", may=anyone)
async def list_alliances(
    caller: CurrentCaller,
    store: CurrentStore,
    place: PlaceCode | None = None,
    organisation: Id | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Alliances by id: for a place, with an organisation in them, or all."""
    where: dict[str, Any] = {"dissolved": False}
    if place is not None:
        where["place"] = place
    if organisation is not None:
        where["members"] = organisation
    return await listed(store, "alliance", where, limit, cursor)


@queries.get("/alliances/{id}/promises", may=anyone)
async def promises_of_a_year(
    id: Id,
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    year: Year,
    limit: Limit = 200,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """What the members of an alliance promised for a year, and what became of it."""
    if id not in copies["alliance"]:
        raise NotFound
    return await listed(store, "promise", {"alliance": id, "year": year}, limit, cursor)


@queries.get("/check-ins", may=register_keeper, note="of their places")
async def list_check_ins(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    place: PlaceCode,
    status: Status = Status.IN,
    offer: Offer | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Who has checked in at a place or below it."""
    path = path_of(copies["place"], place)
    if not path or not registrar.allows(caller, None, None, path):
        raise NotFound
    where: dict[str, Any] = {
        "place": {"$in": scopes_below(copies["place"], place)},
        "status": status.value,
    }
    if offer is not None:
        where["offers"] = offer.value
    return await listed(store, "check-in", where, limit, cursor)


@queries.get("/check-ins/mine", may=anyone, note="their own, and their organisation's")
async def my_check_ins(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """Where the caller has checked in, or with an organisation in the token, where that has."""
    where: dict[str, Any] = {"person": caller.sub}
    if caller.org is not None:
        where = {"organisation": caller.org, "person": {"$in": [None, caller.sub]}}
    return await listed(store, "check-in", where, limit, cursor)


@queries.get("/check-ins/counts", may=anyone)
async def count_check_ins(
    caller: CurrentCaller, store: CurrentStore, copies: CurrentCopies, place: PlaceCode
) -> dict[str, Any]:
    """How many persons and units have checked in at a place or below it, and what they offer."""
    codes = scopes_below(copies["place"], place)
    if not codes:
        raise NotFound
    here: dict[str, Any] = {"place": {"$in": codes}, "status": Status.IN.value}
    count = store.journal.count
    units = await count("check-in", {**here, "person": None})
    return {
        "place": place,
        "persons": await count("check-in", here) - units,
        "units": units,
        "offers": {
            offer: counted
            for offer in Offer
            if (counted := await count("check-in", {**here, "offers": offer.value}))
        },
    }


async def listed(
    store: CurrentStore, kind: str, where: dict[str, Any], limit: int, cursor: str | None
) -> dict[str, Any]:
    """One page of the states that match, by id."""
    page = await store.journal.find(kind, Query(where, limit=limit, after=cursors.decode(cursor)))
    items = [{"id": one.id, "version": one.version, **one.state} for one in page.items]
    return {"items": items, "next": cursors.encode(page.next)}
