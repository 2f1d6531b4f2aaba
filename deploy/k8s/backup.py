"""Backups of all stores at one moment, made by themselves: when, and for how long they are kept, an
overlay says.
"""

from __future__ import annotations

from collections.abc import Iterator

from deploy.k8s import kafka, stores
from deploy.k8s.manifest import BACKUP, IMAGE, SETTINGS, Doc, File, Part, labels, manifest, selects
from deploy.k8s.processes import CONFINED, NOBODY, RUN_SECRETS, external_secret, given
from deploy.k8s.reaching import goes, policy
from deploy.local.layout import SERVICES

KEY = "backup_key"
VOLUME, AT = "backups", "/backups"
SCHEDULE, HOURS, KEPT, SIZE = "10 2 * * *", "24", "7,31,366", "100Gi"
"""What holds where an overlay says nothing else. `HOURS` is what the schedule means, for the alert
that a backup is missing.
"""
LONGEST_HOURS = 6
LATEST_HOURS = 1


def backup_file() -> File:
    """All of it."""
    return File("backup.yaml", "Backups of all stores, made by themselves.", list(_parts()))


def _parts() -> Iterator[Part]:
    yield Part("A process that ends; one at a time.", _cron_job())
    yield Part("Where they lie: what is away from the site is copied from here.", _claim())
    yield Part("Nobody comes to it; it goes to stores and to Kafka, nowhere else.", _reaching())
    yield Part(
        "The key that seals them. Without it there is no backup: keep it elsewhere, too.",
        external_secret(KEY.replace("_", "-"), BACKUP, {KEY: KEY}),
    )
    for name in SERVICES:
        password = {"password": f"{name}_store_password"}
        yield Part(
            f"The password of its user in the store of {name}.",
            external_secret(stores.password_secret(name, BACKUP), BACKUP, password),
        )


def _cron_job() -> Doc:
    files = {KEY: (KEY.replace("_", "-"), KEY)}
    files |= {
        f"{name}_backup_uri": (stores.uri_secret(name, BACKUP), stores.URI_KEY) for name in SERVICES
    }
    mounts, volumes = given(files)
    container: Doc = {
        "name": BACKUP,
        "image": IMAGE,
        "command": ["python", "-m", "deploy.backup", "keep"],
        "args": [
            f"--in={AT}",
            f"--secrets={RUN_SECRETS}",
            f"--key={RUN_SECRETS}/{KEY}",
            "--keep=$(BACKUP_KEEP)",
            "--scheduled=$(BACKUP_HOURS)",
        ],
        "envFrom": [{"configMapRef": {"name": SETTINGS}}],
        "env": [
            {"name": "BACKUP_KEEP", "value": KEPT},
            {"name": "BACKUP_HOURS", "value": HOURS},
        ],
        "resources": {
            "requests": {"cpu": "250m", "memory": "256Mi"},
            "limits": {"cpu": "2", "memory": "768Mi"},
        },
        "securityContext": CONFINED,
        "volumeMounts": [*mounts, {"name": VOLUME, "mountPath": AT}],
    }
    pod: Doc = {
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        "securityContext": NOBODY,
        "containers": [container],
        "volumes": [
            *volumes,
            {"name": VOLUME, "persistentVolumeClaim": {"claimName": VOLUME}},
        ],
    }
    job: Doc = {
        "backoffLimit": 2,
        "activeDeadlineSeconds": LONGEST_HOURS * 3600,
        "template": {"metadata": {"labels": labels(BACKUP, BACKUP)}, "spec": pod},
    }
    spec: Doc = {
        "schedule": SCHEDULE,
        "timeZone": "Asia/Shanghai",
        "concurrencyPolicy": "Forbid",
        "startingDeadlineSeconds": LATEST_HOURS * 3600,
        "successfulJobsHistoryLimit": 1,
        "failedJobsHistoryLimit": 3,
        "jobTemplate": {"metadata": {"labels": labels(BACKUP, BACKUP)}, "spec": job},
    }
    return manifest("batch/v1", "CronJob", BACKUP, spec, labels(BACKUP, BACKUP))


def _claim() -> Doc:
    spec: Doc = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": SIZE}},
    }
    return manifest("v1", "PersistentVolumeClaim", VOLUME, spec, labels(VOLUME, BACKUP))


def _reaching() -> Doc:
    ways = [goes(stores.PORT, {"podSelector": stores.pods(name)}) for name in SERVICES]
    return policy(BACKUP, selects(BACKUP), [], [*ways, goes(kafka.PORT, kafka.POD)])
