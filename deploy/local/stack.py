"""The local run as a whole: MongoDB, Kafka, the development issuer and every service.

Each part is a process of its own with a log in var/logs and a pid file in var/run, and outlives
the program that started it. Ports and the directory are moved by the variables of layout.py.
"""

from __future__ import annotations

import os
import subprocess
import tomllib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from deploy.local.install import find_mongod
from deploy.local.issuer import AUDIENCE, IssuerProcess, local_issuer
from deploy.local.keycloak_server import KeycloakServer
from deploy.local.keycloak_server import install as install_keycloak
from deploy.local.layout import HOST, KAFKA_LIBS, PORTS, ROOT, SERVICES, LocalError, issuer_key, var
from deploy.local.processes import (
    Process,
    Started,
    WebProcess,
    answers,
    need_free_port,
    port_is_free,
    service,
)
from deploy.local.servers import REPLICA_SET, KafkaServer, MongoServer

SERVERS = ("mongod", "kafka", "issuer")
"""The parts that services need, started before them and stopped after them."""

KEYCLOAK = "keycloak"
"""A part that only `idp` starts."""

GRACE = {"mongod": 30.0, "kafka": 30.0, KEYCLOAK: 30.0}
"""Seconds a part has to end by itself before it is killed."""

SERVICE_GRACE = 15.0
KEYS = {
    "JINLIN_LEDGER_KEY": (
        "PRIVATE+KEY+jinlin.local/ledger+a52709d0+BBiSG75UCbqrhrjJ8W9LgL9BmzR4tumybllYcdkn9Dvq"
    ),
}
"""Private keys of the local run, known to everybody, too."""
SECRETS = {
    f"JINLIN_{name}": "of-the-local-run-only-and-known-to-everybody"
    for name in (
        "QUERY_CODE_SECRET",
        "CHECK_IN_SECRET",
        "CALENDAR_FEED_SECRET",
        "TILL_CODE_SECRET",
        "SIGN_CODE_SECRET",
        "CONTACT_SECRET",
        "COOKIE_SECRET",
    )
} | KEYS
"""What services make codes from and sign with, where nobody's own are given."""
READY_WITHIN = 60.0
"""Seconds a service has from its start to /readyz."""


@dataclass(frozen=True)
class Status:
    """How one part is: `pid` None when it does not run, `uptime` in seconds."""

    name: str
    pid: int | None
    port: int
    ready: bool
    version: str
    uptime: float
    address: str


# --- what a service is told --------------------------------------------------------------------


def environment(name: str) -> dict[str, str]:
    """The JINLIN_ settings of a service in the local run.

    Everything else of this process's environment reaches the service too (JINLIN_LOG_LEVEL,
    JINLIN_MONGO_DRIVER, JINLIN_PETITION_RULES ...). Raises LocalError for an unknown service.
    """
    if name not in SERVICES:
        raise LocalError(f"there is no service {name!r}: there are {', '.join(SERVICES)}")
    return {
        "JINLIN_MODE": "local",
        "JINLIN_HTTP_HOST": HOST,
        "JINLIN_HTTP_PORT": str(PORTS[name].value),
        "JINLIN_MONGO_URI": mongo_uri(),
        "JINLIN_MONGO_DATABASE": f"jinlin_{name}",
        "JINLIN_MONGO_DRIVER": os.environ.get("JINLIN_MONGO_DRIVER", "pymongo"),
        "JINLIN_KAFKA_BOOTSTRAP": kafka_bootstrap(),
        "JINLIN_OIDC_ISSUER": os.environ.get("JINLIN_OIDC_ISSUER", local_issuer()),
        "JINLIN_OIDC_AUDIENCE": AUDIENCE,
        "JINLIN_LOG_LEVEL": os.environ.get("JINLIN_LOG_LEVEL", "info"),
        **{name: os.environ.get(name, value) for name, value in SECRETS.items()},
        **_beside(name),
    }


def _beside(name: str) -> dict[str, str]:
    """What one service alone is told."""
    anchors, public = "JINLIN_LEDGER_ANCHOR_FILE", "JINLIN_PUBLIC_URL"
    match name:
        case "ledger":
            return {anchors: os.environ.get(anchors, str(var() / "ledger" / "anchors.jsonl"))}
        case "gateway":
            return {public: public_url(), **services_at(service_url)}
    return {}


def public_url() -> str:
    """The gateway's address in browsers."""
    return os.environ.get("JINLIN_PUBLIC_URL", f"http://localhost:{PORTS['gateway'].value}")


def services_at(url: Callable[[str], str]) -> dict[str, str]:
    """What the gateway is told of where the services are; `url` gives the address of each."""
    return {f"JINLIN_{name.upper()}_URL": url(name) for name in SERVICES if name != "gateway"}


def mongo_uri() -> str:
    """The address of the local run's MongoDB."""
    return f"mongodb://{HOST}:{PORTS['mongod'].value}/?replicaSet={REPLICA_SET}"


def kafka_bootstrap() -> str:
    """The address of the local run's Kafka."""
    return f"{HOST}:{PORTS['kafka'].value}"


def service_url(name: str) -> str:
    """The address of a service of the local run, without a slash at the end."""
    return f"http://{HOST}:{PORTS[name].value}"


# --- up ----------------------------------------------------------------------------------------


def up(services: Sequence[str] = SERVICES, say: Callable[[str], None] = print) -> list[Status]:
    """Start what does not run yet, wait until all of it is ready, and return how it is.

    Raises LocalError, with what to do, when a port is taken or a part does not get ready; what
    this call had started is stopped again then.
    """
    mode = os.environ.get("JINLIN_MODE", "local")
    if mode != "local":
        raise LocalError(f"this is the local run, but JINLIN_MODE={mode!r}: unset it")
    begun: list[str] = []
    try:
        # The servers get ready side by side; the services need all of them at once.
        for group in (SERVERS, services):
            fresh = []
            for name in group:
                if running := started(name):
                    say(f"{name} is running already (pid {running.pid}, port {running.port})")
                else:
                    fresh.append(name)
            for name in fresh:
                _need_ports(name)
            begun += fresh
            _side_by_side(fresh)
    except LocalError:
        down(begun, say=lambda _: None)
        raise
    return [status(name) for name in (*SERVERS, *services)]


def idp(say: Callable[[str], None] = print) -> str:
    """Install Keycloak, unless that was done, and start it, unless it runs: its address as an
    issuer. Raises LocalError.
    """
    install_keycloak()
    keycloak = _keycloak()
    if running := started(KEYCLOAK):
        say(f"{KEYCLOAK} is running already (pid {running.pid}, port {running.port})")
    else:
        _need_ports(KEYCLOAK)
        _start(KEYCLOAK)
    return keycloak.issuer


def _need_ports(name: str) -> None:
    for part in (name, "kafka controller") if name == "kafka" else (name,):
        need_free_port(PORTS[part].value, part, PORTS[part].variable)


def _side_by_side(names: Sequence[str]) -> None:
    if not names:
        return
    with ThreadPoolExecutor(len(names)) as threads:
        errors = [call.exception() for call in [threads.submit(_start, name) for name in names]]
    if wrong := [error for error in errors if error is not None]:
        raise wrong[0]


def _start(name: str) -> None:
    process = _process(name)
    process.pid_file = pid_file(name)
    process.start()
    if isinstance(process, WebProcess):
        process.wait_ready(READY_WITHIN)


def _process(name: str) -> Process:
    log = log_file(name)
    if name == "mongod":
        directory = var() / "data" / "mongod"
        port = PORTS["mongod"]
        return MongoServer(directory, port.value, cache_gb=1, log=log, variable=port.variable)
    if name == "kafka":
        port, controller = PORTS["kafka"], PORTS["kafka controller"]
        return KafkaServer(
            var() / "data" / "kafka",
            port.value,
            controller_port=controller.value,
            log=log,
            variable=port.variable,
            controller_variable=controller.variable,
        )
    if name == KEYCLOAK:
        return _keycloak()
    port = PORTS[name]
    if name == "issuer":
        return IssuerProcess(port=port.value, key_file=issuer_key(), log=log)
    return service(name, port=port.value, log=log, env=environment(name))


def _keycloak() -> KeycloakServer:
    port = PORTS[KEYCLOAK]
    return KeycloakServer(
        var() / "data" / KEYCLOAK,
        port.value,
        public_url=public_url(),
        log=log_file(KEYCLOAK),
        variable=port.variable,
    )


# --- down, status ------------------------------------------------------------------------------


def down(
    names: Iterable[str] = (*SERVERS, KEYCLOAK, *SERVICES), say: Callable[[str], None] = print
) -> None:
    """Stop the parts that run, the last started first; each is killed after its grace."""
    running = [(name, part) for name in reversed(list(names)) if (part := started(name))]
    if not running:
        say("nothing is running")
    for name, part in running:
        willing = part.stop(GRACE.get(name, SERVICE_GRACE))
        say(f"{name} stopped" if willing else f"{name} did not end by itself and was killed")


def started(name: str) -> Started | None:
    """The running process of a part, by its pid file."""
    return Started.load(pid_file(name))


def status(name: str) -> Status:
    """How one part of the local run is."""
    process = started(name)
    port = process.port if process else PORTS[name].value
    return Status(
        name=name,
        pid=process.pid if process else None,
        port=port,
        ready=process is not None and _ready(name, port),
        version=_version(name),
        uptime=process.uptime if process else 0,
        address=_address(name, port),
    )


def _ready(name: str, port: int) -> bool:
    if name in ("mongod", "kafka"):
        return not port_is_free(port)
    return answers(f"http://{HOST}:{port}/readyz")


def _address(name: str, port: int) -> str:
    if name == "mongod":
        return f"mongodb://{HOST}:{port}/?replicaSet={REPLICA_SET}"
    return f"{HOST}:{port}" if name == "kafka" else f"http://{HOST}:{port}"


def _version(name: str) -> str:
    if name == "mongod":
        mongod = find_mongod()
        if mongod is None:
            return ""
        told = subprocess.run([mongod, "--version"], capture_output=True, text=True, check=False)
        # "db version v6.0.5" in the first line.
        return told.stdout.partition("\n")[0].rpartition("v")[2]
    if name == "kafka":
        jars = sorted(KAFKA_LIBS.glob("kafka-clients-*.jar"))
        return jars[0].stem.rpartition("-")[2] if jars else ""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return str(project["version"])


def pid_file(name: str) -> Path:
    """Where a part's process id is kept."""
    return var() / "run" / f"{name}.json"


def log_file(name: str) -> Path:
    """Where a part writes what it has to say."""
    return var() / "logs" / f"{name}.log"
