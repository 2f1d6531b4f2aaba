"""Style sheets, scripts and icons: each under a name that changes with its content.

htmx is not kept in this project: ``make install`` puts the package that carries it beside the
other packages (`deploy.local.install`), pinned by its digest.
"""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from shared.runtime.problems import NotFound

FOLDER = Path(__file__).with_name("assets")
HTMX = Path(__file__).parents[3] / "build/web/django_htmx/static/django_htmx/htmx-2.min.js"
PREFIX = "/assets/"
FOR_EVER = "public, max-age=31536000, immutable"

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


class NotInstalled(Exception):
    """A file of another package is not there; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served."""

    address: str
    media_type: str
    content: bytes


@cache
def assets() -> dict[str, Asset]:
    """All files by their plain names (``site.css``). Raises `NotInstalled`."""
    if not HTMX.exists():
        raise NotInstalled(f"{HTMX} is not there: run `make install`")
    files = [*sorted(FOLDER.iterdir()), HTMX]
    return {_plain(file): _asset(file) for file in files if file.suffix in _TYPES}


def address_of(name: str) -> str:
    """Where browsers get it: ``/assets/site.4be3a1c09d22.css``. Raises KeyError for no asset."""
    return assets()[name].address


def _plain(file: Path) -> str:
    return "htmx.js" if file == HTMX else file.name


def _asset(file: Path) -> Asset:
    content = file.read_bytes()
    stem, _, ending = _plain(file).rpartition(".")
    digest = sha256(content).hexdigest()[:12]
    return Asset(f"{PREFIX}{stem}.{digest}.{ending}", _TYPES[file.suffix], content)


@cache
def _by_address() -> dict[str, Asset]:
    return {asset.address: asset for asset in assets().values()}


async def serve(request: Request) -> Response:
    """One of them; of an older one the name is not known any more."""
    asset = _by_address().get(request.url.path)
    if asset is None:
        raise NotFound
    headers = {"Cache-Control": FOR_EVER, "X-Content-Type-Options": "nosniff"}
    return Response(asset.content, media_type=asset.media_type, headers=headers)


ROUTES: list[BaseRoute] = [Route(PREFIX + "{name}", serve)]
