"""Which care plans there are: for staff of a place, for who is visited, for who visits; alarms; and
leave from all visits at once.
"""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Query as Asked
from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.volunteering.access import STAFF, care_staff
from services.volunteering.domain.care.plan import care_plan
from services.volunteering.domain.care.plan_commands import ReturnFromLeave, TakeLeave
from services.volunteering.domain.care.plan_state import CarePlan, PlanStatus
from services.volunteering.views.care import (
    Part,
    agenda,
    alarms_at,
    alarms_for,
    everything_of,
    plans_about,
    plans_of_place,
)
from shared.contracts.types import Code, PlaceCode
from shared.neighbourhood.scopes import path_of
from shared.runtime import cursors
from shared.runtime.aggregate import Command, Rejected
from shared.runtime.api import CurrentCaller, CurrentCopies, CurrentStore
from shared.runtime.copies import Copies
from shared.runtime.cursors import Cursor, Limit
from shared.runtime.identity import Caller
from shared.runtime.journal import Query
from shared.runtime.policies import anyone, role
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries
from shared.runtime.store import Store

queries = Queries(tags=["Care plans"])

some_care_staff = role(*STAFF)


class LeaveAsked(BaseModel):
    """From now or `since`, until then."""

    model_config = ConfigDict(extra="forbid")

    until: AwareDatetime
    since: AwareDatetime | None = None


@queries.get("/care-plans", may=some_care_staff, note="of their places")
async def list_care_plans(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    place: PlaceCode,
    status: PlanStatus | None = None,
    purpose: Code | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """The plans at a place or below it."""
    _must_work_there(copies, caller, place)
    where: dict[str, Any] = {}
    if status is not None:
        where["status"] = status.value
    if purpose is not None:
        where["purpose"] = purpose
    asked = plans_of_place(place, where, limit=limit, after=cursors.decode(cursor))
    return await listed(store, asked)


@queries.get("/care-plans/mine", may=anyone, note="about the caller only")
async def plans_about_me(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """The plans by which the caller is visited, or was."""
    asked = plans_about(caller.sub, limit=limit, after=cursors.decode(cursor))
    return await listed(store, asked)


@queries.get("/care-plans/agenda", may=anyone, note="those in which the caller has this part")
async def my_agenda(
    caller: CurrentCaller,
    store: CurrentStore,
    part: Annotated[Part, Asked(alias="as")] = Part.VISITOR,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """The open plans in which the caller has a part, the one whose visit is due first at first."""
    asked = agenda(caller.sub, part, limit=limit, after=cursors.decode(cursor))
    return await listed(store, asked)


@queries.get("/care-plans/alarms", may=anyone, note="that call the caller; staff: of their places")
async def open_alarms(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    place: PlaceCode | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Plans with alarms that are open: those that call the caller, or for staff those at a place or
    below it, also such as call nobody because there is nobody.
    """
    after = cursors.decode(cursor)
    if place is None:
        return await listed(store, alarms_for(caller.sub, limit=limit, after=after))
    _must_work_there(copies, caller, place)
    return await listed(store, alarms_at(place, limit=limit, after=after))


@queries.get("/care-plans/counts", may=some_care_staff, note="of their places")
async def count_care_plans(
    caller: CurrentCaller, store: CurrentStore, copies: CurrentCopies, place: PlaceCode
) -> dict[str, Any]:
    """How many plans there are at a place or below it, by purpose and status."""
    _must_work_there(copies, caller, place)
    found = await store.journal.tally("care-plan", ("purpose", "status"), {"path": place})
    items = [
        {"purpose": purpose, "status": status, "count": count} for (purpose, status), count in found
    ]
    return {"place": place, "items": items}


@queries.post("/care-plans/leave", may=anyone, note="from the caller's own visits")
async def leave_from_all(
    caller: CurrentCaller, store: CurrentStore, asked: LeaveAsked
) -> dict[str, Any]:
    """Leave from all plans that the caller visits for. `without_deputy` are those in which nobody
    steps in; `left_out` those in which a leave runs or lies ahead, or which the times do not fit.
    """
    since = None if asked.since is None else _in_utc(asked.since)
    return await _all(store, caller, TakeLeave(caller.sub, _in_utc(asked.until), since))


@queries.post("/care-plans/return", may=anyone, note="to the caller's own visits")
async def return_to_all(caller: CurrentCaller, store: CurrentStore) -> dict[str, Any]:
    """The end of the leave from all plans that the caller visits for."""
    return await _all(store, caller, ReturnFromLeave(caller.sub))


async def _all(store: Store, caller: Caller, command: Command) -> dict[str, Any]:
    """A command to every plan that somebody visits for."""
    done: list[str] = []
    left_out: list[str] = []
    alone: list[str] = []
    async for id, plan in store.find(care_plan, everything_of(Part.VISITOR, caller.sub)):
        try:
            await store.do(care_plan, id, command, actor=caller.sub)
        except Rejected:
            left_out.append(id)
            continue
        done.append(id)
        if plan.deputy is None:
            alone.append(id)
    return {"done": done, "left_out": left_out, "without_deputy": alone}


def _in_utc(moment: datetime) -> datetime:
    utc = moment.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


def _must_work_there(copies: Copies, caller: Caller, place: str) -> None:
    """Raises `NotFound` for a place that is not one of the caller's, or below one."""
    path = path_of(copies, place)
    if not path or not care_staff.allows(caller, None, None, path):
        raise NotFound


async def listed(store: Store, asked: Query) -> dict[str, Any]:
    """One page of plans, each in a few words."""
    page = await store.journal.find("care-plan", asked)
    items = [
        {"id": one.id, "version": one.version, **in_short(store.read(care_plan, one))}
        for one in page.items
    ]
    return {"items": items, "next": cursors.encode(page.next)}


def in_short(plan: CarePlan) -> dict[str, Any]:
    """A plan in a list."""
    return {
        "status": plan.status,
        "place": plan.place,
        "person": plan.person,
        "purpose": plan.purpose,
        "team": plan.team,
        "visitor": plan.visitor,
        "deputy": plan.deputy,
        "on_duty": plan.on_duty,
        "visit": plan.visit,
        "unmet": plan.unmet,
        "pause": plan.pause,
        "alarms": plan.alarms,
    }
