"""The rules of teams and volunteers."""

from typing import Any

from services.volunteering.domain.teams.team import team
from services.volunteering.domain.teams.volunteer import volunteer
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (volunteer, team)
