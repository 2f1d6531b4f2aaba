"""Endings of sessions: known until they need not be, and no longer."""

from datetime import UTC, datetime, timedelta

from services.gateway.domain.sessions import (
    Drawer,
    Ending,
    EndingsLapsed,
    EndSessions,
    SessionsEnded,
    drawer_of,
    due,
    ended_sessions,
)
from shared.runtime.aggregate import Tick
from tests.given import given

NINE = datetime(2025, 3, 3, 1, 20, tzinfo=UTC)
TEN = NINE.replace(hour=2, minute=0)
EVENING = datetime(2025, 3, 3, 13, 20, tzinfo=UTC)
FULL_HOUR = datetime(2025, 3, 3, 14, 0, tzinfo=UTC)


def test_an_ending_is_kept_until_the_hour_in_which_nobody_could_have_the_session() -> None:
    given(ended_sessions).when(EndSessions("ab12", NINE, EVENING)).then(
        SessionsEnded("ab12", NINE, FULL_HOUR)
    )


def test_what_has_ended_already_ends_no_second_time() -> None:
    past = given(ended_sessions, SessionsEnded("ab12", NINE, FULL_HOUR))
    past.when(EndSessions("ab12", NINE, EVENING)).then()
    past.when(EndSessions("ab12", NINE - timedelta(minutes=1), EVENING)).then()


def test_a_person_who_signed_in_again_can_be_signed_out_again() -> None:
    later = NINE + timedelta(hours=1)
    until = EVENING + timedelta(hours=1)
    given(ended_sessions, SessionsEnded("ab12", NINE, FULL_HOUR)).when(
        EndSessions("ab12", later, until)
    ).then(SessionsEnded("ab12", later, FULL_HOUR + timedelta(hours=1)))


def test_what_has_lapsed_is_forgotten_together_and_the_rest_is_not() -> None:
    past = given(
        ended_sessions,
        SessionsEnded("ab12", NINE, FULL_HOUR),
        SessionsEnded("ab34", NINE, FULL_HOUR),
        SessionsEnded("ab56", TEN, FULL_HOUR + timedelta(hours=1)),
    )
    after = past.when(Tick(), at=FULL_HOUR).then(EndingsLapsed(FULL_HOUR))
    assert set(after.state.endings) == {"ab56"}
    assert due(after.state) == FULL_HOUR + timedelta(hours=1)


def test_a_tick_before_its_time_changes_nothing() -> None:
    given(ended_sessions).when(Tick(), at=NINE).then()
    given(ended_sessions, SessionsEnded("ab12", NINE, FULL_HOUR)).when(Tick(), at=NINE).then()


def test_an_empty_drawer_wants_no_attention() -> None:
    assert due(Drawer()) is None
    assert due(Drawer({"ab12": Ending(NINE, EVENING)})) == EVENING


def test_there_are_256_drawers() -> None:
    assert {len(drawer_of(f"{number:032x}")) for number in range(300)} == {2}
