"""What pages ask of the services, for whoever is signed in, and what comes of a refusal."""

from collections.abc import Awaitable, Mapping
from functools import cache
from secrets import token_urlsafe
from typing import Any, TypeVar

import opencc
from starlette.datastructures import FormData
from starlette.requests import Request

from services.gateway.doorway import doorway_of
from services.gateway.identity import SignInFirst, session_of
from services.gateway.pages.languages import Tongue, tongue_of
from services.gateway.upstream import ServiceAway
from services.gateway.upstream.asking import Streamed
from shared.runtime.problems import URN

T = TypeVar("T")

KEY = "once"
"""The field of a form with the key by which it counts once, however often it is sent."""


class Refusal(Exception):
    """A service refuses what was asked: `detail` says why, in the language of the page; `errors`
    has by a field's path what is wrong with it.
    """

    def __init__(self, status: int, code: str, detail: str, errors: Mapping[str, str]) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = dict(errors)

    def for_field(self, *fields: str) -> dict[str, str]:
        """What is wrong, by the fields of a form: the longest of them that begins a path."""
        found: dict[str, str] = {}
        for path, detail in self.errors.items():
            named = [field for field in fields if f"{path}.".startswith(f"{field}.")]
            found.setdefault(max(named, key=len, default=path), detail)
        return found


class Missing(Exception):
    """There is no such thing, or it is kept from whoever asks."""


async def ask(
    request: Request,
    service: str,
    path: str,
    *,
    params: Mapping[str, str] | None = None,
    signed: bool = True,
) -> Any:
    """What a service answers to a query. With `signed` False it is asked as by anybody.

    Raises `Missing`, `Refusal`, `ServiceAway`, `SignInFirst`.
    """
    return await _asked(request, service, "GET", path, params=params, signed=signed)


async def tell(
    request: Request,
    service: str,
    path: str,
    body: Mapping[str, Any],
    *,
    key: str | None = None,
    version: int | None = None,
    signed: bool = True,
) -> Any:
    """A command, or a question that has a body; `key` is its Idempotency-Key (`once`), `version`
    that of the thing as it was decided on: where it has another one meanwhile, the refusal is 412.

    Raises as `ask`.
    """
    headers = {} if key is None else {"Idempotency-Key": key}
    if version is not None:
        headers["If-Match"] = f'"{version}"'
    return await _asked(
        request, service, "POST", path, json=dict(body), headers=headers, signed=signed
    )


async def send(
    request: Request,
    service: str,
    path: str,
    content: bytes | Streamed,
    media_type: str,
    *,
    key: str | None = None,
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Any:
    """A command whose body is no JSON. Raises as `ask`."""
    all_headers = {"Content-Type": media_type, **(headers or {})}
    if key is not None:
        all_headers["Idempotency-Key"] = key
    return await _asked(
        request, service, "POST", path, content=content, headers=all_headers, params=params
    )


def next_of(request: Request, limit: str) -> dict[str, str]:
    """What a list is asked for: so many of it, from where the page before has ended."""
    cursor = request.query_params.get("cursor")
    return {"limit": limit} | ({"cursor": cursor} if cursor else {})


async def unless_away(asked: Awaitable[T], otherwise: T | None = None) -> T | None:
    """What is asked for a part of a page, the rest of which is shown without it: `otherwise` where
    the service is away or there is no such thing.
    """
    try:
        return await asked
    except (ServiceAway, Missing):
        return otherwise


def once(form: FormData) -> str | None:
    """The key that a form carries (`fresh_key`)."""
    value = form.get(KEY)
    return value if isinstance(value, str) and 8 <= len(value) <= 64 and value.isascii() else None


def fresh_key() -> str:
    """A key for a form that is shown now."""
    return token_urlsafe(12)


async def _asked(
    request: Request,
    service: str,
    method: str,
    path: str,
    *,
    headers: Mapping[str, str] | None = None,
    signed: bool = True,
    **body: Any,
) -> Any:
    session = await session_of(request)
    tongue = tongue_of(request, None if session is None else session.language)
    token = session.access_token if signed and session is not None else None
    answer = await doorway_of(request).upstreams.ask(
        service,
        method,
        path,
        token=token,
        headers={"Accept": "application/json", "Accept-Language": tongue.value, **(headers or {})},
        **body,
    )
    if answer.status < 300:
        return answer.json() if answer.content else None
    if answer.status == 401:
        raise SignInFirst
    if answer.status >= 500:
        raise ServiceAway(service, f"status {answer.status}")
    if answer.status in (403, 404):
        raise Missing
    raise _refusal(answer.status, answer.json(), tongue)


def _refusal(status: int, problem: Mapping[str, Any], tongue: Tongue) -> Refusal:
    def said(text: str) -> str:
        return _traditional().convert(text) if tongue is Tongue.HANT else text

    return Refusal(
        status,
        str(problem.get("type", "")).removeprefix(URN),
        said(str(problem.get("detail") or problem.get("title") or "")),
        {one["field"]: said(one["detail"]) for one in problem.get("errors", ())},
    )


@cache
def _traditional() -> Any:
    """Services refuse in simplified characters."""
    return opencc.OpenCC("s2tw")
