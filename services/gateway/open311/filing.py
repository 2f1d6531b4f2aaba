"""``POST requests``: what an application sends in becomes a petition of nobody who is logged in.

A place has no map here, so where something is comes of its code (`address_id`) or of the names in
`address_string`; a position alone says which city it is, and stands in the petition's words, for
people who know the place. How to reach whoever reports goes into the petition's contact, which only
those read who answer it.
"""

import re
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.requests import Request

from services.gateway.open311.asked import Asked, jurisdiction_in, sent_by
from services.gateway.open311.catalogue import KIND, ServiceType, Types
from services.gateway.open311.gazetteer import Gazetteer
from services.gateway.open311.keys import Application
from services.gateway.open311.passing_on import ORIGIN, file, idempotency_key, passed_on
from services.gateway.open311.process import Open311
from services.gateway.open311.refusals import NotServed, away
from shared.contracts.types import PetitionKind

CHANNEL = "open311"
LONGEST_TITLE = 40
LONGEST_NAME, LONGEST_PHONE, LONGEST_EMAIL = 90, 40, 200
LONGEST_ADDRESS, LONGEST_URL = 200, 2_000

LABELS = {
    "nothing": "（提交时没有说明）",
    "address": "地点：",
    "position": "坐标（WGS84）：",
    "media": "图片：",
}
NOTICE = {
    "zh": "已登记：{address}。回执 {receipt}，查询码 {code}，可在 {url} 查询进展并评价。",
    "en": "Registered at {address}. Receipt {receipt}, code {code}: with both you can follow it and"
    " judge the answer at {url}.",
}

_CJK = re.compile(r"[\u3400-\u9fff]")
_LINE_BREAK = re.compile(r"[\r\n]")


async def submitted(request: Request, at: Open311) -> list[dict[str, Any]]:
    """Files it. Raises `NotServed`."""
    asked = await sent_by(request)
    application = at.keys.application(asked.get("api_key", 200))
    gazetteer, types = await at.gazetteers.now(), await at.catalogue.types(asked.speaks)
    within = _within(asked, application, gazetteer)
    type = _type(asked, types)
    address, position = asked.get("address_string", LONGEST_ADDRESS), _position(asked)
    place = await _place(asked, address, position, within, gazetteer, at)
    body = {
        "kind": _kind(asked, type),
        **_words(asked, type, address, position),
        "place": place,
        "category": type.code,
        "channel": CHANNEL,
        "on_behalf": True,
        "contact": _contact(asked, address),
        "origin": ORIGIN + application.id,
    }
    given = request.headers.get("idempotency-key")
    key = None if given is None else idempotency_key(application, "request", given)
    id = await file(body, key, asked.speaks, at)
    shown = await passed_on(id, application, at)
    notice = NOTICE[asked.speaks].format(
        address=gazetteer.address(place) or place,
        receipt=shown["receipt"],
        code=shown["query_code"],
        url=f"{at.doorway.settings.public_url}/status",
    )
    return [{"service_request_id": id, "service_notice": notice, "account_id": None}]


# --- what, and of which kind ----------------------------------------------------------------------


def _type(asked: Asked, types: Types) -> ServiceType:
    code = asked.get("service_code", 100)
    if code is None:
        raise NotServed(400, "service-code-missing")
    if code not in types:
        raise NotServed(404, "no-service", value=code)
    return types[code]


def _kind(asked: Asked, type: ServiceType) -> PetitionKind:
    """The kind that was chosen, else the first."""
    given = asked.get(f"attribute[{KIND}]", 100)
    if given is None:
        return type.kinds[0]
    for kind in type.kinds:
        if kind.value == given:
            return kind
    raise NotServed(400, "no-attribute", field=KIND, value=given)


def _words(
    asked: Asked, type: ServiceType, address: str | None, position: tuple[float, float] | None
) -> dict[str, str]:
    """Title and text: what was written, and below it where it is and what shows it."""
    description = asked.get("description")
    lines = [description or LABELS["nothing"]]
    if address is not None:
        lines.append(LABELS["address"] + address)
    if position is not None:
        lines.append(f"{LABELS['position']}{position[0]}, {position[1]}")
    if (media := _media(asked)) is not None:
        lines.append(LABELS["media"] + media)
    first = _LINE_BREAK.split(description or "", maxsplit=1)[0].strip()
    return {"title": first[:LONGEST_TITLE] or type.name, "text": "\n".join(lines)}


def _media(asked: Asked) -> str | None:
    """The address of a picture, which is only kept: nothing is fetched."""
    media = asked.get("media_url", LONGEST_URL)
    if media is None:
        return None
    try:
        parts = urlsplit(media)
    except ValueError:
        raise NotServed(400, "not-a-url") from None
    if parts.scheme not in ("http", "https") or not parts.netloc or _LINE_BREAK.search(media):
        raise NotServed(400, "not-a-url")
    return media


def _contact(asked: Asked, address: str | None) -> dict[str, str]:
    """How to reach whoever reports; a name as it is written in their script."""
    first, last = asked.get("first_name", LONGEST_NAME), asked.get("last_name", LONGEST_NAME)
    if first and last:
        name: str | None = f"{last}{first}" if _CJK.search(last + first) else f"{first} {last}"
    else:
        name = first or last
    told = {
        "name": name,
        "phone": asked.get("phone", LONGEST_PHONE),
        "email": asked.get("email", LONGEST_EMAIL),
        "address": address,
    }
    return {field: value for field, value in told.items() if value is not None}


# --- where ----------------------------------------------------------------------------------------


def _within(asked: Asked, application: Application, gazetteer: Gazetteer) -> str:
    """The place that the request is for: the key's, or one within it."""
    named = jurisdiction_in(asked, gazetteer)
    if named is None:
        return application.key.jurisdiction
    if not gazetteer.lies_in(named, application.key.jurisdiction):
        raise NotServed(403, "key-elsewhere", place=application.key.jurisdiction)
    return named


def _position(asked: Asked) -> tuple[float, float] | None:
    """Latitude and longitude."""
    lat, long = asked.get("lat", 40), asked.get("long", 40)
    if lat is None and long is None:
        return None
    try:
        position = float(lat or ""), float(long or "")
    except ValueError:
        raise NotServed(400, "not-a-position") from None
    # What is no number lies nowhere, either.
    if not (-90 <= position[0] <= 90 and -180 <= position[1] <= 180):
        raise NotServed(400, "not-a-position")
    return position


async def _place(
    asked: Asked,
    address: str | None,
    position: tuple[float, float] | None,
    within: str,
    gazetteer: Gazetteer,
    at: Open311,
) -> str:
    """The code of the place that it is about."""
    code = asked.get("address_id", 64)
    if code is not None:
        path = await _path(code, gazetteer, at)
        if within not in path:
            raise NotServed(403, "key-elsewhere", place=within)
        return code
    if address is not None:
        return gazetteer.found_in(address, within)
    if position is None:
        raise NotServed(400, "no-location")
    return within


async def _path(code: str, gazetteer: Gazetteer, at: Open311) -> tuple[str, ...]:
    """The codes down to a place; of a building or a flat, too, which no gazetteer has."""
    if (known := gazetteer.places.get(code)) is not None:
        return known.path
    answer = await at.upstreams.ask(
        "community", "GET", f"/places/{quote(code, safe='')}", token=await at.token.get()
    )
    if answer.status in (404, 422):
        raise NotServed(400, "no-address", value=code)
    if answer.status != 200:
        raise away()
    return tuple(answer.json()["path"])
