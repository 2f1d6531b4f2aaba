"""Sessions over time: renewed before the access token ends, ended when nobody uses them."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import httpx
import pytest

from deploy.local.grants import AGAIN_WITHIN
from deploy.local.oidc import ACCESS_LASTS
from services.gateway.identity.sessions import EARLY, IDLE, LONGEST
from services.gateway.pages.rendering import UNRENEWED
from tests.services.gateway.identity.house import RESIDENT, Browser, House, request_with
from tests.services.gateway.pages.household import services


def refreshes(house: House) -> int:
    """How often the issuer was asked for new tokens."""
    return sum(b"grant_type=refresh_token" in request.content for request in house.asked)


@pytest.fixture
async def signed_in(browser: Browser) -> Browser:
    await browser.sign_in()
    return browser


async def test_nothing_is_renewed_while_the_token_is_good(house: House, signed_in: Browser) -> None:
    before = signed_in.session_cookies()
    house.move(seconds=ACCESS_LASTS - EARLY - 10)
    assert await signed_in.who() is not None
    assert refreshes(house) == 0
    assert signed_in.session_cookies() == before


async def test_before_the_token_ends_it_is_renewed_and_the_cookie_is_another(
    house: House, signed_in: Browser
) -> None:
    before = signed_in.session_cookies()
    house.move(seconds=ACCESS_LASTS - EARLY + 1)
    assert await signed_in.who() is not None
    assert refreshes(house) == 1
    assert signed_in.session_cookies() != before
    assert await signed_in.who() is not None
    assert refreshes(house) == 1


async def test_it_goes_on_all_day_for_somebody_who_is_there(
    house: House, signed_in: Browser
) -> None:
    for _ in range(20):
        house.move(minutes=30)
        assert await signed_in.who() is not None
    assert refreshes(house) == 20


async def test_many_requests_at_once_ask_for_new_tokens_once(
    house: House, signed_in: Browser
) -> None:
    house.move(seconds=ACCESS_LASTS + 60)
    told = await asyncio.gather(*(signed_in.who() for _ in range(20)))
    assert all(one is not None for one in told)
    assert refreshes(house) == 1


async def test_a_request_with_the_cookie_from_before_gets_what_was_renewed(
    house: House, signed_in: Browser
) -> None:
    before = signed_in.session_cookies()
    house.move(seconds=ACCESS_LASTS + 60)
    assert await signed_in.who() is not None
    late = house.browser().take(before)
    house.move(seconds=AGAIN_WITHIN + 20)
    assert await late.who() is not None
    assert refreshes(house) == 1


async def test_a_race_lost_to_another_process_signs_nobody_out(two_doors: House) -> None:
    one = two_doors.browser(0)
    await one.sign_in()
    before = one.session_cookies()
    # Due, and not over yet: the other process was faster, and the refresh token is spent.
    two_doors.move(seconds=ACCESS_LASTS - EARLY + 1)
    assert await one.who() is not None
    two_doors.move(seconds=AGAIN_WITHIN + 1)
    loser = two_doors.browser(1).take(before)
    answer = await loser.get("/test/whoami")
    assert answer.json() is not None
    assert "set-cookie" not in answer.headers, "the better cookie is not taken away again"


async def test_the_issuers_own_end_of_the_sign_in_ends_the_session_at_its_next_renewal(
    house: House, signed_in: Browser
) -> None:
    (sign_in,) = house.issuer.grants._sign_ins.values()
    house.issuer.grants.end(sign_in)
    assert await signed_in.who() is not None, "until then the access token holds"
    house.move(seconds=ACCESS_LASTS + 1)
    assert await signed_in.who() is None


async def test_a_session_that_nobody_uses_ends(house: House, signed_in: Browser) -> None:
    house.move(seconds=IDLE.total_seconds() + 1)
    assert await signed_in.who() is None
    assert signed_in.session_cookies() == {}
    assert refreshes(house) == 0


async def test_a_session_ends_after_a_working_day_whatever_is_done(
    house: House, signed_in: Browser
) -> None:
    steps = int(LONGEST.total_seconds() // 3600)
    for _ in range(steps - 1):
        house.move(hours=1)
        assert await signed_in.who() is not None
    house.move(hours=1, seconds=1)
    assert await signed_in.who() is None


async def test_while_the_issuer_is_away_a_good_token_serves_on(
    house: House, signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = house.doorways[0].sessions.provider

    async def away(*_arguments: object, **_more: object) -> httpx.Response:
        raise httpx.ConnectError("away for a test")

    house.move(seconds=ACCESS_LASTS - EARLY + 1)
    with monkeypatch.context() as patch:
        patch.setattr(provider._http, "request", away)
        assert await signed_in.who() is not None
        house.move(seconds=EARLY)
        for path in ("/test/seal", "/test/form", "/test/to-a-service"):
            answer = await signed_in.get(path, headers={"Accept": "application/json"})
            assert answer.status_code == 503, "now nobody can say whether they may still"
    assert await signed_in.who() is not None, "and nobody was signed out by it"


@pytest.fixture
async def cut_off(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Browser]:
    """A browser whose session has to be renewed while the issuer is away."""
    house.doorways[0].upstreams = cast(Any, services())
    await browser.sign_in()
    house.move(seconds=ACCESS_LASTS + 1)

    async def away(*_arguments: object, **_more: object) -> httpx.Response:
        raise httpx.ConnectError("away for a test")

    with monkeypatch.context() as patch:
        patch.setattr(house.doorways[0].sessions.provider._http, "request", away)
        yield browser


async def test_what_is_everybodys_is_shown_while_the_issuer_is_away(cut_off: Browser) -> None:
    for path in ("/", "/status", "/verify"):
        page = await cut_off.get(path)
        assert page.status_code == 200, path
        assert UNRENEWED in page.text, path
    told = await cut_off.get("/open311/discovery.json", headers={"Accept": "*/*"})
    assert told.status_code == 200
    chosen = await cut_off.post("/language", data={"language": "en", "back": "/"})
    assert chosen.status_code == 303


async def test_what_is_ones_own_waits_for_the_issuer(cut_off: Browser) -> None:
    before = cut_off.session_cookies()
    page = await cut_off.get("/inbox")
    assert page.status_code == 503, "nobody is sent to an issuer that is away"
    assert cut_off.session_cookies() == before


async def test_signing_out_while_the_issuer_is_away_needs_the_token_as_well(
    house: House, cut_off: Browser
) -> None:
    copy, sessions = house.browser().take(cut_off.session_cookies()), house.doorways[0].sessions
    kept = sessions.kept(request_with(copy))
    assert kept is not None
    for form in ({}, {"csrf": "A" * 86}):
        assert (await cut_off.post("/logout", data=form)).status_code == 403
    assert cut_off.session_cookies() != {}
    own = {"csrf": sessions.forgery.token(kept.id)}
    assert (await cut_off.post("/logout", data=own)).status_code == 303
    assert cut_off.session_cookies() == {}
    assert sessions.kept(request_with(copy)) is None, "it has ended for whoever has a copy"


async def test_a_renewal_for_another_person_is_not_taken(
    house: House, signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = house.browser()
    await other.sign_in("demo-th-desk")
    mine, theirs = house.issuer.grants._sign_ins.values()
    assert mine.person.sub == RESIDENT
    monkeypatch.setattr(mine, "person", theirs.person)
    house.move(seconds=ACCESS_LASTS + 1)
    assert await signed_in.who() is None
