"""The OWASP API Security Top 10 of 2023, one after the other: each is tried at the door.

What is tried elsewhere as well stands in docs/security.md.
"""

import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from importlib import import_module
from typing import Any

import orjson
import pytest
import pytest_asyncio
from joserfc.jwk import ECKey
from starlette.types import Receive, Scope, Send

from shared.contracts.envelope import SERVICES
from shared.runtime.identity import Caller
from shared.runtime.policies import public
from shared.runtime.service import Service
from tests.services.gateway.behind import Behind, start
from tests.services.gateway.city import BEHIND, DISTRICT, ELSEWHERE, HOME, Door
from tests.services.gateway.city import door as city
from tests.services.gateway.door import door

pytestmark = pytest.mark.asyncio(loop_scope="module")

PETITIONS = "/api/petitions/petitions"
FILING = {
    "kind": "complaint",
    "title": "污水井堵塞",
    "text": "三号楼前的污水井堵了两天。",
    "place": HOME,
    "category": "sanitation",
}
OWN_WORDS = ("污水井", "三号楼")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def at() -> AsyncIterator[Door]:
    """One city for all of these."""
    async with city() as made:
        yield made


async def filed(at: Door, sub: str) -> str:
    """A petition of somebody's; its id."""
    headers = at.as_("resident", HOME, sub=sub)
    answer = await at.client.post(PETITIONS, json=FILING, headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


# --- API1: Broken Object Level Authorization -----------------------------------------------------


async def test_api1_broken_object_level_authorization(at: Door) -> None:
    """Whoever knows an id knows nothing by it."""
    id = await filed(at, "owner-1")
    owner = at.as_("resident", HOME, sub="owner-1")
    assert OWN_WORDS[0] in (await at.get(f"{PETITIONS}/{id}", headers=owner)).text
    for headers in (
        at.as_("resident", HOME, sub="neighbour"),
        at.as_("district-staff", ELSEWHERE),
        {},
    ):
        headers = {**headers, "Accept-Language": "en"}
        for path in ("", "/timeline", "/attachments"):
            seen = await at.get(f"{PETITIONS}/{id}{path}", headers=headers)
            assert seen.status_code in (401, 403, 404)
            assert not any(words in seen.text for words in OWN_WORDS)
        for verb, body in (("withdraw", {}), ("comment", {"text": "x"}), ("rate", {"stars": 1})):
            done = await at.client.post(f"{PETITIONS}/{id}/{verb}", json=body, headers=headers)
            assert done.status_code in (401, 403, 404), verb
    assert (await at.get(f"{PETITIONS}/{id}", headers=owner)).json()["version"] <= 2


# --- API2: Broken Authentication -----------------------------------------------------------------


def unsigned(claims: dict[str, object], algorithm: str) -> str:
    """A token that nobody signed."""
    parts = (orjson.dumps({"alg": algorithm, "typ": "JWT"}), orjson.dumps(claims))
    head = ".".join(urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
    return f"{head}."


async def test_api2_broken_authentication(at: Door) -> None:
    """Only what the issuer signed for these services counts, and only in its header."""
    issuer, now = at.issuer, int(time.time())
    about = {"iss": "https://issuer.test", "aud": "jinlin", "sub": "u1", "exp": now + 600}
    good = issuer.token("u1", ("resident",), (HOME,))
    head, body, signature = good.split(".")
    raised = {**about, "roles": ["administrator"]}
    forged = urlsafe_b64encode(orjson.dumps(raised)).rstrip(b"=").decode()
    bad = {
        "nobody signed it": unsigned(about, "none"),
        "nobody signed it, in capitals": unsigned(about, "NONE"),
        "a signature cut off": f"{head}.{body}.",
        "another's body": f"{head}.{forged}.{signature}",
        "another's key": issuer.token("u1", key=ECKey.generate_key("P-256", {"kid": "first"})),
        "expired": issuer.token("u1", exp=now - 60),
        "for ever": issuer.token("u1", exp=None),
        "for others": issuer.token("u1", aud="others"),
        "of another issuer": issuer.token("u1", iss="https://evil.test"),
        "of nobody": issuer.token(""),
        "not a token": "x" * 5_000,
        "nothing": "",
    }
    for what, token in bad.items():
        answer = await at.get(f"{PETITIONS}/mine", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401, what
        assert answer.headers["www-authenticate"].startswith("Bearer"), what
    for path in (f"{PETITIONS}/mine?access_token={good}", f"{PETITIONS}/mine?token={good}"):
        assert (await at.get(path)).status_code == 401, "addresses are written down everywhere"
    assert (
        await at.get(f"{PETITIONS}/mine", headers={"Cookie": f"token={good}"})
    ).status_code == 401


# --- API3: Broken Object Property Level Authorization --------------------------------------------


async def test_api3_broken_object_property_level_authorization(at: Door) -> None:
    """Nobody sets what is not theirs to set, or reads of a thing what is not theirs to read."""
    headers = at.as_("resident", HOME, sub="owner-3")
    for name, value in (
        ("petitioner", "somebody-else"),
        ("by", "somebody-else"),
        ("status", "closed"),
        ("assignee", "owner-3"),
        ("level", "district"),
        ("version", 9),
        ("_id", "mine"),
        ("$set", {"status": "closed"}),
    ):
        sent = {**FILING, name: value}
        answer = await at.client.post(PETITIONS, json=sent, headers=headers)
        if answer.status_code == 201:
            seen = (await at.get(f"{PETITIONS}/{answer.json()['id']}", headers=headers)).json()
            assert seen["petitioner"] == "owner-3", name
            assert seen.get("status") != "closed", name
            assert seen.get("assignee") != "owner-3", name
        else:
            assert answer.status_code == 422, name
    id = await filed(at, "owner-3")
    for path in (
        "/public/petitions",
        f"/api/petitions/public/petitions/{id}",
        "/public/statistics",
    ):
        shown = await at.get(path)
        assert "owner-3" not in shown.text
        assert not any(words in shown.text for words in OWN_WORDS)


# --- API4: Unrestricted Resource Consumption -----------------------------------------------------


async def test_api4_unrestricted_resource_consumption(at: Door) -> None:
    """Bodies, lists, texts and calls have an end, and so has the patience for callers."""
    headers = at.as_("resident", HOME, sub="owner-4")
    for _ in range(5):
        # The service answers before it has read all: that answer must not be lost on the way.
        huge = await at.client.post(
            PETITIONS,
            content=b'{"title":"' + b"x" * 3_000_000,
            headers={**headers, "Content-Type": "application/json"},
        )
        assert huge.status_code == 413
    deep = b"[" * 100_000
    nested = await at.client.post(
        PETITIONS, content=deep, headers={**headers, "Content-Type": "application/json"}
    )
    assert nested.status_code in (400, 413, 422)
    long = await at.client.post(PETITIONS, json={**FILING, "text": "长" * 50_000}, headers=headers)
    assert long.status_code == 422
    for limit in ("1000000", "-1", "0", "x"):
        listed = await at.get(f"{PETITIONS}/mine?limit={limit}", headers=headers)
        assert listed.status_code == 422, limit
    async with door(JINLIN_READING_LIMIT="5/minute", JINLIN_WRITING_LIMIT="5/minute") as narrow:
        said = [(await narrow.get("/things", headers=narrow.token())).status_code for _ in range(9)]
        assert said == [200] * 5 + [429] * 4
        refused = await narrow.get("/things", headers=narrow.token())
        assert int(refused.headers["retry-after"]) >= 1
        assert len(narrow.behind.asked) == 5, "the service was spared"


# --- API5: Broken Function Level Authorization ---------------------------------------------------


@pytest.mark.parametrize("service", BEHIND, ids=lambda service: service.name)
async def test_api5_broken_function_level_authorization(at: Door, service: Service) -> None:
    """A resident finds no function of others by its address: every row of the tables is tried."""
    # One of each service's own: all verbs together are more than one may ask in a minute.
    resident = Caller(f"nobody-5-{service.name}", frozenset({"resident"}), frozenset({HOME}))
    headers = at.as_("resident", HOME, sub=resident.sub)
    tried = 0
    for queries in service.queries:
        for row in queries.rows:
            if row.may is public or row.may.allows(resident, None, None):
                continue
            path = row.path.replace("{", "").replace("}", "")
            answer = await at.client.request(
                row.method,
                f"/api/{service.name}{path}",
                headers=headers,
                json={} if row.method == "POST" else None,
            )
            assert answer.status_code in (403, 404), (row.method, path)
            tried += 1
    for api in service.apis:
        for verb in api.verbs:
            path = f"/api/{service.name}/{api.collection}/not-there/{verb}"
            answer = await at.client.post(path, json={}, headers=headers)
            assert answer.status_code in (403, 404, 422), path
            tried += 1
    assert tried >= 5


async def test_api5_another_method_opens_nothing(at: Door) -> None:
    headers = at.as_("resident", HOME)
    for method in ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"):
        answer = await at.client.request(method, f"{PETITIONS}/mine", headers=headers)
        assert answer.status_code == 405, method
        more = {**headers, "X-HTTP-Method-Override": method, "X-Method-Override": method}
        assert (await at.get(f"{PETITIONS}/mine", headers=more)).status_code == 200
    made = await at.client.post("/api/gateway/api-keys", json={}, headers=headers)
    assert made.status_code in (403, 422)


# --- API6: Unrestricted Access to Sensitive Business Flows ---------------------------------------


async def test_api6_unrestricted_access_to_sensitive_business_flows(at: Door) -> None:
    """Codes are not found by trying: five wrong ones, and the receipt is closed for a while."""
    headers = at.as_("resident", HOME, sub="owner-6")
    id = await filed(at, "owner-6")
    receipt = (await at.get(f"{PETITIONS}/{id}", headers=headers)).json()["receipt"]
    path = f"/api/petitions/receipts/{receipt}"
    said = [(await at.get(f"{path}?code=2468ACE{last}")).status_code for last in "GHJKMNPQ"]
    assert 200 not in said
    assert said[-1] == 429, said


# --- API7: Server Side Request Forgery -----------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://127.0.0.1:27017/_x",
        "ftp://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:169.254.169.254]/",
        "http://2852039166/",
        "http://0xa9fea9fe/",
        "http://user:secret@127.0.0.1/",
        "//127.0.0.1/",
        "http://127.0.0.1\\@evil.test/",
        "javascript:alert(1)",
    ],
)
async def test_api7_server_side_request_forgery(at: Door, url: str) -> None:
    """Nobody has a service call what it should not; what is looked up and connected to is tried in
    tests/runtime/test_outgoing.py.
    """
    headers = at.as_("service", sub="system-7")
    token = at.issuer.token("system-7", ("service",), scope="subscriptions")
    headers["Authorization"] = f"Bearer {token}"
    answer = await at.client.post("/api/subscriptions/webhooks", json={"url": url}, headers=headers)
    assert answer.status_code == 422, answer.text


# --- API8: Security Misconfiguration -------------------------------------------------------------


async def test_api8_security_misconfiguration(at: Door) -> None:
    """Whatever is answered is careful, says nothing of what is within, and is nobody else's."""
    evil = {"Origin": "https://evil.test", "X-Forwarded-For": "127.0.0.1", "Accept": "*/*"}
    for path in (
        "/",
        "/login",
        "/api/docs",
        f"{PETITIONS}/mine",
        "/nothing",
        "/open311/nothing.json",
    ):
        answer = await at.get(path, headers=evil)
        headers = answer.headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["x-frame-options"] == "DENY", path
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert "unsafe" not in headers["content-security-policy"], path
        assert headers.get("access-control-allow-origin") in (None, "*"), path
        assert "access-control-allow-credentials" not in headers, path
        assert not {"server", "x-powered-by"} & headers.keys(), path
        assert "Traceback" not in answer.text, path
    for path in ("/.env", "/.git/config", "/admin", "/debug", "/docs", "/redoc", "/openapi.json"):
        assert (await at.get(path, headers=evil)).status_code == 404, path


# --- API9: Improper Inventory Management ---------------------------------------------------------


async def test_api9_improper_inventory_management(at: Door) -> None:
    """There is one list of what can be asked, it is whole, and there is nothing beside it."""
    for service in BEHIND:
        await at.get(f"/api/{service.name}/nothing")
    paths = (await at.get("/api/openapi.json")).json()["paths"]
    for service in BEHIND:
        for api in service.apis:
            for verb in api.verbs:
                assert f"/api/{service.name}/{api.collection}/{{id}}/{verb}" in paths
    admin = at.as_("administrator", DISTRICT)
    for name in (service.name for service in BEHIND):
        for path in (
            "metrics",
            "readyz",
            "livez",
            "openapi.json",
            "docs",
            "v1/petitions",
            "internal",
        ):
            answer = await at.get(f"/api/{name}/{path}", headers=admin)
            assert answer.status_code == 404, (name, path)
    for path in (
        "/api/v1/petitions/petitions",
        "/api/v2/petitions",
        "/api/mongo",
    ):
        assert (await at.get(path, headers=admin)).status_code == 404, path
    known = {name for name in SERVICES if import_module(f"services.{name}.main").service.apis}
    assert {path.split("/")[2] for path in paths} <= known | {"gateway"}


# --- API10: Unsafe Consumption of APIs -----------------------------------------------------------


async def test_api10_unsafe_consumption_of_apis() -> None:
    """What a service answers is passed on, and not obeyed: no cookie of it is set, no redirect
    followed, no header of the connection taken over.
    """

    async def answer(_behind: Behind, _scope: Scope, _receive: Receive, send: Send) -> None:
        await start(
            send,
            "text/plain",
            (b"location", b"http://169.254.169.254/latest/"),
            (b"set-cookie", b"jinlin-session=planted"),
            (b"connection", b"close, x-own"),
            (b"x-own", b"1"),
            (b"server", b"secret/1.0"),
            status=302,
        )
        await send({"type": "http.response.body", "body": b""})

    async with door() as there:
        there.behind.answer = answer
        told = await there.get("/things", headers=there.token())
        assert told.status_code == 302
        assert len(there.behind.asked) == 1
        assert not {"set-cookie", "x-own", "server"} & told.headers.keys()


async def test_api10_a_service_that_says_anything_is_no_way_in() -> None:
    """A listing with other paths in it lists what it lists, of that service."""
    async with door() as there:
        evil: dict[str, Any] = {
            "/../metrics": {"get": {}},
            "/livez": {"get": {}},
            "/a/{x}": {"get": {}},
        }
        there.behind.document = {"openapi": "3.1.0", "paths": evil}
        for path in ("/../metrics", "/livez", "/metrics", "/a/%2e%2e"):
            assert (await there.get(path)).status_code in (400, 404), path
        assert there.behind.asked == []
