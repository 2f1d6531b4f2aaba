"""Resident (居民): a person in a household, known to others by a pseudonymous subject only.

A household is a unit of a building. Name, phone and address lie in the dossier; the state has none
of them.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.contracts.community import ResidentMoved, ResidentRegistered
from shared.contracts.event import Event, Personal
from shared.contracts.types import Id, PlaceCode, PlaceKind, Title
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick


@dataclass(frozen=True, slots=True)
class Resident:
    """A person (by subject) and the unit they live in; with an empty subject not registered yet."""

    resident: str = ""
    household: str = ""


@dataclass(frozen=True, slots=True)
class Home:
    """The place named as household; the facts are None where no such place is registered."""

    kind: PlaceKind


@dataclass(frozen=True, slots=True)
class RegisterResident(Command):
    """Enters a person as living in a unit."""

    by: Id
    resident: Id
    household: PlaceCode
    name: Title
    phone: Title | None = None
    address: Title | None = None


@dataclass(frozen=True, slots=True)
class MoveHousehold(Command):
    """The person lives in another unit now."""

    verb = "move"
    by: Id
    household: PlaceCode


@dataclass(frozen=True, slots=True)
class DescribeResident(Command):
    """Sets name, phone and address anew."""

    verb = "describe"
    by: Id
    name: Title
    phone: Title | None = None
    address: Title | None = None


@dataclass(frozen=True, slots=True)
class ResidentDescribed(Personal):
    """Who the person is. The latest one holds."""

    name: str
    phone: str | None
    address: str | None


def decide(
    command: Command, resident: Resident, now: datetime, home: Home | None = None
) -> list[Event]:
    """What follows from a command; `home` is the place it names as household."""
    match command:
        case Tick():
            return []
        case RegisterResident() if resident.resident:
            raise Rejected("resident-exists", "this person is registered: move or describe them")
        case RegisterResident(resident=subject, household=household):
            must_be_a_unit(household, home)
            return [
                ResidentRegistered(resident=subject, household=household),
                ResidentDescribed(command.name, command.phone, command.address),
            ]
        case _ if not resident.resident:
            raise Rejected("unknown-resident", "no such person is registered")
        case MoveHousehold(household=household) if household == resident.household:
            return []
        case MoveHousehold(household=household):
            must_be_a_unit(household, home)
            return [ResidentMoved(resident.resident, household, before=resident.household)]
        case DescribeResident(name=name, phone=phone, address=address):
            return [ResidentDescribed(name, phone, address)]
    raise Rejected("wrong-moment", f"cannot {command.verb} a resident", verb=command.verb)


def must_be_a_unit(household: str, home: Home | None) -> None:
    """Rejects a household that is not a registered unit."""
    if home is None:
        raise Rejected("unknown-place", f"no place {household} is registered", place=household)
    if home.kind is not PlaceKind.UNIT:
        raise Rejected(
            "not-a-unit",
            f"{household} is a {home.kind}; a household is a unit",
            place=household,
            kind=home.kind,
        )


def evolve(resident: Resident, event: Event) -> Resident:
    """The resident after an event."""
    match event:
        case ResidentRegistered(resident=subject, household=household):
            return Resident(subject, household)
        case ResidentMoved(household=household):
            return replace(resident, household=household)
    return resident


def open_verbs(resident: Resident) -> tuple[str, ...]:
    """The verbs that this resident knows now."""
    return ("move", "describe") if resident.resident else ()


resident = Aggregate(
    kind="resident",
    initial=Resident(),
    decide=decide,
    evolve=evolve,
    events=(ResidentRegistered, ResidentMoved, ResidentDescribed),
)
