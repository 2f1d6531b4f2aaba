"""A gas alarm that climbs, a minute after the other: on real MongoDB and Kafka.

It is about a place in which no other test has anybody on call.
"""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.test_broadcast import done, told
from tests.e2e.town import FAR, STREET, Person, Town
from tests.e2e.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


def test_a_danger_calls_one_after_the_other(town: Town) -> None:
    run = uuid4().hex[:8]
    first, second = (town.staff("grid-worker", FAR, f"{who}-{run}") for who in ("one", "two"))
    chief = town.staff("street-staff", FAR)
    rungs = [
        {"post": "nobody-has-it", "minutes": 1},
        {"person": first.sub, "minutes": 1},
        {"person": second.sub, "minutes": 1},
    ]
    body = {"place": FAR, "duty": "danger", "rungs": rungs}
    done(chief, "/on-call", body)
    petition = town.resident().file(
        title="楼道里有煤气味",
        text="三号楼楼道煤气泄漏，味道很重。",
        category="sanitation",
        place=FAR,
    )
    about = f"petition-{petition}"

    def alarm_of(person: Person) -> dict[str, Any] | None:
        items = person.get("notifications", "/alarms/mine").json()["items"]
        return next((one for one in items if one["about"] == about), None)

    alarm: Any = until(lambda: alarm_of(first), "the first on call is called")
    timeline = chief.get("notifications", f"/alarms/{alarm['id']}/timeline").json()["items"]
    assert timeline[0]["events"][0]["data"]["holes"] == [f"{FAR}:1"]
    until(lambda: alarm_of(second), "the next one is called a minute later", 90)
    done(second, f"/alarms/{alarm['id']}/acknowledge")

    def hears(person: Person, kind: str) -> Callable[[], list[dict[str, Any]]]:
        return lambda: told(person, f"alarm-{alarm['id']}", kind)

    until(hears(first, "alarm-acknowledged"), "the first hears that somebody sees to it")
    shown = chief.get("notifications", f"/alarms/{alarm['id']}").json()
    assert shown["acknowledged_by"] == second.sub
    for stranger in (town.staff("street-staff", STREET), town.resident()):
        hidden = stranger.get("notifications", f"/alarms/{alarm['id']}")
        assert hidden.status_code == 404
    done(second, f"/alarms/{alarm['id']}/resolve")
    until(hears(first, "alarm-resolved"), "it is over")
    done(chief, f"/on-call/{FAR}:danger/clear")
