"""Petitions as service requests: nothing that is not everybody's to know.

A petition's words are told once a clerk of its place has released them, masked; before that there
is its category, its neighbourhood, and how it stands.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from services.gateway.open311.asked import Asked, jurisdiction_in
from services.gateway.open311.catalogue import Types
from services.gateway.open311.gazetteer import Gazetteer
from services.gateway.open311.process import Open311
from services.gateway.open311.ranges import range_of, w3
from services.gateway.open311.refusals import NotServed, refused
from services.gateway.public.reading import Params

MOST = 1_000
"""Requests in one answer, by the standard."""
PAGE = 200
AT_ONCE = 100
"""Ids that petitions takes in one question."""
LONGEST_DESCRIPTION = 4_000

OPEN, CLOSED = "open", "closed"
STATES = {OPEN: ("at-work", "suspended", "answered", "merged"), CLOSED: ("closed",)}

NOTES: Mapping[str, tuple[str, str]] = {
    "at-work": ("办理中", "Being worked on"),
    "suspended": ("暂缓办理", "Suspended"),
    "answered": ("已答复，等待评价", "Answered; the petitioner judges the answer now"),
    "merged": ("已并入同一问题的另一件诉求", "Merged with another one about the same"),
    "closed": ("已办结", "Closed"),
}
LEVELS_TOLD: Mapping[str, tuple[str, str]] = {
    "neighbourhood": ("小区", "Neighbourhood"),
    "area": ("片区", "Area"),
    "community": ("社区", "Community"),
    "street": ("街道", "Street"),
    "district": ("区", "District"),
}

Shown = Mapping[str, Any]
"""A petition as petitions shows it to everybody."""


async def listed(asked: Asked, at: Open311) -> list[dict[str, Any]]:
    """``GET requests``. Raises `NotServed`."""
    gazetteer, types = await at.gazetteers.now(), await at.catalogue.types(asked.speaks)
    place = jurisdiction_in(asked, gazetteer)
    if ids := asked.listed("service_request_id"):
        if len(ids) > MOST:
            raise NotServed(400, "too-many-ids", most=MOST)
        found = await named(ids, at, asked.speaks)
        found = [one for one in found if place is None or gazetteer.lies_in(one["place"], place)]
    else:
        found = await _selected(asked, place, types, at)
    return [as_request(one, gazetteer, types, asked.speaks) for one in found]


async def named(ids: Sequence[str], at: Open311, speaks: str) -> list[Shown]:
    """The petitions with these ids that everybody may know of. Raises `NotServed`."""
    found: list[Shown] = []
    for begin in range(0, len(ids), AT_ONCE):
        some = ",".join(ids[begin : begin + AT_ONCE])
        params = [("ids", some), ("limit", str(AT_ONCE))]
        answer = await at.reading.read("petitions", "/public/petitions", params, speaks)
        if answer.status != 200:
            raise refused(answer)
        found += answer.json()["items"]
    return found


async def one(id: str, asked: Asked, at: Open311) -> dict[str, Any]:
    """``GET requests/{id}``. Raises `NotServed`."""
    gazetteer, types = await at.gazetteers.now(), await at.catalogue.types(asked.speaks)
    place = jurisdiction_in(asked, gazetteer)
    found = await named([id], at, asked.speaks) if "," not in id else []
    if not found or (place is not None and not gazetteer.lies_in(found[0]["place"], place)):
        raise NotServed(404, "no-request", value=id)
    return as_request(found[0], gazetteer, types, asked.speaks)


async def _selected(asked: Asked, place: str | None, types: Types, at: Open311) -> list[Shown]:
    """The latest of a time, of some categories, open or closed."""
    params = _selection(asked, place, types, at)
    found: list[Shown] = []
    cursor: str | None = None
    while True:
        more = [] if cursor is None else [("cursor", cursor)]
        answer = await at.reading.read(
            "petitions", "/public/petitions", [*params, *more], asked.speaks
        )
        if answer.status != 200:
            raise refused(answer)
        page = answer.json()
        found += page["items"]
        cursor = page["next"]
        if cursor is None or len(found) >= MOST:
            return found[:MOST]


def _selection(asked: Asked, place: str | None, types: Types, at: Open311) -> Params:
    """What petitions is asked. Raises `NotServed`."""
    time = range_of(asked.params, at.doorway.clock.now())
    params = [
        ("from", time.since.isoformat()),
        ("to", time.until.isoformat()),
        ("limit", str(PAGE)),
    ]
    if place is not None:
        params.append(("place", place))
    for code in asked.listed("service_code"):
        if code not in types:
            raise NotServed(404, "no-service", value=code)
        params.append(("category", code))
    statuses = {status.lower() for status in asked.listed("status")}
    if not statuses <= STATES.keys():
        raise NotServed(400, "not-a-status")
    if len(statuses) == 1:
        params += [("state", state) for state in STATES[statuses.pop()]]
    return params


def as_request(shown: Shown, gazetteer: Gazetteer, types: Types, speaks: str) -> dict[str, Any]:
    """A petition in the standard's fields."""
    language = 0 if speaks == "zh" else 1
    code, place, released = shown["category"], shown["place"], bool(shown["released"])
    known = types.get(code)
    level = LEVELS_TOLD.get(shown["level"]) if released else None
    return {
        "service_request_id": shown["id"],
        "status": CLOSED if shown["state"] in STATES[CLOSED] else OPEN,
        "status_notes": note(shown, speaks),
        "service_name": None if known is None else known.name,
        "service_code": code,
        "description": shown["question"][:LONGEST_DESCRIPTION] if released else None,
        "agency_responsible": None if level is None else level[language],
        "service_notice": None,
        "requested_datetime": w3(shown["filed_at"]),
        "updated_datetime": w3(shown["changed_at"]),
        "expected_datetime": None,
        "address": gazetteer.address(place),
        "address_id": place,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def note(shown: Shown, speaks: str, state: str | None = None) -> str:
    """How it stands, or came to stand (`state`), in words; with the answer where it was released
    and this is where it was given.
    """
    stands = state or str(shown["state"])
    words = NOTES[stands][0 if speaks == "zh" else 1]
    if shown["released"] and stands in ("answered", "closed"):
        return f"{words}\n{shown['answer']}"
    return words
