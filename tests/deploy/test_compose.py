"""The compose file by itself, without Docker: what runs, what it is told, who reaches whom."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.backup.__main__ import parser
from deploy.backup.keeping import Ages
from deploy.backup.platform import contained
from deploy.backup.sealing import KEY, key_in
from deploy.compose import prepare, smoke, stores
from deploy.compose.prepare import makers
from deploy.grafana.writing import FOLDER
from deploy.local.keycloak_server import REALM_FILE
from deploy.local.keycloak_server import VERSION as KEYCLOAK
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
JOBS = {"prepare", "stores", "smoke", "backup"}
"""What ends when its work is done, or answers nobody."""
WRITABLE = {
    "prepare": "it writes secrets, and nothing else of the platform runs with it",
    "keycloak": "in development mode it builds itself when it starts, into its own folder",
    **dict.fromkeys(
        BROKERS, "the image writes their settings, from the environment, into its folder"
    ),
}
"""Whose root is not read-only, and why."""


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
    assert profiles == {"full", "idp", "replicated", "smoke", "prepare", "backup"}
    always = {name for name, one in RUN.items() if not one.get("profiles")}
    first = {stores.ADDRESS.format(name) for name in SERVICES}
    assert always == {*PROCESSES, *first, "kafka", "stores"}


@pytest.mark.parametrize("called", SERVICE_OF)
def test_every_setting_that_a_service_needs_is_given(called: str, made: Path) -> None:
    name = SERVICE_OF[called]
    settings = check_told(name, environment_of(called, made))
    assert f"@{stores.ADDRESS.format(name)}:27017/" in settings.mongo_uri
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
    assert there == {*processes_of(name), *members, "stores", "smoke", "backup"}
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
        waited_for = dict(RUN[name]["depends_on"])
        assert waited_for.pop("stores") == {"condition": "service_completed_successfully"}
        _waits_for(BROKERS, waited_for)
    _waits_for(STORES, RUN["stores"]["depends_on"])


def _waits_for(names: list[str], waited_for: Mapping[str, dict[str, Any]]) -> None:
    assert set(waited_for) == set(names)
    assert {one["condition"] for one in waited_for.values()} == {"service_healthy"}
    for name in names:
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


def test_backups_are_made_by_a_user_of_their_own(made: Path) -> None:
    told = RUN["backup"]
    assert networks("backup") == {"bus", *(stores.ADDRESS.format(name) for name in SERVICES)}
    assert secret_names("backup") == {"backup_key", *(f"{name}_backup_uri" for name in SERVICES)}
    assert {one for one in RUN if "backup_key" in secret_names(one)} == {"backup"}
    options = parser().parse_args(told["command"][3:])
    assert (options.every, Ages.read(options.keep)) == (24, Ages(7, 31, 366))
    platform = contained(made, told["environment"])
    for place in platform.stores:
        assert "mongodb://backup:" in place.uri
        assert f"@{stores.ADDRESS.format(place.service)}:27017/" in place.uri
    assert len(key_in(made / "backup_key")) == KEY


def test_processes_have_no_rights_and_write_nowhere() -> None:
    for name in (*PROCESSES, "stores", "smoke", "backup"):
        one = RUN[name]
        assert one["read_only"] is True
        assert one["cap_drop"] == ["ALL"]
        assert one["security_opt"] == ["no-new-privileges:true"]
        assert "cap_add" not in one
        assert "user" not in one, "the image says who"
    assert "USER ${UID}:${UID}" in (ROOT / "deploy" / "Dockerfile").read_text()


def test_nothing_else_writes_to_its_root() -> None:
    writable = {name for name, one in RUN.items() if not one.get("read_only")}
    assert writable == set(WRITABLE)


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
    assert (told["JINLIN_KAFKA_REPLICATION"], told["JINLIN_KAFKA_MIN_INSYNC"]) == ("3", "2")
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


def test_what_stands_three_times_is_three_times_the_same() -> None:
    """But for its name and what it stores; and whose first user is made by one member alone."""
    for name in (*STORES, *BROKERS):
        first = re.sub(r"-\d$", "", name)
        assert _without_name(RUN[name], name) == _without_name(RUN[first], first), name


def _without_name(one: Mapping[str, Any], name: str) -> dict[str, Any]:
    own = {"profiles", "volumes"}
    shape = {key: thing for key, thing in one.items() if key not in own}
    shape["environment"] = {
        variable: str(text).replace(f"//{name}:", "//itself:")
        for variable, text in one.get("environment", {}).items()
        if not variable.startswith("MONGO_INITDB_") and variable != "KAFKA_NODE_ID"
    }
    shape["secrets"] = [each for each in one.get("secrets", ()) if each["target"] != "store_admin"]
    (volume,) = one["volumes"]
    assert volume.partition(":")[0] == name
    shape["stored at"] = volume.partition(":")[2]
    return shape


def test_with_three_brokers_one_may_be_away() -> None:
    broker = compose_file(env_file("replicated.env"))["services"]["kafka"]["environment"]
    copies = {broker[name] for name in broker if name.endswith("_REPLICATION_FACTOR")}
    enough = {broker[name] for name in broker if name.endswith(("_MIN_ISR", "_INSYNC_REPLICAS"))}
    assert (copies, enough) == ({3}, {2})
    assert broker["KAFKA_PROCESS_ROLES"] == "broker,controller"


def test_the_demo_is_played_by_its_own_rules() -> None:
    assert set(smoke.RULES) <= variables()
    (rules,) = smoke.RULES.values()
    assert (ROOT / rules.removeprefix("/app/")).is_file()
    told = compose_file(smoke.RULES)["services"]
    by_rules = {
        name for name, one in told.items() if rules in map(str, one.get("environment", {}).values())
    }
    assert by_rules == set(smoke.BY_RULES)


def test_the_issuer_is_the_one_of_the_local_run() -> None:
    keycloak = RUN["keycloak"]
    assert keycloak["image"].rpartition(":")[2] == KEYCLOAK
    (realm,) = keycloak["configs"]
    assert ROOT / WHOLE["configs"][realm["source"]]["file"] == REALM_FILE
    assert "--import-realm" in keycloak["command"]


def test_grafana_finds_its_source_and_its_dashboards() -> None:
    grafana = RUN["grafana"]
    mounted_at = dict(one.split(":")[1::-1] for one in grafana["volumes"])
    provisioning = ROOT / mounted_at["/etc/grafana/provisioning"]
    (source,) = yaml.safe_load((provisioning / "datasources" / "prometheus.yml").read_text())[
        "datasources"
    ]
    assert source["url"] == "http://prometheus:9090"
    assert networks("grafana") & networks("prometheus")
    (provider,) = yaml.safe_load((provisioning / "dashboards" / "jinlin.yml").read_text())[
        "providers"
    ]
    assert ROOT / mounted_at[provider["options"]["path"]] == FOLDER


def test_every_file_that_is_mounted_is_there() -> None:
    for name, one in RUN.items():
        for volume in one.get("volumes", ()):
            source = volume.split(":")[0]
            if source.startswith("./") and name != "prepare":
                assert (ROOT / source).exists(), f"{name}: {source}"
    for config in WHOLE["configs"].values():
        assert (ROOT / config["file"]).is_file()
