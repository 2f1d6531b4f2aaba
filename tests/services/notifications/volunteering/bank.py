"""Who hears what of the points bank."""

from datetime import UTC, datetime

from shared.contracts import volunteering as v
from shared.contracts.event import Event
from shared.contracts.volunteering.bank import Released, Returned
from shared.contracts.volunteering.hours import Work

NOON = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)
LIN, TEAM = "person:lin", "team:t1"
T1, R = f"{LIN}.1", "0195f00000000000000000000000c0de"


def released(because: Released) -> v.PointsReleased:
    return v.PointsReleased(LIN, T1, R, 30, "lin", because, ())


CASES: list[tuple[Event, dict[str, str]]] = [
    (v.PointsEarned(LIN, "w1", Work.CARE, NOON, 60, 10, 10, NOON, ()), {}),
    (
        v.PointsReversed(LIN, "w1", Work.CARE, NOON, 60, 10, 10, 5, ()),
        {"lin": "points-reversed"},
    ),
    (v.PointsReversed(TEAM, "w1", Work.CARE, NOON, 60, 10, 10, 5, ()), {}),
    (v.PointsClaimed(LIN, 5, ()), {}),
    (v.PointsExpiring(LIN, 5, NOON), {"lin": "points-expiring"}),
    (v.PointsExpired(LIN, 5, ()), {}),
    (v.PointsSent(LIN, T1, "person:wang", 5, (), NOON, ()), {}),
    (
        v.PointsReceived("person:wang", T1, LIN, 5, (), NOON, ()),
        {"wang": "points-received"},
    ),
    (v.PointsReturned("person:wang", T1, LIN, 5, (), Returned.DECLINED, ()), {}),
    *(
        (v.PointsTakenBack(LIN, T1, 5, (), because, ()), {"lin": "points-taken-back"})
        for because in Returned
    ),
    (v.PointsHeld(LIN, T1, R, 30, "lin", NOON, ()), {}),
    (v.RewardReserved(R, T1, TEAM, "lin", "o-shop", NOON), {"lin": "reward-ready"}),
    (v.RewardRefused(R, T1, LIN, Released.SOLD_OUT), {}),
    (v.RewardHandedOver(R, T1, LIN, "o-shop"), {}),
    (v.RewardFreed(R, T1, LIN, Released.LAPSED), {}),
    (v.PointsSpent(LIN, T1, R, "o-shop", 30, "lin", ()), {"lin": "reward-fetched"}),
    *(
        (released(because), {"lin": "points-released"})
        for because in Released
        if because is not Released.CANCELLED
    ),
    (released(Released.CANCELLED), {}),
    (v.PointsRedeemed(LIN, T1, "o-shop", 30, NOON, ()), {"lin": "points-redeemed"}),
    (v.PointsRefunded(LIN, T1, "o-shop", 30, ()), {"lin": "points-refunded"}),
    (v.RewardPutUp(R, "o-shop", "area-1", 30, 5), {}),
    (v.RewardChanged(R, 40), {}),
    (v.RewardRestocked(R, 5), {}),
    (v.RewardTakenDown(R), {}),
    (v.ShopAdmitted("o-shop", "area-1"), {"o-shop": "shop-admitted"}),
    (v.ShopClosed("o-shop"), {"o-shop": "shop-closed"}),
    (v.PointRulesRevised("city", 1, NOON, (), 1, 1, 1, 12, 0, 1, 1, 1), {}),
    (v.PointRulesRevisionCalledOff("city", 1), {}),
]
