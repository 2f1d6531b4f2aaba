"""The relay's place in the change stream is lost: it looks through the commits again."""

import asyncio
from collections.abc import Callable
from functools import partial

import pytest

from tests.chaos.conftest import OPLOG_MB
from tests.chaos.load import under_load
from tests.chaos.report import Account
from tests.chaos.witness import Witness, messages_in
from tests.e2e.town import Town
from tests.e2e.waiting import until

RESCAN = "position too old to follow from: rescan"

pytestmark = [pytest.mark.chaos, pytest.mark.alone, pytest.mark.slow, pytest.mark.timeout(180)]


def overtaken(town: Town) -> None:
    """Other writes push the relay's place out of the oplog."""
    (commit,) = town.store("petitions")["commits"].find().sort("at", -1).limit(1)
    oplog = town.client.local["oplog.rs"]
    other = town.client["other"]["writes"]

    def is_gone() -> bool:
        other.insert_many([{"bytes": b"0" * 1_000_000} for _ in range(OPLOG_MB)])
        # The oplog keeps what a restart would need since the last checkpoint.
        town.client.admin.command("fsync")
        (oldest,) = oplog.find().sort("$natural", 1).limit(1)
        return bool(oldest["wall"] > commit["at"])

    until(is_gone, "the oplog begins after the last commit", 60)
    town.client.drop_database("other")


def damaged(town: Town) -> None:
    """The token is one that no MongoDB ever gave."""
    town.store("petitions")["leases"].update_one(
        {"_id": "relay"}, {"$set": {"position.token": {"_data": "00" * 16}}}
    )


@pytest.mark.parametrize("lose", [pytest.param(overtaken, marks=pytest.mark.long), damaged])
async def test_a_lost_resume_token_loses_no_event(
    town: Town, witness: Witness, account: Account, lose: Callable[[Town], None]
) -> None:
    petitions = town.services["petitions"]
    rescans = petitions.log.read_text().count(RESCAN)
    async with under_load(town) as load:
        # What is written now stays unpublished: only the commits know of it.
        town.kafka.pause()
        await load.reach(60)
        petitions.kill()
        await load.hears("cut")
    town.kafka.resume()
    published = partial(messages_in, town.kafka.bootstrap, "petitions.events.v1")
    before = await asyncio.to_thread(published)
    await asyncio.to_thread(lose, town)
    account.broke(f"resume token {lose.__name__}")
    account.heard(load.answers, len(load.told))
    petitions.start()
    await asyncio.to_thread(petitions.wait_ready)
    await witness.satisfied(load.told)
    assert petitions.log.read_text().count(RESCAN) == rescans + 1
    assert len(await asyncio.to_thread(published)) >= len(before) + 60
