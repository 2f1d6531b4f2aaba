"""The development issuer as an OpenID provider: what it gives to whom, and what it refuses."""

import threading
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from deploy.local.grants import AGAIN_WITHIN, CODE_LASTS, SIGN_IN_LASTS, challenge_of
from deploy.local.issuer import build_app, jwks, new_key
from deploy.local.oidc import ACCESS_LASTS, LOGOUT_EVENT
from deploy.local.people import DAY, OFFICE, SECRET, demo_people

ISSUER = "http://127.0.0.1:8100"
BACK = "http://localhost:9999/login/callback"
VERIFIER = "v" * 43


class At:
    """A browser and a client at an issuer whose time can be moved."""

    def __init__(self) -> None:
        self.key = new_key()
        self.time = 1_800_000_000.0
        self.app = build_app(self.key, ISSUER, lambda: self.time)
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=ISSUER)

    async def authorize(self, **changes: str | None) -> httpx.Response:
        """Comes with a client's wish; None leaves a parameter out."""
        asked: dict[str, str | None] = {
            "response_type": "code",
            "client_id": "jinlin-web",
            "redirect_uri": BACK,
            "scope": "openid profile",
            "state": "s",
            "nonce": "n",
            "code_challenge": challenge_of(VERIFIER),
            "code_challenge_method": "S256",
            **changes,
        }
        kept = {name: value for name, value in asked.items() if value is not None}
        return await self.http.get("/authorize", params=kept)

    async def code(self, sub: str = "demo-r-lin", **changes: str | None) -> str:
        """A code for somebody who says who they are."""
        page = await self.authorize(**changes)
        assert page.status_code == 200, page.headers
        answer = await self.http.post(page.url, data={"sub": sub})
        return told(answer)["code"]

    async def token(self, **form: str) -> httpx.Response:
        """A token request of the gateway."""
        return await self.http.post("/token", data={"client_id": "jinlin-web", **form})

    async def redeem(self, code: str, **changes: str) -> httpx.Response:
        """The token request for a code."""
        form = {"code": code, "redirect_uri": BACK, "code_verifier": VERIFIER, **changes}
        return await self.token(grant_type="authorization_code", **form)

    async def refresh(self, token: str) -> httpx.Response:
        """The token request for a refresh token."""
        return await self.token(grant_type="refresh_token", refresh_token=token)

    def claims(self, token: str) -> dict[str, Any]:
        """What a token of this issuer says."""
        keys = KeySet.import_key_set(jwks(self.key))  # type: ignore[arg-type]
        return dict(jwt.decode(token, keys, algorithms=["ES256"]).claims)


def told(answer: httpx.Response) -> dict[str, str]:
    """What an answer says to the client, by the address that it leads to."""
    assert answer.status_code == 303, answer.text
    address = answer.headers["location"]
    assert address.startswith(BACK)
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@pytest.fixture
async def at(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[At]:
    monkeypatch.setenv("JINLIN_MODE", "local")
    one = At()
    async with one.http:
        yield one


async def test_discovery_names_what_there_is(at: At) -> None:
    document = (await at.http.get("/.well-known/openid-configuration")).json()
    for name in ("authorization", "token", "end_session"):
        path = document[f"{name}_endpoint"].removeprefix(ISSUER)
        answer = await at.http.request("GET" if name != "token" else "POST", path)
        assert answer.status_code in (200, 400), f"{path} is there"
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert document["response_types_supported"] == ["code"]
    assert document["backchannel_logout_session_supported"] is True


async def test_a_code_becomes_tokens_about_whoever_signed_in(at: At) -> None:
    answer = await at.redeem(await at.code())
    assert answer.headers["cache-control"] == "no-store"
    given = answer.json()
    access, id_token = at.claims(given["access_token"]), at.claims(given["id_token"])
    assert (access["sub"], access["aud"], access["roles"]) == ("demo-r-lin", "jinlin", ["resident"])
    assert access["exp"] - access["iat"] == given["expires_in"] == ACCESS_LASTS
    assert id_token["aud"] == "jinlin-web"
    assert (id_token["nonce"], id_token["name"]) == ("n", "林秀珠")
    assert id_token["auth_time"] == int(at.time)
    assert id_token["sid"] == access["sid"]


async def test_whoever_is_described_is_believed(at: At) -> None:
    page = await at.authorize()
    form = {"sub": "x1", "name": "某人", "roles": "resident, volunteer", "places": "a", "org": "o"}
    code = told(await at.http.post(page.url, data=form))["code"]
    claims = at.claims((await at.redeem(code)).json()["access_token"])
    assert (claims["sub"], claims["roles"]) == ("x1", ["resident", "volunteer"])
    assert (claims["places"], claims["org"]) == (["a"], "o")


async def test_nobody_is_no_answer(at: At) -> None:
    page = await at.authorize()
    assert (await at.http.post(page.url, data={"sub": " "})).status_code == 400


async def test_all_people_of_the_demo_can_be_picked(at: At) -> None:
    page = (await at.authorize()).text
    people = demo_people()
    assert len(people) > 20
    assert len({person.sub for person in people}) == len(people)
    assert all(f'value="{person.sub}"' in page for person in people)
    assert all(person.sub in DAY.read_text() for person in people if person not in OFFICE)


async def test_texts_of_the_request_do_not_become_markup(at: At) -> None:
    page = await at.authorize(state='"><script>alert(1)</script>')
    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


# --- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "another"},
        {"client_id": None},
        {"redirect_uri": "https://evil.test/login/callback"},
        {"redirect_uri": "http://localhost.evil.test/login/callback"},
        {"redirect_uri": "http://localhost:9999/elsewhere"},
        {"redirect_uri": f"{BACK}?x=y"},
        {"redirect_uri": f"{BACK}#x"},
        {"redirect_uri": None},
    ],
    ids=str,
)
async def test_nobody_is_sent_to_an_address_that_is_not_the_clients(
    at: At, changes: dict[str, str | None]
) -> None:
    answer = await at.authorize(**changes)
    assert answer.status_code == 400
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
    ],
    ids=str,
)
async def test_a_wrong_wish_is_told_to_the_client(
    at: At, changes: dict[str, str | None], error: str
) -> None:
    answer = told(await at.authorize(**changes))
    assert (answer["error"], answer["state"], answer["iss"]) == (error, "s", ISSUER)


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "w" * 43},
        {"code_verifier": ""},
        {"code_verifier": challenge_of(VERIFIER)},
        {"redirect_uri": "http://localhost:9998/login/callback"},
        {"code": "made-up"},
    ],
    ids=str,
)
async def test_a_code_is_for_whoever_asked_for_it(at: At, changes: dict[str, str]) -> None:
    code = await at.code()
    answer = await at.redeem(**{"code": code, **changes})
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_grant"
    if "code" not in changes:
        assert (await at.redeem(code)).status_code == 400, "it is spent by the wrong try"


async def test_a_code_counts_once_and_a_second_time_ends_what_it_gave(at: At) -> None:
    code = await at.code()
    given = (await at.redeem(code)).json()
    assert (await at.redeem(code)).json()["error"] == "invalid_grant"
    assert (await at.refresh(given["refresh_token"])).status_code == 400


async def test_a_code_counts_for_a_minute(at: At) -> None:
    code = await at.code()
    at.time += CODE_LASTS + 1
    assert (await at.redeem(code)).json()["error"] == "invalid_grant"


async def test_another_client_gets_nothing_for_a_code(at: At) -> None:
    answer = await at.redeem(await at.code(), client_id="city-system")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_an_unknown_grant_is_refused(at: At) -> None:
    answer = await at.token(grant_type="password", username="a", password="b")
    assert answer.json()["error"] == "unsupported_grant_type"


# --- staying signed in -------------------------------------------------------------------------


async def test_who_is_signed_in_is_not_asked_again_unless_that_is_wanted(at: At) -> None:
    await at.code()
    assert "code" in told(await at.authorize())
    assert "code" in told(await at.authorize(prompt="none"))
    assert (await at.authorize(prompt="login")).status_code == 200
    at.time += 100
    assert "code" in told(await at.authorize(max_age="200"))
    assert (await at.authorize(max_age="50")).status_code == 200
    at.time += SIGN_IN_LASTS
    assert (await at.authorize()).status_code == 200


async def test_a_refresh_token_gives_new_ones_and_is_replaced(at: At) -> None:
    given = (await at.redeem(await at.code())).json()
    at.time += 400
    fresh = (await at.refresh(given["refresh_token"])).json()
    assert fresh["refresh_token"] != given["refresh_token"]
    before, after = (at.claims(one["id_token"]) for one in (given, fresh))
    assert after["auth_time"] == before["auth_time"]
    assert after["sid"] == before["sid"]
    assert "nonce" not in after


async def test_a_refresh_token_that_comes_again_soon_is_two_tabs(at: At) -> None:
    given = (await at.redeem(await at.code())).json()
    first = await at.refresh(given["refresh_token"])
    at.time += AGAIN_WITHIN - 1
    second = await at.refresh(given["refresh_token"])
    assert (first.status_code, second.status_code) == (200, 200)


async def test_a_refresh_token_that_comes_again_later_ends_the_sign_in(at: At) -> None:
    given = (await at.redeem(await at.code())).json()
    fresh = (await at.refresh(given["refresh_token"])).json()
    at.time += AGAIN_WITHIN + 1
    assert (await at.refresh(given["refresh_token"])).status_code == 400
    assert (await at.refresh(fresh["refresh_token"])).status_code == 400
    assert (await at.authorize()).status_code == 200, "and nobody is signed in"


# --- programs ------------------------------------------------------------------------------------


async def test_a_program_has_a_token_by_its_secret(at: At) -> None:
    form = {"grant_type": "client_credentials", "scope": "subscriptions"}
    basic = b64encode(f"city-system:{SECRET}".encode()).decode()
    by_header = await at.http.post("/token", data=form, headers={"Authorization": f"Basic {basic}"})
    by_form = await at.token(**form, client_id="city-system", client_secret=SECRET)
    for answer in (by_header, by_form):
        given = answer.json()
        claims = at.claims(given["access_token"])
        assert (claims["sub"], claims["roles"]) == ("city-system", ["service"])
        assert (claims["scope"], given["scope"]) == ("subscriptions", "subscriptions")
        assert "refresh_token" not in given


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"client_id": "city-system", "client_secret": "wrong"}, "invalid_client"),
        ({"client_id": "city-system"}, "invalid_client"),
        ({"client_id": "jinlin-web"}, "invalid_client"),
        (
            {"client_id": "city-system", "client_secret": SECRET, "scope": "everything"},
            "invalid_scope",
        ),
    ],
    ids=str,
)
async def test_a_program_that_is_not_known_has_none(
    at: At, form: dict[str, str], error: str
) -> None:
    answer = await at.token(grant_type="client_credentials", **form)
    assert answer.json()["error"] == error


async def test_a_header_that_is_no_basic_is_refused(at: At) -> None:
    headers = {"Authorization": "Basic !!"}
    form = {"grant_type": "client_credentials"}
    answer = await at.http.post("/token", data=form, headers=headers)
    assert answer.status_code == 401


# --- signing out --------------------------------------------------------------------------------


@pytest.fixture
def client_address() -> Iterator[tuple[str, list[str]]]:
    """Where a client is, and the logout tokens that it was told."""
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            assert self.path == "/logout/backchannel"
            heard.extend(parse_qs(body)["logout_token"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def test_a_client_has_somebody_signed_out_and_hears_of_it(
    at: At, client_address: tuple[str, list[str]]
) -> None:
    address, heard = client_address
    back = f"{address}/login/callback"
    page = await at.authorize(redirect_uri=back)
    answer = await at.http.post(page.url, data={"sub": "demo-r-lin"})
    code = parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]
    given = (await at.redeem(code, redirect_uri=back)).json()
    out = await at.http.get(
        "/logout",
        params={
            "id_token_hint": given["id_token"],
            "post_logout_redirect_uri": f"{address}/",
            "state": "s1",
        },
    )
    assert out.headers["location"] == f"{address}/?state=s1"
    (token,) = heard
    claims = at.claims(token)
    assert claims["sid"] == at.claims(given["id_token"])["sid"]
    assert (claims["sub"], claims["aud"]) == ("demo-r-lin", "jinlin-web")
    assert claims["events"] == {LOGOUT_EVENT: {}}
    assert "nonce" not in claims
    assert (await at.refresh(given["refresh_token"])).status_code == 400
    assert (await at.authorize()).status_code == 200, "nobody is signed in"


async def test_without_a_hint_somebody_is_asked_before_they_are_signed_out(at: At) -> None:
    given = (await at.redeem(await at.code())).json()
    page = await at.http.get("/logout", params={"post_logout_redirect_uri": "https://evil.test/"})
    assert (page.status_code, "林秀珠" in page.text) == (200, True)
    assert (await at.refresh(given["refresh_token"])).status_code == 200
    out = await at.http.post("/logout", data={"confirmed": "yes"})
    assert out.status_code == 200
    assert (await at.authorize()).status_code == 200


async def test_nobody_is_sent_elsewhere_after_signing_out(at: At) -> None:
    given = (await at.redeem(await at.code())).json()
    asked = {
        "id_token_hint": given["id_token"],
        "post_logout_redirect_uri": "https://evil.test/",
    }
    out = await at.http.get("/logout", params=asked)
    assert (out.status_code, "location" in out.headers) == (200, False)


async def test_another_issuers_hint_signs_nobody_out(at: At) -> None:
    given = (await at.redeem(await at.code())).json()
    sid = at.claims(given["id_token"])["sid"]
    header = {"alg": "ES256", "kid": at.key.as_dict()["kid"]}
    forged = jwt.encode(header, {"sid": sid}, new_key(), algorithms=["ES256"])
    out = await at.http.get("/logout", params={"id_token_hint": forged})
    assert out.status_code == 200
    assert (await at.refresh(given["refresh_token"])).status_code == 200
