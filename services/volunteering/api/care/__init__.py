"""Over HTTP: care plans, what is due to whom, alarms, and what visits found."""

from services.volunteering.api.care import agenda, findings, plans
from shared.runtime.api import AggregateApi
from shared.runtime.own_data import Held
from shared.runtime.queries import Queries

APIS: tuple[AggregateApi, ...] = (plans.care_plans_api,)
QUERIES: tuple[Queries, ...] = (agenda.queries, findings.queries)
HELD: tuple[Held, ...] = plans.HELD
"""Where something about a person lies."""
