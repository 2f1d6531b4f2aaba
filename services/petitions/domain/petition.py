"""Petition (诉求): raised by a resident, answered in time by the lowest level that can, and judged.

The clock stops for one thing only: an answer. Assigning, returning, commenting leave it alone; a
deadline that passes takes the petition one level higher by itself.
"""

from datetime import UTC, datetime

from services.petitions.domain.climbing import (
    assigned,
    closed,
    hand_up,
    present_rung,
    reach,
    reopen,
    time_passed,
)
from services.petitions.domain.commands import (
    Answer,
    Assign,
    Close,
    Comment,
    ConfirmSolved,
    File,
    HandUp,
    Rate,
    Return,
    Take,
    Withdraw,
)
from services.petitions.domain.dossier import (
    AnswerWritten,
    CommentWritten,
    PetitionDescribed,
    PetitionPromised,
    ReasonGiven,
    WordGiven,
)
from services.petitions.domain.ladder import Surroundings, first_asked
from services.petitions.domain.state import NEVER, Petition, Status, due, evolve
from services.petitions.domain.verbs import check, own_answer
from shared.contracts.event import Event
from shared.contracts.petitions import (
    PetitionAnswered,
    PetitionAssigned,
    PetitionClosed,
    PetitionCommented,
    PetitionDeadlineNear,
    PetitionFiled,
    PetitionHandedUp,
    PetitionOverdue,
    PetitionRated,
    PetitionReachedLevel,
    PetitionReopened,
    PetitionReturned,
    PetitionSentToReview,
    PetitionTaken,
    PetitionWithdrawn,
)
from shared.runtime.aggregate import Aggregate, Rejected, Tick

GOOD_ENOUGH = 3
"""Stars with which an answer stands; fewer reopen the petition unless it is solved."""
MOST_ATTACHMENTS = 10

Deed = (
    File
    | Assign
    | Take
    | Answer
    | HandUp
    | Return
    | Comment
    | Rate
    | ConfirmSolved
    | Withdraw
    | Close
)
"""What people do; `Tick` is what time does."""


def decide(
    command: Deed | Tick, petition: Petition, now: datetime, facts: Surroundings
) -> list[Event]:
    """What follows from the command. Raises `Rejected`."""
    if isinstance(command, Tick):
        return time_passed(petition, now, facts)
    check(command, petition, command.by)
    match command:
        case File():
            return _file(command, now, facts)
        case Assign(assignee=person):
            return _assign(petition, person, facts)
        case Take(by=by):
            return _take(petition, by, facts)
        case Answer(by=by, text=text):
            return _answer(petition, by, text, now, facts)
        case HandUp(by=by, reason=reason):
            _given(reason)
            return [*hand_up(petition, by, now, facts), ReasonGiven(command.verb, reason)]
        case Return(by=by, question=question):
            return [
                *_takes_over(petition, by, facts),
                PetitionReturned(petition.id, by=by, petitioner=petition.petitioner),
                CommentWritten(by, question),
            ]
        case Comment(by=by, text=text):
            return [
                PetitionCommented(
                    petition=petition.id,
                    by=by,
                    assignee=petition.assignee,
                    petitioner=petition.petitioner,
                ),
                CommentWritten(by, text),
            ]
        case Rate():
            return _rate(command, petition, now, facts)
        case ConfirmSolved():
            return [closed(petition, "solved")]
        case Withdraw(reason=reason):
            return [
                PetitionWithdrawn(petition=petition.id, assignee=petition.assignee),
                closed(petition, "withdrawn"),
                *([ReasonGiven(command.verb, reason)] if reason else []),
            ]
        case Close(reason=reason):
            _given(reason)
            return [closed(petition, "reviewed"), ReasonGiven(command.verb, reason)]


def _file(command: File, now: datetime, facts: Surroundings) -> list[Event]:
    """To the lowest level whose duty is held, its clock running; nobody assigned where none is."""
    if not facts.path or not facts.rungs:
        raise Rejected("unknown-place", f"there is no place {command.place}", place=command.place)
    if facts.limits is None:
        raise Rejected(
            "unknown-category",
            f"there is no category {command.category}",
            category=command.category,
        )
    if len(command.attachments) > MOST_ATTACHMENTS:
        raise Rejected(
            "too-many-attachments", f"at most {MOST_ATTACHMENTS} fit", most=MOST_ATTACHMENTS
        )
    filed: list[Event] = [
        PetitionFiled(
            petition=facts.petition,
            kind=command.kind,
            category=command.category,
            urgency=command.urgency,
            channel=command.channel,
            place=command.place,
            path=facts.path,
            petitioner=command.petitioner if command.on_behalf else command.by,
            raised_at=_raised(command.raised_at, now),
        ),
        PetitionPromised(filed_at=now, limits=facts.limits),
    ]
    fresh = petition.fold(Petition(), filed)
    return [
        *filed,
        PetitionDescribed(command.title, command.text, command.contact, command.attachments),
        *reach(fresh, first_asked(facts.rungs), "filed", now, facts.calendar),
    ]


def _raised(at: datetime | None, now: datetime) -> datetime:
    if at is None:
        return now
    if at.tzinfo is None:
        raise Rejected("raised-without-zone", "say with an offset when it was raised (RFC 3339)")
    if at > now:
        raise Rejected("raised-later", "it cannot have been raised after now")
    return at.astimezone(UTC).replace(microsecond=at.microsecond // 1000 * 1000)


def _assign(petition: Petition, person: str, facts: Surroundings) -> list[Event]:
    """Another person, the same deadline. To name the present one again changes nothing."""
    if person == petition.assignee:
        return []
    if petition.status is Status.REVIEW and person in petition.answered_by:
        raise own_answer()
    rung = present_rung(petition, facts)
    return [assigned(petition, rung, person, petition.answer_by or NEVER)]


def _takes_over(petition: Petition, by: str, facts: Surroundings) -> list[Event]:
    """Who acts where nobody is assigned is assigned from then on."""
    return [] if petition.assignee is not None else _assign(petition, by, facts)


def _take(petition: Petition, by: str, facts: Surroundings) -> list[Event]:
    if petition.status is Status.TAKEN:
        return []
    if petition.status is Status.REVIEW:
        return _takes_over(petition, by, facts)
    return [
        *_takes_over(petition, by, facts),
        PetitionTaken(
            petition=petition.id,
            assignee=by,
            level=petition.level,
            petitioner=petition.petitioner,
        ),
    ]


def _answer(
    petition: Petition, by: str, text: str, now: datetime, facts: Surroundings
) -> list[Event]:
    """The level's clock stops; the petitioner is asked what the answer is worth (回访)."""
    return [
        *_takes_over(petition, by, facts),
        PetitionAnswered(
            petition=petition.id,
            by=by,
            level=petition.level,
            place=petition.place,
            category=petition.category,
            in_time=petition.answer_by is not None and now <= petition.answer_by,
            follow_up_until=now + petition.limits.follow_up,
            petitioner=petition.petitioner,
        ),
        AnswerWritten(text),
    ]


def _rate(command: Rate, petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    rated = PetitionRated(
        petition=petition.id,
        stars=command.stars,
        solved=command.solved,
        level=petition.level,
        place=petition.place,
        category=petition.category,
        answered_by=petition.answered_by[-1],
    )
    stands = command.solved or command.stars >= GOOD_ENOUGH
    return [
        rated,
        *([WordGiven(command.word)] if command.word else []),
        *(
            [closed(petition, "solved" if command.solved else "rated")]
            if stands
            else reopen(petition, now, facts)
        ),
    ]


def _given(reason: str) -> None:
    if not reason.strip():
        raise Rejected("reason-needed", "say why")


petition: Aggregate[Petition] = Aggregate(
    kind="petition",
    initial=Petition(),
    decide=decide,
    evolve=evolve,
    events=(
        PetitionFiled,
        PetitionPromised,
        PetitionDescribed,
        PetitionReachedLevel,
        PetitionAssigned,
        PetitionTaken,
        PetitionDeadlineNear,
        PetitionOverdue,
        PetitionReturned,
        PetitionCommented,
        CommentWritten,
        PetitionHandedUp,
        ReasonGiven,
        PetitionAnswered,
        AnswerWritten,
        PetitionRated,
        WordGiven,
        PetitionReopened,
        PetitionSentToReview,
        PetitionWithdrawn,
        PetitionClosed,
    ),
    due=due,
)
