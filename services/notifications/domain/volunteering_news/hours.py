"""Who is told what of hours served: the volunteer who served them."""

from services.notifications.domain.telling import Telling, to
from shared.contracts.event import Event
from shared.contracts.volunteering import (
    CertificateIssued,
    CertificateWithdrawn,
    HoursConfirmed,
    HoursCorrected,
)

TELLS_NOBODY: frozenset[type[Event]] = frozenset()


def tellings(event: Event) -> list[Telling | None]:
    """Who must know of the event."""
    match event:
        case HoursConfirmed() as e:
            return [
                to(e.volunteer, "hours-confirmed", place=e.place, begin=e.begun, minutes=e.minutes)
            ]
        case HoursCorrected() as e:
            return [
                to(
                    e.volunteer,
                    "hours-corrected",
                    place=e.place,
                    begin=e.begun,
                    before=e.before,
                    minutes=e.minutes,
                )
            ]
        case CertificateIssued(replaces=None):
            return []  # the answer to their own request
        case CertificateIssued() as e:
            return [to(e.volunteer, "certificate-replaced", number=e.number, replaces=e.replaces)]
        case CertificateWithdrawn() as e:
            return [to(e.volunteer, "certificate-withdrawn", number=e.number, because=e.because)]
    return []
