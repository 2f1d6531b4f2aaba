"""What other events lead to in teams and volunteers.

A team says who belongs to it; its members' own records follow by event, and the other way round a
team hears who serves no more.
"""

from services.volunteering.domain.teams.team import team
from services.volunteering.domain.teams.team_commands import HearBarred, HearStopped, HearTeamPath
from services.volunteering.domain.teams.volunteer import volunteer
from services.volunteering.domain.teams.volunteer_commands import (
    ForgetVolunteer,
    HearInsured,
    HearJoined,
    HearLeft,
    HearPath,
    HearSuspendedInTeam,
    HearTrained,
    LoseGuardian,
)
from services.volunteering.views.teams import (
    applied_to_by,
    at_home_at,
    named_as_guardian,
    teams_of_person,
)
from shared.contracts import community
from shared.contracts.volunteering import (
    TeamInsured,
    TeamMemberJoined,
    TeamMemberLeft,
    TeamMemberResumed,
    TeamMemberSuspended,
    TeamTrained,
    VolunteerResumed,
    VolunteerStopped,
    VolunteerSuspended,
)
from shared.neighbourhood.place import place
from shared.runtime.reactions import About, Do, Reactions

reactions = Reactions()


@reactions.on(TeamMemberJoined)
async def note_the_team(event: TeamMemberJoined, about: About, do: Do) -> None:
    """They belong to it; who has stopped serving meanwhile does not."""
    await do(volunteer, event.volunteer, HearJoined(event.team, event.since))
    known = await do.get(volunteer, event.volunteer)
    if known is None or not known.registered:
        await do(team, event.team, HearStopped(event.volunteer))


@reactions.on(TeamMemberLeft)
async def strike_the_team(event: TeamMemberLeft, about: About, do: Do) -> None:
    """They belong to it no more."""
    await do(volunteer, event.volunteer, HearLeft(event.team))


@reactions.on(TeamMemberSuspended)
async def note_suspended_in_it(event: TeamMemberSuspended, about: About, do: Do) -> None:
    """They do not serve in it for a time."""
    await do(volunteer, event.volunteer, HearSuspendedInTeam(event.team, event.until))


@reactions.on(TeamMemberResumed)
async def note_resumed_in_it(event: TeamMemberResumed, about: About, do: Do) -> None:
    """They serve in it again."""
    await do(volunteer, event.volunteer, HearSuspendedInTeam(event.team, None))


@reactions.on(TeamTrained)
async def note_the_training(event: TeamTrained, about: About, do: Do) -> None:
    """Each of them has learned it."""
    heard = HearTrained(event.training, event.until)
    await do.many((volunteer, person, heard) for person in event.volunteers)


@reactions.on(TeamInsured)
async def note_the_insurance(event: TeamInsured, about: About, do: Do) -> None:
    """Each of them is insured."""
    await do.many((volunteer, person, HearInsured(event.until)) for person in event.volunteers)


@reactions.on(VolunteerStopped)
async def leave_the_teams(event: VolunteerStopped, about: About, do: Do) -> None:
    """Teams that they belonged to, or asked to be taken in by, hear it."""
    for asked in (teams_of_person(event.volunteer), applied_to_by(event.volunteer)):
        theirs = do.find(team, asked)
        await do.many([(team, id, HearStopped(event.volunteer)) async for id, _ in theirs])


@reactions.on(VolunteerSuspended)
async def bar_from_the_teams(event: VolunteerSuspended, about: About, do: Do) -> None:
    """Teams hear it: who does not serve does not lead."""
    theirs = do.find(team, teams_of_person(event.volunteer))
    heard = HearBarred(event.volunteer, event.until)
    await do.many([(team, id, heard) async for id, _ in theirs])


@reactions.on(VolunteerResumed)
async def bar_no_more(event: VolunteerResumed, about: About, do: Do) -> None:
    """Teams hear that they serve again; what they led is others' now."""
    theirs = do.find(team, teams_of_person(event.volunteer))
    heard = HearBarred(event.volunteer, None)
    await do.many([(team, id, heard) async for id, _ in theirs])


@reactions.on(community.ResidentErased)
async def forget_the_volunteer(event: community.ResidentErased, about: About, do: Do) -> None:
    """Nothing is kept of them; whom they answered for needs another guardian."""
    await do(volunteer, event.resident, ForgetVolunteer())
    wards = do.find(volunteer, named_as_guardian(event.resident))
    lost = LoseGuardian(event.resident)
    await do.many([(volunteer, id, lost) async for id, _ in wards])


# --- places change -------------------------------------------------------------------------------


@reactions.on(community.PlaceMoved)
async def follow_the_place(event: community.PlaceMoved, about: About, do: Do) -> None:
    """Who is at home there, and what serves there, lies elsewhere in the tree."""
    await settle(do, event.code, event.code, event.path)


@reactions.on(community.PlaceClosed)
async def go_over_to_the_successor(event: community.PlaceClosed, about: About, do: Do) -> None:
    """Where one place has taken its place, that is theirs. Of several, people and staff choose."""
    if len(event.successors) == 1:
        successor = await do.get(place, event.successors[0])
        if successor is not None and successor.path:
            await settle(do, event.code, event.successors[0], successor.path)


async def settle(do: Do, former: str, code: str, path: tuple[str, ...]) -> None:
    """Volunteers and teams of `former` are at `code` from now on."""
    at_home = do.find(volunteer, at_home_at(former))
    await do.many([(volunteer, id, HearPath(code, path)) async for id, _ in at_home])
    serving = do.find(team, at_home_at(former))
    await do.many([(team, id, HearTeamPath(code, path)) async for id, _ in serving])
