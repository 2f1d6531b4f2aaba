"""Who hears what of orders."""

from datetime import UTC, datetime

from shared.contracts import volunteering as v
from shared.contracts.event import Event
from shared.contracts.types import Level

NOON = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)
ORDER, PATH, WHAT, AT = "0195f00000000000000000000000dada", ("gl", "area-1"), "repair", "area-1"
CHEN, GRID, LIN, WU, OFFICER = "chen", "grid", "lin", "wu", "officer"
"""Who ordered; who placed it for them; two volunteers; the office."""


def both(kind: str) -> dict[str, str]:
    return {CHEN: kind, GRID: kind}


def ended(because: str, by: str | None = None, volunteer: str | None = None) -> v.OrderEnded:
    return v.OrderEnded(ORDER, WHAT, CHEN, GRID, volunteer, (), because, by)


def back(because: str) -> v.OrderGivenBack:
    return v.OrderGivenBack(ORDER, WHAT, CHEN, GRID, LIN, because, late=False)


def catalogue() -> list[Event]:
    return [
        v.ServiceDefined("reading", 1, NOON, "读报", "Reading aloud", 60),
        v.ServiceRevised("reading", 2, NOON, minutes=45),
        v.ServiceRetired("reading", 3, NOON),
        v.ServiceChangeCalledOff("reading", 3),
    ]


def placed(resident: str | None, by: str) -> v.OrderPlaced:
    return v.OrderPlaced(ORDER, WHAT, AT, PATH, resident, by, NOON, NOON)


def alarmed(because: str, called: str | None = OFFICER) -> v.OrderAlarmed:
    return v.OrderAlarmed(ORDER, WHAT, because, AT, called, 2)


ALARMS = ("overdue", "untaken", "not-begun", "unconfirmed", "disputed", "rated-low")
ENDS = (
    "no-taker",
    "not-agreed",
    "never-begun",
    "nobody-home",
    "not-offered-here",
    "unsafe",
    "no-means",
    "helped-otherwise",
    "against-the-rules",
)

CASES: list[tuple[Event, dict[str, str]]] = [
    *((event, {}) for event in catalogue()),
    (placed(CHEN, CHEN), {}),
    (placed(None, GRID), {}),
    (placed(CHEN, GRID), {CHEN: "order-placed-for-you"}),
    (v.OrderTimesNamed(ORDER, WHAT, AT, NOON, NOON, (LIN,)), {LIN: "order-times-changed"}),
    (v.TakersSought(ORDER, 1, NOON), {}),
    (
        v.OrderOffered(ORDER, WHAT, AT, (LIN, WU), NOON, NOON, None),
        {LIN: "order-offered", WU: "order-offered"},
    ),
    (v.OrderDeclined(ORDER, LIN), {}),
    (v.OrderOffersLapsed(ORDER, (LIN,)), {LIN: "order-offer-lapsed"}),
    (
        v.OrderClimbed(ORDER, WHAT, CHEN, GRID, Level.COMMUNITY, AT, OFFICER, NOON),
        {OFFICER: "order-needs-a-taker", **both("order-climbed")},
    ),
    (
        v.OrderClimbed(ORDER, WHAT, CHEN, CHEN, Level.COMMUNITY, AT, None, NOON),
        {CHEN: "order-climbed"},
    ),
    *((alarmed(because), {OFFICER: "order-alarm"}) for because in ALARMS),
    (alarmed("overdue", None), {}),
    (v.OrderEntrusted(ORDER, WHAT, AT, "o-1", OFFICER, NOON), {"o-1": "order-entrusted"}),
    (v.OrderEntrustmentEnded(ORDER, "o-1", "lapsed"), {"o-1": "order-entrustment-ended"}),
    (v.OrderEntrustmentEnded(ORDER, "o-1", "returned"), {}),
    (
        v.OrderAccepted(ORDER, WHAT, AT, CHEN, GRID, LIN, (WU,)),
        {**both("order-accepted"), WU: "order-taken"},
    ),
    (
        v.OrderTakenOver(ORDER, WHAT, AT, CHEN, GRID, OFFICER, (WU,)),
        {**both("order-taken-over"), WU: "order-taken"},
    ),
    (v.OrderTimeProposed(ORDER, WHAT, LIN, CHEN, NOON), {CHEN: "order-time-proposed"}),
    (
        v.OrderAgreed(ORDER, WHAT, AT, CHEN, GRID, LIN, NOON, NOON),
        {**both("order-agreed"), LIN: "order-agreed"},
    ),
    (
        v.OrderNear(ORDER, WHAT, CHEN, CHEN, LIN, NOON),
        {CHEN: "order-near", LIN: "order-near"},
    ),
    (back("ill"), both("order-given-back")),
    *(
        (back(because), {**both("order-given-back"), LIN: "order-not-yours"})
        for because in ("not-agreed", "absent", "suspended", "unfit")
    ),
    (v.OrderBegun(ORDER, WHAT, CHEN, LIN, LIN, NOON), {CHEN: "order-begun"}),
    (v.OrderBeginConfirmed(ORDER, CHEN), {}),
    (v.OrderFinished(ORDER, WHAT, CHEN, LIN, CHEN, NOON), {LIN: "order-finished"}),
    (v.OrderPresenceDisputed(ORDER, CHEN), {}),
    (
        v.OrderDone(ORDER, WHAT, AT, CHEN, GRID, LIN, 80, by_office=False),
        {**both("order-done"), LIN: "order-done"},
    ),
    (v.OrderRated(ORDER, WHAT, CHEN, LIN, 5, ("kind",)), {LIN: "order-rated"}),
    (v.OrderRated(ORDER, WHAT, LIN, None, 5, ()), {}),
    (
        v.OrderCancelled(ORDER, WHAT, CHEN, GRID, LIN, (), CHEN, late=False),
        {GRID: "order-cancelled", LIN: "order-cancelled"},
    ),
    (
        v.OrderCancelled(ORDER, WHAT, CHEN, CHEN, None, (LIN, WU), CHEN, late=False),
        {LIN: "order-cancelled", WU: "order-cancelled"},
    ),
    *((ended(because), both("order-ended")) for because in ENDS),
    (ended("nobody-home", by=LIN, volunteer=LIN), both("order-ended")),
    (ended("erased", volunteer=LIN), {LIN: "order-ended"}),
    (v.OrderForgotten(ORDER), {}),
]
