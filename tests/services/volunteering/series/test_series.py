"""A series makes its occasions some weeks ahead, once each, and respects public holidays."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as held_for
from hypothesis import strategies as st

from services.volunteering.domain.activities.outline import Outline, Role
from services.volunteering.domain.series.rhythm import Every, OnHoliday, Rhythm
from services.volunteering.domain.series.series import due, evolve, open_verbs, series
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
    Decided,
    MonthTheme,
    Series,
    SeriesStatus,
    Timing,
    theme_of,
)
from services.volunteering.domain.teams.team_state import Team, TeamStatus
from shared.contracts.volunteering.activities import Theme
from shared.contracts.volunteering.series import (
    OccasionDue,
    OccasionLeftOut,
    OccasionMoved,
    OccasionNotMade,
    SeriesBegan,
    SeriesEnded,
)
from shared.runtime.aggregate import Tick
from shared.worktime.days import is_public_holiday, is_working_day
from shared.worktime.hours import CHINA
from tests.given import Given, given

PATH = ("350102", "350102-dj", "350102-dj-jm")
PLACE = PATH[-1]
TEAM = Team(TeamStatus.ACTIVE, place=PLACE, path=PATH, captain="chen", deputies=("lin",))
SCENE = Scene("s1", PATH, TEAM, is_public_holiday, is_working_day)
NOW = datetime(2025, 9, 1, 2, 0, tzinfo=UTC)
"""A Monday."""
TIMING = Timing("19:30", 90, days_ahead=14)
OUTLINE = Outline("河道清洁", Theme.ENVIRONMENT, (Role("helper", 20),))
WEDNESDAYS = Rhythm(Every.WEEK, weekdays=(2,))
FIRST, LAST = date(2025, 9, 3), date(2025, 10, 29)
THEMES = (MonthTheme("2025-10", "敬老月", Theme.ELDERS),)
BEGIN = BeginSeries(
    "lin",
    PLACE,
    WEDNESDAYS,
    FIRST,
    TIMING,
    OUTLINE,
    team="green",
    last=LAST,
    themes=THEMES,
)
BOTH = ("chen", "lin")
COURSE = Course(WEDNESDAYS, FIRST, LAST, OnHoliday.SKIP)
DRAWN_UP = SeriesDrawnUp(PATH, BOTH, COURSE, TIMING, OUTLINE, THEMES)


def at(day: int, month: int = 9, hour: int = 19, minute: int = 30) -> datetime:
    """A local time of 2025."""
    return datetime(2025, month, day, hour, minute, tzinfo=CHINA).astimezone(UTC)


BEGAN = SeriesBegan("s1", PLACE, "green", "lin", at(3), at(30, 10))


def running(*more: Any, **course: Any) -> Given[Series]:
    drawn_up = replace(DRAWN_UP, course=replace(COURSE, **course)) if course else DRAWN_UP
    return given(series, BEGAN, drawn_up, *more)


def occasion(day: int, month: int = 9, *, on: tuple[int, int] | None = None) -> list[Any]:
    begin = at(*(on or (day, month)))
    return [
        OccasionDue(
            "s1",
            f"s1.2025{month:02}{day:02}",
            PLACE,
            "green",
            begin,
            begin + timedelta(minutes=90),
        ),
        DayDealtWith(date(2025, month, day), made=True),
    ]


def not_held(day: int, month: int, because: str) -> list[Any]:
    return [
        OccasionLeftOut("s1", PLACE, "green", at(day, month), because, BOTH),
        DayDealtWith(date(2025, month, day), made=False),
    ]


# --- beginning -----------------------------------------------------------------------------------


def test_a_leader_begins_a_series_and_all_leaders_answer_for_it() -> None:
    after = given(series).when(BEGIN, at=NOW, facts=SCENE).then(BEGAN, DRAWN_UP)
    assert due(after.state) == at(20, 8)
    after.when(BEGIN, at=NOW, facts=SCENE).then_rejected("series-over")


def test_a_series_of_a_place_belongs_to_who_begins_it() -> None:
    alone = replace(BEGIN, team=None, by="staff")
    given(series).when(alone, at=NOW, facts=replace(SCENE, team=None)).then(
        replace(BEGAN, team=None, by="staff"), replace(DRAWN_UP, organisers=("staff",))
    )


@pytest.mark.parametrize(
    ("command", "scene", "code"),
    [
        (BEGIN, replace(SCENE, path=()), "unknown-place"),
        (BEGIN, replace(SCENE, team=None), "team-not-active"),
        (BEGIN, replace(SCENE, team=replace(TEAM, status=TeamStatus.SUSPENDED)), "team-not-active"),
        (replace(BEGIN, by="wang"), SCENE, "not-a-leader"),
        (replace(BEGIN, rhythm=Rhythm(Every.WEEK)), SCENE, "rhythm-unclear"),
        (replace(BEGIN, outline=replace(OUTLINE, roles=())), SCENE, "wrong-places"),
        (replace(BEGIN, themes=THEMES * 2), SCENE, "theme-twice"),
        (replace(BEGIN, first=date(2025, 8, 31)), SCENE, "series-begins-wrong"),
        (replace(BEGIN, first=date(2027, 1, 1)), SCENE, "series-begins-wrong"),
        (replace(BEGIN, last=FIRST - timedelta(days=1)), SCENE, "no-day"),
        (replace(BEGIN, first=date(2025, 9, 4), last=date(2025, 9, 9)), SCENE, "no-day"),
    ],
)
def test_what_cannot_begin(command: BeginSeries, scene: Scene, code: str) -> None:
    given(series).when(command, at=NOW, facts=scene).then_rejected(code)


def test_there_is_nothing_to_do_with_what_never_began() -> None:
    given(series).when(EndSeries("chen")).then_rejected("unknown-series")
    given(series).when(Tick(), facts=SCENE).then()
    given(series).when(StopSeries("place-closed")).then()


# --- making --------------------------------------------------------------------------------------


def test_occasions_are_made_two_weeks_ahead_each_once() -> None:
    after = running().when(Tick(), at=NOW, facts=SCENE)
    past = after.then(*occasion(3), *occasion(10))
    assert due(past.state) == at(3)
    assert past.state.made == 2
    past.when(Tick(), at=NOW, facts=SCENE).then()
    past.when(Tick(), at=at(3), facts=SCENE).then(*occasion(17))


def through_september(*more: Any, **course: Any) -> Given[Series]:
    dealt = [DayDealtWith(date(2025, 9, day), made=True) for day in (3, 10, 17, 24)]
    return running(*dealt, *more, **course)


def test_on_a_public_holiday_nothing_is_made_where_it_is_left_out() -> None:
    past = through_september().when(Tick(), at=at(17), facts=SCENE)
    past.then(*not_held(1, 10, "holiday")).when(Tick(), at=at(24), facts=SCENE).then(
        *not_held(8, 10, "holiday")
    )


def test_it_moves_to_the_next_working_day_and_keeps_its_id() -> None:
    moving = through_september(
        rhythm=Rhythm(Every.MONTH_BY_DATE, month_day=1), last=None, on_holiday=OnHoliday.MOVE
    )
    moving.when(Tick(), at=at(17), facts=SCENE).then(*occasion(1, 10, on=(9, 10)))


def test_what_would_move_into_the_following_one_is_left_out() -> None:
    # The holidays last from Wednesday to Wednesday: both have no working day before the next one.
    first = through_september(on_holiday=OnHoliday.MOVE).when(Tick(), at=at(17), facts=SCENE)
    second = first.then(*not_held(1, 10, "holiday")).when(Tick(), at=at(24), facts=SCENE)
    second.then(*occasion(8, 10, on=(9, 10)))


def test_it_is_held_all_the_same_where_that_is_wanted() -> None:
    held = through_september(on_holiday=OnHoliday.HOLD)
    held.when(Tick(), at=at(17), facts=SCENE).then(*occasion(1, 10))


def test_what_would_be_made_too_late_is_said_so() -> None:
    after = running().when(Tick(), at=at(3), facts=SCENE)
    after.then(*not_held(3, 9, "too-late"), *occasion(10), *occasion(17))


def test_it_ends_by_itself_after_the_last_day() -> None:
    dealt = [DayDealtWith(date(2025, 10, 22), made=True)]
    after = running(*dealt).when(Tick(), at=at(16, 10), facts=SCENE)
    past = after.then(*occasion(29, 10), SeriesEnded("s1", PLACE, "green", "over", BOTH))
    assert past.state.status is SeriesStatus.ENDED
    assert (due(past.state), open_verbs(past.state)) == (None, ())
    past.when(LeaveOut("chen", LAST)).then_rejected("series-over")


def test_a_month_has_its_theme() -> None:
    state = running().state
    assert theme_of(state, date(2025, 10, 8)) == THEMES[0]
    assert theme_of(state, date(2025, 9, 30)) is None


def test_what_a_rule_did_not_let_happen_is_told() -> None:
    after = running().when(NoteNotMade("s1.20250903", at(3)))
    after.then(OccasionNotMade("s1", "s1.20250903", PLACE, "green", at(3), BOTH))


def test_a_long_pause_is_caught_up_with_step_by_step() -> None:
    endless = running(last=None)
    after = endless.when(Tick(), at=at(3) + timedelta(days=365), facts=SCENE)
    assert len([one for one in after.events if isinstance(one, OccasionDue)]) == 0
    assert len([one for one in after.events if isinstance(one, DayDealtWith)]) == 20


# --- single days ---------------------------------------------------------------------------------


def test_a_day_is_left_out() -> None:
    decided = DayDecided(Decided(date(2025, 9, 10), None))
    left_out = OccasionLeftOut("s1", PLACE, "green", at(10), "decided", BOTH)
    past = running().when(LeaveOut("chen", date(2025, 9, 10))).then(left_out, decided)
    past.when(LeaveOut("chen", date(2025, 9, 10))).then()
    made = past.when(Tick(), at=NOW, facts=SCENE)
    passed = DayDealtWith(date(2025, 9, 10), made=False)
    assert made.then(*occasion(3), passed).state.decided == ()


def test_a_day_that_was_left_out_is_held_after_all() -> None:
    day = date(2025, 9, 10)
    past = running(DayDecided(Decided(day, None))).when(Restore("chen", day)).then(DayRestored(day))
    past.when(Restore("chen", day)).then_rejected("nothing-decided")
    past.when(Tick(), at=NOW, facts=SCENE).then(*occasion(3), *occasion(10))


def test_a_day_is_moved_and_made_in_time_for_its_new_date() -> None:
    day, to = date(2025, 9, 17), date(2025, 9, 15)
    after = running().when(MoveOccasion("chen", day, to), at=NOW)
    past = after.then(
        OccasionMoved("s1", PLACE, "green", at(17), at(15), BOTH), DayDecided(Decided(day, to))
    )
    past.when(Tick(), at=at(1), facts=SCENE).then(
        *occasion(3), *occasion(10), *occasion(17, on=(15, 9))
    )


def test_who_moves_a_day_onto_a_holiday_has_chosen_it() -> None:
    day, to = date(2025, 9, 24), date(2025, 9, 30)
    past = running(DayDealtWith(date(2025, 9, 17), made=True), DayDecided(Decided(day, to)))
    past.when(Tick(), at=at(17), facts=SCENE).then(
        *occasion(24, on=(30, 9)), *not_held(1, 10, "holiday")
    )


@pytest.mark.parametrize(
    "to", [date(2025, 9, 17), date(2025, 9, 24), date(2025, 9, 10), date(2026, 9, 16)]
)
def test_occasions_keep_their_order(to: date) -> None:
    command = MoveOccasion("chen", date(2025, 9, 17), to)
    running().when(command, at=NOW).then_rejected("moved-too-far")


def test_nothing_moves_into_the_past() -> None:
    command = MoveOccasion("chen", FIRST, date(2025, 8, 31))
    running().when(command, at=NOW).then_rejected("moved-too-far")


def test_only_days_of_the_series_that_lie_ahead_are_decided_about() -> None:
    past = running(DayDealtWith(FIRST, made=True))
    past.when(LeaveOut("chen", FIRST)).then_rejected("occasion-made")
    past.when(LeaveOut("chen", date(2025, 9, 11))).then_rejected("not-a-day")
    past.when(LeaveOut("chen", date(2025, 11, 5))).then_rejected("not-a-day")


# --- changing and ending -------------------------------------------------------------------------


def test_what_is_revised_is_made_otherwise_from_now_on() -> None:
    timing = replace(TIMING, begin="08:00", days_ahead=7)
    outline = replace(OUTLINE, title="巡河")
    command = ReviseSeries("chen", timing, outline, OnHoliday.HOLD)
    past = running().when(command).then(SeriesRevised(timing, outline, OnHoliday.HOLD, ()))
    assert past.state.course == replace(COURSE, on_holiday=OnHoliday.HOLD)
    assert due(past.state) == at(27, 8, 8, 0)
    twice = replace(command, themes=THEMES * 2)
    past.when(twice).then_rejected("theme-twice")


def test_it_ends_at_once_and_what_is_made_stays_or_is_called_off() -> None:
    ended = SeriesEnded("s1", PLACE, "green", "decided", BOTH)
    running().when(EndSeries("chen"), at=NOW).then(ended)
    running().when(EndSeries("chen", call_off=True), at=NOW).then(replace(ended, call_off_from=NOW))


def test_with_a_last_day_ahead_it_goes_on_until_then() -> None:
    last = date(2025, 9, 16)
    past = running().when(EndSeries("chen", last), at=NOW).then(SeriesLastDaySet(last))
    past.when(Tick(), at=NOW, facts=SCENE).then(
        *occasion(3), *occasion(10), SeriesEnded("s1", PLACE, "green", "over", BOTH)
    )


def test_with_a_last_day_that_was_reached_what_lies_behind_it_is_called_off() -> None:
    past = running(DayDealtWith(date(2025, 9, 10), made=True))
    after = past.when(EndSeries("chen", date(2025, 9, 5), call_off=True), at=NOW)
    behind = datetime(2025, 9, 6, tzinfo=CHINA).astimezone(UTC)
    after.then(SeriesEnded("s1", PLACE, "green", "decided", BOTH, behind))


def test_a_captains_duty_passes_on() -> None:
    past = running().when(PassSeriesOn(("wu",))).then(SeriesOrganisersNamed(("wu",)))
    past.when(PassSeriesOn(("wu",))).then()


def test_who_was_erased_answers_for_nothing() -> None:
    past = running().when(StrikeOrganiser("chen")).then(SeriesOrganisersNamed(("lin",)))
    past.when(StrikeOrganiser("chen")).then()


def test_without_its_team_or_place_it_stops() -> None:
    stopped = SeriesEnded("s1", PLACE, "green", "team-dissolved", BOTH)
    past = running().when(StopSeries("team-dissolved")).then(stopped)
    past.when(StopSeries("team-dissolved")).then()


# --- what always holds ---------------------------------------------------------------------------

rhythms = st.one_of(
    st.builds(
        Rhythm,
        st.just(Every.WEEK),
        weekdays=st.lists(st.integers(0, 6), min_size=1, max_size=3).map(tuple),
        step=st.integers(1, 3),
    ),
    st.builds(
        Rhythm,
        st.just(Every.MONTH_BY_WEEKDAY),
        weekdays=st.tuples(st.integers(0, 6)),
        nth=st.sampled_from((1, 2, 3, 4, -1)),
    ),
    st.builds(Rhythm, st.just(Every.MONTH_BY_DATE), month_day=st.sampled_from((1, 15, 31, -1))),
)


@held_for(
    rhythms,
    st.sampled_from(OnHoliday),
    st.integers(1, 60),
    st.lists(st.integers(1, 40), min_size=1, max_size=12),
)
def test_whenever_it_is_looked_at_each_day_is_dealt_with_once_and_in_order(
    rhythm: Rhythm, on_holiday: OnHoliday, days_ahead: int, pauses: list[int]
) -> None:
    drawn = replace(
        DRAWN_UP,
        course=Course(rhythm, FIRST, None, on_holiday),
        timing=replace(TIMING, days_ahead=days_ahead),
    )
    state, now = given(series, BEGAN, drawn).state, NOW
    dealt: list[date] = []
    begins: list[datetime] = []
    for pause in pauses:
        now += timedelta(days=pause)
        while (when := due(state)) is not None and when <= now:
            events = series.decide(Tick(), state, now, SCENE)
            assert events, "a due series moves on"
            for event in events:
                state = evolve(state, event)
                if isinstance(event, DayDealtWith):
                    dealt.append(event.day)
                if isinstance(event, OccasionDue):
                    assert event.begin > now
                    begins.append(event.begin)
    assert dealt == sorted(set(dealt))
    assert begins == sorted(set(begins))
    assert state.made == len(begins)
