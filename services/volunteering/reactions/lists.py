"""What other events lead to in the three lists (资源 需求 项目 三张清单)."""

from services.volunteering.domain.lists.checked_in import (
    CheckedInMember,
    LearnCheckIn,
    LearnCheckOut,
    checked_in,
)
from services.volunteering.domain.lists.need import MOST_OFFERS, need
from services.volunteering.domain.lists.need_commands import (
    AttachProject,
    Candidate,
    DetachProject,
    FulfilNeed,
    HearRefused,
    HearReserved,
    OfferNeed,
    StrikeMembers,
)
from services.volunteering.domain.lists.need_state import Need
from services.volunteering.domain.lists.project import project
from services.volunteering.domain.lists.project_commands import DropNeed, ForgetMember
from services.volunteering.domain.lists.resource import (
    ForgetResource,
    FreeReservation,
    Reserve,
    resource,
)
from services.volunteering.views.lists import all_of, needed_below, offering_at
from shared.contracts import community
from shared.contracts.volunteering import (
    NeedAsked,
    NeedEnded,
    NeedNotGiven,
    NeedOfferAnswered,
    NeedOffersLapsed,
    NeedReleased,
    NeedStated,
    ProjectCalledOff,
    ProjectJudged,
    ProjectPlanned,
    ResourceFreed,
    ResourceRefused,
    ResourceReserved,
)
from shared.contracts.volunteering.lists import NeedOutcome
from shared.runtime.reactions import About, Do, Reactions

reactions = Reactions()


# --- needs and resources -------------------------------------------------------------------------


@reactions.on(NeedAsked)
async def reserve(event: NeedAsked, about: About, do: Do) -> None:
    """The resource decides."""
    asked = Reserve(event.need, event.kind, event.path, event.quantity, event.begin, event.until)
    await do(resource, event.resource, asked)


@reactions.on(ResourceReserved)
async def hear_reserved(event: ResourceReserved, about: About, do: Do) -> None:
    """The need has it."""
    await do(need, event.need, HearReserved(event.resource, event.quantity))


@reactions.on(ResourceRefused, ResourceFreed)
async def hear_refused(event: ResourceRefused | ResourceFreed, about: About, do: Do) -> None:
    """The need does not have it, or no more."""
    await do(need, event.need, HearRefused(event.resource, event.because))


@reactions.on(NeedReleased)
async def free(event: NeedReleased, about: About, do: Do) -> None:
    """Others can have it."""
    await do(resource, event.resource, FreeReservation(event.need))


@reactions.on(NeedEnded)
async def free_all(event: NeedEnded, about: About, do: Do) -> None:
    """Others can have what was promised, unless it was used."""
    if event.outcome is not NeedOutcome.FULFILLED:
        await do.many((resource, id, FreeReservation(event.need)) for id in event.resources)


# --- needs and who has checked in ----------------------------------------------------------------


@reactions.on(NeedStated)
async def offer_to_members(event: NeedStated, about: About, do: Do) -> None:
    """Who has checked in there or above, and offers such things, is asked: the nearest first."""
    stated = Need(need=event.need, kind=event.kind, path=event.path)
    await do(need, event.need, OfferNeed(await candidates(stated, do)))


@reactions.on(NeedOfferAnswered, NeedOffersLapsed)
async def offer_to_others(
    event: NeedOfferAnswered | NeedOffersLapsed, about: About, do: Do
) -> None:
    """Others are asked in the place of who does not do it."""
    if isinstance(event, NeedOfferAnswered) and event.quantity:
        return
    known = await do.get(need, event.need)
    if known is not None and (others := await candidates(known, do)):
        await do(need, event.need, OfferNeed(others))


async def candidates(known: Need, do: Do) -> tuple[Candidate, ...]:
    """The nearest who have checked in, and were not asked before."""
    before = {one.checkin for one in known.offers}
    found: list[Candidate] = []
    for place in reversed(known.path):
        async for id, one in do.find(checked_in, offering_at(place, known.kind)):
            if id not in before:
                found.append(_candidate(one))
            if len(found) == MOST_OFFERS:
                return tuple(found)
    return tuple(found)


def _candidate(one: CheckedInMember) -> Candidate:
    return Candidate(one.checkin, one.place, one.person, one.organisation)


@reactions.on(community.CheckedIn)
async def learn_check_in(event: community.CheckedIn, about: About, do: Do) -> None:
    """They are offered what fits their offers."""
    learned = LearnCheckIn(
        event.checkin, event.place, event.person, event.organisation, event.offers
    )
    await do(checked_in, event.checkin, learned)
    one = Candidate(event.checkin, event.place, event.person, event.organisation)
    async for id, _ in do.find(need, needed_below(event.place, event.offers)):
        await do(need, id, OfferNeed((one,)))


@reactions.on(community.CheckedOut)
async def learn_check_out(event: community.CheckedOut, about: About, do: Do) -> None:
    """What they offered or accepted is not to be counted on any more."""
    await leave((event.checkin,), do)


@reactions.on(community.ResidentErased)
async def forget(event: community.ResidentErased, about: About, do: Do) -> None:
    """Nobody counts on the person any more."""
    theirs = [id async for id, _ in do.find(checked_in, all_of("person", event.resident))]
    await leave(tuple(theirs), do)
    async for id, _ in do.find(project, all_of("people", event.resident)):
        await do(project, id, ForgetMember(event.resident))


async def leave(checkins: tuple[str, ...], do: Do) -> None:
    """These check-ins have ended. A need may have offered itself to several of them: it hears of
    all at once.
    """
    needs: dict[str, None] = {}
    for checkin in checkins:
        await do(checked_in, checkin, LearnCheckOut())
        async for id, _ in do.find(resource, all_of("checkin", checkin)):
            await do(resource, id, ForgetResource())
        needs |= {id: None async for id, _ in do.find(need, all_of("offers.checkin", checkin))}
    await do.many((need, id, StrikeMembers(checkins)) for id in needs)


# --- projects ------------------------------------------------------------------------------------


@reactions.on(ProjectPlanned)
async def attach(event: ProjectPlanned, about: About, do: Do) -> None:
    """Each need is carried by one project: the first that asks."""
    await do.many((need, id, AttachProject(event.project)) for id in event.needs)


@reactions.on(NeedNotGiven)
async def drop(event: NeedNotGiven, about: About, do: Do) -> None:
    """The project goes on without the need."""
    await do(project, event.project, DropNeed(event.need))


@reactions.on(ProjectJudged)
async def fulfil(event: ProjectJudged, about: About, do: Do) -> None:
    """What was met is needed no more."""
    if event.met:
        await do.many((need, id, FulfilNeed(event.project)) for id in event.needs)


@reactions.on(ProjectCalledOff)
async def detach(event: ProjectCalledOff, about: About, do: Do) -> None:
    """Another project can carry the needs."""
    await do.many((need, id, DetachProject(event.project)) for id in event.needs)
