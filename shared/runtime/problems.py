"""Problems as answers: RFC 9457 ``application/problem+json``, in Chinese or English."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

PROBLEM = "application/problem+json"
URN = "urn:jinlin:problem:"


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field of a request; `field` is its path, ``attachments.0.name``."""

    field: str
    detail: str


class Problem(Exception):
    """An answer that is a refusal. `code` is stable; `details` fill the placeholders of its texts."""

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

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(422, "invalid", errors=(FieldError(field, detail),))


class NotFound(Problem):
    """404: there is no such thing, or the caller may not know of it."""

    def __init__(self) -> None:
        super().__init__(404, "not-found")


class Forbidden(Problem):
    """403: the caller may know of the thing but not do this."""

    def __init__(self) -> None:
        super().__init__(403, "forbidden")
