"""What other events lead to in activities: teams change, and people stop or are erased."""

from collections.abc import Iterable

from services.volunteering.domain.activities.activity import activity
from services.volunteering.domain.activities.commands import (
    Cease,
    ForgetPerson,
    GiveUp,
    LookAgain,
    PassOn,
)
from services.volunteering.domain.activities.state import Status
from services.volunteering.domain.teams.team import team
from shared.contracts import community, volunteering
from shared.contracts.volunteering.activities import CallingOff
from shared.runtime.aggregate import Command
from shared.runtime.journal import Query
from shared.runtime.reactions import About, Do, Reactions

reactions = Reactions()

TO_COME = (Status.DRAFT, Status.OPEN, Status.FULL)
NOT_OVER = (*TO_COME, Status.RUNNING)


async def each(
    do: Do, field: str, value: str, statuses: Iterable[Status], command: Command
) -> None:
    """Sends a command to the activities that a field says are somebody's."""
    asked = Query({field: value, "status": {"$in": sorted(statuses)}})
    async for id, _ in do.find(activity, asked):
        await do(activity, id, command)


async def pass_on(do: Do, team: str, leaders: tuple[str, ...]) -> None:
    """The team's leaders answer for what is not over, and for hours that wait to be confirmed."""
    await each(do, "team", team, NOT_OVER, PassOn(leaders))
    done = Query({"team": team, "status": Status.DONE.value, "unsettled": {"$gt": 0}})
    async for id, _ in do.find(activity, done):
        await do(activity, id, PassOn(leaders))


# --- teams ---------------------------------------------------------------------------------------


@reactions.on(volunteering.CaptainChanged)
async def pass_the_duty_on(event: volunteering.CaptainChanged, about: About, do: Do) -> None:
    """Who leads the team answers for what it does."""
    captain = () if event.captain is None else (event.captain,)
    leaders = (*captain, *(one for one in event.deputies if one not in captain))
    await pass_on(do, event.team, leaders)


@reactions.on(volunteering.DeputiesNamed)
async def name_the_deputies(event: volunteering.DeputiesNamed, about: About, do: Do) -> None:
    """They answer for it beside the captain."""
    known = await do.get(team, event.team)
    captain = () if known is None or known.captain is None else (known.captain,)
    leaders = (*captain, *(one for one in event.deputies if one not in captain))
    await pass_on(do, event.team, leaders)


@reactions.on(volunteering.TeamSuspended)
async def stop_for_a_while(event: volunteering.TeamSuspended, about: About, do: Do) -> None:
    """What would begin while the team does nothing does not take place."""
    await each(do, "team", event.team, TO_COME, Cease(CallingOff.TEAM_STOPS, event.until))


@reactions.on(volunteering.TeamDissolved)
async def stop_for_good(event: volunteering.TeamDissolved, about: About, do: Do) -> None:
    """Nothing of the team takes place any more."""
    await each(do, "team", event.team, TO_COME, Cease(CallingOff.TEAM_STOPS))


# --- people --------------------------------------------------------------------------------------


async def wherever(do: Do, person: str, command: Command) -> None:
    """Sends a command to what has not begun and somebody has to do with: it leads to nothing where
    they neither have a place, nor are offered one, nor wait.
    """
    await each(do, "people", person, TO_COME, command)


async def give_up(do: Do, command: GiveUp) -> None:
    """Whatever somebody has or waits for, in what has not begun."""
    await wherever(do, command.person, command)


@reactions.on(volunteering.ActivityMoved)
async def look_at_all_again(event: volunteering.ActivityMoved, about: About, do: Do) -> None:
    """Who was fit for the former time may not be for this one."""
    if event.volunteers:
        await do(activity, event.activity, LookAgain(event.volunteers))


@reactions.on(volunteering.GuardianConsented, volunteering.VolunteerFitnessChanged)
async def look_at_them_again(
    event: volunteering.GuardianConsented | volunteering.VolunteerFitnessChanged,
    about: About,
    do: Do,
) -> None:
    """A guardian may consent to less than before; who was trained, or of age, may not be."""
    await wherever(do, event.volunteer, LookAgain((event.volunteer,)))


@reactions.on(volunteering.VolunteerStopped)
async def stop_serving(event: volunteering.VolunteerStopped, about: About, do: Do) -> None:
    """Who serves no more takes part in nothing."""
    await give_up(do, GiveUp(event.volunteer, "stopped"))


@reactions.on(volunteering.VolunteerSuspended)
async def pause(event: volunteering.VolunteerSuspended, about: About, do: Do) -> None:
    """Who is suspended takes part in nothing that begins until then."""
    await give_up(do, GiveUp(event.volunteer, "suspended", event.until))


@reactions.on(volunteering.GuardianConsentWithdrawn)
async def go_by_the_guardian(
    event: volunteering.GuardianConsentWithdrawn, about: About, do: Do
) -> None:
    """Who is under age serves with consent only."""
    await give_up(do, GiveUp(event.volunteer, "consent-withdrawn"))


@reactions.on(volunteering.TeamMemberLeft)
async def leave_with_the_team(event: volunteering.TeamMemberLeft, about: About, do: Do) -> None:
    """What is kept to members is theirs no more."""
    await give_up(do, GiveUp(event.volunteer, "left-team", team=event.team))


@reactions.on(volunteering.TeamMemberSuspended)
async def pause_in_the_team(event: volunteering.TeamMemberSuspended, about: About, do: Do) -> None:
    """Until then they do not serve in what is kept to members."""
    await give_up(do, GiveUp(event.volunteer, "suspended", event.until, event.team))


@reactions.on(community.ResidentErased)
async def forget(event: community.ResidentErased, about: About, do: Do) -> None:
    """Nothing waits for them, and nobody calls them."""
    found = [id async for id, _ in do.find(activity, Query({"people": event.resident}))]
    await do.many((activity, id, ForgetPerson(event.resident)) for id in found)
