"""Who hears what of orders."""

from datetime import UTC, datetime

from shared.contracts import volunteering as v
from shared.contracts.event import Event
from shared.contracts.types import Level

NOON = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)
O, PATH, WHAT, AT = "0195f00000000000000000000000dada", ("gl", "area-1"), "repair", "area-1"
CHEN, GRID, LIN, WU, OFFICER = "chen", "grid", "lin", "wu", "officer"
"""Who ordered; who placed it for them; two volunteers; the office."""


def both(kind: str) -> dict[str, str]:
    return {CHEN: kind, GRID: kind}


def ended(because: str, by: str | None = None, volunteer: str | None = None) -> v.OrderEnded:
    return v.OrderEnded(O, WHAT, CHEN, GRID, volunteer, (), because, by)


def back(because: str) -> v.OrderGivenBack:
    return v.OrderGivenBack(O, WHAT, CHEN, GRID, LIN, because, late=False)


def catalogue() -> list[Event]:
    return [
        v.ServiceDefined("reading", 1, NOON, "读报", "Reading aloud", 60),
        v.ServiceRevised("reading", 2, NOON, minutes=45),
        v.ServiceRetired("reading", 3, NOON),
        v.ServiceChangeCalledOff("reading", 3),
    ]


def placed(resident: str | None, by: str) -> v.OrderPlaced:
    return v.OrderPlaced(O, WHAT, AT, PATH, resident, by, NOON, NOON)


def alarmed(because: str, called: str | None = OFFICER) -> v.OrderAlarmed:
    return v.OrderAlarmed(O, WHAT, because, AT, called, 2)


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
    (v.OrderTimesNamed(O, WHAT, AT, NOON, NOON, (LIN,)), {LIN: "order-times-changed"}),
    (v.TakersSought(O, 1, NOON), {}),
    (
        v.OrderOffered(O, WHAT, AT, (LIN, WU), NOON, NOON, None),
        {LIN: "order-offered", WU: "order-offered"},
    ),
    (v.OrderDeclined(O, LIN), {}),
    (v.OrderOffersLapsed(O, (LIN,)), {LIN: "order-offer-lapsed"}),
    (
        v.OrderClimbed(O, WHAT, CHEN, GRID, Level.COMMUNITY, AT, OFFICER, NOON),
        {OFFICER: "order-needs-a-taker", **both("order-climbed")},
    ),
    (
        v.OrderClimbed(O, WHAT, CHEN, CHEN, Level.COMMUNITY, AT, None, NOON),
        {CHEN: "order-climbed"},
    ),
    *((alarmed(because), {OFFICER: "order-alarm"}) for because in ALARMS),
    (alarmed("overdue", None), {}),
    (v.OrderEntrusted(O, WHAT, AT, "o-1", OFFICER, NOON), {"o-1": "order-entrusted"}),
    (v.OrderEntrustmentEnded(O, "o-1", "lapsed"), {"o-1": "order-entrustment-ended"}),
    (v.OrderEntrustmentEnded(O, "o-1", "returned"), {}),
    (
        v.OrderAccepted(O, WHAT, AT, CHEN, GRID, LIN, (WU,)),
        {**both("order-accepted"), WU: "order-taken"},
    ),
    (
        v.OrderTakenOver(O, WHAT, AT, CHEN, GRID, OFFICER, (WU,)),
        {**both("order-taken-over"), WU: "order-taken"},
    ),
    (v.OrderTimeProposed(O, WHAT, LIN, CHEN, NOON), {CHEN: "order-time-proposed"}),
    (
        v.OrderAgreed(O, WHAT, AT, CHEN, GRID, LIN, NOON, NOON),
        {**both("order-agreed"), LIN: "order-agreed"},
    ),
    (
        v.OrderNear(O, WHAT, CHEN, CHEN, LIN, NOON),
        {CHEN: "order-near", LIN: "order-near"},
    ),
    (back("ill"), both("order-given-back")),
    *(
        (back(because), {**both("order-given-back"), LIN: "order-not-yours"})
        for because in ("not-agreed", "absent", "suspended")
    ),
    (v.OrderBegun(O, WHAT, CHEN, LIN, LIN, NOON), {CHEN: "order-begun"}),
    (v.OrderBeginConfirmed(O, CHEN), {}),
    (v.OrderFinished(O, WHAT, CHEN, LIN, CHEN, NOON), {LIN: "order-finished"}),
    (v.OrderPresenceDisputed(O, CHEN), {}),
    (
        v.OrderDone(O, WHAT, AT, CHEN, GRID, LIN, 80, by_office=False),
        {**both("order-done"), LIN: "order-done"},
    ),
    (v.OrderRated(O, WHAT, CHEN, LIN, 5, ("kind",)), {LIN: "order-rated"}),
    (v.OrderRated(O, WHAT, LIN, None, 5, ()), {}),
    (
        v.OrderCancelled(O, WHAT, CHEN, GRID, LIN, (), CHEN, late=False),
        {GRID: "order-cancelled", LIN: "order-cancelled"},
    ),
    (
        v.OrderCancelled(O, WHAT, CHEN, CHEN, None, (LIN, WU), CHEN, late=False),
        {LIN: "order-cancelled", WU: "order-cancelled"},
    ),
    *((ended(because), both("order-ended")) for because in ENDS),
    (ended("nobody-home", by=LIN, volunteer=LIN), both("order-ended")),
    (ended("erased", volunteer=LIN), {LIN: "order-ended"}),
    (v.OrderForgotten(O), {}),
]
