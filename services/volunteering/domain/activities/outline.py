"""What an activity is to be: words, roles with their places and conditions, ways to check in.

The words are those of a poster: everybody reads them, and nobody's name or number belongs there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from services.volunteering.domain.teams.volunteer_state import Conditions
from shared.contracts.types import (
    Age,
    Code,
    Latitude,
    Longitude,
    Metres,
    PlaceCount,
    Title,
    Word,
    at_most,
)
from shared.contracts.volunteering.activities import Theme
from shared.contracts.volunteering.hours import Work
from shared.runtime.aggregate import Rejected

MOST_PLACES = 500
"""Places of an activity, all its roles together."""
MOST_ROLES = 10
LONGEST = timedelta(hours=16)
"""Of one activity; what takes longer is a series."""
FURTHEST = timedelta(days=400)
"""Ahead of now."""
WITHDRAW_BEFORE = timedelta(days=1)
"""Until then before the beginning one withdraws in time, where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Role:
    """What somebody does in an activity: so many places, and what is asked of who has one.

    `team_only` keeps it to members of the team whose activity it is.
    """

    code: Code
    number: PlaceCount
    least_age: Age | None = None
    most_age: Age | None = None
    trainings: Annotated[tuple[Code, ...], at_most(10)] = ()
    team_only: bool = False

    def conditions(self, team: str | None, end: datetime) -> Conditions:
        """What is asked, in an activity of that team that ends then."""
        of_team = team if self.team_only else None
        return Conditions(
            self.least_age, self.most_age, self.trainings, of_team, Work.ACTIVITY, end
        )


@dataclass(frozen=True, slots=True)
class Meeting:
    """Where volunteers meet, as maps in China give positions (GCJ-02), in degrees; who is within
    `radius` metres of it is there.
    """

    latitude: Latitude
    longitude: Longitude
    radius: Metres = 200


@dataclass(frozen=True, slots=True)
class Outline:
    """What an activity is to be, but for its times. One checks in by a code (`by_code`), where
    there is a `meeting` point by being near it, and in any case by an organiser.
    """

    title: Title
    theme: Theme
    roles: Annotated[tuple[Role, ...], at_most(MOST_ROLES)]
    text: Word = ""
    meet_at: Word = ""
    by_code: bool = True
    meeting: Meeting | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """When it is, from when and until when one signs up, and until when one withdraws in time."""

    begin: datetime
    end: datetime
    sign_up_from: datetime | None
    sign_up_until: datetime
    withdraw_until: datetime


def times(
    begin: datetime,
    end: datetime,
    sign_up_from: datetime | None,
    sign_up_until: datetime | None,
    withdraw_until: datetime | None,
    now: datetime,
) -> Times:
    """The times asked for, with what is usual where nothing is said. Raises `Rejected`."""
    if not now < begin < end <= begin + LONGEST or begin > now + FURTHEST:
        raise Rejected(
            "wrong-times",
            f"it begins later than now, within {FURTHEST.days} days, and takes at most"
            f" {LONGEST // timedelta(hours=1)} hours",
            days=FURTHEST.days,
            hours=LONGEST // timedelta(hours=1),
        )
    until = begin if sign_up_until is None else sign_up_until
    withdraw = begin - WITHDRAW_BEFORE if withdraw_until is None else withdraw_until
    if until > begin or withdraw > begin or (sign_up_from is not None and sign_up_from >= until):
        raise Rejected(
            "wrong-sign-up-times",
            "sign-up ends, and withdrawing in time does, before it begins; sign-up begins first",
        )
    return Times(begin, end, sign_up_from, until, withdraw)


def check_roles(roles: Sequence[Role], team: str | None) -> None:
    """Raises `Rejected` for roles that cannot be."""
    if not roles or sum(role.number for role in roles) > MOST_PLACES:
        raise Rejected(
            "wrong-places",
            f"an activity has at least one role, and {MOST_PLACES} places at most",
            most=MOST_PLACES,
        )
    if len({role.code for role in roles}) < len(roles):
        raise Rejected("role-twice", "each role has a name of its own")
    for role in roles:
        least, most = role.least_age, role.most_age
        if least is not None and most is not None and least > most:
            raise Rejected("wrong-ages", "the least age is above the greatest")
        if role.team_only and team is None:
            raise Rejected("no-team", "only an activity of a team can be kept to its members")
