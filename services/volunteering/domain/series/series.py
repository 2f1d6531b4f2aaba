"""Series (每周三, 每月一主题): makes its activities by itself, some weeks ahead, on the days of its
rhythm; public holidays are respected, and single days can be left out or moved.

What has been made is an activity of its own: it is changed, moved or called off there.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from services.volunteering.domain.activities.outline import check_roles
from services.volunteering.domain.series.occasions import (
    ending,
    left_out,
    made_now,
    made_when,
    moved,
    named,
)
from services.volunteering.domain.series.rhythm import DAY, is_whole
from services.volunteering.domain.series.series_commands import (
    BeginSeries,
    DayDealtWith,
    DayDecided,
    DayRestored,
    EndSeries,
    LeaveOut,
    MoveOccasion,
    NoteNotMade,
    PassSeriesOn,
    Restore,
    ReviseSeries,
    Scene,
    SeriesDrawnUp,
    SeriesLastDaySet,
    SeriesOrganisersNamed,
    SeriesRevised,
    StopSeries,
    StrikeOrganiser,
)
from services.volunteering.domain.series.series_state import (
    Course,
    MonthTheme,
    Series,
    SeriesStatus,
    coming,
    course_of,
    decided_of,
    span,
    timing_of,
)
from services.volunteering.domain.teams.team_state import TeamStatus
from shared.contracts.event import Event
from shared.contracts.volunteering.series import (
    OccasionDue,
    OccasionLeftOut,
    OccasionMoved,
    OccasionNotMade,
    SeriesBegan,
    SeriesEnded,
)
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick
from shared.worktime.hours import CHINA

FURTHEST = timedelta(days=400)
"""Ahead of now a series begins at most."""


def decide(
    command: Command, series: Series, now: datetime, scene: Scene | None = None
) -> list[Event]:
    """What follows; `scene` is told to people's commands and to `Tick`."""
    match series.status, command:
        case SeriesStatus.RUNNING, Tick() if scene is not None:
            return made_now(series, now, scene)
        case _, Tick():
            return []
        case SeriesStatus.NONE, BeginSeries() if scene is not None:
            return begun(command, now, scene)
        case SeriesStatus.RUNNING, ReviseSeries():
            check_roles(command.outline.roles, series.team)
            check_themes(command.themes)
            return [
                SeriesRevised(command.timing, command.outline, command.on_holiday, command.themes)
            ]
        case SeriesStatus.RUNNING, LeaveOut(day=day):
            return left_out(series, named(series, day))
        case SeriesStatus.RUNNING, MoveOccasion(day=day, to=to):
            return moved(series, named(series, day), to, now)
        case SeriesStatus.RUNNING, Restore(day=day):
            if decided_of(series, day) is None:
                raise Rejected("nothing-decided", "nothing was decided about this day")
            return [DayRestored(day)]
        case SeriesStatus.RUNNING, EndSeries():
            return ended(series, command, now)
        case SeriesStatus.RUNNING, PassSeriesOn(leaders=leaders):
            return [] if leaders == series.organisers else [SeriesOrganisersNamed(leaders)]
        case SeriesStatus.RUNNING, StopSeries(because=because):
            return [ending(series, because)]
        case SeriesStatus.RUNNING | SeriesStatus.ENDED, StrikeOrganiser(person=person):
            left = tuple(one for one in series.organisers if one != person)
            return [] if left == series.organisers else [SeriesOrganisersNamed(left)]
        case SeriesStatus.RUNNING | SeriesStatus.ENDED, NoteNotMade(activity=activity, begin=begin):
            return [
                OccasionNotMade(
                    series.series, activity, series.place, series.team, begin, series.organisers
                )
            ]
        case _, PassSeriesOn() | StopSeries() | StrikeOrganiser() | NoteNotMade():
            return []
        case SeriesStatus.NONE, _:
            raise Rejected("unknown-series", "there is no such series")
    raise Rejected("series-over", "the series exists, and has ended: begin another one")


# --- beginning and ending ------------------------------------------------------------------------


def begun(command: BeginSeries, now: datetime, scene: Scene) -> list[Event]:
    """A series with a whole rhythm, at a place that is open, of a team that is at work."""
    place, by = command.place, command.by
    if not scene.path:
        raise Rejected("unknown-place", f"no place {place} is registered", place=place)
    organisers: tuple[str, ...] = (by,)
    if command.team is not None:
        if scene.team is None or scene.team.status is not TeamStatus.ACTIVE:
            raise Rejected("team-not-active", "there is no such team at work")
        if by not in scene.team.leaders:
            raise Rejected("not-a-leader", "the captain or a deputy plans what a team does")
        organisers = scene.team.leaders
    if not is_whole(command.rhythm):
        raise Rejected(
            "rhythm-unclear",
            "a week names its weekdays; a month its weekday and which of them, or its date",
        )
    check_roles(command.outline.roles, command.team)
    check_themes(command.themes)
    today = now.astimezone(CHINA).date()
    if not today <= command.first <= today + FURTHEST:
        raise Rejected(
            "series-begins-wrong",
            f"a series begins today or later, within {FURTHEST.days} days",
            days=FURTHEST.days,
        )
    course = Course(command.rhythm, command.first, command.last, command.on_holiday)
    drawn = SeriesDrawnUp(
        scene.path, organisers, course, command.timing, command.outline, command.themes
    )
    until = None if command.last is None else span(command.timing, command.last + DAY)[0]
    event = SeriesBegan(
        scene.series, place, command.team, by, span(command.timing, command.first)[0], until
    )
    if not coming(evolve(evolve(Series(), event), drawn), 1):
        raise Rejected("no-day", "there is no day of the rhythm between the first and the last")
    return [event, drawn]


def check_themes(themes: tuple[MonthTheme, ...]) -> None:
    """Raises `Rejected` where a month has two themes."""
    if len({one.month for one in themes}) < len(themes):
        raise Rejected("theme-twice", "a month has one theme")


def ended(series: Series, command: EndSeries, now: datetime) -> list[Event]:
    """At once, or after a last day that lies ahead."""
    last = command.last
    if last is None:
        return [ending(series, "decided", now if command.call_off else None)]
    if coming(replace(series, course=replace(course_of(series), last=last)), 1):
        return [SeriesLastDaySet(last)]
    behind = max(now, span(replace(timing_of(series), begin="00:00"), last + DAY)[0])
    return [ending(series, "decided", behind if command.call_off else None)]


# --- what becomes of it --------------------------------------------------------------------------


def evolve(series: Series, event: Event) -> Series:
    """The series after an event."""
    match event:
        case SeriesBegan() as e:
            return Series(e.series, SeriesStatus.RUNNING, e.place, team=e.team)
        case SeriesDrawnUp() as e:
            return replace(
                series,
                path=e.path,
                organisers=e.organisers,
                course=e.course,
                timing=e.timing,
                outline=e.outline,
                themes=e.themes,
            )
        case SeriesRevised() as e:
            return replace(
                series,
                course=replace(course_of(series), on_holiday=e.on_holiday),
                timing=e.timing,
                outline=e.outline,
                themes=e.themes,
            )
        case DayDecided(decided=decided):
            others = tuple(one for one in series.decided if one.day != decided.day)
            return replace(series, decided=(*others, decided))
        case DayRestored(day=day):
            return replace(series, decided=tuple(o for o in series.decided if o.day != day))
        case DayDealtWith(day=day, made=made):
            left = tuple(one for one in series.decided if one.day > day)
            return replace(series, through=day, decided=left, made=series.made + made)
        case SeriesLastDaySet(last=last):
            return replace(series, course=replace(course_of(series), last=last))
        case SeriesOrganisersNamed(organisers=organisers):
            return replace(series, organisers=organisers)
        case SeriesEnded():
            return replace(series, status=SeriesStatus.ENDED, decided=())
    return series


def due(series: Series) -> datetime | None:
    """When the next occasion is to be made."""
    ahead = coming(series, 1)
    return made_when(series, ahead[0].day) if ahead else None


def open_verbs(series: Series) -> tuple[str, ...]:
    """The verbs that this series knows now."""
    if series.status is not SeriesStatus.RUNNING:
        return ()
    return ("revise", "leave-out", "move-occasion", "restore", "end")


series = Aggregate(
    kind="series",
    initial=Series(),
    decide=decide,
    evolve=evolve,
    events=(
        SeriesBegan,
        SeriesDrawnUp,
        SeriesRevised,
        DayDecided,
        DayRestored,
        DayDealtWith,
        SeriesLastDaySet,
        SeriesOrganisersNamed,
        SeriesEnded,
        OccasionDue,
        OccasionLeftOut,
        OccasionMoved,
        OccasionNotMade,
    ),
    due=due,
)
