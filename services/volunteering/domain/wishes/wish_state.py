"""A wish as it stands: the fold of its events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.volunteering.domain.teams.team_state import Team
from services.volunteering.domain.teams.volunteer_state import Volunteer
from services.volunteering.domain.wishes.wish_events import (
    WishAwaits,
    WishClaimAnswered,
    WishConsented,
    WishHinted,
    WishHoused,
    WishOwnerForgotten,
    WishProlonged,
    WishRated,
    WishReworded,
    WishServantForgotten,
    WishServed,
    WishWordingDrafted,
)
from shared.contracts.event import Event
from shared.contracts.types import PlaceKind
from shared.contracts.volunteering import HoursConfirmed, HoursCorrected
from shared.contracts.volunteering.wishes import (
    Awaited,
    WishBecamePetition,
    WishClaimed,
    WishClaimLapsing,
    WishDisputed,
    WishEnded,
    WishFulfilled,
    WishGranted,
    WishHidden,
    WishKind,
    WishOpened,
    WishPosted,
    WishReferred,
    WishReleased,
    WishReturned,
    WishWaits,
)
from shared.runtime.aggregate import changed

MOST_FORMER = 20
"""Former claimants that are remembered: who let a claim lapse does not claim the wish again."""


class Status(StrEnum):
    """How far a wish has come."""

    NONE = "none"
    POSTED = "posted"
    RETURNED = "returned"
    WORDED = "worded"
    OPEN = "open"
    CLAIMED = "claimed"
    GRANTED = "granted"
    DISPUTED = "disputed"
    REFERRED = "referred"
    FULFILLED = "fulfilled"
    PETITION = "petition"
    ENDED = "ended"


OVER = frozenset({Status.FULFILLED, Status.PETITION, Status.ENDED})


@dataclass(frozen=True)
class Claim:
    """Who grants it until when; `volunteer` answers for it, with a `team` together with its other
    leaders.
    """

    volunteer: str
    team: str | None
    since: datetime | None
    until: datetime
    reminded: bool = False


@dataclass(frozen=True)
class Serving:
    """When it was granted, and the minutes of each volunteer as they say."""

    begun: datetime
    ended: datetime
    minutes: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Wait:
    """What has to be done by when."""

    awaited: Awaited
    by: datetime


@dataclass(frozen=True)
class Alarm:
    """What was not done in time, and who at the office was told; None where nobody is there."""

    awaited: Awaited
    office: str
    person: str | None


@dataclass(frozen=True)
class Wish:
    """`hints` are what the check found in the owner's words; `doubts` how often it was unsure of
    what is to be shown. `organisers` answer for the claim. `former` let a claim lapse.
    """

    wish: str = ""
    status: Status = Status.NONE
    kind: WishKind = WishKind.OTHER
    place: str = ""
    path: tuple[str, ...] = ()
    owner: str | None = None
    poster: str | None = None
    consent: str | None = None
    household: str | None = None
    until: datetime | None = None
    hints: tuple[str, ...] = ()
    worded_by: str | None = None
    doubts: int = 0
    least_age: int | None = None
    trainings: tuple[str, ...] = ()
    claim: Claim | None = None
    organisers: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    serving: Serving | None = None
    served_by: tuple[str, ...] = ()
    disputed_by: str | None = None
    disputed_because: str | None = None
    confirmed: tuple[tuple[str, int], ...] = ()
    stars: int | None = None
    wait: Wait | None = None
    alarm: Alarm | None = None
    petition: str | None = None
    outcome: str | None = None


@dataclass(frozen=True)
class Around:
    """What the rules are told: the wish's id; the place named when it is posted (`kind` is None
    where none is registered); the households and the volunteers' states of the persons named; the
    team named; the office that an alarm goes to.
    """

    wish: str
    kind: PlaceKind | None = None
    path: tuple[str, ...] = ()
    closed: bool = False
    homes: Mapping[str, str | None] = field(default_factory=dict)
    volunteers: Mapping[str, Volunteer | None] = field(default_factory=dict)
    team: Team | None = None
    office: str = ""
    person: str | None = None


def evolve(wish: Wish, event: Event) -> Wish:
    """The wish after an event."""
    match event:
        case WishPosted(wish=id, kind=kind, place=place, path=path, owner=owner, poster=poster):
            return Wish(id, Status.POSTED, kind, place, path, owner, poster, until=event.until)
        case WishConsented(how=how):
            return changed(wish, consent=how)
        case WishHoused(household=household):
            return changed(wish, household=household)
        case WishHinted(hints=hints):
            return changed(wish, hints=hints)
        case WishReworded():
            return _now(wish, Status.POSTED)
        case WishReturned():
            return _now(wish, Status.RETURNED)
        case WishWordingDrafted(by=by, doubts=doubts, least_age=age, trainings=trainings):
            status = Status.OPEN if wish.status is Status.OPEN else Status.WORDED
            asked = {"least_age": age, "trainings": trainings}
            return _now(wish, status, worded_by=by, doubts=doubts, **asked)
        case WishOpened():
            return _now(wish, Status.OPEN)
        case WishHidden():
            return _now(wish, Status.WORDED)
        case WishProlonged(until=until):
            return changed(wish, until=until)
        case WishClaimed(volunteer=volunteer, team=team, until=until):
            claim = Claim(volunteer, team, None, until)
            return _now(wish, Status.CLAIMED, claim=claim, organisers=(volunteer,))
        case WishClaimAnswered(since=since, volunteer=volunteer, organisers=organisers):
            assert wish.claim is not None, "there is a claim to answer for"
            claim = changed(wish.claim, since=since, volunteer=volunteer)
            return changed(wish, claim=claim, organisers=organisers)
        case WishClaimLapsing():
            assert wish.claim is not None, "what lapses was claimed"
            return changed(wish, claim=changed(wish.claim, reminded=True))
        case WishReleased(volunteer=volunteer, because=because):
            former = wish.former
            if because in ("lapsed", "not-granted") and volunteer not in former:
                former = (*former, volunteer)[-MOST_FORMER:]
            gone = {"claim": None, "organisers": (), "serving": None, "served_by": ()}
            return _now(wish, Status.OPEN, former=former, **gone)
        case WishServed(begun=begun, ended=ended, minutes=minutes):
            people = tuple(one for one, _ in minutes)
            return changed(wish, serving=Serving(begun, ended, minutes), served_by=people)
        case WishGranted():
            return _now(wish, Status.GRANTED)
        case WishDisputed(by=by, because=because):
            return _now(wish, Status.DISPUTED, disputed_by=by, disputed_because=because)
        case (
            HoursConfirmed(volunteer=volunteer, minutes=served)
            | HoursCorrected(volunteer=volunteer, minutes=served)
        ):
            others = tuple(one for one in wish.confirmed if one[0] != volunteer)
            return changed(wish, confirmed=(*others, (volunteer, served)))
        case WishRated(stars=stars):
            return changed(wish, stars=stars)
        case WishFulfilled():
            return _now(wish, Status.FULFILLED, outcome="fulfilled")
        case WishReferred():
            return _now(wish, Status.REFERRED, claim=None, organisers=())
        case WishBecamePetition(petition=petition):
            return _now(wish, Status.PETITION, petition=petition, outcome="petition")
        case WishEnded(outcome=outcome):
            return _now(wish, Status.ENDED, claim=None, organisers=(), outcome=outcome.value)
        case WishAwaits(awaited=awaited, by=moment):
            return changed(wish, wait=Wait(awaited, moment))
        case WishWaits(awaited=awaited, office=office, person=person):
            return changed(wish, wait=None, alarm=Alarm(awaited, office, person))
        case WishServantForgotten(volunteer=volunteer):
            assert wish.serving is not None, "who is forgotten had served"
            kept = tuple(one for one in wish.serving.minutes if one[0] != volunteer)
            serving = changed(wish.serving, minutes=kept)
            return changed(wish, serving=serving, served_by=tuple(one for one, _ in kept))
        case WishOwnerForgotten():
            poster = None if wish.poster == wish.owner else wish.poster
            return changed(wish, owner=None, poster=poster, household=None)
    return wish


def _now(wish: Wish, status: Status, **rest: object) -> Wish:
    """In another status nothing is waited for any more, until that is said anew; and a dispute is
    over.
    """
    if status is not Status.DISPUTED and wish.disputed_by is not None:
        rest = {"disputed_by": None, "disputed_because": None, **rest}
    return changed(wish, status=status, wait=None, alarm=None, **rest)
