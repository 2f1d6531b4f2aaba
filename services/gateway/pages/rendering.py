"""Pages: templates with everything that each of them needs."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.gateway.doorway import doorway_of
from services.gateway.identity import csrf_field, session_of, unrenewed
from services.gateway.pages import times, words
from services.gateway.pages.asking import fresh_key
from services.gateway.pages.assets import address_of
from services.gateway.pages.languages import NAMES, Tongue, is_ours, marked, texts, tongue_of

TEMPLATES = Path(__file__).with_name("templates")
FLASH = "jinlin-said"
TEXT_SIZE = "jinlin-text"
LARGE = "large"
UNRENEWED = marked("登录服务暂时没有回应，您正在以未登录的方式浏览。过一会儿会自动恢复。")
STAFF = frozenset(
    {
        "grid-worker",
        "neighbourhood-staff",
        "area-staff",
        "community-staff",
        "street-staff",
        "district-staff",
        "intake",
        "mediator",
        "operator",
        "administrator",
    }
)
"""Roles of those who have the staff's pages, too."""


async def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    fragment: str | None = None,
    **context: Any,
) -> Response:
    """A template as a page. `fragment` names the block that htmx is given instead of all of it.

    Every template has, besides `context`: `session` (None for who is not signed in), `csrf` (the
    hidden field of its forms), `now`, `tongue`, `path`, `said` (what the request before has to
    say, once), `staff`, `large`, and the components as `c`.
    """
    session = await session_of(request)
    tongue = tongue_of(request, None if session is None else session.language)
    env, now = environment(tongue), doorway_of(request).clock.now()
    said = None if wants_fragment(request) else _said(request)
    if unrenewed(request) and not wants_fragment(request):
        said = UNRENEWED
    whole = {
        "session": session,
        "csrf": Markup("") if session is None else csrf_field(session),
        "now": now,
        "tongue": tongue,
        "path": request.url.path,
        "said": said,
        "staff": session is not None and bool(STAFF & session.roles),
        "large": request.cookies.get(TEXT_SIZE) == LARGE,
        **context,
    }
    whole["c"] = env.get_template("components.html").make_module(whole)
    loaded = env.get_template(template)
    if fragment is not None and wants_fragment(request):
        body = "".join(loaded.blocks[fragment](loaded.new_context(whole)))
    else:
        body = loaded.render(whole)
    headers = {
        "Cache-Control": "no-store",
        "Content-Language": tongue.value,
        "Vary": "Cookie, Accept-Language, HX-Request",
    }
    response = HTMLResponse(body, status, headers)
    if said is not None:
        response.delete_cookie(FLASH, path="/", httponly=True, samesite="lax")
    return response


async def language_of(request: Request) -> Tongue:
    """The language that the request is answered in."""
    session = await session_of(request)
    return tongue_of(request, None if session is None else session.language)


async def worded(request: Request, text: str) -> str:
    """One of the pages' texts (`marked`) in the language that the request is answered in."""
    return texts(await language_of(request)).gettext(text)


def wants_fragment(request: Request) -> bool:
    """Whether htmx asks for a part of a page; when it restores a page from history it wants all."""
    headers = request.headers
    return "hx-request" in headers and "hx-history-restore-request" not in headers


def go(path: str, said: str | None = None) -> Response:
    """On to another page after a form was sent (303). `said` is one of the pages' texts (`marked`):
    the next page shows it, once.
    """
    response = RedirectResponse(path, 303, {"Cache-Control": "no-store"})
    if said is not None:
        response.set_cookie(
            FLASH, quote(said, safe=""), max_age=120, path="/", httponly=True, samesite="lax"
        )
    return response


def own_path(wanted: str | None, otherwise: str = "/") -> str:
    """A path of these pages and nowhere else, whatever was asked for."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return otherwise
    if any(character < " " or character == "\\" for character in wanted):
        return otherwise
    parts = urlsplit(wanted)
    return otherwise if parts.scheme or parts.netloc else wanted


def _said(request: Request) -> str | None:
    """What the request before has to say. Whoever can set cookies cannot put words there."""
    text = unquote(request.cookies.get(FLASH, ""))
    return text if text and is_ours(text) else None


@cache
def environment(tongue: Tongue) -> Environment:
    """The templates in a language."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    told = texts(tongue)
    env.install_gettext_callables(  # type: ignore[attr-defined]
        told.gettext, told.ngettext, newstyle=True
    )
    env.globals |= {
        "asset": address_of,
        "counted": told.counted,
        "fresh_key": fresh_key,
        "languages": NAMES,
        "day": partial(times.day, texts=told),
        "moment": partial(times.moment, texts=told),
        "clock": partial(times.clock, texts=told),
        "left": partial(times.left, texts=told),
        "span": partial(times.span, texts=told),
        "iso": lambda value: times.read(value).isoformat(timespec="minutes"),
        "minutes": lambda number: times.span(timedelta(minutes=number), told),
        "say": partial(_say, told.gettext),
        "size": _size,
        "tone": lambda code: words.TONES.get(code, "wait"),
    }
    return env


def _say(gettext: Callable[[str], str], table: str, code: str) -> str:
    """The words for a code; a code that is not known stands for itself."""
    text = words.TABLES[table].get(code)
    return code if text is None else gettext(text)


def _size(count: int) -> str:
    """How much a file is: ``2.4 MB``."""
    kilobytes = count / 1024
    return f"{kilobytes:.0f} KB" if kilobytes < 1000 else f"{kilobytes / 1024:.1f} MB"
