"""The examples, as their READMEs say to run them: in at a guarded Kafka, each answer once.

What they read was published by a real relay from a real journal.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Queue

import msgspec
import pytest
from kafka import KafkaProducer

from deploy.client.__main__ import wheel
from deploy.local.layout import BUILD, ROOT
from deploy.local.servers import MongoServer
from shared.client import Security
from shared.contracts.envelope import topic
from shared.contracts.petitions import PetitionAnswered, PetitionSupported
from shared.contracts.types import Level
from shared.runtime.clock import SystemClock
from shared.runtime.journal import Change, Commit, Recorded
from shared.runtime.kafka_bus import KafkaBus
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.publishing import republish
from shared.runtime.topics import provision, topics_of
from tests.client.groups import PATIENCE, bury, committed, drop, until
from tests.guarded import Guarded, guarded
from tests.registries import need_npm

pytestmark = [pytest.mark.alone, pytest.mark.servers, pytest.mark.slow, pytest.mark.timeout(900)]

EXAMPLES = ROOT / "examples"
TOPIC = topic("petitions")
ANSWERED_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SECONDS_TO_BUILD = 300
LEFT_BY_SIGTERM = {"python": 0, "node": 0, "java": 143}


@dataclass(frozen=True)
class Row:
    """What an example keeps of an answer."""

    petition: str
    place: str
    at: datetime
    in_time: bool


@dataclass
class Program:
    """An example that is ready to run."""

    language: str
    command: list[str]
    env: dict[str, str]
    store: Path

    @contextmanager
    def running(self, settings: Mapping[str, str]) -> Iterator[Lines]:
        """Runs it in a process of its own."""
        process = subprocess.Popen(
            [*self.command, str(self.store)],
            env={**os.environ, **self.env, **settings},
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        lines = Lines(process)
        try:
            yield lines
        finally:
            lines.end(kill=True)

    def rows(self) -> list[Row]:
        """What it keeps."""
        if self.language == "node":
            lines = [json.loads(line) for line in self.store.read_text("utf-8").splitlines()]
            found = [(e["petition"], e["place"], e["at"], e["inTime"]) for e in lines]
        else:
            with sqlite3.connect(self.store) as db:
                found = db.execute("SELECT * FROM answered").fetchall()
            db.close()
        return [
            Row(petition, place, datetime.fromisoformat(at), bool(in_time))
            for petition, place, at, in_time in found
        ]

    def aside(self) -> int:
        """How many messages it put aside."""
        if self.language == "node":
            return len(Path(f"{self.store}.aside").read_text("utf-8").splitlines())
        table = {"python": "jinlin_aside", "java": "aside"}[self.language]
        with sqlite3.connect(self.store) as db:
            (count,) = db.execute(f"SELECT count(*) FROM {table}").fetchone()
        db.close()
        return int(count)


class Lines:
    """What a running program prints; it can be waited for."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._lines: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line.rstrip("\n"))

    def next(self) -> str:
        """The next line."""
        return self._lines.get(timeout=PATIENCE)

    def end(self, *, kill: bool) -> tuple[int, list[str]]:
        """Ends it; its exit code, and the lines nobody has taken."""
        if self._process.poll() is None:
            self._process.kill() if kill else self._process.terminate()
        code = self._process.wait(30)
        self._reader.join()
        if self._process.stdout is not None:
            self._process.stdout.close()
        return code, list(self._lines.queue)


# --- what is published ---------------------------------------------------------------------------


def commit(petition: str, version: int) -> Commit:
    """That somebody supports a petition and it is answered, as the service records it."""
    events = (
        PetitionSupported(petition=petition, by="r1", supporters=version),
        PetitionAnswered(
            petition=petition,
            by="s1",
            level=Level.COMMUNITY,
            place="350102-军门",
            category="sewer",
            in_time=version % 2 == 1,
            follow_up_until=ANSWERED_AT + timedelta(days=3),
            petitioner="r1",
        ),
    )
    return Commit(
        f"petition-{petition}",
        version,
        ANSWERED_AT,
        "s1",
        "answer",
        tuple(Recorded(type(event).__name__, msgspec.to_builtins(event)) for event in events),
        correlation=f"petitions/petition-{petition}/1",
    )


def expected(*commits: Commit) -> list[Row]:
    return [
        Row(each.stream.removeprefix("petition-"), "350102-军门", each.at, each.version % 2 == 1)
        for each in commits
    ]


@dataclass
class City:
    """A journal of petitions whose events are published to a guarded Kafka."""

    kafka: Guarded
    mongo: str
    database: str

    async def happens(self, *commits: Commit) -> None:
        """Writes these, and publishes all there ever were: what was read before comes again."""
        clock = SystemClock()
        journal = MongoJournal.connect(self.mongo, self.database, "pymongo", clock)
        bus = KafkaBus(self.kafka.inside, "relay", clock)
        await bus.start()
        try:
            await journal.prepare([])
            await journal.write([Change("petition", each, None) for each in commits])
            assert await republish("petitions", journal, bus, None) >= 2 * len(commits)
        finally:
            await bus.stop()
            await journal.close()

    def poison(self) -> None:
        """Puts something into the topic that is no event."""
        producer = KafkaProducer(bootstrap_servers=self.kafka.inside, acks="all")
        producer.send(TOPIC, key=b"petition-p1", value=b'{"specversion":').get(30)
        producer.close()

    def settings(self, security: Security, group: str) -> dict[str, str]:
        """The environment that the examples read."""
        return {
            "JINLIN_KAFKA_BOOTSTRAP": self.kafka.outside,
            "JINLIN_KAFKA_GROUP": group,
            "JINLIN_KAFKA_USER": security.user,
            "JINLIN_KAFKA_PASSWORD": security.password,
            "JINLIN_KAFKA_CA": str(security.ca),
        }


@pytest.fixture(scope="module")
def guarded_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with guarded(tmp_path_factory.mktemp("guarded")) as kafka:
        yield kafka


@pytest.fixture
def city(guarded_kafka: Guarded, mongo: MongoServer, database: str) -> Iterator[City]:
    """A city in which nothing has happened."""
    provision(guarded_kafka.inside, topics_of("petitions"))
    yield City(guarded_kafka, mongo.uri, database)
    drop(guarded_kafka.inside, TOPIC)


# --- how they are made ready, as their READMEs say -----------------------------------------------


def build(command: list[str | Path], where: Path) -> None:
    done = subprocess.run(
        command, cwd=where, capture_output=True, text=True, check=False, timeout=SECONDS_TO_BUILD
    )
    assert done.returncode == 0, done.stdout + done.stderr


def in_python(where: Path) -> Program:
    """With the wheel that other systems install, and nothing else of the checkout."""
    made = wheel(where / "wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    build([*pip, "--no-deps", "--target", where / "env", made], where)
    return Program(
        "python",
        [sys.executable, str(EXAMPLES / "python" / "answered.py")],
        {"PYTHONPATH": str(where / "env")},
        where / "answered.db",
    )


def in_node(where: Path) -> Program:
    need_npm()
    there = where / "node"
    shutil.copytree(
        EXAMPLES / "node", there, ignore=shutil.ignore_patterns("node_modules"), dirs_exist_ok=True
    )
    build(["npm", "ci", "--cache", BUILD / "npm", "--no-audit", "--no-fund"], there)
    return Program("node", ["node", str(there / "answered.js")], {}, where / "answered.jsonl")


def in_java(where: Path) -> Program:
    if shutil.which("mvn") is None:
        pytest.skip("there is no mvn on the PATH")
    there = where / "java"
    shutil.copytree(EXAMPLES / "java", there, ignore=shutil.ignore_patterns("target"))
    build(["mvn", "-q", "-B", "-ntp", f"-Dmaven.repo.local={BUILD / 'maven'}", "package"], there)
    jar = there / "target" / "answered.jar"
    return Program("java", ["java", "-jar", str(jar)], {}, where / "answered.db")


MAKING = {"python": in_python, "node": in_node, "java": in_java}


@pytest.mark.parametrize("language", MAKING)
async def test_an_example_keeps_each_answer_once(city: City, tmp_path: Path, language: str) -> None:
    program = MAKING[language](tmp_path)
    settings = city.settings(city.kafka.add(language, "petitions"), language)
    first = [commit(petition, 1) for petition in ("p1", "p2", "p3")]
    second = [commit("p1", 2), commit("p4", 1)]

    # Before its first start: three answers among other events, all of them twice, and poison.
    await city.happens(*first)
    city.poison()
    await city.happens()
    with program.running(settings) as lines:
        told = {lines.next() for _ in first}
        assert told == {
            f"answered petitions/petition-{petition}/1/1 350102-军门 in time"
            for petition in ("p1", "p2", "p3")
        }
        until(lambda: committed(city.kafka.inside, language, TOPIC), "all committed")
        assert lines.end(kill=True)[1] == []
    bury(city.kafka.inside, language)

    # Pulled the plug and started again: what is new, and nothing of what comes again.
    await city.happens(*second)
    with program.running(settings) as lines:
        assert {lines.next(), lines.next()} == {
            "answered petitions/petition-p1/2/1 350102-军门 late",
            "answered petitions/petition-p4/1/1 350102-军门 in time",
        }
        until(lambda: committed(city.kafka.inside, language, TOPIC), "all committed")
        assert lines.end(kill=False) == (LEFT_BY_SIGTERM[language], [])

    rows = program.rows()
    assert len(rows) == 5
    assert set(map(str, rows)) == set(map(str, expected(*first, *second)))
    assert program.aside() == 1


LOADED = """
import sys
from importlib.metadata import packages_distributions
known, before = packages_distributions(), set(sys.modules)
import shared.client, shared.contracts.petitions
loaded = {name.partition(".")[0] for name in set(sys.modules) - before}
print(*sorted({one for name in loaded for one in known.get(name, ())}))
"""


def test_the_wheel_needs_what_it_names_and_no_more(tmp_path: Path) -> None:
    program = in_python(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        cwd=tmp_path,
        env={**os.environ, **program.env},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    named = {"jinlin-client", "kafka-python", "msgspec", "orjson", "pydantic"}
    of_pydantic = {"pydantic_core", "annotated-types", "typing_extensions", "typing-inspection"}
    assert set(done.stdout.split()) - of_pydantic == named
