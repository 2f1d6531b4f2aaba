"""What a service must be told, and what it may be told: the same for Docker and for Kubernetes."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from functools import cache

from deploy.compose import stores
from deploy.local import stack
from deploy.local.layout import PORTS, ROOT, SERVICES, WORK_APART
from services.gateway.settings import read_gateway_settings
from shared.contracts.envelope import SERVICES as CALLED
from shared.runtime.service import Service
from shared.runtime.settings import PREFIX, Settings, read_settings

OPERATING = ROOT / "docs" / "guides" / "operating.md"
SERVICE_OF = {name: name for name in SERVICES} | {work: name for name, work in WORK_APART.items()}
"""By what containers and pods are called: which service they are of."""
_NAME = re.compile(rf"`({PREFIX}[A-Z0-9_]+|{PREFIX}<SERVICE>_URL)`")
_WHOSE = re.compile(r"of (?:the )?([a-z]+):")


def check_told(name: str, told: Mapping[str, str]) -> Settings:
    """A service can start with it, finds its own store under its own port, and is told nothing that
    it does not know. Secrets must be where the `_FILE` settings say. Gives what it reads.
    """
    service = service_called(name)
    settings = read_settings(told, service.secrets)
    assert settings.http_host == "0.0.0.0"
    assert settings.http_port == PORTS[name].default
    assert settings.mongo_database == stack.environment(name)["JINLIN_MONGO_DATABASE"]
    assert stores.ADDRESS.format(name) in settings.mongo_uri
    assert {f"{PREFIX}{secret}_FILE" for secret in service.secrets} <= set(told)
    if name == "gateway":
        expected = {
            other: f"http://{other}:{PORTS[other].default}"
            for other in SERVICES
            if other != "gateway"
        }
        assert read_gateway_settings(told).services == expected
    unknown = {variable.removesuffix("_FILE") for variable in told} - known_to(name)
    # A name of its own may end in _FILE, too.
    assert {one for one in unknown if f"{one}_FILE" not in known_to(name)} == set()
    return settings


def known_to(name: str) -> set[str]:
    """The settings that a service knows, as the guide lists them: those of all, and its own."""
    known = {variable for variable, whose in _listed() if whose in (None, name)}
    if f"{PREFIX}<SERVICE>_URL" in known:
        known |= {f"{PREFIX}{other.upper()}_URL" for other in CALLED}
    return known


def service_called(name: str) -> Service:
    """The service as its process runs it."""
    service: Service = importlib.import_module(f"services.{name}.main").service
    return service


@cache
def _listed() -> tuple[tuple[str, str | None], ...]:
    """Each setting of the guide's table with whose it is; None: of every service."""
    found: list[tuple[str, str | None]] = []
    for line in OPERATING.read_text(encoding="utf-8").splitlines():
        if not line.startswith(f"| `{PREFIX}"):
            continue
        names, meaning = line.split("|")[1:3]
        whose = _WHOSE.match(meaning.strip())
        found += [(one, whose[1] if whose else None) for one in _NAME.findall(names)]
    return tuple(found)
