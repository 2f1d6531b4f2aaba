"""What is told of the world to the rules of activities."""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.volunteering.check_in_codes import codes_at, secret_in_use
from services.volunteering.domain.activities.activity import activity
from services.volunteering.domain.activities.commands import (
    AcceptOffer,
    CheckIn,
    CheckInFor,
    CheckInHere,
    CheckOut,
    ConfirmHours,
    DisputeHours,
    Enlist,
    LookAgain,
    Plan,
    PlanActivity,
    SignUp,
)
from services.volunteering.domain.activities.state import Activity, Surroundings
from services.volunteering.domain.teams.team_state import Team
from services.volunteering.domain.teams.volunteer import volunteer
from services.volunteering.offices import office
from shared.contracts.types import Level
from shared.neighbourhood.place import KnownPlace
from shared.neighbourhood.post import KnownPost
from shared.runtime.aggregate import Aggregate, Command, Tick
from shared.runtime.copies import Copies, MakeKept
from shared.runtime.deciding import Beside, Facts, Looking
from shared.runtime.tries import Locked, Tries


class CheckInTries(Tries):
    """Codes of the minute that somebody tried in vain, by activity and person."""

    name = "check-in-tries"


KEPT: tuple[MakeKept, ...] = (CheckInTries,)


def facts(copies: Copies) -> Mapping[str, Facts]:
    """By kind."""
    places: Mapping[str, KnownPlace] = copies["place"]
    posts: Mapping[str, KnownPost] = copies["post"]
    teams: Mapping[str, Team] = copies["team"]
    tries: CheckInTries = copies[CheckInTries.name]

    def around(
        id: str, command: Command, state: Activity, now: datetime, beside: Beside
    ) -> Surroundings:
        match command:
            case CheckIn(by=by, code=code) | CheckOut(by=by, code=code):
                # Who has no place learns nothing from trying, and fills nobody's memory.
                if by not in state.places.people or not state.by_code:
                    known = Surroundings(id)
                else:
                    known = tried(tries, id, by, code, now)
                if isinstance(command, CheckOut):
                    return known
                return replace(known, person=beside(volunteer, by))
            case LookAgain(people=people):
                return Surroundings(id, people={one: beside(volunteer, one) for one in people})
            case (
                SignUp(by=person)
                | AcceptOffer(by=person)
                | Enlist(person=person)
                | CheckInHere(by=person)
                | CheckInFor(person=person)
            ):
                return Surroundings(id, person=beside(volunteer, person))
            case PlanActivity(place=place, team=team) | Plan(place=place, team=team):
                there = places.get(place)
                path = () if there is None or there.closed else there.path
                return Surroundings(id, path, None if team is None else teams.get(team))
            case Tick() | ConfirmHours() | DisputeHours():
                community = office(places, posts, state.path, Level.COMMUNITY)
                street = office(places, posts, state.path, Level.STREET)
                return Surroundings(
                    id,
                    community=(community.place, community.person),
                    street=(street.place, street.person),
                )
        return Surroundings(id)

    return {activity.kind: Looking(looked_at, around)}


def looked_at(_id: str, command: Command) -> Iterable[tuple[Aggregate[Any], str]]:
    """The volunteer who is to have a place, or comes; all who are looked at again."""
    match command:
        case SignUp(by=person) | AcceptOffer(by=person) | Enlist(person=person):
            return ((volunteer, person),)
        case CheckIn(by=person) | CheckInHere(by=person) | CheckInFor(person=person):
            return ((volunteer, person),)
        case LookAgain(people=people):
            return [(volunteer, person) for person in people]
    return ()


def tried(tries: Tries, id: str, person: str, code: str, now: datetime) -> Surroundings:
    """The codes of this minute, unless somebody has guessed too often: a wrong one counts."""
    key = f"{id}>{person}"
    try:
        tries.one_more(key, now)
    except Locked as locked:
        return Surroundings(id, locked_for=-(-locked.seconds // 60))
    codes = codes_at(id, now, secret_in_use())
    if any(hmac.compare_digest(code, one) for one in codes):
        tries.clear(key)
    return Surroundings(id, codes=codes)
