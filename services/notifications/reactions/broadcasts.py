"""How broadcasts are told page by page, and how the roll of their recipients is kept."""

from services.notifications.domain.broadcast import broadcast
from services.notifications.domain.broadcast_commands import NotePage
from services.notifications.domain.broadcast_news import kind_of
from services.notifications.domain.broadcast_state import Status
from services.notifications.domain.gathering import (
    LearnItEnded,
    LearnSeat,
    LearnServes,
    gathering,
)
from services.notifications.domain.message import Post, message, message_id
from services.notifications.domain.roll import (
    EnterGroup,
    EnterHome,
    EnterMovingOut,
    EnterPath,
    EnterPost,
    StrikeAll,
    StrikeGroup,
    StrikePost,
    roll,
)
from services.notifications.views.broadcasts import at_place, in_post, of_household, recipients
from shared.contracts import community, notifications, volunteering
from shared.runtime.reactions import About, Do, Reactions

reactions = Reactions()

# --- telling -------------------------------------------------------------------------------------


@reactions.on(notifications.BroadcastPageDue)
async def tell_page(event: notifications.BroadcastPageDue, about: About, do: Do) -> None:
    """The messages of one page, then how far it came. A message's id follows from broadcast and
    person: whoever is on two pages, or on one that is told once more, has one message.
    """
    it = await do.get(broadcast, event.broadcast)
    if it is None or it.status is not Status.RUNNING or it.page != event.page:
        return
    found: list[str] = []
    async for person, _ in do.find(roll, recipients(it, event.most, event.after)):
        found.append(person)
        if len(found) == event.most:
            break
    kind = kind_of(it)
    params = {"broadcast": event.broadcast}
    stream = about.stream
    await do.many(
        (
            message,
            message_id(stream, person, kind),
            Post(person, kind, params, stream, stream),
        )
        for person in found
    )
    last = found[-1] if found else None
    whole = len(found) < event.most
    await do(broadcast, event.broadcast, NotePage(event.page, last, len(found), whole))


# --- who lives and works where -------------------------------------------------------------------


@reactions.on(community.ResidentRegistered, community.ResidentMoved)
async def enter_home(
    event: community.ResidentRegistered | community.ResidentMoved, about: About, do: Do
) -> None:
    """They live there now."""
    await do(roll, event.resident, EnterHome(event.household))


@reactions.on(community.ResidentMovedOut)
async def strike_home(event: community.ResidentMovedOut, about: About, do: Do) -> None:
    """They live there no more."""
    await do(roll, event.resident, EnterMovingOut(event.household))


@reactions.on(community.ResidentErased)
async def strike_all(event: community.ResidentErased, about: About, do: Do) -> None:
    """Nothing is known of them any more."""
    await do(roll, event.resident, StrikeAll())


@reactions.on(community.PlaceRegistered, community.PlaceMoved)
async def enter_paths(
    event: community.PlaceRegistered | community.PlaceMoved, about: About, do: Do
) -> None:
    """Who lives or works at a place that came, or that lies elsewhere now. Places below it tell the
    same of themselves.
    """
    there = [person async for person, _ in do.find(roll, of_household(event.code))]
    there += [person async for person, _ in do.find(roll, at_place(event.code))]
    path = EnterPath(event.code, event.path)
    await do.many((roll, person, path) for person in dict.fromkeys(there))


@reactions.on(community.PostAssigned)
async def enter_holder(event: community.PostAssigned, about: About, do: Do) -> None:
    """The new holder is in; whoever was before left it by an event of their own."""
    await do(roll, event.holder, EnterPost(event.post, event.place, event.duty))


@reactions.on(community.DeputyStandsIn)
async def enter_deputy(event: community.DeputyStandsIn, about: About, do: Do) -> None:
    """Who stands in is told as well as who is away."""
    await do(roll, event.deputy, EnterPost(event.post, event.place, event.duty))


@reactions.on(community.HolderReturned)
async def strike_deputy(event: community.HolderReturned, about: About, do: Do) -> None:
    """Who stood in is told no more."""
    await _strike(event.post, do, but=event.holder)


@reactions.on(community.PostVacated)
async def strike_post(event: community.PostVacated, about: About, do: Do) -> None:
    """Nobody has it."""
    await _strike(event.post, do)


async def _strike(post: str, do: Do, but: str | None = None) -> None:
    """Nobody does the duty of this post any more, `but` one."""
    found = [person async for person, _ in do.find(roll, in_post(post))]
    await do.many((roll, person, StrikePost(post)) for person in found if person != but)


# --- organisations and teams ---------------------------------------------------------------------


@reactions.on(community.OrganisationMemberJoined)
async def enter_member(event: community.OrganisationMemberJoined, about: About, do: Do) -> None:
    """They belong to it."""
    await do(roll, event.person, EnterGroup(f"organisation:{event.organisation}"))


@reactions.on(community.OrganisationMemberLeft)
async def strike_member(event: community.OrganisationMemberLeft, about: About, do: Do) -> None:
    """They belong to it no more."""
    await do(roll, event.person, StrikeGroup(f"organisation:{event.organisation}"))


@reactions.on(volunteering.TeamMemberJoined)
async def enter_volunteer(event: volunteering.TeamMemberJoined, about: About, do: Do) -> None:
    """They belong to the team."""
    await do(roll, event.volunteer, EnterGroup(f"team:{event.team}"))


@reactions.on(volunteering.TeamMemberLeft)
async def strike_volunteer(event: volunteering.TeamMemberLeft, about: About, do: Do) -> None:
    """They belong to it no more."""
    await do(roll, event.volunteer, StrikeGroup(f"team:{event.team}"))


@reactions.on(community.OrganisationRegistered)
async def learn_seat(event: community.OrganisationRegistered, about: About, do: Do) -> None:
    """Where it is, and works."""
    seat = LearnSeat(event.home, event.serves)
    await do(gathering, f"organisation:{event.organisation}", seat)


@reactions.on(community.OrganisationServes)
async def learn_serves(event: community.OrganisationServes, about: About, do: Do) -> None:
    """Where it works now."""
    await do(gathering, f"organisation:{event.organisation}", LearnServes(event.serves))


@reactions.on(community.OrganisationClosed)
async def learn_closed(event: community.OrganisationClosed, about: About, do: Do) -> None:
    """It is no more."""
    await do(gathering, f"organisation:{event.organisation}", LearnItEnded())


@reactions.on(volunteering.TeamFounded)
async def learn_team(event: volunteering.TeamFounded, about: About, do: Do) -> None:
    """Where it serves; its captain belongs to it from the beginning."""
    await do(gathering, f"team:{event.team}", LearnSeat(event.place))
    await do(roll, event.captain, EnterGroup(f"team:{event.team}"))


@reactions.on(volunteering.TeamMoved)
async def learn_team_moved(event: volunteering.TeamMoved, about: About, do: Do) -> None:
    """Where it serves now."""
    await do(gathering, f"team:{event.team}", LearnSeat(event.place))


@reactions.on(volunteering.TeamDissolved)
async def learn_team_gone(event: volunteering.TeamDissolved, about: About, do: Do) -> None:
    """It is no more."""
    await do(gathering, f"team:{event.team}", LearnItEnded())
