"""What the door takes from a provider, and what it does not."""

from base64 import b64encode
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from services.gateway.identity.provider import (
    ENDPOINTS_LAST,
    RETRY_PAUSE,
    SHORTEST_ACCESS,
    Asked,
    GrantRefused,
    Provider,
)
from shared.runtime.keys import IssuerUnavailable
from tests.services.gateway.identity.house import SETTINGS

ISSUER = "https://idp.test/realms/jinlin"
DOCUMENT = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/auth?kind=web",
    "token_endpoint": f"{ISSUER}/token",
    "end_session_endpoint": f"{ISSUER}/out",
}
ASKED = Asked("s", "n", "v" * 43)


class There:
    """A provider that answers as a test wants it to."""

    def __init__(self, **settings: Any) -> None:
        self.document: Any = DOCUMENT
        self.token: tuple[int, Any] = (200, {"access_token": "a", "expires_in": 60})
        self.away = False
        self.asked: list[httpx.Request] = []
        self.time = 1_000.0
        told = replace(SETTINGS, oidc_issuer=ISSUER, **settings)
        http = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        self.provider = Provider(told, lambda: self.time, http)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if self.away:
            raise httpx.ConnectTimeout("away for a test")
        if request.url.path.endswith("/.well-known/openid-configuration"):
            return _response(200, self.document)
        return _response(*self.token)


def _response(status: int, told: Any) -> httpx.Response:
    if isinstance(told, str):
        return httpx.Response(status, text=told)
    return httpx.Response(status, json=told)


def without(name: str) -> dict[str, str]:
    """The document without one of its entries."""
    return {key: value for key, value in DOCUMENT.items() if key != name}


# --- discovery ---------------------------------------------------------------------------------


async def test_its_endpoints_are_looked_up_once_an_hour() -> None:
    there = There()
    for _ in range(3):
        await there.provider.sign_in_address(ASKED)
    assert len(there.asked) == 1
    there.time += ENDPOINTS_LAST + 1
    await there.provider.sign_in_address(ASKED)
    assert len(there.asked) == 2


async def test_what_was_known_serves_on_while_it_is_away() -> None:
    there = There()
    before = await there.provider.endpoints()
    there.away = True
    there.time += ENDPOINTS_LAST + 1
    assert await there.provider.endpoints() == before
    assert await there.provider.endpoints() == before
    assert len(there.asked) == 2, "one that did not answer is left alone for a moment"


async def test_one_that_was_never_there_is_asked_again_after_a_moment() -> None:
    there = There()
    there.away = True
    for _ in range(3):
        with pytest.raises(IssuerUnavailable):
            await there.provider.endpoints()
    assert len(there.asked) == 1
    there.away = False
    there.time += RETRY_PAUSE
    await there.provider.endpoints()


@pytest.mark.parametrize(
    "document",
    [
        {**DOCUMENT, "issuer": "https://evil.test"},
        {**DOCUMENT, "authorization_endpoint": "http://idp.test/auth"},
        {**DOCUMENT, "token_endpoint": "http://idp.test/token"},
        {**DOCUMENT, "end_session_endpoint": "http://idp.test/out"},
        {**DOCUMENT, "token_endpoint": "javascript:alert(1)"},
        {**DOCUMENT, "token_endpoint": 7},
        without("token_endpoint"),
        without("authorization_endpoint"),
        [],
        "not JSON",
    ],
    ids=str,
)
async def test_a_document_that_cannot_be_trusted_is_not(document: Any) -> None:
    there = There()
    there.document = document
    with pytest.raises(IssuerUnavailable):
        await there.provider.endpoints()


async def test_addresses_keep_what_stood_in_the_endpoint() -> None:
    address = await There().provider.sign_in_address(replace(ASKED, max_age=30))
    assert address.startswith(f"{ISSUER}/auth?kind=web&response_type=code&")
    assert "&max_age=30" in address
    out = await There().provider.sign_out_address("token")
    assert out is not None
    assert out.startswith(f"{ISSUER}/out?client_id=jinlin-web&post_logout_redirect_uri=")


async def test_one_without_signing_out_has_no_address_for_it() -> None:
    there = There()
    there.document = without("end_session_endpoint")
    assert await there.provider.sign_out_address("token") is None


# --- tokens --------------------------------------------------------------------------------------


async def test_a_client_without_a_secret_says_who_it_is_in_the_form() -> None:
    there = There()
    await there.provider.redeem("c", "v")
    request = there.asked[-1]
    assert "authorization" not in request.headers
    form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
    assert form == {
        "grant_type": "authorization_code",
        "code": "c",
        "code_verifier": "v",
        "redirect_uri": "http://localhost:8080/login/callback",
        "client_id": "jinlin-web",
    }


async def test_a_client_with_a_secret_proves_it_and_never_in_the_form() -> None:
    there = There(oidc_client_secret="a:b c")
    await there.provider.refresh("r")
    request = there.asked[-1]
    basic = b64encode(b"jinlin-web:a%3Ab%20c").decode()
    assert request.headers["authorization"] == f"Basic {basic}"
    assert b"client_secret" not in request.content


async def test_what_it_gives_is_taken_with_its_end() -> None:
    there = There()
    there.token = (200, {"access_token": "a", "expires_in": 60, "refresh_token": "r"})
    tokens = await there.provider.redeem("c", "v")
    assert (tokens.access, tokens.until, tokens.refresh) == ("a", there.time + 60, "r")
    assert tokens.id_token is None


@pytest.mark.parametrize("life", [None, 0, -1, "60", "soon"])
async def test_a_token_without_a_life_is_taken_for_a_short_one(life: Any) -> None:
    there = There()
    there.token = (200, {"access_token": "a", "expires_in": life, "id_token": 7})
    tokens = await there.provider.redeem("c", "v")
    assert tokens.until == there.time + SHORTEST_ACCESS
    assert tokens.id_token is None


async def test_a_code_that_counts_no_more_is_refused() -> None:
    there = There()
    there.token = (400, {"error": "invalid_grant"})
    with pytest.raises(GrantRefused):
        await there.provider.redeem("c", "v")


@pytest.mark.parametrize(
    "answer",
    [
        (400, {"error": "invalid_client"}),
        (401, {}),
        (429, {"error": "slow_down"}),
        (500, {"error": "invalid_grant"}),
        (200, {}),
        (200, {"access_token": 7}),
        (200, []),
        (200, "<html>"),
    ],
    ids=str,
)
async def test_its_own_troubles_sign_nobody_out(answer: tuple[int, Any]) -> None:
    there = There()
    there.token = answer

    with pytest.raises(IssuerUnavailable):
        await there.provider.refresh("r")
