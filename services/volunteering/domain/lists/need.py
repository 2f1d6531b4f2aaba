"""Need (需求): what a community or grid lacks, and who has promised what of it.

Resources are asked, and answer from their own streams. Who has checked in and offers such things is
asked here: how much of the need is covered stands in this one state.
"""

from datetime import datetime, timedelta

from services.volunteering.domain.lists.need_commands import (
    AcceptNeed,
    AskResource,
    AttachProject,
    DeclineOffer,
    DetachProject,
    FulfilNeed,
    HearRefused,
    HearReserved,
    NeedCarried,
    NeedDescribed,
    NeedMeasured,
    NeedMembersStruck,
    NeedPromised,
    OfferNeed,
    ReleaseResource,
    StateNeed,
    StrikeMembers,
    WithdrawNeed,
)
from services.volunteering.domain.lists.need_state import (
    Answer,
    Ground,
    Need,
    Offer,
    Status,
    evolve,
)
from shared.contracts.event import Event
from shared.contracts.volunteering.lists import (
    NeedAsked,
    NeedEnded,
    NeedLeftOut,
    NeedMet,
    NeedNotGiven,
    NeedOfferAnswered,
    NeedOffered,
    NeedOffersLapsed,
    NeedOutcome,
    NeedReleased,
    NeedStated,
)
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick

LONGEST = timedelta(days=366)
ANSWER_WITHIN = timedelta(days=7)
"""Then an offer to somebody who has checked in lapses."""
MOST_RESOURCES = 20
"""Resources that one need is met from."""
MOST_OFFERS = 20
"""Of those who have checked in, how many are asked at a time."""
MOST_ASKED = 100
"""And in all."""


def decide(command: Command, need: Need, now: datetime, ground: Ground) -> list[Event]:
    """What follows from a command; `ground` is the need's own id and its place."""
    if need.status is Status.NONE:
        if isinstance(command, StateNeed):
            return stated(command, now, ground)
        if isinstance(command, AttachProject):
            return [NeedNotGiven(ground.need, command.project, None)]
        if getattr(command, "by", None) is None:
            return []
        raise Rejected("unknown-need", "no such need was stated")
    if (heard := _heard(command, need, now)) is not None:
        return heard
    if need.status is Status.ENDED:
        raise Rejected("need-over", "this need has ended")
    match command:
        case AskResource():
            return asked(command, need, now)
        case ReleaseResource(resource=resource):
            if need.ask_of(resource) is None:
                raise Rejected("resource-not-asked", "this resource promises nothing to the need")
            return [NeedReleased(need.need, resource)]
        case AcceptNeed():
            return accepted(command, need, now)
        case DeclineOffer():
            offer = offer_to(command.checkin, command.by, command.org, need)
            if offer.answer is Answer.DECLINED:
                return []
            if offer.answer is Answer.ACCEPTED and need.project is not None:
                raise Rejected("need-carried", "a project counts on it: tell who leads it")
            return [answered(need, offer, 0)]
        case WithdrawNeed():
            if need.project is not None:
                raise Rejected("need-carried", "a project carries it: that is called off first")
            return [ended(need, NeedOutcome.WITHDRAWN)]
    raise Rejected("need-stated", "this need was stated before")


def _heard(command: Command, need: Need, now: datetime) -> list[Event] | None:
    """What follows from an event or from time; None for what somebody asks for."""
    over = need.status is Status.ENDED
    match command:
        case Tick():
            return [] if over else passed(need, now)
        case OfferNeed():
            return [] if over else offered(command, need, now)
        case StrikeMembers(checkins=checkins):
            known = tuple(one.checkin for one in need.offers if one.checkin in checkins)
            return [NeedMembersStruck(known)] if known else []
        case HearReserved():
            return [] if over else promised(command, need)
        case HearRefused(resource=resource, because=because):
            if over or need.ask_of(resource) is None or because == "released":
                return []
            return [NeedLeftOut(need.need, resource, because, need.by)]
        case AttachProject(project=project) if over or need.project not in (None, project):
            return [NeedNotGiven(need.need, project, None if over else need.project)]
        case AttachProject(project=project):
            return [] if need.project == project else [NeedCarried(project)]
        case DetachProject(project=project):
            return [NeedCarried(None)] if need.project == project and not over else []
        case FulfilNeed(project=project):
            carried = need.project == project and not over
            return [ended(need, NeedOutcome.FULFILLED)] if carried else []
    return None


def stated(command: StateNeed, now: datetime, ground: Ground) -> list[Event]:
    """A need of a known place, in a time to come."""
    if not ground.path:
        place = command.place
        raise Rejected("unknown-place", f"no place {place} is registered", place=place)
    if not (command.begin < command.until and now < command.until <= now + LONGEST):
        raise Rejected("need-times", "it is needed from a begin to a later end, within a year")
    return [
        NeedStated(
            ground.need,
            command.kind,
            command.place,
            ground.path,
            command.quantity,
            command.begin,
            command.until,
            command.by,
        ),
        NeedMeasured(command.measure),
        NeedDescribed(command.title, command.text),
    ]


def asked(command: AskResource, need: Need, now: datetime) -> list[Event]:
    """No more than is still lacking: what others were asked for counts, too."""
    if need.ask_of(command.resource) is not None:
        raise Rejected("resource-asked", "this resource was asked: release it first")
    if len(need.asks) >= MOST_RESOURCES:
        most = MOST_RESOURCES
        raise Rejected("too-many-resources", f"at most {most} resources for a need", most=most)
    if command.quantity > need.lacking:
        raise Rejected("need-covered", f"only {need.lacking} are lacking", left=need.lacking)
    assert need.until is not None, "what was stated ends"
    assert need.begin is not None, "what was stated begins"
    return [
        NeedAsked(
            need.need,
            command.resource,
            need.kind,
            need.path,
            command.quantity,
            need.begin,
            need.until,
            command.by,
        )
    ]


def promised(command: HearReserved, need: Need) -> list[Event]:
    """What was asked for is covered; a promise that was not asked for any more is given back."""
    resource, quantity = command.resource, command.quantity
    ask = need.ask_of(resource)
    if ask is None:
        return [NeedReleased(need.need, resource)]
    if ask.promised or ask.quantity != quantity:  # an answer to an earlier question
        return []
    met = [_met(need)] if need.covered + quantity >= need.quantity else []
    return [NeedPromised(resource, quantity), *met]


def offered(command: OfferNeed, need: Need, now: datetime) -> list[Event]:
    """Those are asked who were not asked before, as long as something is lacking."""
    if need.lacking <= 0 or need.until is None or need.until <= now:
        return []
    before = {one.checkin for one in need.offers}
    waiting = sum(one.answer is Answer.WAITED_FOR for one in need.offers)
    room = min(MOST_OFFERS - waiting, MOST_ASKED - len(need.offers))
    fresh = [one for one in command.candidates if one.checkin not in before][: max(room, 0)]
    until = min(now + ANSWER_WITHIN, need.until)
    return [
        NeedOffered(
            need.need, one.checkin, need.kind, need.place, one.person, one.organisation, until
        )
        for one in fresh
    ]


def accepted(command: AcceptNeed, need: Need, now: datetime) -> list[Event]:
    """The first who accept have it; nobody does more than is lacking."""
    offer = offer_to(command.checkin, command.by, command.org, need)
    if offer.answer is Answer.ACCEPTED:
        raise Rejected("offer-accepted", "it is accepted already")
    if offer.answer is Answer.LAPSED or offer.until <= now:
        raise Rejected("offer-lapsed", "the time to answer is over")
    if command.quantity > need.lacking:
        raise Rejected("need-covered", f"only {need.lacking} are lacking", left=need.lacking)
    met = [_met(need)] if need.covered + command.quantity >= need.quantity else []
    return [answered(need, offer, command.quantity), *met]


def offer_to(checkin: str, by: str, org: str | None, need: Need) -> Offer:
    """The offer that the caller answers. Raises `Rejected`."""
    for one in need.offers:
        if one.checkin == checkin:
            theirs = by == one.person if one.person is not None else org == one.organisation
            if theirs and (one.person is not None or org is not None):
                return one
    raise Rejected("not-offered", "this was not offered to you")


def answered(need: Need, offer: Offer, quantity: int) -> NeedOfferAnswered:
    """They do so much of it, or nothing."""
    return NeedOfferAnswered(
        need.need, offer.checkin, offer.person, offer.organisation, quantity, need.by
    )


def ended(need: Need, outcome: NeedOutcome) -> NeedEnded:
    """It is needed no more."""
    resources = tuple(one.resource for one in need.asks)
    return NeedEnded(need.need, need.kind, need.place, need.path, outcome, resources, need.by)


def _met(need: Need) -> NeedMet:
    return NeedMet(need.need, need.place, need.by)


# --- time ----------------------------------------------------------------------------------------


def due(need: Need) -> datetime | None:
    """When an offer lapses, or the need is over that no project carries."""
    if need.status is not Status.OPEN:
        return None
    moments = [one.until for one in need.offers if one.answer is Answer.WAITED_FOR]
    if need.project is None and need.until is not None:
        moments.append(need.until)
    return min(moments, default=None)


def passed(need: Need, now: datetime) -> list[Event]:
    """Offers lapse that nobody answered; a need ends that nobody carries."""
    if need.project is None and need.until is not None and need.until <= now:
        return [ended(need, NeedOutcome.EXPIRED)]
    silent = tuple(
        one.checkin for one in need.offers if one.answer is Answer.WAITED_FOR and one.until <= now
    )
    return [NeedOffersLapsed(need.need, silent)] if silent else []


VERBS = ("accept", "ask-resource", "decline", "release-resource", "withdraw")


def open_verbs(need: Need) -> tuple[str, ...]:
    """The verbs that this need knows now."""
    return VERBS if need.status is Status.OPEN else ()


need = Aggregate(
    kind="need",
    initial=Need(),
    decide=decide,
    evolve=evolve,
    events=(
        NeedStated,
        NeedMeasured,
        NeedAsked,
        NeedPromised,
        NeedReleased,
        NeedLeftOut,
        NeedOffered,
        NeedOfferAnswered,
        NeedOffersLapsed,
        NeedMembersStruck,
        NeedMet,
        NeedNotGiven,
        NeedCarried,
        NeedEnded,
        NeedDescribed,
    ),
    due=due,
)
