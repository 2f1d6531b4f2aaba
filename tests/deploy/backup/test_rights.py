"""The user that backs stores up may read all of its store, note that it did, and nothing else."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from deploy.backup.files import private_folder
from deploy.backup.platform import Place
from deploy.backup.stores import dump, next_moment, note_made, wait_for
from deploy.compose.stores import BACKUP, DATABASE, make_users
from deploy.local.layout import HOST
from deploy.local.servers import MongoServer
from tests.e2e.waiting import until

pytestmark = [pytest.mark.servers, pytest.mark.slow]

DATABASE_OF_PETITIONS = DATABASE.format("petitions")
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A store that asks who somebody is, as its backup's user sees it."""
    key = tmp_path / "key"
    key.write_text("OnlyForThisTest")
    key.chmod(0o600)
    with MongoServer(tmp_path / "mongod") as server:
        address = f"{HOST}:{server.port}/?replicaSet=jinlin&authSource={DATABASE_OF_PETITIONS}"
        own, backup = (f"mongodb://{name}:a-password@{address}" for name in ("petitions", BACKUP))
        server.start()
        with MongoClient[dict[str, Any]](server.uri) as client:
            store = client[DATABASE_OF_PETITIONS]
            make_users(store, own, backup)
            make_users(store, own, backup)  # again changes nothing
            store["commits"].insert_many([{"_id": f"petition-p{n}/1"} for n in range(3)])
            store["leases"].insert_one({"_id": "relay", "position": {"token": None, "at": AT}})
        server.stop()
        server.command += ["--auth", "--keyFile", str(key)]
        server.start()
        with MongoClient[dict[str, Any]](backup) as client:
            told = client[DATABASE_OF_PETITIONS].command
            # Times are signed, and a store that begins makes the keys for that first.
            until(lambda: "$clusterTime" in told("ping"), "it tells its time", 60)
        yield Place("petitions", backup, DATABASE_OF_PETITIONS)


def test_it_backs_up_and_may_nothing_else(place: Place, tmp_path: Path) -> None:
    moment = next_moment([place])
    wait_for([place], moment)
    dumped = dump(place, moment, private_folder(tmp_path / "backup"), None)
    assert {one.name: one.documents for one in dumped.collections}["commits"] == 3
    assert dumped.relayed == AT
    note_made(place, AT, every=timedelta(hours=1))
    note_made(place, AT)  # by hand: that the next follows in an hour stays
    with MongoClient[dict[str, Any]](place.uri, tz_aware=True) as client:
        store = client[place.database]
        note = store["leases"].find_one({"_id": "backup"})
        assert note is not None
        assert note["made"] == AT
        assert note["every_s"] == 3600
        for forbidden in (
            lambda: store["commits"].insert_one({"_id": "petition-p9/1"}),
            lambda: store["commits"].update_many({}, {"$set": {"by": "nobody"}}),
            lambda: store["leases"].delete_many({}),
            lambda: store.create_collection("another"),
            lambda: store.command("usersInfo"),
            lambda: client["jinlin_ledger"]["commits"].find_one(),
        ):
            with pytest.raises(OperationFailure, match="not authorized"):
                forbidden()
