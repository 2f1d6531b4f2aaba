"""Hours served, over HTTP: one's own, and a record for those who look after its place."""

from collections import defaultdict
from typing import Any

from services.volunteering.access import staff_there
from services.volunteering.domain.hours.record import service_record
from services.volunteering.views.hours import SERVED, hours_of
from shared.contracts.types import Year
from shared.runtime import cursors
from shared.runtime.api import CurrentCaller, CurrentStore, aggregate_api
from shared.runtime.cursors import Cursor, Limit
from shared.runtime.policies import anyone, owner
from shared.runtime.queries import Queries
from shared.runtime.store import Store

the_volunteer = owner("volunteer")

records_api = aggregate_api(
    service_record,
    collection="service-records",
    tag="Hours",
    see=the_volunteer | staff_there,
    open=lambda _state, _caller: (),
    lies_in=lambda _copies, state, _command: () if state is None else state.path,
)

queries = Queries(tags=["Hours"])


@queries.get("/my-hours", may=anyone, note="the caller's own")
async def my_hours(
    caller: CurrentCaller,
    store: CurrentStore,
    year: Year | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """What the caller has served, the latest first, and how much in all: by kind of work and by
    year, in minutes. With `year` in that year alone.
    """
    asked = hours_of(caller.sub, year, limit=limit, after=cursors.decode(cursor))
    page = await store.journal.find("service-record", asked)
    items = [{"id": one.id, **one.state, "recorded_at": one.at} for one in page.items]
    totals = await totals_of(store, caller.sub, year)
    return {**totals, "items": items, "next": cursors.encode(page.next)}


async def totals_of(store: Store, volunteer: str, year: int | None) -> dict[str, Any]:
    """All that somebody served. Raises `Unavailable`."""
    where: dict[str, Any] = {"volunteer": volunteer, **SERVED}
    if year is not None:
        where["year"] = year
    by_work: defaultdict[str, int] = defaultdict(int)
    by_year: defaultdict[str, int] = defaultdict(int)
    services = 0
    for (kind, then, minutes), number in await store.journal.tally(
        "service-record", ["kind", "year", "minutes"], where
    ):
        by_work[kind] += number * minutes
        by_year[str(then)] += number * minutes
        services += number
    return {
        "minutes": sum(by_work.values()),
        "services": services,
        "by_work": dict(sorted(by_work.items())),
        "by_year": dict(sorted(by_year.items())),
    }
