"""The benchmark is held to its claims: yardsticks work, load counts, the check sees."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from kafka import KafkaConsumer
from pymongo import MongoClient

from deploy.local.processes import WebProcess
from deploy.local.servers import KafkaServer, MongoServer
from shared.runtime.clock import SystemClock
from shared.runtime.kafka_bus import KafkaBus
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.publishing import republish
from shared.runtime.topics import TopicSpec, provision, topics_of
from tests.bench.bodies import as_json, bodies
from tests.bench.figure import Figure
from tests.bench.flowing import pace
from tests.bench.honesty import Found, Told, differences, envelopes, event_ids, ids
from tests.bench.load import file_petitions, hold_rate, http_post, percentile
from tests.bench.platform import (
    messages_in,
    neighbourhoods,
    place_file,
    places_in_file,
    wait_until,
    yardstick,
)
from tests.bench.report import BEGIN, END, Report, write_page
from tests.bench.rows import ROWS
from tests.bench.seed import seed_store

pytestmark = pytest.mark.alone

Yardstick = Callable[[str, str], AbstractContextManager[WebProcess]]


@pytest.fixture
def started(mongo: MongoServer, kafka: KafkaServer, database: str, tmp_path: Path) -> Yardstick:
    """`started(name, topic)`: a yardstick at work on the session's servers."""

    @contextmanager
    def start(name: str, topic: str) -> Iterator[WebProcess]:
        provision(kafka.bootstrap, [TopicSpec(topic)])
        process = yardstick(
            name,
            mongo_uri=mongo.uri,
            database=database,
            bootstrap=kafka.bootstrap,
            topic=topic,
            log=tmp_path / f"{name}.log",
        )
        with process:
            yield process.start().wait_ready()

    return start


@pytest.fixture
def store(mongo: MongoServer, database: str) -> Iterator[Any]:
    with MongoClient[dict[str, Any]](mongo.uri, tz_aware=True) as client:
        yield client[database]


def texts(count: int) -> list[str]:
    return [as_json(body) for body in bodies(count, neighbourhoods())]


# --- yardsticks -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_crud_stores_each_petition_it_accepts(started: Yardstick, store: Any) -> None:
    with started("crud", f"bench-{uuid4().hex[:8]}") as crud:
        requests = [http_post(crud.url, "/petitions", None, text) for text in texts(20)]
        held = hold_rate(crud.url, requests, rate=100, seconds=0.5)
        refused = httpx.post(f"{crud.url}/petitions", json={"title": "only this"})
    assert (held.accepted, held.refused, held.broken) == (50, 0, 0)
    assert len(held.latencies) == 50
    assert refused.status_code == 422
    assert store["petitions"].count_documents({}) == 50


@pytest.mark.slow
def test_textbook_publishes_each_petition_it_accepts(
    started: Yardstick, store: Any, kafka: KafkaServer
) -> None:
    name = f"bench-{uuid4().hex[:8]}"
    consumer = KafkaConsumer(
        name,
        bootstrap_servers=kafka.bootstrap,
        auto_offset_reset="earliest",
        consumer_timeout_ms=2000,
    )
    with started("textbook", name) as textbook:
        requests = [http_post(textbook.url, "/petitions", None, text) for text in texts(20)]
        held = hold_rate(textbook.url, requests, rate=100, seconds=0.5)
        assert held.accepted == 50
        wait_until(lambda: messages_in(consumer, name) >= 50, 20, "all are published")
        wait_until(lambda: not store["outbox"].count_documents({"published": False}), 20, "marked")
    keys = [record.key.decode() for record in consumer]
    consumer.close()
    assert sorted(keys) == sorted(one["_id"] for one in store["petitions"].find({}, {"_id": 1}))


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")
def test_wrk_counts_what_is_accepted_and_what_is_refused(started: Yardstick, store: Any) -> None:
    with started("crud", f"bench-{uuid4().hex[:8]}") as crud:
        taken = file_petitions(crud.url, texts(20), connections=4, seconds=1)
        refused = file_petitions(crud.url, ['{"title": ""}'], connections=4, seconds=1)
    assert taken.refused == taken.broken == 0
    assert taken.accepted <= store["petitions"].count_documents({}) <= taken.accepted + 4
    assert store["petitions"].distinct("text") != [store["petitions"].find_one()["text"]]
    assert refused.accepted == 0
    assert refused.refused > 0


# --- load -----------------------------------------------------------------------------------------


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(n) for n in range(1, 101)]
    assert percentile(values, 0.5) == 50
    assert percentile(values, 0.99) == 99
    assert percentile([7.0], 0.99) == 7
    with pytest.raises(ValueError):
        percentile([], 0.5)


def test_a_pace_counts_only_what_was_watched() -> None:
    assert pace([(1.0, 5), (2.0, 5), (3.0, 10), (4.0, 25)], before=5) == (20, 2.0, 2.0)
    # Some was done before the first look, nobody knows how fast.
    assert pace([(1.0, 9), (2.0, 25)], before=5) == (16, 1.0, 1.0)


def test_bodies_differ_and_are_the_same_for_the_same_seed() -> None:
    many = texts(200)
    assert many == texts(200)
    assert len(set(many)) == 200
    assert all(200 <= len(body["text"]) <= 230 for body in bodies(50, ["a"]))


# --- honesty --------------------------------------------------------------------------------------

TOLD = Told(acknowledged=2, unanswered=1)
HONEST: dict[str, Any] = {
    "petitions": 2,
    "states": 2,
    "committed": {"e1", "e2"},
    "published": {"e1", "e2"},
    "expected": {"e1>m1", "e2>m2"},
    "effects": {"e1>m1", "e2>m2"},
}


def test_an_honest_run_has_no_differences() -> None:
    assert differences(TOLD, Found(**HONEST)) == []
    # What was under way when the load ended may be stored or not.
    assert differences(TOLD, Found(**{**HONEST, "petitions": 3, "states": 3})) == []


@pytest.mark.parametrize(
    ("planted", "seen"),
    [
        ({"petitions": 1, "states": 1}, "1 petitions were acknowledged and are not stored"),
        ({"petitions": 4, "states": 4}, "1 petitions are stored that nobody asked for"),
        ({"states": 1}, "2 petitions in commits, 1 states"),
        ({"published": {"e1"}}, "1 events were committed and not published: e2"),
        ({"published": {"e1", "e2", "e3"}}, "1 events were published and not committed: e3"),
        ({"effects": {"e1>m1"}}, "1 effects are missing in notifications: e2>m2"),
        ({"expected": {"e1>m1"}}, "1 effects in notifications have no cause: e2>m2"),
    ],
)
def test_a_planted_difference_is_seen(planted: dict[str, Any], seen: str) -> None:
    assert differences(TOLD, Found(**{**HONEST, **planted})) == [seen]


@pytest.fixture
async def journal(mongo: MongoServer, database: str) -> AsyncIterator[MongoJournal]:
    opened = MongoJournal.connect(mongo.uri, database, "pymongo", SystemClock())
    yield opened
    await opened.close()


@pytest.mark.slow
async def test_a_commit_that_was_not_published_is_seen_in_real_stores(
    mongo: MongoServer, kafka: KafkaServer, store: Any, journal: MongoJournal
) -> None:
    provision(kafka.bootstrap, topics_of("petitions"))
    path = ["d", "s", "c"]
    store["state_place"].insert_many(
        {
            "_id": code,
            "v": 1,
            "at": datetime.now(UTC),
            "s": {"kind": "neighbourhood", "name": code, "path": [*path, code]},
        }
        for code in neighbourhoods()
    )
    await seed_store(journal, 40)
    bus = KafkaBus(kafka.bootstrap, "petitions", SystemClock())
    await bus.start()
    await republish("petitions", journal, bus, None)
    await bus.stop()

    def found() -> Found:
        count = store["commits"].count_documents({})
        states = store["state_petition"].count_documents({})
        committed = event_ids(store, "petitions")
        # Other tests of the session publish into the same topic.
        published = ids(envelopes(kafka.bootstrap, "petitions")) & committed
        return Found(count, states, committed, published)

    assert len(found().committed) >= 80
    assert differences(Told(seeded=40), found()) == []
    await seed_store(journal, 1)
    assert [line.split(": ")[0] for line in differences(Told(seeded=41), found())] == [
        f"{len(found().committed - found().published)} events were committed and not published"
    ]
    assert differences(Told(seeded=42), found())[0].startswith("1 petitions were acknowledged")


# --- the table ------------------------------------------------------------------------------------


def test_the_page_keeps_what_stands_around_the_figures(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text(f"# Before\n{BEGIN}\nold\n{END}\nafter\n")
    report = Report(
        date="2026-01-01 00:00 UTC",
        machine={"cores": 2, "ram_gb": 23.4, "processor": "P", "load_before": 0.1},
        versions={"python": "3.11"},
        load={"closed": "wrk"},
        figures={"accept_vs_crud": Figure(1.49, "by a hair"), "accept_p99_ms": Figure(12.3)},
        failures={"consume_rate": "it | broke"},
        counted={"petitions acknowledged": 1234},
    )
    write_page(report, page)
    text = page.read_text()
    assert text.startswith("# Before\n")
    assert text.endswith(f"{END}\nafter\n")
    assert "old" not in text
    assert "| 1.49 times | >= 1.5 | **no** | by a hair |" in text
    assert "| 12.3 ms | <= 60 | yes |" in text
    assert "| failed | >= 3000 | **no** | it / broke |" in text
    assert "1,234 petitions acknowledged" in text
    assert report.plain()["figures"]["accept_vs_crud"]["met"] is False


def test_every_row_of_the_law_that_can_be_filled_is_there() -> None:
    assert {name: (row.comparison, row.target) for name, row in ROWS.items()} == {
        "accept_vs_textbook": (">=", 3.0),
        "accept_vs_crud": (">=", 1.5),
        "accept_p99_ms": ("<=", 60),
        "gateway_adds_p50_ms": ("<=", 5),
        "commit_to_consumer_p50_ms": ("<=", 25),
        "commit_to_consumer_p99_ms": ("<=", 100),
        "commit_to_consumer_p99_ms_at_500": ("<=", 250),
        "consume_rate": (">=", 3000),
        "ledger_append_rate": (">=", 5000),
        "ledger_seal_rate": (">=", 3000),
        "lifecycle_rate": (">=", 200),
        "restart_to_ready_s": ("<=", 5),
        "page_p95_ms_100k": ("<=", 150),
        "relay_catch_up": (">=", 5000),
        "rss_mb_at_rest": ("<=", 120),
        "rss_mb_after_load": ("<=", 250),
        "start_s": ("<=", 30),
        "sign_up_vs_textbook": (">=", 2.5),
        "sign_up_p99_ms": ("<=", 60),
        "check_in_vs_textbook": (">=", 2.5),
        "check_in_p99_ms": ("<=", 60),
        "dispute_file_vs_textbook": (">=", 1.0),
        "dispute_file_p99_ms": ("<=", 100),
        "evidence_rate": (">=", 20),
        "evidence_growth_mb": ("<=", 60),
        "inbox_burst_rate": (">=", 1500),
        "letter_rate": (">=", 200),
        "broadcast_rate": (">=", 1500),
        "single_during_broadcast_p99_ms": ("<=", 1000),
        "feed_enter_rate": (">=", 2000),
        "webhook_rate": (">=", 1000),
        "webhook_p99_ms": ("<=", 1000),
        "webhook_growth_mb": ("<=", 60),
    }


def test_the_place_file_has_somebody_for_every_neighbourhood() -> None:
    lines = place_file().splitlines()
    assert len(lines) == places_in_file() + 1
    held = {line.split(",")[0]: line.split(",")[5] for line in lines[1:]}
    assert all(held[code] for code in neighbourhoods())
