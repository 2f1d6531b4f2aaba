"""Who is told what of evidence (线上留证): that there is some, never what."""

from services.notifications.domain.telling import Telling, to
from shared.contracts import mediation
from shared.contracts.event import Event

TELLS_NOBODY: frozenset[type[Event]] = frozenset()


def tellings(event: Event) -> list[Telling | None]:
    """Who must know of the event."""
    match event:
        case mediation.EvidenceFiled() as e:
            return [to(one, "evidence-filed", dispute=e.dispute) for one in e.readers]
        case mediation.EvidenceWidened() as e:
            return [to(one, "evidence-opened", dispute=e.dispute) for one in e.readers]
        case mediation.EvidenceWithdrawn() as e:
            return [to(one, "evidence-withdrawn", dispute=e.dispute) for one in e.readers]
    return []
