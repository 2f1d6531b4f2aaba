"""The way in: the only one there is."""

from __future__ import annotations

from deploy.k8s.manifest import INGRESS, File, Part, manifest
from deploy.k8s.services import GATEWAY, port
from services.gateway.passing.passing import MOST_BODY

HOST = "city.example"
"""Overlays put the city's own in its place."""


def entrance_file() -> File:
    """The Ingress before the gateway."""
    backend = {"service": {"name": GATEWAY, "port": {"number": port(GATEWAY)}}}
    spec = {
        "ingressClassName": "nginx",
        "tls": [{"hosts": [HOST], "secretName": "gateway-tls"}],
        "rules": [
            {
                "host": HOST,
                "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]},
            }
        ],
    }
    ingress = manifest("networking.k8s.io/v1", "Ingress", GATEWAY, spec)
    ingress["metadata"]["annotations"] = {
        "nginx.ingress.kubernetes.io/proxy-body-size": f"{MOST_BODY // 1024**2}m",
        # Uploads are checked as they come, and streams of events are to arrive as they are sent.
        "nginx.ingress.kubernetes.io/proxy-request-buffering": "off",
        "nginx.ingress.kubernetes.io/proxy-buffering": "off",
        "nginx.ingress.kubernetes.io/proxy-read-timeout": "3600",
        "nginx.ingress.kubernetes.io/ssl-redirect": "true",
    }
    return File(
        "entrance.yaml",
        f"The only way in. The certificate is in the Secret gateway-tls; {INGRESS} speaks TLS.",
        [Part("All of the city's address leads to the gateway.", ingress)],
    )
