"""Hours that somebody served, certified, and made a credential of."""

from datetime import UTC, datetime, timedelta, timezone

import httpx
import msgspec
from kafka import KafkaProducer

from shared.contracts.envelope import Envelope, topic, type_of
from shared.contracts.volunteering import HoursConfirmed
from shared.contracts.volunteering.hours import Work
from tests.e2e.town import HOME, Person, Town
from tests.e2e.waiting import until

CITY_TIME = timezone(timedelta(hours=8))


def certified(town: Town, person: Person, work: str) -> str:
    """They have served, and have it certified; returns the certificate's id."""
    # As every event says its times: in whole milliseconds.
    begun = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    served = HoursConfirmed(work, Work.ACTIVITY, person.sub, HOME, begun, 60, "a1")
    envelope = Envelope(
        id=f"volunteering/activity-{work}/1/0",
        type=type_of(HoursConfirmed),
        source="/jinlin/volunteering",
        subject=f"activity-{work}",
        time=begun,
        data=msgspec.to_builtins(served),
        sequence=1,
        correlationid=work,
    )
    producer = KafkaProducer(bootstrap_servers=town.kafka.bootstrap, acks="all")
    key = f"activity-{work}".encode()
    producer.send(topic("volunteering"), envelope.to_bytes(), key=key).get(30)
    producer.close()
    day = begun.astimezone(CITY_TIME).date().isoformat()
    ids: list[str] = []

    def issued() -> bool:
        answer = person.post("volunteering", "/certificates", {"from": day, "to": day})
        if answer.status_code == 201:
            ids.append(answer.json()["id"])
        return bool(ids)

    until(issued, "hours are certified")
    return ids[0]


def credentialed(town: Town, person: Person, certificate: str) -> str:
    """They have a credential made of the certificate; returns its id."""
    document = person.get("volunteering", f"/certificates/{certificate}/document")
    assert document.status_code == 200, document.text
    ids: list[str] = []

    def made() -> bool:
        answer: httpx.Response = town.http.post(
            town.url("ledger") + "/credentials",
            content=document.content,
            headers=person.headers({"Content-Type": "application/json"}),
        )
        if answer.status_code == 201:
            ids.append(answer.json()["id"])
        return bool(ids)

    until(made, "the ledger has heard of the certificate")
    return ids[0]
