"""Somebody signs in and out in a real browser: at the development issuer, and at a Keycloak."""

import json
import shutil
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import httpx
import pytest

from deploy.local.issuer import AUDIENCE, IssuerProcess
from deploy.local.keycloak_server import (
    ADMINISTRATOR,
    PASSWORD,
    KeycloakServer,
    install,
)
from deploy.local.layout import SERVICES, LocalError
from deploy.local.people import SECRET
from deploy.local.processes import WebProcess, free_port, service
from deploy.local.servers import KafkaServer, MongoServer
from deploy.local.stack import SECRETS, services_at
from shared.runtime.identity import caller_in
from tests.e2e.waiting import until

CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium: apt-get install chromium"),
    pytest.mark.timeout(400),
]

LIN, NAME = "demo-r-lin", "林秀珠"

FETCH = """async ([path, method, token]) => {
    const headers = token ? {"X-CSRF-Token": token, "Content-Type": "application/json"} : {};
    return (await fetch(path, {method, headers, body: method === "GET" ? undefined : "{}"})).status;
}"""
"""What a page's own script does."""

SIGN_OUT = """(token) => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = "/logout";
    const field = form.appendChild(document.createElement("input"));
    field.name = "csrf";
    field.value = token;
    document.body.append(form);
    form.submit();
}"""
"""What the button of a page does."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def door(
    mongo: MongoServer, kafka: KafkaServer, issuer: str, port: int, directory: Path
) -> Iterator[str]:
    """The gateway and one service behind it, in processes of their own: the gateway's address."""
    behind = free_port()
    url = f"http://localhost:{port}"
    prefix = f"door_{uuid4().hex[:8]}"
    told = {
        "JINLIN_MODE": "local",
        "JINLIN_MONGO_URI": mongo.uri,
        "JINLIN_KAFKA_BOOTSTRAP": kafka.bootstrap,
        "JINLIN_OIDC_ISSUER": issuer,
        "JINLIN_OIDC_AUDIENCE": AUDIENCE,
        "JINLIN_PUBLIC_URL": url,
        **SECRETS,
        **services_at(lambda _name: f"http://127.0.0.1:{behind}"),
    }
    assert "gateway" in SERVICES
    processes: list[WebProcess] = [
        service(
            name,
            port=where,
            log=directory / f"{name}.log",
            env={**told, "JINLIN_MONGO_DATABASE": f"{prefix}_{name}"},
        )
        for name, where in (("community", behind), ("gateway", port))
    ]
    try:
        for process in processes:
            process.start()
        for process in processes:
            process.wait_ready()
        yield url
    finally:
        for process in processes:
            process.kill()


class Visit:
    """A browser of its own at the door."""

    def __init__(self, browser: Any, url: str) -> None:
        self.url = url
        self.context = browser.new_context(locale="zh-CN")
        self.page = self.context.new_page()
        self.asked: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))

    def who(self) -> dict[str, Any] | None:
        """Who the door says is signed in."""
        answer = self.context.request.get(
            f"{self.url}/session", headers={"Accept": "application/json"}
        )
        assert answer.status in (200, 401), answer.text()
        told: dict[str, Any] | None = answer.json() if answer.ok else None
        return told

    def signs_in(self, at_the_issuer: Callable[[Any], None]) -> None:
        """Signs in, and comes back to a page of the door."""
        self.page.goto(f"{self.url}/login?next=/api/docs")
        at_the_issuer(self.page)
        self.page.wait_for_url(f"{self.url}/api/docs")

    def asks(self, path: str, method: str = "GET", token: str | None = None) -> int:
        """A request that a script of the door's page sends: its status."""
        status: int = self.page.evaluate(FETCH, [path, method, token])
        return status

    def signs_out(self) -> None:
        """Signs out as the button of a page does."""
        told = self.who()
        assert told is not None
        self.page.evaluate(SIGN_OUT, told["csrf"])
        self.page.wait_for_url(f"{self.url}/")

    def cookies(self) -> list[dict[str, Any]]:
        """The session's cookies."""
        found = self.context.cookies(self.url)
        return [one for one in found if one["name"].startswith("jinlin-session")]


def a_day(browser: Any, url: str, at_the_issuer: Callable[[Any], None]) -> None:
    """Signs in, does something, signs out; whoever kept the cookie has nothing from it."""
    visit = Visit(browser, url)
    assert visit.who() is None
    visit.signs_in(at_the_issuer)
    told = visit.who()
    assert told is not None
    assert (told["sub"], told["roles"].count("resident")) == (LIN, 1)
    assert NAME in told["name"]
    assert told["places"] == ["359901-wx-th-e1-b1-101"]
    assert visit.asks("/api/community/places") == 200
    assert visit.asks("/api/community/check-ins", "POST") == 403
    assert visit.asks("/api/community/check-ins", "POST", told["csrf"]) == 422
    kept = visit.cookies()
    assert kept
    assert all(one["httpOnly"] and one["sameSite"] == "Lax" for one in kept)
    visit.signs_out()
    assert visit.cookies() == []
    assert visit.who() is None
    thief = Visit(browser, url)
    thief.context.add_cookies(kept)
    assert thief.who() is None
    assert not any("access_token" in address for address in visit.asked)


# --- the development issuer ------------------------------------------------------------------


def picks_lin(page: Any) -> None:
    """Says at the development issuer who one is."""
    page.get_by_role("button", name=NAME).click()


@pytest.fixture(scope="module")
def door_with_issuer(
    mongo: MongoServer,
    kafka: KafkaServer,
    issuer: IssuerProcess,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    directory = tmp_path_factory.mktemp("door")
    with door(mongo, kafka, issuer.url, free_port(), directory) as url:
        yield url


def test_a_day_with_the_development_issuer(browser: Any, door_with_issuer: str) -> None:
    a_day(browser, door_with_issuer, picks_lin)


def test_signing_out_at_the_development_issuer_signs_out_at_the_door(
    browser: Any, door_with_issuer: str, issuer: IssuerProcess
) -> None:
    visit = Visit(browser, door_with_issuer)
    visit.signs_in(picks_lin)
    assert visit.who() is not None
    visit.page.goto(f"{issuer.url}/logout")
    visit.page.get_by_role("button", name="退出").click()
    visit.page.get_by_text("已经退出").wait_for()
    assert visit.who() is None


# --- Keycloak ------------------------------------------------------------------------------------


class Administrator:
    """Keycloak's administrator, at its own interface."""

    def __init__(self, keycloak: KeycloakServer) -> None:
        self._http = httpx.Client(base_url=keycloak.url, timeout=30, trust_env=False)
        form = {
            "grant_type": "password",
            "client_id": "admin-cli",
            "username": ADMINISTRATOR,
            "password": PASSWORD,
        }
        answer = self._http.post("/realms/master/protocol/openid-connect/token", data=form)
        answer.raise_for_status()
        self._http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def signs_out(self, sub: str) -> None:
        """Ends all sign-ins of somebody."""
        self._http.post(f"/admin/realms/jinlin/users/{sub}/logout").raise_for_status()

    def changes_realm(self, **changes: Any) -> None:
        """Changes settings of the realm."""
        self._http.put("/admin/realms/jinlin", json=changes).raise_for_status()


def types_password(page: Any) -> None:
    """Signs in at Keycloak's page."""
    page.locator("#username").fill("lin")
    page.locator("#password").fill(PASSWORD)
    page.locator("#kc-login").click()


@pytest.fixture(scope="module")
def gateway_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def keycloak(
    gateway_port: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[KeycloakServer]:
    try:
        install()
    except LocalError as lacking:
        pytest.skip(str(lacking))
    server = KeycloakServer(
        tmp_path_factory.mktemp("keycloak"), public_url=f"http://localhost:{gateway_port}"
    )
    with server:
        yield server.start()


@pytest.fixture(scope="module")
def door_with_keycloak(
    mongo: MongoServer,
    kafka: KafkaServer,
    keycloak: KeycloakServer,
    gateway_port: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    directory = tmp_path_factory.mktemp("door")
    with door(mongo, kafka, keycloak.issuer, gateway_port, directory) as url:
        yield url


def test_a_day_with_keycloak(browser: Any, door_with_keycloak: str) -> None:
    a_day(browser, door_with_keycloak, types_password)


def test_keycloak_signs_somebody_out_by_the_back_channel(
    browser: Any, door_with_keycloak: str, keycloak: KeycloakServer
) -> None:
    visit = Visit(browser, door_with_keycloak)
    visit.signs_in(types_password)
    assert visit.who() is not None
    with Administrator(keycloak) as administrator:
        administrator.signs_out(LIN)
    until(lambda: visit.who() is None, "the door heard of it")


def test_keycloak_asks_again_for_the_password_where_that_is_wanted(
    browser: Any, door_with_keycloak: str
) -> None:
    visit = Visit(browser, door_with_keycloak)
    visit.signs_in(types_password)

    def asked_again() -> bool:
        visit.page.goto(f"{door_with_keycloak}/login?next=/api/docs&fresh=1")
        return bool(visit.page.locator("#password").count())

    until(asked_again, "a sign-in of more than a second ago is not enough")
    visit.page.locator("#password").fill(PASSWORD)
    visit.page.locator("#kc-login").click()
    visit.page.wait_for_url(f"{door_with_keycloak}/api/docs")
    assert visit.who() is not None


def test_a_session_with_keycloak_is_renewed(
    browser: Any, door_with_keycloak: str, keycloak: KeycloakServer
) -> None:
    with Administrator(keycloak) as administrator:
        administrator.changes_realm(accessTokenLifespan=4)
        try:
            visit = Visit(browser, door_with_keycloak)
            visit.signs_in(types_password)
            first = visit.cookies()

            def renewed() -> bool:
                assert visit.who() is not None
                return visit.cookies() != first

            until(renewed, "the cookie has new tokens")
            assert visit.asks("/api/community/places") == 200
        finally:
            administrator.changes_realm(accessTokenLifespan=300)


def test_keycloak_gives_a_program_the_scopes_that_it_asks_for_and_may(
    keycloak: KeycloakServer,
) -> None:
    address = f"{keycloak.issuer}/protocol/openid-connect/token"
    form = {"grant_type": "client_credentials", "client_id": "city-system", "client_secret": SECRET}

    def asked(scope: str | None) -> httpx.Response:
        more = {} if scope is None else {"scope": scope}
        return httpx.post(address, data={**form, **more}, trust_env=False, timeout=30)

    for scope in ("petitions:read", "petitions:read subscriptions", None):
        claims = caller_in(claims_of(asked(scope).json()["access_token"]))
        assert claims.scopes == set((scope or "").split())
        assert "service" in claims.roles
    assert asked("petitions").json()["error"] == "invalid_scope"


def claims_of(token: str) -> dict[str, Any]:
    """What a token says, whoever signed it."""
    body = token.split(".")[1]
    claims: dict[str, Any] = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return claims
