"""How the copies are kept fresh: community's events become knowledge here."""

from shared.contracts import community
from shared.neighbourhood.home import LearnHome, LearnMovingOut, home
from shared.neighbourhood.member import LearnLeaving, LearnMembership, member
from shared.neighbourhood.place import (
    LearnClosing,
    LearnHours,
    LearnName,
    LearnPath,
    LearnPlace,
    place,
)
from shared.neighbourhood.post import LearnAbsence, LearnHolder, LearnReturn, LearnVacancy, post
from shared.runtime.reactions import About, Do, Reactions


def learn_places(reactions: Reactions) -> None:
    """Adds what a service needs to know the place tree."""

    @reactions.on(community.PlaceRegistered)
    async def learn_place(event: community.PlaceRegistered, about: About, do: Do) -> None:
        await do(place, event.code, LearnPlace(event.kind, event.name, event.path))

    @reactions.on(community.PlaceRenamed)
    async def learn_name(event: community.PlaceRenamed, about: About, do: Do) -> None:
        await do(place, event.code, LearnName(event.name))

    @reactions.on(community.PlaceMoved)
    async def learn_path(event: community.PlaceMoved, about: About, do: Do) -> None:
        await do(place, event.code, LearnPath(event.path))

    @reactions.on(community.PlaceHoursSet)
    async def learn_hours(event: community.PlaceHoursSet, about: About, do: Do) -> None:
        await do(place, event.code, LearnHours(event.spans, event.every_day))

    @reactions.on(community.PlaceClosed)
    async def learn_closing(event: community.PlaceClosed, about: About, do: Do) -> None:
        await do(place, event.code, LearnClosing(event.successors))

    @reactions.on(community.PlaceSplit)
    async def learn_split(event: community.PlaceSplit, about: About, do: Do) -> None:
        await do(place, event.code, LearnClosing(event.into))


def learn_posts(reactions: Reactions) -> None:
    """Adds what a service needs to know who is responsible."""

    @reactions.on(community.PostAssigned)
    async def learn_holder(event: community.PostAssigned, about: About, do: Do) -> None:
        learned = LearnHolder(event.place, event.duty, event.holder, event.organisation)
        await do(post, event.post, learned)

    @reactions.on(community.PostVacated)
    async def learn_vacancy(event: community.PostVacated, about: About, do: Do) -> None:
        await do(post, event.post, LearnVacancy(event.holder))

    @reactions.on(community.DeputyStandsIn)
    async def learn_deputy(event: community.DeputyStandsIn, about: About, do: Do) -> None:
        await do(post, event.post, LearnAbsence(event.holder, event.deputy))

    @reactions.on(community.HolderAway)
    async def learn_absence(event: community.HolderAway, about: About, do: Do) -> None:
        await do(post, event.post, LearnAbsence(event.holder, None))

    @reactions.on(community.HolderReturned)
    async def learn_return(event: community.HolderReturned, about: About, do: Do) -> None:
        await do(post, event.post, LearnReturn(event.holder))


def learn_members(reactions: Reactions) -> None:
    """Adds what a service needs to know who belongs to which organisation."""

    @reactions.on(community.OrganisationMemberJoined)
    async def learn_membership(
        event: community.OrganisationMemberJoined, about: About, do: Do
    ) -> None:
        await do(member, event.person, LearnMembership(event.organisation))

    @reactions.on(community.OrganisationMemberLeft)
    async def learn_leaving(event: community.OrganisationMemberLeft, about: About, do: Do) -> None:
        await do(member, event.person, LearnLeaving(event.organisation))


def learn_homes(reactions: Reactions) -> None:
    """Adds what a service needs to know who belongs to which household."""

    @reactions.on(community.ResidentRegistered, community.ResidentMoved)
    async def learn_home(
        event: community.ResidentRegistered | community.ResidentMoved, about: About, do: Do
    ) -> None:
        await do(home, event.resident, LearnHome(event.household))

    @reactions.on(community.ResidentMovedOut)
    async def learn_moving_out(event: community.ResidentMovedOut, about: About, do: Do) -> None:
        await do(home, event.resident, LearnMovingOut(event.household))

    @reactions.on(community.ResidentErased)
    async def forget_home(event: community.ResidentErased, about: About, do: Do) -> None:
        await do(home, event.resident, LearnHome(None))
