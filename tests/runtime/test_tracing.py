"""Spans of the store and the relay: where the time went of what many asked for together."""

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from shared.runtime import tracing
from shared.runtime.bus import BusUnavailable
from shared.runtime.clock import SystemClock
from shared.runtime.journal import Change, Kind, Unavailable
from shared.runtime.memory_bus import MemoryTopics
from shared.runtime.memory_journal import Fault, MemoryDisk, MemoryJournal
from shared.runtime.outcome import Outcome
from shared.runtime.store import Store
from tests.runtime.bus_fixtures import eventually
from tests.runtime.lamp import Switch, lamp
from tests.runtime.test_relay import World, change, running
from tests.runtime.test_store import INSTALL

DARK = f"00-{'f' * 32}-{'e' * 16}-00"
"""A trace that its caller does not want recorded."""
COMMANDS = 5_000
MOST_OF_A_COMMAND = 0.03
"""The share of a command's processor time that spans may take where nothing is exported: of one
that is a batch by itself, in memory. In a real store it is a third of that, in a full batch less.
"""


class Spans:
    """What is recorded in this process while a test runs."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(self._exporter))
        self.tracer = provider.get_tracer("test")

    def all(self, name: str) -> list[ReadableSpan]:
        return [span for span in self._exporter.get_finished_spans() if span.name == name]

    def one(self, name: str) -> ReadableSpan:
        (span,) = self.all(name)
        return span


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Spans:
    recorded = Spans()
    monkeypatch.setattr(tracing, "_tracer", recorded.tracer)
    return recorded


@pytest.fixture
async def disk() -> MemoryDisk:
    disk = MemoryDisk()
    await MemoryJournal(SystemClock(), disk).prepare([Kind("lamp")])
    return disk


def over(disk: MemoryDisk, fault: Fault | None = None) -> Store:
    return Store("lamps", MemoryJournal(SystemClock(), disk, fault), SystemClock(), [lamp])


@pytest.fixture
def store(disk: MemoryDisk) -> Store:
    return over(disk)


async def install(store: Store, id: str) -> Outcome:
    return await store.do(lamp, id, INSTALL, actor="w1")


async def requested(store: Store, id: str, traceparent: str | None = None) -> Outcome:
    """As a request does it: in a span of its own."""
    with tracing.within(traceparent, f"request {id}", SpanKind.SERVER):
        return await install(store, id)


def ids(span: ReadableSpan) -> tuple[int, int]:
    context = span.get_span_context()
    assert context is not None
    return context.trace_id, context.span_id


def linked(span: ReadableSpan) -> list[tuple[int, int]]:
    return [(link.context.trace_id, link.context.span_id) for link in span.links]


def parent(span: ReadableSpan) -> tuple[int, int]:
    assert span.parent is not None
    return span.parent.trace_id, span.parent.span_id


def told(span: ReadableSpan) -> list[str]:
    return [event.name for event in span.events]


async def test_a_batch_lies_in_the_first_request_and_is_linked_with_the_others(
    spans: Spans, store: Store
) -> None:
    await asyncio.gather(*(requested(store, id) for id in ("1", "2", "3")))
    first, *others = (spans.one(f"request {id}") for id in ("1", "2", "3"))
    batch = spans.one("batch lamps")
    assert parent(batch) == ids(first)
    assert linked(batch) == [ids(other) for other in others]
    assert dict(batch.attributes or {}) == {"jinlin.commands": 3, "jinlin.conflicts": 0}
    assert told(batch) == ["read", "decided", "written"]
    assert dict(batch.events[-1].attributes or {}) == {"jinlin.commits": 3}
    # Whoever looks at one of the others finds where its time went.
    assert [linked(other) for other in others] == [[ids(batch)]] * 2
    assert linked(first) == []


async def test_who_is_not_recorded_is_neither_linked_nor_the_first(
    spans: Spans, store: Store
) -> None:
    await asyncio.gather(requested(store, "1", DARK), requested(store, "2"), install(store, "3"))
    batch = spans.one("batch lamps")
    assert parent(batch) == ids(spans.one("request 2"))
    assert linked(batch) == []
    assert dict(batch.attributes or {})["jinlin.commands"] == 3


async def test_a_batch_of_nobody_who_is_recorded_has_no_span(spans: Spans, store: Store) -> None:
    await asyncio.gather(requested(store, "1", DARK), install(store, "2"))
    assert spans.all("batch lamps") == []


async def test_conflicts_are_counted(spans: Spans, disk: MemoryDisk) -> None:
    await install(over(disk), "1")
    rivals = iter([over(disk)])

    async def overtake(point: str) -> None:
        if point == "before-write" and (rival := next(rivals, None)) is not None:
            await rival.do(lamp, "1", Switch(), actor="w2")

    with tracing.within(None, "request"):
        outcome = await over(disk, overtake).do(lamp, "1", Switch(), actor="w1")
    assert outcome.version == 3
    batch = next(span for span in spans.all("batch lamps") if told(span)[2] == "conflict")
    assert dict(batch.attributes or {}) == {"jinlin.commands": 1, "jinlin.conflicts": 1}
    assert told(batch) == ["read", "decided", "conflict", "read", "decided", "written"]


async def test_of_trouble_the_kind_is_told_and_never_the_words(
    spans: Spans, disk: MemoryDisk
) -> None:
    def fail(point: str) -> None:
        if point == "before-write":
            raise Unavailable("the resident 林秀英 was not written")

    with pytest.raises(Unavailable):
        await requested(over(disk, fail), "1")
    batch = spans.one("batch lamps")
    assert dict(batch.attributes or {})["error.type"] == "Unavailable"
    assert not batch.status.is_ok
    assert told(batch) == ["read", "decided"]
    assert (batch.status.description, list(batch.links)) == (None, [])


def traced(id: str) -> Change:
    """A commit with a public event, made in a span of its own."""
    made = change(id, 1, datetime.now(UTC))
    with tracing.within(None, f"request {id}"):
        return replace(made, commit=replace(made.commit, trace=tracing.current_traceparent()))


async def test_what_is_published_lies_in_the_first_requests_trace(spans: Spans) -> None:
    world = World(SystemClock(), MemoryDisk(), MemoryTopics())
    failures = iter([True])

    async def once(step: str) -> None:
        if step == "after-publish" and next(failures, False):
            raise BusUnavailable("no answer")

    await world.journal().write([traced("1"), traced("2")])
    async with running(world.relay("a", bus=once)):
        await eventually(lambda: world.has(("1", 1), ("2", 1)))
        await eventually(lambda: bool(spans.all("publish petitions")))
    published = spans.one("publish petitions")
    assert published.kind is SpanKind.PRODUCER
    assert parent(published) == ids(spans.one("request 1"))
    assert linked(published) == [ids(spans.one("request 2"))]
    assert dict(published.attributes or {}) == {"messaging.batch.message_count": 2}
    assert told(published) == ["broker away"]


@pytest.mark.slow
@pytest.mark.alone
async def test_where_nothing_is_exported_it_costs_next_to_nothing(store: Store) -> None:
    traceparent = f"00-{'a' * 32}-{'b' * 16}-01"
    began = time.process_time()
    for n in range(COMMANDS):
        await requested(store, f"{n}", traceparent)
    whole = time.process_time() - began
    began = time.process_time()
    for _ in range(COMMANDS):  # what a batch of one does for its span
        with tracing.for_many("batch lamps", (one for one in (traceparent,))) as span:
            if span.is_recording():
                raise AssertionError("nothing is exported here")
            span.add_event("read")
            span.add_event("decided")
            span.add_event("written", {"jinlin.commits": 1})
            span.set_attributes({"jinlin.commands": 1, "jinlin.conflicts": 0})
    spent = time.process_time() - began
    assert spent / whole <= MOST_OF_A_COMMAND, f"{spent / whole:.4f} of {whole / COMMANDS:.6f} s"
