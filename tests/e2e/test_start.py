"""What a service says when it cannot start, and what it waits for."""

import os
import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.issuer import IssuerProcess
from deploy.local.layout import HOST, PYTHON, ROOT, SERVICES
from deploy.local.processes import WebProcess, free_port, service
from deploy.local.servers import KafkaServer, MongoServer
from deploy.local.stack import SECRETS
from tests.e2e.waiting import until

pytestmark = pytest.mark.alone

GOOD = {
    "JINLIN_MODE": "local",
    "JINLIN_HTTP_HOST": HOST,
    "JINLIN_MONGO_URI": "mongodb://127.0.0.1:1/?replicaSet=jinlin",
    "JINLIN_MONGO_DATABASE": "test",
    "JINLIN_KAFKA_BOOTSTRAP": "127.0.0.1:1",
    "JINLIN_OIDC_ISSUER": "http://127.0.0.1:1",
    **SECRETS,
}
OWN_SECRETS = {
    "petitions": ["QUERY_CODE_SECRET"],
    "volunteering": ["CHECK_IN_SECRET", "CALENDAR_FEED_SECRET", "TILL_CODE_SECRET"],
    "mediation": ["SIGN_CODE_SECRET"],
    "ledger": ["LEDGER_KEY"],
    "notifications": ["CONTACT_SECRET"],
    "gateway": ["COOKIE_SECRET", "PETITIONS_URL", "LEDGER_URL"],
}
NEEDED = ["MODE", "HTTP_PORT", "MONGO_URI", "MONGO_DATABASE", "KAFKA_BOOTSTRAP", "OIDC_ISSUER"]
WRONG = {
    "JINLIN_MODE": "play",
    "JINLIN_HTTP_PORT": "eighty",
    "JINLIN_MONGO_URI": "postgres://there",
    "JINLIN_MONGO_DATABASE": "with a space",
    "JINLIN_MONGO_DRIVER": "mgo",
    "JINLIN_KAFKA_BOOTSTRAP": "somewhere",
    "JINLIN_KAFKA_RETENTION_HOURS": "0",
    "JINLIN_OIDC_ISSUER": "issuer",
    "JINLIN_LOG_LEVEL": "loud",
    "JINLIN_QUERY_CODE_SECRET": "short",
}


def run(name: str, settings: Mapping[str, str]) -> tuple[int, str]:
    """Runs a service that ends by itself: its exit code and all it said."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("JINLIN_")}
    done = subprocess.run(
        [PYTHON, "-m", f"services.{name}.main"],
        cwd=ROOT,
        env={**clean, **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", SERVICES)
def test_every_missing_setting_is_named(name: str) -> None:
    code, said = run(name, {})
    assert code == 2
    assert "Traceback" not in said
    for needed in [*NEEDED, *OWN_SECRETS.get(name, ())]:
        assert f"JINLIN_{needed} is missing: expected " in said


@pytest.mark.slow
def test_every_wrong_setting_is_named_with_what_is_expected() -> None:
    code, said = run("petitions", {**GOOD, **WRONG})
    assert code == 2
    assert "Traceback" not in said
    for variable, value in WRONG.items():
        assert f"{variable} is wrong: expected " in said
        assert f"{value}\n" not in said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "said_of_it"),
    [(None, "JINLIN_PETITION_RULES"), ("paces: 3", "paces"), ("[", "rules.yaml")],
)
def test_rules_that_cannot_be_used_are_named(
    tmp_path: Path, content: str | None, said_of_it: str
) -> None:
    file = tmp_path / "rules.yaml"
    if content is not None:
        file.write_text(content)
    settings = {**GOOD, "JINLIN_HTTP_PORT": str(free_port()), "JINLIN_PETITION_RULES": str(file)}
    code, said = run("petitions", settings)
    assert (code, "Traceback" in said) == (2, False), said
    assert said_of_it in said


@pytest.mark.slow
def test_an_occupied_port_is_named() -> None:
    with socket.socket() as holder:
        holder.bind((HOST, free_port()))
        holder.listen()
        port = holder.getsockname()[1]
        code, said = run("community", {**GOOD, "JINLIN_HTTP_PORT": str(port)})
    assert code == 2
    assert "Traceback" not in said
    assert f"JINLIN_HTTP_PORT {port} on {HOST} is taken by another program" in said


def test_a_mongod_that_is_no_replica_set_is_refused(
    own_mongo: Callable[..., MongoServer],
) -> None:
    mongo = own_mongo(replica_set=False)
    for uri in (mongo.uri, f"{mongo.uri}?replicaSet=jinlin"):
        settings = {**GOOD, "JINLIN_HTTP_PORT": str(free_port()), "JINLIN_MONGO_URI": uri}
        code, said = run("notifications", settings)
        assert code == 2, said
        assert "Traceback" not in said
        assert "JINLIN_MONGO_URI: MongoDB at" in said
        assert "is no replica set: start mongod with --replSet" in said


@pytest.fixture
def lonely(tmp_path: Path) -> Iterator[Callable[..., WebProcess]]:
    """`lonely(**settings)` starts petitions, whatever is there or not."""
    started: list[WebProcess] = []

    def start(**settings: str) -> WebProcess:
        process = service(
            "petitions",
            port=free_port(),
            log=tmp_path / "petitions.log",
            env={**GOOD, **settings},
        )
        started.append(process.start())
        until(lambda: says(process, "/livez"), "it lives")
        return process

    yield start
    for process in started:
        # How one ends that was asked to is tested elsewhere (tests/runtime/test_service.py).
        process.kill()


def says(process: WebProcess, path: str) -> httpx.Response | None:
    """What the process answers, None while nothing listens."""
    try:
        return httpx.get(process.url + path, trust_env=False)
    except httpx.TransportError:
        assert process.running, process.log_tail()
        return None


def parts(process: WebProcess) -> dict[str, Any]:
    """The parts of /readyz with their reasons; the status has to fit."""
    answer = httpx.get(f"{process.url}/readyz", trust_env=False)
    told: dict[str, Any] = answer.json()
    assert answer.status_code == (200 if told["status"] == "ok" else 503)
    state: dict[str, Any] = told["parts"]
    return state


def test_without_kafka_it_waits_says_so_and_takes_writes(
    mongo: MongoServer,
    database: str,
    issuer: IssuerProcess,
    own_kafka: Callable[..., KafkaServer],
    lonely: Callable[..., WebProcess],
) -> None:
    port = free_port()
    process = lonely(
        JINLIN_MONGO_URI=mongo.uri,
        JINLIN_MONGO_DATABASE=database,
        JINLIN_KAFKA_BOOTSTRAP=f"{HOST}:{port}",
        JINLIN_OIDC_ISSUER=issuer.url,
    )
    until(lambda: parts(process)["store"] == "ok", "the store is there")
    assert parts(process)["broker"] == "waiting for it since the start"
    until(lambda: f"{HOST}:{port}" in process.log.read_text(), "it says whom it waits for")
    token = issuer.token("resident-1", ["resident"])
    mine = httpx.get(
        f"{process.url}/petitions/mine",
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
    )
    assert mine.status_code == 200

    own_kafka(port=port)
    process.wait_ready()
    assert set(parts(process).values()) == {"ok"}


def test_without_mongodb_it_waits_says_so_and_sends_everybody_away(
    own_mongo: Callable[..., MongoServer],
    issuer: IssuerProcess,
    lonely: Callable[..., WebProcess],
) -> None:
    port = free_port()
    process = lonely(
        JINLIN_MONGO_URI=f"mongodb://{HOST}:{port}/?replicaSet=jinlin",
        JINLIN_OIDC_ISSUER=issuer.url,
    )
    assert parts(process) == {"store": "waiting for it since the start"}
    token = issuer.token("resident-1", ["resident"])
    asked = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    answer = httpx.get(f"{process.url}/petitions/mine", headers=asked, trust_env=False)
    assert answer.status_code == 503
    assert "retry-after" in answer.headers
    assert answer.json()["type"] == "urn:jinlin:problem:starting"
    until(lambda: "waiting_for_store" in process.log.read_text(), "it says what it waits for", 60)

    own_mongo(port=port)
    until(lambda: parts(process).get("store") == "ok", "the store is found", 60)


def test_without_the_issuer_callers_are_asked_to_come_again(
    mongo: MongoServer, database: str, lonely: Callable[..., WebProcess], tmp_path: Path
) -> None:
    issuer = IssuerProcess(
        port=free_port(), key_file=tmp_path / "key.json", log=tmp_path / "issuer.log"
    )
    process = lonely(
        JINLIN_MONGO_URI=mongo.uri,
        JINLIN_MONGO_DATABASE=database,
        JINLIN_OIDC_ISSUER=issuer.url,
    )
    until(lambda: parts(process)["store"] == "ok", "the store is there")
    asked = {"Authorization": f"Bearer {issuer.token('resident-1', ['resident'])}"}
    url = f"{process.url}/petitions/mine"
    answer = httpx.get(url, headers=asked, trust_env=False)
    assert answer.status_code == 503, answer.text
    assert answer.json()["type"] == "urn:jinlin:problem:identity-unavailable"
    assert "retry-after" in answer.headers
    with issuer:
        issuer.start().wait_ready()
        until(
            lambda: httpx.get(url, headers=asked, trust_env=False).status_code == 200,
            "the issuer's keys are found",
        )
