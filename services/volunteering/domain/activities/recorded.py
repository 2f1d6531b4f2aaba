"""What happens in an activity and stays in this service."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from services.volunteering.domain.activities.outline import Outline, Times
from shared.contracts.event import Event, Personal


class Way(StrEnum):
    """How somebody checked in or out."""

    CODE = "code"
    LOCATION = "location"
    ORGANISER = "organiser"


class Complaint(StrEnum):
    """What somebody says is wrong with their hours."""

    NOT_CHECKED_IN = "not-checked-in"
    NOT_CHECKED_OUT = "not-checked-out"
    WRONG_TIME = "wrong-time"


@dataclass(frozen=True, slots=True)
class ActivityPlanned(Event):
    """An activity is to be, at a place; who organises it sees it, and staff."""

    activity: str
    place: str
    path: tuple[str, ...]
    team: str | None
    series: str | None
    organisers: tuple[str, ...]
    outline: Outline
    times: Times


@dataclass(frozen=True, slots=True)
class ActivityRevised(Event):
    """It is to be otherwise."""

    outline: Outline
    times: Times


@dataclass(frozen=True, slots=True)
class ReminderLeftOut(Event):
    """It begins so soon that nobody need be reminded."""


@dataclass(frozen=True, slots=True)
class ActivityDescribed(Event):
    """It is announced in these words."""

    title: str
    text: str
    meet_at: str


@dataclass(frozen=True, slots=True)
class ActivityResized(Event):
    """A role has so many places now."""

    role: str
    number: int


@dataclass(frozen=True, slots=True)
class VolunteerArrived(Event):
    """Somebody has checked in. Where they stood is not kept."""

    volunteer: str
    at: datetime
    how: Way
    by: str


@dataclass(frozen=True, slots=True)
class VolunteerLeft(Event):
    """Somebody has checked out."""

    volunteer: str
    at: datetime
    how: Way
    by: str


@dataclass(frozen=True, slots=True)
class PresenceRecorded(Event):
    """Somebody was there from `came` to `left`, and at no other time."""

    volunteer: str
    came: datetime
    left: datetime
    by: str


@dataclass(frozen=True, slots=True)
class PresenceDenied(Event):
    """Somebody was not there, whoever checked in for them."""

    volunteer: str
    by: str


@dataclass(frozen=True, slots=True)
class NoHoursServed(Event):
    """Somebody was there for too short a time to count."""

    volunteer: str
    by: str


@dataclass(frozen=True, slots=True)
class HoursClaimed(Event):
    """What somebody says is right, of their hours that they dispute."""

    volunteer: str
    because: Complaint
    came: datetime
    left: datetime
    climbs_at: datetime


@dataclass(frozen=True, slots=True)
class DisputesTaken(Event):
    """Hours were confirmed: until then those whose they are can dispute them."""

    until: datetime


@dataclass(frozen=True, slots=True)
class DisputeDropped(Event):
    """Nobody disputes these hours any more: the person takes it back, or was erased."""

    volunteer: str


@dataclass(frozen=True, slots=True)
class ActivityContactGiven(Event):
    """Those who take part can call somebody, and not whom they could call before."""

    forgets: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class ActivityContactNamed(Personal):
    """Whom those who take part can call."""

    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class ActivityContactForgotten(Event):
    """Whom one could call is kept no more."""

    forgets: ClassVar[bool] = True
