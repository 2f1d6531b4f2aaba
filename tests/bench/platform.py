"""What is measured: services and yardsticks, as processes on one MongoDB and one Kafka."""

import shutil
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
from kafka import KafkaConsumer, TopicPartition
from pymongo import MongoClient
from pymongo.database import Database

from deploy.local.issuer import AUDIENCE, IssuerProcess
from deploy.local.layout import WORK_APART, LocalError
from deploy.local.processes import WebProcess, free_port, service
from deploy.local.servers import KafkaServer, MongoServer
from deploy.local.stack import SECRETS, services_at
from shared.runtime.topics import TopicSpec, provision
from tests.bench.bodies import as_json, bodies
from tests.bench.machine import rss_mb

YARDSTICK_TOPIC = "yardstick.events.v1"
DISTRICT = "350102"
NEIGHBOURHOODS = 20
PETITIONERS = 200
BODIES = 1000
DAY = 24 * 3600
STAFF = "bench-staff"
"""The person who is assigned and answers."""

NOWHERE = "http://127.0.0.1:1"
"""Where the gateway finds what does not run."""

CACHE_GB = 1
"""MongoDB's cache, as in the local run."""


class Platform:
    """Servers, services and yardsticks of one run, with ports and a directory of their own."""

    def __init__(self, mongo_options: Sequence[str] = ()) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="jinlin-bench-"))
        self.mongo = MongoServer(
            self.directory / "mongod", cache_gb=CACHE_GB, options=mongo_options
        )
        self.kafka = KafkaServer(self.directory / "kafka")
        self.issuer = IssuerProcess(
            port=free_port(),
            key_file=self.directory / "issuer-key.json",
            log=self.directory / "issuer.log",
        )
        self.services: dict[str, WebProcess] = {}
        self.yardsticks: dict[str, WebProcess] = {}
        self.client: MongoClient[dict[str, Any]] | None = None

    def __enter__(self) -> Self:
        try:
            self.mongo.start()
            self.kafka.start()
            self.issuer.start().wait_ready()
            provision(self.kafka.bootstrap, [TopicSpec(YARDSTICK_TOPIC)])
            self.client = MongoClient(self.mongo.uri, tz_aware=True)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends everything; what it stored is gone."""
        for process in (*self.yardsticks.values(), *self.services.values(), self.issuer):
            process.stop()
        if self.client is not None:
            self.client.close()
        # Nobody reads their data again, so there is nothing to put in order.
        self.kafka.kill()
        self.mongo.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

    # --- processes -------------------------------------------------------------------------------

    def service(self, name: str, *, wait: bool = True) -> WebProcess:
        """A service of Jinlin, started and ready; without `wait` only started. One process, or two
        where it is deployed as two: then the one for requests is returned.
        """
        if work := WORK_APART.get(name):
            self._process(name, work, {"JINLIN_REQUESTS_ONLY": "false"}, wait=wait)
            return self._process(name, name, {"JINLIN_REQUESTS_ONLY": "true"}, wait=wait)
        return self._process(name, name, {}, wait=wait)

    def stop(self, name: str) -> None:
        """Stops all processes of a service."""
        for process in self._processes(name):
            process.stop()

    def killed_to_ready(self, name: str) -> float:
        """Kills all processes of a service at once; seconds from there until all are ready anew."""
        processes = self._processes(name)
        for process in processes:
            process.kill()
        began = time.monotonic()
        for process in processes:
            process.start()
        for process in processes:
            process.wait_ready()
        return time.monotonic() - began

    def sizes_mb(self, names: Sequence[str]) -> dict[str, float]:
        """Memory of each process of these services that is in RAM now, in MiB."""
        return {
            process.log.stem: rss_mb(process.pid)
            for name in names
            for process in self._processes(name)
        }

    def _processes(self, name: str) -> list[WebProcess]:
        called = (name, WORK_APART.get(name, ""))
        return [self.services[one] for one in called if one in self.services]

    def _process(
        self, name: str, called: str, told: Mapping[str, str], *, wait: bool
    ) -> WebProcess:
        if called not in self.services:
            self.services[called] = service(
                name,
                port=free_port(),
                log=self.directory / f"{called}.log",
                env={
                    "JINLIN_MODE": "local",
                    "JINLIN_MONGO_URI": self.mongo.uri,
                    "JINLIN_MONGO_DATABASE": database_of(name),
                    "JINLIN_KAFKA_BOOTSTRAP": self.kafka.bootstrap,
                    "JINLIN_OIDC_ISSUER": self.issuer.url,
                    "JINLIN_OIDC_AUDIENCE": AUDIENCE,
                    **SECRETS,
                    **told,
                    **(self._behind_the_door() if name == "gateway" else {}),
                },
            )
        process = self.services[called]
        if not process.running:
            process.start()
            if wait:
                process.wait_ready()
        return process

    def _behind_the_door(self) -> dict[str, str]:
        """Where the gateway finds what runs by now; one caller asks more often here than any."""
        found = services_at(
            lambda name: self.services[name].url if name in self.services else NOWHERE
        )
        groups = ("READING", "WRITING", "ANONYMOUS")
        return found | {f"JINLIN_{group}_LIMIT": "1000000/second" for group in groups}

    def yardstick(self, name: str) -> WebProcess:
        """A yardstick by its name, started and ready, one process."""
        if name not in self.yardsticks:
            self.yardsticks[name] = yardstick(
                name,
                mongo_uri=self.mongo.uri,
                database=f"yardstick_{name}",
                bootstrap=self.kafka.bootstrap,
                topic=YARDSTICK_TOPIC,
                log=self.directory / f"{name}.log",
            )
        process = self.yardsticks[name]
        return process if process.running else process.start().wait_ready()

    def store(self, name: str) -> Database[dict[str, Any]]:
        """The database of a service."""
        assert self.client is not None, "the platform runs"
        return self.client[database_of(name)]

    def yardstick_store(self, name: str) -> Database[dict[str, Any]]:
        """The database of a yardstick."""
        assert self.client is not None, "the platform runs"
        return self.client[f"yardstick_{name}"]

    # --- topics ----------------------------------------------------------------------------------

    def published(self, name: str) -> int:
        """Messages in a topic."""
        consumer = KafkaConsumer(bootstrap_servers=self.kafka.bootstrap)
        try:
            return messages_in(consumer, name)
        finally:
            consumer.close()

    # --- people and places -----------------------------------------------------------------------

    def petitioner_tokens(self) -> list[str]:
        """Tokens of the residents who file."""
        return [
            self.issuer.token(f"resident-{n}", ["resident"], [DISTRICT], lifetime=DAY)
            for n in range(PETITIONERS)
        ]

    def staff_token(self) -> str:
        """The token of the one who is assigned and answers."""
        roles = ["neighbourhood-staff", "area-staff", "community-staff", "street-staff"]
        return self.issuer.token(STAFF, roles, [DISTRICT], lifetime=DAY)

    def bodies(self) -> list[str]:
        """Bodies of POST /petitions, one per line."""
        return [as_json(body) for body in bodies(BODIES, neighbourhoods())]

    def settle_places(self) -> None:
        """Imports the place tree through community; waits until petitions takes one there.

        Raises LocalError where that does not come about.
        """
        administrator = self.issuer.token("bench-admin", ["administrator"], [DISTRICT])
        community, petitions = self.service("community"), self.service("petitions")
        answer = httpx.post(
            f"{community.url}/places/import",
            content=place_file().encode(),
            headers={"Authorization": f"Bearer {administrator}", "Content-Type": "text/csv"},
            timeout=60,
        )
        if answer.is_error:
            raise LocalError(f"community took no places: {answer.status_code} {answer.text}")
        known = self.store("petitions")
        wait_until(
            lambda: (
                known["state_place"].count_documents({}) >= places_in_file()
                and known["state_post"].count_documents({}) >= NEIGHBOURHOODS
            ),
            60,
            "petitions knows all places and posts",
        )
        token = self.issuer.token("bench-probe", ["resident"], [DISTRICT])
        body = as_json(bodies(1, neighbourhoods()[-1:])[0])
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        tries: list[httpx.Response] = []

        def is_taken() -> bool:
            tries.append(
                httpx.post(f"{petitions.url}/petitions", content=body.encode(), headers=headers)
            )
            return tries[-1].status_code == 201

        try:
            wait_until(is_taken, 30, "petitions takes a petition")
        except LocalError as error:
            raise LocalError(f"{error}: {tries[-1].status_code} {tries[-1].text}") from None


def yardstick(
    name: str, *, mongo_uri: str, database: str, bootstrap: str, topic: str, log: Path
) -> WebProcess:
    """A yardstick by the name of its module, not yet started; its topic has to be there."""
    port = free_port()
    env = {
        "YARDSTICK_MONGO_URI": mongo_uri,
        "YARDSTICK_DATABASE": database,
        "YARDSTICK_KAFKA": bootstrap,
        "YARDSTICK_TOPIC": topic,
        "YARDSTICK_PORT": str(port),
    }
    return WebProcess(name, f"tests.bench.yardsticks.{name}", port=port, log=log, env=env)


def database_of(name: str) -> str:
    """The database of a service in a run."""
    return f"jinlin_{name}"


def neighbourhoods() -> list[str]:
    """The places that petitions are about."""
    return [f"{DISTRICT}-n{n:02d}" for n in range(NEIGHBOURHOODS)]


def place_file() -> str:
    """The place tree as CSV: one street, two communities, four areas, twenty neighbourhoods, each
    with somebody who answers petitions there."""
    street, top = f"{DISTRICT}-s", f"{DISTRICT},district,鼓楼区,,,"
    rows = ["code,kind,name,parent,duty,holder", top]
    rows.append(f"{street},street,东街街道,{DISTRICT},petitions,bench-street")
    rows += [
        f"{DISTRICT}-c{c},community,第{c}社区,{street},petitions,bench-community-{c}"
        for c in range(2)
    ]
    rows += [
        f"{DISTRICT}-a{a},area,第{a}片区,{DISTRICT}-c{a % 2},petitions,bench-area-{a}"
        for a in range(4)
    ]
    rows += [
        f"{code},neighbourhood,第{n}小区,{DISTRICT}-a{n % 4},petitions,bench-holder-{n}"
        for n, code in enumerate(neighbourhoods())
    ]
    return "\n".join(rows) + "\n"


def places_in_file() -> int:
    """How many places `place_file` has."""
    return place_file().count("\n") - 1


def messages_in(consumer: Any, name: str) -> int:
    """Messages in a topic: its end offsets, as nothing has been deleted from it yet."""
    numbers = consumer.partitions_for_topic(name) or set()
    ends = consumer.end_offsets([TopicPartition(name, number) for number in numbers])
    return int(sum(ends.values()))


def wait_until(is_so: Callable[[], bool], seconds: float, what: str, every: float = 0.1) -> float:
    """Waits until `is_so`; returns how many seconds it took. Raises LocalError naming `what`."""
    begin = time.monotonic()
    while not is_so():
        if time.monotonic() - begin > seconds:
            raise LocalError(f"not within {seconds:.0f} s: {what}")
        time.sleep(every)
    return time.monotonic() - begin
