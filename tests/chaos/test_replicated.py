"""A replica set of three and three brokers lose one of theirs, or have their offices changed, under
load: nobody notices for longer than a choice takes.
"""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.local.issuer import IssuerProcess
from deploy.local.servers import KafkaServer
from tests.chaos.load import under_load
from tests.chaos.replicated import Brokers, ReplicaSet, brokers, replica_set
from tests.chaos.report import Account
from tests.chaos.smaller import SmallerTown
from tests.chaos.witness import Witness
from tests.e2e.waiting import until

COMMANDS = 60
"""Commands acknowledged between two blows."""
CHANGES = 2

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.alone,
    pytest.mark.long,
    pytest.mark.slow,
    pytest.mark.servers,
    pytest.mark.timeout(600),
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ReplicaSet]:
    """A replica set of three."""
    with replica_set(tmp_path) as servers:
        yield servers


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Brokers]:
    """Three brokers."""
    with brokers(tmp_path) as servers:
        yield servers


def step_down(store: ReplicaSet) -> None:
    """The primary is told to give up its office."""
    store.step_down()


def killed(store: ReplicaSet) -> None:
    """The primary dies, and comes back when another one is there."""
    fallen = store.primary()
    fallen.kill()
    store.primary(other_than=fallen)
    fallen.start()


def paused(store: ReplicaSet) -> None:
    """The primary's host stands still until another one is there."""
    still = store.primary()
    still.pause()
    store.primary(other_than=still)
    still.resume()


async def test_another_primary_loses_nothing(
    store: ReplicaSet,
    own_kafka: Callable[..., KafkaServer],
    issuer: IssuerProcess,
    tmp_path: Path,
    account: Account,
) -> None:
    with SmallerTown(store, own_kafka(), issuer, tmp_path) as town:
        witness = Witness(town)
        async with under_load(town) as load:
            for change in (step_down, killed, paused) * CHANGES:
                await load.reach(COMMANDS)
                await asyncio.to_thread(change, store)
                account.broke(f"primary {change.__name__}")
                await load.reach(COMMANDS)
                await asyncio.to_thread(until, store.whole, "the set is whole again", 90)
        for process in town.services.values():
            await asyncio.to_thread(process.wait_ready)
        assert set(load.answers) <= {"200", "201", "503", "cut"}
        account.heard(load.answers, len(load.told))
        await witness.satisfied(load.told, within=120)


async def test_brokers_are_restarted_one_after_the_other(
    cluster: Brokers,
    own_mongo: Callable[..., object],
    issuer: IssuerProcess,
    tmp_path: Path,
    account: Account,
) -> None:
    with SmallerTown(own_mongo(), cluster, issuer, tmp_path) as town:
        witness = Witness(town)
        async with under_load(town) as load:
            for broker in cluster.members:
                await load.reach(COMMANDS)
                await asyncio.to_thread(broker.stop)
                account.broke("broker restarted, of three")
                await load.reach(COMMANDS)
                await asyncio.to_thread(broker.start)
                await asyncio.to_thread(until, cluster.in_step, "all copies are up to date", 90)
            await load.reach(COMMANDS)
            fallen = cluster.members[0]
            fallen.kill()
            account.broke("broker kill -9, of three")
            await load.reach(COMMANDS)
            await asyncio.to_thread(fallen.start)
            await asyncio.to_thread(until, cluster.in_step, "all copies are up to date", 90)
        for process in town.services.values():
            await asyncio.to_thread(process.wait_ready)
        assert set(load.answers) <= {"200", "201"}, "nobody notices at the door"
        account.heard(load.answers, len(load.told))
        await witness.satisfied(load.told, within=120)
