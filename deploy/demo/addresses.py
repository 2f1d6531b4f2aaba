"""Where the demo finds services, stores and Kafka: in the local run, or where the environment says.

JINLIN_<SERVICE>_URL is a service's address, JINLIN_<SERVICE>_WORK_URL that of its other process
where requests have one of their own; JINLIN_<SERVICE>_MONGO_URI, or the file that
JINLIN_<SERVICE>_MONGO_URI_FILE names, that of its store; JINLIN_KAFKA_BOOTSTRAP the brokers.
"""

from __future__ import annotations

import os

from deploy.local import stack
from shared.runtime.settings import read_text


def service_url(service: str) -> str:
    """The address of a service, without a slash at the end."""
    return read_text(f"{service.upper()}_URL") or stack.service_url(service)


def processes(service: str) -> list[str]:
    """The addresses of all its processes."""
    work = read_text(f"{service.upper()}_WORK_URL")
    return [service_url(service), *([work] if work else [])]


def mongo_uri(service: str) -> str:
    """The address of a service's store. Raises WrongSettings where its file cannot be read."""
    return read_text(f"{service.upper()}_MONGO_URI") or stack.mongo_uri()


def database(service: str) -> str:
    """The name of a service's database. Raises LocalError where there is no such service."""
    return stack.environment(service)["JINLIN_MONGO_DATABASE"]


def kafka_bootstrap() -> str:
    """The address of Kafka, host:port, with commas between brokers."""
    return os.environ.get("JINLIN_KAFKA_BOOTSTRAP") or stack.kafka_bootstrap()
