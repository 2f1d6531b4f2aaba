"""The stage of the demo: the local run with the right rules, the place tree, the register."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from deploy.demo.addresses import service_url
from deploy.demo.callers import Callers
from deploy.demo.day import COMMUNITY, Day, Person
from deploy.demo.evidence import Stores, wait_until
from deploy.local.layout import SERVICES, LocalError
from deploy.local.processes import Started, answers
from deploy.local.stack import READY_WITHIN, down, started, up
from services.community.importing import NotImportable, Rows, read
from services.petitions.rules import SHIPPED
from shared.contracts.types import PlaceKind

RULES = "JINLIN_PETITION_RULES"
ADMINISTRATOR = Person("demo-administrator", "管理员", ("administrator",), ("359901",))
KNOWN_WITHIN = 60.0
"""Seconds until every service must know the places."""

Say = Callable[[str], None]


def raise_stack(rules: Path, say: Say) -> None:
    """Starts what does not run yet; petitions is started anew where it runs with other rules.

    Raises LocalError.
    """
    os.environ[RULES] = str(rules)
    running = started("petitions")
    if running is not None and (present := rules_of(running)) != rules:
        say(
            f"petitions runs with the rules of {_shown(present)}; it is started anew "
            f"with those of {_shown(rules)}. What was filed before keeps its promises."
        )
        down(("petitions",), say=say)
    say("starting what does not run yet, and waiting until all of it is ready")
    for part in up(SERVICES, say=say):
        say(f"{part.name:14} {part.version:8} {part.address}")


def find_platform(say: Say) -> None:
    """Waits until every service is ready at the address that the environment gives. It is not known
    here with which rules petitions runs: with others than the demo's, no deadline passes in time.

    Raises LocalError.
    """
    for name in SERVICES:
        url = service_url(name)
        wait_until(partial(answers, f"{url}/readyz"), READY_WITHIN, f"{url} is ready")
        say(f"{name:14} {url}")


def rules_of(running: Started) -> Path:
    """The rules that a running petitions service was started with."""
    environment = Path(f"/proc/{running.pid}/environ").read_bytes().split(b"\0")
    for pair in environment:
        name, _, value = pair.decode(errors="replace").partition("=")
        if name == RULES and value:
            return Path(value).resolve()
    return SHIPPED.resolve()


def _shown(path: Path) -> str:
    try:
        return str(path.relative_to(Path(__file__).resolve().parents[2]))
    except ValueError:
        return str(path)


@dataclass(frozen=True, slots=True)
class Planted:
    """What the import and the register changed."""

    registered: int
    assigned: int
    places: int
    posts: int
    residents: int


def community_rows() -> Rows:
    """The demo's community as community itself will read it. Raises LocalError."""
    try:
        rows = read(COMMUNITY.read_bytes(), "text/yaml")
    except NotImportable as error:
        lines = [f"{COMMUNITY}:{one.line}: {one.detail}" for one in error.errors]
        raise LocalError("\n".join(lines)) from None
    if rows.errors:
        raise LocalError("\n".join(f"{COMMUNITY}:{one.line}: {one.detail}" for one in rows.errors))
    return rows


def neighbourhoods() -> list[str]:
    """The codes of the demo's neighbourhoods."""
    places = community_rows().places.values()
    return [row.code for row in places if row.kind is PlaceKind.NEIGHBOURHOOD]


def plant(callers: Callers, stores: Stores, day: Day | None) -> Planted:
    """Imports places and posts, enters residents, and waits until every service knows them.

    Doing it again changes nothing. Raises LocalError.
    """
    imported = callers.upload(
        "community", "/places/import", ADMINISTRATOR, COMMUNITY.read_bytes(), "text/yaml"
    )
    rows = community_rows()
    wait_until(
        lambda: _known(stores, "petitions", rows) and _known(stores, "notifications", rows),
        KNOWN_WITHIN,
        "petitions and notifications know the places",
    )
    residents = 0
    if day is not None:
        residents = register(callers, day)
        homes = {person.sub: person.home for person in day.residents()}
        wait_until(
            lambda: _at_home(stores, homes), KNOWN_WITHIN, "petitions knows the residents' homes"
        )
    return Planted(
        registered=imported["registered"],
        assigned=imported["assigned"],
        places=imported["places"],
        posts=imported["posts"],
        residents=residents,
    )


def register(callers: Callers, day: Day) -> int:
    """Enters the residents; how many are in the register. Raises Refused."""
    registrar = day.people[day.register]
    residents = list(day.residents())
    for person in residents:
        body = {"resident": person.sub, "household": person.home, "name": person.name}
        if person.phone:
            body["phone"] = person.phone
        callers.post("community", "/residents", registrar, body, f"demo/{person.sub}")
    return len(residents)


def _at_home(stores: Stores, homes: Mapping[str, str | None]) -> bool:
    """Whether petitions knows in which household each is registered."""
    there = stores.of("petitions")["state_home"].find({"_id": {"$in": list(homes)}})
    return {home["_id"]: home["s"]["household"] for home in there} == homes


def _known(stores: Stores, service: str, rows: Rows) -> bool:
    """Whether a service's own copies have every place, and petitions' every holder."""
    database = stores.of(service)
    places = database["state_place"].count_documents({"_id": {"$in": list(rows.places)}})
    if places < len(rows.places) or service != "petitions":
        return bool(places == len(rows.places))
    holders = {f"{post.place}:{post.duty}": post.holder for post in rows.posts.values()}
    there = database["state_post"].find({"_id": {"$in": list(holders)}})
    return {post["_id"]: post["s"]["holder"] for post in there} == holders
