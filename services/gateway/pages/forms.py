"""Forms as they come in."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from urllib.parse import quote

from starlette.datastructures import FormData

from services.gateway.pages.times import ZONE

_DECIMAL = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,18})?(e-[0-9]{1,2})?")


def values_of(form: FormData, names: Iterable[str]) -> dict[str, str]:
    """What was typed in these fields, without spaces around it; files are left out."""
    found = {name: form.get(name, "") for name in names}
    return {name: value.strip() for name, value in found.items() if isinstance(value, str)}


def said(values: Mapping[str, str]) -> dict[str, str]:
    """Those that were filled in."""
    return {name: value for name, value in values.items() if value}


def local_time(value: str) -> datetime | None:
    """A time of the city (``2026-11-29T19:30``); None for anything else."""
    try:
        return datetime.fromisoformat(value).replace(tzinfo=ZONE) if "T" in value else None
    except ValueError:
        return None


def whole(value: str) -> int | None:
    """A whole number; None for anything else."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else None


def decimal(value: str) -> float | None:
    """A number as browsers write it (``-12.5``); None for anything else."""
    return float(value) if _DECIMAL.fullmatch(value) else None


def quoted(part: str) -> str:
    """A part of a path as it goes into a service's address."""
    return quote(part, safe="")
