"""The rules of hours served."""

from typing import Any

from services.volunteering.domain.hours.certificate import certificate
from services.volunteering.domain.hours.record import service_record
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (service_record, certificate)
