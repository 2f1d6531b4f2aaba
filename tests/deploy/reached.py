"""Who reaches whom by a set of NetworkPolicies, reckoned as Kubernetes defines them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Doc = dict[str, Any]

HERE = "jinlin"
NAMESPACE = "kubernetes.io/metadata.name"


@dataclass(frozen=True)
class Pod:
    """Somebody in the cluster; without `labels` and in no `namespace`: somebody in the world."""

    labels: Mapping[str, str] = field(default_factory=dict)
    namespace: str | None = HERE


WORLD = Pod(namespace=None)


def reaches(policies: Sequence[Doc], source: Pod, target: Pod, port: int) -> bool:
    """Whether the policies let the one come to the other's port, on both sides."""
    return _lets(policies, "Egress", source, target, port) and _lets(
        policies, "Ingress", target, source, port
    )


def _lets(policies: Sequence[Doc], way: str, own: Pod, other: Pod, port: int) -> bool:
    if own.namespace != HERE:
        return True  # other namespaces are not ours to shut
    about = [
        one["spec"]
        for one in policies
        if way in one["spec"]["policyTypes"] and _selects(one["spec"]["podSelector"], own.labels)
    ]
    key, side = ("egress", "to") if way == "Egress" else ("ingress", "from")
    rules = [rule for spec in about for rule in spec.get(key, ())]
    return not about or any(
        _at(rule.get("ports"), port) and _among(rule.get(side), other) for rule in rules
    )


def _at(ports: Iterable[Doc] | None, port: int) -> bool:
    return ports is None or any(one["port"] == port for one in ports)


def _among(peers: Iterable[Doc] | None, other: Pod) -> bool:
    return peers is None or any(_is(peer, other) for peer in peers)


def _is(peer: Doc, other: Pod) -> bool:
    if "ipBlock" in peer:
        # Pods have private addresses, which blocks that mean the world leave out; the API server's
        # does not, and is the one way by address that leads to pods.
        return other.namespace is None or "except" not in peer["ipBlock"]
    if other.namespace is None:
        return False
    if "namespaceSelector" in peer:
        if not _selects(peer["namespaceSelector"], {NAMESPACE: other.namespace}):
            return False
    elif other.namespace != HERE:
        return False
    return _selects(peer.get("podSelector", {}), other.labels)


def _selects(selector: Doc, labels: Mapping[str, str]) -> bool:
    for expression in selector.get("matchExpressions", ()):
        assert expression["operator"] == "In"
        if labels.get(expression["key"]) not in expression["values"]:
            return False
    return selector.get("matchLabels", {}).items() <= labels.items()
