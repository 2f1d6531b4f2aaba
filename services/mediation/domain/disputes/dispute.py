"""Dispute (纠纷): a quarrel that is mediated if all agree, for a month, and followed up after."""

from datetime import datetime, timedelta

from services.mediation.domain.disputes import (
    consenting,
    ending,
    filing,
    following_up,
    forgetting,
    learning,
    prolonging,
    settling,
)
from services.mediation.domain.disputes import dispute_events as private
from services.mediation.domain.disputes.dispute_commands import (
    AgreeToMediate,
    AnswerFollowUp,
    ConsentExtension,
    DeclineToMediate,
    FailDispute,
    FileDispute,
    InviteParties,
    LearnBroken,
    LearnInForce,
    LearnKept,
    LearnLink,
    LearnMediator,
    LearnMediatorGone,
    LearnPanel,
    LearnRevoked,
    LearnSeatEmpty,
    LearnSigned,
    LeaveDispute,
    NameRepresentative,
    PassOnDispute,
    ProposeExtension,
    RaiseRisk,
    RecordAnswer,
    RefuseExtension,
    ReopenDispute,
    TellDispute,
    WithdrawDispute,
)
from services.mediation.domain.disputes.dispute_state import Around, Dispute, Status
from services.mediation.domain.disputes.evolving import evolve
from services.mediation.domain.disputes.forgetting import ForgetPerson
from services.mediation.domain.disputes.settling import (
    ConfirmSettlement,
    ObjectToSettlement,
    RecordSettlement,
)
from shared.contracts import mediation as public
from shared.contracts.event import Event
from shared.contracts.mediation.disputes import DisputeWaits
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick

ASKED = frozenset({Status.INVITED})
MEDIATED = frozenset({Status.MEDIATING})
GOING_ON = frozenset({Status.FILED, Status.INVITED, Status.MEDIATING})
THERE = frozenset(Status) - {Status.NONE}

OPEN: dict[str, frozenset[Status]] = {
    "invite": frozenset({Status.FILED}),
    "name-representative": THERE,
    "tell": GOING_ON | {Status.AGREED},
    "agree": ASKED,
    "decline": ASKED,
    "record-answer": ASKED,
    "leave": ASKED | MEDIATED,
    "withdraw": GOING_ON,
    "raise-risk": THERE,
    "propose-extension": MEDIATED,
    "consent-extension": MEDIATED,
    "refuse-extension": MEDIATED,
    "record-settlement": MEDIATED,
    "confirm-settlement": MEDIATED,
    "object-to-settlement": MEDIATED,
    "fail": MEDIATED,
    "pass-on": GOING_ON,
    "answer-follow-up": frozenset({Status.ENDED}),
    "reopen": frozenset({Status.ENDED}),
}
"""In which statuses a verb is open, whoever asks."""


def decide(command: Command, dispute: Dispute, now: datetime, around: Around) -> list[Event]:
    """What follows from a command; `around` is what the rules are told of the world."""
    if dispute.status is Status.NONE:
        if isinstance(command, FileDispute):
            return filing.filed(command, now, around)
        if command.verb in OPEN:
            raise Rejected("unknown-dispute", "no such dispute was filed")
        return []
    if isinstance(command, FileDispute):
        raise Rejected("dispute-filed", "this dispute was filed before")
    if command.verb in OPEN and dispute.status not in OPEN[command.verb]:
        raise _wrong_moment(command, dispute)
    for chapter in (_asked_for, _agreed, _ended):
        if (followed := chapter(command, dispute, now, around)) is not None:
            return followed
    return _learnt(command, dispute, now)


def _asked_for(
    command: Command, dispute: Dispute, now: datetime, around: Around
) -> list[Event] | None:
    match command:
        case Tick():
            return _passed(dispute, now, around)
        case InviteParties():
            return filing.looked_at(command, dispute, now)
        case NameRepresentative():
            return filing.represented(command, dispute)
        case TellDispute():
            return filing.told(command, dispute)
        case RaiseRisk():
            return filing.raised(command, dispute, around)
    return None


def _agreed(
    command: Command, dispute: Dispute, now: datetime, _around: Around
) -> list[Event] | None:
    match command:
        case AgreeToMediate():
            return consenting.agreed(command, dispute, now)
        case DeclineToMediate():
            return consenting.declined(command, dispute, now)
        case RecordAnswer():
            return consenting.recorded(command, dispute, now)
        case LeaveDispute():
            return consenting.left(command, dispute, now)
        case ProposeExtension():
            return prolonging.proposed(command, dispute)
        case ConsentExtension():
            return prolonging.consented(command, dispute)
        case RefuseExtension():
            return prolonging.refused(command, dispute)
    return None


def _ended(
    command: Command, dispute: Dispute, now: datetime, _around: Around
) -> list[Event] | None:
    match command:
        case RecordSettlement():
            return settling.recorded(command, dispute)
        case ConfirmSettlement():
            return settling.confirmed(command, dispute, now)
        case ObjectToSettlement():
            return settling.objected(command, dispute)
        case WithdrawDispute():
            return ending.withdrawn(command, dispute, now)
        case FailDispute():
            return ending.failed(command, dispute, now)
        case PassOnDispute():
            return ending.passed_on(command, dispute, now)
        case AnswerFollowUp():
            return following_up.answered(command, dispute, now)
        case ReopenDispute():
            return following_up.mediated_again(command, dispute, now)
    return None


def _learnt(command: Command, dispute: Dispute, now: datetime) -> list[Event]:
    match command:
        case LearnLink():
            return learning.linked(command, dispute)
        case LearnMediator():
            return learning.mediated(command, dispute)
        case LearnMediatorGone():
            return learning.mediator_gone(command, dispute, now)
        case LearnPanel():
            return learning.seated(command, dispute)
        case LearnSeatEmpty():
            return learning.seat_empty(command, dispute)
        case LearnSigned():
            return ending.signed(command, dispute, now)
        case LearnInForce():
            return ending.in_force(command, dispute, now)
        case LearnRevoked():
            return ending.revoked(command, dispute, now)
        case LearnKept():
            return ending.kept(command, dispute)
        case LearnBroken():
            return ending.broken(command, dispute, now)
        case ForgetPerson():
            return forgetting.forgotten(command, dispute, now)
    return []


def _wrong_moment(command: Command, dispute: Dispute) -> Rejected:
    status, verb = dispute.status.value, command.verb
    return Rejected(
        "dispute-wrong-moment",
        f"{verb} does not fit a dispute that is {status}",
        verb=verb,
        status=status,
    )


# --- time ----------------------------------------------------------------------------------------


def due(dispute: Dispute) -> datetime | None:
    """When it next wants attention: a reminder, the end of a time, a follow-up, or something that
    was not done.
    """
    moments = [] if dispute.wait is None else [dispute.wait.by]
    if dispute.until is not None:
        moments.append(dispute.until if dispute.told else dispute.until - _before(dispute))
    if dispute.follow_up is not None and dispute.follow_up.open:
        moments.append(dispute.follow_up.until)
    elif dispute.asks:
        moments.append(dispute.asks[0])
    return min(moments, default=None)


def _before(dispute: Dispute) -> timedelta:
    invited = dispute.status is Status.INVITED
    return consenting.REMIND_BEFORE if invited else prolonging.WARN_BEFORE


def _passed(dispute: Dispute, now: datetime, around: Around) -> list[Event]:
    if dispute.until is not None and dispute.until <= now:
        invited = dispute.status is Status.INVITED
        return (consenting.lapsed if invited else ending.time_over)(dispute, now)
    if dispute.until is not None and not dispute.told and dispute.until - _before(dispute) <= now:
        invited = dispute.status is Status.INVITED
        return consenting.reminded(dispute) if invited else prolonging.warned(dispute)
    if dispute.follow_up is not None and dispute.follow_up.open:
        return following_up.closed(dispute) if dispute.follow_up.until <= now else []
    if dispute.asks and dispute.asks[0] <= now:
        return following_up.asked(dispute, now)
    if dispute.wait is not None and dispute.wait.by <= now:
        late = dispute.wait.awaits
        return [DisputeWaits(dispute.dispute, dispute.place, late, around.office, around.person)]
    return []


def open_verbs(dispute: Dispute) -> tuple[str, ...]:
    """The verbs that this dispute knows now."""
    closed = ("confirm-settlement", "object-to-settlement") if dispute.oral is None else ()
    known = (verb for verb, statuses in OPEN.items() if dispute.status in statuses)
    return tuple(verb for verb in known if verb not in closed)


dispute = Aggregate(
    kind="dispute",
    initial=Dispute(),
    decide=decide,
    evolve=evolve,
    events=(
        public.DisputeFiled,
        private.PartiesNamed,
        private.ConsentRecorded,
        public.DisputeLinked,
        public.PartyInvited,
        public.PartyReminded,
        public.PartyAgreed,
        public.PartyDeclined,
        public.PartyLeft,
        public.RepresentativeNamed,
        public.DisputeRiskRaised,
        private.DisputeWaitsUntil,
        public.DisputeWaits,
        public.DisputeBegun,
        private.BeginNoted,
        public.DisputeNearsLimit,
        public.ExtensionProposed,
        private.ExtensionConsented,
        public.ExtensionRefused,
        public.DisputeExtended,
        private.MediatorKnown,
        private.PanelKnown,
        private.AgreementKnown,
        private.MediationResumed,
        public.SettlementRecorded,
        private.SettlementConfirmed,
        public.SettlementObjectedTo,
        public.DisputeEnded,
        private.EndNoted,
        public.DisputeReopened,
        public.FollowUpAsked,
        private.FollowUpAnswered,
        private.FollowUpClosed,
        public.SettlementHolds,
        public.SettlementNotHolding,
        private.SettlementTold,
        private.FilerForgotten,
        private.PersonForgotten,
        private.SettlementWritten,
        private.DisputeTold,
        private.PartyContactGiven,
        private.DisputeReasonGiven,
    ),
    due=due,
)
