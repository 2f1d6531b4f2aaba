"""What the driver says in its errors."""

import pytest

from shared.runtime.mongo_driver import reaching


async def test_what_is_no_error_of_the_drivers_passes() -> None:
    with pytest.raises(RuntimeError, match="a defect"), reaching("db:27017"):
        raise RuntimeError("a defect")
