"""How the copies are kept fresh: community's events become knowledge here."""

from shared.contracts import community
from shared.neighbourhood.member import LearnLeaving, LearnMembership, member
from shared.neighbourhood.place import LearnName, LearnPath, LearnPlace, place
from shared.neighbourhood.post import LearnHolder, LearnVacancy, post
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


def learn_posts(reactions: Reactions) -> None:
    """Adds what a service needs to know who is responsible."""

    @reactions.on(community.PostAssigned)
    async def learn_holder(event: community.PostAssigned, about: About, do: Do) -> None:
        await do(post, event.post, LearnHolder(event.place, event.duty, event.holder))

    @reactions.on(community.PostVacated)
    async def learn_vacancy(event: community.PostVacated, about: About, do: Do) -> None:
        await do(post, event.post, LearnVacancy(event.holder))


def learn_members(reactions: Reactions) -> None:
    """Adds what a service needs to know who belongs to which organisation."""

    @reactions.on(community.OrganisationMemberJoined)
    async def learn_membership(
        event: community.OrganisationMemberJoined, about: About, do: Do
    ) -> None:
        await do(member, event.person, LearnMembership(event.organisation))

    @reactions.on(community.OrganisationMemberLeft)
    async def learn_leaving(
        event: community.OrganisationMemberLeft, about: About, do: Do
    ) -> None:
        await do(member, event.person, LearnLeaving(event.organisation))
