"""A service: its processes, its store, its secrets, how many there are and who reaches them."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from functools import cache

from deploy.compose.stores import DATABASE
from deploy.k8s import kafka, stores
from deploy.k8s.manifest import (
    COMPONENT,
    INGRESS,
    MONITORING,
    NAME,
    PART_OF,
    SERVICE,
    Doc,
    File,
    Part,
    labels,
    manifest,
    selects,
)
from deploy.k8s.processes import RUN_SECRETS, deployment, external_secret
from deploy.k8s.reaching import API_SERVER, comes, from_namespace, goes, policy, to_the_world
from deploy.local import stack
from deploy.local.layout import PORTS, SERVICES, WORK_APART
from shared.runtime.service import Service
from shared.runtime.topics import PARTITIONS

FEWEST = 2
MOST = PARTITIONS
"""More processes than partitions would have no events to handle."""
MOST_FOR_REQUESTS = 12
"""Of processes that handle no events."""
LAG = 2_000
"""Events that wait for each process before another is started: a second's work of one."""
BUSY = "700m"
"""Of a processor: a process uses one at most, so above this another is started."""
MEMORY = ("384Mi", "768Mi")
HTTPS, SUBMISSION, SUBMISSIONS = 443, 587, 465
OTLP = 4318
GATEWAY = "gateway"


def port(service: str) -> int:
    """Where it listens."""
    return PORTS[service].default


def secrets_of(service: str) -> dict[str, str]:
    """The settings that it needs secrets for, with the name of each secret."""
    beside = ("GATEWAY_CLIENT_SECRET",) if service == GATEWAY else ()
    return {f"JINLIN_{name}": name.lower() for name in (*_service(service).secrets, *beside)}


def service_file(name: str) -> File:
    """All that a service has of its own."""
    return File(f"{name}.yaml", f"All that {name} has of its own.", list(_parts(name)))


def _parts(name: str) -> Iterator[Part]:
    work = WORK_APART.get(name)
    yield Part("Its processes.", _deployment(name, name))
    yield Part("Where they are reached.", _address(name))
    yield Part("At most one is taken away at a time.", _disruption(name))
    many = "as requests need" if work else "as events and requests need"
    yield Part(f"How many there are: as many {many}.", _scaling(name, name))
    yield Part("Who comes to them, and where they go.", _reaching(name, name))
    if work:
        yield Part("Those that publish, react and keep deadlines.", _deployment(name, work))
        yield Part("Of those, too, at most one is taken away at a time.", _disruption(work))
        yield Part("How many of those there are: as many as events need.", _scaling(name, work))
        yield Part("Who comes to those, and where they go.", _reaching(name, work))
    if secrets_of(name):
        keys = {secret: secret for secret in secrets_of(name).values()}
        yield Part("What only it knows.", external_secret(f"{name}-secrets", name, keys))
    password = {"password": "store_password"}
    yield Part(
        "The password of its user in its store.",
        external_secret(stores.password_secret(name), name, password),
    )
    yield Part("Its store.", stores.mongodb(name))
    yield Part("Only it comes to its store, and the members to each other.", _store_reaching(name))


def environment(name: str, called: str) -> dict[str, str]:
    """What the processes of that name are told besides what all are told."""
    told = {
        "JINLIN_HTTP_PORT": str(port(name)),
        "JINLIN_MONGO_DATABASE": DATABASE.format(name),
        "JINLIN_MONGO_URI_FILE": f"{RUN_SECRETS}/store_uri",
    }
    told |= {
        f"{variable}_FILE": f"{RUN_SECRETS}/{file}" for variable, file in secrets_of(name).items()
    }
    if name in WORK_APART:
        told["JINLIN_REQUESTS_ONLY"] = "true" if called == name else "false"
    if name == GATEWAY:
        told |= stack.services_at(lambda service: f"http://{service}:{port(service)}")
    return told


def _deployment(name: str, called: str) -> Doc:
    files = {"store_uri": (stores.uri_secret(name), stores.URI_KEY)}
    files |= {secret: (f"{name}-secrets", secret) for secret in secrets_of(name).values()}
    made = deployment(
        called,
        SERVICE,
        f"services.{name}.main",
        port(name),
        environment(name, called),
        MEMORY,
        # Ready once, a process stays in the service as long as it answers: `/readyz` tells of the
        # broker and the store too, and without Kafka commands are taken as ever. Were it asked
        # for, a broker's absence would take every process of every service away at once.
        ready="/readyz",
        alive="/livez",
        secrets=files,
    )
    if name == GATEWAY:
        (container,) = made["spec"]["template"]["spec"]["containers"]
        container["envFrom"].append({"configMapRef": {"name": "gateway-settings"}})
    return made


def _address(name: str) -> Doc:
    spec = {
        "selector": {NAME: name},
        "ports": [{"name": "http", "port": port(name), "targetPort": "http"}],
    }
    return manifest("v1", "Service", name, spec, labels(name))


def _disruption(called: str) -> Doc:
    spec = {"maxUnavailable": 1, "selector": selects(called)}
    return manifest("policy/v1", "PodDisruptionBudget", called, spec)


def _scaling(name: str, called: str) -> Doc:
    consumes = _service(name).reactions is not None and WORK_APART.get(name, name) == called
    triggers: list[Doc] = [
        {"type": "cpu", "metricType": "AverageValue", "metadata": {"value": BUSY}}
    ]
    if consumes:
        # Without a topic named, all that the group reads are summed up.
        asked = {
            "bootstrapServers": kafka.BOOTSTRAP,
            "consumerGroup": name,
            "lagThreshold": str(LAG),
            "offsetResetPolicy": "earliest",
        }
        triggers.insert(0, {"type": "kafka", "metadata": asked})
    spec: Doc = {
        "scaleTargetRef": {"name": called},
        "pollingInterval": 15,
        "minReplicaCount": FEWEST,
        "maxReplicaCount": MOST if consumes else MOST_FOR_REQUESTS,
        "advanced": {
            "horizontalPodAutoscalerConfig": {
                # Each process that comes or goes has partitions given out anew: not too often.
                "behavior": {"scaleDown": {"stabilizationWindowSeconds": 600}}
            }
        },
        "triggers": triggers,
    }
    return manifest("keda.sh/v1alpha1", "ScaledObject", called, spec, labels(called))


def _reaching(name: str, called: str) -> Doc:
    watched = from_namespace(MONITORING)
    peers = [watched]
    if name == GATEWAY:
        peers.append(from_namespace(INGRESS))
    elif called == name:
        peers.append({"podSelector": selects(GATEWAY)})
    world = [HTTPS, SUBMISSION, SUBMISSIONS] if name == "notifications" else [HTTPS]
    ways = [
        goes(stores.PORT, {"podSelector": stores.pods(name)}),
        goes(kafka.PORT, kafka.POD),
        goes(OTLP, watched),
        to_the_world(*world),
    ]
    if name == GATEWAY:
        behind = {"podSelector": {"matchLabels": {COMPONENT: SERVICE, PART_OF: "jinlin"}}}
        ways += [goes(port(other), behind) for other in SERVICES if other != GATEWAY]
    return policy(called, selects(called), [comes(port(name), *peers)], ways)


def _store_reaching(name: str) -> Doc:
    members = {"podSelector": stores.pods(name)}
    own = [{"podSelector": selects(called)} for called in (name, WORK_APART.get(name)) if called]
    # What looks after a member says in its pod's annotations how far it is.
    ways = [goes(stores.PORT, members), API_SERVER]
    return policy(stores.store(name), stores.pods(name), [comes(stores.PORT, *own, members)], ways)


@cache
def _service(name: str) -> Service:
    service: Service = importlib.import_module(f"services.{name}.main").service
    return service
