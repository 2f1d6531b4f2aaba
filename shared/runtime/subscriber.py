"""The subscriber: turns other services' events into commands here. At least once delivered, exactly
once in effect.

What goes wrong is of two kinds. The store being away is nobody's fault: the event waits, for as
long as it takes. An event that is itself the trouble is tried a few times and then put aside as a
dead letter, so that those behind it move on.
"""

import asyncio
import random
import traceback
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from functools import lru_cache, partial
from typing import Any, TypeVar

import structlog

from shared.contracts.envelope import (
    Envelope,
    Unreadable,
    dead_letter_topic,
    event_class,
    event_in,
    parse,
)
from shared.contracts.event import Event
from shared.runtime import metrics, tracing
from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.bus import (
    REPUBLISHED_HEADER,
    TYPE_HEADER,
    Bus,
    BusUnavailable,
    Incoming,
    Outgoing,
    Subscription,
)
from shared.runtime.clock import Clock
from shared.runtime.journal import DossierEntry, Query, Unavailable
from shared.runtime.letters import REPLAYED_FOR
from shared.runtime.outcome import Busy
from shared.runtime.reactions import About, Do, Reaction, Reactions

TRIES = 5
"""How often an event whose reaction raises is tried before it becomes a dead letter."""
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
"""Seconds between tries, doubled up to the longest, each made shorter by chance by up to a half."""
AT_ONCE = 500
"""Streams worked on side by side."""
REASON_LENGTH = 2000
"""Characters of a dead letter's reason."""

log = structlog.get_logger(__name__)

S = TypeVar("S")


class SecondCommand(Exception):
    """Reactions sent two commands to one stream for one event: the second would be taken for a
    repetition.
    """


class Subscriber:
    """One service's reactions at work.

    `do_for` makes, for an event, what sends a command to the store with that event as its cause.
    """

    def __init__(
        self,
        service: str,
        bus: Bus,
        reactions: Reactions,
        clock: Clock,
        do_for: Callable[[About], Do],
        randomness: random.Random | None = None,
    ) -> None:
        self._service = service
        self._bus = bus
        self._reactions = reactions
        self._clock = clock
        self._do_for = do_for
        self._random = randomness or random.Random()  # noqa: S311  jitter
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._subscription: Subscription | None = None
        # A metric's child is dear to look up.
        self._counted = lru_cache(maxsize=None)(partial(metrics.EVENTS_HANDLED.labels, service))
        self._timed = lru_cache(maxsize=None)(partial(metrics.EVENT_SECONDS.labels, service))
        self._delayed = lru_cache(maxsize=None)(partial(metrics.EVENT_DELAY.labels, service))

    async def start(self) -> None:
        """Subscribes to the topics of all events there is a reaction to; the group is the service's
        name.
        """
        topics = self._reactions.topics()
        if topics:
            self._subscription = await self._bus.subscribe(topics, self._service, self.handle)

    async def stop(self) -> None:
        """Finishes the batch at hand and leaves the group."""
        if self._subscription is not None:
            await self._subscription.stop()

    def working(self) -> bool:
        """Whether events arrive; true as well where there is nothing to subscribe to."""
        if self._subscription is None:
            return not self._reactions.topics()
        return self._subscription.working()

    async def handle(self, batch: Sequence[Incoming]) -> None:
        """Handles a batch: keys side by side, the events of one key in order. Returns when all
        effects are stored.
        """
        by_key: dict[object, list[Incoming]] = {}
        for message in batch:
            if (passed_over := self._passed_over(message)) is not None:
                self._count("any", passed_over)
                continue
            key = (message.topic, message.partition if message.key is None else message.key)
            by_key.setdefault(key, []).append(message)
        async with asyncio.TaskGroup() as group:
            for messages in by_key.values():
                group.create_task(self._in_order(messages))

    async def _in_order(self, messages: list[Incoming]) -> None:
        async with self._at_once:
            for message in messages:
                await self._handle_one(message)

    async def _handle_one(self, message: Incoming) -> None:
        try:
            envelope = parse(message.value)
        except Exception as error:
            # It will not read better the next time.
            await self._bury(message, None, error, tries=1)
            return
        reactions = self._reactions.for_type(envelope.type)
        if not reactions:
            known = event_class(envelope.type) is not None
            self._count(envelope.type if known else "any", "ignored" if known else "unknown")
            return
        started = self._clock.monotonic()
        try:
            event = event_in(envelope)
            assert event is not None  # a type with reactions is a type we know
        except Exception as error:
            await self._bury(message, envelope, error, tries=1)
            return
        if await self._react(message, envelope, event, reactions):
            self._count(envelope.type, "handled")
            if not _sent_again(message):
                delay = (self._clock.now() - envelope.time).total_seconds()
                self._delayed(envelope.service).observe(max(0.0, delay))
        took = self._clock.monotonic() - started
        self._timed(envelope.type).observe(took)

    async def _react(
        self, message: Incoming, envelope: Envelope, event: Event, reactions: list[Reaction]
    ) -> bool:
        """Runs the reactions until all are done; False where the event was put aside instead."""
        about = _about(envelope, message.value)
        failures = waits = 0
        while True:
            try:
                await self._run(about, event, reactions)
                return True
            except (Unavailable, Busy):
                waits += 1
                cause, pause = "store", self._pause(waits)
                if waits == 1:
                    log.warning(
                        "event waits for the store", service=self._service, event_id=about.id
                    )
            except Exception as error:
                failures += 1
                if failures == TRIES:
                    await self._bury(message, envelope, error, tries=failures)
                    return False
                cause, pause = "error", self._pause(failures)
            metrics.EVENT_RETRIES.labels(self._service, cause).inc()
            await self._clock.sleep(pause)

    async def _run(self, about: About, event: Event, reactions: list[Reaction]) -> None:
        do = OncePerStream(self._do_for(about), about)
        trace = tracing.within(about.trace, f"react {about.type}") if about.trace else nullcontext()
        with trace:
            for reaction in reactions:
                await reaction(event, about, do)

    def _passed_over(self, message: Incoming) -> str | None:
        """Why a message is passed over unread, as metrics say it: it was sent anew for another
        service, or its headers tell a type that nothing is done about (a service that hears itself
        hears mostly what it knows). None for all others.
        """
        for name, value in message.headers:
            if name == REPLAYED_FOR and value != self._service.encode():
                return "not-for-us"
            if name == TYPE_HEADER and not self._reactions.for_type(value.decode(errors="replace")):
                return "ignored"
        return None

    async def _bury(
        self, message: Incoming, envelope: Envelope | None, error: Exception, tries: int
    ) -> None:
        """Puts a message aside. Waits for as long as the broker is away: it is not to be lost
        either.
        """
        reason = _reason(error)
        event_id = envelope.id if envelope is not None else ""
        headers = [
            ("original-topic", message.topic.encode()),
            ("original-partition", str(message.partition).encode()),
            ("original-offset", str(message.offset).encode()),
            ("service", self._service.encode()),
            ("reason", reason.encode(errors="replace")),
            ("failed-at", self._clock.now().isoformat().encode()),
            ("tries", str(tries).encode()),
        ]
        if event_id:
            headers.append(("event-id", event_id.encode(errors="replace")))
        if message.key is not None:
            headers.append(("original-key", message.key))
        letter = Outgoing(
            topic=dead_letter_topic(self._service),
            key=(message.key or b"").decode(errors="replace"),
            value=message.value,
            headers=tuple(headers),
        )
        attempts = 0
        while True:
            try:
                await self._bus.publish([letter])
                break
            except BusUnavailable:
                attempts += 1
                metrics.EVENT_RETRIES.labels(self._service, "broker").inc()
                await self._clock.sleep(self._pause(attempts))
        log.error(
            "event put aside as a dead letter",
            service=self._service,
            event_id=event_id,
            topic=message.topic,
            partition=message.partition,
            offset=message.offset,
            reason=reason,
        )
        metrics.DEAD_LETTERS.labels(self._service).inc()
        known = envelope is not None and event_class(envelope.type) is not None
        self._count(envelope.type if envelope is not None and known else "any", "dead")

    def _pause(self, times: int) -> float:
        pause = min(FIRST_PAUSE * 2.0 ** min(times - 1, 10), LONGEST_PAUSE)
        return pause * (1 - self._random.random() / 2)

    def _count(self, type: str, outcome: str) -> None:
        self._counted(type, outcome).inc()


def _sent_again(message: Incoming) -> bool:
    """Whether it was sent on purpose long after it happened: how old it is says nothing then."""
    return any(name in (REPLAYED_FOR, REPUBLISHED_HEADER) for name, _ in message.headers)


def _about(envelope: Envelope, message: bytes) -> About:
    return About(
        id=envelope.id,
        service=envelope.service,
        type=envelope.type,
        stream=envelope.subject,
        sequence=envelope.sequence,
        time=envelope.time,
        correlation=envelope.correlationid,
        trace=envelope.traceparent,
        message=message,
    )


class OncePerStream:
    """A `Do` that raises `SecondCommand` instead of passing on a second one to the same stream."""

    def __init__(self, do: Do, about: About) -> None:
        self._do = do
        self._about = about
        self._sent: set[str] = set()

    async def __call__(self, aggregate: Aggregate[Any], id: str, command: Command) -> None:
        stream = aggregate.stream(id)
        if stream in self._sent:
            raise SecondCommand(
                f"reactions to {self._about.type} send a second command ({command.verb}) to a "
                f"{aggregate.kind}: one per stream and event, as the event is the command's cause"
            )
        self._sent.add(stream)
        await self._do(aggregate, id, command)

    async def many(self, commands: Iterable[tuple[Aggregate[Any], str, Command]]) -> None:
        waiting = list(commands)
        for start in range(0, len(waiting), AT_ONCE):
            # Every one is awaited: none is left behind at work when another has failed.
            outcomes = await asyncio.gather(
                *(self(*each) for each in waiting[start : start + AT_ONCE]),
                return_exceptions=True,
            )
            for outcome in outcomes:
                if outcome is not None:
                    raise outcome

    def find(self, aggregate: Aggregate[S], query: Query) -> AsyncIterator[tuple[str, S]]:
        return self._do.find(aggregate, query)

    async def get(self, aggregate: Aggregate[S], id: str) -> S | None:
        return await self._do.get(aggregate, id)

    async def latest(
        self, aggregate: Aggregate[Any], id: str, name: str
    ) -> Mapping[str, Any] | None:
        return await self._do.latest(aggregate, id, name)

    async def dossier(self, aggregate: Aggregate[Any], id: str) -> Sequence[DossierEntry]:
        return await self._do.dossier(aggregate, id)


def _reason(error: Exception) -> str:
    """What went wrong, for a person. Messages of foreign exceptions may quote data: only their
    place is told.
    """
    if isinstance(error, (Unreadable, SecondCommand)):
        text = str(error)
    else:
        frames = traceback.extract_tb(error.__traceback__)[-6:]
        places = " < ".join(
            f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}"
            for frame in reversed(frames)
        )
        text = f"{type(error).__name__} at {places}"
    return text[:REASON_LENGTH]
