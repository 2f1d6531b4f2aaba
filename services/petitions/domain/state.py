"""What is remembered of a petition: nothing personal, only who, where, how far and until when."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from services.petitions.domain.dossier import PetitionPromised
from services.petitions.domain.ladder import Limits
from shared.contracts.event import Event
from shared.contracts.petitions import (
    PetitionAnswered,
    PetitionAssigned,
    PetitionClosed,
    PetitionCommented,
    PetitionDeadlineNear,
    PetitionFiled,
    PetitionOverdue,
    PetitionReachedLevel,
    PetitionReopened,
    PetitionReturned,
    PetitionSentToReview,
    PetitionTaken,
)
from shared.contracts.types import LEVELS, Level, PetitionKind, Urgency
from shared.runtime.aggregate import changed

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Status(StrEnum):
    """Where a petition stands."""

    UNFILED = "unfiled"
    UNASSIGNED = "unassigned"
    ASSIGNED = "assigned"
    TAKEN = "taken"
    RETURNED = "returned"
    """The petitioner was asked for facts; the level's clock runs on."""
    ANSWERED = "answered"
    """Follow-up (回访) is open."""
    REVIEW = "review"
    """Before the district's review."""
    CLOSED = "closed"


ON_THE_CLOCK = frozenset(
    {Status.UNASSIGNED, Status.ASSIGNED, Status.TAKEN, Status.RETURNED, Status.REVIEW}
)
"""Somebody owes an answer or a decision."""


@dataclass(frozen=True)
class Petition:
    """A petition as its events left it.

    `place` is what it is about, `at` the place of the level that has it now. `overdue_days` is None
    in time, otherwise the working days since the deadline; `told_again_at` is when an overdue one
    is counted next. `answered_by` are all who answered, the latest last. `outcome` is that of
    `PetitionClosed`.
    """

    status: Status = Status.UNFILED
    id: str = ""
    kind: PetitionKind = PetitionKind.REQUEST
    category: str = ""
    urgency: Urgency = Urgency.NORMAL
    channel: str = ""
    place: str = ""
    path: tuple[str, ...] = ()
    petitioner: str | None = None
    raised_at: datetime = NEVER
    filed_at: datetime = NEVER
    limits: Limits = field(default_factory=Limits)

    level: Level = LEVELS[0]
    at: str = ""
    assignee: str | None = None
    duty: str | None = None
    answer_by: datetime | None = None
    warn_at: datetime | None = None
    warned: bool = False
    overdue_days: int | None = None
    told_again_at: datetime | None = None

    answered_by: tuple[str, ...] = ()
    follow_up_until: datetime | None = None
    reopened: int = 0
    outcome: str | None = None


def evolve(petition: Petition, event: Event) -> Petition:
    """The petition after the event."""
    match event:
        case PetitionFiled():
            return changed(
                petition,
                status=Status.UNASSIGNED,
                id=event.petition,
                kind=event.kind,
                category=event.category,
                urgency=event.urgency,
                channel=event.channel,
                place=event.place,
                path=event.path,
                petitioner=event.petitioner,
                raised_at=event.raised_at,
            )
        case PetitionPromised():
            return changed(petition, filed_at=event.filed_at, limits=event.limits)
        case PetitionReachedLevel():
            return changed(
                petition,
                status=Status.REVIEW if petition.status is Status.REVIEW else Status.UNASSIGNED,
                level=event.level,
                at=event.place,
                assignee=None,
                duty=None,
                answer_by=event.answer_by,
                warn_at=event.warn_at,
                warned=False,
                overdue_days=None,
                told_again_at=None,
                follow_up_until=None,
            )
        case PetitionAssigned():
            return changed(
                petition,
                status=Status.REVIEW if petition.status is Status.REVIEW else Status.ASSIGNED,
                assignee=event.assignee,
                duty=event.duty,
            )
        case PetitionTaken():
            return changed(petition, status=Status.TAKEN)
        case PetitionReturned():
            return changed(petition, status=Status.RETURNED)
        case PetitionCommented() if petition.status is Status.RETURNED and gives_facts(
            petition, event.by
        ):
            return changed(petition, status=Status.TAKEN)
        case PetitionDeadlineNear():
            return changed(petition, warned=True)
        case PetitionOverdue():
            return changed(petition, overdue_days=event.days, told_again_at=event.again_at)
        case PetitionAnswered():
            return changed(
                petition,
                status=Status.ANSWERED,
                answered_by=(*(p for p in petition.answered_by if p != event.by), event.by),
                follow_up_until=event.follow_up_until,
            )
        case PetitionReopened():
            return changed(petition, reopened=event.times)
        case PetitionSentToReview():
            return changed(petition, status=Status.REVIEW)
        case PetitionClosed():
            return changed(petition, status=Status.CLOSED, outcome=event.outcome)
    return petition


def gives_facts(petition: Petition, by: str) -> bool:
    """Whether a comment of this person is the petitioner's reply.

    For a petitioner who is not registered, whoever is not assigned passes it on.
    """
    return by == petition.petitioner or (petition.petitioner is None and by != petition.assignee)
