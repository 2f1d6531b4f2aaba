"""The network between a service and its servers is cut, silent or slow, under load."""

import asyncio
from collections.abc import Callable

import pytest

from deploy.local.processes import WebProcess
from tests.chaos.beyond import Ways, another, moved
from tests.chaos.leading import leader_of, leads, watched
from tests.chaos.load import under_load
from tests.chaos.report import Account
from tests.chaos.ways import Way
from tests.chaos.witness import Witness
from tests.e2e.town import Town
from tests.e2e.waiting import until

COMMANDS = 100
"""Commands acknowledged while something is wrong."""
STORE_DELAY, BROKER_DELAY = 0.05, 0.3
"""Seconds that a slow way adds, in each direction."""

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.alone,
    pytest.mark.long,
    pytest.mark.slow,
    pytest.mark.timeout(400),
]

BREAKS = pytest.mark.parametrize("breaks", [Way.cut, Way.silence], ids=["cut", "silent"])


async def made_to_lead(first: WebProcess, second: WebProcess) -> None:
    """The relay goes to `first`: the other is begun anew, and stands by."""
    if not await asyncio.to_thread(leads, first):
        await asyncio.to_thread(second.restart)
        await asyncio.to_thread(leader_of, [first])
        await asyncio.to_thread(second.wait_ready)


@BREAKS
async def test_a_leader_cut_off_from_its_store_is_followed_by_one_and_never_comes_between(
    town: Town, witness: Witness, account: Account, ways: Ways, breaks: Callable[[Way], None]
) -> None:
    with another(town, "petitions") as near, watched(town) as positions:
        async with moved(town, "petitions", ways) as far:
            await made_to_lead(far, near)
            async with under_load(town, [far.url, near.url]) as load:
                await load.reach(30)
                breaks(ways.store)
                account.broke(f"store {breaks.__name__} off from the relay's leader")
                await load.hears("503")
                await asyncio.to_thread(leader_of, [near])
                await load.reach(COMMANDS, within=120)
                ways.store.mend()
                await load.reach(COMMANDS)
            await asyncio.to_thread(far.wait_ready)
            led = await asyncio.to_thread(lambda: [leads(far), leads(near)])
            assert led == [False, True], "the one that came back stands by"
            account.heard(load.answers, len(load.told))
            await witness.satisfied(load.told)
        assert positions.went_forward()
        assert len({saved.fence for saved in positions.saved}) > 1


@BREAKS
async def test_a_relay_cut_off_from_the_broker_waits_and_catches_up(
    town: Town, witness: Witness, account: Account, ways: Ways, breaks: Callable[[Way], None]
) -> None:
    with watched(town) as positions:
        async with moved(town, "petitions", ways) as far:
            await asyncio.to_thread(leader_of, [far])
            async with under_load(town) as load:
                breaks(ways.broker)
                account.broke(f"broker {breaks.__name__} off from the relay")
                await load.reach(4 * COMMANDS, within=120)
                assert set(load.answers) <= {"200", "201"}, "nobody notices at the door"
                ways.broker.mend()
                await load.reach(30)
            await asyncio.to_thread(far.wait_ready)
            account.heard(load.answers, len(load.told))
            await witness.satisfied(load.told)
        assert positions.went_forward()


@BREAKS
@pytest.mark.parametrize("where", ["store", "broker"])
async def test_a_subscriber_cut_off_loses_nothing_and_does_nothing_twice(
    town: Town,
    witness: Witness,
    account: Account,
    ways: Ways,
    where: str,
    breaks: Callable[[Way], None],
) -> None:
    way = ways.store if where == "store" else ways.broker
    async with moved(town, "notifications", ways) as far:
        async with under_load(town) as load:
            breaks(way)
            account.broke(f"{where} {breaks.__name__} off from a subscriber")
            await load.reach(4 * COMMANDS, within=120)

            def has_noticed() -> bool:
                answer = town.http.get(f"{far.url}/readyz")
                return answer.status_code == 503

            await asyncio.to_thread(until, has_noticed, "it says that it is not ready", 60)
            way.mend()
            await load.reach(30)
        assert set(load.answers) <= {"200", "201"}, "petitions goes on"
        await asyncio.to_thread(far.wait_ready)
        account.heard(load.answers, len(load.told))
        await witness.satisfied(load.told)


async def test_slow_ways_only_make_slow(
    town: Town, witness: Witness, account: Account, ways: Ways
) -> None:
    async with moved(town, "petitions", ways):
        ways.store.slow(STORE_DELAY)
        ways.broker.slow(BROKER_DELAY)
        account.broke(f"store slower by {STORE_DELAY} s, broker by {BROKER_DELAY} s")
        async with under_load(town) as load:
            await load.reach(COMMANDS, within=180)
        assert set(load.answers) <= {"200", "201"}
        account.heard(load.answers, len(load.told))
        await witness.satisfied(load.told)
