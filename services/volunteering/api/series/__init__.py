"""Over HTTP: series of activities, and calendars for programs that subscribe to them."""

from services.volunteering.api.series import calendars, table
from shared.runtime.api import AggregateApi
from shared.runtime.own_data import Held
from shared.runtime.queries import Queries

APIS: tuple[AggregateApi, ...] = (table.series_api, calendars.feeds_api)
QUERIES: tuple[Queries, ...] = (table.queries, calendars.queries)
HELD: tuple[Held, ...] = (
    Held(table.series_api, "organisers", table.organised),
    Held(calendars.feeds_api, "person"),
)
