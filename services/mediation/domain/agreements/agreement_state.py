"""An agreement as it stands: the fold of its events."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from services.mediation.domain.agreements.agreement_events import (
    AgreementCircleLearnt,
    AgreementDropped,
    AgreementForgotten,
    AgreementMasked,
    AgreementOutlined,
    AgreementPartySigned,
    AgreementServantForgotten,
    Bound,
)
from services.mediation.domain.circle import Circle
from services.mediation.domain.disputes.dispute_state import Dispute
from shared.contracts.event import Event
from shared.contracts.mediation.agreements import (
    AgreementBroken,
    AgreementDrafted,
    AgreementInForce,
    AgreementKept,
    AgreementRevoked,
    AgreementSigned,
    ClauseConfirmationAsked,
    ClauseConfirmed,
    ClauseDisputed,
    ClauseDue,
    ClauseOverdue,
    ClauseReported,
    JudicialConfirmationEnding,
    JudicialConfirmationSought,
)
from shared.contracts.mediation.disputes import DisputeKind
from shared.runtime.aggregate import changed


class Status(StrEnum):
    """How far an agreement has come. `SIGNED` by all it can be revoked still."""

    NONE = "none"
    DRAFTED = "drafted"
    SIGNED = "signed"
    IN_FORCE = "in-force"
    KEPT = "kept"
    BROKEN = "broken"
    REVOKED = "revoked"
    DROPPED = "dropped"


BINDING = frozenset({Status.SIGNED, Status.IN_FORCE})
UNSETTLED = frozenset({Status.DRAFTED, Status.SIGNED})
"""Of these a dispute has one at most."""


class Done(StrEnum):
    """How far a clause has come."""

    OPEN = "open"
    REPORTED = "reported"
    DISPUTED = "disputed"
    CONFIRMED = "confirmed"


@dataclass(frozen=True)
class Clause:
    """`party` does it until then. `told` is whether its debtors were reminded, `late` whether all
    heard that its time has passed. What is reported counts as done at `answer_by`.
    """

    party: str
    until: datetime
    cents: int | None = None
    done: Done = Done.OPEN
    told: bool = False
    late: bool = False
    answer_by: datetime | None = None
    asked_again: bool = False


@dataclass(frozen=True)
class Signature:
    """Who signed for a party, and when."""

    party: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Agreement:
    """`version` is the present one, `digest` that of its document. `people` are the persons who are
    a party of it, `concerned` all who have to do with it. `until` is the end of the time to think
    it over; `since` when it came into force. `masked` are the parties whose names were taken out of
    its text when they were erased.
    """

    agreement: str = ""
    status: Status = Status.NONE
    dispute: str = ""
    kind: DisputeKind = DisputeKind.OTHER
    circle: Circle = field(default_factory=Circle)
    version: int = 0
    drafted_by: str | None = None
    drafted_at: datetime | None = None
    parties: tuple[Bound, ...] = ()
    people: tuple[str, ...] = ()
    concerned: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()
    whole: bool = True
    cooling_off_days: int = 0
    digest: str = ""
    mediator: str | None = None
    signatures: tuple[Signature, ...] = ()
    until: datetime | None = None
    since: datetime | None = None
    judicial_until: datetime | None = None
    judicial_told: bool = False
    judicial_sought: bool = False
    broken: int | None = None
    path: str | None = None
    forgotten: bool = False
    masked: tuple[str, ...] = ()

    @property
    def holders(self) -> tuple[str, ...]:
        """All who speak for a party of it."""
        keys = {one.party for one in self.parties}
        found = (one.person for one in self.circle.speakers if one.party in keys)
        return tuple(dict.fromkeys(found))

    def debtors(self, clause: Clause) -> tuple[str, ...]:
        """Who speaks for the party that has to do it."""
        return self.circle.of_party(clause.party)

    def side(self, party: str) -> str | None:
        """The side of a party of it."""
        return next((one.side for one in self.parties if one.party == party), None)

    def creditors(self, clause: Clause) -> tuple[str, ...]:
        """Who speaks for the other sides."""
        own = self.side(clause.party)
        others = {one.party for one in self.parties if one.side != own}
        found = (one.person for one in self.circle.speakers if one.party in others)
        return tuple(dict.fromkeys(found))

    @property
    def unsigned(self) -> tuple[str, ...]:
        """The keys of the parties that have not signed the present version."""
        signed = {one.party for one in self.signatures}
        return tuple(one.party for one in self.parties if one.party not in signed)


@dataclass(frozen=True)
class Around:
    """What the rules are told: the agreement's id, the dispute that it belongs to, the agreement
    of the dispute before it, and what writes a document as RFC 8785 asks.
    """

    agreement: str
    dispute: Dispute | None = None
    canonical: Callable[[Any], bytes] | None = None
    before: Agreement | None = None


def evolve(agreement: Agreement, event: Event) -> Agreement:
    """The agreement after an event."""
    match event:
        case AgreementDrafted():
            return Agreement(
                event.agreement,
                Status.DRAFTED,
                event.dispute,
                version=event.version,
                drafted_by=event.by,
                mediator=event.mediator,
            )
        case AgreementOutlined():
            outlined = changed(
                agreement,
                kind=event.kind,
                drafted_at=event.at,
                parties=event.parties,
                people=tuple(one.person for one in event.parties if one.person is not None),
                clauses=tuple(Clause(one.party, one.until, one.cents) for one in event.terms),
                whole=event.whole,
                cooling_off_days=event.cooling_off_days,
                digest=event.digest,
            )
            return _around(outlined, event.circle)
        case AgreementPartySigned(party=party, by=by, at=at):
            signed = (*agreement.signatures, Signature(party, by, at))
            return changed(agreement, signatures=signed)
        case AgreementSigned(until=until):
            return changed(agreement, status=Status.SIGNED, until=until)
        case AgreementInForce(judicial_until=until):
            since = agreement.until or agreement.signatures[-1].at
            return changed(agreement, status=Status.IN_FORCE, since=since, judicial_until=until)
        case AgreementRevoked():
            return changed(agreement, status=Status.REVOKED)
        case AgreementDropped():
            return changed(agreement, status=Status.DROPPED)
        case AgreementCircleLearnt(circle=circle):
            return _around(agreement, circle)
        case AgreementForgotten(person=person):
            return changed(_without(agreement, person), forgotten=True)
        case AgreementMasked(parties=parties):
            masked = tuple(dict.fromkeys((*agreement.masked, *parties)))
            return changed(agreement, forgotten=False, masked=masked)
        case AgreementServantForgotten(person=person):
            return _without(agreement, person)
        case AgreementKept():
            return changed(agreement, status=Status.KEPT)
        case AgreementBroken(clause=n, path=path):
            return changed(agreement, status=Status.BROKEN, broken=n, path=path.value)
        case JudicialConfirmationEnding():
            return changed(agreement, judicial_told=True)
        case JudicialConfirmationSought():
            return changed(agreement, judicial_sought=True)
        case ClauseDue(clause=n):
            return _clause(agreement, n, told=True)
        case ClauseOverdue(clause=n):
            return _clause(agreement, n, told=True, late=True)
        case ClauseReported(clause=n, until=until):
            news = {"done": Done.REPORTED, "answer_by": until, "asked_again": False}
            return _clause(agreement, n, **news)
        case ClauseConfirmationAsked(clause=n):
            return _clause(agreement, n, asked_again=True)
        case ClauseConfirmed(clause=n):
            return _clause(agreement, n, done=Done.CONFIRMED, answer_by=None)
        case ClauseDisputed(clause=n):
            return _clause(agreement, n, done=Done.DISPUTED, answer_by=None)
    return agreement


def _clause(agreement: Agreement, n: int, **news: Any) -> Agreement:
    clauses = tuple(
        replace(one, **news) if at == n else one
        for at, one in enumerate(agreement.clauses, start=1)
    )
    return changed(agreement, clauses=clauses)


def _around(agreement: Agreement, circle: Circle) -> Agreement:
    drafter = () if agreement.drafted_by is None else (agreement.drafted_by,)
    signers = {one.by for one in agreement.signatures if one.by}
    concerned = {*circle.everybody, *agreement.people, *drafter, *signers}
    return changed(agreement, circle=circle, concerned=tuple(sorted(concerned)))


def _without(agreement: Agreement, person: str) -> Agreement:
    left = changed(
        agreement,
        parties=tuple(
            replace(one, person=None) if one.person == person else one for one in agreement.parties
        ),
        people=tuple(one for one in agreement.people if one != person),
        drafted_by=None if agreement.drafted_by == person else agreement.drafted_by,
        mediator=None if agreement.mediator == person else agreement.mediator,
        signatures=tuple(
            replace(one, by="") if one.by == person else one for one in agreement.signatures
        ),
    )
    return _around(left, agreement.circle.without(person))


def days(count: int) -> timedelta:
    """So many calendar days."""
    return timedelta(days=count)
