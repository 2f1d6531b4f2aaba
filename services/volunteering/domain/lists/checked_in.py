"""Who has checked in (双报到) at a place, and what they offer, as community tells it."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.event import Event
from shared.runtime.aggregate import Aggregate, Command


@dataclass(frozen=True)
class CheckedInMember:
    """`person` is None for an organisation. `here` is false once they have checked out."""

    checkin: str = ""
    place: str = ""
    person: str | None = None
    organisation: str | None = None
    offers: tuple[str, ...] = ()
    here: bool = False


@dataclass(frozen=True, slots=True)
class LearnCheckIn(Command):
    """They are there for the place."""

    checkin: str
    place: str
    person: str | None
    organisation: str | None
    offers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LearnCheckOut(Command):
    """They are there no more."""


@dataclass(frozen=True, slots=True)
class CheckInLearned(Event):
    """What is known of it from now on."""

    checkin: str
    place: str
    person: str | None
    organisation: str | None
    offers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckOutLearned(Event):
    """Nothing is known of it any more."""


def decide(command: Command, member: CheckedInMember, now: datetime) -> list[Event]:
    """The new knowledge, unless it is the old."""
    match command:
        case LearnCheckIn(checkin, place, person, organisation, offers):
            learned = CheckInLearned(checkin, place, person, organisation, offers)
            return [] if evolve(member, learned) == member else [learned]
        case LearnCheckOut() if member.here:
            return [CheckOutLearned()]
    return []


def evolve(member: CheckedInMember, event: Event) -> CheckedInMember:
    """The knowledge after the event."""
    match event:
        case CheckInLearned(checkin, place, person, organisation, offers):
            return CheckedInMember(checkin, place, person, organisation, offers, here=True)
        case CheckOutLearned():
            return CheckedInMember()
    return member


checked_in = Aggregate(
    kind="checked-in",
    initial=CheckedInMember(),
    decide=decide,
    evolve=evolve,
    events=(CheckInLearned, CheckOutLearned),
)
