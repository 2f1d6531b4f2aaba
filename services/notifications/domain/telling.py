"""A telling: that somebody must know something, as codes, ids, numbers and times only."""

from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Telling:
    """`recipient` is told `kind` (a template's name), filled with `params`.

    With `body` the recipient is an organisation: all who speak for it are told.
    """

    recipient: str
    kind: str
    params: dict[str, str] = field(default_factory=dict)
    body: bool = False


def to(
    recipient: str | None,
    kind: str,
    *,
    but_not: str | None = None,
    body: bool = False,
    **params: str | int | datetime | None,
) -> Telling | None:
    """A telling, unless there is nobody to tell or it was their own doing (`but_not`)."""
    if recipient is None or recipient == but_not:
        return None
    spoken = {name: as_text(value) for name, value in params.items()}
    return Telling(recipient, kind, spoken, body)


def as_text(value: str | int | datetime | None) -> str:
    """A parameter as a message keeps it: times as RFC 3339 in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return str(value)
