"""Who there is to sign in as at the development issuer: the demo's people, and service clients.

The demo's own file says who its people are; here is only what it does not need: who administers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from deploy.local.layout import ROOT

DAY = ROOT / "deploy" / "demo" / "day.yaml"

SERVICE = "service"
"""The role of programs: what one of them may ask is said by its scopes."""
SECRET = "of-the-local-run-only-and-known-to-everybody"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody a token may be about: `sub` is the pseudonymous subject, `name` is for reading."""

    sub: str
    name: str
    roles: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    org: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceClient:
    """A program with a token of its own, which says its roles. It may ask for these `scopes`."""

    id: str
    secret: str
    roles: tuple[str, ...]
    scopes: tuple[str, ...]


OFFICE = (
    Person("demo-administrator", "管理员", ("administrator",), ("359901",)),
    Person("demo-operator", "运维", ("operator",)),
)
"""Who keeps the place tree, and who watches over the services."""

SERVICE_CLIENTS: Mapping[str, ServiceClient] = {
    "alertmanager": ServiceClient("alertmanager", SECRET, ("operator",), ()),
    "city-system": ServiceClient(
        "city-system", SECRET, (SERVICE,), ("subscriptions", "petitions:read")
    ),
    "jinlin-gateway": ServiceClient("jinlin-gateway", SECRET, (SERVICE,), ("petitions",)),
}
"""By id."""


@cache
def demo_people() -> tuple[Person, ...]:
    """The demo's people in the order of its file, then `OFFICE`. A resident's place is their
    home.
    """
    people: Mapping[str, Mapping[str, Any]] = yaml.safe_load(DAY.read_text(encoding="utf-8"))[
        "people"
    ]
    return (
        *(
            Person(
                one["sub"],
                one["name"],
                tuple(one["roles"]),
                tuple(one.get("places") or filter(None, [one.get("home")])),
                one.get("org"),
            )
            for one in people.values()
        ),
        *OFFICE,
    )


def split(text: str) -> list[str]:
    """The parts of a comma-separated text, without blanks and without empty ones."""
    return [part.strip() for part in text.split(",") if part.strip()]
