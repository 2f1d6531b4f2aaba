"""The client for systems that subscribe to Jinlin's events: typed events, each with one effect.

    subscriber = Subscriber(Kafka("kafka.city.example:9094", group="urban-management"), "jinlin.db")

    @subscriber.on(PetitionAnswered)
    def answered(event: PetitionAnswered, about: About, db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO answer VALUES (?, ?)", (event.petition, about.time.isoformat()))

    subscriber.run()

What to rely on: docs/guides/subscribing.md. Stands on the standard library, kafka-python and
`shared.contracts`, and on nothing else of Jinlin.
"""

from shared.client.arriving import About, Away, Message, Source
from shared.client.feed import Feed, Refused
from shared.client.kafka import Kafka, Security
from shared.client.store import Aside, Store
from shared.client.subscriber import Subscriber
from shared.client.taking import Later

__all__ = [
    "About",
    "Aside",
    "Away",
    "Feed",
    "Kafka",
    "Later",
    "Message",
    "Refused",
    "Security",
    "Source",
    "Store",
    "Subscriber",
]
