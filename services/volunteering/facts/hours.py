"""What is told of the world to the rules of hours served."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from services.volunteering.certifying import canonical, number_of
from services.volunteering.domain.hours.certificate import Certificate, IssueCertificate, Issuing
from services.volunteering.domain.hours.record import RecordHours, ServiceRecord
from shared.neighbourhood.place import KnownPlace
from shared.runtime.aggregate import Command
from shared.runtime.copies import Copies, MakeKept
from shared.runtime.deciding import Facts
from shared.runtime.numbers import Numbers
from shared.runtime.remembered import RememberedFigures

CERTIFICATES = "certificate"
"""The row of their numbers."""

KEPT: tuple[MakeKept, ...] = (partial(Numbers, CERTIFICATES), RememberedFigures)


def facts(copies: Copies) -> Mapping[str, Facts]:
    """By kind."""
    places: Mapping[str, KnownPlace] = copies["place"]
    numbers: Numbers = copies[CERTIFICATES]

    def path(_id: str, command: Command, _record: ServiceRecord, _now: datetime) -> tuple[str, ...]:
        if not isinstance(command, RecordHours):
            return ()
        known = places.get(command.place)
        return () if known is None else known.path

    def issuing(id: str, command: Command, _state: Certificate, _now: datetime) -> Issuing | None:
        if not isinstance(command, IssueCertificate):
            return None
        return Issuing(id, number_of(numbers.next()), canonical)

    return {"service-record": path, "certificate": issuing}
