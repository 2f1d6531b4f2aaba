"""Over HTTP: teams and volunteers."""

from services.volunteering.api.teams import listing, people, teams, volunteers
from shared.runtime.api import AggregateApi
from shared.runtime.own_data import Held
from shared.runtime.queries import Queries

APIS: tuple[AggregateApi, ...] = (volunteers.volunteers_api, teams.teams_api)
QUERIES: tuple[Queries, ...] = (listing.queries, people.queries, volunteers.queries)
HELD: tuple[Held, ...] = (*volunteers.HELD, *teams.HELD)
"""Where something about a person lies."""
