"""The extension service-request-updates, as FixMyStreet defined it: when a request came to stand as
it did, step by step; and what applications add to their own requests.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from starlette.requests import Request

from services.gateway.open311.asked import Asked, jurisdiction_in, sent_by
from services.gateway.open311.passing_on import add, idempotency_key, passed_on
from services.gateway.open311.process import Open311
from services.gateway.open311.ranges import Range, range_of, w3
from services.gateway.open311.refusals import NotServed, away, refused
from services.gateway.open311.service_requests import (
    AT_ONCE,
    CLOSED,
    MOST,
    OPEN,
    STATES,
    named,
    note,
)
from shared.contracts import petitions
from shared.contracts.envelope import type_of

STEPS = (
    petitions.PetitionFiled,
    petitions.PetitionSuspended,
    petitions.PetitionResumed,
    petitions.PetitionAnswered,
    petitions.PetitionReopened,
    petitions.PetitionSentToReview,
    petitions.PetitionMerged,
    petitions.PetitionSplit,
    petitions.PetitionClosed,
)
"""The events by which a request may come to stand otherwise."""
TYPES = ",".join(type_of(event) for event in STEPS)
FEED_PAGE = 1_000
MOST_PAGES = 20
"""Pages of the feed that one question reads."""
CURSOR = "jinlin-cursor"


async def listed(asked: Asked, at: Open311) -> list[dict[str, Any]]:
    """``GET servicerequestupdates``: the first thousand of a time. Raises `NotServed`."""
    place = jurisdiction_in(asked, await at.gazetteers.now())
    now = at.doorway.clock.now()
    time = range_of(asked.params, now)
    found: list[dict[str, Any]] = await at.updates.ask(
        (place, time, asked.speaks), now, lambda _: _within(place, time, asked.speaks, at)
    )
    return found


async def of_one(id: str, asked: Asked, at: Open311) -> list[dict[str, Any]]:
    """``GET requests/{id}/updates``. Raises `NotServed`."""
    jurisdiction_in(asked, await at.gazetteers.now())
    found = await _steps_of([id], asked.speaks, at) if "," not in id else []
    if not found:
        raise NotServed(404, "no-request", value=id)
    return found


async def added(request: Request, at: Open311) -> list[dict[str, Any]]:
    """``POST servicerequestupdates``: something is added to a request of the application's own.
    Its `status` is read by nobody: how a petition stands is not an application's to say. Raises
    `NotServed`.
    """
    asked = await sent_by(request)
    application = at.keys.application(asked.get("api_key", 200))
    id = asked.get("service_request_id", 128)
    text = asked.get("description")
    if id is None:
        raise NotServed(400, "request-missing")
    if text is None:
        raise NotServed(400, "description-missing")
    if not id.isalnum():
        raise NotServed(404, "no-request", value=id)
    await passed_on(id, application, at)
    given = asked.get("update_id", 128)
    key = None if given is None else idempotency_key(application, "update", id, given)
    return [{"update_id": f"{id}.{await add(id, text, key, asked.speaks, at)}"}]


async def _within(place: str | None, time: Range, speaks: str, at: Open311) -> list[dict[str, Any]]:
    ids = await _moved(place, time, at)
    found: list[dict[str, Any]] = []
    for begin in range(0, len(ids), AT_ONCE):
        found += await _steps_of(ids[begin : begin + AT_ONCE], speaks, at, time)
    return sorted(found, key=lambda one: (one["updated_datetime"], one["update_id"]))[:MOST]


async def _moved(place: str | None, time: Range, at: Open311) -> list[str]:
    """The petitions that moved within a time, by the feed of events. What is a report among them is
    not told of: petitions shows its steps to nobody.
    """
    params = {"types": TYPES, "limit": str(FEED_PAGE), "from": time.since.isoformat()}
    if place is not None:
        params["places"] = place
    moved: dict[str, None] = {}
    for _ in range(MOST_PAGES):
        token = await at.token.get()
        answer = await at.upstreams.ask("subscriptions", "GET", "/feed", token=token, params=params)
        if answer.status != 200:
            raise away()
        events: Sequence[Mapping[str, Any]] = orjson.loads(answer.content)
        moved |= dict.fromkeys(
            event["data"]["petition"]
            for event in events
            if time.holds(datetime.fromisoformat(event["time"]))
        )
        before, after = params.get("after"), answer.headers[CURSOR]
        past = events and datetime.fromisoformat(events[-1]["time"]) >= time.until
        if past or after == before or len(moved) >= MOST:
            break
        params = {name: value for name, value in params.items() if name != "from"}
        params["after"] = after
    return list(moved)[:MOST]


async def _steps_of(
    ids: Sequence[str], speaks: str, at: Open311, time: Range | None = None
) -> list[dict[str, Any]]:
    """The steps of some petitions, those of a time where one is given. Raises `NotServed`."""
    params = [("ids", ",".join(ids))]
    answer = await at.reading.read("petitions", "/public/petitions/steps", params, speaks)
    if answer.status != 200:
        raise refused(answer)
    shown = {one["id"]: one for one in await named(ids, at, speaks)}
    return [
        {
            "update_id": f"{petition['id']}.{step['step']}",
            "service_request_id": petition["id"],
            "status": CLOSED if step["state"] in STATES[CLOSED] else OPEN,
            "updated_datetime": w3(step["at"]),
            "description": note(shown[petition["id"]], speaks, step["state"]),
            "media_url": None,
        }
        for petition in answer.json()["items"]
        if petition["id"] in shown
        for step in petition["steps"]
        if time is None or time.holds(datetime.fromisoformat(step["at"]))
    ]
