"""Keeps a list of the petitions that were answered, each once: ``answered.py STORE [--again]``."""

import logging
import os
import signal
import sqlite3
import sys

from shared.client import About, Kafka, Security, Subscriber
from shared.contracts.petitions import PetitionAnswered

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
store = sys.argv[1]

security = None
if user := os.environ.get("JINLIN_KAFKA_USER"):
    password = os.environ["JINLIN_KAFKA_PASSWORD"]
    security = Security(user, password, os.environ.get("JINLIN_KAFKA_CA"))
group = os.environ.get("JINLIN_KAFKA_GROUP", "answered")
subscriber = Subscriber(Kafka(os.environ["JINLIN_KAFKA_BOOTSTRAP"], group, security), store)

with subscriber.store.transaction():
    subscriber.store.db.execute(
        "CREATE TABLE IF NOT EXISTS answered (petition TEXT, place TEXT, at TEXT, in_time INTEGER)"
    )


@subscriber.on(PetitionAnswered)
def answered(event: PetitionAnswered, about: About, db: sqlite3.Connection) -> None:
    """The row and the mark that the event is done are one transaction."""
    row = (event.petition, event.place, about.time.isoformat(), event.in_time)
    db.execute("INSERT INTO answered VALUES (?, ?, ?, ?)", row)
    print("answered", about.id, event.place, "in time" if event.in_time else "late", flush=True)


if "--again" in sys.argv:
    print(subscriber.again(), "tried again with success,", len(subscriber.aside()), "left")
else:
    signal.signal(signal.SIGTERM, subscriber.stop)
    signal.signal(signal.SIGINT, subscriber.stop)
    subscriber.run()
subscriber.close()
