"""Service records: hours as the work's own chapter confirmed and corrected them."""

from dataclasses import replace
from datetime import UTC, datetime

from services.volunteering.domain.hours.record import (
    DisownHours,
    HoursAmended,
    HoursDisowned,
    HoursRecorded,
    RecordHours,
    service_record,
)
from shared.contracts.volunteering.hours import Work
from tests.given import given

PATH = ("350102", "350102-dj", "350102-dj-jm")
BEGUN = datetime(2025, 12, 31, 17, 0, tzinfo=UTC)
"""In Shanghai it is the new year."""
CONFIRMED = RecordHours("a1", Work.ACTIVITY, "wang", PATH[-1], "silver", BEGUN, 90)
CORRECTED = replace(CONFIRMED, minutes=60, corrected=True)
RECORDED = HoursRecorded("a1", Work.ACTIVITY, "wang", PATH[-1], PATH, "silver", BEGUN, 90)


def test_confirmed_hours_open_a_record_with_the_places_they_lie_in() -> None:
    after = given(service_record).when(CONFIRMED, facts=PATH).then(RECORDED)
    state = after.state
    assert (state.month, state.year, state.district) == ("2026-01", 2026, "350102")
    assert (state.minutes, state.volunteer) == (90, "wang")


def test_a_place_that_is_not_known_stands_for_itself() -> None:
    alone = replace(RECORDED, path=(PATH[-1],))
    given(service_record).when(CONFIRMED, facts=()).then(alone)


def test_a_correction_amends_the_record() -> None:
    after = given(service_record, RECORDED).when(CORRECTED, facts=PATH).then(HoursAmended(60))
    assert (after.state.minutes, after.state.corrections) == (60, 1)


def test_a_correction_to_the_same_changes_nothing() -> None:
    given(service_record, RECORDED).when(replace(CORRECTED, minutes=90), facts=PATH).then()


def test_hours_are_confirmed_once() -> None:
    given(service_record, RECORDED).when(replace(CONFIRMED, minutes=500), facts=PATH).then()


def test_a_correction_that_comes_first_says_all_there_is_to_say() -> None:
    amended = replace(RECORDED, minutes=60)
    given(service_record).when(CORRECTED, facts=PATH).then(amended)


def test_hours_taken_back_leave_a_record_of_none() -> None:
    after = given(service_record, RECORDED).when(replace(CORRECTED, minutes=0), facts=PATH)
    assert after.then(HoursAmended(0)).state.minutes == 0


def test_of_who_was_erased_the_hours_stay_without_them() -> None:
    after = given(service_record, RECORDED).when(DisownHours()).then(HoursDisowned())
    assert (after.state.volunteer, after.state.minutes) == (None, 90)
    after.when(DisownHours()).then()
    given(service_record).when(DisownHours()).then()
