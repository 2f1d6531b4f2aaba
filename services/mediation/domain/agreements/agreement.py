"""Agreement (调解协议): what the parties of a dispute promise one another, clause by clause."""

from datetime import datetime

from services.mediation.domain.agreements import drafting, forgetting, keeping, signing
from services.mediation.domain.agreements.agreement_commands import (
    ConfirmDone,
    DisputeDone,
    DraftAgreement,
    DropAgreement,
    LearnAgreementCircle,
    ReportBreach,
    ReportDone,
    RevokeAgreement,
    SeekConfirmation,
    SignAgreement,
)
from services.mediation.domain.agreements.agreement_events import (
    AgreementCircleLearnt,
    AgreementDropped,
    AgreementForgotten,
    AgreementMasked,
    AgreementOutlined,
    AgreementPartySigned,
    AgreementSaid,
    AgreementServantForgotten,
    AgreementWorded,
)
from services.mediation.domain.agreements.agreement_state import (
    Agreement,
    Around,
    Status,
    evolve,
)
from services.mediation.domain.agreements.forgetting import ForgetAgreementOf
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
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick

OPEN: dict[str, frozenset[Status]] = {
    "draft": frozenset({Status.NONE, Status.DRAFTED}),
    "show-name": frozenset({Status.DRAFTED}),
    "sign": frozenset({Status.DRAFTED}),
    "revoke": frozenset({Status.SIGNED}),
    "report-done": frozenset({Status.IN_FORCE}),
    "confirm-done": frozenset({Status.IN_FORCE}),
    "dispute-done": frozenset({Status.IN_FORCE}),
    "report-breach": frozenset({Status.IN_FORCE}),
    "seek-confirmation": frozenset({Status.IN_FORCE}),
}
"""In which statuses a verb is open, whoever asks."""


def decide(command: Command, agreement: Agreement, now: datetime, around: Around) -> list[Event]:
    """What follows from a command; `around` is what the rules are told of the world."""
    if command.verb in OPEN and agreement.status not in OPEN[command.verb]:
        status, verb = agreement.status.value, command.verb
        raise Rejected(
            "agreement-wrong-moment",
            f"{verb} does not fit an agreement that is {status}",
            verb=verb,
            status=status,
        )
    match command:
        case Tick():
            return _passed(agreement, now)
        case DraftAgreement():
            return drafting.drafted(command, agreement, now, around)
        case SignAgreement():
            return signing.signed(command, agreement, now, around)
        case RevokeAgreement():
            return signing.revoked(command, agreement, now)
        case ReportDone():
            return keeping.reported(command, agreement, now)
        case ConfirmDone():
            return keeping.confirmed(command, agreement)
        case DisputeDone():
            return keeping.disputed(command, agreement)
        case ReportBreach():
            return keeping.broken(command, agreement, now)
        case SeekConfirmation():
            return keeping.sought(command, agreement, now)
        case DropAgreement() if agreement.status is Status.DRAFTED:
            return [AgreementDropped()]
        case LearnAgreementCircle() if agreement.status is not Status.NONE:
            return drafting.learnt(agreement, around)
        case ForgetAgreementOf() if agreement.status is not Status.NONE:
            return forgetting.forgotten(command, agreement)
    return []


def due(agreement: Agreement) -> datetime | None:
    """When it next wants attention."""
    if agreement.status is Status.SIGNED:
        return agreement.until
    if agreement.status is Status.IN_FORCE:
        return min(keeping.due(agreement), default=None)
    return None


def _passed(agreement: Agreement, now: datetime) -> list[Event]:
    if agreement.status is Status.SIGNED:
        until = agreement.until
        return [] if until is None or until > now else [signing.in_force(agreement, until)]
    return keeping.passed(agreement, now) if agreement.status is Status.IN_FORCE else []


def open_verbs(agreement: Agreement) -> tuple[str, ...]:
    """The verbs that this agreement knows now."""
    return tuple(verb for verb, statuses in OPEN.items() if agreement.status in statuses)


agreement = Aggregate(
    kind="agreement",
    initial=Agreement(),
    decide=decide,
    evolve=evolve,
    events=(
        AgreementDrafted,
        AgreementOutlined,
        AgreementPartySigned,
        AgreementSigned,
        AgreementInForce,
        AgreementRevoked,
        AgreementDropped,
        AgreementKept,
        AgreementBroken,
        ClauseDue,
        ClauseOverdue,
        ClauseReported,
        ClauseConfirmationAsked,
        ClauseConfirmed,
        ClauseDisputed,
        JudicialConfirmationEnding,
        JudicialConfirmationSought,
        AgreementCircleLearnt,
        AgreementForgotten,
        AgreementMasked,
        AgreementServantForgotten,
        AgreementWorded,
        AgreementSaid,
    ),
    due=due,
)
