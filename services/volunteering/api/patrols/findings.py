"""What patrols found, over HTTP: the table, lists, and how a finding is filed as a petition."""

from typing import Annotated, Any

from fastapi import Query as Parameter

from services.volunteering.access import found_it, organises, patrols, some_staff, staff_there
from services.volunteering.api.patrols.shifts import seen as shift_seen
from services.volunteering.api.patrols.where import lies_in, listed, must_look_after
from services.volunteering.domain.patrols.finding import open_verbs, patrol_finding
from services.volunteering.domain.patrols.finding_state import (
    ORIGIN,
    FindingStatus,
    RecordFinding,
    SettleFinding,
)
from services.volunteering.views.patrols import findings_by, findings_in, findings_of
from shared.contracts.types import Id, PetitionKind, PlaceCode
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
from shared.runtime.cursors import Cursor, Limit
from shared.runtime.policies import anyone
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries

keeps = organises | staff_there
concerned = found_it | patrols | keeps

findings_api = aggregate_api(
    patrol_finding,
    collection="patrol-findings",
    tag="Patrols",
    # Whether they are on patrol, the rules say.
    create=Create(RecordFinding, may=anyone),
    verbs={"settle": Verb(SettleFinding, may=concerned)},
    open=lambda state, _caller: open_verbs(state),
    see=concerned,
    dossier=Dossier(see=concerned, subject="finder"),
    lies_in=lies_in,
)

queries = Queries(tags=["Patrols"])


@queries.get("/patrol-findings", may=some_staff, note="of their places")
async def list_patrol_findings(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    place: PlaceCode,
    status: Annotated[list[FindingStatus] | None, Parameter()] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """What was found at a place or below it, the latest first, without its words."""
    must_look_after(copies, caller, place)
    after = cursors.decode(cursor)
    asked = findings_of(place, statuses=status or (), limit=limit, after=after)
    return await listed(store, "patrol-finding", asked)


@queries.get("/patrol-findings/mine", may=anyone, note="of the caller's patrols")
async def my_patrol_findings(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """What the caller's patrols found and what became of it, the latest first."""
    asked = findings_by(caller.sub, limit=limit, after=cursors.decode(cursor))
    return await listed(store, "patrol-finding", asked)


@queries.get("/patrol-shifts/{id}/findings", may=anyone, note="who sees the shift")
async def findings_of_a_shift(
    id: Id,
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """What was found in a shift, without its words."""
    await shift_seen(id, caller, store, copies)
    asked = findings_in(id, limit=limit, after=cursors.decode(cursor))
    return await listed(store, "patrol-finding", asked)


@queries.get(
    "/patrol-findings/{id}/petition",
    may=anyone,
    note="who found it, their patrol, who answers for it",
)
async def petition_of_a_finding(
    id: Id, caller: CurrentCaller, store: CurrentStore, copies: CurrentCopies
) -> dict[str, Any]:
    """The petition to file for it: the body of a ``POST /petitions``, as one of the patrol sends
    it in their own name. The reading is recorded.
    """
    snapshot = await store.get(patrol_finding, id)
    if snapshot is None or snapshot.state.status is FindingStatus.NONE:
        raise NotFound
    finding = snapshot.state
    if not concerned.allows(caller, finding, None, lies_in(copies, finding, None)):
        raise NotFound
    stream = patrol_finding.stream(id)
    entries = await store.journal.dossier(stream)
    if finding.finder != caller.sub:
        now = store.clock.now()
        await store.journal.record_reading(caller.sub, [stream], "petition of a finding", now)
    words = [entry.data for entry in entries if entry.name == "FindingDescribed"]
    if not words:
        raise NotFound
    return {
        "kind": PetitionKind.COMPLAINT,
        "title": words[-1]["title"],
        "text": words[-1]["text"],
        "place": finding.place,
        "category": finding.category,
        "urgency": finding.urgency,
        "channel": "patrol",
        "origin": f"{ORIGIN}:{id}",
    }
