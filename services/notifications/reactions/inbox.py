"""What the inbox does about others' events: tells who must know."""

from dataclasses import replace

from services.notifications.domain.addressee import CloseInbox, OpenInbox, addressee
from services.notifications.domain.audience import TELLS_NOBODY, who_must_know
from services.notifications.domain.group_robot import group_robot, robot_of
from services.notifications.domain.message import Forget, Post, message, message_id
from services.notifications.domain.spokespeople import LearnRole, spokespeople
from services.notifications.domain.telling import Telling
from shared.contracts import community
from shared.contracts.envelope import public_events
from shared.contracts.event import Event
from shared.runtime.journal import Query
from shared.runtime.reactions import About, Do, Reactions

HEARD_FROM = (
    "petitions",
    "community",
    "volunteering",
    "mediation",
    "ledger",
    "subscriptions",
    "notifications",
)
"""Services whose events lead to messages."""

reactions = Reactions()


@reactions.on(community.ResidentRegistered)
async def open_inbox(event: community.ResidentRegistered, about: About, do: Do) -> None:
    """Who was erased and has come back is written to again. Before anybody is told of it."""
    await do(addressee, event.resident, OpenInbox())


@reactions.on(community.ResidentErased)
async def forget(event: community.ResidentErased, about: About, do: Do) -> None:
    """First nothing more is posted to the person, then what was posted is forgotten."""
    await do(addressee, event.resident, CloseInbox())
    async for id, _ in do.find(message, Query({"recipient": event.resident})):
        await do(message, id, Forget())


@reactions.on(community.OrganisationMemberJoined)
async def learn_speaker(event: community.OrganisationMemberJoined, about: About, do: Do) -> None:
    """What an organisation must know is told to those who speak for it."""
    await do(spokespeople, event.organisation, LearnRole(event.person, event.role))


@reactions.on(community.OrganisationMemberLeft)
async def unlearn_speaker(event: community.OrganisationMemberLeft, about: About, do: Do) -> None:
    """Who has left it hears no more."""
    await do(spokespeople, event.organisation, LearnRole(event.person, None))


@reactions.on(
    *(
        event
        for service in HEARD_FROM
        for event in public_events(service).values()
        if event not in TELLS_NOBODY
    )
)
async def tell(event: Event, about: About, do: Do) -> None:
    """One message per person who must know; its id follows from the event, so it is made once."""
    tellings = [each for telling in who_must_know(event) for each in await persons(telling, do)]
    await do.many(
        (
            message,
            message_id(about.id, telling.recipient, telling.kind),
            Post(telling.recipient, telling.kind, telling.params, about.stream, about.id),
        )
        for telling in tellings
    )


async def persons(telling: Telling, do: Do) -> list[Telling]:
    """The telling itself; of one to an organisation, one to each who speaks for it, and to its
    group where that has a robot.
    """
    if not telling.body:
        return [telling]
    known = await do.get(spokespeople, telling.recipient)
    speak = () if known is None else known.persons
    group = robot_of(telling.recipient)
    robot = await do.get(group_robot, group)
    if robot is not None and robot.kind is not None:
        speak = (*speak, group)
    return [replace(telling, recipient=person, body=False) for person in speak]
