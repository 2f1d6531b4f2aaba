"""What a process of the door keeps for Open311."""

from starlette.requests import Request

from services.gateway.doorway import Doorway, doorway_of
from services.gateway.open311.catalogue import Catalogue
from services.gateway.open311.gazetteer import Gazetteers
from services.gateway.open311.keys import Keys
from services.gateway.open311.own_token import OwnToken
from services.gateway.public.reading import PublicReading, reading_of
from shared.runtime.remembered import FRESH, RememberedFigures


class Open311:
    """Names of places and categories, keys, the door's own token, and what everybody may read."""

    def __init__(self, doorway: Doorway, reading: PublicReading) -> None:
        self.doorway = doorway
        self.reading = reading
        self.upstreams = doorway.upstreams
        self.token = OwnToken(doorway.settings.oidc_issuer, doorway.clock)
        self.gazetteers = Gazetteers(doorway.upstreams, self.token, doorway.clock)
        self.catalogue = Catalogue(doorway.upstreams, self.token, doorway.clock)
        self.keys = Keys(doorway)
        self.updates = RememberedFigures(oldest=FRESH)


def open311_of(request: Request) -> Open311:
    """The process's one."""
    state = request.app.state
    if not hasattr(state, "open311"):
        state.open311 = Open311(doorway_of(request), reading_of(request))
    process: Open311 = state.open311
    return process
