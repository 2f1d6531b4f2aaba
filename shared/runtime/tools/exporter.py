"""What no service tells of itself, for Prometheus: ``python -m shared.runtime.tools.exporter``.

Topics, consumer groups and dead letters as Kafka has them, and until when certificates are valid.

JINLIN_KAFKA_BOOTSTRAP (host:port of brokers), JINLIN_HTTP_HOST (127.0.0.1) and JINLIN_HTTP_PORT say
whom it asks and where it tells; JINLIN_CERTIFICATES names certificates, with commas between them:
PEM files by their absolute paths, servers as host:port. Exit code 2 when a setting is wrong.
"""

import os
import signal
import threading
from collections.abc import Mapping

from prometheus_client import CollectorRegistry, start_http_server

from shared.runtime.certificates import CertificateFigures
from shared.runtime.kafka_figures import KafkaFigures
from shared.runtime.settings import PREFIX, give_up


def registry(environment: Mapping[str, str]) -> CollectorRegistry:
    """What is told. Raises ValueError naming the variable that is missing or wrong."""
    bootstrap = environment.get(f"{PREFIX}KAFKA_BOOTSTRAP", "")
    if not bootstrap:
        raise ValueError(f"{PREFIX}KAFKA_BOOTSTRAP is missing: expected host:port of the brokers")
    told = CollectorRegistry()
    told.register(KafkaFigures(bootstrap))
    named = environment.get(f"{PREFIX}CERTIFICATES", "")
    places = [place.strip() for place in named.split(",") if place.strip()]
    for place in places:
        if not place.startswith("/") and not place.rpartition(":")[2].isdecimal():
            raise ValueError(
                f"{PREFIX}CERTIFICATES names {place!r}: expected an absolute path or host:port"
            )
    told.register(CertificateFigures(places))
    return told


def main() -> None:
    """Answers scrapes until SIGTERM or SIGINT."""
    host = os.environ.get(f"{PREFIX}HTTP_HOST", "127.0.0.1")
    port = os.environ.get(f"{PREFIX}HTTP_PORT", "")
    if not port.isdecimal():
        give_up(f"{PREFIX}HTTP_PORT is missing or wrong: expected the port to listen on")
    try:
        told = registry(os.environ)
    except ValueError as wrong:
        give_up(str(wrong))
    server, _ = start_http_server(int(port), host, told)
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    ending.wait()
    server.shutdown()


if __name__ == "__main__":
    main()
