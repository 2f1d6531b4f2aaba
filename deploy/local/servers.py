"""A real MongoDB and a real Kafka, each one node, for a local run and for tests.

    with MongoServer(directory) as mongo, KafkaServer(directory) as kafka:
        ... mongo.uri, kafka.bootstrap

`kill`, `stop`, `pause`, `resume` and `restart` do to a server what may befall it; `restart` keeps
its directory and its port.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from kafka import KafkaAdminClient
from kafka.errors import KafkaError
from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy.local.install import find_java, find_mongod
from deploy.local.layout import HOST, KAFKA_FILES, KAFKA_LIBS, ROOT, LocalError
from deploy.local.processes import Process, free_port, need_free_port, port_is_free

REPLICA_SET = "jinlin"
TRANSACTION_SECONDS = 5
"""What a killed service left open blocks the streams it touched for this long, by default 60 s."""
ALREADY_INITIALIZED = 23
"""MongoDB's error code for a second replSetInitiate."""

CLUSTER_ID = "SmlubGluLUxvY2FsLUthZg"
"""The id a Kafka log directory is formatted with: 16 bytes in base64."""


class MongoServer(Process):
    """A mongod as a replica set of one, as transactions and change streams need it."""

    def __init__(
        self,
        directory: Path,
        port: int | None = None,
        *,
        cache_gb: float = 0.5,
        replica_set: bool = True,
        options: Sequence[str] = (),
        log: Path | None = None,
        variable: str | None = None,
    ) -> None:
        """Prepare a server whose data lie in `directory`; `start` starts it.

        port: a free one when left out. cache_gb: memory of the storage engine, at least 0.25.
        replica_set: False gives the plain server that a service has to refuse.
        options: added to mongod's command line. variable: named in the message of a taken port.
        Raises LocalError when there is no mongod.
        """
        mongod = find_mongod()
        if mongod is None:
            raise LocalError("there is no mongod: run `make install`")
        self.directory = directory
        self.port = port or free_port()
        self.replica_set = replica_set
        self._variable = variable
        command: list[str | Path] = [mongod, "--dbpath", directory, "--port", str(self.port)]
        command += ["--bind_ip", HOST, "--nounixsocket", "--wiredTigerCacheSizeGB", str(cache_gb)]
        command += ["--setParameter", "diagnosticDataCollectionEnabled=false"]
        command += ["--setParameter", f"transactionLifetimeLimitSeconds={TRANSACTION_SECONDS}"]
        if replica_set:
            command += ["--replSet", REPLICA_SET]
        super().__init__("mongod", [*command, *options], log=log or directory / "mongod.log")

    @property
    def uri(self) -> str:
        """The address for a client that follows the replica set."""
        suffix = f"?replicaSet={REPLICA_SET}" if self.replica_set else ""
        return f"mongodb://{HOST}:{self.port}/{suffix}"

    def start(self) -> Self:
        """Start and wait until writes are taken.

        Raises LocalError when the port is taken, StartFailed when the server ends or stalls.
        """
        if not self.running:
            need_free_port(self.port, self.name, self._variable)
        self.directory.mkdir(parents=True, exist_ok=True)
        super().start()
        # A store has a file for each collection and each index: the soft limit is soon reached,
        # and then mongod ends.
        hard = resource.prlimit(self.pid, resource.RLIMIT_NOFILE)[1]
        resource.prlimit(self.pid, resource.RLIMIT_NOFILE, (hard, hard))
        with MongoClient[dict[str, Any]](
            HOST, self.port, directConnection=True, serverSelectionTimeoutMS=500
        ) as client:
            self.wait(lambda: self._takes_writes(client), timeout=60, what="taking writes")
        return self

    def _takes_writes(self, client: MongoClient[dict[str, Any]]) -> bool:
        try:
            hello = client.admin.command("hello")
            if self.replica_set and "setName" not in hello and hello.get("isreplicaset"):
                self._initiate(client)
            return bool(hello["isWritablePrimary"])
        except PyMongoError:
            return False

    def _initiate(self, client: MongoClient[dict[str, Any]]) -> None:
        member = {"_id": 0, "host": f"{HOST}:{self.port}"}
        # One node has nobody to wait for: after a crash it may elect itself at once.
        settings = {"electionTimeoutMillis": 1000, "heartbeatIntervalMillis": 500}
        config = {"_id": REPLICA_SET, "members": [member], "settings": settings}
        try:
            client.admin.command("replSetInitiate", config)
        except OperationFailure as error:
            if error.code != ALREADY_INITIALIZED:
                raise
            self._move(client, member["host"])

    def _move(self, client: MongoClient[dict[str, Any]], host: object) -> None:
        """Tell a directory that was last used on another port where its only member is now."""
        (config,) = client.local["system.replset"].find()
        if config["members"][0]["host"] != host:
            config["members"][0]["host"] = host
            config["version"] += 1
            client.admin.command("replSetReconfig", config, force=True)


class KafkaServer(Process):
    """A Kafka node that is broker and controller at once (KRaft)."""

    def __init__(
        self,
        directory: Path,
        port: int | None = None,
        *,
        controller_port: int | None = None,
        heap_mb: int = 512,
        settings: dict[str, str] | None = None,
        log: Path | None = None,
        variable: str | None = None,
        controller_variable: str | None = None,
    ) -> None:
        """Prepare a broker whose data lie in `directory`; `start` starts it.

        port, controller_port: free ones when left out. settings: added to server.properties.
        variable, controller_variable: named in the message of a taken port.
        Raises LocalError when Java or the jars are missing.
        """
        java = find_java()
        if java is None or not any(KAFKA_LIBS.glob("kafka_*.jar")):
            raise LocalError("there is no Kafka here: run `make install`")
        self.directory = directory
        self.port = port or free_port()
        self.controller_port = controller_port or _other_than(self.port)
        self._settings = settings or {}
        self._variable = variable
        self._controller_variable = controller_variable
        self._properties = directory / "server.properties"
        self._java = [
            str(java),
            f"-Xmx{heap_mb}m",
            # A broker here lives for minutes: compiling its code well, and collecting in threads
            # beside it, cost it twice the CPU that they save.
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.awt.headless=true",
            f"-Dlog4j2.configurationFile={KAFKA_FILES / 'log4j2.properties'}",
            "-cp",
            f"{KAFKA_LIBS}/*",
        ]
        super().__init__(
            "kafka",
            [*self._java, "kafka.Kafka", self._properties],
            log=log or directory / "kafka.log",
        )

    @property
    def bootstrap(self) -> str:
        """The address for clients, host:port."""
        return f"{HOST}:{self.port}"

    def start(self) -> Self:
        """Start and wait until the broker answers and has a controller.

        Raises LocalError when a port is taken, StartFailed when the broker ends or stalls.
        """
        if not self.running:
            need_free_port(self.port, self.name, self._variable)
            need_free_port(self.controller_port, "kafka's controller", self._controller_variable)
        self._format()
        super().start()
        self.wait(self._answers, timeout=90, what="answering")
        return self

    def _format(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        lines = {**self._server_properties(), **self._settings}
        self._properties.write_text("".join(f"{key}={value}\n" for key, value in lines.items()))
        data = self.directory / "data"
        if (data / "meta.properties").exists():
            return
        # What an interrupted formatting left would be refused.
        shutil.rmtree(data, ignore_errors=True)
        command = [*self._java, "kafka.tools.StorageTool", "format"]
        command += ["-t", CLUSTER_ID, "-c", str(self._properties)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise LocalError(
                f"kafka's directory {data} was not formatted:\n{done.stdout}{done.stderr}"
            )

    def _server_properties(self) -> dict[str, str]:
        return {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@{HOST}:{self.controller_port}",
            "controller.listener.names": "CONTROLLER",
            "listeners": f"PLAINTEXT://{self.bootstrap},CONTROLLER://{HOST}:{self.controller_port}",
            "advertised.listeners": f"PLAINTEXT://{self.bootstrap}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "log.dirs": str(self.directory / "data"),
            "auto.create.topics.enable": "false",
            "num.partitions": "6",
            "default.replication.factor": "1",
            "min.insync.replicas": "1",
            "offsets.topic.replication.factor": "1",
            "offsets.topic.num.partitions": "8",
            "transaction.state.log.replication.factor": "1",
            "transaction.state.log.min.isr": "1",
            "transaction.state.log.num.partitions": "4",
            "share.coordinator.state.topic.replication.factor": "1",
            "share.coordinator.state.topic.min.isr": "1",
            "group.initial.rebalance.delay.ms": "0",
            # After a crash the controller waits this long before it takes the node back.
            "broker.session.timeout.ms": "3000",
            "broker.heartbeat.interval.ms": "500",
        }

    def _answers(self) -> bool:
        # The port opens before the broker can serve; without it a client only fills the log.
        if port_is_free(self.port):
            return False
        try:
            admin = KafkaAdminClient(bootstrap_servers=self.bootstrap, request_timeout_ms=2000)
        except (KafkaError, OSError):
            return False
        try:
            return bool(admin.describe_cluster().get("brokers"))
        except (KafkaError, OSError):
            return False
        finally:
            admin.close()


def _other_than(taken: int) -> int:
    port = free_port()
    return port if port != taken else _other_than(taken)
