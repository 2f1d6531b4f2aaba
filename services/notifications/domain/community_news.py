"""Who is told what of community's events: holders of posts, residents, members, visitors."""

from datetime import datetime

from services.notifications.domain.telling import Telling, to
from shared.contracts import community
from shared.contracts.event import Event

TELLS_NOBODY: frozenset[type[Event]] = frozenset(
    {
        community.PlaceRegistered,
        community.PlaceRenamed,
        community.PlaceMoved,
        community.PlaceSplit,
        community.PlaceClosed,
        community.PlaceHoursSet,
        community.PatternAdopted,
        community.PostVacant,  # a list that the place and the level above look at
        community.HolderAway,  # what climbs is told of when somebody else gets it
        community.HolderReturned,
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
    }
)


def tellings(event: Event) -> list[Telling | None]:
    """Who must know of the event."""
    match event:
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
        case community.PostVacancyOverdue() as e:
            return [to(e.told, "vacancy-overdue", duty=e.duty, place=e.place, since=e.since)]
        case community.DeputyStandsIn() as e:
            return [
                to(
                    e.deputy,
                    "standing-in",
                    duty=e.duty,
                    place=e.place,
                    since=e.since,
                    until=e.until,
                )
            ]
        # --- community: rotas
        case community.RotaPublished() as e:
            firsts: dict[str, datetime] = {}
            for start, _, person in e.shifts:
                firsts.setdefault(person, start)
            return [
                to(person, "on-the-rota", place=e.place, start=start)
                for person, start in firsts.items()
            ]
        case community.RotaSwapProposed() as e:
            return [to(e.to, "swap-proposed", place=e.place, until=e.until)]
        case community.RotaSwapEnded(because="withdrawn"):
            return []
        case community.RotaSwapEnded() as e:
            return [to(e.by, "swap-ended", place=e.place, because=e.because)]
        case community.RotaShiftChanged() as e:
            return [
                to(e.person, "shift-given", place=e.place, start=e.start, end=e.end),
                to(e.before, "shift-taken", place=e.place, start=e.start, end=e.end),
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
