"""What everything behind the door is given: ``request.app.state.doorway``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from starlette.requests import Request

from services.gateway.settings import GatewaySettings
from services.gateway.upstream import Upstreams
from shared.runtime.clock import Clock
from shared.runtime.door import Door, Parts
from shared.runtime.identity import Verifier

if TYPE_CHECKING:
    from services.gateway.identity import Sessions

MORE_HEADERS = "jinlin.more-headers"
"""Where a request's scope keeps what `answer_also` gives."""


@dataclass(slots=True)
class Doorway:
    """The parts of a process of the door. `door` has the texts of problems."""

    settings: GatewaySettings
    upstreams: Upstreams
    sessions: Sessions
    verifier: Verifier
    clock: Clock
    door: Door

    @property
    def parts(self) -> Parts | None:
        """Store and copies; None until the store has been reached."""
        return self.door.parts


def doorway_of(request: Request) -> Doorway:
    """The doorway that a request came through."""
    return cast(Doorway, request.app.state.doorway)


def answer_also(request: Request, name: str, value: str) -> None:
    """Gives the answer to this request one more header, whoever answers it: a cookie of the
    session.
    """
    request.scope[MORE_HEADERS].append((name.lower().encode(), value.encode("latin-1")))
