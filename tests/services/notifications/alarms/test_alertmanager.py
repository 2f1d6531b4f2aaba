"""What Alertmanager sends becomes alarms, once however often it is sent, and ends with it."""

from collections.abc import AsyncIterator
from copy import deepcopy
from typing import Any

import pytest

from tests.services.notifications.neighbours import COMMUNITY, Neighbours, neighbours

SENT: dict[str, Any] = {
    "version": "4",
    "groupKey": '{}:{alertname="RelayLagging"}',
    "truncatedAlerts": 0,
    "status": "firing",
    "receiver": "jinlin",
    "groupLabels": {"alertname": "RelayLagging"},
    "commonLabels": {"alertname": "RelayLagging", "severity": "critical"},
    "commonAnnotations": {},
    "externalURL": "http://alertmanager:9093",
    "alerts": [
        {
            "status": "firing",
            "labels": {
                "alertname": "RelayLagging",
                "severity": "critical",
                "service": "petitions",
            },
            "annotations": {"summary": "petitions publishes nothing", "description": "5 min"},
            "startsAt": "2026-03-02T01:15:00.000Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://prometheus:9090/graph",
            "fingerprint": "c0ffee0123456789",
        }
    ],
}
"""As documented for webhook_config, with one alert."""
WHERE = "/alarms/alertmanager"


@pytest.fixture
async def at() -> AsyncIterator[Neighbours]:
    async with neighbours() as made:
        body = {"duty": "platform", "rungs": [{"person": "wang"}]}
        assert (await made.post("/on-call", body, "op", "operator")).status_code == 201
        await made.until(lambda: "platform:platform" in made.running.copies["on-call"])
        yield made


def sent(**changes: Any) -> dict[str, Any]:
    whole = deepcopy(SENT)
    whole["alerts"][0].update(changes)
    return whole


async def platform(at: Neighbours) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await at.get("/alarms?of=platform", "op", "operator"))["items"]
    return found


async def test_an_alert_is_an_alarm_until_it_is_resolved(at: Neighbours) -> None:
    for _ in range(3):
        answer = await at.post(WHERE, SENT, "alertmanager", "operator")
        assert answer.status_code == 200, answer.text
        assert answer.json() == {"taken": 1}
    message = await at.told_of("wang", "alarm-platform")
    assert "RelayLagging" in message["body"]
    (one,) = await platform(at)
    seen = await at.get(f"/alarms/{one['id']}", "wang", "resident")
    assert seen["dossier"][0]["data"]["words"] == "petitions publishes nothing\n5 min"
    await at.post(WHERE, sent(status="resolved"), "alertmanager", "operator")
    assert await at.told_of("wang", "alarm-resolved")
    assert await platform(at) == []
    # It fires again later: that is another time.
    again = sent(startsAt="2026-03-02T03:00:00.000Z")
    await at.post(WHERE, again, "alertmanager", "operator")
    (one,) = await platform(at)
    assert (one["status"], one["version"]) == ("raised", 3)


async def test_its_labels_say_where_it_goes(at: Neighbours) -> None:
    labels = {"alertname": "Water level!", "place": COMMUNITY, "duty": "flood"}
    await at.post(WHERE, sent(labels=labels), "alertmanager", "operator")
    (one,) = (await at.get("/alarms", "x", "community-staff", COMMUNITY))["items"]
    assert (one["place"], one["duty"], one["alert"]) == (COMMUNITY, "flood", "Water-level")
    odd = {"place": "nowhere", "duty": "NO DUTY"}
    await at.post(WHERE, sent(labels=odd, fingerprint="ab"), "alertmanager", "operator")
    (one,) = await platform(at)
    assert (one["place"], one["duty"], one["alert"]) == (None, "platform", None)


async def test_what_is_no_call_of_alertmanager_is_refused_with_what_is_wrong(
    at: Neighbours,
) -> None:
    async def refused(body: Any) -> set[str]:
        answer = await at.post(WHERE, body, "alertmanager", "operator")
        assert answer.status_code == 422, answer.text
        return {error["field"] for error in answer.json()["errors"]}

    assert await refused({}) == {"version", "alerts"}
    assert await refused({**SENT, "version": "3"}) == {"version"}
    assert await refused(sent(fingerprint="../x")) == {"alerts.0.fingerprint"}
    assert await refused(sent(status="maybe")) == {"alerts.0.status"}
    assert await refused({**SENT, "alerts": SENT["alerts"] * 501}) == {"alerts"}
    token = at.issuer.token("alertmanager", ["operator"], ())
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    broken = await at.client.post(WHERE, content=b"{", headers=headers)
    assert broken.status_code == 400


async def test_only_an_operators_token_is_taken(at: Neighbours) -> None:
    assert (await at.post(WHERE, SENT, "x", "administrator")).status_code == 403
    assert (await at.client.post(WHERE, json=SENT)).status_code == 401
