"""What needs a sign-in that is only a moment old: signing an agreement, voting."""

from tests.services.gateway.identity.house import FRESH, RESIDENT, Browser, House, query_of


async def test_who_has_just_signed_in_may(browser: Browser) -> None:
    await browser.sign_in()
    assert (await browser.get("/test/seal")).json() == {"sealed_by": RESIDENT}


async def test_who_signed_in_a_while_ago_proves_again_who_they_are(
    house: House, browser: Browser
) -> None:
    await browser.sign_in()
    house.move(seconds=FRESH.total_seconds() + 1)
    away = await browser.get("/test/seal")
    assert away.headers["location"] == "/login?next=%2Ftest%2Fseal&fresh=300"
    page = await browser.follow(away)
    assert page.url.path == "/authorize", "being signed in at the issuer is not enough"
    told = query_of(str(page.url))
    assert (told["max_age"], told["prompt"]) == ("300", "login")
    there = await browser.follow(await browser.say_who(page))
    assert there.json() == {"sealed_by": RESIDENT}


async def test_renewed_tokens_do_not_make_it_fresh(house: House, browser: Browser) -> None:
    await browser.sign_in()
    for _ in range(3):
        house.move(minutes=4)
        assert await browser.who() is not None
    assert (await browser.get("/test/seal")).status_code == 303


async def test_a_program_is_told_what_is_needed(house: House, browser: Browser) -> None:
    await browser.sign_in()
    house.move(seconds=FRESH.total_seconds() + 1)
    answer = await browser.get("/test/seal", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json()["type"] == "urn:jinlin:problem:sign-in-too-old"
    challenge = answer.headers["www-authenticate"]
    assert challenge == 'Bearer error="insufficient_user_authentication", max_age="300"'


async def test_an_issuer_that_knows_no_max_age_asks_again_all_the_same(
    house: House, browser: Browser
) -> None:
    await browser.sign_in()
    house.move(seconds=FRESH.total_seconds() + 1)
    away = (await browser.get("/login?next=/test/seal&fresh=300")).headers["location"]
    page = await browser.get(away.replace("&max_age=300", ""))
    assert page.status_code == 200, "it does not lead straight back"
    assert (await browser.follow(await browser.say_who(page))).json() == {"sealed_by": RESIDENT}


async def test_an_issuer_that_does_not_ask_again_is_not_believed(
    house: House, browser: Browser
) -> None:
    await browser.sign_in()
    house.move(hours=1)
    away = await browser.get("/login?next=/test/seal&fresh=300")
    # Somebody takes that out on the way: the issuer lets them through by their old sign-in.
    location = away.headers["location"].replace("&max_age=300&prompt=login", "")
    answer = await browser.follow(await browser.get(location))
    assert (answer.status_code, answer.url.path) == (400, "/login/callback")


async def test_made_up_numbers_of_seconds_do_no_harm(browser: Browser) -> None:
    await browser.sign_in()
    for text in ("", "-1", "x", "٣", "1e9", "0", "9" * 400):
        answer = await browser.get(f"/login?fresh={text}")
        assert answer.status_code == 303
        told = query_of(answer.headers["location"]).get("max_age", "1")
        assert 1 <= int(told) <= 86_400
