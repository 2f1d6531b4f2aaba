"""The public events of **volunteering**: a module per chapter. Codes, ids, times and numbers."""

from shared.contracts.volunteering.hours import HoursConfirmed, HoursCorrected

__all__ = [
    "HoursConfirmed",
    "HoursCorrected",
]
