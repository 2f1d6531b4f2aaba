"""Signing out: here, at the issuer, and because the issuer says so; for all processes at once."""

from collections.abc import Mapping
from typing import Any, cast

import httpx
import pytest

from deploy.local.grants import SignIn
from deploy.local.oidc import LOGOUT_EVENT
from services.gateway.identity.id_tokens import OLDEST_LOGOUT
from tests.services.gateway.identity.house import (
    DOOR,
    ISSUER,
    RESIDENT,
    STAFF,
    Browser,
    House,
    eventually,
)
from tests.services.gateway.pages.household import services


async def tell(house: House, token: str | None, door: int = 0, **fields: str) -> httpx.Response:
    """The issuer calls the door."""
    transport = httpx.ASGITransport(house.doors[door])
    async with httpx.AsyncClient(transport=transport, base_url=DOOR) as http:
        form = fields if token is None else {"logout_token": token, **fields}
        return await http.post("/logout/backchannel", data=form)


def sign_in_of(house: House, sub: str = RESIDENT) -> SignIn:
    """What the issuer knows of somebody's newest sign-in."""
    found = [one for one in house.issuer.grants._sign_ins.values() if one.person.sub == sub]
    return found[-1]


def logout_token(house: House, sign_in: SignIn, **changes: Any) -> str:
    """A logout token with other claims; None leaves one out."""
    now = int(house.clock.seconds())
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": "jinlin-web",
        "iat": now,
        "exp": now + 120,
        "jti": "one",
        "sub": sign_in.person.sub,
        "sid": sign_in.sid,
        "events": {LOGOUT_EVENT: {}},
    }
    typ = changes.pop("typ", "logout+jwt")
    return house.issuer._signer.sign(typ, {**claims, **changes})


async def test_signing_out_ends_the_session_here_and_at_the_issuer(browser: Browser) -> None:
    await browser.sign_in()
    answer = await browser.sign_out()
    assert str(answer.url) == f"{DOOR}/"
    assert browser.session_cookies() == {}
    assert await browser.who() is None
    page = await browser.follow(await browser.get("/login"))
    assert page.url.path == "/authorize", "the issuer asks again who it is"


async def test_signing_out_without_being_signed_in_leads_home(browser: Browser) -> None:
    answer = await browser.post("/logout")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


async def test_signing_out_by_a_link_is_not_possible(browser: Browser) -> None:
    await browser.sign_in()
    assert (await browser.get("/logout")).status_code == 405
    assert await browser.who() is not None


async def test_the_issuer_ends_a_sign_in_for_every_process(two_doors: House) -> None:
    browser = two_doors.browser(0)
    await browser.sign_in()
    answer = await tell(two_doors, logout_token(two_doors, sign_in_of(two_doors)), door=1)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    for door in (0, 1):
        at = two_doors.browser(door).take(browser.session_cookies())

        async def signed_out(at: Browser = at) -> bool:
            return await at.who() is None

        await eventually(signed_out)


async def test_one_sign_in_ends_and_the_persons_other_one_does_not(house: House) -> None:
    phone, desk = house.browser(), house.browser()
    await phone.sign_in()
    await desk.sign_in()
    assert (await tell(house, logout_token(house, sign_in_of(house)))).status_code == 200
    assert await desk.who() is None
    assert await phone.who() is not None


async def test_without_a_sid_all_sign_ins_of_the_person_end_and_nobody_elses(
    house: House,
) -> None:
    browsers = [house.browser() for _ in range(3)]
    for browser, sub in zip(browsers, (RESIDENT, RESIDENT, STAFF), strict=True):
        await browser.sign_in(sub)
    token = logout_token(house, sign_in_of(house), sid=None)
    assert (await tell(house, token)).status_code == 200
    assert [await browser.who() is None for browser in browsers] == [True, True, False]
    house.move(seconds=1)
    await browsers[0].sign_in()
    assert await browsers[0].who() is not None, "who signs in afterwards is signed in"


async def test_the_same_token_twice_is_answered_and_ends_nothing_new(house: House) -> None:
    browser = house.browser()
    await browser.sign_in()
    token = logout_token(house, sign_in_of(house), sid=None)
    assert (await tell(house, token)).status_code == 200
    house.move(seconds=2)
    await browser.sign_in()
    assert (await tell(house, token)).status_code == 200
    assert await browser.who() is not None, "a token that was overheard is of no use"


@pytest.mark.parametrize(
    "changes",
    [
        {"events": None},
        {"events": {}},
        {"events": {LOGOUT_EVENT: "yes"}},
        {"events": [LOGOUT_EVENT]},
        {"nonce": "n"},
        {"aud": "jinlin"},
        {"aud": "another-client"},
        {"aud": None},
        {"iss": "https://another.test"},
        {"iss": None},
        {"exp": None},
        {"exp": 1},
        {"iat": None},
        {"iat": 1},
        {"iat": "now"},
        {"jti": None},
        {"sub": None, "sid": None},
        {"sub": 7, "sid": 7},
        {"typ": "at+jwt"},
    ],
    ids=str,
)
async def test_a_token_that_is_no_logout_token_ends_nothing(
    house: House, changes: Mapping[str, Any]
) -> None:
    browser = house.browser()
    await browser.sign_in()
    answer = await tell(house, logout_token(house, sign_in_of(house), **changes))
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_request"
    assert await browser.who() is not None


async def test_other_tokens_of_the_issuer_end_nothing(house: House) -> None:
    browser = house.browser()
    await browser.sign_in()
    sign_in = sign_in_of(house)
    issued = house.issuer._tokens(sign_in, "jinlin-web", "openid", "n")
    for name in ("access_token", "id_token", "refresh_token"):
        assert (await tell(house, issued[name])).status_code == 400
    good = logout_token(house, sign_in)
    head, body, signature = good.split(".")
    for bad in ("", "x", f"{head}.{body}.", f"{head}.{body}.{signature[:-4]}AAAA", good * 40):
        assert (await tell(house, bad)).status_code == 400
    assert (await tell(house, None)).status_code == 400
    assert await browser.who() is not None


async def test_an_old_logout_token_is_not_taken(house: House) -> None:
    browser = house.browser()
    await browser.sign_in()
    token = logout_token(house, sign_in_of(house), exp=int(house.clock.seconds()) + 9_000)
    house.move(seconds=OLDEST_LOGOUT + 1)
    assert (await tell(house, token)).status_code == 400
    assert await browser.who() is not None


async def test_what_the_issuer_itself_sends_is_taken(house: House) -> None:
    browser = house.browser()
    await browser.sign_in()
    token = house.issuer.logout_token("jinlin-web", sign_in_of(house))
    assert (await tell(house, token)).status_code == 200
    assert await browser.who() is None


async def test_who_has_their_data_erased_is_signed_out_everywhere(two_doors: House) -> None:
    said = services()
    said.says("community", f"/residents/{RESIDENT}/erase", {"id": RESIDENT}, "POST")
    two_doors.doorways[0].upstreams = cast(Any, said)
    here, elsewhere, other = two_doors.browser(0), two_doors.browser(1), two_doors.browser(1)
    await here.sign_in()
    await elsewhere.sign_in()
    await other.sign_in(STAFF)
    form = {"sure": "yes", "csrf": await here.csrf()}
    gone = await here.post("/me/data/erase", data=form)
    assert gone.headers["location"].startswith(f"{ISSUER}/logout?")
    assert here.session_cookies() == {}

    async def ended() -> bool:
        return await elsewhere.who() is None

    await eventually(ended)
    assert await other.who() is not None


async def test_where_nothing_was_erased_nobody_is_signed_out(house: House) -> None:
    house.doorways[0].upstreams = cast(Any, services())
    browser = house.browser()
    await browser.sign_in()
    form = {"sure": "yes", "csrf": await browser.csrf()}
    assert (await browser.post("/me/data/erase", data=form)).status_code == 409
    assert await browser.who() is not None
