"""Series and calendars over HTTP: occasions make themselves, programs subscribe to them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import icalendar
import pytest

from services.volunteering.domain.activities.activity import activity
from services.volunteering.domain.activities.state import Activity, Status
from services.volunteering.domain.series.series import series
from services.volunteering.domain.series.series_state import SeriesStatus
from shared.runtime.journal import Query
from shared.worktime.hours import CHINA
from tests.services.community.served import Served, until
from tests.services.volunteering.served import (
    COMMUNITY,
    NEIGHBOURHOOD,
    OTHER_NEIGHBOURHOOD,
    as_convenor,
    enrol,
    found,
    volunteering,
)


@pytest.fixture
async def at() -> AsyncIterator[Served]:
    async with volunteering() as service:
        await enrol(service, "chen", "lin", "wang")
        yield service


def asked(**changes: Any) -> dict[str, Any]:
    """Every day of the week for the next days, so that something is due whenever the test runs."""
    today = datetime.now(CHINA).date()
    return {
        "place": NEIGHBOURHOOD,
        "rhythm": {"every": "week", "weekdays": [0, 1, 2, 3, 4, 5, 6]},
        "first": (today + timedelta(days=1)).isoformat(),
        "last": (today + timedelta(days=20)).isoformat(),
        "on_holiday": "hold",
        "timing": {"begin": "19:30", "minutes": 90, "days_ahead": 3},
        "outline": {
            "title": "河道清洁",
            "theme": "environment",
            "roles": [{"code": "helper", "number": 2}],
            "meet_at": "东门",
        },
        **changes,
    }


async def begun(at: Served, person: str, **changes: Any) -> str:
    answer = await at.ask("POST", "/series", person, "resident", json=asked(**changes))
    assert answer.status_code == 201, answer.text
    id: str = answer.json()["id"]
    return id


async def made(at: Served, id: str, count: int) -> list[tuple[str, Activity]]:
    """Waits until so many occasions are there."""
    async with asyncio.timeout(10):
        while True:
            page = await at.running.store.journal.find("activity", query(id))
            if len(page.items) >= count:
                return [(one.id, at.running.store.read(activity, one)) for one in page.items]
            await asyncio.sleep(0.01)


def query(id: str) -> Query:
    return Query({"series": id}, order=(("begin", 1), ("_id", 1)))


async def test_a_captains_series_makes_its_occasions_with_the_months_theme(at: Served) -> None:
    team = await found(at, "chen", ["lin"])
    now = datetime.now(CHINA)
    months = {f"{now + timedelta(days=n):%Y-%m}" for n in range(5)}
    themes = [{"month": one, "title": "敬老月", "theme": "elders"} for one in sorted(months)]
    id = await begun(at, "chen", team=team, themes=themes)
    occasions = await made(at, id, 2)
    for occasion, state in occasions:
        assert occasion.startswith(f"{id}.")
        assert (state.title, state.theme, state.team) == ("敬老月", "elders", team)
        assert (state.status, state.place) == (Status.OPEN, NEIGHBOURHOOD)
        assert state.organisers == ("chen",)
        assert state.begin.astimezone(CHINA).strftime("%H:%M") == "19:30"
    shown = (await at.ask("GET", f"/series/{id}", "wang", "resident")).json()
    assert shown["made"] >= 2
    assert shown["can"] == []
    mine = (await at.ask("GET", f"/series/{id}", "chen", "resident")).json()
    assert mine["can"] == ["end", "leave-out", "move-occasion", "restore", "revise"]
    (listed,) = (await at.ask("GET", f"/series?place={COMMUNITY}", "wang")).json()["items"]
    assert (listed["id"], listed["title"]) == (id, "河道清洁")
    assert (await at.ask("GET", f"/series/{id}/timeline", "wang", "resident")).status_code == 403


async def test_who_does_not_lead_begins_none_and_staff_do_for_their_places(at: Served) -> None:
    team = await found(at, "chen", ["lin"])
    answer = await at.ask("POST", "/series", "lin", "resident", json=asked(team=team))
    assert answer.json()["type"] == "urn:jinlin:problem:not-a-leader"
    assert (await at.ask("POST", "/series", "lin", "resident", json=asked())).status_code == 403
    assert (await as_convenor(at, "POST", "/series", json=asked())).status_code == 201
    elsewhere = asked(place=OTHER_NEIGHBOURHOOD)
    assert (await as_convenor(at, "POST", "/series", json=elsewhere)).status_code == 403


async def test_days_to_come_are_shown_left_out_and_moved(at: Served) -> None:
    answer = await as_convenor(at, "POST", "/series", json=asked())
    id = answer.json()["id"]
    await made(at, id, 2)
    before = (await at.ask("GET", f"/series/{id}/occasions?count=4", "wang")).json()["items"]
    assert len(before) == 4
    day = before[1]["day"]
    left = await as_convenor(at, "POST", f"/series/{id}/leave-out", json={"day": day})
    assert left.status_code == 200, left.text
    after = (await at.ask("GET", f"/series/{id}/occasions?count=4", "wang")).json()["items"]
    (one,) = [one for one in after if one["day"] == day]
    assert (one["held_on"], one["because"], one["begin"]) == (None, "decided", None)
    first = (await made(at, id, 1))[0][0]
    already = {"day": datetime.strptime(first[-8:], "%Y%m%d").date().isoformat()}  # noqa: DTZ007
    answer = await as_convenor(at, "POST", f"/series/{id}/leave-out", json=already)
    assert answer.json()["type"] == "urn:jinlin:problem:occasion-made"
    assert first in answer.json()["detail"]


async def test_it_ends_and_what_is_made_is_called_off(at: Served) -> None:
    id = (await as_convenor(at, "POST", "/series", json=asked())).json()["id"]
    await made(at, id, 2)
    ended = await as_convenor(at, "POST", f"/series/{id}/end", json={"call_off": True})
    assert ended.status_code == 200, ended.text
    async with asyncio.timeout(10):
        while True:
            if {one.status for _, one in await made(at, id, 2)} == {Status.CALLED_OFF}:
                return
            await asyncio.sleep(0.01)


async def test_an_occasion_that_a_rule_forbids_is_told_not_dropped(at: Served) -> None:
    team = await found(at, "chen")
    first = (datetime.now(CHINA).date() + timedelta(days=10)).isoformat()
    timing = {"begin": "19:30", "minutes": 90, "days_ahead": 1}
    id = await begun(at, "chen", team=team, first=first, timing=timing)
    stopped = {"until": f"{datetime.now(CHINA) + timedelta(days=60):%Y-%m-%dT00:00:00+08:00}"}
    suspended = await as_convenor(
        at, "POST", f"/teams/{team}/suspend", json={**stopped, "because": "unsafe"}
    )
    assert suspended.status_code == 200, suspended.text
    await until(lambda: at.running.copies["team"][team].status == "suspended")
    revised = {name: asked()[name] for name in ("outline", "on_holiday")}
    revised["timing"] = {**timing, "days_ahead": 12}
    answer = await at.ask("POST", f"/series/{id}/revise", "chen", "resident", json=revised)
    assert answer.status_code == 200, answer.text
    async with asyncio.timeout(10):
        while True:
            if "OccasionNotMade" in await told_of(at, id):
                return
            await asyncio.sleep(0.01)


async def told_of(at: Served, id: str) -> list[str]:
    history = await at.running.store.journal.history(series.stream(id))
    return [event.name for commit in history for event in commit.events]


async def test_a_dissolved_teams_series_stop_and_a_new_captain_answers(at: Served) -> None:
    team = await found(at, "chen", ["lin"])
    id = await begun(at, "chen", team=team)
    named = await as_convenor(at, "POST", f"/teams/{team}/name-captain", json={"captain": "lin"})
    assert named.status_code == 200, named.text
    await state_of(at, id, lambda state: state.organisers == ("lin",))
    dissolved = await as_convenor(at, "POST", f"/teams/{team}/dissolve", json={})
    assert dissolved.status_code == 200, dissolved.text
    await state_of(at, id, lambda state: state.status is SeriesStatus.ENDED)


async def state_of(at: Served, id: str, reached: Any) -> None:
    async with asyncio.timeout(10):
        while True:
            found = await at.running.store.get(series, id)
            if found is not None and reached(found.state):
                return
            await asyncio.sleep(0.01)


# --- calendars -----------------------------------------------------------------------------------


def events(answer: Any) -> list[Any]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(answer.content)
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Asia/Shanghai"
    return list(calendar.walk("VEVENT"))


async def test_a_places_calendar_is_open_to_all_and_says_what_is_called_off(at: Served) -> None:
    id = (await as_convenor(at, "POST", "/series", json=asked())).json()["id"]
    occasions = await made(at, id, 2)
    path = f"/calendars/places/{COMMUNITY}.ics"
    answer = await at.client.get(path)
    first = events(answer)[0]
    assert first["UID"] == f"activity-{occasions[0][0]}@volunteering.jinlin"
    assert (first["SUMMARY"], first["LOCATION"]) == ("河道清洁", f"{NEIGHBOURHOOD} 东门")
    assert (first["STATUS"], first["SEQUENCE"]) == ("CONFIRMED", 0)
    assert first["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert first.start == occasions[0][1].begin
    same = await at.client.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert same.status_code == 304
    called_off = await as_convenor(
        at, "POST", f"/activities/{occasions[0][0]}/call-off", json={"because": "weather"}
    )
    assert called_off.status_code == 200, called_off.text
    other = await at.client.get(path, headers={"If-None-Match": answer.headers["etag"]})
    first = events(other)[0]
    assert (first["STATUS"], first["SEQUENCE"]) == ("CANCELLED", 1)
    assert (await at.client.get("/calendars/places/nowhere.ics")).status_code == 404


async def test_a_teams_calendar_has_its_activities_only(at: Served) -> None:
    team = await found(at, "chen")
    id = await begun(at, "chen", team=team)
    await made(at, id, 2)
    await as_convenor(at, "POST", "/series", json=asked())
    answer = await at.client.get(f"/calendars/teams/{team}.ics")
    assert all(id in one["UID"] for one in events(answer))
    assert "chen" not in answer.text
    assert (await at.client.get("/calendars/teams/none.ics")).status_code == 404


async def opened(at: Served, person: str) -> tuple[str, str]:
    answer = await at.ask("POST", "/calendar-feeds", person, "resident", json={})
    assert answer.status_code == 201, answer.text
    id = answer.json()["id"]
    shown = (await at.ask("GET", f"/calendar-feeds/{id}", person, "resident")).json()
    return id, shown["path"]


async def test_ones_own_calendar_has_what_one_signed_up_for_behind_a_secret_address(
    at: Served,
) -> None:
    id = (await as_convenor(at, "POST", "/series", json=asked())).json()["id"]
    occasions = await made(at, id, 2)
    feed, path = await opened(at, "wang")
    assert events(await at.client.get(path)) == []
    which = occasions[0][0]
    signed = await at.ask("POST", f"/activities/{which}/sign-up", "wang", "resident", json={})
    assert signed.status_code == 200, signed.text
    (mine,) = events(await at.client.get(path))
    assert which in mine["UID"]
    assert (await opened(at, "wang")) == (feed, path)
    hidden = await at.ask("GET", f"/calendar-feeds/{feed}", "lin", "resident")
    assert hidden.status_code == 404


async def test_an_address_can_be_taken_back(at: Served) -> None:
    feed, path = await opened(at, "wang")
    wrong = path[:-5] + ("a" if path[-5] != "a" else "b") + ".ics"
    assert (await at.client.get(wrong)).status_code == 404
    renewed = await at.ask("POST", f"/calendar-feeds/{feed}/renew", "wang", "resident", json={})
    assert renewed.status_code == 200
    assert (await at.client.get(path)).status_code == 404
    _, other = await opened(at, "wang")
    assert (await at.client.get(other)).status_code == 200
    await at.ask("POST", f"/calendar-feeds/{feed}/close", "wang", "resident", json={})
    assert (await at.client.get(other)).status_code == 404
    shown = (await at.ask("GET", f"/calendar-feeds/{feed}", "wang", "resident")).json()
    assert shown["path"] is None
