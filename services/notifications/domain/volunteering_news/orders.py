"""Who is told what of three-order service (点单 派单 接单)."""

from typing import Any

from services.notifications.domain.telling import Telling, to
from shared.contracts import volunteering
from shared.contracts.event import Event

TELLS_NOBODY: frozenset[type[Event]] = frozenset(
    {
        volunteering.ServiceDefined,  # the catalogue is open to all
        volunteering.ServiceRevised,
        volunteering.ServiceRetired,
        volunteering.ServiceChangeCalledOff,
        volunteering.TakersSought,
        volunteering.OrderDeclined,  # the next in line is asked
        volunteering.OrderBeginConfirmed,
        volunteering.OrderPresenceDisputed,  # the office is alarmed
        volunteering.OrderForgotten,
    }
)

NOT_THEIR_DOING = frozenset({"not-agreed", "absent", "suspended", "unfit"})
"""When an order is taken from a volunteer, they are told."""


def tellings(event: Event) -> list[Telling | None]:
    """Who must know of the event."""
    return [*_of_seeking(event), *_of_serving(event), *_of_ending(event)]


def _of_seeking(event: Event) -> list[Telling | None]:
    match event:
        case volunteering.OrderPlaced() as e:
            what = {**_which(e), "place": e.place}
            return [to(e.resident, "order-placed-for-you", but_not=e.placed_by, **what)]
        case volunteering.OrderTimesNamed(order=order, service=service) as e:
            return [
                to(person, "order-times-changed", order=order, service=service)
                for person in e.offered
            ]
        case volunteering.OrderOffered() as e:
            return [
                to(
                    person,
                    "order-offered",
                    order=e.order,
                    service=e.service,
                    place=e.place,
                    start=e.earliest,
                    until=e.until,
                )
                for person in e.volunteers
            ]
        case volunteering.OrderOffersLapsed(order=order, volunteers=volunteers):
            return [to(person, "order-offer-lapsed", order=order) for person in volunteers]
        case volunteering.OrderClimbed() as e:
            what = {**_which(e), "place": e.place}
            return [
                to(e.called, "order-needs-a-taker", until=e.until, **what),
                to(e.resident, "order-climbed", level=e.level, **what),
                to(e.placed_by, "order-climbed", level=e.level, **what),
            ]
        case volunteering.OrderAlarmed() as e:
            why = f"order-{e.because}"
            what = {**_which(e), "place": e.place}
            return [to(e.called, "order-alarm", because=why, **what)]
        case volunteering.OrderEntrusted() as e:
            what = {**_which(e), "place": e.place}
            return [to(e.organisation, "order-entrusted", body=True, until=e.until, **what)]
        case volunteering.OrderEntrustmentEnded(because="returned"):
            return []
        case volunteering.OrderEntrustmentEnded(order=order, organisation=organisation):
            return [to(organisation, "order-entrustment-ended", body=True, order=order)]
        case volunteering.OrderAccepted() | volunteering.OrderTakenOver() as e:
            what = _which(e)
            kind = "order-accepted"
            if isinstance(e, volunteering.OrderTakenOver):
                kind = "order-taken-over"
            return [
                to(e.resident, kind, **what),
                to(e.placed_by, kind, **what),
                *(to(person, "order-taken", **what) for person in e.passed_over),
            ]
    return []


def _of_serving(event: Event) -> list[Telling | None]:
    match event:
        case volunteering.OrderTimeProposed() as e:
            what = _which(e)
            return [to(e.to, "order-time-proposed", start=e.begin, **what)]
        case volunteering.OrderAgreed() | volunteering.OrderNear() as e:
            kind = "order-agreed" if isinstance(e, volunteering.OrderAgreed) else "order-near"
            return [
                to(person, kind, order=e.order, service=e.service, start=e.begin)
                for person in (e.resident, e.placed_by, e.volunteer)
            ]
        case volunteering.OrderGivenBack() as e:
            what = _which(e)
            taken = e.volunteer if e.because in NOT_THEIR_DOING else None
            why = f"order-{e.because}"
            return [
                to(e.resident, "order-given-back", **what),
                to(e.placed_by, "order-given-back", **what),
                to(taken, "order-not-yours", because=why, **what),
            ]
        case volunteering.OrderBegun() | volunteering.OrderFinished() as e:
            kind = "order-begun" if isinstance(e, volunteering.OrderBegun) else "order-finished"
            return [
                to(person, kind, but_not=e.by, order=e.order, service=e.service)
                for person in (e.resident, e.volunteer)
            ]
    return []


def _of_ending(event: Event) -> list[Telling | None]:
    match event:
        case volunteering.OrderDone() as e:
            return [
                to(person, "order-done", order=e.order, service=e.service, minutes=e.minutes)
                for person in (e.resident, e.placed_by, e.volunteer)
            ]
        case volunteering.OrderRated() as e:
            what = _which(e)
            return [to(e.person, "order-rated", stars=e.stars, **what)]
        case volunteering.OrderCancelled() as e:
            people = (e.resident, e.placed_by, e.volunteer, *e.offered)
            return [
                to(person, "order-cancelled", but_not=e.by, order=e.order, service=e.service)
                for person in people
            ]
        case volunteering.OrderEnded() as e:
            # Who was erased is not written to.
            hosts = () if e.because == "erased" else (e.resident, e.placed_by)
            why = f"order-{e.because}"
            what = _which(e)
            return [
                to(person, "order-ended", but_not=e.by, because=why, **what)
                for person in (*hosts, e.volunteer, *e.offered)
            ]
    return []


def _which(event: Any) -> dict[str, Any]:
    """Which order of which service."""
    return {"order": event.order, "service": event.service}
