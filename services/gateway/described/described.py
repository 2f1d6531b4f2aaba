"""``/api/openapi.json`` and ``/api/docs``."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.described.joined import joined
from services.gateway.described.shown import Entry, shown
from services.gateway.upstream import Listings
from shared.runtime.problems import Language, language

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


@dataclass(frozen=True, slots=True)
class _Written:
    """What was made of one edition of the listings; `pages` by language and chosen service."""

    document: bytes
    tag: str
    services: Mapping[str, Sequence[Entry]]
    pages: dict[tuple[str, str | None], str]


class Described:
    """The joined document, made again when a service lists something else."""

    def __init__(
        self,
        listings: Listings,
        own: Callable[[], dict[str, Any]],
        name: str,
        public_url: str,
    ) -> None:
        """`own` gives the document of the door's own tables, `name` is its service's."""
        self._listings = listings
        self._own = own
        self._name = name
        self._public_url = public_url
        self._making = asyncio.Lock()
        self._edition: int | None = None
        self._made: _Written | None = None

    async def document(self) -> tuple[bytes, str]:
        """As JSON, and its tag: the services that have answered at least once, and the door."""
        made = await self._written()
        return made.document, made.tag

    async def page(self, speaks: Language, chosen: str | None) -> str:
        """The same to be read: an overview, or one service."""
        made = await self._written()
        chosen = chosen if chosen in made.services else None
        page = made.pages.get((speaks, chosen))
        if page is None:
            page = await asyncio.to_thread(self._rendered, made, speaks, chosen)
            made.pages[speaks, chosen] = page
        return page

    async def _written(self) -> _Written:
        """What there is of the present edition. It is megabytes: other requests go on meanwhile."""
        async with self._making:
            if self._made is None or self._edition != self._listings.edition:
                edition = self._listings.edition
                documents = {name: one.document for name, one in self._listings.all().items()}
                documents[self._name] = self._own()
                self._made = await asyncio.to_thread(self._make, documents)
                self._edition = edition
            return self._made

    def _make(self, documents: Mapping[str, Mapping[str, Any]]) -> _Written:
        document = joined(documents, self._public_url)
        written = orjson.dumps(document)
        tag = f'"{hashlib.sha256(written).hexdigest()[:16]}"'
        return _Written(written, tag, shown(document), {})

    def _rendered(self, made: _Written, speaks: Language, chosen: str | None) -> str:
        return _JINJA.get_template("docs.html.j2").render(
            words=WORDS[speaks],
            services=made.services,
            chosen=chosen,
            away=self._listings.away(),
        )


async def openapi(request: Request) -> Response:
    """The joined document."""
    document, tag = await _described(request).document()
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(document, headers=headers, media_type="application/json")


async def docs(request: Request) -> Response:
    """The page, of one service with ``?service=``."""
    speaks = language(request.headers.get("accept-language") or "zh")
    page = await _described(request).page(speaks, request.query_params.get("service"))
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
