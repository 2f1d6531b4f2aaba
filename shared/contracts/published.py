"""Since when each event version is published, and how far it may be relied on: ``published.yaml``.

`make contracts` adds what is missing, as of today and experimental. By hand an event is made
stable.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

import yaml

PREFIX = "cn.jinlin."

HEAD = """\
# Since when each event version is published, and how far it may be relied on.
# `make contracts` adds what is missing. No version ever changes in a way that breaks a reader; an
# experimental one may be followed by the next version at any time, a stable one for a reason.
"""


class Stability(StrEnum):
    """How far an event may be relied on."""

    EXPERIMENTAL = "experimental"
    STABLE = "stable"


@dataclass(frozen=True, slots=True)
class Published:
    """One event version: since when, and how stable."""

    since: date
    stability: Stability


def published(text: str) -> dict[str, Published]:
    """The table by CloudEvents type. Raises ValueError for what is none."""
    found = yaml.safe_load(text) or {}
    try:
        return {
            PREFIX + short: Published(row["since"], Stability(row["stability"]))
            for short, row in found.items()
        }
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"expected an event, since and stability: {error}") from None


def read(directory: Path) -> dict[str, Published]:
    """The table of a directory of contracts; empty where there is none yet."""
    file = file_in(directory)
    return published(file.read_text(encoding="utf-8")) if file.exists() else {}


def file_in(directory: Path) -> Path:
    """Where the table lies."""
    return directory / "published.yaml"


def written(types: Iterable[str], known: Mapping[str, Published], today: date) -> str:
    """The table's text for these types; those that are not known are new."""
    new = Published(today, Stability.EXPERIMENTAL)
    rows = ((type.removeprefix(PREFIX), known.get(type, new)) for type in types)
    return HEAD + "".join(
        f"{short}: {{since: {row.since}, stability: {row.stability}}}\n" for short, row in rows
    )
