"""Another secret for cookies: nobody is signed out as long as the door knows the one before."""

from dataclasses import replace

import pytest

from deploy.local.oidc import ACCESS_LASTS
from services.gateway.identity import Sessions
from services.gateway.settings import GatewaySettings, read_gateway_settings
from shared.runtime.settings import WrongSettings
from tests.services.gateway.door import environment
from tests.services.gateway.identity.house import RESIDENT, SETTINGS, Browser, House

NEXT = "the-next-one-of-the-tests-and-known-to-everybody"


def told(house: House, door: int, settings: GatewaySettings) -> None:
    """One of the processes is started anew with these settings."""
    doorway = house.doorways[door]
    http = doorway.sessions.provider._http
    doorway.sessions = Sessions(settings, house.clock, doorway.door, http)


async def test_a_session_goes_on_and_is_sealed_anew_when_it_is_renewed(two_doors: House) -> None:
    browser = two_doors.browser(0)
    await browser.sign_in()
    form = {"csrf": await browser.csrf()}
    told(
        two_doors,
        0,
        replace(SETTINGS, cookie_secret=NEXT, cookie_secret_before=SETTINGS.cookie_secret),
    )
    told(two_doors, 1, replace(SETTINGS, cookie_secret=NEXT))
    assert (await browser.post("/test/change", data=form)).json() == {"changed_by": RESIDENT}
    forgetful = two_doors.browser(1).take(browser.session_cookies())
    assert await forgetful.who() is None, "who does not know the old one opens nothing"
    two_doors.move(seconds=ACCESS_LASTS + 1)
    assert await browser.who() is not None
    assert await browser.through(1).who() is not None, "it needs the old one no more"


async def test_a_sign_in_that_was_begun_before_comes_to_its_end(
    house: House, browser: Browser
) -> None:
    page = await browser.follow(await browser.get("/login?next=/test/whoami"))
    told(
        house, 0, replace(SETTINGS, cookie_secret=NEXT, cookie_secret_before=SETTINGS.cookie_secret)
    )
    there = await browser.follow(await browser.say_who(page))
    assert there.json()["sub"] == RESIDENT


def test_the_secret_before_is_as_long_as_any() -> None:
    assert read_gateway_settings(environment({})).cookie_secret_before is None
    both = environment({}, JINLIN_COOKIE_SECRET_BEFORE=NEXT)
    assert read_gateway_settings(both).cookie_secret_before == NEXT
    with pytest.raises(WrongSettings, match="JINLIN_COOKIE_SECRET_BEFORE is wrong"):
        read_gateway_settings(environment({}, JINLIN_COOKIE_SECRET_BEFORE="short"))
