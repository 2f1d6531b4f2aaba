"""A provider over HTTP: a real server on a free port, that keeps what it was sent and answers what
a test wants.
"""

import asyncio
import socket
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


@dataclass(frozen=True)
class Asked:
    """A request as it came in."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


Answers = Callable[[Asked], Response]


@dataclass
class Provider:
    """`asked` is what it was sent. What is in `next` it answers first, then what `answers` says."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    next: deque[Response] = field(default_factory=deque)
    answers: Answers = lambda _asked: Response(status_code=200)

    async def until_asked(self, times: int, seconds: float = 10.0) -> None:
        """Until so many requests came."""
        async with asyncio.timeout(seconds):
            while len(self.asked) < times:  # noqa: ASYNC110 - a list tells nobody that it grew
                await asyncio.sleep(0.005)


@asynccontextmanager
async def provider(answers: Answers | None = None) -> AsyncIterator[Provider]:
    """It, until the context ends."""
    made = Provider()
    if answers is not None:
        made.answers = answers

    async def take(request: Request) -> Response:
        asked = Asked(
            request.url.path,
            dict(request.query_params),
            dict(request.headers),
            await request.body(),
        )
        made.asked.append(asked)
        return made.next.popleft() if made.next else made.answers(asked)

    app = Starlette(routes=[Route("/{path:path}", take, methods=["POST"])])
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    made.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    config = uvicorn.Config(app, log_config=None, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve(sockets=[listening]))
    try:
        yield made
    finally:
        server.should_exit = server.force_exit = True
        await serving
