"""Certificates of hours outside the rules: their numbers, their canonical form, and what they rest
on.

A number is a V, nine digits that no other certificate has, and one that checks them (ISO 7064, MOD
11,10). The canonical form is JSON as RFC 8785 writes it.
"""

import re
import unicodedata
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any, Protocol

import rfc8785
from stdnum.iso7064 import mod_11_10

from services.volunteering.domain.hours.certificate import MOST_SERVICES, Served
from services.volunteering.domain.hours.record import ServiceRecord, service_record
from services.volunteering.views.hours import served_between
from shared.runtime.aggregate import Aggregate
from shared.runtime.journal import Query

DIGITS = 9
"""Of a number, before its check digit."""

_SEPARATORS = re.compile(r"[\s\-–—_.·]+")
_NUMBER = re.compile(rf"V[0-9]{{{DIGITS + 1},{DIGITS + 4}}}")


class Find(Protocol):
    """Walks through all things of a kind that match: a store's way, and a reaction's."""

    def __call__(
        self, aggregate: Aggregate[ServiceRecord], query: Query
    ) -> AsyncIterator[tuple[str, ServiceRecord]]:
        """Id and state of each."""
        ...


def number_of(number: int) -> str:
    """The certificate with this number."""
    digits = f"{number:0{DIGITS}d}"
    return f"V{digits}{mod_11_10.calc_check_digit(digits)}"


def read_number(given: str) -> str | None:
    """The number that somebody typed, however grouped; None for what cannot be one."""
    typed = _SEPARATORS.sub("", unicodedata.normalize("NFKC", given)).upper()
    if not _NUMBER.fullmatch(typed) or not mod_11_10.is_valid(typed[1:]):
        return None
    return typed


def canonical(document: Any) -> bytes:
    """The document as RFC 8785 writes it, in UTF-8."""
    return rfc8785.dumps(document)


async def served_in(
    find: Find, volunteer: str, since: datetime, until: datetime
) -> tuple[Served, ...]:
    """What somebody served from `since` to before `until`, as their records say now: one more than
    a certificate holds at most. Raises `Unavailable`.
    """
    found: list[Served] = []
    async for id, record in find(service_record, served_between(volunteer, since, until)):
        assert record.begun is not None, "it was recorded"
        found.append(
            Served(
                id,
                record.work,
                record.kind,
                record.place,
                record.team,
                record.begun,
                record.minutes,
            )
        )
        if len(found) > MOST_SERVICES:
            break
    return tuple(found)


def _served(id: str, one: ServiceRecord) -> Served:
    assert one.begun is not None, "it was recorded"
    return Served(id, one.work, one.kind, one.place, one.team, one.begun, one.minutes)


def by_record(services: tuple[Served, ...]) -> Mapping[str, int]:
    """The minutes of each record."""
    return {one.record: one.minutes for one in services}
