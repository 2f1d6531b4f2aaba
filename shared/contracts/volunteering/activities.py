"""Activities. Ids, codes and times.

`place` is where an activity takes place; a place in it that somebody has is told by `volunteer` and
`role`. `begin` and `end` are the activity's.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.contracts.event import Event


class Theme(StrEnum):
    """What an activity is about."""

    CHILDREN = "children"
    CULTURE = "culture"
    ELDERS = "elders"
    ENVIRONMENT = "environment"
    FESTIVAL = "festival"
    HEALTH = "health"
    LEARNING = "learning"
    PARTY = "party"
    SAFETY = "safety"
    TRAFFIC = "traffic"
    OTHER = "other"


class CallingOff(StrEnum):
    """Why an activity does not take place."""

    WEATHER = "weather"
    TOO_FEW = "too-few"
    ORGANISER_AWAY = "organiser-away"
    VENUE = "venue"
    AUTHORITIES = "authorities"
    TEAM_STOPS = "team-stops"
    SERIES_ENDS = "series-ends"
    NEVER_OPENED = "never-opened"
    OTHER = "other"


# --- an activity ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ActivityOpened(Event):
    """People can sign up for an activity with so many `places`; `team` and `series` are None where
    it is nobody's, and no occasion of a series.
    """

    activity: str
    place: str
    path: tuple[str, ...]
    theme: Theme
    begin: datetime
    end: datetime
    places: int
    team: str | None = None
    series: str | None = None


@dataclass(frozen=True, slots=True)
class ActivityMoved(Event):
    """It takes place at another time. `volunteers` have a place, an offer, or wait; they may
    withdraw in time once more, until `withdraw_until`.
    """

    activity: str
    place: str
    begin: datetime
    end: datetime
    withdraw_until: datetime
    volunteers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActivityCalledOff(Event):
    """It does not take place. `volunteers` had a place, an offer, or waited. `by` is None where
    nobody called it off: what it hung on is no more, or it was never opened.
    """

    activity: str
    place: str
    begin: datetime
    because: CallingOff
    volunteers: tuple[str, ...]
    organisers: tuple[str, ...]
    by: str | None


@dataclass(frozen=True, slots=True)
class ActivityNear(Event):
    """It begins soon: `volunteers` have a place."""

    activity: str
    place: str
    begin: datetime
    volunteers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActivityBegun(Event):
    """It runs with `count` volunteers who have a place. `waited` did so in vain."""

    activity: str
    place: str
    begin: datetime
    end: datetime
    count: int
    waited: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActivityDone(Event):
    """It is over: `present` were there, `missing` had a place and were not."""

    activity: str
    place: str
    theme: Theme
    begin: datetime
    end: datetime
    present: int
    missing: tuple[str, ...]
    organisers: tuple[str, ...]
    team: str | None = None


@dataclass(frozen=True, slots=True)
class ActivityOrganisersNamed(Event):
    """`organisers` answer for it from now on, `former` did until now."""

    activity: str
    place: str
    begin: datetime
    organisers: tuple[str, ...]
    former: tuple[str, ...]


# --- places in it --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VolunteerSignedUp(Event):
    """`volunteer` has a place; `by` is somebody else where an organiser put them down."""

    activity: str
    place: str
    volunteer: str
    role: str
    begin: datetime
    by: str


@dataclass(frozen=True, slots=True)
class VolunteerPutOnWaitingList(Event):
    """`volunteer` waits for a place of that role as the `number`th, counted from 1."""

    activity: str
    place: str
    volunteer: str
    role: str
    number: int


@dataclass(frozen=True, slots=True)
class ActivityPlaceOffered(Event):
    """A place is held for `volunteer`, who waited for it, until they answer or `until` passes."""

    activity: str
    place: str
    volunteer: str
    role: str
    until: datetime


@dataclass(frozen=True, slots=True)
class ActivityOfferEnded(Event):
    """The place is held no more: ``declined``, ``lapsed``, ``begun``, ``struck``, ``suspended``,
    ``stopped``, ``consent-withdrawn``, ``left-team``, or what they lack: ``guardian-must-consent``,
    ``not-for-minors``, ``too-late-for-minors``, ``too-young``, ``too-old``, ``training-missing``.
    They do not wait any more either.
    """

    activity: str
    place: str
    volunteer: str
    role: str
    because: str


@dataclass(frozen=True, slots=True)
class ActivityPlaceGivenUp(Event):
    """`volunteer` has no place any more: ``withdrawn``, ``struck``, ``suspended``, ``stopped``,
    ``consent-withdrawn``, ``left-team``, or what they lack (see `ActivityOfferEnded`). `late` says
    that they withdrew after the time for it; `organisers` must know.
    """

    activity: str
    place: str
    volunteer: str
    role: str
    because: str
    late: bool
    begin: datetime
    organisers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActivityWaitingEnded(Event):
    """`volunteer` waits no more: ``withdrawn``, ``struck``, ``suspended``, ``stopped``,
    ``consent-withdrawn``, ``left-team``, or what they lack (see `ActivityOfferEnded`).
    """

    activity: str
    place: str
    volunteer: str
    role: str
    because: str


# --- hours that are not settled ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ActivityHoursDue(Event):
    """The hours of `count` volunteers wait for the organisers to confirm them; at `until` the
    community is asked instead.
    """

    activity: str
    place: str
    count: int
    organisers: tuple[str, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class ActivityHoursUnsettled(Event):
    """No organiser has confirmed the hours of `count` volunteers: `called` at the office of `place`
    decides now, None while nobody does its duty; `until` then the next level is asked, if any.
    """

    activity: str
    place: str
    count: int
    called: str | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class ActivityHoursDisputed(Event):
    """`volunteer` says that their hours are wrong: `called` at the office of `place` decides, None
    while nobody does its duty. A second time, it was not decided in time and has climbed.
    """

    activity: str
    place: str
    volunteer: str
    called: str | None
    times: int


@dataclass(frozen=True, slots=True)
class ActivityDisputeDecided(Event):
    """`by` has looked at it: `volunteer` served so many `minutes`, whether that is `changed` or
    what it was before.
    """

    activity: str
    place: str
    volunteer: str
    minutes: int
    changed: bool
    by: str
