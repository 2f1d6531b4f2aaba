"""Where the stores and Kafka are that a backup is made of, or put into."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from deploy.compose.stores import DATABASE
from deploy.local.layout import SERVICES, LocalError
from deploy.local.stack import environment, kafka_bootstrap


@dataclass(frozen=True, slots=True)
class Place:
    """The store of one service; `uri` may hold a password, and is never told."""

    service: str
    uri: str
    database: str


@dataclass(frozen=True, slots=True)
class Platform:
    """All stores, and Kafka at `kafka` (host:port, several with commas)."""

    stores: tuple[Place, ...]
    kafka: str

    def only(self, services: Sequence[str]) -> "Platform":
        """The same with these stores alone. Raises LocalError for a service that it has not."""
        if unknown := set(services) - {place.service for place in self.stores}:
            raise LocalError(f"there is no store of {', '.join(sorted(unknown))}")
        chosen = tuple(place for place in self.stores if place.service in services)
        return replace(self, stores=chosen)


def local() -> Platform:
    """The local run."""
    settings = {name: environment(name) for name in SERVICES}
    return Platform(
        tuple(
            Place(name, one["JINLIN_MONGO_URI"], one["JINLIN_MONGO_DATABASE"])
            for name, one in settings.items()
        ),
        kafka_bootstrap(),
    )


def described(file: Path) -> Platform:
    """As a YAML file says: ``kafka: host:port`` and, under ``stores``, for each service `database`
    and `uri` or, for a file that holds it, `uri_file`. Raises LocalError.
    """
    try:
        said: dict[str, Any] = yaml.safe_load(file.read_text())
        stores = tuple(_place(name, about) for name, about in said["stores"].items())
        return Platform(stores, str(said["kafka"]))
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        # The error's own text might repeat an address with its password.
        raise LocalError(
            f"{file}: expected `kafka` and, under `stores`, `database` and `uri` or `uri_file` of "
            f"each service ({type(error).__name__})"
        ) from None


def contained(secrets: Path, told: Mapping[str, str]) -> Platform:
    """What a container is given: in a folder of secrets, for each store the address with a user
    that may read it, and note that it was backed up; Kafka as services are told. Raises LocalError.
    """
    try:
        uris = {name: (secrets / f"{name}_backup_uri").read_text().strip() for name in SERVICES}
        return Platform(
            tuple(Place(name, uri, DATABASE.format(name)) for name, uri in uris.items()),
            told["JINLIN_KAFKA_BOOTSTRAP"],
        )
    except OSError as error:
        raise LocalError(f"{error.filename}: {error.strerror}") from None
    except KeyError as missing:
        raise LocalError(f"{missing.args[0]} is not set: where Kafka is") from None


def _place(service: str, about: dict[str, str]) -> Place:
    uri = about["uri"] if "uri" in about else Path(about["uri_file"]).read_text().strip()
    return Place(service, uri, about["database"])
