"""The service that a tool was called for: its parts, and its store as the settings name it."""

import argparse
import asyncio
import importlib
import importlib.util
import sys
from collections.abc import Awaitable, Callable

from shared.runtime.bus import BusUnavailable
from shared.runtime.clock import SystemClock
from shared.runtime.journal import Journal, Unavailable
from shared.runtime.mongo_driver import AccessDenied, NotAReplicaSet
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.service import Service
from shared.runtime.settings import Settings, settings_or_exit

Work = Callable[[Service, Journal, Settings], Awaitable[int]]

NOT_REACHED = 3
"""Exit code where the store or the broker cannot be reached."""


def parser(description: str) -> argparse.ArgumentParser:
    """A parser that knows ``--service``."""
    arguments = argparse.ArgumentParser(description=description)
    arguments.add_argument("--service", required=True, type=_service)
    return arguments


def _service(name: str) -> str:
    if not name.isidentifier() or importlib.util.find_spec(f"services.{name}") is None:
        raise argparse.ArgumentTypeError(f"there is no service {name!r}")
    return name


def service_named(name: str) -> Service:
    """The service of that name. Services stand above the runtime: it is looked up, not imported."""
    service: Service = importlib.import_module(f"services.{name}.main").service
    return service


def run(name: str, work: Work) -> int:
    """Does the work with the service's store; the exit code."""
    settings = settings_or_exit()
    service = service_named(name)

    async def with_journal() -> int:
        journal = MongoJournal.connect(
            settings.mongo_uri, settings.mongo_database, settings.mongo_driver, SystemClock()
        )
        try:
            await journal.prepare(service.kinds)
            return await work(service, journal, settings)
        finally:
            await journal.close()

    try:
        return asyncio.run(with_journal())
    except (Unavailable, BusUnavailable, NotAReplicaSet, AccessDenied, ValueError) as error:
        print(error, file=sys.stderr)
        return NOT_REACHED
