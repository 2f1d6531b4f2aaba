"""Who leads a team when its captain does no more.

The first deputy does, at once: they agreed to it. Without deputies the members are asked one after
the other, those who have served longest first: who is of age, not suspended, and says yes leads.
Where nobody does, the office of the community has to name a captain, then that of the street, then
that of the district, again and again: a team is not forgotten.
"""

from datetime import datetime, timedelta

from services.volunteering.domain.teams.team_commands import (
    AgreeToLead,
    CaptaincyDeclined,
    DeclineToLead,
    Ground,
    NameCaptain,
    NameDeputies,
    StepDown,
)
from services.volunteering.domain.teams.team_history import fold
from services.volunteering.domain.teams.team_state import Team, can_lead, member_of
from shared.contracts.event import Event
from shared.contracts.volunteering.teams import (
    CaptainChanged,
    CaptainSought,
    DeputiesNamed,
    TeamLeaderless,
)
from shared.runtime.aggregate import Rejected

ASKING_LASTS = timedelta(days=3)
MOST_ASKED = 5
"""Members who are asked before the office is called."""
NAMING_LASTS = timedelta(days=7)
"""How long an office has to name a captain."""


def led_by(
    command: NameCaptain | NameDeputies | StepDown | AgreeToLead | DeclineToLead,
    team: Team,
    now: datetime,
    ground: Ground,
) -> list[Event]:
    """What follows from naming who leads."""
    match command:
        case NameCaptain(captain=captain):
            if captain == team.captain:
                return []
            must_be_able(team, captain, now)
            return [taking_over(team, captain)]
        case NameDeputies() if team.captain is None:
            raise Rejected("nobody-leads", "nobody leads the team: name a captain first")
        case NameDeputies(deputies=deputies):
            named = tuple(dict.fromkeys(deputies))
            if team.captain in named:
                raise Rejected("captain-as-deputy", "who leads the team is not their own deputy")
            for person in named:
                must_be_able(team, person, now)
            return [] if named == team.deputies else [DeputiesNamed(team.team, named)]
        case StepDown(by=by):
            if by not in team.leaders:
                raise Rejected("not-a-leader", "this person does not lead the team")
            return without_lead(team, by, now, ground)
    if team.sought is None or team.sought.person != command.by:
        raise Rejected("not-asked-to-lead", "nobody waits for an answer of yours")
    if isinstance(command, AgreeToLead):
        return [taking_over(team, command.by)]
    return passed_over(team, now, ground)


def taking_over(team: Team, person: str) -> CaptainChanged:
    """They lead from now on."""
    deputies = tuple(one for one in team.deputies if one != person)
    return CaptainChanged(team.team, person, team.captain, deputies)


def without_lead(team: Team, person: str, now: datetime, ground: Ground) -> list[Event]:
    """Somebody leads no more, nor is asked to; whatever they led passes on."""
    if team.sought is not None and team.sought.person == person:
        return passed_over(team, now, ground)
    deputies = tuple(one for one in team.deputies if one != person)
    if person in team.deputies:
        return [DeputiesNamed(team.team, deputies)]
    if person != team.captain:
        return []
    for deputy in deputies:
        member = member_of(team, deputy)
        if member is not None and can_lead(member, now):
            others = tuple(one for one in deputies if one != deputy)
            return [CaptainChanged(team.team, deputy, person, others)]
    gone: list[Event] = [CaptainChanged(team.team, None, person, ())]
    return [*gone, next_asked(fold(team, gone), now, ground, besides=person)]


def passed_over(team: Team, now: datetime, ground: Ground) -> list[Event]:
    """Who was asked will not lead: the next one is."""
    assert team.sought is not None, "somebody was asked"
    declined: list[Event] = [CaptaincyDeclined(team.sought.person)]
    return [*declined, next_asked(fold(team, declined), now, ground)]


def next_asked(team: Team, now: datetime, ground: Ground, besides: str | None = None) -> Event:
    """The member who is asked next; the office is called where none is left."""
    if len(team.declined) < MOST_ASKED:
        for one in team.members:
            asked_before = one.person == besides or one.person in team.declined
            if not asked_before and can_lead(one, now):
                return CaptainSought(team.team, one.person, now + ASKING_LASTS)
    return office_called(team, now, ground)


def office_called(team: Team, now: datetime, ground: Ground) -> TeamLeaderless:
    """The next office has to name a captain; the last one is called again and again."""
    number = 1 if team.leaderless is None else team.leaderless.number + 1
    seat = ground.offices[min(number, len(ground.offices)) - 1]
    return TeamLeaderless(team.team, seat.place, seat.person, number, now + NAMING_LASTS)


def lead_in_time(team: Team, now: datetime, ground: Ground) -> list[Event]:
    """What the clock does while nobody leads: who says nothing is passed over, and what no office
    does climbs.
    """
    if team.sought is not None and team.sought.until <= now:
        return passed_over(team, now, ground)
    if team.leaderless is not None and team.leaderless.until <= now:
        return [office_called(team, now, ground)]
    return []


def must_be_able(team: Team, person: str, now: datetime) -> None:
    """Rejects who cannot lead."""
    member = member_of(team, person)
    if member is None:
        raise Rejected("not-a-member", "this person does not belong to the team")
    if not can_lead(member, now):
        raise Rejected("cannot-lead", "who leads is of age and not suspended")
