"""A street lamp: the smallest aggregate with everything in it, for tests of the runtime."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.contracts.event import Event, Personal
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick

SERVICED_EVERY = timedelta(days=30)


class Status(StrEnum):
    UNBUILT = "unbuilt"
    LIT = "lit"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Lamp:
    status: Status = Status.UNBUILT
    place: str = ""
    switched: int = 0
    service_due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Install(Command):
    by: str
    place: str


@dataclass(frozen=True, slots=True)
class Break(Command):
    by: str
    witness_phone: str


@dataclass(frozen=True, slots=True)
class Switch(Command):
    """Switches it once more; `limit` is how often it may have been switched at most."""

    limit: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Look(Command):
    """Changes nothing."""


@dataclass(frozen=True, slots=True)
class LampInstalled(Event):
    place: str
    service_due: datetime


@dataclass(frozen=True, slots=True)
class LampBroke(Event):
    pass


@dataclass(frozen=True, slots=True)
class WitnessNamed(Personal):
    phone: str


@dataclass(frozen=True, slots=True)
class LampSwitched(Event):
    times: int


@dataclass(frozen=True, slots=True)
class LampServiced(Event):
    service_due: datetime


def decide(command: Command, lamp: Lamp, now: datetime) -> list[Event]:
    match lamp.status, command:
        case Status.UNBUILT, Install(place=place):
            return [LampInstalled(place, now + SERVICED_EVERY)]
        case ((Status.LIT | Status.BROKEN), Tick()) if lamp.service_due and now >= lamp.service_due:
            return [LampServiced(now + SERVICED_EVERY)]
        case Status.LIT, Break(witness_phone=phone):
            return [LampBroke(), WitnessNamed(phone)]
        case Status.LIT, Switch(limit=limit):
            if lamp.switched >= limit:
                raise Rejected("worn-out", "it was switched {limit} times already", limit=limit)
            return [LampSwitched(lamp.switched + 1)]
        case _, Look() | Tick():
            return []
    raise Rejected("wrong-moment", f"cannot {command.verb} a lamp that is {lamp.status}")


def evolve(lamp: Lamp, event: Event) -> Lamp:
    match event:
        case LampInstalled(place=place, service_due=due):
            return replace(lamp, status=Status.LIT, place=place, service_due=due)
        case LampBroke():
            return replace(lamp, status=Status.BROKEN)
        case LampSwitched(times=times):
            return replace(lamp, switched=times)
        case LampServiced(service_due=due):
            return replace(lamp, status=Status.LIT, service_due=due)
    return lamp


lamp = Aggregate(
    kind="lamp",
    initial=Lamp(),
    decide=decide,
    evolve=evolve,
    events=(LampInstalled, LampBroke, WitnessNamed, LampSwitched, LampServiced),
    due=lambda state: state.service_due,
)
