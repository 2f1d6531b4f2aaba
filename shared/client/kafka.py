"""Events from Kafka: a member of a consumer group whose offsets follow the effects."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from os import PathLike
from typing import Any

from kafka import KafkaConsumer, OffsetAndMetadata, TopicPartition
from kafka.errors import (
    CommitFailedError,
    CorruptRecordError,
    IllegalGenerationError,
    KafkaError,
    RebalanceInProgressError,
    UnknownMemberIdError,
)
from kafka.net import KafkaNetClient

from shared.client.arriving import Away, Message
from shared.client.store import Store
from shared.contracts.envelope import topic

AT_ONCE = 500
"""Messages of one poll: as many share a transaction."""
POLL_MS = 1000
"""How long a poll waits, and so how long it takes at most until a wish to stop is heard."""
PROBES = 30
"""How often a message is polled for that must be there."""
MAX_POLL_INTERVAL_MS = 15 * 60 * 1000
"""A member that takes longer for one poll's messages gives its partitions to others."""
SESSION_TIMEOUT_MS = 10_000
"""After this the partitions of a member that was killed are given to others."""
BOOTSTRAP_TIMEOUT_MS = 5_000
COMMIT_TIMEOUT_MS = 10_000
TYPE_HEADER = "type"
"""The header with an event's CloudEvents type: what nobody asked for is passed over unread."""
REPLAYED_FOR = "replayed-for"
"""The header of a dead letter that is given once more to one of the platform's own services."""
SCRAM = "SCRAM-SHA-512"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Security:
    """How to log in at a broker that asks for it: SASL/SCRAM-SHA-512 over TLS.

    `ca` is the file with the certificate (PEM) of the authority that signed the broker's; left out,
    the machine's own authorities are trusted. The broker's name is checked against its certificate.
    """

    user: str
    password: str = field(repr=False)
    ca: str | PathLike[str] | None = None

    def settings(self) -> dict[str, Any]:
        """In kafka-python's words."""
        return {
            "security_protocol": "SASL_SSL",
            "ssl_cafile": None if self.ca is None else str(self.ca),
            "sasl_mechanism": SCRAM,
            "sasl_plain_username": self.user,
            "sasl_plain_password": self.password,
        }


class Kafka:
    """The topics of the wanted events, read as a member of `group`, from the earliest event on.

    `bootstrap` is host:port of a broker, several with commas. Each system has a group of its own;
    members of one group share the partitions.
    """

    def __init__(self, bootstrap: str, group: str, security: Security | None = None) -> None:
        self._settings: dict[str, Any] = {
            "bootstrap_servers": bootstrap.split(","),
            "group_id": group,
            "client_id": group,
            # From before the first start on, and never ahead of the effects.
            "auto_offset_reset": "earliest",
            "enable_auto_commit": False,
            "allow_auto_create_topics": False,
            "max_poll_records": AT_ONCE,
            "max_poll_interval_ms": MAX_POLL_INTERVAL_MS,
            "session_timeout_ms": SESSION_TIMEOUT_MS,
            "bootstrap_timeout_ms": BOOTSTRAP_TIMEOUT_MS,
            **(security.settings() if security else {}),
        }
        self._secured = security is not None
        self._topics: set[str] = set()
        self._consumer: KafkaConsumer | None = None
        self._polled: list[tuple[TopicPartition, int]] = []
        self._uncommitted: dict[TopicPartition, int] = {}

    def open(self, types: Collection[str], store: Store) -> None:
        """See `Source`. A topic that is not there, or may not be read, is waited for: somebody can
        make it, or give the right. So is a wrong password: kafka-python does not tell it from a
        broker that is away.
        """
        self._topics = {topic(type.split(".")[2]) for type in types}
        self._join()

    def poll(self) -> Sequence[Message]:
        """See `Source`. Raises KafkaError where the broker refuses the group."""
        if self._consumer is None:
            self._join()
        assert self._consumer is not None
        try:
            found = self._consumer.poll(timeout_ms=POLL_MS)
        except KafkaError as error:
            if not _is_odd_header(error):
                raise _away(error) from error
            self._step_over()
            found = {}
        records = [record for some in found.values() for record in some]
        self._polled = [(TopicPartition(r.topic, r.partition), r.offset) for r in records]
        return [_message(record) for record in records]

    def done(self, count: int) -> None:
        """See `Source`."""
        for place, offset in self._polled[:count]:
            self._uncommitted[place] = offset + 1
        self._seek_back(self._polled[count:])
        self._commit()

    def close(self) -> None:
        """Leaves the group."""
        if self._consumer is not None:
            self._consumer.close()
            self._consumer = None

    def _join(self) -> None:
        consumer = self._connect()
        # Nobody would say it: such a topic just has nothing to read.
        missing = self._topics - consumer.topics()
        if missing:
            consumer.close()
            raise Away(f"not there, or not to be read by this user: {', '.join(sorted(missing))}")
        consumer.subscribe(sorted(self._topics))
        self._consumer = consumer

    def _connect(self, **changed: Any) -> KafkaConsumer:
        begun: list[KafkaNetClient] = []

        def connection(**settings: Any) -> KafkaNetClient:
            begun.append(KafkaNetClient(**settings))
            return begun[-1]

        try:
            return KafkaConsumer(kafka_client=connection, **{**self._settings, **changed})
        except KafkaError as error:
            # What has begun would stay for ever: a thread for each try.
            for each in begun:
                each.close()
            where = ",".join(self._settings["bootstrap_servers"])
            login = ", and are user, password and certificate right" if self._secured else ""
            raise Away(
                f"nobody lets us in at {where} ({error}): is a broker there{login}?"
            ) from error

    def _seek_back(self, left: Sequence[tuple[TopicPartition, int]]) -> None:
        if self._consumer is None:
            return
        first: dict[TopicPartition, int] = {}
        for place, offset in left:
            first.setdefault(place, offset)
        for place in first.keys() & self._consumer.assignment():
            self._consumer.seek(place, first[place])

    def _step_over(self) -> None:
        """Steps over a message with a header's name that is not UTF-8: kafka-python cannot read it,
        does not tell where it is, and hangs when it is asked to go on. So others look for it, the
        group's offset is set behind it, and a new member goes on there.
        """
        assert self._consumer is not None
        try:
            # All before is done: the message is the next one of some partition.
            for place in self._consumer.assignment():
                offset = self._consumer.position(place)
                readable = self._next_readable(place, offset)
                if readable != offset:
                    self._uncommitted[place] = readable
            self._commit()
        except KafkaError as error:
            raise _away(error) from error
        finally:
            self.close()

    def _next_readable(self, place: TopicPartition, offset: int) -> int:
        """The next offset that can be read, or where there is nothing yet."""
        while True:
            probe = self._connect(group_id=None)
            try:
                probe.assign([place])
                end = probe.end_offsets([place])[place]
                probe.seek(place, offset)
                for _ in range(PROBES):
                    if offset >= end or probe.poll(timeout_ms=POLL_MS, max_records=1):
                        return offset
                raise Away(f"nothing comes of {place.topic}/{place.partition}@{offset}")
            except CorruptRecordError as error:
                if not _is_odd_header(error):
                    raise
            finally:
                probe.close()
            log.error("passed over: a header's name is not UTF-8: %s/%d@%d", *place, offset)
            offset += 1

    def _commit(self) -> None:
        """Partitions change hands within a poll only, and by then all is done and committed; what
        could not be committed comes again, to no effect.
        """
        if not self._uncommitted or self._consumer is None:
            return
        offsets = {
            place: OffsetAndMetadata(offset, "", -1) for place, offset in self._uncommitted.items()
        }
        try:
            self._consumer.commit(offsets, timeout_ms=COMMIT_TIMEOUT_MS)
        except (
            CommitFailedError,
            IllegalGenerationError,
            RebalanceInProgressError,
            UnknownMemberIdError,
        ):
            log.info("partitions moved before the commit")
        except KafkaError as error:
            if not error.retriable:
                raise
            log.warning("offsets not committed yet: %r", error)
            return  # with the next ones
        self._uncommitted.clear()


def _is_odd_header(error: KafkaError) -> bool:
    """Whether a header's name is not UTF-8. Any other corruption is for people to look into."""
    return isinstance(error, CorruptRecordError) and "UnicodeDecodeError" in str(error)


def _away(error: KafkaError) -> Exception:
    """What to raise for an error of Kafka: one that will pass, or itself."""
    return Away(repr(error)) if error.retriable else error


def _message(record: Any) -> Message:
    place = f"{record.topic}/{record.partition}@{record.offset}"
    headers = dict(record.headers)
    if REPLAYED_FOR in headers:
        # Had been published before, and comes to one service only: nobody else's business.
        return Message(place, b"", type=REPLAYED_FOR)
    type = headers.get(TYPE_HEADER)
    return Message(place, record.value or b"", type and type.decode(errors="replace"))
