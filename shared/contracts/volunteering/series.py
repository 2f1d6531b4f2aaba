"""Series of activities. Ids, codes and times."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.event import Event


@dataclass(frozen=True, slots=True)
class SeriesBegan(Event):
    """A series of activities at `place` began, for `team` if for one: it makes its occasions by
    itself from `since` on, until (not including) `until` where it has an end.
    """

    series: str
    place: str
    team: str | None
    by: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class OccasionDue(Event):
    """It is time to make `activity`, the occasion of a series that is held from `begin` to `end`.
    The activity's id follows from series and day, so that it is made once.
    """

    series: str
    activity: str
    place: str
    team: str | None
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class OccasionLeftOut(Event):
    """The occasion that was to begin at `begin` is not held: `because` it was decided
    (``decided``), of a public holiday (``holiday``), or it was to be made too late (``too-late``).
    """

    series: str
    place: str
    team: str | None
    begin: datetime
    because: str
    organisers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OccasionMoved(Event):
    """The occasion that was to begin at `former` begins at `begin`."""

    series: str
    place: str
    team: str | None
    former: datetime
    begin: datetime
    organisers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OccasionNotMade(Event):
    """A rule did not let the occasion's activity be made (its team is suspended, say): `organisers`
    see to it.
    """

    series: str
    activity: str
    place: str
    team: str | None
    begin: datetime
    organisers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeriesEnded(Event):
    """The series makes no more occasions: `because` its last day is over (``over``), it was decided
    (``decided``), its team is dissolved (``team-dissolved``) or its place is closed
    (``place-closed``). Those made are held, but for those that begin at `call_off_from` or later
    where that is given.
    """

    series: str
    place: str
    team: str | None
    because: str
    organisers: tuple[str, ...]
    call_off_from: datetime | None = None
