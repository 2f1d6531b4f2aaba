"""Patrol shifts over HTTP: the table, lists, the way to go, what was handed over, alarms."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query as Parameter
from pydantic import AwareDatetime

from services.volunteering.access import (
    organises,
    patrols,
    some_staff,
    staff_there,
    was_on_patrol,
)
from services.volunteering.api.patrols.where import lies_in, listed, must_look_after
from services.volunteering.domain.patrols.route import PatrolRoute
from services.volunteering.domain.patrols.shift import open_verbs, patrol_shift
from services.volunteering.domain.patrols.shift_commands import (
    BeginPatrol,
    CallOffShift,
    Check,
    CheckByHand,
    CheckHere,
    ConfirmHours,
    CorrectHours,
    HandOver,
    Join,
    Leave,
    Replace,
    Settle,
    TakeOver,
)
from services.volunteering.domain.patrols.shift_state import PatrolShift, Status
from services.volunteering.domain.patrols.walking import legs_of
from services.volunteering.views.patrols import (
    shifts_alarmed,
    shifts_kept_by,
    shifts_of,
    shifts_with,
)
from shared.contracts.types import Id, PlaceCode
from shared.runtime import cursors
from shared.runtime.api import (
    CurrentCaller,
    CurrentCopies,
    CurrentStore,
    Dossier,
    Verb,
    aggregate_api,
    show_dossier,
)
from shared.runtime.copies import Copies
from shared.runtime.cursors import Cursor, Limit
from shared.runtime.identity import Caller
from shared.runtime.policies import anyone
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries
from shared.runtime.store import Store

keeps = organises | staff_there
concerned = patrols | was_on_patrol | keeps


def ones_own(state: PatrolShift, caller: Caller) -> Mapping[str, Any]:
    """What of a shift is about one of those who are in it."""
    return {
        "place": state.place,
        "team": state.team,
        "begin": state.begin,
        "end": state.end,
        "status": state.status,
        "presence": [one for one in state.presence if one.person == caller.sub],
        "passed": [number for number, leg in enumerate(state.legs) if leg.by == caller.sub],
        "hours": [one for one in state.credits if one.person == caller.sub],
    }


shifts_api = aggregate_api(
    patrol_shift,
    collection="patrol-shifts",
    tag="Patrols",
    verbs={
        "begin": Verb(BeginPatrol, may=patrols),
        "join": Verb(Join, may=patrols),
        "leave": Verb(Leave, may=was_on_patrol),
        "check": Verb(Check, may=was_on_patrol),
        "check-here": Verb(CheckHere, may=was_on_patrol),
        "check-by-hand": Verb(CheckByHand, may=was_on_patrol),
        "hand-over": Verb(HandOver, may=was_on_patrol | organises),
        # Whether theirs is the shift that follows, the rules say.
        "take-over": Verb(TakeOver, may=anyone, see=anyone),
        "replace": Verb(Replace, may=keeps),
        "call-off": Verb(CallOffShift, may=keeps),
        "confirm-hours": Verb(ConfirmHours, may=keeps),
        "correct-hours": Verb(CorrectHours, may=keeps),
        "settle": Verb(Settle, may=keeps),
    },
    open=lambda state, _caller: open_verbs(state),
    see=concerned,
    dossier=Dossier(see=concerned),
    lies_in=lies_in,
)

queries = Queries(tags=["Patrols"])


@queries.get("/patrol-shifts", may=some_staff, note="of their places")
async def list_patrol_shifts(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    place: PlaceCode,
    status: Annotated[list[Status] | None, Parameter()] = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """The shifts at a place or below it, in order of time."""
    must_look_after(copies, caller, place)
    asked = shifts_of(
        place,
        statuses=status or (),
        since=since,
        until=until,
        limit=limit,
        after=cursors.decode(cursor),
    )
    return await listed(store, "patrol-shift", asked)


@queries.get("/patrol-shifts/mine", may=anyone, note="in which the caller patrols")
async def my_patrol_shifts(
    caller: CurrentCaller,
    store: CurrentStore,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """The shifts in whose crew the caller is, in order of time."""
    after = cursors.decode(cursor)
    asked = shifts_with(caller.sub, since=since, until=until, limit=limit, after=after)
    return await listed(store, "patrol-shift", asked)


@queries.get("/patrol-shifts/kept", may=anyone, note="that the caller answers for")
async def kept_patrol_shifts(
    caller: CurrentCaller,
    store: CurrentStore,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """The shifts that the caller answers for, in order of time."""
    after = cursors.decode(cursor)
    asked = shifts_kept_by(caller.sub, since=since, until=until, limit=limit, after=after)
    return await listed(store, "patrol-shift", asked)


@queries.get("/patrol-alarms", may=some_staff, note="of their places")
async def patrol_alarms(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    place: PlaceCode,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """The shifts at a place or below it with an alarm that nobody has put right or settled: which
    offices were told, and where nobody was there to hear it.
    """
    must_look_after(copies, caller, place)
    asked = shifts_alarmed(place, limit=limit, after=cursors.decode(cursor))
    return await listed(store, "patrol-shift", asked)


@queries.get("/patrol-shifts/{id}/way", may=anyone, note="who sees the shift")
async def way_of_a_shift(
    id: Id, caller: CurrentCaller, store: CurrentStore, copies: CurrentCopies
) -> dict[str, Any]:
    """The checkpoints to pass and by when: as the patrol began with them, or as they are now."""
    shift = await seen(id, caller, store, copies)
    route: PatrolRoute | None = copies["patrol-route"].get(shift.route)
    if shift.begun is not None:
        return {"version": shift.version, "items": shift.legs, "next": None}
    if route is None:
        raise NotFound
    legs = legs_of(route, shift.begin, shift.end)
    return {"version": route.version, "items": legs, "next": None}


@queries.get("/patrol-shifts/{id}/handover", may=anyone, note="who sees the shift")
async def what_was_handed_over(
    id: Id, caller: CurrentCaller, store: CurrentStore, copies: CurrentCopies
) -> dict[str, Any]:
    """What the patrols before left open for this shift. The reading is recorded."""
    shift = await seen(id, caller, store, copies)
    items = []
    for former in shift.former:
        snapshot = await store.get(patrol_shift, former)
        if snapshot is None or snapshot.state.handover is None:
            continue
        stream = patrol_shift.stream(former)
        entries = await show_dossier(store, caller, stream, "handover of a patrol")
        words = [entry.data["text"] for entry in entries if entry.name == "MatterLeft"]
        items.append({"shift": former, "handover": snapshot.state.handover, "matters": words})
    return {"items": items, "next": None}


async def seen(id: str, caller: Caller, store: Store, copies: Copies) -> PatrolShift:
    """The shift, for those who may know of it. Raises `NotFound`."""
    snapshot = await store.get(patrol_shift, id)
    if snapshot is None:
        raise NotFound
    state: PatrolShift = snapshot.state
    if not concerned.allows(caller, state, None, lies_in(copies, state, None)):
        raise NotFound
    return state
