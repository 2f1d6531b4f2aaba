"""Which events lead to which commands of feed: each that is fed is entered, once, and what it tells
of where its stream lies is learned before.

A service whose later events do not say where they lie needs its first ones in `TELLING`.
"""

from typing import Any

from services.subscriptions.domain.feed.case import Case, LearnCase, case
from services.subscriptions.domain.feed.feed import CITY, Enter, feed
from services.subscriptions.judged import FED
from shared.contracts import community, mediation, petitions, volunteering
from shared.contracts.event import Event
from shared.runtime.reactions import About, Do, Reactions

reactions = Reactions()

TELLING: frozenset[type[Event]] = frozenset(
    {
        community.AllianceFounded,
        community.AlliancePromiseMade,
        community.OrganisationRegistered,
        petitions.PetitionFiled,
        petitions.WhistleBlown,
        volunteering.NeedAsked,
        volunteering.NeedStated,
        volunteering.ProjectPlanned,
        volunteering.ResourceOffered,
        volunteering.RewardPutUp,
        volunteering.ShopAdmitted,
        volunteering.TeamFounded,
        volunteering.TeamMoved,
        volunteering.VolunteerMoved,
        volunteering.VolunteerRegistered,
        mediation.DisputeFiled,
        mediation.MediatorRegistered,
        mediation.SessionConvened,
    }
)
"""The events that tell where their stream lies, for those that follow and do not."""
BELONGING = ("dispute",)
"""Fields that name a stream of that kind, to which the event belongs as well."""


@reactions.on(*FED)
async def enter(event: Event, about: About, do: Do) -> None:
    """Once for each event; those that come together are one step of the feed."""
    path, place, category = path_in(event), place_in(event), category_in(event)
    if type(event) in TELLING:
        told = Case(path[-1] if path else place, category)
        # Of the first event of a stream nobody can know anything yet.
        if about.sequence == 1 or await do.get(case, about.stream) != told:
            await do(case, about.stream, LearnCase(told.place, told.category))
    message = about.message.decode()
    await do(feed, CITY, Enter(message, path, place, category, streams_of(event, about.stream)))


def path_in(event: Any) -> tuple[str, ...]:
    """The path that an event gives, the district first; empty where it gives none."""
    path = getattr(event, "path", None)
    return path if isinstance(path, tuple) else ()


def place_in(event: Any) -> str | None:
    """The code of the place that an event names; of a place itself, its own."""
    for field in ("place", "code", "home"):
        code = getattr(event, field, None)
        if isinstance(code, str):
            return code
    return None


def category_in(event: Any) -> str | None:
    """The category that an event names; of a category itself, its own."""
    category = getattr(event, "category", None)
    return category if isinstance(category, str) else None


def streams_of(event: Any, stream: str) -> tuple[str, ...]:
    """The streams of which it may be known where they lie, its own first."""
    others = (f"{kind}-{id}" for kind in BELONGING if (id := getattr(event, kind, None)))
    return tuple(dict.fromkeys((stream, *others)))
