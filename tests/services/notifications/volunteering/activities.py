"""Who hears what of activities."""

from datetime import UTC, datetime

from shared.contracts import volunteering as v
from shared.contracts.event import Event
from shared.contracts.volunteering.activities import CallingOff, Theme

NOON = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)
A = "0195f00000000000000000000000ac71"
AN, BO, LIN, WANG = "an", "bo", "lin", "wang"
"""Two who take part, and two who organise."""


def called_off(because: CallingOff, by: str | None) -> v.ActivityCalledOff:
    return v.ActivityCalledOff(A, "area-1", NOON, because, (AN, BO), (LIN, WANG), by)


def given_up(because: str, late: bool = False) -> v.ActivityPlaceGivenUp:
    return v.ActivityPlaceGivenUp(A, "area-1", AN, "helper", because, late, NOON, (LIN,))


def done(present: int) -> v.ActivityDone:
    return v.ActivityDone(A, "area-1", Theme.ELDERS, NOON, NOON, present, (BO,), (LIN,), None)


LOST = (
    "struck",
    "suspended",
    "consent-withdrawn",
    "left-team",
    "guardian-must-consent",
    "not-for-minors",
    "too-late-for-minors",
    "too-young",
    "too-old",
    "training-missing",
)
OFF = "activity-called-off"

CASES: list[tuple[Event, dict[str, str]]] = [
    (v.ActivityOpened(A, "area-1", ("gl", "area-1"), Theme.ELDERS, NOON, NOON, 20), {}),
    (
        v.ActivityMoved(A, "area-1", NOON, NOON, NOON, (AN, BO)),
        {AN: "activity-moved", BO: "activity-moved"},
    ),
    (called_off(CallingOff.WEATHER, LIN), {AN: OFF, BO: OFF, WANG: OFF}),
    *(
        (called_off(because, None), {AN: OFF, BO: OFF, LIN: OFF, WANG: OFF})
        for because in CallingOff
    ),
    (v.ActivityNear(A, "area-1", NOON, (AN,)), {AN: "activity-near"}),
    (
        v.ActivityBegun(A, "area-1", NOON, NOON, 20, (BO,)),
        {BO: "activity-waited-in-vain"},
    ),
    (done(3), {LIN: "activity-hours-to-confirm", BO: "activity-missed"}),
    (done(0), {BO: "activity-missed"}),
    (
        v.ActivityOrganisersNamed(A, "area-1", NOON, (LIN, AN), (LIN, WANG)),
        {AN: "activity-organiser", WANG: "activity-organiser-no-more"},
    ),
    (v.VolunteerSignedUp(A, "area-1", AN, "helper", NOON, AN), {}),
    (v.VolunteerSignedUp(A, "area-1", AN, "helper", NOON, LIN), {AN: "activity-enlisted"}),
    (v.VolunteerPutOnWaitingList(A, "area-1", AN, "helper", 3), {}),
    (v.ActivityPlaceOffered(A, "area-1", AN, "helper", NOON), {AN: "activity-offer"}),
    (v.ActivityOfferEnded(A, "area-1", AN, "helper", "declined"), {}),
    *(
        (v.ActivityOfferEnded(A, "area-1", AN, "helper", because), {AN: "activity-offer-lapsed"})
        for because in ("lapsed", "begun")
    ),
    *(
        (v.ActivityOfferEnded(A, "area-1", AN, "helper", because), {AN: "activity-place-lost"})
        for because in LOST
    ),
    (given_up("withdrawn"), {}),
    (given_up("withdrawn", late=True), {LIN: "activity-late-withdrawal"}),
    *((given_up(because), {AN: "activity-place-lost"}) for because in LOST),
    (v.ActivityWaitingEnded(A, "area-1", AN, "helper", "withdrawn"), {}),
    (v.ActivityWaitingEnded(A, "area-1", AN, "helper", "stopped"), {}),
    *(
        (v.ActivityWaitingEnded(A, "area-1", AN, "helper", because), {AN: "activity-place-lost"})
        for because in LOST
    ),
    (v.ActivityHoursDue(A, "area-1", 3, (LIN,), NOON), {LIN: "activity-hours-due"}),
    (v.ActivityHoursUnsettled(A, "gl", 3, WANG, NOON), {WANG: "activity-hours-unsettled"}),
    (v.ActivityHoursUnsettled(A, "gl", 3, None, None), {}),
    (v.ActivityHoursDisputed(A, "gl", AN, WANG, 1), {WANG: "activity-hours-disputed"}),
    (
        v.ActivityDisputeDecided(A, "area-1", AN, 90, True, WANG),
        {AN: "activity-dispute-decided"},
    ),
]
