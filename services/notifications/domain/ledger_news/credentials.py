"""Who is told what of credentials: their holder."""

from services.notifications.domain.telling import Telling, to
from shared.contracts.event import Event
from shared.contracts.ledger import CredentialExpired, CredentialIssued, CredentialRevoked
from shared.contracts.ledger.credentials import CredentialEnd

TELLS_NOBODY: frozenset[type[Event]] = frozenset()


def tellings(event: Event) -> list[Telling | None]:
    """Who must know of the event."""
    match event:
        case CredentialIssued() as e:
            return [
                to(
                    e.holder,
                    "credential-issued",
                    credential=e.credential,
                    about=e.about,
                    until=e.valid_until,
                )
            ]
        case CredentialRevoked(because=CredentialEnd.REISSUED):
            return []  # they hear of the one in its place
        case CredentialRevoked() as e:
            return [
                to(
                    e.holder,
                    "credential-revoked",
                    but_not=e.revoked_by,
                    credential=e.credential,
                    about=e.about,
                    because=e.because,
                )
            ]
        case CredentialExpired() as e:
            return [to(e.holder, "credential-expired", credential=e.credential, about=e.about)]
    return []
