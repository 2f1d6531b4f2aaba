"""API keys over HTTP: who gives them, and that nobody is shown one twice."""

import pytest

from tests.services.gateway.city import DISTRICT, Door

KEYS = "/api/gateway/api-keys"
BODY = {"application": "随手拍", "contact": "api@app.example", "jurisdiction": DISTRICT}


async def test_a_key_is_shown_once_and_its_last_characters_ever_after(at: Door) -> None:
    admin = {**at.as_("administrator", sub="admin"), "Idempotency-Key": "one"}
    made = await at.client.post(KEYS, json=BODY, headers=admin)
    assert made.status_code == 201, made.text
    key, id = made.json()["key"], made.json()["id"]
    assert key.startswith("jlk_")
    assert made.headers["Cache-Control"] == "no-store"
    again = await at.client.post(KEYS, json=BODY, headers=admin)
    assert again.json() == {"id": id, "version": 1}
    listed = await at.get(KEYS, headers=admin)
    (shown,) = listed.json()["items"]
    assert (shown["last"], shown["rate"], shown["issued_by"]) == (key[-4:], 60, "admin")
    one = await at.get(f"{KEYS}/{id}", headers=admin)
    assert one.json()["can"] == ["revoke"]
    (contact,) = one.json()["dossier"]
    assert contact["data"] == {"contact": "api@app.example"}
    timeline = await at.get(f"{KEYS}/{id}/timeline", headers=admin)
    for answer in (listed, one, timeline):
        assert key not in answer.text


async def test_a_key_is_kept_nowhere(at: Door) -> None:
    key = await at.key()
    journal = at.running["gateway"].journal
    stored = [one async for one in journal.all("api-key")]
    kept = [
        *stored,
        *(await journal.history(f"api-key-{stored[0].id}")),
        *(await journal.dossier(f"api-key-{stored[0].id}")),
    ]
    assert key.removeprefix("jlk_") not in repr(kept)


@pytest.mark.parametrize("role", ["resident", "service", "operator", "district-staff"])
async def test_only_an_administrator_has_to_do_with_keys(at: Door, role: str) -> None:
    headers = at.as_(role)
    assert (await at.client.post(KEYS, json=BODY, headers=headers)).status_code == 403
    assert (await at.get(KEYS, headers=headers)).status_code == 403
    assert (await at.client.post(KEYS, json=BODY)).status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"jurisdiction": "atlantis"},
        {"jurisdiction": "../x"},
        {"rate": 0},
        {"rate": 6_001},
        {"application": ""},
        {"digest": "0" * 64},
    ],
)
async def test_what_makes_no_sense_is_refused(at: Door, changes: dict[str, object]) -> None:
    admin = at.as_("administrator")
    refused = await at.client.post(KEYS, json={**BODY, **changes}, headers=admin)
    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["field"] == next(iter(changes))


async def test_while_community_is_away_no_key_is_given(at: Door) -> None:
    await at.stop("community")
    admin = at.as_("administrator")
    refused = await at.client.post(KEYS, json=BODY, headers=admin)
    assert refused.status_code == 503
    assert refused.json()["type"].endswith("service-away")
