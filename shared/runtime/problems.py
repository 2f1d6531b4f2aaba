"""Problems as answers: RFC 9457 ``application/problem+json``, in Chinese or English."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made_by
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

import orjson
from starlette.responses import Response

from shared.runtime.aggregate import Rejected
from shared.runtime.yaml_text import read_yaml

PROBLEM = "application/problem+json"
URN = "urn:jinlin:problem:"
RETRY_AFTER = 2
"""Seconds after which whoever got 503 may try again."""
MOST_ERRORS = 50
"""Field errors told at once."""

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field of a request; `field` is its path, ``attachments.0.name``.

    `kind` and `bounds` are the validator's error type and its parameters, for the Chinese text.
    """

    field: str
    detail: str
    kind: str = ""
    bounds: Mapping[str, Any] = made_by(default_factory=dict)


class Problem(Exception):
    """An answer that is a refusal. `code` is stable; `details` fill the placeholders."""

    def __init__(
        self,
        status: int,
        code: str,
        *,
        errors: Iterable[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        **details: Any,
    ) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.details = details


class Invalid(Problem):
    """422: one field of the request is wrong."""

    def __init__(self, field: str, detail: str, kind: str = "") -> None:
        super().__init__(422, "invalid", errors=(FieldError(field, detail, kind),))


class NotFound(Problem):
    """404: there is no such thing, or the caller may not know of it."""

    def __init__(self) -> None:
        super().__init__(404, "not-found")


class Forbidden(Problem):
    """403: the caller may know of the thing but not do this."""

    def __init__(self) -> None:
        super().__init__(403, "forbidden")


class Refused(Rejected):
    """A service's refusal that is told with another status than 409: of a request, not of a rule.

    Code, words and placeholders are as those of `Rejected`.
    """

    def __init__(
        self,
        code: str,
        reason: str,
        status: int,
        headers: Mapping[str, str] | None = None,
        **details: str | int,
    ) -> None:
        super().__init__(code, reason, **details)
        self.status = status
        self.headers = dict(headers or {})


def unavailable(code: str = "unavailable") -> Problem:
    """503, with the time after which to try again."""
    return Problem(503, code, headers={"Retry-After": str(RETRY_AFTER)})


def field_errors(errors: Iterable[Mapping[str, Any]], skip: Sequence[str] = ()) -> list[FieldError]:
    """Pydantic's errors as ours. `skip` are leading parts of a location that are no field
    (``body``, ``query``).
    """
    found = []
    for error in errors:
        where = [str(part) for part in error["loc"]]
        while where and where[0] in skip:
            where = where[1:]
        found.append(
            FieldError(".".join(where), error["msg"], error["type"], error.get("ctx") or {})
        )
    return found[:MOST_ERRORS]


class Catalogue:
    """The texts of a service's problems: the runtime's and the service's own."""

    def __init__(self, rejections: Path | None = None) -> None:
        """`rejections` is a YAML file: a rejection's code to its Chinese text with
        ``{placeholders}``.

        Raises ValueError for another shape.
        """
        here = Path(__file__).parent
        self._own: Mapping[Language, Mapping[str, Mapping[str, str]]] = {
            "zh": _read(here / "problems.zh.yaml"),
            "en": _read(here / "problems.en.yaml"),
        }
        self._fields: Mapping[str, str] = _read(here / "fields.zh.yaml")
        self._rejections: Mapping[str, str] = _read(rejections) if rejections is not None else {}
        for code, text in self._rejections.items():
            if not isinstance(text, str):
                raise ValueError(f"{rejections}: {code} is no text")

    def problem(
        self, problem: Problem, language: Language, instance: str | None = None
    ) -> dict[str, Any]:
        """The body of an answer."""
        texts = self._own[language].get(problem.code) or self._own[language]["http-error"]
        details = {"status": problem.status, **problem.details}
        body: dict[str, Any] = {
            "type": URN + problem.code,
            "title": texts["title"],
            "status": problem.status,
            "detail": _filled(texts["detail"], details),
        }
        if instance is not None:
            body["instance"] = instance
        if problem.errors:
            body["errors"] = [
                {"field": error.field, "detail": self._field(error, language)}
                for error in problem.errors
            ]
        return body

    def rejection(self, rejected: Rejected, language: Language) -> dict[str, Any]:
        """The body of the answer to a command that a rule forbids; English where no Chinese text is
        known.
        """
        detail = rejected.reason
        if language == "zh" and (text := self._rejections.get(rejected.code)) is not None:
            detail = _filled(text, rejected.details)
        return {
            "type": URN + rejected.code,
            "title": self._own[language]["rejected"]["title"],
            "status": rejected.status if isinstance(rejected, Refused) else 409,
            "detail": detail,
        }

    def _field(self, error: FieldError, language: Language) -> str:
        text = self._fields.get(error.kind) if language == "zh" else None
        return error.detail if text is None else _filled(text, error.bounds)


def answer(body: Mapping[str, Any], language: Language, headers: Mapping[str, str]) -> Response:
    """A problem's body as a response."""
    return Response(
        orjson.dumps(body, default=str),
        status_code=body["status"],
        media_type=PROBLEM,
        headers={
            "Content-Language": "zh-CN" if language == "zh" else "en",
            "Cache-Control": "no-store",
            **headers,
        },
    )


@lru_cache(maxsize=1024)
def language(accept_language: str | None) -> Language:
    """Chinese where the caller prefers any ``zh`` to English, else English."""
    best: dict[str, float] = {"zh": 0.0, "en": 0.0}
    for part in (accept_language or "").lower().split(","):
        tag, _, parameters = part.strip().partition(";")
        primary = tag.strip().partition("-")[0]
        if primary in best:
            best[primary] = max(best[primary], _quality(parameters))
    return "zh" if best["zh"] > best["en"] else "en"


@lru_cache(maxsize=1024)
def accepts_json(accept: str | None) -> bool:
    """Whether an Accept header takes ``application/json``; the most specific range decides."""
    if not accept:
        return True
    found: dict[str, float] = {}
    for part in accept.lower().split(","):
        media, _, parameters = part.strip().partition(";")
        found[media.strip()] = _quality(parameters)
    for media in ("application/json", "application/*", "*/*"):
        if media in found:
            return found[media] > 0
    return False


def _quality(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


@cache
def _read(file: Path) -> Mapping[str, Any]:
    found = read_yaml(file.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise ValueError(f"{file}: expected codes and their texts")
    return found


def _filled(text: str, details: Mapping[str, Any]) -> str:
    """The text with its placeholders filled; one without a value stays as it is."""
    for name, value in details.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text
