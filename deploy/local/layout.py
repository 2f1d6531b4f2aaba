"""Where things lie in a checkout and which ports a local run takes.

Standard library only, and readable by Python 3.10: the installer imports it before the project's
own interpreter exists.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
BUILD = ROOT / "build"
MONGO_WHEEL = BUILD / "mongo"
KAFKA_LIBS = BUILD / "kafka" / "libs"
WEB_FILES = BUILD / "web"
PROMETHEUS_FILES = BUILD / "prometheus"
ALERTMANAGER_FILES = BUILD / "alertmanager"
KAFKA_FILES = ROOT / "deploy" / "local" / "kafka"

SERVICES = (
    "community",
    "petitions",
    "volunteering",
    "mediation",
    "ledger",
    "notifications",
    "subscriptions",
    "gateway",
)
"""The services of a local run, in the order in which they are started."""

WORK_APART = {name: f"{name}-work" for name in ("petitions", "volunteering", "mediation")}
"""Services whose requests have processes of their own wherever they are deployed, with what the
processes that do the rest are called there (ADR 26). A local run has one process of each.
"""

HOST = "127.0.0.1"


class LocalError(Exception):
    """Something a person has to put right; the text says what and how."""


@dataclass(frozen=True)
class Setting:
    """A port of the local run and the environment variable that moves it."""

    variable: str
    default: int

    @property
    def value(self) -> int:
        """The port to use now.

        Raises LocalError when the variable holds anything but a port number.
        """
        text = os.environ.get(self.variable, str(self.default))
        if not text.isdecimal() or not 0 < int(text) < 65536:
            raise LocalError(f"{self.variable}={text!r} is not a port: expected 1 to 65535")
        return int(text)


PORTS = {
    "mongod": Setting("JINLIN_MONGO_PORT", 27117),
    "kafka": Setting("JINLIN_KAFKA_PORT", 9192),
    "kafka controller": Setting("JINLIN_KAFKA_CONTROLLER_PORT", 9193),
    "issuer": Setting("JINLIN_ISSUER_PORT", 8100),
    "community": Setting("JINLIN_COMMUNITY_PORT", 8101),
    "petitions": Setting("JINLIN_PETITIONS_PORT", 8102),
    "notifications": Setting("JINLIN_NOTIFICATIONS_PORT", 8103),
    "volunteering": Setting("JINLIN_VOLUNTEERING_PORT", 8104),
    "mediation": Setting("JINLIN_MEDIATION_PORT", 8105),
    "ledger": Setting("JINLIN_LEDGER_PORT", 8106),
    "subscriptions": Setting("JINLIN_SUBSCRIPTIONS_PORT", 8107),
    "gateway": Setting("JINLIN_GATEWAY_PORT", 8080),
    "keycloak": Setting("JINLIN_KEYCLOAK_PORT", 8180),
    "exporter": Setting("JINLIN_EXPORTER_PORT", 8109),
    "prometheus": Setting("JINLIN_PROMETHEUS_PORT", 9090),
}


def var() -> Path:
    """The directory of everything a run writes: data, logs, pid files, the issuer's key."""
    return Path(os.environ.get("JINLIN_VAR", ROOT / "var")).resolve()


def issuer_key() -> Path:
    """The file with the development issuer's private key."""
    return Path(os.environ.get("JINLIN_ISSUER_KEY", var() / "issuer-key.json"))
