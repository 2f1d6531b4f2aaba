"""How the driver waits, and what it says in its errors."""

import asyncio

import pytest
from pymongo._asyncio_lock import Condition, Lock
from pymongo.asynchronous import pool, topology

from shared.runtime.mongo_driver import reaching


async def turns() -> None:
    """Whoever can go on has done so."""
    for _ in range(10):
        await asyncio.sleep(0)


@pytest.mark.parametrize("part", [topology, pool], ids=["topology", "pool"])
@pytest.mark.parametrize("cancellations", [1, 2, 3])
async def test_who_is_cancelled_while_waiting_leaves_the_drivers_lock_free(
    part: object, cancellations: int
) -> None:
    lock = Lock()
    condition = Condition(lock)

    async def waits() -> None:
        async with lock:
            await part._async_cond_wait(condition, 60)  # type: ignore[attr-defined]

    waiting = asyncio.create_task(waits())
    await turns()
    assert condition._waiters
    async with lock:  # so that the one who is cancelled cannot take it again at once
        for _ in range(cancellations):
            waiting.cancel()
            await turns()
        assert not waiting.done(), "it left without the lock"
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await turns()
    assert not lock.locked()


@pytest.mark.parametrize("part", [topology, pool], ids=["topology", "pool"])
async def test_whose_time_is_over_holds_the_lock_again(part: object) -> None:
    lock = Lock()
    condition = Condition(lock)
    async with lock:
        assert not await part._async_cond_wait(condition, 0.01)  # type: ignore[attr-defined]
        assert lock.locked()
    assert not lock.locked()


async def test_what_is_no_error_of_the_drivers_passes() -> None:
    with pytest.raises(RuntimeError, match="a defect"), reaching("db:27017"):
        raise RuntimeError("a defect")
