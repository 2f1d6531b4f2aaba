"""Who was there from when to when: by code, by location, by an organiser."""

from dataclasses import replace

import pytest

from services.volunteering.domain.activities.commands import (
    CallOff,
    CheckIn,
    CheckInFor,
    CheckInHere,
    CheckOut,
    CheckOutFor,
    CheckOutHere,
    DenyPresence,
    NameContact,
    RecordPresence,
)
from services.volunteering.domain.activities.outline import Role
from services.volunteering.domain.activities.presence import MOST_STINTS, distance
from services.volunteering.domain.activities.recorded import (
    ActivityContactForgotten,
    PresenceDenied,
    PresenceRecorded,
    VolunteerArrived,
    VolunteerLeft,
    Way,
)
from services.volunteering.domain.activities.state import Presence, Status
from shared.contracts.volunteering.activities import ActivityDone, CallingOff, Theme
from tests.services.volunteering.activities.cleaning import (
    AN,
    BEGIN,
    BO,
    CAPTAIN,
    CHEN,
    CODE,
    DEPUTY,
    END,
    HOUR,
    ID,
    KNOWN,
    MEETING,
    MINUTE,
    OVER,
    PLACE,
    PLAN,
    TEAM,
    Life,
    held,
    joined,
    opened,
)

HERE = CheckInHere(AN, MEETING.latitude, MEETING.longitude, 10.0)
GONE = CheckOutHere(AN, MEETING.latitude, MEETING.longitude, 10.0)


def running(*people: str) -> Life:
    """The activity has begun with these."""
    return joined(*people, roles=(Role("helper", 10),)).ticks(BEGIN)


def test_one_checks_in_and_out_by_the_code_of_the_minute() -> None:
    life = running(AN).does(CheckIn(AN, CODE), at=BEGIN + MINUTE)
    assert life.events == [VolunteerArrived(AN, BEGIN + MINUTE, Way.CODE, AN)]
    life.refuses(CheckOut(AN, "000000"), "wrong-code", at=BEGIN + HOUR)
    life.does(CheckOut(AN, CODE), at=BEGIN + HOUR)
    assert life.events == [VolunteerLeft(AN, BEGIN + HOUR, Way.CODE, AN)]
    assert life.state.presence == Presence((AN,), (BEGIN + MINUTE,), (BEGIN + HOUR,))


def test_wrong_codes_are_not_looked_at_for_ever() -> None:
    life = running(AN).refuses(CheckIn(AN, "000000"), "wrong-code", at=BEGIN)
    locked = replace(KNOWN, locked_for=15)
    life.refuses(CheckIn(AN, CODE), "codes-locked", at=BEGIN, facts=locked)
    life.does(CheckInFor(CAPTAIN, AN), at=BEGIN, facts=locked)
    assert life.events == [VolunteerArrived(AN, BEGIN, Way.ORGANISER, CAPTAIN)]


def test_one_checks_in_by_standing_near_the_meeting_point() -> None:
    life = running(AN)
    # 0.0018 degrees of latitude are 200.15 metres.
    far = replace(HERE, latitude=MEETING.latitude + 0.0018)
    life.refuses(far, "too-far-away", at=BEGIN)
    life.refuses(replace(HERE, accuracy=500.0), "position-too-vague", at=BEGIN)
    life.does(replace(HERE, latitude=MEETING.latitude + 0.0017), at=BEGIN)
    # Neither position nor distance is kept.
    assert life.events == [VolunteerArrived(AN, BEGIN, Way.LOCATION, AN)]
    life.does(GONE, at=END)
    assert life.events == [VolunteerLeft(AN, END, Way.LOCATION, AN)]


@pytest.mark.parametrize(
    ("latitude", "longitude", "metres"),
    [
        (26.0802, 119.3023, 0),
        (26.0902, 119.3023, 1112),
        (26.0802, 119.3123, 999),
        (39.9042, 116.4074, 1_561_000),
    ],
)
def test_how_far_it_is(latitude: float, longitude: float, metres: float) -> None:
    assert distance(MEETING, latitude, longitude) == pytest.approx(metres, rel=2e-3, abs=1)


def test_ways_to_check_in_are_chosen() -> None:
    life = joined(AN, by_code=False, meeting=None).ticks(BEGIN)
    life.refuses(CheckIn(AN, CODE), "no-check-in-by-code", at=BEGIN)
    life.refuses(HERE, "no-check-in-by-location", at=BEGIN)


def test_only_who_has_a_place_checks_in_and_in_its_time() -> None:
    life = joined(AN).refuses(CheckIn(BO, CODE), "no-place", at=BEGIN)
    life.refuses(CheckIn(AN, CODE), "too-early-to-check-in", at=BEGIN - 31 * MINUTE)
    life.refuses(CheckOut(AN, CODE), "not-checked-in", at=BEGIN)
    life.does(CheckIn(AN, CODE), at=BEGIN - 30 * MINUTE)
    life.refuses(CheckIn(AN, CODE), "already-checked-in", at=BEGIN)
    life.ticks(BEGIN)
    life.refuses(CheckOutFor(CAPTAIN, AN), "activity-over", at=OVER)
    late = joined(AN).ticks(BEGIN)
    late.refuses(CheckIn(AN, CODE), "activity-over", at=END)
    Life().does(PLAN).refuses(CheckIn(AN, CODE), "not-open-yet")
    off = opened().does(CallOff(CAPTAIN, CallingOff.OTHER))
    off.refuses(CheckIn(AN, CODE), "called-off")


def test_who_goes_away_and_comes_back_was_there_twice() -> None:
    life = running(AN, BO).does(CheckIn(AN, CODE), CheckIn(BO, CODE), at=BEGIN)
    life.does(CheckOut(AN, CODE), at=BEGIN + HOUR).does(CheckIn(AN, CODE), at=BEGIN + 2 * HOUR)
    assert life.state.presence.stints(AN) == [
        (BEGIN, BEGIN + HOUR),
        (BEGIN + 2 * HOUR, None),
    ]
    life.does(CheckOut(AN, CODE), at=END)
    for _ in range(MOST_STINTS - 2):
        life.does(CheckInFor(CAPTAIN, AN), CheckOutFor(CAPTAIN, AN), at=END - MINUTE)
    life.refuses(CheckIn(AN, CODE), "too-many-check-ins", at=END - MINUTE)
    assert life.state.presence.is_there(BO)
    assert not life.state.presence.is_there(AN)


def test_when_it_is_over_who_never_came_was_missing() -> None:
    life = running(AN, BO, CHEN).does(CheckIn(BO, CODE), at=BEGIN)
    life.does(NameContact(CAPTAIN, "林队长", "13800000000"), at=BEGIN).ticks(OVER)
    assert life.events == [
        ActivityDone(
            ID, PLACE, Theme.ENVIRONMENT, BEGIN, END, 1, (AN, CHEN), (CAPTAIN, DEPUTY), TEAM
        ),
        ActivityContactForgotten(),
    ]
    assert life.state.status is Status.DONE


def test_an_organiser_records_who_was_there() -> None:
    life = running(AN, BO).does(CheckIn(AN, CODE), at=BEGIN).ticks(OVER)
    assert life.state.unsettled == 1
    life.does(RecordPresence(CAPTAIN, AN, BEGIN, END), at=OVER)
    assert life.events == [PresenceRecorded(AN, BEGIN, END, CAPTAIN)]
    life.does(RecordPresence(CAPTAIN, BO, BEGIN, END), at=OVER)
    assert (life.state.unsettled, life.state.presence.stints(BO)) == (2, [(BEGIN, END)])
    life.does(DenyPresence(CAPTAIN, BO), at=OVER)
    assert life.events == [PresenceDenied(BO, CAPTAIN)]
    assert life.state.unsettled == 1
    life.refuses(DenyPresence(CAPTAIN, BO), "not-checked-in", at=OVER)
    life.refuses(RecordPresence(CAPTAIN, CHEN, BEGIN, END), "no-place", at=OVER)
    joined(AN).refuses(RecordPresence(CAPTAIN, AN, BEGIN, END), "not-begun")


def test_nobody_can_have_been_there_at_other_times() -> None:
    life = held(AN)
    for came, left in (
        (BEGIN, BEGIN),
        (END, BEGIN),
        (BEGIN - HOUR, END),
        (BEGIN, END + HOUR),
    ):
        life.refuses(RecordPresence(CAPTAIN, AN, came, left), "impossible-presence", at=OVER)
    early = running(AN)
    early.refuses(RecordPresence(CAPTAIN, AN, BEGIN, END), "impossible-presence", at=BEGIN + HOUR)
