"""Signing in at the issuer and coming back: the ordinary ways, and those that lead nowhere."""

import asyncio

import httpx
import pytest

from services.gateway.identity.signing_in import LASTS
from tests.services.gateway.identity.house import RESIDENT, STAFF, Browser, House, query_of


async def test_whoever_has_not_signed_in_is_nobody(browser: Browser) -> None:
    assert await browser.who() is None


async def test_somebody_signs_in_and_the_pages_know_who_it_is(browser: Browser) -> None:
    answer = await browser.sign_in()
    assert answer.json() == {
        "sub": RESIDENT,
        "name": "林秀珠",
        "org": None,
        "roles": ["resident"],
        "places": ["359901-wx-th-e1-b1-101"],
    }
    assert await browser.who() == answer.json()


async def test_a_page_for_those_who_are_signed_in_is_reached_after_signing_in(
    browser: Browser,
) -> None:
    away = await browser.get("/test/form?a=1&b=%E4%B8%AD")
    assert away.status_code == 303
    page = await browser.follow(away)
    assert page.url.path == "/authorize"
    there = await browser.follow(await browser.say_who(page))
    assert (there.status_code, there.url.path) == (200, "/test/form")
    assert there.url.query == b"a=1&b=%E4%B8%AD", "with everything that stood behind it"


async def test_a_program_is_told_401_and_not_sent_to_sign_in(browser: Browser) -> None:
    answer = await browser.get("/test/form", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


async def test_what_is_asked_of_the_issuer_is_complete(browser: Browser) -> None:
    answer = await browser.get("/login?next=/test/whoami")
    asked = query_of(answer.headers["location"])
    assert asked.pop("state") != asked.pop("nonce")
    assert len(asked.pop("code_challenge")) == 43
    assert asked == {
        "response_type": "code",
        "client_id": "jinlin-web",
        "redirect_uri": "http://localhost:8080/login/callback",
        "scope": "openid profile",
        "code_challenge_method": "S256",
    }


async def test_who_is_signed_in_already_is_not_sent_away(browser: Browser) -> None:
    await browser.sign_in()
    answer = await browser.get("/login?next=/test/form")
    assert answer.headers["location"] == "/test/form"


async def test_who_is_signed_in_at_the_issuer_is_not_asked_again(browser: Browser) -> None:
    await browser.sign_in()
    for name in browser.session_cookies():
        browser.http.cookies.delete(name)
    answer = await browser.follow(await browser.get("/login?next=/test/whoami"))
    assert answer.json()["sub"] == RESIDENT


async def test_two_tabs_may_sign_in_side_by_side(browser: Browser) -> None:
    first = await browser.follow(await browser.get("/login?next=/test/form"))
    second = await browser.follow(await browser.get("/login?next=/test/whoami"))
    answers = [await browser.follow(await browser.say_who(page)) for page in (first, second)]
    assert [answer.url.path for answer in answers] == ["/test/form", "/test/whoami"]


async def test_sign_ins_that_are_left_lying_do_not_fill_the_browser(browser: Browser) -> None:
    for _ in range(12):
        await browser.get("/login")
    left = [one for one in browser.http.cookies.jar if "signing-in" in one.name]
    assert len(left) <= 5


async def test_who_calls_it_off_is_told_so(browser: Browser) -> None:
    state = query_of((await browser.get("/login")).headers["location"])["state"]
    query = f"error=access_denied&state={state}&iss=http://127.0.0.1:8100"
    answer = await browser.get(f"/login/callback?{query}")
    assert answer.status_code == 403
    assert await browser.who() is None


async def test_a_sign_in_that_takes_too_long_is_begun_again(house: House, browser: Browser) -> None:
    page = await browser.follow(await browser.get("/login"))
    house.move(seconds=LASTS + 1)
    answer = await browser.follow(await browser.say_who(page))
    assert answer.status_code == 400


async def test_while_the_issuer_is_away_signing_in_is_503(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_arguments: object, **_more: object) -> httpx.Response:
        raise httpx.ConnectError("away for a test")

    monkeypatch.setattr(house.doorways[0].sessions.provider._http, "request", away)
    answer = await browser.get("/login", headers={"Accept": "application/json"})
    assert answer.status_code == 503
    assert answer.headers["retry-after"]


async def test_each_sees_their_own(house: House) -> None:
    browsers = [house.browser(), house.browser()]
    await asyncio.gather(browsers[0].sign_in(RESIDENT), browsers[1].sign_in(STAFF))
    told = [await browser.who() for browser in browsers]
    assert [one and one["sub"] for one in told] == [RESIDENT, STAFF]


async def test_somebody_with_very_many_places_fits_into_cookies(browser: Browser) -> None:
    places = ",".join(f"350102-street-{number:03}-community" for number in range(90))
    answer = await browser.sign_in("many", name="多", roles="street-staff", places=places)
    assert len(answer.json()["places"]) == 90
    cookies = browser.session_cookies()
    assert len(cookies) > 1
    assert max(len(value) for value in cookies.values()) < 4_000
    # Somebody with few comes after them: no part of the former cookie is left.
    await browser.sign_out()
    assert browser.session_cookies() == {}
    await browser.sign_in(RESIDENT)
    told = await browser.who()
    assert told is not None
    assert told["sub"] == RESIDENT
