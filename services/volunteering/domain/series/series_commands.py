"""What people can do with a series, and what is recorded of it for the service alone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from services.volunteering.domain.activities.outline import Outline
from services.volunteering.domain.series.rhythm import OnHoliday, Rhythm
from services.volunteering.domain.series.series_state import Course, Decided, MonthTheme, Timing
from services.volunteering.domain.teams.team_state import Team
from shared.contracts.event import Event
from shared.contracts.types import Id, PlaceCode, at_most
from shared.runtime.aggregate import Command

MOST_THEMES = 60
"""Months that have a theme of their own."""


@dataclass(frozen=True, slots=True)
class Scene:
    """The series' own id; the path of its place, empty where it is unknown or closed; the team it
    is for; and the announced calendar.
    """

    series: str
    path: tuple[str, ...]
    team: Team | None
    is_holiday: Callable[[date], bool]
    is_working_day: Callable[[date], bool]


# --- by people -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BeginSeries(Command):
    """Activities that come again: of a team (its leaders begin it), or of a place (its staff does).
    `outline` says what each is; a month may have a theme of its own.
    """

    by: Id
    place: PlaceCode
    rhythm: Rhythm
    first: date
    timing: Timing
    outline: Outline
    team: Id | None = None
    last: date | None = None
    on_holiday: OnHoliday = OnHoliday.SKIP
    themes: Annotated[tuple[MonthTheme, ...], at_most(MOST_THEMES)] = ()


@dataclass(frozen=True, slots=True)
class ReviseSeries(Command):
    """What is made from now on is otherwise. What has been made stays as it is."""

    verb = "revise"
    by: Id
    timing: Timing
    outline: Outline
    on_holiday: OnHoliday
    themes: Annotated[tuple[MonthTheme, ...], at_most(MOST_THEMES)] = ()


@dataclass(frozen=True, slots=True)
class LeaveOut(Command):
    """The occasion of this day of the rhythm is not held."""

    by: Id
    day: date


@dataclass(frozen=True, slots=True)
class MoveOccasion(Command):
    """The occasion of this day of the rhythm is held on another one, between its neighbours. A
    holiday does not matter then: somebody has chosen the day.
    """

    by: Id
    day: date
    to: date


@dataclass(frozen=True, slots=True)
class Restore(Command):
    """The occasion of this day is held as the rhythm has it."""

    by: Id
    day: date


@dataclass(frozen=True, slots=True)
class EndSeries(Command):
    """Nothing more is made; with a `last` day, after that day. With `call_off`, activities that are
    made already and lie behind it do not take place either.
    """

    verb = "end"
    by: Id
    last: date | None = None
    call_off: bool = False


# --- by events -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PassSeriesOn(Command):
    """The team has other leaders."""

    leaders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StopSeries(Command):
    """What stands behind it is no more: ``team-dissolved``, ``place-closed``."""

    because: str


@dataclass(frozen=True, slots=True)
class StrikeOrganiser(Command):
    """Somebody was erased."""

    person: str


@dataclass(frozen=True, slots=True)
class NoteNotMade(Command):
    """A rule did not let the activity be made."""

    activity: str
    begin: datetime


# --- private events ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SeriesDrawnUp(Event):
    """When and what: all that a series is made from."""

    path: tuple[str, ...]
    organisers: tuple[str, ...]
    course: Course
    timing: Timing
    outline: Outline
    themes: tuple[MonthTheme, ...]


@dataclass(frozen=True, slots=True)
class SeriesRevised(Event):
    """What is made from now on is otherwise."""

    timing: Timing
    outline: Outline
    on_holiday: OnHoliday
    themes: tuple[MonthTheme, ...]


@dataclass(frozen=True, slots=True)
class DayDecided(Event):
    """What was decided about a day of the rhythm."""

    decided: Decided


@dataclass(frozen=True, slots=True)
class DayRestored(Event):
    """Nothing is decided about a day of the rhythm any more."""

    day: date


@dataclass(frozen=True, slots=True)
class DayDealtWith(Event):
    """A day of the rhythm: its occasion was made, or is not held."""

    day: date
    made: bool


@dataclass(frozen=True, slots=True)
class SeriesLastDaySet(Event):
    """The last day of the rhythm that counts."""

    last: date


@dataclass(frozen=True, slots=True)
class SeriesOrganisersNamed(Event):
    """Who answers for it from now on."""

    organisers: tuple[str, ...]
