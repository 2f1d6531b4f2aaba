"""An order to tell stories about: a lamp to be repaired in a neighbourhood."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.volunteering.domain.orders.commands import Accept, Contact, PlaceOrder, Weigh
from services.volunteering.domain.orders.matching import Found
from services.volunteering.domain.orders.order import order
from services.volunteering.domain.orders.record import OrderRecord
from services.volunteering.domain.orders.service_commands import KnownService
from services.volunteering.domain.orders.state import Asked, Desk, Order, Scene, Site, Window
from services.volunteering.domain.teams.volunteer_state import Volunteer
from shared.contracts.event import Event
from shared.contracts.types import Level
from shared.runtime.aggregate import Command, Rejected

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""A Monday, 09:00 in the city."""
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WANTED = Window(NOW + 2 * DAY, NOW + 2 * DAY + 4 * HOUR)
"""Wednesday, from nine to one."""

ID = "order-1"
PATH = ("gulou", "wufeng", "junmen", "junmen-1")
SITE = Site("junmen-1", PATH, "junmen", "wufeng")
REPAIR = KnownService("repair", "家电小修", "Small repairs", 90, "repair", (), 18)
ASKS = Asked(90, "repair", (), 18)
OFFICES = {Level.COMMUNITY: Desk("junmen", "lin"), Level.STREET: Desk("wufeng", "wu")}

HOST = "r-chen"


def handy(**changes: Any) -> Volunteer:
    """A volunteer who can repair, of the same neighbourhood."""
    values = {
        "registered": True,
        "place": PATH[-1],
        "path": PATH,
        "birth_year": 1980,
        "skills": ("repair",),
        **changes,
    }
    return Volunteer(**values)


def found(person: str, record: OrderRecord | None = None, **changes: Any) -> Found:
    """Somebody who was found."""
    return Found(person, handy(**changes), record or OrderRecord())


def scene(**changes: Any) -> Scene:
    """The world: everybody who is asked about is handy."""
    values: dict[str, Any] = {
        "order": ID,
        "service": REPAIR,
        "site": SITE,
        "offices": OFFICES,
        "volunteers": {f"v-{n}": handy() for n in range(60)},
        "body_known": True,
        **changes,
    }
    return Scene(**values)


def placing(**changes: Any) -> PlaceOrder:
    """What the resident asks for."""
    values: dict[str, Any] = {
        "by": HOST,
        "service": "repair",
        "place": "junmen-1",
        "times": (WANTED,),
        "need": "客厅的灯不亮了",
        "contact": Contact("陈阿姨", "13800000000", "3号楼201"),
        **changes,
    }
    return PlaceOrder(**values)


class Story:
    """An order to which commands are given one after the other, as the store would."""

    def __init__(self) -> None:
        self.aggregate = order
        self.state: Order = order.initial
        self.events: list[Event] = []
        self.last: list[Event] = []

    def does(self, command: Command, at: datetime | None = NOW, **world: Any) -> "Story":
        """Carries it out; what followed stands in `last`."""
        assert at is not None, "there is such a time"
        self.last = self.aggregate.decide(command, self.state, at, scene(**world))
        self.events += self.last
        self.state = self.aggregate.fold(self.state, self.last)
        return self

    def refuses(self, command: Command, code: str, at: datetime = NOW, **world: Any) -> None:
        """A rule forbids it."""
        with pytest.raises(Rejected) as refusal:
            self.aggregate.decide(command, self.state, at, scene(**world))
        assert refusal.value.code == code

    def names(self) -> list[str]:
        """The classes of what followed last."""
        return [type(event).__name__ for event in self.last]

    def one(self, kind: type[Any]) -> Any:
        """The only one of that class of what followed last."""
        (event,) = [event for event in self.last if isinstance(event, kind)]
        return event


def offered(*persons: str) -> Story:
    """An order that these were found for."""
    return Story().does(placing()).does(Weigh(1, tuple(found(one) for one in persons)))


def accepted() -> Story:
    """An order that v-1 has."""
    return offered("v-1").does(Accept("v-1"))
