"""Creates the topics of all services: ``python -m shared.runtime.tools.topics``.

JINLIN_KAFKA_BOOTSTRAP (host:port, needed), JINLIN_KAFKA_RETENTION_HOURS (168) and
JINLIN_KAFKA_REPLICATION (1) say where and how. Exit code 1 when the topics are not as they must be,
2 when a setting is wrong, 3 when no broker answers.
"""

import os
import sys

from rich.console import Console
from rich.table import Table

from shared.contracts.envelope import SERVICES
from shared.runtime.topics import (
    RETENTION_HOURS,
    BrokerAway,
    Provisioned,
    TopicsError,
    provision,
    topics_of,
)


def main() -> int:
    """Provisions and prints a table of what was created, changed or there."""
    try:
        bootstrap = os.environ["JINLIN_KAFKA_BOOTSTRAP"]
        retention = positive("JINLIN_KAFKA_RETENTION_HOURS", RETENTION_HOURS)
        replication = positive("JINLIN_KAFKA_REPLICATION", 1)
    except KeyError as missing:
        return _complain(f"{missing.args[0]} is not set: expected host:port of the broker", 2)
    except ValueError as wrong:
        return _complain(str(wrong), 2)
    specs = [spec for service in SERVICES for spec in topics_of(service, retention, replication)]
    try:
        print_table(provision(bootstrap, specs))
    except BrokerAway as away:
        return _complain(str(away), 3)
    except TopicsError as error:
        return _complain(str(error), 1)
    return 0


def positive(variable: str, default: int) -> int:
    """A whole number above zero from the environment. Raises ValueError naming the variable."""
    text = os.environ.get(variable, str(default))
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f"{variable}={text!r}: expected a whole number above zero")
    return int(text)


def print_table(done: list[Provisioned]) -> None:
    """One line per topic."""
    table = Table("topic", "partitions", "replicas", "kept for", "outcome")
    for each in done:
        spec = each.spec
        kept = f"{spec.retention_hours / 24:g} days"
        table.add_row(spec.name, str(spec.partitions), str(spec.replication), kept, each.outcome)
    Console().print(table)


def _complain(text: str, code: int) -> int:
    print(text, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
