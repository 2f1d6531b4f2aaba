"""The manifests by themselves, without a cluster: what runs, what it is told, who reaches whom."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from pymongo.uri_parser import parse_uri

from deploy.backup.__main__ import parser
from deploy.backup.keeping import Ages
from deploy.backup.platform import contained
from deploy.backup.sealing import KEY, key_in
from deploy.compose.stores import ROLES
from deploy.k8s.writing import FOLDER, written
from deploy.kafka.subscriber import rights
from deploy.local.layout import PORTS, ROOT, SERVICES, WORK_APART
from deploy.local.servers import TRANSACTION_SECONDS
from services.gateway.settings import read_gateway_settings
from shared.contracts.envelope import topic
from shared.runtime.topics import PARTITIONS, topics_of
from tests.deploy.kubernetes import (
    BASE,
    KUSTOMIZATION,
    OVERLAY_NAMES,
    container_of,
    database,
    environment_of,
    kustomize,
    manifests,
    mount,
    mount_of,
    of_kind,
    secrets_of,
    services_of,
)
from tests.deploy.reached import WORLD, Pod, reaches
from tests.deploy.told import SERVICE_OF, check_told, service_called

BUILT = pytest.mark.skipif(kustomize() is None, reason="neither kustomize nor a kubectl with 5.x")
EVERYWHERE = [BASE, *(pytest.param(name, marks=BUILT) for name in OVERLAY_NAMES)]
SCHEDULES = {BASE: "10 2 * * *", "small": "10 2 * * *", "city": "5 * * * *"}
HAND_WRITTEN = {"kustomization.yaml", "namespace.yaml"}
SHARDED_BY = {("dossiers", "stream"), ("readings", "stream"), ("fs.chunks", "files_id")}
"""What has no unique index, or one that begins with the key."""
POLICIES = tuple(of_kind(manifests(BASE), "NetworkPolicy").values())
KAFKA = Pod({"strimzi.io/cluster": "jinlin", "app.kubernetes.io/name": "kafka"})


def pod_of(name: str) -> Pod:
    """Of a Deployment, or what a CronJob starts."""
    started = of_kind(manifests(BASE), "Deployment") | {
        name: cron["spec"]["jobTemplate"]
        for name, cron in of_kind(manifests(BASE), "CronJob").items()
    }
    return Pod(started[name]["spec"]["template"]["metadata"]["labels"])


def member_of(service: str) -> Pod:
    """A member of a service's store, as the operator labels it."""
    return Pod({"app": f"{service}-store-svc"})


def test_what_is_written_is_up_to_date() -> None:
    texts = written()
    for name, text in texts.items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, "python -m deploy.k8s"
    there = {file.name for file in FOLDER.glob("*.yaml")}
    assert there == set(texts) | HAND_WRITTEN
    assert set(KUSTOMIZATION["resources"]) == there - {"kustomization.yaml"}


@pytest.mark.parametrize("which", EVERYWHERE)
def test_every_setting_that_a_service_needs_is_given_and_none_else(
    which: str, tmp_path: Path
) -> None:
    docs = manifests(which)
    assert set(services_of(docs)) == set(SERVICE_OF)
    for called, name in SERVICE_OF.items():
        folder = tmp_path / called
        folder.mkdir()
        mount(docs, called, folder)
        told = environment_of(docs, called, folder)
        settings = check_told(name, told)
        assert settings.requests_only is (called in WORK_APART)
        assert settings.mode == "production"
        assert settings.kafka_replication == 3
        assert settings.kafka_bootstrap == "jinlin-kafka-bootstrap:9092"
        if name == "gateway":
            assert read_gateway_settings(told).public_url.startswith("https://")


def test_a_pod_has_the_secrets_of_its_own_service_alone() -> None:
    for called, deployment in services_of(manifests(BASE)).items():
        name = SERVICE_OF[called]
        sources = [
            source["secret"]
            for volume in deployment["spec"]["template"]["spec"]["volumes"]
            for source in volume.get("projected", {}).get("sources", ())
        ]
        assert {one["name"] for one in sources} <= {f"{name}-store-uri", f"{name}-secrets"}
        given = {item["path"] for one in sources for item in one["items"]}
        assert given >= {"store_uri", *(one.lower() for one in service_called(name).secrets)}
        assert "store_uri" not in secrets_of(manifests(BASE)).get(f"{name}-secrets", {})


@pytest.mark.parametrize("which", EVERYWHERE)
def test_no_secret_stands_in_a_value(which: str) -> None:
    assert not of_kind(manifests(which), "Secret")
    for doc in manifests(which):
        text = yaml.safe_dump(doc)
        assert not re.search(r"://[^/\s]*:[^/\s]*@", text), doc["metadata"]["name"]


@pytest.mark.parametrize("which", EVERYWHERE)
def test_processes_have_no_rights_and_write_nowhere(which: str) -> None:
    for name, deployment in of_kind(manifests(which), "Deployment").items():
        pod = deployment["spec"]["template"]["spec"]
        assert pod["automountServiceAccountToken"] is False, name
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] == 10001
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        container = container_of(deployment)
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert set(container["resources"]) == {"requests", "limits"}
        assert container["resources"]["limits"]["memory"]
        assert all("emptyDir" in one or "projected" in one for one in pod["volumes"])


def test_a_service_is_asked_whether_it_is_ready_and_then_whether_it_answers() -> None:
    for name, deployment in services_of(manifests(BASE)).items():
        container = container_of(deployment)
        asked = {
            probe: container[probe]["httpGet"]["path"]
            for probe in ("startupProbe", "readinessProbe", "livenessProbe")
        }
        # With `/readyz` for readiness a broker that is away would take every process out.
        assert asked == {
            "startupProbe": "/readyz",
            "readinessProbe": "/livez",
            "livenessProbe": "/livez",
        }
        assert container["ports"] == [
            {"name": "http", "containerPort": PORTS[SERVICE_OF[name]].default}
        ]


@pytest.mark.parametrize("which", EVERYWHERE)
def test_a_service_is_spread_scaled_and_never_taken_away_whole(which: str) -> None:
    docs = manifests(which)
    for name, deployment in services_of(docs).items():
        own = {"matchLabels": {"app.kubernetes.io/name": name}}
        spec = deployment["spec"]
        assert spec["selector"] == own
        assert "replicas" not in spec, "KEDA says how many"
        assert spec["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}
        over = spec["template"]["spec"]["topologySpreadConstraints"]
        assert {one["topologyKey"] for one in over} == {
            "topology.kubernetes.io/zone",
            "kubernetes.io/hostname",
        }
        assert all(one["labelSelector"] == own for one in over)
        budget = of_kind(docs, "PodDisruptionBudget")[name]["spec"]
        assert budget == {"maxUnavailable": 1, "selector": own}
        scaled = of_kind(docs, "ScaledObject")[name]["spec"]
        assert scaled["scaleTargetRef"] == {"name": name}
        assert 2 <= scaled["minReplicaCount"] <= scaled["maxReplicaCount"]


def test_lag_scales_what_handles_events_up_to_one_process_a_partition() -> None:
    for called, scaled in of_kind(manifests(BASE), "ScaledObject").items():
        triggers = {one["type"]: one["metadata"] for one in scaled["spec"]["triggers"]}
        name = SERVICE_OF[called]
        if service_called(name).reactions is None or called in WORK_APART:
            assert set(triggers) == {"cpu"}
            continue
        assert triggers["kafka"]["consumerGroup"] == name
        assert triggers["kafka"]["bootstrapServers"] == "jinlin-kafka-bootstrap:9092"
        assert scaled["spec"]["maxReplicaCount"] <= PARTITIONS


@pytest.mark.parametrize("which", EVERYWHERE)
def test_each_service_has_a_store_of_its_own(which: str) -> None:
    found = of_kind(manifests(which), "MongoDBCommunity")
    assert set(found) == {f"{name}-store" for name in SERVICES}
    for name in SERVICES:
        spec = found[f"{name}-store"]["spec"]
        assert spec["members"] == 3
        user, backing_up = spec["users"]
        assert (user["name"], user["db"]) == (name, database(name))
        assert (backing_up["name"], backing_up["db"]) == ("backup", database(name))
        assert backing_up["roles"] == [{"name": "backup", "db": database(name)}]
        (role,) = spec["security"]["roles"]
        assert role["roles"] == [{"name": "read", "db": database(name)}]
        (privilege,) = role["privileges"]
        assert privilege["resource"] == {"db": database(name), "collection": "leases"}
        assert privilege["actions"] == ["insert", "update"]
        rights_there = {role["name"]: role["db"] for role in user["roles"] if role["db"] != "admin"}
        assert rights_there == {role: database(name) for role in ROLES if isinstance(role, str)}
        assert spec["security"]["authentication"]["modes"] == ["SCRAM"]
        assert spec["additionalMongodConfig"]["setParameter"] == {
            "transactionLifetimeLimitSeconds": TRANSACTION_SECONDS
        }


def test_topics_are_as_services_make_them() -> None:
    found = of_kind(manifests(BASE), "KafkaTopic")
    wanted = {spec.name: spec for name in SERVICES for spec in topics_of(name, replication=3)}
    assert set(found) == set(wanted)
    for name, spec in wanted.items():
        assert found[name]["spec"] == {
            "partitions": spec.partitions,
            "replicas": spec.replication,
            "config": spec.configs(),
        }


@BUILT
@pytest.mark.parametrize("which", OVERLAY_NAMES)
def test_an_overlay_has_kafka_nodes_secrets_and_an_image(which: str) -> None:
    docs = manifests(which)
    pools = [one["spec"] for one in of_kind(docs, "KafkaNodePool").values()]
    for role in ("controller", "broker"):
        assert sum(pool["replicas"] for pool in pools if role in pool["roles"]) >= 3
    assert set(of_kind(docs, "SecretStore")) == {"city"}
    asked = {
        one["spec"]["secretStoreRef"]["name"] for one in of_kind(docs, "ExternalSecret").values()
    }
    assert asked == {"city"}
    for deployment in of_kind(docs, "Deployment").values():
        assert re.fullmatch(
            r"[a-z.]+/jinlin/platform:\d+\.\d+\.\d+", container_of(deployment)["image"]
        )
    # What kustomize builds are all of one namespace.
    assert {doc["metadata"].get("namespace") for doc in docs if doc["kind"] != "Namespace"} == {
        "jinlin"
    }


@BUILT
def test_a_subscriber_may_what_one_of_kafkas_own_tool_may() -> None:
    (user,) = of_kind(manifests("city"), "KafkaUser").values()
    given = {
        (
            acl["resource"]["type"],
            acl["resource"]["name"],
            {"literal": "LITERAL", "prefix": "PREFIXED"}[acl["resource"]["patternType"]],
            tuple(operation.upper() for operation in acl["operations"]),
        )
        for acl in user["spec"]["authorization"]["acls"]
    }
    assert given == {
        (
            right.resource_pattern.resource_type.name.lower(),
            right.resource_pattern.resource_name,
            right.resource_pattern.pattern_type.name,
            (right.operation.name,),
        )
        for right in rights(user["metadata"]["name"], ["community", "petitions"])
    }
    assert topic("petitions").startswith("petitions.events.")


def test_only_the_gateway_is_reached_from_outside() -> None:
    ingress = Pod(namespace="ingress-nginx")
    services = {called: PORTS[name].default for called, name in SERVICE_OF.items()}
    ports = services | {"exporter": PORTS["exporter"].default}
    open_to = {
        name for name, port in ports.items() if reaches(POLICIES, ingress, pod_of(name), port)
    }
    assert open_to == {"gateway"}
    for name, port in ports.items():
        assert not reaches(POLICIES, WORLD, pod_of(name), port)
        assert not reaches(POLICIES, Pod(namespace="another"), pod_of(name), port)
    (way_in,) = of_kind(manifests(BASE), "Ingress").values()
    (rule,) = way_in["spec"]["rules"]
    (path,) = rule["http"]["paths"]
    assert path["backend"]["service"]["name"] == "gateway"
    assert [one["hosts"] for one in way_in["spec"]["tls"]] == [[rule["host"]]]


@pytest.mark.parametrize("called", [*SERVICE_OF, "exporter"])
def test_a_store_is_reached_by_its_service_alone(called: str) -> None:
    for other in SERVICES:
        reached = reaches(POLICIES, pod_of(called), member_of(other), 27017)
        assert reached is (SERVICE_OF.get(called) == other), f"{called} to the store of {other}"


def test_what_backs_up_reaches_stores_and_kafka_and_nobody_reaches_it() -> None:
    backup = pod_of("backup")
    assert all(reaches(POLICIES, backup, member_of(name), 27017) for name in SERVICES)
    for name in SERVICES:
        assert not reaches(POLICIES, backup, pod_of(name), PORTS[name].default)
        assert not reaches(POLICIES, pod_of(name), backup, PORTS[name].default)
    for port in (443, 6443, 27017):
        assert not reaches(POLICIES, backup, WORLD, port)
    assert not reaches(POLICIES, Pod(namespace="monitoring"), backup, 8080)


@pytest.mark.parametrize("which", EVERYWHERE)
def test_backups_are_made_with_the_least_rights_and_kept_as_the_overlay_says(
    which: str, tmp_path: Path
) -> None:
    docs = manifests(which)
    cron = of_kind(docs, "CronJob")["backup"]["spec"]
    assert cron["concurrencyPolicy"] == "Forbid"
    assert cron["timeZone"] == "Asia/Shanghai"
    assert cron["schedule"] == SCHEDULES[which]
    pod = cron["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    service = of_kind(docs, "Deployment")["petitions"]["spec"]["template"]["spec"]
    for right in ("automountServiceAccountToken", "securityContext"):
        assert pod[right] == service[right]
    assert container["securityContext"] == service["containers"][0]["securityContext"]
    assert container["resources"]["limits"]["memory"]
    written = [one for one in container["volumeMounts"] if not one.get("readOnly")]
    assert {one["mountPath"] for one in written} == {"/tmp", "/backups"}
    # What it is given is what it needs, and no service's own user is among it.
    mount_of(docs, pod, tmp_path)
    given = {file.name for file in tmp_path.iterdir()}
    assert given == {"backup_key", *(f"{name}_backup_uri" for name in SERVICES)}
    assert len(key_in(tmp_path / "backup_key")) == KEY
    (settings,) = container["envFrom"]
    told = of_kind(docs, "ConfigMap")[settings["configMapRef"]["name"]]["data"]
    platform = contained(tmp_path, told)
    assert [place.service for place in platform.stores] == list(SERVICES)
    for place in platform.stores:
        assert parse_uri(place.uri)["username"] == "backup"
        assert place.database == database(place.service)
    said = {f"$({one['name']})": one["value"] for one in container["env"]}
    command = [
        f"{name}={said.get(value, value)}"
        for name, _, value in (one.partition("=") for one in container["args"])
    ]
    options = parser().parse_args([*container["command"][3:], *command])
    assert Ages.read(options.keep).monthly == 366
    # What the alert goes by is what the schedule means.
    assert options.scheduled == (1 if cron["schedule"].endswith(" * * * *") else 24)
    claims = of_kind(docs, "PersistentVolumeClaim")
    (volume,) = [one for one in pod["volumes"] if "persistentVolumeClaim" in one]
    assert volume["persistentVolumeClaim"]["claimName"] in claims


@pytest.mark.parametrize("namespace", [None, "ingress-nginx", "monitoring", "keda"])
def test_a_store_is_reached_from_nowhere_else(namespace: str | None) -> None:
    for name in SERVICES:
        assert not reaches(POLICIES, Pod(namespace=namespace), member_of(name), 27017)


def test_members_of_a_store_reach_each_other_and_no_other_store() -> None:
    for name in SERVICES:
        for other in SERVICES:
            reached = reaches(POLICIES, member_of(name), member_of(other), 27017)
            assert reached is (name == other)


def test_services_call_nobody_but_what_they_stand_on() -> None:
    for name in SERVICE_OF:
        for other, service in SERVICE_OF.items():
            reached = reaches(POLICIES, pod_of(name), pod_of(other), PORTS[service].default)
            asked = name == "gateway" != other and other in SERVICES
            assert reached is asked, f"{name} to {other}"
        assert reaches(POLICIES, pod_of(name), WORLD, 443), "issuers are in the world"
        assert not reaches(POLICIES, pod_of(name), Pod(namespace="another"), 443)
        port = PORTS[SERVICE_OF[name]].default
        assert reaches(POLICIES, Pod(namespace="monitoring"), pod_of(name), port)


def test_services_come_to_kafka() -> None:
    (cluster,) = of_kind(manifests(BASE), "Kafka").values()
    (plain,) = cluster["spec"]["kafka"]["listeners"]
    # What Strimzi makes of the listener's peers.
    listener = {
        "spec": {
            "podSelector": {"matchLabels": {"strimzi.io/cluster": "jinlin"}},
            "policyTypes": ["Ingress"],
            "ingress": [{"from": plain["networkPolicyPeers"], "ports": [{"port": plain["port"]}]}],
        }
    }
    policies = (*POLICIES, listener)
    for name in (*SERVICE_OF, "exporter", "backup"):
        assert reaches(policies, pod_of(name), KAFKA, 9092)
        assert not reaches(policies, member_of("petitions"), KAFKA, 9092)
    assert reaches(policies, Pod(namespace="keda"), KAFKA, 9092)
    assert not reaches(policies, Pod(namespace="ingress-nginx"), KAFKA, 9092)
    assert cluster["spec"]["kafka"]["authorization"]["superUsers"] == ["ANONYMOUS"]
    assert cluster["spec"]["kafka"]["config"]["auto.create.topics.enable"] is False


def test_prometheus_asks_everybody_and_has_every_rule() -> None:
    docs = manifests(BASE)
    monitors = [one["spec"] for one in of_kind(docs, "PodMonitor").values()]
    for name, deployment in of_kind(docs, "Deployment").items():
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        jobs = [
            labels[one["jobLabel"]]
            for one in monitors
            if one["selector"]["matchLabels"].items() <= labels.items()
        ]
        assert jobs == ["exporter" if name == "exporter" else "jinlin"]
        ports = {port["name"] for port in container_of(deployment)["ports"]}
        assert {one["port"] for spec in monitors for one in spec["podMetricsEndpoints"]} == ports
    rules = of_kind(docs, "PrometheusRule")
    files = list((ROOT / "deploy" / "prometheus" / "rules").glob("*.yml"))
    assert set(rules) == {file.stem for file in files}
    for file in files:
        groups = yaml.safe_load(file.read_text(encoding="utf-8"))["groups"]
        assert rules[file.stem]["spec"] == {"groups": groups}


def test_what_the_guide_shards_has_no_unique_index_in_the_way() -> None:
    guide = (ROOT / "docs" / "guides" / "deploying.md").read_text(encoding="utf-8")
    sharded = re.findall(r'shardCollection\("jinlin_([a-z]+)\.([a-z_.-]+)", \{(\w+):', guide)
    assert {service for service, _, _ in sharded} == {"notifications", "petitions"}
    for service, collection, key in sharded:
        kinds = {f"state_{kind.name}": kind for kind in service_called(service).kinds}
        if collection in kinds:
            assert key == "_id"
            assert not any(index.unique for index in kinds[collection].indexes)
        else:
            assert (collection, key) in SHARDED_BY
