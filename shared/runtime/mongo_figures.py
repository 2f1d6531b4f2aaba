"""What a service tells of its store for /metrics: the replica set's members, its disk, how large it
has become, when its last backup was made and how often that is done.

Members are as the driver sees them, so that a set without a primary is told of as well; the rest is
asked of the primary.
"""

from collections import Counter
from typing import Any

import structlog
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from shared.runtime import metrics
from shared.runtime.clock import Clock
from shared.runtime.journal import Doc, Unavailable
from shared.runtime.mongo_driver import AccessDenied, reaching

EVERY = 15.0
"""Seconds between two looks."""
BACKUP = "backup"
"""A note among the leases: `made` is the moment of the store's last backup, `every_s` the seconds
after which the next one follows, where that was told.
"""
A_DAY = 86_400
STATES = {
    "RSPrimary": "primary",
    "RSSecondary": "secondary",
    "Unknown": "unreachable",
}
"""What a member is to the driver, and here; all else is ``other``: an arbiter, one that starts."""

log = structlog.get_logger()


async def keep_told(
    service: str,
    client: AsyncMongoClient[Doc],
    database: AsyncDatabase[Doc],
    hosts: str,
    clock: Clock,
) -> None:
    """Tells the store's figures until it is cancelled."""
    while True:
        _tell_members(service, client)
        try:
            await _tell_sizes(service, database, hosts)
            await _tell_backup(service, database, hosts)
            await _tell_connections(service, client, hosts)
        except Unavailable as error:
            log.warning("store_figures_wait", reason=str(error)[:200])
        await clock.sleep(EVERY)


def _tell_members(service: str, client: AsyncMongoClient[Doc]) -> None:
    servers = client.topology_description.server_descriptions().values()
    found = Counter(STATES.get(server.server_type_name, "other") for server in servers)
    for state in (*STATES.values(), "other"):
        metrics.STORE_MEMBERS.labels(service, state).set(found[state])


async def _tell_sizes(service: str, database: AsyncDatabase[Doc], hosts: str) -> None:
    with reaching(hosts):
        told: dict[str, Any] = await database.command("dbStats")
    metrics.STORE_BYTES.labels(service, "data").set(told["storageSize"])
    metrics.STORE_BYTES.labels(service, "indexes").set(told["indexSize"])
    if not told["fsTotalSize"]:
        return  # nothing of the database exists yet: MongoDB does not say where it would lie
    metrics.STORE_DISK_BYTES.labels(service, "used").set(told["fsUsedSize"])
    metrics.STORE_DISK_BYTES.labels(service, "total").set(told["fsTotalSize"])


async def _tell_backup(service: str, database: AsyncDatabase[Doc], hosts: str) -> None:
    with reaching(hosts):
        note = await database["leases"].find_one({"_id": BACKUP})
    made = note and note.get("made")
    metrics.STORE_BACKUP_SECONDS.labels(service).set(made.timestamp() if made else 0)
    every = note.get("every_s", A_DAY) if note else A_DAY
    metrics.STORE_BACKUP_EVERY_SECONDS.labels(service).set(every)


async def _tell_connections(service: str, client: AsyncMongoClient[Doc], hosts: str) -> None:
    """Nothing where the service's user may read and write its own database only."""
    try:
        with reaching(hosts):
            told: dict[str, Any] = await client.admin.command("serverStatus")
    except AccessDenied:
        return
    for state in ("current", "available"):
        metrics.STORE_CONNECTIONS.labels(service, state).set(told["connections"][state])
