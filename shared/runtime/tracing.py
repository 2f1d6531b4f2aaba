"""The trace a piece of work belongs to: W3C ``traceparent`` from HTTP through commits and events into reactions.

OpenTelemetry's context carries it. Spans are exported only where ``JINLIN_OTLP_ENDPOINT`` is set.
"""

from opentelemetry import trace
from opentelemetry.trace import format_span_id, format_trace_id


def current_traceparent() -> str | None:
    """The W3C traceparent of the work at hand, or None outside any trace."""
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return None
    return (
        f"00-{format_trace_id(context.trace_id)}-{format_span_id(context.span_id)}"
        f"-{context.trace_flags:02x}"
    )
