"""Service record (服务时长): the hours that one volunteer served in one piece of work.

It follows from what the work's own chapter confirmed and corrected; nobody writes it by hand.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.contracts.event import Event
from shared.contracts.volunteering.hours import Work
from shared.runtime.aggregate import Aggregate, Command, Tick
from shared.worktime.hours import CHINA


@dataclass(frozen=True)
class ServiceRecord:
    """`path` are the places that the work lay in when it was recorded, the district first.
    `minutes` are 0 where the hours were taken back. `month` (2026-05) and `year` are the city's.
    `volunteer` is None after they were erased.
    """

    work: str = ""
    kind: Work = Work.ACTIVITY
    volunteer: str | None = None
    place: str = ""
    path: tuple[str, ...] = ()
    district: str = ""
    team: str | None = None
    begun: datetime | None = None
    month: str = ""
    year: int = 0
    minutes: int = 0
    corrections: int = 0


@dataclass(frozen=True, slots=True)
class RecordHours(Command):
    """Hours are these: confirmed, or corrected where `corrected`. Events tell all of it each time,
    so that a record is right from the first it hears.
    """

    work: str
    kind: Work
    volunteer: str
    place: str
    team: str | None
    begun: datetime
    minutes: int
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class DisownHours(Command):
    """The volunteer was erased."""


@dataclass(frozen=True, slots=True)
class HoursRecorded(Event):
    """A record was opened."""

    work: str
    kind: Work
    volunteer: str
    place: str
    path: tuple[str, ...]
    team: str | None
    begun: datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class HoursAmended(Event):
    """The hours are other ones now."""

    minutes: int


@dataclass(frozen=True, slots=True)
class HoursDisowned(Event):
    """Nobody is known any more to have served them. They count on, without a name."""


def record_id(work: str, volunteer: str) -> str:
    """The id of the record of somebody's hours in a piece of work."""
    return f"{work}.{volunteer}"


def decide(
    command: Command, record: ServiceRecord, now: datetime, path: tuple[str, ...] = ()
) -> list[Event]:
    """What follows; `path` are the places that the work lies in."""
    match command:
        case Tick():
            return []
        case RecordHours() if not record.work:
            recorded = HoursRecorded(
                command.work,
                command.kind,
                command.volunteer,
                command.place,
                path or (command.place,),
                command.team,
                command.begun,
                command.minutes,
            )
            return [recorded]
        case RecordHours(corrected=True, minutes=minutes) if minutes != record.minutes:
            return [HoursAmended(minutes)]
        case DisownHours() if record.volunteer is not None:
            return [HoursDisowned()]
    return []


def evolve(record: ServiceRecord, event: Event) -> ServiceRecord:
    """The record after an event."""
    match event:
        case HoursRecorded() as e:
            day = e.begun.astimezone(CHINA)
            return ServiceRecord(
                work=e.work,
                kind=e.kind,
                volunteer=e.volunteer,
                place=e.place,
                path=e.path,
                district=e.path[0],
                team=e.team,
                begun=e.begun,
                month=f"{day:%Y-%m}",
                year=day.year,
                minutes=e.minutes,
            )
        case HoursAmended(minutes=minutes):
            return replace(record, minutes=minutes, corrections=record.corrections + 1)
        case HoursDisowned():
            return replace(record, volunteer=None)
    return record


service_record = Aggregate(
    kind="service-record",
    initial=ServiceRecord(),
    decide=decide,
    evolve=evolve,
    events=(HoursRecorded, HoursAmended, HoursDisowned),
)
