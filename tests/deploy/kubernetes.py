"""The manifests as kubectl reads them: the base as it lies there, overlays as kustomize builds
them.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from deploy.compose.prepare import makers
from deploy.compose.stores import DATABASE
from deploy.k8s.writing import FOLDER, OVERLAYS
from tests.deploy.told import SERVICE_OF

Doc = dict[str, Any]

BASE = "base"
OVERLAY_NAMES = tuple(sorted(folder.name for folder in OVERLAYS.iterdir() if folder.is_dir()))
LEAST_KUSTOMIZE = 5
"""The major version: older ones read another language."""
KUSTOMIZATION: Doc = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())


@cache
def kustomize() -> tuple[str, ...] | None:
    """How a folder is built on this machine; None where nothing can."""
    if shutil.which("kustomize"):
        return ("kustomize", "build")
    if shutil.which("kubectl"):
        said = subprocess.run(
            ["kubectl", "version", "--client", "--output=json"],
            capture_output=True,
            text=True,
            check=False,
        )
        version = json.loads(said.stdout or "{}").get("kustomizeVersion", "")
        found = re.match(r"v(\d+)\.", version)
        if found and int(found[1]) >= LEAST_KUSTOMIZE:
            return ("kubectl", "kustomize")
    return None


@cache
def manifests(which: str) -> tuple[Doc, ...]:
    """All of the base, or of an overlay. Those of the base have the settings that kustomize would
    make of its files. Raises CalledProcessError where kustomize refuses.
    """
    if which == BASE:
        read = [
            doc
            for name in KUSTOMIZATION["resources"]
            for doc in yaml.safe_load_all((FOLDER / name).read_text(encoding="utf-8"))
        ]
        return (*read, *_config_maps())
    command = kustomize()
    assert command is not None
    built = subprocess.run([*command, OVERLAYS / which], capture_output=True, text=True, check=True)
    return tuple(yaml.safe_load_all(built.stdout))


def of_kind(docs: Sequence[Doc], kind: str) -> dict[str, Doc]:
    """By name. Raises AssertionError for a name that is there twice."""
    found = [doc for doc in docs if doc["kind"] == kind]
    by_name = {doc["metadata"]["name"]: doc for doc in found}
    assert len(by_name) == len(found)
    return by_name


def container_of(deployment: Doc) -> Doc:
    """The one container of a Deployment's pods."""
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    found: Doc = container
    return found


def environment_of(docs: Sequence[Doc], deployment: str, mounted: Path) -> dict[str, str]:
    """What a process is told; what is mounted as a secret lies in the folder instead."""
    container = container_of(of_kind(docs, "Deployment")[deployment])
    maps = of_kind(docs, "ConfigMap")
    told: dict[str, str] = {}
    for source in container["envFrom"]:
        told |= maps[source["configMapRef"]["name"]]["data"]
    for variable in container["env"]:
        text = variable["value"]
        if variable["name"].endswith("_FILE") and text.startswith("/run/secrets/"):
            text = str(mounted / text.removeprefix("/run/secrets/"))
        told[variable["name"]] = text
    return told


def mount(docs: Sequence[Doc], deployment: str, folder: Path) -> None:
    """Writes the secrets of a pod as they would be found in it.

    Raises KeyError for one that nobody makes.
    """
    there = secrets_of(docs)
    pod = of_kind(docs, "Deployment")[deployment]["spec"]["template"]["spec"]
    for volume in pod["volumes"]:
        for source in volume.get("projected", {}).get("sources", ()):
            for item in source["secret"]["items"]:
                value = there[source["secret"]["name"]][item["key"]]
                (folder / item["path"]).write_text(value)


def secrets_of(docs: Sequence[Doc]) -> dict[str, dict[str, str]]:
    """What operators would put into Secrets, by the name of each."""
    made: dict[str, dict[str, str]] = {}
    passwords = {"store_password": lambda: "one-that-is-made-for-a-test"}
    making = {**makers(), **passwords}
    for name, doc in of_kind(docs, "ExternalSecret").items():
        assert doc["spec"]["target"]["name"] == name
        made[name] = {
            one["secretKey"]: making[one["remoteRef"]["property"]]() for one in doc["spec"]["data"]
        }
    for name, store in of_kind(docs, "MongoDBCommunity").items():
        (user,) = store["spec"]["users"]
        password = user["passwordSecretRef"]
        hosts = ",".join(
            f"{name}-{number}.{name}-svc.jinlin.svc.cluster.local:27017"
            for number in range(store["spec"]["members"])
        )
        address = f"{user['name']}:{made[password['name']][password['key']]}@{hosts}"
        made[user["connectionStringSecretName"]] = {
            "connectionString.standard": f"mongodb://{address}/{user['db']}?replicaSet={name}"
        }
    return made


def services_of(docs: Sequence[Doc]) -> Mapping[str, Doc]:
    """The Deployments of services, by what their pods are called."""
    return {name: doc for name, doc in of_kind(docs, "Deployment").items() if name in SERVICE_OF}


def database(service: str) -> str:
    """What a service's database is called."""
    return DATABASE.format(service)


def _config_maps() -> Iterator[Doc]:
    for made in KUSTOMIZATION["configMapGenerator"]:
        (file,) = made["envs"]
        lines = (FOLDER / file).read_text().splitlines()
        data = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
        yield {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": made["name"]},
            "data": data,
        }
