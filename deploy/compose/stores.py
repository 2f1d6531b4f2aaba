"""`python -m deploy.compose.stores`: makes of each service's MongoDB a replica set, with a user for
that service and one for backups. JINLIN_STORE_MEMBERS says of how many members. Doing it again
changes nothing, but for members that were added and a password that is another now. It ends with an
error where an address of a store leaves out members: who has it would not find the store while the
others are away.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import OperationFailure, PyMongoError
from pymongo.uri_parser import parse_uri

from deploy.local.layout import SERVICES, LocalError

Doc = dict[str, Any]

REPLICA_SET = "jinlin"
ADDRESS = "{}-store"
"""The first member of a service's store; the others are called `-2`, `-3`."""
DATABASE = "jinlin_{}"
SECRETS = Path("/run/secrets")
WITHIN = 120.0
"""Seconds that a store has for taking its users, and for choosing a primary."""
POLL = 0.5
NOT_YET_INITIALIZED = 94
USER_NOT_FOUND, ROLE_NOT_FOUND = 11, 31
ROLES = ("readWrite", "dbAdmin", {"role": "clusterMonitor", "db": "admin"})
"""A service makes its collections and indexes itself, and tells how its store is."""
BACKUP = "backup"
"""A user of every store, and its role there: it reads all, and notes that it did."""
NOTES = ("leases", ("insert", "update"))
"""Where it notes that, and what it needs for it."""


def members(service: str, count: int) -> list[str]:
    """The addresses of a store's members."""
    first = ADDRESS.format(service)
    return [f"{first}:27017", *(f"{first}-{number}:27017" for number in range(2, count + 1))]


def make(service: str, count: int) -> str:
    """Makes one store ready; what was done, in a line. Raises LocalError if it takes too long, or
    where an address of it leaves out members.
    """
    hosts = members(service, count)
    names = (f"{service}_store_uri", f"{service}_backup_uri")
    own, backup = ((SECRETS / name).read_text().strip() for name in names)
    for name, uri in zip(names, (own, backup), strict=True):
        if unnamed := left_out(uri, hosts):
            raise LocalError(f"the secret {name} leaves out {', '.join(unnamed)}")
    password = (SECRETS / f"{service}_store_admin").read_text().strip()
    with MongoClient[Doc](
        members(service, 1)[0],
        username="admin",
        password=password,
        directConnection=True,
        serverSelectionTimeoutMS=2_000,
    ) as client:
        _until(lambda: bool(client.admin.command("ping")), f"{service}'s store takes its admin")
        done = "there already" if _begun(client, hosts) else "begun"
        _until(
            lambda: bool(client.admin.command("hello")["isWritablePrimary"]),
            f"{service}'s store has a primary",
        )
        added = _add_missing(client, hosts)
        make_users(client[DATABASE.format(service)], own, backup)
    return f"{ADDRESS.format(service)}: its replica set was {done}, {added} members added"


def left_out(uri: str, hosts: list[str]) -> list[str]:
    """Which members of a store an address of it does not name."""
    named = {f"{host}:{port}" for host, port in parse_uri(uri)["nodelist"]}
    return [host for host in hosts if host not in named]


def _begun(client: MongoClient[Doc], hosts: list[str]) -> bool:
    """Whether the replica set was begun before; it is begun now where it was not."""
    try:
        return bool(client.admin.command("replSetGetConfig"))
    except OperationFailure as error:
        if error.code != NOT_YET_INITIALIZED:
            raise
    listed = [_member(number, host) for number, host in enumerate(hosts)]
    client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": listed})
    return False


def _add_missing(client: MongoClient[Doc], hosts: list[str]) -> int:
    """How many members were added, one at a time as MongoDB wants it; nobody is taken out."""
    config = client.admin.command("replSetGetConfig")["config"]
    missing = set(hosts) - {member["host"] for member in config["members"]}
    for host in sorted(missing):
        number = max(member["_id"] for member in config["members"]) + 1
        config["members"].append(_member(number, host))
        config["version"] += 1
        # Refused until the change before is on a majority.
        _until(lambda: bool(client.admin.command("replSetReconfig", config)), f"{host} is added")
    return len(missing)


def _member(number: int, host: str) -> Doc:
    # The first has the data when the others begin: where it can be, it is the primary.
    return {"_id": number, "host": host, "priority": 2 if number == 0 else 1}


def make_users(database: Database[Doc], own: str, backup: str) -> None:
    """The service's user and the one that backs its store up, as their addresses name them."""
    _user(database, own, ROLES)
    _backup_role(database)
    _user(database, backup, (BACKUP,))


def _backup_role(database: Database[Doc]) -> None:
    """Reading, and the note."""
    collection, actions = NOTES
    resource = {"db": database.name, "collection": collection}
    as_wanted: Doc = {
        "privileges": [{"resource": resource, "actions": list(actions)}],
        "roles": ["read"],
    }
    try:
        database.command("updateRole", BACKUP, **as_wanted)
    except OperationFailure as error:
        if error.code != ROLE_NOT_FOUND:
            raise
        database.command("createRole", BACKUP, **as_wanted)


def _user(database: Database[Doc], uri: str, roles: Sequence[object]) -> None:
    """The user of an address, in the service's own database."""
    told = parse_uri(uri)
    as_wanted = {"pwd": told["password"], "roles": list(roles)}
    try:
        database.command("updateUser", told["username"], **as_wanted)
    except OperationFailure as error:
        if error.code != USER_NOT_FOUND:
            raise
        database.command("createUser", told["username"], **as_wanted)


def _until(is_so: Callable[[], bool], what: str) -> None:
    """Asks until it is so; a server that cannot answer yet is asked again. Raises LocalError."""
    limit = time.monotonic() + WITHIN
    while True:
        try:
            if is_so():
                return
            last = "not so yet"
        except PyMongoError as error:
            last = repr(error)
        if time.monotonic() > limit:
            raise LocalError(f"not within {WITHIN:.0f} s: {what} ({last})")
        time.sleep(POLL)


if __name__ == "__main__":
    wanted = int(os.environ["JINLIN_STORE_MEMBERS"])
    with ThreadPoolExecutor(len(SERVICES)) as threads:
        for line in threads.map(lambda service: make(service, wanted), SERVICES):
            print(line, flush=True)
