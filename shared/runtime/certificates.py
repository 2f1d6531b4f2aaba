"""Until when certificates are valid, as Prometheus metrics."""

import socket
import ssl
from collections.abc import Iterable, Sequence
from pathlib import Path

from cryptography import x509
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

TIMEOUT = 3.0
"""Seconds a server has to show its certificate."""


class CertificateFigures(Collector):
    """Looks at every scrape. `places` are PEM files, or ``host:port`` of what speaks TLS. What
    cannot be looked at is told as valid until 1970: a certificate that nobody can see is none.
    """

    def __init__(self, places: Sequence[str]) -> None:
        self._places = tuple(places)

    def collect(self) -> Iterable[Metric]:
        until = GaugeMetricFamily(
            "jinlin_certificate_expires_timestamp_seconds",
            "POSIX time at which a certificate ends, of a chain the earliest",
            labels=["certificate"],
        )
        for place in self._places:
            try:
                ends = expires(place)
            except (OSError, ValueError):
                ends = 0.0
            until.add_metric([place], ends)
        return [until]


def expires(place: str) -> float:
    """When the certificate at a place ends, as POSIX time; of a file's several the earliest.

    Raises OSError where it cannot be reached, ValueError where there is none.
    """
    if place.startswith("/"):
        found = x509.load_pem_x509_certificates(Path(place).read_bytes())
    else:
        host, _, port = place.rpartition(":")
        found = [x509.load_der_x509_certificate(_shown(host, int(port)))]
    return min(one.not_valid_after_utc.timestamp() for one in found)


def _shown(host: str, port: int) -> bytes:
    # Whether it is to be believed is not asked: an expired one must be read as well.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with (
        socket.create_connection((host, port), timeout=TIMEOUT) as connection,
        context.wrap_socket(connection, server_hostname=host) as secured,
    ):
        return secured.getpeercert(binary_form=True) or b""
