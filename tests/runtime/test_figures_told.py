"""What is told for /metrics besides requests and commands: counts, delays, store, certificates."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from prometheus_client import REGISTRY
from pymongo import MongoClient

from deploy.local.processes import free_port
from deploy.local.servers import MongoServer
from shared.runtime.bus import REPUBLISHED_HEADER
from shared.runtime.certificates import CertificateFigures, expires
from shared.runtime.clock import SystemClock
from shared.runtime.memory_journal import MemoryJournal
from shared.runtime.mongo_driver import DriverName
from shared.runtime.mongo_figures import BACKUP
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.store import Store
from shared.runtime.ticker import TALLY_EVERY, Ticker
from tests.runtime.bus_fixtures import Broker, broker, eventually
from tests.runtime.lamp import Break, Install, Repair, lamp
from tests.runtime.test_subscriber import World, envelope, taken
from tests.runtime.test_ticker import SetClock

__all__ = ["broker"]

ENDS = datetime(2031, 3, 1, tzinfo=UTC)
BACKED_UP = datetime(2026, 3, 2, 1, tzinfo=UTC)


def told(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


async def test_a_status_that_nothing_has_any_more_is_told_as_nought() -> None:
    clock = SetClock()
    journal = MemoryJournal(clock)
    store = Store("lamps-by-status", journal, clock, [lamp])
    ticker = Ticker(store, journal, [lamp], clock)
    await store.do(lamp, "l1", Install("p1", "k1", 60, "a1"), actor="a1")
    await store.do(lamp, "l1", Break("dark", "u1"), actor="u1")
    await ticker.look()
    name, labels = "jinlin_aggregates_by_status", {"service": store.service, "kind": "lamp"}
    found = await journal.tally("lamp", ["status"])
    (((broken,), _),) = found
    assert told(name, **labels, status=broken) == 1
    await store.do(lamp, "l1", Repair("k1"), actor="k1")
    clock.ahead += timedelta(seconds=TALLY_EVERY)
    await ticker.look()
    assert told(name, **labels, status=broken) == 0


async def test_how_old_an_event_is_when_it_has_taken_effect_is_told_but_not_of_one_sent_again(
    broker: Broker,
) -> None:
    world = World(broker)
    await world.start()
    labels = {"service": world.service, "source": "petitions"}
    try:
        past = datetime.now(UTC) - timedelta(seconds=20)
        world.send("p1", 1, taken("p1"), time=past)
        await eventually(lambda: len(world.handled) == 1)
        again = envelope("p2", 1, taken("p2"), time=past - timedelta(days=300))
        world.write(again.to_bytes(), "p2", headers=((REPUBLISHED_HEADER, b""),))
        await eventually(lambda: len(world.handled) == 2)
    finally:
        assert world.subscriber is not None
        await world.subscriber.stop()  # finishes what is at hand
    name = "jinlin_event_delay_seconds"
    assert told(f"{name}_count", **labels) == 1
    assert told(f"{name}_bucket", **labels, le="10.0") == 0
    assert told(f"{name}_bucket", **labels, le="30.0") == 1


@pytest.mark.parametrize("driver", ["pymongo", "motor"])
@pytest.mark.parametrize(("note", "every"), [({}, 86_400), ({"every_s": 3600.0}, 3600)])
async def test_the_store_is_told_with_its_members_its_disk_its_size_and_its_backup(
    mongo: MongoServer, database: str, driver: DriverName, note: dict[str, float], every: float
) -> None:
    service = f"store-by-{driver}-{every}"
    journal = MongoJournal.connect(mongo.uri, database, driver, SystemClock())
    await journal.prepare([])
    with MongoClient[dict[str, Any]](mongo.uri) as client:
        client[database]["leases"].insert_one({"_id": BACKUP, "made": BACKED_UP, **note})
    telling = asyncio.create_task(journal.keep_told(service))
    try:
        # The last that is told in a round.
        connections = {"service": service, "state": "available"}
        await eventually(lambda: told("jinlin_store_connections", **connections) is not None)
    finally:
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)
        await journal.close()
    assert told("jinlin_store_backup_seconds", service=service) == BACKED_UP.timestamp()
    assert told("jinlin_store_backup_every_seconds", service=service) == every
    assert told("jinlin_store_members", service=service, state="primary") == 1
    assert told("jinlin_store_members", service=service, state="unreachable") == 0
    used, total = (
        told("jinlin_store_disk_bytes", service=service, what=what) or 0
        for what in ("used", "total")
    )
    assert 0 < used <= total
    assert (told("jinlin_store_bytes", service=service, what="indexes") or 0) > 0


async def test_a_store_that_is_away_has_no_primary(tmp_path: Path) -> None:
    uri = f"mongodb://127.0.0.1:{free_port()}/?replicaSet=jinlin&serverSelectionTimeoutMS=100"
    journal = MongoJournal.connect(uri, "none", "pymongo", SystemClock())
    telling = asyncio.create_task(journal.keep_told("store-away"))
    try:
        await eventually(
            lambda: told("jinlin_store_members", service="store-away", state="unreachable") == 1
        )
        assert told("jinlin_store_members", service="store-away", state="primary") == 0
    finally:
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)
        await journal.close()


# --- certificates ------------------------------------------------------------------------------


def certificate(folder: Path) -> Path:
    """A key and its certificate in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gateway")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(ENDS - timedelta(days=3_000))
        .not_valid_after(ENDS)
        .sign(key, hashes.SHA256())
    )
    file = folder / "gateway.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


def test_the_end_of_a_certificate_is_read_from_its_file(tmp_path: Path) -> None:
    assert expires(str(certificate(tmp_path))) == ENDS.timestamp()


async def test_the_end_of_a_certificate_is_read_from_the_server_that_shows_it(
    tmp_path: Path,
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path))
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0, ssl=context)
    async with server:
        port = server.sockets[0].getsockname()[1]
        found = await asyncio.to_thread(expires, f"127.0.0.1:{port}")
    assert found == ENDS.timestamp()


def test_a_certificate_that_cannot_be_seen_counts_as_ended(tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")
    places = [str(tmp_path / "none.pem"), str(empty), f"127.0.0.1:{free_port()}"]
    (metric,) = CertificateFigures(places).collect()
    told = {sample.labels["certificate"]: sample.value for sample in metric.samples}
    assert told == dict.fromkeys(places, 0.0)
