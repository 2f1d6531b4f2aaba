"""The town that every run is set in, its people, and what must never leave their files."""

import random
from dataclasses import dataclass, field

from services.community.domain.place_commands import RegisterPlace
from services.community.domain.post_commands import EstablishPost
from services.community.domain.post_state import post_id
from services.community.domain.resident_commands import RegisterResident
from shared.contracts.types import PlaceKind
from shared.runtime.aggregate import Command

ADMINISTRATOR = "admin-1"

PLACES: tuple[tuple[str, PlaceKind, str | None], ...] = (
    ("mawei", PlaceKind.DISTRICT, None),
    ("luoxing", PlaceKind.STREET, "mawei"),
    ("xingang", PlaceKind.COMMUNITY, "luoxing"),
    ("east", PlaceKind.AREA, "xingang"),
    ("west", PlaceKind.AREA, "xingang"),
    ("banyan", PlaceKind.NEIGHBOURHOOD, "east"),
    ("willow", PlaceKind.NEIGHBOURHOOD, "west"),
    ("banyan-25", PlaceKind.BUILDING, "banyan"),
    ("banyan-25-101", PlaceKind.UNIT, "banyan-25"),
    ("banyan-25-102", PlaceKind.UNIT, "banyan-25"),
    ("willow-3", PlaceKind.BUILDING, "willow"),
    ("willow-3-201", PlaceKind.UNIT, "willow-3"),
)
NEIGHBOURHOODS = ("banyan", "willow")
AREAS = ("east", "west")
UNITS = tuple(code for code, kind, _ in PLACES if kind is PlaceKind.UNIT)
FILED_AT = (*NEIGHBOURHOODS, "banyan-25", *UNITS, "xingang")
ANSWERING = ("banyan", "willow", "east", "west", "xingang", "luoxing", "mawei")
DUTIES = ("petitions", "utilities", "sanitation", "property-company", "party-secretary")
CATEGORIES = ("utilities", "drainage", "sanitation", "housing", "other")
STAFF = tuple(f"staff-{n}" for n in range(1, 11))
RESIDENTS = tuple(f"resident-{n}" for n in range(1, 7))


@dataclass(slots=True)
class Secrets:
    """Makes personal data that can be recognised wherever it turns up."""

    chance: random.Random
    planted: list[str] = field(default_factory=list)

    def name(self) -> str:
        return self._plant("林秘", 4)

    def phone(self) -> str:
        return self._plant("139", 8)

    def text(self) -> str:
        return self._plant("楼道里的密语", 6)

    def _plant(self, begins: str, digits: int) -> str:
        planted = begins + "".join(self.chance.choices("0123456789", k=digits))
        self.planted.append(planted)
        return planted


@dataclass(frozen=True, slots=True)
class Step:
    """A command for an aggregate of a service; without an id the service makes one."""

    service: str
    kind: str
    id: str | None
    by: str
    command: Command
    perhaps_idle: bool = False


def founding(chance: random.Random, secrets: Secrets) -> list[Step]:
    """The steps that set the town up; those that come too early are to be tried again."""
    steps = [
        Step("community", "place", code, ADMINISTRATOR, RegisterPlace(
            ADMINISTRATOR, code, kind, f"名{code}", parent
        ))
        for code, kind, parent in PLACES
    ]  # fmt: skip
    for place in ANSWERING:
        for duty in DUTIES:
            if chance.random() < 0.5:
                holder = chance.choice(STAFF) if chance.random() < 0.85 else None
                establish = EstablishPost(ADMINISTRATOR, place, duty, holder)
                id = post_id(place, duty)
                steps.append(Step("community", "post", id, ADMINISTRATOR, establish))
    for resident in RESIDENTS:
        register = RegisterResident(
            ADMINISTRATOR,
            resident,
            chance.choice(UNITS),
            secrets.name(),
            secrets.phone(),
            secrets.text(),
        )
        steps.append(Step("community", "resident", resident, ADMINISTRATOR, register))
    return steps
