"""Pages of administrators with everything in them, in a real browser, on a phone and on a desk."""

from collections.abc import Callable, Iterator

import pytest

from tests.services.gateway.pages.household import app_of
from tests.services.gateway.pages.staff import test_belonging as belonging
from tests.services.gateway.pages.staff import test_dead_letters as letters
from tests.services.gateway.pages.staff.test_registers import ADMINISTRATOR
from tests.web.conftest import serving
from tests.web.desks import unfolded
from tests.web.watching import DESK, Watched

LONG = "RuntimeError at reactions.py:120 assign < subscriber.py:181 " * 3
"""As long as reasons are, and without a place to break it."""
SAID = {
    **dict.fromkeys(letters.PAGES, letters.boxes),
    **dict.fromkeys(belonging.PAGES, belonging.there),
}
"""Which services know what a page shows."""


@pytest.fixture(params=SAID)
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """One of the pages, served."""
    with serving(app_of(SAID[request.param](LONG), ADMINISTRATOR)) as at:
        yield at + request.param


def test_a_page_is_accessible_and_quiet(address: str, look: Callable[..., Watched]) -> None:
    watched = look(java_script_enabled=True)
    answer = watched.page.goto(address)
    assert answer is not None
    assert answer.ok
    unfolded(watched.page).must_be_accessible()
    watched.page.set_viewport_size(DESK)
    watched.must_be_accessible()
    watched.must_be_quiet()
