"""What end-to-end tests may ask for besides the `town` that all share."""

import pytest

from tests.e2e.inhabited import inhabit
from tests.e2e.town import Town


@pytest.fixture(scope="session")
def lived_in(town: Town) -> Town:
    """The town with things of most kinds in it."""
    inhabit(town)
    return town
