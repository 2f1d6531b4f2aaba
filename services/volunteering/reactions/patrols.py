"""What other events lead to in patrols (三重巡防)."""

from datetime import timedelta
from typing import Any

from services.volunteering.domain.patrols.duty import PassOn
from services.volunteering.domain.patrols.finding import patrol_finding
from services.volunteering.domain.patrols.finding_state import (
    ORIGIN,
    ForgetFinder,
    HearOfPetition,
    LinkPetition,
)
from services.volunteering.domain.patrols.rota import patrol_rota, shift_id, successor_of
from services.volunteering.domain.patrols.rota_commands import PatrolRota, Strike
from services.volunteering.domain.patrols.route import ForgetRouteKeeper, patrol_route
from services.volunteering.domain.patrols.shift import patrol_shift
from services.volunteering.domain.patrols.shift_commands import (
    Cease,
    ChangeCrew,
    ForgetPatroller,
    HearHandover,
    PlanShift,
)
from services.volunteering.domain.patrols.shift_state import PatrolShift, Status
from services.volunteering.domain.teams.team import team
from services.volunteering.domain.teams.volunteer import of_age_at, volunteer
from services.volunteering.domain.teams.volunteer_state import is_minor
from services.volunteering.views import patrols as views
from shared.contracts import community, petitions
from shared.contracts.volunteering import (
    CaptainChanged,
    DeputiesNamed,
    PatrolHandedOver,
    PatrolRotaChanged,
    PatrolRotaPublished,
    TeamDissolved,
    TeamMemberLeft,
    TeamMemberSuspended,
    TeamSuspended,
    VolunteerFitnessChanged,
    VolunteerStopped,
    VolunteerSuspended,
)
from shared.contracts.volunteering.patrol_findings import (
    FindingNews,
)
from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.journal import Query
from shared.runtime.reactions import About, Do, Reactions
from shared.worktime.hours import CHINA

reactions = Reactions()

ANSWERED_FOR = timedelta(days=60)
"""So long after a shift those who lead the team then have to do with it."""
LONGEST_SHIFT = timedelta(days=1)
"""What has not begun by then is over."""


# --- a rota becomes shifts -----------------------------------------------------------------------


@reactions.on(PatrolRotaPublished)
async def plan_the_shifts(event: PatrolRotaPublished, about: About, do: Do) -> None:
    """Each shift goes on by itself."""
    rota = await do.get(patrol_rota, event.rota)
    if rota is None:
        return
    await do.many(
        (patrol_shift, shift_id(event.rota, number), planned(rota, event.rota, number))
        for number in range(len(rota.shifts))
    )


def planned(rota: PatrolRota, id: str, number: int) -> PlanShift:
    """What a shift is told by its rota."""
    shift, successor = rota.shifts[number], successor_of(rota, number)
    line = rota.lines[shift.line]
    return PlanShift(
        id,
        number,
        rota.route,
        rota.place,
        line.kind,
        line.team,
        shift.begin,
        shift.end,
        shift.size,
        shift.crew,
        rota.keeper,
        None if successor is None else shift_id(id, successor),
        None if successor is None else rota.shifts[successor].begin,
    )


@reactions.on(PatrolRotaChanged)
async def change_the_crew(event: PatrolRotaChanged, about: About, do: Do) -> None:
    """The shift has the crew that its rota says."""
    changed = ChangeCrew(event.before, event.person, event.because)
    await do(patrol_shift, shift_id(event.rota, event.number), changed)


@reactions.on(PatrolHandedOver)
async def announce_the_handover(event: PatrolHandedOver, about: About, do: Do) -> None:
    """The crew that follows has to take over."""
    if event.successor is not None:
        await do(patrol_shift, event.successor, HearHandover(event.shift, event.until))


# --- a finding and its petition ------------------------------------------------------------------


@reactions.on(petitions.PetitionFiled)
async def link_the_petition(event: petitions.PetitionFiled, about: About, do: Do) -> None:
    """It says that it came of a finding."""
    kind, _, id = (event.origin or "").partition(":")
    if kind == ORIGIN and await do.get(patrol_finding, id) is not None:
        await do(patrol_finding, id, LinkPetition(event.petition, event.petitioner))


@reactions.on(petitions.PetitionAnswered, petitions.PetitionReopened, petitions.PetitionClosed)
async def tell_what_became_of_it(event: Any, about: About, do: Do) -> None:
    """The patrol hears it."""
    match event:
        case petitions.PetitionAnswered():
            heard = HearOfPetition(event.petition, FindingNews.ANSWERED)
        case petitions.PetitionReopened():
            heard = HearOfPetition(event.petition, FindingNews.REOPENED)
        case _:
            heard = HearOfPetition(event.petition, FindingNews.CLOSED, event.outcome)
    async for id, _ in do.find(patrol_finding, views.filed_as(event.petition)):
        await do(patrol_finding, id, heard)


# --- teams are led by others ---------------------------------------------------------------------


@reactions.on(CaptainChanged, DeputiesNamed)
async def pass_the_duty_on(event: Any, about: About, do: Do) -> None:
    """Who leads the team now answers for what it patrols."""
    former = event.former if isinstance(event, CaptainChanged) else None
    await pass_on(do, event.team, about, () if former is None else (former,))


@reactions.on(TeamDissolved)
async def stop_for_good(event: TeamDissolved, about: About, do: Do) -> None:
    """Nobody patrols for it any more. For what was patrolled whoever drew it up answers, unless
    they led it; where nobody does, alarms climb to the offices.
    """
    await pass_on(do, event.team, about, event.leaders, over=Cease())


@reactions.on(TeamSuspended)
async def stop_for_a_while(event: TeamSuspended, about: About, do: Do) -> None:
    """Nobody patrols for it until then; who leads it answers for what was patrolled."""
    found = do.find(patrol_shift, views.shifts_of_team(event.team, about.time - LONGEST_SHIFT))
    ceased = Cease(event.until)
    await do.many([(patrol_shift, id, ceased) async for id, one in found if is_to_come(one)])


async def pass_on(
    do: Do, id: str, about: About, former: tuple[str, ...], over: Cease | None = None
) -> None:
    """Whoever leads the team now answers for all of its patrols; where it is `over`, those to come
    are called off instead.
    """
    since = about.time - ANSWERED_FOR
    passed = PassOn(await leaders(do, id), former)
    asked: list[tuple[Aggregate[Any], str, Command]] = []
    async for route, _ in do.find(patrol_route, views.routes_of_team(id)):
        asked.append((patrol_route, route, passed))
    async for drawn, rota in do.find(patrol_rota, views.rotas_of_team(id, since)):
        asked.append((patrol_rota, drawn, PassOn(await leaders_of_all(do, rota), former)))
    async for shift, one in do.find(patrol_shift, views.shifts_of_team(id, since)):
        asked.append((patrol_shift, shift, over if over and is_to_come(one) else passed))
    async for finding, _ in do.find(patrol_finding, views.findings_of_team(id)):
        asked.append((patrol_finding, finding, passed))
    await do.many(asked)


def is_to_come(shift: PatrolShift) -> bool:
    """Whether nobody has begun it."""
    return shift.status is Status.PLANNED


async def leaders(do: Do, id: str) -> tuple[str, ...]:
    """Captain and deputies of a team now."""
    found = await do.get(team, id)
    return () if found is None else found.leaders


async def leaders_of_all(do: Do, rota: PatrolRota) -> tuple[str, ...]:
    """Captains and deputies of all teams of a rota."""
    teams = dict.fromkeys(line.team for line in rota.lines)
    led = [person for one in teams for person in await leaders(do, one)]
    return tuple(dict.fromkeys(led))


# --- somebody patrols no more --------------------------------------------------------------------


@reactions.on(TeamMemberLeft)
async def strike_who_left(event: TeamMemberLeft, about: About, do: Do) -> None:
    """They patrol no more with that team."""
    await strike(do, Strike(event.volunteer, "left-the-team", event.team))


@reactions.on(TeamMemberSuspended)
async def strike_in_the_team(event: TeamMemberSuspended, about: About, do: Do) -> None:
    """Until then they do not patrol with that team."""
    await strike(do, Strike(event.volunteer, "suspended", event.team, event.until))


@reactions.on(VolunteerSuspended)
async def strike_for_a_time(event: VolunteerSuspended, about: About, do: Do) -> None:
    """Until then they do not patrol."""
    await strike(do, Strike(event.volunteer, "suspended", until=event.until))


@reactions.on(VolunteerStopped)
async def strike_for_good(event: VolunteerStopped, about: About, do: Do) -> None:
    """They patrol no more."""
    await strike(do, Strike(event.volunteer, "stopped"))


@reactions.on(VolunteerFitnessChanged)
async def strike_who_is_under_age(event: VolunteerFitnessChanged, about: About, do: Do) -> None:
    """Whose year of birth was wrong may not be of age: until they are they do not patrol."""
    known = await do.get(volunteer, event.volunteer)
    if known is not None and is_minor(known, about.time.astimezone(CHINA).date()):
        await strike(do, Strike(event.volunteer, "under-age", until=of_age_at(known)))


async def strike(do: Do, struck: Strike) -> None:
    """Their places in shifts to come are empty."""
    async for id, _ in do.find(patrol_rota, views.rotas_with(struck.person)):
        await do(patrol_rota, id, struck)


@reactions.on(community.ResidentErased)
async def forget(event: community.ResidentErased, about: About, do: Do) -> None:
    """They patrol no more, and nothing here tells that they did."""
    person = event.resident
    asked: dict[tuple[str, str], tuple[Aggregate[Any], str, Command]] = {}
    concerned: tuple[tuple[Aggregate[Any], Query, Command], ...] = (
        (patrol_route, views.routes_kept_by(person), ForgetRouteKeeper(person)),
        (patrol_rota, views.rotas_with(person), Strike(person, "erased")),
        (patrol_rota, views.rotas_kept_by(person), Strike(person, "erased")),
        (patrol_shift, views.shifts_with(person), ForgetPatroller(person)),
        (patrol_shift, views.shifts_patrolled_by(person), ForgetPatroller(person)),
        (patrol_shift, views.shifts_kept_by(person), ForgetPatroller(person)),
        (patrol_finding, views.findings_by(person), ForgetFinder(person)),
        (patrol_finding, views.findings_kept_by(person), ForgetFinder(person)),
    )
    for aggregate, query, command in concerned:
        async for id, _ in do.find(aggregate, query):
            asked[aggregate.kind, id] = (aggregate, id, command)
    await do.many(asked.values())
