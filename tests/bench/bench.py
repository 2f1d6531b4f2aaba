"""One run of the benchmark: the platform, what its load was told, and what rows share."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from kafka import KafkaAdminClient, KafkaConsumer
from pymongo.collection import Collection

from deploy.local.layout import LocalError
from deploy.local.processes import WebProcess
from services.notifications.reactions import reactions
from shared.contracts.envelope import event_in, public_events, topic
from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.clock import SystemClock
from shared.runtime.journal import DossierEntry, Query
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.reactions import About, Do
from shared.runtime.store import Store
from tests.bench import honesty
from tests.bench.honesty import Found, Told
from tests.bench.load import Burst, Held, file_petitions, hold_rate, http_post
from tests.bench.platform import Platform, database_of, messages_in, wait_until
from tests.bench.seed import seed

CONSUMER = "notifications"
OTHERS = ("community", CONSUMER)
"""Services beside the one that is asked."""
STALLED_AFTER = 30.0
"""Seconds without progress after which relay or consumer is taken to be stuck."""

T = TypeVar("T")


@dataclass
class Bench:
    """What a row is given."""

    platform: Platform
    say: Callable[[str], None]
    told: Told = field(default_factory=Told)
    stored_by_then: int = 1_000_000
    """Petitions of a full store."""
    _kept: dict[str, Any] = field(default_factory=dict)

    def once(self, name: str, measure: Callable[[], T]) -> T:
        """What `measure` gives, measured once in a run: several rows may come of it. What went
        wrong once is not tried again: it would begin with what the first try left behind.
        """
        if name not in self._kept:
            try:
                self._kept[name] = measure()
            except LocalError as error:
                self._kept[name] = error
        if isinstance(kept := self._kept[name], LocalError):
            raise LocalError(str(kept))
        return cast(T, kept)

    def ready(self, *, consumer: bool) -> None:
        """Has places known and petitions taken; with those who hear of them at work, or stopped.

        Without them the producing side has the machine for itself, as the yardsticks have.
        """
        self.once("places", self._settle_places)
        for name in OTHERS:
            if consumer:
                self.platform.service(name)
            else:
                self.platform.stop(name)

    def ready_for(self, service: str) -> WebProcess:
        """Another service at work, and nobody beside it: the places it hears of are in Kafka."""
        self.ready(consumer=False)
        self.platform.stop("petitions")
        return self.platform.service(service)

    def _settle_places(self) -> bool:
        self.platform.service("community")
        self.platform.service("petitions")
        self.platform.settle_places()
        self.told.acknowledged += 1  # the petition that showed that the places are known
        return True

    # --- load ------------------------------------------------------------------------------------

    @property
    def bodies(self) -> list[str]:
        return self.once("bodies", self.platform.bodies)

    @property
    def tokens(self) -> list[str]:
        return self.once("tokens", self.platform.petitioner_tokens)

    def door(self) -> str:
        """Where petitions are found through the gateway."""
        return f"{self.platform.service('gateway').url}/api/petitions"

    def burst(self, connections: int, seconds: float, url: str | None = None) -> Burst:
        """As many petitions as get through, over HTTP: straight, or to where `url` finds them."""
        url = url or self.platform.service("petitions").url
        burst = file_petitions(
            url, self.bodies, connections=connections, seconds=seconds, tokens=self.tokens
        )
        self.told.acknowledged += burst.accepted
        self.told.unanswered += connections + burst.broken
        return burst

    def yardstick_burst(self, name: str, connections: int, seconds: float) -> Burst:
        """As many petitions as a yardstick takes; returns when its relay is done."""
        url = self.platform.yardstick(name).url
        burst = file_petitions(url, self.bodies, connections=connections, seconds=seconds)
        outbox = self.platform.yardstick_store(name)["outbox"]
        wait_until(
            lambda: outbox.find_one({"published": False}) is None,
            120,
            f"the relay of {name} is done",
        )
        return burst

    def steady(self, rate: float, seconds: float, url: str | None = None) -> Held:
        """So many petitions per second, over HTTP: straight, or to where `url` finds them."""
        url = url or self.platform.service("petitions").url
        path = f"{urlsplit(url).path}/petitions"
        tokens = self.tokens
        requests = [
            http_post(url, path, tokens[n % len(tokens)], body)
            for n, body in enumerate(self.bodies)
        ]
        held = hold_rate(url, requests, rate=rate, seconds=seconds)
        self.told.acknowledged += held.accepted
        self.told.unanswered += held.broken
        return held

    def seed(self, count: int) -> None:
        """So many petitions straight into the store of petitions, by its own domain and journal."""
        seed(self.platform.mongo.uri, database_of("petitions"), count)
        self.told.seeded += count

    def fill(self, count: int) -> None:
        """Has so many petitions stored at least, all of them published."""
        if (missing := count - self.stored()) > 0:
            self.seed(missing)
        self.relay_done()

    # --- waiting ---------------------------------------------------------------------------------

    def stored(self) -> int:
        """Petitions in the store."""
        return self.platform.store("petitions")["state_petition"].estimated_document_count()

    def public_events(self, service: str = "petitions") -> int:
        """Public events in the commits of a service."""
        names = [event.__name__ for event in public_events(service).values()]
        of_commit = {"$filter": {"input": "$events.n", "cond": {"$in": ["$$this", names]}}}
        rows = self.platform.store(service)["commits"].aggregate(
            [{"$group": {"_id": None, "n": {"$sum": {"$size": of_commit}}}}]
        )
        return sum(int(row["n"]) for row in rows)

    def relay_done(self, service: str = "petitions") -> None:
        """Returns when every public event of a service is in its topic."""
        expected = self.public_events(service)
        with self.offsets(service) as published:
            finish(lambda: max(0, expected - published()), "events are not published", every=0.1)

    def consumer_done(self) -> None:
        """Returns when the relay is done and the consumer has stored the effects of all of it."""
        self.relay_done()
        finish(self.lag, f"events are not handled by {CONSUMER}", every=0.25)

    def lag(self) -> int:
        """Messages in the topic of petitions that the consumer has not acknowledged."""
        admin = KafkaAdminClient(bootstrap_servers=self.platform.kafka.bootstrap)
        try:
            offsets = admin.list_group_offsets({CONSUMER: None})[CONSUMER]
        finally:
            admin.close()
        name = topic("petitions")
        done: int = sum(o.offset for partition, o in offsets.items() if partition.topic == name)
        return self.platform.published(name) - done

    def offsets(self, service: str = "petitions") -> "_Offsets":
        """A quick look at how much is in the topic of a service, for a `with` block."""
        return _Offsets(self.platform.kafka.bootstrap, topic(service))

    # --- the end ---------------------------------------------------------------------------------

    def found(self) -> Found:
        """What stores and topic hold, with the consumer at work until it is done."""
        self.ready(consumer=True)
        self.consumer_done()
        petitions = self.platform.store("petitions")
        published: set[str] = set()
        expected: set[str] = set()

        async def look() -> None:
            clock = SystemClock()
            journal = MongoJournal.connect(
                self.platform.mongo.uri, database_of(CONSUMER), "pymongo", clock
            )
            store = Store(CONSUMER, journal, clock, ())
            for envelope in honesty.envelopes(self.platform.kafka.bootstrap, "petitions"):
                published.add(envelope.id)
                about = About(
                    envelope.id,
                    envelope.service,
                    envelope.type,
                    envelope.subject,
                    envelope.sequence,
                    envelope.time,
                    envelope.correlationid,
                )
                note = _Noting(store.do_for(about), about, expected)
                for reaction in reactions.for_type(envelope.type):
                    await reaction(event_in(envelope), about, note)
            await journal.close()

        asyncio.run(look())
        filed: Collection[dict[str, Any]] = petitions["commits"]
        return Found(
            petitions=filed.count_documents({"verb": "file", "v": 1}),
            states=petitions["state_petition"].count_documents({}),
            committed=honesty.event_ids(petitions, "petitions"),
            published=published,
            expected=expected,
            effects=honesty.causes(self.platform.store(CONSUMER), "petitions"),
        )


@dataclass(frozen=True, slots=True)
class _Noting:
    """What reactions are given: it looks as the store does, and notes what it would send."""

    store: Do
    about: About
    noted: set[str]

    async def __call__(self, aggregate: Aggregate[Any], id: str, command: Command) -> None:
        self.noted.add(f"{self.about.id}>{aggregate.stream(id)}")

    async def many(self, commands: Iterable[tuple[Aggregate[Any], str, Command]]) -> None:
        for each in commands:
            await self(*each)

    def find(self, aggregate: Aggregate[T], query: Query) -> AsyncIterator[tuple[str, T]]:
        return self.store.find(aggregate, query)

    async def get(self, aggregate: Aggregate[T], id: str) -> T | None:
        return await self.store.get(aggregate, id)

    async def latest(
        self, aggregate: Aggregate[Any], id: str, name: str
    ) -> Mapping[str, Any] | None:
        return await self.store.latest(aggregate, id, name)

    async def dossier(self, aggregate: Aggregate[Any], id: str) -> Sequence[DossierEntry]:
        return await self.store.dossier(aggregate, id)


class _Offsets:
    def __init__(self, bootstrap: str, name: str) -> None:
        self._bootstrap = bootstrap
        self._name = name

    def __enter__(self) -> Callable[[], int]:
        self._consumer = KafkaConsumer(bootstrap_servers=self._bootstrap)
        return lambda: messages_in(self._consumer, self._name)

    def __exit__(self, *_: object) -> None:
        self._consumer.close()


def samples(count: Callable[[], int], goal: int, seconds: float) -> Iterator[tuple[float, int]]:
    """Looks at a growing count until it reaches `goal`: (time, count), ends when the time is up."""
    begin = time.monotonic()
    while time.monotonic() - begin < seconds:
        seen = count()
        yield time.monotonic(), seen
        if seen >= goal:
            return
        time.sleep(0.02)


def finish(left: Callable[[], int], what: str, every: float) -> None:
    """Waits until nothing is left. Raises LocalError where nothing moves any more."""
    least, moved = left(), time.monotonic()
    while least:
        if time.monotonic() - moved > STALLED_AFTER:
            raise LocalError(f"{least} {what}, and nothing moved for {STALLED_AFTER:.0f} s")
        time.sleep(every)
        if (now := left()) < least:
            least, moved = now, time.monotonic()


def must_be_whole(held: Held) -> None:
    """Raises LocalError where a held rate was not answered with yes throughout."""
    if held.overrun:
        raise LocalError(f"it does not keep up with {held.rate:.0f} requests/s")
    if held.refused or held.broken:
        raise LocalError(f"at {held.rate:.0f}/s {held.refused} refused, {held.broken} cut")
