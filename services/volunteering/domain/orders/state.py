"""An order (点单): how it stands, who was asked, who has it, and when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from services.volunteering.domain.orders.record import OrderRecord
from services.volunteering.domain.orders.service_commands import KnownService
from services.volunteering.domain.teams.volunteer_state import Conditions, Volunteer
from shared.contracts.types import Level
from shared.contracts.volunteering.hours import Work


class Status(StrEnum):
    """How far an order has come."""

    UNPLACED = "unplaced"
    SEEKING = "seeking"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    AGREED = "agreed"
    BEGUN = "begun"
    FINISHED = "finished"
    DONE = "done"
    CANCELLED = "cancelled"
    ENDED = "ended"


OPEN_TO_TAKERS = (Status.SEEKING, Status.OFFERED)
AT_HAND = (Status.ACCEPTED, Status.AGREED, Status.BEGUN, Status.FINISHED)
"""Somebody has it, and it is not over."""
OVER = (Status.DONE, Status.CANCELLED, Status.ENDED)


@dataclass(frozen=True, slots=True)
class Window:
    """A time in which the resident is there; it lies within a day."""

    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """What the service asks of who does it, as it was when the order was placed."""

    minutes: int = 0
    skill: str | None = None
    trainings: tuple[str, ...] = ()
    least_age: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """Somebody is asked until then; `by` has chosen them, None: the matching has."""

    volunteer: str
    until: datetime
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Weighed:
    """Somebody who could take it, and why they stand where they stand in line.

    `unfit` says what they lack, or why they are not asked (``own-order``, ``asked-before``,
    ``enough-at-hand``); None: nothing. `steps` up the place tree lead to where both are at home.
    `free` says whether a wanted time lies within their free times, None where they named none.
    `waited` are days since they were last asked, None: never. `score` adds it all up.
    """

    volunteer: str
    unfit: str | None
    steps: int
    free: bool | None
    at_hand: int
    waited: int | None
    behind: bool
    score: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """One side proposes to begin then."""

    by: str
    begin: datetime


@dataclass(frozen=True, slots=True)
class Alarm:
    """An office must look at it. `person` is who does the duty there, None: nobody heard it yet."""

    because: str
    place: str
    person: str | None
    number: int


@dataclass(frozen=True, slots=True)
class Rating:
    """What one side gave the other."""

    by: str
    stars: int
    flags: tuple[str, ...]


@dataclass(frozen=True)
class Order:
    """An order. `resident` is None for somebody without an account: who placed it speaks for them.

    `community` and `street` are the places up to which takers are looked for. `asked` are all who
    were ever offered it, `known` all who were ever weighed, `out` those who are not asked again.
    `line` is who is asked next, the first first. `level` is the office that has to find somebody,
    None while the matching does. `raised` are the alarms since the last time was agreed on.
    """

    status: Status = Status.UNPLACED
    order: str = ""
    service: str = ""
    place: str = ""
    path: tuple[str, ...] = ()
    community: str = ""
    street: str = ""
    resident: str | None = None
    placed_by: str = ""
    placed_at: datetime | None = None
    asks: Asked = Asked()
    times: tuple[Window, ...] = ()
    round: int = 0
    seek_by: datetime | None = None
    level: Level | None = None
    climb_by: datetime | None = None
    alarm: Alarm | None = None
    raised: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    line: tuple[str, ...] = ()
    weighed: tuple[Weighed, ...] = ()
    known: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    out: tuple[str, ...] = ()
    organisation: str | None = None
    entrusted_until: datetime | None = None
    volunteer: str | None = None
    by_office: bool = False
    agree_by: datetime | None = None
    proposal: Proposal | None = None
    begin: datetime | None = None
    end: datetime | None = None
    remind_at: datetime | None = None
    begun: datetime | None = None
    begun_by: str = ""
    begin_confirmed: bool = False
    ended: datetime | None = None
    ended_by: str = ""
    disputed: bool = False
    minutes: int = 0
    counted: bool = False
    ratings: tuple[Rating, ...] = ()
    because: str | None = None

    @property
    def host(self) -> str:
        """Who it is for, or who placed it for somebody without an account."""
        return self.placed_by if self.resident is None else self.resident

    @property
    def last_call(self) -> datetime | None:
        """After that nobody could begin it and be done within a time that was wanted."""
        ends = [window.end for window in self.times]
        return max(ends) - timedelta(minutes=self.asks.minutes) if ends else None

    def hosts(self, person: str) -> bool:
        """Whether somebody speaks for the resident's side."""
        return person in (self.resident, self.placed_by)

    def begins_within(self, begin: datetime) -> bool:
        """Whether it can begin then and be done within a time that was wanted."""
        end = begin + timedelta(minutes=self.asks.minutes)
        return any(one.begin <= begin and end <= one.end for one in self.times)

    def offer_to(self, person: str) -> Offer | None:
        """What they are asked now."""
        return next((one for one in self.offers if one.volunteer == person), None)

    def conditions(self) -> Conditions:
        """What is asked of who takes it."""
        return Conditions(
            least_age=self.asks.least_age,
            trainings=self.asks.trainings,
            work=Work.ORDER,
            end=self.end,
        )


def earliest(times: tuple[Window, ...], now: datetime) -> datetime:
    """When it could begin at first, of what lies ahead."""
    return min((max(one.begin, now) for one in times if one.end > now), default=now)


@dataclass(frozen=True, slots=True)
class Site:
    """Where an order is placed: the place (no building or unit), the path to it, its community and
    its street (the highest place where the tree has none).
    """

    place: str
    path: tuple[str, ...]
    community: str
    street: str


@dataclass(frozen=True, slots=True)
class Desk:
    """The office of a level: its place, and who does the duty there now."""

    place: str = ""
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """What a decision on an order is told of the world.

    `order` is its own id. Of `PlaceOrder`: the `service` (None: there is none) and the `site`
    (None: unknown place; `closed`: no more). `volunteers` and `records` are those that the command
    looks at. `offices` are those of the order's path; `body_known`: whether anybody belongs to the
    organisation that the command names.
    """

    order: str
    service: KnownService | None = None
    site: Site | None = None
    closed: bool = False
    volunteers: Mapping[str, Volunteer | None] = field(default_factory=dict)
    records: Mapping[str, OrderRecord] = field(default_factory=dict)
    offices: Mapping[Level, Desk] = field(default_factory=dict)
    body_known: bool = False

    def record(self, person: str) -> OrderRecord:
        """Somebody's record; an empty one where there is none."""
        return self.records.get(person, OrderRecord())

    def office(self, level: Level) -> Desk:
        """The office of a level."""
        return self.offices.get(level, Desk())
