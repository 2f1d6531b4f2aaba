"""Alarms over HTTP: who is on call, what is going on, and who sees to it."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import Query

from services.notifications.access import (
    approver_there,
    runs_the_platform,
    some_staff,
    staff_there,
)
from services.notifications.domain.alarm import Alarm, Status, alarm, open_verbs
from services.notifications.domain.alarm_commands import (
    AcknowledgeAlarm,
    RaiseAlarm,
    ResolveAlarm,
)
from services.notifications.domain.on_call import ClearOnCall, OnCall, SetOnCall, list_id, on_call
from services.notifications.views.alarms import (
    alarms_below,
    alarms_of,
    alarms_of_the_platform,
)
from shared.contracts.types import PlaceCode
from shared.neighbourhood.scopes import path_of, scopes
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
from shared.runtime.cursors import Cursor, Limit, decode, encode
from shared.runtime.identity import Caller
from shared.runtime.policies import administrator, anyone, holder, operator
from shared.runtime.problems import Forbidden
from shared.runtime.queries import Queries

OPEN = (Status.RAISED, Status.ACKNOWLEDGED, Status.UNANSWERED)
"""Alarms that have not been seen to."""

was_called = holder("called")
concerned = was_called | staff_there | runs_the_platform


def lies_in(copies: Copies, state: Alarm | None, command: Any) -> Sequence[str]:
    """The path of its place; empty for one of the platform."""
    return path_of(copies, command.place) if state is None else state.path


def shown(state: Alarm, _caller: Caller) -> dict[str, Any]:
    """What it is, whom it called and who sees to it."""
    return {
        "status": state.status,
        "because": state.because,
        "duty": state.duty,
        "place": state.place,
        "about": state.about,
        "alert": state.alert,
        "called": state.called,
        "answer_by": state.answer_by,
        "acknowledged_by": state.acknowledged_by,
        "resolve_by": state.resolve_by,
    }


def list_lies_in(copies: Copies, state: OnCall | None, command: Any) -> Sequence[str]:
    """The path of the list's place."""
    return path_of(copies, command.place if state is None else state.place)


alarms_api = aggregate_api(
    alarm,
    collection="alarms",
    tag="Alarms",
    create=Create(RaiseAlarm, may=staff_there | runs_the_platform),
    verbs={
        "acknowledge": Verb(AcknowledgeAlarm, may=concerned),
        "resolve": Verb(ResolveAlarm, may=concerned),
    },
    open=lambda state, _caller: open_verbs(state),
    see=concerned,
    shown=shown,
    dossier=Dossier(see=concerned),
    lies_in=lies_in,
)

on_call_api = aggregate_api(
    on_call,
    collection="on-call",
    tag="Alarms",
    create=Create(
        SetOnCall,
        may=approver_there | runs_the_platform,
        id=lambda command: list_id(command.place, command.duty),
    ),
    verbs={"clear": Verb(ClearOnCall, may=approver_there | runs_the_platform)},
    see=staff_there | runs_the_platform,
    lies_in=list_lies_in,
)

queries = Queries(tags=[alarms_api.tag])

APIS = (alarms_api, on_call_api)
QUERIES = (queries,)


@queries.get("/alarms", may=some_staff | operator | administrator, note="of their places")
async def alarms_there(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    place: PlaceCode | None = None,
    of: Literal["place", "platform"] = "place",
    status: Annotated[list[Status] | None, Query()] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """What is going on at a place or below, or (`of=platform`, for operators) with the platform:
    what changed last comes first.
    """
    statuses, after = status or OPEN, decode(cursor)
    if of == "platform":
        if not (operator | administrator).allows(caller, None, None):
            raise Forbidden()
        asked = alarms_of_the_platform(statuses, limit=limit, after=after)
    else:
        if not some_staff.allows(caller, None, None):
            raise Forbidden()
        roots = scopes(caller, place, copies)
        asked = alarms_below(roots, statuses, limit=limit, after=after)
    return _listed(await store.journal.find("alarm", asked), caller, store)


@queries.get("/alarms/mine", may=anyone, note="those they were called to")
async def my_alarms(
    caller: CurrentCaller,
    store: CurrentStore,
    status: Annotated[list[Status] | None, Query()] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Alarms that the caller was called to."""
    asked = alarms_of(caller.sub, status or OPEN, limit=limit, after=decode(cursor))
    return _listed(await store.journal.find("alarm", asked), caller, store)


@queries.get("/on-call", may=some_staff | operator | administrator, note="of their places")
async def on_call_there(
    caller: CurrentCaller, copies: CurrentCopies, place: PlaceCode | None = None
) -> dict[str, Any]:
    """The on-call lists that an alarm at this place climbs through, the nearest first; without a
    place those of the platform.
    """
    lists = copies["on-call"]
    if place is None:
        if not (operator | administrator).allows(caller, None, None):
            raise Forbidden()
        found = [id for id, one in lists.items() if one.place is None]
    else:
        scopes(caller, place, copies)
        path = path_of(copies, place)
        found = [
            id
            for code in reversed(path)
            for id, one in sorted(lists.items())
            if one.place == code and one.rungs
        ]
    return {
        "items": [
            {
                "id": id,
                "place": lists[id].place,
                "duty": lists[id].duty,
                "rungs": lists[id].rungs,
            }
            for id in found
            if lists[id].rungs
        ]
    }


def _listed(page: Any, caller: Caller, store: Any) -> dict[str, Any]:
    items = [
        {"id": item.id, "version": item.version, **shown(store.read(alarm, item), caller)}
        for item in page.items
    ]
    return {"items": items, "next": encode(page.next)}
