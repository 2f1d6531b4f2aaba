"""Who must know of an event, and what they are told: the one table of it.

At most one telling per person and event; whoever did a thing is not told of it where the event says
who it was. Values are codes, ids, numbers and times only.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from shared.contracts import community, petitions
from shared.contracts.event import Event
from shared.contracts.types import LEVELS

TELLS_NOBODY: frozenset[type[Event]] = frozenset(
    {
        community.PlaceRegistered,
        community.PlaceRenamed,
        community.PlaceMoved,
        community.ResidentVouchedFor,  # registering, moving or refusing follows
        community.ResidentErased,  # nobody writes to somebody who is to be forgotten
        community.OrganisationRegistered,
        community.OrganisationRenamed,
        community.OrganisationServes,
        community.OrganisationAnswersFor,
        community.OrganisationClosed,
        community.AllianceFounded,
        community.AllianceMemberJoined,
        community.AllianceMemberLeft,
        community.AllianceChairPassed,
        community.AllianceDissolved,
        community.AlliancePromiseMade,  # the list is open to all, and asks no person to act
        community.AlliancePromiseReported,
        community.AlliancePromiseOverdue,
        community.AlliancePromiseJudged,
        community.CheckedOut,
        community.VisitMade,
        petitions.CategoryDefined,  # whoever files sees the categories as they are
        petitions.CategoryRevised,
        petitions.CategoryRetired,
        petitions.CategoryRevisionCalledOff,
        petitions.PetitionReleased,  # for everybody to read; who raised it knows the answer
        petitions.PetitionReleaseWithdrawn,
        petitions.PetitionHandedUp,  # the level that it reaches is told of, with its deadline
    }
)
"""Events that nobody's inbox needs."""

OWN_DOING = frozenset({"withdrawn"})
"""Outcomes that the petitioner brought about, and need not be told of."""


@dataclass(frozen=True, slots=True)
class Telling:
    """`recipient` is told `kind` (a template's name), filled with `params`."""

    recipient: str
    kind: str
    params: dict[str, str] = field(default_factory=dict)


def who_must_know(event: Event) -> list[Telling]:
    """Everybody who must know of the event, each once."""
    return list(_once(telling for telling in _tellings(event) if telling is not None))


def _once(tellings: Iterable[Telling]) -> Iterable[Telling]:
    seen: set[str] = set()
    for telling in tellings:
        if telling.recipient not in seen:
            seen.add(telling.recipient)
            yield telling


def _tellings(event: Event) -> list[Telling | None]:
    match event:
        # --- petitions: the petitioner and the person in charge
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
                )
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
                )
            ]
        case petitions.PetitionSentToReview() as e:
            return [to(e.petitioner, "petition-in-review", petition=e.petition)]
        case petitions.PetitionWithdrawn() as e:
            return [to(e.assignee, "duty-withdrawn", petition=e.petition)]
        case petitions.PetitionClosed() as e:
            return [
                to(
                    None if e.outcome in OWN_DOING else e.petitioner,
                    "petition-closed",
                    petition=e.petition,
                    outcome=e.outcome,
                )
            ]
        # --- community: holders of posts, residents
        case community.PostAssigned(until=None) as e:
            return [to(e.holder, "post-given", duty=e.duty, place=e.place, since=e.since)]
        case community.PostAssigned() as e:
            return [
                to(
                    e.holder,
                    "post-given-for-a-term",
                    duty=e.duty,
                    place=e.place,
                    since=e.since,
                    until=e.until,
                )
            ]
        case community.PostVacated(because="resigned"):
            return []
        case community.PostVacated() as e:
            return [
                to(e.holder, "post-ended", duty=e.duty, place=e.place, because=e.because),
            ]
        case community.ResidentRegistered() as e:
            return [to(e.resident, "welcome", place=e.household)]
        case community.ResidentMoved() as e:
            return [to(e.resident, "household-changed", place=e.household)]
        case community.RegistrationRefused() as e:
            return [to(e.resident, "not-registered", place=e.household, because=e.because)]
        case community.MoveRefused() as e:
            return [to(e.resident, "move-refused", place=e.household, because=e.because)]
        case community.ResidentMovedOut() as e:
            return [to(e.resident, "moved-out", place=e.household)]
        # --- community: members, check-ins, visits
        case community.OrganisationMemberJoined() as e:
            return [to(e.person, "organisation-joined", organisation=e.organisation)]
        case community.OrganisationMemberLeft() as e:
            return [to(e.person, "organisation-left", organisation=e.organisation)]
        case community.CheckedIn() as e:
            return [to(e.person, "checked-in", place=e.place)]
        case community.CheckInRefused() as e:
            return [to(e.person, "check-in-refused", place=e.place, because=e.because)]
        case community.VisitPlanned() as e:
            return [to(e.keeper, "visit-planned", visit=e.visit, place=e.place, due=e.due)]
        case community.VisitMissed() as e:
            return [to(e.keeper, "visit-missed", visit=e.visit, place=e.place, due=e.due)]
        case community.VisitCalledOff() as e:
            return [to(e.keeper, "visit-called-off", visit=e.visit, place=e.place)]
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


def to(
    recipient: str | None,
    kind: str,
    *,
    but_not: str | None = None,
    **params: str | int | datetime | None,
) -> Telling | None:
    """A telling, unless there is nobody to tell or it was their own doing."""
    if recipient is None or recipient == but_not:
        return None
    return Telling(recipient, kind, {name: as_text(value) for name, value in params.items()})


def as_text(value: str | int | datetime | None) -> str:
    """A parameter as a message keeps it: times as RFC 3339 in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return str(value)


def first_level(event: petitions.PetitionFiled | petitions.PetitionAssigned) -> str:
    """The category that has a name here: those below it come and go with the taxonomy."""
    return event.categories[0] if event.categories else event.category
