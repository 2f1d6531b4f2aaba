"""Volunteers and teams that the tests of this folder begin with."""

from datetime import UTC, datetime, timedelta

from services.volunteering.domain.teams.team import team
from services.volunteering.domain.teams.team_commands import (
    Accept,
    Apply,
    Ground,
    Seat,
    TeamChartered,
)
from services.volunteering.domain.teams.team_state import Team
from services.volunteering.domain.teams.volunteer import volunteer
from services.volunteering.domain.teams.volunteer_commands import (
    ConsentTimed,
    Setting,
    VolunteerBorn,
    VolunteerProfiled,
)
from services.volunteering.domain.teams.volunteer_state import Volunteer
from shared.contracts.event import Event
from shared.contracts.volunteering.hours import Work
from shared.contracts.volunteering.teams import (
    DeputiesNamed,
    GuardianConfirmed,
    GuardianConsented,
    GuardianNamed,
    TeamFounded,
    TeamKind,
    TeamMemberJoined,
    VolunteerRegistered,
)
from tests.given import Given, given

NOON = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)
"""Monday, 12:00 in Shanghai."""
DAY = timedelta(days=1)
PATH = ("d1", "s1", "c1", "n1")
OFFICES = (Seat("c1", "officer-c1"), Seat("s1", "officer-s1"), Seat("d1", None))
LASTING: dict[str, int | None] = {"first-aid": 730, "patrol": 365, "basics": None}
SETTING = Setting("wang", PATH, LASTING)
ADULT = 1980
MINOR = 2012


def known(person: str = "wang", birth_year: int = ADULT, *events: Event) -> Given[Volunteer]:
    """Somebody who serves."""
    return given(
        volunteer,
        VolunteerRegistered(person, "n1", PATH),
        VolunteerBorn(birth_year),
        VolunteerProfiled((), ()),
        *events,
    )


def ground(person: str | None = None, birth_year: int = ADULT, *events: Event) -> Ground:
    """What the rules of teams are told; of a volunteer, where one is named."""
    state = None if person is None else known(person, birth_year, *events).state
    return Ground("t1", PATH, state, OFFICES, LASTING)


HERE = ground()
CONSENTED: tuple[Event, ...] = (
    GuardianNamed("xiao", "n1", "mum"),
    GuardianConfirmed("xiao", "mum"),
    GuardianConsented("xiao", "mum", (Work.ACTIVITY,), NOON + 300 * DAY),
    ConsentTimed(19 * 60),
)
"""What a guardian has agreed to: activities, until 19:00."""

CHARTER = TeamChartered("我们互相帮助", None, None)


def a_team(*members: str, deputies: tuple[str, ...] = ()) -> Given[Team]:
    """A team that chen leads; its members have joined one day after the other."""
    named = (DeputiesNamed("t1", deputies),) if deputies else ()
    return given(
        team,
        TeamFounded("t1", TeamKind.PATROL, "巡逻队", "n1", PATH, "chen"),
        CHARTER,
        *(
            TeamMemberJoined("t1", "n1", person, NOON - (100 - n) * DAY)
            for n, person in enumerate(("chen", *members))
        ),
        *named,
    )


def with_minor(person: str, *members: str) -> Given[Team]:
    """A team with a member under age, who came first after chen."""
    begun = a_team()
    minor = ground(person, MINOR, *CONSENTED)
    begun = begun.when(Apply(person), at=NOON, facts=minor)._past()
    begun = begun.when(Accept("chen", person), at=NOON, facts=minor)._past()
    for one in members:
        begun = begun.when(Apply(one), at=NOON + DAY, facts=ground(one))._past()
        begun = begun.when(Accept("chen", one), at=NOON + DAY, facts=ground(one))._past()
    return begun
