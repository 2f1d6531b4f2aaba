"""How a petition comes to a level and leaves it upwards. Nothing else sets a deadline."""

from datetime import datetime, timedelta

from services.petitions.domain.ladder import Rung, Surroundings, above
from services.petitions.domain.state import ON_THE_CLOCK, Petition, Status
from services.petitions.domain.verbs import no_level_above
from shared.contracts.event import Event
from shared.contracts.petitions import (
    PetitionAssigned,
    PetitionClosed,
    PetitionDeadlineNear,
    PetitionHandedUp,
    PetitionOverdue,
    PetitionReachedLevel,
    PetitionReopened,
    PetitionSentToReview,
)
from shared.worktime.hours import WorkCalendar

MILLISECOND = timedelta(milliseconds=1)

COMMANDS = ()
EVENTS = (PetitionReachedLevel, PetitionDeadlineNear, PetitionOverdue)


def reach(
    petition: Petition, rung: Rung, because: str, now: datetime, calendar: WorkCalendar
) -> list[Event]:
    """The rung has it now, with its own time limit from now on; whoever holds the duty is assigned.

    In a review nobody is assigned whose own answer is under review.
    """
    limit = petition.limits.answer[rung.level]
    answer_by = calendar.after(now, limit)
    reached: list[Event] = [
        PetitionReachedLevel(
            petition=petition.id,
            level=rung.level,
            place=rung.place,
            answer_by=answer_by,
            warn_at=calendar.after(now, _part(limit, petition.limits.warn_share)),
            because=because,
            petitioner=petition.named,
            before=None if because == "filed" else petition.level,
        )
    ]
    own_answer = because == "review" and rung.holder in petition.answered_by
    if rung.holder is not None and not own_answer:
        reached.append(assigned(petition, rung, rung.holder, answer_by))
    return reached


def assigned(petition: Petition, rung: Rung, person: str, answer_by: datetime) -> Event:
    """One named person, one duty, one deadline (定人、定责、定时限)."""
    return PetitionAssigned(
        petition=petition.id,
        assignee=person,
        duty=rung.duty,
        level=rung.level,
        place=rung.place,
        answer_by=answer_by,
        category=petition.category,
        petitioner=petition.named,
        categories=petition.categories,
    )


def present_rung(petition: Petition, facts: Surroundings) -> Rung:
    """The rung that has it now; as remembered when the tree has changed since."""
    for rung in facts.rungs:
        if rung.level is petition.level:
            return Rung(rung.level, petition.at, rung.duty, rung.holder)
    return Rung(petition.level, petition.at, petition.duty or petition.category)


def hand_up(petition: Petition, by: str, now: datetime, facts: Surroundings) -> list[Event]:
    """To the next level, which has its own time. Levels once passed are never gone back to."""
    rung = above(facts.rungs, petition.level)
    if rung is None:
        raise no_level_above()
    return [
        PetitionHandedUp(petition=petition.id, by=by, level=petition.level, to=rung.level),
        *reach(petition, rung, "handed-up", now, facts.clock(petition.limits)),
    ]


def reopen(petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    """After a low rating: one level above the one that answered; in the end, to review."""
    if petition.reopened < petition.limits.reopenings:
        rung = above(facts.rungs, petition.level) or present_rung(petition, facts)
        return [
            PetitionReopened(
                petition=petition.id,
                times=petition.reopened + 1,
                level=rung.level,
                petitioner=petition.named,
                informed=petition.informed,
            ),
            *reach(petition, rung, "rated-low", now, facts.clock(petition.limits)),
        ]
    return review(petition, now, facts)


def review(petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    """To the district's review (复查), which has its own time."""
    top = above(facts.rungs[-1:], petition.level) or present_rung(petition, facts)
    return [
        PetitionSentToReview(
            petition=petition.id,
            place=top.place,
            petitioner=petition.named,
            informed=petition.informed,
        ),
        *reach(petition, top, "review", now, facts.clock(petition.limits)),
    ]


def time_passed(petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    """The one step that is due now, if any. After a late one, `due` names the next at once."""
    if petition.status is Status.ANSWERED:
        until = petition.follow_up_until
        return [closed(petition, "unrated", now)] if until is not None and now >= until else []
    if petition.status not in ON_THE_CLOCK or petition.answer_by is None:
        return []
    if petition.overdue_days is not None:
        again = petition.told_again_at
        if again is None or now < again:
            return []
        return _still_overdue(petition, petition.answer_by, petition.overdue_days, now, facts)
    if now >= petition.answer_by:
        return _deadline_passed(petition, petition.answer_by, now, facts)
    if petition.warn_at is not None and now >= petition.warn_at and not petition.warned:
        return [
            PetitionDeadlineNear(
                petition=petition.id,
                level=petition.level,
                place=petition.at,
                assignee=petition.assignee,
                answer_by=petition.answer_by,
            )
        ]
    return []


def due(petition: Petition) -> datetime | None:
    """When it next wants attention: a warning, a deadline, a day overdue, the follow-up's end."""
    if petition.status is Status.ANSWERED:
        return petition.follow_up_until
    if petition.status not in ON_THE_CLOCK:
        return None
    if petition.overdue_days is not None:
        return petition.told_again_at
    return petition.answer_by if petition.warned else petition.warn_at


def closed(petition: Petition, outcome: str, now: datetime) -> Event:
    """It is over."""
    return PetitionClosed(
        petition=petition.id,
        outcome=outcome,
        level=petition.level,
        place=petition.place,
        category=petition.category,
        petitioner=petition.named,
        informed=petition.informed,
        merged=petition.merged,
        closed_at=now,
    )


def _deadline_passed(
    petition: Petition, answer_by: datetime, now: datetime, facts: Surroundings
) -> list[Event]:
    rung = above(facts.rungs, petition.level)
    if rung is None:
        return [_overdue(petition, answer_by, 0, facts.clock(petition.limits))]
    return [
        _overdue(petition, answer_by, 0, None),
        *reach(petition, rung, "overdue", now, facts.clock(petition.limits)),
    ]


def _still_overdue(
    petition: Petition, answer_by: datetime, told: int, now: datetime, facts: Surroundings
) -> list[Event]:
    """At the top: counted each working day. Days slept through are counted, not told one by one.

    A level that entered the tree above it meanwhile is asked now.
    """
    if (rung := above(facts.rungs, petition.level)) is not None:
        return reach(petition, rung, "overdue", now, facts.clock(petition.limits))
    calendar = facts.clock(petition.limits)
    gone = calendar.between(answer_by, now) // calendar.hours.a_day
    return [_overdue(petition, answer_by, max(told + 1, gone), calendar)]


def _overdue(
    petition: Petition,
    answer_by: datetime,
    days: int,
    again: WorkCalendar | None,
) -> Event:
    """`again` is the calendar by which it is counted on, None below the top."""
    again_at = None
    if again is not None:
        again_at = again.after(answer_by, again.hours.a_day * (days + 1))
    return PetitionOverdue(
        petition=petition.id,
        level=petition.level,
        place=petition.at,
        assignee=petition.assignee,
        answer_by=answer_by,
        days=days,
        petitioner=petition.named,
        again_at=again_at,
    )


def _part(limit: timedelta, share: float) -> timedelta:
    return MILLISECOND * int(limit / MILLISECOND * share)
