"""A year of eight communities, of a size for every run of the tests; at full size: `make year`."""

import pytest

from tests.services.volunteering.year.living import live
from tests.services.volunteering.year.town import SMALL


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_year() -> None:
    """All that must hold does, and the figures are those of a plain count."""
    live(SMALL)
