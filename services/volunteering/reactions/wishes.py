"""What other events lead to in wishes (微心愿)."""

from services.volunteering.domain.teams.team import team
from services.volunteering.domain.wishes.wish import wish
from services.volunteering.domain.wishes.wish_commands import (
    BecomePetition,
    ForgetPerson,
    HouseOwner,
    LookAgain,
    PassClaim,
    StopServing,
)
from services.volunteering.views.wishes import all_wishes_of, claims_of_team
from shared.contracts import community, petitions
from shared.contracts.volunteering import (
    CaptainChanged,
    DeputiesNamed,
    GuardianConsented,
    GuardianConsentWithdrawn,
    TeamDissolved,
    TeamSuspended,
    VolunteerFitnessChanged,
    VolunteerStopped,
    VolunteerSuspended,
)
from shared.runtime.reactions import About, Do, Reactions

reactions = Reactions()

ORIGIN = "wish:"
"""How the origin of a petition begins that a wish became."""


@reactions.on(petitions.PetitionFiled)
async def become_petition(event: petitions.PetitionFiled, about: About, do: Do) -> None:
    """What was really a petition has been filed as one."""
    if event.origin is not None and event.origin.startswith(ORIGIN):
        id = event.origin.removeprefix(ORIGIN)
        await do(wish, id, BecomePetition(event.petition, event.petitioner))


# --- who leads, and who serves no more -----------------------------------------------------------


@reactions.on(CaptainChanged, DeputiesNamed)
async def pass_claims_on(event: CaptainChanged | DeputiesNamed, about: About, do: Do) -> None:
    """Whoever leads a team now answers for what it has claimed."""
    known = await do.get(team, event.team)
    if known is None:
        return
    passed = PassClaim(event.team, known.leaders)
    claims = [id async for id, _ in do.find(wish, claims_of_team(event.team))]
    await do.many((wish, id, passed) for id in claims)


@reactions.on(TeamDissolved, TeamSuspended)
async def let_claims_of_team_go(event: TeamDissolved | TeamSuspended, about: About, do: Do) -> None:
    """Others can have what it claimed."""
    claims = [id async for id, _ in do.find(wish, claims_of_team(event.team))]
    await do.many((wish, id, StopServing(team=event.team)) for id in claims)


@reactions.on(VolunteerStopped, VolunteerSuspended)
async def let_claims_go(event: VolunteerStopped | VolunteerSuspended, about: About, do: Do) -> None:
    """Others can have what they claimed."""
    claims = do.find(wish, all_wishes_of("organisers", event.volunteer))
    async for id, _ in claims:
        await do(wish, id, StopServing(volunteer=event.volunteer))


@reactions.on(GuardianConsented, GuardianConsentWithdrawn, VolunteerFitnessChanged)
async def look_at_claims_again(
    event: GuardianConsented | GuardianConsentWithdrawn | VolunteerFitnessChanged,
    about: About,
    do: Do,
) -> None:
    """Who may not grant what they claimed has it no more."""
    claims = do.find(wish, all_wishes_of("organisers", event.volunteer))
    async for id, _ in claims:
        await do(wish, id, LookAgain(event.volunteer))


# --- where people live, and who is erased --------------------------------------------------------


@reactions.on(community.ResidentRegistered, community.ResidentMoved)
async def house_owner(
    event: community.ResidentRegistered | community.ResidentMoved, about: About, do: Do
) -> None:
    """Their wishes belong to that household now."""
    async for id, _ in do.find(wish, all_wishes_of("owner", event.resident)):
        await do(wish, id, HouseOwner(event.household))


@reactions.on(community.ResidentErased)
async def forget(event: community.ResidentErased, about: About, do: Do) -> None:
    """Their wishes go with them; what they had claimed others can have."""
    # One may stand in several places of a wish, and a wish hears of it once.
    theirs: dict[str, None] = {}
    for field in ("owner", "organisers", "served_by"):
        found = do.find(wish, all_wishes_of(field, event.resident))
        theirs |= {id: None async for id, _ in found}
    await do.many((wish, id, ForgetPerson(event.resident)) for id in theirs)
