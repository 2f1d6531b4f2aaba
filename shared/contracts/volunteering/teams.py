"""Teams and volunteers. Ids, codes and times."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.contracts.event import Event
from shared.contracts.volunteering.hours import Work


class TeamKind(StrEnum):
    """平安巡逻队 青年 银龄 巾帼 党员 关爱文艺 and others."""

    PATROL = "patrol"
    YOUTH = "youth"
    SILVER_HAIRED = "silver-haired"
    WOMEN = "women"
    PARTY = "party"
    ARTS = "arts"
    OTHER = "other"


class Validity(StrEnum):
    """What a volunteer has until a time."""

    TRAINING = "training"
    INSURANCE = "insurance"
    CONSENT = "consent"


class FitnessChange(StrEnum):
    """What of somebody was struck or put right."""

    TRAINING = "training"
    BIRTH_YEAR = "birth-year"


# --- teams ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TeamFounded(Event):
    """A team of that kind serves at `place`; `path` runs from the district down to it."""

    team: str
    kind: TeamKind
    name: str
    place: str
    path: tuple[str, ...]
    captain: str


@dataclass(frozen=True, slots=True)
class TeamRenamed(Event):
    """What the team is called from now on."""

    team: str
    name: str


@dataclass(frozen=True, slots=True)
class TeamMoved(Event):
    """The team serves at another place, or that place lies elsewhere now."""

    team: str
    place: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaptainChanged(Event):
    """`captain` leads the team, None while nobody does; `former` led it before. The duties of a
    captain pass on with it. `deputies` are those who are deputies now.
    """

    team: str
    captain: str | None
    former: str | None
    deputies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeputiesNamed(Event):
    """These are the deputies from now on, the first in line to lead first."""

    team: str
    deputies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaptainSought(Event):
    """A member is asked whether they will lead the team, until then."""

    team: str
    person: str
    until: datetime


@dataclass(frozen=True, slots=True)
class TeamLeaderless(Event):
    """Nobody leads the team and no member will: `called` (None where the office is vacant) at the
    office of `place` has to name a captain, until then. The first `number` is 1; with each it has
    climbed a level, or was called at the topmost again.
    """

    team: str
    place: str
    called: str | None
    number: int
    until: datetime


@dataclass(frozen=True, slots=True)
class TeamApplied(Event):
    """Somebody asks to be taken in; the leaders answer."""

    team: str
    volunteer: str
    leaders: tuple[str, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class TeamApplicationWaiting(Event):
    """Nobody has answered for long: the leaders are told again, and `called` at the office."""

    team: str
    volunteer: str
    leaders: tuple[str, ...]
    called: str | None
    until: datetime


@dataclass(frozen=True, slots=True)
class TeamApplicationEnded(Event):
    """They were not taken in: ``refused``, ``withdrawn``, ``lapsed``, ``dissolved``."""

    team: str
    volunteer: str
    because: str


@dataclass(frozen=True, slots=True)
class TeamMemberJoined(Event):
    """They belong to the team from then on."""

    team: str
    place: str
    volunteer: str
    since: datetime


@dataclass(frozen=True, slots=True)
class TeamMemberLeft(Event):
    """They belong to it no more: ``left``, ``dismissed``, ``stopped``, ``dissolved``."""

    team: str
    place: str
    volunteer: str
    because: str


@dataclass(frozen=True, slots=True)
class TeamMemberSuspended(Event):
    """They do not serve in this team until then."""

    team: str
    volunteer: str
    until: datetime
    because: str


@dataclass(frozen=True, slots=True)
class TeamMemberResumed(Event):
    """They serve in it again."""

    team: str
    volunteer: str


@dataclass(frozen=True, slots=True)
class TeamTrained(Event):
    """These volunteers have learned something together, valid until then (None: for good)."""

    team: str
    training: str
    until: datetime | None
    volunteers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TeamInsured(Event):
    """These volunteers are insured until then."""

    team: str
    until: datetime
    volunteers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TeamSuspended(Event):
    """The team does nothing until then."""

    team: str
    place: str
    until: datetime
    because: str
    leaders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TeamResumed(Event):
    """The team serves again."""

    team: str
    place: str
    leaders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TeamDissolved(Event):
    """The team is no more, and its members hear so after this. `leaders` led it. What it did
    stays.
    """

    team: str
    place: str
    leaders: tuple[str, ...] = ()


# --- volunteers ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VolunteerRegistered(Event):
    """Somebody serves from now on, and lives or works at that place."""

    volunteer: str
    place: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VolunteerMoved(Event):
    """They are at home at another place."""

    volunteer: str
    place: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VolunteerStopped(Event):
    """They serve no more: ``own-wish``, ``erased``. They leave all teams."""

    volunteer: str
    because: str


@dataclass(frozen=True, slots=True)
class GuardianNamed(Event):
    """`guardian` has to consent before somebody under age serves; staff of `place` confirm that
    they are the guardian.
    """

    volunteer: str
    place: str
    guardian: str


@dataclass(frozen=True, slots=True)
class GuardianConfirmed(Event):
    """Staff have seen that they are."""

    volunteer: str
    guardian: str


@dataclass(frozen=True, slots=True)
class GuardianRefused(Event):
    """Staff have seen that they are not; or they are no longer."""

    volunteer: str
    guardian: str


@dataclass(frozen=True, slots=True)
class GuardianConsented(Event):
    """Until then they may serve in such `works`."""

    volunteer: str
    guardian: str
    works: tuple[Work, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class GuardianConsentWithdrawn(Event):
    """They may serve no more, for now."""

    volunteer: str
    guardian: str


@dataclass(frozen=True, slots=True)
class VolunteerTrained(Event):
    """They have learned something, valid until then (None: for good)."""

    volunteer: str
    training: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class VolunteerInsured(Event):
    """They are insured until then."""

    volunteer: str
    until: datetime


@dataclass(frozen=True, slots=True)
class ValidityEnding(Event):
    """Soon it ends: a training (`training` says which), an insurance, or the consent of the
    guardian, who is asked again.
    """

    volunteer: str
    kind: Validity
    training: str | None
    guardian: str | None
    until: datetime


@dataclass(frozen=True, slots=True)
class VolunteerFitnessChanged(Event):
    """They may not be fit any more for what they have taken on: a training was struck or holds for
    less long, or their year of birth was put right.
    """

    volunteer: str
    because: FitnessChange


@dataclass(frozen=True, slots=True)
class VolunteerSuspended(Event):
    """They do not serve until then."""

    volunteer: str
    place: str
    until: datetime
    because: str


@dataclass(frozen=True, slots=True)
class VolunteerResumed(Event):
    """They may serve again."""

    volunteer: str
    place: str


@dataclass(frozen=True, slots=True)
class NamingAgreed(Event):
    """They agree to be named in rankings and honours."""

    volunteer: str


@dataclass(frozen=True, slots=True)
class NamingWithdrawn(Event):
    """They want to be named no more."""

    volunteer: str
