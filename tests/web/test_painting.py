"""How soon the largest thing of a main page is painted (LCP), on a processor a quarter as fast as
this one and with nothing of the site kept from before.
"""

import pytest
from playwright.sync_api import Page

from tests.e2e.town import HOME, STREET, Town
from tests.web.desks import Desks
from tests.web.watching import PHONE

SLOWER = 4
"""So many times slower than this machine: a cheap phone."""
GOOD_MS = 2_500
"""What counts as good for three of four visits: https://web.dev/articles/lcp."""
LARGEST = """() => new Promise((done) => {
    const told = (list) => done(list.getEntries().at(-1).startTime);
    new PerformanceObserver(told).observe({type: "largest-contentful-paint", buffered: true});
})"""
COUNTING = """() => {
    const begun = performance.now();
    let n = 0;
    while (n < 3e7) n++;
    return performance.now() - begun;
}"""
RESIDENTS = ("/", "/petitions", "/petitions/{id}", "/board", "/inbox", "/activities")
STAFF = ("/work", "/work/petitions/{id}", "/work/statistics", "/work/duty")

pytestmark = pytest.mark.alone


@pytest.fixture(scope="module")
def petition(town: Town) -> str:
    """One to look at."""
    return town.resident("painted-1").file(title="楼道灯坏了，晚上看不见路")


def painted(page: Page, address: str) -> float:
    """Milliseconds from the address being asked for to the last of what was painted largest."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    answer = page.goto(address, wait_until="load")
    assert answer is not None
    assert answer.ok
    largest: float = page.evaluate(LARGEST)
    line.detach()
    return largest


def test_a_slower_processor_is_really_slower(desks: Desks) -> None:
    page = desks.of_clerk()
    page.evaluate(COUNTING)
    before = min(page.evaluate(COUNTING) for _ in range(3))
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    assert min(page.evaluate(COUNTING) for _ in range(3)) > 2 * before


@pytest.mark.parametrize("path", RESIDENTS)
def test_a_resident_soon_sees_what_matters(desks: Desks, petition: str, path: str) -> None:
    page = desks.open("painted-1", ("resident",), (HOME,), size=PHONE)
    assert painted(page, desks.door + path.format(id=petition)) < GOOD_MS


@pytest.mark.parametrize("path", STAFF)
def test_staff_soon_see_what_matters(desks: Desks, petition: str, path: str) -> None:
    page = desks.of_holder(STREET)
    assert painted(page, desks.door + path.format(id=petition)) < GOOD_MS
