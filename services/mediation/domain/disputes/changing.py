"""What several chapters of a dispute's changes have in common."""

from services.mediation.domain.disputes.dispute_state import Dispute, Status
from shared.runtime.aggregate import changed


def with_party(dispute: Dispute, key: str, **changes: object) -> Dispute:
    """The dispute with one of its parties changed."""
    parties = tuple(changed(one, **changes) if one.key == key else one for one in dispute.parties)
    return changed(dispute, parties=parties)


def now_in(dispute: Dispute, status: Status, **rest: object) -> Dispute:
    """In another status nothing is waited for any more, until that is said anew."""
    return changed(dispute, status=status, wait=None, late=None, **rest)
