"""Residents over HTTP: the table, and who lives in a unit."""

from collections.abc import Sequence
from typing import Any

from services.community.access import asked_registrar, register_keeper, registrar
from services.community.api.places import ancestors
from services.community.domain.resident import Resident, resident
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
from shared.runtime.policies import administrator, owner, role
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries


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


@queries.get("/households/{code}", may=register_keeper, note="of units in their places")
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
