"""Who is told what of petitions: petitioners, whoever is in charge, who stands behind them."""

from services.notifications.domain.telling import Telling, to
from shared.contracts import petitions
from shared.contracts.event import Event
from shared.contracts.types import LEVELS

TELLS_NOBODY: frozenset[type[Event]] = frozenset(
    {
        petitions.CategoryDefined,  # whoever files sees the categories as they are
        petitions.CategoryRevised,
        petitions.CategoryRetired,
        petitions.CategoryRevisionCalledOff,
        petitions.PetitionReleased,  # for everybody to read; who raised it knows the answer
        petitions.PetitionReleaseWithdrawn,
        petitions.PetitionForgotten,
        petitions.PetitionSigned,  # who signs or supports it hears how it ends
        petitions.PetitionSignatureWithdrawn,
        petitions.PetitionSupported,
        petitions.PetitionSupportWithdrawn,
        petitions.PetitionAdopted,  # the petitioner of the one that was merged is told
        petitions.PetitionMemberRefused,
        petitions.PetitionMemberLeft,
        petitions.PetitionLinked,
        petitions.PromiseMade,  # the answer that made it is told
        petitions.PetitionFollowedUp,
        petitions.PromiseFollowedUp,  # the judgement that it brings is told
        petitions.PetitionReviewAsked,  # the review that follows is told
        petitions.HotTopicRaised,  # for lists and other systems; no one person answers for it
        petitions.HotTopicGrown,
        petitions.HotTopicCooled,
        petitions.PetitionHandedUp,  # the level that it reaches is told of, with its deadline
    }
)

OWN_DOING = frozenset({"withdrawn"})
"""Outcomes that the petitioner brought about, and need not be told of."""


def tellings(event: Event) -> list[Telling | None]:
    """Who must know of the event."""
    match event:
        case petitions.PetitionFiled() as e:
            return [
                to(
                    e.petitioner,
                    "petition-received",
                    petition=e.petition,
                    category=first_level(e),
                    place=e.place,
                )
            ]
        case petitions.PetitionReachedLevel(because="overdue") as e:
            return [climbed(e, "petition-climbed")]
        case petitions.PetitionReachedLevel(because="handed-up") as e:
            return [climbed(e, "petition-handed-up")]
        case petitions.PetitionReachedLevel():
            return []  # filed, rated low: told by the event that led to it
        case petitions.PetitionAssigned() as e:
            return [
                to(
                    e.assignee,
                    "duty-assigned",
                    petition=e.petition,
                    category=first_level(e),
                    duty=e.duty,
                    place=e.place,
                    answer_by=e.answer_by,
                ),
                to(
                    e.petitioner,
                    "petition-assigned",
                    petition=e.petition,
                    level=e.level,
                    place=e.place,
                    answer_by=e.answer_by,
                ),
            ]
        case petitions.PetitionTaken() as e:
            return [to(e.petitioner, "petition-taken", petition=e.petition, level=e.level)]
        case petitions.PetitionDeadlineNear() as e:
            return [
                to(
                    e.assignee,
                    "deadline-near",
                    petition=e.petition,
                    place=e.place,
                    answer_by=e.answer_by,
                )
            ]
        case petitions.PetitionOverdue() as e:
            return [
                to(
                    e.assignee,
                    "duty-overdue",
                    petition=e.petition,
                    place=e.place,
                    answer_by=e.answer_by,
                    days=e.days,
                ),
                # Below the top it climbs, and the petitioner is told where to; at the top, once.
                to(
                    e.petitioner if e.level is LEVELS[-1] and e.days == 0 else None,
                    "petition-overdue",
                    petition=e.petition,
                    level=e.level,
                    answer_by=e.answer_by,
                ),
            ]
        case petitions.PetitionReturned() as e:
            return [
                to(e.petitioner, "petition-needs-facts", but_not=e.by, petition=e.petition),
            ]
        case petitions.PetitionCommented() as e:
            return [
                to(e.assignee, "duty-commented", but_not=e.by, petition=e.petition),
                to(e.petitioner, "petition-commented", but_not=e.by, petition=e.petition),
            ]
        case petitions.PetitionAnswered() as e:
            return [
                to(
                    e.petitioner,
                    "petition-answered",
                    but_not=e.by,
                    petition=e.petition,
                    level=e.level,
                    follow_up_until=e.follow_up_until,
                ),
                *(
                    to(person, "supported-answered", petition=e.petition, level=e.level)
                    for person in e.informed
                ),
            ]
        case petitions.PetitionRated() as e:
            return [to(e.answered_by, "duty-rated", petition=e.petition, stars=e.stars)]
        case petitions.PetitionReopened() as e:
            return [
                to(
                    e.petitioner,
                    "petition-reopened",
                    petition=e.petition,
                    level=e.level,
                    times=e.times,
                ),
                *(
                    to(person, "supported-reopened", petition=e.petition, level=e.level)
                    for person in e.informed
                ),
            ]
        case petitions.PetitionSentToReview() as e:
            return [
                to(e.petitioner, "petition-in-review", petition=e.petition),
                *(to(person, "supported-in-review", petition=e.petition) for person in e.informed),
            ]
        case petitions.PetitionWithdrawn() as e:
            return [to(e.assignee, "duty-withdrawn", petition=e.petition)]
        case petitions.PetitionClosed() as e:
            return [
                to(
                    None if e.outcome in OWN_DOING else e.petitioner,
                    "petition-closed",
                    petition=e.petition,
                    outcome=e.outcome,
                ),
                *(
                    to(person, "supported-closed", petition=e.petition, outcome=e.outcome)
                    for person in e.informed
                ),
            ]
        case petitions.PetitionAlarmed() as e:
            return [
                to(
                    person,
                    "danger",
                    petition=e.petition,
                    danger=e.danger,
                    place=e.place,
                    answer_by=e.answer_by,
                )
                for person in e.called
            ]
        case petitions.PetitionUnassigned() as e:
            return [to(e.assignee, "duty-passed-on", petition=e.petition)]
        case petitions.PetitionSpokespersonChanged() as e:
            return [to(e.spokesperson, "petition-passed-on", petition=e.petition)]
        case petitions.PetitionMerged() as e:
            return [to(e.petitioner, "petition-merged", petition=e.petition, into=e.into)]
        case petitions.PetitionSplit() as e:
            return [to(e.petitioner, "petition-split", petition=e.petition, out_of=e.out_of)]
        case petitions.PromiseFellDue() as e:
            return [
                to(e.petitioner, "promise-due", petition=e.petition, judge_by=e.judge_by),
                # Whoever gave it hears of it once, however many it was shared with.
                to(None if e.shared else e.by, "duty-promise-due", petition=e.petition, due=e.due),
            ]
        case petitions.PromiseReported() as e:
            return [to(e.petitioner, "promise-reported", but_not=e.by, petition=e.petition)]
        case petitions.PromiseJudged(kept=True) as e:
            return [to(e.given_by, "promise-kept", petition=e.petition)]
        case petitions.PromiseJudged() as e:
            return [to(e.given_by, "promise-broken", petition=e.petition)]
    return []


def climbed(event: petitions.PetitionReachedLevel, kind: str) -> Telling | None:
    """The petitioner hears which level has it now, and until when."""
    return to(
        event.petitioner,
        kind,
        petition=event.petition,
        level=event.level,
        place=event.place,
        answer_by=event.answer_by,
    )


def first_level(event: petitions.PetitionFiled | petitions.PetitionAssigned) -> str:
    """The category that has a name here: those below it come and go with the taxonomy."""
    return event.categories[0] if event.categories else event.category
