"""Every query of teams and volunteers is answered from an index."""

from deploy.local.servers import MongoServer
from services.volunteering.views import teams as views
from shared.contracts.volunteering.teams import TeamKind
from tests.plans import read_through

VOLUNTEERS = {
    "of a place": views.volunteers_of_place("p"),
    "with a skill": views.volunteers_of_place("p", "repairs"),
    "members": views.members_of("t"),
    "guardians to confirm": views.guardians_to_confirm("p"),
    "wards": views.wards_of("r"),
    "named as guardian": views.named_as_guardian("r"),
    "at home": views.at_home_at("p"),
}
TEAMS = {
    "all": views.teams_query(),
    "of a place": views.teams_query(place="p"),
    "of a kind": views.teams_query(kind=TeamKind.ARTS),
    "of both": views.teams_query(place="p", kind=TeamKind.ARTS),
    "of a person": views.teams_of_person("r"),
    "applied to": views.applied_to_by("r"),
    "leaderless": views.leaderless_teams("p"),
    "at home": views.at_home_at("p"),
}


async def test_every_query_reads_an_index(mongo: MongoServer, database: str) -> None:
    asked = {"volunteer": VOLUNTEERS, "team": TEAMS}
    assert await read_through(mongo, database, views.KINDS, asked) == []
