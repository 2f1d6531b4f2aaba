"""Check-in (双报到): who works or is seated elsewhere reports where they live or help, too.

A person's check-in counts once the community has confirmed it; a unit (an organisation) is known to
the register, so its own counts at once. What is offered is named by codes; what is said of it in
words lies in the dossier, and is forgotten when the check-in ends.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import ClassVar

from shared.contracts.community import CheckedIn, CheckedOut, CheckInRefused
from shared.contracts.event import Event, Personal
from shared.contracts.types import Id, PlaceCode, PlaceKind, Word
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick

CONFIRM_WITHIN = timedelta(days=30)
"""Then a check-in that nobody confirmed lapses."""

TOO_SMALL = frozenset({PlaceKind.BUILDING, PlaceKind.UNIT})
"""Places that nobody checks in at: it would tell who lives where."""


class Offer(StrEnum):
    """What somebody has to offer a neighbourhood."""

    CHILDREN = "children"
    CULTURE = "culture"
    DIGITAL_HELP = "digital-help"
    ELDERS = "elders"
    FUNDING = "funding"
    HEALTH = "health"
    LAW = "law"
    MEDIATION = "mediation"
    PARKING = "parking"
    PATROLS = "patrols"
    REPAIRS = "repairs"
    TEACHING = "teaching"
    TRANSPORT = "transport"
    VENUE = "venue"


class Status(StrEnum):
    """How far a check-in has come."""

    NONE = "none"
    ASKED = "asked"
    IN = "in"
    OUT = "out"
    FORGOTTEN = "forgotten"


class Reason(StrEnum):
    """Why a check-in is not confirmed; the clock's is ``lapsed``."""

    NOT_KNOWN = "not-known"
    NOT_PROVEN = "not-proven"
    WRONG_PLACE = "wrong-place"


LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class CheckInState:
    """`person` is None for a unit's; a person's `organisation` is the one that sends them."""

    checkin: str = ""
    place: str = ""
    person: str | None = None
    organisation: str | None = None
    offers: tuple[str, ...] = ()
    status: Status = Status.NONE
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """The place named; the facts are None where there is none. `seated_here` and `known` tell of
    the organisation: whether its seat lies in the place, whether it is registered and not closed.
    """

    kind: PlaceKind
    known: bool = True
    seated_here: bool = False


@dataclass(frozen=True, slots=True)
class CheckIn(Command):
    """The caller, or the organisation they act for (`as_unit`), is there for the place."""

    by: Id
    org: Id | None
    place: PlaceCode
    offers: frozenset[Offer] = frozenset()
    text: Word = ""
    as_unit: bool = False


@dataclass(frozen=True, slots=True)
class ConfirmCheckIn(Command):
    """The person lives or helps here."""

    verb = "confirm"
    by: Id


@dataclass(frozen=True, slots=True)
class RefuseCheckIn(Command):
    """The person does not."""

    verb = "refuse"
    by: Id
    because: Reason


@dataclass(frozen=True, slots=True)
class CheckOut(Command):
    """They are there for the place no more."""

    by: Id


@dataclass(frozen=True, slots=True)
class ForgetCheckIn(Command):
    """The person was erased."""


@dataclass(frozen=True, slots=True)
class CheckInAsked(Event):
    """A person waits to be confirmed."""

    checkin: str
    place: str
    person: str
    organisation: str | None
    offers: tuple[str, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class CheckInForgotten(Event):
    """Nothing is kept of it but that it was."""

    forgets: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class CheckInDescribed(Personal):
    """What they say of what they offer."""

    text: str


def check_in_id(place: str, who: str) -> str:
    """The id of the one check-in that somebody has at a place."""
    return sha256(f"{place}|{who}".encode()).hexdigest()[:32]


def id_of(command: CheckIn) -> str:
    """The id of the check-in that a command is about."""
    if command.as_unit:
        return check_in_id(command.place, f"unit:{command.org}")
    return check_in_id(command.place, command.by)


def decide(
    command: Command, state: CheckInState, now: datetime, scene: Scene | None = None
) -> list[Event]:
    """What follows from a command; `scene` is the place it names."""
    match state.status, command:
        case Status.ASKED, Tick() if state.until is not None and state.until <= now:
            return [refused(state, LAPSED)]
        case _, Tick():
            return []
        case ((Status.NONE | Status.FORGOTTEN), ForgetCheckIn()):
            return []
        case _, ForgetCheckIn():
            return [CheckInForgotten()]
        case ((Status.ASKED | Status.IN), CheckIn()):
            raise Rejected("checked-in", "you have checked in here: check out first")
        case _, CheckIn():
            return entered(command, now, scene)
        case Status.ASKED, ConfirmCheckIn(by=by) | RefuseCheckIn(by=by) if by == state.person:
            raise Rejected("own-confirmation", "nobody confirms themselves")
        case Status.ASKED, ConfirmCheckIn():
            return [
                CheckedIn(
                    state.checkin, state.place, state.person, state.organisation, state.offers
                )
            ]
        case Status.ASKED, RefuseCheckIn(because=because):
            return [refused(state, because.value)]
        case Status.ASKED | Status.IN, CheckOut():
            return [CheckedOut(state.checkin, state.place, state.person, state.organisation)]
    raise Rejected("not-checked-in", "there is no check-in for which this could be done")


def entered(command: CheckIn, now: datetime, scene: Scene | None) -> list[Event]:
    """A unit has checked in; a person asks to."""
    place = command.place
    if scene is None:
        raise Rejected("unknown-place", f"no place {place} is registered", place=place)
    if scene.kind in TOO_SMALL:
        raise Rejected("too-small", "check in at the neighbourhood, not at a building or unit")
    id, offers = id_of(command), tuple(sorted(offer.value for offer in command.offers))
    described = [CheckInDescribed(command.text)] if command.text else []
    if not command.as_unit:
        until = now + CONFIRM_WITHIN
        asked = CheckInAsked(id, place, command.by, command.org, offers, until)
        return [asked, *described]
    if command.org is None:
        raise Rejected("no-organisation", "you act for no organisation: ask for such a token")
    if not scene.known:
        raise Rejected("unknown-organisation", "no such organisation is registered")
    if scene.seated_here:
        raise Rejected("seated-here", "the organisation has its seat here: it need not check in")
    return [CheckedIn(id, place, None, command.org, offers), *described]


def refused(state: CheckInState, because: str) -> CheckInRefused:
    """The person is not confirmed."""
    assert state.person is not None, "only a person waits to be confirmed"
    return CheckInRefused(state.checkin, state.place, state.person, because)


def evolve(state: CheckInState, event: Event) -> CheckInState:
    """The check-in after an event."""
    match event:
        case CheckInAsked(checkin=id, place=place, person=person, until=until):
            return CheckInState(
                id, place, person, event.organisation, event.offers, Status.ASKED, until
            )
        case CheckedIn(checkin=id, place=place, person=person, organisation=organisation):
            return CheckInState(id, place, person, organisation, event.offers, Status.IN)
        case CheckInRefused() | CheckedOut():
            return replace(state, status=Status.OUT, until=None)
        case CheckInForgotten():
            return CheckInState(status=Status.FORGOTTEN)
    return state


def due(state: CheckInState) -> datetime | None:
    """When what nobody confirmed lapses."""
    return state.until


OPEN: dict[Status, tuple[str, ...]] = {
    Status.ASKED: ("confirm", "refuse", "check-out"),
    Status.IN: ("check-out",),
}
"""The verbs that a check-in knows in a status."""


def open_verbs(state: CheckInState) -> tuple[str, ...]:
    """The verbs that this check-in knows now."""
    return OPEN.get(state.status, ())


check_in = Aggregate(
    kind="check-in",
    initial=CheckInState(),
    decide=decide,
    evolve=evolve,
    events=(
        CheckInAsked,
        CheckedIn,
        CheckInRefused,
        CheckedOut,
        CheckInForgotten,
        CheckInDescribed,
    ),
    due=due,
)
