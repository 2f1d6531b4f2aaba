"""How soon the largest thing of a main page is painted (LCP), on a processor a quarter as fast as
this one and with nothing of the site kept from before. How soon a page is made with many petitions
stored is measured by the row `page_p95_ms_100k` of the benchmark.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.services.gateway.pages.household import app_of
from tests.services.gateway.pages.samples import ACTIVITY, PETITION, everything
from tests.services.gateway.pages.staff.test_belonging import LISTS, there
from tests.services.gateway.pages.staff.test_registers import ADMINISTRATOR
from tests.web.conftest import serving
from tests.web.watching import Watched

SLOWER = 4
"""So many times slower than this machine: a cheap phone."""
GOOD_MS = 2_500
"""What counts as good for three of four visits: https://web.dev/articles/lcp."""
LARGEST = """() => new Promise((done) => {
    const told = (list) => done(list.getEntries().at(-1).startTime);
    new PerformanceObserver(told).observe({type: "largest-contentful-paint", buffered: true});
})"""
COUNTED_FOR_MS = 300
COUNTING = """(long) => {
    const begun = performance.now();
    let n = 0;
    while (n % 10000 || performance.now() - begun < long) n++;
    return n;
}"""
"""How far it counts in that time. The browser slows a thread down by stopping it again and again
from another one, which is to have its turns meanwhile: ten milliseconds passed without any.
"""
RESIDENTS = (
    *("/", "/petitions", f"/petitions/{PETITION}", "/board", "/inbox"),
    *("/activities", f"/activities/{ACTIVITY}", "/wishes", "/disputes", "/me/data"),
)

pytestmark = pytest.mark.alone


@pytest.fixture(scope="module")
def pages() -> Iterator[str]:
    """The pages of a resident, with everything in them."""
    with serving(app_of(everything("三号楼前的污水井堵了两天，臭味很大"))) as address:
        yield address


@pytest.fixture(scope="module")
def desks() -> Iterator[str]:
    """The pages of an administrator."""
    with serving(app_of(there("resident-7"), ADMINISTRATOR)) as address:
        yield address


def painted(page: Page, address: str) -> float:
    """Milliseconds from the address being asked for to the last of what was painted largest, for
    browser and server that are at work already: neither is to be started meanwhile.
    """
    page.goto(address)
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


def test_a_slower_processor_is_really_slower(pages: str, look: Callable[..., Watched]) -> None:
    page = look().page
    page.goto(f"{pages}/petitions")
    before = max(page.evaluate(COUNTING, COUNTED_FOR_MS) for _ in range(3))
    line = page.context.new_cdp_session(page)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    assert max(page.evaluate(COUNTING, COUNTED_FOR_MS) for _ in range(3)) < before / 2


@pytest.mark.parametrize("path", RESIDENTS)
def test_a_resident_soon_sees_what_matters(
    pages: str, look: Callable[..., Watched], path: str
) -> None:
    assert painted(look().page, pages + path) < GOOD_MS


@pytest.mark.parametrize("path", LISTS)
def test_staff_soon_see_what_matters(desks: str, look: Callable[..., Watched], path: str) -> None:
    assert painted(look().page, desks + path) < GOOD_MS
