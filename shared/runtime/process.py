"""A service as a process: settings, logs, the port, the parts, and an orderly end."""

import asyncio
import ctypes
import errno
import gc
import signal
import socket
from typing import TYPE_CHECKING

import structlog
import uvicorn
import uvloop
from fastapi import FastAPI
from starlette.types import ASGIApp

from shared.runtime import logs, tracing
from shared.runtime.answering import Answering
from shared.runtime.clock import SystemClock
from shared.runtime.kafka_bus import KafkaBus
from shared.runtime.mongo_driver import AccessDenied, NotAReplicaSet
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.running import Running
from shared.runtime.settings import PREFIX, Settings, give_up, settings_or_exit
from shared.runtime.topics import TopicsError, TopicSpec, ensure, topics_of

if TYPE_CHECKING:
    from shared.runtime.service import Service

DRAIN_SECONDS = 8
"""Seconds that requests under way have after SIGTERM."""
KEEP_ALIVE_SECONDS = 75
"""Seconds that a connection may be idle: longer than what callers keep one for (httpx 5, nginx 60),
so that it is they who close it, and none sends a request into a connection that is just closing."""
BACKLOG = 2048
"""Connections that may wait to be accepted."""

log = structlog.get_logger()


def run(service: "Service") -> None:
    """Serves one service until SIGTERM or SIGINT."""
    settings = settings_or_exit(secrets=service.secrets)
    logs.configure(service.name, settings.log_level)
    if settings.otlp_endpoint is not None:
        try:
            tracing.export_spans(service.name, settings.otlp_endpoint)
        except tracing.NoExporter as error:
            give_up(str(error))
    listening = _listen(settings)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        trouble = runner.run(_serve(service, settings, listening))
    if trouble is not None:
        give_up(trouble)


def _listen(settings: Settings) -> socket.socket:
    """The port, taken before anything else is begun."""
    host, port = settings.http_host, settings.http_port
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.set_inheritable(True)
        return listening
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            give_up(
                f"{PREFIX}HTTP_PORT {port} on {host} is taken by another program: "
                "stop that one or choose another port"
            )
        give_up(f"{PREFIX}HTTP_HOST {host}, port {port}: {error.strerror or error}")


async def _serve(service: "Service", settings: Settings, listening: socket.socket) -> str | None:
    """Serves until told to stop; what a person has to put right, if that is why it ends."""
    clock = SystemClock()
    try:
        journal = MongoJournal.connect(
            settings.mongo_uri, settings.mongo_database, settings.mongo_driver, clock
        )
    except ValueError as error:
        return f"{PREFIX}MONGO_URI is wrong: {error}"
    # The port tells processes of one host apart.
    member = f"{settings.instance}-{settings.http_port}"
    bus = KafkaBus(settings.kafka_bootstrap, f"jinlin-{service.name}", clock, member)
    running = service.assemble(
        journal,
        bus,
        clock,
        lambda: ensure(settings.kafka_bootstrap, _topics(service, settings), clock),
        outward=service.outward,
        requests_only=settings.requests_only,
    )
    app = service.app(settings)
    async with service.front(app) as front:
        server = _server(front, service.protocol)
        # The server sends itself the signal again when it has ended; without a handler that would
        # end the process before its parts are stopped.
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, lambda: setattr(server, "should_exit", True))
        log.info("serving", host=settings.http_host, port=settings.http_port)
        starting = asyncio.create_task(_start(running, app, server))
        measuring = asyncio.create_task(journal.keep_told(service.name))
        await server.serve(sockets=[listening])
        starting.cancel()
        measuring.cancel()
    trouble, _ = await asyncio.gather(starting, measuring, return_exceptions=True)
    await running.stop()
    log.info("stopped")
    if isinstance(trouble, Exception):
        raise trouble
    return trouble if isinstance(trouble, str) else None


def _server(front: ASGIApp, protocol: type[Answering]) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            front,
            http=protocol,
            loop="none",
            lifespan="off",
            ws="none",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,
            backlog=BACKLOG,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=DRAIN_SECONDS,
        )
    )


async def _start(running: Running, app: FastAPI, server: uvicorn.Server) -> str | None:
    """Starts the parts; on what waiting does not cure, ends the server and says what."""
    try:
        await running.open()
        app.state.door.parts = running
        # What is there now stays: the collector need not look at it again.
        gc.collect()
        gc.freeze()
        log.info("store_ready")
        await running.connect()
        _give_back_memory()
        log.info("requests_only" if running.requests_only else "broker_ready")
        return None
    except (NotAReplicaSet, AccessDenied) as error:
        server.should_exit = True
        return f"{PREFIX}MONGO_URI: {error}"
    except TopicsError as error:
        server.should_exit = True
        return f"{PREFIX}KAFKA_BOOTSTRAP: {error}"
    except Exception:
        server.should_exit = True
        raise


def _give_back_memory() -> None:
    """Has the C library give back what the start needed and let go: glibc keeps it otherwise."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):
        libc.malloc_trim(0)


def _topics(service: "Service", settings: Settings) -> list[TopicSpec]:
    """The service's own topics and those it listens to: whoever comes first makes them."""
    hours, copies = settings.kafka_retention_hours, settings.kafka_replication
    own = topics_of(service.name, hours, copies)
    heard = service.reactions.topics() if service.reactions is not None else []
    names = {spec.name for spec in own}
    return [*own, *(TopicSpec(name, hours, copies) for name in heard if name not in names)]
