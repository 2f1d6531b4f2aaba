"""The host of the relay's leader stands still for half a minute, and goes on as if nothing had
been: by then another one leads, and nothing of the first comes between.
"""

import asyncio
import time

import pytest

from tests.chaos.beyond import another
from tests.chaos.leading import leader_of, leads, watched
from tests.chaos.load import under_load
from tests.chaos.report import Account
from tests.chaos.witness import Witness
from tests.e2e.town import Town
from tests.e2e.waiting import until

PAUSED = 30.0
"""Seconds; three times as long as a lease."""

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.alone,
    pytest.mark.long,
    pytest.mark.slow,
    pytest.mark.timeout(300),
]


async def test_a_leader_that_stood_still_has_nothing_to_say_any_more(
    town: Town, witness: Witness, account: Account
) -> None:
    first = town.services["petitions"]
    with another(town, "petitions") as second, watched(town) as positions:
        both = [first, second]
        leader = await asyncio.to_thread(leader_of, both)
        (other,) = (one for one in both if one is not leader)
        # What it had under way when it stopped, it does when it goes on.
        async with under_load(town, [one.url for one in both]) as load:
            await load.reach(50)
            began = time.monotonic()
            leader.pause()
            account.broke(f"relay's leader paused {PAUSED:.0f} s")
            await asyncio.to_thread(leader_of, [other])
            while time.monotonic() - began < PAUSED:
                await load.reach(1)
            leader.resume()
            stepped_down = lambda: not leads(leader)
            await asyncio.to_thread(until, stepped_down, "it leads no more")
            await load.reach(50)
        await asyncio.to_thread(leader.wait_ready)
        assert leads(other)
        account.heard(load.answers, len(load.told))
        await witness.satisfied(load.told)
    assert positions.went_forward()


async def test_a_subscriber_that_stood_still_does_nothing_twice(
    town: Town, witness: Witness, account: Account
) -> None:
    first = town.services["notifications"]
    with another(town, "notifications"):
        async with under_load(town) as load:
            await load.reach(50)
            began = time.monotonic()
            first.pause()
            account.broke(f"subscriber paused {PAUSED:.0f} s")
            # Its partitions go to the other one, which finds some of its events half done.
            while time.monotonic() - began < PAUSED:
                await load.reach(10)
            first.resume()
            await load.reach(50)
        await asyncio.to_thread(first.wait_ready)
        account.heard(load.answers, len(load.told))
        await witness.satisfied(load.told)
