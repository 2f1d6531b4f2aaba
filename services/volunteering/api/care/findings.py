"""What visits found: for those who care, who say why they read it; and the forms."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from pydantic import AwareDatetime

from services.volunteering.access import reads_care
from services.volunteering.api.care.plans import lies_in
from services.volunteering.care_forms import BY_PURPOSE, FORMS, shown, trend
from services.volunteering.domain.care.plan import care_plan
from services.volunteering.domain.care.plan_state import CarePlan
from shared.contracts.types import Id
from shared.runtime import cursors
from shared.runtime.api import CurrentCaller, CurrentCopies, CurrentStore, show_dossier
from shared.runtime.cursors import Cursor, Limit
from shared.runtime.journal import DossierEntry
from shared.runtime.policies import anyone
from shared.runtime.problems import Invalid, NotFound
from shared.runtime.queries import Queries

queries = Queries(tags=["Care plans"])

FINDINGS = ("CareVisitWritten", "CareUnmetNoted", "CareAlarmNoted")
"""Names of the entries that tell of visits."""


class WhyRead(StrEnum):
    """Why somebody reads what visits found."""

    ALARM = "alarm"
    COMPLAINT = "complaint"
    HANDOVER = "handover"
    NEXT_VISIT = "next-visit"
    SUPERVISION = "supervision"
    TREATMENT = "treatment"


@queries.get("/care-plans/{id}/readings", may=anyone, note="the person, and who cares for them")
async def care_readings(
    id: Id,
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    purpose: WhyRead | None = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """What visits found from `since` to `until`, the first one first: for a chart, with what is
    alarming for this person and where the latest readings lead. All but the person say why they
    read it (`purpose`), and that is recorded.
    """
    plan = await _seen(id, caller, store, copies)
    stream = care_plan.stream(id)
    if plan.person == caller.sub:
        entries = await store.journal.dossier(stream)
    elif purpose is None:
        raise Invalid("purpose", "say why you read what visits found")
    else:
        entries = await show_dossier(store, caller, stream, purpose.value)
    told = [
        entry
        for entry in entries
        if entry.name in FINDINGS
        and (since is None or since <= entry.at)
        and (until is None or entry.at < until)
    ]
    after = _place(cursor)
    left = [entry for entry in told if (entry.version, entry.n) > after]
    page = left[:limit]
    more = (page[-1].version, page[-1].n) if len(left) > len(page) else None
    return {
        "items": [{"at": entry.at, "name": entry.name, **entry.data} for entry in page],
        "next": cursors.encode(more),
        "limits": _limits(plan),
        "trends": _trends(told),
    }


@queries.get("/care-plans/{id}/readers", may=anyone, note="the person, and who cares for them")
async def care_readers(
    id: Id, caller: CurrentCaller, store: CurrentStore, copies: CurrentCopies
) -> dict[str, Any]:
    """Who read what visits found, why and when."""
    await _seen(id, caller, store, copies)
    return {"items": await store.journal.readings(care_plan.stream(id))}


@queries.get("/care-forms", may=anyone)
async def care_forms(caller: CurrentCaller) -> dict[str, Any]:
    """What is asked at visits, by purpose; with units, what can be true and what is alarming."""
    return shown(FORMS)


async def _seen(
    id: str, caller: CurrentCaller, store: CurrentStore, copies: CurrentCopies
) -> CarePlan:
    """The plan, for those who may read what its visits found."""
    snapshot = await store.get(care_plan, id)
    if snapshot is None:
        raise NotFound
    plan: CarePlan = snapshot.state
    if not reads_care.allows(caller, plan, None, lies_in(copies, plan, None)):
        raise NotFound
    return plan


def _place(cursor: str | None) -> tuple[int, int]:
    """Where the page begins. Raises `Invalid`."""
    match cursors.decode(cursor):
        case None:
            return 0, 0
        case (int(version), int(n)):
            return version, n
    raise Invalid("cursor", "is not one that this list gave", "no_place")


def _limits(plan: CarePlan) -> Mapping[str, Any]:
    """What is alarming for this person, by field."""
    own = {one.field: one for one in plan.limits}
    gauges = BY_PURPOSE[plan.purpose].gauges
    return {
        field: {"unit": gauge.unit, "own": field in own, **_low_and_high(own.get(field, gauge))}
        for field, gauge in gauges.items()
    }


def _low_and_high(limits: Any) -> dict[str, float | None]:
    return {"low": limits.low, "high": limits.high}


def _trends(entries: Sequence[DossierEntry]) -> Mapping[str, str]:
    """Where the latest readings of each field lead."""
    values: dict[str, list[float]] = {}
    for entry in entries:
        for reading in entry.data.get("readings", ()):
            values.setdefault(reading["field"], []).append(reading["value"])
    return {
        field: trend(found, FORMS.readings[field].notable)
        for field, found in values.items()
        if field in FORMS.readings
    }
