"""The compose file by itself, without Docker: what runs, what it is told, who reaches whom."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from deploy.compose import prepare, stores
from deploy.compose.prepare import makers
from deploy.local.layout import ROOT, SERVICES, WORK_APART
from deploy.local.servers import TRANSACTION_SECONDS
from services.gateway.settings import read_gateway_settings
from shared.runtime.settings import read_settings
from tests.deploy.compose_file import compose_file, env_file, variables
from tests.deploy.told import SERVICE_OF, check_told, known_to

WHOLE = compose_file()
RUN: Mapping[str, dict[str, Any]] = WHOLE["services"]
STORES = [name for name in RUN if re.fullmatch(r"[a-z]+-store(-\d)?", name)]
BROKERS = [name for name in RUN if name.startswith("kafka")]
PROCESSES = (*SERVICES, *WORK_APART.values(), "issuer")
OPEN_TO_THIS_MACHINE = {"issuer", "keycloak", "prometheus", "alertmanager", "grafana"}
JOBS = {"prepare", "stores", "smoke"}
"""What ends when its work is done."""


def processes_of(service: str) -> set[str]:
    """What its containers are called."""
    return {called for called, name in SERVICE_OF.items() if name == service}


def networks(name: str) -> set[str]:
    return set(RUN[name].get("networks", ()))


def secret_names(name: str) -> set[str]:
    """The secrets that a container is given, by the names of their files."""
    given = RUN[name].get("secrets", ())
    return {one if isinstance(one, str) else one["source"] for one in given}


def mounted(name: str) -> dict[str, str]:
    """The secrets of a container by where they are found in it."""
    return {
        f"/run/secrets/{one if isinstance(one, str) else one['target']}": (
            one if isinstance(one, str) else one["source"]
        )
        for one in RUN[name].get("secrets", ())
    }


def environment_of(
    name: str, made: Path, run: Mapping[str, dict[str, Any]] = RUN
) -> dict[str, str]:
    """What a service is told, with secrets where `prepare` made them."""
    told: dict[str, str] = {}
    for variable, text in run[name]["environment"].items():
        told[variable] = text
        if variable.endswith("_FILE") and text.startswith("/run/secrets/"):
            told[variable] = str(made / mounted(name)[text])
    return told


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("secrets")
    prepare.prepare(folder)
    return folder


def test_what_includes_say_twice_is_the_same() -> None:
    assert set(SERVICES) < set(RUN)


def test_profiles_are_the_ones_that_are_described() -> None:
    profiles = {profile for one in RUN.values() for profile in one.get("profiles", ())}
    assert profiles == {"full", "keycloak", "replicated", "smoke", "prepare"}
    always = {name for name, one in RUN.items() if not one.get("profiles")}
    first = {stores.ADDRESS.format(name) for name in SERVICES}
    assert always == {*PROCESSES, *first, "kafka", "stores"}


@pytest.mark.parametrize("called", SERVICE_OF)
def test_every_setting_that_a_service_needs_is_given(called: str, made: Path) -> None:
    name = SERVICE_OF[called]
    settings = check_told(name, environment_of(called, made))
    assert f"@{stores.ADDRESS.format(name)}/" in settings.mongo_uri
    assert settings.requests_only is (called in WORK_APART)


def test_what_services_know_is_read_from_the_guide() -> None:
    assert {"JINLIN_MODE", "JINLIN_OTLP_ENDPOINT"} <= known_to("ledger")
    assert "JINLIN_LEDGER_KEY" in known_to("ledger") - known_to("petitions")
    assert "JINLIN_PETITIONS_URL" in known_to("gateway") - known_to("petitions")


@pytest.mark.parametrize("name", SERVICES)
def test_production_needs_an_issuer_and_an_address_with_tls(name: str, made: Path) -> None:
    outside = {
        "JINLIN_MODE": "production",
        "JINLIN_OIDC_ISSUER": "https://issuer.example",
        "JINLIN_PUBLIC_URL": "https://city.example",
        "JINLIN_ISSUERS": "0",
    }
    told = compose_file(outside)["services"]
    assert told["issuer"]["deploy"]["replicas"] == "0"
    settings = read_settings(environment_of(name, made, told))
    assert settings.mode == "production"
    assert settings.oidc_issuer == outside["JINLIN_OIDC_ISSUER"]
    if name == "gateway":
        gateway = read_gateway_settings(environment_of(name, made, told))
        assert gateway.public_url == outside["JINLIN_PUBLIC_URL"]


def test_only_the_gateway_is_open_to_the_world() -> None:
    ports = {name: one["ports"] for name, one in RUN.items() if one.get("ports")}
    assert ports.pop("gateway") == ["8080:8080"]
    assert set(ports) == OPEN_TO_THIS_MACHINE
    for name, published in ports.items():
        assert all(port.startswith("127.0.0.1:") for port in published), name


@pytest.mark.parametrize("name", SERVICES)
def test_a_store_is_reached_by_its_service_alone(name: str) -> None:
    network = stores.ADDRESS.format(name)
    assert WHOLE["networks"][network] == {"internal": True}
    there = {one for one in RUN if network in networks(one)}
    members = {network, f"{network}-2", f"{network}-3"}
    assert there == {*processes_of(name), *members, "stores", "smoke"}
    assert networks(network) == networks(f"{network}-2") == networks(f"{network}-3") == {network}


def test_kafka_is_reached_by_the_services_alone() -> None:
    assert {one for one in RUN if "bus" in networks(one)} >= {*SERVICE_OF, *BROKERS, "smoke"}
    assert WHOLE["networks"]["bus"] == {"internal": True}
    for broker in BROKERS:
        assert networks(broker) == {"bus"}
        assert "ports" not in RUN[broker]


def test_images_are_named_by_version() -> None:
    for name, one in RUN.items():
        image, _, tag = one["image"].rpartition(":")
        assert image, name
        assert re.match(r"v?\d+\.\d+", tag), (name, tag)
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text()
    base = re.search(r"^ARG PYTHON_IMAGE=(\S+)$", dockerfile, re.MULTILINE)
    assert base
    assert re.fullmatch(r"python:\d+\.\d+-slim-\w+", base[1])
    assert set(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)) == {"${PYTHON_IMAGE}"}


def test_what_goes_on_is_asked_for_its_health() -> None:
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text()
    assert re.search(r"^HEALTHCHECK ", dockerfile, re.MULTILINE)
    for name in set(RUN) - JOBS:
        ours = RUN[name]["image"].startswith("jinlin/") and name != "exporter"
        assert ours or RUN[name]["healthcheck"]["test"][0] == "CMD", name
        assert "healthcheck" not in RUN[name] or not ours, f"{name} has the image's"


def test_everything_begins_when_what_it_stands_on_is_ready() -> None:
    for name in SERVICE_OF:
        assert RUN[name]["depends_on"] == {
            "stores": {"condition": "service_completed_successfully"},
            "kafka": {"condition": "service_healthy"},
        }
    waited_for = RUN["stores"]["depends_on"]
    assert set(waited_for) == set(STORES)
    assert {one["condition"] for one in waited_for.values()} == {"service_healthy"}
    for name in STORES:
        # Where the profile is not asked for, the members of it are not there to be waited for.
        assert waited_for[name].get("required", True) is not bool(RUN[name].get("profiles"))


def test_no_secret_stands_in_a_value() -> None:
    allowed = {"JINLIN_MONGO_URI_FILE", "JINLIN_ISSUER_KEY"}
    for name, one in RUN.items():
        for variable, text in one.get("environment", {}).items():
            secret = re.search("SECRET|PASSWORD|_KEY$|TOKEN|MONGO_URI", variable)
            if secret or variable in allowed:
                assert str(text).startswith("/run/secrets/"), (name, variable)
                assert text in mounted(name), (name, variable)
            assert not re.search(r"://[^/\s]*:[^/\s]*@", str(text)), (name, variable)


def test_every_secret_is_made_and_given() -> None:
    wanted = {secret for name in RUN for secret in secret_names(name)}
    assert set(WHOLE["secrets"]) == set(makers()) == wanted
    for name, one in WHOLE["secrets"].items():
        assert one["file"] == f"./var/compose/secrets/{name}"


@pytest.mark.parametrize("name", SERVICES)
def test_a_services_secrets_are_its_own(name: str) -> None:
    for secret in secret_names(name) - {f"{name}_store_uri"}:
        holders = {one for one in RUN if secret in secret_names(one)}
        assert holders == processes_of(name), secret
    uri = {one for one in RUN if f"{name}_store_uri" in secret_names(one)}
    assert uri == {*processes_of(name), "stores", "smoke"}


def test_processes_have_no_rights_and_write_nowhere() -> None:
    for name in (*PROCESSES, "stores", "smoke"):
        one = RUN[name]
        assert one["read_only"] is True
        assert one["cap_drop"] == ["ALL"]
        assert one["security_opt"] == ["no-new-privileges:true"]
        assert "cap_add" not in one
        assert "user" not in one, "the image says who"
    assert "USER ${UID}:${UID}" in (ROOT / "deploy" / "Dockerfile").read_text()


def test_everything_is_held_within_limits() -> None:
    for name in set(RUN) - {"prepare"}:
        assert RUN[name]["mem_limit"], name
        assert RUN[name]["cpus"], name
        assert RUN[name]["logging"]["options"]["max-size"], name


def test_data_are_in_volumes_with_names() -> None:
    used = set()
    for name, one in RUN.items():
        for volume in one.get("volumes", ()):
            source = volume.split(":")[0]
            if source.startswith((".", "/")):
                continue
            used.add(source)
            assert source in WHOLE["volumes"], name
    assert used == set(WHOLE["volumes"])
    assert {one.split(":")[0] for name in STORES for one in RUN[name]["volumes"]} == set(STORES)


def test_a_store_ends_what_a_killed_service_left_open() -> None:
    script = (ROOT / "deploy" / "compose" / "store.sh").read_text()
    assert f"transactionLifetimeLimitSeconds={TRANSACTION_SECONDS}" in script
    assert f"--replSet {stores.REPLICA_SET} " in script


def test_replicated_is_three_of_each() -> None:
    told = env_file("replicated.env")
    assert set(told) - {"COMPOSE_PROFILES"} <= variables()
    assert told["COMPOSE_PROFILES"] == "replicated"
    whole = compose_file(told)["services"]
    there = [
        name for name, one in whole.items() if one.get("profiles", ["replicated"]) == ["replicated"]
    ]
    assert len([name for name in there if name in STORES]) == 3 * len(SERVICES)
    voters = told["JINLIN_KAFKA_VOTERS"].split(",")
    assert voters == [
        f"{whole[name]['environment']['KAFKA_NODE_ID']}@{name}:9093" for name in BROKERS
    ]
    assert told["JINLIN_KAFKA_BOOTSTRAP"] == ",".join(f"{name}:9092" for name in BROKERS)
    count = int(told["JINLIN_STORE_MEMBERS"])
    for service in SERVICES:
        hosts = [member.removesuffix(":27017") for member in stores.members(service, count)]
        assert hosts == [name for name in STORES if name.startswith(f"{service}-")]


def test_the_demo_is_played_by_its_own_rules() -> None:
    told = env_file("demo.env")
    assert set(told) <= variables()
    (rules,) = told.values()
    assert (ROOT / rules.removeprefix("/app/")).is_file()


def test_every_file_that_is_mounted_is_there() -> None:
    for name, one in RUN.items():
        for volume in one.get("volumes", ()):
            source = volume.split(":")[0]
            if source.startswith("./") and name != "prepare":
                assert (ROOT / source).exists(), f"{name}: {source}"
    for config in WHOLE["configs"].values():
        assert (ROOT / config["file"]).is_file()
