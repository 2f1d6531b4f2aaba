"""Logs: one JSON object per line on standard output, without personal data.

Only the keys of `ALLOWED` are written, and only short plain values: what a person wrote, a token or
a request's body cannot get into a log, whoever tries. Of an exception its type and its way through
the code are written, not its text.
"""

import logging
import os
import sys
import traceback
from collections.abc import Callable, Mapping, MutableMapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import orjson
import structlog

from shared.runtime.tracing import current_trace_id

ALLOWED = frozenset(
    (
        "attempt",
        "error",
        "name",
        "working",
        "bootstrap",
        "event_id",
        "attempts",
        "cause",
        "code",
        "count",
        "database",
        "driver",
        "event",
        "exception",
        "fence",
        "group",
        "holder",
        "host",
        "id",
        "kid",
        "kind",
        "lag",
        "level",
        "limit",
        "logger",
        "method",
        "milliseconds",
        "offset",
        "outcome",
        "part",
        "partition",
        "partitions",
        "parts",
        "path",
        "pause",
        "port",
        "position",
        "reason",
        "request_id",
        "route",
        "seconds",
        "service",
        "since",
        "source",
        "state",
        "status",
        "stream",
        "time",
        "topic",
        "topics",
        "trace_id",
        "type",
        "variable",
        "verb",
        "version",
        "year",
    )
)
"""The keys a log line may have."""
LONGEST_VALUE = 300
"""Characters of a value; a longer one is dropped, the line's own text is cut."""
FRAMES = 8
"""Of an exception's way through the code, the last so many."""

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The id of the HTTP request at hand."""

SAME_AGAIN_SECONDS = 10.0
"""How often a library may say the same thing."""
_QUIET = (
    "aiokafka",
    "asyncio",
    "faststream",
    "httpcore",
    "httpx",
    "kafka",
    "opentelemetry",
    "pymongo",
    "uvicorn",
)
"""Libraries that are heard from warnings on: what they do in good health, the metrics tell."""

Event = MutableMapping[str, Any]
Processor = Callable[[Any, str, Event], Event]


def configure(service: str, level: str = "info") -> None:
    """Sends everything that this process logs, by structlog or by logging, to standard output."""
    number = logging.getLevelNamesMapping()[level.upper()]
    _context.service = service
    shared: list[Processor] = [_context, _level, _exception, _only_allowed]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _render],
            foreign_pre_chain=[_name, *shared],
        )
    )
    handler.addFilter(_NotAgain())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(number)
    for name in _QUIET:
        library = logging.getLogger(name)
        library.handlers = []
        library.propagate = True
        library.setLevel(max(number, logging.WARNING))
    for name in ("uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True


class _NotAgain(logging.Filter):
    """Lets a library say the same thing once in a while: a broker that is away is told of dozens of
    times a second.
    """

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[tuple[str, int], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.partition(".")[0] not in _QUIET:
            return True
        place = (record.pathname, record.lineno)
        if record.created - self._told.get(place, float("-inf")) < SAME_AGAIN_SECONDS:
            return False
        self._told[place] = record.created
        return True


class _Context:
    """Adds time, service, trace and request."""

    service = ""

    def __call__(self, _logger: Any, _method: str, event: Event) -> Event:
        event["time"] = datetime.now(UTC).isoformat(timespec="milliseconds")
        event["service"] = self.service
        if (trace := current_trace_id()) is not None:
            event["trace_id"] = trace
        if (request := request_id.get()) is not None:
            event["request_id"] = request
        return event


_context = _Context()
"""One for the process: loggers keep the processors that they were first used with."""


def _name(_logger: Any, _method: str, event: Event) -> Event:
    record = event.get("_record")
    if record is not None:
        event["logger"] = record.name
    return event


def _level(_logger: Any, method: str, event: Event) -> Event:
    record = event.get("_record")
    event["level"] = record.levelname.lower() if record is not None else method
    return event


def _exception(_logger: Any, _method: str, event: Event) -> Event:
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    if isinstance(given, tuple):
        given = given[1]
    if isinstance(given, BaseException):
        event["exception"] = described(given)
    return event


def described(error: BaseException) -> str:
    """The types of an error and of its causes, and the last steps to it, without their texts."""
    names = [type(error).__name__]
    cause = error.__cause__ or error.__context__
    while cause is not None and len(names) < 4:
        names.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    here = os.getcwd() + os.sep
    steps = [f"{frame.filename.removeprefix(here)}:{frame.lineno}" for frame in reversed(frames)]
    short = [step.rpartition("site-packages/")[2] for step in steps]
    return " from ".join(names) + (f" at {' < '.join(short)}" if short else "")


def _only_allowed(_logger: Any, _method: str, event: Event) -> Event:
    for key in [key for key in event if not key.startswith("_")]:
        value = event[key]
        if key == "event":
            event[key] = str(value)[:LONGEST_VALUE]
        elif key != "exception" and (key not in ALLOWED or not _plain(value)):
            del event[key]
    return event


def _plain(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST_VALUE
    if value is None or isinstance(value, (bool, int, float, datetime)):
        return True
    if isinstance(value, Mapping):
        return len(value) <= 20 and all(_plain(k) and _plain(v) for k, v in value.items())
    if isinstance(value, (list, tuple)):
        return len(value) <= 20 and all(_plain(part) for part in value)
    return False


def _render(_logger: Any, _method: str, event: Event) -> str:
    first = {key: event.pop(key) for key in ("time", "level", "service", "event") if key in event}
    return orjson.dumps({**first, **event}, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
