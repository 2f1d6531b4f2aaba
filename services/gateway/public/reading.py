"""How what everybody may read is asked of the services: without a token, once for all readers."""

from collections.abc import Sequence
from functools import partial
from urllib.parse import urlencode

from starlette.requests import Request

from services.gateway.doorway import Doorway, doorway_of
from services.gateway.public.remembering import RememberedAnswers
from services.gateway.upstream import Answer
from shared.runtime.problems import language

Params = Sequence[tuple[str, str]]


class PublicReading:
    """The public queries of the services, for one process of the door."""

    def __init__(self, doorway: Doorway) -> None:
        self._upstreams = doorway.upstreams
        self._remembered = RememberedAnswers(doorway.clock)

    async def read(self, service: str, path: str, params: Params, speaks: str = "zh") -> Answer:
        """What a service answers to a public query, at most a minute old. `speaks` is the language
        of refusals. Raises `ServiceAway`.
        """
        asked = path + (f"?{urlencode(sorted(params))}" if params else "")
        headers = {"Accept-Language": speaks}
        asking = partial(self._upstreams.ask, service, "GET", asked, headers=headers)
        return await self._remembered.ask(f"{service} {speaks} {asked}", asking)


def reading_of(request: Request) -> PublicReading:
    """The process's one."""
    state = request.app.state
    if not hasattr(state, "public_reading"):
        state.public_reading = PublicReading(doorway_of(request))
    reading: PublicReading = state.public_reading
    return reading


def spoken(request: Request) -> str:
    """The language that a request asks for; the city's own where it does not say."""
    asked = request.headers.get("accept-language")
    return "zh" if asked is None else language(asked)
