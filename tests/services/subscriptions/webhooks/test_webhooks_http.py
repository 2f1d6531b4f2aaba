"""Webhooks over HTTP: who may, what is refused, what is shown, and what never is."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from deploy.local.servers import MongoServer
from services.subscriptions.api import webhooks as api
from services.subscriptions.api.webhooks import MOST_WEBHOOKS
from services.subscriptions.domain.webhooks.webhook import webhook
from services.subscriptions.views import KINDS
from services.subscriptions.views.webhooks import webhooks_of
from shared.runtime.addresses import PUBLIC_ONLY
from tests.plans import read_through
from tests.services.community.served import Served
from tests.services.subscriptions.feed.happening import subscriptions

OWNER, OTHER = "system-1", "system-2"
URL = "https://hooks.example.cn/jinlin?token=hidden"
NEW = {"url": URL, "types": ["cn.jinlin.petitions.*"], "places": ["n1"]}


@pytest.fixture
async def at() -> AsyncIterator[Served]:
    assert api.allowed_here() == PUBLIC_ONLY, "tests are as strict as production"
    async with subscriptions() as there:
        yield there


async def by(at: Served, sub: str, method: str, path: str, *roles: str, **rest: Any) -> Any:
    return await at.ask(method, path, sub, *(roles or ("service",)), **rest)


async def created(at: Served, sub: str = OWNER, **changes: Any) -> dict[str, Any]:
    answer = await by(at, sub, "POST", "/webhooks", json={**NEW, **changes})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/webhooks/{told['id']}"
    assert answer.headers["cache-control"] == "no-store"
    return told


async def test_a_secret_is_shown_once_and_never_again(at: Served) -> None:
    told = await created(at)
    secret, id = told["secret"], told["id"]
    assert secret.startswith("whsec_")
    rotated = (await by(at, OWNER, "POST", f"/webhooks/{id}/rotate-secret")).json()["secret"]
    paths = ("", "/timeline", "/deliveries", "/progress")
    shown = [(await by(at, OWNER, "GET", f"/webhooks/{id}{path}")).text for path in paths]
    shown.append((await by(at, OWNER, "GET", "/webhooks")).text)
    shown.append((await by(at, OWNER, "GET", "/my-data")).text)
    shown += [str(commit) for commit in await at.running.journal.history(webhook.stream(id))]
    shown += [message.value.decode() for message in at.topics.messages("subscriptions.events.v1")]
    for text in shown:
        assert secret not in text
        assert rotated not in text
    (entry,) = (await by(at, OWNER, "GET", f"/webhooks/{id}")).json()["dossier"]
    assert entry["data"] == {"url": URL}


async def test_an_address_stands_in_the_dossier_alone(at: Served) -> None:
    told = await created(at)
    timeline = (await by(at, OWNER, "GET", f"/webhooks/{told['id']}/timeline")).text
    assert "hidden" not in timeline
    assert "hooks.example.cn" in timeline
    await by(at, OWNER, "POST", f"/webhooks/{told['id']}/remove")
    assert await at.running.journal.dossier(webhook.stream(told["id"])) == []


async def test_of_an_ed25519_pair_the_public_key_is_shown_always(at: Served) -> None:
    told = await created(at, signing="ed25519")
    assert "secret" not in told
    assert told["public_key"].startswith("whpk_")
    shown = (await by(at, OWNER, "GET", f"/webhooks/{told['id']}")).json()
    assert shown["public_key"] == told["public_key"]
    again = (await by(at, OWNER, "POST", f"/webhooks/{told['id']}/rotate-secret")).json()
    shown = (await by(at, OWNER, "GET", f"/webhooks/{told['id']}")).json()
    assert (shown["public_key"], shown["former_public_key"]) == (
        again["public_key"],
        told["public_key"],
    )


async def test_a_repeated_request_makes_no_second_one_and_is_told_no_secret(at: Served) -> None:
    key = {"Idempotency-Key": "once"}
    first = await by(at, OWNER, "POST", "/webhooks", json=NEW, headers=key)
    second = await by(at, OWNER, "POST", "/webhooks", json=NEW, headers=key)
    assert second.status_code == 201
    assert second.json() == {"id": first.json()["id"], "version": 1}
    assert len((await by(at, OWNER, "GET", "/webhooks")).json()["items"]) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.cn/",
        "https://hooks.example.cn:8443/",
        "https://user:word@hooks.example.cn/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://0x7f.1/",
        "https://2130706433/",
        "ftp://hooks.example.cn/",
        "hooks.example.cn",
        "",
    ],
)
async def test_addresses_that_are_refused(at: Served, url: str) -> None:
    answer = await by(at, OWNER, "POST", "/webhooks", json={**NEW, "url": url})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "url"
    told = await created(at)
    answer = await by(at, OWNER, "POST", f"/webhooks/{told['id']}/edit", json={"url": url})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "url"


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"types": ["cn.jinlin.petitions.NoSuchEvent.v1"]}, 422, "types"),
        ({"types": ["cn.jinlin.nobody.*"]}, 422, "types"),
        ({"types": ["anything"]}, 422, "types.0"),
        ({"types": ["cn.jinlin.notifications.MessagePosted.v1"]}, 422, "types"),
        ({"mode": "carrier-pigeon"}, 422, "mode"),
        ({"signing": "md5"}, 422, "signing"),
        ({"unknown": 1}, 422, "unknown"),
        ({"places": ["x9"]}, 409, None),
    ],
)
async def test_what_is_wrong_is_named(
    at: Served, changes: dict[str, Any], status: int, field: str | None
) -> None:
    headers = {"Accept-Language": "zh"}
    answer = await by(at, OWNER, "POST", "/webhooks", json={**NEW, **changes}, headers=headers)
    assert answer.status_code == status, answer.text
    if field is not None:
        assert answer.json()["errors"][0]["field"] == field
    else:
        assert "x9" in answer.json()["detail"]


async def test_bodies_that_are_none(at: Served) -> None:
    for body, status in ((b"{", 400), (b"[]", 422), (b"", 422), (b"x" * 70_000, 413)):
        headers = {"Content-Type": "application/json"}
        answer = await by(at, OWNER, "POST", "/webhooks", content=body, headers=headers)
        assert answer.status_code == status, answer.text


async def test_only_systems_and_those_who_run_the_platform_create_them(at: Served) -> None:
    for role in ("resident", "community-staff", "grid-worker"):
        answer = await by(at, "somebody", "POST", "/webhooks", role, json=NEW)
        assert answer.status_code == 403
    for role in ("administrator", "operator"):
        answer = await by(at, role, "POST", "/webhooks", role, json=NEW)
        assert answer.status_code == 201


async def test_places_beyond_ones_own_are_refused(at: Served) -> None:
    beyond = {**NEW, "places": ["n9"]}
    answer = await by(at, OWNER, "POST", "/webhooks", json=beyond, places=("s1",))
    assert answer.status_code == 409
    assert answer.json()["type"].endswith("place-out-of-reach")
    answer = await by(at, OWNER, "POST", "/webhooks", json=NEW, places=("s1",))
    assert answer.status_code == 201
    id = answer.json()["id"]
    answer = await by(at, OWNER, "POST", f"/webhooks/{id}/edit", json={"places": ["n9"]})
    assert answer.status_code == 409
    state = (await by(at, OWNER, "GET", f"/webhooks/{id}")).json()
    assert state["within"] == ["s1"]


async def test_of_anothers_nobody_knows_but_those_who_run_the_platform(at: Served) -> None:
    id = (await created(at))["id"]
    asked = [
        ("GET", ""),
        ("GET", "/timeline"),
        ("GET", "/deliveries"),
        ("GET", "/progress"),
        ("POST", "/rotate-secret"),
        ("POST", "/disable"),
        ("POST", "/remove"),
    ]
    for method, path in asked:
        answer = await by(at, OTHER, method, f"/webhooks/{id}{path}")
        assert answer.status_code == 404, path
        answer = await by(at, OTHER, method, "/webhooks/nothing" + path, "operator")
        assert answer.status_code == 404, path
    assert (await by(at, OTHER, "GET", "/webhooks")).json()["items"] == []
    listed = (await by(at, "boss", "GET", "/webhooks", "administrator")).json()["items"]
    assert [one["id"] for one in listed] == [id]
    assert (await by(at, "boss", "GET", f"/webhooks/{id}", "operator")).status_code == 200


async def test_an_owner_has_so_many_at_most(at: Served) -> None:
    ids = [(await created(at))["id"] for _ in range(MOST_WEBHOOKS)]
    answer = await by(at, OWNER, "POST", "/webhooks", json=NEW)
    assert answer.status_code == 409
    assert answer.json()["type"].endswith("too-many-webhooks")
    await created(at, OTHER)
    await by(at, OWNER, "POST", f"/webhooks/{ids[0]}/remove")
    await created(at)
    first = (await by(at, OWNER, "GET", "/webhooks?limit=15")).json()
    rest = (await by(at, OWNER, "GET", f"/webhooks?limit=15&cursor={first['next']}")).json()
    listed = [one["id"] for one in first["items"] + rest["items"]]
    assert len(listed) == MOST_WEBHOOKS
    assert listed == sorted(listed, reverse=True)
    assert ids[0] not in listed


async def test_its_verbs_are_those_of_its_state(at: Served) -> None:
    id = (await created(at))["id"]
    shown = (await by(at, OWNER, "GET", f"/webhooks/{id}")).json()
    assert shown["can"] == ["edit", "remove", "replay", "skip", "verify"]
    answer = await by(at, OWNER, "POST", f"/webhooks/{id}/test")
    assert answer.status_code == 409
    assert answer.json()["type"].endswith("not-verified")
    answer = await by(at, OWNER, "POST", f"/webhooks/{id}/rotate-secret")
    assert answer.status_code == 200
    answer = await by(at, OWNER, "POST", f"/webhooks/{id}/rotate-secret")
    assert answer.json()["type"].endswith("secret-just-rotated")


async def test_what_nothing_has_come_of_yet(at: Served) -> None:
    id = (await created(at))["id"]
    answer = await by(at, OWNER, "GET", f"/webhooks/{id}/progress")
    assert answer.json() == {"cursor": None, "failing": [], "at": None}
    answer = await by(at, OWNER, "GET", f"/webhooks/{id}/deliveries")
    assert answer.json() == {"items": [], "next": None}
    for cursor in ("nonsense", "WzFd", "WzEsMiwzXQ"):
        answer = await by(at, OWNER, "GET", f"/webhooks/{id}/deliveries?cursor={cursor}")
        assert answer.status_code in (200, 422), answer.text


async def test_no_secret_is_logged(
    at: Served, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    told = await created(at)
    await by(at, OWNER, "POST", f"/webhooks/{told['id']}/rotate-secret")
    written = capsys.readouterr().out + json.dumps(caplog.messages)
    assert told["secret"] not in written
    assert "hidden" not in written


async def test_every_query_reads_an_index(mongo: MongoServer, database: str) -> None:
    asked = {
        "webhook": {
            "an owner's": webhooks_of(OWNER, 50),
            "all": webhooks_of(None, 50),
            "an owner's further ones": webhooks_of(OWNER, 50, ("0" * 32,)),
        }
    }
    assert await read_through(mongo, database, KINDS, asked) == []
