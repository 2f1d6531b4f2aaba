"""A morning by the river: an activity to try the rules on, and the people who take part."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from services.volunteering.domain.activities.activity import activity
from services.volunteering.domain.activities.commands import (
    CheckIn,
    CheckOut,
    OpenActivity,
    PlanActivity,
    SignUp,
)
from services.volunteering.domain.activities.outline import Meeting, Outline, Role
from services.volunteering.domain.activities.state import Activity, Surroundings
from services.volunteering.domain.teams.team_state import Team, TeamStatus
from services.volunteering.domain.teams.volunteer_state import Volunteer
from shared.contracts.event import Event
from shared.contracts.volunteering.activities import Theme
from shared.runtime.aggregate import Command, Tick
from tests.given import Given, given

ID, PLACE, PATH, TEAM = "river-1", "n1", ("d1", "s1", "c1", "n1"), "team-1"
CAPTAIN, DEPUTY, OFFICER = "captain", "deputy", "officer-c1"
AN, BO, CHEN, DENG = "an", "bo", "chen", "deng"
CODE = "042517"

BEGIN = datetime(2026, 5, 9, 1, 0, tzinfo=UTC)
"""A Saturday, 09:00 in Shanghai."""
END = BEGIN + timedelta(hours=3)
EARLIER = BEGIN - timedelta(days=10)
"""09:00, ten days before."""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OVER = END + 30 * MINUTE

GROWN_UP = Volunteer(registered=True, place=PLACE, path=PATH, birth_year=1980)
KNOWN = Surroundings(
    ID,
    PATH,
    Team(status=TeamStatus.ACTIVE, place=PLACE, path=PATH, captain=CAPTAIN, deputies=(DEPUTY,)),
    GROWN_UP,
    codes=frozenset({CODE}),
    community=("c1", OFFICER),
    street=("s1", "officer-s1"),
)
MEETING = Meeting(26.0802, 119.3023, 200)
OUTLINE = Outline(
    "清洁白马河",
    Theme.ENVIRONMENT,
    (Role("helper", 2),),
    "带上手套。",
    "桥头",
    meeting=MEETING,
)
PLAN = PlanActivity(CAPTAIN, PLACE, OUTLINE, BEGIN, END, TEAM)


def outline(**changes: Any) -> Outline:
    """The outline with something else in it."""
    return replace(OUTLINE, **changes)


class Life:
    """An activity that is told step by step; every step has to be allowed."""

    def __init__(self, start: Given[Activity] | None = None) -> None:
        self.given = start or given(activity)
        self.events: list[Event] = []

    def does(
        self, *commands: Command, at: datetime = EARLIER, facts: Surroundings = KNOWN
    ) -> "Life":
        """What is done, one after the other at one time."""
        for command in commands:
            when = self.given.when(command, at=at, facts=facts)
            assert when.rejected is None, f"{command}: {when.rejected}"
            self.events = when.events
            self.given = when.then(*when.events)
        return self

    def ticks(self, at: datetime) -> "Life":
        """The clock does what is due by then."""
        while (moment := activity.due(self.state)) is not None and moment <= at:
            self.does(Tick(), at=moment)
            assert self.events, f"stuck at {moment}"
        return self

    def refuses(
        self, command: Command, code: str, at: datetime = EARLIER, facts: Surroundings = KNOWN
    ) -> "Life":
        """What a rule forbids."""
        self.given.when(command, at=at, facts=facts).then_rejected(code)
        return self

    @property
    def state(self) -> Activity:
        """The activity as it stands."""
        return self.given.state


def opened(**changes: Any) -> Life:
    """An activity that people can sign up for."""
    return Life().does(replace(PLAN, outline=outline(**changes)), OpenActivity(CAPTAIN))


def joined(*people: str, **changes: Any) -> Life:
    """One that these have signed up for."""
    return opened(**changes).does(*(SignUp(person) for person in people))


def held(*people: str) -> Life:
    """One that is over; these were there all the time."""
    life = joined(*people, roles=(Role("helper", 10),)).ticks(BEGIN)
    life.does(*(CheckIn(person, CODE) for person in people), at=BEGIN)
    return life.does(*(CheckOut(person, CODE) for person in people), at=END).ticks(OVER)
