"""A town of as many services as the checker follows: what others do would only take time here."""

from pathlib import Path

from deploy.local.issuer import IssuerProcess
from deploy.local.servers import KafkaServer, MongoServer
from shared.contracts.envelope import SERVICES
from shared.runtime.topics import provision, topics_of
from tests.chaos.replicated import Brokers, ReplicaSet
from tests.e2e.town import Town

RUNNING = ("community", "petitions", "notifications", "subscriptions")


class SmallerTown(Town):
    """The town on servers that a test breaks."""

    mongo: MongoServer | ReplicaSet
    kafka: KafkaServer | Brokers

    def __init__(
        self,
        mongo: MongoServer | ReplicaSet,
        kafka: KafkaServer | Brokers,
        issuer: IssuerProcess,
        directory: Path,
    ) -> None:
        self.copies = len(kafka.members) if isinstance(kafka, Brokers) else 1
        """Of each partition."""
        super().__init__(mongo, kafka, issuer, directory, RUNNING)
        # Those that do not run make no topics, and others listen to them.
        specs = [spec for name in SERVICES for spec in topics_of(name, replication=self.copies)]
        provision(kafka.bootstrap, specs)

    def settings(self, name: str) -> dict[str, str]:
        return {**super().settings(name), "JINLIN_KAFKA_REPLICATION": str(self.copies)}
