"""How a process of the platform runs in a pod, be it a service or the exporter."""

from __future__ import annotations

from collections.abc import Mapping

from deploy.k8s.manifest import IMAGE, NAME, SETTINGS, Doc, labels, manifest, selects

UID = 10001
"""Whom the image names."""
RUN_SECRETS = "/run/secrets"
GRACE_SECONDS = 30
"""Five in which others hear that the pod is going, eight for requests under way, then the parts."""
NOBODY: Doc = {
    "runAsNonRoot": True,
    "runAsUser": UID,
    "runAsGroup": UID,
    "fsGroup": UID,
    "seccompProfile": {"type": "RuntimeDefault"},
}
"""Whom a pod runs as."""
CONFINED: Doc = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
}
"""What a container may."""
START_SECONDS, START_LOOKS = 5, 120
"""A service reads what it keeps in memory before it is ready; a large city's takes minutes."""


def deployment(
    name: str,
    component: str,
    module: str,
    port: int,
    environment: Mapping[str, str],
    memory: tuple[str, str],
    *,
    ready: str,
    alive: str,
    secrets: Mapping[str, tuple[str, str]] = {},
    replicas: int | None = None,
) -> Doc:
    """A Deployment of the image.

    `secrets` says by file name which key of which Secret is found under /run/secrets; `memory` is
    what is asked for, and the limit. Where `replicas` is None, KEDA says how many.
    """
    mounts, volumes = given(secrets)
    container: Doc = {
        "name": name,
        "image": IMAGE,
        "command": ["python", "-m", module],
        "ports": [{"name": "http", "containerPort": port}],
        "envFrom": [{"configMapRef": {"name": SETTINGS}}],
        "env": [{"name": variable, "value": text} for variable, text in environment.items()],
        "startupProbe": {
            "httpGet": {"path": ready, "port": "http"},
            "periodSeconds": START_SECONDS,
            "timeoutSeconds": 5,
            "failureThreshold": START_LOOKS,
        },
        "readinessProbe": {
            "httpGet": {"path": alive, "port": "http"},
            "periodSeconds": 5,
            "timeoutSeconds": 5,
        },
        "livenessProbe": {
            "httpGet": {"path": alive, "port": "http"},
            "periodSeconds": 10,
            "timeoutSeconds": 10,
            "failureThreshold": 6,
        },
        "lifecycle": {"preStop": {"sleep": {"seconds": 5}}},
        "resources": {
            "requests": {"cpu": "250m", "memory": memory[0]},
            "limits": {"cpu": "2", "memory": memory[1]},
        },
        "securityContext": CONFINED,
        "volumeMounts": mounts,
    }
    pod: Doc = {
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": GRACE_SECONDS,
        "securityContext": NOBODY,
        "topologySpreadConstraints": [
            spread("topology.kubernetes.io/zone", selects(name)),
            spread("kubernetes.io/hostname", selects(name)),
        ],
        "containers": [container],
        "volumes": volumes,
    }
    spec: Doc = {} if replicas is None else {"replicas": replicas}
    spec |= {
        "revisionHistoryLimit": 3,
        "strategy": {
            "type": "RollingUpdate",
            "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0},
        },
        "selector": {"matchLabels": {NAME: name}},
        "template": {"metadata": {"labels": labels(name, component)}, "spec": pod},
    }
    return manifest("apps/v1", "Deployment", name, spec, labels(name, component))


def given(secrets: Mapping[str, tuple[str, str]]) -> tuple[list[Doc], list[Doc]]:
    """The mounts and the volumes of a container that is given these secrets: nothing is written but
    to /tmp.
    """
    mounts: list[Doc] = [{"name": "tmp", "mountPath": "/tmp"}]  # noqa: S108  in a container
    volumes: list[Doc] = [{"name": "tmp", "emptyDir": {"sizeLimit": "256Mi"}}]
    if secrets:
        mounts.append({"name": "secrets", "mountPath": RUN_SECRETS, "readOnly": True})
        volumes.append({"name": "secrets", "projected": {"sources": _sources(secrets)}})
    return mounts, volumes


def spread(over: str, pods: Doc) -> Doc:
    """Pods apart from each other where there is room: one that has to run beside another still
    runs.
    """
    return {
        "maxSkew": 1,
        "topologyKey": over,
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": pods,
    }


def external_secret(name: str, holder: str, keys: Mapping[str, str]) -> Doc:
    """A Secret that the External Secrets operator fetches: `keys` says under which name each value
    is found in the Secret, and under which at `holder` in the city's store of secrets.

    The values are called there as `python -m deploy.compose.prepare` calls its files.
    """
    spec: Doc = {
        "refreshInterval": "1h",
        "secretStoreRef": {"kind": "SecretStore", "name": "city"},
        "target": {"name": name, "creationPolicy": "Owner"},
        "data": [
            {"secretKey": key, "remoteRef": {"key": f"jinlin/{holder}", "property": value}}
            for key, value in keys.items()
        ],
    }
    return manifest("external-secrets.io/v1", "ExternalSecret", name, spec)


def _sources(secrets: Mapping[str, tuple[str, str]]) -> list[Doc]:
    return [
        {"secret": {"name": secret, "items": [{"key": key, "path": file}]}}
        for file, (secret, key) in secrets.items()
    ]
