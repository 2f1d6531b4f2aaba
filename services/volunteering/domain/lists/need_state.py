"""A need as it stands: the fold of its events."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.volunteering.domain.lists.need_commands import (
    NeedCarried,
    NeedMeasured,
    NeedMembersStruck,
    NeedPromised,
)
from services.volunteering.domain.lists.resource_state import Measure
from shared.contracts.event import Event
from shared.contracts.volunteering.lists import (
    NeedAsked,
    NeedEnded,
    NeedLeftOut,
    NeedMet,
    NeedOfferAnswered,
    NeedOffered,
    NeedOffersLapsed,
    NeedReleased,
    NeedStated,
    Provision,
)
from shared.runtime.aggregate import changed


class Status(StrEnum):
    """How a need stands."""

    NONE = "none"
    OPEN = "open"
    ENDED = "ended"


class Answer(StrEnum):
    """What became of an offer."""

    WAITED_FOR = "waited-for"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"


@dataclass(frozen=True)
class Ask:
    """A resource was asked for so much, and has `promised` it or not answered yet."""

    resource: str
    quantity: int
    promised: bool = False


@dataclass(frozen=True)
class Offer:
    """Who has checked in is asked until then; `quantity` is what they accepted."""

    checkin: str
    person: str | None
    organisation: str | None
    until: datetime
    answer: Answer = Answer.WAITED_FOR
    quantity: int = 0


@dataclass(frozen=True)
class Need:
    """`by` stated it; `project` carries it. `met` once all was promised."""

    need: str = ""
    status: Status = Status.NONE
    kind: Provision = Provision.VENUE
    measure: Measure = Measure.PIECE
    place: str = ""
    path: tuple[str, ...] = ()
    quantity: int = 0
    begin: datetime | None = None
    until: datetime | None = None
    by: str = ""
    asks: tuple[Ask, ...] = ()
    offers: tuple[Offer, ...] = ()
    met: bool = False
    project: str | None = None
    outcome: str | None = None

    @property
    def covered(self) -> int:
        """How much is promised or accepted."""
        promised = sum(one.quantity for one in self.asks if one.promised)
        return promised + sum(one.quantity for one in self.offers)

    @property
    def lacking(self) -> int:
        """How much nobody has promised, or was asked for."""
        pending = sum(one.quantity for one in self.asks if not one.promised)
        return self.quantity - self.covered - pending

    def ask_of(self, resource: str) -> Ask | None:
        """What a resource was asked for."""
        return next((one for one in self.asks if one.resource == resource), None)


@dataclass(frozen=True)
class Ground:
    """The need's own id, and the path of the place named; empty for none that is open."""

    need: str
    path: tuple[str, ...] = ()


def evolve(need: Need, event: Event) -> Need:
    """The need after an event."""
    match event:
        case NeedStated(need=id, kind=kind, place=place, path=path, quantity=quantity) as e:
            return Need(
                need=id,
                status=Status.OPEN,
                kind=kind,
                place=place,
                path=path,
                quantity=quantity,
                begin=e.begin,
                until=e.until,
                by=e.by,
            )
        case NeedMeasured(measure=measure):
            return changed(need, measure=measure)
        case NeedAsked(resource=resource, quantity=quantity):
            return changed(need, asks=(*need.asks, Ask(resource, quantity)))
        case NeedPromised(resource=resource, quantity=quantity):
            asks = (
                Ask(resource, quantity, promised=True) if one.resource == resource else one
                for one in need.asks
            )
            return changed(need, asks=tuple(asks))
        case NeedReleased(resource=resource) | NeedLeftOut(resource=resource):
            kept = tuple(one for one in need.asks if one.resource != resource)
            return _uncovered(changed(need, asks=kept))
        case NeedOffered(checkin=checkin, person=person, organisation=organisation, until=until):
            offer = Offer(checkin, person, organisation, until)
            return changed(need, offers=(*need.offers, offer))
        case NeedOfferAnswered(checkin=checkin, quantity=quantity):
            answer = Answer.ACCEPTED if quantity else Answer.DECLINED
            return _uncovered(_offer(need, (checkin,), answer=answer, quantity=quantity))
        case NeedOffersLapsed(checkins=checkins):
            return _offer(need, checkins, answer=Answer.LAPSED)
        case NeedMembersStruck(checkins=checkins):
            gone = {"person": None, "organisation": None, "quantity": 0}
            return _uncovered(_offer(need, checkins, answer=Answer.DECLINED, **gone))
        case NeedMet():
            return changed(need, met=True)
        case NeedCarried(project=project):
            return changed(need, project=project)
        case NeedEnded(outcome=outcome):
            return changed(need, status=Status.ENDED, outcome=outcome.value)
    return need


def _offer(need: Need, checkins: tuple[str, ...], **changes: object) -> Need:
    offers = (changed(one, **changes) if one.checkin in checkins else one for one in need.offers)
    return changed(need, offers=tuple(offers))


def _uncovered(need: Need) -> Need:
    """Something may be lacking again."""
    return changed(need, met=need.met and need.covered >= need.quantity)
