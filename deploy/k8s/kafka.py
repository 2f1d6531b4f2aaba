"""Kafka, run by Strimzi, and the topics in it. How many nodes there are, overlays say."""

from __future__ import annotations

from deploy.k8s.manifest import BACKUP, COMPONENT, KEDA, NAME, SERVICE, Doc, File, Part, manifest
from deploy.k8s.reaching import API_SERVER, NAMESPACE, policy
from deploy.local.layout import SERVICES
from shared.runtime.topics import topics_of

CLUSTER = "jinlin"
VERSION, METADATA = "4.1.2", "4.1-IV1"
PORT = 9092
BOOTSTRAP = f"{CLUSTER}-kafka-bootstrap:{PORT}"
REPLICATION = 3
OF_CLUSTER = {"strimzi.io/cluster": CLUSTER}


def kafka_file() -> File:
    """The cluster, every topic, and what its pods may reach."""
    return File(
        "kafka.yaml",
        "Kafka and its topics. Who may come to the brokers, Strimzi writes from the listeners.",
        [
            Part(
                "The cluster. Services come without a name, by a listener that nobody else "
                "reaches; they may do everything, others what a KafkaUser says.",
                manifest("kafka.strimzi.io/v1", "Kafka", CLUSTER, _kafka()),
            ),
            Part("Brokers and operators reach each other and the API server.", _egress()),
            *(
                Part(f"Topics of {service}.", doc)
                for service in SERVICES
                for doc in topics(service)
            ),
        ],
    )


def topics(service: str) -> list[Doc]:
    """As the service would make them itself: neither corrects what the other made."""
    return [
        manifest(
            "kafka.strimzi.io/v1",
            "KafkaTopic",
            spec.name,
            {
                "partitions": spec.partitions,
                "replicas": spec.replication,
                "config": spec.configs(),
            },
            OF_CLUSTER,
        )
        for spec in topics_of(service, replication=REPLICATION)
    ]


def _kafka() -> Doc:
    peers = [
        {"podSelector": {"matchExpressions": [_one_of(COMPONENT, SERVICE, "exporter", BACKUP)]}},
        {"namespaceSelector": {"matchLabels": {NAMESPACE: KEDA}}},
    ]
    return {
        "kafka": {
            "version": VERSION,
            "metadataVersion": METADATA,
            "listeners": [
                {
                    "name": "plain",
                    "port": PORT,
                    "type": "internal",
                    "tls": False,
                    "networkPolicyPeers": peers,
                }
            ],
            "authorization": {"type": "simple", "superUsers": ["ANONYMOUS"]},
            "config": {
                "auto.create.topics.enable": False,
                "default.replication.factor": REPLICATION,
                "min.insync.replicas": REPLICATION - 1,
                "offsets.topic.replication.factor": REPLICATION,
                "transaction.state.log.replication.factor": REPLICATION,
                "transaction.state.log.min.isr": REPLICATION - 1,
            },
        },
        "entityOperator": {"topicOperator": {}, "userOperator": {}},
    }


def _egress() -> Doc:
    among = [{"podSelector": {"matchLabels": OF_CLUSTER}}]
    return policy("kafka", {"matchLabels": OF_CLUSTER}, None, [{"to": among}, API_SERVER])


def _one_of(label: str, *values: str) -> Doc:
    return {"key": label, "operator": "In", "values": list(values)}


POD = {"podSelector": {"matchLabels": {**OF_CLUSTER, NAME: "kafka"}}}
"""Brokers, as Strimzi labels them."""
