"""What people can do with an activity. `by` is the caller, filled in by the runtime."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from services.volunteering.domain.activities.outline import Outline
from services.volunteering.domain.activities.recorded import Complaint
from shared.contracts.types import (
    Accuracy,
    CheckInCode,
    Code,
    Id,
    Latitude,
    Longitude,
    PlaceCode,
    PlaceCount,
    Title,
    Word,
    at_most,
)
from shared.contracts.volunteering.activities import CallingOff
from shared.runtime.aggregate import Command

MOST_ORGANISERS = 20

# --- planning ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlanActivity(Command):
    """A draft: an activity of a team (its leaders plan it), or of a place (its staff does)."""

    verb = "plan"
    by: Id
    place: PlaceCode
    outline: Outline
    begin: datetime
    end: datetime
    team: Id | None = None
    sign_up_from: datetime | None = None
    sign_up_until: datetime | None = None
    withdraw_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan(Command):
    """An occasion of a series, opened at once. `organisers` are those of the series; the leaders
    of the team, if it is one's, answer for it, too.
    """

    series: str
    organisers: tuple[str, ...]
    place: str
    team: str | None
    outline: Outline
    begin: datetime
    end: datetime
    sign_up_from: datetime | None = None
    sign_up_until: datetime | None = None
    withdraw_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Revise(Command):
    """The draft is to be otherwise."""

    by: Id
    outline: Outline
    begin: datetime
    end: datetime
    sign_up_from: datetime | None = None
    sign_up_until: datetime | None = None
    withdraw_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenActivity(Command):
    """From now on everybody sees it and can sign up."""

    verb = "open"
    by: Id


@dataclass(frozen=True, slots=True)
class DescribeActivity(Command):
    """It is announced in other words."""

    verb = "describe"
    by: Id
    title: Title
    text: Word = ""
    meet_at: Word = ""


@dataclass(frozen=True, slots=True)
class Resize(Command):
    """A role has more places, or fewer; nobody loses theirs."""

    by: Id
    role: Code
    number: PlaceCount


@dataclass(frozen=True, slots=True)
class MoveActivity(Command):
    """It takes place at another time; the ends of sign-up and of withdrawing in time move along."""

    verb = "move"
    by: Id
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class CallOff(Command):
    """It does not take place. Everybody hears it."""

    by: Id
    because: CallingOff


@dataclass(frozen=True, slots=True)
class Cease(Command):
    """What stands behind it is no more: its team stops (until then, None for good), or its series
    has ended.
    """

    because: CallingOff
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class NameContact(Command):
    """Whom those who take part can call."""

    by: Id
    name: Title
    phone: Title


# --- places --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SignUp(Command):
    """Take part, with a place or on the waiting list; the role is named where there are several."""

    by: Id
    role: Code | None = None


@dataclass(frozen=True, slots=True)
class Withdraw(Command):
    """Give up the place, the offer, or waiting."""

    by: Id


@dataclass(frozen=True, slots=True)
class AcceptOffer(Command):
    """Take the place that is held."""

    by: Id


@dataclass(frozen=True, slots=True)
class DeclineOffer(Command):
    """Leave it to the next in line."""

    by: Id


@dataclass(frozen=True, slots=True)
class Enlist(Command):
    """An organiser puts somebody down who cannot do it themselves, or has just come by."""

    by: Id
    person: Id
    role: Code | None = None


@dataclass(frozen=True, slots=True)
class StrikeOff(Command):
    """Somebody cannot take part."""

    by: Id
    person: Id


@dataclass(frozen=True, slots=True)
class GiveUp(Command):
    """Somebody cannot take part any more: `because` they have ``stopped``, their guardian's
    ``consent-withdrawn``, they are ``suspended`` `until` then, or have ``left-team``. With a `team`
    it is about what is kept to its members only.
    """

    person: str
    because: str
    until: datetime | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class LookAgain(Command):
    """Something changed of which hangs whether these people may take part: the time of the
    activity, or what they have. Who is not fit any more gives up what they have.
    """

    people: tuple[str, ...]


# --- presence ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CheckIn(Command):
    """Be there, by the code that the organiser's telephone shows this minute."""

    by: Id
    code: CheckInCode


@dataclass(frozen=True, slots=True)
class CheckInHere(Command):
    """Be there, by standing near the meeting point. The position (GCJ-02, degrees, good to so many
    metres) is looked at and never kept.
    """

    by: Id
    latitude: Latitude
    longitude: Longitude
    accuracy: Accuracy


@dataclass(frozen=True, slots=True)
class CheckInFor(Command):
    """An organiser has seen somebody come."""

    by: Id
    person: Id


@dataclass(frozen=True, slots=True)
class CheckOut(Command):
    """Leave, by the code of the minute."""

    by: Id
    code: CheckInCode


@dataclass(frozen=True, slots=True)
class CheckOutHere(Command):
    """Leave, by standing near the meeting point."""

    by: Id
    latitude: Latitude
    longitude: Longitude
    accuracy: Accuracy


@dataclass(frozen=True, slots=True)
class CheckOutFor(Command):
    """An organiser has seen somebody go."""

    by: Id
    person: Id


@dataclass(frozen=True, slots=True)
class RecordPresence(Command):
    """From when to when somebody was there, as an organiser knows it; before their hours are
    confirmed.
    """

    by: Id
    person: Id
    came: datetime
    left: datetime


@dataclass(frozen=True, slots=True)
class DenyPresence(Command):
    """Somebody was not there, whoever checked in for them."""

    by: Id
    person: Id


# --- hours ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ConfirmHours(Command):
    """The hours of everybody who was there, but for one's own, are right. With `stayed`, who did
    not check out was there to the end; without it they wait.
    """

    by: Id
    stayed: bool = False


@dataclass(frozen=True, slots=True)
class DisputeHours(Command):
    """One's own hours are wrong: one was there from `came` to `left`."""

    by: Id
    because: Complaint
    came: datetime
    left: datetime


@dataclass(frozen=True, slots=True)
class DropDispute(Command):
    """One's hours are right after all."""

    by: Id


@dataclass(frozen=True, slots=True)
class DecideDispute(Command):
    """From when to when they were there; without times everything stays as it is."""

    by: Id
    person: Id
    came: datetime | None = None
    left: datetime | None = None


# --- who answers for it --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NameOrganisers(Command):
    """Others answer for it."""

    by: Id
    organisers: Annotated[tuple[Id, ...], at_most(MOST_ORGANISERS)]


@dataclass(frozen=True, slots=True)
class PassOn(Command):
    """The team has other leaders."""

    leaders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ForgetPerson(Command):
    """Somebody was erased."""

    person: str
