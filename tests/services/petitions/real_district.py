"""Real messages, and a small district that they are about: who holds which post, and its hours."""

import csv
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count

from services.petitions.facts import surroundings
from services.petitions.rules import SHIPPED, load_rules
from shared.contracts.types import LEVELS, PlaceKind
from shared.neighbourhood.place import KnownPlace
from shared.neighbourhood.post import KnownPost
from shared.worktime.hours import CHINA
from tests.beside import by_itself
from tests.services.petitions.planted import FILES, MESSAGES
from tests.services.petitions.reckoning import Minutes

RULES = load_rules(SHIPPED)
FIRST_ID = 10_000

OWN_HOURS = {"d-s1-c1": ((9 * 60, 17 * 60),), "d-s2-c1-n1": ((480, 720), (840, 1320))}
"""Places with hours of their own, in minutes; the second works every day."""
OWN_MINUTES = {
    "d-s1-c1": Minutes(OWN_HOURS["d-s1-c1"]),
    "d-s2-c1-n1": Minutes(OWN_HOURS["d-s2-c1-n1"], lambda _day: True),
}


# --- the messages ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Message:
    """A real message as it was sent; `label` and `reply` are None where the data has none."""

    id: str
    author: str
    title: str
    text: str
    filed_at: datetime
    label: str | None
    reply: str | None
    replied_at: datetime
    support: int


@cache
def real_messages() -> tuple[Message, ...]:
    """All of them, in the order of the files. One without a reply gets the time that another's
    took.
    """
    rows: list[dict[str, str]] = []
    for name in FILES:
        with (MESSAGES / name).open(encoding="utf-8-sig", newline="") as file:
            rows += csv.DictReader(file)
    took = [
        max(_moment(row["replied_at"]) - _moment(row["filed_at"]), timedelta(minutes=1))
        for row in rows
        if row.get("reply")
    ]
    return tuple(
        Message(
            id=f"m{n}",
            author=f"resident-{n}",
            title=row["subject"],
            text=row["body"],
            filed_at=_moment(row["filed_at"]),
            label=row.get("category"),
            reply=row.get("reply"),
            replied_at=_moment(row["filed_at"]) + took[(n - FIRST_ID) % len(took)],
            support=int(row.get("support", 0)),
        )
        for n, row in enumerate(rows, FIRST_ID)
    )


def _moment(text: str) -> datetime:
    """From local time; one row has a date only, without leading zeros."""
    plain = re.fullmatch(r"(\d{4})/(\d{1,2})/(\d{1,2})", text)
    if plain is not None:
        year, month, day = map(int, plain.groups())
        return datetime(year, month, day, tzinfo=CHINA).astimezone(UTC)
    return datetime.fromisoformat(text).replace(tzinfo=CHINA).astimezone(UTC)


# --- the district ---------------------------------------------------------------------------------


@dataclass
class Receipts:
    """Numbers as the journal would give them."""

    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def next(self) -> int:
        return next(self.numbers)


def _places() -> dict[str, KnownPlace]:
    """Three streets of two communities; every second has areas; buildings under neighbourhoods."""
    places: dict[str, KnownPlace] = {}

    def place(kind: PlaceKind, code: str, *above: str) -> tuple[str, ...]:
        spans = OWN_HOURS.get(code, ())
        places[code] = KnownPlace(kind, code, (*above, code), spans, code.endswith("n1"))
        return (*above, code)

    district = place(PlaceKind.DISTRICT, "d")
    for s in range(1, 4):
        street = place(PlaceKind.STREET, f"d-s{s}", *district)
        for c in range(1, 3):
            community = place(PlaceKind.COMMUNITY, f"{street[-1]}-c{c}", *street)
            above = community
            if c == 2:
                above = place(PlaceKind.AREA, f"{community[-1]}-a1", *community)
            for n in range(1, 4):
                inside = place(PlaceKind.NEIGHBOURHOOD, f"{community[-1]}-n{n}", *above)
                place(PlaceKind.BUILDING, f"{inside[-1]}-b1", *inside)
    return places


def _posts(places: dict[str, KnownPlace], chance: random.Random) -> dict[str, KnownPost]:
    """Three posts of five are held; the district has somebody for petitions."""
    levels = [code for code, one in places.items() if one.kind in tuple(map(PlaceKind, LEVELS))]
    return {
        f"{place}:{duty}": KnownPost(place, duty, f"{duty}-of-{place}")
        for place in levels
        for duty in RULES.offices
        if chance.random() < 0.6 or (place, duty) == ("d", RULES.general_duty)
    }


PLACES = _places()
POSTS = _posts(PLACES, random.Random(20250303))
FACTS = by_itself(
    surroundings(
        RULES,
        {
            "place": PLACES,
            "post": POSTS,
            "category": {},
            "member": {},
            "organisation": {},
            "receipt": Receipts(),
        },
    )["petition"]
)
