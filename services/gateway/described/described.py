"""``/api/openapi.json`` and ``/api/docs``."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.described.joined import joined
from services.gateway.described.shown import shown
from services.gateway.doorway import doorway_of
from services.gateway.upstream import Listings
from shared.runtime.problems import language

_HERE = Path(__file__).parent
_STYLE = (_HERE / "docs.css").read_bytes()
_JINJA = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "tag": "zh-Hans",
        "title": "近邻开放接口",
        "about": "前端与其他系统可用的全部接口。需要令牌的，请在 Authorization 请求头中携带。",
        "json": "OpenAPI 文档",
        "skip": "跳到正文",
        "services": "服务",
        "method": "方法",
        "path": "路径",
        "may": "谁可以调用",
        "everybody": "所有人",
        "parameters": "参数",
        "body": "请求体字段",
        "answers": "应答",
        "required": "必填",
        "away": "暂时没有应答的服务：",
    },
    "en": {
        "tag": "en",
        "title": "Jinlin's interfaces",
        "about": "Everything that front ends and other systems may ask. Where a token is needed, "
        "send it in the Authorization header.",
        "json": "OpenAPI document",
        "skip": "Skip to the content",
        "services": "Services",
        "method": "Method",
        "path": "Path",
        "may": "Who may",
        "everybody": "everybody",
        "parameters": "Parameters",
        "body": "Fields of the body",
        "answers": "Answers",
        "required": "required",
        "away": "Services that do not answer at the moment: ",
    },
}


class Described:
    """The joined document, made again when a service lists something else."""

    def __init__(self, listings: Listings, own: Callable[[], dict[str, Any]], name: str) -> None:
        """`own` gives the document of the door's own tables, `name` is its service's."""
        self._listings = listings
        self._own = own
        self._name = name
        self._edition: int | None = None
        self._document: dict[str, Any] = {}
        self._written = b""

    def document(self, public_url: str) -> dict[str, Any]:
        """The services that have answered at least once, and the door itself."""
        if self._edition != self._listings.edition:
            self._edition = self._listings.edition
            known = self._listings.all()
            documents = {name: one.document for name, one in known.items()}
            self._document = joined({**documents, self._name: self._own()}, public_url)
            self._written = orjson.dumps(self._document)
        return self._document

    def written(self, public_url: str) -> tuple[bytes, str]:
        """The document as JSON, and its tag."""
        self.document(public_url)
        return self._written, f'"{hashlib.sha256(self._written).hexdigest()[:16]}"'

    @property
    def away(self) -> list[str]:
        """The services that have never answered."""
        return self._listings.away()


async def openapi(request: Request) -> Response:
    """The joined document."""
    written, tag = _described(request).written(doorway_of(request).settings.public_url)
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(written, headers=headers, media_type="application/json")


async def docs(request: Request) -> Response:
    """The same to be read: an overview, or one service with ``?service=``."""
    described = _described(request)
    document = described.document(doorway_of(request).settings.public_url)
    speaks = language(request.headers.get("accept-language") or "zh")
    page = _JINJA.get_template("docs.html.j2").render(
        words=WORDS[speaks],
        services=shown(document),
        chosen=request.query_params.get("service"),
        away=described.away,
    )
    headers = {"Cache-Control": "no-cache", "Vary": "Accept-Language"}
    return Response(page, media_type="text/html", headers=headers)


async def style(_request: Request) -> Response:
    """How the page looks."""
    return Response(_STYLE, media_type="text/css", headers={"Cache-Control": "max-age=3600"})


def _described(request: Request) -> Described:
    return cast(Described, request.app.state.described)


ROUTES: list[BaseRoute] = [
    Route("/api/openapi.json", openapi),
    Route("/api/docs", docs),
    Route("/api/docs.css", style),
]
