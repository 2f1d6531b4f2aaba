"""The public events of **community**: places, staff posts, residents. Codes and ids only."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from shared.contracts.event import Event
from shared.contracts.types import OrganisationKind, PlaceKind


@dataclass(frozen=True, slots=True)
class PlaceRegistered(Event):
    """A place entered the tree. `path` runs from the district down to the place itself, by code."""

    code: str
    kind: PlaceKind
    name: str
    path: tuple[str, ...]
    parent: str | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlaceRenamed(Event):
    """A place has a new name; code and parent stay."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class PlaceMoved(Event):
    """A place has another `path` now, because it or a place above it hangs below another parent.

    Whoever moves tells the new paths of all places below it too, each in an event of its own.
    """

    code: str
    parent: str
    path: tuple[str, ...]
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlaceSplit(Event):
    """A place is being split: those of `into` are registered, and what lies below it moves there;
    then it is closed. `path` is its own. Nothing new comes below it from `since` on.
    """

    code: str
    into: tuple[str, ...]
    path: tuple[str, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class PlaceClosed(Event):
    """A place has ended; those of `successors`, if any, stand in its place."""

    code: str
    successors: tuple[str, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class PlaceHoursSet(Event):
    """A place has its own working hours from `since` on: `spans` of the local day in minutes from
    midnight, on working days or on `every_day`; without spans it has those of the place above.
    `languages` (BCP 47) are spoken there.
    """

    code: str
    spans: tuple[tuple[int, int], ...]
    every_day: bool
    languages: tuple[str, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class PatternAdopted(Event):
    """A place must fill `duties`, each within so many days of becoming vacant; those `dropped` of
    the pattern before are asked for no longer.
    """

    place: str
    pattern: str | None
    duties: tuple[str, ...]
    dropped: tuple[str, ...]
    fill_within_days: int


@dataclass(frozen=True, slots=True)
class PostAssigned(Event):
    """From `since` on, `holder` (a subject) has the post's duty at the place; `until` is the term's
    end if it has one, `organisation` the one that fills the post, if one does.
    """

    post: str
    duty: str
    place: str
    holder: str
    since: datetime
    until: datetime | None = None
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class PostVacated(Event):
    """Nobody holds the post any more. `because` is ``resigned``, ``relieved``, ``replaced``,
    ``term-ended`` or ``place-closed``."""

    post: str
    duty: str
    place: str
    holder: str
    because: str


@dataclass(frozen=True, slots=True)
class PostVacant(Event):
    """Nobody holds a post that must be filled, since `since`; it should be filled by `due`."""

    post: str
    duty: str
    place: str
    due: datetime
    since: datetime


@dataclass(frozen=True, slots=True)
class PostVacancyOverdue(Event):
    """A post that must be filled was not by `due`. `to` is the place of the next level, which has
    to see to it; None above a district.
    """

    post: str
    duty: str
    place: str
    due: datetime
    since: datetime
    to: str | None = None


@dataclass(frozen=True, slots=True)
class DeputyStandsIn(Event):
    """The holder is on leave: `deputy` does the duty until they return, at the latest `until`."""

    post: str
    place: str
    duty: str
    holder: str
    deputy: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class HolderAway(Event):
    """The holder is on leave and nobody stands in: the duty climbs to the next level."""

    post: str
    place: str
    duty: str
    holder: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class HolderReturned(Event):
    """The holder does the duty again."""

    post: str
    place: str
    duty: str
    holder: str


@dataclass(frozen=True, slots=True)
class ResidentRegistered(Event):
    """A person lives in a household (household = unit of a building)."""

    resident: str
    household: str


@dataclass(frozen=True, slots=True)
class ResidentMoved(Event):
    """A resident belongs to another household now."""

    resident: str
    household: str
    before: str


@dataclass(frozen=True, slots=True)
class RegistrationRefused(Event):
    """Who said that they live in a household was not confirmed. `because` is a reason's code, or
    ``lapsed`` where nobody said anything. What they wrote of themselves is forgotten."""

    forgets: ClassVar[bool] = True
    resident: str
    household: str
    because: str


@dataclass(frozen=True, slots=True)
class ResidentVouchedFor(Event):
    """Somebody (`by`) of a household says whether this person lives there too."""

    resident: str
    household: str
    by: str
    lives_here: bool


@dataclass(frozen=True, slots=True)
class MoveRefused(Event):
    """A resident who said that they moved to this household was not confirmed there, and lives
    where they lived."""

    resident: str
    household: str
    because: str


@dataclass(frozen=True, slots=True)
class ResidentMovedOut(Event):
    """A resident lives in this household no more, and in no other."""

    resident: str
    household: str


@dataclass(frozen=True, slots=True)
class ResidentErased(Event):
    """A person is to be forgotten: whoever keeps something personal of this subject deletes it. The
    subject itself stays in what was recorded, and stands for nobody any more."""

    forgets: ClassVar[bool] = True
    resident: str


# --- organisations -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OrganisationRegistered(Event):
    """An organisation has a part in the neighbourhood: `home` is where its seat is, `serves` where
    it works. What it is called stands on its door."""

    organisation: str
    kind: OrganisationKind
    name: str
    home: str
    serves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrganisationRenamed(Event):
    """An organisation has a new name."""

    organisation: str
    name: str


@dataclass(frozen=True, slots=True)
class OrganisationServes(Event):
    """An organisation works in these places from now on, and in no others."""

    organisation: str
    serves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrganisationAnswersFor(Event):
    """From `since` on a department answers for these categories under the duty; with none of them
    it does so no more. What was said before of `since` or a later time holds no more."""

    organisation: str
    duty: str
    categories: tuple[str, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class OrganisationMemberJoined(Event):
    """A person (by subject) belongs to an organisation, or has another `role` in it: ``head``,
    ``contact`` or ``member``."""

    organisation: str
    person: str
    role: str


@dataclass(frozen=True, slots=True)
class OrganisationMemberLeft(Event):
    """A person belongs to an organisation no more."""

    organisation: str
    person: str


@dataclass(frozen=True, slots=True)
class OrganisationClosed(Event):
    """An organisation exists no more."""

    organisation: str


@dataclass(frozen=True, slots=True)
class AllianceFounded(Event):
    """Organisations (`members`, the `chair` among them) work together for a place."""

    alliance: str
    place: str
    name: str
    chair: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllianceMemberJoined(Event):
    """An organisation belongs to an alliance."""

    alliance: str
    organisation: str


@dataclass(frozen=True, slots=True)
class AllianceMemberLeft(Event):
    """An organisation belongs to an alliance no more."""

    alliance: str
    organisation: str


@dataclass(frozen=True, slots=True)
class AllianceChairPassed(Event):
    """Another member has the chair of an alliance."""

    alliance: str
    chair: str
    before: str


@dataclass(frozen=True, slots=True)
class AllianceDissolved(Event):
    """An alliance has ended."""

    alliance: str


@dataclass(frozen=True, slots=True)
class AlliancePromiseMade(Event):
    """An organisation promised an alliance something for a year."""

    promise: str
    alliance: str
    place: str
    organisation: str
    year: int
    due: datetime


@dataclass(frozen=True, slots=True)
class AlliancePromiseReported(Event):
    """The organisation says whether it kept its promise."""

    promise: str
    alliance: str
    organisation: str
    kept: bool


@dataclass(frozen=True, slots=True)
class AlliancePromiseOverdue(Event):
    """Nothing was reported of a promise until it fell due."""

    promise: str
    alliance: str
    place: str
    organisation: str
    due: datetime


@dataclass(frozen=True, slots=True)
class AlliancePromiseJudged(Event):
    """Whether a promise was kept, as the alliance's chair judges."""

    promise: str
    alliance: str
    organisation: str
    kept: bool


@dataclass(frozen=True, slots=True)
class CheckedIn(Event):
    """A person, or without one an organisation, is there for a place with what they offer (`offers`). A
    person's `organisation` is the one that sends them."""

    checkin: str
    place: str
    person: str | None
    organisation: str | None
    offers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckInRefused(Event):
    """A person's check-in was not confirmed; `because` is a reason's code or ``lapsed``."""

    forgets: ClassVar[bool] = True
    checkin: str
    place: str
    person: str
    because: str


@dataclass(frozen=True, slots=True)
class CheckedOut(Event):
    """A person or an organisation is there for a place no more."""

    forgets: ClassVar[bool] = True
    checkin: str
    place: str
    person: str | None
    organisation: str | None


# --- visits ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VisitPlanned(Event):
    """`keeper` is to visit a household within the place until `due`. Which one is told to nobody
    outside."""

    visit: str
    place: str
    purpose: str
    keeper: str
    due: datetime


@dataclass(frozen=True, slots=True)
class VisitMade(Event):
    """A visit was made, in time or late."""

    visit: str
    place: str
    purpose: str
    keeper: str
    in_time: bool


@dataclass(frozen=True, slots=True)
class VisitMissed(Event):
    """A visit was not made until it was due. It can still be made."""

    visit: str
    place: str
    purpose: str
    keeper: str
    due: datetime


@dataclass(frozen=True, slots=True)
class VisitCalledOff(Event):
    """A visit will not be made; `because` is a reason's code."""

    visit: str
    place: str
    keeper: str
    because: str


# --- duty rota -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RotaPublished(Event):
    """Who is on duty at a place: `shifts` are start, end and person (a subject) in order of time,
    400 at most. They are numbered from 0.
    """

    rota: str
    place: str
    shifts: tuple[tuple[datetime, datetime, str], ...]


@dataclass(frozen=True, slots=True)
class RotaSwapProposed(Event):
    """`by` offers `to` the shift number `mine` for number `theirs`; it lapses at `until`."""

    rota: str
    place: str
    by: str
    to: str
    mine: int
    theirs: int
    until: datetime


@dataclass(frozen=True, slots=True)
class RotaSwapEnded(Event):
    """Nothing came of an offer: it was ``declined``, ``withdrawn``, ``overtaken`` or
    ``unanswered``.
    """

    rota: str
    place: str
    by: str
    to: str
    mine: int
    theirs: int
    because: str


@dataclass(frozen=True, slots=True)
class RotaShiftChanged(Event):
    """`person` has the shift of this number instead of `before`: ``swapped``, or as ``stand-in``
    for somebody who cannot come.
    """

    rota: str
    place: str
    number: int
    start: datetime
    end: datetime
    before: str
    person: str
    because: str
