"""What other events lead to in care plans: leaders, places, visitors and offices change."""

from services.volunteering.domain.care.plan import care_plan
from services.volunteering.domain.care.plan_commands import (
    FollowPlace,
    FollowTeam,
    ForgetPerson,
    LoseVisitor,
    ReturnFromLeave,
    TakeLeave,
)
from services.volunteering.domain.teams.team import team
from services.volunteering.domain.teams.team_state import TeamStatus
from services.volunteering.domain.teams.volunteer import volunteer
from services.volunteering.domain.teams.volunteer_state import is_minor
from services.volunteering.views.care import Part, everything_of
from shared.contracts import community
from shared.contracts.volunteering import (
    CaptainChanged,
    DeputiesNamed,
    TeamDissolved,
    TeamMemberLeft,
    TeamResumed,
    TeamSuspended,
    VolunteerFitnessChanged,
    VolunteerResumed,
    VolunteerStopped,
    VolunteerSuspended,
)
from shared.neighbourhood.place import place
from shared.runtime.aggregate import Command
from shared.runtime.journal import Query
from shared.runtime.reactions import About, Do, Reactions
from shared.worktime.hours import CHINA

reactions = Reactions()


async def tell_all(do: Do, command: Command, *asked: Query) -> None:
    """The command to every plan that one of the queries finds, to each once."""
    found = {id: None for query in asked async for id, _ in do.find(care_plan, query)}
    await do.many([(care_plan, id, command) for id in found])


# --- teams and volunteers ------------------------------------------------------------------------


@reactions.on(CaptainChanged, DeputiesNamed, TeamResumed)
async def pass_the_duty_on(
    event: CaptainChanged | DeputiesNamed | TeamResumed, about: About, do: Do
) -> None:
    """Who leads the team now answers for its visits, unless it is to do nothing for a time."""
    known = await do.get(team, event.team)
    if known is not None:
        leaders = known.leaders if known.status is TeamStatus.ACTIVE else ()
        await tell_all(do, FollowTeam(leaders), everything_of("team", event.team))


@reactions.on(TeamSuspended, TeamDissolved)
async def let_the_office_answer(event: TeamSuspended | TeamDissolved, about: About, do: Do) -> None:
    """Who is visited must be visited on: those who led the team do not answer for it, and the
    community's office is called in their place.
    """
    await tell_all(do, FollowTeam(()), everything_of("team", event.team))


@reactions.on(TeamMemberLeft)
async def leave_the_teams_plans(event: TeamMemberLeft, about: About, do: Do) -> None:
    """Who has left the team visits nobody for it."""
    await tell_all(
        do,
        LoseVisitor(event.volunteer),
        Query({"team": event.team, "visitor": event.volunteer, "open": True}),
        Query({"team": event.team, "deputy": event.volunteer, "open": True}),
    )


@reactions.on(VolunteerStopped)
async def leave_all_plans(event: VolunteerStopped, about: About, do: Do) -> None:
    """Who serves no more visits nobody as a volunteer."""
    await tell_all(
        do,
        LoseVisitor(event.volunteer),
        everything_of(Part.VISITOR, event.volunteer),
        everything_of(Part.DEPUTY, event.volunteer),
    )


@reactions.on(VolunteerFitnessChanged)
async def leave_plans_under_age(event: VolunteerFitnessChanged, about: About, do: Do) -> None:
    """Whose year of birth was wrong may not be of age: then they visit nobody as a volunteer."""
    known = await do.get(volunteer, event.volunteer)
    if known is not None and is_minor(known, about.time.astimezone(CHINA).date()):
        await tell_all(
            do,
            LoseVisitor(event.volunteer),
            everything_of(Part.VISITOR, event.volunteer),
            everything_of(Part.DEPUTY, event.volunteer),
        )


@reactions.on(VolunteerSuspended)
async def let_the_deputy_visit(event: VolunteerSuspended, about: About, do: Do) -> None:
    """Who is suspended does not visit until then."""
    leave = TakeLeave(event.volunteer, event.until)
    await tell_all(do, leave, everything_of(Part.VISITOR, event.volunteer))


@reactions.on(VolunteerResumed)
async def let_the_volunteer_visit(event: VolunteerResumed, about: About, do: Do) -> None:
    """Who may serve again visits again."""
    back = ReturnFromLeave(event.volunteer)
    await tell_all(do, back, everything_of(Part.VISITOR, event.volunteer))


# --- posts: grid workers on leave ----------------------------------------------------------------


@reactions.on(community.DeputyStandsIn, community.HolderAway)
async def follow_the_holders_leave(
    event: community.DeputyStandsIn | community.HolderAway, about: About, do: Do
) -> None:
    """Whoever is on leave from their post does not visit meanwhile."""
    leave = TakeLeave(event.holder, event.until)
    await tell_all(do, leave, everything_of(Part.VISITOR, event.holder))


@reactions.on(community.HolderReturned)
async def follow_the_holders_return(event: community.HolderReturned, about: About, do: Do) -> None:
    """Whoever is back at their post visits again."""
    back = ReturnFromLeave(event.holder)
    await tell_all(do, back, everything_of(Part.VISITOR, event.holder))


# --- places and people ---------------------------------------------------------------------------


@reactions.on(community.PlaceMoved)
async def follow_the_place(event: community.PlaceMoved, about: About, do: Do) -> None:
    """What lies there lies elsewhere in the tree."""
    await tell_all(do, FollowPlace(event.code, event.path), everything_of("place", event.code))


@reactions.on(community.PlaceClosed)
async def go_over_to_the_successor(event: community.PlaceClosed, about: About, do: Do) -> None:
    """Where one place has taken its place, the plans are there."""
    if len(event.successors) == 1:
        successor = await do.get(place, event.successors[0])
        if successor is not None and successor.path:
            moved = FollowPlace(event.successors[0], successor.path)
            await tell_all(do, moved, everything_of("place", event.code))


@reactions.on(community.ResidentErased)
async def forget(event: community.ResidentErased, about: About, do: Do) -> None:
    """Whoever is erased is neither visited nor visits, and nothing is kept of them."""
    await tell_all(
        do,
        ForgetPerson(event.resident),
        Query({"person": event.resident}),
        everything_of("maker", event.resident),
        *(everything_of(part, event.resident) for part in Part),
    )
