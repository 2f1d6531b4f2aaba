"""What is remembered of a petition: nothing personal, only who, where, how far and until when."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from services.petitions.domain.departments import Consultation
from services.petitions.domain.dossier import PetitionPromised
from services.petitions.domain.figures import Figures
from services.petitions.domain.ladder import Limits
from shared.contracts.event import Event
from shared.contracts.petitions import (
    PetitionAnswered,
    PetitionAssigned,
    PetitionClosed,
    PetitionCommented,
    PetitionDeadlineNear,
    PetitionFiled,
    PetitionFollowedUp,
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
    SUSPENDED = "suspended"
    """For a reason from the list the clock stands still until a date."""
    MERGED = "merged"
    """It is answered with another petition about the same; its own clock waits."""
    CLOSED = "closed"


REPORTER = "reporter"
"""Stands in events and in the dossier for whoever made a report (举报)."""

ON_THE_CLOCK = frozenset(
    {Status.UNASSIGNED, Status.ASSIGNED, Status.TAKEN, Status.RETURNED, Status.REVIEW}
)
"""Somebody owes an answer or a decision."""


@dataclass(frozen=True)
class Promise:
    """What an answer promised until `due`, given `by` somebody.

    `judge_by` is set once it fell due; `kept` once the petitioner has judged it. An `over` one is
    waited for no more. A `shared` one was given to the petition that this one was merged into.
    `calls` are those made to ask whether it was kept.
    """

    n: int
    due: datetime
    by: str
    judge_by: datetime | None = None
    kept: bool | None = None
    over: bool = False
    shared: bool = False
    calls: int = 0


@dataclass(frozen=True)
class Voices:
    """Who stands behind a petition: `signers` are the persons who signed for `households` (in the
    same order, the first spokesperson's in front), `supporters` those with the same trouble. Of the
    voices raised since filing, `heard` tells when; of some raised long ago nothing. Who was
    spokesperson before stands in `former`: what the dossier has of them is theirs.
    """

    signers: tuple[str, ...] = ()
    households: tuple[str, ...] = ()
    supporters: tuple[str, ...] = ()
    heard: tuple[tuple[str, datetime], ...] = ()
    former: tuple[str, ...] = ()


@dataclass(frozen=True)
class Merging:
    """Its relations: merged `into` another (it was `before` that), `members` merged into it,
    `links` to what it has to do with.
    """

    into: str | None = None
    before: Status | None = None
    members: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pause:
    """A suspension: why, since when, until when at the latest, and the level's working time that is
    `left`, in all and until the warning. `before` and `assignee` are as it found the petition.
    """

    reason: str
    since: datetime
    until: datetime
    left: timedelta
    warn_left: timedelta
    before: Status
    assignee: str | None


@dataclass(frozen=True)
class Mediated:
    """The dispute that came out of it, brought forward `by` somebody; whether mediation is `over`,
    and something was `settled`.
    """

    dispute: str
    by: str = ""
    over: bool = False
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Publication:
    """Words for the public: `out`, or drafted `by` a clerk with so many places to look at."""

    by: str = ""
    doubts: int = 0
    out: bool = False


@dataclass(frozen=True)
class Petition:
    """A petition as its events left it.

    `place` is what it is about, `at` the place of the level that has it now. `overdue_days` is None
    in time, otherwise the working days since the deadline; `told_again_at` is when an overdue one
    is counted next. `answered_by` are all who answered, the latest last. `outcome` is that of
    `PetitionClosed`. `calls` are those made for the follow-up, `reviewed` says that it has been, or
    is, before the review that there is once. While it is suspended, `pause` says how, and there is
    no deadline; `suspended_for` is the time on the wall of the suspensions before. A
    level from the community up has not solved it since `unsolved_since`. It came of `origin`.
    """

    status: Status = Status.UNFILED
    id: str = ""
    kind: PetitionKind = PetitionKind.REQUEST
    category: str = ""
    categories: tuple[str, ...] = ()
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
    reviewed: bool = False
    calls: int = 0
    outcome: str | None = None
    closed_at: datetime | None = None

    receipt: str | None = None
    attachments: int = 0
    danger: str | None = None
    complained_of: str | None = None
    joint: bool = False
    origin: str | None = None
    voices: Voices | None = None
    merging: Merging | None = None
    promises: tuple[Promise, ...] = ()

    pause: Pause | None = None
    suspended_for: timedelta = timedelta(0)
    mediated: Mediated | None = None

    consultation: Consultation | None = None
    unsolved_since: datetime | None = None

    publication: Publication | None = None
    figures: Figures = field(default_factory=Figures)

    @property
    def named(self) -> str | None:
        """The petitioner as public events name them: nobody for a report."""
        return None if self.kind is PetitionKind.REPORT else self.petitioner

    @property
    def merged(self) -> int:
        """How many petitions are merged into it."""
        return 0 if self.merging is None else len(self.merging.members)

    @property
    def informed(self) -> tuple[str, ...]:
        """Who else hears how it ends: all who signed or supported it."""
        if self.voices is None:
            return ()
        heard = dict.fromkeys((*self.voices.signers, *self.voices.supporters))
        return tuple(person for person in heard if person != self.petitioner)


_STAY = frozenset({Status.REVIEW, Status.SUSPENDED})
"""Naming a person changes nothing about these."""


def facts_given(pause: Pause) -> Pause:
    """The suspension of a petition whose petitioner gave the facts they were asked for."""
    return replace(pause, before=Status.TAKEN) if pause.before is Status.RETURNED else pause


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
                categories=event.categories,
                urgency=event.urgency,
                channel=event.channel,
                place=event.place,
                path=event.path,
                petitioner=event.petitioner,
                raised_at=event.raised_at,
                receipt=event.receipt,
                danger=event.danger,
                joint=event.joint,
                origin=event.origin,
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
                status=petition.status if petition.status in _STAY else Status.ASSIGNED,
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
        case PetitionCommented() if petition.pause is not None and gives_facts(petition, event.by):
            return changed(petition, pause=facts_given(petition.pause))
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
                calls=0,
            )
        case PetitionFollowedUp():
            return changed(petition, calls=event.tries)
        case PetitionReopened():
            return changed(petition, reopened=event.times, outcome=None, closed_at=None)
        case PetitionSentToReview():
            return changed(
                petition, status=Status.REVIEW, reviewed=True, outcome=None, closed_at=None
            )
        case PetitionClosed():
            return changed(
                petition,
                status=Status.CLOSED,
                outcome=event.outcome,
                closed_at=event.closed_at,
            )
    return petition


def gives_facts(petition: Petition, by: str) -> bool:
    """Whether a comment of this person is the petitioner's reply.

    For a petitioner who is not registered, whoever is not assigned passes it on.
    """
    return by in (petition.petitioner, REPORTER) or (
        petition.petitioner is None and by != petition.assignee
    )
