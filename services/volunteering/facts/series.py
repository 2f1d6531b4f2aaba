"""What is told of the world to the rules of series of activities."""

from collections.abc import Mapping
from datetime import datetime

from services.volunteering.domain.series.series_commands import BeginSeries, Scene
from services.volunteering.domain.series.series_state import Series
from services.volunteering.domain.teams.team_state import Team
from services.volunteering.facts.teams import open_path
from shared.neighbourhood.place import KnownPlace
from shared.runtime.aggregate import Command
from shared.runtime.copies import Copies, MakeKept
from shared.runtime.deciding import Facts
from shared.worktime.days import is_public_holiday, is_working_day

KEPT: tuple[MakeKept, ...] = ()


def facts(copies: Copies) -> Mapping[str, Facts]:
    """By kind."""
    places: Mapping[str, KnownPlace] = copies["place"]
    teams: Mapping[str, Team] = copies["team"]

    def scene(id: str, command: Command, _series: Series, _now: datetime) -> Scene:
        path: tuple[str, ...] = ()
        team = None
        if isinstance(command, BeginSeries):
            path = open_path(places, command.place)
            team = None if command.team is None else teams.get(command.team)
        return Scene(id, path, team, is_public_holiday, is_working_day)

    return {"series": scene}
