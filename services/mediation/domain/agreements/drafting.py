"""Drafting: clauses in words, version after version. Each version is signed anew."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from services.mediation.domain.agreements.agreement_commands import ClauseDraft, DraftAgreement
from services.mediation.domain.agreements.agreement_events import (
    AgreementCircleLearnt,
    AgreementOutlined,
    AgreementWorded,
    Bound,
    Term,
)
from services.mediation.domain.agreements.agreement_state import (
    BINDING,
    Agreement,
    Around,
    Status,
    days,
)
from services.mediation.domain.agreements.document import digest_of, document
from services.mediation.domain.agreements.terms import (
    COOLING_OFF,
    LONGEST_TERM,
    MOST_VERSIONS,
)
from services.mediation.domain.circle import Circle, circle_of
from services.mediation.domain.disputes.dispute_state import Consent, Dispute
from services.mediation.domain.disputes.dispute_state import Status as DisputeStatus
from shared.contracts.event import Event
from shared.contracts.mediation.agreements import AgreementDrafted
from shared.runtime.aggregate import Rejected


def drafted(
    command: DraftAgreement, agreement: Agreement, now: datetime, around: Around
) -> list[Event]:
    """A version by the mediator, or by who speaks for a party."""
    dispute = around.dispute
    if dispute is None or dispute.status is not DisputeStatus.MEDIATING:
        raise Rejected("dispute-not-mediating", "an agreement is made while mediation goes on")
    before = around.before
    binds = before is not None and before.status in BINDING
    if before is not None and binds and before.agreement not in dispute.agreements:
        # The dispute has not heard of it yet: a second one would bind, too.
        raise Rejected("dispute-not-mediating", "an agreement was just signed")
    circle = circle_of(dispute)
    if circle.number < agreement.circle.number:
        raise Rejected("parties-changed", "somebody joined or left: draft another version")
    if command.drafter != circle.mediator and circle.side_of(command.drafter) is None:
        raise Rejected("not-to-draft", "the mediator drafts it, or who speaks for a party")
    if agreement.version >= MOST_VERSIONS:
        raise Rejected(
            "too-many-versions",
            f"an agreement has at most {MOST_VERSIONS} versions: talk it over first",
            most=MOST_VERSIONS,
        )
    parties = _bound(dispute)
    cooling_off = COOLING_OFF.get(dispute.kind, 0)
    _check(command.clauses, parties, now, cooling_off)
    keys = {one.party for one in parties}
    names = {party: name for party, name in command.names if party in keys}
    assert around.canonical is not None, "who drafts is told how to write it"
    version = agreement.version + 1
    written = document(
        agreement=around.agreement,
        version=version,
        dispute=dispute.dispute,
        kind=dispute.kind,
        drafted_at=now,
        cooling_off_days=cooling_off,
        mediator=circle.mediator,
        parties=parties,
        names=names,
        clauses=command.clauses,
        open_points=command.open_points,
    )
    return [
        AgreementDrafted(
            around.agreement,
            dispute.dispute,
            version,
            command.drafter,
            circle.people,
            circle.mediator,
        ),
        AgreementOutlined(
            dispute.kind,
            parties,
            tuple(Term(one.party, one.until, one.cents) for one in command.clauses),
            not command.open_points,
            cooling_off,
            digest_of(written, around.canonical),
            now,
            circle,
        ),
        AgreementWorded(
            version, command.clauses, command.open_points, tuple(sorted(names.items()))
        ),
    ]


def learnt(agreement: Agreement, around: Around) -> list[Event]:
    """Somebody joined the dispute, or left it."""
    if around.dispute is None:
        return []
    circle = circle_of(around.dispute)
    if circle.number <= agreement.circle.number:
        return []
    return [AgreementCircleLearnt(_around(agreement, circle))]


def _around(agreement: Agreement, circle: Circle) -> Circle:
    """Who is around the agreement, now that the circle of its dispute is another one: a party that
    has signed keeps who spoke for it last, even when it leaves the dispute.
    """
    if agreement.status is Status.DRAFTED:
        return circle
    still = {one.party for one in circle.speakers}
    bound = {one.party for one in agreement.parties}
    kept = (
        one for one in agreement.circle.speakers if one.party in bound and one.party not in still
    )
    return replace(circle, speakers=(*circle.speakers, *kept))


def refuse_early(untils: Iterable[datetime], now: datetime, cooling_off: int) -> None:
    """Raises `Rejected` for what would have to be done before the agreement can be in force: when
    it is drafted, and again when it is signed late.
    """
    for n, until in enumerate(untils, start=1):
        if until <= now + days(cooling_off):
            raise Rejected(
                "clause-due-too-early",
                f"clause {n} is due before the agreement can be in force",
                clause=n,
            )


def _bound(dispute: Dispute) -> tuple[Bound, ...]:
    return tuple(
        Bound(one.key, one.side, one.person, one.organisation)
        for one in dispute.parties
        if one.consent is Consent.AGREED
    )


def _check(
    clauses: tuple[ClauseDraft, ...], parties: tuple[Bound, ...], now: datetime, cooling_off: int
) -> None:
    if not clauses:
        raise Rejected("no-clauses", "an agreement says at least one thing that somebody does")
    refuse_early((one.until for one in clauses), now, cooling_off)
    keys = {one.party for one in parties}
    for n, one in enumerate(clauses, start=1):
        if one.party not in keys:
            raise Rejected(
                "clause-of-nobody", f"clause {n} is to be done by a party that takes part", clause=n
            )
        if one.until > now + LONGEST_TERM:
            raise Rejected(
                "clause-due-too-late",
                f"clause {n} is due in more than {LONGEST_TERM.days} days",
                clause=n,
                days=LONGEST_TERM.days,
            )
