"""Hours are counted from presence, confirmed by somebody else, disputed, decided."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.volunteering.domain.activities.commands import (
    CheckIn,
    CheckOut,
    ConfirmHours,
    DecideDispute,
    DisputeHours,
    DropDispute,
    ForgetPerson,
    NameOrganisers,
    RecordPresence,
)
from services.volunteering.domain.activities.hours import counted
from services.volunteering.domain.activities.outline import Role
from services.volunteering.domain.activities.recorded import (
    Complaint,
    DisputeDropped,
    DisputesTaken,
    HoursClaimed,
    NoHoursServed,
    PresenceRecorded,
    VolunteerLeft,
    Way,
)
from shared.contracts.volunteering.activities import (
    ActivityDisputeDecided,
    ActivityHoursDisputed,
    ActivityHoursDue,
    ActivityHoursUnsettled,
)
from shared.contracts.volunteering.hours import HoursConfirmed, HoursCorrected, Work
from shared.runtime.aggregate import Tick
from tests.services.volunteering.activities.cleaning import (
    AN,
    BEGIN,
    BO,
    CAPTAIN,
    CHEN,
    CODE,
    DAY,
    DEPUTY,
    END,
    HOUR,
    ID,
    KNOWN,
    MINUTE,
    OFFICER,
    OVER,
    PLACE,
    TEAM,
    Life,
    held,
    joined,
)

LATER = OVER + HOUR
WRONG = Complaint.WRONG_TIME


def confirms(person: str, minutes: int, by: str = CAPTAIN) -> HoursConfirmed:
    return HoursConfirmed(ID, Work.ACTIVITY, person, PLACE, BEGIN, minutes, by, TEAM)


def corrects(person: str, before: int, minutes: int, by: str = OFFICER) -> HoursCorrected:
    return HoursCorrected(ID, Work.ACTIVITY, person, PLACE, BEGIN, before, minutes, by, TEAM)


@pytest.mark.parametrize(
    ("there", "minutes"),
    [(0, 0), (14, 0), (15, 15), (29, 15), (60, 60), (119, 105), (180, 180)],
)
def test_hours_are_counted_in_whole_quarters(there: int, minutes: int) -> None:
    assert counted(timedelta(minutes=there)) == minutes


def test_hours_are_cut_to_the_activity_and_confirmed_by_an_organiser() -> None:
    life = joined(AN, BO, CHEN, roles=(Role("helper", 3),))
    life.does(CheckIn(AN, CODE), at=BEGIN - 20 * MINUTE).ticks(BEGIN)
    life.does(CheckIn(BO, CODE), at=BEGIN + 20 * MINUTE)
    life.does(CheckOut(AN, CODE), at=END + 20 * MINUTE)
    life.does(CheckOut(BO, CODE), at=BEGIN + 30 * MINUTE)
    life.refuses(ConfirmHours(CAPTAIN), "not-over", at=END + 20 * MINUTE).ticks(OVER)
    life.does(ConfirmHours(CAPTAIN), at=LATER)
    assert life.events == [
        DisputesTaken(LATER + 7 * DAY),
        confirms(AN, 180),
        NoHoursServed(BO, CAPTAIN),
    ]
    assert life.state.unsettled == 0
    life.refuses(ConfirmHours(CAPTAIN), "nothing-to-confirm", at=LATER)
    life.refuses(RecordPresence(CAPTAIN, AN, BEGIN, END), "hours-confirmed", at=LATER)


def test_several_stints_are_added_before_they_are_rounded() -> None:
    life = joined(AN).ticks(BEGIN)
    for start, minutes in ((0, 20), (60, 20), (120, 20)):
        life.does(CheckIn(AN, CODE), at=BEGIN + start * MINUTE)
        life.does(CheckOut(AN, CODE), at=BEGIN + (start + minutes) * MINUTE)
    life.ticks(OVER).does(ConfirmHours(CAPTAIN), at=LATER)
    assert life.events[1:] == [confirms(AN, 60)]


def test_who_did_not_check_out_stayed_or_waits() -> None:
    life = joined(AN, BO).ticks(BEGIN).does(CheckIn(AN, CODE), CheckIn(BO, CODE), at=BEGIN)
    life.does(CheckOut(BO, CODE), at=BEGIN + HOUR).ticks(OVER)
    life.does(ConfirmHours(CAPTAIN), at=LATER)
    assert life.events[1:] == [confirms(BO, 60)]
    life.refuses(ConfirmHours(CAPTAIN), "check-outs-missing", at=LATER)
    life.does(ConfirmHours(CAPTAIN, stayed=True), at=LATER)
    assert life.events == [
        VolunteerLeft(AN, END, Way.ORGANISER, CAPTAIN),
        DisputesTaken(LATER + 7 * DAY),
        confirms(AN, 180),
    ]


def test_nobody_confirms_their_own() -> None:
    life = held(AN, CAPTAIN).does(ConfirmHours(CAPTAIN), at=LATER)
    assert life.events[1:] == [confirms(AN, 180)]
    life.refuses(ConfirmHours(CAPTAIN), "own-hours", at=LATER)
    life.does(ConfirmHours(DEPUTY), at=LATER)
    assert life.events[1:] == [confirms(CAPTAIN, 180, DEPUTY)]


def test_a_sole_organisers_own_hours_go_to_the_community_at_once() -> None:
    life = held(AN, CAPTAIN).does(NameOrganisers("staff", (CAPTAIN,)), at=OVER)
    life.does(ConfirmHours(CAPTAIN), at=LATER)
    assert life.events[2:] == [ActivityHoursUnsettled(ID, "c1", 1, OFFICER, LATER + 7 * DAY)]
    assert life.state.at_office
    life.does(ConfirmHours(OFFICER), at=LATER)
    assert not life.state.at_office


def test_organisers_who_do_nothing_are_reminded_then_the_community_decides() -> None:
    life = held(AN, BO).ticks(END + 3 * DAY)
    at_office = END + 7 * DAY
    assert life.events == [ActivityHoursDue(ID, PLACE, 2, (CAPTAIN, DEPUTY), at_office)]
    life.ticks(at_office)
    assert life.events == [ActivityHoursUnsettled(ID, "c1", 2, OFFICER, at_office + 7 * DAY)]
    assert life.state.at_office
    life.ticks(at_office + 7 * DAY)
    assert life.events == [ActivityHoursUnsettled(ID, "s1", 2, "officer-s1", None)]
    assert life.ticks(at_office + 500 * DAY).state.at_office
    life.does(ConfirmHours(OFFICER), at=at_office + 8 * DAY)
    assert not life.state.at_office


def test_without_organisers_the_community_is_asked_first() -> None:
    life = held(AN).does(ForgetPerson(CAPTAIN), ForgetPerson(DEPUTY), at=OVER)
    life.ticks(END + 3 * DAY)
    assert life.events == [ActivityHoursUnsettled(ID, "c1", 1, OFFICER, END + 10 * DAY)]


def test_nobody_is_asked_where_nobody_was_there() -> None:
    life = joined(AN).ticks(OVER)
    assert life.ticks(END + 100 * DAY).state.asked == 0


def test_an_office_that_nobody_holds_keeps_it_listed() -> None:
    vacant = replace(KNOWN, community=("c1", None))
    life = held(AN).ticks(END + 3 * DAY)
    life.given.when(Tick(), at=END + 7 * DAY, facts=vacant).then(
        ActivityHoursUnsettled(ID, "c1", 1, None, END + 14 * DAY)
    )


# --- disputes ------------------------------------------------------------------------------------


def confirmed() -> Life:
    """An was there for an hour, as confirmed; Bo was missing."""
    life = joined(AN, BO).ticks(BEGIN).does(CheckIn(AN, CODE), at=BEGIN)
    life.does(CheckOut(AN, CODE), at=BEGIN + HOUR).ticks(OVER)
    return life.does(ConfirmHours(CAPTAIN), at=LATER)


def test_hours_are_disputed_and_decided_by_staff() -> None:
    life = confirmed().does(DisputeHours(AN, WRONG, BEGIN, END), at=LATER)
    assert life.events == [
        HoursClaimed(AN, WRONG, BEGIN, END, LATER + 7 * DAY),
        ActivityHoursDisputed(ID, "c1", AN, OFFICER, 1),
    ]
    assert life.state.at_office
    life.refuses(DisputeHours(AN, WRONG, BEGIN, END), "disputed-already", at=LATER)
    life.refuses(DecideDispute(AN, AN), "own-hours", at=LATER)
    life.refuses(DecideDispute(CAPTAIN, AN), "own-confirmation", at=LATER)
    life.refuses(DecideDispute(OFFICER, BO), "no-dispute", at=LATER)
    life.refuses(DecideDispute(OFFICER, AN, came=BEGIN), "one-time-missing", at=LATER)
    life.refuses(DecideDispute(OFFICER, AN, END, BEGIN), "impossible-presence", at=LATER)
    until = BEGIN + 2 * HOUR
    life.does(DecideDispute(OFFICER, AN, BEGIN, until), at=LATER)
    assert life.events == [
        PresenceRecorded(AN, BEGIN, until, OFFICER),
        corrects(AN, 60, 120),
        ActivityDisputeDecided(ID, PLACE, AN, 120, True, OFFICER),
    ]
    assert not life.state.at_office
    life.refuses(DisputeHours(AN, WRONG, BEGIN, END), "decided-already", at=LATER)


def test_a_decision_may_leave_everything_as_it_is() -> None:
    life = confirmed().does(DisputeHours(AN, WRONG, BEGIN, END), at=LATER)
    life.does(DecideDispute(OFFICER, AN), at=LATER)
    assert life.events == [ActivityDisputeDecided(ID, PLACE, AN, 60, False, OFFICER)]


def test_a_decision_may_take_hours_back() -> None:
    life = confirmed().does(DisputeHours(AN, WRONG, BEGIN, END), at=LATER)
    life.does(DecideDispute(OFFICER, AN, BEGIN, BEGIN + MINUTE), at=LATER)
    assert corrects(AN, 60, 0) in life.events


def test_who_was_missing_may_have_been_there() -> None:
    never_in = Complaint.NOT_CHECKED_IN
    life = confirmed().does(DisputeHours(BO, never_in, BEGIN, END), at=LATER)
    life.does(DecideDispute(OFFICER, BO, BEGIN, END), at=LATER)
    assert life.events == [
        PresenceRecorded(BO, BEGIN, END, OFFICER),
        confirms(BO, 180, OFFICER),
        ActivityDisputeDecided(ID, PLACE, BO, 180, True, OFFICER),
    ]
    assert life.state.unsettled == 0
    other = confirmed().does(DisputeHours(BO, never_in, BEGIN, END), at=LATER)
    other.does(DecideDispute(OFFICER, BO), at=LATER)
    other.refuses(DisputeHours(BO, never_in, BEGIN, END), "decided-already", at=LATER)


def test_who_was_there_too_shortly_may_have_been_there_longer() -> None:
    life = joined(AN).ticks(BEGIN).does(CheckIn(AN, CODE), at=BEGIN)
    life.does(CheckOut(AN, CODE), at=BEGIN + MINUTE).ticks(OVER)
    life.does(ConfirmHours(CAPTAIN), at=LATER)
    life.does(DisputeHours(AN, WRONG, BEGIN, END), at=LATER)
    life.does(DecideDispute(OFFICER, AN, BEGIN, END), at=LATER)
    assert confirms(AN, 180, OFFICER) in life.events


def test_a_dispute_has_its_time() -> None:
    life = held(AN).refuses(DisputeHours(AN, WRONG, BEGIN, END), "not-confirmed-yet", at=OVER)
    life.refuses(DisputeHours(BO, WRONG, BEGIN, END), "no-place", at=OVER)
    life.does(ConfirmHours(CAPTAIN), at=OVER + DAY)
    too_late = OVER + 8 * DAY
    life.refuses(DisputeHours(AN, WRONG, BEGIN, END), "too-late-to-dispute", at=too_late)
    life.refuses(DisputeHours(AN, WRONG, END, BEGIN), "impossible-presence", at=OVER + 2 * DAY)
    life.does(DisputeHours(AN, WRONG, BEGIN, END), at=too_late - MINUTE)


def test_a_dispute_that_nobody_decides_climbs() -> None:
    life = confirmed().does(DisputeHours(AN, WRONG, BEGIN, END), at=LATER).ticks(LATER + 7 * DAY)
    assert life.events == [ActivityHoursDisputed(ID, "s1", AN, "officer-s1", 2)]
    assert life.ticks(LATER + 500 * DAY).state.at_office


def test_a_dispute_is_dropped() -> None:
    life = confirmed().does(DisputeHours(AN, WRONG, BEGIN, END), at=LATER)
    life.does(DropDispute(AN), at=LATER)
    assert life.events == [DisputeDropped(AN)]
    life.refuses(DropDispute(AN), "no-dispute", at=LATER)
    life.does(DisputeHours(AN, WRONG, BEGIN, END), at=LATER)
    life.does(ForgetPerson(AN), at=LATER)
    assert life.events == [DisputeDropped(AN)]
    assert not life.state.at_office
