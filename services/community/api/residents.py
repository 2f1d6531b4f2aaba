"""Residents over HTTP: the table, and who lives in a unit."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter

from services.community.access import registrar
from services.community.api.places import ancestors
from services.community.domain.resident import (
    DescribeResident,
    MoveHousehold,
    RegisterResident,
    Resident,
    resident,
)
from services.community.domain.resident import open_verbs as resident_verbs
from services.community.tree import lineage, path_of
from services.community.views import household_query
from shared.contracts.types import PlaceCode, PlaceKind
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
from shared.runtime.journal import DossierEntry
from shared.runtime.policies import administrator, owner
from shared.runtime.problems import NotFound


def lies_in(copies: Copies, state: Resident | None, command: Any) -> Sequence[str]:
    """The path of the unit that somebody lives in, or is to be registered in."""
    return path_of(copies["place"], command.household if state is None else state.household)


residents_api = aggregate_api(
    resident,
    collection="residents",
    tag="Residents",
    create=Create(RegisterResident, may=registrar, id=lambda command: command.resident),
    verbs={
        "move": Verb(MoveHousehold, may=registrar),
        "describe": Verb(DescribeResident, may=owner("resident") | administrator),
    },
    open=lambda state, _caller: resident_verbs(state),
    see=owner("resident") | registrar,
    dossier=Dossier(see=owner("resident") | registrar, subject="resident"),
    lies_in=lies_in,
)

queries = APIRouter(tags=["Residents"])


@queries.get("/households/{code}")
async def household(
    code: PlaceCode, caller: CurrentCaller, store: CurrentStore, copies: CurrentCopies
) -> dict[str, Any]:
    """Who lives in a unit, for the staff of a place that it lies in. Every reading is recorded."""
    line = lineage(copies["place"], code)
    if not line or line[-1].kind is not PlaceKind.UNIT:
        raise NotFound
    if not registrar.allows(caller, None, None, [above.code for above in line]):
        raise NotFound
    page = await store.journal.find("resident", household_query(code))
    streams = [resident.stream(stored.id) for stored in page.items]
    await store.journal.record_reading(caller.sub, streams, "household", store.clock.now())
    dossiers = await store.journal.dossiers(streams)
    items = [
        {
            "id": stored.id,
            "version": stored.version,
            "described": latest(dossiers.get(resident.stream(stored.id), [])),
        }
        for stored in page.items
    ]
    return {"household": code, "ancestors": ancestors(line), "items": items}


def latest(entries: Sequence[DossierEntry]) -> dict[str, Any] | None:
    """The description that holds: the last one; None after it was erased."""
    return dict(entries[-1].data) if entries else None
