"""Evidence (线上留证): something that was shown in a dispute, kept as it came.

The file lies beside the journal and never changes; here is decided whether it is taken, to whom it
is open, and that it can be taken back without having never been there.
"""

from collections.abc import Iterable
from datetime import datetime

from services.mediation.domain.circle import Circle, circle_of
from services.mediation.domain.disputes.dispute_state import Dispute
from services.mediation.domain.disputes.dispute_state import Status as DisputeStatus
from services.mediation.domain.evidence.evidence_commands import (
    DescribeEvidence,
    FileEvidence,
    ForgetEvidenceOf,
    LearnEvidenceCircle,
    WidenEvidence,
    WithdrawEvidence,
)
from services.mediation.domain.evidence.evidence_events import (
    EvidenceCircleLearnt,
    EvidenceDescribed,
    EvidenceForgotten,
    EvidenceKept,
    EvidencePlaced,
)
from services.mediation.domain.evidence.evidence_state import (
    Around,
    Evidence,
    Status,
    evolve,
    open_to,
)
from shared.contracts.event import Event
from shared.contracts.mediation.evidence import (
    Disclosed,
    EvidenceFiled,
    EvidenceWidened,
    EvidenceWithdrawn,
)
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick

TAKEN_WHILE = frozenset(
    {DisputeStatus.FILED, DisputeStatus.INVITED, DisputeStatus.MEDIATING, DisputeStatus.AGREED}
)
"""Evidence may be gone before all have agreed to mediation: it is kept from the filing on."""


def decide(command: Command, evidence: Evidence, now: datetime, around: Around) -> list[Event]:
    """What follows from a command."""
    match evidence.status, command:
        case _, Tick():
            return []
        case Status.NONE, FileEvidence():
            return filed(command, now, around)
        case _, LearnEvidenceCircle():
            return learnt(evidence, around.dispute)
        case _, ForgetEvidenceOf(person=person):
            return forgotten(evidence, person)
        case Status.FILED, DescribeEvidence(text=text):
            return [EvidenceDescribed(text)]
        case Status.FILED, WidenEvidence():
            return widened(command, evidence)
        case Status.FILED, WithdrawEvidence():
            return withdrawn(command, evidence)
    raise Rejected("evidence-closed", "this evidence was withdrawn, or is not there")


def filed(command: FileEvidence, now: datetime, around: Around) -> list[Event]:
    """It is taken while the dispute goes on, from who takes part in it."""
    dispute, person = around.dispute or Dispute(), command.person
    must_be_open(dispute)
    circle = circle_of(dispute)
    if not circle.has(person):
        raise Rejected("not-in-dispute", "evidence is filed by who takes part in the dispute")
    side = circle.side_of(person)
    sides: tuple[str, ...] = ()
    if command.disclosed is Disclosed.SIDES:
        named = (side, _named(command.side, circle))
        sides = tuple(sorted({one for one in named if one is not None}))
        if not sides:
            raise _which_side()
    return [
        EvidenceFiled(
            around.evidence,
            command.dispute,
            command.digest,
            command.size,
            command.media_type,
            person,
            now,
            _others(open_to(command.disclosed, sides, circle), person),
        ),
        EvidencePlaced(side, command.disclosed, sides, circle),
        EvidenceKept(command.file, command.name),
    ]


def must_be_open(dispute: Dispute) -> None:
    """Raises `Rejected` where a dispute takes no evidence."""
    if dispute.status not in TAKEN_WHILE:
        raise Rejected("dispute-takes-no-evidence", "evidence is taken until the dispute has ended")


def widened(command: WidenEvidence, evidence: Evidence) -> list[Event]:
    """Only ever to more: nothing follows where it is open to them already."""
    disclosed, sides = evidence.disclosed, evidence.sides
    if command.disclosed is Disclosed.ALL:
        disclosed, sides = Disclosed.ALL, ()
    elif command.disclosed is Disclosed.SIDES and disclosed is not Disclosed.ALL:
        named = _named(command.side, evidence.circle) or evidence.side
        if named is None:
            raise _which_side()
        disclosed, sides = Disclosed.SIDES, tuple(sorted({*sides, named}))
    elif command.disclosed is not disclosed:
        raise Rejected(
            "evidence-narrowed",
            "what somebody could look at stays open to them: withdraw it if it must be closed",
        )
    if (disclosed, sides) == (evidence.disclosed, evidence.sides):
        return []
    before = open_to(evidence.disclosed, evidence.sides, evidence.circle)
    after = open_to(disclosed, sides, evidence.circle)
    told = _others(after - before, command.by)
    return [
        EvidenceWidened(evidence.evidence, evidence.dispute, disclosed, sides, command.by, told)
    ]


def withdrawn(command: WithdrawEvidence, evidence: Evidence) -> list[Event]:
    """It does not count any more; that it was there is known to all who could look at it."""
    knew = open_to(evidence.disclosed, evidence.sides, evidence.circle)
    return [
        EvidenceWithdrawn(
            evidence.evidence,
            evidence.dispute,
            evidence.digest,
            command.because,
            command.by,
            _others(knew, command.by),
        )
    ]


def learnt(evidence: Evidence, dispute: Dispute | None) -> list[Event]:
    """Who joins a dispute sees what is open to their side, who leaves it sees nothing more."""
    if evidence.status is Status.NONE or dispute is None:
        return []
    circle = circle_of(dispute)
    return [EvidenceCircleLearnt(circle)] if circle.number > evidence.circle.number else []


def forgotten(evidence: Evidence, person: str) -> list[Event]:
    """With who filed it go the bytes and the words. Others erased are in its circle no more."""
    if evidence.status is Status.NONE:
        return []
    circle = evidence.circle.without(person)
    events: list[Event] = [] if circle == evidence.circle else [EvidenceCircleLearnt(circle)]
    if evidence.filed_by == person:
        events.append(EvidenceForgotten())
    return events


def open_verbs(evidence: Evidence) -> tuple[str, ...]:
    """The verbs that this evidence knows now."""
    return ("describe", "widen", "withdraw") if evidence.status is Status.FILED else ()


def _named(side: str | None, circle: Circle) -> str | None:
    if side is not None and not circle.of_sides((side,)):
        raise _which_side()
    return side


def _which_side() -> Rejected:
    return Rejected("which-side", "name a side of the dispute that takes part")


def _others(people: Iterable[str], but: str) -> tuple[str, ...]:
    return tuple(sorted(one for one in people if one != but))


evidence = Aggregate(
    kind="evidence",
    initial=Evidence(),
    decide=decide,
    evolve=evolve,
    events=(
        EvidenceFiled,
        EvidencePlaced,
        EvidenceWidened,
        EvidenceWithdrawn,
        EvidenceCircleLearnt,
        EvidenceForgotten,
        EvidenceKept,
        EvidenceDescribed,
    ),
)
