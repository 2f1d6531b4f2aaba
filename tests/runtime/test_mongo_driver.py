"""What the driver says in errors that are not its own."""

import asyncio

import pytest
from pymongo._asyncio_lock import Lock

from shared.runtime.journal import Unavailable
from shared.runtime.mongo_driver import reaching


def given_back_twice() -> None:
    """What happens inside the driver where many are told at once that there is no server."""
    Lock().release()


async def test_a_lock_of_the_drivers_that_was_given_back_means_no_server() -> None:
    with pytest.raises(Unavailable), reaching("db:27017"):
        given_back_twice()


async def test_another_error_of_that_kind_is_a_defect() -> None:
    with pytest.raises(RuntimeError, match="a defect"), reaching("db:27017"):
        raise RuntimeError("a defect")


async def test_a_cancellation_that_became_that_error_is_one_still() -> None:
    begun = asyncio.Event()

    async def waits() -> None:
        with reaching("db:27017"):
            begun.set()
            await asyncio.sleep(0)
            given_back_twice()

    task = asyncio.create_task(waits())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
