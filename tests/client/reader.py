"""A subscriber in a process of its own, to be stopped, killed and started again:
``python -m tests.client.reader BOOTSTRAP GROUP STORE``.
"""

import logging
import signal
import sys
from pathlib import Path

from shared.client import Kafka
from tests.client.arrivals import bookkeeper


def main(bootstrap: str, group: str, store: str) -> None:
    """Enters events into its book until SIGTERM."""
    logging.basicConfig(level=logging.INFO)
    subscriber = bookkeeper(Kafka(bootstrap, group), Path(store))
    signal.signal(signal.SIGTERM, subscriber.stop)
    subscriber.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
