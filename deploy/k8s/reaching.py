"""Who reaches whom: nothing does that no policy allows."""

from __future__ import annotations

from collections.abc import Sequence

from deploy.k8s.manifest import Doc, File, Part, manifest

NAMESPACE = "kubernetes.io/metadata.name"
"""Every namespace carries its own name under this label."""
PRIVATE = [
    "10.0.0.0/8",
    "100.64.0.0/10",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
]
"""Pods, nodes, cloud metadata: what calls the world gets no way to these by it."""
API_SERVER: Doc = {
    # A policy cannot name the API server, which is no pod; its address is each cluster's own.
    "to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}],
    "ports": [{"protocol": "TCP", "port": 443}, {"protocol": "TCP", "port": 6443}],
}


def policy(name: str, pods: Doc, comes: Sequence[Doc] | None, goes: Sequence[Doc] | None) -> Doc:
    """What may come to these pods, and where they may go; None says nothing of it."""
    spec: Doc = {"podSelector": pods, "policyTypes": []}
    for way, key, rules in (("Ingress", "ingress", comes), ("Egress", "egress", goes)):
        if rules is not None:
            spec["policyTypes"].append(way)
            spec[key] = list(rules)
    return manifest("networking.k8s.io/v1", "NetworkPolicy", name, spec)


def comes(port: int, *peers: Doc) -> Doc:
    """These may come to a port."""
    return {"from": list(peers), "ports": [{"protocol": "TCP", "port": port}]}


def goes(port: int, *peers: Doc) -> Doc:
    """These may be gone to, at a port."""
    return {"to": list(peers), "ports": [{"protocol": "TCP", "port": port}]}


def from_namespace(name: str) -> Doc:
    """All of a namespace."""
    return {"namespaceSelector": {"matchLabels": {NAMESPACE: name}}}


def to_the_world(*ports: int) -> Doc:
    """Public addresses, at these ports."""
    return {
        "to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": PRIVATE}}],
        "ports": [{"protocol": "TCP", "port": port} for port in ports],
    }


def reaching_file() -> File:
    """What holds for every pod."""
    dns = {
        "to": [
            {
                **from_namespace("kube-system"),
                "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
            }
        ],
        "ports": [{"protocol": protocol, "port": 53} for protocol in ("UDP", "TCP")],
    }
    return File(
        "reaching.yaml",
        "Nothing reaches anything here that no policy allows: those stand beside each service.",
        [
            Part("For whatever runs here.", policy("default-deny", {}, [], [])),
            Part("Names are looked up by all.", policy("names", {}, None, [dns])),
        ],
    )
