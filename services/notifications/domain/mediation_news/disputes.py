"""Who is told what of disputes (纠纷).

Whoever did something themselves is not told of it.
"""

from collections.abc import Iterable
from typing import Any

from services.notifications.domain.telling import Telling, to
from shared.contracts import mediation
from shared.contracts.event import Event

TELLS_NOBODY: frozenset[type[Event]] = frozenset(
    {
        mediation.DisputeFiled,  # each party is invited; a risk is told by its own event
        mediation.DisputeLinked,  # the petition tells it
    }
)


def tellings(event: Event) -> list[Telling | None]:
    """Who must know of the event."""
    match event:
        case mediation.PartyInvited() as e:
            return _invited(e, "dispute-invited")
        case mediation.PartyReminded() as e:
            return _invited(e, "dispute-reminded")
        case mediation.PartyAgreed() as e:
            return [to(e.speaker, "dispute-recorded", but_not=e.by, dispute=e.dispute)]
        case mediation.PartyDeclined() as e:
            return [
                to(e.speaker, "dispute-recorded", but_not=e.by, dispute=e.dispute),
                *_each(e.speakers, "dispute-declined", dispute=e.dispute),
            ]
        case mediation.PartyLeft() as e:
            return _each((*e.speakers, e.mediator), "dispute-left", dispute=e.dispute)
        case mediation.RepresentativeNamed() as e:
            return [
                to(e.person, "dispute-speak", but_not=e.by, dispute=e.dispute, place=e.place),
                to(e.before, "dispute-speak-no-more", but_not=e.by, dispute=e.dispute),
            ]
    return [*_alarms(event), *_of_its_time(event), *_after_it(event)]


def _alarms(event: Event) -> list[Telling | None]:
    about: dict[str, Any]
    match event:
        case mediation.DisputeRiskRaised() as e:
            about = {"dispute": e.dispute, "place": e.place, "danger": e.kind.value}
            return [
                to(e.person, "dispute-risk-police", but_not=e.by, **about),
                to(e.informed, "dispute-risk", but_not=e.by, **about),
            ]
        case mediation.DisputeWaits() as e:
            because = f"dispute-awaits-{e.awaits.value}"
            return [
                to(e.person, "dispute-waits", dispute=e.dispute, place=e.place, because=because)
            ]
        case mediation.HotSpotRaised() as e:
            about = {"place": e.place, "because": f"dispute-{e.kind.value}", "count": e.count}
            return [to(e.person, "dispute-hot-spot", days=e.days, **about)]
    return []


def _of_its_time(event: Event) -> list[Telling | None]:
    match event:
        case mediation.DisputeBegun() as e:
            return _each(e.parties, "dispute-begun", dispute=e.dispute, until=e.until)
        case mediation.DisputeNearsLimit() as e:
            people = (*e.speakers, e.mediator)
            return _each(people, "dispute-near-limit", dispute=e.dispute, until=e.until)
        case mediation.ExtensionProposed() as e:
            kind = "dispute-extension-proposed"
            return _each(e.speakers, kind, dispute=e.dispute, until=e.until)
        case mediation.ExtensionRefused() as e:
            kind = "dispute-extension-refused"
            return [to(e.proposed_by, kind, but_not=e.by, dispute=e.dispute)]
        case mediation.DisputeExtended() as e:
            people = (*e.speakers, e.mediator)
            return _each(people, "dispute-extended", dispute=e.dispute, until=e.until)
    return []


def _after_it(event: Event) -> list[Telling | None]:
    match event:
        case mediation.SettlementRecorded() as e:
            return _each(e.speakers, "dispute-settlement-recorded", dispute=e.dispute)
        case mediation.SettlementObjectedTo() as e:
            return [to(e.mediator, "dispute-settlement-objected", dispute=e.dispute)]
        case mediation.DisputeEnded() as e:
            because = f"dispute-{e.because.value}"
            people = (*e.parties, e.mediator)
            return _each(people, "dispute-ended", dispute=e.dispute, because=because)
        case mediation.DisputeReopened() as e:
            return _each(e.parties, "dispute-reopened", dispute=e.dispute, until=e.until)
        case mediation.FollowUpAsked() as e:
            return _each(e.speakers, "dispute-holds-asked", dispute=e.dispute, until=e.until)
        case mediation.SettlementHolds() as e:
            return [to(e.mediator, "dispute-holds", dispute=e.dispute)]
        case mediation.SettlementNotHolding() as e:
            kind, people = "dispute-not-holding", (*e.speakers, e.mediator)
            return _each(people, kind, but_not=e.by, dispute=e.dispute, until=e.until)
    return []


def _invited(
    event: mediation.PartyInvited | mediation.PartyReminded, kind: str
) -> list[Telling | None]:
    """Who speaks for the party, or all who speak for the organisation."""
    body = event.speaker is None
    who = event.organisation if body else event.speaker
    return [to(who, kind, body=body, dispute=event.dispute, place=event.place, until=event.until)]


def _each(people: Iterable[str | None], kind: str, **params: Any) -> list[Telling | None]:
    return [to(person, kind, **params) for person in people]
