"""The trace a piece of work belongs to: W3C ``traceparent`` from HTTP through commits and events
into reactions.

OpenTelemetry's context carries it. Spans are recorded and exported only where
``JINLIN_OTLP_ENDPOINT`` is set.
"""

import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import Token

from opentelemetry import context, trace
from opentelemetry.context import Context
from opentelemetry.trace import (
    INVALID_SPAN,
    Link,
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    TraceFlags,
    format_span_id,
    format_trace_id,
)

_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?")

_tracer: trace.Tracer | None = None
"""Set where spans are exported; otherwise a trace costs no more than its ids."""


class NoExporter(Exception):
    """Spans are to be exported but the packages that do it are not installed."""


def current_traceparent() -> str | None:
    """The W3C traceparent of the work at hand, or None outside any trace."""
    here = trace.get_current_span().get_span_context()
    if not here.is_valid:
        return None
    return (
        f"00-{format_trace_id(here.trace_id)}-{format_span_id(here.span_id)}-{here.trace_flags:02x}"
    )


def current_trace_id() -> str | None:
    """The 32 hex digits of the trace at hand, or None outside any trace."""
    here = trace.get_current_span().get_span_context()
    return format_trace_id(here.trace_id) if here.is_valid else None


def begin(traceparent: str | None, name: str, kind: SpanKind = SpanKind.SERVER) -> Token[Context]:
    """Puts the work at hand into the trace that `traceparent` names, or into a new one; `end` it
    with the token.
    """
    parent = _parent(traceparent)
    if _tracer is None or (parent is not None and not parent.trace_flags.sampled):
        # Nothing is recorded here, so what follows has the caller's span for its parent.
        span: Span = NonRecordingSpan(parent or _new_trace())
    else:
        within = trace.set_span_in_context(NonRecordingSpan(parent)) if parent else Context()
        span = _tracer.start_span(name, context=within, kind=kind)
    return context.attach(trace.set_span_in_context(span))


def end(
    token: Token[Context], failed: bool = False, route: str | None = None, status: int | None = None
) -> None:
    """Ends what `begin` began; of a request its route's template and the answer's status."""
    span = trace.get_current_span()
    if span.is_recording():
        if route is not None and status is not None:
            span.set_attributes({"http.route": route, "http.response.status_code": status})
        if failed:
            span.set_status(trace.StatusCode.ERROR)
        span.end()
    context.detach(token)


@contextmanager
def within(
    traceparent: str | None, name: str, kind: SpanKind = SpanKind.CONSUMER
) -> Iterator[None]:
    """Does the work of a ``with`` block in the trace that `traceparent` names, or in a new one."""
    token = begin(traceparent, name, kind)
    failed = True
    try:
        yield
        failed = False
    finally:
        end(token, failed)


@contextmanager
def for_many(
    name: str, traceparents: Iterable[str | None], kind: SpanKind = SpanKind.INTERNAL
) -> Iterator[Span]:
    """Does work that many asked for together: a span in the trace of the first of them that is
    recorded, with links to the others. Where none is, a span that nobody sees.
    """
    if _tracer is None or not (asked := _recorded(traceparents)):
        yield INVALID_SPAN
        return
    first = trace.set_span_in_context(NonRecordingSpan(asked[0]))
    links = [Link(other) for other in asked[1:]]
    span = _tracer.start_span(name, context=first, kind=kind, links=links)
    try:
        yield span
    except BaseException as error:
        failed_by(span, error)
        raise
    finally:
        span.end()


def failed_by(span: Span, error: BaseException) -> None:
    """Says on a span what its work failed by. The error's class only: its text may quote data."""
    span.set_attribute("error.type", type(error).__name__)
    span.set_status(trace.StatusCode.ERROR)


def link_to(elsewhere: SpanContext) -> None:
    """Says on the span at hand where its work was done, where that is in another trace."""
    span = trace.get_current_span()
    if span.is_recording() and span.get_span_context().trace_id != elsewhere.trace_id:
        span.add_link(elsewhere)


def _recorded(traceparents: Iterable[str | None]) -> list[SpanContext]:
    """The spans named, each once, but for those that are not recorded."""
    named = (_parent(traceparent) for traceparent in dict.fromkeys(traceparents))
    return [one for one in named if one is not None and one.trace_flags.sampled]


def _new_trace() -> SpanContext:
    return SpanContext(
        secrets.randbits(128) or 1,
        secrets.randbits(64) or 1,
        is_remote=False,
        trace_flags=TraceFlags(0),
    )


def _parent(traceparent: str | None) -> SpanContext | None:
    match = _TRACEPARENT.fullmatch(traceparent) if traceparent else None
    if match is None:
        return None
    trace_id, span_id, flags = (int(part, 16) for part in match.groups())
    if not trace_id or not span_id:
        return None
    return SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(flags & 1))


def export_spans(service: str, endpoint: str) -> None:
    """From now on spans are sent to an OpenTelemetry collector. Raises `NoExporter`."""
    global _tracer
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise NoExporter(
            "JINLIN_OTLP_ENDPOINT is set but the exporter is not installed: expected the package "
            "jinlin[otlp]"
        ) from error
    provider = TracerProvider(resource=Resource.create({"service.name": f"jinlin-{service}"}))
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    _tracer = provider.get_tracer("jinlin")
