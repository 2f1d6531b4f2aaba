"""The lines that the services log during a run, made by the product's own formatter."""

import io
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

from shared.runtime import logs


@contextmanager
def kept_logs() -> Iterator[Callable[[], list[str]]]:
    """Keeps what is logged inside; gives a function that returns the lines so far."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    before = structlog.get_config()
    kept = io.StringIO()
    logs.configure("simulation")
    # Loggers that remember this would outlive it.
    structlog.configure(cache_logger_on_first_use=False)
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(kept)
    try:
        yield lambda: kept.getvalue().splitlines()
    finally:
        root.handlers, root.level = handlers, level
        structlog.configure(**before)
