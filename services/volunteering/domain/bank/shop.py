"""A shop (爱心超市): an organisation that gives rewards for points, at a counter or a till."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.volunteering.domain.bank.state import month_of
from shared.contracts.event import Event
from shared.contracts.types import Id, PlaceCode
from shared.contracts.volunteering.bank import ShopAdmitted, ShopClosed
from shared.runtime.aggregate import Aggregate, Command, Rejected

MONTHS_KEPT = 24
"""Months whose takings a shop is shown."""


class Status(StrEnum):
    """Whether a shop takes points."""

    NONE = "none"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class Takings:
    """What a shop took in a month, less what it gave back."""

    month: str
    points: int


@dataclass(frozen=True)
class Shop:
    """A shop; its id is the organisation's. `takings` by month, the latest last."""

    status: Status = Status.NONE
    shop: str = ""
    place: str = ""
    path: tuple[str, ...] = ()
    takings: tuple[Takings, ...] = ()
    taken: int = 0
    """All points that it ever took."""


@dataclass(frozen=True, slots=True)
class Admit(Command):
    """An organisation at a place takes points from now on."""

    by: Id
    shop: Id
    place: PlaceCode


@dataclass(frozen=True, slots=True)
class CloseShop(Command):
    """It takes points no more."""

    verb = "close"
    by: Id


@dataclass(frozen=True, slots=True)
class ReopenShop(Command):
    """It takes points again."""

    verb = "reopen"
    by: Id


@dataclass(frozen=True, slots=True)
class CountIn(Command):
    """Points have come in; less than zero were given back."""

    points: int


@dataclass(frozen=True, slots=True)
class ShopPlaced(Event):
    """Where it lies, the district first."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TakingsCounted(Event):
    """Points came in, in that month."""

    month: str
    points: int


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """The shop's own id, and the path of the place where it would be admitted."""

    shop: str
    path: tuple[str, ...] = ()


def decide(command: Command, shop: Shop, now: datetime, facts: ShopFacts) -> list[Event]:
    """What follows from a command. Raises `Rejected`."""
    match shop.status, command:
        case _, CountIn(points=points):
            return [TakingsCounted(month_of(now), points)]
        case Status.NONE, Admit(place=place):
            if not facts.path:
                raise Rejected("unknown-place", f"no place {place} is registered", place=place)
            return [ShopAdmitted(facts.shop, place), ShopPlaced(facts.path)]
        case Status.OPEN, CloseShop():
            return [ShopClosed(facts.shop)]
        case Status.CLOSED, ReopenShop():
            return [ShopAdmitted(facts.shop, shop.place)]
        case _, Admit():
            raise Rejected("shop-known", "this organisation was admitted before: reopen its shop")
    raise Rejected("wrong-moment", f"cannot {command.verb} this shop now", verb=command.verb)


def evolve(shop: Shop, event: Event) -> Shop:
    """The shop after an event."""
    match event:
        case ShopAdmitted(shop=id, place=place):
            return replace(shop, status=Status.OPEN, shop=id, place=place)
        case ShopPlaced(path=path):
            return replace(shop, path=path)
        case ShopClosed():
            return replace(shop, status=Status.CLOSED)
        case TakingsCounted(month=month, points=points):
            counts = {one.month: one.points for one in shop.takings}
            counts[month] = counts.get(month, 0) + points
            takings = tuple(Takings(*each) for each in sorted(counts.items()))[-MONTHS_KEPT:]
            return replace(shop, takings=takings, taken=shop.taken + points)
    return shop


def open_verbs(shop: Shop) -> tuple[str, ...]:
    """The verbs that this shop knows now."""
    return {Status.OPEN: ("close",), Status.CLOSED: ("reopen",)}.get(shop.status, ())


shop = Aggregate(
    kind="shop",
    initial=Shop(),
    decide=decide,
    evolve=evolve,
    events=(ShopAdmitted, ShopPlaced, ShopClosed, TakingsCounted),
)
