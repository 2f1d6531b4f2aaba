"""Who is told what of mediators (和事佬) and 4+X panels.

Whoever did something themselves is not told of it.
"""

from services.notifications.domain.telling import Telling, to
from shared.contracts import mediation
from shared.contracts.event import Event
from shared.contracts.mediation.panels import NotFilled

TELLS_NOBODY: frozenset[type[Event]] = frozenset(
    {
        mediation.MediatorTrained,  # stands in the record; that it ends soon is told
        mediation.PanelOpened,  # a mediator being appointed is told
        mediation.PanelMemberSeated,  # the member has declared it
        mediation.PanelComplete,  # sessions with the panel follow
    }
)

OWN_DOING = frozenset({NotFilled.DECLINED, NotFilled.STEPPED_DOWN, NotFilled.ERASED})
"""After which nobody has to be told that they have no part any more."""


def tellings(event: Event) -> list[Telling | None]:
    """Who must know of the event."""
    match event:
        case mediation.MediatorRegistered() as e:
            return [to(e.mediator, "mediator-registered", place=e.place, until=e.until)]
        case mediation.MediatorTermSet() as e:
            return [to(e.mediator, "mediator-term-set", until=e.until)]
        case mediation.MediatorValidityEnding(what="term") as e:
            return [to(e.mediator, "mediator-term-ending", until=e.until)]
        case mediation.MediatorValidityEnding() as e:
            return [to(e.mediator, "mediator-training-ending", training=e.what, until=e.until)]
        case mediation.MediatorSuspended() as e:
            return [to(e.mediator, "mediator-suspended", but_not=e.by)]
        case mediation.MediatorResumed() as e:
            return [to(e.mediator, "mediator-resumed", but_not=e.by)]
        case mediation.MediatorRetired(because="erased"):
            return []
        case mediation.MediatorRetired() as e:
            kind = "mediator-term-over" if e.because == "term" else "mediator-retired"
            return [to(e.mediator, kind, but_not=e.by)]
    return _of_panels(event)


def _of_panels(event: Event) -> list[Telling | None]:
    match event:
        case mediation.MediatorAsked() as e:
            kind, until = "mediation-asked", e.until
            return [to(e.mediator, kind, dispute=e.dispute, place=e.place, until=until)]
        case mediation.MediatorNotWon() as e:
            because = f"panel-{e.because.value}"
            convenor = None if e.because is NotFilled.REPLACED else e.convenor
            return [
                to(_told(e.mediator, e.because), "mediation-not-yours", dispute=e.dispute),
                to(convenor, "mediator-not-won", dispute=e.dispute, because=because),
            ]
        case mediation.MediatorAppointed() as e:
            kind = "mediator-appointed"
            return [to(one, kind, dispute=e.dispute, place=e.place) for one in e.parties]
        case mediation.MediatorReleased() as e:
            because = f"panel-{e.because.value}"
            person = _told(e.mediator, e.because)
            return [to(person, "mediator-released", dispute=e.dispute, because=because)]
        case mediation.MediatorSought() as e:
            return [to(e.convenor, "mediator-sought", dispute=e.dispute, place=e.place)]
        case mediation.PanelMemberAsked() as e:
            kind, until = "panel-asked", e.until
            return [to(e.person, kind, dispute=e.dispute, place=e.place, until=until)]
        case mediation.PanelMemberLeft() as e:
            return [to(e.person, "panel-left", dispute=e.dispute)]
        case mediation.PanelSeatVacant() as e:
            because = f"panel-{e.because.value}"
            kind, place = "panel-seat-vacant", e.place
            return [to(e.convenor, kind, dispute=e.dispute, place=place, because=because)]
    return []


def _told(person: str, because: NotFilled) -> str | None:
    return None if because in OWN_DOING else person
