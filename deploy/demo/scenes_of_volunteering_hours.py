"""What was served: a certificate that anybody can check, figures, and honours by consent."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from deploy.demo.acting import Acting
from deploy.demo.day import Person
from shared.worktime.hours import CHINA

COMMUNITY, PLACE = "359901-wx-th", "359901-wx-th-e1"
SERVICE = "volunteering"
SERVED = 20
"""Minutes of the two care visits of the day, which are confirmed with them."""


def hours_count(act: Acting) -> None:
    """Who visited has hours: certified, counted, and shown with her name once she agrees."""
    act.scene("服务时长 · Hours: a certificate that anybody can check, figures, honours by consent")
    wen = Person(f"demo-c-visitor-{act.run}", "文大姐", ("resident",), home=PLACE)

    def mine(**asked: Any) -> dict[str, Any]:
        return act.callers.get(SERVICE, "/my-hours", wen, asked)

    act.until(lambda: bool(mine()["minutes"] == SERVED), "her record has both visits")
    act.claim("both visits count, minute by minute", mine()["by_work"] == {"care": SERVED})
    _certified(act, wen)
    _counted(act, wen)
    year = int(mine()["items"][0]["year"])
    _honoured(act, wen, year, int(mine(year=year)["minutes"]))


def _certified(act: Acting, wen: Person) -> None:
    """Of the bytes of the document the SHA-256 is the digest: whoever has both can ask."""
    today = datetime.now(CHINA).date()
    # Who is played for at midnight visited the day before.
    asked = {"from": (today - timedelta(days=1)).isoformat(), "to": today.isoformat()}
    words = "申请服务证明 asks for a certificate"
    made = act.does(wen, "/certificates", asked, words, service=SERVICE, verb="issue-certificate")
    document = act.callers.download(SERVICE, f"/certificates/{made['id']}/document", wen)
    said = json.loads(document)
    held = (said["name"], said["minutes"]) == (wen.name, SERVED)
    act.claim("the certificate says who served, and how long", held)
    (listed,) = act.callers.get(SERVICE, "/certificates", wen)["items"]

    def checked(content: bytes) -> dict[str, Any]:
        at = f"/public/certificates/{listed['number']}"
        return act.callers.get(SERVICE, at, None, {"digest": sha256(content).hexdigest()})

    true = checked(document)
    act.claim("anybody can check it by its SHA-256", true["verdict"] == "valid")
    act.claim("and does not learn whose it is by that", wen.name not in str(true))
    forged = document.replace(f'"minutes":{SERVED}'.encode(), b'"minutes":2000')
    unknown = forged != document and checked(forged)["verdict"] == "unknown"
    act.claim("one that was changed is none", unknown)


def _counted(act: Acting, wen: Person) -> None:
    """The figures are those of the records."""
    now = datetime.now(CHINA)
    months = {f"{moment:%Y-%m}" for moment in (now - timedelta(days=1), now)}
    asked = {"place": COMMUNITY, "by": "place,month", "from": min(months), "to": max(months)}
    told = act.callers.get(SERVICE, "/statistics", wen, asked)
    where = {"s.path": COMMUNITY, "s.month": {"$in": sorted(months)}, "s.minutes": {"$gt": 0}}
    records = list(act.stores.of(SERVICE)["state_service-record"].find(where))
    minutes = sum(one["s"]["minutes"] for one in records)
    people = {one["s"]["volunteer"] for one in records} - {None}
    total = (told["total"]["minutes"], told["total"]["services"], told["total"]["people"])
    counted = total == (minutes, len(records), len(people))
    act.claim("the community's figures are those of a plain count", counted)
    parts = sum(one["minutes"] for one in told["items"])
    act.claim("place by place and month by month they add up", parts == minutes)


def _honoured(act: Acting, wen: Person, year: int, minutes: int) -> None:
    """She is counted in any case, and named as long as she agrees."""

    def named(at: str) -> dict[str, Any] | None:
        asked = {"place": PLACE, "year": year, "limit": 200}
        items = act.callers.get(SERVICE, at, wen, asked)["items"]
        return next((one for one in items if one["volunteer"] == wen.sub), None)

    def points() -> int:
        account = act.callers.get(SERVICE, f"/accounts/person:{wen.sub}", wen)
        return sum(one["points"] for one in account["scores"] if one["year"] == year)

    act.until(lambda: points() > 0, "her hours have earned points")
    both = ("/honours", "/rankings/volunteers")
    act.claim("nobody is named who has not agreed", all(named(at) is None for at in both))
    agreed = f"/volunteers/{wen.sub}/agree-to-be-named"
    act.does(wen, agreed, {}, "同意上光荣榜 agrees to be named", service=SERVICE)
    honoured, ranked = map(named, both)
    act.claim(
        "she stands on the honours list with her name and her minutes",
        honoured is not None and (honoured["name"], honoured["minutes"]) == (wen.name, minutes),
    )
    act.claim(
        "and in the ranking with her points", ranked is not None and ranked["points"] == points()
    )
