"""What several chapters of a dispute's changes have in common."""

from services.mediation.domain.disputes.dispute_state import Consent, Dispute, Status
from shared.runtime.aggregate import changed


def with_party(dispute: Dispute, key: str, **changes: object) -> Dispute:
    """The dispute with one of its parties changed."""
    parties = tuple(changed(one, **changes) if one.key == key else one for one in dispute.parties)
    return counted(dispute, changed(dispute, parties=parties))


def now_in(dispute: Dispute, status: Status, **rest: object) -> Dispute:
    """In another status nothing is waited for any more, until that is said anew."""
    return changed(dispute, status=status, wait=None, late=None, **rest)


def counted(before: Dispute, after: Dispute) -> Dispute:
    """The dispute after a change, with its circles counted: whether somebody came to take part with
    it, or does so no more.
    """
    if (_taking_part(after), _judges(after)) == (_taking_part(before), _judges(before)):
        return after
    return changed(after, circles=before.circles + 1)


def _judges(dispute: Dispute) -> tuple[str | None, tuple[str, ...]]:
    return dispute.mediator, dispute.panel


def _taking_part(dispute: Dispute) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.key, one.people) for one in dispute.parties if one.consent is Consent.AGREED]
