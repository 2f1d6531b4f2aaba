"""Servers as production has them: a replica set of three, and three brokers."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from kafka import KafkaAdminClient
from kafka.errors import KafkaError
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from deploy.local.layout import HOST
from deploy.local.processes import free_port
from deploy.local.servers import REPLICA_SET, KafkaServer, MongoServer
from tests.e2e.waiting import until

NODES = 3
CACHE_GB = 0.25
ELECTION_MS = 3_000
"""After so long without a sign of the primary the others choose another one."""
HEAP_MB = 350


class Member(MongoServer):
    """A member that others add to their set: by itself it is in none, and takes no writes."""

    def _takes_writes(self, client: MongoClient[dict[str, Any]]) -> bool:
        try:
            return bool(client.admin.command("ping")["ok"])
        except PyMongoError:
            return False


class ReplicaSet:
    """Three members on this machine; one `uri` for all."""

    def __init__(self, directory: Path) -> None:
        first = MongoServer(directory / "mongod-0", cache_gb=CACHE_GB)
        others = [Member(directory / f"mongod-{n}", cache_gb=CACHE_GB) for n in range(1, NODES)]
        self.members: list[MongoServer] = [first, *others]

    @property
    def uri(self) -> str:
        """For clients that follow the primary."""
        hosts = ",".join(f"{HOST}:{member.port}" for member in self.members)
        return f"mongodb://{hosts}/?replicaSet={REPLICA_SET}"

    @property
    def running(self) -> bool:
        """Whether there is anybody to talk to."""
        return any(member.running for member in self.members)

    def start(self) -> Self:
        """Starts all, puts them into one set and waits until each has the data."""
        for member in self.members:
            member.start()
        first = self.members[0]
        with MongoClient[dict[str, Any]](HOST, first.port, directConnection=True) as client:
            # Members are added one by one: a set takes no two changes of its majority at once.
            for n, member in enumerate(self.members[1:], 1):
                config = client.admin.command("replSetGetConfig")["config"]
                config["members"].append({"_id": n, "host": f"{HOST}:{member.port}"})
                config["settings"]["electionTimeoutMillis"] = ELECTION_MS
                config["version"] += 1
                client.admin.command("replSetReconfig", config)
                until(lambda there=n: self._complete(there + 1), "the member has the data", 60)
        return self

    def primary(self, other_than: MongoServer | None = None) -> MongoServer:
        """The present one; waits where one, or another one, is still to be chosen."""

        def look() -> MongoServer | None:
            for member in self.members:
                asked = member.running and member is not other_than
                if asked and self._state(member).get("isWritablePrimary"):
                    return member
            return None

        found = until(look, "the set has a primary", 60)
        assert found is not None
        return found

    def step_down(self) -> MongoServer:
        """Has the primary give its office to another one; which one had it."""
        primary = self.primary()
        with MongoClient[dict[str, Any]](HOST, primary.port, directConnection=True) as client:
            client.admin.command("replSetStepDown", 20, secondaryCatchUpPeriodSecs=10)
        return primary

    def whole(self) -> bool:
        """Whether every member has the data and takes part."""
        return self._complete(NODES)

    def kill(self) -> None:
        """Ends all of them."""
        for member in self.members:
            member.kill()

    def _complete(self, members: int) -> bool:
        primary = self.primary()
        with MongoClient[dict[str, Any]](HOST, primary.port, directConnection=True) as client:
            found = client.admin.command("replSetGetStatus")["members"]
        states = [member["stateStr"] for member in found]
        return sorted(states) == ["PRIMARY"] + ["SECONDARY"] * (members - 1)

    def _state(self, member: MongoServer) -> dict[str, Any]:
        try:
            with MongoClient[dict[str, Any]](
                HOST,
                member.port,
                directConnection=True,
                serverSelectionTimeoutMS=500,
                socketTimeoutMS=2_000,
            ) as client:
                state: dict[str, Any] = client.admin.command("hello")
                return state
        except PyMongoError:
            return {}


class Brokers:
    """Three brokers, each a controller as well; topics have three copies, two must be written."""

    def __init__(self, directory: Path) -> None:
        ports = [free_port() for _ in range(NODES)]
        controllers = [free_port() for _ in range(NODES)]
        voters = ",".join(f"{n}@{HOST}:{port}" for n, port in enumerate(controllers, 1))
        self.members = [
            KafkaServer(
                directory / f"kafka-{n}",
                port,
                controller_port=controller,
                heap_mb=HEAP_MB,
                settings={
                    "node.id": str(n),
                    "controller.quorum.voters": voters,
                    "default.replication.factor": "3",
                    "min.insync.replicas": "2",
                    "offsets.topic.replication.factor": "3",
                    "transaction.state.log.replication.factor": "3",
                    "transaction.state.log.min.isr": "2",
                    "share.coordinator.state.topic.replication.factor": "3",
                    "share.coordinator.state.topic.min.isr": "2",
                },
            )
            for n, (port, controller) in enumerate(zip(ports, controllers, strict=True), 1)
        ]

    @property
    def bootstrap(self) -> str:
        """For clients: all of them."""
        return ",".join(broker.bootstrap for broker in self.members)

    def start(self) -> Self:
        """Starts them side by side: each waits until most of the controllers are there."""
        with ThreadPoolExecutor(NODES) as pool:
            list(pool.map(KafkaServer.start, self.members))
        return self

    def in_step(self) -> bool:
        """Whether every copy of every partition is up to date."""
        admin = KafkaAdminClient(bootstrap_servers=self.bootstrap, request_timeout_ms=5_000)
        try:
            found = admin.describe_topics()
        except KafkaError:
            return False
        finally:
            admin.close()
        partitions = [partition for topic in found for partition in topic["partitions"]]
        return bool(partitions) and all(
            len(partition["isr_nodes"]) == len(partition["replica_nodes"])
            for partition in partitions
        )

    def kill(self) -> None:
        """Ends all of them."""
        for broker in self.members:
            broker.kill()


@contextmanager
def replica_set(directory: Path) -> Iterator[ReplicaSet]:
    """A set that has begun; ended afterwards."""
    servers = ReplicaSet(directory)
    try:
        yield servers.start()
    finally:
        servers.kill()


@contextmanager
def brokers(directory: Path) -> Iterator[Brokers]:
    """Brokers that have begun; ended afterwards."""
    servers = Brokers(directory)
    try:
        yield servers.start()
    finally:
        servers.kill()
