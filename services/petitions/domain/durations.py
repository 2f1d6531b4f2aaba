"""Durations of promises as people write them: ISO 8601, in days, hours, minutes, seconds."""

import re
from dataclasses import dataclass
from datetime import timedelta

_DURATION = re.compile(
    r"P(?:(?P<days>\d{1,4})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,4})H)?(?:(?P<minutes>\d{1,4})M)?"
    r"(?:(?P<seconds>\d{1,6}(?:\.\d{1,3})?)S)?)?"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """Days, and the time beside them; `text` is how it was written.

    A day's length depends on the use.
    """

    days: int
    time: timedelta
    text: str

    def of(self, day: timedelta) -> timedelta:
        """The whole when a day is this long: 24 hours, or the working time of a working day."""
        return self.days * day + self.time


def amount(text: str) -> Amount:
    """``P3D`` or ``PT2H`` as an amount. Raises ValueError for what is none, or none above zero."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(
            f"expected an ISO 8601 duration in days, hours, minutes, seconds such as P3D or PT2H, "
            f"not {text!r}"
        )
    part = {unit: float(n) for unit, n in match.groupdict(default="0").items()}
    days = int(part.pop("days"))
    found = Amount(days, timedelta(**part), text)
    if found.of(timedelta(days=1)) <= timedelta(0):
        raise ValueError(f"expected a duration above zero, not {text!r}")
    return found
